"""What a customer, or a merchant's slip, can make of events and requests."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from kessai.errors import CardDeclinedError, MalformedEventError
from kessai.model import UnknownVariant
from kessai_gmo import parse_callback, parse_webhook
from kessai_gmo_api.operations import CREDIT_CHARGE

from tests.unit.gmo.scripted import ACCESS_ID, Script, problem


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
