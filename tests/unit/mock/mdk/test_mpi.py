"""3-D Secure: the contents that lead to the issuer's page and back, and who hears what when."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import pytest
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from tests.unit.mock.mdk.driver import PUSH, Answer, Driver, hold_to, sha256

HOME = "https://shop.example/3ds/back"


def body(mock: Driver, order_id: str = "o-1", option: str = "mpi-complete", **more: Any) -> Any:
    return {
        **mock.card(order_id, expire=more.pop("expire", "12/30")),
        "serviceOptionType": option,
        "deviceChannel": "02",
        "cardholderName": "TARO KESSAI",
        "redirectionUri": HOME,
        "verifyResultLink": "1",
        "pushUrl": PUSH,
        **more,
    }


def begin(mock: Driver, order_id: str = "o-1", option: str = "mpi-complete", **more: Any) -> str:
    """Authorize; gives the contents."""
    result = mock.done("mpi", "Authorize", body(mock, order_id, option, **more))
    return str(result["resResponseContents"])


def home(answer: Answer) -> dict[str, str]:
    """What the merchant's server gets from the browser; its vAuthInfo must fit."""
    address, fields = Driver.form(answer.content.decode())
    assert address == HOME, answer
    hold_to("MpiReturn", fields)
    names = base64.b64decode(fields["authParams"]).decode().split(",")
    assert sorted(names) == sorted(set(fields) - {"authParams", "vAuthInfo"})
    values = "".join(fields[name] for name in names)
    assert fields["vAuthInfo"] == sha256(MERCHANT_CCID, values, MERCHANT_SECRET_KEY)
    return fields


def result(mock: Driver, order_id: str = "o-1") -> dict[str, Any]:
    return mock.done("mpi", "GetResult", {"orderId": order_id})


def test_push_comes_before_the_browser(mock: Driver) -> None:
    contents = begin(mock, withCapture="true")
    assert mock.submit(contents).content.decode().count("<button") == 10
    before = result(mock)
    assert "mpiMstatus" not in before
    assert "cardMstatus" not in before
    answer = mock.submit(contents, outcome="success")
    assert mock.records == [
        {
            "orderId": "o-1",
            "vResultCode": "G011A00100000000",
            "txnType": "AuthorizeConfirm",
            "mpiMstatus": "success",
            "cardMstatus": "success",
            "dummy": "1",
        }
    ]
    fields = home(answer)
    assert fields["OrderId"] == "o-1"
    assert fields["cardTransactionType"] == "ac"
    assert mock.balances()["merchant"] == 1000
    after = result(mock)
    assert after["vResultCode"] == "G021000000000000"
    assert after["mpiVresultCode"] == fields["vResultCode"] == "G011A00100000000"
    assert after["requestId"] == fields["RequestId"]
    assert (after["mpiMstatus"], after["cardMstatus"]) == ("success", "success")
    assert after["authCode"] == fields["authCode"]


def test_a_used_page_sends_the_browser_home_again_and_pays_once(mock: Driver) -> None:
    contents = begin(mock, withCapture="true")
    first = mock.submit(contents, outcome="success")
    assert mock.submit(contents, outcome="fail").content == first.content
    assert mock.submit(contents).content == first.content
    assert mock.balances()["merchant"] == 1000
    assert len(mock.records) == 1


def test_a_push_may_be_slower_than_the_browser(mock: Driver) -> None:
    contents = begin(mock)
    mock.next(operation="webhook", fault="delay", seconds=60)
    home(mock.submit(contents, outcome="success"))
    assert mock.records == []
    mock.advance(60)
    assert len(mock.records) == 1


