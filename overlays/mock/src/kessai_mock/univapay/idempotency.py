"""Idempotency-Key as documented: kept for 24 hours, as well as can be.

The answer's Idempotency-Status says what became of it: successfully_stored, not_stored,
retrieved_idempotent_response, conflicting_key, error (the check failed and the request was
carried out), disabled.

Assumed, the documents being silent: a key belongs to one app token's merchant and store; only
answers below 300 are stored; a request under a key that is still being processed conflicts with
it; the 24 hours begin with the first request.
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from ..clock import Clock
from ..replies import Reply
from .problems import ProblemError

HEADER = "idempotency-status"
STORED, NOT_STORED = "successfully_stored", "not_stored"
REPLAYED, CONFLICT = "retrieved_idempotent_response", "conflicting_key"
ON_DEMAND = ("error", "not_stored", "disabled")  # what a script may have become of a key

Key = tuple[str, str, str]  # merchant, store, key


class Use(NamedTuple):
    """The first request under a key: when, which, and its answer once there is one."""

    began: datetime
    digest: bytes
    reply: Reply | None


def digest_of(method: str, path: str, raw: bytes) -> bytes:
    """What makes two requests the same one."""
    return hashlib.sha256(b"\0".join((method.encode(), path.encode(), raw))).digest()


class Keys:
    """The keys in use and the answers kept for them."""

    def __init__(self, clock: Clock, seconds: int) -> None:
        self._clock = clock
        self._window = timedelta(seconds=seconds)
        self._uses: dict[Key, Use] = {}

    def claim(self, key: Key, digest: bytes) -> Reply | None:
        """Begin a request under `key`, or give the answer to replay.

        Raises ProblemError IDEMPOTENCY_KEY_CONFLICT for another request under the key, or for the
        same while the first is being processed.
        """
        use = self._uses.get(key)
        if use is not None and self._clock.now < use.began + self._window:
            if use.reply is None or use.digest != digest:
                raise ProblemError("IDEMPOTENCY_KEY_CONFLICT")
            return use.reply
        self._uses[key] = Use(self._clock.now, digest, None)
        return None

    def finish(self, key: Key, reply: Reply | None) -> bool:
        """End the request under `key`: whether its answer was kept."""
        use = self._uses.pop(key)
        if reply is None or reply.status >= 300:
            return False
        self._uses[key] = use._replace(reply=reply)
        return True
