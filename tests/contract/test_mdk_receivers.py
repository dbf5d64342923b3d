"""PUSH notices and browser results of the MDK spec against the client's parsers, in a shop's app.

A genuine one is taken, anything else is refused with a 4xx, and nothing ends in a 500.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.document import load_provider
from tests.support.contract_asgi import ORIGIN, App
from tests.support.contract_drawn import drawing
from tests.support.contract_drive import Drive
from tests.support.contract_mdk_receiver import (
    BY_SENDER,
    FORM,
    NOW,
    PROOFS,
    PUSHES,
    SERVICES,
    Shop,
    as_texts,
    bundle,
    core,
    genuine_result,
    mark,
    proven,
    receiver_document,
    sent_by,
)
from tests.support.contract_schemathesis import Request, Schema
from tests.support.contract_values import Values

DRAWN = drawing(60)
RETURNS = {
    "mpi": ("Authorize", "ReAuthorize"),
    "carrier": ("Authorize", "Terminate"),
    "oricosc": ("Authorize",),
    "paypay": ("Authorize", "Terminate"),
    "rakuten": ("Authorize",),
    "merpay": ("Authorize",),
    "upop": ("Authorize",),
    "alipay": ("Authorize",),
}
RETURNED = [
    (service, f"{service}Return{command}")
    for service, commands in RETURNS.items()
    for command in commands
]
NOTICES = (
    "alipay", "bank", "carrier", "cvs", "merpay", "mpi", "oricosc", "paypal", "paypay", "rakuten",
    "upop",
)  # fmt: skip


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The MDK spec, normalised."""
    return load_provider(Path(__file__).parents[2], "mdk").document


@pytest.fixture(scope="module")
def described(document: dict[str, Any]) -> Schema:
    return Schema(receiver_document(document))


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


@pytest.fixture(scope="module")
def app(shop: Shop) -> Generator[App]:
    app = App(shop.app())
    yield app
    app.close()


class Browser(Drive):
    """Sends as a browser does, too."""

    def bring(self, values: dict[str, str], *, wanted: bool | None) -> int:
        """A browser brings these to the operation's path."""
        text = urlencode(values)
        place = f"{ORIGIN}{self._operation.path}"
        if self._operation.method == "GET":
            return self.send(Request("GET", f"{place}?{text}", [], b""), wanted=wanted)
        lines = [("content-type", FORM)]
        return self.send(Request("POST", place, lines, text.encode()), wanted=wanted)


@pytest.mark.parametrize(("service", "name"), RETURNED)
def test_a_result_is_taken_or_refused(
    service: str, name: str, described: Schema, app: App, document: dict[str, Any]
) -> None:
    drive = Browser(app, described[name])
    for case in described[name].cases:  # whatever schemathesis thinks of: never proven
        drive.send(case.request({}), wanted=False)
        if case.members() is not None:
            drive.bring(as_texts(case.members() or {}), wanted=False)
    values = Values(document).of(f"{service.capitalize()}Return")

    @DRAWN
    @given(values, st.data())
    def drawn(value: dict[str, str], data: st.DataObject) -> None:
        parts = {key: text for key, text in value.items() if key not in PROOFS}
        parts.pop("serviceType", None)  # another one is another service's
        parts = {**dict.fromkeys(core(service), "success"), **parts}
        if service in BY_SENDER:
            _sender(drive, parts, data)
        else:
            _parameters(drive, service, parts, data)

    drawn()
    assert drive.statuses[200] > 20
    assert {400, 403} & set(drive.statuses)
    assert 405 in drive.statuses


def _parameters(drive: Browser, service: str, parts: dict[str, str], data: st.DataObject) -> None:
    more = data.draw(st.lists(st.sampled_from(list(parts)), max_size=4))
    names = data.draw(st.permutations([*parts, *more]))
    bare = data.draw(st.sampled_from(core(service)))  # what the digest does not cover
    whole = proven(parts, names)
    for values in (
        whole,
        {**whole, "cart": "1"},  # of the merchant's own URL
        proven(parts, [name for name in names if name != bare]),
        {**whole, "vAuthInfo": "0" * 64},
        {**whole, bare: parts[bare] + "x"},
        {name: text for name, text in whole.items() if name != bare},
    ):
        drive.bring(values, wanted=genuine_result(service, urlencode(values)))


