"""PaytreeClient: a till's requests, each with its whole sequence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, TypeVar, Unpack

from kessai.closing import Closing

from .desk import Desk, TillOptions
from .docket import Docket
from .engine import Engine
from .progress import Progress
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
    from collections.abc import Callable, Sequence

    from kessai.errors import OutcomeUnknown
    from kessai.outcome import Outcome
    from kessai.stores.base import JournalStore
    from kessai.types import Transport

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

__all__ = ["PaytreeClient", "RequestOptions"]

ResultT = TypeVar("ResultT")


class RequestOptions(TypedDict, total=False):
    """What one request may set for itself.

    - ``intent``: the journal's name for it; by default its own number
    - ``lift``: limits not to apply, as JSON pointers (``/remark#max-length``)
    """

    intent: str
    lift: Sequence[str]


class PaytreeClient(Closing):
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
        return self.start(only(request, PayRequest), **options).finish(on_progress)

    def refund(self, request: RefundRequest, **options: Unpack[RequestOptions]) -> RefundResult:
        """Give back a payment or a part of it.

        Raises RefusedError (not given back), NeverSentError, RefundOpenError (it may have been
        given back: do not run it again, ask or look).
        """
        return self.start(only(request, RefundRequest), **options).finish()

    def reverse(self, request: ReverseRequest, **options: Unpack[RequestOptions]) -> ReverseResult:
        """Undo a payment because the till stops after an error; goods that came back are a refund.

        Raises RefusedError, NeverSentError, ReversalFailedError: in every case somebody has to
        call.
        """
        return self.start(only(request, ReverseRequest), **options).finish()

    def deposit(self, request: DepositRequest, **options: Unpack[RequestOptions]) -> DepositResult:
        """Top up a customer's balance. Raises as ``pay`` does."""
        return self.start(only(request, DepositRequest), **options).finish()

    def confirm(self, request: ConfirmRequest, **options: Unpack[RequestOptions]) -> ConfirmResult:
        """Ask how an order or a request stands.

        Raises RefusedError when PAYTREE did not take the question, kessai's NoAnswerError when no
        answer came: both say nothing about the order.
        """
        return self.start(only(request, ConfirmRequest), **options).finish()

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
