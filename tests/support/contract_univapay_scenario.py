"""One story that calls every operation of the UnivaPay client, with the refusals it meets."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from kessai import errors as e
from kessai_univapay import PaymentError, is_paid, refusals
from kessai_univapay import models as m

from tests.support.contract_univapay_client import Do
from tests.support.contract_univapay_mock import AUTH_TOKEN, CARD, STORE_ID, Mock

MAIL = "hanako@customer.example.com"
ENDPOINT = "https://books.example.com/back"
STORE = {"store_id": STORE_ID}
ONE_TIME = m.TokenType.ONE_TIME


def konbini(kind: m.TokenType = ONE_TIME, email: str = MAIL) -> m.KonbiniTokenRequest:
    """Seven-Eleven."""
    data = m.KonbiniRequestData(
        customer_name="山田 花子",
        convenience_store=m.ConvenienceStore.SEVEN_ELEVEN,
        phone_number=m.JapanesePhoneNumber(local_number="0312345678"),
        expiration_period="P7D",
    )
    return m.KonbiniTokenRequest(type=kind, email=email, data=data)


def card(kind: m.TokenType = ONE_TIME, number: str = CARD, email: str = MAIL) -> m.CardTokenRequest:
    """A card, with its holder's phone."""
    data = m.CardRequestData(
        cardholder="HANAKO YAMADA",
        card_number=number,
        exp_month="12",
        exp_year="2030",
        cvv="123",
        phone_number=m.PhoneNumberRequest(country_code="81", local_number="9012345678"),
    )
    return m.CardTokenRequest(type=kind, email=email, data=data)


def others() -> list[Any]:
    """A token of every other kind."""
    address = m.PaidyAddressRequest(zip="150-0041", line1="神南1-2-3")
    return [
        m.OnlineTokenRequest(
            type=ONE_TIME,
            data=m.OnlineRequestData(
                brand=m.OnlineBrand.ALIPAY_ONLINE, call_method=m.OnlineCallMethod.WEB
            ),
        ),
        m.BankTransferTokenRequest(
            type=ONE_TIME, email=MAIL, data=m.BankTransferRequestData(brand="aozora_bank")
        ),
        m.QrScanTokenRequest(
            type=ONE_TIME, email=MAIL, data=m.QrScanRequestData(scanned_qr="2800000000000000")
        ),
        m.QrMerchantTokenRequest(
            type=ONE_TIME, email=MAIL, data=m.QrMerchantRequestData(brand="alipay_merchant_qr")
        ),
        m.PaidyTokenRequest(
            type=ONE_TIME,
            email=MAIL,
            data=m.PaidyRequestData(paidy_token="tok_1", shipping_address=address),
        ),
    ]


def charge_of(token: Any, amount: int = 1100, **members: Any) -> m.ChargeRequest:
    """A charge of a token."""
    return m.ChargeRequest(transaction_token_id=token.id, amount=amount, currency="JPY", **members)


def on(charge: m.Charge) -> dict[str, Any]:
    """Where a charge stands."""
    return {"store_id": charge.store_id, "charge_id": charge.id}


def tell(do: Do, merchant: Do, mock: Mock) -> None:
    """Tell the whole story: with a store's client, and with a merchant's."""
    _webhooks(do, merchant)
    _konbini(do, mock)
    _cards(do, mock)
    _means(do, merchant, mock)
    _stores(do)
    _subscriptions(do, mock)
    _refusals(do, mock)


def _konbini(do: Do, mock: Mock) -> None:
    token = do(lambda u: u.tokens.create(konbini()))
    assert isinstance(token, m.KonbiniToken)
    assert do(lambda u: u.tokens.get(token_id=token.id, **STORE)).id == token.id
    charge = do(lambda u: u.charges.create(charge_of(token, metadata={"orderid": "12345"})))
    charge = do(lambda u: u.charges.wait(charge, until="awaiting"))
    assert charge.metadata["orderid"] == "12345"
    assert do(lambda u: u.expiry.get_latest(**on(charge))).id
    assert mock.pay(charge.id).status == 200
    charge = do(lambda u: u.charges.wait(charge))
    assert is_paid(charge)
    assert charge.metadata["orderid"] == 12345  # digits came back as a number
    update = m.ChargeUpdateRequest(metadata={"shipped": True})
    assert do(lambda u: u.charges.update(update, **on(charge))).metadata["shipped"] is True
    given_up = do(lambda u: u.tokens.create(konbini()))
    charge = do(lambda u: u.charges.create(charge_of(given_up)))
    charge = do(lambda u: u.charges.wait(charge, until="awaiting"))
    cancel = do(lambda u: u.cancels.create(m.CancelRequest(metadata={"a": 1}), **on(charge)))
    cancel = do(lambda u: u.cancels.wait(cancel))
    one = {**on(charge), "cancel_id": cancel.id}
    assert do(lambda u: u.cancels.get(**one)).status == "successful"
    renamed = m.CancelUpdateRequest(metadata={"b": 2})
    assert do(lambda u: u.cancels.update(renamed, **one)).metadata == {"a": 1, "b": 2}
    assert len(do(lambda u: u.cancels.list(**on(charge))).items) == 1
    assert do(lambda u: u.charges.wait(charge)).status == "canceled"


