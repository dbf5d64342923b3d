"""A PUSH: raw bytes, digest, algorithm and CCID checked; records taken apart, each with its key."""

from __future__ import annotations

import random
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import ConfigurationError, MalformedEventError, ReceiveError, SignatureError
from kessai import TestNoticeError as NotLiveError
from kessai_mdk import models as m
from kessai_mdk.notices import dedupe_key

from tests.unit.mdk.pushes import CCID, HEAD, ORDER, RECORDS, SECRET, fields, parse, push, signed

BODY, HEADERS = push(RECORDS["mpi"], RECORDS["cvs"])
VISIBLE = "".join(map(chr, range(33, 127)))
JST = timezone(timedelta(hours=9))


def read(body: bytes = BODY, headers: Any = HEADERS, **options: Any) -> Any:
    return parse(body, headers, **options)


def test_what_a_push_says() -> None:
    came = read()
    assert (came.id, came.time) == ("100", "20260105100000")
    assert came.sent_at == datetime(2026, 1, 5, 10, 0, tzinfo=JST)
    assert [(n.index, n.service, n.order_id) for n in came.notices] == [
        (0, "mpi", ORDER), (1, "cvs", ORDER),
    ]  # fmt: skip
    first, second = (notice.record for notice in came.notices)
    assert isinstance(first, m.MpiNotice)
    assert isinstance(second, m.CvsNotice)
    assert (first.txn_type, first.push_id, first.number_of_notify) == (
        "AuthorizeConfirm",
        "100",
        "2",
    )
    assert second.rcv_amount == 3300
    assert came.tests == ()
    assert parse(*push(RECORDS["mpi"], pushTime="soon")).sent_at is None


def test_headers_in_any_case_and_shape() -> None:
    upper = {name.title(): value for name, value in HEADERS.items()}
    pairs = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
    assert read(headers=upper).notices == read(headers=pairs).notices == read().notices


@pytest.mark.parametrize("charset", ["UTF-8", "utf-8", '"utf-8"', "utf8"])
def test_a_charset_that_is_utf_8(charset: str) -> None:
    media = f"application/x-www-form-urlencoded; charset={charset}"
    assert read(headers={**HEADERS, "content-type": media}).notices == read().notices


@pytest.mark.parametrize("charset", ["Shift_JIS", "windows-31j", "EUC-JP", "iso-8859-1"])
def test_a_charset_that_is_another(charset: str) -> None:
    media = f"application/x-www-form-urlencoded;charset={charset}"
    with pytest.raises(MalformedEventError, match="another charset than UTF-8"):
        read(headers={**HEADERS, "content-type": media})


@pytest.mark.parametrize("media", ["", "text/plain", "application/json", "multipart/form-data"])
def test_another_content_type(media: str) -> None:
    with pytest.raises(MalformedEventError, match="is not application/x-www-form"):
        read(headers={**HEADERS, "content-type": media})


@given(st.randoms(use_true_random=False))
def test_fields_in_any_order(rng: random.Random) -> None:
    listed = list(fields(*RECORDS.values()).items())
    rng.shuffle(listed)
    came = parse(*signed(urlencode(listed).encode()))
    assert [notice.service for notice in came.notices] == list(RECORDS)


def test_fifty_records_and_not_one_more() -> None:
    many = [{**RECORDS["cvs"], "orderId": f"O-{number}"} for number in range(50)]
    assert len(parse(*push(*many)).notices) == 50
    with pytest.raises(MalformedEventError, match="0000 to 0049"):
        parse(*push(*many, RECORDS["cvs"]))


def test_several_secrets_during_a_change() -> None:
    new = "fedcba9876543210" * 4
    for keys in ([SECRET, new], [new, SECRET], [SECRET]):
        assert read(secret=keys).notices == read().notices
    with pytest.raises(SignatureError):
        read(secret=[new])


def test_a_digest_in_capitals() -> None:
    head, _, digest = HEADERS["content-hmac"].rpartition("v=")
    assert read(headers={**HEADERS, "content-hmac": f"{head}v={digest.upper()}"}).id == "100"


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_one_changed_byte_is_refused(at: int, other: int) -> None:
    body = bytearray(BODY)
    body[at] ^= other
    with pytest.raises(SignatureError):
        read(bytes(body))


@given(st.integers(0, len(BODY)), st.binary(min_size=1, max_size=3))
def test_one_more_byte_is_refused(at: int, more: bytes) -> None:
    with pytest.raises(SignatureError):
        read(BODY[:at] + more + BODY[at:])
    with pytest.raises(SignatureError):
        read(BODY[: max(at - 1, 0)])


