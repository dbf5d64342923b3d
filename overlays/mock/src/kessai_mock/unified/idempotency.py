"""X-VT-Idempotency-Key as documented: the first answer is replayed for 24 hours.

Failures are replayed too. A key counts together with the command and the paymentId or
fepOrderId of the body. Assumed: the two numbers of one order are two scopes; the 24 hours
begin with the first request; answers that come before an order is looked at (wrong form,
credentials, too many, in progress) are not kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from ..clock import Clock
from ..replies import Reply
from .results import ResultError

MAX_BYTES = 100


class Key(NamedTuple):
    """What makes a repeat a repeat."""

    command: str
    identity: str
    key: str


class Use(NamedTuple):
    """The first request under a key: when it began, and its answer."""

    began: datetime
    reply: Reply | None


def check(key: str) -> None:
    """Raises ResultError UA-REQ-002 for a key that is not in the documented form."""
    plain = key.replace("-", "").replace("_", "")
    if not key or len(key) > MAX_BYTES or not (key.isascii() and (plain.isalnum() or not plain)):
        raise ResultError("UA-REQ-002", "X-VT-Idempotency-Key")


class Keys:
    """The keys in use and the answers kept for them."""

    def __init__(self, clock: Clock, seconds: int) -> None:
        self._clock = clock
        self._window = timedelta(seconds=seconds)
        self._uses: dict[Key, Use] = {}

    def claim(self, key: Key) -> Reply | None:
        """Begin a request under `key`, or give the answer to replay.

        Raises ResultError UA-REQ-005 while another request under the key is being processed.
        """
        use = self._uses.get(key)
        if use is not None and use.reply is None:
            raise ResultError("UA-REQ-005")
        if use is not None and self._clock.now < use.began + self._window:
            return use.reply
        self._uses[key] = Use(self._clock.now, None)
        return None

    def finish(self, key: Key, reply: Reply | None) -> None:
        """End the request under `key`: keep its answer, or forget it."""
        use = self._uses.pop(key, None)
        if use is not None and reply is not None:
            self._uses[key] = Use(use.began, reply)
