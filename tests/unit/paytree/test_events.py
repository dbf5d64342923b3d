"""Events, handlers, the cashier's word, and that requests do not overlap."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import httpx2
import pytest
from kessai import System
from kessai_paytree import Complete, Failed, RefundRequest, RequestType
from kessai_paytree import errors as e

from tests.unit.paytree.scripted import ORDER, PAY, Script, answer, paid, settings

LOST = httpx2.ReadTimeout("timed out")
BY_HAND: dict[str, Any] = {"pay_confirm_polling_mode": False}


def waiting() -> dict[str, Any]:
    """The customer has to approve."""
    return paid(status=1)


def confirmed(status: int = 2, **members: Any) -> dict[str, Any]:
    """What a confirm says of the payment."""
    return paid(status=status, requestType="Pay", **members)


def names(events: list[Any]) -> list[str]:
    return [
        f"{type(each.error).__name__}{'!' if each.final else ''}"
        if isinstance(each, Failed)
        else f"{each.result.trans_status.name}{'!' if each.final else ''}"
        for each in events
    ]


def never(event: object) -> None:
    """A handler that nothing is for."""
    raise AssertionError(event)


def test_the_two_events_of_the_manual(tmp_path: Path) -> None:
    script = Script(waiting(), confirmed(1), confirmed(1), confirmed())
    complete: list[Any] = []
    errors: list[Any] = []
    with script.client(tmp_path, settings=settings(**BY_HAND)) as client:
        progress = client.start(PAY)

        def on_complete(event: Complete[Any]) -> None:
            complete.append(event)
            if not event.final:
                client.pay_confirm(True)

        def on_error(event: Failed) -> None:
            errors.append(event)
            client.pay_confirm(True)

        progress.run(on_complete=on_complete, on_error=on_error)
    assert names(complete) == ["WAITING", "SUCCEEDED!"]
    assert names(errors) == ["StillWaitingError", "StillWaitingError"]
    assert complete[0].request_type is RequestType.PAY
    assert progress.done
    assert progress.result.order_id == ORDER


def test_several_errors_for_one_payment(tmp_path: Path) -> None:
    """The reversal fails first, and then for good."""
    errors: list[Any] = []
    script = Script(*[LOST] * 6)
    with script.client(tmp_path) as client:
        client.start(PAY).run(on_complete=never, on_error=errors.append)
    assert names(errors) == ["NotConfirmedError", "ReversalFailedError!"]
    assert errors[0].error.escalation is None


def test_on_progress_gets_what_is_on_the_way_and_not_the_end(tmp_path: Path) -> None:
    seen: list[Any] = []
    with Script(waiting(), confirmed()).client(tmp_path) as client:
        result = client.pay(PAY, on_progress=seen.append)
    assert names(seen) == ["WAITING"]
    assert result.confirmed


def test_the_end_is_told_once(tmp_path: Path) -> None:
    with Script(paid()).client(tmp_path) as client:
        progress = client.start(PAY)
        with pytest.raises(RuntimeError, match="not at its end"):
            _ = progress.result
        assert names(list(progress)) == ["SUCCEEDED!"]
        assert list(progress) == []
        assert progress.finish() is progress.result


def test_a_handler_that_fails_does_not_cost_the_payment(tmp_path: Path) -> None:
    def fail(event: Any) -> None:
        raise LookupError("the till's own")

    with (
        Script(waiting(), confirmed()).client(tmp_path) as client,
        pytest.warns(RuntimeWarning, match="a handler raised LookupError"),
    ):
        assert client.pay(PAY, on_progress=fail).order_id == ORDER


def test_not_even_where_warnings_are_errors(tmp_path: Path) -> None:
    def fail(event: Any) -> None:
        raise LookupError("the till's own")

    with Script(waiting(), confirmed()).client(tmp_path) as client:
        assert client.pay(PAY, on_progress=fail).order_id == ORDER


def test_requests_do_not_overlap(tmp_path: Path) -> None:
    script = Script(waiting(), confirmed(), answer(status=5, orderId=ORDER, refundAmount=1980))
    refund = RefundRequest(order_id=ORDER, refund_amount=1980)
    seen: list[str] = []

    with script.client(tmp_path) as client:

        def handler(event: Any) -> None:
            if event.final:  # the payment is at its end: the next may begin in its handler
                client.refund(refund)
                seen.append("refunded")
                return
            with pytest.raises(e.RequestInProgressError) as caught:
                client.refund(refund)
            assert caught.value.kind is e.Kind.LIBRARY
            seen.append("refused")

        client.start(PAY).run(on_complete=handler, on_error=never)
    assert seen == ["refused", "refunded"]
    assert len(script.paths) == 3


def test_two_threads(tmp_path: Path) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(body: Any) -> Any:
        inside.set()
        assert go_on.wait(10)
        return paid()

    done: list[Any] = []
    with Script(slow).client(tmp_path) as client:
        thread = threading.Thread(target=lambda: done.append(client.pay(PAY)))
        thread.start()
        assert inside.wait(10)
        with pytest.raises(e.RequestInProgressError):
            client.pay(PAY)
        with pytest.raises(e.NotWaitingError):
            client.pay_confirm(True)
        go_on.set()
        thread.join(10)
    assert done[0].order_id == ORDER


def test_the_cashiers_word_from_another_thread(tmp_path: Path) -> None:
    """The till's thread waits; the button is pressed in the window's thread."""
    script = Script(waiting(), confirmed())
    pressed = threading.Event()
    with script.client(tmp_path, settings=settings(**BY_HAND)) as client:

        def press() -> None:
            client.pay_confirm(True)
            pressed.set()

        def handler(event: Any) -> None:
            thread = threading.Thread(target=press)
            thread.start()
            thread.join(10)

        assert client.pay(PAY, on_progress=handler).confirmed
    assert pressed.is_set()


def test_nobody_waits(tmp_path: Path) -> None:
    with Script(paid()).client(tmp_path) as client:
        for confirm in (True, False):
            with pytest.raises(e.NotWaitingError):
                client.pay_confirm(confirm)
        client.pay(PAY)
        with pytest.raises(e.NotWaitingError):
            client.pay_confirm(True)


def test_leaving_the_block_stops_what_waits(tmp_path: Path) -> None:
    script = Script(waiting(), confirmed(1), answer(status=4, orderId=ORDER), paid())
    with script.client(tmp_path, settings=settings(**BY_HAND)) as client:
        with client.start(PAY) as progress:
            assert names([next(progress)]) == ["WAITING"]
        assert progress.done
        with pytest.raises(e.ReversedError, match="STOPPED"):
            _ = progress.result
        client.pay(PAY)
        with client.start(PAY):
            pass  # nothing was asked for, so nothing was sent
    assert len(script.paths) == 4


def test_an_interrupted_payment_is_open_and_its_code_not_charged_again(tmp_path: Path) -> None:
    script = Script(KeyboardInterrupt(), confirmed(), paid())
    with script.client(tmp_path) as client:
        with pytest.raises(KeyboardInterrupt):
            client.pay(PAY)
        (left,) = client.unsettled()
        assert left.code == "BROKEN_OFF"
        assert left.request_id == script.bodies[0]["requestId"]
        with pytest.raises(e.OpenPaymentError, match="recover"):
            client.pay(PAY)
        result = client.recover(left)
        assert result.request_id == left.request_id
        assert script.bodies[1]["originalRequestId"] == left.request_id
        assert client.unsettled() == []
        client.pay(PAY)


def test_a_fault_of_the_program_on_the_way_is_kept_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kessai_paytree import order as room

    script = Script(LOST)
    with script.client(tmp_path) as client:

        def broken(*arguments: Any, **more: Any) -> Any:
            raise ZeroDivisionError

        monkeypatch.setattr(room.Order, "ask", broken)
        with pytest.raises(e.ReversalFailedError, match="BROKEN_OFF") as caught:
            client.pay(PAY)
        assert isinstance(caught.value.__cause__, ZeroDivisionError)
        assert len(client.unsettled()) == 1


def test_async_events_and_handlers(tmp_path: Path) -> None:
    script = Script(waiting(), confirmed(1), confirmed(), paid())

    async def story() -> None:
        async with script.async_client(tmp_path, settings=settings(**BY_HAND)) as client:
            seen: list[Any] = []

            async def on_complete(event: Complete[Any]) -> None:
                await asyncio.sleep(0)
                seen.append(event)
                if not event.final:
                    client.pay_confirm(True)

            def on_error(event: Failed) -> None:
                seen.append(event)
                client.pay_confirm(True)

            await client.start(PAY).run(on_complete=on_complete, on_error=on_error)
            assert names(seen) == ["WAITING", "StillWaitingError", "SUCCEEDED!"]
            async for event in client.start(PAY):
                assert event.final
            assert repr(client) == "<AsyncPaytreeClient 1234500000421>"

    asyncio.run(story())


def test_async_requests_do_not_overlap_and_a_cancelled_one_is_open(tmp_path: Path) -> None:
    script = Script(waiting(), confirmed())

    async def story() -> None:
        asleep, forever = asyncio.Event(), asyncio.Event()

        async def pause(seconds: float) -> None:
            asleep.set()
            script.now += seconds
            if not forever.is_set():
                await forever.wait()

        clocks = script.system
        system = System(monotonic=clocks.monotonic, wall=clocks.wall, sleep_async=pause)
        chosen = settings(**BY_HAND)
        async with script.async_client(tmp_path, settings=chosen, system=system) as client:
            task = asyncio.create_task(client.pay(PAY))
            await asleep.wait()
            with pytest.raises(e.RequestInProgressError):
                await client.pay(PAY)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            forever.set()
            (left,) = await client.unsettled()
            assert left.code == "BROKEN_OFF"
            assert left.order_id == ORDER
            assert (await client.recover(left)).confirmed
            assert await client.unsettled() == []

    asyncio.run(story())
