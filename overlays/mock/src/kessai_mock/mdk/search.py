"""search: Search, over what has happened, as far as it can be seen yet; and master data.

Document: facts of the kit, search. Assumed: what a wildcard other than * means (nothing),
that conditions on transactions are met by one and the same, that a service's own conditions
leave only that service, the count without maxCount, the words of orderStatus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from ..body import Body
from ..clock import JST
from . import bank_master
from .gateway import Gateway
from .results import RefusalError
from .service import Answer, Call, Command, On, Service
from .state import Order, Transaction

MOST = 100  # orders, without maxCount
_MASTERS: dict[str, Callable[[], list[dict[str, str]]]] = {
    "bankFinancialInstInfo": bank_master.rows
}
_DETAILS = {"AUTHORIZED": "a", "CAPTURED": "ac", "EXPIRED": "ax", "PENDING": "ap"}
_MINUTE = re.compile(r"[0-9]{12}")
_COUNT = re.compile(r"[0-9]{1,9}")
_AMOUNT = re.compile(r"[0-9]{1,15}")


def check(call: Call) -> None:
    """Ranges and counts that a schema leaves open."""
    count = call.body.text("maxCount")
    if count is not None and (not _COUNT.fullmatch(count) or int(count) == 0):
        raise RefusalError("ZF01", "maxCount")
    for name in call.body.texts("masterNames"):
        if name not in _MASTERS:
            raise RefusalError("ZF01", "masterNames")
    for end in ("from", "to"):
        minute = call.body.text("searchParameters", "common", "txnDatetime", end)
        if minute is not None and not _MINUTE.fullmatch(minute):
            raise RefusalError("ZF01", "searchParameters.common.txnDatetime")
        amount = call.body.text("searchParameters", "common", "amount", end)
        if amount is not None and not _AMOUNT.fullmatch(amount):
            raise RefusalError("ZF01", "searchParameters.common.amount")


def search(call: Call, order: Order) -> Answer:
    """Search: orders, or with masterNames lists."""
    names = call.body.texts("masterNames")
    if names:
        infos = [{"name": name, "masters": {name: _MASTERS[name]()}} for name in names]
        return Answer({"masterInfos": {"masterInfo": infos}})
    most = int(call.body.text("maxCount") or MOST)
    found = [
        (one, shown)
        for one in call.gateway.orders.values()
        if (shown := visible(call.gateway, one)) and _fits(call.body, one, shown)
    ]
    newer = call.body.text("newerFlag") == "true"
    infos = [
        _order_info(index, one, shown[:1] if newer else shown)
        for index, (one, shown) in enumerate(found[:most])
    ]
    return Answer(
        {
            "overMaxCountFlag": len(found) > most,
            "searchCount": len(infos),
            "orderInfos": {"orderInfo": infos},
        }
    )


def visible(gateway: Gateway, order: Order) -> list[Transaction]:
    """The transactions that Search shows by now, the newest first."""
    latest = gateway.clock.now - timedelta(seconds=gateway.search_lag)
    return [one for one in reversed(order.transactions) if one.at <= latest]


def _fits(body: Body, order: Order, shown: list[Transaction]) -> bool:
    if order.dummy and body.text("containDummyFlag") != "true":
        return False
    services = body.texts("serviceTypeCd")
    if services and order.service not in services:
        return False
    request = body.text("requestId")
    if request is not None and order.own.get("request_id") != request:
        return False
    wanted = body.child("searchParameters")
    if wanted is None:
        return True
    common = wanted.child("common")
    if common is not None and not _common(common, order, shown):
        return False
    special = {name: value for name, value in wanted.data.items() if name != "common"}
    if not special:
        return True
    return order.service in special and _special(special[order.service], order)


def _common(wanted: Body, order: Order, shown: list[Transaction]) -> bool:
    number = wanted.text("orderId")
    if number is not None and not _like(number, order.order_id):
        return False
    states = wanted.texts("orderStatus")
    if states and order.status.lower() not in states:
        return False
    return any(_transaction(wanted, one) for one in shown)


def _transaction(wanted: Body, one: Transaction) -> bool:
    commands, results = wanted.texts("command"), wanted.texts("mstatus")
    if commands and one.command not in commands:
        return False
    if results and one.mstatus not in results:
        return False
    if not _within(wanted.child("txnDatetime"), f"{one.at.astimezone(JST):%Y%m%d%H%M}"):
        return False
    amounts = wanted.child("amount")
    if amounts is None:
        return True
    if one.amount is None:
        return False
    low, high = amounts.text("from"), amounts.text("to")
    return int(low or 0) <= one.amount and (high is None or one.amount <= int(high))


def _within(wanted: Body | None, value: str) -> bool:
    if wanted is None:
        return True
    low, high = wanted.text("from"), wanted.text("to")
    return (low is None or low <= value) and (high is None or value <= high)


def _special(wanted: Mapping[str, object], order: Order) -> bool:
    """A service's own conditions, held against what it says of its orders."""
    for name, value in wanted.items():
        found = order.info.get(name)
        if name == "detailOrderType":
            found = _DETAILS.get(order.status, order.status.lower())
        if found is None:
            return False
        if isinstance(value, list):
            if found not in value:
                return False
        elif isinstance(value, dict):
            if not _within(Body(cast("dict[str, Any]", value)), str(found)):
                return False
        elif not _like(str(value), str(found)):
            return False
    return True


def _like(pattern: str, text: str) -> bool:
    """Whether a text is as said, where * stands for any letters.

    Piece by piece, each at its first place: a regular expression with many stars never ends.
    """
    first, *pieces = pattern.split("*")
    if not pieces:
        return text == first
    last = pieces.pop()
    if not text.startswith(first) or len(text) < len(first) + len(last):
        return False
    at, end = len(first), len(text) - len(last)
    for piece in pieces:
        at = text.find(piece, at, end)
        if at < 0:
            return False
        at += len(piece)
    return text.endswith(last)


def _order_info(index: int, order: Order, shown: list[Transaction]) -> dict[str, Any]:
    done = next((one for one in shown if one.mstatus == "success"), None)
    return {
        "index": index,
        "serviceTypeCd": order.service,
        "orderId": order.order_id,
        "orderStatus": order.status.lower(),
        "lastSuccessTxnType": None if done is None else done.command,
        "successDetailTxnType": None if done is None else _DETAILS.get(order.status),
        **order.memos,
        "properOrderInfo": order.info,
        "transactionInfos": {"transactionInfo": [_transaction_info(order, one) for one in shown]},
    }


def _transaction_info(order: Order, one: Transaction) -> dict[str, Any]:
    return {
        "txnId": one.txn_id,
        "command": one.command,
        "mstatus": one.mstatus,
        "vResultCode": one.code,
        "txnDatetime": moment(one.at),
        "amount": None if one.amount is None else str(one.amount),
        "properTransactionInfo": {"txnKind": one.kind or order.service, **one.own},
    }


def moment(at: datetime) -> str:
    """As in `2023-08-30 16:33:06.0`."""
    return f"{at.astimezone(JST):%Y-%m-%d %H:%M:%S}.0"


SERVICE = Service(
    name="search",
    title="Search",
    ok="N001",
    commands={"Search": Command(search, On.NONE, check)},
    root="paynow-search",
)
