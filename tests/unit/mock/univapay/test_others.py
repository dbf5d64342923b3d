"""Wallets, codes, Paidy, bank transfers: what takes the customer on, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock.univapay.driver import STORE, Driver, bearer, hold_to
from tests.unit.mock.univapay.test_tokens import other

ORIGIN = "http://127.0.0.1:8804"


def online(method: str = "http_get") -> dict[str, Any]:
    """A token's body for a wallet."""
    return other("online", data={"brand": "pay_pay_online", "call_method": method})


@pytest.mark.parametrize(("outcome", "status"), [("pay", "successful"), ("cancel", "failed")])
def test_a_wallet(mock: Driver, outcome: str, status: str) -> None:
    endpoint = {"endpoint": "https://shop.example/back"}
    charge = mock.awaiting(mock.token(online()), redirect=endpoint)
    assert charge["redirect"]["endpoint"] == "https://shop.example/back"
    issued = mock.get(f"{STORE}/charges/{charge['id']}/issuer_token")
    hold_to("IssuerToken", issued)
    assert (issued["payment_type"], issued["call_method"]) == ("online", "http_get")
    page = issued["issuer_token"].removeprefix(ORIGIN)
    assert b"Give up" in mock.request("GET", page, auth=None).content
    back = mock.request("GET", f"{page}?outcome={outcome}", auth=None)
    assert back.headers["location"] == "https://shop.example/back"
    mock.read(charge, status)
    assert f"The charge is {status}" in mock.request("GET", page, auth=None).content.decode()


@pytest.mark.parametrize(
    ("method", "shown"),
    [("http_post", "http_post"), ("http_get_mobile", "http_get"), ("app", "app")],
)
def test_how_a_wallet_is_called(mock: Driver, method: str, shown: str) -> None:
    charge = mock.awaiting(mock.token(online(method)))
    issued = mock.get(f"{STORE}/charges/{charge['id']}/issuer_token")
    hold_to("IssuerToken", issued)
    assert issued["call_method"] == shown
    assert (issued["payload"] is not None) == (method == "http_post")


def test_an_issuer_token_is_there_while_awaiting(mock: Driver) -> None:
    charge = mock.charge(mock.token(online()))
    path = f"{STORE}/charges/{charge['id']}/issuer_token"
    assert mock.request("GET", path).wrong == [("status", "ISSUER_TOKEN_EMPTY")]
    konbini = mock.awaiting()
    refused = mock.request("GET", f"{STORE}/charges/{konbini['id']}/issuer_token")
    assert refused.wrong == [("payment_type", "NOT_ONLINE_CHARGE")]


def test_a_wallet_waits_for_five_minutes(mock: Driver) -> None:
    charge = mock.awaiting(mock.token(online()))
    mock.advance(299)
    mock.read(charge, "awaiting")
    mock.advance(1)
    assert mock.read(charge, "failed")["error"]["code"] == 327


def test_codes_and_paidy(mock: Driver) -> None:
    """A scanned code and Paidy pay at once, a shown one waits."""
    for kind in ("qr_scan", "paidy"):
        charge = mock.charge(mock.token(other(kind)))
        mock.advance(1)
        mock.read(charge, "successful")
    token = mock.token(other("qr_merchant"))
    assert token["data"]["qr_image_url"] is None
    charge = mock.awaiting(token)
    shown = mock.get(f"{STORE}/tokens/{token['id']}")
    hold_to("QrMerchantToken", shown)
    assert charge["id"] in shown["data"]["qr_image_url"]
    mock.pay(charge)
    mock.read(charge, "successful")


def test_the_customer_refuses(mock: Driver) -> None:
    charge = mock.awaiting(mock.token(online()))
    answer = mock.admin(f"refuse/{charge['id']}", {"code": 330})
    assert answer.json()["status"] == "failed"
    assert mock.read(charge, "failed")["error"]["code"] == 330
    assert mock.admin(f"refuse/{charge['id']}").status == 400
    assert mock.admin(f"refuse/{charge['id']}", {"code": 1}).status == 400


def bank(mock: Driver, **more: Any) -> dict[str, Any]:
    """A bank transfer that waits for money."""
    return mock.awaiting(mock.token(other("bank_transfer", **more)))


