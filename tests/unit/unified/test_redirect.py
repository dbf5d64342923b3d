"""The redirect: believed only with its digest, and only for the payment it is for."""

from __future__ import annotations

from base64 import b64decode, b64encode
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from kessai import ConfigurationError, MalformedEventError, ReceiveError, SignatureError
from kessai_unified import OtherPaymentError, parse_redirect
from kessai_unified import models as m

from tests.unit.unified.notices import OWN, VALUES, query, redirect
from tests.unit.unified.scripted import CCID, KEY, ORDER, REFERENCE

VISIBLE = "".join(map(chr, range(33, 127)))


def parse(given: str | bytes, payment_id: str = "BOOK-1", key: str | list[str] = KEY) -> m.Redirect:
    return parse_redirect(given, merchant_ccid=CCID, merchant_key=key, payment_id=payment_id)


def test_what_a_redirect_says() -> None:
    came = parse(query(redirect()))
    assert came.status is m.ResultStatus.SUCCESS
    assert came.result_code is m.ResultCode.UA_000_001
    assert came.command is m.Command.PAY
    assert (came.payment_id, came.fep_order_id) == ("BOOK-1", ORDER)
    assert came.fep_reference_id == REFERENCE
    assert (came.merchant_request_key1, came.merchant_request_key2) == ("cart-8841", "shibuya/2")
    assert came.unknown_members == {}


@pytest.mark.parametrize(
    "shape",
    [
        "{q}",
        "?{q}",
        "/done?{q}",
        "https://shop.example/done?{q}",
        "https://shop.example/done?{q}#x",
    ],
)
def test_as_a_url_or_a_query(shape: str) -> None:
    text = shape.format(q=query(redirect()))
    assert parse(text) == parse(text.encode()) == parse(query(redirect()))


@given(st.permutations([*VALUES, *VALUES, *OWN]), st.lists(st.sampled_from([*VALUES, *OWN])))
def test_any_order_with_repeats(names: list[str], more: list[str]) -> None:
    assert parse(query(redirect(names=[*names, *more]))).payment_id == "BOOK-1"


def test_parameters_of_the_merchants_own_url_are_left_out() -> None:
    came = parse(query(redirect()) + "&order=1&order=2&status2=x")
    assert came == parse(query(redirect()))


def test_what_the_digest_does_not_cover_is_left_out() -> None:
    came = parse(query({**redirect(VALUES), "merchantRequestKey1": "forged"}))
    assert came.merchant_request_key1 is None
    assert came.unknown_members == {}


def test_a_digest_in_capitals() -> None:
    parameters = redirect()
    parameters["vAuthInfo"] = parameters["vAuthInfo"].upper()
    assert parse(query(parameters)).payment_id == "BOOK-1"


def test_several_keys_during_a_change() -> None:
    for key in ([KEY, "new"], ["new", KEY], [KEY]):
        assert parse(query(redirect()), key=key).payment_id == "BOOK-1"
    with pytest.raises(SignatureError):
        parse(query(redirect()), key=["new", "newer"])


@given(st.sampled_from([*VALUES, *OWN, "vAuthInfo", "authParams"]), st.data())
def test_one_changed_parameter_is_refused(name: str, data: st.DataObject) -> None:
    """Any one parameter with another value, whatever it is."""
    parameters = redirect()
    value = parameters[name]
    at = data.draw(st.integers(0, len(value)))
    letter = data.draw(st.sampled_from(VISIBLE))
    changed = data.draw(
        st.sampled_from([value[:at] + letter + value[at + 1 :], value[:at] + letter + value[at:]])
    )
    assume(changed != value)
    if name == "authParams":
        assume(_names(changed) != _names(value))  # another spelling of the same list
    with pytest.raises(ReceiveError):
        parse(query({**parameters, name: changed}))


def _names(auth_params: str) -> bytes | None:
    try:
        return b64decode(auth_params, validate=True)
    except ValueError:
        return None


