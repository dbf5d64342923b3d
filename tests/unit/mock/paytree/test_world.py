"""Around the messages: scripts, customers, test classes, time, books, resets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from kessai_mock.faults import Dropped
from kessai_mock.ledger import Account
from kessai_mock.paytree import Gateway, KeyPair, Settings

from tests.unit.mock.paytree.driver import Answer, Driver, keys


def taken(mock: Driver) -> int:
    return mock.gateway.ledger.balance(Account.MERCHANT)


def test_a_payment_by_polling(mock: Driver) -> None:
    """The customer approves by the second confirmation."""
    assert mock.admin("classes", {"pay": 1}).json()["classes"]["pay"] == 1
    made = mock.pay()
    assert (made.trans_status, taken(mock)) == (1, 0)
    states = [mock.post("confirm", orderId=made.order_id).trans_status for _ in range(3)]
    assert (states, taken(mock)) == ([1, 2, 2], 1980)


def test_the_customer_decides_by_the_admin_routes(mock_with: Callable[..., Driver]) -> None:
    """By orderId, or by requestId where that alone is known."""
    mock = mock_with(pay=1, confirms=None)
    one, two, three = mock.pay(), mock.pay(requestId="TWO"), mock.pay()
    paid = mock.admin(f"pay/{one.order_id}").json()
    assert (paid["status"], paid["transStatus"], paid["amount"]) == ("SUCCEEDED", 2, 1980)
    assert mock.admin("decline/TWO").json()["code"] == "CUSTOMER_STOPPED"
    refused = mock.admin(f"decline/{three.order_id}", {"code": "INSUFFICIENT_BALANCE"})
    assert refused.json()["status"] == "FAILED"
    assert mock.post("confirm", orderId=two.order_id).code == "CUSTOMER_STOPPED"
    assert mock.post("confirm", orderId=three.order_id).json()["subCode"] == "B001"
    assert taken(mock) == 1980


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("pay/nosuch", {}, "no order with this orderId or requestId"),
        ("pay/R1", {"amount": 5}, "leave it out"),
        ("pay/R1", {}, "waits for"),
        ("decline/nosuch", {}, "no order with this"),
        ("decline/R1", {}, "waits for"),
        ("decline/R1", {"code": "SUCCESS"}, "code must be one of"),
        ("decline/R1", {"code": 5}, "code must be a string"),
        ("classes", {"pay": 8}, "from 0 to 7"),
        ("classes", {"pay": True}, "from 0 to 7"),
        ("classes", {"confirm": 0}, "unknown member confirm"),
        ("next", {"operation": "payNow", "status": 500}, "operation"),
        ("next", {"operation": "pay", "code": "NOSUCH"}, "code must be one of"),
    ],
)
def test_mistakes_behind_the_scenes(mock: Driver, path: str, body: Any, said: str) -> None:
    """One sentence each."""
    mock.pay()
    answer = mock.admin(path, body)
    assert answer.status == 400
    assert said in answer.json()["error"]


def test_an_answer_that_is_lost_was_a_payment(mock: Driver) -> None:
    """Asked by the till's own number."""
    mock.next(operation="pay", fault="lost-after")
    with pytest.raises(Dropped):
        mock.pay(requestId="LOST")
    assert taken(mock) == 1980
    assert mock.post("confirm", originalRequestId="LOST").trans_status == 2


def test_a_request_that_is_lost_was_none(mock: Driver) -> None:
    """Nothing is known of it; neither to a question nor to a reversal."""
    mock.next(operation="pay", fault="lost-before")
    with pytest.raises(Dropped):
        mock.pay(requestId="LOST")
    for operation in ("confirm", "reverse"):
        answer = mock.post(operation, originalRequestId="LOST")
        assert (answer.code, answer.trans_status) == ("ORDER_NOT_FOUND", None)
    assert taken(mock) == 0


