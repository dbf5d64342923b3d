"""What is left open: kept by the client and by the journal, asked about, recovered, settled."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from kessai import ConfigurationError, NotPaid, Open, OutcomeUnknown, Paid, StoreError
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal
from kessai.stores.sqlite_journal import SqliteJournal
from kessai_paytree import (
    DepositRequest,
    PayRequest,
    PayResult,
    PaytreeError,
    PayType,
    RefundRequest,
    ReverseRequest,
)
from kessai_paytree import errors as e

from tests.unit.paytree.scripted import (
    CODE,
    ORDER,
    PAY,
    Script,
    absent,
    answer,
    paid,
    settings,
)

LOST = httpx2.ReadTimeout("timed out")
#: A payment nobody knows the end of: no confirm was answered, and both reversals were refused.
OPEN = [LOST, LOST, absent(), LOST, absent(), LOST]
OTHER = PayRequest(pay_type=PayType.PAYPAY, amount=500, user_code="other")


def confirmed(status: int = 2, **members: Any) -> dict[str, Any]:
    return paid(status=status, requestType="Pay", **members)


def opened(client: Any, request: Any = PAY, name: str = "pay") -> e.UnsettledError:
    with pytest.raises(e.UnsettledError) as caught:
        getattr(client, name)(request)
    return caught.value


@contextmanager
def kept(path: Path, **options: Any) -> Generator[SqliteJournal, None, None]:
    """A journal in a file."""
    journal = SqliteJournal(path, **options)
    try:
        yield journal
    finally:
        journal.disconnect()


def test_a_code_is_not_charged_while_its_payment_is_open(tmp_path: Path) -> None:
    script = Script(*OPEN, paid(amount=500), confirmed(), paid())
    with script.client(tmp_path) as client:
        error = opened(client)
        assert client.unsettled() == [error]
        with pytest.raises(e.OpenPaymentError) as caught:
            client.pay(PAY)
        assert caught.value.request_id == error.request_id
        assert not caught.value.safe_to_pay_again
        client.pay(OTHER)  # another code is no matter
        result = client.recover(error)
        assert isinstance(result, PayResult)
        assert result.request_id == error.request_id
        assert client.unsettled() == []
        client.pay(PAY)
    assert script.answers == []


def test_recovering_reverses_what_is_not_known_to_have_failed(tmp_path: Path) -> None:
    script = Script(*OPEN, absent(), answer(status=4, orderId=ORDER), paid())
    with script.client(tmp_path) as client:
        error = opened(client)
        with pytest.raises(e.ReversedError) as caught:
            client.recover(error)
        assert caught.value.safe_to_pay_again
        assert script.bodies[7]["originalRequestId"] == error.request_id
        client.pay(PAY)


@pytest.mark.parametrize("status", [2, 1])
def test_paid_is_not_believed_behind_a_reversal_that_got_no_answer(
    tmp_path: Path, status: int
) -> None:
    """It may be on its way, and undo what the till has just been told: also by a later process."""
    path = tmp_path / "journal.db"
    script = Script(*[LOST] * 6, confirmed(status))
    with kept(path) as journal, script.client(tmp_path, journal) as client:
        error = opened(client)
        assert error.reference["reversing"] == script.bodies[2]["requestId"]
        assert type(client.resolve(error)) is Open
    again = Script(confirmed(status), answer(status=4, orderId=ORDER, amount=0))
    with kept(path) as journal, again.client(tmp_path, journal) as client:
        (left,) = client.unsettled()
        assert left.reference == error.reference
        with pytest.raises(e.ReversedError) as caught:
            client.recover(left)
        assert caught.value.safe_to_pay_again
        assert states(journal) == []
    assert again.bodies[1]["requestId"] == script.bodies[2]["requestId"]  # one reversal, not two


def test_a_till_that_dies_while_it_reverses(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    script = Script(LOST, LOST, KeyboardInterrupt())
    with (
        kept(path) as journal,
        script.client(tmp_path, journal) as client,
        pytest.raises(KeyboardInterrupt),
    ):
        client.pay(PAY)
    again = Script(confirmed(), answer(status=4, orderId=ORDER, amount=1980))
    with kept(path) as journal, again.client(tmp_path, journal) as client:
        (left,) = client.unsettled()
        with pytest.raises(e.ReversedError):
            client.recover(left)
    assert again.bodies[1]["requestId"] == script.bodies[2]["requestId"]


def test_recovering_may_leave_it_open_again(tmp_path: Path) -> None:
    script = Script(*OPEN, *[LOST] * 5)
    with script.client(tmp_path) as client:
        error = opened(client)
        with pytest.raises(e.ReversalFailedError) as caught:
            client.recover(error)
        assert caught.value.request_id == error.request_id
        with pytest.raises(e.OpenPaymentError):
            client.pay(PAY)


def test_a_record_can_be_recovered_by_a_later_process(tmp_path: Path) -> None:
    with Script(*OPEN).client(tmp_path) as client:
        record = json.loads(json.dumps(opened(client).to_record()))
    assert CODE not in json.dumps(record)
    script = Script(confirmed())
    with script.client(tmp_path) as client:
        assert client.recover(OutcomeUnknown.from_record(record)).order_id == ORDER


@pytest.mark.parametrize(
    ("told", "kind"),
    [
        (confirmed(), Paid),
        (confirmed(5), Paid),
        (confirmed(4), NotPaid),
        (confirmed(3, code="CUSTOMER_STOPPED"), NotPaid),
        (confirmed(1), Open),
        (confirmed(0), Open),
        (absent(), Open),
        (confirmed(amount=7), Open),
        (LOST, Open),
    ],
)
def test_resolving_only_asks(tmp_path: Path, told: Any, kind: type[Any]) -> None:
    script = Script(*OPEN, *[told] * 3)
    with script.client(tmp_path) as client:
        error = opened(client)
        outcome = client.resolve(error)
        assert type(outcome) is kind
        assert len(client.unsettled()) == 1  # it is recover() that ends it
    assert {path.rpartition("/")[2] for path in script.paths[6:]} == {"confirm"}
    assert script.bodies[6]["originalRequestId"] == error.request_id


def test_a_wallet_found_out_is_asked_about_on_its_own_path(tmp_path: Path) -> None:
    script = Script(*OPEN, confirmed(), confirmed())
    detect = PayRequest(pay_type=PayType.AUTO_DETECT, amount=1980, user_code=CODE)
    with script.client(tmp_path) as client:
        error = opened(client, detect)
        client.resolve(error)
        client.recover(error)
    assert script.paths[6:] == ["/base/api/v1/confirm"] * 2


def test_what_a_person_has_found_out(tmp_path: Path) -> None:
    script = Script(*OPEN, paid())
    with script.client(tmp_path) as client:
        error = opened(client)
        with pytest.raises(ConfigurationError, match="no open request"):
            client.settled("other", paid=True)
        client.settled(error.request_id or "", paid=False)
        assert client.unsettled() == []
        client.pay(PAY)


def test_a_refund_is_open_and_neither_reversed_nor_run_again(tmp_path: Path) -> None:
    refund = RefundRequest(order_id=ORDER, refund_amount=980)
    done = answer(status=6, orderId=ORDER, refundAmount=980, requestType="Refund")
    script = Script(LOST, LOST, absent(), done)
    with script.client(tmp_path) as client:
        error = opened(client, refund, "refund")
        assert isinstance(error, e.RefundOpenError)
        assert not error.safe_to_pay_again
        with pytest.raises(e.RefundOpenError):
            client.recover(error)
        assert client.recover(error).order_id == ORDER
    assert [path.rpartition("/")[2] for path in script.paths] == ["refund", *["confirm"] * 3]


def test_a_refund_of_another_amount_settles_nothing(tmp_path: Path) -> None:
    refund = RefundRequest(order_id=ORDER, refund_amount=980)
    other = answer(status=6, orderId=ORDER, refundAmount=500, requestType="Refund")
    with Script(LOST, other).client(tmp_path) as client:
        opened(client, refund, "refund")


def test_a_reversal_that_was_refused_has_somebody_called(tmp_path: Path) -> None:
    no = answer("ORDER_STATE", 3, orderId=ORDER)
    with Script(no).client(tmp_path) as client, pytest.raises(e.OrderStateError) as caught:
        client.reverse(ReverseRequest(order_id=ORDER))
    assert caught.value.escalation == "CPSCall"


def test_a_reversal_is_sent_twice_at_most_under_one_number(tmp_path: Path) -> None:
    undone = answer(status=4, orderId=ORDER, amount=0)
    script = Script(LOST, LOST, undone)
    with script.client(tmp_path) as client:
        result = client.reverse(ReverseRequest(order_id=ORDER))
        assert result.amount == 0
        assert script.bodies[0]["requestId"] == script.bodies[2]["requestId"]
        script.answers = [LOST] * 4
        error = opened(client, ReverseRequest(order_id=ORDER), "reverse")
        assert isinstance(error, e.ReversalFailedError)
        assert script.answers == []
        script.answers = [answer(status=4, orderId=ORDER, requestType="Reverse")]
        assert client.recover(error).order_id == ORDER


def test_a_refusal_of_the_repeat_says_nothing_of_the_first_reversal(tmp_path: Path) -> None:
    """The first may be on its way, and is carried out when it arrives."""
    no = answer("PROCESSOR_ERROR", 3, orderId=ORDER)
    script = Script(LOST, absent(), no, absent())
    with script.client(tmp_path) as client:
        error = opened(client, ReverseRequest(order_id=ORDER), "reverse")
        assert isinstance(error, e.ReversalFailedError)
        assert error.escalation == "CPSCall"
    assert script.answers == []


def test_a_deposit_is_kept_open_by_its_card(tmp_path: Path) -> None:
    deposit = DepositRequest(pay_type=PayType.LINE_PAY, amount=3000, user_code="1234")
    done = answer(status=2, orderId=ORDER, amount=3000, requestType="Deposit")
    script = Script(*OPEN, done)
    chosen = settings(api_path_deposit="/deposit")
    with script.client(tmp_path, settings=chosen) as client:
        error = opened(client, deposit, "deposit")
        with pytest.raises(e.OpenPaymentError):
            client.deposit(deposit)
        assert client.recover(error).order_id == ORDER


def states(journal: MemoryJournal | SqliteJournal) -> list[tuple[str, str, str]]:
    return [
        (entry.operation, entry.state, entry.end)
        for entry in journal.pending(0.0, states=("unknown", "open"))
    ]


def test_the_journal_holds_what_is_open_and_nothing_else(tmp_path: Path) -> None:
    journal = MemoryJournal()
    script = Script(
        paid(),
        paid(status=1),
        confirmed(),
        answer("INSUFFICIENT_BALANCE", 3),
        *(LOST, absent(), answer(status=4, orderId=ORDER)),
        *OPEN,
    )
    with script.client(tmp_path, journal) as client:
        client.pay(PAY)
        client.pay(PAY)
        for _ in range(2):
            with pytest.raises(PaytreeError):
                client.pay(PAY)
        assert states(journal) == []
        opened(client)
    assert states(journal) == [("pay", "open", "")]


def test_an_answer_about_another_amount_is_open_in_the_journal_too(tmp_path: Path) -> None:
    journal = MemoryJournal()
    script = Script(paid(amount=1), *[LOST] * 5)
    with script.client(tmp_path, journal) as client:
        error = opened(client)
        assert error.order_id == ORDER
    assert states(journal) == [("pay", "open", "")]


@pytest.mark.parametrize("status", [301, 400, 401, 404, 409, 429, 500, 502, 503])
def test_a_status_that_nobody_signed_frees_nothing_in_the_journal(
    status: int, tmp_path: Path
) -> None:
    """No status but 200 is PAYTREE's own: what stands between says nothing about the payment."""
    journal = MemoryJournal()
    script = Script(httpx2.Response(status, content=b"no"), *[LOST] * 5)
    with script.client(tmp_path, journal) as client:
        opened(client)
    assert states(journal) == [("pay", "open", "")]