@pytest.mark.parametrize("name", [*VALUES, *OWN, "vAuthInfo", "authParams"])
@pytest.mark.parametrize("how", ["missing", "empty", "twice", "twice with another value"])
def test_parameters_missing_or_twice(name: str, how: str) -> None:
    parameters = redirect()
    value = parameters.pop(name)
    text = query(parameters)
    if how == "empty":
        text += f"&{name}="
    elif how == "twice":
        text += f"&{name}={quote(value)}&{name}={quote(value)}"
    elif how == "twice with another value":
        text += f"&{name}={quote(value)}&{name}=x"
    with pytest.raises(ReceiveError) as raised:
        parse(text)
    assert value not in str(raised.value)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(text: bytes) -> None:
    with pytest.raises(ReceiveError):
        parse(text)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_one_changed_byte_changes_nothing_or_is_refused(at: int, byte: int) -> None:
    """Bytes of the query itself: some spell the same values, all others are refused."""
    text = bytearray(query(redirect()), "ascii")
    text[at % len(text)] = byte
    try:
        came = parse(bytes(text))
    except ReceiveError:
        return
    assert came == parse(query(redirect()))


def test_a_whole_old_redirect_is_another_payments() -> None:
    old = query(redirect())
    with pytest.raises(OtherPaymentError):
        parse(old, payment_id="BOOK-2")
    assert issubclass(OtherPaymentError, SignatureError)


@pytest.mark.parametrize("name", VALUES)
def test_the_digest_has_to_cover_everything_the_gateway_sends(name: str) -> None:
    names = [other for other in VALUES if other != name]
    with pytest.raises(SignatureError, match="cover"):
        parse(query(redirect(VALUES, names)))


@pytest.mark.parametrize(
    "names", [["status", ""], ["order"], ["vAuthInfo"], ["Status"], ["status", "statu"]]
)
def test_names_the_redirect_does_not_have(names: list[str]) -> None:
    parameters = redirect(VALUES)
    parameters["authParams"] = b64encode(
        ",".join([*VALUES, *names[1:], names[0]]).encode()
    ).decode()
    with pytest.raises(SignatureError):
        parse(query(parameters))


@pytest.mark.parametrize("auth_params", ["!!!!", "c3RhdHVz=", "a", "c3Rh", "/////w=="])
def test_auth_params_that_are_no_list(auth_params: str) -> None:
    with pytest.raises(ReceiveError):
        parse(query({**redirect(), "authParams": auth_params}))


@pytest.mark.parametrize(
    ("ccid", "key"), [("OTHER", KEY), (CCID, "other"), (CCID[:-1], CCID[-1] + KEY)]
)
def test_other_credentials(ccid: str, key: str) -> None:
    with pytest.raises(SignatureError):
        parse(query(redirect(ccid=ccid, key=key)), payment_id="BOOK-1")


@pytest.mark.parametrize("size", [32768, 10_000_000])
def test_huge_input_is_refused_unread(size: int) -> None:
    with pytest.raises(MalformedEventError, match="longer"):
        parse(query(redirect()) + "&x=" + "y" * size)
    with pytest.raises(MalformedEventError, match="many"):
        parse(query(redirect()) + "&x=1" * 100)


@pytest.mark.parametrize(("key", "payment_id"), [("", "BOOK-1"), ([], "BOOK-1"), (KEY, ""),
                                                 ([KEY, ""], "BOOK-1")])  # fmt: skip
def test_settings_that_would_prove_nothing(key: str | list[str], payment_id: str) -> None:
    with pytest.raises(ConfigurationError):
        parse(query(redirect()), payment_id, key)


def test_new_words_are_kept() -> None:
    values = {**VALUES, "actionCode": "call_us", "resultCode": "UA-NEW-001", "command": "gift"}
    came = parse(query(redirect(values)))
    assert (came.action_code, came.result_code, came.command) == ("call_us", "UA-NEW-001", "gift")
    assert not came.command.is_known
