"""Clock, ids, ledger, gates: the rooms every gateway's mock is built on."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

import pytest
from kessai_mock.clock import START, Clock, text
from kessai_mock.holds import Gates
from kessai_mock.ids import Ids
from kessai_mock.ledger import Account, Ledger, LedgerError


def test_timers_run_in_order_of_time_then_of_setting() -> None:
    """However they were set."""
    clock, ran = Clock(), list[str]()
    clock.call_later(20, lambda: ran.append("late"))
    clock.call_later(10, lambda: ran.append("first"))
    clock.call_later(10, lambda: ran.append("second"))
    clock.advance(15)
    assert ran == ["first", "second"]
    clock.advance(5)
    assert ran == ["first", "second", "late"]
    assert clock.now == START + timedelta(seconds=20)


def test_a_timer_sees_its_own_moment_and_may_set_another() -> None:
    """One that is due before the end runs in the same move."""
    clock, seen = Clock(), list[str]()

    def first() -> None:
        seen.append(text(clock.now))
        clock.call_later(5, lambda: seen.append(text(clock.now)))

    clock.call_later(10, first)
    clock.advance(60)
    assert seen == ["2026-01-05T10:00:10+09:00", "2026-01-05T10:00:15+09:00"]


def test_a_cancelled_timer_does_not_run() -> None:
    """Nor does it stop others."""
    clock, ran = Clock(), list[str]()
    clock.call_later(1, lambda: ran.append("a")).cancel()
    clock.call_later(1, lambda: ran.append("b"))
    clock.advance(1)
    assert ran == ["b"]


def test_time_does_not_run_backwards() -> None:
    """Nor by itself."""
    clock = Clock()
    with pytest.raises(ValueError, match="backwards"):
        clock.advance(-1)
    assert clock.now == START


def test_ids_are_a_function_of_seed_kind_and_number() -> None:
    """Asking for another kind in between changes nothing."""
    one, two = Ids(7), Ids(7)
    first = [one.hex32("access"), one.hex32("access")]
    two.uuid("token")
    two.digits("approval", 6)
    assert first == [two.hex32("access"), two.hex32("access")]
    assert len(set(first)) == 2
    assert Ids(8).hex32("access") not in first


def test_digits_keep_leading_zeros() -> None:
    """A number of n digits has n characters."""
    ids = Ids(1)
    made = [ids.digits("n", 3) for _ in range(200)]
    assert all(len(number) == 3 and number.isdigit() for number in made)
    assert any(number.startswith("0") for number in made)


def test_base_32_has_no_letters_that_look_like_digits() -> None:
    """As long as wanted, another one each time."""
    ids = Ids(1)
    made = {ids.base32("n", 26) for _ in range(200)}
    assert len(made) == 200
    assert all(len(text) == 26 for text in made)
    assert not set("".join(made)) & set("ILOUilou")


def test_shuffling_keeps_every_value_and_finds_every_order() -> None:
    """And follows from the seed."""
    one, two = Ids(3), Ids(3)
    orders = [one.shuffled("n", "abc") for _ in range(100)]
    assert orders == [two.shuffled("n", "abc") for _ in range(100)]
    assert {"".join(order) for order in orders} == {"abc", "acb", "bac", "bca", "cab", "cba"}


def test_the_ledger_moves_money_and_adds_up_to_zero() -> None:
    """Balances are kept by order and in all."""
    ledger = Ledger()
    ledger.post(START, "a", "AUTH", Account.CUSTOMER, Account.HOLD, 300)
    ledger.post(START, "b", "CAPTURE", Account.CUSTOMER, Account.MERCHANT, 50)
    ledger.post(START, "a", "SALES", Account.HOLD, Account.MERCHANT, 300)
    assert ledger.balance(Account.MERCHANT) == 350
    assert ledger.balance(Account.MERCHANT, "a") == 300
    assert ledger.balance(Account.CUSTOMER) == -350
    ledger.expect("a", merchant=300)
    ledger.audit()


@pytest.mark.parametrize("amount", [0, -5])
def test_the_ledger_refuses_to_move_nothing(amount: int) -> None:
    """Or less than nothing."""
    with pytest.raises(LedgerError):
        Ledger().post(START, "a", "AUTH", Account.CUSTOMER, Account.HOLD, amount)


def test_a_posting_made_twice_is_found_by_what_the_order_says() -> None:
    """It balances, and is wrong all the same."""
    ledger = Ledger()
    for _ in range(2):
        ledger.post(START, "a", "CAPTURE", Account.CUSTOMER, Account.MERCHANT, 100)
    ledger.audit()
    with pytest.raises(LedgerError, match="holds 200 yen, its state says 100"):
        ledger.expect("a", merchant=100)
    assert ledger.violations


def test_an_order_cannot_give_back_what_it_has_not() -> None:
    """A capture of nothing held."""
    with pytest.raises(LedgerError, match="below zero"):
        Ledger().post(START, "a", "SALES", Account.HOLD, Account.MERCHANT, 1)


def test_a_tampered_balance_is_found_by_the_audit() -> None:
    """The audit works everything out again from the postings."""
    ledger = Ledger()
    ledger.post(START, "a", "AUTH", Account.CUSTOMER, Account.HOLD, 10)
    ledger.postings.append(ledger.postings[0])
    with pytest.raises(LedgerError, match="running balance"):
        ledger.audit()


def test_a_gate_opened_in_another_thread_lets_its_request_go() -> None:
    """Event loops and threads may differ."""
    gates = Gates()

    async def held() -> str:
        opener = threading.Thread(target=gates.named("g").open)
        asyncio.get_running_loop().call_soon(opener.start)
        await gates.named("g").wait()
        await asyncio.to_thread(opener.join)
        return "through"

    assert asyncio.run(held()) == "through"
    assert gates.waiting() == {"g": 0, "": 0}


def test_an_open_gate_stays_open() -> None:
    """Whoever comes later does not wait."""
    gates = Gates()
    gates.named("g").open()
    asyncio.run(gates.named("g").wait())
