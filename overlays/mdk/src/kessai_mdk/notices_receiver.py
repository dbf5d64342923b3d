"""Receiving PUSH notices: each of a bundle is claimed, handled and done for itself.

A PUSH is answered 2xx only when every notice in it is done. Where one failed or is in other hands,
the answer is not 2xx, the gateway sends the bundle again (whole, or bundled otherwise), and what
was done is seen and skipped. See ``kessai.receive`` for what that guarantees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from kessai.errors import ReceiveError
from kessai.receive import AsyncReceiver, Receiver, ReceiveResult
from kessai.receive_parts import refused, result

from .notices import Notice, Push, dedupe_key

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from contextlib import AbstractAsyncContextManager, AbstractContextManager
    from typing import TypeAlias

    from kessai.receive import Receipt
    from kessai.stores.base import AsyncDedupeStore, DedupeStore

    Parse: TypeAlias = Callable[[bytes, Mapping[str, str]], Push]

__all__ = ["AsyncPushReceiver", "PushReceiver"]

_WEEK = 7 * 86400.0
_WORST: dict[str, int] = {"repeat": 0, "handled": 1, "busy": 2, "failed": 3}


class PushReceiver:
    """Receives PUSH notices, for threads."""

    def __init__(
        self,
        parse: Parse,
        store: DedupeStore,
        *,
        name: str,
        lease_seconds: float = 60.0,
        keep_seconds: float = _WEEK,
    ) -> None:
        """Put the parts together.

        ``parse`` is ``parse_push`` with its settings. ``name`` (gateway and shop) keeps apart
        whoever shares ``store``. ``lease_seconds`` must exceed the longest time the handler takes
        for one notice, ``keep_seconds`` the time over which the gateway repeats, which no document
        states.
        """
        self._parse = parse
        self._receiver: Receiver[Notice] = Receiver(
            _one_by_one, store, key=dedupe_key, name=name, lease_seconds=lease_seconds,
            keep_seconds=keep_seconds,
        )  # fmt: skip

    def read(self, body: bytes, headers: Mapping[str, str]) -> Push:
        """Verify and take apart a PUSH, without claiming anything. Raises ReceiveError."""
        return self._parse(body, headers)

    def accept(self, notice: Notice) -> AbstractContextManager[Receipt[Notice]]:
        """Claim one notice for the ``with`` block, as ``kessai.receive.Receiver.accept`` does."""
        return self._receiver.accept(notice)

    def handle(
        self,
        body: bytes,
        headers: Mapping[str, str],
        handler: Callable[[Notice], object],
        *,
        on_error: Literal["raise", "return"] = "raise",
    ) -> ReceiveResult:
        """Read a PUSH, call ``handler`` for each new notice, and say what to answer.

        A notice whose handler fails does not keep the others from being handled. Afterwards what
        the first failing one raised goes on, or becomes a ``failed`` result (500) with
        ``on_error="return"``. ``busy`` (409): somebody else is handling one of them. Either makes
        the gateway send the PUSH again. A PUSH that must not be believed is ``refused``.
        """
        try:
            push = self.read(body, headers)
        except ReceiveError as error:
            return refused(error)
        worst = ReceiveResult(200, "repeat")
        for notice in push.notices:
            worst = _worse(worst, self._one(notice, handler))
        if worst.error is not None and on_error == "raise":
            raise worst.error
        return worst

    def _one(self, notice: Notice, handler: Callable[[Notice], object]) -> ReceiveResult:
        try:
            with self._receiver.accept(notice) as receipt:
                if receipt.new:
                    handler(notice)
        except Exception as error:
            return ReceiveResult(500, "failed", error=error)
        return result(receipt)


class AsyncPushReceiver:
    """Receives PUSH notices, for an asyncio event loop."""

    def __init__(
        self,
        parse: Parse,
        store: AsyncDedupeStore,
        *,
        name: str,
        lease_seconds: float = 60.0,
        keep_seconds: float = _WEEK,
    ) -> None:
        """Put the parts together, as ``PushReceiver`` does."""
        self._parse = parse
        self._receiver: AsyncReceiver[Notice] = AsyncReceiver(
            _one_by_one, store, key=dedupe_key, name=name, lease_seconds=lease_seconds,
            keep_seconds=keep_seconds,
        )  # fmt: skip

    def read(self, body: bytes, headers: Mapping[str, str]) -> Push:
        """Verify and take apart a PUSH, without claiming anything. Raises ReceiveError."""
        return self._parse(body, headers)

    def accept(self, notice: Notice) -> AbstractAsyncContextManager[Receipt[Notice]]:
        """Claim one notice for the ``async with`` block."""
        return self._receiver.accept(notice)

    async def handle(
        self,
        body: bytes,
        headers: Mapping[str, str],
        handler: Callable[[Notice], Awaitable[object]],
        *,
        on_error: Literal["raise", "return"] = "raise",
    ) -> ReceiveResult:
        """Read a PUSH, await ``handler`` for each new notice. See ``PushReceiver.handle``."""
        try:
            push = self.read(body, headers)
        except ReceiveError as error:
            return refused(error)
        worst = ReceiveResult(200, "repeat")
        for notice in push.notices:
            worst = _worse(worst, await self._one(notice, handler))
        if worst.error is not None and on_error == "raise":
            raise worst.error
        return worst

    async def _one(
        self, notice: Notice, handler: Callable[[Notice], Awaitable[object]]
    ) -> ReceiveResult:
        try:
            async with self._receiver.accept(notice) as receipt:
                if receipt.new:
                    await handler(notice)
        except Exception as error:
            return ReceiveResult(500, "failed", error=error)
        return result(receipt)


def _worse(a: ReceiveResult, b: ReceiveResult) -> ReceiveResult:
    """The one that decides the answer; of two failures the first."""
    return b if _WORST[b.outcome] > _WORST[a.outcome] else a


def _one_by_one(body: bytes, headers: Mapping[str, str]) -> Notice:
    """Stands where the core's receiver reads one event from a delivery; a PUSH holds several."""
    raise NotImplementedError("a PUSH is read whole; see PushReceiver.read")
