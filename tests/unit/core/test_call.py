"""The life of one call: its order, its key, its marks, its deadline, what it says at the end."""

from __future__ import annotations

import json
import pickle
from typing import Any, cast

import pytest
from kessai.call import call
from kessai.commands import Command, Emit, NewKey, Now, Send, TokenFault
from kessai.environment import Timeout
from kessai.errors import (
    AuthenticationError,
    CardDeclinedError,
    DeadlineExceededError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknown,
    TooManyRequestsError,
    UnreadableAnswerError,
    ValidationError,
)
from kessai.operation import Answer, CallOptions, Operation

from tests.support.core_fake import (
    LOOK,
    PAY,
    SECRET,
    FakeGateway,
    LookRequest,
    MarkAuth,
    PayRequest,
    Receipt,
    TokenAuth,
    no_answer,
    not_sent,
    ok,
    problem,
    receipt,
)
from tests.support.core_hand import START, Hand, header, make_setup


def pay(hand: Hand, request: PayRequest | None = None, **options: Any) -> Answer[Receipt]:
    settings = options.pop("settings", {})
    setup = make_setup(**settings)
    return hand.run(call(setup, PAY, request or PayRequest(), cast("CallOptions", options)))


def test_an_answer_carries_everything() -> None:
    """Value, status, headers, request id, attempts, bytes and key."""
    hand = Hand([not_sent(), ok(201, extra=1)])
    answer = pay(hand)
    assert answer.value == Receipt("R-1", "AUTH")
    assert (answer.status, answer.request_id, answer.idempotency_key) == (201, "req-1", "key-1")
    assert json.loads(answer.content)["extra"] == 1
    assert [(a.number, a.sent, a.status, a.error) for a in answer.attempts] == [
        (1, "no", None, "ConnectionRefusedError"),
        (2, "yes", 201, None),
    ]
    assert [attempt.seconds for attempt in answer.attempts] == [0.25, 0.25]
    assert SECRET not in repr(answer)


def test_order_of_things() -> None:
    """Checked, then the key, then marked, then sent; nothing comes before the check."""
    hand = Hand([ok()])
    pay(hand)
    kinds = [type(command) for command in hand.commands]
    assert kinds.index(NewKey) < kinds.index(Now) < kinds.index(Send)

    hand = Hand()
    with pytest.raises(ValidationError):
        pay(hand, PayRequest("far too long", 5000))
    assert hand.commands == []


def test_one_key_and_the_same_bytes_for_every_attempt() -> None:
    """The key is made once, before the first attempt; the bytes are serialised once."""
    hand = Hand([no_answer(), problem(429), ok()])
    pay(hand)
    assert hand.keys == 1
    assert [header(send, "Idempotency-Key") for send in hand.sent] == ["key-1"] * 3
    first = hand.sent[0].content
    assert all(send.content is first for send in hand.sent)


def test_each_attempt_is_signed_over_the_final_bytes() -> None:
    """The auth sees number, URL, headers and bytes of each attempt."""
    auth = MarkAuth()
    hand = Hand([no_answer(), ok()])
    pay(hand, settings={"auth": auth})
    assert [outgoing.attempt for outgoing in auth.seen] == [1, 2]
    for outgoing, send in zip(auth.seen, hand.sent, strict=True):
        assert (outgoing.url, outgoing.content) == (send.url, send.content)
        assert outgoing.headers["Idempotency-Key"] == "key-1"
        mark = f"Mark {outgoing.attempt}/{len(send.content)}"
        assert header(send, "Authorization") == mark
        assert SECRET not in repr(outgoing)
        assert SECRET not in repr(send)
    assert auth.seen[0].wait > auth.seen[1].wait > 0


def test_headers_of_an_attempt() -> None:
    """The gateway's headers, the content type and no encoding that would hide a torn body."""
    hand = Hand([ok()])
    pay(hand, headers={"X-Trace": "t1"})
    send = hand.sent[0]
    assert (send.method, send.url) == ("POST", "https://gateway.example/pay")
    assert header(send, "Content-Type") == "application/json"
    assert header(send, "Accept-Encoding") == "identity"
    assert header(send, "X-Trace") == "t1"
    assert header(send, "X-Version") == "2023-06"


def test_a_token_that_cannot_be_had_sends_nothing() -> None:
    """Nothing left: the token's own error is raised. After maybe sent it settles nothing."""
    refused = AuthenticationError(operation="token", status=401)
    hand = Hand(tokens=[TokenFault(refused)])
    with pytest.raises(AuthenticationError):
        pay(hand, settings={"auth": TokenAuth()})
    assert hand.sent == []

    hand = Hand([no_answer()], tokens=["t1", TokenFault(refused)])
    with pytest.raises(OutcomeUnknown) as raised:
        pay(hand, settings={"auth": TokenAuth()})
    assert raised.value.last_error is refused


