"""The envelope: who is let in, and what authHash is held against."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from tests.unit.mock.mdk.driver import FORM, Driver, envelope, sealed, sha256

LIVE = "/paynow/v2/Cancel/card"
DUMMY = "/test-paynow/v2/Cancel/card"
GOOD = (
    f'{{"merchantCcid":"{MERCHANT_CCID}","dummyRequest":"1","txnVersion":"1.0.0","orderId":"x",'
    '"payNowIdParam":{"memo1":"x/é"}}'
)


def signed(params: str) -> bytes:
    return sealed(params, sha256(MERCHANT_CCID, params, MERCHANT_SECRET_KEY))


def code(mock: Driver, content: bytes, path: str = DUMMY) -> str:
    answer = mock.request("POST", path, headers=FORM, content=content)
    assert (answer.status, answer.mstatus) == (200, "failure")
    return answer.code


def test_a_good_envelope_is_read_whoever_wrote_it(mock: Driver) -> None:
    # PHP and Go write a space as +, others as %20; the settings may stand first or last.
    assert code(mock, signed(GOOD)) == "ZN01"
    assert code(mock, quote(f'{{"params":{GOOD},"authHash":"{_hash()}"}}').encode()) == "ZN01"
    assert code(mock, quote(f'{{"authHash":"{_hash()}","params":{GOOD}}}').encode()) == "ZN01"


def _hash() -> str:
    return sha256(MERCHANT_CCID, GOOD, MERCHANT_SECRET_KEY)


@pytest.mark.parametrize(
    ("params", "wanted"),
    [
        (GOOD.replace(MERCHANT_CCID, "A" * 24), "ZA02"),
        (GOOD.replace('"dummyRequest":"1"', '"dummyRequest":"0"'), "ZA04"),
        (GOOD.replace('"dummyRequest":"1",', ""), "ZA04"),
        (GOOD.replace('"1.0.0"', '"100"'), "ZA05"),
        ("[]", "ZA01"),
        ('{"a":NaN}', "ZA01"),
    ],
)
def test_params_that_are_refused(mock: Driver, params: str, wanted: str) -> None:
    assert code(mock, signed(params)) == wanted


def test_the_hash_is_over_the_text_as_it_came(mock: Driver) -> None:
    # The same object, written otherwise: another text, another hash.
    for other in (GOOD.replace("/", "\\/"), GOOD.replace("é", "\\u00e9"), GOOD + " "):
        assert code(mock, signed(other.strip())) == "ZN01"
        assert code(mock, sealed(other.strip(), _hash())) == (
            "ZN01" if other[-1] == " " else "ZA03"
        )
    assert code(mock, sealed(GOOD, _hash().upper())) == "ZA03"
    assert code(mock, sealed(GOOD, sha256(MERCHANT_CCID, GOOD, "0" * 64))) == "ZA03"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%FF",
        f'{{"params":{GOOD},"authHash":"{_hash()}"}}'.encode(),
        b"params=" + signed(GOOD),
        quote(f'{{"params":{GOOD}}}').encode(),
        quote(f'{{"params":{GOOD},"authHash":"{_hash()}","more":1}}').encode(),
        quote(f'{{"params": {GOOD}, "authHash":"{_hash()}"}}').encode(),
        quote(f'{{"params":{GOOD},"params":{GOOD},"authHash":"{_hash()}"}}').encode(),
        quote(f'{{"params":{GOOD},"authHash":"{_hash()}"}}x').encode(),
        quote('{"params":{"a":"b"').encode(),
    ],
)
def test_bodies_that_cannot_be_read(mock: Driver, content: bytes) -> None:
    assert code(mock, content) == "ZA01"


def test_address_and_mode_fit(mock: Driver) -> None:
    assert code(mock, envelope({"orderId": "x"}, dummy=True), LIVE) == "ZA04"
    assert code(mock, envelope({"orderId": "x"}, dummy=False), LIVE) == "ZN01"


def test_a_mode_sees_its_own_orders_and_numbers_are_used_once(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card(), dummy=True)
    assert mock.post("card", "Capture", {"orderId": "o-1"}, dummy=False).code == "ZN01"
    assert mock.post("card", "Authorize", mock.card(), dummy=False).code == "ZN02"
    mock.done("card", "Authorize", mock.card("o-2"), dummy=False)


def test_only_post_and_only_known_addresses(mock: Driver) -> None:
    assert mock.get(DUMMY).status == 405
    assert mock.request("POST", "/paynow/v2/Fly/card", content=signed(GOOD)).status == 404
    plain = mock.request(
        "POST", DUMMY, headers={"Content-Type": "text/plain"}, content=signed(GOOD)
    )
    assert plain.code == "ZA01"


def test_scripts_answer_and_break(mock: Driver) -> None:
    for status in (500, 502, 503):
        mock.next(operation="cardAuthorize", status=status)
        answer = mock.post("card", "Authorize", mock.card())
        assert (answer.status, answer.content) == (status, b"")
    assert mock.gateway.orders == {}
    mock.next(operation="cardAuthorize", vResultCode="AG33")
    assert mock.post("card", "Authorize", mock.card()).code == "AG33"
    assert mock.gateway.orders == {}
    mock.next(operation="cardAuthorize", status=502, processed=True)
    assert mock.post("card", "Authorize", mock.card()).status == 502
    assert mock.status("o-1") == "AUTHORIZED"


def test_a_held_request_is_gone_after_a_reset(mock: Driver) -> None:
    mock.next(operation="cardAuthorize", fault="gate", gate="g")

    async def story() -> int:
        waiting = asyncio.create_task(mock.call("card", "Authorize", mock.card()))
        await mock.held()
        mock.gateway.reset()
        return (await waiting).status

    assert mock.run(story()) == 503
    assert mock.gateway.orders == {}


def test_the_log_tells_no_body(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card())
    (entry,) = mock.get("/_mock/requests").json()["requests"]
    assert entry["operation"] == "cardAuthorize"
    assert (entry["dummy"], entry["mstatus"]) == (True, "success")
    assert set(entry) == {
        "number", "at", "operation", "method", "status", "dummy", "mstatus", "vResultCode",
    }  # fmt: skip


@pytest.mark.parametrize(
    "value", ['"\\ud800"', '"a\\udc00"', "[" * 900 + "]" * 900, "[" * 20_000 + "]" * 20_000]
)
def test_what_no_answer_could_repeat_is_not_read(mock: Driver, value: str) -> None:
    assert code(mock, signed(GOOD.replace('"x/é"', value))) == "ZA01"


def test_a_hash_that_is_no_ascii_does_not_fit(mock: Driver) -> None:
    assert code(mock, sealed(GOOD, "é" * 64)) == "ZA03"
    assert code(mock, sealed(GOOD, "\\ud800")) == "ZA03"


def test_numbers_beyond_reason_are_refused(mock: Driver) -> None:
    amount = {"action": "set", "amount": "9" * 5000}
    urls = {"returnUrl": "https://a.example/", "cancelUrl": "https://a.example/"}
    paypal = mock.post("paypal", "Authorize", {"orderId": "o-1", **amount, **urls})
    assert paypal.code == "ZF01"
    assert mock.post("search", "Search", {"maxCount": "9" * 5000}).code == "ZF01"
    common = {"amount": {"to": "9" * 5000}}
    found = mock.post("search", "Search", {"searchParameters": {"common": common}})
    assert found.code == "ZF01"
