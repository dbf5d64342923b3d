"""The public calls of kessai_univapay as a type checker sees them. Checked, never run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any, assert_type

from kessai import Answer, Environment, OutcomeUnknown, System, Timeout
from kessai.operation import Operation
from kessai.outcome import Outcome
from kessai.receive import Receiver
from kessai.stores.memory import MemoryDedupe
from kessai_univapay import (
    AppToken,
    AsyncUnivapayClient,
    Event,
    KonbiniPayment,
    PaymentError,
    RateLimits,
    StillWaitingError,
    UnivapayClient,
    UnivapayError,
    UnknownEvent,
    dedupe_key,
    is_paid,
    operations,
    paginate,
    paginate_async,
    parse_webhook,
    rate_limits,
    read_app_token,
    refusals,
)
from kessai_univapay import models as m


def clients() -> None:
    """What a client may be told, and what it may not."""
    univapay = UnivapayClient("app token", "secret")
    assert_type(univapay, UnivapayClient)
    assert_type(univapay.app_token, AppToken)
    assert_type(read_app_token("app token").store_id, str | None)
    UnivapayClient(
        "app token",
        "secret",
        environment=Environment(api="http://127.0.0.1:8804"),
        token_type="one_time",
        reference_key="order",
        not_found_after=900,
        timeout=Timeout(connect=1),
        deadline=30.0,
        max_attempts=2,
        lift=["/data/expiration_period"],
        hooks=[print],
        system=System(),
    )
    AsyncUnivapayClient("app token", "secret", environment="live", token_type="recurring")
    UnivapayClient("app token")  # type: ignore[call-arg]  # pyright: ignore
    UnivapayClient("app token", "secret", environment="test")  # type: ignore[arg-type]  # pyright: ignore
    UnivapayClient("app token", "secret", token_type="subscription")  # type: ignore[arg-type]  # pyright: ignore
    UnivapayClient("app token", "secret", retries=3)  # type: ignore[call-arg]  # pyright: ignore
    m.ChargeRequets  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore


def models() -> None:
    """Yen are int, codes are enums, each means of payment has its own data."""
    phone = m.JapanesePhoneNumber(local_number="0312345678")
    data = m.KonbiniRequestData(
        customer_name="山田 花子", convenience_store=m.ConvenienceStore.LAWSON, phone_number=phone
    )
    assert_type(data.convenience_store, m.ConvenienceStore)
    assert_type(data.unknown_members, dict[str, Any])
    m.KonbiniTokenRequest(type=m.TokenType.ONE_TIME, data=data)
    m.CardTokenRequest(type=m.TokenType.ONE_TIME, data=data)  # type: ignore[arg-type]  # pyright: ignore
    m.KonbiniTokenRequest(type="one_time", data=data)  # type: ignore[arg-type]  # pyright: ignore
    m.KonbiniRequestData(customer_name="a", phone_number=phone)  # type: ignore[call-arg]  # pyright: ignore
    charge = m.ChargeRequest(transaction_token_id="t", amount=3980, currency="JPY")
    assert_type(charge.amount, int)
    assert_type(charge.metadata, dict[str, Any] | None)
    m.ChargeRequest(transaction_token_id="t", amount="3980", currency="JPY")  # type: ignore[arg-type]  # pyright: ignore


def tokens(
    univapay: UnivapayClient,
    konbini: m.KonbiniTokenRequest,
    card: m.CardTokenRequest,
    online: m.OnlineTokenRequest,
    bank_transfer: m.BankTransferTokenRequest,
    qr_scan: m.QrScanTokenRequest,
    qr_merchant: m.QrMerchantTokenRequest,
    paidy: m.PaidyTokenRequest,
    either: m.TokenRequest,
) -> None:
    """A token is of the means of payment that was asked for."""
    assert_type(univapay.tokens.create(konbini), m.KonbiniToken)
    assert_type(univapay.tokens.create(konbini).id, str)
    assert_type(univapay.tokens.create(card), m.CardToken)
    assert_type(univapay.tokens.create(online), m.OnlineToken)
    assert_type(univapay.tokens.create(bank_transfer), m.BankTransferToken)
    assert_type(univapay.tokens.create(qr_scan), m.QrScanToken)
    assert_type(univapay.tokens.create(qr_merchant), m.QrMerchantToken)
    assert_type(univapay.tokens.create(paidy), m.PaidyToken)
    assert_type(univapay.tokens.create(either, idempotency_key="k"), m.Token)
    univapay.tokens.create(konbini, retries=3)  # type: ignore[call-overload]  # pyright: ignore


def calls(univapay: UnivapayClient, r: Any) -> None:
    """Every operation of the sync client."""
    s, c, x = "store", "charge", "other"
    assert_type(univapay.tokens.list(active=m.TokenActive.ALL), m.TokenList)
    assert_type(univapay.tokens.list_in_store(store_id=s), m.TokenList)
    assert_type(univapay.tokens.get(store_id=s, token_id=x), m.Token)
    assert_type(univapay.tokens.update(r, store_id=s, token_id=x), m.Token)
    assert_type(univapay.tokens.delete(store_id=s, token_id=x), None)
    assert_type(univapay.tokens.enable_three_ds(r, store_id=s, token_id=x), m.Token)
    assert_type(univapay.tokens.disable_three_ds(store_id=s, token_id=x), m.Token)
    assert_type(univapay.charges.create(r), m.Charge)
    assert_type(univapay.charges.list(limit=100, currency="JPY"), m.ChargeList)
    assert_type(univapay.charges.list_in_store(store_id=s), m.ChargeList)
    assert_type(univapay.charges.get(store_id=s, charge_id=c), m.Charge)
    assert_type(univapay.charges.update(r, store_id=s, charge_id=c), m.Charge)
    assert_type(univapay.captures.create(r, store_id=s, charge_id=c), None)
    assert_type(univapay.cancels.create(r, store_id=s, charge_id=c), m.Cancel)
    assert_type(univapay.cancels.list(store_id=s, charge_id=c), m.CancelList)
    assert_type(univapay.cancels.get(store_id=s, charge_id=c, cancel_id=x), m.Cancel)
    assert_type(univapay.cancels.update(r, store_id=s, charge_id=c, cancel_id=x), m.Cancel)
    assert_type(univapay.refunds.create(r, store_id=s, charge_id=c), m.Refund)
    assert_type(univapay.refunds.list(store_id=s, charge_id=c), m.RefundList)
    assert_type(univapay.refunds.get(store_id=s, charge_id=c, refund_id=x), m.Refund)
    assert_type(univapay.refunds.update(r, store_id=s, charge_id=c, refund_id=x), m.Refund)
    assert_type(univapay.issuer_tokens.get(store_id=s, charge_id=c), m.IssuerToken)
    assert_type(univapay.issuer_tokens.get_three_ds(store_id=s, charge_id=c), m.ThreeDsIssuerToken)
    assert_type(
        univapay.issuer_tokens.get_token_three_ds(store_id=s, token_id=x), m.ThreeDsIssuerToken
    )
    assert_type(univapay.expiry.get_latest(store_id=s, charge_id=c), m.Expiry)
    assert_type(univapay.stores.list(), m.StoreList)
    assert_type(univapay.stores.get(store_id=s), m.Store)
    assert_type(univapay.stores.create_customer_id(r, store_id=s), m.CustomerId)
    assert_type(univapay.me.get(), m.Merchant)
    assert_type(univapay.checkout.get(), m.CheckoutInfo)
    univapay.charges.get(charge_id=c)  # type: ignore[call-arg]  # pyright: ignore
    univapay.charges.get(s, c)  # type: ignore[call-arg]  # pyright: ignore
    univapay.charges.list(limits=10)  # type: ignore[call-arg]  # pyright: ignore


def webhooks_and_subscriptions(univapay: UnivapayClient, r: Any) -> None:
    """The other groups."""
    s, w, x = "store", "webhook", "other"
    assert_type(univapay.webhooks.create(r, store_id=s), m.Webhook)
    assert_type(univapay.webhooks.list(store_id=s), m.WebhookList)
    assert_type(univapay.webhooks.get(store_id=s, webhook_id=w), m.Webhook)
    assert_type(univapay.webhooks.update(r, store_id=s, webhook_id=w), m.Webhook)
    assert_type(univapay.webhooks.delete(store_id=s, webhook_id=w), None)
    assert_type(univapay.webhooks.list_events(store_id=s, webhook_id=w), m.WebhookDeliveryList)
    assert_type(univapay.webhooks.create_of_merchant(r), m.Webhook)
    assert_type(univapay.webhooks.list_of_merchant(), m.WebhookList)
    assert_type(univapay.webhooks.get_of_merchant(webhook_id=w), m.Webhook)
    assert_type(univapay.webhooks.update_of_merchant(r, webhook_id=w), m.Webhook)
    assert_type(univapay.webhooks.delete_of_merchant(webhook_id=w), None)
    assert_type(univapay.webhooks.list_events_of_merchant(webhook_id=w), m.WebhookDeliveryList)
    assert_type(
        univapay.bank_transfer_ledgers.list(store_id=s, charge_id=x), m.BankTransferLedgerList
    )
    assert_type(univapay.subscriptions.create(r), m.Subscription)
    assert_type(univapay.subscriptions.list(), m.SubscriptionList)
    assert_type(univapay.subscriptions.list_in_store(store_id=s), m.SubscriptionList)
    assert_type(univapay.subscriptions.get(store_id=s, subscription_id=x), m.Subscription)
    assert_type(univapay.subscriptions.update(r, store_id=s, subscription_id=x), m.Subscription)
    assert_type(univapay.subscriptions.cancel(store_id=s, subscription_id=x), None)
    assert_type(univapay.subscriptions.suspend(r, store_id=s, subscription_id=x), m.Subscription)
    assert_type(univapay.subscriptions.unsuspend(store_id=s, subscription_id=x), m.Subscription)
    assert_type(
        univapay.subscriptions.update_token(r, store_id=s, subscription_id=x), m.Subscription
    )
    assert_type(univapay.subscriptions.simulate_plan(r), list[m.SimulatedPayment])
    assert_type(
        univapay.subscriptions.simulate_plan_in_store(r, store_id=s), list[m.SimulatedPayment]
    )
    assert_type(
        univapay.subscriptions.list_charges(merchant_id="m", store_id=s, subscription_id=x),
        m.ChargeList,
    )
    assert_type(univapay.subscriptions.get_latest_charge(store_id=s, subscription_id=x), m.Charge)


def subscription_payments(univapay: UnivapayClient, r: Any) -> None:
    """One payment of a subscription."""
    payments = univapay.subscription_payments
    assert_type(payments.list(store_id="s", subscription_id="x"), m.SubscriptionPaymentList)
    assert_type(
        payments.get(store_id="s", subscription_id="x", payment_id="p"), m.SubscriptionPayment
    )
    assert_type(
        payments.update(r, store_id="s", subscription_id="x", payment_id="p"), m.SubscriptionPayment
    )
    assert_type(
        payments.list_charges(store_id="s", subscription_id="x", payment_id="p"), m.ChargeList
    )


async def async_calls(
    univapay: AsyncUnivapayClient, konbini: m.KonbiniTokenRequest, either: m.TokenRequest, r: Any
) -> None:
    """The async client has the same, with ``await``."""
    s, c, x = "store", "charge", "other"
    assert_type(univapay.app_token, AppToken)
    assert_type(await univapay.tokens.create(konbini), m.KonbiniToken)
    assert_type(await univapay.tokens.create(either), m.Token)
    assert_type(await univapay.tokens.get(store_id=s, token_id=x), m.Token)
    assert_type(await univapay.charges.create(r), m.Charge)
    assert_type(await univapay.charges.list(), m.ChargeList)
    assert_type(await univapay.captures.create(r, store_id=s, charge_id=c), None)
    assert_type(await univapay.cancels.create(r, store_id=s, charge_id=c), m.Cancel)
    assert_type(await univapay.refunds.create(r, store_id=s, charge_id=c), m.Refund)
    assert_type(await univapay.issuer_tokens.get(store_id=s, charge_id=c), m.IssuerToken)
    assert_type(await univapay.expiry.get_latest(store_id=s, charge_id=c), m.Expiry)
    assert_type(await univapay.webhooks.create(r, store_id=s), m.Webhook)
    assert_type(await univapay.stores.list(), m.StoreList)
    assert_type(await univapay.me.get(), m.Merchant)
    assert_type(await univapay.checkout.get(), m.CheckoutInfo)
    assert_type(await univapay.subscriptions.create(r), m.Subscription)
    assert_type(
        await univapay.bank_transfer_ledgers.list(store_id=s, charge_id=c), m.BankTransferLedgerList
    )


def waiting(univapay: UnivapayClient, charge: m.Charge, refund: m.Refund, cancel: m.Cancel) -> None:
    """Waiting gives back what it was given, further on."""
    assert_type(univapay.charges.wait(charge), m.Charge)
    assert_type(
        univapay.charges.wait(charge, until=[m.ChargeStatus.AWAITING, "authorized"], within=5),
        m.Charge,
    )
    assert_type(univapay.refunds.wait(refund, until="successful", timeout=3), m.Refund)
    assert_type(univapay.cancels.wait(cancel, store_id="s"), m.Cancel)
    univapay.charges.wait(refund)  # type: ignore[arg-type]  # pyright: ignore
    univapay.charges.wait(charge, until=7)  # type: ignore[arg-type]  # pyright: ignore
    assert_type(KonbiniPayment(charge).payment_number, str | None)
    assert_type(KonbiniPayment(charge).slip_url, str | None)
    assert_type(is_paid(charge), bool)


async def async_waiting(
    univapay: AsyncUnivapayClient, charge: m.Charge, refund: m.Refund, cancel: m.Cancel
) -> None:
    """The same, with ``await``."""
    assert_type(await univapay.charges.wait(charge, until="awaiting"), m.Charge)
    assert_type(await univapay.refunds.wait(refund), m.Refund)
    assert_type(await univapay.cancels.wait(cancel), m.Cancel)


def lists(univapay: UnivapayClient) -> None:
    """An iterator takes the list's own arguments, and no other."""
    assert_type(paginate(univapay.charges.list, limit=100, currency="JPY"), Iterator[m.Charge])
    assert_type(paginate(univapay.refunds.list, store_id="s", charge_id="c"), Iterator[m.Refund])
    assert_type(paginate(univapay.stores.list), Iterator[m.StoreListItem])
    paginate(univapay.charges.list, limits=100)  # type: ignore[call-arg]  # pyright: ignore
    paginate(univapay.refunds.list, store_id="s")  # type: ignore[call-arg]  # pyright: ignore
    paginate(univapay.charges.get, store_id="s", charge_id="c")  # type: ignore[arg-type]  # pyright: ignore


