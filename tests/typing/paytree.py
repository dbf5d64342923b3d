"""The public calls of kessai_paytree as a type checker sees them. Checked, never run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, assert_type

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from kessai import OutcomeUnknown, System
from kessai.outcome import Outcome
from kessai.stores.memory import MemoryJournal
from kessai_paytree import (
    AlreadyRunningError,
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
    RequestType,
    ReverseRequest,
    ReverseResult,
    Settings,
    SettingsError,
    SettingsWarning,
    TransStatus,
    ValueType,
    errors,
    signing,
)
from kessai_paytree import models as m


def clients(settings: Settings, store: MemoryJournal) -> None:
    """What a client may be told, and what it may not."""
    assert_type(PaytreeClient(settings), PaytreeClient)
    assert_type(PaytreeClient(test_mode=True), PaytreeClient)
    PaytreeClient("C:/Wellba/WbPay/WbCPSPay.conf")
    PaytreeClient(
        Path("WbCPSPay.conf"),
        journal=store,
        canonical=signing.canonical,
        one_per="terminal",
        lock_directory=Path("locks"),
        cashier_wait=120.0,
        log_directory="Log",
        hooks=[print],
        lift=["/remark#max-length"],
        digest_key=b"key",
        proxy="http://127.0.0.1:3128",
        system=System(),
    )
    AsyncPaytreeClient(settings, one_per="machine")
    PaytreeClient(7)  # type: ignore[arg-type]  # pyright: ignore
    PaytreeClient(settings, one_per="shop")  # type: ignore[arg-type]  # pyright: ignore
    PaytreeClient(settings, max_attempts=3)  # type: ignore[call-arg]  # pyright: ignore
    PaytreeClient(settings, environment="live")  # type: ignore[call-arg]  # pyright: ignore
    m.PayRequets  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore


def settings_of_a_file() -> None:
    """Settings are read from a file or given; they are not changed."""
    settings = Settings.from_file("WbCPSPay.conf", ignore_certificate_error=True)
    assert_type(settings, Settings)
    assert_type(settings.http_timeout, int)
    assert_type(settings.api_path_deposit, str | None)
    assert_type(settings.pay_confirm_polling_mode, bool)
    assert_type(settings.warnings, tuple[str, ...])
    try:
        Settings(server_url="https://paytree.example.com")  # type: ignore[call-arg]  # pyright: ignore
    except SettingsError as error:
        assert_type(error.problems[0].line, int | None)
        assert_type(error.problems[0].key, str)
    assert_type(SettingsWarning("w").args, tuple[Any, ...])


def requests() -> None:
    """Yen are int or Decimal, never float; wallets are an enum."""
    sale = PayRequest(pay_type=PayType.PAYPAY, amount=1980, user_code="2810")
    PayRequest(pay_type=m.PayType.AUTO_DETECT, amount=Decimal("99.9"), user_code="2", remark="r")
    assert_type(sale.amount, int | Decimal)
    assert_type(sale.pay_type, PayType)
    assert_type(sale.request_type, RequestType)
    DepositRequest(pay_type=PayType.LINE_PAY, amount=1, user_code="1", value_type=ValueType.BASIC)
    RefundRequest(order_id="PT1", refund_amount=980, refund_reason="one of two")
    ReverseRequest(order_id="PT1")
    ConfirmRequest(request_id="R1", auto_detect=True)
    PayRequest(pay_type=PayType.PAYPAY, amount=19.8, user_code="2")  # type: ignore[arg-type]  # pyright: ignore
    PayRequest(pay_type="PayPay", amount=1, user_code="2")  # type: ignore[arg-type]  # pyright: ignore
    PayRequest(pay_type=PayType.PAYPAY, amount=1)  # type: ignore[call-arg]  # pyright: ignore
    RefundRequest(order_id="PT1", amount=980)  # type: ignore[call-arg]  # pyright: ignore
    PayRequest(PayType.PAYPAY, 1, "2")  # type: ignore[call-arg]  # pyright: ignore


def calls(
    till: PaytreeClient,
    sale: PayRequest,
    refund: RefundRequest,
    reverse: ReverseRequest,
    deposit: DepositRequest,
    confirm: ConfirmRequest,
) -> None:
    """Every method of the sync client."""
    assert_type(till.pay(sale), PayResult)
    assert_type(till.pay(sale, on_progress=on_pay, intent="sale-1"), PayResult)
    assert_type(till.refund(refund, lift=["/remark#max-length"]), RefundResult)
    assert_type(till.reverse(reverse), ReverseResult)
    assert_type(till.deposit(deposit), DepositResult)
    assert_type(till.confirm(confirm), ConfirmResult)
    assert_type(till.start(sale), Progress[PayResult])
    assert_type(till.start(refund), Progress[RefundResult])
    assert_type(till.start(reverse), Progress[ReverseResult])
    assert_type(till.start(deposit), Progress[DepositResult])
    assert_type(till.start(confirm), Progress[ConfirmResult])
    assert_type(till.unsettled(), list[errors.UnsettledError])
    till.pay_confirm(True)
    till.settled("R1", paid=True)
    with till as same:
        assert_type(same, PaytreeClient)
    till.pay(refund)  # type: ignore[arg-type]  # pyright: ignore
    till.refund(sale)  # type: ignore[arg-type]  # pyright: ignore
    till.pay(sale, max_attempts=3)  # type: ignore[call-arg]  # pyright: ignore
    till.pay(sale, on_progress=on_refund)  # type: ignore[arg-type]  # pyright: ignore
    till.settled("R1")  # type: ignore[call-arg]  # pyright: ignore


async def async_calls(
    till: AsyncPaytreeClient,
    sale: PayRequest,
    refund: RefundRequest,
    reverse: ReverseRequest,
    deposit: DepositRequest,
    confirm: ConfirmRequest,
) -> None:
    """Every method of the async client."""
    assert_type(await till.pay(sale), PayResult)
    assert_type(await till.pay(sale, on_progress=on_pay_async, intent="sale-1"), PayResult)
    assert_type(await till.refund(refund), RefundResult)
    assert_type(await till.reverse(reverse), ReverseResult)
    assert_type(await till.deposit(deposit), DepositResult)
    assert_type(await till.confirm(confirm), ConfirmResult)
    assert_type(till.start(sale), AsyncProgress[PayResult])
    assert_type(till.start(refund), AsyncProgress[RefundResult])
    assert_type(till.start(reverse), AsyncProgress[ReverseResult])
    assert_type(till.start(deposit), AsyncProgress[DepositResult])
    assert_type(till.start(confirm), AsyncProgress[ConfirmResult])
    assert_type(await till.unsettled(), list[errors.UnsettledError])
    till.pay_confirm(False)
    await till.settled("R1", paid=False)
    await till.aclose()
    async with till as same:
        assert_type(same, AsyncPaytreeClient)
    await till.pay(refund)  # type: ignore[arg-type]  # pyright: ignore
    till.pay(sale).order_id  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore
    till.close()  # type: ignore[attr-defined]  # pyright: ignore


def on_pay(event: Complete[PayResult] | Failed) -> None:
    """What a handler of a payment's events gets."""
    if isinstance(event, Failed):
        assert_type(event.error, PaytreeError)
        assert_type(event.final, bool)
    else:
        assert_type(event.result, PayResult)
        assert_type(event.request_type, RequestType)


