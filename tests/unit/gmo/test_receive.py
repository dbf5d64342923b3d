"""Webhooks through kessai.receive: each fact is handled once, none before it is decided."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from kessai.receive import AsyncReceiver, Receiver
from kessai.stores.aio import AsyncDedupe
from kessai.stores.memory import MemoryDedupe
from kessai_gmo import Followed, FollowResult, dedupe_key, parse_webhook

from tests.unit.gmo.notices import JSON, TOKEN, body
from tests.unit.gmo.scripted import Script, answer, order


def deposited(amount: str) -> Any:
    transfer = {"depositAmount": amount}
    result = {"cashType": "BANK_TRANSFER_SMBC", "bankTransferPaymentInformation": transfer}
    reference = order("TRADING", "CASH", amount="3980")
    return answer(200, {"orderReference": reference, "cashResult": result})


def test_a_transfer_in_parts_is_handled_part_by_part() -> None:
    script = Script(deposited("1000"), deposited("1000"), deposited("3980"), deposited("3980"))
    handled: list[tuple[FollowResult, int | None]] = []

    def book(followed: Followed) -> None:
        handled.append((followed.result, followed.deposit))

    with script.client() as gmo:
        receiver = Receiver(
            lambda raw, headers: gmo.follow(parse_webhook(raw, headers, csrf_token=TOKEN)),
            MemoryDedupe(),
            key=dedupe_key,
            name="gmo:tshop00000001",
        )
        results = [receiver.handle(body(), JSON, book) for _ in range(4)]
        forged = receiver.handle(body(csrfToken="forged"), JSON, book)
    assert [result.outcome for result in results] == ["handled", "repeat", "handled", "repeat"]
    assert [result.status for result in results] == [200, 200, 200, 200]
    assert handled == [(FollowResult.SHORT, 1000), (FollowResult.PAID, 3980)]
    assert forged.outcome == "refused"
    assert forged.status == 401
    assert len(script.requests) == 4


def test_what_is_not_decided_comes_again() -> None:
    undecided = answer(200, {"orderReference": order("REQSUCCESS", "CASH", amount="3980")})
    decided = answer(200, {"orderReference": order("PAYSUCCESS", "CASH", amount="3980")})
    script = Script(undecided, undecided, decided)
    handled: list[FollowResult] = []

    def book(followed: Followed) -> None:
        if followed.result is FollowResult.WAITING:
            raise LookupError("not decided yet: let it come again")
        handled.append(followed.result)

    with script.client() as gmo:
        receiver = Receiver(
            lambda raw, headers: gmo.follow(parse_webhook(raw, headers, csrf_token=TOKEN)),
            MemoryDedupe(),
            key=dedupe_key,
            name="gmo:tshop00000001",
        )
        with pytest.raises(LookupError):
            receiver.handle(body(), JSON, book)
        assert receiver.handle(body(), JSON, book, on_error="return").status == 500
        assert receiver.handle(body(), JSON, book).status == 200
    assert handled == [FollowResult.PAID]


def test_an_event_loop_asks_for_the_key() -> None:
    paid = answer(200, {"orderReference": order("PAYSUCCESS", "CASH", amount="3980")})
    handled: list[str] = []

    async def run() -> list[str]:
        script = Script(paid)
        async with script.async_client() as gmo:

            async def key(event: Any) -> str:
                return dedupe_key(await gmo.follow(event))

            async def book(event: Any) -> None:
                handled.append(event.access_id)

            receiver = AsyncReceiver(
                lambda raw, headers: parse_webhook(raw, headers, csrf_token=TOKEN),
                AsyncDedupe(MemoryDedupe()),
                key=key,
                name="gmo:tshop00000001",
            )
            return [(await receiver.handle(body(), JSON, book)).outcome for _ in range(2)]

    assert asyncio.run(run()) == ["handled", "repeat"]
    assert len(handled) == 1
