"""Idempotency-Key: stored for 24 hours, replayed, in conflict, and failing on demand."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.unit.mock.univapay.driver import STORE, Answer, Driver, card

STATUS = "idempotency-status"


class Shop:
    """Charges of one recurring token, so that a repeat that is carried out shows."""

    def __init__(self, mock: Driver) -> None:
        self.mock = mock
        self.token = mock.token(card(type="recurring"))
        self.body = {"transaction_token_id": self.token["id"], "amount": 100, "currency": "JPY"}

    def charge(self, key: str | None = "k-1", **more: Any) -> Answer:
        """One request; with another amount it is another one."""
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.mock.post("/charges", {**self.body, **more}, headers=headers)

    @property
    def count(self) -> int:
        """How many charges there are."""
        return int(self.mock.get("/charges")["total_hits"])


@pytest.fixture
def shop(mock: Driver) -> Shop:
    """A shop of its own for each test."""
    return Shop(mock)


def test_a_repeat_gets_the_stored_answer(shop: Shop) -> None:
    first = shop.charge()
    assert (first.status, first.headers[STATUS]) == (201, "successfully_stored")
    shop.mock.advance(60)
    again = shop.charge()
    assert (again.status, again.headers[STATUS]) == (201, "retrieved_idempotent_response")
    assert again.content == first.content
    assert again.json()["status"] == "pending", "as it was, not as it stands"
    assert shop.count == 1


def test_a_key_lives_for_24_hours(shop: Shop) -> None:
    first = shop.charge()
    shop.mock.advance(86_399)
    assert shop.charge().content == first.content
    shop.mock.advance(1)
    late = shop.charge()
    assert late.headers[STATUS] == "successfully_stored"
    assert shop.count == 2


def test_no_key_no_status(shop: Shop) -> None:
    assert STATUS not in shop.charge(None).headers
    assert STATUS not in shop.charge("", amount=101).headers


def test_another_request_under_the_key_conflicts(shop: Shop) -> None:
    shop.charge()
    other = shop.charge(amount=101)
    assert (other.status, other.code) == (409, "IDEMPOTENCY_KEY_CONFLICT")
    assert other.headers[STATUS] == "conflicting_key"
    elsewhere = shop.mock.post("/tokens", shop.body, headers={"Idempotency-Key": "k-1"})
    assert elsewhere.status == 409
    assert shop.count == 1


def test_while_the_first_is_being_processed(shop: Shop) -> None:
    mock = shop.mock
    mock.next(operation="charges_create", fault="gate", gate="g", when="after")

    async def both() -> tuple[Answer, Answer]:
        headers = {"Idempotency-Key": "k-1"}
        first = asyncio.ensure_future(mock.call("POST", "/charges", shop.body, headers=headers))
        await mock.held()
        second = await mock.call("POST", "/charges", shop.body, headers=headers)
        mock.gateway.gates.named("g").open()
        return await first, second

    first, second = mock.run(both())
    assert (first.status, second.status) == (201, 409)
    assert shop.charge().content == first.content


def test_a_failure_is_not_stored(shop: Shop) -> None:
    """Which statuses are stored is not documented; this is the mock's reading."""
    refused = shop.charge(amount=0)
    assert (refused.status, refused.headers[STATUS]) == (400, "not_stored")
    assert shop.charge().headers[STATUS] == "successfully_stored"


@pytest.mark.parametrize("status", ["error", "not_stored", "disabled"])
def test_a_check_that_fails_processes_again(shop: Shop, status: str) -> None:
    """Best effort: the repeat is carried out, and says so."""
    first = shop.charge()
    shop.mock.advance(31)
    shop.mock.next(operation="charges_create", idempotency=status)
    again = shop.charge()
    assert (again.status, again.headers[STATUS]) == (201, status)
    assert again.json()["id"] != first.json()["id"]
    assert shop.count == 2
    assert shop.charge().content == first.content, "what was stored still is"


def test_an_answer_that_was_not_stored(shop: Shop) -> None:
    shop.mock.next(operation="charges_create", idempotency="not_stored")
    assert shop.charge().headers[STATUS] == "not_stored"
    shop.mock.advance(31)
    assert shop.charge().headers[STATUS] == "successfully_stored"
    assert shop.count == 2


def test_an_answer_that_is_forgotten(shop: Shop) -> None:
    shop.mock.next(operation="charges_create", fault="delay", seconds=0, forget=True)

    async def told() -> Answer:
        headers = {"Idempotency-Key": "k-1"}
        first = asyncio.ensure_future(
            shop.mock.call("POST", "/charges", shop.body, headers=headers)
        )
        await shop.mock.held(gate="")
        await shop.mock.gateway.advance(0)
        return await first

    assert shop.mock.run(told()).headers[STATUS] == "not_stored"


def test_a_stored_answer_that_cannot_be_read(shop: Shop) -> None:
    first = shop.charge()
    shop.mock.next(operation="charges_create", code="UNABLE_TO_GET_IDEMPOTENT_RESULT")
    refused = shop.charge()
    assert (refused.status, refused.code) == (500, "UNABLE_TO_GET_IDEMPOTENT_RESULT")
    assert shop.count == 1
    assert shop.charge().content == first.content


def test_an_answer_that_was_lost_is_there_again(shop: Shop) -> None:
    shop.mock.next(operation="charges_create", fault="lost-after")
    with pytest.raises(ConnectionResetError):
        shop.charge()
    assert shop.charge().headers[STATUS] == "retrieved_idempotent_response"
    assert shop.count == 1


def test_a_request_that_was_lost_is_not(shop: Shop) -> None:
    shop.mock.next(operation="charges_create", fault="lost-before")
    with pytest.raises(ConnectionResetError):
        shop.charge()
    assert shop.charge().headers[STATUS] == "successfully_stored"
    assert shop.count == 1


def test_reads_and_deletes_take_no_key(shop: Shop) -> None:
    headers = {"Idempotency-Key": "k-1"}
    assert STATUS not in shop.mock.request("GET", "/charges", headers=headers).headers
    path = f"{STORE}/tokens/{shop.token['id']}"
    assert STATUS not in shop.mock.request("DELETE", path, headers=headers).headers


def test_patches_do(shop: Shop) -> None:
    path = f"{STORE}/tokens/{shop.token['id']}"
    headers = {"Idempotency-Key": "k-2"}
    body = {"email": "new@shop.example"}
    assert shop.mock.patch(path, body, headers=headers).headers[STATUS] == "successfully_stored"
    again = shop.mock.patch(path, body, headers=headers)
    assert again.headers[STATUS] == "retrieved_idempotent_response"


def test_a_lost_refund_may_be_made_twice(shop: Shop) -> None:
    """What a client has to live with: the check fails on the repeat, and money goes back twice."""
    charge = shop.charge().json()
    shop.mock.advance(1)
    path = f"{STORE}/charges/{charge['id']}/refunds"
    body, headers = {"amount": 40, "currency": "JPY"}, {"Idempotency-Key": "r-1"}
    shop.mock.post(path, body, headers=headers)
    shop.mock.next(operation="refunds_create", idempotency="error")
    assert shop.mock.post(path, body, headers=headers).headers[STATUS] == "error"
    shop.mock.advance(1)
    assert shop.mock.balances()["merchant"] == 20
    log = shop.mock.get("/_mock/requests", auth=None)["requests"]
    assert [one["idempotencyStatus"] for one in log][-2:] == ["successfully_stored", "error"]
