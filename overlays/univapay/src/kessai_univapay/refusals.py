"""The errors of UnivaPay: by the code of an error answer, and by the code of a payment error.

::

    kessai.errors.GatewayError
    ├── UnivapayError                     an error answer with a code (.code, .errors)
    │   ├── CredentialsRefusedError       401, 403              (AuthenticationError)
    │   ├── RequestRefusedError           400                   (InvalidRequestError)
    │   │   ├── InvalidFieldsError        VALIDATION_ERROR      (InvalidParameterError)
    │   │   ├── StateRefusedError         not in this state     (InvalidStateError)
    │   │   ├── ChargeTooQuickError       same card and amount within 30 seconds
    │   │   ├── TokenUsedError            a one-time token's second use
    │   │   ├── TokenExpiredError         a one-time token after 5 minutes (TransactionExpiredError)
    │   │   └── NotContractedError        switched off for this store (InvalidContractError)
    │   ├── CardRefusedError              locked, wrong brand or country (CardDeclinedError)
    │   ├── NoSuchResourceError           404                   (NotFoundError)
    │   ├── TakenError                    409                   (ConflictError)
    │   ├── ProcessedAgainError           a repeat that the key did not stop (ConflictError)
    │   ├── TooFastError                  429                   (TooManyRequestsError)
    │   └── GatewayFaultError             500 and above         (ServerError)
    │       └── UnavailableError          503                   (MaintenanceError)
    └── PaymentError                      status failed or error in an answer 2xx (.code, .value)
        ├── PaymentDeclinedError          declined              (DeclinedError)
        ├── PaymentCardError              because of the card   (CardDeclinedError)
        ├── PaymentInsufficientError      insufficient funds    (InsufficientBalanceError)
        ├── PaymentLimitError             too much or too often (AmountLimitExceededError)
        ├── PaymentExpiredError           the deadline passed   (TransactionExpiredError)
        ├── PaymentRefusedError           it cannot be done     (InvalidStateError)
        └── PaymentFailedError            any other code        (ProcessingFailureError)

``StillWaitingError`` (KessaiError) is raised by ``wait`` when its time is over: nothing failed.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from kessai import errors as e

__all__ = [
    "CardRefusedError",
    "ChargeTooQuickError",
    "CredentialsRefusedError",
    "FieldError",
    "GatewayFaultError",
    "InvalidFieldsError",
    "NoSuchResourceError",
    "NotContractedError",
    "PaymentCardError",
    "PaymentDeclinedError",
    "PaymentError",
    "PaymentExpiredError",
    "PaymentFailedError",
    "PaymentInsufficientError",
    "PaymentLimitError",
    "PaymentRefusedError",
    "ProcessedAgainError",
    "RequestRefusedError",
    "StateRefusedError",
    "StillWaitingError",
    "TakenError",
    "TokenExpiredError",
    "TokenUsedError",
    "TooFastError",
    "UnavailableError",
    "UnivapayError",
]


class FieldError(NamedTuple):
    """One entry of an error answer: ``field`` in snake_case, or None, and ``reason``."""

    field: str | None
    reason: str


class UnivapayError(e.GatewayError):
    """The gateway answered with an error code.

    ``code`` is it (also ``title``), ``errors`` what it says about single fields.
    """

    def __init__(self, code: str | None = None, **known: Any) -> None:
        self.code: str | None = code
        self.errors: tuple[FieldError, ...] = ()
        super().__init__(title=code, **known)


class CredentialsRefusedError(UnivapayError, e.AuthenticationError):
    """App token, secret or permissions were refused (401, 403)."""


class RequestRefusedError(UnivapayError, e.InvalidRequestError):
    """The request as it stands was refused (400)."""


class InvalidFieldsError(RequestRefusedError, e.InvalidParameterError):
    """VALIDATION_ERROR: ``errors`` names the fields and the reasons."""


class StateRefusedError(RequestRefusedError, e.InvalidStateError):
    """The charge, token or subscription is in a state in which this cannot be done."""


class ChargeTooQuickError(StateRefusedError):
    """CHARGE_TOO_QUICK: the same card or token and amount within 30 seconds."""


class TokenUsedError(StateRefusedError):
    """TRANSACTION_ALREADY_PROCESSED: a one-time token is good for one charge."""


class TokenExpiredError(RequestRefusedError, e.TransactionExpiredError):
    """TRANSACTION_TOKEN_EXPIRED: a one-time token is good for 5 minutes."""


class NotContractedError(RequestRefusedError, e.InvalidContractError):
    """The store or its contract does not have this means of payment or feature."""


class CardRefusedError(UnivapayError, e.CardDeclinedError):
    """The card is locked, or of a brand or country that is not taken."""


class NoSuchResourceError(UnivapayError, e.NotFoundError):
    """There is no such resource, or it belongs to another store (404)."""


class TakenError(UnivapayError, e.ConflictError):
    """Something of this name is there already (409): a webhook's URL, an active token."""


class ProcessedAgainError(UnivapayError, e.ConflictError):
    """The gateway processed a repeat although it carried the first one's key: there may be two."""


class TooFastError(UnivapayError, e.TooManyRequestsError):
    """Too many requests (429); the rate-limit headers say how many are left."""


class GatewayFaultError(UnivapayError, e.ServerError):
    """The gateway failed (500 and above)."""


class UnavailableError(GatewayFaultError, e.MaintenanceError):
    """SERVICE_UNAVAILABLE_TRY_AGAIN: it does not serve just now (503)."""


class PaymentError(e.GatewayError):
    """A charge, refund or cancel failed: the answer came with 2xx and status failed or error.

    ``code`` is the payment error's number (301 ...), ``value`` the charge, refund or cancel itself.
    ``detail`` is the gateway's message.
    """

    def __init__(self, code: int | None = None, **known: Any) -> None:
        self.code: int | None = code
        super().__init__(title=None if code is None else str(code), **known)


class PaymentDeclinedError(PaymentError, e.DeclinedError):
    """Declined by the card's issuer or the company behind the means of payment."""


class PaymentCardError(PaymentDeclinedError, e.CardDeclinedError):
    """Declined because of the card: its number, expiry or security code, blocked, not usable."""


class PaymentInsufficientError(PaymentError, e.InsufficientBalanceError):
    """Insufficient funds (330)."""


class PaymentLimitError(PaymentError, e.AmountLimitExceededError):
    """Above a limit: too often in a short time (311), or more than is allowed (336, 337)."""


class PaymentExpiredError(PaymentError, e.TransactionExpiredError):
    """The time ran out: to pay, to capture, or of a code (313, 323, 327, 346)."""


class PaymentRefusedError(PaymentError, e.InvalidStateError):
    """What was asked cannot be done with this payment: cancelled, used or in use already, ..."""


class PaymentFailedError(PaymentError, e.ProcessingFailureError):
    """Any other payment error, and a failure without one."""


class StillWaitingError(e.KessaiError):
    """``wait`` ran out of time; nothing failed, and the payment goes on.

    ``value`` is the charge, refund or cancel as it was last seen, None if no answer came.
    """

    def __init__(self, value: Any, seconds: float, until: frozenset[str]) -> None:
        self.value: Any = value
        state = "no answer" if value is None else str(value.status)
        goal = " or ".join(sorted(until)) or "a final state"
        super().__init__(f"{state} after {seconds:g} seconds of waiting for {goal}; wait again")
