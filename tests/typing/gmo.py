"""The public calls of kessai_gmo as a type checker sees them. Checked, never run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_type

from kessai import Answer, Environment, OutcomeUnknown, System, Timeout
from kessai.operation import Operation
from kessai.outcome import Outcome
from kessai_gmo import (
    AsyncGmoClient,
    Followed,
    FollowResult,
    GmoClient,
    UnknownEvent,
    dedupe_key,
    operations,
    parse_callback,
    parse_webhook,
)
from kessai_gmo import models as m

Webhook = (
    m.CashWebhookRequest | m.AmazonPayCancelWebhookRequest | m.WalletFrontendWebhook | UnknownEvent
)


def clients() -> None:
    """What a client may be told, and what it may not."""
    assert_type(GmoClient("shop", "password"), GmoClient)
    GmoClient(
        "shop",
        "password",
        environment=Environment(api="http://127.0.0.1:8801", token="http://127.0.0.1:8801"),
        auth="token",
        api_version="2023-06",
        timeout=Timeout(connect=1),
        deadline=30.0,
        max_attempts=2,
        lift=["/merchant/nameKana"],
        hooks=[print],
        system=System(),
    )
    AsyncGmoClient("shop", "password", environment="live", auth="password")
    GmoClient("shop", "password", environment="production")  # type: ignore[arg-type]  # pyright: ignore
    GmoClient("shop", "password", auth="key")  # type: ignore[arg-type]  # pyright: ignore
    GmoClient("shop", "password", retries=3)  # type: ignore[call-arg]  # pyright: ignore
    m.CreditChargRequest  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore


def models() -> None:
    """Yen are int, codes are enums, required members are required."""
    order = m.Order(order_id="A-1", amount=3980, transaction_type=m.TransactionType.CIT)
    assert_type(order.amount, int)
    assert_type(order.items, list[m.Item] | None)
    assert_type(order.unknown_members, dict[str, Any])
    m.Order(order_id="A-1", amount="3980", transaction_type=m.TransactionType.CIT)  # type: ignore[arg-type]  # pyright: ignore
    m.Order(order_id="A-1")  # type: ignore[call-arg]  # pyright: ignore
    m.Order(order_id="A-1", amount=1, transaction_type="CIT")  # type: ignore[arg-type]  # pyright: ignore


def calls(gmo: GmoClient, request: Any) -> None:
    """Every operation of the sync client."""
    assert_type(gmo.token.token(request), m.TokenResponse)
    assert_type(gmo.credit.charge(request), m.CreditChargeResponse | m.CreditChargeTds2Response)
    assert_type(
        gmo.credit.onfile_charge(request), m.CreditChargeResponse | m.CreditChargeTds2Response
    )
    assert_type(
        gmo.credit.verify_card(request),
        m.CreditVerifyCardResponse | m.CreditVerifyCardTds2Response,
    )
    assert_type(gmo.credit.store_card(request), m.CreditStoreCardResponse)
    assert_type(gmo.credit.get_card_details(request), m.CreditGetCardDetailsResponse)
    assert_type(gmo.tds2.finalize_charge(request), m.Tds2FinalizeChargeResponse)
    assert_type(gmo.tds2.finalize_verification(request), m.Tds2FinalizeVerificationResponse)
    assert_type(gmo.wallet.charge(request), m.WalletChargeResponse)
    assert_type(gmo.wallet.frontend_charge(request), m.WalletFrontendChargeResponse)
    assert_type(gmo.wallet.frontend_verify_charge(request), m.WalletFrontendVerifyChargeResponse)
    assert_type(gmo.wallet.onfile_charge(request), m.WalletOnfileChargeResponse)
    assert_type(gmo.wallet.authorize_account(request), m.WalletAuthorizationResponse)
    assert_type(gmo.wallet.get_customer_data(request), m.WalletGetCustomerDataResponse)
    assert_type(gmo.cash.charge(request), m.CashChargeResponse)
    assert_type(gmo.order.capture(request), m.OrderCaptureResponse)
    assert_type(gmo.order.update(request), m.OrderUpdateResponse)
    assert_type(gmo.order.cancel(request), m.OrderCancelResponse)
    assert_type(gmo.order.inquiry(request), m.OrderInquiryResponse)
    assert_type(gmo.member.create(request), m.MemberCreateResponse)
    assert_type(gmo.member.inquiry(request), m.MemberInquiryResponse)
    assert_type(gmo.member.delete(request), m.MemberDeleteResponse)
    assert_type(gmo.member.delete_item(request), m.MemberDeleteItemResponse)
    assert_type(gmo.verification.start(request), m.VerificationStartResponse)
    assert_type(gmo.verification.inquiry(request), m.VerificationInquiryResponse)


async def async_calls(gmo: AsyncGmoClient, request: Any) -> None:
    """Every operation of the async client."""
    assert_type(await gmo.token.token(request), m.TokenResponse)
    assert_type(
        await gmo.credit.charge(request), m.CreditChargeResponse | m.CreditChargeTds2Response
    )
    assert_type(
        await gmo.credit.onfile_charge(request),
        m.CreditChargeResponse | m.CreditChargeTds2Response,
    )
    assert_type(
        await gmo.credit.verify_card(request),
        m.CreditVerifyCardResponse | m.CreditVerifyCardTds2Response,
    )
    assert_type(await gmo.credit.store_card(request), m.CreditStoreCardResponse)
    assert_type(await gmo.credit.get_card_details(request), m.CreditGetCardDetailsResponse)
    assert_type(await gmo.tds2.finalize_charge(request), m.Tds2FinalizeChargeResponse)
    assert_type(await gmo.tds2.finalize_verification(request), m.Tds2FinalizeVerificationResponse)
    assert_type(await gmo.wallet.charge(request), m.WalletChargeResponse)
    assert_type(await gmo.wallet.frontend_charge(request), m.WalletFrontendChargeResponse)
    assert_type(
        await gmo.wallet.frontend_verify_charge(request), m.WalletFrontendVerifyChargeResponse
    )
    assert_type(await gmo.wallet.onfile_charge(request), m.WalletOnfileChargeResponse)
    assert_type(await gmo.wallet.authorize_account(request), m.WalletAuthorizationResponse)
    assert_type(await gmo.wallet.get_customer_data(request), m.WalletGetCustomerDataResponse)
    assert_type(await gmo.cash.charge(request), m.CashChargeResponse)
    assert_type(await gmo.order.capture(request), m.OrderCaptureResponse)
    assert_type(await gmo.order.update(request), m.OrderUpdateResponse)
    assert_type(await gmo.order.cancel(request), m.OrderCancelResponse)
    assert_type(await gmo.order.inquiry(request), m.OrderInquiryResponse)
    assert_type(await gmo.member.create(request), m.MemberCreateResponse)
    assert_type(await gmo.member.inquiry(request), m.MemberInquiryResponse)
    assert_type(await gmo.member.delete(request), m.MemberDeleteResponse)
    assert_type(await gmo.member.delete_item(request), m.MemberDeleteItemResponse)
    assert_type(await gmo.verification.start(request), m.VerificationStartResponse)
    assert_type(await gmo.verification.inquiry(request), m.VerificationInquiryResponse)


def around_a_call(gmo: GmoClient, request: m.CashChargeRequest, unknown: OutcomeUnknown) -> None:
    """Options, raw answers, outcomes, and what is no request of an operation."""
    gmo.cash.charge(
        request,
        idempotency_key="key",
        timeout=3.0,
        deadline=10,
        max_attempts=1,
        headers={"X-Trace": "1"},
        intent="A-1",
        lift=["/payer/nameKana"],
    )
    gmo.cash.charge(request, retries=3)  # type: ignore[call-arg]  # pyright: ignore
    gmo.credit.charge(request)  # type: ignore[arg-type]  # pyright: ignore
    raw = gmo.raw(operations.CASH_CHARGE, request, idempotency_key="key")
    assert_type(raw, Answer[m.CashChargeResponse])
    assert_type(raw.value.order_reference, m.OrderReferenceCash | None)
    assert_type(operations.OPERATIONS, Mapping[str, Operation[Any, Any]])
    gmo.raw(operations.CREDIT_CHARGE, request)  # type: ignore[misc]  # pyright: ignore
    assert_type(gmo.resolve(unknown), Outcome)
    assert_type(gmo.resolve(unknown, complete=True, request=request), Outcome)
    with gmo as same:
        assert_type(same, GmoClient)
    assert_type(gmo.close(), None)


async def around_an_async_call(
    gmo: AsyncGmoClient, request: m.CashChargeRequest, unknown: OutcomeUnknown
) -> None:
    """The same, with ``await``."""
    assert_type(
        await gmo.raw(operations.CASH_CHARGE, request, timeout=1), Answer[m.CashChargeResponse]
    )
    assert_type(await gmo.resolve(unknown, complete=True, request=request), Outcome)
    async with gmo as same:
        assert_type(same, AsyncGmoClient)
    assert_type(await gmo.aclose(), None)


def events(gmo: GmoClient, headers: dict[str, str]) -> None:
    """Callbacks and webhooks, and what follows."""
    callback = parse_callback("p=x", csrf_token="token")
    assert_type(callback, m.Callback)
    assert_type(callback.event, m.CallbackEvent)
    assert_type(parse_callback(b"p=x", csrf_token=lambda access_id: access_id or None), m.Callback)
    webhook = parse_webhook(
        b"{}",
        headers,
        csrf_token=lambda access_id: None,
        source_ip="210.175.7.20",
        environment="sandbox",
    )
    assert_type(webhook, Webhook)
    parse_webhook("{}", headers, csrf_token="t")  # type: ignore[arg-type]  # pyright: ignore
    parse_webhook(b"{}", headers)  # type: ignore[call-arg]  # pyright: ignore
    followed = gmo.follow(webhook)
    assert_type(gmo.follow(callback), Followed)
    assert_type(followed.result, FollowResult)
    assert_type(followed.paid, bool)
    assert_type(followed.amount, int | None)
    assert_type(followed.deposit, int | None)
    assert_type(dedupe_key(followed), str)


async def async_events(gmo: AsyncGmoClient, callback: m.Callback) -> None:
    """The same, with ``await``."""
    assert_type(await gmo.follow(callback), Followed)
