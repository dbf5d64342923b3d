"""What the schema of GMO's requests cannot say, by operation name.

The rules of a group are imported with its first call, so importing the client costs nothing here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from kessai.constraints import Report
    from kessai.operation import Operation

    from .common import Rule

__all__ = ["check"]

_SHAPE = frozenset({"type", "required"})


def check(
    operation: Operation[Any, Any],
    request: Any,
    report: Report,
    *,
    live: bool,
    clock: Callable[[], float],
) -> None:
    """Report every documented rule that a request breaks, beside what the schema's limits found.

    ``clock`` gives seconds since the epoch and is asked only where a deadline depends on the day.
    Nothing is raised for a request whose parts have the wrong type: the schema's check has
    reported those, and a rule that cannot read such a part leaves it.
    """
    from .scope import Scope

    scope = Scope(report, live=live, clock=clock)
    for rule in _rules(operation.group, operation.name):
        try:
            rule(request, scope)
        except (AttributeError, TypeError):
            if not _misshapen(request):
                raise


def _misshapen(request: Any) -> bool:
    """Whether the schema's own check finds a part of the wrong type, lifted limits included."""
    from kessai.constraints import Report

    found = Report()
    request.check("", found)
    return any(violation.code in _SHAPE for violation in found.violations)


@cache
def _rules(group: str, operation: str) -> tuple[Rule, ...]:
    if group == "credit":
        from .credit import RULES
    elif group == "wallet":
        from .wallet import RULES
    elif group == "cash":
        from .cash import RULES
    else:
        from .lookup import RULES
    return RULES.get(operation, ())