def _cards(do: Do, mock: Mock) -> None:
    token = do(lambda u: u.tokens.create(card()))
    charge = do(lambda u: u.charges.create(charge_of(token, capture=False)))
    charge = do(lambda u: u.charges.wait(charge, until="authorized"))
    capture = m.CaptureRequest(amount=1000, currency="JPY")
    assert do(lambda u: u.captures.create(capture, **on(charge))) is None
    charge = do(lambda u: u.charges.wait(charge))
    assert charge.charged_amount == 1000
    request = m.RefundRequest(amount=300, currency="JPY", metadata={"why": "returned"})
    refund = do(lambda u: u.refunds.create(request, **on(charge)))
    refund = do(lambda u: u.refunds.wait(refund))
    one = {**on(charge), "refund_id": refund.id}
    assert do(lambda u: u.refunds.get(**one)).status == "successful"
    update = m.RefundUpdateRequest(message="thanks")
    assert do(lambda u: u.refunds.update(update, **one)).message == "thanks"
    assert len(do(lambda u: u.refunds.list(**on(charge))).items) == 1
    recurring = do(lambda u: u.tokens.create(card(m.TokenType.RECURRING)))
    change = m.TokenUpdateRequest(email="other@customer.example.com")
    do(lambda u: u.tokens.update(change, token_id=recurring.id, **STORE))
    enabled = m.TokenThreeDsRequest(redirect_endpoint=ENDPOINT)
    do(lambda u: u.tokens.enable_three_ds(enabled, token_id=recurring.id, **STORE))
    do(lambda u: u.issuer_tokens.get_token_three_ds(token_id=recurring.id, **STORE))
    do(lambda u: u.tokens.disable_three_ds(token_id=recurring.id, **STORE))
    other = do(lambda u: u.tokens.create(card()))
    three_ds = m.ThreeDsRequest(mode=m.ThreeDsMode.REQUIRE, redirect_endpoint=ENDPOINT)
    asked = do(lambda u: u.charges.create(charge_of(other, 900, three_ds=three_ds)))
    asked = do(lambda u: u.charges.wait(asked, until="awaiting"))
    do(lambda u: u.issuer_tokens.get_three_ds(**on(asked)))
    assert len(do(lambda u: u.tokens.list()).items) == 1
    assert len(do(lambda u: u.tokens.list_in_store(**STORE)).items) == 1
    assert do(lambda u: u.tokens.delete(token_id=recurring.id, **STORE)) is None


def _means(do: Do, merchant: Do, mock: Mock) -> None:
    for request in others():
        _mean(do, merchant, mock, request)
    listed = do(lambda u: u.charges.list(limit=3))
    assert listed.has_more
    after = listed.items[-1].id
    assert do(lambda u: u.charges.list_in_store(limit=3, cursor=after, **STORE)).items


def _mean(do: Do, merchant: Do, mock: Mock, request: Any) -> None:
    """One means of payment, from token to paid."""
    token = do(lambda u: u.tokens.create(request))
    made = do(lambda u: u.charges.create(charge_of(token)))
    charge = do(lambda u: u.charges.wait(made, until=["awaiting", "successful"]))
    if token.payment_type in ("online", "bank_transfer"):
        do(lambda u: u.issuer_tokens.get(**on(charge)))
    if charge.status == "awaiting":
        assert mock.pay(charge.id).status == 200
    if token.payment_type == "bank_transfer":
        merchant(lambda u: u.bank_transfer_ledgers.list(**on(charge)))


def _webhooks(do: Do, merchant: Do) -> None:
    _webhook(do, "", STORE)
    _webhook(merchant, "_of_merchant", {})


def _webhook(do: Do, suffix: str, where: dict[str, str]) -> None:
    """A store's, or the merchant's: made, read, changed, gone."""

    def call(name: str, *args: Any, **named: Any) -> Any:
        return do(lambda u: getattr(u.webhooks, name + suffix)(*args, **where, **named))

    request = m.WebhookRequest(
        triggers=[m.WebhookTrigger.CHARGE_FINISHED],
        url=f"http://127.0.0.1:9001/{suffix}",
        auth_token=AUTH_TOKEN,
    )
    made = call("create", request)
    with pytest.raises(refusals.TakenError):
        call("create", request)
    assert call("get", webhook_id=made.id).id == made.id
    assert len(call("list").items) == 1
    update = m.WebhookUpdateRequest(active=False)
    assert call("update", update, webhook_id=made.id).active is False
    assert call("list_events", webhook_id=made.id).items == []
    assert call("delete", webhook_id=made.id) is None


