"""What a customer, or a merchant's slip, can make of events and requests."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx2
import pytest
from kessai import System
from kessai.errors import (
    CardDeclinedError,
    ConfigurationError,
    MalformedEventError,
    OutcomeUnknown,
)
from kessai.model import UnknownVariant
from kessai.outcome import NotPaid, Open
from kessai_gmo import parse_callback, parse_webhook
from kessai_gmo_api.operations import CREDIT_CHARGE

from tests.unit.gmo.scripted import ACCESS_ID, Script, answer, order, problem


def event(name: str, levels: int) -> bytes:
    """An event with a proven token and a deeply nested member."""
    members = json.dumps({"accessId": ACCESS_ID, "event": name, "csrfToken": "t"}).encode()
    return members[:-1] + b',"z":' + b"[" * levels + b"]" * levels + b"}"


@pytest.mark.parametrize("levels", [600, 900, 2500])
def test_a_deeply_nested_callback_is_malformed(levels: int) -> None:
    """The customer knows the token, and can write what they like around it."""
    query = "p=" + base64.urlsafe_b64encode(event("TDS_FINISHED", levels)).decode()
    with pytest.raises(MalformedEventError):
        parse_callback(query, csrf_token="t")


@pytest.mark.parametrize("levels", [600, 900, 30_000])
def test_a_deeply_nested_webhook_is_malformed(levels: int) -> None:
    """Never a RecursionError."""
    with pytest.raises(MalformedEventError):
        parse_webhook(
            event("CASH_PAID", levels), {"content-type": "application/json"}, csrf_token="t"
        )


def test_a_request_in_a_shape_nobody_knows_is_sent_as_it_is() -> None:
    """The rules know none of its members, and stumbled over the first."""
    script = Script(problem(402, "card_declined"))
    request: Any = UnknownVariant({"order": {"orderId": "A-1"}})
    with (
        script.client() as gmo,
        pytest.warns(match="none of the shapes"),
        pytest.raises(CardDeclinedError),
    ):
        gmo.raw(CREDIT_CHARGE, request)
    assert script.bodies == [{"order": {"orderId": "A-1"}}]


@pytest.mark.parametrize("token", [b"t", 5])
def test_a_token_that_is_no_text_is_a_configuration_error(token: Any) -> None:
    """A database may give bytes; comparing them raised AttributeError."""
    query = "p=" + base64.urlsafe_b64encode(event("TDS_FINISHED", 1)).decode()
    with pytest.raises(ConfigurationError, match="must be a text"):
        parse_callback(query, csrf_token=token)


@pytest.mark.parametrize(("asked", "kind"), [("A-1", NotPaid), ("B-2", Open)])
def test_an_answer_about_another_order_settles_nothing(asked: str, kind: type[Any]) -> None:
    """A cancelled order beside ours must not pass for ours: it would be paid again."""
    lost = httpx2.ReadError("gone")
    script = Script(lost, answer(200, {"orderReference": order("CANCEL", amount="100")}))
    request: Any = UnknownVariant({"order": {"orderId": asked, "amount": "100"}})
    with script.client(max_attempts=1) as gmo:
        with pytest.warns(match="none of the shapes"), pytest.raises(OutcomeUnknown) as unknown:
            gmo.raw(CREDIT_CHARGE, request)
        assert type(gmo.resolve(unknown.value)) is kind


@pytest.mark.parametrize("wall", [float("nan"), float("inf"), 1e18])
def test_a_clock_that_shows_no_date_does_not_cost_the_outcome(wall: float) -> None:
    """The time of the first attempt is then too old for any repeat."""
    script = Script(httpx2.ReadError("gone"))
    request: Any = UnknownVariant({"order": {"orderId": "A-1", "amount": "100"}})
    with (
        script.client(max_attempts=1, system=System(wall=lambda: wall)) as gmo,
        pytest.warns(match="none of the shapes"),
        pytest.raises(OutcomeUnknown) as unknown,
    ):
        gmo.raw(CREDIT_CHARGE, request)
    assert unknown.value.first_sent_at.year == 1970
