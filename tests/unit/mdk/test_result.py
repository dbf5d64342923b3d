"""Browser results: believed with the proof of their service, and only as far as it reaches."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from kessai import ConfigurationError, MalformedEventError, ReceiveError, SignatureError
from kessai_mdk import models as m
from kessai_mdk.results import (
    OtherOrderError,
    Result,
    ResultService,
    StaleResultError,
    parse_result,
)

from tests.unit.mdk.pushes import (
    CCID,
    NOW,
    ORDER,
    RESULTS,
    SECRET,
    proven,
    result_text,
    sent_by,
)

FORM = {"content-type": "application/x-www-form-urlencoded"}
VISIBLE = "".join(map(chr, range(33, 127)))
BY_VALUES = [service for service in RESULTS if service not in {"upop", "alipay"}]
BY_SENDER = ["upop", "alipay"]
BY_GET = [service for service in BY_VALUES if service != "mpi"]
NEW = "fedcba9876543210" * 4


def parse(text: str | bytes, service: Any, **options: Any) -> Result[Any]:
    given: dict[str, Any] = {"merchant_ccid": CCID, "secret": SECRET, "now": NOW, **options}
    known: ResultService = service
    return parse_result(text, service=known, **given)


def test_what_3d_secure_says() -> None:
    came = parse_result(
        result_text("mpi").encode(), FORM, service="mpi", merchant_ccid=CCID, secret=SECRET
    )
    assert isinstance(came.values, m.MpiReturn)
    assert (came.verified, came.made) == ("parameters", None)
    assert (came.order_id, came.kind, came.status) == (ORDER, "authorization", "success")
    assert (came.values.req_amount, came.values.card_transaction_type) == (3300, "a")
    assert "411111" not in repr(came)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"cardMstatus": "failure"}, ("authorization", "failure")),
        ({"cardMstatus": "", "mpiMstatus": "failure"}, ("authentication", "failure")),
        ({"cardMstatus": ""}, ("authentication", "success")),
    ],
)
def test_how_3d_secure_went(changes: dict[str, str], wanted: tuple[str, str]) -> None:
    came = parse(result_text("mpi", {**RESULTS["mpi"], **changes}), "mpi")
    assert (came.kind, came.status) == wanted


@pytest.mark.parametrize("service", BY_GET)
def test_what_comes_by_get(service: str) -> None:
    text = result_text(service)
    came = parse(text, service)
    assert (came.service, came.verified, came.order_id) == (service, "parameters", ORDER)
    # Of shopping credit the browser knows that the customer applied; the screening comes later.
    wanted = {"oricosc": ("screening", "pending")}.get(service, ("authorization", "success"))
    assert (came.kind, came.status) == wanted
    for shape in ("?{}", "/done?{}", "https://shop.example/done?{}", "https://a.example/?{}#x"):
        assert parse(shape.format(text), service) == came
        assert parse(shape.format(text).encode(), service) == came
    assert parse(text, service, command="Terminate").kind == "termination"


@pytest.mark.parametrize("service", BY_SENDER)
def test_what_proves_only_its_sender(service: str) -> None:
    came = parse(result_text(service), service)
    assert (came.verified, came.made) == ("sender", NOW)
    assert (came.order_id, came.status) == (ORDER, "success")
    changed = sent_by({**RESULTS[service], "orderId": "OTHER", "mstatus": "failure"})
    forged = parse(urlencode(changed), service)
    assert (forged.verified, forged.order_id, forged.status) == ("sender", "OTHER", "failure")
    assert parse(result_text("alipay"), "alipay").kind == "capture"
    assert parse(result_text("upop"), "upop").kind == "authorization"


@pytest.mark.parametrize("service", RESULTS)
def test_several_secrets_during_a_change(service: str) -> None:
    for keys in ([SECRET, NEW], [NEW, SECRET]):
        assert parse(result_text(service), service, secret=keys).order_id == ORDER
    with pytest.raises(SignatureError):
        parse(result_text(service), service, secret=[NEW, NEW])


@pytest.mark.parametrize("service", RESULTS)
@pytest.mark.parametrize(
    ("ccid", "secret"), [("OTHER", SECRET), (CCID, NEW), (CCID[:-1], CCID[-1] + SECRET)]
)
def test_other_credentials(service: str, ccid: str, secret: str) -> None:
    make: Any = sent_by if service in BY_SENDER else proven
    with pytest.raises(SignatureError):
        parse(urlencode(make(RESULTS[service], ccid=ccid, secret=secret)), service)


@pytest.mark.parametrize("service", BY_VALUES)
@given(data=st.data())
def test_one_changed_value_is_refused(service: str, data: st.DataObject) -> None:
    """Any one field with another value, whatever it is."""
    whole = proven(RESULTS[service])
    name = data.draw(st.sampled_from(list(whole)))
    value = whole[name]
    at = data.draw(st.integers(0, len(value)))
    letter = data.draw(st.sampled_from(VISIBLE))
    changed = data.draw(
        st.sampled_from([value[:at] + letter + value[at + 1 :], value[:at] + letter + value[at:]])
    )
    assume(changed != value)
    if name == "authParams":
        assume(_names(changed) != _names(value))  # another spelling of the same list
    with pytest.raises(ReceiveError):
        parse(urlencode({**whole, name: changed}), service)


def _names(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.translate(str.maketrans("-_*", "/+=")), validate=True)
    except ValueError:
        return None


@pytest.mark.parametrize("service", BY_SENDER)
@given(data=st.data())
def test_one_changed_letter_of_the_authinfo_is_refused(service: str, data: st.DataObject) -> None:
    whole = sent_by(RESULTS[service])
    value = whole["authInfo"]
    at = data.draw(st.integers(0, len(value) - 1))
    letter = data.draw(st.sampled_from(VISIBLE))
    assume(letter != value[at])
    changed = value[:at] + letter + value[at + 1 :]
    assume(_parts(changed) != _parts(value))  # spare bits, another spelling of the same
    with pytest.raises(ReceiveError):
        parse(urlencode({**whole, "authInfo": changed}), service)


def _parts(text: str) -> list[bytes | None]:
    return [_names(part) for part in (text[:-114], text[-113:-89], text[-88:])] + [
        text[-114:-113].encode() + text[-89:-88].encode()
    ]


@pytest.mark.parametrize("service", RESULTS)
@pytest.mark.parametrize("how", ["missing", "empty", "twice", "twice with another value"])
def test_fields_missing_or_twice(service: str, how: str) -> None:
    make: Any = sent_by if service in BY_SENDER else proven
    whole = make(RESULTS[service])
    proof = {"authInfo"} if service in BY_SENDER else set(whole)
    if how.startswith("twice"):
        proof = set(whole)
    for name in proof:
        rest = dict(whole)
        value = rest.pop(name)
        text = urlencode(rest)
        if how == "empty" and value:
            text += f"&{name}="
        elif how == "twice":
            text += f"&{name}={quote(value)}&{name}={quote(value)}"
        elif how == "twice with another value":
            text += f"&{name}={quote(value)}&{name}=x"
        elif how == "empty":
            continue
        with pytest.raises(ReceiveError):
            parse(text, service)


@pytest.mark.parametrize("service", BY_SENDER)
@pytest.mark.parametrize("name", ["orderId", "mstatus"])
def test_what_is_of_no_order_is_no_result(service: str, name: str) -> None:
    values = {other: value for other, value in RESULTS[service].items() if other != name}
    with pytest.raises(MalformedEventError, match=f"has no {name}"):
        parse(urlencode(sent_by(values)), service)


@pytest.mark.parametrize("service", RESULTS)
def test_a_proven_result_of_no_order(service: str) -> None:
    make: Any = sent_by if service in BY_SENDER else proven
    whole = {**RESULTS[service], "OrderId" if service == "mpi" else "orderId": ""}
    with pytest.raises(MalformedEventError, match="names no order"):
        parse(urlencode(make(whole)), service)


@pytest.mark.parametrize("service", BY_VALUES)
def test_what_the_proof_does_not_cover_is_left_out(service: str) -> None:
    whole = {**proven(RESULTS[service]), "cart": "7", "rakutenOrderId2": "forged"}
    came = parse(urlencode(whole), service)
    assert came.values.unknown_members == {}
    assert came == parse(result_text(service), service)


def test_a_card_status_that_the_proof_does_not_cover_is_no_payment() -> None:
    values = RESULTS["mpi"]
    names = [name for name in values if name != "cardMstatus"]
    came = parse(urlencode(proven(values, names)), "mpi")
    assert came.kind == "authentication"
    assert came.values.card_mstatus is None


@pytest.mark.parametrize("service", BY_VALUES)
def test_the_proof_has_to_cover_the_order_and_its_status(service: str) -> None:
    core = ("OrderId", "mpiMstatus") if service == "mpi" else ("orderId", "mstatus")
    for bare in core:
        names = [name for name in RESULTS[service] if name != bare]
        with pytest.raises(SignatureError, match="cover"):
            parse(urlencode(proven(RESULTS[service], names)), service)


@given(st.permutations(list(RESULTS["mpi"])), st.lists(st.sampled_from(list(RESULTS["mpi"]))))
def test_names_in_any_order_with_repeats(names: list[str], more: list[str]) -> None:
    assert parse(urlencode(proven(RESULTS["mpi"], [*names, *more])), "mpi").order_id == ORDER


def test_names_with_any_padding() -> None:
    """Of the three signs that may be written otherwise, names of ASCII letters only need ``=``."""
    whole = proven(RESULTS["rakuten"], ["orderId", "mstatus", "usedPoint"])
    for padding in ("=", "*"):
        listed = whole["authParams"].rstrip("=") + padding * whole["authParams"].count("=")
        assert listed.endswith(padding)
        assert parse(urlencode({**whole, "authParams": listed}), "rakuten").order_id == ORDER


@pytest.mark.parametrize("listed", ["!!!!", "c3RhdHVz=", "a", "/////w==", "", ","])
def test_names_that_are_no_list(listed: str) -> None:
    with pytest.raises(ReceiveError):
        parse(urlencode({**proven(RESULTS["mpi"]), "authParams": listed}), "mpi")


def test_a_digest_in_capitals() -> None:
    whole = proven(RESULTS["mpi"])
    text = urlencode({**whole, "vAuthInfo": whole["vAuthInfo"].upper()})
    assert parse(text, "mpi").order_id == ORDER


@pytest.mark.parametrize(
    ("late", "max_age", "taken"),
    [
        (0, 600.0, True), (599, 600.0, True), (601, 600.0, False), (61, 60.0, False),
        (-299, 600.0, True), (-301, 600.0, False), (5000, 6000.0, True),
        (10**8, float("inf"), True), (0, float("nan"), False),
    ],
)  # fmt: skip
def test_how_old_an_authinfo_may_be(late: int, max_age: float, taken: bool) -> None:
    text = result_text("upop")
    now = NOW + timedelta(seconds=late)
    if taken:
        assert parse(text, "upop", now=now, max_age=max_age).made == NOW
    else:
        with pytest.raises(StaleResultError):
            parse(text, "upop", now=now, max_age=max_age)


def test_the_clock_is_asked_if_no_time_is_given() -> None:
    fresh = sent_by(RESULTS["alipay"], datetime.now(NOW.tzinfo))
    assert parse(urlencode(fresh), "alipay", now=None).order_id == ORDER
    with pytest.raises(StaleResultError):
        parse(result_text("alipay"), "alipay", now=None)


@pytest.mark.parametrize("service", RESULTS)
def test_a_whole_old_result_is_another_orders(service: str) -> None:
    assert parse(result_text(service), service, order_id=ORDER).order_id == ORDER
    with pytest.raises(OtherOrderError):
        parse(result_text(service), service, order_id="ORDER-2")
    assert issubclass(OtherOrderError, SignatureError)


def test_results_of_one_service_are_not_anothers() -> None:
    for service in RESULTS:
        for other in RESULTS:
            same_way = {service, other} <= set(BY_GET)
            if service != other and not same_way:
                with pytest.raises(ReceiveError):
                    parse(result_text(service), other)


@pytest.mark.parametrize("encoding", ["cp932", "euc_jp", "utf-16"])
@pytest.mark.parametrize("service", RESULTS)
def test_other_charsets_are_refused(service: Any, encoding: str) -> None:
    values = {**RESULTS[service], "memo": "決済"}
    make: Any = sent_by if service in BY_SENDER else proven
    text = urlencode(make(values), encoding=encoding)
    with pytest.raises(MalformedEventError):
        parse(text, service)
    assert parse(urlencode(make(values)), service).order_id == ORDER
    if service not in BY_GET:
        media = {"Content-Type": f"{FORM['content-type']}; charset={encoding}"}
        with pytest.raises(MalformedEventError, match="another charset"):
            parse_result(
                result_text(service).encode(), media, service=service, merchant_ccid=CCID,
                secret=SECRET, now=NOW,
            )  # fmt: skip


@given(st.binary(max_size=400), st.sampled_from(list(RESULTS)))
def test_any_bytes_are_refused(text: bytes, service: str) -> None:
    with pytest.raises(ReceiveError):
        parse(text, service)


@given(st.integers(0, 2000), st.integers(0, 255), st.sampled_from(BY_VALUES))
def test_one_changed_byte_changes_nothing_or_is_refused(at: int, byte: int, service: str) -> None:
    text = bytearray(result_text(service), "ascii")
    text[at % len(text)] = byte
    try:
        came = parse(bytes(text), service)
    except ReceiveError:
        return
    mine = {"v_auth_info", "auth_params"}
    for name in set(came.values.__getstate__()) - mine:
        assert getattr(came.values, name) == getattr(
            parse(result_text(service), service).values, name
        )


def test_huge_input_is_refused_unread() -> None:
    with pytest.raises(MalformedEventError, match="longer"):
        parse(result_text("mpi") + "&x=" + "y" * 65536, "mpi")


@pytest.mark.parametrize(
    ("options", "service"),
    [
        ({"secret": ""}, "mpi"),
        ({"secret": []}, "upop"),
        ({"secret": [SECRET, ""]}, "mpi"),
        ({"merchant_ccid": ""}, "upop"),
        ({"order_id": ""}, "mpi"),
        ({}, "paypal"),
        ({}, "bank"),
        ({"command": "Pay"}, "carrier"),
    ],
)
def test_settings_that_would_prove_nothing(options: dict[str, Any], service: str) -> None:
    with pytest.raises(ConfigurationError):
        parse(result_text("mpi"), service, **options)


def test_messages_hold_no_values() -> None:
    whole = proven(RESULTS["mpi"])
    for name in whole:
        with pytest.raises(ReceiveError) as raised:
            parse(urlencode({**whole, name: whole[name] + "Z!"}), "mpi")
        for value in whole.values():
            assert not value or value == "a" or value not in str(raised.value)


def test_equal_by_what_they_say() -> None:
    came = parse(result_text("mpi"), "mpi")
    assert came == parse(result_text("mpi"), "mpi")
    assert hash(came) == hash(parse(result_text("mpi"), "mpi"))
    assert came != "mpi"
