"""Client and AsyncClient: the two drivers of the call engine.

They carry out what the engine asks for and decide nothing. What they share is in
``kessai.driver``; they differ by the ``await`` alone. asyncio is imported when an async call first
needs it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, TypeVar

from kessai.call import call
from kessai.closing import AsyncClosing, Closing
from kessai.commands import Fault, Send, Sleep, Token
from kessai.driver import OUTSIDE, ClientOptions, Driver
from kessai.errors import ConfigurationError
from kessai.lines import Lines, check_io
from kessai.shelf import Shelf, store_fault
from kessai.tokens import AsyncTokenDesk, Held, TokenDesk, obtain
from kessai.transport import fault, read, read_async

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from typing import Unpack

    import httpx2

    from kessai.commands import Command, Reply
    from kessai.environment import Environment
    from kessai.errors import OutcomeUnknown
    from kessai.gateway import Auth, Gateway
    from kessai.operation import Answer, CallOptions, Operation, Request, RequestT, ValueT
    from kessai.outcome import Outcome
    from kessai.setup import Setup
    from kessai.stores.base import (
        AsyncJournalStore,
        AsyncSlotStore,
        AsyncTokenStore,
        JournalStore,
        SlotStore,
        TokenStore,
    )

__all__ = ["AsyncClient", "Client", "ClientOptions"]

ResultT = TypeVar("ResultT")


class Client(Driver["httpx2.BaseTransport"], Closing):
    """Runs operations of one gateway. Threads may share it, and forked processes.

    ``transport`` replaces the network (tests, mocks). ``journal``, ``slots`` and ``tokens`` are
    stores of ``kessai.stores``; without them nothing outlives a call. Close it, or use it in
    ``with``. Raises ``ConfigurationError`` for settings that cannot work.
    """

    def __init__(
        self,
        gateway: Gateway,
        auth: Auth,
        environment: Environment,
        *,
        transport: httpx2.BaseTransport | None = None,
        journal: JournalStore | None = None,
        slots: SlotStore | None = None,
        tokens: TokenStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        shelf = Shelf(journal, slots, tokens)
        super().__init__(gateway, auth, environment, shelf, transport, options)
        check_io(transport, shelf, "handle_request", awaits=False)
        self._desk = TokenDesk(self._system, self._fetch_token)
        self._building = threading.Lock()

    def forked(self) -> None:
        """Begin anew in a forked child; another thread may have held the parent's locks."""
        super().forked()
        self._building = threading.Lock()
        self._desk.forked()

    def run(
        self,
        operation: Operation[RequestT, ValueT],
        request: RequestT,
        options: CallOptions | None = None,
    ) -> ValueT:
        """Run an operation and return its answer's value. Raises what ``kessai.errors`` lists."""
        return self.raw(operation, request, options).value

    def raw(
        self,
        operation: Operation[RequestT, ValueT],
        request: RequestT,
        options: CallOptions | None = None,
    ) -> Answer[ValueT]:
        """Run an operation and return its answer with status, headers, attempts and bytes."""
        return self._drive(call(self._usable(), operation, request, options or {}))

    def resolve(
        self,
        unknown: OutcomeUnknown,
        *,
        operations: Mapping[str, Operation[Any, Any]],
        complete: bool = False,
        request: Request | None = None,
        wait: float = 0.0,
    ) -> Outcome:
        """Ask the gateway what became of a call whose outcome is unknown.

        Only asks, unless ``complete=True``: then the order is repeated under its first key where
        the question settles nothing, which pays now if the first attempt never landed. That needs
        the same ``request`` (by digest), and happens only while the gateway surely still replays
        the key: 23 h of a window of 24 h, by this clock and by the gateway's.

        ``wait``: go on asking for so many seconds while the outcome is open and there is something
        to ask by, after the gateway's own pauses (``Gateway.pauses``). The last question begins
        when they are over, and has a call's deadline of its own. The order is not repeated again.

        Returns one of the ends in ``kessai.outcome``. A question that got no answer is ``Open``;
        credentials or settings that do not let it be asked raise as they do elsewhere.
        """
        from kessai.resolve import resolve

        steps = resolve(self._usable(), unknown, operations, complete, request, wait)
        return self._drive(steps)

    def perform(self, steps: Callable[[Setup], Generator[Command, Any, ResultT]]) -> ResultT:
        """Run a provider's own course of several calls, written as a generator without I/O.

        For overlays: ``steps`` gets the client's setup. Inside, ``yield from call(...)`` (of
        ``kessai.call``) makes a call and ``yield Sleep(seconds)`` waits, so that sync and async
        share the course.
        """
        return self._drive(steps(self._usable()))

    def close(self) -> None:
        """Close the connections; calls that are under way lose their answers."""
        self._closed = True
        for transport in {id(t): t for t in (self._pooled, self._fresh) if t}.values():
            transport.close()

    def _drive(self, steps: Generator[Command, Any, ResultT]) -> ResultT:
        answer: Any = None
        failure: BaseException | None = None
        try:
            while True:
                command = steps.send(answer) if failure is None else steps.throw(failure)
                failure = None
                try:
                    answer = self.local(command)
                    if answer is OUTSIDE:
                        answer = self._outside(command)
                except BaseException as error:
                    failure = error
        except StopIteration as stop:
            result: ResultT = stop.value
            return result

    def _outside(self, command: Command) -> Any:
        if isinstance(command, Send):
            return self._send(command)
        if isinstance(command, Sleep):
            return self._system.sleep(command.seconds)
        if isinstance(command, Token):
            return self._desk.get(command)
        try:
            return self._shelf.ask(command)
        except Exception as error:
            return store_fault(error)

    def _send(self, command: Send) -> Reply | Fault:
        try:
            transport, request = self._transport(command.fresh), self._requests.make(command)
        except Exception as error:  # a header that cannot be written, a trust store that is gone
            return Fault("no", error)
        try:
            response = transport.handle_request(request)
            return read(response, command.until, self._system.monotonic)
        except Exception as error:
            return fault(error)

    def _transport(self, fresh: bool) -> httpx2.BaseTransport:
        transport = self._fresh if fresh else self._pooled
        if transport is not None:
            return transport
        with self._building:  # two threads must not build one each: one would never be closed
            if fresh:
                self._fresh = self._fresh or self._wiring.fresh()
                return self._fresh
            self._pooled = self._pooled or self._wiring.pooled()
            return self._pooled

    def _fetch_token(self, refused: str) -> Held:
        grant = self._setup.auth.grant
        if grant is None:
            raise ConfigurationError("this auth asks for an access token and has no grant for one")
        return self._drive(obtain(self._setup, grant, refused))


