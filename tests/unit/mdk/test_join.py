"""Notices and browser results of one order joined: any order, any repeats, the same end."""

from __future__ import annotations

from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from kessai import ConfigurationError
from kessai_mdk.joining import OrderState, Told, join
from kessai_mdk.notices import Notice
from kessai_mdk.notices_kinds import CARRIER_KINDS, TXN_KINDS
from kessai_mdk.results import Result, ResultService, parse_result

from tests.unit.mdk.pushes import (
    CCID,
    NOW,
    ORDER,
    RECORDS,
    RESULTS,
    SECRET,
    one,
    parse,
    proven,
    push,
    result_text,
)

NEW = OrderState(ORDER)
KINDS = sorted({*TXN_KINDS.values(), *CARRIER_KINDS.values(), "authentication", "deposit", "charge",
                "screening", "other"})  # fmt: skip


def brought(service: Any, changes: dict[str, str] | None = None, **options: Any) -> Result[Any]:
    """What a browser brought, so changed."""
    text = result_text(service, {**RESULTS[service], **(changes or {})})
    known: ResultService = service
    return parse_result(text, service=known, merchant_ccid=CCID, secret=SECRET, now=NOW, **options)


PROMPT = one("paypal")
TAKEN_BACK = one("paypal", {"mstatus": "failure"}, head={"fixed": "1"})
TAKEN_BACK_LATER = one(
    "paypal", {"mstatus": "failure", "receivedDatetime": "20260106100000"}, head={"fixed": "1"}
)
AGREED = one("paypal", {"txnType": "Authorize"})
HELD = one("paypal", {"mstatus": "pending"}, head={"fixed": "1"})
KEPT = one("paypal", head={"fixed": "1"})
APPLIED = one("carrier")
JANUARY = one("carrier", {"month": "202601", "txnType": "Capture"})
FEBRUARY = one("carrier", {"month": "202602", "txnType": "Capture", "mstatus": "failure"})
LEFT = one("carrier", {"txnType": "Terminate", "txnTime": "20260301000000"})
ERASED = one("carrier", {"txnType": "Delete", "txnTime": "20260401000000", "mstatus": "failure"})

tellings = st.sampled_from(
    [
        PROMPT, TAKEN_BACK, HELD, KEPT, APPLIED, JANUARY, FEBRUARY, LEFT, ERASED,
        *(one(service) for service in RECORDS),
        one("mpi", {"cardMstatus": "failure"}),
        one("mpi", {"cardMstatus": "", "mpiMstatus": "failure"}),
        one("mpi", {"cardMstatus": ""}),
        one("rakuten", {"mstatus": "failure", "txnTime": "20260105090000"}),
        one("rakuten", {"mstatus": "failure"}),
        one("paypal", {"txnType": "Refund"}),
        one("merpay", {"txnType": "Cancel"}),
        *(brought(service) for service in RESULTS),
        *(brought(service, {"mstatus": "failure"}) for service in RESULTS if service != "mpi"),
        brought("mpi", {"cardMstatus": "failure"}),
        brought("carrier", command="Terminate"),
    ]
)  # fmt: skip
states = st.builds(
    OrderState,
    st.just(ORDER),
    st.frozensets(
        st.builds(
            Told,
            st.sampled_from(KINDS),
            st.sampled_from(["success", "failure", "pending"]),
            st.sampled_from(["", "202601", "202602"]),
            st.sampled_from(["", "20260105100000", "20260106100000"]),
            st.integers(0, 3),
        ),
        max_size=12,
    ),
)


@given(st.lists(tellings, max_size=8), st.data())
def test_any_order_and_any_repeats_end_alike(
    told: list[Notice | Result[Any]], data: st.DataObject
) -> None:
    straight = join(NEW, *told)
    repeats = data.draw(st.lists(st.sampled_from(told), max_size=5)) if told else []
    shuffled = data.draw(st.permutations([*told, *repeats]))
    one_by_one = NEW
    for telling in shuffled:
        one_by_one = join(one_by_one, telling)
    cut = data.draw(st.integers(0, len(shuffled)))
    parted = join(join(NEW, *shuffled[:cut]), join(NEW, *shuffled[cut:]))
    for state in (one_by_one, parted):
        assert state == straight
        assert (state.status, state.charges, state.ended_by) == (
            straight.status, straight.charges, straight.ended_by,
        )  # fmt: skip
        assert (state.dump(), hash(state)) == (straight.dump(), hash(straight))


