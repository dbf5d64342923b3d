"""What is asked, by which names, and that no list of transactions is believed too far."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai.lookup import FIRST_SENT
from kessai_mdk import models as m
from kessai_mdk import operations
from kessai_mdk.standing import MdkLookup, begins
from kessai_mdk.transactions import CLOCK_TOLERANCE

from tests.support.script import NOW
from tests.unit.mdk.scripted import (
    COMMANDS,
    ORDER,
    ORDERS,
    Found,
    Script,
    card,
    mpi,
    sample,
    transaction,
)

LOOKUP = MdkLookup(dummy=True)


@pytest.mark.parametrize("name", ORDERS)
def test_every_order_can_be_asked_about(name: str) -> None:
    operation, wire = operations.OPERATIONS[name], sample(name).to_wire()
    names = LOOKUP.names(operation, wire)
    assert names["orderId"] == wire["orderId"]
    asked = LOOKUP.question(names)
    assert asked is not None
    question, request = asked
    rule = operation.ask
    assert rule is not None
    assert question.name == rule.by  # as the spec says
    assert question.safe
    question.requests[0].decode(dict(request)).check("", Limits())
    assert names.get("amount") == wire.get("amount")


class Limits:
    """A report that takes no violation."""

    def add(self, pointer: str, *args: Any, **more: Any) -> None:
        raise AssertionError(pointer)


def test_what_names_no_order_cannot_be_asked_about() -> None:
    assert LOOKUP.names(operations.CARD_AUTHORIZE, {}) == {}
    assert LOOKUP.question({}) is None
    assert LOOKUP.question({"orderId": ""}) is None
    for number in ("*", "ORDER*", "a*b"):
        assert LOOKUP.question({"orderId": number, "askBy": "search"}) is None


BEGIN = {
    *(f"{service}Authorize" for service in ("card", "mpi", "cvs", "bank", "upop", "alipay")),
    *(f"{service}Authorize" for service in ("carrier", "oricosc", "paypay", "rakuten", "merpay")),
    *(f"{service}ReAuthorize" for service in ("card", "mpi", "carrier", "paypay", "rakuten")),
    "merpayReAuthorize",
    "paypalAuthorize",  # the example is a set
    "paypalCapture",
}


@pytest.mark.parametrize("name", ORDERS)
def test_what_begins_an_order_shares_its_number(name: str) -> None:
    operation, wire = operations.OPERATIONS[name], sample(name).to_wire()
    assert begins(operation, wire) == (name in BEGIN)
    intent = LOOKUP.intent(operation, wire)
    if name in BEGIN:
        assert intent == f"orderId={wire['orderId']}"
    elif intent is not None:
        assert intent.startswith(f"orderId={wire['orderId']}:{name}")


@pytest.mark.parametrize(
    ("name", "members", "intent"),
    [
        ("cardCapture", {"amount": "100"}, "orderId=X:cardCapture"),
        ("cardCancel", {}, "orderId=X:cardCancel"),
        ("cardCancel", {"amount": "100"}, None),
        ("cardRetry", {}, None),
        ("upopCapture", {}, "orderId=X:upopCapture"),
        ("upopCapture", {"amount": "100"}, None),
        ("upopRefund", {"amount": "100"}, None),
        ("paypalRefund", {}, None),
        ("carrierCapture", {"captureMonth": "202601"}, "orderId=X:carrierCapture:202601"),
        ("carrierCancel", {"cancelMonth": "202601"}, "orderId=X:carrierCancel:202601"),
        ("carrierCancel", {"cancelMonth": "202601", "amount": "1"}, None),
        ("carrierTerminate", {}, "orderId=X:carrierTerminate"),
        ("carrierUpdateAuthorize", {"amount": "1"}, None),
        ("paypalAuthorize", {"action": "do"}, "orderId=X:paypalAuthorize:do"),
        ("paypalAuthorize", {"action": "get"}, None),
        ("paypalCapture", {"action": "get"}, None),
        ("paypalCapture", {"action": "capture"}, "orderId=X:paypalCapture:capture"),
        ("paypayAuthorizeConfirm", {}, "orderId=X:paypayAuthorizeConfirm"),
        ("cardCancel", {"orderId": ""}, None),
    ],
)
def test_what_may_be_meant_twice_has_no_name(
    name: str, members: dict[str, str], intent: str | None
) -> None:
    wire = {"orderId": "X", **members}
    assert LOOKUP.intent(operations.OPERATIONS[name], wire) == intent


def horizon(request: Any, **options: Any) -> float | None:
    lookup = MdkLookup(dummy=True, **options)
    name = "mpiAuthorize" if isinstance(request, m.MpiAuthorizeRequest) else "cardAuthorize"
    operation = operations.OPERATIONS[name]
    return lookup.absent_after(operation, lookup.names(operation, request.to_wire()))


def test_only_a_token_runs_out() -> None:
    assert horizon(card()) == 1800.0
    assert horizon(mpi()) == 1800.0
    assert horizon(card(), not_found_after=900) == 900.0
    assert horizon(card(token=False)) is None
    member = m.AccountParam(card_param=m.CardParam(card_id="1"))
    both = m.PayNowIdParam(token="t", account_param=member)
    request = card()
    request.pay_now_id_param = both
    assert horizon(request) is None
    none = m.MpiServiceOptionType.MPI_NONE
    assert horizon(mpi(service_option_type=none)) is None
    assert horizon(mpi(pay_now_id_param=None)) is None


@pytest.mark.parametrize("name", sorted(set(ORDERS) - {"cardAuthorize", "mpiAuthorize"}))
def test_nothing_else_has_a_horizon(name: str) -> None:
    """A payment with an earlier order's card has that card, whatever token is beside it."""
    operation, request = operations.OPERATIONS[name], sample(name)
    if name == "mpiReAuthorize":
        request.service_option_type = m.MpiServiceOptionType.MPI_COMPLETE
    request.pay_now_id_param = m.PayNowIdParam(token="t")
    names = LOOKUP.names(operation, request.to_wire())
    assert LOOKUP.absent_after(operation, names) is None


