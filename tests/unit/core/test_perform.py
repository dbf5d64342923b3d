"""A provider's own course of calls: one generator, run by both clients."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from typing import Any

import httpx2
import pytest
from kessai.call import call
from kessai.client import AsyncClient, Client
from kessai.commands import Command, Sleep
from kessai.errors import AuthenticationError
from kessai.setup import Setup
from kessai.system import System

from tests.support.core_fake import ENVIRONMENT, PAY, FakeGateway, MarkAuth, PayRequest

BODY = b'{"id": "R-1", "state": "AUTH", "title": "unauthorized"}'


def twice(setup: Setup) -> Generator[Command, Any, list[str]]:
    """Pay, wait for a minute, and pay again."""
    first = yield from call(setup, PAY, PayRequest("A-1"), {})
    yield Sleep(60.0)
    second = yield from call(setup, PAY, PayRequest("A-2"), {})
    return [first.value.id, second.value.id]


def refused(setup: Setup) -> Generator[Command, Any, str]:
    """See a refusal inside the course."""
    try:
        yield from call(setup, PAY, PayRequest("A-1"), {})
    except AuthenticationError as error:
        return f"seen {error.status}"
    return "not seen"


def run(steps: Any, status: int, flavour: str, slept: list[float]) -> Any:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(status, content=BODY))

    async def sleep_async(seconds: float) -> None:
        slept.append(seconds)

    system = System(sleep=slept.append, sleep_async=sleep_async)
    if flavour == "sync":
        with Client(
            FakeGateway(), MarkAuth(), ENVIRONMENT, transport=transport, system=system
        ) as client:
            return client.perform(steps)

    async def main() -> Any:
        async with AsyncClient(
            FakeGateway(), MarkAuth(), ENVIRONMENT, transport=transport, system=system
        ) as client:
            return await client.perform(steps)

    return asyncio.run(main())


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_calls_and_pauses_are_the_clients(flavour: str) -> None:
    """Each answer comes back into the course, and its pauses are the client's."""
    slept: list[float] = []
    assert run(twice, 200, flavour, slept) == ["R-1", "R-1"]
    assert slept == [60.0]


@pytest.mark.parametrize("flavour", ["sync", "async"])
def test_what_a_call_raises_can_be_met_in_the_course(flavour: str) -> None:
    """A course decides by what its calls end with."""
    assert run(refused, 401, flavour, []) == "seen 401"
