"""Carrier billing once and on demand: page, return, Capture, Cancel, ReAuthorize, other amounts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock.mdk.customers import (
    CANCELLED,
    DAY,
    DONE,
    FAILED,
    URLS,
    by_v_auth_info,
    choose,
    history,
    never_back,
    told,
)
from tests.unit.mock.mdk.driver import Driver


def body(
    order_id: str = "o-1",
    amount: int = 1000,
    *,
    option: str = "docomo",
    kind: str = "0",
    capture: bool = False,
    **more: str,
) -> dict[str, Any]:
    return {
        "orderId": order_id,
        "serviceOptionType": option,
        "amount": str(amount),
        "terminalKind": "0",
        "itemType": "0",
        "accountingType": kind,
        "withCapture": "true" if capture else "false",
        **URLS,
        **more,
    }


def order(order_id: str = "o-1", *, option: str = "docomo", **more: str) -> dict[str, Any]:
    return {"orderId": order_id, "serviceOptionType": option, **more}


def page(mock: Driver, whole: dict[str, Any]) -> str:
    done = mock.done("carrier", "Authorize", whole)
    assert ("redirectUrl" in done) == (whole["serviceOptionType"] == "s_bikkuri")
    return str(done.get("redirectUrl") or done["responseContents"])


def paid(mock: Driver, order_id: str = "o-1", **more: Any) -> None:
    by_v_auth_info("carrier", choose(mock, page(mock, body(order_id, **more))))


def again(order_id: str = "r-1", amount: int = 500, **more: str) -> dict[str, Any]:
    return order(order_id, originalOrderId="o-1", amount=str(amount), **more)


@pytest.mark.parametrize("option", ["docomo", "au", "sb_ktai", "sb_matomete", "s_bikkuri", "flets"])
@pytest.mark.parametrize("capture", [True, False])
def test_an_application_is_paid_on_the_page(mock: Driver, option: str, capture: bool) -> None:
    where = page(mock, body(option=option, capture=capture))
    assert mock.balances()["customer"] == 0
    came = by_v_auth_info("carrier", choose(mock, where))
    assert came.address == DONE
    assert came.fields["vResultCode"] == "W001000000000000"
    [record] = mock.records
    assert (record["txnType"], record["mstatus"]) == ("Authorize", "success")
    assert record["vResultCode"] == "W001000000000000"
    assert ("openId" in record) == (option == "docomo")
    assert mock.balances()["merchant" if capture else "hold"] == 1000


@pytest.mark.parametrize(
    ("outcome", "address", "code"), [("cancel", CANCELLED, "WGU1"), ("fail", FAILED, "WG02")]
)
def test_only_success_is_told(mock: Driver, outcome: str, address: str, code: str) -> None:
    came = by_v_auth_info("carrier", choose(mock, page(mock, body()), outcome))
    assert (came.address, came.fields["vResultCode"][:4]) == (address, code)
    assert mock.pushed == []
    assert mock.status("o-1") == "FAILED"
    assert history(mock)[-1] == ("Authorize", "failure")


def test_a_browser_that_never_comes_back(mock: Driver) -> None:
    never_back(mock, page(mock, body()))
    mock.pay("o-1")
    assert told(mock) == [("Authorize", "success")]
    assert mock.balances()["hold"] == 1000


def test_capture_takes_all_and_a_part_goes_back(mock: Driver) -> None:
    paid(mock)
    done = mock.done("carrier", "Capture", order())
    assert done["captureDatetime"] == "20260105100000"
    assert mock.balances()["merchant"] == 1000
    done = mock.done("carrier", "Cancel", order(amount="300"))
    assert (done["balance"], done["cancelDatetime"]) == ("700", "20260105100000")
    assert mock.post("carrier", "Cancel", order(amount="701")).code == "ZF02"
    assert mock.done("carrier", "Cancel", order())["balance"] == "0"
    assert mock.status("o-1") == "CANCELLED"
    assert told(mock) == [("Authorize", "success")]


def test_a_hold_is_cancelled_whole(mock: Driver) -> None:
    paid(mock)
    assert mock.post("carrier", "Cancel", order(amount="300")).code == "ZF01"
    mock.done("carrier", "Cancel", order(amount="1000"))
    assert mock.status("o-1") == "CANCELLED"
    assert mock.post("carrier", "Capture", order()).code == "NH02"
    assert mock.balances()["customer"] == 0


def test_another_carrier_than_the_order_s(mock: Driver) -> None:
    paid(mock)
    answer = mock.post("carrier", "Capture", order(option="au"))
    assert (answer.code, mock.status("o-1")) == ("ZF01", "AUTHORIZED")


def test_only_au_changes_an_amount(mock: Driver) -> None:
    paid(mock)
    assert mock.post("carrier", "UpdateAuthorize", order(amount="900")).code == "NH02"
    paid(mock, "o-2", option="au")
    change = order("o-2", option="au", amount="1500")
    assert mock.done("carrier", "UpdateAuthorize", change)["updateDatetime"] == "20260105100000"
    assert mock.balances()["hold"] == 2500
    mock.done("carrier", "Capture", order("o-2", option="au"))
    assert mock.balances()["merchant"] == 1500
    assert mock.post("carrier", "UpdateAuthorize", change).code == "NH02"


def test_a_charge_on_demand_keeps_its_amount_and_its_carrier(mock: Driver) -> None:
    paid(mock, option="au", kind="4")
    assert mock.post("carrier", "ReAuthorize", again()).code == "NH02"  # docomo's
    mock.done("carrier", "ReAuthorize", {**again("r-2"), "serviceOptionType": "au"})
    change = order("r-2", option="au", amount="600")
    assert mock.post("carrier", "UpdateAuthorize", change).code == "NH02"
    assert mock.balances()["hold"] == 500


def test_a_barcode_is_paid_at_once(mock: Driver) -> None:
    done = mock.done("carrier", "Authorize", body(option="au", kind="2", capture=True))
    assert (done["txnTime"], done["discountAmount"]) == ("20260105100000", "0")
    assert len(done["crOrderId"]) == 19
    assert mock.balances()["merchant"] == 1000
    assert mock.pushed == []


def test_on_demand_charges_again_and_again(mock: Driver) -> None:
    paid(mock, kind="4")
    assert mock.status("o-1") == "ACTIVE"
    assert mock.balances()["customer"] == 0
    done = mock.done("carrier", "ReAuthorize", again())
    assert (done["originalOrderId"], done["txnTime"]) == ("o-1", "20260105100000")
    mock.done("carrier", "ReAuthorize", again("r-2", 700, withCapture="true"))
    assert mock.balances() == {"customer": -1200, "hold": 500, "gateway": 0, "merchant": 700}
    mock.done("carrier", "Capture", order("r-1"))
    mock.done("carrier", "Cancel", order("r-2"))
    assert mock.balances()["merchant"] == 500
    assert mock.post("carrier", "ReAuthorize", again()).code == "ZN02"
    assert told(mock) == [("Authorize", "success")]


def test_only_an_agreement_on_demand_is_charged(mock: Driver) -> None:
    paid(mock)
    assert mock.post("carrier", "ReAuthorize", again()).code == "NH02"
    missing = {**again("r-2"), "originalOrderId": "nobody"}
    assert mock.post("carrier", "ReAuthorize", missing).code == "ZN01"
    assert mock.status("r-2") == "FAILED"


def test_on_demand_ends_between_gateway_and_carrier(mock: Driver) -> None:
    paid(mock, kind="4")
    done = mock.done("carrier", "Terminate", order(**URLS))
    assert done["terminateDatetime"] == "20260105100000"
    assert mock.status("o-1") == "TERMINATED"
    assert mock.post("carrier", "ReAuthorize", again()).code == "NH02"
    assert mock.post("carrier", "Terminate", order()).code == "NH02"
    mock.advance(200 * DAY)
    assert mock.status("o-1") == "TERMINATED"
    assert told(mock) == [("Authorize", "success")]


def test_on_demand_is_deleted_after_long_disuse(mock: Driver) -> None:
    paid(mock, kind="4")
    mock.advance(170 * DAY)
    mock.done("carrier", "ReAuthorize", again(withCapture="true"))
    mock.advance(180 * DAY - 1)
    assert mock.status("o-1") == "ACTIVE"
    mock.advance(1)
    assert mock.status("o-1") == "DELETED"
    assert told(mock)[-1] == ("Delete", "failure")
    assert mock.post("carrier", "ReAuthorize", again("r-2")).code == "NH02"


def test_a_provider_that_refuses_or_does_not_say(mock: Driver) -> None:
    mock.next(operation="carrierAuthorize", provider="WG04")
    assert mock.post("carrier", "Authorize", body()).code == "WG04"
    assert mock.status("o-1") == "FAILED"
    paid(mock, "o-2")
    mock.next(operation="carrierCapture", provider="ZW00")
    assert mock.post("carrier", "Capture", order("o-2")).mstatus == "pending"
    mock.done("carrier", "Cancel", order("o-2"))
    # Settled as a success it can no longer be done.
    assert mock.admin("settle/o-2").json()["mstatus"] == "failure"
    assert mock.balances()["customer"] == 0
