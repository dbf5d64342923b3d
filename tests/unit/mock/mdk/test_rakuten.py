"""Rakuten Pay: online, in the app, by barcode, agreements, and changes of an authorization."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.mdk.customers import (
    DAY,
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

BACK = {name: URLS[name] for name in ("successUrl", "errorUrl", "pushUrl")}


def body(order_id: str = "o-1", *, capture: bool = False, **more: str) -> dict[str, Any]:
    return {
        "orderId": order_id,
        "amount": "1000",
        "withCapture": "true" if capture else "false",
        "itemId": "BOOK-1",
        "itemName": "けっさいのほん",
        "payType": "0",
        **BACK,
        **more,
    }


def scanned(**more: Any) -> dict[str, Any]:
    return body(payType="1", oneTimeCode="2876344382566439", **more)


def order(order_id: str = "o-1", **more: str) -> dict[str, Any]:
    return {"orderId": order_id, **more}


def again(order_id: str = "r-1", **more: str) -> dict[str, Any]:
    return order(order_id, originalOrderId="o-1", amount="500", **more)


def paid(mock: Driver, whole: dict[str, Any] | None = None) -> dict[str, str]:
    contents = mock.done("rakuten", "Authorize", whole or body())["responseContents"]
    came = by_v_auth_info("rakuten", choose(mock, contents))
    assert came.address == DONE
    return came.fields


@pytest.mark.parametrize("capture", [True, False])
def test_online(mock: Driver, capture: bool) -> None:
    came = paid(mock, body(capture=capture))
    assert came["vResultCode"] == "F001000000000000"
    assert (came["cardBrand"], came["cardLast4"], came["usedPoint"]) == ("VISA", "1111", "0")
    assert ("captureExpirationTime" in came) != capture
    [record] = mock.records
    assert (record["txnType"], record["mstatus"]) == ("Authorize", "success")
    assert (record["rakutenOrderId"], record["balance"]) == (came["rakutenOrderId"], "1000")
    assert mock.balances()["merchant" if capture else "hold"] == 1000


@pytest.mark.parametrize(("outcome", "code"), [("cancel", "ZD02"), ("fail", "FG24")])
def test_there_is_one_address_for_what_is_no_success(mock: Driver, outcome: str, code: str) -> None:
    contents = mock.done("rakuten", "Authorize", body())["responseContents"]
    came = by_v_auth_info("rakuten", choose(mock, contents, outcome))
    assert (came.address, came.fields["vResultCode"][:4]) == (FAILED, code)
    assert (mock.pushed, mock.status("o-1")) == ([], "FAILED")


def test_a_closed_browser(mock: Driver) -> None:
    never_back(mock, mock.done("rakuten", "Authorize", body())["responseContents"])
    mock.pay("o-1")
    assert mock.balances()["hold"] == 1000


def test_in_the_app_until_it_is_too_late(mock: Driver) -> None:
    done = mock.done("rakuten", "Authorize", body(payType="3", expireMinutes="10"))
    assert done["expireDatetime"] == "20260105101000000"
    other = mock.done("rakuten", "Authorize", body("o-2", payType="3"))
    mock.advance(600)
    assert mock.status("o-1") == "FAILED"
    late = by_v_auth_info("rakuten", choose(mock, done["deeplink"]))
    assert (late.address, late.fields["vResultCode"][:4]) == (FAILED, "FG26")
    by_v_auth_info("rakuten", choose(mock, other["redirectUrl"]))
    mock.advance(DAY)
    assert mock.status("o-2") == "AUTHORIZED"


def test_by_barcode_at_once(mock: Driver) -> None:
    done = mock.done("rakuten", "Authorize", scanned(capture=True))
    assert done["rakutenBarcodePaidDatetime"] == "20260105100000"
    confirmed = mock.done("rakuten", "Confirm", order())
    assert confirmed["paymentTxnId"] == done["paymentTxnId"]
    assert mock.balances()["merchant"] == 1000
    assert mock.pushed == []


@pytest.mark.parametrize(("pays", "end"), [(True, "success"), (False, "failure")])
def test_by_barcode_left_open(mock: Driver, pays: bool, end: str) -> None:
    mock.next(operation="rakutenAuthorize", provider="FED1")
    answer = mock.post("rakuten", "Authorize", scanned(capture=True))
    assert (answer.mstatus, answer.code) == ("pending", "FED1")
    assert mock.post("rakuten", "Confirm", order()).mstatus == "pending"
    if pays:
        mock.pay("o-1")
    else:
        mock.act("o-1", "refuse")
    assert mock.post("rakuten", "Confirm", order()).mstatus == end
    assert history(mock) == [("Authorize", "pending"), ("Authorize", end)]
    assert mock.balances()["merchant"] == (1000 if pays else 0)
    assert mock.admin("pay/o-1").status == mock.admin("act/o-1/refuse").status == 400


def test_confirm_is_for_barcodes(mock: Driver) -> None:
    paid(mock, body(accountingType="1"))
    mock.done("rakuten", "ReAuthorize", again())
    for order_id in ("o-1", "r-1"):
        assert mock.post("rakuten", "Confirm", order(order_id)).code == "NH02"


def test_a_barcode_was_paid_when_it_was(mock: Driver) -> None:
    mock.done("rakuten", "Authorize", scanned())
    mock.advance(DAY)
    mock.done("rakuten", "UpdateAuthorize", order(amount="900"))
    confirmed = mock.done("rakuten", "Confirm", order())
    assert confirmed["rakutenBarcodePaidDatetime"] == "20260105100000"


def test_capture_a_part_then_cancel_in_parts(mock: Driver) -> None:
    paid(mock)
    done = mock.done("rakuten", "Capture", order(amount="800"))
    assert done["captureReqDatetime"] == "20260105100000"
    assert mock.balances()["customer"] == -800
    done = mock.done("rakuten", "Cancel", order(amount="300", cancelType="10"))
    assert (done["balance"], mock.records[-1]["balance"]) == ("500", "500")
    assert mock.post("rakuten", "Cancel", order(amount="501")).code == "ZF02"
    assert mock.done("rakuten", "Cancel", order())["balance"] == "0"
    assert mock.status("o-1") == "CANCELLED"
    assert [kind for kind, _ in told(mock)] == ["Authorize", "Capture", "Cancel", "Cancel"]


def test_a_hold_is_cancelled_whole(mock: Driver) -> None:
    paid(mock)
    assert mock.post("rakuten", "Cancel", order(amount="300")).code == "ZF01"
    mock.done("rakuten", "Cancel", order())
    assert mock.balances()["customer"] == 0


def test_another_amount_and_a_longer_hold(mock: Driver) -> None:
    until = paid(mock)["captureExpirationTime"]
    mock.advance(DAY)
    done = mock.done("rakuten", "UpdateAuthorize", order(amount="1500"))
    assert (done["amount"], done["captureExpirationTime"]) == ("1500", until)
    assert mock.balances()["hold"] == 1500
    done = mock.done("rakuten", "UpdateAuthorize", order(authExtensionFlag="true"))
    assert done["amount"] == "1500"
    assert done["captureExpirationTime"] > until
    both = order(amount="900", authExtensionFlag="true")
    mock.done("rakuten", "UpdateAuthorize", both)
    assert mock.balances() == {"customer": -900, "hold": 900, "gateway": 0, "merchant": 0}
    assert mock.post("rakuten", "UpdateAuthorize", order()).code == "ZF01"
    mock.advance(59 * DAY)
    assert mock.status("o-1") == "AUTHORIZED"
    mock.advance(DAY)
    assert mock.status("o-1") == "EXPIRED"
    assert mock.post("rakuten", "UpdateAuthorize", both).code == "NH02"


def test_an_agreement_is_charged(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with(push_url=PUSH)  # ReAuthorize names none
    whole = {n: v for n, v in body(accountingType="1").items() if n != "amount"}
    paid(mock, whole)
    assert (mock.status("o-1"), mock.balances()["customer"]) == ("ACTIVE", 0)
    done = mock.done("rakuten", "ReAuthorize", again())
    assert done["originalOrderId"] == "o-1"
    assert done["captureExpirationTime"] == "20260306100000"
    other = mock.done("rakuten", "ReAuthorize", again("r-2", withCapture="true"))
    assert other["customerId"] == done["customerId"]
    assert mock.balances() == {"customer": -1000, "hold": 500, "gateway": 0, "merchant": 500}
    assert [kind for kind, _ in told(mock)] == ["Authorize", "ReAuthorize", "ReAuthorize"]


def test_a_payment_is_no_agreement(mock: Driver) -> None:
    paid(mock)
    assert mock.post("rakuten", "ReAuthorize", again()).code == "NH02"


@pytest.mark.parametrize(
    ("whole", "member"),
    [(body(), "successUrl"), (body(), "errorUrl"), (body(), "amount"), (scanned(), "oneTimeCode")],
)
def test_what_each_way_needs(mock: Driver, whole: dict[str, Any], member: str) -> None:
    short = {n: v for n, v in whole.items() if n != member}
    assert mock.post("rakuten", "Authorize", short).code == "ZF01"
    mock.done("rakuten", "Authorize", whole)


@pytest.mark.parametrize("minutes", ["0", "1441"])
def test_minutes_that_cannot_be(mock: Driver, minutes: str) -> None:
    whole = body(payType="2", expireMinutes=minutes)
    assert mock.post("rakuten", "Authorize", whole).code == "ZF01"
