"""Customers of the mock's pages, and what their browsers bring back, each proof worked out here."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from tests.unit.mock.mdk.driver import Answer, Driver, hold_to, sha256

DONE = "https://shop.example/pay/done"
CANCELLED = "https://shop.example/pay/cancelled"
FAILED = "https://shop.example/pay/failed"
PUSH = "https://shop.example/pay/push"
URLS = {"successUrl": DONE, "cancelUrl": CANCELLED, "errorUrl": FAILED, "pushUrl": PUSH}
DAY = 86_400


class Back(NamedTuple):
    """Where a browser came back to, and with what."""

    address: str
    fields: dict[str, str]


def choose(mock: Driver, address: str, outcome: str = "success") -> Answer:
    """Open a page and press a button."""
    if address.startswith("<"):
        return mock.submit(address, outcome=outcome)
    return mock.get(f"{address}?outcome={outcome}")


def back(answer: Answer) -> Back:
    """Where a page sent the browser: by redirect, or by a form that posts itself."""
    if answer.status == 302:
        parts = urlsplit(answer.headers["location"])
        fields = dict(parse_qsl(parts.query, strict_parsing=True))
        return Back(f"{parts.scheme}://{parts.netloc}{parts.path}", fields)
    assert answer.status == 200, answer
    return Back(*Driver.form(answer.content.decode()))


def by_v_auth_info(service: str, answer: Answer) -> Back:
    """A return whose values are proven by vAuthInfo."""
    found = back(answer)
    assert answer.status == 302
    hold_to(f"{service.capitalize()}Return", found.fields)
    names = base64.b64decode(found.fields["authParams"]).decode().split(",")
    assert {*names} == found.fields.keys() - {"authParams", "vAuthInfo"}
    values = [found.fields[name] for name in names]
    assert found.fields["vAuthInfo"] == sha256(MERCHANT_CCID, *values, MERCHANT_SECRET_KEY)
    return found


def by_auth_info(service: str, answer: Answer, mock: Driver) -> Back:
    """A return by POST whose sender is proven by authInfo."""
    found = back(answer)
    assert answer.status == 200
    hold_to(f"{service.capitalize()}Return", found.fields)
    ccid, moment, digest = (
        base64.b64decode(part.translate(str.maketrans("-_*", "/+="))).decode()
        for part in found.fields["authInfo"].split("-")
    )
    assert ccid == MERCHANT_CCID
    assert digest == sha256(ccid, moment, MERCHANT_SECRET_KEY)
    at = datetime.strptime(f"{moment}000", "%Y%m%d%H%M%S%f").replace(tzinfo=UTC)
    assert at == mock.gateway.clock.now
    return found


def told(mock: Driver) -> list[tuple[str, str]]:
    """txnType and mstatus of each record that has come."""
    return [(record["txnType"], record["mstatus"]) for record in mock.records]


def history(mock: Driver, order_id: str = "o-1") -> list[tuple[str, str]]:
    """Command and result of each transaction, as Search shows them, the oldest first."""
    wanted = {
        "newerFlag": "false",
        "containDummyFlag": "true",
        "searchParameters": {"common": {"orderId": order_id}},
    }
    [found] = mock.done("search", "Search", wanted)["orderInfos"]["orderInfo"]
    shown = found["transactionInfos"]["transactionInfo"]
    return [(one["command"], one["mstatus"]) for one in reversed(shown)]


def never_back(mock: Driver, address: str) -> None:
    """A closed browser finds the page gone, and a wrong button changes nothing."""
    before = mock.balances()
    assert choose(mock, address, "nonsense").status == 400
    shown = mock.submit(address) if address.startswith("<") else mock.get(address)
    assert shown.status == 200
    assert b"abandon" in shown.content
    assert choose(mock, address, "abandon").status == 200
    assert choose(mock, address).status == 410
    assert mock.balances() == before
