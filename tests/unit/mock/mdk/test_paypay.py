"""PayPay: online, by barcode, with a signed text, and agreements."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock.mdk.customers import (
    CANCELLED,
    DONE,
    FAILED,
    PUSH,
    URLS,
    by_v_auth_info,
    choose,
    history,
    never_back,
    told,
)
from tests.unit.mock.mdk.driver import Driver


def body(order_id: str = "o-1", *, capture: bool = False, **more: str) -> dict[str, Any]:
    return {
        "orderId": order_id,
        "serviceOptionType": "online",
        "accountingType": "0",
        "amount": "1000",
        "withCapture": "true" if capture else "false",
        "itemName": "けっさいのほん",
        "itemId": "BOOK-1",
        **URLS,
        **more,
    }


def agreement() -> dict[str, Any]:
    return {n: v for n, v in body(accountingType="1").items() if n != "amount"}


def order(order_id: str = "o-1", **more: str) -> dict[str, Any]:
    return {"orderId": order_id, "serviceOptionType": "online", **more}


def again(order_id: str = "r-1", **more: str) -> dict[str, Any]:
    return order(order_id, originalOrderId="o-1", amount="500", pushUrl=PUSH, **more)


def begun(mock: Driver, whole: dict[str, Any]) -> dict[str, Any]:
    done = mock.done("paypay", "Authorize", whole)
    assert Driver.form(done["responseContents"])[0] == done["authStartUrl"]
    return done


def paid(mock: Driver, whole: dict[str, Any] | None = None) -> None:
    by_v_auth_info("paypay", choose(mock, begun(mock, whole or body())["authStartUrl"]))


@pytest.mark.parametrize("capture", [True, False])
@pytest.mark.parametrize("by", ["authStartUrl", "responseContents"])
def test_online(mock: Driver, capture: bool, by: str) -> None:
    done = begun(mock, body(capture=capture))
    came = by_v_auth_info("paypay", choose(mock, done[by]))
    assert came.address == DONE
    assert came.fields["vResultCode"] == "1001000000000000"
    [record] = mock.records
    assert (record["txnType"], record["mstatus"]) == ("Authorize", "success")
    assert record["paypayOrderId"] == done["paypayOrderId"]
    assert mock.balances()["merchant" if capture else "hold"] == 1000


@pytest.mark.parametrize(("outcome", "address"), [("cancel", CANCELLED), ("fail", FAILED)])
def test_only_success_is_told(mock: Driver, outcome: str, address: str) -> None:
    url = begun(mock, body())["authStartUrl"]
    came = by_v_auth_info("paypay", choose(mock, url, outcome))
    assert (came.address, came.fields["mstatus"]) == (address, "failure")
    assert (mock.pushed, mock.status("o-1")) == ([], "FAILED")


def test_a_closed_browser_and_a_payment_in_the_app(mock: Driver) -> None:
    never_back(mock, begun(mock, body())["authStartUrl"])
    mock.pay("o-1")
    assert told(mock) == [("Authorize", "success")]


def test_by_barcode_at_once(mock: Driver) -> None:
    whole = body(serviceOptionType="barcode", oneTimeCode="28763443825664394")
    done = mock.done("paypay", "Authorize", whole)
    assert done["paypayPaidDatetime"] == "20260105100000"
    assert mock.balances()["merchant"] == 1000
    refund = {**order(amount="300"), "serviceOptionType": "barcode"}
    assert mock.done("paypay", "Refund", refund)["balance"] == "700"


def test_capture_then_refund_in_parts(mock: Driver) -> None:
    paid(mock)
    assert mock.post("paypay", "Refund", order(amount="1")).code == "NH02"
    done = mock.done("paypay", "Capture", order(amount="800"))
    assert (done["balance"], done["paypayCapturedDatetime"]) == ("800", "20260105100000")
    assert mock.balances()["customer"] == -800
    assert mock.post("paypay", "Cancel", order()).code == "NH02"
    assert mock.done("paypay", "Refund", order(amount="300"))["balance"] == "500"
    assert mock.post("paypay", "Refund", order(amount="501")).code == "ZF02"
    assert mock.done("paypay", "Refund", order(amount="500"))["balance"] == "0"
    assert mock.status("o-1") == "REFUNDED"
    assert [kind for kind, _ in told(mock)] == ["Authorize", "Capture", "Refund", "Refund"]


def test_cancel_is_for_what_is_held(mock: Driver) -> None:
    paid(mock)
    assert "paypayCancelledDatetime" in mock.done("paypay", "Cancel", order())
    assert mock.status("o-1") == "CANCELLED"
    assert mock.balances()["customer"] == 0


def test_a_signed_text_completes_the_payment(mock: Driver) -> None:
    done = begun(mock, body(capture=True, onlinePaymentType="1"))
    came = by_v_auth_info("paypay", choose(mock, done["authStartUrl"]))
    assert mock.balances()["customer"] == 0
    assert mock.pushed == []
    jws = came.fields["jws"]
    assert mock.post("paypay", "AuthorizeConfirm", order(jws="a.b.c")).code == "ZF01"
    confirmed = mock.done("paypay", "AuthorizeConfirm", order(jws=jws))
    assert confirmed["paypayOrderId"] == done["paypayOrderId"]
    assert mock.balances()["merchant"] == 1000
    assert told(mock) == [("AuthorizeConfirm", "success")]
    assert mock.post("paypay", "AuthorizeConfirm", order(jws=jws)).code == "NH02"


def test_a_signed_text_is_not_made_for_who_gives_up(mock: Driver) -> None:
    url = begun(mock, body(onlinePaymentType="1"))["authStartUrl"]
    came = by_v_auth_info("paypay", choose(mock, url, "cancel"))
    assert (came.address, "jws" in came.fields) == (CANCELLED, False)
    assert mock.status("o-1") == "FAILED"


def test_an_agreement_is_charged_and_ended(mock: Driver) -> None:
    paid(mock, agreement())
    assert (mock.status("o-1"), mock.balances()["customer"]) == ("ACTIVE", 0)
    done = mock.done("paypay", "ReAuthorize", again())
    assert (done["originalOrderId"], len(done["paypayOrderId"])) == ("o-1", 14)
    assert mock.balances()["merchant"] == 500
    ended = mock.done("paypay", "Terminate", order(force="true", **URLS))
    assert ended["paypayTerminatedDatetime"] == "20260105100000"
    assert len(ended["userKey"]) == 32
    assert mock.post("paypay", "ReAuthorize", again("r-2")).code == "NH02"
    assert [kind for kind, _ in told(mock)] == ["Authorize", "ReAuthorize", "Terminate"]


def test_an_agreement_ended_with_the_customer(mock: Driver) -> None:
    paid(mock, agreement())
    done = mock.done("paypay", "Terminate", order(**URLS))
    assert by_v_auth_info("paypay", choose(mock, done["authStartUrl"], "fail")).address == FAILED
    assert mock.status("o-1") == "ACTIVE"
    assert by_v_auth_info("paypay", choose(mock, done["responseContents"])).address == DONE
    assert mock.status("o-1") == "TERMINATED"
    assert told(mock)[-1] == ("Terminate", "success")


def test_a_payment_is_no_agreement(mock: Driver) -> None:
    paid(mock)
    assert mock.post("paypay", "ReAuthorize", again()).code == "NH02"
    assert mock.post("paypay", "Terminate", order()).code == "NH02"


def test_too_little_money_ends_it_or_waits(mock: Driver) -> None:
    paid(mock, agreement())
    mock.next(operation="paypayReAuthorize", provider="1G02", times=3)
    assert mock.post("paypay", "ReAuthorize", again()).code == "1G02"
    until = again("r-2", nsfRecoveryFlag="true", nsfRecoveryExpiredDatetime="20260106100000")
    answer = mock.post("paypay", "ReAuthorize", until)
    assert (answer.mstatus, answer.code) == ("pending", "1G21")
    assert mock.post("paypay", "ReAuthorize", {**until, "orderId": "r-3"}).mstatus == "pending"
    mock.pay("r-2")
    assert mock.balances()["merchant"] == 500
    mock.advance(86_400)
    assert (mock.status("r-2"), mock.status("r-3")) == ("CAPTURED", "FAILED")
    assert told(mock)[1:] == [("ReAuthorize", "success"), ("ReAuthorize", "failure")]
    assert history(mock, "r-3") == [("ReAuthorize", "pending"), ("ReAuthorize", "failure")]
    assert mock.admin("pay/r-3").status == 400


@pytest.mark.parametrize("member", ["amount", "successUrl", "cancelUrl", "errorUrl"])
def test_what_online_needs(mock: Driver, member: str) -> None:
    short = {n: v for n, v in body().items() if n != member}
    assert mock.post("paypay", "Authorize", short).code == "ZF01"


def test_a_provider_that_refuses(mock: Driver) -> None:
    mock.next(operation="paypayAuthorize", provider="1GD1")
    assert mock.post("paypay", "Authorize", body()).code == "1GD1"
    assert mock.status("o-1") == "FAILED"