class AsyncClient(Driver["httpx2.AsyncBaseTransport"], AsyncClosing):
    """``Client`` for an event loop: the same engine, the same arguments, and ``await``.

    Starts no threads. Event loops may share it: each has connections of its own, and ``aclose``
    closes those of the loop it runs in. A call that is cancelled while an order is under way raises
    ``CancelledError`` and leaves its outcome open: only the journal and the hook event
    ``CallEnded`` know of it.
    """

    def __init__(
        self,
        gateway: Gateway,
        auth: Auth,
        environment: Environment,
        *,
        transport: httpx2.AsyncBaseTransport | None = None,
        journal: AsyncJournalStore | None = None,
        slots: AsyncSlotStore | None = None,
        tokens: AsyncTokenStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        shelf = Shelf(journal, slots, tokens)
        super().__init__(gateway, auth, environment, shelf, transport, options)
        check_io(transport, shelf, "handle_async_request", awaits=True)
        self._desk = AsyncTokenDesk(self._system, self._fetch_token)
        self._lines = Lines()

    def forked(self) -> None:
        """Begin anew in a forked child."""
        super().forked()
        self._left_behind.append(self._lines)
        self._lines = Lines()

    async def run(
        self,
        operation: Operation[RequestT, ValueT],
        request: RequestT,
        options: CallOptions | None = None,
    ) -> ValueT:
        """Run an operation and return its answer's value. Raises what ``kessai.errors`` lists."""
        return (await self.raw(operation, request, options)).value

    async def raw(
        self,
        operation: Operation[RequestT, ValueT],
        request: RequestT,
        options: CallOptions | None = None,
    ) -> Answer[ValueT]:
        """Run an operation and return its answer with status, headers, attempts and bytes."""
        return await self._drive(call(self._usable(), operation, request, options or {}))

    async def resolve(
        self,
        unknown: OutcomeUnknown,
        *,
        operations: Mapping[str, Operation[Any, Any]],
        complete: bool = False,
        request: Request | None = None,
        wait: float = 0.0,
    ) -> Outcome:
        """Ask the gateway what became of a call; see ``Client.resolve``.

        Can be cancelled while it waits; the outcome is then as unknown as before.
        """
        from kessai.resolve import resolve

        steps = resolve(self._usable(), unknown, operations, complete, request, wait)
        return await self._drive(steps)

    async def perform(self, steps: Callable[[Setup], Generator[Command, Any, ResultT]]) -> ResultT:
        """Run a provider's own course of several calls; see ``Client.perform``.

        Can be cancelled while it waits.
        """
        return await self._drive(steps(self._usable()))

    async def aclose(self) -> None:
        """Close the connections; calls that are under way lose their answers."""
        self._closed = True
        await self._desk.close()
        used = [self._pooled] if self._pooled is not None else self._lines.here().used()
        for transport in used:  # those of other loops end with their loops
            await transport.aclose()

    async def _drive(self, steps: Generator[Command, Any, ResultT]) -> ResultT:
        answer: Any = None
        failure: BaseException | None = None
        try:
            while True:
                command = steps.send(answer) if failure is None else steps.throw(failure)
                failure = None
                try:
                    answer = self.local(command)
                    if answer is OUTSIDE:
                        answer = await self._outside(command)
                except BaseException as error:
                    failure = error
        except StopIteration as stop:
            result: ResultT = stop.value
            return result

    async def _outside(self, command: Command) -> Any:
        if isinstance(command, Send):
            return await self._send(command)
        if isinstance(command, Sleep):
            return await self._sleep(command.seconds)
        if isinstance(command, Token):
            return await self._desk.get(command)
        try:
            return await self._shelf.ask(command)
        except Exception as error:
            return store_fault(error)

    async def _sleep(self, seconds: float) -> None:
        if self._system.sleep_async is not None:
            await self._system.sleep_async(seconds)
        else:
            import asyncio

            await asyncio.sleep(seconds)

    async def _send(self, command: Send) -> Reply | Fault:
        try:
            transport, request = self._transport(command.fresh), self._requests.make(command)
        except Exception as error:  # a header that cannot be written, a trust store that is gone
            return Fault("no", error)
        try:
            response = await transport.handle_async_request(request)
            return await read_async(response, command.until, self._system.monotonic)
        except Exception as error:
            return fault(error)

    def _transport(self, fresh: bool) -> httpx2.AsyncBaseTransport:
        given = self._fresh if fresh else self._pooled
        if given is not None:
            return given
        line = self._lines.here()
        if fresh:
            line.fresh = line.fresh or self._wiring.fresh_async()
            return line.fresh
        line.pooled = line.pooled or self._wiring.pooled_async()
        return line.pooled

    async def _fetch_token(self, refused: str) -> Held:
        grant = self._setup.auth.grant
        if grant is None:
            raise ConfigurationError("this auth asks for an access token and has no grant for one")
        return await self._drive(obtain(self._setup, grant, refused))
