"""Access tokens: fetched once however many callers ask, renewed before they end.

A token is renewed by the first caller who finds it within the grant's margin of its end; the
others go on with it while it lasts. When nobody has a good one, one fetches and the others wait;
they share its failure too, or a gateway in trouble would be asked once by each. With a shared token
store the same holds across processes.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kessai.call import call
from kessai.commands import (
    Jitter,
    Now,
    Sleep,
    StoreFault,
    TokenFault,
    TokenGiveUp,
    TokenPut,
    TokenTake,
)
from kessai.errors import DeadlineExceededError, KessaiError, NotSentError, UnreadableAnswerError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Coroutine, Generator

    from kessai.commands import Command, Token
    from kessai.gateway import Grant
    from kessai.operation import Answer
    from kessai.setup import Setup
    from kessai.stores.values import TokenTurn
    from kessai.system import Lock, System

ResultT = TypeVar("ResultT")

#: Seconds between two looks at a shared store while another process fetches.
LOOK = 0.2


class Held(NamedTuple):
    """A token, and when it is renewed and ends on the monotonic clock."""

    token: str
    renew_at: float
    ends_at: float

    def __repr__(self) -> str:
        """Show no token."""
        return f"Held(renew_at={self.renew_at}, ends_at={self.ends_at})"


def obtain(setup: Setup, grant: Grant, refused: str) -> Generator[Command, Any, Held]:
    """Get a token from the shared store, or fetch one (and share it)."""
    inner = setup.signed_by(grant.auth)
    if not setup.tokens:
        return (yield from _fetch(inner, grant))[0]
    name = f"{setup.scope}:token"
    started: float = yield Now()
    while True:
        now: float = yield Now()
        if now - started > setup.deadline:
            raise DeadlineExceededError("no access token: another process has been fetching it")
        turn: TokenTurn | StoreFault = yield TokenTake(name, setup.deadline, grant.margin, refused)
        if isinstance(turn, StoreFault):
            raise turn.error
        if turn.state == "token":
            return _held(turn.token, now, turn.seconds, grant.margin)
        if turn.state == "wait":
            yield Sleep((yield Jitter(LOOK / 2, LOOK)))
            continue
        try:
            held, seconds = yield from _fetch(inner, grant)
        except GeneratorExit:
            raise
        except BaseException:
            yield TokenGiveUp(name, turn.owner)
            raise
        # A store that fails now costs the others a fetch of their own, and us nothing.
        yield TokenPut(name, turn.owner, held.token, seconds)
        return held


def _fetch(setup: Setup, grant: Grant) -> Generator[Command, Any, tuple[Held, float]]:
    # The life of a token counts from before it was asked for: it can only be shorter than that.
    now: float = yield Now()
    answer: Answer[Any] = yield from call(setup, grant.operation, grant.request(), {})
    try:
        token, seconds = grant.read(answer.value)
        good = token.isascii() and token.isprintable() and bool(token) and seconds > 0
    except (AttributeError, TypeError, ValueError):
        token, seconds, good = "", 0.0, False
    if not good:
        raise UnreadableAnswerError(
            "the answer holds no access token, or not how long it is good for",
            operation=grant.operation.name,
            status=answer.status,
            headers=answer.headers,
            content=answer.content,
            attempts=answer.attempts,
        )
    return _held(token, now, seconds, grant.margin), seconds


def _held(token: str, now: float, seconds: float, margin: float) -> Held:
    # A short life must not mean a fetch for every call.
    return Held(token, now + seconds - min(margin, seconds / 2), now + seconds)


class _Desk:
    """The token in hand, and the failure of the last fetch."""

    __slots__ = ("_held", "_monotonic")

    def __init__(self, system: System) -> None:
        self._held: Held | None = None
        self._monotonic = system.monotonic

    def _good(self, refused: str | None, *, fresh: bool) -> str | None:
        """Return the token in hand if it may be used; ``fresh``: and need not be renewed yet."""
        held = self._held
        if held is None or held.token == refused:
            return None
        limit = held.renew_at if fresh else held.ends_at
        return held.token if self._monotonic() < limit else None


class TokenDesk(_Desk):
    """The token of a sync client. Threads wait on a lock of the system's."""

    __slots__ = ("_fetch", "_fetches", "_last_failure", "_lock", "_new_lock")

    def __init__(self, system: System, fetch: Callable[[str], Held]) -> None:
        super().__init__(system)
        self._lock: Lock = system.new_lock()
        self._fetch = fetch
        self._fetches = 0
        self._last_failure: KessaiError | None = None
        self._new_lock = system.new_lock

    def forked(self) -> None:
        """Take a lock of our own: a thread of the parent may have held this one."""
        self._lock = self._new_lock()

    def get(self, wanted: Token) -> str | TokenFault:
        """Return a token, waiting for whoever fetches it at most ``wanted.wait`` seconds."""
        token = self._good(wanted.refused, fresh=True)
        if token is not None:
            return token
        usable = self._good(wanted.refused, fresh=False)
        before = self._fetches
        taken = (
            self._lock.acquire(timeout=wanted.wait)
            if usable is None
            else self._lock.acquire(blocking=False)
        )
        if not taken:
            return usable if usable is not None else _waited(wanted)
        try:
            token = self._good(wanted.refused, fresh=True)
            if token is not None:
                return token
            if self._fetches != before and self._last_failure is not None:
                return TokenFault(copy.copy(self._last_failure))
            try:
                held = self._fetch(wanted.refused or "")
            except KessaiError as error:
                self._last_failure = error
                return TokenFault(error) if usable is None else usable
            finally:
                self._fetches += 1
            self._held, self._last_failure = held, None
            return held.token
        finally:
            self._lock.release()


class AsyncTokenDesk(_Desk):
    """The token of an async client. The fetch is a task of its own: no waiter can cancel it."""

    __slots__ = ("_fetch", "_task")

    def __init__(self, system: System, fetch: Callable[[str], Coroutine[Any, Any, Held]]) -> None:
        super().__init__(system)
        self._fetch = fetch
        self._task: asyncio.Task[str | TokenFault] | None = None

    async def get(self, wanted: Token) -> str | TokenFault:
        """Return a token, waiting for whoever fetches it at most ``wanted.wait`` seconds."""
        import asyncio

        token = self._good(wanted.refused, fresh=True)
        if token is not None:
            return token
        usable = self._good(wanted.refused, fresh=False)
        loop = asyncio.get_running_loop()
        task = self._task
        if task is None or task.done() or task.get_loop() is not loop:
            task = self._task = loop.create_task(self._renew(wanted.refused or ""))
        elif usable is not None:
            return usable
        await asyncio.wait({task}, timeout=wanted.wait)
        if not task.done():
            return usable if usable is not None else _waited(wanted)
        if task.cancelled():
            return TokenFault(NotSentError("no access token: the client was closed meanwhile"))
        result = task.result()
        if isinstance(result, TokenFault):
            return usable if usable is not None else TokenFault(copy.copy(result.error))
        return result

    async def _renew(self, refused: str) -> str | TokenFault:
        try:
            held = await self._fetch(refused)
        except KessaiError as error:
            return TokenFault(error)
        self._held = held
        return held.token

    async def close(self) -> None:
        """End a fetch that is still under way."""
        task, self._task = self._task, None
        if task is not None and not task.done():
            import asyncio

            if task.get_loop() is asyncio.get_running_loop():
                task.cancel()
                await asyncio.wait({task})


def _waited(wanted: Token) -> TokenFault:
    return TokenFault(DeadlineExceededError(f"no access token came within {wanted.wait:g} seconds"))
