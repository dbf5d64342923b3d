"""What requests end with, and the events on the way there.

Source: WbPay library specification 1.0, section 4 (the fields), 3.1 (the two events).
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from kessai.timestamp import JST
from kessai_paytree_api import models as m

if TYPE_CHECKING:
    from .errors import PaytreeError

__all__ = [
    "Complete",
    "ConfirmResult",
    "DepositResult",
    "Event",
    "Failed",
    "PayResult",
    "RefundResult",
    "Result",
    "ReverseResult",
    "TillResult",
]

ResultT = TypeVar("ResultT")


class TillResult:
    """What all results have.

    - ``request_id``: the number this client gave the request; ``order_id``: PAYTREE's, up to 32
      characters, None only where PAYTREE left it out
    - ``trans_time``: aware, in Japan's time (assumed); ``trans_time_text``: YYYYMMDDHHMMSS as it
      came
    - ``trans_status``: how it stands, as PAYTREE said it
    - ``confirmed``: it was learnt by a confirm, because the request's own answer did not say
    - ``answer``: the whole answer
    """

    __slots__ = ("answer", "confirmed", "order_id", "request_id", "trans_status", "trans_time_text")

    def __init__(self, answer: Any, *, request_id: str, order_id: str | None) -> None:
        self.answer: Any = answer
        self.request_id: str = request_id
        self.order_id: str | None = answer.order_id or order_id
        self.trans_status: m.TransStatus | None = answer.trans_status
        self.trans_time_text: str | None = answer.trans_time
        self.confirmed: bool = isinstance(answer, m.ConfirmResponse)

    @property
    def trans_time(self) -> datetime | None:
        """When it was carried out; None where that was not said, or is no time."""
        text = self.trans_time_text
        if text is None or len(text) != 14 or not (text.isascii() and text.isdigit()):
            return None
        try:
            return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=JST)
        except ValueError:
            return None

    def __repr__(self) -> str:
        """Show the order and how it stands."""
        status = getattr(self.trans_status, "name", None)
        return f"<{type(self).__name__} order_id={self.order_id!r} {status}>"


class PayResult(TillResult):
    """Paid, or (``waiting``) to be approved by the customer. ``amount`` in yen."""

    __slots__ = ("amount", "pay_type")

    def __init__(
        self, answer: Any, *, request_id: str, order_id: str | None, amount: int | None
    ) -> None:
        super().__init__(answer, request_id=request_id, order_id=order_id)
        self.amount: int | None = amount if answer.amount is None else answer.amount
        self.pay_type: m.PayType | None = answer.pay_type

    @property
    def waiting(self) -> bool:
        """Whether the customer has still to approve; the payment is not made yet."""
        return self.trans_status == m.TransStatus.WAITING


class RefundResult(TillResult):
    """Given back: ``refund_amount`` in yen."""

    __slots__ = ("refund_amount",)

    def __init__(
        self, answer: Any, *, request_id: str, order_id: str | None, amount: int | None
    ) -> None:
        super().__init__(answer, request_id=request_id, order_id=order_id)
        said = answer.refund_amount
        self.refund_amount: int | None = amount if said is None else said


class ReverseResult(TillResult):
    """Reversed. ``amount`` may be 0 although it succeeded."""

    __slots__ = ("amount",)

    def __init__(
        self, answer: Any, *, request_id: str, order_id: str | None, amount: int | None
    ) -> None:
        super().__init__(answer, request_id=request_id, order_id=order_id)
        self.amount: int | None = answer.amount


class DepositResult(TillResult):
    """Topped up by ``amount`` yen."""

    __slots__ = ("amount",)

    def __init__(
        self, answer: Any, *, request_id: str, order_id: str | None, amount: int | None
    ) -> None:
        super().__init__(answer, request_id=request_id, order_id=order_id)
        self.amount: int | None = amount if answer.amount is None else answer.amount


class ConfirmResult(TillResult):
    """How an order or a request stands. ``found`` is False where PAYTREE knows of none.

    ``code`` and ``sub_code`` are those of what was asked about; ``request_type`` its kind.
    """

    __slots__ = ("amount", "code", "found", "pay_type", "refund_amount", "request_type", "sub_code")

    def __init__(
        self, answer: Any, *, request_id: str, order_id: str | None, amount: int | None
    ) -> None:
        super().__init__(answer, request_id=request_id, order_id=order_id)
        self.code: m.ResultCode = answer.code
        self.sub_code: str | None = answer.sub_code
        self.found: bool = answer.trans_status is not None
        self.amount: int | None = answer.amount
        self.refund_amount: int | None = answer.refund_amount
        self.request_type: m.RequestType | None = answer.request_type
        self.pay_type: m.PayType | None = answer.pay_type


Result: TypeAlias = PayResult | RefundResult | ReverseResult | DepositResult | ConfirmResult


class Complete(Generic[ResultT]):
    """The manual's CompleteEvent: a success, or a payment that now waits for the customer.

    ``final``: nothing comes after it. (No tuple: checkers would forget the result's type in an
    ``isinstance``.)
    """

    __match_args__ = ("request_type", "result", "final")
    __slots__ = ("final", "request_type", "result")

    def __init__(self, request_type: m.RequestType, result: ResultT, final: bool) -> None:
        self.request_type: m.RequestType = request_type
        self.result: ResultT = result
        self.final: bool = final

    def __repr__(self) -> str:
        """Show the result as it shows itself."""
        return f"<Complete {self.request_type} {self.result!r}{_final(self.final)}>"


class Failed:
    """The manual's ErrorEvent. One request may have several; only the last is ``final``."""

    __match_args__ = ("request_type", "error", "final")
    __slots__ = ("error", "final", "request_type")

    def __init__(self, request_type: m.RequestType, error: PaytreeError, final: bool) -> None:
        self.request_type: m.RequestType = request_type
        self.error: PaytreeError = error
        self.final: bool = final

    def __repr__(self) -> str:
        """Show the error as it shows itself."""
        return f"<Failed {self.request_type} {self.error!r}{_final(self.final)}>"


def _final(final: bool) -> str:
    return " final" if final else ""


Event: TypeAlias = "Complete[ResultT] | Failed"
