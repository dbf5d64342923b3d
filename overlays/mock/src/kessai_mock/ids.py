"""Identifiers that look drawn at random and are a pure function of the seed.

Each kind of id counts for itself: asking for one more token does not change the
identifiers of the orders that follow.
"""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Sequence
from typing import TypeVar

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
T = TypeVar("T")


class Ids:
    """Makes identifiers; two makers with one seed, asked alike, answer alike."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self._made: Counter[str] = Counter()

    def _bytes(self, kind: str) -> bytes:
        number = self._made[kind]
        self._made[kind] += 1
        return hashlib.blake2b(f"{self.seed}:{kind}:{number}".encode(), digest_size=32).digest()

    def hex32(self, kind: str) -> str:
        """32 characters of 0-9 and a-f: the shape of accessId and accessPass."""
        return self._bytes(kind)[:16].hex()

    def digits(self, kind: str, count: int) -> str:
        """`count` decimal digits, at most 38."""
        return str(int.from_bytes(self._bytes(kind)[:16]) % 10**count).zfill(count)

    def uuid(self, kind: str) -> str:
        """A UUID of version 4 in its usual text form."""
        return str(uuid.UUID(bytes=self._bytes(kind)[:16], version=4))

    def base32(self, kind: str, count: int) -> str:
        """`count` characters of Crockford's base 32, at most 32."""
        return "".join(_BASE32[byte & 31] for byte in self._bytes(kind)[:count])

    def number(self, kind: str, below: int) -> int:
        """A whole number from 0 up to, not including, `below`."""
        return int.from_bytes(self._bytes(kind)[:8]) % below

    def shuffled(self, kind: str, values: Sequence[T]) -> list[T]:
        """The values in another order."""
        left, order = list(values), list[T]()
        while left:
            order.append(left.pop(self.number(kind, len(left))))
        return order
