"""What a careless caller may give a client, and what it is told before anything leaves."""

from __future__ import annotations

from enum import Enum
from typing import Any

import httpx2
import pytest
from kessai.checks import check_yen
from kessai.client import AsyncClient, Client
from kessai.constraints import Report, unsendable
from kessai.environment import Environment
from kessai.errors import ConfigurationError, OutcomeUnknown, ValidationError
from kessai.model import DecodeError, UnknownVariant
from kessai.stores.aio import AsyncJournal
from kessai.stores.memory import MemoryJournal

from tests.support.core_fake import ENVIRONMENT, PAY, FakeGateway, MarkAuth, PayRequest


class Shop(str, Enum):
    """An order id whose ``str`` is ``Shop.A``."""

    A = "A-77"


class Price(int):
    """A number that writes itself with its currency."""

    def __str__(self) -> str:
        return "999999"


def client(transport: httpx2.BaseTransport | None = None, **options: Any) -> Client:
    return Client(FakeGateway(), MarkAuth(), ENVIRONMENT, transport=transport, **options)


def silent(request: httpx2.Request) -> httpx2.Response:
    raise httpx2.ReadError("gone")


@pytest.mark.parametrize(
    "options",
    [
        {"digest_key": "text"},
        {"digest_key": b""},
        {"in_flight": 5},
        {"in_flight": {"pay": "five"}},
        {"in_flight": {"pay": 0}},
        {"max_connections": 0},
        {"max_connections": "many"},
        {"ssl_context": False},
        {"proxy": "proxy.example:8080"},
        {"timeout": 10**400},
        {"deadline": 1e300},
    ],
    ids=repr,
)
def test_an_option_that_cannot_work_is_refused_at_once(options: dict[str, Any]) -> None:
    """Found out in a call, it would look like a fault of the network, or cost the outcome."""
    with pytest.raises(ConfigurationError):
        client(**options)


@pytest.mark.parametrize("store", ["kessai.db", MemoryJournal, AsyncJournal(MemoryJournal())])
def test_a_journal_of_the_wrong_kind_is_refused(store: Any) -> None:
    """A path, a class, or a store whose answers have to be awaited."""
    with pytest.raises(ConfigurationError, match="journal"):
        Client(FakeGateway(), MarkAuth(), ENVIRONMENT, journal=store)


def test_a_sync_journal_is_refused_by_the_async_client() -> None:
    """It would open the intent and fail afterwards."""
    store: Any = MemoryJournal()
    with pytest.raises(ConfigurationError, match="aio"):
        AsyncClient(FakeGateway(), MarkAuth(), ENVIRONMENT, journal=store)


def test_a_transport_of_the_other_kind_is_refused() -> None:
    """In a call, its missing method looked like a lost answer."""
    other: Any = httpx2.HTTPTransport()
    with pytest.raises(ConfigurationError, match="handle_async_request"):
        AsyncClient(FakeGateway(), MarkAuth(), ENVIRONMENT, transport=other)
    with pytest.raises(ConfigurationError, match="handle_request"):
        client(other_kind())


def other_kind() -> Any:
    return httpx2.AsyncHTTPTransport()


@pytest.mark.parametrize(
    "headers",
    [
        None,
        [("X-A", "b")],
        "X-A: b",
        {"X-A": 1},
        {1: "x"},
        {"X-A": None},
        {"X-A": b"b"},
        {"X-A": "a", "x-a": "b"},
        {"Expect": "100-continue"},
        {"Upgrade": "h2c"},
        {"Proxy-Authorization": "Basic eDp5"},
    ],
    ids=repr,
)
def test_headers_that_cannot_be_sent_are_a_configuration_error(headers: Any) -> None:
    """By type, by name, twice, or because they steer the connection."""
    with (
        client(httpx2.MockTransport(silent)) as gateway,
        pytest.raises(ConfigurationError, match="header"),
    ):
        gateway.run(PAY, PayRequest(), {"headers": headers})


def test_the_names_to_ask_by_are_those_in_the_body() -> None:
    """``str`` of a str enum is its member's name: the gateway would be asked for ``Shop.A``."""
    with client(httpx2.MockTransport(silent), max_attempts=1) as gateway:
        with pytest.raises(OutcomeUnknown) as unknown:
            gateway.run(PAY, PayRequest(order_id=Shop.A))
        assert unknown.value.reference == {"orderId": "A-77"}


@pytest.mark.parametrize("amount", [Price(5), Price(10**5000)], ids=["small", "huge"])
def test_an_amount_that_writes_another_number_is_refused(amount: int) -> None:
    """Models write amounts with ``str``; what was checked must be what is charged."""
    report = Report(("/amount",))
    check_yen(report, "/amount", amount, digits=15)
    assert [violation.code for violation in report.refused] == ["type"]


def variant(members: Any) -> Any:
    return UnknownVariant(members)


def nested(levels: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(levels):
        value = [value]
    return value


def circle() -> dict[str, Any]:
    value: dict[str, Any] = {}
    value["again"] = value
    return value


@pytest.mark.parametrize(
    "members", [{"deep": nested(5000)}, circle(), {"in": {1: "x"}}], ids=["deep", "circle", "name"]
)
def test_a_request_without_json_is_a_validation_error(members: dict[str, Any]) -> None:
    """However deep, and whatever the names of its members are."""
    with (
        client(httpx2.MockTransport(silent)) as gateway,
        pytest.warns(match="none of the shapes"),
        pytest.raises(ValidationError) as refused,
    ):
        gateway.run(PAY, variant(members))
    assert {violation.code for violation in refused.value.violations} == {"type"}
    assert unsendable({"flat": [1, "a", None, 1.5, True]}) == []


def test_a_variant_that_is_no_object_is_a_validation_error() -> None:
    """Nothing is sent for it."""
    wrong: Any = [1]
    with (
        client(httpx2.MockTransport(silent)) as gateway,
        pytest.warns(match="none of the shapes"),
        pytest.raises(ValidationError, match="JSON object"),
    ):
        gateway.run(PAY, variant(wrong))


def test_a_circle_is_a_decode_error() -> None:
    """Copying it raised RecursionError, which no caller expects."""
    with pytest.raises(DecodeError):
        UnknownVariant.from_wire(circle())


@pytest.mark.parametrize(
    "address",
    [
        None,
        b"https://api.example.com",
        "https://api.example.com/#",
        "https://api.example.com/?",
        "https://ａｐｉ.example.com",
        "https://例え.jp",
        "https://*.example.com",
        "https://a..b",
        "http://evil.example\\.localhost",
        "http://evil.example%23.localhost",
        "http://evil.example;.localhost",
    ],
    ids=repr,
)
def test_an_address_that_is_none_is_refused(address: Any) -> None:
    """An empty fragment swallowed the paths; odd hosts passed for loopback, or failed in a call."""
    with pytest.raises(ConfigurationError):
        Environment(api=address)