@pytest.mark.parametrize(("name", "chosen"), [("pay", 2), ("refund", 1)])
def test_a_network_error_hangs_up(mock: Driver, name: str, chosen: int) -> None:
    """The manual's test class, over HTTP; the log shows no status."""
    order = mock.pay(amount=10).order_id
    mock.admin("classes", {name: chosen})
    members = {"orderId": order, "refundAmount": 3} if name == "refund" else {}
    with pytest.raises(Dropped):
        mock.post(name, **({"payType": "PayPay", "userCode": "1", "amount": 5} | members))
    assert taken(mock) == (15 if name == "pay" else 7)
    for _ in range(3):
        with pytest.raises(Dropped):
            mock.post("confirm", originalRequestId="R2")
    assert mock.post("confirm", originalRequestId="R2").code == "SUCCESS"
    logged = mock.get("/_mock/requests").json()["requests"]
    assert [entry["status"] for entry in logged] == [200, None, None, None, None, 200]


def test_a_payment_that_lands_after_its_reversal(mock: Driver) -> None:
    """What no client can see: the reversal knew of nothing."""
    mock.next(operation="pay", fault="gate", gate="g")

    async def late() -> tuple[Answer, Answer]:
        members = {"payType": "PayPay", "userCode": "1", "amount": 5}
        payment = asyncio.ensure_future(mock.call("pay", requestId="LATE", **members))
        await mock.held()
        reversal = await mock.call("reverse", originalRequestId="LATE")
        mock.gateway.gates.named("g").open()
        return reversal, await payment

    reversal, payment = mock.run(late())
    assert (reversal.code, payment.code, taken(mock)) == ("ORDER_NOT_FOUND", "SUCCESS", 5)


@pytest.mark.parametrize("processed", [False, True])
def test_a_scripted_code_is_signed(mock: Driver, processed: bool) -> None:
    """Money moves behind it, or not."""
    mock.next(operation="pay", code="SYSTEM_ERROR", detail="Sorry.", processed=processed)
    answer = mock.pay()
    assert (answer.status, answer.code) == (200, "SYSTEM_ERROR")
    assert answer.json()["message"] == "Sorry."
    assert taken(mock) == (1980 if processed else 0)


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_scripted_status_is_not_signed(mock: Driver, status: int) -> None:
    """Nothing of it is PAYTREE's."""
    mock.next(operation="*", status=status, headers={"X-Front": "1"})
    answer = mock.pay()
    assert (answer.status, answer.content, answer.headers["x-front"]) == (status, b"", "1")
    mock.next(operation="pay", fault="html")
    assert mock.pay().status == 502
    mock.next(operation="pay", fault="torn")
    torn = mock.request("POST", "/pay", b"{}")
    assert (torn.status, torn.content[:1], torn.content[-1:] == b"}") == (200, b"{", False)


def test_what_the_wallet_says(mock: Driver) -> None:
    """With its own code; a payment without a result gets one."""
    mock.next(operation="pay", provider="PROCESSOR_ERROR")
    refused = mock.pay()
    assert (refused.code, refused.json()["subCode"]) == ("PROCESSOR_ERROR", "P099")
    mock.next(operation="pay", provider="SYSTEM_ERROR")
    open_ = mock.pay(requestId="OPEN")
    assert (open_.code, open_.trans_status) == ("SYSTEM_ERROR", 0)
    assert mock.post("confirm", originalRequestId="OPEN").trans_status == 0
    mock.admin("pay/OPEN")
    assert mock.post("confirm", originalRequestId="OPEN").trans_status == 2


def test_time_ends_what_waits(mock_with: Callable[..., Driver]) -> None:
    """Virtual time, moved by hand; answers are dated by it."""
    mock = mock_with(pay=1, confirms=None, approval_seconds=60.0)
    made = mock.pay()
    mock.advance(59)
    assert mock.post("confirm", orderId=made.order_id).trans_status == 1
    mock.advance(1)
    ended = mock.post("confirm", orderId=made.order_id)
    assert (ended.code, ended.json()["transTime"]) == ("APPROVAL_TIMEOUT", "20260105100100")
    assert ended.headers["date"] == "Mon, 05 Jan 2026 01:01:00 GMT"
    assert mock.admin(f"pay/{made.order_id}").status == 400


