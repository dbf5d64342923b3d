"""From a request to final bytes: limits, options, keys, names."""

from __future__ import annotations

import json
from collections.abc import Generator, Mapping
from typing import Any, cast

import pytest
from kessai.call import call
from kessai.commands import Command
from kessai.environment import Environment, Timeout
from kessai.errors import ConfigurationError, ValidationError
from kessai.gateway import Outgoing
from kessai.model import UnknownVariant
from kessai.operation import CallOptions, Operation
from kessai.prepare import plain, pointed
from kessai.stores.memory import MemoryJournal

from tests.support.core_fake import (
    LOOK,
    PAY,
    SECRET,
    STORE,
    TOKEN,
    LookRequest,
    MarkAuth,
    PayRequest,
    Receipt,
    TokenRequest,
    ok,
    receipt,
)
from tests.support.core_hand import Hand, header, make_setup


def run(
    operation: Any, request: Any, settings: dict[str, Any] | None = None, **options: Any
) -> Hand:
    hand = Hand([ok(200)])
    setup = make_setup(**(settings or {}))
    hand.run(call(setup, operation, request, cast("CallOptions", options)))
    return hand


def refused(operation: Any, request: Any, **options: Any) -> str:
    """What the engine says to an option; nothing may have been sent."""
    hand = Hand([ok(200)])
    with pytest.raises(ConfigurationError) as raised:
        hand.run(call(make_setup(), operation, request, cast("CallOptions", options)))
    assert hand.sent == []
    return str(raised.value)


def test_every_violation_at_once() -> None:
    """The schema's and the overlay's, each with its pointer, none with its value."""
    with pytest.raises(ValidationError) as raised:
        run(PAY, PayRequest("far too long", 5000))
    error = raised.value
    assert [violation.pointer for violation in error.violations] == [
        "/order/orderId",
        "/order/amount",
    ]
    assert "pay breaks 2 limits" in str(error)
    assert "far too long" not in str(error)
    assert "5000" not in str(error)
    with pytest.raises(ValidationError) as raised:
        run(PAY, PayRequest(amount=13))
    assert [violation.code for violation in raised.value.violations] == ["unlucky"]


def test_limits_can_be_lifted() -> None:
    """By the client or by the call, each by its pointer."""
    request = PayRequest("far too long", 5000)
    run(PAY, request, {"lift": ["/order/orderId", "/order/amount#maximum"]})
    run(PAY, request, {"lift": ["/order/orderId"]}, lift=["/order/amount"])
    with pytest.raises(ValidationError) as raised:
        run(PAY, request, lift=["/order/amount#minimum", "/order/orderId"])
    assert [violation.pointer for violation in raised.value.violations] == ["/order/amount"]


def test_limits_nobody_states_only_warn() -> None:
    """They are sent, and said."""
    hand = run(PAY, PayRequest(amount=7))
    assert [violation.code for violation in hand.warned[0].violations] == ["odd"]
    assert len(hand.sent) == 1


def test_a_request_of_another_operation_is_refused() -> None:
    """Two requests may look alike on the wire; their classes do not, whatever they are called."""
    with pytest.raises(ValidationError, match="is a LookRequest, not a PayRequest"):
        run(PAY, LookRequest("A-1"))

    class Special(PayRequest):
        """A merchant's own subclass."""

    class PayRequestCard(LookRequest):
        """Another operation's, which happens to be called like this one's."""

    assert len(run(PAY, Special()).sent) == 1
    with pytest.raises(ValidationError, match="is a PayRequestCard, not a PayRequest"):
        run(PAY, PayRequestCard("A-1"))
    newer = UnknownVariant({"order": {"orderId": "A-1"}})
    assert run(PAY, newer).sent[0].content == b'{"order":{"orderId":"A-1"}}'


def test_every_shape_of_a_union_is_taken() -> None:
    """Whatever the shapes are called; their classes are looked up at the first call."""

    class CardSource(LookRequest):
        """One shape."""

    class Wallet(LookRequest):
        """Another."""

    asked: list[str] = []

    def shapes() -> tuple[type[CardSource | Wallet], ...]:
        asked.append("now")
        return (CardSource, Wallet)

    operation: Operation[CardSource | Wallet, Receipt] = Operation(
        name="add",
        group="order",
        path="/add",
        request_name="Source",
        requests=shapes,
        answers=lambda: {200: receipt},
        safe=True,
    )
    assert asked == []
    assert len(run(operation, CardSource("A")).sent + run(operation, Wallet("A")).sent) == 2
    with pytest.raises(ValidationError, match="is a LookRequest, not a Source"):
        run(operation, LookRequest("A"))
    assert asked == ["now"]


