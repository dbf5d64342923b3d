"""What kind the tokens are that this client has seen: it decides what may be sent again.

A charge names its token only. A one-time token can be charged once, so a repeat under the same key
cannot pay twice; a recurring one can, because the gateway's keys are best effort.
"""

from __future__ import annotations

from collections import OrderedDict
from secrets import token_hex
from threading import Lock
from typing import Any

from kessai.forks import after_forks

__all__ = ["TokenTypes"]

#: How many tokens are remembered; a one-time one is good for five minutes.
MOST = 1000


class TokenTypes:
    """Remembers token id and type, the newest ones. Threads may share it, and forked processes.

    ``default``: the type of a token that this client has not seen; None when that is not known.
    """

    __slots__ = ("__weakref__", "_default", "_lock", "_seen", "_wanted")

    def __init__(self, default: str | None) -> None:
        self._default = default
        self._lock = Lock()
        self._seen: OrderedDict[str, str] = OrderedDict()
        self._wanted: set[str] = set()
        after_forks(self)

    def forked(self) -> None:
        """In a forked child: another thread may have held the parent's lock."""
        self._lock = Lock()

    def learn(self, value: Any) -> None:
        """Take down a token from an answer: one that was made, read or changed."""
        token_id, kind = getattr(value, "id", None), getattr(value, "type", None)
        if isinstance(token_id, str) and isinstance(kind, str):
            with self._lock:
                self._seen[token_id] = str(kind)
                self._seen.move_to_end(token_id)
                if len(self._seen) > MOST:
                    self._seen.popitem(last=False)

    def want(self) -> str:
        """Return a word that nobody had before, for a question about a token's kind.

        Drawn and not counted: another process, whose word is in the journal, counts too.
        """
        word = f"its kind, {token_hex(8)}"
        with self._lock:
            self._wanted.add(word)
        return word

    def wanted(self, word: str) -> bool:
        """Whether the next question is the one with this word; it is so once.

        Several threads may ask about one token: each goes by the list that it has read itself.
        """
        with self._lock:
            found = word in self._wanted
            self._wanted.discard(word)
            return found

    def kind(self, token_id: str) -> str | None:
        """The type of a token, or what is taken for granted."""
        with self._lock:
            return self._seen.get(token_id, self._default)
