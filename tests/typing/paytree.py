"""The public calls of kessai_paytree as a type checker sees them. Checked, never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

from kessai import OutcomeUnknown, System
from kessai.outcome import Outcome
from kessai_paytree import (
    AsyncPaytreeClient,
    AsyncProgress,
    Complete,
    ConfirmRequest,
    ConfirmResult,
    DepositRequest,
    DepositResult,
    Escalation,
    Failed,
    PayRequest,
    PayResult,
    PaytreeClient,
    PaytreeError,
    PayType,
    Progress,
    RefundRequest,
    RefundResult,
    ReverseRequest,
    ReverseResult,
    Settings,
    SettingsError,
    TransStatus,
    ValueType,
    errors,
    models,
    signing,
)

PAY = PayRequest(pay_type=PayType.PAYPAY, amount=1980, user_code="28")


def clients(settings: Settings) -> None:
    """What a client may be told, and what it may not."""
    assert_type(PaytreeClient(settings), PaytreeClient)
    PaytreeClient("WbCPSPay.conf")
    PaytreeClient(Path("WbCPSPay.conf"), one_per="terminal", lock_directory=Path("/run"))
    PaytreeClient(test_mode=True, cashier_wait=60, log_directory="log", system=System())
    AsyncPaytreeClient(settings, hooks=[print], lift=["/remark"])

    def canonical(message: Mapping[str, Any]) -> bytes:
        return b""

    PaytreeClient(settings, canonical=canonical)
    PaytreeClient(settings, one_per="shop")  # type: ignore[arg-type]  # pyright: ignore
    PaytreeClient(settings, retries=3)  # type: ignore[call-arg]  # pyright: ignore
    PaytreeClient(settings, canonical=str)  # type: ignore[arg-type]  # pyright: ignore
    models.PayRequets  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore


def requests() -> None:
    """Amounts are int or Decimal, wallets are an enum."""
    PayRequest(pay_type=PayType.AUTO_DETECT, amount=Decimal("1980.5"), user_code="28")
    PayRequest(pay_type=PayType.PAYPAY, amount=1.5, user_code="28")  # type: ignore[arg-type]  # pyright: ignore
    PayRequest(pay_type="PayPay", amount=1, user_code="28")  # type: ignore[arg-type]  # pyright: ignore
    PayRequest(pay_type=PayType.PAYPAY, amount=1)  # type: ignore[call-arg]  # pyright: ignore
    PayRequest(PayType.PAYPAY, 1, "28")  # type: ignore[call-arg]  # pyright: ignore
    DepositRequest(pay_type=PayType.LINE_PAY, amount=1, user_code="28", value_type=ValueType.BASIC)


def sync_calls(client: PaytreeClient, unknown: OutcomeUnknown) -> None:
    """Each request has its result."""
    assert_type(client.pay(PAY), PayResult)
    assert_type(client.refund(RefundRequest(order_id="1", refund_amount=1)), RefundResult)
    assert_type(client.reverse(ReverseRequest(order_id="1")), ReverseResult)
    deposit = DepositRequest(pay_type=PayType.LINE_PAY, amount=1, user_code="28")
    assert_type(client.deposit(deposit), DepositResult)
    assert_type(client.confirm(ConfirmRequest(order_id="1")), ConfirmResult)
    assert_type(client.start(PAY), Progress[PayResult])
    assert_type(client.start(PAY).finish(), PayResult)
    for event in client.start(PAY):
        assert_type(event, Complete[PayResult] | Failed)
        if isinstance(event, Failed):
            assert_type(event.error, PaytreeError)
        else:
            assert_type(event.result, PayResult)
    client.pay(PAY, on_progress=print, intent="sale-1", lift=["/remark"])
    client.pay(PAY, retries=3)  # type: ignore[call-arg]  # pyright: ignore
    client.refund(PAY)  # type: ignore[arg-type]  # pyright: ignore
    client.pay_confirm(True)
    assert_type(client.resolve(unknown, wait=10), Outcome)
    assert_type(client.unsettled(), list[errors.UnsettledError])
    client.settled("1", paid=True)


async def async_calls(client: AsyncPaytreeClient, unknown: OutcomeUnknown) -> None:
    """The same, awaited."""
    assert_type(await client.pay(PAY), PayResult)
    assert_type(await client.refund(RefundRequest(order_id="1", refund_amount=1)), RefundResult)
    assert_type(client.start(PAY), AsyncProgress[PayResult])
    async for event in client.start(PAY):
        assert_type(event, Complete[PayResult] | Failed)
    client.pay_confirm(False)
    assert_type(await client.resolve(unknown), Outcome)
    assert_type(await client.unsettled(), list[errors.UnsettledError])


def results(result: PayResult, error: PaytreeError, settings: SettingsError) -> None:
    """What comes back."""
    assert_type(result.order_id, str | None)
    assert_type(result.amount, int | None)
    assert_type(result.trans_time, datetime | None)
    assert_type(result.trans_status, TransStatus | None)
    assert_type(result.waiting, bool)
    assert_type(error.kind, errors.Kind)
    assert_type(error.escalation, Escalation | None)
    assert_type(error.safe_to_pay_again, bool)
    assert_type(settings.problems[0].line, int | None)


def signatures(pem: bytes) -> None:
    """Keys, and what is made with them."""
    key = signing.load_private_key(pem)
    made = signing.sign({"a": 1}, key)
    assert_type(made, str)
    assert_type(signing.verify({"a": 1}, made, signing.load_public_key("gateway.pem")), bool)
    assert_type(signing.canonical({"a": 1}), bytes)
