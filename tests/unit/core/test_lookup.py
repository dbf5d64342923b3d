"""Gateways asked by a name that only answers carry: the two verdicts, what is kept, what is read.

How such an unknown outcome ends is told with the gateway that has it (tests/unit/unified).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from kessai.call import call
from kessai.commands import Reply
from kessai.errors import (
    CardDeclinedError,
    ConfigurationError,
    OutcomeUnknown,
    ServerError,
    UnreadableAnswerError,
)
from kessai.gateway import Verdict
from kessai.lookup import NO_REPEAT, Standing, kept, learned
from kessai.operation import Operation

from tests.support.core_fake import LOOK, PAY, PAY_BARE, FakeGateway, LookRequest, PayRequest, ok
from tests.support.core_hand import Hand, make_setup

LOST = Reply(500, {}, b"<html>")


class Names:
    """Asks by a number that answers give."""

    def __init__(self, standing: Standing | Exception) -> None:
        self.standing = standing

    def names(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> Mapping[str, str]:
        return {"orderId": str(wire.get("order", {}).get("orderId"))}

    def intent(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> str | None:
        return None

    def own(self, operation: Operation[Any, Any], value: Any) -> Standing:
        if isinstance(self.standing, Exception):
            raise self.standing
        return self.standing

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        return None

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        return Standing("unsettled")

    def absent_after(
        self, operation: Operation[Any, Any], reference: Mapping[str, str]
    ) -> float | None:
        return None


class Gateway(FakeGateway):
    """Speaks the two verdicts: 402 is final, 503 is pending and gives a number."""

    def __init__(self, standing: Standing | Exception | None = None) -> None:
        super().__init__()
        self.lookup = Names(standing or Standing("done"))

    def judge(self, operation: Operation[Any, Any], reply: Reply) -> Verdict:
        if reply.status == 402:
            return Verdict("final", CardDeclinedError(title="declined"))
        if reply.status == 503:
            return Verdict("pending", ServerError(title="pending"), None, {"number": "N-1"})
        return Verdict("doubtful", ServerError(), None, {"number": "N-0"})


FINAL, PENDING = Reply(402, {}, b""), Reply(503, {}, b"")


def test_final_holds_for_the_attempts_before() -> None:
    hand = Hand([LOST, FINAL])
    with pytest.raises(CardDeclinedError) as raised:
        hand.run(call(make_setup(Gateway()), PAY, PayRequest(), {}))
    assert [attempt.status for attempt in raised.value.attempts] == [500, 402]


@pytest.mark.parametrize("before", [0, 1])
def test_pending_ends_the_attempts(before: int) -> None:
    hand = Hand([*[LOST] * before, PENDING])
    with pytest.raises(OutcomeUnknown) as raised:
        hand.run(call(make_setup(Gateway()), PAY, PayRequest(), {}))
    assert len(hand.sent) == before + 1
    assert raised.value.reference == {"orderId": "A-1", "number": "N-1"}
    assert not raised.value.repeat
    assert raised.value.attempts[-1].sent == "maybe"


def test_a_doubtful_answer_gives_a_name_as_well() -> None:
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([LOST]).run(call(make_setup(Gateway()), PAY_BARE, PayRequest(), {}))
    assert raised.value.reference["number"] == "N-0"
    assert raised.value.repeat


def test_a_read_that_is_pending_is_an_error() -> None:
    with pytest.raises(ServerError):
        Hand([PENDING]).run(call(make_setup(Gateway()), LOOK, LookRequest("A-1"), {}))


def test_a_success_that_says_failed_is_kept_and_no_success() -> None:
    standing = Standing("failed", reference={"number": "N-2"})
    with pytest.raises(UnreadableAnswerError) as raised:
        Hand([ok()]).run(call(make_setup(Gateway(standing)), PAY, PayRequest(), {}))
    assert json.loads(raised.value.content)["id"] == "R-1"
    assert raised.value.unknown is not None
    assert raised.value.unknown.reference["number"] == "N-2"


def test_a_lookup_that_stumbles_costs_no_answer() -> None:
    setup = make_setup(Gateway(LookupError("an overlay's mistake")))
    assert Hand([ok()]).run(call(setup, PAY, PayRequest(), {})).status == 201


def test_reads_are_not_asked_what_they_stand_for() -> None:
    setup = make_setup(Gateway(Standing("failed")))
    assert Hand([ok(200)]).run(call(setup, LOOK, LookRequest("A-1"), {})).status == 200


@pytest.mark.parametrize(
    ("standing", "end"),
    [
        (Standing("done"), "done"),
        (Standing("done", settled=False), "open"),
        (Standing("check"), "check_needed"),
        (Standing("waiting"), "open"),
        (Standing("unsettled"), "open"),
    ],
)
def test_the_journals_word(standing: Standing, end: str) -> None:
    assert standing.end == end


def test_what_a_record_keeps() -> None:
    record = kept({"orderId": "A-1", "number": "N-1"}, {"orderId": "A-1"}, repeat=False)
    assert learned(record) == {"number": "N-1"}
    assert NO_REPEAT in record
    assert NO_REPEAT not in kept({}, {}, repeat=True)


def test_keys_of_the_gateways_own_form() -> None:
    gateway = Gateway()
    gateway.key_pattern = "[0-9a-z]+"
    hand = Hand([ok()])
    with pytest.raises(ConfigurationError, match=r"\[0-9a-z\]"):
        hand.run(call(make_setup(gateway), PAY, PayRequest(), {"idempotency_key": "A-1"}))
    assert hand.sent == []
    answer = hand.run(call(make_setup(gateway), PAY, PayRequest(), {"idempotency_key": "a1"}))
    assert answer.idempotency_key == "a1"