# What a list of transactions says

STATES = st.sampled_from(["success", "failure", "pending", "odd"])
TRANSACTIONS = st.lists(
    st.builds(
        transaction,
        command=st.sampled_from(["Authorize", "Capture", "Cancel"]),
        mstatus=STATES,
        amount=st.sampled_from([3300, 100, None]),
        seconds=st.sampled_from([-9000.0, -CLOCK_TOLERANCE - 1, -10.0, 0.0, 60.0, None]),
        txn_id=st.sampled_from(["1", "2", "3"]),
    ),
    max_size=5,
)


def said_of(name: str, listed: list[Any], amount: str | None) -> Any:
    operation = operations.OPERATIONS[name]
    body = deepcopy({"result": Found(Script(), *listed).result()})  # decoding uses it up
    value = operations.SEARCH_SEARCH.answers[200](body)
    reference = {"orderId": ORDER, "askBy": "search", FIRST_SENT: repr(NOW)}
    if amount is not None:
        reference["amount"] = amount
    return LOOKUP.found(operation, value, reference)


@given(TRANSACTIONS, st.sampled_from(["100", "3300", None]))
def test_nothing_is_done_that_no_transaction_says(listed: list[Any], amount: str | None) -> None:
    """Done and failed need a transaction of the command, with the amount, of that state."""
    for name, command in (("cardAuthorize", "Authorize"), ("cardCancel", "Cancel")):
        standing = said_of(name, listed, amount)
        fits = [
            one
            for one in listed
            if one["command"] == command and amount in (None, one.get("amount"))
        ]
        states = {one["mstatus"] for one in fits}
        if standing.kind == "done":
            assert "success" in states
        elif standing.kind == "failed":
            assert "failure" in states
            recent = [one for one in fits if one["mstatus"] == "success"]
            assert name == "cardCancel" or not recent
        elif standing.kind == "waiting":
            assert "pending" in states
        elif standing.kind == "doubled":
            assert name == "cardAuthorize"
            assert [one["mstatus"] for one in fits].count("success") > 1
        elif standing.kind == "absent":
            assert name == "cardCancel"  # a payment's order is there: it is not absent


@given(TRANSACTIONS)
def test_a_success_of_a_payment_is_never_overlooked(listed: list[Any]) -> None:
    mine = transaction("Authorize", "success", 3300, 5.0, "9")
    standing = said_of("cardAuthorize", [*listed, mine], "3300")
    assert standing.kind in ("done", "doubled")


def test_without_a_time_of_ours_a_part_is_not_told_apart() -> None:
    """A record of another version may lack it."""
    body = {"result": Found(Script(), transaction("Cancel", amount=100)).result()}
    value = operations.SEARCH_SEARCH.answers[200](body)
    reference = {"orderId": ORDER, "amount": "100"}
    assert LOOKUP.found(operations.CARD_CANCEL, value, reference).kind == "unsettled"
    for odd in ("", "soon"):
        found = LOOKUP.found(operations.CARD_CANCEL, value, {**reference, FIRST_SENT: odd})
        assert found.kind == "unsettled"


def test_reads_have_no_standing_of_their_own() -> None:
    assert {name for name in COMMANDS if name not in ORDERS} == {
        "alipayConfirm",
        "alipayCreateIdentityCode",
        "mpiGetResult",
        "rakutenConfirm",
        "searchSearch",
    }