@given(states, states, states)
def test_joining_is_commutative_associative_idempotent(
    a: OrderState, b: OrderState, c: OrderState
) -> None:
    assert join(a, b) == join(b, a)
    assert join(join(a, b), c) == join(a, join(b, c)) == join(a, b, c)
    assert join(a, a) == a
    assert join(join(a, b), b) == join(a, b)
    assert join(NEW, a) == a


@given(states)
def test_a_state_survives_being_kept(state: OrderState) -> None:
    assert OrderState.load(state.dump()) == state
    assert OrderState.load(state.dump()).status == state.status


@given(states)
def test_what_ended_an_agreement_cannot_be_told_away(state: OrderState) -> None:
    """Whatever else was told, short of what makes the order unclear. (A notice of a deletion is
    never told as anything but a success.)"""
    others = frozenset(one for one in state.told if one.kind != "deletion")
    ended = join(OrderState(ORDER, others), ERASED)
    assume(ended.status != "unclear")
    assert (ended.status, ended.ended_by) == ("ended", "deletion")


@pytest.mark.parametrize("text", ["", "[]", "{}", "1", '["A",1]', '["A",["x"]]', "null"])
def test_another_text_is_no_state(text: str) -> None:
    with pytest.raises(ConfigurationError):
        OrderState.load(text)


def test_of_other_orders_nothing_is_joined() -> None:
    with pytest.raises(ConfigurationError):
        join(OrderState("OTHER"), PROMPT)
    with pytest.raises(ConfigurationError):
        join(OrderState("OTHER"), brought("mpi"))
    with pytest.raises(ConfigurationError):
        join(NEW, OrderState("OTHER"))
    nobodys = parse(*push({"accountId": "me", "cardCheckStatus": "1"})).notices[0]
    with pytest.raises(ConfigurationError):
        join(NEW, nobodys)


def status(*told: Notice | Result[Any]) -> str:
    return join(NEW, *told).status


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ([], "unknown"),
        ([one("mpi")], "authorized"),
        ([brought("mpi")], "authorized"),
        ([one("mpi"), brought("mpi")], "authorized"),
        ([one("mpi", {"cardMstatus": ""})], "authenticated"),
        ([one("mpi", {"cardMstatus": "", "mpiMstatus": "failure"})], "failed"),
        ([one("mpi", {"cardMstatus": "failure"}), brought("mpi", {"cardMstatus": "failure"})],
         "failed"),
        ([one("mpi", {"cardMstatus": "pending"})], "pending"),
        ([one("cvs")], "paid"),
        ([one("bank")], "paid"),
        ([brought("alipay")], "pending"),
        ([brought("upop")], "pending"),
        ([brought("alipay", {"mstatus": "failure"}), one("alipay")], "paid"),
        ([brought("alipay"), one("alipay", {"mstatus": "failure"})], "failed"),
        ([PROMPT], "paid"),
        ([PROMPT, KEPT], "paid"),
        ([PROMPT, HELD], "pending"),
        ([PROMPT, HELD, KEPT], "paid"),
        ([PROMPT, TAKEN_BACK], "failed"),
        ([PROMPT, HELD, TAKEN_BACK], "failed"),
        ([KEPT, TAKEN_BACK], "unclear"),
        ([KEPT, TAKEN_BACK_LATER], "unclear"),
        ([AGREED, PROMPT, TAKEN_BACK], "failed"),
        ([AGREED, one("paypal", {"mstatus": "failure"})], "authorized"),
        ([one("paypal", {"txnType": "Refund", "centerTxnId": "R1"}),
          one("paypal", {"txnType": "Refund"}, head={"fixed": "1"}),
          one("paypal", {"txnType": "Refund", "mstatus": "failure"}, head={"fixed": "1"})],
         "unclear"),
        ([one("rakuten"), one("rakuten", {"mstatus": "failure", "txnTime": ""})], "unclear"),
        ([KEPT, one("paypal", {"txnType": "Refund"})], "refunded"),
        ([APPLIED], "authorized"),
        ([brought("carrier"), APPLIED], "authorized"),
        ([APPLIED, JANUARY, FEBRUARY], "authorized"),
        ([FEBRUARY], "authorized"),
        ([APPLIED, JANUARY, LEFT], "ended"),
        ([APPLIED, LEFT, brought("carrier", command="Terminate")], "ended"),
        ([APPLIED, brought("carrier", {"mstatus": "failure"}, command="Terminate")], "authorized"),
        ([APPLIED, JANUARY, ERASED], "ended"),
        ([APPLIED, one("carrier", {"txnType": "Terminate", "mstatus": ""})], "ended"),
        ([APPLIED, one("carrier", {"txnType": "Terminate", "mstatus": "failure"})], "authorized"),
        ([one("oricosc")], "pending"),
        ([brought("oricosc")], "pending"),  # the customer applied; the screening goes on
        ([brought("oricosc", {"mstatus": "failure"})], "failed"),
        ([brought("oricosc"), one("oricosc", screening={"01": "failure"})], "failed"),
        ([one("oricosc", screening={"01": "success"})], "authorized"),
        ([one("oricosc", screening={"01": "failure"})], "failed"),
        ([one("rakuten"), one("rakuten", {"txnType": "Capture"})], "paid"),
        ([one("rakuten"), one("rakuten", {"txnType": "Cancel"})], "canceled"),
        ([one("rakuten"), one("rakuten", {"txnType": "Cancel", "mstatus": "failure"})],
         "authorized"),
        ([one("rakuten"), one("rakuten", {"mstatus": "failure", "txnTime": "20260105090000"})],
         "authorized"),
        ([one("rakuten"), one("rakuten", {"mstatus": "failure"})], "unclear"),
        ([one("rakuten", {"txnType": "Brandnew"})], "pending"),
    ],
)  # fmt: skip
def test_where_an_order_stands(told: list[Notice | Result[Any]], wanted: str) -> None:
    assert status(*told) == wanted
    assert status(*reversed(told)) == wanted


