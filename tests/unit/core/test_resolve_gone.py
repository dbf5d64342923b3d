"""Questions whose 404 means done, and reads that only name what to ask by next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from kessai.call import call
from kessai.commands import Reply
from kessai.errors import OutcomeUnknown
from kessai.lookup import FIRST_SENT, Lookup, Standing
from kessai.operation import Ask, Operation
from kessai.outcome import Done, Open, Outcome, Paid
from kessai.resolve import resolve

from tests.support.core_fake import (
    LOOK,
    OPERATIONS,
    PAY_BARE,
    PayRequest,
    Receipt,
    no_answer,
    ok,
    problem,
    receipt,
)
from tests.support.core_hand import START, Hand, make_setup
from tests.support.core_odd import Search, SearchGateway
from tests.unit.core.test_resolve import paths

DELETE: Operation[PayRequest, Receipt] = Operation(
    name="delete",
    group="card",
    path="/delete",
    request_name="PayRequest",
    requests=lambda: (PayRequest,),
    answers=lambda: {200: receipt},
    ask=Ask(by="look", ask={"orderId": "/order/orderId"}, gone=True),
)
ALL = {**OPERATIONS, "delete": DELETE}


def settle(
    script: list[Any], operation: Operation[Any, Any], lookup: Lookup | None = None
) -> tuple[Outcome, Hand]:
    """Resolve a lost order, by the spec's rule or by the gateway's own code."""
    gateway = SearchGateway()
    gateway.lookup = lookup  # pyright: ignore[reportAttributeAccessIssue]
    setup = make_setup(gateway)
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(setup, operation, PayRequest(), {}))
    hand = Hand(script)
    return hand.run(resolve(setup, raised.value, ALL, False, None)), hand


@pytest.mark.parametrize("lookup", [None, Search()])
def test_what_was_deleted_is_not_there(lookup: Search | None) -> None:
    outcome, _ = settle([problem(404, "not_there")], DELETE, lookup)
    assert type(outcome) is Done
    assert (outcome.state, outcome.tried) == ("not_there", ("look: gone",))


@pytest.mark.parametrize("lookup", [None, Search()])
def test_what_is_still_there_may_go_yet(lookup: Search | None) -> None:
    """Nor does a refusal of the question say that it has gone."""
    for reply in (ok(200, state="OTHER"), problem(400)):
        outcome, _ = settle([reply], DELETE, lookup)
        assert type(outcome) is Open


def test_elsewhere_a_404_settles_nothing() -> None:
    for lookup in (None, Search()):
        outcome, _ = settle([problem(404)], PAY_BARE, lookup)
        assert type(outcome) is Open


class Chain(Search):
    """Asks by order id for a number, and by that number for the state. Notes what it was told."""

    def __init__(self, *, endless: bool = False) -> None:
        super().__init__()
        self.endless = endless
        self.told: list[Mapping[str, str]] = []

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        return LOOK, {"orderId": reference.get("number", reference["orderId"])}

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        self.told.append(reference)
        if self.endless or "number" not in reference:
            return Standing("unsettled", None, {"number": f"N-{len(self.told)}"})
        return super().found(operation, value, reference)


def test_one_read_leads_to_another() -> None:
    lookup = Chain()
    outcome, hand = settle([ok(200, state="LISTED"), ok(200, state="AUTH")], PAY_BARE, lookup)
    assert type(outcome) is Paid
    assert [send.content for send in hand.sent] == [b'{"orderId":"A-1"}', b'{"orderId":"N-1"}']
    assert outcome.reference["number"] == "N-1"
    assert FIRST_SENT not in outcome.reference
    assert [float(told[FIRST_SENT]) for told in lookup.told] == [START, START]


def test_a_refusal_of_status_200_leads_too() -> None:
    script: list[Reply] = [ok(200, state="DECLINED"), ok(200, state="AUTH")]
    outcome, _ = settle(script, PAY_BARE, Chain())
    assert type(outcome) is Paid


def test_it_leads_once_in_a_question() -> None:
    """However often it names another."""
    outcome, hand = settle([ok(200, state="LISTED")] * 2, PAY_BARE, Chain(endless=True))
    assert isinstance(outcome, Open)
    assert paths(hand) == ["look", "look"]


def test_a_gateway_can_leave_operations_to_the_rule_of_the_spec() -> None:
    """Then the rule's names are kept, and its states and amounts decide."""

    class Partly(SearchGateway):
        def lookup_for(self, operation: Operation[Any, Any]) -> Lookup | None:
            return None if operation.name == "payBare" else self.lookup

    setup = make_setup(Partly(Search(nameless=True)))
    for operation, reference, kind in ((PAY_BARE, {"orderId": "A-1"}, Paid), (DELETE, {}, Open)):
        with pytest.raises(OutcomeUnknown) as raised:
            Hand([no_answer()]).run(call(setup, operation, PayRequest(), {}))
        assert raised.value.reference == reference
        hand = Hand([ok(200, state="SALES", amount=100)] * len(reference))
        assert type(hand.run(resolve(setup, raised.value, ALL, False, None))) is kind
        assert hand.script == []
