"""Limits from the spec, run on a request before it leaves: every violation at once.

A violation names the place by its JSON pointer, the rule and the limit; it never holds the value.
Generated models and the overlays' rules report into the same ``Report``.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, cast


class Violation(NamedTuple):
    """One broken limit. ``enforced`` is False for a limit that no document of the gateway states:
    such a violation warns and does not refuse."""

    pointer: str
    code: str
    message: str
    limit: str | int | None
    source: str
    enforced: bool

    def __str__(self) -> str:
        source = f" ({self.source})" if self.source else ""
        return f"{self.pointer or '/'}: {self.message} [{self.code}]{source}"


class Report:
    """Collects violations; those that ``lift`` names are left out.

    ``lift`` holds JSON pointers with ``*`` for an index, each with an optional ``#code``:
    ``/merchant/nameKana``, ``/order/items/*/price#max-length``.
    """

    __slots__ = ("_lift", "violations")

    def __init__(self, lift: Sequence[str] = ()) -> None:
        self._lift = lift
        self.violations: list[Violation] = []

    def add(
        self,
        pointer: str,
        code: str,
        message: str,
        *,
        limit: str | int | None = None,
        source: str = "",
        enforced: bool = True,
        final: bool = False,
    ) -> None:
        """Report a violation, unless it is lifted. One that is ``final`` cannot be: the value
        has no JSON."""
        if not final and any(_lifts(entry, pointer, code) for entry in self._lift):
            return
        self.violations.append(Violation(pointer, code, message, limit, source, enforced))

    @property
    def refused(self) -> list[Violation]:
        """The violations for which a request must not be sent."""
        return [violation for violation in self.violations if violation.enforced]

    @property
    def warnings(self) -> list[Violation]:
        """The violations that are only worth a warning."""
        return [violation for violation in self.violations if not violation.enforced]


def _lifts(entry: str, pointer: str, code: str) -> bool:
    place, _, only = entry.partition("#")
    if only and only != code:
        return False
    wanted, found = place.split("/"), pointer.split("/")
    return len(wanted) == len(found) and all(
        step == name or (step == "*" and name.isdigit())
        for step, name in zip(wanted, found, strict=True)
    )


#: Levels below which a request is not looked at; no documented one has more than ten.
_DEEPEST = 200


def unsendable(wire: Any, at: str = "", depth: int = 0) -> list[Violation]:
    """The places of a request that have no JSON: lone surrogates, values that are no JSON.

    For the engine, when serialising failed; slow.
    """
    if isinstance(wire, str):
        try:
            wire.encode()
        except UnicodeEncodeError:
            message = "holds half a surrogate pair, which is no character"
            return [Violation(at, "encoding", message, None, "", True)]
        return []
    if depth > _DEEPEST:
        message = f"is nested more than {_DEEPEST} levels deep, or holds itself"
        place = "/".join(at.split("/")[:4])
        return [Violation(place, "type", message, None, "", True)]
    found: list[Violation] = []
    if isinstance(wire, dict):
        for name, member in cast("dict[object, Any]", wire).items():
            if not isinstance(name, str):
                message = f"has a member whose name is no text, but {type(name).__name__}"
                found.append(Violation(at, "type", message, None, "", True))
                continue
            step = name.replace("~", "~0").replace("/", "~1")
            found.extend(unsendable(member, f"{at}/{step}", depth + 1))
    elif isinstance(wire, list):
        for index, element in enumerate(cast("list[object]", wire)):
            found.extend(unsendable(element, f"{at}/{index}", depth + 1))
    elif isinstance(wire, int) and not -(2**53) < wire < 2**53:
        message = "is larger than JSON numbers can be"
        found.append(Violation(at, "type", message, None, "", True))
    elif wire is not None and not isinstance(wire, bool | int | float):
        message = f"{type(wire).__name__} is no JSON value"
        found.append(Violation(at, "type", message, None, "", True))
    return found
