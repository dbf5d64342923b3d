"""One question that leads to another, the time of the order for lists, and what pays nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from kessai.lookup import FIRST_SENT, Standing
from kessai.operation import Operation
from kessai.outcome import Done, NotDone, Open, Outcome, Paid

from tests.support.core_fake import LOOK, PAY, STORE
from tests.support.core_hand import START
from tests.support.core_odd import Search
from tests.unit.core.test_resolve import paths
from tests.unit.core.test_resolve_lookup import found, settle


class Leading(Search):
    """Says OTHER where something else has to be asked; keeps what it was given."""

    def __init__(self, *leads: str, ends: Standing | None = None) -> None:
        super().__init__()
        self.leads = list(leads)
        self.ends = ends
        self.given: list[dict[str, str]] = []

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        return LOOK, {"orderId": reference.get("next", "A-1")}

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        self.given.append(dict(reference))
        if value.state == "OTHER" and self.leads:
            return Standing("unsettled", "OTHER", {"next": self.leads.pop(0)})
        return self.ends or super().found(operation, value, reference)


def asked(hand: Any) -> list[str]:
    """The order ids in the questions."""
    return [orjson.loads(send.content)["orderId"] for send in hand.sent]


def test_an_answer_that_names_who_knows_is_followed_at_once() -> None:
    lookup = Leading("B-2")
    outcome, hand = settle([found("OTHER"), found("AUTH")], lookup=lookup)
    assert type(outcome) is Paid
    assert asked(hand) == ["A-1", "B-2"]
    assert outcome.tried == ("look: OTHER", "look: AUTH")
    assert outcome.reference["next"] == "B-2"


def test_it_is_followed_once_in_a_question() -> None:
    """Two that point at each other must not ask for ever."""
    lookup = Leading("B-2", "A-1", "B-2")
    outcome, hand = settle([found("OTHER"), found("OTHER")], lookup=lookup)
    assert isinstance(outcome, Open)
    assert paths(hand) == ["look", "look"]


def test_what_is_known_already_leads_nowhere() -> None:
    class Known(Leading):
        def question(
            self, reference: Mapping[str, str]
        ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
            return LOOK, {"orderId": reference["orderId"]}

        def found(
            self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
        ) -> Standing:
            return Standing("unsettled", "OTHER", {"orderId": reference["orderId"]})

    outcome, hand = settle([found("OTHER")], lookup=Known())
    assert isinstance(outcome, Open)
    assert paths(hand) == ["look"]


def test_found_knows_when_the_order_left() -> None:
    """For lists in which it has to be told from earlier ones; it is no name to keep."""
    lookup = Leading()
    outcome, _ = settle([found("AUTH")], lookup=lookup, later=500.0)
    (given,) = lookup.given
    assert float(given[FIRST_SENT]) == START
    assert FIRST_SENT not in outcome.reference


@pytest.mark.parametrize(
    ("operation", "standing", "kind"),
    [
        (PAY, Standing("done", "X"), Paid),
        (PAY, Standing("done", "X", paid=False), Done),
        (PAY, Standing("failed", "X", paid=False), NotDone),
        (STORE, Standing("done", "X"), Done),
        (STORE, Standing("done", "X", paid=True), Paid),
    ],
)
def test_whether_it_pays_is_the_rules_or_the_answers(
    operation: Operation[Any, Any], standing: Standing, kind: type[Outcome]
) -> None:
    """An authentication alone pays nothing, whatever the same command does otherwise."""
    outcome, _ = settle([found("AUTH")], operation, lookup=Leading(ends=standing))
    assert type(outcome) is kind


def test_a_lookup_that_stumbles_over_an_answer_settles_nothing() -> None:
    class Stumbling(Leading):
        def found(
            self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
        ) -> Standing:
            raise AttributeError("an overlay's mistake")

    outcome, hand = settle([found("SETTLED")], lookup=Stumbling())
    assert isinstance(outcome, Open)
    assert "form that nobody described" in outcome.reason
    assert paths(hand) == ["look"]
