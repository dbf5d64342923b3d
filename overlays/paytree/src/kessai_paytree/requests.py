"""What a till asks for: payment, refund, reversal, deposit, confirmation.

Only what changes from one request to the next. What every message of a terminal has, and the
number of the request, the client adds. Amounts are int or Decimal; what stands behind the point is
cut off, as the manual says. Limits are checked when the request is made use of: ValidationError
names every broken one by its place in the message.

Source: WbPay library specification 1.0, section 4.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

from kessai_paytree_api import models as m

from .amounts import yen
from .results import ConfirmResult, DepositResult, PayResult, RefundResult, ReverseResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.operation import Request


__all__ = [
    "ConfirmRequest",
    "DepositRequest",
    "PayRequest",
    "RefundRequest",
    "ReverseRequest",
    "TillRequest",
    "Yen",
    "only",
]

Yen: TypeAlias = int | Decimal
"""An amount as a till has it. Never a float."""

ResultT_co = TypeVar("ResultT_co", covariant=True)
RequestT = TypeVar("RequestT", bound="TillRequest[Any]")


class TillRequest(Generic[ResultT_co]):
    """What all five have in common; ``ResultT_co`` is what they end with."""

    __slots__ = ()

    @property
    def request_type(self) -> m.RequestType:
        """Which of the five it is."""
        raise NotImplementedError

    def message(self, common: Mapping[str, Any], request_id: str) -> Request:
        """Return the whole message. ``common``: the members that every one of a terminal has."""
        raise NotImplementedError

    def __repr__(self) -> str:
        """Show which, and how much; no code, no text."""
        said = [
            f"{name}={value!r}"
            for name in ("pay_type", "amount", "refund_amount", "order_id", "request_id")
            if (value := getattr(self, name, None)) is not None
        ]
        return f"<{type(self).__name__} {' '.join(said)}>"


class PayRequest(TillRequest[PayResult]):
    """A payment by the barcode or QR code that the customer shows.

    - ``pay_type``: the wallet; ``PayType.AUTO_DETECT`` has PAYTREE find it, ``JCB_ALI_PAY`` is
      never requested
    - ``amount``: at most 15 digits
    - ``user_code``: what the code holds, of an EMV code all of it; at most 512 characters. Never
      shown, never logged
    - ``receipt_no``: at most 32 characters; ``remark``: at most 128
    """

    __slots__ = ("amount", "pay_type", "receipt_no", "remark", "user_code")

    def __init__(
        self,
        *,
        pay_type: m.PayType,
        amount: Yen,
        user_code: str,
        receipt_no: str | None = None,
        remark: str | None = None,
    ) -> None:
        self.pay_type: m.PayType = _pay_type(pay_type)
        self.amount: Yen = amount
        self.user_code: str = user_code
        self.receipt_no: str | None = receipt_no
        self.remark: str | None = remark

    @property
    def request_type(self) -> m.RequestType:
        """``RequestType.PAY``."""
        return m.RequestType.PAY

    def message(self, common: Mapping[str, Any], request_id: str) -> m.PayRequest:
        """Return the whole message."""
        return m.PayRequest(
            **common,
            request_id=request_id,
            pay_type=self.pay_type,
            amount=_whole(self.amount),
            user_code=self.user_code,
            receipt_no=self.receipt_no,
            remark=self.remark,
        )


class RefundRequest(TillRequest[RefundResult]):
    """Gives back a payment, or a part of it, after goods came back.

    ``order_id``: the payment's, at most 32 characters; ``refund_amount``: at most 15 digits;
    ``refund_reason`` and ``remark``: at most 256 characters each.
    """

    __slots__ = ("order_id", "refund_amount", "refund_reason", "remark")

    def __init__(
        self,
        *,
        order_id: str,
        refund_amount: Yen,
        refund_reason: str | None = None,
        remark: str | None = None,
    ) -> None:
        self.order_id: str = order_id
        self.refund_amount: Yen = refund_amount
        self.refund_reason: str | None = refund_reason
        self.remark: str | None = remark

    @property
    def request_type(self) -> m.RequestType:
        """``RequestType.REFUND``."""
        return m.RequestType.REFUND

    def message(self, common: Mapping[str, Any], request_id: str) -> m.RefundRequest:
        """Return the whole message."""
        return m.RefundRequest(
            **common,
            request_id=request_id,
            order_id=self.order_id,
            refund_amount=_whole(self.refund_amount),
            refund_reason=self.refund_reason,
            remark=self.remark,
        )


class ReverseRequest(TillRequest[ReverseResult]):
    """Undoes a payment or deposit, under way or done, because the till stops after an error.

    Not for goods that came back: that is a refund. ``order_id``: at most 32 characters.
    """

    __slots__ = ("order_id",)

    def __init__(self, *, order_id: str) -> None:
        self.order_id: str = order_id

    @property
    def request_type(self) -> m.RequestType:
        """``RequestType.REVERSE``."""
        return m.RequestType.REVERSE

    def message(self, common: Mapping[str, Any], request_id: str) -> m.ReverseRequest:
        """Return the whole message."""
        return m.ReverseRequest(**common, request_id=request_id, order_id=self.order_id)


class DepositRequest(TillRequest[DepositResult]):
    """Tops up a customer's balance. Needs a contract; LINE Pay alone has it, as the manual says.

    ``pay_type``: not AUTO_DETECT; ``user_code``: the card's number, at most 32 characters, never
    shown; ``value_type``: only BASIC is supported; ``receipt_no``: at most 32 characters.
    """

    __slots__ = ("amount", "pay_type", "receipt_no", "user_code", "value_type")

    def __init__(
        self,
        *,
        pay_type: m.PayType,
        amount: Yen,
        user_code: str,
        value_type: m.ValueType | None = None,
        receipt_no: str | None = None,
    ) -> None:
        self.pay_type: m.PayType = _pay_type(pay_type)
        self.amount: Yen = amount
        self.user_code: str = user_code
        self.value_type: m.ValueType = m.ValueType.BASIC if value_type is None else value_type
        self.receipt_no: str | None = receipt_no

    @property
    def request_type(self) -> m.RequestType:
        """``RequestType.DEPOSIT``."""
        return m.RequestType.DEPOSIT

    def message(self, common: Mapping[str, Any], request_id: str) -> m.DepositRequest:
        """Return the whole message."""
        return m.DepositRequest(
            **common,
            request_id=request_id,
            pay_type=self.pay_type,
            value_type=self.value_type,
            amount=_whole(self.amount),
            user_code=self.user_code,
            receipt_no=self.receipt_no,
        )


class ConfirmRequest(TillRequest[ConfirmResult]):
    """Asks how things stand: of an order, or of a request that this client made (``request_id``).

    One of the two. ``auto_detect``: the payment was made with AUTO_DETECT, whose confirmation has a
    path of its own.
    """

    __slots__ = ("auto_detect", "order_id", "request_id")

    def __init__(
        self,
        *,
        order_id: str | None = None,
        request_id: str | None = None,
        auto_detect: bool = False,
    ) -> None:
        self.order_id: str | None = order_id
        self.request_id: str | None = request_id
        self.auto_detect: bool = auto_detect

    @property
    def request_type(self) -> m.RequestType:
        """``RequestType.CONFIRM``."""
        return m.RequestType.CONFIRM

    def message(self, common: Mapping[str, Any], request_id: str) -> m.ConfirmRequest:
        """Return the whole message."""
        return m.ConfirmRequest(
            **common,
            request_id=request_id,
            order_id=self.order_id,
            original_request_id=self.request_id,
        )


def only(request: RequestT, kind: type[RequestT]) -> RequestT:
    """The request, if it is of that kind: ``pay`` must not refund what it was given by mistake."""
    if not isinstance(request, kind):
        given = type(request).__name__
        raise TypeError(f"request must be a {kind.__name__}, is {given}; nothing was sent")
    return request


def _pay_type(given: m.PayType | str) -> m.PayType:
    return m.PayType(given) if type(given) is str else given  # type: ignore[return-value]


def _whole(amount: Yen) -> int:
    """The whole yen; what is no amount goes on as it is, for the check to name its place."""
    whole = yen(amount)
    return amount if whole is None else whole  # type: ignore[return-value]
