"""What the call engine has to know about PAYTREE: rules, what answers mean, and how it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kessai import errors as e
from kessai.gateway import BaseGateway, Verdict
from kessai.lookup import Standing
from kessai_paytree_api import models as m
from kessai_paytree_api import operations as o

from ._version import USER_AGENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kessai.commands import Reply
    from kessai.constraints import Report
    from kessai.gateway import Codec
    from kessai.lookup import Lookup
    from kessai.operation import Operation

    from .codec import PlainCodec
    from .settings import Settings

__all__ = [
    "ASKED_BY",
    "CODE",
    "REVERSING",
    "TYPES",
    "Operations",
    "PaytreeGateway",
    "PaytreeLookup",
    "common",
]

MANUAL: Final = "WbPay library specification 1.0"
#: The member by which a request is asked about: the number this client gave it.
ASKED_BY: Final = "originalRequestId"
#: In references: a keyed digest of the customer's code, to know it again while it is open.
CODE: Final = "codeDigest"

#: In references: the number of a reversal that may still be on its way, and undo what it finds.
REVERSING: Final = "reversing"


def common(settings: Settings) -> dict[str, Any]:
    """The members that every message of a terminal has."""
    return {
        "merchant_id": settings.merchant_id,
        "terminal_unique_id": settings.terminal_unique_id,
        "branch_code": settings.branch_code,
        "terminal_code": settings.terminal_code,
        "locale": settings.locale,
        "time_zone": settings.time_zone,
        "currency_code": m.CurrencyCode(settings.currency_code),
        "app_version": settings.app_version,
    }


class Operations:
    """The operations at the paths of the settings. ``deposit`` is None without a path for it."""

    __slots__ = ("confirm", "confirm_v1", "deposit", "pay", "pay_v1", "refund", "reverse")

    pay: Operation[m.PayRequest, m.PayResponse]
    pay_v1: Operation[m.PayRequest, m.PayResponse]
    refund: Operation[m.RefundRequest, m.RefundResponse]
    reverse: Operation[m.ReverseRequest, m.ReverseResponse]
    confirm: Operation[m.ConfirmRequest, m.ConfirmResponse]
    confirm_v1: Operation[m.ConfirmRequest, m.ConfirmResponse]
    deposit: Operation[m.DepositRequest, m.DepositResponse] | None

    def __init__(self, settings: Settings, *, deposit: str | None = None) -> None:
        """``deposit``: its path, where the settings have none."""
        self.pay = o.PAY.at(settings.api_path_pay)
        self.pay_v1 = o.PAY_V1.at(settings.api_path_pay_v1)
        self.refund = o.REFUND.at(settings.api_path_refund)
        self.reverse = o.REVERSE.at(settings.api_path_reverse)
        self.confirm = o.CONFIRM.at(settings.api_path_confirm)
        self.confirm_v1 = o.CONFIRM_V1.at(settings.api_path_confirm_v1)
        path = settings.api_path_deposit or deposit
        self.deposit = None if path is None else o.DEPOSIT.at(path)

    def by_name(self) -> dict[str, Operation[Any, Any]]:
        """Every operation by its name."""
        found: list[Operation[Any, Any] | None] = [getattr(self, name) for name in self.__slots__]
        return {each.name: each for each in found if each is not None}


class PaytreeGateway(BaseGateway):
    """PAYTREE, for one terminal. ``account`` is its TerminalUniquId."""

    __slots__ = ("_headers", "_wrapped", "account", "codec", "lookup")

    name: str = "paytree"
    account: str
    codec: Codec | None
    lookup: Lookup | None

    def __init__(self, settings: Settings, codec: PlainCodec, lookup: Lookup) -> None:
        self.account = settings.terminal_unique_id
        self.codec = self._wrapped = codec
        self.lookup = lookup
        self._headers = {"User-Agent": USER_AGENT}

    def headers(self, operation: Operation[Any, Any]) -> Mapping[str, str]:
        """Who is calling, as HTTP wants it; the message has its own member for it."""
        return self._headers

    def rules(self, operation: Operation[Any, Any], request: Any, report: Report) -> None:
        """What the schema cannot say."""
        if operation.name in ("pay", "payV1", "deposit"):
            _wallet(operation.name, request, report)
        for name, pointer in (("amount", "/amount"), ("refund_amount", "/refundAmount")):
            amount = getattr(request, name, None)
            if type(amount) is int and amount == 0:  # anything else is named by the schema
                message = "is 0 yen, which moves nothing"
                report.add(pointer, "minimum", message, limit=1, source="assumed", enforced=False)
        if operation.name in ("confirm", "confirmV1"):
            named = (request.order_id, request.original_request_id)
            if (named[0] is None) == (named[1] is None):
                report.add("", "exactly-one", "must name an order or a request, one of the two")

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        """PAYTREE signs its answers, with status 200 (assumed). Any other is somebody else's."""
        error = _BY_STATUS.get(reply.status)
        if error is None:
            error = e.ServerError if reply.status >= 500 else e.UnexpectedStatusError
        return Verdict("doubtful", error("not signed, so not from PAYTREE itself"))

    def answered(
        self, operation: Operation[Any, Any], reply: Reply, value: Any, repeat: bool
    ) -> Verdict | None:
        """A signed answer may say no. One that does not settle it leaves the outcome unknown."""
        from .answers import refusal_of, stands

        kind = TYPES.get(operation.name)
        if kind is None:  # a confirm tells of something else, and is read by who asked
            return None
        found = stands(m.RequestType(kind), value, self._wrapped.amount)
        if found.state in ("done", "waiting"):
            return None
        names = {"orderId": value.order_id} if value.order_id else {}
        if found.state in ("failed", "reversed"):
            return Verdict("failed", refusal_of(value), None, names)
        return Verdict("pending", refusal_of(value), None, names)

    def __repr__(self) -> str:
        return f"PaytreeGateway({self.account!r})"


