"""The public calls of kessai_unified as a type checker sees them. Checked, never run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_type

from kessai import Answer, Environment, OutcomeUnknown, System, Timeout
from kessai.operation import Operation
from kessai.outcome import Outcome
from kessai_unified import (
    AsyncUnifiedClient,
    UnifiedClient,
    UnifiedError,
    Webhook,
    dedupe_key,
    operations,
    parse_redirect,
    parse_webhook,
    serves,
    signing,
)
from kessai_unified import models as m


def clients() -> None:
    """What a client may be told, and what it may not."""
    assert_type(UnifiedClient(bearer_token="t"), UnifiedClient)
    UnifiedClient(
        merchant_ccid="ccid",
        merchant_key="key",
        hmac_key_encoding="hex",
        environment=Environment(api="http://127.0.0.1:8802/fep/command"),
        timeout=Timeout(connect=1),
        deadline=30.0,
        max_attempts=2,
        lift=["/control/pushUrl#port"],
        hooks=[print],
        system=System(),
    )
    AsyncUnifiedClient(bearer_token="t", environment="live", domain="old")
    UnifiedClient("t")  # type: ignore[call-arg]  # pyright: ignore
    UnifiedClient(bearer_token="t", environment="production")  # type: ignore[arg-type]  # pyright: ignore
    UnifiedClient(bearer_token="t", domain="newest")  # type: ignore[arg-type]  # pyright: ignore
    UnifiedClient(bearer_token="t", hmac_key_encoding="base64")  # type: ignore[arg-type]  # pyright: ignore
    UnifiedClient(bearer_token="t", retries=3)  # type: ignore[call-arg]  # pyright: ignore
    m.PayRequets  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore


def models() -> None:
    """Yen are int, codes are enums, an order is by exactly one number."""
    order = m.PayOrder(pay_type=m.PayType.PAYPAY, payment_id="B-1", amount=3980)
    assert_type(order.amount, int)
    assert_type(order.pay_type, m.PayType)
    assert_type(order.unknown_members, dict[str, Any])
    m.PayOrder(pay_type=m.PayType.PAYPAY, payment_id="B-1", amount="3980")  # type: ignore[arg-type]  # pyright: ignore
    m.PayOrder(pay_type="paypay", payment_id="B-1", amount=1)  # type: ignore[arg-type]  # pyright: ignore
    m.PayOrder(pay_type=m.PayType.PAYPAY, payment_id="B-1")  # type: ignore[call-arg]  # pyright: ignore
    m.CaptureRequest(order=m.OrderByPaymentId(payment_id="B-1"))
    m.CaptureRequest(order=m.OrderByFepOrderId(fep_order_id="B-1_0", amount=100))
    m.OrderByPaymentId(payment_id="B-1", fep_order_id="B-1_0")  # type: ignore[call-arg]  # pyright: ignore
    m.CaptureRequest(order=order)  # type: ignore[arg-type]  # pyright: ignore
    m.TerminateRequest(order=m.AgreementByPaymentId(payment_id="C-1"))
    charge = m.ChargeByOriginalFepOrderId(original_fep_order_id="C-1_0", payment_id="B-2", amount=1)
    m.ChargeRequest(order=charge)
    m.ChargeRequest(order=m.OrderByPaymentId(payment_id="B-1"))  # type: ignore[arg-type]  # pyright: ignore


def calls(unified: UnifiedClient, request: Any) -> None:
    """Every command of the sync client."""
    assert_type(unified.payment.pay(request), m.PayResponse)
    assert_type(unified.payment.subscribe(request), m.SubscribeResponse)
    assert_type(unified.payment.update_order(request), m.UpdateOrderResponse)
    assert_type(unified.payment.capture(request), m.CaptureResponse)
    assert_type(unified.payment.cancel(request), m.CancelResponse)
    assert_type(unified.payment.charge(request), m.ChargeResponse)
    assert_type(unified.payment.terminate(request), m.TerminateResponse)
    assert_type(unified.payment.get_transaction_result(request), m.GetTransactionResultResponse)
    assert_type(unified.get_transaction_result("X"), m.GetTransactionResultResponse)


async def async_calls(unified: AsyncUnifiedClient, request: Any) -> None:
    """Every command of the async client."""
    assert_type(await unified.payment.pay(request), m.PayResponse)
    assert_type(await unified.payment.subscribe(request), m.SubscribeResponse)
    assert_type(await unified.payment.update_order(request), m.UpdateOrderResponse)
    assert_type(await unified.payment.capture(request), m.CaptureResponse)
    assert_type(await unified.payment.cancel(request), m.CancelResponse)
    assert_type(await unified.payment.charge(request), m.ChargeResponse)
    assert_type(await unified.payment.terminate(request), m.TerminateResponse)
    assert_type(
        await unified.payment.get_transaction_result(request), m.GetTransactionResultResponse
    )
    assert_type(await unified.get_transaction_result("X"), m.GetTransactionResultResponse)


def around_a_call(unified: UnifiedClient, request: m.PayRequest, unknown: OutcomeUnknown) -> None:
    """Options, raw answers, outcomes, and what is no request of an operation."""
    answer = unified.payment.pay(
        request,
        idempotency_key="key",
        timeout=3.0,
        deadline=10,
        max_attempts=1,
        headers={"X-Trace": "1"},
        intent="B-1",
        lift=["/control/pushUrl"],
    )
    assert_type(answer.result.result_code, m.ResultCode)
    assert_type(answer.control, m.RedirectControl | None)
    unified.payment.pay(request, retries=3)  # type: ignore[call-arg]  # pyright: ignore
    unified.payment.charge(request)  # type: ignore[arg-type]  # pyright: ignore
    unified.get_transaction_result(7)  # type: ignore[arg-type]  # pyright: ignore
    unified.get_transaction_result("X", timeout=1, max_attempts=2)
    raw = unified.raw(operations.PAY, request, idempotency_key="key")
    assert_type(raw, Answer[m.PayResponse])
    assert_type(operations.OPERATIONS, Mapping[str, Operation[Any, Any]])
    unified.raw(operations.CHARGE, request)  # type: ignore[misc]  # pyright: ignore
    assert_type(unified.resolve(unknown), Outcome)
    assert_type(unified.resolve(unknown, complete=True, request=request), Outcome)
    with unified as same:
        assert_type(same, UnifiedClient)
    assert_type(unified.close(), None)


async def around_an_async_call(
    unified: AsyncUnifiedClient, request: m.PayRequest, unknown: OutcomeUnknown
) -> None:
    """The same, with ``await``."""
    assert_type(await unified.raw(operations.PAY, request, timeout=1), Answer[m.PayResponse])
    assert_type(await unified.resolve(unknown, complete=True, request=request), Outcome)
    async with unified as same:
        assert_type(same, AsyncUnifiedClient)
    assert_type(await unified.aclose(), None)


def events(headers: dict[str, str]) -> None:
    """Redirects and webhooks."""
    came = parse_redirect("a=b", merchant_ccid="c", merchant_key="k", payment_id="B-1")
    assert_type(came, m.Redirect)
    assert_type(came.fep_reference_id, str)
    assert_type(came.merchant_request_key1, str | None)
    parse_redirect(b"a=b", merchant_ccid="c", merchant_key=["new", "old"], payment_id="B-1")
    parse_redirect("a=b", merchant_ccid="c", merchant_key="k")  # type: ignore[call-arg]  # pyright: ignore
    webhook = parse_webhook(
        b"{}", headers, merchant_ccid="c", merchant_key=("new", "old"), hmac_key_encoding="hex"
    )
    assert_type(webhook, Webhook)
    assert_type(webhook.id, str)
    assert_type(webhook.notice, m.PushRequest)
    assert_type(webhook.command, m.Command)
    assert_type(webhook.result, m.Result)
    assert_type(webhook.payment_id, str | None)
    assert_type(webhook.fep_order_id, str | None)
    assert_type(webhook.fep_reference_id, str | None)
    assert_type(dedupe_key(webhook), str)
    parse_webhook("{}", headers, merchant_ccid="c", merchant_key="k")  # type: ignore[arg-type]  # pyright: ignore
    parse_webhook(b"{}", headers)  # type: ignore[call-arg]  # pyright: ignore


def rest(error: UnifiedError) -> None:
    """Digests, wallets, errors."""
    assert_type(signing.content_hmac("c", b"{}", "k"), str)
    assert_type(signing.content_hmac("c", b"{}", "ab", key_encoding="hex"), str)
    signing.content_hmac("c", "{}", "k")  # type: ignore[arg-type]  # pyright: ignore
    assert_type(signing.v_auth_info("c", ["a", "b"], "k"), str)
    assert_type(serves("capture", m.PayType.AU), bool)
    assert_type(error.result_code, str)
    assert_type(error.action_code, str | None)
    assert_type(error.fep_reference_id, str | None)
