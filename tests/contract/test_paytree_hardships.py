"""PAYTREE under hardship: wrong keys, rubbish for answers, odd amounts and codes, misused clients.

Whatever happens, nothing is paid twice, nothing is said that is not known, and where nobody knows
somebody is to be called.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Generator
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pytest
from kessai import ConfigurationError, KessaiError, ValidationError
from kessai.stores.memory import MemoryJournal
from kessai_mock.paytree.state import Status
from kessai_paytree import (
    AsyncPaytreeClient,
    ConfirmRequest,
    DepositRequest,
    Escalation,
    PayRequest,
    PaytreeClient,
    PaytreeError,
    PayType,
    RefundRequest,
    ReverseRequest,
    Settings,
    SettingsError,
)
from kessai_paytree import errors as e
from kessai_paytree.practice import settings_for_practice

from tests.faults.paytree_wire import Caller, World, settings
from tests.support.script import StillClock
from tests.unit.mock.paytree.driver import keys

CODES = count(281020000000000000)
ORDER = "PT000000000000000000000000000001"
ALL: list[tuple[str, Any]] = [
    ("pay", PayRequest(pay_type=PayType.PAYPAY, amount=100, user_code="281030000000000000")),
    ("refund", RefundRequest(order_id=ORDER, refund_amount=100)),
    ("reverse", ReverseRequest(order_id=ORDER)),
    ("deposit", DepositRequest(pay_type=PayType.LINE_PAY, amount=100, user_code="1234")),
    ("confirm", ConfirmRequest(order_id=ORDER)),
]
NAMES = [name for name, _ in ALL]


@pytest.fixture
def world() -> Generator[World]:
    """A gateway and its network."""
    made = World()
    yield made
    made.close()


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "kessai_paytree")


def sale(amount: Any = 100, code: Any = None) -> PayRequest:
    """A payment by a code of its own."""
    code = str(next(CODES)) if code is None else code
    return PayRequest(pay_type=PayType.PAYPAY, amount=amount, user_code=code)


class Rubbish(World):
    """A network on which everything is carried out, and every answer is the same."""

    answer = httpx2.Response(200)

    async def _carry(self, mode: Any, url: str, content: bytes) -> httpx2.Response:
        await super()._carry(mode, url, content)
        return self.answer


class Lasting(World):
    """A gateway that outlives its tills."""

    def close(self) -> None:
        """The connections of a till are closed, not the gateway."""


@pytest.mark.parametrize(("name", "request_"), ALL, ids=NAMES)
def test_a_key_that_the_gateway_does_not_know(
    name: str, request_: Any, tmp_path: Path, world: World
) -> None:
    """Refused before anything is done. A confirm says so too: not that there is no such order."""
    till = Caller("sync", world, tmp_path, private_key_file=keys("stranger").private_pem)
    with pytest.raises(e.SignatureRefusedError) as caught:
        till.call(name, request_)
    # A reversal that failed has the call centre called whatever the reason, as the manual says.
    call = Escalation.CPS_CALL if name == "reverse" else Escalation.VENDOR_CALL
    assert caught.value.escalation is call
    assert not caught.value.safe_to_pay_again
    assert [one.operation for one in world.sent] == [name]
    assert world.orders == []
    assert till.call("unsettled") == []
    till.close()


@pytest.mark.parametrize(("name", "request_"), ALL, ids=NAMES)
def test_answers_that_another_key_has_signed(
    name: str, request_: Any, tmp_path: Path, world: World
) -> None:
    """None is believed: what may have been done is open, and a confirm has no answer."""
    till = Caller("async", world, tmp_path, public_key_file=keys("stranger").public_pem)
    with pytest.raises(KessaiError) as caught:
        till.call(name, request_)
    if name == "confirm":
        assert not isinstance(caught.value, PaytreeError)
    else:
        kind = e.RefundOpenError if name == "refund" else e.ReversalFailedError
        assert isinstance(caught.value, kind)
        assert caught.value.escalation is Escalation.CPS_CALL
        assert till.call("unsettled") == [caught.value]
    assert all(order.status is Status.REVERSED for order in world.orders)
    till.close()


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"null", b"[]", b"{}", b'"SUCCESS"', b"<html>OK</html>", b"\xff\xfe\x00"),
        *(b'{"code":"SUCCESS","transStatus":2,"orderId":"X"}', b'{"a":' * 20_000, b"9" * 5_000),
        *(b'{"sign":"AA==","code":"SUCCESS"}', b'{"sign":7,"code":"SUCCESS"}', b'{"sign":null}'),
    ],
    ids=range(13),
)
def test_rubbish_for_an_answer(body: bytes, tmp_path: Path) -> None:
    world = Rubbish()
    till = Caller("sync", world, tmp_path)  # which closes it
    for status in (200, 201, 204, 302, 400, 401, 404, 429, 500, 503):
        world.begin()
        world.answer = httpx2.Response(status, content=b"" if status == 204 else body)
        request = sale()
        with pytest.raises(e.ReversalFailedError) as caught:
            till.call("pay", request)
        assert caught.value.escalation is Escalation.CPS_CALL
        assert len(world.of("pay")) == 1, status
        with pytest.raises(e.OpenPaymentError):
            till.call("pay", request)
        assert len(world.of("pay")) == 1
    till.close()


@pytest.mark.parametrize(
    ("amount", "paid"),
    [
        (1, 1),
        (10**15 - 1, 10**15 - 1),
        (Decimal("1.999"), 1),
        (Decimal("999999999999999.99"), 10**15 - 1),
        (Decimal("\uff11\uff10\uff10.9"), 100),
        (Decimal("1.5E+3"), 1500),
        *((none, None) for none in (-1, 10**15, 10**400, Decimal("1E+15"), Decimal("1E+999999"))),
        *((none, None) for none in (Decimal("NaN"), Decimal("sNaN"), Decimal("-Infinity"))),
        *((none, None) for none in (1.5, True, "100", None, b"1")),
    ],
    ids=range(19),
)
def test_amounts(amount: Any, paid: int | None, tmp_path: Path, world: World) -> None:
    till = Caller("sync", world, tmp_path)
    if paid is None:
        with pytest.raises(ValidationError, match="/amount"):
            till.call("pay", sale(amount))
        assert world.sent == []
    else:
        result = till.call("pay", sale(amount))
        assert result.amount == world.orders[0].amount == paid
        refund = RefundRequest(order_id=result.order_id, refund_amount=amount)
        assert till.call("refund", refund).refund_amount == paid
    till.close()


@pytest.mark.parametrize("amount", [0, Decimal("0.99"), Decimal("-0.5")])
def test_nothing_is_left_once_the_fraction_is_cut_off(
    amount: Any, tmp_path: Path, world: World
) -> None:
    till = Caller("sync", world, tmp_path)
    with (
        pytest.warns(UserWarning, match="is 0 yen"),
        pytest.raises(e.RequestInvalidError),
    ):
        till.call("pay", sale(amount))
    assert world.orders == []
    till.close()


def test_codes_of_all_kinds(tmp_path: Path, world: World) -> None:
    """What a scanner gives goes as it is: full-width digits, Japanese, separators of EMV codes."""
    till = Caller("sync", world, tmp_path)
    good = ["\uff11\uff12\uff13", "あ" * 512, "x" * 512, " ", "a\nb\x1dc\0", "&sign=1", "{}", "😀"]
    for code in good:
        till.call("pay", sale(code=code))
    assert [one.members["userCode"] for one in world.sent] == good
    for bad in ("", "x" * 513, "\ud800", 123, b"x"):
        with pytest.raises(ValidationError, match="/userCode"):
            till.call("pay", sale(code=bad))
    assert len(world.sent) == len(world.orders) == len(good)
    till.close()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("merchant_id", "\uff10" * 12),
        ("terminal_unique_id", "\uff11234500000421"),
        ("branch_code", "ＳＨＩＢＵＹＡ"),
        ("terminal_code", "POS\u3000"),
        ("server_url", "http://１２７.0.0.1:8805"),
        ("api_path_pay", "／pay"),
        ("http_timeout", 15),
        ("http_timeout", True),
        ("request_confirm_num", 0),
        ("pay_confirm_polling_interval", 0),
        ("currency_code", "ＪＰＹ"),
    ],
)
def test_settings_that_cannot_be(name: str, value: Any) -> None:
    with pytest.raises(SettingsError, match=name):
        settings(**{name: value})


def test_full_width_letters_in_a_file_are_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "WbCPSPay.conf"
    path.write_text("# 端末\nHttpTimeout = １００\nMerchantId=０００００００００００１\n", "utf-8")
    with pytest.raises(SettingsError) as caught:
        Settings.from_file(path)
    wide = [problem for problem in caught.value.problems if "full-width" in problem.message]
    assert [(problem.line, problem.key) for problem in wide] == [
        (2, "HttpTimeout"),
        (3, "MerchantId"),
    ]


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_a_method_takes_its_own_requests_alone(flavour: str, tmp_path: Path, world: World) -> None:
    """A refund that is handed to pay() must not give money back."""
    till = Caller(flavour, world, tmp_path)
    for name in NAMES:
        for other, request in [*ALL, ("none", None), ("dict", {"amount": 1})]:
            if other != name:
                with pytest.raises(TypeError, match="nothing was sent"):
                    till.call(name, request)
    assert world.sent == []
    till.call("pay", sale())  # and the till is free
    till.close()


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_a_closed_client_does_nothing_more(flavour: str, tmp_path: Path, world: World) -> None:
    till = Caller(flavour, world, tmp_path)
    till.close()
    till.close()
    for name, request in ALL:
        with pytest.raises(e.ClosedError) as caught:
            till.call(name, request)
        assert isinstance(caught.value, ConfigurationError)
        assert not caught.value.safe_to_pay_again
    client: Any = till.sync or till.asynchronous
    with pytest.raises(e.NotWaitingError):
        client.pay_confirm(True)
    assert world.sent == []
    another = World()
    Caller(flavour, another, tmp_path).close()  # its place is free
    another.mock.close()


def test_a_payment_that_its_caller_forgets_is_not_forgotten(tmp_path: Path) -> None:
    """Left between two events: the till takes nothing else, and the next one knows of it."""
    world = Lasting(confirms=None)
    journal = MemoryJournal(clock=lambda: world.clock.now.timestamp())
    till = Caller("sync", world, tmp_path, journal)
    assert till.sync is not None
    world.simulation.pay = 1
    event = next(till.sync.start(sale()))
    assert not event.final
    with pytest.raises(e.RequestInProgressError):
        till.call("pay", sale())
    till.close()
    world.clock.advance(1)
    till = Caller("sync", world, tmp_path, journal)
    (left,) = till.call("unsettled")
    assert left.escalation is Escalation.CPS_CALL
    with pytest.raises(e.ReversedError) as caught:
        till.call("recover", left)  # the customer has not approved: stopped by the time
    assert caught.value.safe_to_pay_again
    assert [order.status for order in world.orders] == [Status.REVERSED]
    till.close()
    world.mock.close()


def test_test_mode_opens_no_socket_async_either(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test class, on an event loop that was made before sockets were forbidden."""
    ends = {
        0: "PayResult",
        1: "PayResult",
        2: "ReversedError",
        3: "UserCodeError",
        4: "BalanceError",
        5: "ServiceStoppedError",
        6: "CustomerStoppedError",
        7: "ApprovalTimeoutError",
    }

    async def story(test_class: int) -> str:
        chosen = settings_for_practice(test_class_pay=test_class, pay_confirm_polling_mode=True)
        async with AsyncPaytreeClient(chosen, test_mode=True, system=StillClock().system) as till:
            try:
                return type(await till.pay(sale())).__name__
            except PaytreeError as error:
                return type(error).__name__

    with asyncio.Runner() as runner:
        runner.get_loop()

        class Forbidden(socket.socket):
            def __init__(self, *arguments: Any, **more: Any) -> None:
                raise AssertionError("test mode has made a socket")

        monkeypatch.setattr(socket, "socket", Forbidden)
        for name in ("getaddrinfo", "create_connection", "gethostbyname"):
            monkeypatch.setattr(socket, name, Forbidden)
        assert {number: runner.run(story(number)) for number in ends} == ends
        for number, end in ends.items():
            chosen = settings_for_practice(test_class_pay=number, pay_confirm_polling_mode=True)
            with PaytreeClient(chosen, test_mode=True, system=StillClock().system) as till:
                try:
                    assert type(till.pay(sale())).__name__ == end
                except PaytreeError as error:
                    assert type(error).__name__ == end  # noqa: PT017 - either may be the end
