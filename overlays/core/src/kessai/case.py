"""One unknown outcome: what can be asked, what may be repeated, and what has been tried.

Residual: a gateway may move money under an answer that says it failed; nothing says when "not
found" becomes final (``kessai.lookup`` lets a gateway say it); and for an operation that can only
be replayed this machine's clock alone says how old the key is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from kessai.ages import NO_DATE, horizon, moment, too_old
from kessai.call import Call
from kessai.commands import Complain, JournalTake, Now, Reply, StoreFault
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
from kessai.lookup import kept, spanned
from kessai.outcome import Done, Doubled, NotDone, NotPaid, Open, Outcome, Paid, PaidCheckNeeded
from kessai.prepare import Prepared, digest, plain, pointed, serialise, wire_of
from kessai.retry import http_date

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from datetime import datetime

    from kessai.commands import Command
    from kessai.operation import Answer, Ask, Operation, Request
    from kessai.setup import Setup
    from kessai.stores.values import End, Entry

#: Lines of ``tried`` that are kept; those in the middle of a longer story are counted.
MOST_TRIED: Final = 20

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


class Tried:
    """What was tried, in order, in words; the same again is counted, and a long story shortened."""

    __slots__ = ("_dropped", "_lines")

    def __init__(self) -> None:
        self._lines: list[tuple[str, int]] = []
        self._dropped = 0

    def add(self, text: str) -> None:
        """Note one more thing that was tried."""
        if self._lines and self._lines[-1][0] == text:
            self._lines[-1] = (text, self._lines[-1][1] + 1)
            return
        self._lines.append((text, 1))
        if len(self._lines) > MOST_TRIED:
            self._dropped += self._lines.pop(MOST_TRIED // 2)[1]

    def lines(self) -> tuple[str, ...]:
        """Return it line by line."""
        lines = [text if times == 1 else f"{text} ({times} times)" for text, times in self._lines]
        if self._dropped:
            lines.insert(MOST_TRIED // 2, f"and {self._dropped} more")
        return tuple(lines)


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
        self.replayed: Answer[Any] | None = None
        self._tried = Tried()

    @property
    def tried(self) -> tuple[str, ...]:
        """What was tried so far, in words."""
        return self._tried.lines()

    def asks(self) -> bool:
        """Whether there is something to ask by."""
        return self.question is not None and bool(self.reference)

    def order(self, request: Request | None) -> Prepared:
        """Return the order again, byte by byte as it was first sent, or raise.

        Its limits are not checked again: the digest says that these are the bytes that passed.
        """
        name, setup, unknown = self.operation.name, self.setup, self.unknown
        operation = self.operation
        if unknown.path is not None and operation.path == operation.template:
            operation = operation.filled(unknown.path)
        if request is None:
            raise ConfigurationError(
                f"complete=True repeats {name} and needs its request; pass request=..."
            )
        wire = wire_of(operation, request)
        content = serialise(operation, wire)
        if digest(setup, operation, content) != unknown.digest:
            raise IntentConflictError(
                f"{name}: this request is not the one that was sent (their digests differ); "
                "nothing was sent"
            )
        prepared = Prepared(setup, operation, wire, content, next(setup.calls))
        prepared.key = unknown.idempotency_key
        if operation.idempotency is not None and prepared.key is not None:
            prepared.headers.append((operation.idempotency.header, prepared.key))
        return prepared

    def settle(self, order: Prepared | None) -> Generator[Command, Any, Outcome]:
        """Ask, repeat on order, and ask once more."""
        found = yield from self.look(None)
        if order is None or not found.replayable:
            return found.outcome
        refusal = yield from self.too_late(found, order)
        if refusal is not None:
            return self._kept_back(found.outcome, refusal)
        entry: Entry | None = None
        if self.setup.journal and self.unknown.intent is not None:
            taken: Entry | StoreFault | None = yield JournalTake(
                self.unknown.intent, order.deadline + LEASE_MARGIN
            )
            if isinstance(taken, StoreFault):
                raise taken.error
            if taken is None:
                reason = "the journal has no free entry of this intent to repeat it under"
                return self._kept_back(found.outcome, reason)
            entry = taken
            order.intent = self.unknown.intent
        repeat = Call[Any](self.setup, order, order.operation, entry)
        # What the first attempts did is still unknown: a refusal of this one must not settle it.
        repeat.maybe = True
        repeat.learned.update(self.reference)
        try:
            answer = yield from repeat.run()
        except GatewayError as error:
            # The gateway's last word on this key: it holds for the first attempts as well.
            self._tried.add(f"{self.operation.name} repeated: {type(error).__name__}")
            kind = NotPaid if self.ask.ends == "paid" else NotDone
            return self.made(kind, state=error.title)
        except (OutcomeUnknown, UnreadableAnswerError) as error:
            yield from self._sent_again()
            cause = error.last_error if isinstance(error, OutcomeUnknown) else error
            self._tried.add(f"{self.operation.name} repeated: {type(cause).__name__}")
            return (yield from self.no_success(repeat, cause))
        yield from self._sent_again()
        self._tried.add(f"{self.operation.name} repeated: {answer.status}")
        self.replayed = answer
        return (yield from self.success(repeat, answer))

    def _sent_again(self) -> Generator[Command, Any, None]:
        now: float = yield Now(True)
        late = now - self.unknown.first_sent_at.timestamp()
        self.unknown.span = max(self.unknown.span, late)

    def again(self) -> Generator[Command, Any, Outcome]:
        """Ask once more, later."""
        return (yield from self.look(self.replayed)).outcome

    def _kept_back(self, outcome: Outcome, refusal: str) -> Outcome:
        """Say why an order that a repeat could have settled was not repeated."""
        if isinstance(outcome, Open):
            outcome.reason = f"{outcome.reason}; not repeated: {refusal}"
        return outcome

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
        if isinstance(outcome, Open):
            record |= spanned(self.unknown.span)
        record |= kept(outcome.reference, taken.reference, self.repeat)
        if isinstance(outcome, Open):
            record["reason"] = outcome.reason
        yield from close_intent(self.setup, 0, taken, end, record)

    def end_of(self, outcome: Outcome) -> End:
        """Return the journal's word for an outcome."""
        if isinstance(outcome, PaidCheckNeeded):
            return "check_needed"
        if isinstance(outcome, Doubled):
            return "doubled"
        if isinstance(outcome, Done):
            return "done"
        return "not_done" if isinstance(outcome, NotDone) else "open"

    def look(self, replayed: Answer[Any] | None) -> Generator[Command, Any, Found]:
        """Ask the gateway once, as a read that may be repeated."""
        question, unknown = self.question, self.unknown
        if question is None:
            self._tried.add("nothing to ask: only a repeat of the order can tell")
            return Found(self.unsettled("only a replay on order settles it"), True, None)
        if not unknown.reference:
            self._tried.add("nothing to ask by")
            reason = "the request named nothing to ask by; only a replay on order settles it"
            return Found(self.unsettled(reason), True, None)
        wire = dict(unknown.reference)
        answer, date = yield from self.asked(question, wire)
        if isinstance(answer, KessaiError):
            error = answer
            if self.ask.gone and isinstance(error, NotFoundError):
                return self.deleted(question.name, error, date, replayed)
            if isinstance(error, InvalidRequestError | NotFoundError):
                self._tried.add(f"{question.name}: not found ({error.title or error.status})")
                reason = "not found at the gateway; only a replay on order settles it"
                return Found(self.unsettled(reason, error, replayed=replayed), True, date)
            self._tried.add(f"{question.name}: {type(error).__name__}")
            reason = "the question was not answered; ask again later"
            return Found(self.opened(reason, error, replayed=replayed), False, date)
        outcome, replayable = self._judge(answer, replayed)
        self._tried.add(f"{question.name}: {outcome.state or 'answered'}")
        outcome.tried = self.tried
        return Found(outcome, replayable, date)

    def asked(
        self, question: Operation[Any, Any], wire: Mapping[str, Any]
    ) -> Generator[Command, Any, tuple[Answer[Any] | KessaiError, float | None]]:
        """Ask: the answer, or the error in its place, and the Date it came with.

        Raises the refusals that say something about us.
        """
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
            return error, date
        return answer, http_date(answer.headers.get("date", ""))

    def deleted(
        self, name: str, error: NotFoundError, date: float | None, replayed: Answer[Any] | None
    ) -> Found:
        """What was ordered to go is not there any more."""
        self._tried.add(f"{name}: gone")
        kind = Paid if self.ask.ends == "paid" else Done
        return Found(self.made(kind, state=error.title, replayed=replayed), False, date)

    def _judge(self, answer: Answer[Any], replayed: Answer[Any] | None) -> tuple[Outcome, bool]:
        """Map the state that was found by the operation's rule."""
        ask = self.ask
        document = self._document(answer)
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

    def _document(self, answer: Answer[Any]) -> Any:
        """Return the JSON of a question's answer, which its decoder has used up."""
        codec, question = self.setup.codec, self.question
        if codec is None or question is None:
            return orjson.loads(answer.content)
        return codec.decode(question, Reply(answer.status, answer.headers, answer.content))

    def too_late(self, found: Found, order: Prepared) -> Generator[Command, Any, str | None]:
        """Say why the order must not be repeated, or None when it may."""
        idempotency = self.operation.idempotency
        if idempotency is None or self.unknown.idempotency_key is None:
            return "it carried no idempotency key, so a repeat could be a second order"
        if not (self.repeat and order.repeatable):
            return (
                "the gateway does not surely replay a repeat of it, which could be a second order"
            )
        if found.date is None and self.question is not None and self.asks():
            return NO_DATE.format("key")
        now: float = yield Now(True)
        return too_old(self.unknown, idempotency.window, order.deadline, now, found.date)

    def until(self) -> datetime | None:
        """Return until when a repeat of the order could settle it; None: none may be sent."""
        idempotency = self.operation.idempotency
        if idempotency is None or self.unknown.idempotency_key is None or not self.repeat:
            return None
        return moment(self.unknown, horizon(idempotency.window))

    def made(self, kind: type[Outcome], **seen: Any) -> Outcome:
        """Return an end of the case."""
        unknown = self.unknown
        return kind(operation=unknown.operation, reference=self.reference, tried=self.tried, **seen)

    def unsettled(self, reason: str, error: KessaiError | None = None, **seen: Any) -> Open:
        """Open, and a repeat of the order could settle it until the key grows too old."""
        return self.opened(reason, error, **{"until": self.until(), **seen})

    def opened(self, reason: str, error: KessaiError | None = None, **seen: Any) -> Open:
        """Return that it is not settled."""
        return Open(
            operation=self.unknown.operation,
            reference=self.reference,
            reason=reason,
            error=error,
            tried=self.tried,
            **seen,
        )