async def on_pay_async(event: Complete[PayResult] | Failed) -> None:
    """Handlers of the async client may be coroutine functions."""


def on_refund(event: Complete[RefundResult]) -> None:
    """No handler of a payment's events."""


def results(
    paid: PayResult,
    refunded: RefundResult,
    undone: ReverseResult,
    deposited: DepositResult,
    told: ConfirmResult,
) -> None:
    """What came of it."""
    assert_type(paid.amount, int | None)
    assert_type(paid.waiting, bool)
    assert_type(paid.pay_type, PayType | None)
    assert_type(paid.order_id, str | None)
    assert_type(paid.request_id, str)
    assert_type(paid.trans_status, TransStatus | None)
    assert_type(paid.trans_time, datetime | None)
    assert_type(refunded.refund_amount, int | None)
    assert_type(undone.amount, int | None)
    assert_type(deposited.amount, int | None)
    assert_type(told.found, bool)
    assert_type(told.code, m.ResultCode)
    assert_type(told.request_type, RequestType | None)
    paid.refund_amount  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore


def progress(till: PaytreeClient, sale: PayRequest) -> None:
    """A payment as its events, in order."""
    with till.start(sale) as payment:
        for event in payment:
            assert_type(event, Complete[PayResult] | Failed)
            if isinstance(event, Complete):
                assert_type(event.result, PayResult)
                payment.confirm()
            else:
                assert_type(event.error, PaytreeError)
                payment.stop()
    assert_type(payment.result, PayResult)
    assert_type(payment.done, bool)
    assert_type(payment.waiting, bool)
    assert_type(payment.request_type, RequestType)
    assert_type(till.start(sale).finish(on_pay), PayResult)
    till.start(sale).run(on_complete=print, on_error=print)
    till.start(sale).run(on_complete=print)  # type: ignore[call-arg]  # pyright: ignore


