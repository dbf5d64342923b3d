"""Requests of the client that somebody changes on the way: the mock believes none of them.

The client's envelope and the mock's reading of it are two pieces of code, so whatever the mock
takes was sealed as the documents say, and whatever was changed afterwards is not. What comes back
by PUSH and browser is tampered with in `test_mdk_receivers*`; the proof of a sender alone, which
covers no values, is here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Generator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, unquote_plus, urlencode

import httpx2
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from kessai.errors import ReceiveError
from kessai_mdk import ResultService, StaleResultError, parse_result
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from tests.rules.mdk_bodies import COMMANDS
from tests.support.contract_mdk_client import sync_caller, sync_client
from tests.support.contract_mdk_mock import FORM, Mock
from tests.support.contract_mdk_told import Brought, Teller

DRAWN = settings(
    phases=[Phase.generate, Phase.shrink],
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
UNSEALED = {"ZA01", "ZA02", "ZA03", "ZA04", "ZA05"}
TRIED = ("alipayAuthorize", "cvsAuthorize", "carrierAuthorize", "searchSearch", "oricoscAuthorize")


@pytest.fixture(scope="module")
def sent(mdk_mock: Mock) -> list[httpx2.Request]:
    """Requests as the client sends them."""
    requests: list[httpx2.Request] = []
    with sync_client(mdk_mock, lambda request, response: requests.append(request)) as client:
        call = sync_caller(client)
        for name in TRIED:
            mdk_mock.reset()
            call(name, COMMANDS[name]())
    return requests


def post(mock: Mock, request: httpx2.Request, content: bytes) -> str:
    """The first block that a changed body is answered with."""
    answer = mock.app.send("POST", str(request.url), {"content-type": FORM}, content)
    assert answer.status == 200
    return str(answer.json()["result"]["vResultCode"])[:4]


def test_every_byte_counts(mdk_mock: Mock, sent: list[httpx2.Request]) -> None:
    mdk_mock.reset()

    @DRAWN
    @given(st.sampled_from(sent), st.data())
    def tampered(request: httpx2.Request, data: st.DataObject) -> None:
        body = request.content
        at = data.draw(st.integers(0, len(body) - 1))
        byte = bytes([data.draw(st.integers(0, 255))])
        changed = data.draw(
            st.sampled_from(
                [body[:at] + byte + body[at + 1 :], body[:at] + byte + body[at:],
                 body[:at] + body[at + 1 :], body[:at], body[:at] + body[at:] * 2]
            )
        )  # fmt: skip
        assume(_read(changed) != _read(body))  # %2f for %2F is the same text
        assert post(mdk_mock, request, changed) in UNSEALED, changed
        assert mdk_mock.gateway.orders == {}

    tampered()


def _read(body: bytes) -> str:
    return unquote_plus(body.decode("latin-1"), "utf-8", "replace")


def _hash(*parts: str) -> str:
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def _sealed(params: str, digest: str) -> bytes:
    return quote_plus(f'{{"params":{params},"authHash":"{digest}"}}').encode()


def _split(body: bytes) -> tuple[str, str]:
    whole = unquote_plus(body.decode())
    params, _, digest = whole.removeprefix('{"params":').rpartition(',"authHash":"')
    return params, digest.removesuffix('"}')


OTHER = "A100000000000000000002cc"
WAYS: dict[str, tuple[Callable[[str, str], bytes], str]] = {
    # Another amount, order or place for the PUSH under the same hash.
    "amount": (lambda p, h: _sealed(p.replace('"1000"', '"1"'), h), "ZA03"),
    "order": (lambda p, h: _sealed(p.replace("rule-1", "rule-2"), h), "ZA03"),
    "a member more": (lambda p, h: _sealed(f'{p[:-1]},"memo":"x"}}', h), "ZA03"),
    "members in another order": (
        lambda p, h: _sealed(json.dumps(dict(reversed(json.loads(p).items())), ensure_ascii=False,
                                        separators=(",", ":")), h), "ZA03"),
    "the same object, spaced": (lambda p, h: _sealed(json.dumps(json.loads(p)), h), "ZA03"),
    # Another hash: without the secret, with its bytes, of another merchant, in capitals.
    "no secret": (lambda p, h: _sealed(p, _hash(MERCHANT_CCID, p)), "ZA03"),
    "the secret's bytes": (
        lambda p, h: _sealed(p, hashlib.sha256(MERCHANT_CCID.encode() + p.encode() + bytes.fromhex(
            MERCHANT_SECRET_KEY)).hexdigest()), "ZA03"),
    "capitals": (lambda p, h: _sealed(p, h.upper()), "ZA03"),
    "no hash": (lambda p, h: _sealed(p, ""), "ZA03"),
    "another merchant": (
        lambda p, h: _sealed(p.replace(MERCHANT_CCID, OTHER),
                             _hash(OTHER, p.replace(MERCHANT_CCID, OTHER), MERCHANT_SECRET_KEY)),
        "ZA02"),
    # Live money by a request of dummy mode, sealed anew.
    "another mode": (
        lambda p, h: _sealed(
            p.replace('"dummyRequest":"1"', '"dummyRequest":"0"'),
            _hash(MERCHANT_CCID, p.replace('"dummyRequest":"1"', '"dummyRequest":"0"'),
                  MERCHANT_SECRET_KEY)), "ZA04"),
    # Other ways to write a body.
    "plain JSON": (lambda p, h: f'{{"params":{p},"authHash":"{h}"}}'.encode(), "ZA01"),
    "encoded twice": (lambda p, h: quote_plus(_sealed(p, h)).encode(), "ZA01"),
    "a form with a key": (lambda p, h: b"params=" + _sealed(p, h), "ZA01"),
    "in Shift_JIS": (
        lambda p, h: quote_plus(f'{{"params":{p},"authHash":"{h}"}}'.encode("cp932")).encode(),
        "ZA01"),
    "params twice": (
        lambda p, h: quote_plus(f'{{"params":{p},"params":{p},"authHash":"{h}"}}').encode(),
        "ZA01"),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_what_somebody_makes_of_an_envelope(
    way: str, mdk_mock: Mock, sent: list[httpx2.Request]
) -> None:
    mdk_mock.reset()
    change, code = WAYS[way]
    request = sent[TRIED.index("cvsAuthorize")]
    params, digest = _split(request.content)
    assert _sealed(params, digest) == request.content
    changed = change(params, digest)
    assert changed != request.content
    assert post(mdk_mock, request, changed) == code
    assert mdk_mock.gateway.orders == {}
    # %20 for + is no change, and then the order is there.
    same = quote(unquote_plus(request.content.decode()), safe="").encode()
    assert post(mdk_mock, request, same) == "D001"
    assert list(mdk_mock.gateway.orders) == ["rule-1"]


def test_a_request_of_dummy_mode_is_none_of_live_mode(
    mdk_mock: Mock, sent: list[httpx2.Request]
) -> None:
    mdk_mock.reset()
    for request in sent:
        live = str(request.url).replace("/test-", "/")
        answer = mdk_mock.app.send("POST", live, {"content-type": FORM}, request.content)
        assert answer.json()["result"]["vResultCode"][:4] == "ZA04"
    assert mdk_mock.gateway.orders == {}


# The proof of a sender: UnionPay's and Alipay's results.


@pytest.fixture(scope="module")
def brought() -> Generator[list[Brought]]:
    """What browsers bring back that proves its sender alone."""
    teller = Teller()
    teller.walk()
    yield [one for one in teller.brought if one.service in {"upop", "alipay"}]
    teller.close()


def _result(one: Brought, text: str, **more: Any) -> Any:
    service: ResultService = "upop" if one.service == "upop" else "alipay"
    told: dict[str, Any] = {"merchant_ccid": MERCHANT_CCID, "secret": MERCHANT_SECRET_KEY}
    return parse_result(text, service=service, **{**told, "now": one.at, **more})


def test_a_senders_proof_is_all_or_nothing(brought: list[Brought]) -> None:
    for one in brought:
        assert _result(one, one.text).verified == "sender"
        with pytest.raises(StaleResultError):
            _result(one, one.text, now=one.at + timedelta(days=1))
        for other in ({"secret": "00" * 32}, {"merchant_ccid": OTHER}):
            with pytest.raises(ReceiveError):
                _result(one, one.text, **other)

    @DRAWN
    @given(st.sampled_from(brought), st.data())
    def tampered(one: Brought, data: st.DataObject) -> None:
        fields = dict(parse_qsl(one.text, keep_blank_values=True))
        proof = fields["authInfo"]
        at = data.draw(st.integers(0, len(proof) - 1))
        letter = data.draw(st.characters(min_codepoint=33, max_codepoint=126))
        changed = data.draw(
            st.sampled_from(
                [proof[:at] + letter + proof[at + 1 :], proof[:at] + letter + proof[at:],
                 proof[:at] + proof[at + 1 :], proof[:at], ""]
            )
        )  # fmt: skip
        assume(changed != proof)
        with pytest.raises(ReceiveError):
            _result(one, urlencode({**fields, "authInfo": changed}))

    tampered()


def test_a_wrong_secret_pays_nothing(mdk_mock: Mock) -> None:
    mdk_mock.reset()
    with sync_client(mdk_mock, secret="ab" * 32) as client, pytest.raises(Exception, match="ZA03"):
        sync_caller(client)("cvsAuthorize", COMMANDS["cvsAuthorize"]())
    assert mdk_mock.gateway.orders == {}