@pytest.mark.parametrize(
    ("option", "outcome", "paid", "code"),
    [
        ("mpi-complete", "success", True, "G011A001"),
        ("mpi-complete", "challenge", True, "G011A001"),
        ("mpi-complete", "attempt", False, "GE030000"),
        ("mpi-complete", "unavailable", False, "GE030000"),
        ("mpi-complete", "fail", False, "GE010000"),
        ("mpi-complete", "cancel", False, "GE020000"),
        ("mpi-complete", "decline", False, "G011AG44"),
        ("mpi-company", "attempt", True, "G011A001"),
        ("mpi-company", "unavailable", False, "GE030000"),
        ("mpi-merchant", "attempt", True, "G011A001"),
        ("mpi-merchant", "unavailable", True, "G011A001"),
        ("mpi-merchant", "fail", False, "GE010000"),
        ("mpi-none", "success", False, "G0110000"),
        ("mpi-none", "fail", False, "GE010000"),
    ],
)
def test_which_authentication_pays(
    mock: Driver, option: str, outcome: str, paid: bool, code: str
) -> None:
    fields = home(mock.submit(begin(mock, option=option), outcome=outcome))
    assert fields["vResultCode"] == code + "00000000"
    assert fields["mpiMstatus"] == ("success" if code.startswith("G011") else "failure")
    tried = code.startswith("G011A")
    assert fields["cardMstatus"] == ("success" if paid else "failure" if tried else "")
    assert mock.balances()["hold"] == (1000 if paid else 0)
    (record,) = mock.records
    assert record["txnType"] == (
        "VerifyNotify" if outcome in {"challenge", "fail", "cancel"} else "AuthorizeConfirm"
    )
    assert {record[name] == fields[name] for name in ("mpiMstatus", "cardMstatus")} == {True}
    told = result(mock)
    assert ("cardMstatus" in told) is tried


def test_a_challenge_may_be_asked_for(mock: Driver) -> None:
    mock.submit(begin(mock, withChallenge="true"), outcome="success")
    assert mock.records[0]["txnType"] == "VerifyNotify"


def test_the_expiry_declines_after_the_authentication(mock: Driver) -> None:
    fields = home(mock.submit(begin(mock, expire="01/99"), outcome="success"))
    assert (fields["mpiMstatus"], fields["cardMstatus"]) == ("success", "failure")
    assert fields["vResultCode"] == "G011AG3300000000"
    assert mock.status("o-1") == "FAILED"


def test_mpi_none_hands_the_values_on(mock: Driver) -> None:
    fields = home(mock.submit(begin(mock, option="mpi-none"), outcome="success"))
    told = result(mock)
    assert (told["dddTransactionStatus"], told["dddEci"]) == ("Y", "05")
    assert fields["dddCavv"] == told["dddCavv"]
    given = {name: told[name] for name in ("dddCavv", "dddEci", "dddTransactionStatus")}
    mock.done("card", "Authorize", mock.card("o-2", **given))


def test_the_card_company_may_not_say_at_once(mock: Driver) -> None:
    fields = home(mock.submit(begin(mock), outcome="pending"))
    assert (fields["cardMstatus"], fields["cardTransactionType"]) == ("pending", "ap")
    assert result(mock)["cardMstatus"] == "pending"
    mock.admin("settle/o-1")
    told = result(mock)
    assert (told["cardMstatus"], told["mpiVresultCode"]) == ("success", "G011A00100000000")
    assert mock.balances()["hold"] == 1000


def test_a_settled_failure_is_told(mock: Driver) -> None:
    mock.submit(begin(mock), outcome="pending")
    mock.admin("settle/o-1", {"vResultCode": "AG44"})
    told = result(mock)
    assert (told["cardMstatus"], told["mpiVresultCode"]) == ("failure", "G011AG4400000000")


def test_the_browser_that_never_comes_back(mock: Driver) -> None:
    contents = begin(mock)
    assert mock.submit(contents, outcome="away").status == 200
    assert mock.records[0]["cardMstatus"] == "success"
    assert mock.submit(contents).status == 410


def test_a_closed_browser_leaves_it_open_until_the_timeout(mock: Driver) -> None:
    contents = begin(mock, verifyTimeout="10")
    mock.submit(contents, outcome="abandon")
    mock.advance(599)
    assert mock.records == []
    mock.advance(1)
    assert mock.records[0]["mpiMstatus"] == "failure"
    assert mock.status("o-1") == "FAILED"


def test_auth_start_url_lives_for_3_minutes(mock: Driver) -> None:
    mock.done("mpi", "Authorize", body(mock))
    (page,) = mock.gateway.pages
    first = f"/pages/mpi/{page}?start=1"
    mock.advance(180)
    assert mock.get(first).status == 200
    mock.advance(60)  # once seen, it stays
    assert mock.get(first).status == 200
    late = mock.done("mpi", "Authorize", body(mock, "o-2"))
    mock.advance(181)
    assert mock.get(late["authStartUrl"]).status == 410
    assert mock.submit(late["resResponseContents"]).status == 200