def test_a_push_outweighs_a_browser() -> None:
    """A result's values are joined without separators, the PUSH is proven byte by byte."""
    failed = one("mpi", {"cardMstatus": "failure"})
    assert status(brought("mpi"), failed) == status(failed, brought("mpi")) == "failed"
    lost = brought("rakuten", {"mstatus": "failure"})
    assert status(lost, one("rakuten")) == "authorized"
    mpi_failed = one("mpi", {"cardMstatus": "", "mpiMstatus": "failure"})
    assert status(brought("mpi"), mpi_failed) == "failed"


def test_months_of_an_agreement_and_its_end() -> None:
    state = join(NEW, FEBRUARY, LEFT, JANUARY, APPLIED)
    assert state.charges == {"202601": "success", "202602": "failure"}
    assert (state.status, state.ended_by) == ("ended", "termination")
    assert join(state, ERASED).ended_by == "deletion"
    assert join(NEW, APPLIED).ended_by is None
    retried = one("carrier", {"month": "202602", "txnTime": "20260225000000"})
    assert join(state, retried).charges["202602"] == "success"


def test_what_a_state_keeps_is_no_secret() -> None:
    kept = join(NEW, PROMPT, APPLIED, one("bank"), brought("mpi")).dump()
    for secret in ("PAYER00000001", "id.example", "00000000001", "411111"):
        assert secret not in kept


def test_a_customer_who_renames_values_gets_no_goods() -> None:
    """vAuthInfo covers values and not their names: a declined card, told as a success."""
    declined = {**RESULTS["mpi"], "vResultCode": "G011AG4400000000", "cardMstatus": "failure"}
    genuine = proven(declined)

    def shown(fields: dict[str, str]) -> OrderState:
        text = urlencode(fields)
        came = parse_result(text, service="mpi", merchant_ccid=CCID, secret=SECRET, order_id=ORDER)
        return join(NEW, came)

    assert shown(genuine).status == "failed"
    names = list(declined)
    here, there = names.index("mpiMstatus"), names.index("cardMstatus")
    names[here], names[there] = names[there], names[here]
    forged = {**genuine, "mpiMstatus": "failure", "cardMstatus": "success"}
    forged["authParams"] = b64encode(",".join(names).encode()).decode()
    state = shown(forged)
    assert state.status == "authorized"  # nothing in it tells the forgery
    assert state.by_push.status == "unknown"
    told = one("mpi", {"vResultCode": "G011AG4400000000", "cardMstatus": "failure"})
    assert join(state, told).status == join(state, told).by_push.status == "failed"
