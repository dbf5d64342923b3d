"""Webhooks: believed by the shop's own secret only, read in both forms, handled once."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import kessai_univapay.callbacks
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai.errors import (
    ConfigurationError,
    MalformedEventError,
    ReceiveError,
    SignatureError,
    TestNoticeError,
)
from kessai.receive import AsyncReceiver, Receiver, same_secret
from kessai.stores.aio import AsyncDedupe
from kessai.stores.memory import MemoryDedupe
from kessai_univapay import THREE_DS_EVENTS, Event, UnknownEvent, dedupe_key, parse_webhook
from kessai_univapay import models as m
from kessai_univapay_api.events import WEBHOOKS

from tests.unit.univapay.notices import AUTH, NOTICE, notice, numbered, webhook
from tests.unit.univapay.scripted import CHARGE, charge_of, refund_of, token_of

BODY, HEADERS = webhook()


def parse(body: bytes = BODY, headers: Any = HEADERS, **options: Any) -> Event:
    """With the right secret, unless told otherwise."""
    return parse_webhook(body, headers, auth_token=options.pop("auth_token", AUTH), **options)


@pytest.mark.parametrize("came", [AUTH, f"Bearer {AUTH}", f"bearer {AUTH}", f"BEARER {AUTH}"])
@pytest.mark.parametrize("known", [AUTH, f"Bearer {AUTH}", ["other", AUTH], (AUTH, "other")])
def test_with_and_without_the_scheme(came: str, known: Any) -> None:
    """No document says whether it is put before the value."""
    event = parse(*webhook(auth=came), auth_token=known)
    assert isinstance(event, m.ChargeEvent)
    assert event.data.id == CHARGE


@pytest.mark.parametrize(
    "auth",
    [
        None,
        "",
        "Bearer ",
        "Bearer",
        AUTH[:-1],
        AUTH + "x",
        AUTH.upper(),
        f"Basic {AUTH}",
        f"Bearer Bearer {AUTH}",
        f"Bearer  {AUTH}",
        f" {AUTH}",
        f"{AUTH}, {AUTH}",
        "ひみつ",
    ],
)
def test_another_authorization_proves_nothing(auth: str | None) -> None:
    with pytest.raises(SignatureError) as caught:
        parse(*webhook(auth=auth))
    assert AUTH not in str(caught.value)
    assert not auth or auth.strip() not in str(caught.value)


def test_headers_in_any_case_and_shape_and_never_twice() -> None:
    pairs = [(name.title().encode(), value.encode()) for name, value in HEADERS.items()]
    assert parse(headers=pairs) == parse(headers={"AUTHORIZATION": AUTH}) == parse()
    with pytest.raises(SignatureError, match="2 times"):
        parse(headers=[*HEADERS.items(), ("Authorization", AUTH)])


@pytest.mark.parametrize(
    "known",
    [
        "",
        [],
        ["", AUTH],
        [AUTH, ""],
        "Bearer ",
        " ",
        f"{AUTH}\n",
        None,
        AUTH.encode(),
        7,
        [7],
        [[AUTH]],
    ],
)
def test_a_secret_nobody_configured_matches_nothing(known: Any) -> None:
    """An empty variable after the scheme, or a line's end from a file, is told at once."""
    for auth in ("", "Bearer ", "Bearer", AUTH):
        with pytest.raises(ConfigurationError) as caught:
            parse(*webhook(auth=auth), auth_token=known)
        assert AUTH not in str(caught.value)


