"""How things stand: which read an order is asked about with, and which of its transactions is ours.

Nothing is sent twice, so this is the only way in which a lost answer is settled. Search is asked
for the exact order number and for all its transactions (``newerFlag`` false: the newest one may be
an earlier command's, or a later one's). 3-D Secure is asked with GetResult, which tells what the
card did; where GetResult refuses to answer, Search says whether there is such an order at all.

``absent`` counts only for a payment by token: a token is older than its first use, so 15 minutes
after the first attempt it is worth nothing, and what has not been processed by then never will be.
A card number does not run out, nor does an order that is there already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from kessai.errors import ConfigurationError
from kessai.lookup import Standing
from kessai.prepare import plain, pointed

from .transactions import OTHER, told

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.operation import Operation
    from kessai_mdk_api import models as m

__all__ = ["NOT_FOUND_AFTER", "MdkLookup", "begins"]

NOT_FOUND_AFTER: Final = 1800.0
"""Seconds: a token's 15 minutes, and as many for processing and for Search to catch up."""

TOKEN_LIFE: Final = 900.0
"""Seconds for which a token is good (the provider's pages)."""

CUSTOMER = "the customer has not finished, or the card has not answered; ask again later"
LATER = "the gateway has not decided; ask again later"
REFUSED = "the question was refused; ask again later"

_SEARCH, _RESULT = "search", "getResult"
_MPI = frozenset({"mpiAuthorize", "mpiReAuthorize"})
_BEGIN = frozenset({"Authorize", "ReAuthorize"})
_ONCE = frozenset({"Capture", "Cancel", "Terminate", "AuthorizeConfirm"})
_AT_THE_TILL = ("oneTimeCode", "identityCode")
_CARD = (
    "/cardNumber",
    "/jis1SecondTrack",
    "/jis2Track",
    "/jcnToken",
    "/payNowIdParam/accountParam/cardParam/cardNumber",
    "/payNowIdParam/accountParam/cardParam/cardId",
    "/payNowIdParam/orderParam/originalOrderId",
)
"""What pays and does not run out; a token beside one of them proves nothing."""