def test_an_auth_that_breaks_settles_nothing() -> None:
    """A mistake in an overlay is raised before anything left, and is no answer afterwards."""

    class Broken(MarkAuth):
        def sign(self, outgoing: Any) -> Any:
            if outgoing.attempt > 1:
                raise LookupError("a mistake")
            return (yield from super().sign(outgoing))

    hand = Hand([not_sent(), ok()])
    with pytest.raises(LookupError):
        pay(hand, settings={"auth": Broken()})
    hand = Hand([no_answer(), ok()])
    with pytest.raises(OutcomeUnknown) as raised:
        pay(hand, settings={"auth": Broken()})
    assert isinstance(raised.value.__cause__, LookupError)


def test_pauses_double_and_stop_growing() -> None:
    """Jittered pauses: here the upper bound of each draw."""
    hand = Hand([not_sent() for _ in range(8)])
    with pytest.raises(NotSentError):
        pay(hand, max_attempts=8)
    assert hand.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


@pytest.mark.parametrize(
    ("headers", "slept"),
    [
        ({"retry_after": "7"}, 7.0),
        ({"retry_after": "0"}, 0.5),
        ({"retry_after": "100000"}, 60.0),
        ({"retry_after": "soon"}, 0.5),
        ({"retry_after": "-5"}, 0.5),
        # The date is 20 s after the answer's own Date, whatever this machine's clock says.
        (
            {
                "retry_after": "Mon, 05 Jan 2026 00:00:20 GMT",
                "date": "Mon, 05 Jan 2026 00:00:00 GMT",
            },
            20.0,
        ),
        # Without a Date it is measured by this machine's clock (START + 0.25 s).
        ({"retry_after": "Mon, 05 Jan 2026 01:00:10 GMT"}, 9.75),
        ({"retry_after": "Mon, 05 Jan 2020 01:00:10 GMT"}, 0.5),
    ],
)
def test_retry_after(headers: dict[str, str], slept: float) -> None:
    """Seconds or a date, capped at 60 s, never below our own pause."""
    hand = Hand([problem(429, **headers), ok()])
    pay(hand, deadline=300.0)
    assert hand.slept == [pytest.approx(slept)]


def test_a_sleep_never_crosses_the_deadline() -> None:
    """Waiting beyond the deadline could only end in its being exceeded: it ends at once."""
    hand = Hand([problem(429, retry_after="30"), ok()])
    with pytest.raises(TooManyRequestsError):
        pay(hand, deadline=20.0)
    assert (hand.slept, len(hand.sent)) == ([], 1)

    hand = Hand([no_answer(), ok()], seconds=19.9)
    with pytest.raises(OutcomeUnknown):
        pay(hand, deadline=20.0)
    assert (hand.slept, len(hand.sent)) == ([], 1)

    hand = Hand([not_sent(), ok()], seconds=19.9)
    with pytest.raises(DeadlineExceededError) as raised:
        pay(hand, deadline=20.0)
    assert isinstance(raised.value.__cause__, NotSentError)
    assert [attempt.sent for attempt in raised.value.attempts] == ["no"]


def test_a_read_out_of_time_says_what_happened() -> None:
    """A read was sent, so the end is no DeadlineExceededError, which says that nothing was."""
    hand = Hand([no_answer()], seconds=19.9)
    with pytest.raises(NoAnswerError):
        hand.run(call(make_setup(), LOOK, LookRequest("A-1"), {"deadline": 20.0}))


def test_timeouts_shrink_to_what_is_left() -> None:
    """Each attempt gets the client's timeouts, cut to the rest of the deadline."""
    timeout = Timeout(connect=5, read=90, write=60, pool=5)
    hand = Hand([not_sent(), ok()], seconds=30.0)
    pay(hand, timeout=timeout, deadline=100.0)
    assert hand.sent[0].timeout == timeout
    assert hand.sent[1].timeout == Timeout(5, 69.5, 60, 5)
    assert hand.sent[0].until == hand.sent[1].until == 1100.0


def test_time_that_ends_while_signing_sends_nothing() -> None:
    """The deadline counts whatever comes before the first byte, too."""

    class Slow(MarkAuth):
        def sign(self, outgoing: Any) -> Any:
            hand.now += 50.0
            return (yield from super().sign(outgoing))

    hand = Hand([ok()])
    with pytest.raises(DeadlineExceededError):
        pay(hand, deadline=10.0, settings={"auth": Slow()})
    assert hand.sent == []


