"""Wrapped bodies: encoded once a call, believed or torn, and out of the way of digests."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from kessai.call import call
from kessai.commands import Reply
from kessai.errors import (
    IntentConflictError,
    OutcomeUnknown,
    UnreadableAnswerError,
    ValidationError,
)
from kessai.operation import Ask, Operation
from kessai.outcome import Done, Paid
from kessai.parameters import NO_BODY, NoBody
from kessai.resolve import resolve
from kessai.stores.memory import MemoryJournal
from kessai.wire import decode_nothing

from tests.support.core_clients import Make, making
from tests.support.core_fake import (
    LOOK,
    OPERATIONS,
    PAY,
    PAY_BARE,
    SECRET,
    STORE,
    LookRequest,
    PayRequest,
    Receipt,
    no_answer,
    ok,
    problem,
    receipt,
)
from tests.support.core_hand import START, Hand, header, make_setup
from tests.support.core_odd import Envelope, WrappedGateway, wrapped

PING: Operation[NoBody, Receipt] = Operation(
    name="ping",
    group="order",
    method="GET",
    path="/ping",
    media="",
    request_name="NoBody",
    requests=lambda: (NoBody,),
    answers=lambda: {200: receipt},
    safe=True,
)


@pytest.fixture(params=["sync", "async"])
def both(request: pytest.FixtureRequest) -> Iterator[Make]:
    with making(request.param, WrappedGateway) as make:
        yield make


def lost(secret: str = "s3", operation: Operation[Any, Any] = PAY) -> OutcomeUnknown:
    setup = make_setup(WrappedGateway(Envelope(secret)))
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(setup, operation, PayRequest(), {"max_attempts": 1}))
    return raised.value


def test_encoded_once_and_the_same_bytes_each_time() -> None:
    """With the codec's media type; what comes back is unwrapped."""
    gateway = WrappedGateway()
    hand = Hand([no_answer(), wrapped()])
    answer = hand.run(call(make_setup(gateway), PAY, PayRequest(), {}))
    assert answer.value == Receipt("R-1", "AUTH")
    assert answer.content.startswith(b"s3:")
    assert gateway.codec is not None
    assert isinstance(gateway.codec, Envelope)
    assert gateway.codec.wrapped == 1
    first, second = hand.sent
    assert first.content == second.content
    assert first.content.startswith(b"s3:")
    assert header(first, "Content-Type") == "application/x-envelope"


def test_nothing_is_wrapped_where_there_is_no_body() -> None:
    """A read without a body has no type and no bytes; its answer is unwrapped all the same."""
    gateway = WrappedGateway()
    hand = Hand([wrapped(200)])
    assert hand.run(call(make_setup(gateway), PING, NO_BODY, {})).value.id == "R-1"
    assert (hand.sent[0].content, header(hand.sent[0], "Content-Type")) == (b"", None)


def test_digests_are_of_the_plain_json() -> None:
    """A new secret changes none, nor does having no codec at all."""
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(make_setup(), PAY, PayRequest(), {"max_attempts": 1}))
    assert lost("s3").digest == lost("s4").digest == raised.value.digest


def test_a_repeat_on_order_is_wrapped_with_the_secret_of_now() -> None:
    """The order is the same one; another request is not."""
    unknown = lost("s3", STORE)
    setup = make_setup(WrappedGateway(Envelope("s4")))
    hand = Hand([wrapped(200, secret="s4")])
    outcome = hand.run(resolve(setup, unknown, OPERATIONS, True, PayRequest()))
    assert type(outcome) is Done
    assert hand.sent[0].content.startswith(b"s4:")
    assert header(hand.sent[0], "Idempotency-Key") == unknown.idempotency_key
    with pytest.raises(IntentConflictError):
        Hand().run(resolve(setup, unknown, OPERATIONS, True, PayRequest(amount=5)))


def test_the_limits_of_json_hold_before_wrapping() -> None:
    """What cannot be JSON is named, and nothing is wrapped."""

    class Odd(PayRequest):
        def to_wire(self) -> dict[str, Any]:
            return {"order": {"orderId": object()}}

    gateway = WrappedGateway()
    with pytest.raises(ValidationError) as raised:
        Hand().run(call(make_setup(gateway), PAY, Odd(), {}))
    assert raised.value.violations[0].pointer == "/order/orderId"
    assert isinstance(gateway.codec, Envelope)
    assert gateway.codec.wrapped == 0


