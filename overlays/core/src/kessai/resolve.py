"""How an unknown outcome is settled: by the gateway's own means, and never by guessing.

The question comes first. Repeating the order is not a question: where the first attempt never
landed, the repeat pays now. It therefore happens only on order (``complete=True``), with the same
request in hand, under the same key, after the question found nothing that settles it, and while the
gateway surely still replays that key.

Residual: a gateway may move money under an answer that says it failed; nothing says when "not
found" becomes final; and for an operation that can only be replayed this machine's clock alone says
how old the key is.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import orjson

from kessai.call import Call
from kessai.commands import Complain, JournalTake, Now, StoreFault
from kessai.errors import (
    AuthenticationError,
    ConfigurationError,
    GatewayError,
    IntentConflictError,
    InvalidContractError,
    InvalidHeaderError,
    InvalidRequestError,
    KessaiError,
    MethodNotAllowedError,
    NotFoundError,
    OutcomeUnknown,
    UnreadableAnswerError,
    UnsupportedMediaTypeError,
)
from kessai.ledger import LEASE_MARGIN, close_intent
from kessai.lookup import kept
from kessai.outcome import Done, NotDone, NotPaid, Open, Outcome, Paid, PaidCheckNeeded
from kessai.prepare import Prepared, digest, plain, pointed, serialise, wire_of
from kessai.retry import http_date

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.operation import Answer, Ask, Operation, Request
    from kessai.setup import Setup
    from kessai.stores.values import End, Entry

#: Seconds before the end of a key's window at which a repeat is no longer sent (23 h of 24).
WINDOW_MARGIN = 3600.0
#: Seconds by which the first attempt may seem to lie ahead before the clocks are not believed.
CLOCK_TOLERANCE = 300.0

#: These refusals of a question say something about us, not about the order.
OURS = (
    AuthenticationError,
    InvalidContractError,
    InvalidHeaderError,
    MethodNotAllowedError,
    UnsupportedMediaTypeError,
)


class Found(NamedTuple):
    """What a question brought, by the gateway's ``date``; ``replayable`` if still unsettled."""

    outcome: Outcome
    replayable: bool
    date: float | None


def resolve(
    setup: Setup,
    unknown: OutcomeUnknown,
    operations: Mapping[str, Operation[Any, Any]],
    complete: bool,
    request: Request | None,
) -> Generator[Command, Any, Outcome]:
    """Settle an unknown outcome; see ``kessai.client.Client.resolve``."""
    case = case_of(setup, unknown, operations)
    order = case.order(request) if complete else None
    outcome = yield from case.settle(order)
    if setup.journal and unknown.intent is not None:
        yield from case.keep(outcome)
    return outcome


def case_of(
    setup: Setup, unknown: OutcomeUnknown, operations: Mapping[str, Operation[Any, Any]]
) -> Case:
    """Return the case of an unknown outcome, by the means its gateway has."""
    if not isinstance(cast("object", unknown), OutcomeUnknown):
        raise TypeError(
            f"unknown must be the OutcomeUnknown a call ended with, is {type(unknown).__name__}"
        )
    operation = operations.get(unknown.operation)
    by_replay = operation is not None and operation.ask is not None and operation.ask.by == "replay"
    if by_replay and setup.gateway.lookup is not None:
        from kessai.resolve_lookup import LookupCase

        return LookupCase(setup, unknown, operations, setup.gateway.lookup)
    return Case(setup, unknown, operations)


