"""The webhook: raw bytes, digest, algorithm and CCID checked; a repeat is known by its number."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import ConfigurationError, MalformedEventError, ReceiveError, SignatureError
from kessai.receive import Receiver
from kessai.stores.memory import MemoryDedupe
from kessai_unified import Webhook, dedupe_key, parse_webhook
from kessai_unified import models as m

from tests.unit.unified.notices import WEBHOOK_ID, notice, webhook
from tests.unit.unified.scripted import CCID, KEY, ORDER, REFERENCE

BODY, HEADERS = webhook()
VISIBLE = "".join(map(chr, range(33, 127)))


def parse(
    body: bytes = BODY, headers: Any = HEADERS, key: str | list[str] = KEY, **options: Any
) -> Webhook:
    return parse_webhook(body, headers, merchant_ccid=CCID, merchant_key=key, **options)


def test_what_a_webhook_says() -> None:
    came = parse()
    assert came.id == dedupe_key(came) == WEBHOOK_ID
    assert came.command is m.Command.PAY
    assert came.result.result_code is m.ResultCode.UA_000_001
    assert (came.payment_id, came.fep_order_id) == ("BOOK-1", ORDER)
    assert came.fep_reference_id == REFERENCE
    assert came == parse()
    assert came != "webhook"


def test_headers_in_any_case_and_shape() -> None:
    upper = {name.title(): value for name, value in HEADERS.items()}
    pairs = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    assert parse(headers=upper) == parse(headers=pairs) == parse()
    charset = {**HEADERS, "content-type": "application/json; charset=UTF-8"}
    assert parse(headers=charset) == parse()


def test_the_key_in_hex() -> None:
    body, headers = webhook(key=bytes.fromhex(KEY))
    assert parse(body, headers, hmac_key_encoding="hex").id == WEBHOOK_ID
    with pytest.raises(SignatureError):
        parse(body, headers)
    with pytest.raises(SignatureError):
        parse(hmac_key_encoding="hex")


def test_several_keys_during_a_change() -> None:
    for keys in ([KEY, "new"], ["new", KEY], [KEY]):
        assert parse(key=keys) == parse()
    with pytest.raises(SignatureError):
        parse(key=["new"])


def test_a_digest_in_capitals() -> None:
    head, _, digest = HEADERS["x-vt-content-hmac"].rpartition("v=")
    headers = {**HEADERS, "x-vt-content-hmac": f"{head}v={digest.upper()}"}
    assert parse(headers=headers) == parse()


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_changed_byte_is_refused(at: int, other: int) -> None:
    body = bytearray(BODY)
    body[at] ^= other
    with pytest.raises(SignatureError):
        parse(bytes(body))


@given(st.integers(0, len(BODY)), st.binary(min_size=1, max_size=3))
def test_one_more_byte_is_refused(at: int, more: bytes) -> None:
    with pytest.raises(SignatureError):
        parse(BODY[:at] + more + BODY[at:])
    with pytest.raises(SignatureError):
        parse(BODY[: max(at - 1, 0)])


@given(st.integers(0, 400), st.sampled_from(VISIBLE))
def test_one_changed_letter_of_the_mark_is_refused(at: int, letter: str) -> None:
    mark = HEADERS["x-vt-content-hmac"]
    at %= len(mark)
    changed = mark[:at] + letter + mark[at + 1 :]
    if changed != mark:
        with pytest.raises(SignatureError):
            parse(headers={**HEADERS, "x-vt-content-hmac": changed})


DIGEST = HEADERS["x-vt-content-hmac"].rpartition("v=")[2]


@pytest.mark.parametrize(
    "mark",
    [
        "",
        DIGEST,
        f"v={DIGEST}",
        f"h=HmacSHA256;s={CCID};v={DIGEST}",
        f"h=none;s={CCID};v={DIGEST}",
        f"h=HmacSHA512;s=OTHER;v={DIGEST}",
        f"h=HmacSHA512;s=;v={DIGEST}",
        f"s={CCID};h=HmacSHA512;v={DIGEST}",
        f"h=HmacSHA512;s={CCID};v={DIGEST};v={DIGEST}",
        f"h=HmacSHA512;s={CCID};v={DIGEST[:64]}",
        f"h=HmacSHA512;s={CCID};v=",
        f"h=HmacSHA512;s={CCID};v={DIGEST}\n",
        f"h=HmacSHA512; s={CCID}; v={DIGEST}",
    ],
)
def test_marks_that_prove_nothing(mark: str) -> None:
    with pytest.raises(SignatureError) as raised:
        parse(headers={**HEADERS, "x-vt-content-hmac": mark})
    assert DIGEST not in str(raised.value)


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_missing_or_twice(name: str) -> None:
    without = {other: value for other, value in HEADERS.items() if other != name}
    with pytest.raises(ReceiveError):
        parse(headers=without)
    with pytest.raises(ReceiveError):
        parse(headers=[*HEADERS.items(), (name.upper(), HEADERS[name])])


@pytest.mark.parametrize("number", ["", "a b", "a/b", "あ", "x" * 129, "a\n"])
def test_numbers_of_another_form(number: str) -> None:
    with pytest.raises(MalformedEventError):
        parse(headers={**HEADERS, "x-vt-webhook-id": number})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b'{"result": NaN}',
        b"[" * 100_000,
        b"{}",
        b'{"result": {}, "transaction": {}}',
        b'{"result": 1, "result": 2}',
        json.dumps({**notice(), "order": []}).encode(),
        json.dumps({**notice(), "transaction": {"command": 7}}).encode(),
        json.dumps({**notice(), "order": {"amount": "ten"}}).encode(),
    ],
)
def test_what_is_signed_and_still_no_notice(content: bytes) -> None:
    with pytest.raises(MalformedEventError):
        parse(*webhook(content))


def test_huge_input_is_refused_before_it_is_hashed() -> None:
    with pytest.raises(MalformedEventError, match="longer"):
        parse(b"x" * 262145)


def test_only_raw_bytes() -> None:
    with pytest.raises(TypeError, match="raw bytes"):
        parse(BODY.decode())  # type: ignore[arg-type]  # pyright: ignore


@pytest.mark.parametrize("key", ["", [], [KEY, ""]])
def test_settings_that_would_prove_nothing(key: str | list[str]) -> None:
    with pytest.raises(ConfigurationError):
        parse(key=key)


@pytest.mark.parametrize("command", ["deregistraction", "charge", "brand_new"])
def test_commands_are_kept_as_they_are_spelled(command: str) -> None:
    came = parse(*webhook(notice(command)))
    assert came.command == command
    assert came.command.is_known == (command != "brand_new")


def test_new_members_are_kept() -> None:
    body = {**notice("capture", "UA-NEW-001"), "gift": {"a": [1]}}
    came = parse(*webhook(body))
    assert came.notice.unknown_members == {"gift": {"a": [1]}}
    assert came.result.result_code == "UA-NEW-001"
    bare = notice()
    del bare["order"]
    assert parse(*webhook(bare)).payment_id is None
    assert parse(*webhook(bare)).fep_order_id is None


def test_repr_hides_the_blocks_nobody_has_described() -> None:
    body = {**notice(), "control": {"MARK": "MARK"}, "extra": "MARKED"}
    shown = repr(parse(*webhook(body)))
    assert "balance" not in shown
    assert "MARK" not in shown.replace("'extra'", "")


def test_received_once() -> None:
    """Claim, handle, done: a repeat after it is 200, one while it is handled is not."""
    receiver = Receiver(parse, MemoryDedupe(), key=dedupe_key, name=f"unified:{CCID}")
    booked: list[str] = []

    def book(event: Webhook) -> None:
        booked.append(event.id)
        if len(booked) == 1:
            assert receiver.handle(BODY, HEADERS, book).status == 409

    assert receiver.handle(BODY, HEADERS, book).outcome == "handled"
    again = receiver.handle(BODY, HEADERS, book)
    assert (again.status, again.outcome) == (200, "repeat")
    assert booked == [WEBHOOK_ID]
    other = {**HEADERS, "x-vt-webhook-id": "01OTHER"}
    assert receiver.handle(BODY, other, book).outcome == "handled"
    forged = receiver.handle(BODY + b" ", HEADERS, book)
    assert (forged.status, forged.outcome) == (401, "refused")
    assert len(booked) == 2