async def async_progress(till: AsyncPaytreeClient, sale: PayRequest) -> None:
    """The same by ``async for``."""
    async with till.start(sale) as payment:
        async for event in payment:
            assert_type(event, Complete[PayResult] | Failed)
    assert_type(payment.result, PayResult)
    assert_type(await till.start(sale).finish(on_pay_async), PayResult)
    await till.start(sale).run(on_complete=print, on_error=print)
    for _ in till.start(sale):  # type: ignore[attr-defined]  # pyright: ignore
        pass


def what_goes_wrong(till: PaytreeClient, sale: PayRequest, unknown: OutcomeUnknown) -> None:
    """Errors say whom to call; what is open can be asked about."""
    try:
        till.pay(sale)
    except errors.ReversalFailedError as error:
        assert_type(error.tried, tuple[str, ...])
        assert_type(till.resolve(error, wait=30), Outcome)
        till.recover(error)
    except errors.UserCodeError as error:
        assert_type(error.escalation, Escalation | None)
        assert_type(error.code, str)
        assert_type(error.sub_code, str | None)
        assert_type(error.message, str)
        assert_type(error.kind, errors.Kind)
        assert_type(error.safe_to_pay_again, bool)
        assert_type(error.request_id, str | None)
    except AlreadyRunningError as error:
        assert_type(error.holder, str | None)
    assert_type(
        till.recover(unknown),
        PayResult | RefundResult | ReverseResult | DepositResult | ConfirmResult,
    )
    till.resolve(sale)  # type: ignore[arg-type]  # pyright: ignore


async def what_goes_wrong_async(till: AsyncPaytreeClient, unknown: OutcomeUnknown) -> None:
    """The same with ``await``."""
    assert_type(await till.resolve(unknown, wait=30), Outcome)
    assert_type(
        await till.recover(unknown),
        PayResult | RefundResult | ReverseResult | DepositResult | ConfirmResult,
    )


def signatures(private: RSAPrivateKey, public: RSAPublicKey, message: Mapping[str, Any]) -> None:
    """Signing by itself, for whoever holds the contract documents."""
    assert_type(signing.canonical(message), bytes)
    assert_type(signing.sign(message, private), str)
    assert_type(signing.verify(message, "c2ln", public), bool)
    assert_type(signing.load_private_key(Path("k.pem")), RSAPrivateKey)
    assert_type(signing.load_public_key(b"pem"), RSAPublicKey)
    own: Callable[[Mapping[str, Any]], bytes] = signing.canonical
    signing.sign(message, private, canonical=own)
    signing.sign(message, public)  # type: ignore[arg-type]  # pyright: ignore
    signing.sign(message, private, canonical=signing.sign)  # type: ignore[arg-type]  # pyright: ignore