BAD = [
    (Reply(200, {}, b"other:e30="), "the mark is wrong"),
    (Reply(200, {}, b"stumble:"), "LookupError while unwrapping"),
    (Reply(200, {}, b"s3:e30"), "while unwrapping"),
    (Reply(200, {}, b"s3:bm8="), "no JSON"),
    (Reply(200, {}, b""), "the mark is wrong"),
    (Reply(200, {}, b"s3:e30=", torn=True), "shorter than promised"),
]


@pytest.mark.parametrize(("reply", "message"), BAD)
def test_what_is_not_believed_is_doubtful(reply: Reply, message: str) -> None:
    """Torn: the order may have been carried out, and the bytes are kept."""
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([reply]).run(call(make_setup(WrappedGateway()), PAY_BARE, PayRequest(), {}))
    cause = raised.value.last_error
    assert isinstance(cause, UnreadableAnswerError)
    assert cause.content == reply.content
    assert message in str(cause)
    assert SECRET not in str(cause)
    assert raised.value.attempts[0][1:4] == ("maybe", 200, "UnreadableAnswerError")


@pytest.mark.parametrize(("operation", "request_"), [(LOOK, LookRequest("A-1")), (PAY, None)])
def test_it_is_asked_for_again_where_that_is_safe(
    operation: Operation[Any, Any], request_: Any
) -> None:
    """A read, and an order with a key: like any torn answer."""
    hand = Hand([BAD[0][0], wrapped(200)])
    steps = call(make_setup(WrappedGateway()), operation, request_ or PayRequest(), {})
    assert [attempt.sent for attempt in hand.run(steps).attempts] == ["maybe", "yes"]


def test_a_read_that_is_never_believed() -> None:
    with pytest.raises(UnreadableAnswerError) as raised:
        Hand([BAD[0][0]] * 3).run(call(make_setup(WrappedGateway()), LOOK, LookRequest("A-1"), {}))
    assert raised.value.content == b"other:e30="
    assert raised.value.unknown is None


def test_the_rule_of_the_spec_reads_what_was_unwrapped() -> None:
    """An operation without a ``Lookup`` is asked about in envelopes too."""
    hand = Hand([wrapped(200, amount=100)])
    outcome = hand.run(resolve(make_setup(WrappedGateway()), lost(), OPERATIONS, False, None))
    assert type(outcome) is Paid
    assert hand.sent[0].content.startswith(b"s3:")


def test_errors_are_the_gateways_to_judge() -> None:
    """Status 400 and above goes to ``judge`` as it came."""
    gateway = WrappedGateway()
    with pytest.raises(OutcomeUnknown):
        Hand([problem(500)]).run(call(make_setup(gateway), PAY_BARE, PayRequest(), {}))
    assert gateway.judged == [500]


@pytest.mark.parametrize("reply", [Reply(204, {}, b""), Reply(204, {}, b"{}")])
def test_an_answer_that_is_documented_to_be_empty(reply: Reply) -> None:
    """Is one; where a body is documented, none is torn."""
    gone: Operation[PayRequest, None] = Operation(
        name="gone",
        group="order",
        method="DELETE",
        path="/gone",
        request_name="PayRequest",
        requests=lambda: (PayRequest,),
        answers=lambda: {204: decode_nothing},
        ask=Ask(by="replay"),
    )
    assert Hand([reply]).run(call(make_setup(), gone, PayRequest(), {})).value is None
    with pytest.raises(OutcomeUnknown):
        Hand([Reply(200, {}, b"")]).run(call(make_setup(), PAY_BARE, PayRequest(), {}))


def test_both_clients(both: Make) -> None:
    """The same through either driver: torn once, believed then, and the journal closed."""
    bodies = iter([b"other:e30=", wrapped().content])
    seen: list[httpx2.Request] = []
    journal = MemoryJournal(clock=lambda: START)

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        return httpx2.Response(201, content=next(bodies))

    assert both(handler, journal=journal).run(PAY, PayRequest()) == Receipt("R-1", "AUTH")
    assert seen[0].headers["content-type"] == "application/x-envelope"
    entry = journal.get("fake:shop1:test:pay:orderId=A-1")
    assert entry is not None
    assert (entry.end, entry.attempts) == ("done", 2)


def test_who_has_no_codec_sends_json() -> None:
    hand = Hand([ok()])
    hand.run(call(make_setup(), PAY, PayRequest(), {}))
    assert header(hand.sent[0], "Content-Type") == "application/json"
