"""Test mode: the manual's test classes, in this process, with nothing on any network."""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from typing import Any

import pytest
from kessai import ConfigurationError
from kessai_paytree import (
    AsyncPaytreeClient,
    ConfirmRequest,
    DepositRequest,
    PayRequest,
    PaytreeClient,
    PayType,
    RefundRequest,
    ReverseRequest,
    TransStatus,
)
from kessai_paytree import errors as e
from kessai_paytree.practice import settings_for_practice

from tests.support.script import StillClock
from tests.unit.paytree.keys import private_pem, public_pem
from tests.unit.paytree.test_settings import REQUIRED

PAY = PayRequest(pay_type=PayType.PAYPAY, amount=1980, user_code="281012345678901234")


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a socket fails; the event loop's own pair is made before."""

    def refuse(*arguments: Any, **more: Any) -> Any:
        raise AssertionError("test mode has opened a socket")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def client(**changed: Any) -> PaytreeClient:
    return PaytreeClient(
        settings_for_practice(**changed), test_mode=True, system=StillClock().system
    )


@pytest.mark.parametrize("polling", [True, False])
@pytest.mark.parametrize(
    ("test_class", "end"),
    [
        (0, "PayResult"),
        (1, "PayResult"),
        (2, "ReversedError"),
        (3, "UserCodeError"),
        (4, "BalanceError"),
        (5, "ServiceStoppedError"),
        (6, "CustomerStoppedError"),
        (7, "ApprovalTimeoutError"),
    ],
)
def test_the_eight_classes_of_payments(test_class: int, end: str, polling: bool) -> None:
    found: list[str] = []
    with client(test_class_pay=test_class, pay_confirm_polling_mode=polling) as till:
        progress = till.start(PAY)
        for event in progress:
            found.append(type(event).__name__)
            if progress.waiting and not polling:
                till.pay_confirm(True)
        try:
            ended = type(progress.result).__name__
        except e.PaytreeError as error:
            ended = type(error).__name__
    assert ended == end
    assert len(found) == (2 if test_class in (1, 6, 7) else 1)


def test_the_other_classes_and_the_history() -> None:
    with client() as till:
        paid = till.pay(PAY)
        order_id = paid.order_id or ""
        found = till.confirm(ConfirmRequest(order_id=order_id))
        assert found.trans_status is TransStatus.SUCCEEDED
        part = till.refund(RefundRequest(order_id=order_id, refund_amount=980))
        assert part.trans_status is TransStatus.PARTLY_REFUNDED
        other = till.pay(PAY)
        undone = till.reverse(ReverseRequest(order_id=other.order_id or ""))
        assert undone.trans_status is TransStatus.REVERSED
        added = till.deposit(
            DepositRequest(pay_type=PayType.LINE_PAY, amount=3000, user_code="1234")
        )
        assert added.amount == 3000
    with client() as till:
        assert not till.confirm(ConfirmRequest(order_id=order_id)).found  # another history


def test_a_refund_whose_answer_is_lost() -> None:
    with client(test_class_refund=1) as till:
        paid = till.pay(PAY)
        with pytest.raises(e.RefundOpenError):
            till.refund(RefundRequest(order_id=paid.order_id or "", refund_amount=980))


def test_an_answer_takes_its_time() -> None:
    for seconds in (0, 3):
        clock = StillClock()
        before = clock.now
        chosen = settings_for_practice(test_sequence_delay=seconds)
        with PaytreeClient(chosen, test_mode=True, system=clock.system) as till:
            till.pay(PAY)
        assert clock.now - before == seconds


def test_without_settings_and_without_a_lock() -> None:
    with PaytreeClient(test_mode=True, system=StillClock().system) as first:
        with PaytreeClient(test_mode=True, system=StillClock().system) as second:
            assert first.pay(PAY).amount == second.pay(PAY).amount == 1980
        assert repr(first) == "<PaytreeClient 0000100000011, test mode>"


def test_an_existing_file_switches_it_on(tmp_path: Path) -> None:
    (tmp_path / "own.pem").write_bytes(private_pem())
    (tmp_path / "paytree.pem").write_bytes(public_pem())
    path = tmp_path / "WbCPSPay.conf"
    values = {**REQUIRED, "AppTestMode": "yes", "TestSequenceDelay": "0", "TestClassPay": "4"}
    path.write_text("\n".join(f"{name} = {value}" for name, value in values.items()))
    with PaytreeClient(path) as till:
        with pytest.raises(e.BalanceError):
            till.pay(PAY)
        deposit = DepositRequest(pay_type=PayType.LINE_PAY, amount=3000, user_code="1234")
        assert till.deposit(deposit).amount == 3000  # although the file has no path for it


def test_paths_have_to_differ() -> None:
    with pytest.raises(ConfigurationError, match="a path of its own"):
        client(api_path_pay="/same", api_path_refund="/same")


def test_limits_hold_in_test_mode_too() -> None:
    from kessai import ValidationError

    with client() as till, pytest.raises(ValidationError, match="/payType"):
        till.pay(PayRequest(pay_type=PayType.JCB_ALI_PAY, amount=1, user_code="1"))


def test_async_test_mode() -> None:
    async def story() -> None:
        chosen = settings_for_practice(test_class_pay=1, pay_confirm_polling_mode=True)
        async with AsyncPaytreeClient(chosen, test_mode=True, system=StillClock().system) as till:
            assert (await till.pay(PAY)).trans_status is TransStatus.SUCCEEDED

    asyncio.run(story())


def test_without_the_mock_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "kessai_mock.paytree.simulation", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'kessai-paytree\[test-mode\]'"):
        client()