def test_what_has_no_json_is_named() -> None:
    """By its place; the value stays unseen."""

    class Odd(PayRequest):
        def to_wire(self) -> dict[str, Any]:
            return {"order": {"note": "\ud800", "when": object()}, "card": self.card}

    with pytest.raises(ValidationError) as raised:
        run(PAY, Odd())
    assert {violation.pointer for violation in raised.value.violations} == {
        "/order/note",
        "/order/when",
    }


def test_forms_are_urlencoded() -> None:
    """The token endpoint takes a form, not JSON."""
    hand = Hand([ok(201, access_token="t", expires_in="60")])
    hand.run(call(make_setup(), TOKEN, TokenRequest(), {}))
    send = hand.sent[0]
    assert send.content == b"grant_type=client_credentials&scope=all+%26+more"
    assert send.url == "https://token.example/token"
    assert header(send, "Content-Type") == "application/x-www-form-urlencoded"


def test_a_form_holds_no_objects() -> None:
    """What a form cannot hold is named."""

    class Nested(TokenRequest):
        def to_wire(self) -> dict[str, Any]:
            return {"scope": {"a": 1}, "on": True}

    with pytest.raises(ValidationError) as raised:
        Hand().run(call(make_setup(), TOKEN, Nested(), {}))
    assert [violation.pointer for violation in raised.value.violations] == ["/scope"]


@pytest.mark.parametrize("key", ["k", "x" * 36, "order-1/attempt:1"])
def test_a_callers_key_is_used(key: str) -> None:
    """As it is, on every attempt, and none is made."""
    hand = run(PAY, PayRequest(), idempotency_key=key)
    assert header(hand.sent[0], "Idempotency-Key") == key
    assert hand.keys == 0


@pytest.mark.parametrize("key", ["", "x" * 37, "a b", "a\nb", "鍵", "a\x7f", 5, None])
def test_a_callers_key_is_checked(key: object) -> None:
    """Length and characters, before anything is sent; the key itself is not repeated."""
    said = refused(PAY, PayRequest(), idempotency_key=key)
    assert "1 to 36 printable ASCII" in said


def test_options_that_promise_what_cannot_be_kept() -> None:
    """A key where the gateway has none, an intent without a journal, a misspelt name."""
    assert "no idempotency key" in refused(LOOK, LookRequest("A"), idempotency_key="k")
    assert "journal" in refused(PAY, PayRequest(), intent="order 1")
    assert "deadlin" in refused(PAY, PayRequest(), deadlin=3)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("timeout", 0),
        ("timeout", float("inf")),
        ("timeout", float("nan")),
        ("timeout", Timeout(1, 1, -1, 1)),
        ("timeout", True),
        ("timeout", None),
        ("deadline", 0),
        ("deadline", float("inf")),
        ("deadline", "5"),
        ("max_attempts", 0),
        ("max_attempts", 1.5),
        ("max_attempts", True),
        ("lift", "/order/orderId"),
        ("lift", ["order/orderId"]),
        ("lift", [5]),
        ("lift", 5),
        ("headers", {"Authorization": "x"}),
        ("headers", {"content-length": "5"}),
        ("headers", {"idempotency-key": "x"}),
        ("headers", {"X-A": "a\r\nX-B: b"}),
        ("headers", {"X-A": "値"}),
        ("headers", {"X-A": " a"}),
        ("headers", {"X A": "a"}),
        ("headers", {"": "a"}),
    ],
)
def test_options_that_cannot_work(option: str, value: object) -> None:
    """Refused with what is wrong and what to do, before anything is sent."""
    assert len(refused(PAY, PayRequest(), **{option: value})) > 30


@pytest.mark.parametrize(
    "name",
    ["X-Version", "x-version", "User-Agent", "Content-Type", "Idempotency-Key", "AUTHORIZATION"],
)
def test_headers_of_the_gateway_cannot_be_replaced(name: str) -> None:
    """The API version least of all: answers would have another shape than their models."""
    assert repr(name) in refused(PAY, PayRequest(), headers={name: "2024-01"})


