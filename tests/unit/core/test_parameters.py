"""Operations with parameters in their URL: what is kept about them, and what is sent."""

from __future__ import annotations

from typing import Any

import pytest
from kessai.call import call
from kessai.commands import Send, SlotAcquire
from kessai.environment import Timeout
from kessai.errors import (
    ConfigurationError,
    IntentClosedError,
    IntentConflictError,
    OutcomeUnknown,
    ValidationError,
)
from kessai.operation import Ask, CallOptions, Idempotency, InFlight, Operation
from kessai.outcome import Done
from kessai.parameters import NO_BODY, NoBody, bind, path_values
from kessai.resolve import resolve
from kessai.setup import MOST_ROUTES
from kessai.stores.memory import MemoryJournal, MemorySlots
from kessai.transport import MOST_URLS, Requests

from tests.support.core_fake import (
    PAY,
    PAY_BARE,
    STORE,
    PayRequest,
    Receipt,
    no_answer,
    ok,
    receipt,
)
from tests.support.core_hand import START, Hand, header, make_setup

ONCE = CallOptions(max_attempts=1)

#: Ends a charge; which one stands in the path only.
CANCEL: Operation[NoBody, Receipt] = Operation(
    name="cancel",
    group="order",
    method="DELETE",
    path="/charges/{chargeId}",
    media="",
    request_name="NoBody",
    requests=lambda: (NoBody,),
    answers=lambda: {200: receipt},
    idempotency=Idempotency("Idempotency-Key", 36, 86_400),
    in_flight=InFlight(live=2, test=2),
    ask=Ask(by="replay"),
)
#: Changes a charge: a path and a body.
CHANGE: Operation[PayRequest, Receipt] = Operation(
    name="change",
    group="order",
    path="/charges/{chargeId}",
    request_name="PayRequest",
    requests=lambda: (PayRequest,),
    answers=lambda: {200: receipt},
)
LIST: Operation[NoBody, Receipt] = Operation(
    name="list",
    group="order",
    method="GET",
    path="/charges",
    media="",
    request_name="NoBody",
    requests=lambda: (NoBody,),
    answers=lambda: {200: receipt},
    safe=True,
)


def cancel(charge: str) -> Operation[NoBody, Receipt]:
    return bind(CANCEL, path={"chargeId": charge})


def test_no_body_is_no_byte() -> None:
    """And no content type: there is no content."""
    hand = Hand([ok(200)])
    hand.run(call(make_setup(), cancel("a/b"), NO_BODY, {}))
    send = hand.sent[0]
    assert (send.method, send.url) == ("DELETE", "https://gateway.example/charges/a%2Fb")
    assert send.content == b""
    assert "content-type" not in {name.lower() for name, _ in send.headers}
    assert header(send, "X-Version") == "2023-06"


def test_a_body_beside_a_path_is_sent_as_ever() -> None:
    """Only where the spec has no body is there none."""
    hand = Hand([ok(200)])
    hand.run(call(make_setup(), bind(CHANGE, path={"chargeId": "1"}), PayRequest(), {}))
    assert header(hand.sent[0], "Content-Type") == "application/json"
    assert hand.sent[0].content.startswith(b'{"order":')


def test_a_request_with_a_body_is_not_sent_where_there_is_none() -> None:
    """Its bytes would be dropped."""
    with pytest.raises(ValidationError, match="is a PayRequest, not a NoBody"):
        Hand().run(call(make_setup(), bind(LIST), PayRequest(), {}))  # type: ignore[misc]


def test_calls_in_flight_are_counted_by_operation() -> None:
    """Not by order: the gateway's limit is one for all of them."""
    slots = MemorySlots(clock=lambda: 0.0)
    hand = Hand([ok(200)] * 3, slots=slots)
    setup = make_setup(slots=True)
    for charge in ("1", "2", "3"):
        hand.run(call(setup, cancel(charge), NO_BODY, {}))
    asked = {(c.name, c.limit) for c in hand.commands if isinstance(c, SlotAcquire)}
    assert asked == {("fake:shop1:test:cancel:/charges/{chargeId}", 2)}


