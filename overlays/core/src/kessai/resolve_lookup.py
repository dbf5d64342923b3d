"""Settling an unknown outcome by a name that an answer gave, or by the first answer given again.

The question comes first here too, wherever an answer left a name to ask by. Where none did, only a
repeat under the first key can tell: the gateway gives its first answer again, failures included,
and carries the order out if it never arrived. So it happens on order only (``complete=True``). An
order whose answer said that nothing is decided yet is asked about, and never repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kessai.call import Call
from kessai.errors import GatewayError, KessaiError, NotFoundError, UnreadableAnswerError
from kessai.outcome import Done, NotDone, NotPaid, Open, Outcome, Paid, PaidCheckNeeded
from kessai.prepare import Prepared, serialise
from kessai.resolve import OURS, Case, Found
from kessai.retry import http_date

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.errors import OutcomeUnknown
    from kessai.lookup import Lookup, Standing
    from kessai.operation import Answer, Operation
    from kessai.setup import Setup
    from kessai.stores.values import End


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

    def look(self, replayed: Answer[Any] | None) -> Generator[Command, Any, Found]:
        """Ask by the name an answer gave, if there is one."""
        asked = self._lookup.question(self.reference)
        if asked is None:
            self.tried.append("nothing to ask by: no answer came that named it")
            if not self.repeat:
                reason = "pending, and its answer gave no name to ask by: the gateway's staff can"
                return Found(self.opened(reason, replayed=replayed), False, None)
            reason = "only a replay on order settles it"
            return Found(self.unsettled(reason, replayed=replayed), True, None)
        question, wire = asked
        prepared = Prepared(
            self.setup, question, wire, serialise(question, wire), next(self.setup.calls)
        )
        try:
            answer = yield from Call[Any](self.setup, prepared, question).run()
        except OURS:
            raise
        except KessaiError as error:
            self.tried.append(f"{question.name}: {type(error).__name__}")
            date = None
            if isinstance(error, GatewayError | UnreadableAnswerError):
                date = http_date(error.headers.get("date", ""))
            if isinstance(error, NotFoundError):
                return self._nothing("not found at the gateway", date, error, replayed=replayed)
            reason = "the question was not answered; ask again later"
            return Found(self.opened(reason, error, replayed=replayed), False, date)
        standing = self._lookup.found(self.operation, answer.value, self.reference)
        self.tried.append(f"{question.name}: {standing.state or 'answered'}")
        date = http_date(answer.headers.get("date", ""))
        if standing.kind == "unsettled":
            reason = f"the state {standing.state or 'is absent and'} settles nothing"
            reason += standing.remedy and f" ({standing.remedy})"
            return self._nothing(
                reason, date, state=standing.state, answer=answer, replayed=replayed
            )
        return Found(self._ended(standing, answer=answer, replayed=replayed), False, date)

    def success(self, repeat: Call[Any], answer: Answer[Any]) -> Generator[Command, Any, Outcome]:
        """Read the first answer, or the one of now; ask when it only says to wait."""
        self.reference = {**self.reference, **repeat.learned}
        standing = repeat.standing
        if standing is not None and standing.kind in ("done", "check"):
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

    def _nothing(
        self, reason: str, date: float | None, error: KessaiError | None = None, **seen: Any
    ) -> Found:
        """Open; a repeat could still say more unless the gateway has the order in hand."""
        if self.repeat:
            reason = f"{reason}; only a replay on order settles it"
            return Found(self.unsettled(reason, error, **seen), True, date)
        return Found(self.opened(reason, error, **seen), False, date)

    def _ended(self, standing: Standing, **seen: Any) -> Outcome:
        """The outcome of an answer that says how the order stands."""
        seen["state"] = standing.state
        paid = standing.paid or self.ask.ends == "paid"
        if standing.kind == "waiting":
            remedy = standing.remedy and f" ({standing.remedy})"
            return self.opened(f"waiting: {standing.state}{remedy}", **seen)
        if standing.kind == "failed":
            return self.made(NotPaid if paid else NotDone, **seen)
        self._to_come = not standing.settled
        if standing.kind == "check":
            return self.made(PaidCheckNeeded, **seen)
        return self.made(Paid if paid else Done, **seen)
