"""PaytreeClient and AsyncPaytreeClient: a till's requests, each with its whole sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self, TypedDict, TypeVar, Unpack

from .desk import Desk, TillOptions
from .docket import Docket
from .engine import AsyncEngine, Engine
from .progress import AsyncProgress, Progress

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Sequence
    from types import TracebackType

    from kessai.errors import OutcomeUnknown
    from kessai.outcome import Outcome
    from kessai.stores.base import AsyncJournalStore, JournalStore
    from kessai.types import AsyncTransport, Transport

    from .errors import UnsettledError
    from .requests import (
        ConfirmRequest,
        DepositRequest,
        PayRequest,
        RefundRequest,
        ReverseRequest,
        TillRequest,
    )
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

__all__ = ["AsyncPaytreeClient", "PaytreeClient", "RequestOptions"]

ResultT = TypeVar("ResultT")


class RequestOptions(TypedDict, total=False):
    """What one request may set for itself.

    - ``intent``: the journal's name for it; by default its own number
    - ``lift``: limits not to apply, as JSON pointers (``/remark#max-length``)
    """

    intent: str
    lift: Sequence[str]


class PaytreeClient:
    """PAYTREE for one till: payment, refund, reversal, deposit, confirmation.

    ``PaytreeClient("C:/Wellba/WbPay/WbCPSPay.conf")``, or with ``Settings(...)``. One at a time on
    a machine, made at the start and closed at the end (``with``); a closed one is not opened again.

    - ``settings``: Settings, or the path of an existing ``WbCPSPay.conf``
    - ``test_mode``: nothing leaves; kessai-mock's simulation answers in this process, after the
      test classes of the settings. Then ``settings`` may be left out, and no lock is taken
    - ``transport``: instead of the network (tests, mocks); ``journal``: a store of
      ``kessai.stores``, without which an open request does not outlive the process
    - ``TillOptions``

    A request method runs the whole sequence and has one outcome: it returns the result, or raises a
    ``PaytreeError`` that says what it was, whom to call, and whether it is safe to pay again. There
    is nothing to clean up, and nothing to repeat by hand. ``on_progress`` gets the events on the
    way; ``start`` gives the events themselves, in order.

    Requests cannot overlap: RequestInProgressError. Threads may share the client otherwise;
    ``pay_confirm`` is meant for another thread, or for a handler.

    Raises ConfigurationError (SettingsError, AlreadyRunningError) for what cannot work: settings,
    keys, the lock. Requests raise ValidationError for broken limits besides.

    Source: WbPay library specification 1.0, sections 1.6, 3.1 and 4.
    """

    def __init__(
        self,
        settings: Settings | str | os.PathLike[str] | None = None,
        *,
        test_mode: bool = False,
        transport: Transport | None = None,
        journal: JournalStore | None = None,
        **options: Unpack[TillOptions],
    ) -> None:
        desk = self._desk = Desk(settings, test_mode, options)
        try:
            self._engine = Engine(
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
        self._docket: Docket[Progress[Any]] = Docket(desk)

    def pay(
        self,
        request: PayRequest,
        *,
        on_progress: Callable[[Event[PayResult]], object] | None = None,
        **options: Unpack[RequestOptions],
    ) -> PayResult:
        """Charge the code a customer shows, to its one outcome. Money moves once or not at all.

        Where the customer has to approve, ``on_progress`` gets a ``Complete`` whose result is
        ``waiting``. With PayConfirmPollingMode it goes on by itself; else this thread waits until
        the cashier's word: ``pay_confirm(True)`` or ``pay_confirm(False)``.

        Raises RefusedError (not paid), ReversedError (not paid, safe to pay again), NeverSentError,
        ReversalFailedError (**call CPS**; do not pay again).
        """
        return self.start(request, **options).finish(on_progress)

    def refund(self, request: RefundRequest, **options: Unpack[RequestOptions]) -> RefundResult:
        """Give back a payment or a part of it.

        Raises RefusedError (not given back), NeverSentError, RefundOpenError (it may have been
        given back: do not run it again, ask or look).
        """
        return self.start(request, **options).finish()

    def reverse(self, request: ReverseRequest, **options: Unpack[RequestOptions]) -> ReverseResult:
        """Undo a payment because the till stops after an error; goods that came back are a refund.

        Raises RefusedError, NeverSentError, ReversalFailedError: in every case somebody has to
        call.
        """
        return self.start(request, **options).finish()

    def deposit(self, request: DepositRequest, **options: Unpack[RequestOptions]) -> DepositResult:
        """Top up a customer's balance. Raises as ``pay`` does."""
        return self.start(request, **options).finish()

    def confirm(self, request: ConfirmRequest, **options: Unpack[RequestOptions]) -> ConfirmResult:
        """Ask how an order or a request stands. Raises kessai's NoAnswerError when none came."""
        return self.start(request, **options).finish()

    def start(
        self, request: TillRequest[ResultT], **options: Unpack[RequestOptions]
    ) -> Progress[ResultT]:
        """A request as its events: iterate over it, ``finish()`` it, or ``run`` it by handlers.

        Nothing is sent before the first event is asked for.
        """
        desk = self._desk
        begin, code, said = self._docket.sequence(request, lambda: self._engine.setup, options)
        progress: Progress[ResultT] = Progress(
            desk, self._engine, request.request_type, begin, code, said, self._load
        )
        return self._docket.hold(progress)

    def pay_confirm(self, confirm: bool) -> None:
        """The cashier's word on the payment that waits, from any thread (the manual's PayConfirm).

        True: the customer has approved, ask. False: stop; what is not approved is reversed. Raises
        NotWaitingError when no payment waits.
        """
        self._docket.decide(confirm)

    def recover(
        self,
        unknown: OutcomeUnknown,
        *,
        on_progress: Callable[[Event[Result]], object] | None = None,
    ) -> Result:
        """Take up what was left open: ask, and go on from there to its one outcome.

        A payment or deposit that is not known to have failed is reversed, a refund stays open.
        Returns and raises what the request itself would have.
        """
        begin, said = self._docket.recovery(unknown, lambda: self._engine.setup)
        kind = self._docket.type_of(unknown)
        progress: Progress[Result] = Progress(
            self._desk, self._engine, kind, begin, None, said, self._load
        )
        return self._docket.hold(progress).finish(on_progress)

    def resolve(self, unknown: OutcomeUnknown, *, wait: float = 0.0) -> Outcome:
        """Ask what became of a request, and change nothing: Paid, Done, NotPaid, NotDone, Open.

        ``wait``: go on asking for so many seconds.
        """
        operations = self._desk.operations.by_name()
        return self._engine.resolve(unknown, operations=operations, wait=wait)

    def unsettled(self) -> list[UnsettledError]:
        """What is open: of this process, and, with a journal, of those before."""
        self._load()
        return list(self._desk.unsettled.values())

    def settled(self, request_id: str, *, paid: bool) -> None:
        """Write down what a person has found out about an open request (the call centre said).

        Its code may then be charged again. ``paid``: whether it was carried out.
        """
        self._load()
        self._engine.go(self._docket.settled(self._engine.setup, request_id, paid))

    def close(self) -> None:
        """Close the connections, free the machine's place. Finish what is under way first."""
        self._engine.close()
        self._desk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<PaytreeClient {self._desk!r}>"

    def _load(self) -> None:
        """Learn from the journal what earlier processes left open, once."""
        if self._journal is None or self._desk.loaded:
            return
        last = None
        found: list[UnsettledError] = []
        while True:
            page = self._journal.pending(0.0, after=last)
            found += self._docket.left_open(self._engine.setup, page)
            if not page:
                break
            last = page[-1]
        self._desk.load(found)


class AsyncPaytreeClient:
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
        return await self.start(request, **options).finish(on_progress)

    async def refund(
        self, request: RefundRequest, **options: Unpack[RequestOptions]
    ) -> RefundResult:
        """Give back a payment or a part of it; see ``PaytreeClient.refund``."""
        return await self.start(request, **options).finish()

    async def reverse(
        self, request: ReverseRequest, **options: Unpack[RequestOptions]
    ) -> ReverseResult:
        """Undo a payment after an error; see ``PaytreeClient.reverse``."""
        return await self.start(request, **options).finish()

    async def deposit(
        self, request: DepositRequest, **options: Unpack[RequestOptions]
    ) -> DepositResult:
        """Top up a customer's balance; see ``PaytreeClient.deposit``."""
        return await self.start(request, **options).finish()

    async def confirm(
        self, request: ConfirmRequest, **options: Unpack[RequestOptions]
    ) -> ConfirmResult:
        """Ask how an order or a request stands; see ``PaytreeClient.confirm``."""
        return await self.start(request, **options).finish()

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

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

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
