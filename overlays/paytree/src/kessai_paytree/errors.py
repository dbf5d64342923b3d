"""Errors of the till: kind, code, sub code, message, and who has to be called.

::

    PaytreeError                      .kind .code .sub_code .message .escalation .safe_to_pay_again
    ├── RefusedError                  9: PAYTREE said no: not carried out (a GatewayError)
    │   └── one class for each code; see ``REFUSALS``
    ├── NeverSentError                2: nothing left this machine (a NotSentError)
    ├── ReversedError                 2: no end was reached, and it has been reversed
    ├── StillWaitingError             9: the customer has not approved yet; the payment goes on
    ├── NotConfirmedError             2: a confirm got no answer; the payment goes on
    ├── UnsettledError                6: nobody knows what became of it (an OutcomeUnknown)
    │   ├── ReversalFailedError       ... and reversing it failed: a person has to call, now
    │   └── RefundOpenError           ... a refund, which must not simply be run again
    └── LibraryError                  5: the program asked for what cannot be; nothing was sent
        ├── RequestInProgressError    another request, or its sequence, is not at its end
        ├── NotWaitingError           there is no payment that waits for the customer
        ├── OpenPaymentError          this code has been charged by a payment that is still open
        └── ClosedError               the client is closed; a closed one is not opened again

Settings that cannot work raise kessai's ConfigurationError, requests that break limits its
ValidationError. No message, repr or attribute holds a customer's code or a key.

Source: WbPay library specification 1.0, sections 3.1 (WbCPSResponseError, WbPayException) and 3.2
(WbCPSAction). The codes, and which escalation belongs to which, are assumed: its chapter 9 is
missing.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING, Any

from kessai import errors as e

if TYPE_CHECKING:
    from kessai.errors import OutcomeUnknown

__all__ = [
    "ClosedError",
    "Escalation",
    "Kind",
    "LibraryError",
    "NeverSentError",
    "NotConfirmedError",
    "NotWaitingError",
    "OpenPaymentError",
    "PaytreeError",
    "RefundOpenError",
    "RefusedError",
    "RequestInProgressError",
    "ReversalFailedError",
    "ReversedError",
    "StillWaitingError",
    "UnsettledError",
]


class Kind(IntEnum):
    """The manual's kinds of errors (``Type``)."""

    NETWORK = 2
    LIBRARY = 5
    POST_PROCESS = 6
    PAYTREE = 9


class Escalation(StrEnum):
    """Whom the manual wants called (``WbCPSAction``)."""

    VENDOR_CALL = "VendorCall"
    CPS_CALL = "CPSCall"
    CUSTOMER = "Customer"


class PaytreeError(e.KessaiError):
    """The root of what goes wrong at the till.

    - ``kind``: the manual's (2, 5, 6, 9); ``code``, ``sub_code`` (the wallet's own), ``message``
    - ``escalation``: whom to call: the application's vendor, PAYTREE's call centre (CPS), or the
      customer calls the wallet; None where nobody has to be called
    - ``request_id``: the number this client gave the request; ``order_id``: PAYTREE's, if known
    - ``safe_to_pay_again``: True only where a reversal succeeded, or provably nothing was sent.
      False says nothing about a definite refusal: there the reason has to be mended first
    """

    kind: Kind = Kind.PAYTREE
    code: str = ""
    sub_code: str | None = None
    message: str = ""
    escalation: Escalation | None = None
    request_id: str | None = None
    order_id: str | None = None
    safe_to_pay_again: bool = False

    def about(self, **members: Any) -> PaytreeError:
        """Set what is known; returns the error itself."""
        for name, value in members.items():
            setattr(self, name, value)
        return self

    def __str__(self) -> str:
        """Say the code, what it means, the numbers to name on the telephone, and whom to call."""
        said = [f"{self.code}: {self.message}" if self.code else self.message]
        if self.order_id:
            said.append(f"order {self.order_id}")
        if self.request_id:
            said.append(f"request {self.request_id}")
        if self.escalation is not None:
            said.append(_CALLS[self.escalation])
        return "; ".join(part for part in said if part)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


_CALLS = {
    Escalation.VENDOR_CALL: "call the application's vendor",
    Escalation.CPS_CALL: "call the CPS call centre",
    Escalation.CUSTOMER: "the customer has to ask the wallet's customer service",
}


class RefusedError(PaytreeError, e.GatewayError):
    """PAYTREE answered, signed, that it was not carried out. ``code`` says why."""


