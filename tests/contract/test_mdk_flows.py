"""Every flow of the guide, chapter by chapter, through the real client and the mock.

The numbers are those of the flow guide 1.0.8. What each party sees is checked at each of a flow's
steps: the answer, where the browser goes, what the PUSH says, what became of the money. Chapter 2-9
has a file of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from kessai_mdk import models as m

from tests.support.contract_mdk_flow import Flow
from tests.unit.mock.mdk.customers import FAILED, URLS, back
from tests.unit.mock.mdk.driver import FORM


@pytest.fixture
def flow() -> Iterator[Flow]:
    """One shop for one chapter."""
    made = Flow()
    yield made
    made.close()


def test_2_2_1_card_with_a_token(flow: Flow) -> None:
    order: dict[str, Any] = {"amount": "3000", "payNowIdParam": flow.by_token()}
    told = flow.call("card", "Authorize", "card-1", **order)
    assert told.card_transactiontype == "a"
    assert flow.yen() == 0
    flow.call("card", "Capture", "card-1", amount="2500")
    flow.call("card", "Cancel", "card-1", amount="500")
    flow.call("card", "ReAuthorize", "card-2", originalOrderId="card-1", amount="700",
              withCapture="true")  # fmt: skip
    assert flow.yen() == 2700
    flow.call("card", "Cancel", "card-1")
    assert flow.yen() == 700
    assert flow.refused("card", "Authorize", "card-3", **order) == "OC09"
    assert flow.hear() == []
    # The card company did not say at first, and is asked again.
    flow.mock.next(operation="cardAuthorize", provider="ZW00")
    late = {"amount": "900", "withCapture": "true", "payNowIdParam": flow.by_token()}
    assert flow.call("card", "Authorize", "card-4", **late).mstatus is m.Mstatus.PENDING
    assert flow.call("card", "Retry", "card-4").mstatus is m.Mstatus.SUCCESS
    assert flow.yen() == 1600


def secure(flow: Flow, order_id: str) -> str:
    """Steps 1 and 2 of 2.2.2; give the HTML of step 2."""
    order = {
        "serviceOptionType": "mpi-complete", "deviceChannel": "02", "amount": "1000",
        "cardholderName": "TARO KESSAI", "cardholderEmail": "taro@shop.example",
        "verifyResultLink": "1", "redirectionUri": URLS["successUrl"],
    }  # fmt: skip
    told = flow.call("mpi", "Authorize", order_id, **order, payNowIdParam=flow.by_token())
    assert told.auth_start_url is not None
    page: str = told.res_response_contents
    return page


@pytest.mark.parametrize("first", ["push", "browser"])
def test_2_2_2_three_d_secure(flow: Flow, first: str) -> None:
    home = flow.chooses(secure(flow, "mpi-1"), "challenge")
    if first == "push":
        assert flow.hear() == ["authorization success"]
    assert flow.returns("mpi", home, "mpi-1") == "parameters"
    assert flow.state("mpi-1").status == "authorized"
    flow.hear()
    assert flow.state("mpi-1").status == "authorized"
    asked = flow.call("mpi", "GetResult", "mpi-1")
    assert (asked.txn_type, asked.card_mstatus) == ("VerifyNotify", m.CardMstatus.SUCCESS)
    flow.call("card", "Capture", "mpi-1")
    assert flow.yen() == 1000


def test_2_2_2_a_browser_that_never_comes_back(flow: Flow) -> None:
    flow.chooses(secure(flow, "mpi-1"), "away")
    assert flow.hear() == ["authorization success"]
    flow.chooses(secure(flow, "mpi-2"), "fail")
    assert flow.hear() == ["authentication failure"]
    assert flow.state("mpi-2").status == "failed"
    assert flow.call("mpi", "GetResult", "mpi-2").mpi_mstatus == m.MpiMstatus.FAILURE


def test_2_3_konbini(flow: Flow) -> None:
    slip = {
        "serviceOptionType": "sej", "amount": "3300", "name1": "決済", "name2": "太郎",
        "telNo": "06012345678", "paymentType": "0",
    }  # fmt: skip
    assert len(flow.call("cvs", "Authorize", "cvs-1", **slip).receipt_no) == 13
    flow.mock.pay("cvs-1")
    assert flow.hear() == ["deposit success"]
    assert flow.state("cvs-1").status == "paid"
    flow.call("cvs", "Authorize", "cvs-2", **slip)
    flow.call("cvs", "Cancel", "cvs-2", serviceOptionType="sej")
    assert flow.refused("cvs", "Cancel", "cvs-1", serviceOptionType="sej") == "NH02"
    assert (flow.hear(), flow.yen()) == ([], 3300)


TILL = {"amount": "5000", "name1": "決済", "kana1": "ケッサイ"}


def test_2_4_1_bank_at_a_machine(flow: Flow) -> None:
    told = flow.call("bank", "Authorize", "bank-1", serviceOptionType="atm", **TILL)
    assert all((told.shuno_kikan_no, told.customer_no, told.confirm_no))
    assert told.url is None
    flow.mock.pay("bank-1")
    assert flow.hear() == ["deposit success"]
    assert flow.state("bank-1").status == "paid"


def test_2_4_2_bank_chosen_on_a_page(flow: Flow) -> None:
    """By GET in the same window; back to a static page, once the money is there."""
    told = flow.call("bank", "Authorize", "bank-1", serviceOptionType="netbank-pc", **TILL)
    assert told.url is not None
    assert flow.mock.request("POST", told.url, headers=FORM).status == 405
    shown = flow.mock.get(f"{told.url}?bank=0001").content.decode()
    beside = shown.split('href="')[1].split('"')[0]
    again = flow.chooses(told.url, "check")
    assert (again.status, "Not paid yet" in again.content.decode()) == (200, True)
    flow.mock.get(beside)
    flow.passes(minutes=31)
    assert flow.mock.get(f"{beside}?outcome=pay").status == 410
    fresh = flow.mock.get(f"{told.url}?bank=0005")
    assert fresh.status == 200
    flow.mock.pay("bank-1")
    assert flow.hear() == ["deposit success"]
    thanks = flow.chooses(told.url, "check")
    assert (thanks.status, thanks.headers["location"]) == (302, "https://shop.example/thanks")


def test_2_4_3_bank_chosen_by_the_shop(flow: Flow) -> None:
    """By POST of skno, bptn and bill, in another window, and no way back."""
    request = m.SearchSearchRequest(master_names=["bankFinancialInstInfo"])
    (master,) = flow.mdk.search.search(request).result.master_infos.master_info  # type: ignore[union-attr,misc]  # there is one
    bank = master.masters.bank_financial_inst_info[0].bank_code  # type: ignore[union-attr,index]  # likewise
    told = flow.call(
        "bank", "Authorize", "bank-1", serviceOptionType="netbank-pc", payCsv=bank, **TILL
    )
    fields = f"skno={told.shuno_kikan_no}&bptn={told.bill_pattern}&bill={told.bill}"
    assert flow.mock.get(told.url).status == 405
    page = f"{told.url}?outcome=pay"
    paid = flow.mock.request("POST", page, headers=FORM, content=fields.encode())
    assert (paid.status, b"no way back" in paid.content) == (200, True)
    assert flow.hear() == ["deposit success"]


def test_2_5_unionpay(flow: Flow) -> None:
    order = {
        "amount": "4000", "withCapture": "false", "termUrl": URLS["successUrl"],
        "customerIp": "203.0.113.7",
    }  # fmt: skip
    home = flow.chooses(flow.call("upop", "Authorize", "upop-1", **order).entry_form)
    # What only its sender proves decides nothing, and the PUSH does.
    assert flow.returns("upop", home, "upop-1") == "sender"
    assert flow.state("upop-1").status == "pending"
    assert flow.hear() == ["authorization success"]
    flow.call("upop", "Capture", "upop-1", amount="3000")
    flow.call("upop", "Refund", "upop-1", amount="1000")
    assert flow.hear() == ["capture success", "refund success"]
    assert flow.yen() == 2000
    flow.chooses(flow.call("upop", "Authorize", "upop-2", **order).entry_form)
    flow.call("upop", "Cancel", "upop-2")
    assert flow.hear()[-1] == "cancellation success"


PAYPAL = {"amount": "1000", "returnUrl": URLS["successUrl"], "cancelUrl": URLS["cancelUrl"]}


def agreed(flow: Flow, command: str, order_id: str) -> dict[str, str]:
    """Steps 1 to 4 of 2-6: set, PayPal's page and back, get; give what do needs."""
    begun = flow.call("paypal", command, order_id, action="set", **PAYPAL)
    came = back(flow.chooses(begun.login_url)).fields
    assert came["token"] == begun.token
    shown = flow.call("paypal", command, order_id, action="get")
    assert shown.payer_id == came["PayerID"]
    return {"action": "do", "token": came["token"], "payerId": came["PayerID"]}


