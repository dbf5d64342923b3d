"""Idempotency-Key as documented: a success is replayed for 24 hours, a failure runs again.

Assumed, the document being silent: a key belongs to one shop and one endpoint; a key whose
first request is still being processed answers 409 conflict; the same key with another body
replays the first answer.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from ..clock import Clock
from ..replies import Reply
from .problem import ProblemError

MAX_LENGTH = 36


class Use(NamedTuple):
    """The first request under a key: when it began, and its answer if it succeeded."""

    began: datetime
    reply: Reply | None


Key = tuple[str, str, str]  # shop, path, key


class Keys:
    """The keys in use and the answers kept for them."""

    def __init__(self, clock: Clock, seconds: int) -> None:
        self._clock = clock
        self._window = timedelta(seconds=seconds)
        self._uses: dict[Key, Use] = {}

    def claim(self, key: Key) -> Reply | None:
        """Begin a request under `key`, or give the answer to replay.

        Raises ProblemError conflict while another request under the key is being processed.
        """
        use = self._uses.get(key)
        if use is not None and use.reply is None:
            raise ProblemError("conflict", "A request with this key is being processed.")
        if use is not None and self._clock.now < use.began + self._window:
            return use.reply
        self._uses[key] = Use(self._clock.now, None)
        return None

    def finish(self, key: Key, reply: Reply | None) -> None:
        """End the request under `key`: keep a success, forget everything else."""
        use = self._uses.get(key)
        if use is None:
            return
        if reply is not None and 200 <= reply.status < 300:
            self._uses[key] = Use(use.began, reply)
        else:
            del self._uses[key]