class Case:
    """One unknown outcome, and what has been tried to settle it."""

    def __init__(
        self,
        setup: Setup,
        unknown: OutcomeUnknown,
        operations: Mapping[str, Operation[Any, Any]],
    ) -> None:
        if unknown.scope != setup.scope:
            raise ConfigurationError(
                f"this outcome belongs to {unknown.scope} and this client to {setup.scope}; "
                "resolve it with the client of the same shop and environment"
            )
        operation = operations.get(unknown.operation)
        if operation is None or operation.ask is None:
            raise ConfigurationError(
                f"nothing says how the outcome of {unknown.operation!r} is asked for; "
                "pass the operations of the gateway's package"
            )
        question = None if operation.ask.by == "replay" else operations.get(operation.ask.by)
        if question is None and operation.ask.by != "replay":
            raise ConfigurationError(
                f"{operation.name} is asked for by {operation.ask.by!r}, which is not among the "
                "operations; pass all operations of the gateway's package"
            )
        self.setup = setup
        self.unknown = unknown
        self.operation = operation
        self.ask: Ask = operation.ask
        self.question = question
        self.reference: Mapping[str, str] = unknown.reference
        self.repeat: bool = unknown.repeat
        self.tried: list[str] = []

    def order(self, request: Request | None) -> Prepared:
        """Return the order again, byte by byte as it was first sent, or raise.

        Its limits are not checked again: the digest says that these are the bytes that passed.
        """
        name, setup, unknown = self.operation.name, self.setup, self.unknown
        if request is None:
            raise ConfigurationError(
                f"complete=True repeats {name} and needs its request; pass request=..."
            )
        wire = wire_of(self.operation, request)
        content = serialise(self.operation, wire)
        if digest(setup, self.operation, content) != unknown.digest:
            raise IntentConflictError(
                f"{name}: this request is not the one that was sent (their digests differ); "
                "nothing was sent"
            )
        prepared = Prepared(setup, self.operation, wire, content, next(setup.calls))
        prepared.key = unknown.idempotency_key
        if self.operation.idempotency is not None and prepared.key is not None:
            prepared.headers.append((self.operation.idempotency.header, prepared.key))
        return prepared

    def settle(self, order: Prepared | None) -> Generator[Command, Any, Outcome]:
        """Ask, repeat on order, and ask once more."""
        found = yield from self.look(None)
        if order is None or not found.replayable:
            return found.outcome
        refusal = yield from self._too_late(found.date, order.deadline)
        if refusal is not None:
            return self.opened(refusal, answer=found.outcome.answer, state=found.outcome.state)
        entry: Entry | None = None
        if self.setup.journal and self.unknown.intent is not None:
            taken: Entry | StoreFault | None = yield JournalTake(
                self.unknown.intent, order.deadline + LEASE_MARGIN
            )
            if isinstance(taken, StoreFault):
                raise taken.error
            if taken is None:
                reason = "the journal has no free entry of this intent to repeat it under"
                return self.opened(reason)
            entry = taken
            order.intent = self.unknown.intent
        repeat = Call[Any](self.setup, order, self.operation, entry)
        # What the first attempts did is still unknown: a refusal of this one must not settle it.
        repeat.maybe = True
        repeat.learned.update(self.reference)
        try:
            answer = yield from repeat.run()
        except GatewayError as error:
            # The gateway's last word on this key: it holds for the first attempts as well.
            self.tried.append(f"{self.operation.name} repeated: {type(error).__name__}")
            kind = NotPaid if self.ask.ends == "paid" else NotDone
            return self.made(kind, state=error.title)
        except (OutcomeUnknown, UnreadableAnswerError) as error:
            cause = error.last_error if isinstance(error, OutcomeUnknown) else error
            self.tried.append(f"{self.operation.name} repeated: {type(cause).__name__}")
            return (yield from self.no_success(repeat, cause))
        self.tried.append(f"{self.operation.name} repeated: {answer.status}")
        return (yield from self.success(repeat, answer))

    def no_success(
        self, repeat: Call[Any], cause: KessaiError | None
    ) -> Generator[Command, Any, Outcome]:
        """Go on after a repeat that settled nothing."""
        if self.question is None:
            return self.unsettled("the repeat brought no success, which settles nothing", cause)
        found = yield from self.look(None)
        if isinstance(found.outcome, Open) and found.outcome.error is None:
            found.outcome.error = cause
        return found.outcome

    def success(self, repeat: Call[Any], answer: Answer[Any]) -> Generator[Command, Any, Outcome]:
        """Go on after a repeat that was carried out, now or the first time."""
        if self.question is None:
            return self.made(Done, replayed=answer)
        return (yield from self.look(answer)).outcome

    def keep(self, outcome: Outcome) -> Generator[Command, Any, None]:
        """Write the outcome into the journal, where the entry is free to be written."""
        taken: Entry | StoreFault | None = yield JournalTake(
            self.unknown.intent or "", LEASE_MARGIN
        )
        if isinstance(taken, StoreFault):
            yield Complain(f"{self.operation.name}: the journal could not take down its outcome")
            return
        if taken is None:
            return
        end = self.end_of(outcome)
        record = {"state": outcome.state or ""}
        record |= kept(outcome.reference, taken.reference, self.repeat)
        if isinstance(outcome, Open):
            record["reason"] = outcome.reason
        yield from close_intent(self.setup, 0, taken, end, record)

    def end_of(self, outcome: Outcome) -> End:
        """Return the journal's word for an outcome."""
        if isinstance(outcome, PaidCheckNeeded):
            return "check_needed"
        if isinstance(outcome, Done):
            return "done"
        return "not_done" if isinstance(outcome, NotDone) else "open"

    def look(self, replayed: Answer[Any] | None) -> Generator[Command, Any, Found]:
        """Ask the gateway once, as a read that may be repeated."""
        question, unknown = self.question, self.unknown
        if question is None:
            self.tried.append("nothing to ask: only a repeat of the order can tell")
            return Found(self.unsettled("only a replay on order settles it"), True, None)
        if not unknown.reference:
            self.tried.append("nothing to ask by")
            reason = "the request named nothing to ask by; only a replay on order settles it"
            return Found(self.unsettled(reason), True, None)
        wire = dict(unknown.reference)
        prepared = Prepared(
            self.setup, question, wire, serialise(question, wire), next(self.setup.calls)
        )
        try:
            answer = yield from Call[Any](self.setup, prepared, question).run()
        except OURS:
            raise
        except KessaiError as error:
            date = None
            if isinstance(error, GatewayError | UnreadableAnswerError):
                date = http_date(error.headers.get("date", ""))
            if isinstance(error, InvalidRequestError | NotFoundError):
                self.tried.append(f"{question.name}: not found ({error.title or error.status})")
                reason = "not found at the gateway; only a replay on order settles it"
                return Found(self.unsettled(reason, error, replayed=replayed), True, date)
            self.tried.append(f"{question.name}: {type(error).__name__}")
            reason = "the question was not answered; ask again later"
            return Found(self.opened(reason, error, replayed=replayed), False, date)
        date = http_date(answer.headers.get("date", ""))
        outcome, replayable = self._judge(answer, replayed)
        self.tried.append(f"{question.name}: {outcome.state or 'answered'}")
        outcome.tried = tuple(self.tried)
        return Found(outcome, replayable, date)

    def _judge(self, answer: Answer[Any], replayed: Answer[Any] | None) -> tuple[Outcome, bool]:
        """Map the state that was found by the operation's rule."""
        ask = self.ask
        document = orjson.loads(answer.content)
        state = None if ask.state is None else plain(pointed(document, ask.state))
        paid = ask.ends == "paid"
        seen: dict[str, Any] = {"state": state, "answer": answer, "replayed": replayed}
        beside = (ask.state or "").rpartition("/")[0]
        for name, asked in self.unknown.reference.items():
            told = plain(pointed(document, f"{beside}/{name}"))
            if told is not None and told != asked:
                reason = f"the answer is about another {name}; ask again later"
                return self.opened(reason, answer=answer, replayed=replayed), False
        if state is not None and state in ask.failed:
            return self.made(NotPaid if paid else NotDone, **seen), False
        if state is not None and state in ask.waiting:
            return self.opened(f"waiting: {state}", **seen), False
        if ask.state is not None and state not in ask.done:
            return self.unsettled(
                f"the state {state or 'is absent and'} settles nothing", **seen
            ), True
        if ask.match.keys() != self.unknown.expected.keys() or not (ask.match or ask.state):
            return self.unsettled(
                "the request named nothing to compare the answer with", **seen
            ), True
        for pointer, expected in self.unknown.expected.items():
            if plain(pointed(document, pointer)) != expected:
                return self.unsettled(
                    f"found, but {pointer} differs from the request", **seen
                ), True
        return self.made(Paid if paid else Done, **seen), False

    def _too_late(self, date: float | None, deadline: float) -> Generator[Command, Any, str | None]:
        """Say why the order must not be repeated, or None when it may."""
        idempotency = self.operation.idempotency
        if idempotency is None or self.unknown.idempotency_key is None:
            return "it carried no idempotency key, so a repeat could be a second order"
        if self.question is not None and self.unknown.reference and date is None:
            return "the gateway's answer had no Date to measure the age of the key by"
        now: float = yield Now(True)
        first = self.unknown.first_sent_at.timestamp()
        ages = [now - first] if date is None else [now - first, date - first]
        if min(ages) < -CLOCK_TOLERANCE:
            return "the clocks disagree: the first attempt seems to lie in the future"
        if max(ages) + deadline >= self._horizon(idempotency.window):
            return f"the key is {max(ages) / 3600:.1f} h old and may no longer be replayed"
        return None

    def _horizon(self, window: int) -> float:
        return window - min(WINDOW_MARGIN, window / 2)

    def _until(self) -> datetime | None:
        idempotency = self.operation.idempotency
        if idempotency is None or self.unknown.idempotency_key is None:
            return None
        first = self.unknown.first_sent_at.timestamp()
        return datetime.fromtimestamp(first + self._horizon(idempotency.window), UTC)

    def made(self, kind: type[Outcome], **seen: Any) -> Outcome:
        unknown = self.unknown
        return kind(operation=unknown.operation, reference=self.reference, tried=self.tried, **seen)

    def unsettled(self, reason: str, error: KessaiError | None = None, **seen: Any) -> Open:
        """Open, and a repeat of the order could settle it until the key grows too old."""
        return self.opened(reason, error, until=self._until(), **seen)

    def opened(self, reason: str, error: KessaiError | None = None, **seen: Any) -> Open:
        return Open(
            operation=self.unknown.operation,
            reference=self.reference,
            reason=reason,
            error=error,
            tried=self.tried,
            **seen,
        )
