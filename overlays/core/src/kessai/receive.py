"""Receive callbacks and webhooks: verify, parse, claim, handle, done.

Seen means done. A delivery is claimed for a lease, handled, and only then marked done; the mark
answers every repeat. A repeat that arrives while the first is being handled gets a status that is
not 2xx, so that the gateway sends it again. A handler that fails, or a process that dies, frees the
claim. So an event is handled at least once and, as long as the handler ends within its lease, never
by two at a time.

Exactly once is possible only inside the handler's own database transaction, where the key of the
event is written down together with what the event changes::

    with receiver.claim(body, headers) as receipt:
        if receipt.new:
            with database.transaction() as tx:
                tx.execute("INSERT INTO handled (event) VALUES (?) ON CONFLICT DO NOTHING",
                           [receipt.key])
                if tx.rowcount:  # 0: booked before, and the process died before "done"
                    tx.execute("UPDATE orders SET paid = 1 WHERE id = ?", [receipt.event.order_id])
    return Response(status_code=receipt.status)

A delivery that holds several events (each with a key of its own) is read with ``read`` and claimed
event by event with ``accept``; answer 2xx only when none of them is busy.
"""

from __future__ import annotations

from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from kessai.errors import ReceiveError
from kessai.receive_parts import (
    EventT,
    Receipt,
    ReceiverBase,
    ReceiveResult,
    header,
    json_object,
    note,
    refused,
    result,
    same_secret,
)

if TYPE_CHECKING:
    from asyncio import Future
    from collections.abc import (
        AsyncGenerator,
        Awaitable,
        Callable,
        Coroutine,
        Generator,
        Mapping,
    )

    from kessai.stores.base import AsyncDedupeStore, DedupeStore

__all__ = [
    "AsyncReceiver",
    "Receipt",
    "ReceiveResult",
    "Receiver",
    "header",
    "json_object",
    "same_secret",
]

ValueT = TypeVar("ValueT")

_WEEK = 7 * 86400.0


class Receiver(ReceiverBase[EventT]):
    """Receives deliveries of one gateway, for threads."""

    def __init__(
        self,
        parse: Callable[[bytes, Mapping[str, str]], EventT],
        store: DedupeStore,
        *,
        key: Callable[[EventT], str],
        name: str,
        lease_seconds: float = 60.0,
        keep_seconds: float = _WEEK,
    ) -> None:
        """Put the parts together.

        ``parse`` verifies and reads raw body and headers, and raises ReceiveError. ``key`` names
        what must be handled once. ``name`` (gateway and shop) keeps apart whoever shares ``store``.
        ``lease_seconds`` must exceed the longest time the handler takes, and ``keep_seconds`` the
        time over which the gateway repeats a delivery.
        """
        super().__init__(parse, name, lease_seconds, keep_seconds)
        self._store = store
        self._key = key

    @contextmanager
    def claim(
        self, body: bytes, headers: Mapping[str, str]
    ) -> Generator[Receipt[EventT], None, None]:
        """Read a delivery and claim it for the ``with`` block.

        Handle the event if ``receipt.new``, and answer ``receipt.status``. Leaving the block
        normally marks the event done; an exception frees it and goes on. Raises as ``read`` does,
        and StoreError.
        """
        with self.accept(self.read(body, headers)) as receipt:
            yield receipt

    @contextmanager
    def accept(self, event: EventT) -> Generator[Receipt[EventT], None, None]:
        """Claim an event that was verified before (by ``read``, or as a callback's query)."""
        key = self._scoped(self._key(event))
        claim = self._store.claim(key, self._lease)
        receipt = self._receipt(event, key, claim)
        try:
            yield receipt
        except BaseException as error:
            if receipt.new:
                try:
                    self._store.release(key, claim.owner)
                except Exception as trouble:  # the lease frees it; the cause goes on
                    note(error, trouble)
            raise
        if receipt.new:
            receipt.lost = not self._store.done(key, claim.owner, self._keep)

    def handle(
        self,
        body: bytes,
        headers: Mapping[str, str],
        handler: Callable[[EventT], object],
        *,
        on_error: Literal["raise", "return"] = "raise",
    ) -> ReceiveResult:
        """Read, claim, call ``handler`` if the event is new, and say what to answer.

        A delivery that must not be believed is a result (``refused``), not an exception. What the
        handler or the store raises goes on after the claim is freed, or becomes a ``failed`` result
        with ``on_error="return"``; log it then, nobody else does.
        """
        try:
            event = self.read(body, headers)
        except ReceiveError as error:
            return refused(error)
        try:
            with self.accept(event) as receipt:
                if receipt.new:
                    handler(event)
        except Exception as error:
            if on_error == "raise":
                raise
            return ReceiveResult(500, "failed", error=error)
        return result(receipt)


class AsyncReceiver(ReceiverBase[EventT]):
    """Receives deliveries of one gateway, for an asyncio event loop."""

    def __init__(
        self,
        parse: Callable[[bytes, Mapping[str, str]], EventT],
        store: AsyncDedupeStore,
        *,
        key: Callable[[EventT], str | Awaitable[str]],
        name: str,
        lease_seconds: float = 60.0,
        keep_seconds: float = _WEEK,
    ) -> None:
        """Put the parts together, as ``Receiver`` does. ``key`` may be a coroutine function."""
        super().__init__(parse, name, lease_seconds, keep_seconds)
        self._store = store
        self._key = key
        self._finishing: set[Future[Any]] = set()

    @asynccontextmanager
    async def claim(
        self, body: bytes, headers: Mapping[str, str]
    ) -> AsyncGenerator[Receipt[EventT], None]:
        """Read a delivery and claim it for the ``async with`` block. See ``Receiver.claim``."""
        async with self.accept(self.read(body, headers)) as receipt:
            yield receipt

    @asynccontextmanager
    async def accept(self, event: EventT) -> AsyncGenerator[Receipt[EventT], None]:
        """Claim an event that was verified before. See ``Receiver.accept``."""
        found = self._key(event)
        key = self._scoped(found if isinstance(found, str) else await found)
        claim = await self._store.claim(key, self._lease)
        receipt = self._receipt(event, key, claim)
        try:
            yield receipt
        except BaseException as error:
            if receipt.new:
                try:
                    await self._finish(self._store.release(key, claim.owner))
                except Exception as trouble:  # the lease frees it; the cause goes on
                    note(error, trouble)
            raise
        if receipt.new:
            receipt.lost = not await self._finish(self._store.done(key, claim.owner, self._keep))

    async def handle(
        self,
        body: bytes,
        headers: Mapping[str, str],
        handler: Callable[[EventT], Awaitable[object]],
        *,
        on_error: Literal["raise", "return"] = "raise",
    ) -> ReceiveResult:
        """Read, claim, await ``handler`` if the event is new. See ``Receiver.handle``."""
        try:
            event = self.read(body, headers)
        except ReceiveError as error:
            return refused(error)
        try:
            async with self.accept(event) as receipt:
                if receipt.new:
                    await handler(event)
        except Exception as error:
            if on_error == "raise":
                raise
            return ReceiveResult(500, "failed", error=error)
        return result(receipt)

    async def _finish(self, work: Coroutine[Any, Any, ValueT]) -> ValueT:
        # A task cancelled here would leave a handled event unmarked, or a failed one claimed: the
        # store is told in a task of its own, which the loop alone would not keep alive.
        import asyncio

        task = asyncio.ensure_future(work)
        self._finishing.add(task)
        task.add_done_callback(self._finishing.discard)
        return await asyncio.shield(task)
