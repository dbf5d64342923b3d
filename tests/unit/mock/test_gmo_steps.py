"""Every state and step of the tables is reached by what customers and merchants can do."""

from __future__ import annotations

from typing import Any

from kessai_mock.gmo import TRANSITIONS

from tests.unit.mock import bodies
from tests.unit.mock.driver import Driver


def _visit_cards(mock: Driver) -> None:
    def charge(number: int, mode: str, **more: Any) -> str:
        answer = mock.post("/credit/charge", bodies.charge(f"c-{number}", mode=mode, **more))
        if answer.status == 202:
            mock.browse(answer.redirect, more.get("outcome", "success"))
        return mock.post("/order/inquiry", {"orderId": f"c-{number}"}).access_id

    def sale(number: int) -> str:
        access_id = charge(number, "AUTH")
        mock.post("/order/capture", {"accessId": access_id})
        return access_id

    def update(access_id: str, mode: str) -> None:
        body = {"accessId": access_id, "amount": "500", "authorizationMode": mode}
        assert mock.post("/order/update", body).status == 201

    def held(number: int) -> str:
        return charge(number, "AUTH")

    def sold(number: int) -> str:
        return charge(number, "CAPTURE")

    ways = [(make, end) for make in (held, sold, sale) for end in ("AUTH", "CAPTURE", "CANCEL")]
    for number, (make, after) in enumerate(ways):
        access_id = make(number)
        if after == "CANCEL":
            mock.post("/order/cancel", {"accessId": access_id})
        else:
            update(access_id, after)
    mock.post("/credit/verifyCard", bodies.verify("v-1"))
    checked = mock.post("/credit/verifyCard", bodies.verify("v-2", tds={"allowAttempt": "ALLOW"}))
    mock.browse(checked.redirect)
    charge(20, "AUTH", tds={"allowAttempt": "ALLOW"})
    charge(21, "CAPTURE", tds={"allowAttempt": "ALLOW"})
    failed = mock.post("/credit/charge", bodies.charge("c-22", tds={"allowAttempt": "ALLOW"}))
    mock.browse(failed.redirect, "fail")
    # What failed is tried again, in every way.
    for number in range(5):
        mock.post("/credit/charge", bodies.charge(f"f-{number}", 40201))
    mock.post("/credit/charge", bodies.charge("f-0", 40201))
    mock.post("/credit/charge", bodies.charge("f-1"))
    mock.post("/credit/charge", bodies.charge("f-2", mode="CAPTURE"))
    mock.post("/credit/charge", bodies.charge("f-3", tds={"allowAttempt": "ALLOW"}))
    mock.post("/credit/verifyCard", bodies.verify("f-4"))


def _visit_wallets(mock: Driver) -> None:
    def wallet(order_id: str, outcome: str | None = "success", **more: Any) -> str:
        answer = mock.post("/wallet/charge", bodies.wallet(order_id, **more))
        if outcome is not None:
            mock.browse(answer.redirect, outcome)
        else:
            mock.get(answer.redirect)
        return answer.access_id

    def cancel(access_id: str) -> None:
        assert mock.post("/order/cancel", {"accessId": access_id}).status == 201

    def update(access_id: str) -> None:
        assert mock.post("/order/update", {"accessId": access_id, "amount": "500"}).status == 201

    mock.post("/wallet/charge", bodies.wallet("w-unopened"))
    wallet("w-opened", None)
    wallet("w-failed", "cancel")
    cancel(wallet("w-auth", mode="AUTH"))
    cancel(wallet("w-capture"))
    update(wallet("w-down", kind="RAKUTEN", mode="AUTH"))
    update(wallet("w-less", kind="RAKUTEN"))
    for order_id, kind in (("w-sales", "PAYPAY"), ("w-amazon", "AMAZON"), ("w-again", "AMAZON")):
        access_id = wallet(order_id, kind=kind, mode="AUTH")
        mock.post("/order/capture", {"accessId": access_id})
        update(access_id)
        if order_id == "w-again":
            mock.next(operation="amazonPayRefund", fault="fail")
        cancel(access_id)
        mock.advance(60)
    mock.next(operation="amazonPayRefund", fault="fail")
    cancel(wallet("w-amazon-capture", kind="AMAZON"))
    mock.advance(3600)
    agreed = mock.post("/wallet/authorizeAccount", bodies.consent())
    mock.browse(agreed.redirect)
    mock.post("/wallet/on-file/charge", bodies.wallet_onfile("w-on-1"))
    mock.post("/wallet/on-file/charge", bodies.wallet_onfile("w-on-2", mode="CAPTURE"))
    for order_id in ("w-f1", "w-f2", "w-f3", "w-f4"):
        mock.post("/wallet/charge", bodies.wallet(order_id, 40201))
    mock.post("/wallet/charge", bodies.wallet("w-f1", 40201))
    mock.post("/wallet/charge", bodies.wallet("w-f2"))
    mock.post("/wallet/on-file/charge", bodies.wallet_onfile("w-f3"))
    mock.post("/wallet/on-file/charge", bodies.wallet_onfile("w-f4", mode="CAPTURE"))
    mock.post("/member/delete", {"memberId": "member-1"})
    mock.advance(60)


def _visit_cash_and_checks(mock: Driver) -> None:
    def cash(order_id: str, kind: str = "KONBINI") -> str:
        body = bodies.cash(order_id, kind=kind, paymentPeriod="0")
        return mock.post("/cash/charge", body).access_id

    def pay(access_id: str, *amounts: int | None) -> None:
        for amount in amounts:
            assert mock.post(f"/_mock/pay/{access_id}", {"amount": amount}).status == 200

    pay(cash("k-paid"), None)
    pay(cash("b-paid", "BANK_TRANSFER_SMBC"), 1, None, 5)
    for order_id, kind in (("k-cancel", "KONBINI"), ("b-stop", "BANK_TRANSFER_SMBC")):
        mock.post("/order/cancel", {"accessId": cash(order_id, kind)})
    cash("k-late")
    cash("b-late", "BANK_TRANSFER_SMBC")
    for order_id in ("k-f1", "k-f2", "k-f3"):
        mock.post("/cash/charge", bodies.cash(order_id, 40201))
    mock.post("/cash/charge", bodies.cash("k-f1", 40201))
    cash("k-f2")
    cash("k-f3", "BANK_TRANSFER_SMBC")
    for verification_id, ending in (("v1", "success"), ("v2", "cancel")):
        answer = mock.post("/verification/start", bodies.verification(verification_id))
        mock.browse(answer.redirect, ending)
    mock.post("/verification/start", bodies.verification("v3"))
    mock.advance(2 * 86_400)


def test_every_documented_state_and_step_is_reached(mock: Driver) -> None:
    """Nothing in the table is there for show."""
    _visit_cards(mock)
    _visit_wallets(mock)
    _visit_cash_and_checks(mock)
    visited = mock.get("/_mock/transitions").json()
    assert visited["missing"] == []
    assert len(visited["visited"]) == len(TRANSITIONS)
    mock.gateway.ledger.audit()
    assert mock.balances()["gateway"] == 0
