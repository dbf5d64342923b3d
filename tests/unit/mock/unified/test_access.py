"""Who may call, with what, and what is refused before an order is looked at."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY, Settings
from kessai_mock.unified.signing import content_hmac, is_signed, read_header

from tests.unit.mock.unified.driver import (
    BASE,
    Answer,
    Driver,
    charge,
    order,
    pay,
    signature,
    subscribe,
)

BODY = json.dumps(pay(), ensure_ascii=False).encode()
JSON = {"Content-Type": "application/json"}


def _pay(mock: Driver, content: bytes = BODY, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return mock.request("POST", f"{BASE}/pay", headers=JSON | named, content=content)


def test_any_token_will_do_unless_some_are_named(
    mock: Driver, mock_with: Callable[..., Driver]
) -> None:
    """Bearer."""
    assert _pay(mock, Authorization="Bearer anything").status == 200
    strict = mock_with(tokens=frozenset({"t-1", "t-2"}))
    assert _pay(strict, Authorization="Bearer t-2").status == 200
    refused = _pay(strict, Authorization="Bearer t-3")
    assert (refused.status, refused.code) == (401, "UA-REQ-008")
    assert refused.json()["result"]["actionCode"] == "confirm_token"


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Basic dDp0", "t-1", ""])
def test_other_authorization_is_refused(mock: Driver, value: str) -> None:
    """Even beside a good HMAC: the token counts."""
    assert _pay(mock, Authorization=value).code == "UA-REQ-008"
    both = _pay(mock, Authorization=value, X_VT_Content_hmac=signature(BODY))
    assert both.code == "UA-REQ-008"


def test_with_both_the_token_counts(mock: Driver) -> None:
    """A wrong HMAC beside it is not looked at."""
    answer = _pay(mock, Authorization="Bearer t", X_VT_Content_hmac="h=HmacSHA512;s=x;v=00")
    assert answer.status == 200


def test_without_either_nobody_gets_in(mock: Driver) -> None:
    """401."""
    assert _pay(mock).code == "UA-REQ-008"


def test_the_hmac_is_over_ccid_body_and_key(mock: Driver) -> None:
    """Either case of the digits."""
    assert _pay(mock, X_VT_Content_hmac=signature(BODY)).status == 200
    head, _, digest = signature(BODY).rpartition("=")
    assert _pay(mock, X_VT_Content_hmac=f"{head}={digest.upper()}").status == 200


def test_the_merchant_key_may_be_taken_hex_decoded(mock_with: Callable[..., Driver]) -> None:
    """The document leaves it open; the two readings differ."""
    mock = mock_with(key_encoding="hex")
    text = MERCHANT_CCID.encode() + BODY + MERCHANT_KEY.encode()
    digest = hmac.digest(bytes.fromhex(MERCHANT_KEY), text, hashlib.sha512).hex()
    header = f"h=HmacSHA512;s={MERCHANT_CCID};v={digest}"
    assert _pay(mock, X_VT_Content_hmac=header).status == 200
    assert _pay(mock, X_VT_Content_hmac=signature(BODY)).code == "UA-REQ-008"
    with pytest.raises(ValueError, match="hex"):
        Settings(merchant_key="not hex", key_encoding="hex")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "h=HmacSHA512",
        f"h=HmacSHA256;s={MERCHANT_CCID};v=00",
        f"s={MERCHANT_CCID};h=HmacSHA512;v=00",
        f"h=HmacSHA512;s={MERCHANT_CCID};v=",
        "h=HmacSHA512;s=;v=00",
        signature(BODY, ccid="SOMEBODY-ELSE"),
        signature(BODY, key="another key"),
        signature(BODY + b" "),
    ],
)
def test_a_wrong_header_is_refused(mock: Driver, header: str) -> None:
    """In form or in content."""
    assert _pay(mock, X_VT_Content_hmac=header).code == "UA-REQ-008"


@given(at=st.integers(0, len(BODY) - 1), byte=st.integers(1, 255))
def test_one_changed_byte_breaks_it(at: int, byte: int) -> None:
    """Anywhere in the body."""
    tampered = bytearray(BODY)
    tampered[at] ^= byte
    given_header = signature(BODY)
    assert is_signed(given_header, MERCHANT_CCID, BODY, MERCHANT_KEY, "utf-8")
    assert not is_signed(given_header, MERCHANT_CCID, bytes(tampered), MERCHANT_KEY, "utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.integers(0, 127), digit=st.sampled_from("0123456789abcdef"))
def test_one_changed_digit_breaks_it(at: int, digit: str) -> None:
    """Anywhere in the digest."""
    digest = content_hmac(MERCHANT_CCID, BODY, MERCHANT_KEY, "utf-8")
    assert len(digest) == 128
    changed = digest[:at] + digit + digest[at + 1 :]
    header = f"h=HmacSHA512;s={MERCHANT_CCID};v={changed}"
    same = is_signed(header, MERCHANT_CCID, BODY, MERCHANT_KEY, "utf-8")
    assert same == (changed == digest)


def test_a_header_is_read_in_its_one_form() -> None:
    """Blanks around the parts do no harm."""
    found = read_header(" h=HmacSHA512; s=C ;v=AB ")
    assert found is not None
    assert found == ("C", "AB")


def test_unknown_paths_are_404_without_a_body(mock: Driver) -> None:
    """As documented; other methods are refused without one, too."""
    for path in (f"{BASE}/refund", BASE, "/pay", f"{BASE}/pay/"):
        answer = mock.request("POST", path, headers=JSON, content=b"{}")
        assert (answer.status, answer.content) == (404, b"")
    answer = mock.get(f"{BASE}/pay")
    assert (answer.status, answer.content, answer.headers["allow"]) == (405, b"", "POST")


@pytest.mark.parametrize(
    "content", [b"", b"x", b"[]", b"null", b'{"order":', b"\xff", b'{"a":NaN}', b"[" * 100_000]
)
def test_what_is_no_json_object_is_malformed(mock: Driver, content: bytes) -> None:
    """UA-REQ-001."""
    answer = _pay(mock, content, Authorization="Bearer t")
    assert (answer.status, answer.code) == (400, "UA-REQ-001")


def test_so_is_another_media_type(mock: Driver) -> None:
    """Parameters of the right one are welcome."""
    good = {"Authorization": "Bearer t", "Content-Type": "application/json; charset=utf-8"}
    assert mock.request("POST", f"{BASE}/pay", headers=good, content=BODY).status == 200
    bad = good | {"Content-Type": "text/plain"}
    answer = mock.request("POST", f"{BASE}/pay", headers=bad, content=BODY)
    assert answer.code == "UA-REQ-001"


def _changed(path: str, value: Any, body: dict[str, Any]) -> dict[str, Any]:
    made = json.loads(json.dumps(body))
    block, _, name = path.partition(".")
    if value is None:
        del made[block][name]
    else:
        made[block][name] = value
    return dict(made)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("order.payType", None),
        ("order.payType", "linepay"),
        ("order.paymentId", "a" * 65),
        ("order.paymentId", "a b"),
        ("order.paymentId", ""),
        ("order.amount", 1000),
        ("order.amount", "１０００"),
        ("order.amount", "-1"),
        ("order.amount", "0"),
        ("order.amount", "1" * 16),
        ("control.successUrl", None),
        ("control.cancelUrl", "shop"),
        ("control.errorUrl", "http://["),
        ("control.pushUrl", "http://shop.example/n"),
        ("control.pushUrl", "https://shop.example:8443/n"),
        ("control.pushUrl", "https://10.0.0.1/n"),
        ("control.pushUrl", "https://[fd00::1]/n"),
        ("control.pushUrl", "ftp://shop.example/n"),
        ("transaction.merchantRequestKey1", "k" * 101),
        ("transaction.authCaptureType", "later"),
    ],
)
def test_a_wrong_parameter_is_named(mock: Driver, path: str, value: Any) -> None:
    """UA-REQ-002."""
    answer = mock.post("pay", _changed(path, value, pay()))
    assert (answer.status, answer.code) == (400, "UA-REQ-002")
    assert path in answer.json()["result"]["message"]


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/n",
        "https://shop.example:443/n?x=1",
        "https://8.8.8.8/n",
        "http://127.0.0.1:9000/n",
        "http://localhost/n",
        "https://[::1]:8443/n",
    ],
)
def test_a_push_url_is_public_on_443_or_this_machine(mock: Driver, url: str) -> None:
    """The latter because this is a mock."""
    assert mock.post("pay", pay(push=url)).code == "UA-000-001"


def test_exactly_one_number_names_an_order(mock: Driver) -> None:
    """Neither none nor both."""
    fep = mock.paid().fep
    agreed = mock.agreed().fep
    for command in ("capture", "cancel", "updateOrder", "terminate"):
        both = order()
        both["order"]["fepOrderId"] = fep
        assert mock.post(command, both).code == "UA-REQ-002"
        assert mock.post(command, {"order": {}}).code == "UA-REQ-002"
        assert mock.post(command, {}).code == "UA-REQ-002"
    both = charge()
    both["order"]["originalFepOrderId"] = agreed
    assert mock.post("charge", both).code == "UA-REQ-002"
    none = charge()
    del none["order"]["originalPaymentId"]
    assert mock.post("charge", none).code == "UA-REQ-002"


def test_null_is_as_if_it_were_not_there(mock: Driver) -> None:
    """Assumed."""
    body = pay()
    body["control"]["pushUrl"] = None
    body["item"] = None
    assert mock.post("pay", body).code == "UA-000-001"


def test_too_many_at_once_are_turned_away(mock_with: Callable[..., Driver]) -> None:
    """UA-LMT-001 when a limit is set, over all commands."""
    mock = mock_with(in_flight=2)
    mock.next(operation="pay", times=2, fault="gate", gate="g")

    async def many() -> tuple[list[Answer], Answer]:
        running = [asyncio.create_task(mock.call("pay", pay(f"p-{n}"))) for n in range(2)]
        await mock.held(2)
        third = await mock.call("subscribe", subscribe())
        mock.gateway.gates.named("g").open()
        return list(await asyncio.gather(*running)), third

    answered, third = mock.run(many())
    assert [answer.status for answer in answered] == [200, 200]
    assert (third.status, third.code) == (429, "UA-LMT-001")
    assert mock.post("subscribe", subscribe()).status == 200
    assert mock.get("/_mock").json()["inFlight"] == 0