def test_headers_of_the_auth_cannot_be_doubled() -> None:
    """Known once it has signed; nothing has left by then."""

    class Digest(MarkAuth):
        def sign(self, outgoing: Outgoing) -> Generator[Command, Any, Mapping[str, str]]:
            marks = yield from super().sign(outgoing)
            return {"X-Digest": marks["Authorization"]}

    hand = Hand([ok(200)])
    options: CallOptions = {"headers": {"X-Trace": "1", "x-digest": "mine"}}
    with pytest.raises(ConfigurationError, match="'X-Digest' is the client's own"):
        hand.run(call(make_setup(auth=Digest()), PAY, PayRequest(), options))
    assert hand.sent == []


def test_a_header_value_is_never_shown() -> None:
    """It may be a secret."""
    assert SECRET not in refused(PAY, PayRequest(), headers={"X-A": f"{SECRET}\n"})


def test_an_unknown_server_is_named() -> None:
    """An environment without the server an operation wants."""
    setup = make_setup(environment=Environment(api="https://gateway.example"))
    with pytest.raises(ConfigurationError, match="'token'"):
        Hand().run(call(setup, TOKEN, TokenRequest(), {}))


def test_a_numeric_timeout_counts_for_all_four() -> None:
    """As in the HTTP library."""
    assert run(PAY, PayRequest(), timeout=3).sent[0].timeout == Timeout(3, 3, 3, 3)


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", {"a": {"b/c": [1, {"~": True}]}, "": 2}),
        ("/a/b~1c/0", 1),
        ("/a/b~1c/1/~0", True),
        ("/a/b~1c/2", None),
        ("/a/b~1c/x", None),
        ("/a/b~1c/0/x", None),
        ("/nothing/at/all", None),
        ("/", 2),
    ],
)
def test_pointers(pointer: str, found: object) -> None:
    """RFC 6901, and None for whatever is not there."""
    assert pointed({"a": {"b/c": [1, {"~": True}]}, "": 2}, pointer) == found


def test_plain_values_compare_as_text() -> None:
    """A number and its text are one amount; an object is nothing to compare."""
    values: list[Any] = ["1", 1, True, None, {}, 1.5]
    assert [plain(value) for value in values] == [
        "1",
        "1",
        "true",
        None,
        None,
        None,
    ]


def test_names_of_intents() -> None:
    """Charges by what the gateway is asked by, the rest by key; a caller's own instead of both."""

    def name(operation: Any, request: Any, **options: Any) -> str:
        opened: list[Any] = []

        class Journal(MemoryJournal):
            def open(self, intent: str, **kept: Any) -> Any:
                opened.append(intent)
                return super().open(intent, **kept)

        hand = Hand([ok(200)], journal=Journal())
        setup = make_setup(journal=True)
        hand.run(call(setup, operation, request, cast("CallOptions", options)))
        (intent,) = opened
        return str(intent)

    assert name(PAY, PayRequest()) == "fake:shop1:test:pay:orderId=A-1"
    assert name(STORE, PayRequest()) == "fake:shop1:test:store:key-1"
    assert name(STORE, PayRequest(), idempotency_key="mine") == "fake:shop1:test:store:mine"
    assert name(PAY, PayRequest(), intent="basket 7") == "fake:shop1:test:pay:basket 7"
    keyless: Operation[PayRequest, Receipt] = Operation(
        name="wipe",
        group="g",
        path="/wipe",
        request_name="PayRequest",
        requests=lambda: (PayRequest,),
        answers=lambda: {200: receipt},
    )
    assert name(keyless, PayRequest()) == "fake:shop1:test:wipe:key-1"


@pytest.mark.parametrize("intent", ["", "x" * 201, "値" * 67, 5])
def test_an_intent_is_a_short_text(intent: object) -> None:
    """1 to 200 bytes."""
    hand = Hand(journal=MemoryJournal())
    with pytest.raises(ConfigurationError, match="200 bytes"):
        hand.run(
            call(
                make_setup(journal=True),
                PAY,
                PayRequest(),
                cast("CallOptions", {"intent": intent}),
            )
        )


def test_the_body_is_what_the_request_says() -> None:
    """Nothing is added to it."""
    send = run(PAY, PayRequest()).sent[0]
    assert json.loads(send.content) == PayRequest().to_wire()
