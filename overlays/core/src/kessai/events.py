"""What a gateway sends by itself, as generated code describes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

ValueT = TypeVar("ValueT")


class Event(Generic[ValueT]):
    """A callback or a webhook of a spec.

    ``name``: the spec's name for it; ``operations``: the operationIds that announce it (none for
    a webhook). ``decode`` takes parsed JSON, uses it up and raises DecodeError; the model it needs
    is imported at its first call.
    """

    __slots__ = ("_decoder", "_resolve", "name", "operations")

    name: str
    operations: frozenset[str]

    def __init__(
        self,
        name: str,
        resolve: Callable[[], Callable[[Any], ValueT]],
        operations: frozenset[str] = frozenset(),
    ) -> None:
        self.name = name
        self.operations = operations
        self._resolve = resolve
        self._decoder: Callable[[Any], ValueT] | None = None

    def decode(self, data: Any) -> ValueT:
        """Build the typed event. Raises DecodeError."""
        if self._decoder is None:
            self._decoder = self._resolve()
        return self._decoder(data)

    def __repr__(self) -> str:
        return f"<Event {self.name}>"
