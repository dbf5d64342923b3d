"""What follows an event: the right question, one finalization, a plain answer."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import pytest
from kessai import BadGatewayError, InvalidContractError, OutcomeUnknown
from kessai_gmo import Followed, FollowResult, UnknownEvent, dedupe_key
from kessai_gmo import models as m
from kessai_gmo.follow import finalize_key

from tests.unit.gmo.scripted import ACCESS_ID, Script, answer, order, problem

FAILED = {"title": "card_declined", "detail": "declined"}


def callback(event: str) -> m.Callback:
    return m.Callback(access_id=ACCESS_ID, event=m.CallbackEvent(event), csrf_token="x")


CASH_PAID = m.CashWebhookRequest(access_id=ACCESS_ID, event=m.CashEvent.CASH_PAID)
WALLET_PAID = m.WalletFrontendWebhook(access_id=ACCESS_ID, event=m.WalletFrontendEvent.WALLET_PAID)


def refund(event: str) -> m.AmazonPayCancelWebhookRequest:
    return m.AmazonPayCancelWebhookRequest(access_id=ACCESS_ID, event=m.AmazonPayCancelEvent(event))


def follow(event: Any, *answers: Any) -> tuple[Followed, Script]:
    """Follow in both clients, which must agree to the last request."""
    script, other = Script(*answers), Script(*answers)
    with script.client() as gmo:
        followed = gmo.follow(event)

    async def run() -> Followed:
        async with other.async_client() as gmo:
            return await gmo.follow(event)

    assert asyncio.run(run())[:6] == followed[:6]
    assert other.paths == script.paths
    assert other.bodies == script.bodies
    return followed, script


def inquired(status: str, kind: str = "CREDIT", *, amount: str | None = "3980", **more: Any) -> Any:
    reference = order(status, kind)
    if amount is not None:
        reference["amount"] = amount
    return answer(200, {"orderReference": reference, **more})


def deposited(status: str, deposit: str | None, cash: str = "BANK_TRANSFER_GMO_AOZORA") -> Any:
    transfer: dict[str, Any] = {"bankName": "x"}
    if deposit is not None:
        transfer["depositAmount"] = deposit
    result = {"cashType": cash, "bankTransferPaymentInformation": transfer}
    return inquired(status, "CASH", cashResult=result)


STATES = [
    # event, inquiry's answer, how it stands
    ("TDS_CHARGE_FINISHED", inquired("AUTH"), FollowResult.PAID),
    ("TDS_CHARGE_FINISHED", inquired("CAPTURE"), FollowResult.PAID),
    ("TDS_CHARGE_FINISHED", inquired("SALES"), FollowResult.PAID),
    ("TDS_CHARGE_FINISHED", inquired("CANCEL"), FollowResult.NOT_PAID),
    ("TDS_CHARGE_FINISHED", inquired("AUTHENTICATED"), FollowResult.WAITING),
    ("TDS_CHARGE_FINISHED", inquired("UNPROCESSED"), FollowResult.WAITING),
    ("TDS_CHARGE_FINISHED", inquired("AUTHENTICATED", errorInformation=FAILED),
     FollowResult.NOT_PAID),
    ("TDS_CHARGE_FINISHED", inquired("UNPROCESSED", errorInformation=FAILED),
     FollowResult.NOT_PAID),
    # a later step failed; the money is held all the same
    ("TDS_CHARGE_FINISHED", inquired("AUTH", errorInformation=FAILED), FollowResult.PAID),
    ("TDS_VERIFICATION_FINISHED", inquired("CHECK", amount=None), FollowResult.VERIFIED),
    ("TDS_VERIFICATION_FINISHED", inquired("AUTHENTICATED", amount=None), FollowResult.WAITING),
    ("TDS_VERIFICATION_FINISHED",
     inquired("AUTHENTICATED", amount=None, errorInformation=FAILED), FollowResult.NOT_VERIFIED),
    ("WALLET_CHARGE_FINISHED", inquired("AUTH", "WALLET"), FollowResult.PAID),
    ("WALLET_CHARGE_FINISHED", inquired("CAPTURE", "WALLET"), FollowResult.PAID),
    ("WALLET_CHARGE_FINISHED", inquired("REQSUCCESS", "WALLET"), FollowResult.WAITING),
    ("WALLET_CHARGE_FINISHED", inquired("REQSUCCESS", "WALLET", errorInformation=FAILED),
     FollowResult.WAITING),
    ("WALLET_CHARGE_FINISHED", inquired("AUTHPROCESS", "WALLET"), FollowResult.WAITING),
    ("WALLET_CHARGE_FINISHED", inquired("PAYFAIL", "WALLET"), FollowResult.NOT_PAID),
    ("WALLET_CHARGE_FINISHED", inquired("EXPIRED", "WALLET"), FollowResult.NOT_PAID),
    ("WALLET_CHARGE_FINISHED", inquired("RETURN", "WALLET"), FollowResult.REFUNDED),
    ("WALLET_APPROVAL_FINISHED", inquired("REGISTER", "WALLET", amount=None),
     FollowResult.APPROVED),
    ("WALLET_APPROVAL_FINISHED", inquired("END", "WALLET", amount=None),
     FollowResult.NOT_APPROVED),
    ("WALLET_APPROVAL_FINISHED", inquired("PAYFAIL", "WALLET", amount=None),
     FollowResult.NOT_APPROVED),
    # what nobody documented is for a person to look at
    ("TDS_CHARGE_FINISHED", inquired("BRAND_NEW"), FollowResult.UNCLEAR),
    ("TDS_CHARGE_FINISHED", inquired("AUTH", "CRYPTO"), FollowResult.UNCLEAR),
    ("TDS_CHARGE_FINISHED", answer(200, {}), FollowResult.UNCLEAR),
    ("TDS_CHARGE_FINISHED", answer(200, {"orderReference": {"chargeType": "CREDIT"}}),
     FollowResult.UNCLEAR),
    ("TDS_CHARGE_FINISHED",
     answer(200, {"orderReference": {**order("AUTH"), "accessId": "b" * 32, "amount": "1"}}),
     FollowResult.UNCLEAR),
]  # fmt: skip


@pytest.mark.parametrize(("event", "found", "result"), STATES)
def test_the_state_decides(event: str, found: Any, result: FollowResult) -> None:
    followed, script = follow(callback(event), found)
    assert followed.result is result
    assert followed.paid == (result is FollowResult.PAID)
    assert followed.event == event
    assert script.paths == ["/order/inquiry"]
    assert script.bodies == [{"accessId": ACCESS_ID}]


@pytest.mark.parametrize(
    ("status", "result"),
    [
        ("SUCCESS", FollowResult.VERIFIED),
        ("FAILURE", FollowResult.NOT_VERIFIED),
        ("CANCEL", FollowResult.NOT_VERIFIED),
        ("REQSUCCESS", FollowResult.WAITING),
        ("BRAND_NEW", FollowResult.UNCLEAR),
    ],
)
def test_an_identity_check_is_asked_for_where_it_is_known(
    status: str, result: FollowResult
) -> None:
    reference = {"accessId": ACCESS_ID, "verificationId": "v-1", "status": status}
    found = answer(200, {"verificationReference": reference})
    followed, script = follow(callback("VERIFICATION_FINISHED"), found)
    assert followed.result is result
    assert followed.state == status
    assert script.paths == ["/verification/inquiry"]


# After 3-D Secure, where the merchant finalizes


def test_a_charge_is_finalized() -> None:
    done = answer(201, {"nextAction": "CAPTURE", "orderReference": order("AUTH", amount="3980")})
    followed, script = follow(callback("TDS_FINISHED"), inquired("AUTHENTICATED"), done)
    assert script.paths == ["/order/inquiry", "/tds2/finalizeCharge"]
    assert script.bodies[1] == {"accessId": ACCESS_ID}
    assert followed.result is FollowResult.PAID
    assert followed.finalized
    assert followed.amount == 3980
    assert isinstance(followed.answer, m.Tds2FinalizeChargeResponse)


def test_a_card_check_is_finalized_as_one() -> None:
    done = answer(201, {"nextAction": "NO_ACTION", "orderReference": order("CHECK")})
    before = inquired("AUTHENTICATED", amount=None)
    followed, script = follow(callback("TDS_FINISHED"), before, done)
    assert script.paths == ["/order/inquiry", "/tds2/finalizeVerification"]
    assert followed.result is FollowResult.VERIFIED
    assert followed.finalized
    assert not followed.paid


@pytest.mark.parametrize("status", ["AUTH", "CAPTURE", "SALES", "CHECK", "CANCEL", "UNPROCESSED"])
def test_what_is_not_waiting_for_it_is_not_finalized(status: str) -> None:
    followed, script = follow(callback("TDS_FINISHED"), inquired(status))
    assert script.paths == ["/order/inquiry"]
    assert not followed.finalized
    assert followed.state == status


def test_a_step_that_failed_is_not_run_again() -> None:
    """The gateway would: it replays successes only."""
    before = inquired("AUTHENTICATED", errorInformation=FAILED)
    followed, script = follow(callback("TDS_FINISHED"), before)
    assert script.paths == ["/order/inquiry"]
    assert followed.result is FollowResult.NOT_PAID


def test_a_reloaded_callback_has_the_same_key() -> None:
    done = answer(201, {"orderReference": order("AUTH", amount="3980")})
    _, first = follow(callback("TDS_FINISHED"), inquired("AUTHENTICATED"), done)
    _, again = follow(callback("TDS_FINISHED"), inquired("AUTHENTICATED"), done)
    assert first.keys[1] == again.keys[1] == finalize_key("tds2FinalizeCharge", ACCESS_ID)
    other = {
        finalize_key("tds2FinalizeVerification", ACCESS_ID),
        finalize_key("tds2FinalizeCharge", "b" * 32),
    }
    assert len(other | {first.keys[1]}) == 3
    assert all(len(key or "") == 36 for key in other)


def test_a_decline_is_an_answer() -> None:
    declined = problem(402, "card_declined")
    followed, script = follow(callback("TDS_FINISHED"), inquired("AUTHENTICATED"), declined)
    assert followed.result is FollowResult.NOT_PAID
    assert type(followed.error).__name__ == "CardDeclinedError"
    assert len(script.paths) == 2
    checked, _ = follow(callback("TDS_FINISHED"), inquired("AUTHENTICATED", amount=None), declined)
    assert checked.result is FollowResult.NOT_VERIFIED


def test_somebody_else_was_faster() -> None:
    followed, script = follow(
        callback("TDS_FINISHED"),
        inquired("AUTHENTICATED"),
        problem(400, "invalid_status"),
        inquired("CAPTURE"),
    )
    assert script.paths == ["/order/inquiry", "/tds2/finalizeCharge", "/order/inquiry"]
    assert followed.result is FollowResult.PAID
    assert not followed.finalized


def test_an_unknown_finalization_is_not_hidden_and_following_again_settles_it() -> None:
    script = Script(inquired("AUTHENTICATED"), httpx2.ReadTimeout("lost"))
    with script.client() as gmo, pytest.raises(OutcomeUnknown) as unknown:
        gmo.follow(callback("TDS_FINISHED"))
    assert unknown.value.operation == "tds2FinalizeCharge"
    assert set(script.keys[1:]) == {finalize_key("tds2FinalizeCharge", ACCESS_ID)}
    followed, _ = follow(callback("TDS_FINISHED"), inquired("AUTH"))
    assert followed.paid


# Cash


@pytest.mark.parametrize(
    ("found", "result"),
    [
        (inquired("PAYSUCCESS", "CASH", cashResult={"cashType": "KONBINI"}), FollowResult.PAID),
        (inquired("PAYSUCCESS", "CASH"), FollowResult.PAID),
        (inquired("REQSUCCESS", "CASH", cashResult={"cashType": "KONBINI"}), FollowResult.WAITING),
        (inquired("EXPIRED", "CASH", cashResult={"cashType": "PAYEASY"}), FollowResult.NOT_PAID),
        (inquired("STOP", "CASH"), FollowResult.NOT_PAID),
        (deposited("TRADING", None), FollowResult.WAITING),
        (deposited("TRADING", "0"), FollowResult.WAITING),
        (deposited("TRADING", "3979"), FollowResult.SHORT),
        (deposited("TRADING", "3980"), FollowResult.PAID),
        (deposited("TRADING", "3981"), FollowResult.OVER),
        (deposited("PAYSUCCESS", "3979"), FollowResult.SHORT),
        (deposited("PAYSUCCESS", "3980"), FollowResult.PAID),
        (deposited("PAYSUCCESS", "4000", "BANK_TRANSFER_SMBC"), FollowResult.OVER),
        (deposited("PAYSUCCESS", None), FollowResult.UNCLEAR),
        (deposited("PAYSUCCESS", "0"), FollowResult.UNCLEAR),
        (deposited("EXPIRED", None), FollowResult.NOT_PAID),
        (deposited("EXPIRED", "100"), FollowResult.UNCLEAR),
        (deposited("BRAND_NEW", "3980"), FollowResult.UNCLEAR),
    ],
)
def test_cash(found: Any, result: FollowResult) -> None:
    followed, script = follow(CASH_PAID, found)
    assert followed.result is result
    assert followed.paid == (result in (FollowResult.PAID, FollowResult.OVER))
    assert script.paths == ["/order/inquiry"]


def test_a_deposit_in_the_wrong_place_is_found() -> None:
    """The published SMBC sample has the bank's members beside Pay-easy's."""
    result = {
        "cashType": "BANK_TRANSFER_SMBC",
        "pay-easyPaymentInformation": {"bankName": "x", "depositAmount": "1000"},
    }
    followed, _ = follow(CASH_PAID, inquired("TRADING", "CASH", cashResult=result))
    assert followed.result is FollowResult.SHORT
    assert (followed.deposit, followed.amount) == (1000, 3980)


def test_dedupe_keys_tell_facts_apart() -> None:
    """A notice that comes again is the same fact; a second part payment is another."""
    notices = [
        follow(CASH_PAID, deposited("TRADING", None)),
        follow(CASH_PAID, deposited("TRADING", "0")),
        follow(CASH_PAID, deposited("TRADING", "1000")),
        follow(CASH_PAID, deposited("TRADING", "2000")),
        follow(CASH_PAID, deposited("PAYSUCCESS", "2000")),
        follow(WALLET_PAID, inquired("CAPTURE", "WALLET")),
        follow(callback("WALLET_CHARGE_FINISHED"), inquired("CAPTURE", "WALLET")),
        follow(CASH_PAID, answer(200, {})),
    ]
    keys = [dedupe_key(followed) for followed, _ in notices]
    assert len(set(keys)) == len(keys)
    assert all(ACCESS_ID in key and len(key) < 512 for key in keys)
    again, _ = follow(CASH_PAID, deposited("TRADING", "1000"))
    assert dedupe_key(again) == keys[2]


# Webhooks of wallets


def test_the_front_end_payment() -> None:
    followed, _ = follow(WALLET_PAID, inquired("CAPTURE", "WALLET"))
    assert followed.result is FollowResult.PAID


@pytest.mark.parametrize(
    ("event", "state", "result"),
    [
        ("REFUND_SUCCEEDED", "RETURN", FollowResult.REFUNDED),
        ("REFUND_SUCCEEDED", "CANCEL", FollowResult.REFUNDED),
        ("REFUND_SUCCEEDED", "REQRETURN", FollowResult.WAITING),
        ("REFUND_SUCCEEDED", "SALES", FollowResult.UNCLEAR),
        ("REFUND_FAILED", "SALES", FollowResult.REFUND_FAILED),
        ("REFUND_FAILED", "CAPTURE", FollowResult.REFUND_FAILED),
        ("REFUND_FAILED", "REQRETURN", FollowResult.REFUND_FAILED),
        ("REFUND_FAILED", "RETURN", FollowResult.UNCLEAR),
    ],
)
def test_refunds(event: str, state: str, result: FollowResult) -> None:
    followed, _ = follow(refund(event), inquired(state, "WALLET"))
    assert followed.result is result


def test_a_refund_nobody_can_read() -> None:
    followed, _ = follow(refund("REFUND_SUCCEEDED"), answer(200, {}))
    assert followed.result is FollowResult.UNCLEAR


# Unknown events


@pytest.mark.parametrize("event", [callback("NEW_EVENT"), UnknownEvent(ACCESS_ID, "NEW_PAID")])
def test_an_unknown_event_is_handed_back_with_what_an_inquiry_found(event: Any) -> None:
    followed, script = follow(event, inquired("AUTH"))
    assert followed.result is FollowResult.UNHANDLED
    assert followed.state == "AUTH"
    assert followed.answer is not None
    assert not followed.paid
    assert script.paths == ["/order/inquiry"]


@pytest.mark.parametrize(
    "failure",
    [problem(400, "invalid_request"), problem(502, "bad_gateway"), httpx2.ConnectError("x")],
    ids=str,
)
def test_an_unknown_event_raises_nothing(failure: Any) -> None:
    followed, _ = follow(UnknownEvent(ACCESS_ID, "NEW_PAID"), failure)
    assert followed.result is FollowResult.UNHANDLED
    assert followed.error is not None
    assert followed.answer is None


def test_a_known_event_whose_inquiry_fails_says_so() -> None:
    """So that a webhook is answered with a 5xx and comes again."""
    with Script(problem(502, "bad_gateway")).client() as gmo, pytest.raises(BadGatewayError):
        gmo.follow(CASH_PAID)
    refused = Script(problem(400, "invalid_contract"))
    with refused.client() as gmo, pytest.raises(InvalidContractError):
        gmo.follow(callback("TDS_FINISHED"))


def test_every_event_of_the_spec_is_followed() -> None:
    events: list[Any] = [callback(name) for name in m.CallbackEvent]
    events += [refund(name) for name in m.AmazonPayCancelEvent]
    events += [CASH_PAID, WALLET_PAID]
    assert len(events) == 10
    reference = {"accessId": ACCESS_ID, "status": "SUCCESS"}
    for event in events:
        found = answer(200, {"orderReference": order("CANCEL"), "verificationReference": reference})
        assert follow(event, found)[0].result is not FollowResult.UNHANDLED


@pytest.mark.parametrize("given", ["TDS_FINISHED", None, {"event": "TDS_FINISHED"}], ids=repr)
def test_what_is_no_event_asks_nothing(given: Any) -> None:
    script = Script()
    with script.client() as gmo, pytest.raises(TypeError, match="parse_callback"):
        gmo.follow(given)
    assert script.requests == []