def async_lists(univapay: AsyncUnivapayClient) -> None:
    """The same, for an event loop."""
    assert_type(paginate_async(univapay.charges.list, limit=100), AsyncIterator[m.Charge])
    paginate_async(univapay.charges.list, limits=100)  # type: ignore[call-arg]  # pyright: ignore


def around_a_call(
    univapay: UnivapayClient, request: m.ChargeRequest, unknown: OutcomeUnknown
) -> None:
    """Options, raw answers, outcomes, and what is no request of an operation."""
    charge = univapay.charges.create(
        request,
        idempotency_key="key",
        timeout=3.0,
        deadline=10,
        max_attempts=1,
        headers={"X-Trace": "1"},
        intent="B-1",
        lift=["/metadata"],
    )
    assert_type(charge.status, m.ChargeStatus)
    assert_type(charge.requested_amount, int)
    assert_type(charge.charged_amount, int | None)
    univapay.charges.create(request, retries=3)  # type: ignore[call-arg]  # pyright: ignore
    univapay.refunds.create(request, store_id="s", charge_id="c")  # type: ignore[arg-type]  # pyright: ignore
    raw = univapay.raw(operations.CHARGES_CREATE, request, idempotency_key="key")
    assert_type(raw, Answer[m.Charge])
    assert_type(rate_limits(raw.headers), RateLimits)
    assert_type(rate_limits(raw.headers).remaining_exact, int | None)
    assert_type(operations.OPERATIONS, Mapping[str, Operation[Any, Any]])
    univapay.raw(operations.REFUNDS_CREATE, request)  # type: ignore[misc]  # pyright: ignore
    assert_type(univapay.resolve(unknown, wait=60), Outcome)
    with univapay as same:
        assert_type(same, UnivapayClient)
    assert_type(univapay.close(), None)