def _sender(drive: Browser, parts: dict[str, str], data: st.DataObject) -> None:
    age = data.draw(st.integers(-600, 1200))
    whole = sent_by(parts, NOW - timedelta(seconds=age))
    drive.bring(whole, wanted=-300 <= age <= 600)
    bare = data.draw(st.sampled_from(core("")))
    fresh = sent_by(parts)
    drive.bring({**fresh, bare: parts[bare] + "x"}, wanted=True)  # it proves nothing of them
    drive.bring({name: text for name, text in fresh.items() if name != bare}, wanted=False)
    at = data.draw(st.integers(0, len(fresh["authInfo"]) - 1))
    broken = fresh["authInfo"][:at] + "!" + fresh["authInfo"][at + 1 :]
    drive.bring({**fresh, "authInfo": broken}, wanted=False)
    drive.bring(parts, wanted=False)


@pytest.mark.parametrize("service", NOTICES)
def test_a_push_is_taken_or_refused(
    service: str, described: Schema, shop: Shop, app: App, document: dict[str, Any]
) -> None:
    """Signed bodies that keep to the spec are taken; of others the client may take some too,
    because it reads no limits."""
    operation = described[f"{service}Notice"]
    keeps = jsonschema_rs.Draft202012Validator(
        {
            "components": document["components"],
            "$ref": f"#/components/schemas/{service.capitalize()}Notice",
        }
    )
    members = document["components"]["schemas"][f"{service.capitalize()}Notice"]["properties"]
    yen = {name for name, schema in members.items() if schema.get("x-unit") == "yen"}
    drive = Browser(app, operation)
    url = f"{ORIGIN}{operation.path}"
    shop.booked.clear()
    taken: set[bytes] = set()
    for case in operation.cases:
        drive.send(case.request({}), wanted=False)  # generated headers prove nothing
        came = case.members()
        if came is None:
            continue
        record = as_texts(came)
        for head in ("numberOfNotify", "pushTime", "pushId"):
            record.pop(head, None)
        body = bundle(record, fixed=record.pop("fixed", None))
        amounts = all(re.fullmatch("[0-9]*", record[name]) for name in yen & set(record))
        # An empty order number keeps to the spec, and is nobody's.
        ours = set(came) <= set(members) and bool(came.get("orderId"))
        whole = keeps.is_valid(came) and ours and amounts
        wanted = True if whole else None
        signed = Request("POST", url, list(mark(body).items()), body)
        if drive.send(signed, wanted=wanted) == 200:
            taken.add(body)
            drive.send(signed, wanted=True)  # again
    assert drive.statuses[200] > 20
    assert {400, 401, 405} & set(drive.statuses) >= {401, 405}
    keys = Counter(notice.key for notice in shop.booked)
    assert set(keys.values()) == {1}
    assert len(keys) <= len(taken)


def test_every_result_and_notice_of_the_spec_is_driven(
    described: Schema, document: dict[str, Any]
) -> None:
    assert set(described.operations) == {
        *(name for _, name in RETURNED),
        *(f"{service}Notice" for service in NOTICES),
    }
    listed = {
        name.removesuffix("Return")
        for path in document["paths"].values()
        for name in path["post"].get("callbacks", {})
    }
    assert listed - set(SERVICES) == {"paypal"}


def test_bundles_of_every_service_are_told_apart(document: dict[str, Any]) -> None:
    """Whatever values the members have, and however the services are mixed."""
    values = Values(document)

    @DRAWN
    @given(st.lists(st.sampled_from(NOTICES), min_size=1, max_size=6), st.data())
    def drawn(services: list[str], data: st.DataObject) -> None:
        whole = [
            {**_record(data.draw(values.of(f"{service.capitalize()}Notice"))), **_own(service)}
            for service in services
        ]
        body = bundle(*whole)
        shop = Shop()
        app = App(shop.app())
        answer = app.send("POST", f"{PUSHES}/any", mark(body), body)
        app.close()
        assert answer.status == 200, (answer, whole)
        assert len(shop.booked) == len({tuple(sorted(record.items())) for record in whole})
        told = {notice.service for notice in shop.booked}
        assert {service for service in services if service in _OWN} <= told

    drawn()


_OWN = {
    "mpi": "mpiMstatus", "cvs": "cvsType", "bank": "kikanNo", "upop": "traceTime",
    "alipay": "centerTradeId", "paypal": "payerId", "carrier": "crOrderId",
    "oricosc": "orderStateCode", "paypay": "paypayOrderId", "rakuten": "rakutenOrderId",
}  # fmt: skip


def _own(service: str) -> dict[str, str]:
    """A member that tells the service; none of Merpay's does."""
    return {_OWN[service]: "1"} if service in _OWN else {}


def _record(members: dict[str, Any]) -> dict[str, str]:
    head = {"numberOfNotify", "pushTime", "pushId", "fixed"}
    return {name: str(value) for name, value in members.items() if name not in head}
