"""The errors in which this gateway speaks.

::

    MdkError (a kessai.GatewayError)      mstatus failure, or an error of the token server
    ├── CardRefusedError (CardDeclinedError)             AGxx: the card company refused the card
    ├── AuthenticationFailedError (DeclinedError)        GExx: 3-D Secure failed
    ├── CustomerCancelledError (OperationAbortedByUserError)   WGU1
    ├── ProviderFailureError (ProcessingFailureError)    WGU3
    ├── OrderStateError (InvalidStateError)              NH02: the order's state does not allow it
    ├── TokenRefusedError (InvalidParameterError)        OC09: missing, used, older than 15 minutes
    └── TokenServerError (InvalidParameterError)         the token server made no token

Any other failure is an ``MdkError`` and nothing finer: the provider's list of codes was not
readable, and a wrong class would be worse than none. Each is also one of kessai's own classes, so
``except DeclinedError`` finds what the card company or the customer declined.
"""

from __future__ import annotations

from kessai import errors as e

from .codes import ResultCode

__all__ = [
    "AuthenticationFailedError",
    "CardRefusedError",
    "CustomerCancelledError",
    "MdkError",
    "OrderStateError",
    "ProviderFailureError",
    "TokenRefusedError",
    "TokenServerError",
]


class MdkError(e.GatewayError):
    """The gateway answered with mstatus ``failure``: it was not done.

    ``result_code``: the vResultCode with its blocks, or None; ``merr_msg``: the gateway's message,
    at times in Japanese; ``mstatus``, ``service_type``, ``order_id``, ``cust_txn``: as answered, or
    None; ``value``: the whole answer. The text of the error has the code and not the message.
    """

    result_code: ResultCode | None = None
    mstatus: str | None = None
    service_type: str | None = None
    order_id: str | None = None
    cust_txn: str | None = None

    def __init__(self, code: str = "", *, status: int = 0) -> None:
        super().__init__(status=status, title=code)
        self.result_code = ResultCode(code) if code else None

    @property
    def merr_msg(self) -> str | None:
        """The gateway's message."""
        return self.detail


class CardRefusedError(MdkError, e.CardDeclinedError):
    """The card company refused the card; which reason is behind a code is not published."""


class AuthenticationFailedError(MdkError, e.DeclinedError):
    """3-D Secure failed, or cannot be done with this card."""


class CustomerCancelledError(MdkError, e.OperationAbortedByUserError):
    """The customer broke it off."""


class ProviderFailureError(MdkError, e.ProcessingFailureError):
    """The company behind the gateway reported an error."""


class OrderStateError(MdkError, e.InvalidStateError):
    """The state of the order does not allow this command, as a capture after a cancellation."""


class TokenRefusedError(MdkError, e.InvalidParameterError):
    """The card's token is missing, was used before, or is older than 15 minutes: make a new one."""


class TokenServerError(MdkError, e.InvalidParameterError):
    """The token server made no token; ``title`` is its code (``invalid_card_number``)."""
