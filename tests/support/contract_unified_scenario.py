"""One story that calls all eight commands for every wallet, with consumer and refusals."""

from __future__ import annotations

from typing import Any

import pytest
from kessai.errors import OutcomeUnknown
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY
from kessai_unified import models as m
from kessai_unified import parse_redirect, refusals

from tests.support import contract_unified_bodies as bodies
from tests.support.contract_client import Caller
from tests.support.contract_unified_bodies import AMOUNT, WALLETS
from tests.support.contract_unified_mock import Mock


def tell(call: Caller, mock: Mock) -> None:
    """Tell the whole story. Raises what a client raises where it should not."""
    for wallet in WALLETS:
        _one_off(call, mock, wallet)
        _on_demand(call, mock, wallet)
    _waiting(call, mock)
    _refusals(call, mock)


def approve(mock: Mock, payment_id: str, answer: Any, outcome: str = "success") -> m.Redirect:
    """The consumer chooses and comes back; the redirect, proven."""
    assert answer.result.result_code == "UA-000-001"
    location = mock.press(answer.control.redirect_url, outcome=outcome)
    assert location is not None
    return parse_redirect(
        location, merchant_ccid=MERCHANT_CCID, merchant_key=MERCHANT_KEY, payment_id=payment_id
    )


def _one_off(call: Caller, mock: Mock, wallet: str) -> None:
    number = f"one-off-{wallet}"
    applied = call("pay", bodies.pay(number, wallet=wallet))
    reference = bodies.inquiry(applied.transaction.fep_reference_id)
    assert call("getTransactionResult", reference).result.result_code == "UA-U00-001"
    came = approve(mock, number, applied)
    assert (came.result_code, came.command) == ("UA-000-001", "pay")
    found = call("getTransactionResult", reference).transaction_data
    assert (found.order.payment_id, found.order.amount) == (number, AMOUNT)

    if wallet in ("rakuten", "au"):
        assert call("updateOrder", bodies.on_order(number, 3000)).result.status == "success"
    captured = call("capture", bodies.on_order(number, 2000))
    assert captured.provider.payment.provider_order_id
    for amount in (500, None):  # a part of it, then all that is left
        assert call("cancel", bodies.on_order(number, amount)).order.payment_id == number

    taken = call("pay", bodies.pay(f"taken-{wallet}", wallet=wallet, take="auth_capture"))
    approve(mock, f"taken-{wallet}", taken)
    by_number = bodies.on_order(taken.order.fep_order_id, by="fepOrderId")
    assert call("cancel", by_number).order.fep_order_id == taken.order.fep_order_id


def _on_demand(call: Caller, mock: Mock, wallet: str) -> None:
    number = f"club-{wallet}"
    agreement = call("subscribe", bodies.subscribe(number, wallet=wallet))
    assert approve(mock, number, agreement).command == "subscribe"
    charged = call("charge", bodies.charge(f"{number}-1", number))
    assert (charged.customer is None) == (wallet == "paypay")
    by = "originalFepOrderId"
    held = bodies.charge(f"{number}-2", agreement.order.fep_order_id, take="auth", by=by)
    call("charge", held)
    call("capture", bodies.on_order(f"{number}-2"))
    ending = bodies.on_order(number)
    if wallet == "rakuten":
        with pytest.raises(refusals.StatusRefusedError):
            call("terminate", ending)
    else:
        assert call("terminate", ending).order.payment_id == number


def _waiting(call: Caller, mock: Mock) -> None:
    """A consumer who is asked to pay, then a payment under a number that has succeeded twice."""
    approve(mock, "club", call("subscribe", bodies.subscribe("club")))
    asked = call("charge", bodies.charge("club-1", "club", 3305, recovery="recovery"))
    assert asked.result.result_code == "UA-U00-001"
    reference = bodies.inquiry(asked.transaction.fep_reference_id)
    assert call("getTransactionResult", reference).transaction_data is None
    mock.advance(60)
    assert call("getTransactionResult", reference).result.result_code == "UA-000-001"

    first, second = (call("pay", bodies.pay("twice")) for _ in range(2))
    approve(mock, "twice", first)
    assert approve(mock, "twice", second).result_code == "UA-000-002"


def _refusals(call: Caller, mock: Mock) -> None:
    given_up = call("pay", bodies.pay("given-up"))
    assert approve(mock, "given-up", given_up, "cancel").result_code == "UA-CST-002"
    found = call("getTransactionResult", bodies.inquiry(given_up.transaction.fep_reference_id))
    assert found.transaction_data.result.action_code == "retry_payment"
    with pytest.raises(refusals.DuplicateTransactionError):
        call("pay", bodies.pay("twice"))
    with pytest.raises(refusals.StatusRefusedError):
        call("capture", bodies.on_order("given-up"))
    with pytest.raises(refusals.TransactionNotFoundError):
        call("cancel", bodies.on_order("nobody"))
    with pytest.raises(refusals.ProviderMaintenanceError):
        call("pay", bodies.pay("maintenance", 3301, wallet="rakuten"))
    with pytest.raises(refusals.ProviderRefusedError):
        call("pay", bodies.pay("refused", 3308))
    mock.script("charge", provider="UA-PND-001")
    with pytest.raises(OutcomeUnknown) as pending:
        call("charge", bodies.charge("club-2", "club"))
    reference = pending.value.reference["fepReferenceId"]
    # An inquiry about what is pending is itself a success.
    told = call("getTransactionResult", bodies.inquiry(reference)).transaction_data
    assert told.result.result_code == "UA-PND-001"
    mock.script("pay", resultCode="UA-LMT-001")  # the client tries again by itself
    assert call("pay", bodies.pay("busy")).result.status == "success"