def test_without_a_device_channel_there_is_no_auth_start_url(mock: Driver) -> None:
    old = body(mock)
    del old["deviceChannel"], old["cardholderName"]
    told = mock.done("mpi", "Authorize", old)
    assert "authStartUrl" not in told
    assert told["res3dMessageVersion"] == "1.0.2"
    nameless = {**body(mock, "o-2"), "cardholderName": None}
    assert mock.post("mpi", "Authorize", nameless).code == "ZF01"
    mock.done("mpi", "Authorize", {**nameless, "cardholderNameOmitFlag": "true"})


@pytest.mark.parametrize("link", ["0", "2", None])
def test_the_browser_may_carry_the_request_alone(mock: Driver, link: str | None) -> None:
    answer = mock.submit(begin(mock, verifyResultLink=link), outcome="success")
    request = result(mock)["requestId"]
    if link == "2":
        assert (answer.status, answer.headers["location"]) == (302, f"{HOME}?RequestId={request}")
    else:
        assert Driver.form(answer.content.decode()) == (HOME, {"RequestId": request})


def test_card_commands_go_on_with_it(mock: Driver) -> None:
    mock.submit(begin(mock), outcome="success")
    mock.done("card", "Capture", {"orderId": "o-1", "amount": "600"})
    mock.done("card", "Cancel", {"orderId": "o-1", "amount": "100"})
    assert mock.balances()["merchant"] == 500
    again = {"orderId": "o-2", "originalOrderId": "o-1", "amount": "40"}
    mock.done("card", "ReAuthorize", again)
    assert mock.status("o-2") == "AUTHORIZED"


def test_reauthorize_takes_the_card_of_an_earlier_order(mock: Driver) -> None:
    mock.done("card", "Authorize", mock.card("o-1"))
    again = {**body(mock, "o-2"), "originalOrderId": "o-1", "amount": "70"}
    contents = mock.done("mpi", "ReAuthorize", again)["resResponseContents"]
    mock.submit(contents, outcome="success")
    assert mock.balances()["hold"] == 1070


def test_what_is_refused(mock: Driver) -> None:
    for change in ({"verifyTimeout": "0"}, {"amount": "0"}, {"serviceOptionType": "mpi-some"}):
        assert mock.post("mpi", "Authorize", {**body(mock), **change}).code == "ZF01"
    assert mock.gateway.orders == {}
    assert mock.post("mpi", "GetResult", {"orderId": "o-1"}).code == "ZN01"
    mock.done("card", "Authorize", mock.card())
    assert mock.post("mpi", "GetResult", {"orderId": "o-1"}).code == "ZN01"
    contents = begin(mock, "o-2")
    assert mock.submit(contents, outcome="fly").status == 400
    assert mock.get("/pages/mpi/none").status == 404
    assert mock.get(Driver.form(contents)[0].replace("/mpi/", "/cvs/")).status == 404


def test_an_authorize_that_failed_is_told_as_a_failure(mock: Driver) -> None:
    used = {**body(mock), "payNowIdParam": {"token": "no-such-token"}}
    assert mock.post("mpi", "Authorize", used).code == "OC09"
    told = result(mock)
    assert (told["mpiMstatus"], told["mpiVresultCode"]) == ("failure", "OC09000000000000")
    mock.next(operation="mpiAuthorize", provider="ZW00")
    assert mock.post("mpi", "Authorize", body(mock, "o-2")).mstatus == "pending"
    assert "mpiMstatus" not in result(mock, "o-2")
    mock.admin("settle/o-2", {"vResultCode": "ZD01"})
    assert result(mock, "o-2")["mpiVresultCode"] == "ZD01000000000000"


def test_a_registered_address_serves_where_a_request_has_none(
    mock_with: Callable[..., Driver],
) -> None:
    mock = mock_with(push_url=PUSH, redirection_uri=HOME)
    contents = begin(mock, redirectionUri=None, pushUrl=None)
    home(mock.submit(contents, outcome="success"))
    assert len(mock.records) == 1