def test_a_transfer_in_parts(mock: Driver) -> None:
    """insufficient stays awaiting, what is enough ends it, and nothing is refunded."""
    from kessai_mock.univapay import app_token

    mock.hook("bank_transfer_status_updated", "charge_finished")
    charge = bank(mock)
    issued = mock.get(f"{STORE}/charges/{charge['id']}/issuer_token")
    hold_to("IssuerToken", issued)
    assert issued["account_number"].isdigit()
    mock.pay(charge, 1000)
    mock.read(charge, "awaiting")
    assert mock.admin(f"pay/{charge['id']}", {"amount": 0}).status == 400
    mock.pay(charge, 200)
    paid = mock.read(charge, "successful")
    assert (paid["requested_amount"], paid["charged_amount"]) == (1100, 1200)
    assert mock.events == [
        "bank_transfer_status_updated",
        "bank_transfer_status_updated",
        "charge_finished",
    ]
    told = [one.body["data"] for one in mock.told[:2]]
    assert [one["payment_status"] for one in told] == ["insufficient", "exceeded"]
    assert [one["amount_difference"] for one in told] == [-100, 100]
    assert mock.balances()["merchant"] == 1200
    path = f"{STORE}/charges/{charge['id']}"
    refused = mock.post(f"{path}/refunds", {"amount": 1, "currency": "JPY"})
    assert refused.code == "REFUND_NOT_ALLOWED"
    assert mock.request("GET", f"{path}/bank_transfer_ledgers").code == "INVALID_PERMISSIONS"
    merchant = bearer(app_token(store_id=None))
    ledgers = mock.get(f"{path}/bank_transfer_ledgers", auth=merchant)
    hold_to("BankTransferLedgerList", ledgers)
    kinds = [(one["bank_ledger_type"], one["amount"]) for one in ledgers["items"]]
    assert kinds == [("payment", 1200), ("deposit", 200), ("deposit", 1000)]
    other_charge = mock.charge()
    path = f"{STORE}/charges/{other_charge['id']}/bank_transfer_ledgers"
    assert mock.request("GET", path, auth=merchant).status == 404


def test_the_right_transfer(mock: Driver) -> None:
    mock.hook("bank_transfer_status_updated")
    charge = bank(mock)
    mock.pay(charge)
    assert mock.told[0].body["data"]["payment_status"] == "exact"
    mock.read(charge, "successful")


def test_a_transfer_that_comes_too_late_goes_back(mock: Driver) -> None:
    charge = bank(mock)
    mock.pay(charge, 100)
    mock.advance(8 * 86_400)
    mock.read(charge, "failed")
    assert mock.balances() == {"customer": 0, "hold": 0, "gateway": 0, "merchant": 0}


def test_a_transfer_is_cancelled_with_what_came(mock: Driver) -> None:
    charge = bank(mock)
    mock.pay(charge, 100)
    mock.post(f"{STORE}/charges/{charge['id']}/cancels")
    mock.advance(1)
    mock.read(charge, "canceled")
    assert mock.balances()["customer"] == 0


def test_pages_that_are_not_there(mock: Driver) -> None:
    charge = mock.awaiting()
    for path in (f"/pages/nothing/{charge['id']}", "/pages/online/x", "/pages/token_three_ds/x"):
        assert mock.request("GET", path, auth=None).status == 404
    wrong = mock.request("GET", f"/pages/konbini/{charge['id']}?outcome=fly", auth=None)
    assert wrong.status == 400


def test_stores_and_merchant(mock: Driver) -> None:
    mock.token()
    stores = mock.get("/stores")
    hold_to("StoreList", stores)
    store = mock.get(STORE)
    hold_to("Store", store)
    assert stores["items"][0]["id"] == store["id"]
    assert mock.get("/stores?search=nothing")["items"] == []
    assert mock.get(f"/stores?short_id={store['id'][-6:]}")["total_hits"] == 1
    hold_to("Merchant", mock.get("/me"))
    hold_to("CheckoutInfo", mock.get("/checkout_info"))


def test_a_customers_number_follows_from_the_name(mock: Driver) -> None:
    path = f"{STORE}/create_customer_id"
    made = mock.post(path, {"customer_id": "c-1"}, headers={"Idempotency-Key": "k"})
    hold_to("CustomerId", made.json())
    assert made.status == 200
    assert "idempotency-status" not in made.headers
    assert mock.post(path, {"customer_id": "c-1"}).json() == made.json()
    assert mock.post(path, {"customer_id": "c-2"}).json() != made.json()
    assert mock.post(path, {"customer_id": ""}).status == 400


def test_what_else_a_charge_does_not_have(mock: Driver) -> None:
    paid = mock.successful()
    path = f"{STORE}/charges/{paid['id']}"
    assert mock.request("GET", f"{path}/expiry/latest").status == 404
    assert mock.request("GET", f"{path}/refunds/x").status == 404
    assert mock.request("GET", f"{STORE}/charges/x?polling=true").status == 404
    token = mock.token(online())
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY"}
    later = {**body, "capture_at": "2026-01-06T00:00:00Z"}
    assert mock.post("/charges", later).wrong == [("capture_at", "CAPTURE_ONLY_FOR_CARD_PAYMENT")]
