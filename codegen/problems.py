"""What can be wrong with a spec, as data: errors that stop, repairs that are told.

Every message has two halves, a cause and a remedy, so that the command line can always print
one line that says what to do.
"""

from __future__ import annotations

from typing import NamedTuple

from codegen.reading.tree import Object


class Problem(NamedTuple):
    """One thing that stops a document from being used."""

    code: str  # stable, for programs: "pattern", "union", "ref" ...
    pointer: str  # JSON pointer of the place
    what: str  # the cause
    remedy: str

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.what}; {self.remedy} [{self.code}]"


class Repair(NamedTuple):
    """One change that made a document usable, with its reason. Never made in silence."""

    code: str
    pointer: str  # where it stood when it was repaired
    what: str  # the change made
    why: str  # what the defect would have done

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: {self.what} ({self.why}) [{self.code}]"


class SpecError(Exception):
    """A spec that cannot be used: one line with the cause and the remedy.

    ``problems`` lists every place when there are several; the text names the first.
    """

    def __init__(self, cause: str, remedy: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(f"{cause}; {remedy}")
        self.cause = cause
        self.remedy = remedy
        self.problems = problems

    @classmethod
    def of(cls, title: str, problems: tuple[Problem, ...]) -> SpecError:
        """Make one error out of many problems."""
        first = problems[0]
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return cls(f"{title}: {first.pointer or '/'}: {first.what}{more}", first.remedy, problems)


class Work:
    """A document on its way through the passes of normalising, with what was found so far."""

    def __init__(self, document: Object) -> None:
        self.document = document
        self.repairs: list[Repair] = []
        self.problems: list[Problem] = []
        self.inlined: set[str] = set()  # references that were written out

    def repaired(self, code: str, pointer: str, what: str, why: str) -> None:
        """Tell of a change."""
        self.repairs.append(Repair(code, pointer, what, why))

    def problem(self, code: str, pointer: str, what: str, remedy: str) -> None:
        """Tell of a place that cannot be decided."""
        self.problems.append(Problem(code, pointer, what, remedy))
