"""The requests of one client, as both drivers see them: their sequences, the one that waits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from kessai.commands import JournalTake, StoreFault
from kessai.errors import ConfigurationError
from kessai.ledger import LEASE_MARGIN, close_intent, unknown_from

from .errors import NotWaitingError, UnsettledError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from kessai.commands import Command
    from kessai.errors import OutcomeUnknown
    from kessai.operation import CallOptions
    from kessai.setup import Setup
    from kessai.stores.values import Entry
    from kessai_paytree_api import models as m

    from .client import RequestOptions
    from .desk import Desk
    from .progress import AsyncProgress, Progress
    from .requests import TillRequest
    from .steps import Mailbox, Steps

__all__ = ["Docket"]

ProgressT = TypeVar("ProgressT", bound="Progress[Any] | AsyncProgress[Any]")
HeldT = TypeVar("HeldT", bound="Progress[Any] | AsyncProgress[Any]")
ResultT = TypeVar("ResultT")


class Docket(Generic[ProgressT]):
    """What a client hands out, and what the cashier's word goes to."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._latest: Any = None

    def hold(self, progress: HeldT) -> HeldT:
        """Keep the progress that the cashier's word goes to."""
        latest = self._latest
        if latest is None or latest.done or not latest.waiting:
            self._latest = progress
        return progress

    def decide(self, confirm: bool) -> None:
        """Give the cashier's word to the payment that waits."""
        latest = cast("Progress[Any] | None", self._latest)
        if latest is None:
            raise NotWaitingError().about(
                code="NOT_WAITING", message="no payment waits for the customer's approval"
            )
        if confirm:
            latest.confirm()
        else:
            latest.stop()

    def sequence(
        self,
        request: TillRequest[ResultT],
        setup: Callable[[], Setup],
        options: RequestOptions,
    ) -> tuple[Callable[[Mailbox], Steps[ResultT]], str | None, dict[str, object]]:
        """How to begin a request, what code it charges, and what the log says of it."""
        call: CallOptions = {}
        unknown = options.keys() - {"intent", "lift"}
        if unknown:
            raise ConfigurationError(f"no such option: {', '.join(sorted(unknown))}")
        if "intent" in options:
            call["intent"] = options["intent"]
        if "lift" in options:
            call["lift"] = options["lift"]
        code = getattr(request, "user_code", None)
        digest = self._desk.digest(code) if isinstance(code, str) else None
        said: dict[str, object] = {
            name: getattr(request, name, None)
            for name in ("pay_type", "amount", "refund_amount", "order_id", "receipt_no")
        }
        desk = self._desk

        def begin(mailbox: Mailbox) -> Steps[Any]:
            return desk.steps(request, setup(), call, mailbox)

        return begin, digest, said

    def recovery(
        self, unknown: OutcomeUnknown, setup: Callable[[], Setup]
    ) -> tuple[Callable[[Mailbox], Steps[Any]], dict[str, object]]:
        """How to take up what was left open."""
        from . import sequences
        from .gateway import ASKED_BY

        if ASKED_BY not in unknown.reference:
            raise ConfigurationError("this outcome is of no request of PAYTREE's")
        desk = self._desk

        def begin(mailbox: Mailbox) -> Steps[Any]:
            own = setup()
            if unknown.scope != own.scope:
                raise ConfigurationError(
                    f"this outcome belongs to {unknown.scope} and this client to {own.scope}; "
                    "recover it with the client of the same terminal and environment"
                )
            return sequences.recover(desk.till(own), unknown, mailbox)

        return begin, {"recovers": unknown.reference[ASKED_BY]}

    def type_of(self, unknown: OutcomeUnknown) -> m.RequestType:
        """What type of request an outcome is of."""
        from kessai_paytree_api import models as m

        from .gateway import TYPES

        kind = TYPES.get(unknown.operation)
        if kind is None:
            raise ConfigurationError("this outcome is of no request of PAYTREE's")
        return m.RequestType(kind)

    def left_open(self, setup: Setup, entries: Sequence[Entry]) -> list[UnsettledError]:
        """What a page of the journal holds that is open, and of this terminal."""
        from .gateway import ASKED_BY

        found: list[UnsettledError] = []
        for entry in entries:
            if not entry.intent.startswith(f"{setup.scope}:"):
                continue
            unknown = unknown_from(setup, entry)
            found.append(
                UnsettledError.of(
                    unknown,
                    code="LEFT_OPEN",
                    message="left open by an earlier process; recover it, or call",
                    request_id=unknown.reference.get(ASKED_BY, ""),
                    order_id=unknown.reference.get("orderId"),
                )
            )
        return found

    def settled(self, setup: Setup, request_id: str, paid: bool) -> Generator[Command, Any, None]:
        """Close what a person has found out."""
        error = self._desk.unsettled.get(request_id)
        if error is None:
            raise ConfigurationError(f"there is no open request {request_id}; see unsettled()")
        if setup.journal and error.intent is not None:
            taken: Entry | StoreFault | None = yield JournalTake(error.intent, LEASE_MARGIN)
            if isinstance(taken, StoreFault):
                raise taken.error
            if taken is not None:
                record = {"reason": "settled by a person"}
                yield from close_intent(setup, 0, taken, "done" if paid else "not_done", record)
        self._desk.settle(request_id)