def test_2_6_1_paypal_authorized_then_captured(flow: Flow) -> None:
    do = agreed(flow, "Authorize", "paypal-1")
    assert flow.refused("paypal", "Capture", "paypal-1", action="capture") == "NH02"
    flow.call("paypal", "Authorize", "paypal-1", **do)
    assert (flow.hear(), flow.yen()) == ([], 0)
    flow.call("paypal", "Capture", "paypal-1", action="capture")
    assert flow.hear() == ["capture success"]
    flow.passes(days=4)
    assert flow.hear() == ["capture success confirmed"]
    flow.call("paypal", "Refund", "paypal-1", amount="400")
    assert flow.hear() == ["refund success"]
    assert (flow.state("paypal-1").status, flow.yen()) == ("refunded", 600)
    flow.call("paypal", "Authorize", "paypal-2", **agreed(flow, "Authorize", "paypal-2"))
    flow.call("paypal", "Cancel", "paypal-2")


def test_2_6_2_paypal_captured_at_once(flow: Flow) -> None:
    """The confirmed notice may hesitate, and then take the prompt one back."""
    do = agreed(flow, "Capture", "paypal-1")
    flow.call("paypal", "Capture", "paypal-1", **do)
    assert flow.hear() == ["capture success"]
    assert flow.state("paypal-1").status == "paid"
    flow.mock.next(operation="paypalReport", provider="ZW00")
    flow.passes(days=4)
    assert flow.hear() == ["capture pending confirmed"]
    flow.mock.next(operation="paypalReport", provider="ZD01")
    flow.passes(days=4)
    assert flow.hear() == ["capture failure confirmed"]
    assert (flow.state("paypal-1").status, flow.yen()) == ("failed", 0)