@pytest.mark.parametrize("auth", [AUTH, "wrong", f"Bearer {AUTH}", "bearer wrong"])
def test_every_secret_is_compared_in_constant_time(
    auth: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each to its end, whatever the first ones brought: the time tells nothing."""
    compared: list[str] = []

    def compare(came: str, wanted: str) -> bool:
        compared.append(wanted)
        return same_secret(came, wanted)

    monkeypatch.setattr(kessai_univapay.callbacks, "same_secret", compare)
    body, headers = webhook(auth=auth)
    try:
        parse(body, headers, auth_token=["first", AUTH, "last"])
    except SignatureError:
        assert "wrong" in auth
    each = 3 if auth.lower().startswith("bearer ") else 2
    assert len(compared) == 3 * each
    assert set(compared) == {"first", AUTH, "last"}


# -- the envelope


def test_both_forms_are_read() -> None:
    short = parse(*webhook(notice()))
    long = parse(*webhook(numbered()))
    assert isinstance(short, m.ChargeEvent)
    assert isinstance(long, m.ChargeEvent)
    assert short.data == long.data
    assert (short.id, short.created_on) == (None, None)
    assert long.id == NOTICE
    assert long.created_on is not None


RESOURCES: dict[str, dict[str, Any]] = {
    "charge": charge_of("successful", mode="live"),
    "refund": refund_of("successful", mode="live"),
    "token": token_of(mode="live"),
    "cancel": {
        "id": "11ed00f1-f0c4-1ca2-b754-00000000ca01",
        "charge_id": CHARGE,
        "store_id": None,
        "status": "successful",
        "error": None,
        "metadata": {},
        "mode": "live",
        "created_on": "2026-01-05T01:00:01.500000Z",
    },
}


@pytest.mark.parametrize(
    "event",
    [name for name in WEBHOOKS if name.startswith(("charge_", "refund_", "cancel_", "token_"))]
    + ["recurring_token_deleted"],
)
def test_each_event_has_its_resource(event: str) -> None:
    kind = "token" if "token" in event else event.split("_")[0]
    came = parse(*webhook(notice(event, RESOURCES[kind])))
    assert type(came).__name__ == f"{kind.title()}Event"
    assert came.event == event
    assert not isinstance(came, UnknownEvent)
    assert getattr(came.data, "id", None) == RESOURCES[kind]["id"]


def test_both_spellings_of_three_d_secure() -> None:
    assert len(THREE_DS_EVENTS) == 2
    for event in THREE_DS_EVENTS:
        came = parse(*webhook(notice(event, RESOURCES["token"])))
        assert isinstance(came, m.TokenEvent)
        assert came.event in THREE_DS_EVENTS


def test_an_event_nobody_knows_is_kept_whole() -> None:
    body = numbered("charge_sparkled", data={"id": "x", "status": "new", "glitter": [1]}, gift=7)
    came = parse(*webhook(body))
    assert isinstance(came, UnknownEvent)
    assert (came.event, came.id, came.data) == ("charge_sparkled", NOTICE, body["data"])
    assert came.members == body
    assert came == parse(*webhook(body))
    assert hash(came) == hash(parse(*webhook(body)))
    assert "glitter" not in repr(came)
    assert parse(*webhook(notice("odd", {}))) != came


@pytest.mark.parametrize("mode", ["test", "live_test", "TEST", "", "rehearsal"])
def test_only_live_is_live(mode: str) -> None:
    """The console knows a mode live_test, and a mode that is new may move no money either."""
    sent = webhook(notice(data=charge_of("successful", mode=mode)))
    with pytest.raises(TestNoticeError):
        parse(*sent)
    event = parse(*sent, allow_test=True)
    assert isinstance(event, m.ChargeEvent)
    assert event.data.mode == mode


def test_new_members_states_and_values_are_kept() -> None:
    data = charge_of("sparkling", mode="live", glitter=[1], metadata={"orderid": 123456})
    came = parse(*webhook(notice(data=data, gift={"a": 1})))
    assert isinstance(came, m.ChargeEvent)
    assert came.data.status == "sparkling"
    assert not came.data.status.is_known
    assert came.data.unknown_members["glitter"] == [1]
    assert came.unknown_members == {"gift": {"a": 1}}
    assert came.data.metadata == {"orderid": 123456}


def test_test_notices_are_for_test_receivers() -> None:
    body, headers = webhook(notice(data=charge_of("successful", mode="test")))
    with pytest.raises(TestNoticeError):
        parse(body, headers)
    assert isinstance(parse(body, headers, allow_test=True), m.ChargeEvent)
    unknown, headers = webhook(notice("odd", {"mode": "test"}))
    with pytest.raises(TestNoticeError):
        parse(unknown, headers)
    with pytest.raises(SignatureError):  # who it is comes first
        parse(body, {"authorization": "wrong"}, allow_test=True)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b"[" * 100_000,
        b"{}",
        b'{"event": "charge_finished"}',
        b'{"event": "charge_finished", "data": null}',
        b'{"event": "charge_finished", "data": []}',
        b'{"event": null, "data": {}}',
        b'{"event": 7, "data": {}}',
        b'{"event": "a", "event": "b", "data": {}}',
        b'{"event": "odd", "data": {"amount": NaN}}',
        json.dumps(numbered(id=7)).encode(),
        json.dumps(numbered(created_on=7)).encode(),
        json.dumps(notice(data={})).encode(),
        json.dumps(notice(data=charge_of("successful", id=None))).encode(),
        json.dumps(notice(data=charge_of(mode="live", requested_amount="ten"))).encode(),
    ],
)  # fmt: skip
def test_what_is_no_notice(content: bytes) -> None:
    with pytest.raises((MalformedEventError, TestNoticeError)) as caught:
        parse(content)
    assert isinstance(caught.value, MalformedEventError) or b'"mode": "test"' in content


def test_huge_input_is_refused_before_it_is_read() -> None:
    with pytest.raises(MalformedEventError, match="longer"):
        parse(b" " * 1048577)


def test_only_raw_bytes() -> None:
    with pytest.raises(TypeError, match="raw bytes"):
        parse(BODY.decode())  # type: ignore[arg-type]  # pyright: ignore


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_a_changed_body_is_read_or_refused_and_never_stumbled_over(at: int, other: int) -> None:
    """There is no signature; what comes of it is an event or a ReceiveError, nothing else."""
    body = bytearray(BODY)
    body[at] ^= other
    try:
        event = parse(bytes(body))
    except ReceiveError:
        return
    assert event.event


# -- once


def test_a_numbered_notice_is_known_by_its_number() -> None:
    first = parse(*webhook(numbered()))
    again = parse(*webhook(numbered(data=charge_of("failed", mode="live"))))
    assert dedupe_key(first) == dedupe_key(again) == NOTICE


@pytest.mark.parametrize("number", ["x" * 100_000, "a\0b", "\ud800", "番号", "x\ny"])
def test_a_number_that_no_store_takes_is_no_name(number: str) -> None:
    """The notice is known by everything in it then, and handled once all the same."""
    body, headers = webhook(numbered(id=number))
    receiver = Receiver(parse, MemoryDedupe(), key=dedupe_key, name="univapay:store")
    handled: list[Any] = []
    for _ in range(2):
        assert receiver.handle(body, headers, handled.append).status == 200
    assert len(handled) == 1
    odd = webhook({"event": number, "data": {"id": number, "status": number}})
    assert receiver.handle(*odd, handled.append).status == 200


def test_another_one_is_known_by_everything_in_it() -> None:
    key = dedupe_key(parse())
    assert key == dedupe_key(parse(*webhook(json.dumps(notice(), indent=2).encode())))
    assert CHARGE in key
    assert "successful" in key
    others = [
        notice("charge_updated"),
        notice(data=charge_of("canceled", mode="live")),
        notice(data=charge_of("successful", mode="live", id="another")),
        notice(data=charge_of("successful", mode="live", metadata={"a": 1})),
    ]
    keys = {dedupe_key(parse(*webhook(other))) for other in others}
    assert len({*keys, key}) == 5
    odd = parse(*webhook(notice("odd", {"id": "x"})))
    assert dedupe_key(odd) == dedupe_key(parse(*webhook(notice("odd", {"id": "x"}))))


def test_a_second_deposit_is_another_notice() -> None:
    """A bank transfer tells of each, with the same charge and the same state."""
    deposit = {
        "charge_id": CHARGE,
        "payment_status": "insufficient",
        "latest_deposit_amount": 100,
        "balance": 100,
    }
    more = {**deposit, "balance": 200}
    event = "bank_transfer_status_updated"
    first, second = (parse(*webhook(notice(event, data))) for data in (deposit, more))
    assert isinstance(first, m.BankTransferEvent)
    assert dedupe_key(first) != dedupe_key(second)


def test_received_once() -> None:
    """Claim, handle, done: a repeat after it is 200, one while it is handled is not."""
    receiver = Receiver(parse, MemoryDedupe(), key=dedupe_key, name="univapay:shop")
    booked: list[str] = []

    def book(event: Event) -> None:
        booked.append(str(event.event))
        if len(booked) == 1:
            assert receiver.handle(BODY, HEADERS, book).status == 409

    assert receiver.handle(BODY, HEADERS, book).outcome == "handled"
    again = receiver.handle(BODY, HEADERS, book)
    assert (again.status, again.outcome) == (200, "repeat")
    assert booked == ["charge_finished"]
    forged = receiver.handle(BODY, {"authorization": "wrong"}, book)
    assert (forged.status, forged.outcome) == (401, "refused")
    broken = receiver.handle(b"{", HEADERS, book)
    assert (broken.status, broken.outcome) == (400, "refused")
    assert len(booked) == 1


def test_a_handler_that_fails_frees_the_notice() -> None:
    receiver = Receiver(parse, MemoryDedupe(), key=dedupe_key, name="univapay:shop")

    def stumble(_: Event) -> None:
        raise RuntimeError("the database is away")

    failed = receiver.handle(BODY, HEADERS, stumble, on_error="return")
    assert (failed.status, failed.outcome) == (500, "failed")
    done: list[Event] = []
    assert receiver.handle(BODY, HEADERS, done.append).outcome == "handled"
    assert len(done) == 1


def test_received_once_in_a_loop() -> None:
    """The same on an event loop: a delivery that meets another one in hand comes again."""

    async def main() -> list[str]:
        receiver = AsyncReceiver(
            parse, AsyncDedupe(MemoryDedupe()), key=dedupe_key, name="univapay:shop"
        )
        gate = asyncio.Event()
        booked: list[str] = []

        async def book(event: Event) -> None:
            await gate.wait()
            booked.append(str(event.event))

        first = asyncio.ensure_future(receiver.handle(BODY, HEADERS, book))
        await asyncio.sleep(0)
        second = await receiver.handle(BODY, HEADERS, book)
        gate.set()
        results = [second, await first, await receiver.handle(BODY, HEADERS, book)]
        assert booked == ["charge_finished"]
        return [result.outcome for result in results]

    assert asyncio.run(main()) == ["busy", "handled", "repeat"]
