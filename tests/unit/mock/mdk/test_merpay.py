"""Merpay: online, by barcode, agreements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk.customers import (
    CANCELLED,
    DONE,
    PUSH,
    URLS,
    by_v_auth_info,
    choose,
    never_back,
    told,
)
from tests.unit.mock.mdk.driver import Driver

BACK = {name: URLS[name] for name in ("successUrl", "cancelUrl", "pushUrl")}


def body(order_id: str = "o-1", *, capture: bool = False, **more: str) -> dict[str, Any]:
    return {
        "orderId": order_id,
        "serviceOptionType": "online",
        "amount": "1000",
        "accountingType": "0",
        "withCapture": "true" if capture else "false",
        **BACK,
        **more,
    }


def order(order_id: str = "o-1", option: str = "online", **more: str) -> dict[str, Any]:
    return {"orderId": order_id, "serviceOptionType": option, **more}


def again(order_id: str = "r-1", **more: str) -> dict[str, Any]:
    return order(order_id, originalOrderId="o-1", amount="500", **more)


def paid(mock: Driver, whole: dict[str, Any] | None = None) -> None:
    url = mock.done("merpay", "Authorize", whole or body())["paymentUrl"]
    assert by_v_auth_info("merpay", choose(mock, url)).address == DONE


@pytest.mark.parametrize("capture", [True, False])
def test_online(mock: Driver, capture: bool) -> None:
    paid(mock, body(capture=capture))
    [record] = mock.records
    assert (record["txnType"], record["vResultCode"]) == ("Authorize", "K001000000000000")
    assert mock.balances()["merchant" if capture else "hold"] == 1000


@pytest.mark.parametrize(("outcome", "code"), [("cancel", "KGU1"), ("fail", "KG10")])
def test_only_success_is_told(mock: Driver, outcome: str, code: str) -> None:
    url = mock.done("merpay", "Authorize", body())["paymentUrl"]
    came = by_v_auth_info("merpay", choose(mock, url, outcome))
    assert (came.address, came.fields["vResultCode"][:4]) == (CANCELLED, code)
    assert (mock.pushed, mock.status("o-1")) == ([], "FAILED")


def test_a_closed_browser(mock: Driver) -> None:
    never_back(mock, mock.done("merpay", "Authorize", body())["paymentUrl"])
    mock.pay("o-1")
    assert told(mock) == [("Authorize", "success")]


def test_capture_a_part_then_refund(mock: Driver) -> None:
    paid(mock)
    mock.done("merpay", "Capture", order(amount="800"))
    done = mock.done("merpay", "Refund", order(amount="300"))
    assert (done["balance"], len(done["inquiryCode"])) == ("500", 20)
    assert mock.post("merpay", "Cancel", order()).code == "NH02"
    assert mock.post("merpay", "Refund", order(amount="501")).code == "ZF02"
    mock.done("merpay", "Refund", order(amount="500"))
    assert mock.status("o-1") == "REFUNDED"
    assert mock.balances()["customer"] == 0
    assert [kind for kind, _ in told(mock)] == ["Authorize", "Capture", "Refund", "Refund"]


@pytest.mark.parametrize("capture", [True, False])
def test_by_barcode_at_once_and_cancelled(mock: Driver, capture: bool) -> None:
    whole = body(serviceOptionType="barcode", oneTimeCode="2876344382566439", capture=capture)
    done = mock.done("merpay", "Authorize", whole)
    assert mock.balances()["merchant" if capture else "hold"] == 1000
    assert mock.post("merpay", "Cancel", order()).code == "ZF01"
    cancelled = mock.done("merpay", "Cancel", order(option="barcode"))
    assert cancelled["merpayProcessingId"] == done["merpayProcessingId"]
    assert mock.status("o-1") == "CANCELLED"
    assert mock.balances()["customer"] == 0


def test_an_agreement_is_charged_and_ended(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with(push_url=PUSH)  # ReAuthorize names none
    paid(mock, {n: v for n, v in body(accountingType="1").items() if n != "amount"})
    assert (mock.status("o-1"), mock.balances()["customer"]) == ("ACTIVE", 0)
    done = mock.done("merpay", "ReAuthorize", again())
    assert done["originalOrderId"] == "o-1"
    mock.done("merpay", "ReAuthorize", again("r-2", withCapture="true"))
    assert mock.balances() == {"customer": -1000, "hold": 500, "gateway": 0, "merchant": 500}
    mock.done("merpay", "Terminate", order())
    assert mock.post("merpay", "ReAuthorize", again("r-3")).code == "NH02"
    assert mock.post("merpay", "Terminate", order()).code == "NH02"
    # What was charged under it is not ended with it.
    mock.done("merpay", "Capture", order("r-1"))
    kinds = ["Authorize", "ReAuthorize", "ReAuthorize", "Terminate", "Capture"]
    assert [kind for kind, _ in told(mock)] == kinds


def test_a_payment_is_no_agreement(mock: Driver) -> None:
    paid(mock)
    assert mock.post("merpay", "ReAuthorize", again()).code == "NH02"
    assert mock.post("merpay", "Terminate", order()).code == "NH02"


@pytest.mark.parametrize("member", ["amount", "successUrl", "cancelUrl"])
def test_what_online_needs(mock: Driver, member: str) -> None:
    short = {n: v for n, v in body().items() if n != member}
    assert mock.post("merpay", "Authorize", short).code == "ZF01"
    mock.done("merpay", "Authorize", body())


def test_a_provider_that_has_not_decided(mock: Driver) -> None:
    paid(mock)
    mock.next(operation="merpayCapture", provider="KED1")
    assert mock.post("merpay", "Capture", order(amount="400")).mstatus == "pending"
    assert mock.balances()["hold"] == 1000
    assert mock.admin("settle/o-1", {"vResultCode": "KG10"}).json()["mstatus"] == "failure"
    assert mock.balances()["hold"] == 1000
    mock.done("merpay", "Capture", order(amount="400"))
    assert mock.balances()["merchant"] == 400
