"""What all services with a customer's page have in common: left open, refused, run out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk import (
    test_alipay,
    test_carrier,
    test_merpay,
    test_oricosc,
    test_paypal,
    test_paypay,
    test_rakuten,
    test_upop,
)
from tests.unit.mock.mdk.customers import DAY, PUSH, back, choose, history
from tests.unit.mock.mdk.driver import Driver

APPLICATIONS: dict[str, dict[str, Any]] = {
    "upop": test_upop.body(),
    "paypal": test_paypal.setting(),
    "alipay": test_alipay.body(),
    "carrier": test_carrier.body(),
    "oricosc": test_oricosc.body(),
    "paypay": test_paypay.body(),
    "rakuten": test_rakuten.body(),
    "merpay": test_merpay.body(),
}
AGREEMENTS = {
    "carrier": test_carrier.body(kind="4"),
    "paypay": test_paypay.agreement(),
    "rakuten": test_rakuten.body(accountingType="1"),
    "merpay": test_merpay.body(accountingType="1"),
}
CHARGES = {
    "carrier": test_carrier.again(),
    "paypay": test_paypay.again(),
    "rakuten": test_rakuten.again(),
    "merpay": test_merpay.again(),
}
PAGES = ("entryForm", "loginUrl", "responseContents", "resResponseContents", "paymentUrl")
services = pytest.mark.parametrize("service", sorted(APPLICATIONS))


def page_of(result: dict[str, Any]) -> str:
    """Where an application sends the customer."""
    return next(str(result[name]) for name in PAGES if name in result)


@services
@pytest.mark.parametrize(("code", "status"), [(None, "APPLIED"), ("ZD01", "FAILED")])
def test_an_application_left_open(
    mock: Driver, service: str, code: str | None, status: str
) -> None:
    mock.next(operation=f"{service}Authorize", provider="ZW00")
    answer = mock.post(service, "Authorize", APPLICATIONS[service])
    assert (answer.mstatus, mock.status("o-1")) == ("pending", "PENDING")
    assert not any(name in answer.result for name in PAGES)
    assert history(mock) == [("Authorize", "pending")]
    settled = mock.admin("settle/o-1", {} if code is None else {"vResultCode": code})
    assert settled.json()["status"] == status
    assert history(mock) == [("Authorize", "failure" if code else "success")]
    assert mock.balances()["customer"] == 0


@services
def test_an_application_refused_takes_its_number_with_it(mock: Driver, service: str) -> None:
    mock.next(operation=f"{service}Authorize", provider="ZD01")
    assert mock.post(service, "Authorize", APPLICATIONS[service]).code == "ZD01"
    assert mock.status("o-1") == "FAILED"
    assert mock.post(service, "Authorize", APPLICATIONS[service]).code == "ZN02"


@services
def test_an_order_is_of_one_mode(mock: Driver, service: str) -> None:
    mock.done(service, "Authorize", APPLICATIONS[service], dummy=False)
    assert mock.post(service, "Authorize", APPLICATIONS[service]).code == "ZN02"
    page = page_of(mock.done(service, "Authorize", {**APPLICATIONS[service], "orderId": "o-2"}))
    choose(mock, page)
    mock.advance(3600)
    assert all(record["dummy"] == "1" for record in mock.records)


@services
def test_the_contents_name_the_mock_alone(mock: Driver, service: str) -> None:
    result = mock.done(service, "Authorize", APPLICATIONS[service])
    page = page_of(result)
    address = Driver.form(page)[0] if page.startswith("<") else page
    assert address.startswith(f"http://127.0.0.1:8803/pages/{service}/")
    assert len(page) <= 2048


@services
def test_a_return_keeps_what_the_merchant_put_into_its_address(mock: Driver, service: str) -> None:
    named = {"termUrl", "returnUrl", "successUrl", "merchantRedirectionUrl"}
    whole = {
        name: f"{value}?session=s%261" if name in named else value
        for name, value in APPLICATIONS[service].items()
    }
    answer = choose(mock, page_of(mock.done(service, "Authorize", whole)))
    if answer.status == 302:
        assert back(answer).fields["session"] == "s&1"
    else:
        assert back(answer).address.endswith("?session=s%261")


@pytest.mark.parametrize("service", sorted(AGREEMENTS))
@pytest.mark.parametrize("capture", [True, False])
@pytest.mark.parametrize("open_", [True, False])
def test_a_charge_under_an_agreement(
    mock_with: Callable[..., Driver], service: str, capture: bool, open_: bool
) -> None:
    mock = mock_with(push_url=PUSH)
    agreement = {n: v for n, v in AGREEMENTS[service].items() if n != "withCapture"}
    choose(mock, page_of(mock.done(service, "Authorize", agreement)))
    body = CHARGES[service]
    if service != "paypay":
        body = {**body, "withCapture": "true" if capture else "false"}
    if open_:
        mock.next(operation=f"{service}ReAuthorize", provider="ZW00")
        assert mock.post(service, "ReAuthorize", body).mstatus == "pending"
        assert mock.balances()["customer"] == 0
        assert mock.admin("settle/r-1").json()["mstatus"] == "success"
    else:
        mock.done(service, "ReAuthorize", body)
    taken = capture or service == "paypay"
    assert mock.balances()["merchant" if taken else "hold"] == 500
    mock.advance(60 * DAY)
    assert mock.status("r-1") == ("CAPTURED" if taken else "EXPIRED")
    assert mock.balances()["hold"] == 0


@pytest.mark.parametrize("service", sorted(AGREEMENTS))
def test_a_charge_refused_leaves_the_agreement(mock: Driver, service: str) -> None:
    choose(mock, page_of(mock.done(service, "Authorize", AGREEMENTS[service])))
    mock.next(operation=f"{service}ReAuthorize", provider="ZD01")
    assert mock.post(service, "ReAuthorize", CHARGES[service]).code == "ZD01"
    assert (mock.status("o-1"), mock.status("r-1")) == ("ACTIVE", "FAILED")
    mock.next(operation=f"{service}ReAuthorize", provider="ZW00")
    mock.post(service, "ReAuthorize", {**CHARGES[service], "orderId": "r-2"})
    mock.admin("settle/r-2", {"vResultCode": "ZD01"})
    assert mock.status("r-2") == "FAILED"
    assert mock.balances()["customer"] == 0


def test_a_charge_settled_after_its_agreement_ended(mock: Driver) -> None:
    choose(mock, page_of(mock.done("merpay", "Authorize", AGREEMENTS["merpay"])))
    mock.next(operation="merpayReAuthorize", provider="KED1")
    mock.post("merpay", "ReAuthorize", CHARGES["merpay"])
    mock.done("merpay", "Terminate", test_merpay.order())
    assert mock.admin("settle/r-1").json()["mstatus"] == "failure"
    assert (mock.status("r-1"), mock.balances()["customer"]) == ("FAILED", 0)


@pytest.mark.parametrize("service", ["paypal", "carrier", "paypay", "rakuten", "merpay", "upop"])
def test_a_hold_runs_out_for_every_service(mock: Driver, service: str) -> None:
    answer = choose(mock, page_of(mock.done(service, "Authorize", APPLICATIONS[service])))
    if service == "paypal":
        mock.done("paypal", "Authorize", test_paypal.step("do", back(answer)))
    assert mock.status("o-1") == "AUTHORIZED"
    mock.advance(60 * DAY)
    assert mock.status("o-1") == "EXPIRED"
    assert mock.balances()["customer"] == 0


def test_a_signed_text_may_only_hold(mock: Driver) -> None:
    whole = test_paypay.body(onlinePaymentType="1")
    came = back(choose(mock, page_of(mock.done("paypay", "Authorize", whole))))
    text = test_paypay.order(jws=came.fields["jws"])
    mock.done("paypay", "AuthorizeConfirm", text)
    assert mock.balances()["hold"] == 1000


@pytest.mark.parametrize("capture", [True, False])
def test_a_barcode_of_rakuten_that_waits(mock: Driver, capture: bool) -> None:
    mock.next(operation="rakutenAuthorize", provider="FED1")
    mock.post("rakuten", "Authorize", test_rakuten.scanned(capture=capture))
    mock.pay("o-1")
    assert mock.balances()["merchant" if capture else "hold"] == 1000


@pytest.mark.parametrize("provider", ["ZW00", "W003"])
def test_a_barcode_of_a_carrier(mock: Driver, provider: str) -> None:
    mock.next(operation="carrierAuthorize", provider=provider)
    answer = mock.post("carrier", "Authorize", test_carrier.body(option="au", kind="2"))
    if provider == "ZW00":
        assert answer.mstatus == "pending"
        mock.admin("settle/o-1")
    assert (mock.status("o-1"), mock.balances()["hold"]) == ("AUTHORIZED", 1000)
