"""The errors in which a gateway speaks, or a notice is refused; import from ``kessai.errors``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.failures import KessaiError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kessai.operation import Attempt


class GatewayError(KessaiError):
    """The gateway answered and said no.

    ``title`` is its error code, ``detail``, ``type`` and ``instance`` the rest of its problem
    document (RFC 9457) where it sends one. ``detail`` is not part of the message: nothing says
    what a gateway may quote in it. ``value`` is the decoded answer where one of status 2xx said no,
    else None.
    """

    def __init__(
        self,
        message: str = "",
        *,
        operation: str = "",
        status: int = 0,
        headers: Mapping[str, str] | None = None,
        request_id: str | None = None,
        attempts: Sequence[Attempt] = (),
        title: str | None = None,
        detail: str | None = None,
        type: str | None = None,
        instance: str | None = None,
    ) -> None:
        self.operation: str = operation
        self.status: int = status
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.request_id: str | None = request_id
        self.attempts: tuple[Attempt, ...] = tuple(attempts)
        self.title: str | None = title
        self.detail: str | None = detail
        self.type: str | None = type
        self.instance: str | None = instance
        self.value: Any = None
        super().__init__(message)

    def __str__(self) -> str:
        """Name the operation, the status and the gateway's error code."""
        said = self.args[0] or self.title or "" if self.args else self.title or ""
        return ": ".join(part for part in (self.operation, f"{self.status} {said}".strip()) if part)

    def __repr__(self) -> str:
        """Show the class and what ``str`` shows."""
        return f"{type(self).__name__}({str(self)!r})"


class AuthenticationError(GatewayError):
    """401: the credentials or the calling address were refused."""


class InvalidRequestError(GatewayError):
    """400: the gateway refused the request as it stands."""


class InvalidContractError(InvalidRequestError):
    """The shop's contract or settings do not allow this."""


class InvalidHeaderError(InvalidRequestError):
    """A header has a value the gateway refuses."""


class InvalidParameterError(InvalidRequestError):
    """A parameter has a form or length the gateway refuses."""


class InvalidStateError(InvalidRequestError):
    """The order is in a state in which this cannot be done."""


class MissingParameterError(InvalidRequestError):
    """A required parameter is absent."""


class TransactionCountExceededError(InvalidRequestError):
    """One order has been processed too often (refunds, for one)."""


class TransactionExpiredError(InvalidRequestError):
    """It is too late for this order, as with a capture after the hold has lapsed."""


class DeclinedError(GatewayError):
    """402: the payment was declined."""


class CardDeclinedError(DeclinedError):
    """Declined because of the card."""


class InsufficientBalanceError(DeclinedError):
    """Declined for want of balance."""


class AmountLimitExceededError(DeclinedError):
    """Declined because the amount is above a limit."""


class OperationAbortedByUserError(DeclinedError):
    """The customer broke off the payment."""


class ProcessingFailureError(DeclinedError):
    """The company behind the gateway reported an error."""


class NotFoundError(GatewayError):
    """404: there is no such endpoint or object."""


class MethodNotAllowedError(GatewayError):
    """405: the endpoint does not take this method."""


class UnsupportedMediaTypeError(GatewayError):
    """415: the endpoint does not take this content type."""


class ConflictError(GatewayError):
    """409: the gateway is working on the same request, or its key is in use."""


class TooManyRequestsError(GatewayError):
    """429: too many calls in flight."""


class ServerError(GatewayError):
    """500 and above: something went wrong on the gateway's side."""


class BadGatewayError(ServerError):
    """502: something went wrong behind the gateway."""


class MaintenanceError(GatewayError):
    """The gateway, or a company behind it, announced maintenance."""


class UnexpectedStatusError(GatewayError):
    """A status, redirect or page that no document of the gateway names."""


class ReceiveError(KessaiError):
    """A callback or webhook that must not be believed, or cannot be read."""


class SignatureError(ReceiveError):
    """The signature is missing or wrong."""


class CsrfTokenError(ReceiveError):
    """The CSRF token is missing or is not the one given out."""


class SourceAddressError(ReceiveError):
    """The notice came from an address that is not the gateway's."""


class MalformedEventError(ReceiveError):
    """The notice does not have the documented shape."""


class TestNoticeError(ReceiveError):
    """A test-mode notice reached a live receiver."""

    __test__ = False  # pytest collects classes of this name


class RequestWarning(UserWarning):
    """The request goes beyond a limit that is assumed, or known from third parties only."""
