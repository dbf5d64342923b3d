"""A gateway of the tests' own, which sends its secret in a header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import NamedTuple

from kessai.errors import MalformedEventError, SignatureError
from kessai.receive import header, same_secret
from kessai.stores.base import StoreError
from kessai.stores.memory import MemoryDedupe


class Event(NamedTuple):
    """What the test gateway tells."""

    id: str
    kind: str


SECRET = "s3cret-値"  # known to both sides of these tests


def parse(body: bytes, headers: Mapping[str, str]) -> Event:
    """A gateway that sends its secret in a header."""
    given = header(headers, "X-Secret")
    if given is None or not same_secret(given, SECRET):
        raise SignatureError("wrong secret")
    try:
        told = json.loads(body)
        return Event(told["id"], told["kind"])
    except (ValueError, KeyError):
        raise MalformedEventError("not an event") from None


BODY = b'{"id": "e1", "kind": "paid"}'
HEADERS = {"x-secret": SECRET}


class Clock:
    """Seconds that pass only when told to."""

    now = 1_767_600_000.0

    def __call__(self) -> float:
        return self.now


def never(event: Event) -> None:
    """A handler that must not be reached."""
    raise AssertionError(f"handled {event.id}")


class BrokenStore(MemoryDedupe):
    """A store that is away when the handling ends."""

    def done(self, key: str, owner: str, keep_seconds: float) -> bool:
        raise StoreError("away")

    def release(self, key: str, owner: str) -> bool:
        raise StoreError("away")