async def around_an_async_call(
    univapay: AsyncUnivapayClient, request: m.ChargeRequest, unknown: OutcomeUnknown
) -> None:
    """The same, with ``await``."""
    assert_type(await univapay.raw(operations.CHARGES_CREATE, request), Answer[m.Charge])
    assert_type(await univapay.resolve(unknown, wait=60), Outcome)
    async with univapay as same:
        assert_type(same, AsyncUnivapayClient)
    assert_type(await univapay.aclose(), None)


def errors(
    failed: PaymentError,
    refused: UnivapayError,
    waiting: StillWaitingError,
    fields: refusals.InvalidFieldsError,
) -> None:
    """What the errors carry."""
    assert_type(failed.code, int | None)
    assert_type(refused.code, str | None)
    assert_type(fields.errors, tuple[refusals.FieldError, ...])
    assert_type(waiting.value, Any)


def events(headers: dict[str, str]) -> None:
    """Webhooks: told apart by their class."""
    event = parse_webhook(b"{}", headers, auth_token="a")
    assert_type(event, Event)
    assert_type(event.id, str | None)
    assert_type(dedupe_key(event), str)
    if isinstance(event, m.ChargeEvent):
        assert_type(event.data, m.Charge)
    elif isinstance(event, UnknownEvent):
        assert_type(event.data, Mapping[str, Any])
    parse_webhook(b"{}", headers, auth_token=["new", "old"], allow_test=True)
    parse_webhook("{}", headers, auth_token="a")  # type: ignore[arg-type]  # pyright: ignore
    parse_webhook(b"{}", headers)  # type: ignore[call-arg]  # pyright: ignore

    def parse(body: bytes, given: Mapping[str, str]) -> Event:
        return parse_webhook(body, given, auth_token="a")

    receiver = Receiver(parse, MemoryDedupe(), key=dedupe_key, name="univapay")
    assert_type(receiver, Receiver[Event])