_BY_STATUS: dict[int, type[e.GatewayError]] = {502: e.BadGatewayError, 503: e.MaintenanceError}
#: The type of request behind an operation. A confirm tells of another's.
TYPES: Final = {
    "pay": "Pay",
    "payV1": "Pay",
    "refund": "Refund",
    "reverse": "Reverse",
    "deposit": "Deposit",
}


class PaytreeLookup:
    """Asks confirm by the number this client gave the request.

    ``new_id`` makes the number of a question; ``digest`` a keyed digest of a customer's code.
    """

    __slots__ = ("_common", "_digest", "_new_id", "_operations")

    def __init__(
        self,
        settings: Settings,
        operations: Operations,
        new_id: Callable[[], str],
        digest: Callable[[str], str],
    ) -> None:
        self._common = common(settings)
        self._operations = operations
        self._new_id = new_id
        self._digest = digest

    def names(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> Mapping[str, str]:
        """The request's own number, the order's, and which confirmation it has."""
        found = {ASKED_BY: str(wire.get("requestId", ""))}
        for name in ("orderId", "receiptNo"):
            if isinstance(wire.get(name), str):
                found[name] = wire[name]
        if isinstance(wire.get("userCode"), str):
            found[CODE] = self._digest(wire["userCode"])
        if operation.name == "payV1":
            found["confirm"] = "confirmV1"
        for name in ("amount", "refundAmount"):
            if isinstance(wire.get(name), int):
                found[name] = str(wire[name])
        return found

    def intent(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> str | None:
        """Its own number: what a till is asked to charge twice may be meant twice."""
        return f"requestId={wire.get('requestId', '')}"

    def own(self, operation: Operation[Any, Any], value: Any) -> Standing:
        """What an answer that is no refusal says."""
        waiting = getattr(value, "trans_status", None) == m.TransStatus.WAITING
        names = {"orderId": value.order_id} if value.order_id else {}
        return Standing("waiting" if waiting else "done", _word(value.trans_status), names)

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        """Confirm, under a number of its own."""
        asked = reference.get(ASKED_BY)
        if not asked:
            return None
        own = self._operations
        operation = own.confirm_v1 if "confirm" in reference else own.confirm
        request = m.ConfirmRequest(
            **self._common, request_id=self._new_id(), original_request_id=asked
        )
        return operation, request.to_wire()

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        """What a confirm says about a request."""
        from .answers import stands

        kind = m.RequestType(TYPES[operation.name])
        amount = reference.get("refundAmount" if operation.name == "refund" else "amount")
        found = stands(kind, value, None if amount is None else int(amount))
        word = _word(value.trans_status)
        if found.state == "absent":
            return Standing("absent", word)
        if found.state in ("failed", "reversed"):
            return Standing("failed", word)
        if found.state in ("done", "waiting") and REVERSING in reference:
            return Standing("unsettled", word, remedy="a reversal may be on its way: recover it")
        if found.state in ("done", "waiting"):
            return Standing("done" if found.state == "done" else "waiting", word)
        return Standing("unsettled", word, remedy="call the CPS call centre")

    def absent_after(
        self, operation: Operation[Any, Any], reference: Mapping[str, str]
    ) -> float | None:
        """Never: nothing says when a request that PAYTREE has not seen can no longer arrive."""
        return None


def _word(status: m.TransStatus | None) -> str | None:
    return None if status is None else status.name


def _wallet(operation: str, request: Any, report: Report) -> None:
    pay_type, at = request.pay_type, "/payType"
    if pay_type == m.PayType.JCB_ALI_PAY:
        report.add(at, "not-requestable", "is never requested", source=f"{MANUAL}, 3.2")
    if operation != "deposit":
        return
    if pay_type == m.PayType.AUTO_DETECT:
        report.add(at, "not-allowed", "cannot be found out for a deposit", source=f"{MANUAL}, 4.4")
    if request.value_type != m.ValueType.BASIC:
        message = "is not supported: only Basic is"
        report.add("/valueType", "not-supported", message, source=f"{MANUAL}, 4.4")
