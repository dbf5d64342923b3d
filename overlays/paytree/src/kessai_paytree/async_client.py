"""AsyncPaytreeClient: a till's requests, each with its whole sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from kessai.closing import AsyncClosing

from .desk import Desk, TillOptions
from .docket import Docket
from .engine import AsyncEngine
from .progress import AsyncProgress
from .requests import (
    ConfirmRequest,
    DepositRequest,
    PayRequest,
    RefundRequest,
    ReverseRequest,
    only,
)

if TYPE_CHECKING:
    import os
    from collections.abc import Callable

    from kessai.errors import OutcomeUnknown
    from kessai.outcome import Outcome
    from kessai.stores.base import AsyncJournalStore
    from kessai.types import AsyncTransport

    from .client import RequestOptions
    from .errors import UnsettledError
    from .requests import TillRequest
    from .results import (
        ConfirmResult,
        DepositResult,
        Event,
        PayResult,
        RefundResult,
        Result,
        ReverseResult,
    )
    from .settings import Settings

__all__ = ["AsyncPaytreeClient"]

ResultT = TypeVar("ResultT")


class AsyncPaytreeClient(AsyncClosing):
    """``PaytreeClient`` for an event loop: the same arguments and methods, with ``await``.

    ``start`` gives an ``async for``; handlers may be coroutine functions; ``pay_confirm`` is called
    as it is. A request that is cancelled while it is under way is open afterwards
    (``unsettled()``), and its code is not charged again before it is settled.
    """

    def __init__(
        self,
        settings: Settings | str | os.PathLike[str] | None = None,
        *,
        test_mode: bool = False,
        transport: AsyncTransport | None = None,
        journal: AsyncJournalStore | None = None,
        **options: Unpack[TillOptions],
    ) -> None:
        desk = self._desk = Desk(settings, test_mode, options)
        try:
            self._engine = AsyncEngine(
                desk.gateway,
                desk.auth,
                desk.environment,
                transport=transport,
                journal=journal,
                **desk.options,
            )
            self._engine.practice = desk.practice
            desk.engaged()
        except BaseException:
            desk.close()
            raise
        self._journal = journal
        self._docket: Docket[AsyncProgress[Any]] = Docket(desk)

    async def pay(
        self,
        request: PayRequest,
        *,
        on_progress: Callable[[Event[PayResult]], object] | None = None,
        **options: Unpack[RequestOptions],
    ) -> PayResult:
        """Charge the code a customer shows; see ``PaytreeClient.pay``."""
        return await self.start(only(request, PayRequest), **options).finish(on_progress)

    async def refund(
        self, request: RefundRequest, **options: Unpack[RequestOptions]
    ) -> RefundResult:
        """Give back a payment or a part of it; see ``PaytreeClient.refund``."""
        return await self.start(only(request, RefundRequest), **options).finish()

    async def reverse(
        self, request: ReverseRequest, **options: Unpack[RequestOptions]
    ) -> ReverseResult:
        """Undo a payment after an error; see ``PaytreeClient.reverse``."""
        return await self.start(only(request, ReverseRequest), **options).finish()

    async def deposit(
        self, request: DepositRequest, **options: Unpack[RequestOptions]
    ) -> DepositResult:
        """Top up a customer's balance; see ``PaytreeClient.deposit``."""
        return await self.start(only(request, DepositRequest), **options).finish()

    async def confirm(
        self, request: ConfirmRequest, **options: Unpack[RequestOptions]
    ) -> ConfirmResult:
        """Ask how an order or a request stands; see ``PaytreeClient.confirm``."""
        return await self.start(only(request, ConfirmRequest), **options).finish()

    def start(
        self, request: TillRequest[ResultT], **options: Unpack[RequestOptions]
    ) -> AsyncProgress[ResultT]:
        """A request as its events, for ``async for``; see ``PaytreeClient.start``."""
        desk = self._desk
        begin, code, said = self._docket.sequence(request, lambda: self._engine.setup, options)
        progress: AsyncProgress[ResultT] = AsyncProgress(
            desk, self._engine, request.request_type, begin, code, said, self._load
        )
        return self._docket.hold(progress)

    def pay_confirm(self, confirm: bool) -> None:
        """The cashier's word on the payment that waits; see ``PaytreeClient.pay_confirm``."""
        self._docket.decide(confirm)

    async def recover(
        self,
        unknown: OutcomeUnknown,
        *,
        on_progress: Callable[[Event[Result]], object] | None = None,
    ) -> Result:
        """Take up what was left open; see ``PaytreeClient.recover``."""
        begin, said = self._docket.recovery(unknown, lambda: self._engine.setup)
        kind = self._docket.type_of(unknown)
        progress: AsyncProgress[Result] = AsyncProgress(
            self._desk, self._engine, kind, begin, None, said, self._load
        )
        return await self._docket.hold(progress).finish(on_progress)

    async def resolve(self, unknown: OutcomeUnknown, *, wait: float = 0.0) -> Outcome:
        """Ask what became of a request; see ``PaytreeClient.resolve``."""
        operations = self._desk.operations.by_name()
        return await self._engine.resolve(unknown, operations=operations, wait=wait)

    async def unsettled(self) -> list[UnsettledError]:
        """What is open; see ``PaytreeClient.unsettled``."""
        await self._load()
        return list(self._desk.unsettled.values())

    async def settled(self, request_id: str, *, paid: bool) -> None:
        """Write down what a person has found out; see ``PaytreeClient.settled``."""
        await self._load()
        await self._engine.go(self._docket.settled(self._engine.setup, request_id, paid))

    async def aclose(self) -> None:
        """Close the connections, free the machine's place. Finish what is under way first."""
        await self._engine.aclose()
        self._desk.close()

    def __repr__(self) -> str:
        return f"<AsyncPaytreeClient {self._desk!r}>"

    async def _load(self) -> None:
        if self._journal is None or self._desk.loaded:
            return
        last = None
        found: list[UnsettledError] = []
        while True:
            page = await self._journal.pending(0.0, after=last)
            found += self._docket.left_open(self._engine.setup, page)
            if not page:
                break
            last = page[-1]
        self._desk.load(found)
