"""Both clients behind one face, on virtual time, so that every case runs through both."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from typing import Any, cast

import httpx2
from kessai.client import AsyncClient, Client
from kessai.driver import ClientOptions
from kessai.errors import OutcomeUnknown
from kessai.operation import Answer, CallOptions, Operation
from kessai.outcome import Outcome
from kessai.stores.aio import AsyncJournal, AsyncSlots, AsyncTokens
from kessai.system import System

from tests.support.core_fake import ENVIRONMENT, FakeGateway, MarkAuth
from tests.support.core_hand import START
from tests.support.virtual_loop import VirtualLoop

Handler = Callable[[httpx2.Request], httpx2.Response]


class Both:
    """A client, sync or async, over a transport made of one function."""

    def __init__(
        self, flavour: str, handler: Handler | httpx2.MockTransport, **options: Any
    ) -> None:
        self.now = 0.0
        self.slept: list[float] = []
        self.keys = 0
        transport = (
            handler if isinstance(handler, httpx2.MockTransport) else httpx2.MockTransport(handler)
        )
        gateway = options.pop("gateway", None) or FakeGateway()
        auth = options.pop("auth", None) or MarkAuth()
        environment = options.pop("environment", ENVIRONMENT)
        stores = {name: options.pop(name, None) for name in ("journal", "slots", "tokens")}
        given = cast("ClientOptions", {"system": self.system(), **options})
        self.sync: Client | None = None
        self.loop: asyncio.Runner | None = None
        if flavour == "sync":
            self.sync = Client(gateway, auth, environment, transport=transport, **stores, **given)
        else:
            self.loop = asyncio.Runner(loop_factory=VirtualLoop)
            self.asynchronous = AsyncClient(
                gateway,
                auth,
                environment,
                transport=transport,
                journal=None if stores["journal"] is None else AsyncJournal(stores["journal"]),
                slots=None if stores["slots"] is None else AsyncSlots(stores["slots"]),
                tokens=None if stores["tokens"] is None else AsyncTokens(stores["tokens"]),
                **given,
            )

    def system(self) -> System:
        """Virtual time: sleeping moves the clock."""

        async def sleep_async(seconds: float) -> None:
            self.sleep(seconds)
            await asyncio.sleep(0)

        return System(
            monotonic=lambda: self.now,
            wall=lambda: START + self.now,
            sleep=self.sleep,
            sleep_async=sleep_async,
            uniform=lambda _, high: high,
            new_key=self.new_key,
        )

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        self.slept.append(seconds)
        self.now += seconds

    def new_key(self) -> str:
        """Number the keys."""
        self.keys += 1
        return f"key-{self.keys}"

    def raw(
        self, operation: Operation[Any, Any], request: Any, options: CallOptions | None = None
    ) -> Answer[Any]:
        """Run an operation to its answer."""
        if self.sync is not None:
            return self.sync.raw(operation, request, options)
        assert self.loop is not None
        return self.loop.run(self.asynchronous.raw(operation, request, options))

    def run(
        self, operation: Operation[Any, Any], request: Any, options: CallOptions | None = None
    ) -> Any:
        """Run an operation to its value."""
        if self.sync is not None:
            return self.sync.run(operation, request, options)
        assert self.loop is not None
        return self.loop.run(self.asynchronous.run(operation, request, options))

    def resolve(
        self,
        unknown: OutcomeUnknown,
        operations: Mapping[str, Operation[Any, Any]],
        complete: bool = False,
        request: Any = None,
        wait: float = 0.0,
    ) -> Outcome:
        """Resolve an unknown outcome."""
        if self.sync is not None:
            return self.sync.resolve(
                unknown, operations=operations, complete=complete, request=request, wait=wait
            )
        assert self.loop is not None
        return self.loop.run(
            self.asynchronous.resolve(
                unknown, operations=operations, complete=complete, request=request, wait=wait
            )
        )

    def close(self) -> None:
        """Close the client."""
        if self.sync is not None:
            self.sync.close()
        elif self.loop is not None:
            self.loop.run(self.asynchronous.aclose())

    def finish(self) -> None:
        """Close the client, and its loop if it has one."""
        self.close()
        if self.loop is not None:
            self.loop.close()


Make = Callable[..., Both]


@contextmanager
def making(flavour: str, gateway: Callable[[], Any] | None = None) -> Generator[Make]:
    """Makes clients of a flavour, each for a gateway of its own kind; they end with the block."""
    made: list[Both] = []

    def make(handler: Any, **options: Any) -> Both:
        given = {} if gateway is None else {"gateway": gateway()}
        made.append(Both(flavour, handler, **given, **options))
        return made[-1]

    yield make
    for one in made:
        one.finish()
