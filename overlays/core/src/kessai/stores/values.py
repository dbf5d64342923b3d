"""The values that stores answer with; the error they raise stands in ``kessai.errors``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

State = Literal["ready", "sending", "unknown", "open", "closed"]
End = Literal["done", "not_done", "unknown", "open", "check_needed", "doubled", "stray"]
Verdict = Literal["opened", "conflict", "in_progress", "unknown", "open", "closed"]
Pending = Literal["unknown", "open"]


class Claim(NamedTuple):
    """What a dedupe store says to a claim.

    ``claimed``: the caller handles the event and ends with ``done`` or ``release``. ``busy``:
    somebody else is handling it, for ``wait`` seconds at most. ``done``: it was handled before.
    """

    state: Literal["claimed", "busy", "done"]
    owner: str = ""
    wait: float = 0.0


class Slot(NamedTuple):
    """One place taken among the calls in flight; ``until`` is the end of its lease."""

    name: str
    owner: str
    until: float


class Full(NamedTuple):
    """No place is free. The earliest lease ends in ``wait`` seconds; a release may come sooner."""

    wait: float


class TokenTurn(NamedTuple):
    """Whose turn it is to fetch an access token.

    ``token``: use ``token``, good for ``seconds``. ``fetch``: the caller fetches one and ends with
    ``put`` or ``give_up`` within ``seconds``. ``wait``: another fetches, for ``seconds`` at most.
    """

    state: Literal["token", "fetch", "wait"]
    seconds: float
    token: str = ""
    owner: str = ""

    def __repr__(self) -> str:
        """Show everything but the token, which is a secret."""
        token = "***" if self.token else ""
        return f"TokenTurn(state={self.state!r}, seconds={self.seconds!r}, token={token!r})"


class Entry(NamedTuple):
    """What the journal knows about one intent. Holds no body and no card data.

    ``reference`` is what the gateway can be asked by (``{"orderId": ...}``), ``record`` what the
    end left behind (ids, the reason an outcome is open, until when). ``attempts`` counts the sends
    written down so far. ``owner`` is the fence, filled only in the entry given to its owner;
    ``until`` is the end of the lease somebody has on it, 0 when nobody has. ``end`` is empty unless
    ``state`` is ``closed``. ``changed_at`` is when the state or the attempts last changed.

    ``ready``: opened, nothing sent. ``sending``: attempt number ``attempts`` may be on its way.
    ``unknown``: maybe sent, and nobody works on it (also a ``sending`` whose owner died).
    ``open``: asked, and the gateway's means did not settle it (or not yet). ``closed``: known.
    """

    intent: str
    digest: str
    operation: str
    key: str
    reference: Mapping[str, str]
    state: State
    attempts: int
    owner: str
    until: float
    end: End | Literal[""]
    record: Mapping[str, str]
    opened_at: float
    first_sent_at: float | None
    changed_at: float


class Opened(NamedTuple):
    """What the journal says to a new call.

    ``opened``: the entry is the caller's. ``conflict``: the intent exists with another digest.
    ``in_progress``: a live owner works on it (``entry.until`` says until when at most).
    ``unknown``, ``open``, ``closed``: the stored end of the earlier call, to be given back to the
    repeat. Only with ``opened`` may anything be sent.
    """

    verdict: Verdict
    entry: Entry
