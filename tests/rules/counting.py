"""A gateway that counts what reaches it and refuses it; a client that nothing else reaches."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from kessai import ValidationError
from kessai.constraints import Violation
from kessai.errors import GatewayError
from kessai.hooks import Event, LimitsWarned

from tests.rules.rows import Row


class Counting:
    """Remembers what reached it, and what the client warned of.

    ``make`` builds the client from the options it is given (``transport``, ``hooks``);
    ``operations`` are the constants by name, ``refusal`` the answer to whatever comes, ``refused``
    what the client raises for that.
    """

    def __init__(
        self,
        make: Callable[..., Any],
        operations: Mapping[str, Any],
        refusal: Callable[[], httpx2.Response],
        refused: type[GatewayError],
    ) -> None:
        self.requests: list[httpx2.Request] = []
        self.warned: list[Violation] = []
        self._operations = operations
        self._refusal = refusal
        self._refused = refused
        self.client = make(transport=httpx2.MockTransport(self._answer), hooks=[self._watch])

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        return self._refusal()

    def _watch(self, event: Event) -> None:
        if isinstance(event, LimitsWarned):
            self.warned.extend(event.violations)

    def violations(self, operation: str, request: Any, **options: Any) -> list[Violation]:
        """What a call is refused for here; none when it was sent."""
        self.requests.clear()
        self.warned.clear()
        try:
            self.client.raw(self._operations[operation], request, **options)
        except ValidationError as refused:
            assert not self.requests
            return list(refused.violations)
        except self._refused:
            assert len(self.requests) == 1
        return []


@contextmanager
def counting(*parts: Any) -> Generator[Counting]:
    """A ``Counting`` whose client is closed at the end."""
    gateway = Counting(*parts)
    with gateway.client:
        yield gateway


def found(violations: list[Violation], row: Row) -> Violation:
    """The row's violation, or a failure that shows what was found instead."""
    for violation in violations:
        if (violation.pointer, violation.code) == (row.pointer, row.code):
            return violation
    pytest.fail(f"{row.pointer}#{row.code} is missing from {violations}")