def _stores(do: Do) -> None:
    assert do(lambda u: u.stores.list()).items
    assert do(lambda u: u.stores.get(**STORE)).id == STORE_ID
    request = m.CustomerIdRequest(customer_id="hanako-1990")
    assert do(lambda u: u.stores.create_customer_id(request, **STORE)).customer_id
    assert do(lambda u: u.me.get()).id
    assert do(lambda u: u.checkout.get())


def _subscriptions(do: Do, mock: Mock) -> None:
    token = do(lambda u: u.tokens.create(card(m.TokenType.SUBSCRIPTION)))
    request = m.SubscriptionRequest(
        transaction_token_id=token.id,
        amount=980,
        currency="JPY",
        period=m.SubscriptionPeriod.MONTHLY,
    )
    made = do(lambda u: u.subscriptions.create(request))
    mock.advance(2)
    one = {"subscription_id": made.id, **STORE}
    made = do(lambda u: u.subscriptions.get(**one))
    assert do(lambda u: u.subscriptions.list()).items
    assert do(lambda u: u.subscriptions.list_in_store(**STORE)).items
    update = m.SubscriptionUpdateRequest(metadata={"club": "readers"})
    do(lambda u: u.subscriptions.update(update, **one))
    payments = do(lambda u: u.subscription_payments.list(**one)).items
    payment = {**one, "payment_id": payments[0].id}
    do(lambda u: u.subscription_payments.get(**payment))
    later = m.SubscriptionPaymentUpdateRequest(due_date=date(2026, 3, 10))
    do(lambda u: u.subscription_payments.update(later, **payment))
    do(lambda u: u.subscription_payments.list_charges(**payment))
    do(lambda u: u.subscriptions.get_latest_charge(**one))
    merchant_id = do(lambda u: u.me.get()).id
    do(lambda u: u.subscriptions.list_charges(merchant_id=merchant_id, **one))
    suspend = m.SubscriptionSuspendRequest()
    do(lambda u: u.subscriptions.suspend(suspend, **one))
    do(lambda u: u.subscriptions.unsuspend(**one))
    other = do(lambda u: u.tokens.create(card(m.TokenType.SUBSCRIPTION)))
    changed = m.SubscriptionTokenRequest(transaction_token_id=other.id)
    do(lambda u: u.subscriptions.update_token(changed, **one))
    do(lambda u: u.subscriptions.cancel(**one))
    plan = m.SimulationRequest(
        amount=980,
        currency="JPY",
        payment_type=m.PaymentType.CARD,
        period=m.SimulationPeriod.MONTHLY,
        schedule_settings=m.SubscriptionScheduleSettings(zone_id="Asia/Tokyo"),
        subscription_plan=m.SimulationPlan(
            plan_type=m.InstallmentPlanType.FIXED_CYCLES, fixed_cycles=3
        ),
    )
    assert len(do(lambda u: u.subscriptions.simulate_plan(plan))) == 3
    assert len(do(lambda u: u.subscriptions.simulate_plan_in_store(plan, **STORE))) == 3


def _refusals(do: Do, mock: Mock) -> None:
    token = do(lambda u: u.tokens.create(konbini()))
    charge = do(lambda u: u.charges.create(charge_of(token)))
    with pytest.raises(refusals.TokenUsedError):
        do(lambda u: u.charges.create(charge_of(token)))
    late = do(lambda u: u.tokens.create(card()))
    mock.advance(301)
    with pytest.raises(refusals.TokenExpiredError):
        do(lambda u: u.charges.create(charge_of(late)))
    with pytest.raises(refusals.NoSuchResourceError):
        do(lambda u: u.charges.get(store_id=STORE_ID, charge_id="0" * 36))
    with pytest.raises(e.AuthenticationError):  # another store's
        do(lambda u: u.charges.get(store_id="0" * 36, charge_id=charge.id))
    mock.advance(10)
    refund = m.RefundRequest(amount=1, currency="JPY")
    with pytest.raises(refusals.StateRefusedError):
        do(lambda u: u.refunds.create(refund, **on(charge)))
    _failure(do, 306, refusals.PaymentDeclinedError)
    _failure(do, 330, refusals.PaymentInsufficientError)
    _failure(do, 501, refusals.PaymentFailedError)
    for status in (429, 500, 503, 504):
        mock.script("me_get", status=status)
        assert do(lambda u: u.me.get()).id  # a read is made again
    mock.script("me_get", status=403)
    with pytest.raises(e.AuthenticationError):
        do(lambda u: u.me.get())


def _failure(do: Do, code: int, error: type[PaymentError]) -> None:
    """A payment that fails on demand: raised by ``wait``, returned by ``get``."""
    bad = card(email=f"hanako+charge-failure-{code}@customer.example.com")
    token = do(lambda u: u.tokens.create(bad))
    made = do(lambda u: u.charges.create(charge_of(token, code)))
    with pytest.raises(error) as caught:
        do(lambda u: u.charges.wait(made))
    assert caught.value.value.id == made.id
    assert do(lambda u: u.charges.get(**on(made))).error.code == code