def test_what_an_unknown_outcome_holds() -> None:
    """All it takes to ask later; no body; the same after pickling and after JSON."""
    hand = Hand([no_answer(), not_sent(), problem(500)])
    with pytest.raises(OutcomeUnknown) as raised:
        pay(hand, PayRequest("A-9", 120))
    unknown = raised.value
    assert unknown.operation == "pay"
    assert unknown.scope == "fake:shop1:test"
    assert unknown.idempotency_key == "key-1"
    assert unknown.reference == {"orderId": "A-9"}
    assert unknown.expected == {"/amount": "120"}
    assert unknown.first_sent_at.timestamp() == START
    assert unknown.first_sent_at.tzinfo is not None
    assert [(a.sent, a.status) for a in unknown.attempts] == [
        ("maybe", None),
        ("no", None),
        ("maybe", 500),
    ]
    assert len(unknown.digest) == 64
    assert SECRET not in json.dumps(unknown.to_record())

    again = pickle.loads(pickle.dumps(unknown))
    assert again.to_record() == unknown.to_record()
    assert str(again) == str(unknown)
    stored = OutcomeUnknown.from_record(json.loads(json.dumps(unknown.to_record())))
    assert stored.to_record() == unknown.to_record()
    assert stored.attempts == unknown.attempts
    assert stored.last_error is None


def test_the_digest_tells_requests_apart() -> None:
    """Other bytes, another operation or another shop: another digest; a key makes it a secret."""

    def digest(request: PayRequest, **settings: Any) -> str:
        with pytest.raises(OutcomeUnknown) as raised:
            pay(Hand([no_answer()]), request, max_attempts=1, settings=settings)
        return raised.value.digest

    other = FakeGateway()
    other.account = "shop2"
    found = [
        digest(PayRequest()),
        digest(PayRequest(amount=101)),
        digest(PayRequest(), gateway=other),
        digest(PayRequest(), digest_key=b"k" * 32),
    ]
    assert len(set(found)) == 4
    assert digest(PayRequest()) == found[0]


def test_an_unreadable_success_is_kept() -> None:
    """Status, headers and bytes are there, the field is named, and the order can be asked about."""
    hand = Hand([ok(201, id=5)])
    with pytest.raises(UnreadableAnswerError) as raised:
        pay(hand)
    error = raised.value
    assert (error.status, error.pointer, error.headers["x-request-id"]) == (201, "/id", "req-1")
    assert json.loads(error.content)["id"] == 5
    assert "R-1" not in str(error)
    assert error.unknown is not None
    assert error.unknown.reference == {"orderId": "A-1"}
    assert pickle.loads(pickle.dumps(error)).content == error.content


def test_a_decoder_that_stumbles_loses_no_answer() -> None:
    """Whatever a decoder raises, the answer is kept."""

    def stumble(data: Any) -> Receipt:
        return receipt(data["nothing"])

    operation: Operation[PayRequest, Receipt] = Operation(
        name="pay",
        group="order",
        path="/pay",
        request_name="PayRequest",
        requests=lambda: (PayRequest,),
        answers=lambda: {201: stumble},
        idempotency=PAY.idempotency,
    )
    with pytest.raises(UnreadableAnswerError) as raised:
        Hand([ok()]).run(call(make_setup(), operation, PayRequest(), {}))
    assert raised.value.content == ok().content


def test_models_that_cannot_be_imported_send_nothing() -> None:
    """Answers are resolved before anything leaves."""

    def missing() -> Any:
        raise ImportError("models")

    operation: Operation[PayRequest, Receipt] = Operation(
        name="pay",
        group="order",
        path="/pay",
        request_name="PayRequest",
        requests=lambda: (PayRequest,),
        answers=missing,
    )
    hand = Hand([ok()])
    with pytest.raises(ImportError):
        hand.run(call(make_setup(), operation, PayRequest(), {}))
    assert hand.sent == []


def test_a_refusal_says_who_what_and_when() -> None:
    """The engine fills in what the overlay does not know; the detail is kept off the message."""
    hand = Hand([not_sent(), problem(402, "card_declined", x_request_id="req-9")])
    with pytest.raises(CardDeclinedError) as raised:
        pay(hand)
    error = raised.value
    assert str(error) == "pay: 402 card_declined"
    assert repr(error) == "CardDeclinedError('pay: 402 card_declined')"
    assert (error.operation, error.status, error.request_id) == ("pay", 402, "req-9")
    assert [attempt.sent for attempt in error.attempts] == ["no", "yes"]
    assert error.detail is not None
    assert SECRET in error.detail
    again = pickle.loads(pickle.dumps(error))
    assert (again.status, again.title, str(again)) == (402, "card_declined", str(error))


def test_the_overlay_judges_only_what_is_its_own() -> None:
    """Redirects and torn bodies are doubtful whatever an overlay might say."""
    gateway = FakeGateway()
    torn = problem(402)._replace(torn=True)
    hand = Hand([problem(302, "card_declined"), torn, problem(500)])
    with pytest.raises(OutcomeUnknown):
        pay(hand, settings={"gateway": gateway})
    assert gateway.judged == [500]


def test_nothing_is_asked_of_the_hooks_when_there_are_none() -> None:
    """Events are only made for somebody."""
    hand = Hand([not_sent(), ok()])
    pay(hand)
    emitted: list[Command] = [c for c in hand.commands if isinstance(c, Emit)]
    assert emitted == []
