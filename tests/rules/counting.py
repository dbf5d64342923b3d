"""A gateway that counts what reaches it and refuses it; a client that nothing else reaches."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from kessai import RequestWarning, ValidationError
from kessai.constraints import Violation
from kessai.errors import GatewayError
from kessai.hooks import Event, LimitsWarned

from tests.rules.bodies import ABSENT
from tests.rules.rows import Row
from tests.rules.typed import Typed


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


def refuses(gateway: Counting, typed: Typed, row: Row) -> None:
    """Hold an enforced row against a client: what keeps it leaves, what breaks it does not."""
    assert gateway.violations(row.operation, typed.good(row)) == []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RequestWarning)  # a broken request may also be unwise
        violation = found(gateway.violations(row.operation, typed.bad(row)), row)
    assert violation.enforced
    assert violation.source
    if row.limit is not None:
        assert violation.limit == row.limit


def warns(gateway: Counting, typed: Typed, row: Row) -> Violation:
    """Hold a row that only warns against a client: both leave, one with a warning, given back."""
    assert gateway.violations(row.operation, typed.good(row)) == []
    assert gateway.warned == []
    with pytest.warns(RequestWarning, match=row.pointer):
        assert gateway.violations(row.operation, typed.bad(row)) == []
    violation = found(gateway.warned, row)
    assert not violation.enforced
    assert len(gateway.requests) == 1
    return violation


def keeps_values_to_itself(gateway: Counting, typed: Typed, rows: Iterable[Row]) -> None:
    """Hold what a client says of broken rows to naming no value."""
    for row in rows:
        value = row.fails.get(row.pointer)
        if isinstance(value, str) and value is not ABSENT and len(value) > 6:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", RequestWarning)
                for violation in gateway.violations(row.operation, typed.bad(row)):
                    assert value not in violation.message