def test_a_reset_forgets_all_but_the_keys(mock: Driver) -> None:
    """And begins with the settings' test classes again."""
    mock.admin("classes", {"pay": 4})
    mock.pay()
    before = mock.gateway.public_pem
    assert mock.admin("reset", {"seed": 7}).json()["seed"] == 7
    told = mock.get("/_mock").json()
    assert (told["orders"], told["classes"]["pay"], told["gateway"]) == (0, 0, "paytree")
    assert mock.gateway.public_pem == before
    assert mock.pay().code == "SUCCESS"


def test_a_request_held_over_a_reset_is_gone(mock: Driver) -> None:
    """It does not land in the new world."""
    mock.next(operation="pay", fault="gate", gate="g")

    async def over() -> Answer:
        members = {"payType": "PayPay", "userCode": "1", "amount": 5}
        payment = asyncio.ensure_future(mock.call("pay", **members))
        await mock.held()
        mock.gateway.reset()
        return await payment

    assert (mock.run(over()).status, taken(mock)) == (503, 0)


def test_books_log_and_page_tell_of_it(mock: Driver) -> None:
    """No customer's code anywhere."""
    made = mock.pay(userCode="SECRETCODE99")
    mock.post("refund", orderId=made.order_id, refundAmount=980)
    ledger = mock.get("/_mock/ledger").json()
    assert [p["reason"] for p in ledger["postings"]] == ["Pay", "Refund"]
    assert {p["orderId"] for p in ledger["postings"]} == {made.order_id}
    assert (ledger["balances"]["merchant"], ledger["balanced"]) == (1000, True)
    logged = mock.get("/_mock/requests").json()["requests"]
    assert [(e["operation"], e["code"], e["transStatus"]) for e in logged] == [
        ("pay", "SUCCESS", 2),
        ("refund", "SUCCESS", 6),
    ]
    page = mock.get("/").content.decode()
    assert made.order_id in page
    assert "PARTLY_REFUNDED" in page
    shown = page + repr(logged) + repr(ledger) + repr(mock.gateway.simulation.orders)
    assert "SECRETCODE99" not in shown
    steps = mock.get("/_mock/transitions").json()
    assert steps["visited"] == [
        ["Pay", "NEW", "SUCCEEDED"],
        ["Pay", "SUCCEEDED", "PARTLY_REFUNDED"],
    ]
    assert len(steps["known"]) == len(steps["visited"]) + len(steps["missing"])


def test_the_key_that_verifies_is_told(mock: Driver) -> None:
    """In PKCS1 form, as the manual's keys are."""
    told = mock.get("/_mock/key").json()["publicKey"]
    assert told.startswith("-----BEGIN RSA PUBLIC KEY-----")
    assert told.encode() == keys("gateway").public_pem


def test_keys_are_made_where_none_are_given_and_hidden() -> None:
    """A private key shows nowhere."""
    one, two = Gateway(), Gateway()
    assert one.public_pem != two.public_pem
    pair = KeyPair.generate()
    assert "PRIVATE" not in repr(pair) + repr(Settings(private_key=pair.private_pem))


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"private_key": b"none"}, "no private RSA key of 2048 bits"),
        ({"merchant_public_key": b"none"}, "no public RSA key of 2048 bits"),
        ({"private_key": keys("till").public_pem}, "no private RSA key"),
        ({"pay": 9}, "class of pay is a number from 0 to 7"),
    ],
)
def test_settings_that_cannot_be(settings: dict[str, Any], said: str) -> None:
    """Found when the mock is made."""
    given: dict[str, Any] = {"private_key": keys("gateway").private_pem, **settings}
    with pytest.raises(ValueError, match=said):
        Gateway(Settings(**given))