def test_what_is_kept_does_not_grow_with_orders() -> None:
    """One route for all of them, each with its own URL, and no longer list of parsed URLs."""
    setup = make_setup()
    routes = [setup.route(cancel(str(number))) for number in range(50)]
    assert len({route.url for route in routes}) == 50
    assert all(route.headers is routes[0].headers for route in routes)
    page = bind(LIST, query={"page": "2", "size": None})
    assert setup.route(page).url == "https://gateway.example/charges?page=2"
    assert setup.route(LIST).url == "https://gateway.example/charges"
    requests = Requests()
    for number in range(3 * MOST_URLS):
        url = f"https://gateway.example/charges/{number}"
        made = requests.make(Send("GET", url, [], b"", Timeout(), 0.0, False))
        assert str(made.url) == url
    assert len(requests._urls) <= MOST_URLS  # pyright: ignore[reportPrivateUsage]


def test_a_path_that_was_not_filled_in_is_never_called() -> None:
    """Not even after it has been filled in by another call."""
    setup = make_setup()
    setup.route(cancel("1"))
    hand = Hand([ok(200)])
    with pytest.raises(ConfigurationError, match="bind"):
        hand.run(call(setup, CANCEL, NO_BODY, {}))
    assert hand.sent == []


def test_the_path_is_part_of_what_was_ordered() -> None:
    """Two charges are cancelled with the same bytes: none; resolving one repeats that one only."""
    unknowns: list[OutcomeUnknown] = []
    for charge in ("1", "2"):
        with pytest.raises(OutcomeUnknown) as raised:
            Hand([no_answer()] * 3).run(call(make_setup(), cancel(charge), NO_BODY, {}))
        unknowns.append(raised.value)
    assert unknowns[0].digest != unknowns[1].digest

    def repeat(operation: Operation[Any, Any]) -> Hand:
        hand = Hand([ok(200)])
        operations = {"cancel": operation}
        hand.run(resolve(make_setup(), unknowns[0], operations, complete=True, request=NO_BODY))
        return hand

    assert repeat(cancel("1")).sent[0].url.endswith("/charges/1")
    assert repeat(CANCEL).sent[0].url.endswith("/charges/1")
    with pytest.raises(IntentConflictError):
        repeat(cancel("2"))


def test_the_first_use_of_answers_counts_for_all() -> None:
    """Decoders are resolved once, however many orders are asked about."""
    assert cancel("1").answers is CANCEL.answers
    assert cancel("1").requests is CANCEL.requests
    assert repr(cancel("1")) == "<Operation cancel: DELETE /charges/1>"


# Where an order went


def test_the_path_is_kept_with_what_is_unknown() -> None:
    """In records too; a call without parameters has none."""
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()] * 3).run(call(make_setup(), cancel("a b"), NO_BODY, {}))
    assert raised.value.path == "/charges/a%20b"
    record = raised.value.to_record()
    assert OutcomeUnknown.from_record(record).path == "/charges/a%20b"
    del record["path"]  # as written before there was one
    assert OutcomeUnknown.from_record(record).path is None
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(make_setup(), PAY_BARE, PayRequest(), {}))
    assert raised.value.path is None


def test_the_journal_keeps_the_path() -> None:
    """Another process repeats the order where the first one sent it."""
    journal = MemoryJournal(clock=lambda: START)
    setup, options = make_setup(journal=True), CallOptions(intent="I-1", max_attempts=1)
    with pytest.raises(OutcomeUnknown):
        Hand([no_answer()], journal=journal).run(call(setup, cancel("7"), NO_BODY, options))
    with pytest.raises(OutcomeUnknown) as raised:
        Hand(journal=journal).run(call(setup, cancel("7"), NO_BODY, options))
    assert raised.value.path == "/charges/7"
    assert raised.value.reference == {}
    hand = Hand([ok(200)], journal=journal)
    outcome = hand.run(resolve(setup, raised.value, {"cancel": CANCEL}, True, NO_BODY))
    assert type(outcome) is Done
    assert hand.sent[0].url == "https://gateway.example/charges/7"
    with pytest.raises(IntentClosedError) as closed:
        Hand(journal=journal).run(call(setup, cancel("7"), NO_BODY, options))
    assert closed.value.reference == {}