class MdkLookup:
    """Asks Search by the exact order number, and for 3-D Secure GetResult.

    ``dummy``: whether orders of dummy mode are looked for. ``not_found_after``: seconds after the
    first attempt from which a payment by token that is not found was not made; not under 900.
    Raises ConfigurationError.
    """

    __slots__ = ("_dummy", "_not_found_after")

    def __init__(self, *, dummy: bool, not_found_after: float = NOT_FOUND_AFTER) -> None:
        given = cast("object", not_found_after)
        if not isinstance(given, int | float) or not TOKEN_LIFE <= given < float("inf"):
            raise ConfigurationError(
                f"not_found_after must be {TOKEN_LIFE:g} seconds or more: for so long a token that "
                "was on its way may still be charged"
            )
        self._dummy = dummy
        self._not_found_after = float(not_found_after)

    def names(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> Mapping[str, str]:
        """The order's number and the amount, and what decides how it is asked about.

        ``askBy``: ``search`` or ``getResult``. ``paidBy``: ``token`` (which runs out), ``code`` (of
        the customer, read at the till), ``nothing`` (3-D Secure alone, mpi-none) or absent.
        ``step``: PayPal's, of several under one command.
        """
        found: dict[str, str] = {}
        for name in ("orderId", "amount"):
            text = plain(wire.get(name))
            if text:
                found[name] = text
        if "orderId" not in found:
            return {}
        found["askBy"] = _RESULT if operation.name in _MPI else _SEARCH
        if step := plain(wire.get("action")):
            found["step"] = step
        if wire.get("serviceOptionType") == "mpi-none":
            found["paidBy"] = "nothing"
        elif any(plain(wire.get(name)) for name in _AT_THE_TILL):
            found["paidBy"] = "code"
        elif _by_token(operation, wire):
            found["paidBy"] = "token"
        return found

    def intent(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> str | None:
        """An order number is for one payment, whichever the service.

        What can be done once to an order (all of it captured or cancelled, an agreement ended) is
        named by order and command. A part can be given back twice over: such calls have no name of
        their own, and a journal keeps them apart by the ``intent`` that the caller gives.
        """
        order_id = plain(wire.get("orderId"))
        if not order_id:
            return None
        if begins(operation, wire):
            return f"orderId={order_id}"
        month = plain(wire.get("captureMonth")) or plain(wire.get("cancelMonth")) or ""
        step = plain(wire.get("action")) or ""
        once = _command(operation) in _ONCE or step == "do"
        if not once or step == "get" or (_command(operation) == "Cancel" and wire.get("amount")):
            return None
        if operation.name == "upopCapture" and wire.get("amount"):
            return None
        last = ":".join(part for part in (operation.name, step, month) if part)
        return f"orderId={order_id}:{last}"

    def own(self, operation: Operation[Any, Any], value: Any) -> Standing:
        """What a command's own answer says; ``failure`` has become an error before.

        3-D Secure that can begin is not at its end: the customer has yet to come back.
        """
        result = value.result
        reference = _reference(result)
        state = str(result.mstatus)
        if state == "pending":
            return Standing("waiting", state, reference, remedy=LATER)
        if state != "success":
            return Standing("unsettled", state, reference)
        return Standing("done", state, reference, settled=operation.name not in _MPI)

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        """Search for the order, or GetResult; None for a call that names no order.

        ``*`` in an order number would stand for any letters, and no number has one.
        """
        order_id = reference.get("orderId", "")
        if not order_id or "*" in order_id:
            return None
        from kessai_mdk_api import operations

        if reference.get("askBy") == _RESULT:
            return operations.MPI_GET_RESULT, {"orderId": order_id}
        return operations.SEARCH_SEARCH, {
            "newerFlag": "false",
            "containDummyFlag": "true" if self._dummy else "false",
            "searchParameters": {"common": {"orderId": order_id}},
        }

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        """What Search or GetResult says about an order of ``operation``."""
        result = value.result
        if reference.get("askBy") == _RESULT:
            return _result_of_mpi(result, reference)
        if str(result.mstatus) != "success":
            return Standing("unsettled", _state(result), remedy=REFUSED)
        orders = _orders(result)
        ours = [order for order in orders if order.order_id == reference.get("orderId")]
        if not ours:
            # Orders of other numbers, or a count without orders, answer another question; and an
            # answer without a count has not said that there is none.
            nothing = not orders and result.search_count == 0 and not result.over_max_count_flag
            return Standing("absent" if nothing else "unsettled", remedy=REFUSED)
        if operation.name in _MPI:
            return Standing("unsettled", ours[0].order_status, remedy=OTHER)
        transactions = [one for order in ours for one in _transactions(order)]
        standing = told(operation, _command(operation), transactions, reference)
        return standing._replace(paid=True) if reference.get("paidBy") == "code" else standing

    def absent_after(
        self, operation: Operation[Any, Any], reference: Mapping[str, str]
    ) -> float | None:
        """``not_found_after`` for a payment by token; never for anything else."""
        return self._not_found_after if reference.get("paidBy") == "token" else None

    def __repr__(self) -> str:
        return f"MdkLookup(dummy={self._dummy}, not_found_after={self._not_found_after:g})"


def begins(operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bool:
    """Whether a call begins an order: it gives it a number that must be new."""
    step = plain(wire.get("action"))
    if step is not None:
        return step == "set"
    return _command(operation) in _BEGIN


def _result_of_mpi(result: m.MpiGetResultResult, reference: Mapping[str, str]) -> Standing:
    """3-D Secure: the card's result, or the authentication's where there was no card request."""
    if str(result.mstatus) != "success":
        # Refused: perhaps there is no such order. Search knows.
        return Standing("unsettled", _state(result), {"askBy": _SEARCH}, remedy=REFUSED)
    if result.order_id and result.order_id != reference.get("orderId"):
        return Standing("unsettled", remedy="the answer is about another order")
    card, mpi = _word(result.card_mstatus), _word(result.mpi_mstatus)
    amount = plain(result.req_amount)
    if card == "success":
        if amount is None or reference.get("amount", amount) == amount:
            return Standing("done", card, _reference(result), paid=True)
        return Standing("unsettled", card, remedy="the amount differs from the request's")
    if "failure" in (card, mpi):
        return Standing("failed", "failure")
    if mpi == "success" and reference.get("paidBy") == "nothing":
        return Standing("done", mpi, _reference(result), paid=False)
    return Standing("waiting", card or mpi or "not authenticated", remedy=CUSTOMER)


def _by_token(operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bool:
    """Whether the order can only be paid by a token, which runs out."""
    if operation.name not in ("cardAuthorize", "mpiAuthorize"):
        return False
    if not plain(pointed(wire, "/payNowIdParam/token")):
        return False
    return not any(pointed(wire, place) for place in _CARD)


def _command(operation: Operation[Any, Any]) -> str:
    """The command's name in its path: ``/paynow/v2/Authorize/card``."""
    return operation.path.rsplit("/", 2)[-2]


def _orders(result: m.SearchSearchResult) -> list[m.OrderInfo]:
    infos = result.order_infos
    return [] if infos is None else list(infos.order_info or ())


def _transactions(order: m.OrderInfo) -> list[m.TransactionInfo]:
    infos = order.transaction_infos
    return [] if infos is None else list(infos.transaction_info or ())


def _reference(result: Any) -> dict[str, str]:
    number = getattr(result, "cust_txn", None)
    return {"custTxn": number} if isinstance(number, str) and number else {}


def _state(result: Any) -> str | None:
    code = result.v_result_code
    return code if isinstance(code, str) and code.isalnum() and code.isascii() else None


def _word(value: object) -> str:
    return "" if value is None else str(value)