def test_what_an_earlier_process_left_open(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    with kept(path) as journal, Script(*OPEN).client(tmp_path, journal) as client:
        error = opened(client)
    assert CODE.encode() not in path.read_bytes()
    script = Script(paid(amount=500), confirmed(), paid())
    with kept(path) as journal, script.client(tmp_path, journal) as client:
        with pytest.raises(e.OpenPaymentError) as caught:
            client.pay(PAY)
        assert caught.value.request_id == error.request_id
        client.pay(OTHER)
        (left,) = client.unsettled()
        assert left.code == "LEFT_OPEN"
        assert client.recover(left).request_id == error.request_id
        assert client.unsettled() == []
        client.pay(PAY)
        assert states(journal) == []


def test_a_process_that_died_while_sending(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    script = Script(KeyboardInterrupt())
    with (
        kept(path) as journal,
        script.client(tmp_path, journal) as client,
        pytest.raises(KeyboardInterrupt),
    ):
        client.pay(PAY)
    clock = time.time() + 1  # till is started again at once
    with kept(path, clock=lambda: clock) as journal:
        script = Script(confirmed())
        with script.client(tmp_path, journal) as client:
            (left,) = client.unsettled()
            assert client.recover(left).order_id == ORDER


def test_a_person_settles_it_in_the_journal_too(tmp_path: Path) -> None:
    journal = MemoryJournal()
    with Script(*OPEN).client(tmp_path, journal) as client:
        error = opened(client)
    with Script(paid()).client(tmp_path, journal) as client:
        client.settled(error.request_id or "", paid=True)
        assert states(journal) == []
        client.pay(PAY)


def test_an_intent_of_the_tills_own(tmp_path: Path) -> None:
    journal = MemoryJournal()
    script = Script(*OPEN, paid(amount=500))
    with script.client(tmp_path, journal) as client:
        with pytest.raises(e.ReversalFailedError) as first:
            client.pay(PAY, intent="sale-1")
        with pytest.raises(Exception, match="intent") as caught:
            client.pay(OTHER, intent="sale-1")
        assert type(caught.value).__name__ == "IntentConflictError"
        client.pay(OTHER, intent="sale-2")
    assert first.value.intent is not None
    assert first.value.intent.endswith(":sale-1")


def test_a_journal_that_cannot_be_read_stops_before_anything_leaves(tmp_path: Path) -> None:
    class Broken(MemoryJournal):
        def pending(self, *arguments: Any, **more: Any) -> Any:
            raise StoreError("gone")

    script = Script(paid())
    with script.client(tmp_path, Broken()) as client:
        for _ in range(2):
            with pytest.raises(StoreError):
                client.pay(PAY)
    assert script.paths == []


def test_a_journal_that_fails_as_the_entry_opens(tmp_path: Path) -> None:
    class Broken(MemoryJournal):
        def open(self, *arguments: Any, **more: Any) -> Any:
            raise StoreError("gone")

    script = Script(paid())
    with script.client(tmp_path, Broken()) as client:
        with pytest.raises(StoreError):
            client.pay(PAY)
        assert client.unsettled() == []
        with pytest.raises(StoreError):
            client.pay(PAY)  # the till is free, and the code too
    assert script.paths == []


def test_other_outcomes_are_not_recovered(tmp_path: Path) -> None:
    with Script(*OPEN).client(tmp_path) as client:
        error = opened(client)
    other = settings(terminal_unique_id="1234500000422")
    with Script().client(tmp_path, settings=other) as client:
        with pytest.raises(ConfigurationError, match="same terminal"):
            client.recover(error)
        record = error.to_record() | {"operation": "charge"}
        with pytest.raises(ConfigurationError, match="no request of PAYTREE's"):
            client.recover(OutcomeUnknown.from_record(record))


def test_async_with_a_journal(tmp_path: Path) -> None:
    inner = MemoryJournal()

    async def story() -> None:
        script = Script(*OPEN)
        async with script.async_client(tmp_path, AsyncJournal(inner)) as client:
            with pytest.raises(e.ReversalFailedError):
                await client.pay(PAY)
        script = Script(confirmed(), confirmed(), paid())
        async with script.async_client(tmp_path, AsyncJournal(inner)) as client:
            with pytest.raises(e.OpenPaymentError):
                await client.pay(PAY)
            (left,) = await client.unsettled()
            assert isinstance(await client.resolve(left), Paid)
            await client.recover(left)
            await client.pay(PAY)
        script = Script(*OPEN)
        async with script.async_client(tmp_path, AsyncJournal(inner)) as client:
            with pytest.raises(e.ReversalFailedError) as caught:
                await client.pay(PAY)
            await client.settled(caught.value.request_id or "", paid=False)
            assert await client.unsettled() == []

    asyncio.run(story())
    assert states(inner) == []
