"""The errors in which this gateway speaks: one class for each action code, finer where it helps.

::

    UnifiedError (a kessai.GatewayError)
    ├── ConfirmRequestError           confirm_request: the request is wrong
    │   ├── MalformedRequestError         UA-REQ-001
    │   ├── ParameterRefusedError         UA-REQ-002
    │   ├── DuplicateTransactionError     UA-REQ-003
    │   ├── TransactionNotFoundError      UA-REQ-900
    │   └── AmountRefusedError            UA-PRV-004
    ├── ConfirmMerchantInfoError      confirm_merchant_info: the registration is wrong
    │   ├── NotPermittedError             UA-REQ-004
    │   ├── ProviderContractError         UA-PRV-003
    │   └── AddressRefusedError           UA-LMT-002
    ├── ConfirmTokenError             confirm_token: UA-REQ-008
    ├── ConfirmPaymentError           confirm_payment
    ├── ConfirmPaymentStatusError     confirm_payment_status: the order's state does not allow it
    │   ├── StatusRefusedError            UA-REQ-007
    │   └── ProviderStatusError           UA-PRV-002
    ├── AlternatePaymentError         alternate_payment: pay in another way
    │   └── DeadlinePassedError           UA-REQ-006
    ├── RetryRequestError             retry_request: a while later
    │   ├── InProgressError               UA-REQ-005
    │   ├── TooManyConnectionsError       UA-LMT-001
    │   ├── ProviderRefusedError          UA-PRV-001
    │   └── CommunicationError            UA-SYS-003, UA-SYS-004
    ├── RetryPaymentError             retry_payment: from the beginning
    │   ├── ConsumerCancelledError        UA-CST-002
    │   └── ConsumerNotVerifiedError      UA-CST-003
    ├── ConfirmConsumerError          confirm_consumer: UA-CST-001
    ├── ProviderMaintenanceError      maintenance: UA-PRV-999
    ├── PendingError                  confirm_pending_status: UA-PND-001
    └── InquirySupportError           inquiry_support: UA-SYS-001, UA-SYS-002

Each is also one of kessai's own classes: ``except DeclinedError`` finds what wallet or consumer
declined, ``except BadGatewayError`` every 502.
"""

from __future__ import annotations

from kessai import errors as e


class UnifiedError(e.GatewayError):
    """The gateway answered with a result code and said no.

    ``title`` is the result code, ``detail`` its message in English.
    ``action_code``: what the merchant had best do; ``v_result_code``: the payment server's code;
    ``payment_id``, ``fep_order_id``, ``fep_reference_id``: the numbers that came with it, or None.
    """

    action_code: str | None = None
    v_result_code: str | None = None
    payment_id: str | None = None
    fep_order_id: str | None = None
    fep_reference_id: str | None = None

    def __init__(self, result_code: str = "", *, status: int = 0) -> None:
        super().__init__(status=status, title=result_code)

    @property
    def result_code(self) -> str:
        """The gateway's code of the result, ``UA-XXX-NNN``."""
        return self.title or ""


class ConfirmRequestError(UnifiedError):
    """The request is wrong; ``detail`` says where."""


class MalformedRequestError(ConfirmRequestError, e.InvalidRequestError):
    """The gateway cannot read the message."""


class ParameterRefusedError(ConfirmRequestError, e.InvalidParameterError):
    """A parameter has a value that the gateway refuses."""


class DuplicateTransactionError(ConfirmRequestError, e.ConflictError):
    """The transaction is there already."""


class TransactionNotFoundError(ConfirmRequestError, e.NotFoundError):
    """There is no such merchant or transaction."""


class AmountRefusedError(ConfirmRequestError, e.DeclinedError, e.BadGatewayError):
    """The wallet's company refused the amount."""


class ConfirmMerchantInfoError(UnifiedError):
    """The merchant's registration or contract does not allow it."""


class NotPermittedError(ConfirmMerchantInfoError, e.AuthenticationError):
    """The merchant may not use this command."""


class ProviderContractError(ConfirmMerchantInfoError, e.InvalidContractError, e.BadGatewayError):
    """The merchant's registration at the wallet's company does not allow it."""


class AddressRefusedError(ConfirmMerchantInfoError, e.AuthenticationError):
    """The request came from an address that is not registered."""


class ConfirmTokenError(UnifiedError, e.AuthenticationError):
    """The credentials were refused: a token past its time, a wrong digest."""


class ConfirmPaymentError(UnifiedError):
    """Perhaps paid twice, or in a wrong state: look the order up in MAP."""


class ConfirmPaymentStatusError(UnifiedError, e.InvalidStateError):
    """The state of the order does not allow this command."""


class StatusRefusedError(ConfirmPaymentStatusError):
    """The gateway's state of the order does not allow it."""


class ProviderStatusError(ConfirmPaymentStatusError, e.BadGatewayError):
    """The state of the order at the wallet's company does not allow it."""


class AlternatePaymentError(UnifiedError):
    """Check the order, then send again or pay in another way."""


class DeadlinePassedError(AlternatePaymentError, e.TransactionExpiredError):
    """It is too late for this order: to capture, to cancel."""


class RetryRequestError(UnifiedError):
    """May work a while later. If it never does, technical support has to be called."""


class InProgressError(RetryRequestError, e.ConflictError):
    """The gateway is working on this payment."""


class TooManyConnectionsError(RetryRequestError, e.TooManyRequestsError):
    """Too many connections at once."""


class ProviderRefusedError(RetryRequestError, e.ProcessingFailureError, e.BadGatewayError):
    """The wallet's company reported an error; nothing was paid."""


class CommunicationError(RetryRequestError, e.ServerError):
    """Something between the gateway's parts, or behind it, did not answer."""


class RetryPaymentError(UnifiedError, e.DeclinedError):
    """Not paid; it can be begun again, under the same paymentId."""


class ConsumerCancelledError(RetryPaymentError, e.OperationAbortedByUserError, e.BadGatewayError):
    """The consumer broke it off."""


class ConsumerNotVerifiedError(RetryPaymentError, e.BadGatewayError):
    """The consumer could not prove who they are."""


class ConfirmConsumerError(UnifiedError, e.DeclinedError, e.BadGatewayError):
    """The consumer has to sort it out with the wallet."""


class ProviderMaintenanceError(UnifiedError, e.MaintenanceError):
    """Announced maintenance, of the gateway or of a wallet's company."""


class PendingError(UnifiedError, e.ServerError):
    """Whether it was done is not known yet. Ask later; never send it again."""


class InquirySupportError(UnifiedError, e.ServerError):
    """Technical support has to be called."""
