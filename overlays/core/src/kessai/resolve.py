"""How an unknown outcome is settled: by the gateway's own means, and never by guessing.

The question comes first. Repeating the order is not a question: where the first attempt never
landed, the repeat pays now. It therefore happens only on order (``complete=True``), at most once,
with the same request in hand, under the same key, after the question found nothing that settles
it, and while the gateway surely still replays that key.

=========================== ==================== =================================================
the question finds          it ends as           ``complete=True``
=========================== ==================== =================================================
carried out, or failed      Paid, NotPaid, ...   adds nothing
carried out twice           Doubled              adds nothing
waiting                     Open                 adds nothing: the gateway has it in hand
nothing that settles it     Open                 repeats it
absent, before its horizon  Open                 repeats it, but not shortly before the horizon
absent, after its horizon   NotPaid, NotDone     adds nothing
no answer                   Open                 adds nothing: without the question no repeat
there is nothing to ask by  Open                 repeats it
=========================== ==================== =================================================

Whatever is found, an order is not repeated that had no key, whose key is older than 23 h of 24 by
either clock, whose answer said that it is pending, or of which the gateway says that a repeat is
not surely replayed (``Gateway.repeatable``). Who wants the last all the same makes the call again
himself, with ``idempotency_key=unknown.idempotency_key``: if the gateway has forgotten the key,
that is a second order. The horizon of "absent" is ``Lookup.absent_after`` the last attempt, and
both clocks must have passed it. A repeat that gets lost moves it: ``OutcomeUnknown.span`` and the
journal keep that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from kessai.case import Case
from kessai.commands import Now, Sleep
from kessai.environment import positive
from kessai.errors import OutcomeUnknown
from kessai.outcome import Open

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.operation import Operation, Request
    from kessai.outcome import Outcome
    from kessai.setup import Setup


def resolve(
    setup: Setup,
    unknown: OutcomeUnknown,
    operations: Mapping[str, Operation[Any, Any]],
    complete: bool,
    request: Request | None,
    wait: float = 0.0,
) -> Generator[Command, Any, Outcome]:
    """Settle an unknown outcome; see ``kessai.client.Client.resolve``."""
    case = case_of(setup, unknown, operations)
    if wait != 0:
        positive("wait", wait)
    order = case.order(request) if complete else None
    until = 0.0
    if wait:
        until = wait + (yield Now())
    outcome = yield from case.settle(order)
    if wait:
        outcome = yield from _wait(case, outcome, until)
    if setup.journal and unknown.intent is not None:
        yield from case.keep(outcome)
    return outcome


def _wait(case: Case, outcome: Outcome, until: float) -> Generator[Command, Any, Outcome]:
    """Ask again while it is open; the last question begins at ``until``."""
    pauses = case.setup.gateway.pauses
    turn = 0
    while isinstance(outcome, Open) and case.asks():
        now: float = yield Now()
        if now >= until:
            break
        yield Sleep(min(pauses[min(turn, len(pauses) - 1)], until - now))
        turn += 1
        outcome = yield from case.again()
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
    if operation is not None and operation.ask is not None:
        lookup = setup.gateway.lookup_for(operation)
        if lookup is not None:
            from kessai.resolve_lookup import LookupCase

            return LookupCase(setup, unknown, operations, lookup)
    return Case(setup, unknown, operations)