@given(st.integers(0, 400), st.sampled_from(VISIBLE))
def test_one_changed_letter_of_the_mark_is_refused(at: int, letter: str) -> None:
    mark = HEADERS["content-hmac"]
    at %= len(mark)
    changed = mark[:at] + letter + mark[at + 1 :]
    if changed != mark:
        with pytest.raises(SignatureError):
            read(headers={**HEADERS, "content-hmac": changed})


DIGEST = HEADERS["content-hmac"].rpartition("v=")[2]


@pytest.mark.parametrize(
    "mark",
    [
        "",
        DIGEST,
        f"v={DIGEST}",
        f"h=HmacSHA512;s={CCID};v={DIGEST}",
        f"h=none;s={CCID};v={DIGEST}",
        f"h=HmacSHA256;s=A100000000000000000002cc;v={DIGEST}",
        f"h=HmacSHA256;s=;v={DIGEST}",
        f"s={CCID};h=HmacSHA256;v={DIGEST}",
        f"h=HmacSHA256;s={CCID};v={DIGEST};v={DIGEST}",
        f"h=HmacSHA256;s={CCID};v={DIGEST[:32]}",
        f"h=HmacSHA256;s={CCID};v=",
        f"h=HmacSHA256;s={CCID};v={DIGEST}\n",
    ],
)
def test_marks_that_prove_nothing(mark: str) -> None:
    with pytest.raises(SignatureError) as raised:
        read(headers={**HEADERS, "content-hmac": mark})
    assert DIGEST not in str(raised.value)


@pytest.mark.parametrize("name", HEADERS)
def test_a_header_missing_or_twice(name: str) -> None:
    without = {other: value for other, value in HEADERS.items() if other != name}
    with pytest.raises(ReceiveError):
        read(headers=without)
    with pytest.raises(ReceiveError):
        read(headers=[*HEADERS.items(), (name.upper(), HEADERS[name])])


def test_another_secret_and_another_ccid() -> None:
    with pytest.raises(SignatureError):
        read(secret="fedcba9876543210" * 4)
    with pytest.raises(SignatureError, match="another merchant CCID"):
        read(merchant_ccid="A100000000000000000002cc")


ONE = fields(RECORDS["cvs"])


@pytest.mark.parametrize(
    ("body", "cause"),
    [
        (b"", "no numberOfNotify"),
        (b"numberOfNotify=0", "no record"),
        (urlencode({**ONE, "numberOfNotify": ""}).encode(), "no numberOfNotify"),
        (urlencode({**ONE, "numberOfNotify": "-1"}).encode(), "no numberOfNotify"),
        (urlencode({**ONE, "numberOfNotify": "１"}).encode(), "no numberOfNotify"),
        (urlencode({**ONE, "numberOfNotify": "2"}).encode(), "says 2 records and has 1"),
        (urlencode({**ONE, "orderId0002": "X"}).encode(), "a gap"),
        (urlencode({**ONE, "orderId0050": "X"}).encode(), "has orderId0050"),
        (urlencode(ONE).encode() + b"&rcvAmount0000=1", "rcvAmount0000 more than once"),
        (urlencode(ONE).encode() + b"&pushId=1", "pushId more than once"),
        (urlencode(ONE).encode() + b"&=1", "without a name"),
        (urlencode(ONE).encode() + b"&memo0000=%zz", "percent-encoding"),
        (urlencode(ONE).encode() + b"&memo0000=%", "percent-encoding"),
        (urlencode(ONE).encode() + b"&memo0000=%E", "percent-encoding"),
        (urlencode({**ONE, "memo0000": "決済"}, encoding="cp932").encode(), "UTF-8"),
        (urlencode(ONE).encode() + b"&memo0000=" + "決済".encode("euc_jp"), "UTF-8"),
        (urlencode(ONE).encode() + b"&memo0000=%ED%A0%80", "UTF-8"),
        (urlencode({**ONE, "rcvAmount0000": "ten"}).encode(), "record 0000.*rcvAmount"),
        (urlencode({n: v for n, v in ONE.items() if n != "orderId0000"}).encode(), "orderId"),
        (urlencode({**ONE, "orderId0000": ""}).encode(), "its orderId"),
        (urlencode(ONE).encode() + b"&a=1" * 2001, "more than 2000 fields"),
    ],
)  # fmt: skip
def test_what_is_signed_and_still_no_push(body: bytes, cause: str) -> None:
    with pytest.raises(MalformedEventError, match=cause) as raised:
        parse(*signed(body))
    assert "決済" not in str(raised.value)


def test_a_name_the_gateway_would_not_use_is_not_repeated() -> None:
    body = urlencode(ONE).encode() + b"&%3Cscript%3E=1&%3Cscript%3E=2"
    with pytest.raises(MalformedEventError, match="a field more than once"):
        parse(*signed(body))


