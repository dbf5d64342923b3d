"""Requests on the wire, and answers as they are read: forms, amounts, metadata, phone numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import RequestWarning, ValidationError
from kessai.model import Timestamp
from kessai_univapay import models as m

from tests.unit.univapay.scripted import (
    CHARGE,
    SECRET,
    STORE,
    TOKEN,
    Either,
    Script,
    answer,
    charge,
    charge_of,
    konbini,
    refund,
    refund_of,
    token_of,
)

MAIL = "hanako@customer.example.com"
ONE_TIME = m.TokenType.ONE_TIME
PHONE = m.PhoneNumberRequest(country_code="81", local_number="9012345678")

TOKENS: dict[str, tuple[Any, dict[str, Any]]] = {
    "konbini": (
        konbini(expiration_period="P7D", expiration_time_shift="23:59:59+09:00"),
        {
            "customer_name": "山田 花子",
            "convenience_store": "seven_eleven",
            "phone_number": {"country_code": "81", "local_number": "0312345678"},
            "expiration_period": "P7D",
            "expiration_time_shift": "23:59:59+09:00",
        },
    ),
    "card": (
        m.CardTokenRequest(
            type=m.TokenType.RECURRING,
            email=MAIL,
            usage_limit=m.UsageLimit.MONTHLY,
            data=m.CardRequestData(
                cardholder="HANAKO YAMADA",
                card_number="4000020000000000",
                exp_month="12",
                exp_year="2030",
                cvv="123",
                phone_number=PHONE,
                three_ds=m.CardThreeDsRequest(enabled=True, redirect_endpoint="https://b.example"),
            ),
        ),
        {
            "cardholder": "HANAKO YAMADA",
            "card_number": "4000020000000000",
            "exp_month": "12",
            "exp_year": "2030",
            "cvv": "123",
            "phone_number": {"country_code": "81", "local_number": "9012345678"},
            "three_ds": {"enabled": True, "redirect_endpoint": "https://b.example"},
        },
    ),
    "online": (
        m.OnlineTokenRequest(
            type=ONE_TIME,
            data=m.OnlineRequestData(
                brand=m.OnlineBrand.ALIPAY_ONLINE,
                call_method=m.OnlineCallMethod.WEB,
                os_type=m.OsType.IOS,
            ),
        ),
        {"brand": "alipay_online", "call_method": "web", "os_type": "ios"},
    ),
    "bank_transfer": (
        m.BankTransferTokenRequest(
            type=ONE_TIME,
            email=MAIL,
            data=m.BankTransferRequestData(brand="aozora_bank", expiration_period="P7D"),
        ),
        {"brand": "aozora_bank", "expiration_period": "P7D"},
    ),
    "qr_scan": (
        m.QrScanTokenRequest(
            type=ONE_TIME, email=MAIL, data=m.QrScanRequestData(scanned_qr="2800000000000000")
        ),
        {"scanned_qr": "2800000000000000"},
    ),
    "qr_merchant": (
        m.QrMerchantTokenRequest(
            type=ONE_TIME, email=MAIL, data=m.QrMerchantRequestData(brand="alipay_merchant_qr")
        ),
        {"brand": "alipay_merchant_qr"},
    ),
    "paidy": (
        m.PaidyTokenRequest(
            type=ONE_TIME,
            email=MAIL,
            data=m.PaidyRequestData(
                paidy_token="tok_1",
                shipping_address=m.PaidyAddressRequest(zip="150-0041", city="渋谷区"),
            ),
        ),
        {"paidy_token": "tok_1", "shipping_address": {"zip": "150-0041", "city": "渋谷区"}},
    ),
}


@pytest.mark.parametrize("flavour", ["sync", "async"])
@pytest.mark.parametrize("kind", TOKENS)
def test_every_means_of_payment_on_the_wire(flavour: str, kind: str) -> None:
    """The tag says which it is; what is not given is not sent."""
    request, data = TOKENS[kind]
    script = Script(answer(201, token_of()))
    Either(flavour, script).do(lambda u: u.tokens.create(request))
    body = script.bodies[0]
    assert body["payment_type"] == kind
    assert body["data"] == data
    assert set(body) - {"payment_type", "data"} <= {"type", "email", "usage_limit"}
    assert script.requests[0].headers["content-type"] == "application/json"
    assert script.keys[0]


@pytest.mark.parametrize("store", m.ConvenienceStore)
def test_all_stores(store: m.ConvenienceStore) -> None:
    script = Script(answer(201, token_of()))
    Either("sync", script).do(lambda u: u.tokens.create(konbini(store)))
    assert script.bodies[0]["data"]["convenience_store"] == str(store)
    assert len(m.ConvenienceStore) == 8


def test_a_token_comes_back_as_its_kind() -> None:
    script = Script(answer(201, token_of()))
    token = Either("sync", script).do(lambda u: u.tokens.create(konbini()))
    assert isinstance(token, m.KonbiniToken)
    assert token.data.phone_number is not None
    assert token.data.phone_number.country_code == 81  # a number in answers
    assert token.data.expiration_period == "PT168H"
    script.then(answer(201, token_of(payment_type="seashells", data={"shells": 7})))
    odd = Either("sync", script).do(lambda u: u.tokens.create(konbini()))
    assert type(odd).__name__ == "UnknownVariant"
    assert odd.data["data"] == {"shells": 7}


@pytest.mark.parametrize(
    "amount", [("1100", 1100), (1100, 1100), ("0", 0), ("-300", -300)], ids=str
)
def test_amounts_come_as_numbers_and_as_texts(amount: Any) -> None:
    """The guide has texts, the libraries numbers; here they are always int."""
    came, read = amount
    script = Script(
        answer(200, charge_of("successful", requested_amount=came, charged_amount=came))
    )
    with script.client() as univapay:
        got = univapay.charges.get(store_id=STORE, charge_id=CHARGE)
    assert (got.requested_amount, got.charged_amount) == (read, read)
    assert type(got.requested_amount) is type(got.charged_amount) is int


@given(st.integers(1, 99_999_999))
def test_amounts_survive_the_round_trip(amount: int) -> None:
    script = Script(lambda sent: answer(201, charge_of(requested_amount=_amount(sent))))
    with script.client() as univapay:
        assert univapay.charges.create(charge(amount)).requested_amount == amount
    assert script.bodies[0]["amount"] == amount


def _amount(request: httpx2.Request) -> str:
    return str(json.loads(request.content)["amount"])


def test_a_charge_with_everything() -> None:
    request = charge(
        capture=False,
        capture_at=Timestamp.parse("2026-01-20T03:00:00Z"),
        metadata={"orderid": "B-1", "flags": [1, "a", None, True], "note": None},
        client_metadata=m.ChargeRequestClientMetadata(ip_address="192.0.2.7"),
        redirect=m.ChargeRequestRedirect(endpoint="https://books.example.com/back"),
        three_ds=m.ThreeDsRequest(mode=m.ThreeDsMode.REQUIRE),
        only_direct_currency=True,
    )
    script = Script(answer(201, charge_of()))
    Either("sync", script).do(lambda u: u.charges.create(request))
    assert script.bodies == [
        {
            "transaction_token_id": TOKEN,
            "amount": 1100,
            "currency": "JPY",
            "capture": False,
            "capture_at": "2026-01-20T03:00:00Z",
            "metadata": {"orderid": "B-1", "flags": [1, "a", None, True], "note": None},
            "client_metadata": {"ip_address": "192.0.2.7"},
            "redirect": {"endpoint": "https://books.example.com/back"},
            "three_ds": {"mode": "require"},
            "only_direct_currency": True,
        }
    ]


def test_metadata_comes_back_as_it_comes() -> None:
    """The guide sends "12345" and prints a number."""
    script = Script(answer(201, charge_of(metadata={"orderid": 123456, "f": 1.5, "l": [1, "a"]})))
    made = Either("sync", script).do(lambda u: u.charges.create(charge(metadata={"orderid": "1"})))
    assert made.metadata == {"orderid": 123456, "f": 1.5, "l": [1, "a"]}


@pytest.mark.parametrize(
    ("metadata", "pointer"),
    [
        ({"a": {"b": 1}}, "/metadata/a"),
        ({"a": [[1]]}, "/metadata/a"),
        ({"a": [{"b": 1}]}, "/metadata/a"),
        ({"a": ((1,),)}, "/metadata/a"),
        ({"a/b~c": {}}, "/metadata/a~1b~0c"),
        ({"a": float("nan")}, "/metadata/a"),
        ({"a": [1, float("-inf")]}, "/metadata/a"),
        ({7: "a"}, "/metadata"),
        ("text", "/metadata"),
    ],
)
@pytest.mark.parametrize("act", ["tokens", "charges", "refunds", "charges_update"])
def test_metadata_is_flat(metadata: Any, pointer: str, act: str) -> None:
    """A nested value is refused by the gateway, and here before anything leaves."""
    script = Script(answer(201, charge_of()))
    token, update = konbini(), m.ChargeUpdateRequest(metadata=metadata)
    token.metadata = metadata
    path = {"store_id": STORE, "charge_id": CHARGE}
    acts: dict[str, Callable[[Any], Any]] = {
        "tokens": lambda u: u.tokens.create(token),
        "charges": lambda u: u.charges.create(charge(metadata=metadata)),
        "refunds": lambda u: u.refunds.create(refund(metadata=metadata), **path),
        "charges_update": lambda u: u.charges.update(update, **path),
    }
    with pytest.raises(ValidationError) as caught:
        Either("sync", script).do(acts[act])
    assert [violation.pointer for violation in caught.value.violations] == [pointer]
    assert script.requests == []


@pytest.mark.parametrize("number", ["０３１２３４５６７８", "03 1234 5678", "+81312345678"])
def test_a_number_in_other_characters_warns(number: str) -> None:
    """As keyboards of the country have them; no document says whether the gateway reads them."""
    token = konbini()
    token.data.phone_number = m.JapanesePhoneNumber(local_number=number)
    script = Script(answer(201, token_of()))
    with script.client() as univapay, pytest.warns(RequestWarning, match="/local_number"):
        univapay.tokens.create(token)
    assert script.bodies[0]["data"]["phone_number"]["local_number"] == number


def test_what_only_warns() -> None:
    """An address that one page wants, and a deadline beside a capture at once."""
    token = konbini()
    token.email = None
    script = Script(answer(201, token_of()), answer(201, charge_of()))
    with script.client() as univapay:
        with pytest.warns(RequestWarning, match="/email"):
            univapay.tokens.create(token)
        with pytest.warns(RequestWarning, match="/capture_at"):
            univapay.charges.create(
                charge(capture=True, capture_at=Timestamp.parse("2026-01-20T03:00:00Z"))
            )
    assert len(script.requests) == 2


@pytest.mark.parametrize("kind", ["online", "qr_scan"])
def test_some_means_are_for_one_charge_only(kind: str) -> None:
    from copy import copy

    request = copy(TOKENS[kind][0])
    request.type = m.TokenType.RECURRING
    script = Script(answer(201, token_of()))
    with script.client() as univapay, pytest.raises(ValidationError) as caught:
        univapay.tokens.create(request)
    assert [violation.pointer for violation in caught.value.violations] == ["/type"]


def test_ids_cannot_leave_their_place_in_the_path() -> None:
    script = Script(answer(200, charge_of()))
    with script.client() as univapay:
        univapay.charges.get(store_id="a/../b?c#d", charge_id="e f")
        for odd in ("", ".", ".."):
            with pytest.raises(ValidationError):
                univapay.charges.get(store_id=STORE, charge_id=odd)
    assert [r.url.raw_path for r in script.requests] == [
        b"/stores/a%2F..%2Fb%3Fc%23d/charges/e%20f"
    ]


def test_a_capture_answers_with_nothing() -> None:
    script = Script(httpx2.Response(200, json={}), answer(201, refund_of()))
    with script.client() as univapay:
        univapay.captures.create(
            m.CaptureRequest(amount=1000, currency="JPY"), store_id=STORE, charge_id=CHARGE
        )
        made = univapay.refunds.create(
            refund(reason=m.RefundReasonRequest.CUSTOMER_REQUEST),
            store_id=STORE,
            charge_id=CHARGE,
        )
    assert script.asked == [
        "POST /stores/store/charges/charge/capture",
        "POST /stores/store/charges/charge/refunds",
    ]
    assert made.status == m.RefundStatus.PENDING
    assert script.requests[0].headers["authorization"].startswith(f"Bearer {SECRET}.")
