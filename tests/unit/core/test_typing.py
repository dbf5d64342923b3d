"""What a type checker makes of the core: the value's type comes from the operation."""

from __future__ import annotations

from typing import assert_type

import httpx2
import kessai
from kessai import Answer, AsyncClient, Client
from kessai.outcome import Outcome

from tests.support.core_fake import (
    ENVIRONMENT,
    LOOK,
    PAY,
    FakeGateway,
    Granted,
    LookRequest,
    MarkAuth,
    PayRequest,
    Receipt,
)
from tests.support.virtual_loop import run_virtual

BODY = b'{"id": "R-1", "state": "AUTH"}'


def answer(request: httpx2.Request) -> httpx2.Response:
    return httpx2.Response(200, content=BODY)


def test_the_value_is_the_operations() -> None:
    """run and raw, sync."""
    with Client(
        FakeGateway(), MarkAuth(), ENVIRONMENT, transport=httpx2.MockTransport(answer)
    ) as client:
        value = assert_type(client.run(PAY, PayRequest()), Receipt)
        assert_type(client.raw(LOOK, LookRequest("A-1"), {"deadline": 3}), Answer[Receipt])
    assert value.id == "R-1"


def test_the_value_is_the_operations_async() -> None:
    """run and raw, async."""

    async def main() -> Receipt:
        async with AsyncClient(
            FakeGateway(), MarkAuth(), ENVIRONMENT, transport=httpx2.MockTransport(answer)
        ) as client:
            assert_type(await client.raw(PAY, PayRequest()), Answer[Receipt])
            return assert_type(await client.run(PAY, PayRequest()), Receipt)

    assert run_virtual(main()).state == "AUTH"


def mistakes(client: Client, outcome: Outcome) -> None:
    """Never called: each line must be an error to the checkers, or its comment is."""
    client.run(PAY, LookRequest("A-1"))  # type: ignore[misc]  # pyright: ignore[reportArgumentType]
    client.run(PAY, PayRequest(), {"deadlin": 3})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wrong: Granted = client.run(PAY, PayRequest())  # type: ignore[assignment]  # pyright: ignore[reportAssignmentType]
    kessai.Cliemt(wrong)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    if isinstance(outcome, kessai.Open):
        assert_type(outcome.reason, str)


def test_the_mistakes_are_only_for_the_checkers() -> None:
    """And are there to be checked."""
    assert mistakes.__doc__