class UserCodeError(RefusedError, e.DeclinedError):
    """The customer's code is no code, is used up or has expired: have it shown anew."""


class BalanceError(RefusedError, e.InsufficientBalanceError):
    """The customer's balance does not reach."""


class ServiceStoppedError(RefusedError, e.MaintenanceError):
    """The service is stopped."""


class CustomerStoppedError(RefusedError, e.OperationAbortedByUserError):
    """The customer has stopped the payment."""


class ApprovalTimeoutError(RefusedError, e.DeclinedError):
    """The customer did not approve in time, as PAYTREE saw it."""


class PayTypeUnavailableError(RefusedError, e.InvalidContractError):
    """The wallet is unknown, or there is no contract for it."""


class ProcessorError(RefusedError, e.ProcessingFailureError):
    """The wallet refused; ``sub_code`` is its own code."""


class OrderNotFoundError(RefusedError, e.NotFoundError):
    """PAYTREE knows of no such order."""


class OrderStateError(RefusedError, e.InvalidStateError):
    """The order is in a state that does not allow it."""


class AmountExceededError(RefusedError, e.AmountLimitExceededError):
    """More than is left of the payment."""


class RequestInvalidError(RefusedError, e.InvalidRequestError):
    """PAYTREE misses a member, or does not take its value."""


class SignatureRefusedError(RefusedError, e.AuthenticationError):
    """The signature does not fit the key that PAYTREE has; the keys do not belong together."""


class PaytreeFaultError(RefusedError, e.ServerError):
    """PAYTREE failed by its own account, or said what no document names: nothing is proven."""


class NeverSentError(PaytreeError, e.NotSentError):
    """Nothing has left this machine. The same may be done again."""

    kind = Kind.NETWORK


class ReversedError(PaytreeError):
    """No end was reached, so it was reversed, and PAYTREE has said so: it is not paid.

    ``code`` says why there was no end: ``NO_ANSWER``, ``APPROVAL_TIMEOUT``, ``STOPPED``.
    """

    kind = Kind.NETWORK


class StillWaitingError(PaytreeError):
    """The cashier asked, and the customer has not approved yet. Nothing is wrong."""


class NotConfirmedError(PaytreeError):
    """A confirm got no answer that can be believed. The payment goes on waiting."""

    kind = Kind.NETWORK


class UnsettledError(PaytreeError, e.OutcomeUnknown):
    """Nobody knows what became of a request. Do not repeat it: it may have been carried out.

    It is one of kessai's OutcomeUnknown, holds no body, can be pickled or kept as a record, and can
    be given to ``client.resolve(...)``, which asks, or ``client.recover(...)``, which asks and
    reverses. ``tried`` says what was tried, in order.
    """

    kind = Kind.POST_PROCESS
    escalation: Escalation | None = Escalation.CPS_CALL
    tried: tuple[str, ...] = ()

    @classmethod
    def of(cls, unknown: OutcomeUnknown, **members: Any) -> UnsettledError:
        """The same unknown outcome, with what is known of it at the till."""
        error = cls(
            operation=unknown.operation,
            scope=unknown.scope,
            idempotency_key=unknown.idempotency_key,
            reference=unknown.reference,
            expected=unknown.expected,
            attempts=unknown.attempts,
            first_sent_at=unknown.first_sent_at,
            digest=unknown.digest,
            intent=unknown.intent,
            repeat=unknown.repeat,
            last_error=unknown.last_error,
            reason=unknown.reason,
        )
        error.about(**members)
        return error


class ReversalFailedError(UnsettledError):
    """A payment, deposit or order may stand, and could not be reversed. Somebody has to call now.

    The goods must not leave as unpaid, and the customer must not pay again, before the call centre
    has said how it stands.
    """


class RefundOpenError(UnsettledError):
    """A refund may have been given. Running it again may give it twice: ask, or look at the
    management screen first."""


class LibraryError(PaytreeError):
    """The program asked for what cannot be. Nothing was sent."""

    kind = Kind.LIBRARY


class RequestInProgressError(LibraryError):
    """Requests cannot overlap, nor be made while a sequence is under way."""


class NotWaitingError(LibraryError):
    """No payment waits for the customer's approval."""


class OpenPaymentError(LibraryError):
    """A payment on the same code is open. It must be settled first."""

    escalation: Escalation | None = Escalation.CPS_CALL


class ClosedError(LibraryError, e.ConfigurationError):
    """The client is closed. A closed one is not opened again; make another."""