def test_japanese_in_utf_8_encoded_or_not() -> None:
    encoded = urlencode({**ONE, "memo0000": "決済 ＋"}).encode()
    plain = urlencode(ONE).encode() + b"&memo0000=" + "決済+＋".encode()
    for body in (encoded, plain):
        assert parse(*signed(body)).notices[0].record.unknown_members == {"memo": "決済 ＋"}  # type: ignore[union-attr]  # a CvsNotice


def test_huge_input_is_refused_before_it_is_hashed() -> None:
    with pytest.raises(MalformedEventError, match="longer"):
        read(b"x" * 524289)


def test_only_raw_bytes() -> None:
    with pytest.raises(TypeError, match="raw bytes"):
        read(BODY.decode())  # type: ignore[arg-type]  # pyright: ignore


@pytest.mark.parametrize(
    "options",
    [
        {"secret": ""},
        {"secret": []},
        {"secret": [SECRET, ""]},
        {"secret": "no digits"},
        {"merchant_ccid": ""},
        {"service": "card"},
    ],
)
def test_settings_that_would_prove_nothing(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        read(**options)


@pytest.mark.parametrize("dummy", ["1", "true"])
def test_a_test_notice_on_a_live_receiver_is_refused(dummy: str) -> None:
    body, headers = push({**RECORDS["cvs"], "dummy": dummy})
    with pytest.raises(NotLiveError):
        parse(body, headers)
    assert parse(body, headers, allow_test=True).notices[0].test


def test_test_notices_among_live_ones_are_set_aside() -> None:
    body, headers = push({**RECORDS["cvs"], "dummy": "1"}, RECORDS["mpi"])
    came = parse(body, headers)
    assert [notice.service for notice in came.notices] == ["mpi"]
    assert [notice.service for notice in came.tests] == ["cvs"]
    both = parse(body, headers, allow_test=True)
    assert [notice.test for notice in both.notices] == [True, False]
    assert both.tests == ()


def test_a_record_without_dummy_is_live() -> None:
    record = {name: value for name, value in RECORDS["cvs"].items() if name != "dummy"}
    assert not parse(*push(record)).notices[0].test


@pytest.mark.parametrize("service", RECORDS)
def test_a_repeat_has_the_same_key_however_it_comes(service: str) -> None:
    first = parse(*push(RECORDS[service])).notices[0]
    other = {**RECORDS["cvs"], "orderId": "OTHER"}
    again = parse(*push(other, RECORDS[service], pushTime="20260106000000", pushId="7")).notices[1]
    assert dedupe_key(first) == dedupe_key(again) == first.key
    assert ORDER not in first.key


@pytest.mark.parametrize("service", RECORDS)
def test_any_other_member_makes_another_key(service: str) -> None:
    record = RECORDS[service]
    keys = {parse(*push(record)).notices[0].key}
    for name, value in record.items():
        if name != "dummy":
            changed = {**record, name: f"{value or 20260}1"}
            keys.add(parse(*push(changed)).notices[0].key)
    keys.add(parse(*push({**record, "more": "1"})).notices[0].key)
    keys.add(parse(*push(record, fixed="1")).notices[0].key)
    assert len(keys) == len(record) + 2


def test_keys_do_not_mistake_where_a_value_ends() -> None:
    one = parse(*push({**RECORDS["cvs"], "a": "1", "b": ""})).notices[0]
    two = parse(*push({**RECORDS["cvs"], "a": "", "b": "1"})).notices[0]
    assert one.key != two.key


def test_unknown_fields_are_kept() -> None:
    came = parse(*push({**RECORDS["rakuten"], "gift": "tea"}, shop="7"))
    assert came.header["shop"] == "7"
    record = came.notices[0].record
    assert isinstance(record, m.RakutenNotice)
    assert record.unknown_members == {"gift": "tea", "shop": "7"}


def test_repr_shows_no_secrets() -> None:
    text = repr(parse(*push(RECORDS["paypal"], RECORDS["carrier"], RECORDS["bank"])))
    for secret in ("PAYER00000001", "https://id.example/1", "00000000001"):
        assert secret not in text


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=12), max_size=8))
def test_any_signed_form_is_read_or_refused(form: dict[str, str]) -> None:
    listed = {**HEAD, "numberOfNotify": "1", "orderId0000": "A", "cvsType0000": "sej", **form}
    body = urlencode(listed).encode()
    try:
        came = parse(*signed(body))
    except ReceiveError:
        return
    assert dict(parse_qsl(body.decode(), keep_blank_values=True)).items() >= came.header.items()