ALIPAY = {"amount": "1000", "currency": "JPY", "commodityName": "けっさいのほん"}
ONLINE = {"successUrl": URLS["successUrl"], "errorUrl": FAILED}


def test_2_8_1_alipay_online(flow: Flow) -> None:
    form = flow.call("alipay", "Authorize", "alipay-1", payType="0", **ALIPAY, **ONLINE).entry_form
    flow.mock.submit(form)
    flow.passes(minutes=29)
    home = flow.chooses(form)
    assert flow.returns("alipay", home, "alipay-1") == "sender"
    assert flow.hear() == ["capture success"]
    assert flow.state("alipay-1").status == "paid"
    flow.call("alipay", "Refund", "alipay-1", amount="300")
    assert (flow.hear(), flow.yen()) == (["refund success"], 700)
    form = flow.call("alipay", "Authorize", "alipay-2", payType="0", **ALIPAY, **ONLINE).entry_form
    flow.mock.submit(form)
    flow.passes(minutes=31)
    assert flow.hear() == ["capture failure"]


def test_2_8_2_alipay_scanned_by_the_shop(flow: Flow) -> None:
    code = {"payType": "1", "identityCode": "280000000000000000"}
    waiting = flow.call("alipay", "Authorize", "alipay-1", **code, **ALIPAY)
    assert waiting.mstatus is m.Mstatus.PENDING
    assert flow.call("alipay", "Confirm", "alipay-1").mstatus is m.Mstatus.PENDING
    flow.mock.pay("alipay-1")
    told = flow.call("alipay", "Confirm", "alipay-1")
    assert (told.mstatus, flow.yen()) == (m.Mstatus.SUCCESS, 1000)
    code["identityCode"] = "280000000000000001"
    assert flow.call("alipay", "Authorize", "alipay-2", **code, **ALIPAY).center_trade_id


def test_2_8_3_alipay_scanned_by_the_customer(flow: Flow) -> None:
    shown = flow.call("alipay", "Authorize", "alipay-1", payType="2", **ALIPAY)
    assert flow.hear() == []
    flow.chooses(shown.qr_code)
    assert flow.hear() == ["capture success"]
    assert flow.state("alipay-1").status == "paid"


@pytest.mark.parametrize(
    ("outcome", "status"), [("success", "authorized"), ("reject", "failed"), ("cancel", "failed")]
)
def test_2_10_shopping_credit(flow: Flow, outcome: str, status: str) -> None:
    order = {
        "merchantRedirectionUrl": URLS["successUrl"], "oricoOrderNo": "ORICO-1",
        "itemName1": "けっさいのほん", "itemCount1": "2", "itemAmount1": "30000",
        "totalItemAmount": "60000", "totalCarriage": "500", "amount": "60500", "deposit": "10500",
    }  # fmt: skip
    told = flow.call("oricosc", "Authorize", "credit-1", **order)
    home = flow.chooses(told.res_response_contents, outcome)
    assert flow.returns("oricosc", home, "credit-1") == "parameters"
    # That the customer applied says nothing of the screening.
    assert flow.state("credit-1").status == ("failed" if outcome == "cancel" else "pending")
    flow.passes(minutes=11)
    flow.hear()
    assert flow.state("credit-1").status == status, flow.steps
    assert flow.yen() == (50000 if status == "authorized" else 0)


@pytest.mark.parametrize(
    ("service", "page", "own"),
    [
        ("paypay", "auth_start_url", {"serviceOptionType": "online", "accountingType": "0",
                                      "itemName": "けっさいのほん", "itemId": "BOOK-1"}),
        ("rakuten", "response_contents", {"itemId": "BOOK-1", "itemName": "けっさいのほん",
                                          "payType": "0"}),
        ("merpay", "payment_url", {"serviceOptionType": "online", "accountingType": "0"}),
    ],
)  # fmt: skip
def test_2_11_the_others(flow: Flow, service: str, page: str, own: dict[str, str]) -> None:
    unknown = {"rakuten": "cancelUrl", "merpay": "errorUrl"}.get(service)
    urls = {name: url for name, url in URLS.items() if name != unknown}
    order = {"amount": "1000", "withCapture": "false", **own, **urls}
    told = flow.call(service, "Authorize", f"{service}-1", **order)
    flow.returns(service, flow.chooses(getattr(told, page)), f"{service}-1")
    assert flow.hear() == ["authorization success"]
    whose = {name: own[name] for name in own if name == "serviceOptionType"}
    flow.call(service, "Capture", f"{service}-1", **whose)
    assert flow.yen() == 1000