def test_a_path_that_was_changed_is_refused() -> None:
    """The digest says which charge was meant."""
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()] * 3).run(call(make_setup(), cancel("1"), NO_BODY, {}))
    raised.value.path = "/charges/2"
    with pytest.raises(IntentConflictError):
        Hand().run(resolve(make_setup(), raised.value, {"cancel": CANCEL}, True, NO_BODY))


def test_what_a_path_was_filled_with() -> None:
    """By name and decoded, without the query."""
    bound = bind(CANCEL, path={"chargeId": "a/b c"}, query={"q": "x/y"})
    assert path_values(bound) == {"chargeId": "a/b c"}
    assert path_values(CANCEL) == {}
    assert path_values(LIST) == {}


# Paths that settings give


def test_at_sends_the_same_operation_elsewhere() -> None:
    """By its name, from its place among the calls in flight, with its rule; and each on its own."""
    setup = make_setup(slots=True)
    there = PAY.at("/shop/v1/pay")
    assert (there.name, there.endpoint, there.ask) == (PAY.name, PAY.endpoint, PAY.ask)
    assert there.answers is PAY.answers
    for operation, path in ((PAY, "/pay"), (there, "/shop/v1/pay"), (PAY, "/pay")):
        hand = Hand([ok()], slots=MemorySlots())
        hand.run(call(setup, operation, PayRequest(), {}))
        assert hand.sent[0].url == f"https://gateway.example{path}"
        slots = [command for command in hand.commands if isinstance(command, SlotAcquire)]
        assert [slot.name for slot in slots] == ["fake:shop1:test:pay:/pay"]


def test_at_is_no_part_of_the_order() -> None:
    """The same digest wherever it goes; it is repeated where the settings of now say."""
    with pytest.raises(OutcomeUnknown) as raised:
        Hand([no_answer()]).run(call(make_setup(), STORE.at("/old"), PayRequest(), ONCE))
    assert raised.value.path is None
    hand = Hand([ok(200)])
    operations = {"store": STORE.at("/new")}
    hand.run(resolve(make_setup(), raised.value, operations, True, PayRequest()))
    assert hand.sent[0].url == "https://gateway.example/new"


def test_at_and_bind() -> None:
    """The settings' path may have the spec's parameters."""
    there = bind(CANCEL.at("/v2/{chargeId}/cancel"), path={"chargeId": "7"})
    hand = Hand([ok(200)])
    hand.run(call(make_setup(), there, NO_BODY, {}))
    assert hand.sent[0].url == "https://gateway.example/v2/7/cancel"
    assert there.endpoint == CANCEL.endpoint
    with pytest.raises(ConfigurationError, match="bind"):
        Hand().run(call(make_setup(), CANCEL.at("/v2/{chargeId}"), NO_BODY, {}))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "pay",
        "//host/pay",
        "https://host",
        "/a/../b",
        "/.",
        "/a?b",
        "/a#b",
        "/a b",
        "/\\",
        "/\n",
    ],
)
def test_what_is_no_path(path: str) -> None:
    with pytest.raises(ConfigurationError, match="the path of pay must"):
        PAY.at(path)


def test_what_is_kept_of_paths_has_an_end() -> None:
    """Even for somebody who makes a new one for each call."""
    setup = make_setup()
    for number in range(MOST_ROUTES + 10):
        setup.route(PAY.at(f"/pay/{number}"))
    assert setup.route(PAY).url == "https://gateway.example/pay"
    assert len(setup._routes) <= MOST_ROUTES  # pyright: ignore[reportPrivateUsage]
