"""Settling an unknown outcome where the gateway has a ``Lookup`` to say how it is asked.

The question comes first here too, wherever the request or an answer left a name to ask by. Where
none did, only a repeat under the first key can tell: the gateway gives its first answer again,
failures included, and carries the order out if it never arrived. So it happens on order only
(``complete=True``). An order whose answer said that nothing is decided yet is asked about, and
never repeated. "Absent" means not carried out once the gateway's horizon has passed by both clocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.ages import moment, near, too_young
from kessai.call import Call
from kessai.case import Case, Found
from kessai.commands import Now
from kessai.errors import GatewayError, KessaiError, NotFoundError
from kessai.lookup import FIRST_SENT, Standing
from kessai.outcome import Done, Doubled, NotDone, NotPaid, Open, Outcome, Paid, PaidCheckNeeded
from kessai.prepare import Prepared

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.errors import OutcomeUnknown
    from kessai.lookup import Lookup
    from kessai.operation import Answer, Operation
    from kessai.setup import Setup
    from kessai.stores.values import End


_WORDS = {"absent": "not found"}


class LookupCase(Case):
    """One unknown outcome at a gateway with a ``Lookup``."""

    reference: Mapping[str, str]
    repeat: bool

    def __init__(
        self,
        setup: Setup,
        unknown: OutcomeUnknown,
        operations: Mapping[str, Operation[Any, Any]],
        lookup: Lookup,
    ) -> None:
        super().__init__(setup, unknown, operations)
        self._lookup = lookup
        self._to_come = False
        self._absent = False
        self._led = False

    def asks(self) -> bool:
        """Whether an answer or the request gave something to ask by."""
        return self._lookup.question(self.reference) is not None

    def look(self, replayed: Answer[Any] | None) -> Generator[Command, Any, Found]:
        """Ask by the name an answer gave, if there is one."""
        self._absent = self._led = False
        return (yield from self._look(replayed))

    def _look(self, replayed: Answer[Any] | None) -> Generator[Command, Any, Found]:
        asked = self._lookup.question(self.reference)
        if asked is None:
            self._tried.add("nothing to ask by: no answer came that named it")
            if not self.repeat:
                reason = (
                    "there is no name to ask by, and no repeat can tell: the gateway's staff can"
                )
                return Found(self.opened(reason, replayed=replayed), False, None)
            reason = "only a replay on order settles it"
            if self.until() is None:
                reason = "there is no name to ask by, and no key to repeat it under"
            return Found(self.unsettled(reason, replayed=replayed), True, None)
        question, wire = asked
        answer, date = yield from self.asked(question, wire)
        if isinstance(answer, KessaiError):
            error = answer
            if isinstance(error, GatewayError) and error.value is not None:
                # A whole answer of status 2xx, which may say more about the order than "no".
                standing = self._found(error.value)
                if standing.kind != "unsettled" or self._leads(standing):
                    return (yield from self._read(question.name, standing, date, replayed=replayed))
            if self.ask.gone and isinstance(error, NotFoundError):
                return self.deleted(question.name, error, date, replayed)
            self._tried.add(f"{question.name}: {type(error).__name__}")
            if isinstance(error, NotFoundError):
                return self._nothing("not found at the gateway", date, error, replayed=replayed)
            reason = "the question was not answered; ask again later"
            return Found(self.opened(reason, error, replayed=replayed), False, date)
        standing = self._found(answer.value)
        seen: dict[str, Any] = {"answer": answer, "replayed": replayed}
        return (yield from self._read(question.name, standing, date, **seen))

    def _found(self, value: Any) -> Standing:
        first = repr(self.unknown.first_sent_at.timestamp())
        try:
            return self._lookup.found(self.operation, value, {**self.reference, FIRST_SENT: first})
        except Exception:  # an overlay's mistake proves nothing about the order
            return Standing("unsettled", remedy="the answer is in a form that nobody described")

    def _leads(self, standing: Standing) -> bool:
        """Whether an answer does not say, but names what to ask by next; once in a question."""
        return not self._led and not standing.reference.items() <= self.reference.items()

    def _read(
        self, name: str, standing: Standing, date: float | None, **seen: Any
    ) -> Generator[Command, Any, Found]:
        """What the question called ``name`` found."""
        self._tried.add(f"{name}: {standing.state or _WORDS.get(standing.kind, 'answered')}")
        if standing.kind == "absent":
            return (yield from self._gone(date, state=standing.state, **seen))
        if standing.kind == "unsettled" and self._leads(standing):
            self._led = True
            self.reference = {**self.reference, **standing.reference}
            return (yield from self._look(seen.get("replayed")))
        if standing.kind == "unsettled":
            reason = f"the state {standing.state or 'is absent and'} settles nothing"
            reason += standing.remedy and f" ({standing.remedy})"
            return self._nothing(reason, date, state=standing.state, **seen)
        return Found(self._ended(standing, **seen), False, date)

    def _gone(self, date: float | None, **seen: Any) -> Generator[Command, Any, Found]:
        """The gateway has never heard of the order: not carried out, or not yet."""
        self._absent = True
        reason = "not found at the gateway"
        after = self._lookup.absent_after(self.operation, self.reference)
        if after is None:
            return self._nothing(reason, date, **seen)
        now: float = yield Now(True)
        why = too_young(self.unknown, after, now, date)
        if why is not None:
            until = moment(self.unknown, after + self.unknown.span)
            return self._nothing(f"{reason}, but {why}", date, until=until, **seen)
        return Found(self.made(NotPaid if self._pays else NotDone, **seen), False, date)

    def too_late(self, found: Found, order: Prepared) -> Generator[Command, Any, str | None]:
        """A repeat must be over before "absent" is taken for "not carried out"."""
        refusal = yield from super().too_late(found, order)
        after = self._lookup.absent_after(self.operation, self.reference) if self._absent else None
        if refusal is not None or after is None or found.date is None:
            return refusal
        now: float = yield Now(True)
        if near(self.unknown, after, order.deadline, now, found.date):
            return "a repeat could arrive when not being found is taken for not carried out"
        return None

    def success(self, repeat: Call[Any], answer: Answer[Any]) -> Generator[Command, Any, Outcome]:
        """Read the first answer, or the one of now; ask when it only says to wait."""
        self.reference = {**self.reference, **repeat.learned}
        standing = repeat.standing
        if standing is not None and standing.kind in ("done", "check", "doubled"):
            return self._ended(standing, replayed=answer)
        return (yield from self.look(answer)).outcome

    def no_success(
        self, repeat: Call[Any], cause: KessaiError | None
    ) -> Generator[Command, Any, Outcome]:
        """Ask, if the repeat's answer gave a name to ask by."""
        self.reference = {**self.reference, **repeat.learned}
        self.repeat = self.repeat and repeat.repeat
        if self._lookup.question(self.reference) is None:
            reason = "the repeat brought no success, which settles nothing"
            return self.unsettled(reason, cause) if self.repeat else self.opened(reason, cause)
        found = yield from self.look(None)
        if isinstance(found.outcome, Open) and found.outcome.error is None:
            found.outcome.error = cause
        return found.outcome

    def end_of(self, outcome: Outcome) -> End:
        """Return the journal's word; an application is not at its end when it was taken."""
        return "open" if self._to_come else super().end_of(outcome)

    @property
    def _pays(self) -> bool:
        return self.ask.ends == "paid"

    def _nothing(
        self, reason: str, date: float | None, error: KessaiError | None = None, **seen: Any
    ) -> Found:
        """Open; a repeat could still say more unless the gateway has the order in hand."""
        if self.repeat:
            if self.until() is not None:
                reason = f"{reason}; only a replay on order settles it"
            return Found(self.unsettled(reason, error, **seen), True, date)
        return Found(self.opened(reason, error, **seen), False, date)

    def _ended(self, standing: Standing, **seen: Any) -> Outcome:
        """The outcome of an answer that says how the order stands."""
        seen["state"] = standing.state
        paid = self._pays if standing.paid is None else standing.paid
        self.reference = {**self.reference, **standing.reference}
        if standing.kind == "doubled":
            both = [{name: text} for name, text in standing.reference.items()]
            return self.made(Doubled, references=both, **seen)
        if standing.kind == "waiting":
            remedy = standing.remedy and f" ({standing.remedy})"
            return self.opened(f"waiting: {standing.state}{remedy}", **seen)
        if standing.kind == "failed":
            return self.made(NotPaid if paid else NotDone, **seen)
        self._to_come = not standing.settled
        if standing.kind == "check":
            return self.made(PaidCheckNeeded, **seen)
        return self.made(Paid if paid else Done, **seen)
