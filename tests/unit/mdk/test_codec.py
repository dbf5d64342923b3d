"""The envelope on the wire: what is hashed is what is sent, and what comes is not touched."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import cast

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kessai import Environment, OutcomeUnknown, ValidationError
from kessai_mdk import models as m
from kessai_mdk import operations

from tests.unit.mdk.scripted import (
    CCID,
    COMMANDS,
    ORDER,
    SECRET,
    Script,
    answer,
    card,
    example,
    opened,
    said,
    sample,
)

pytestmark = pytest.mark.filterwarnings("ignore::kessai.errors.RequestWarning")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_hashed_as_it_is_sent(name: str) -> None:
    script = Script(answer(200, example(name)))
    with script.client() as mdk:
        operation = operations.OPERATIONS[name]
        mdk.raw(operation, sample(name))
    (request,) = script.requests
    sent = opened(request)
    digest = hashlib.sha256(f"{CCID}{sent.text}{SECRET}".encode()).hexdigest()
    assert sent.auth_hash == digest
    assert request.method == "POST"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.headers["accept-language"] == "ja"
    assert "=" not in request.content.decode()  # no form key, and every sign is encoded
    first, *rest = operation.path[1:].split("/")
    assert request.url.path == "/".join(("", f"test-{first}", *rest))
    assert list(sent.params)[-3:] == ["txnVersion", "dummyRequest", "merchantCcid"]
    own = (sent.params["txnVersion"], sent.params["dummyRequest"], sent.params["merchantCcid"])
    assert own == ("2.0.1", "1", CCID)
    assert json.dumps(sent.params, ensure_ascii=False, separators=(",", ":")) == sent.text
    assert not list(scalars(sent.params))


def scalars(value: object) -> Iterator[object]:
    """What is neither a text nor full of them; empty things included."""
    if isinstance(value, dict) and value:
        for one in cast("dict[str, object]", value).values():
            yield from scalars(one)
    elif isinstance(value, list) and value:
        for one in cast("list[object]", value):
            yield from scalars(one)
    elif not isinstance(value, str) or not value:
        yield value


def test_live_mode() -> None:
    script = Script(said())
    with script.client(environment="live") as mdk:
        mdk.card.authorize(card())
        script.then(answer(200, example("searchSearch")))
        mdk.search.search(sample("searchSearch"))
    paths = [request.url.path for request in script.requests]
    assert paths == ["/paynow/v2/Authorize/card", "/paynow-search/v2/Search/search"]
    assert [sent.params["dummyRequest"] for sent in script.sent] == ["0", "0"]
    assert str(script.requests[0].url).startswith("https://api3.veritrans.co.jp/")


def test_search_has_the_prefix_too() -> None:
    script = Script(answer(200, example("searchSearch")))
    with script.client() as mdk:
        mdk.search.search(sample("searchSearch"))
    assert script.requests[0].url.path == "/test-paynow-search/v2/Search/search"


def test_letters_are_not_escaped_and_empty_members_are_left_out() -> None:
    script = Script(said())
    request = m.CvsAuthorizeRequest(
        order_id=ORDER,
        service_option_type=m.CvsServiceOptionType.SEJ,
        amount=3300,
        name1="決済",
        name2="",
        pay_limit="2026/01/31",
        push_url="https://shop.example/push?a=1&b=+%20",
        option_params=[],
        pay_now_id_param=m.PayNowIdParam(memo1="", account_param=m.AccountParam()),
        unknown_members={
            "number": 5,
            "flag": True,
            "off": False,
            "none": None,
            "half": 1.5,
            "deep": {"list": [1, "", None, {}, {"a": ""}, [2]], "empty": {"x": []}},
        },
    )
    with script.client() as mdk:
        mdk.cvs.authorize(request)
    (sent,) = script.sent
    assert '"name1":"決済"' in sent.text
    assert "https://shop.example/push?a=1&b=+%20" in sent.text
    del sent.params["txnVersion"], sent.params["dummyRequest"], sent.params["merchantCcid"]
    assert sent.params == {
        "number": "5",
        "flag": "true",
        "off": "false",
        "half": "1.5",
        "deep": {"list": ["1", ["2"]]},
        "orderId": ORDER,
        "serviceOptionType": "sej",
        "amount": "3300",
        "name1": "決済",
        "payLimit": "2026/01/31",
        "pushUrl": "https://shop.example/push?a=1&b=+%20",
    }


@settings(max_examples=60)
@given(text=st.text(max_size=40).filter(lambda text: text.isprintable() or "\n" in text))
def test_any_text_arrives_as_it_is(text: str) -> None:
    script = Script(said())
    with script.client() as mdk:
        mdk.card.authorize(card(unknown_members={"note": text}))
    (sent,) = script.sent
    assert sent.params.get("note", "") == text
    digest = hashlib.sha256(f"{CCID}{sent.text}{SECRET}".encode()).hexdigest()
    assert sent.auth_hash == digest


class Amount(int):
    """A number that shows another."""

    def __str__(self) -> str:
        return "1"

    def __repr__(self) -> str:
        return "1"


def test_what_is_sent_is_the_number_that_was_checked() -> None:
    script = Script(said())
    with script.client() as mdk:
        mdk.card.authorize(card(unknown_members={"more": Amount(500)}))
    assert script.sent[0].params["more"] == "500"


@pytest.mark.parametrize("name", ["merchantCcid", "dummyRequest", "txnVersion", "authHash"])
def test_the_clients_own_members_are_no_members_of_a_request(name: str) -> None:
    script = Script(said())
    with script.client() as mdk, pytest.raises(ValidationError) as raised:
        mdk.card.authorize(card(unknown_members={name: "0"}))
    assert [(v.pointer, v.code) for v in raised.value.violations] == [(f"/{name}", "own")]
    with script.client(lift=[f"/{name}"]) as mdk:
        mdk.card.authorize(card(unknown_members={name: "0"}))
    assert script.sent[0].text.count(f'"{name}"') == 1
    assert list(script.sent[0].params)[-3:] == ["txnVersion", "dummyRequest", "merchantCcid"]
    assert script.sent[0].params["merchantCcid"] == CCID
    assert script.sent[0].params["dummyRequest"] == "1"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>maintenance</html>",
        b"[]",
        b"null",
        b'"success"',
        b"{}",
        b'{"result":null}',
        b'{"result":[]}',
        b'{"result":{}}',
        b'{"result":{"mstatus":1}}',
        b'{"result":{"mstatus":"success"',
        b'{"result":{"mstatus":"success","merrMsg":"\xe6\xb1"}}',
        '{"result":{"mstatus":"success"}}'.encode("utf-16"),
        '{"result":{"mstatus":"success","merrMsg":"決済"}}'.encode("cp932"),
        b"[" * 100000,
    ],
)
def test_a_body_that_says_nothing_leaves_the_outcome_open(content: bytes) -> None:
    script = Script(httpx2.Response(200, content=content))
    with script.client() as mdk, pytest.raises(OutcomeUnknown) as raised:
        mdk.card.authorize(card())
    assert len(script.requests) == 1
    assert raised.value.last_error is not None


ODD = [
    '<body onload="document.forms[0].submit()">\r\n\t<input value=\'a&amp;"b\'></body>',
    "\\/ \\u003c </script> \u2028 \u2029 \u0000 \x7f \ufeff <!-- ]]> %E6 + &#x3c;",
    "決済\U0001f4b4é﷽ " * 50,
    " leading and trailing \n",
]


@pytest.mark.parametrize("html", ODD)
@pytest.mark.parametrize("escaped", [False, True])
def test_html_for_the_browser_passes_through_byte_for_byte(html: str, escaped: bool) -> None:
    """However the gateway escapes it in JSON: solidus, unicode, or nothing it need not."""
    names = (
        ("mpiAuthorize", "resResponseContents", "res_response_contents"),
        ("oricoscAuthorize", "resResponseContents", "res_response_contents"),
        ("upopAuthorize", "entryForm", "entry_form"),
        ("alipayAuthorize", "entryForm", "entry_form"),
        ("carrierAuthorize", "responseContents", "response_contents"),
        ("carrierTerminate", "responseContents", "response_contents"),
        ("paypayAuthorize", "responseContents", "response_contents"),
    )
    for name, member, attribute in names:
        body = example(name)
        body["result"][member] = html
        text = json.dumps(body, ensure_ascii=escaped)
        content = (text.replace("/", "\\/") if escaped else text).encode()
        script = Script(httpx2.Response(200, content=content))
        with script.client() as mdk:
            came = mdk.raw(operations.OPERATIONS[name], sample(name))
        assert getattr(came.value.result, attribute) == html
        assert came.content == content


def test_the_token_server_has_no_envelope() -> None:
    body = {"token": "T", "status": "success", "code": "success", "message": "OK"}
    script = Script(answer(200, body))
    request = m.TokenRequest(
        token_api_key="7d2a9c64-5b1f-4f0e-9a3c-2f6f1f0e8b55",
        card_number="4111111111111111",
        card_expire="12/29",
    )
    with script.client() as mdk:
        assert mdk.token.token(request).token == "T"
    (sent,) = script.requests
    assert json.loads(sent.content) == {
        "token_api_key": "7d2a9c64-5b1f-4f0e-9a3c-2f6f1f0e8b55",
        "card_number": "4111111111111111",
        "card_expire": "12/29",
    }
    assert sent.headers["content-type"] == "application/json"
    assert str(sent.url) == "https://api3.veritrans.co.jp/4gtoken"
    environment = Environment(api="http://127.0.0.1:1", token="http://127.0.0.1:2/tokens")
    with script.client(environment=environment) as mdk:
        mdk.token.token(request)
    assert str(script.requests[-1].url) == "http://127.0.0.1:2/tokens/4gtoken"


def test_digests_do_not_change_with_the_secret() -> None:
    """What is unknown can be settled after the merchant's secret was changed."""
    script = Script(httpx2.ReadError("gone"))
    found: list[str] = []
    for secret in (SECRET, "ab" * 32):
        with script.client(merchant_secret_key=secret) as mdk:
            with pytest.raises(OutcomeUnknown) as raised:
                mdk.card.authorize(card())
            found.append(raised.value.digest)
    assert found[0] == found[1]
    assert script.sent[0].auth_hash != script.sent[1].auth_hash
