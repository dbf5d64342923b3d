"""Konbini to the letter: pending, awaiting with number and URL, paid, expired, cancelled."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock.univapay.driver import STORE, Driver, card, hold_to, konbini

NUMBER = "internal_convenience_payment_number"
URL = "internal_convenience_payment_url"


def test_a_token_as_in_the_guide(mock: Driver) -> None:
    """Echoed whole, the phone's country as a number, the period in hours."""
    made = mock.token(konbini(metadata={"memberid": "12345"}, data={"expiration_period": "P7D"}))
    assert made["data"] == {
        "customer_name": "決済 太郎",
        "convenience_store": "family_mart",
        "expiration_period": "PT168H",
        "expiration_time_shift": None,
        "phone_number": {"country_code": 81, "local_number": "0312345678"},
    }
    assert (made["type"], made["mode"], made["active"]) == ("one_time", "test", True)
    assert made["metadata"] == {"memberid": "12345"}
    assert re.fullmatch(r"2026-01-05T01:00:00\.000000Z", made["created_on"])


def test_the_guides_flow(mock: Driver) -> None:
    """Amount as text and currency in lower case in; number and capitals out."""
    charge = mock.charge(amount="100", currency="jpy", metadata={"orderid": "12345"})
    assert (charge["requested_amount"], charge["requested_currency"]) == (100, "JPY")
    assert (charge["charged_amount"], charge["metadata"]) == (None, {"orderid": "12345"})
    mock.advance(1)
    waiting = mock.read(charge, "awaiting")
    assert re.fullmatch(r"[0-9]{5}-[0-9]{12}", waiting["metadata"].pop(NUMBER))
    assert waiting["metadata"] == {"orderid": "12345"}
    assert (waiting["charged_amount"], waiting["charged_currency"]) == (100, "JPY")
    assert mock.balances()["merchant"] == 0
    mock.pay(charge)
    paid = mock.read(charge, "successful")
    # The guide's paid example has lost the number, and its text of digits has become a number.
    assert paid["metadata"] == {"orderid": 12345}
    assert paid["charged_amount_formatted"] == 100
    assert mock.balances()["merchant"] == 100


@pytest.mark.parametrize(
    ("store", "form", "url"),
    [
        ("seven_eleven", r"[0-9]{13}", True),
        ("family_mart", r"[0-9]{5}-[0-9]{12}", False),
        ("lawson", r"[0-9]{11}", False),
        ("mini_stop", r"[0-9]{11}", False),
        ("seico_mart", r"[0-9]{6}", False),
        ("pay_easy", r"[0-9]{11}", False),
        ("daily_yamazaki", r"[0-9]{11}", False),
        ("yamazaki_daily_store", r"[0-9]{11}", False),
    ],
)
def test_eight_stores(mock: Driver, store: str, form: str, url: bool) -> None:
    """A number everywhere, a slip at Seven-Eleven only, an agency number never."""
    charge = mock.awaiting(mock.token(konbini(store)))
    assert re.fullmatch(form, charge["metadata"][NUMBER])
    assert (URL in charge["metadata"]) is url
    assert "58091" not in str(charge)


def test_the_slip_is_a_page_with_the_till_beside_it(mock: Driver) -> None:
    charge = mock.awaiting(mock.token(konbini("seven_eleven")))
    path = charge["metadata"][URL].removeprefix("http://127.0.0.1:8804")
    page = mock.request("GET", path, auth=None)
    assert page.status == 200
    assert charge["metadata"][NUMBER] in page.content.decode()
    assert mock.request("GET", f"{path}?outcome=pay", auth=None).status == 200
    mock.read(charge, "successful")


def test_polling_holds_in_virtual_time_only(mock: Driver) -> None:
    """Pending is answered at any change; awaiting after 3 seconds, whatever it is."""
    charge = mock.charge()
    path = f"{STORE}/charges/{charge['id']}"
    assert mock.get(f"{path}?polling=true")["status"] == "awaiting"
    assert mock.get("/_mock/clock", auth=None)["now"] == "2026-01-05T10:00:01+09:00"
    assert mock.get(f"{path}?polling=true")["status"] == "awaiting"
    assert mock.get("/_mock/clock", auth=None)["now"] == "2026-01-05T10:00:04+09:00"
    assert mock.get(f"{path}?polling=false")["status"] == "awaiting"
    mock.pay(charge)
    assert mock.get(f"{path}?polling=true")["status"] == "successful"
    assert mock.get("/_mock/clock", auth=None)["now"] == "2026-01-05T10:00:04+09:00"


def test_polling_may_wait_for_the_clock(mock_with: Callable[..., Driver]) -> None:
    """As a simulation wants it, which moves the clock itself."""
    mock = mock_with(polling="wait")
    charge = mock.charge()

    async def both() -> Any:
        import asyncio

        path = f"{STORE}/charges/{charge['id']}?polling=true"
        asked = asyncio.ensure_future(mock.call("GET", path))
        await mock.held(gate="")
        assert not asked.done()
        await mock.gateway.advance(0.5)
        await asyncio.sleep(0)
        assert not asked.done()
        await mock.gateway.advance(0.5)
        return (await asked).json()["status"]

    assert mock.run(both()) == "awaiting"


@pytest.mark.parametrize(
    ("store", "data", "more", "last"),
    [
        ("family_mart", {"expiration_period": "P7D"}, {}, "2026-01-12T14:59:59.000000Z"),
        ("family_mart", {"expiration_period": "P2W"}, {}, "2026-01-19T14:59:59.000000Z"),
        ("family_mart", {}, {}, "2026-02-04T14:59:59.000000Z"),
        (
            "lawson",
            {"expiration_period": "P7D", "expiration_time_shift": "12:00:00+09:00"},
            {},
            "2026-01-12T03:00:00.000000Z",
        ),
        ("lawson", {}, {"capture_at": "2026-01-08T12:34:56+09:00"}, "2026-01-08T03:34:56.000000Z"),
        (
            "seven_eleven",
            {"expiration_period": "P30D"},
            {"capture_at": "2026-01-08T12:34:56+09:00"},
            "2026-01-08T14:59:59.000000Z",
        ),
    ],
)
def test_the_last_moment(
    mock: Driver, store: str, data: dict[str, Any], more: dict[str, Any], last: str
) -> None:
    """Days after the day it was made, or capture_at, of which three stores take the day only."""
    mock.hook("charge_finished")
    charge = mock.awaiting(mock.token(konbini(store, data=data)), **more)
    expiry = mock.get(f"{STORE}/charges/{charge['id']}/expiry/latest")
    hold_to("Expiry", expiry)
    assert expiry["expiration_date"] == last
    until = mock.gateway.charges[charge["id"]].deadline
    assert until is not None
    left = (until - mock.gateway.clock.now).total_seconds()
    mock.advance(left - 1)
    mock.read(charge, "awaiting")
    mock.advance(1)
    late = mock.read(charge, "failed")
    assert late["error"]["code"] == 327
    assert NUMBER not in late["metadata"]
    assert mock.admin(f"pay/{charge['id']}").status == 400
    assert mock.events == ["charge_finished"]


def test_webhooks_of_the_flow(mock: Driver) -> None:
    """charge_updated with the number when it waits, charge_finished without it when it is paid."""
    mock.hook("charge_updated", "charge_finished")
    charge = mock.charge()
    assert mock.events == []
    mock.advance(1)
    mock.pay(charge)
    assert mock.events == ["charge_updated", "charge_finished"]
    first, second = (one.body for one in mock.told)
    assert first["data"]["status"] == "awaiting"
    assert NUMBER in first["data"]["metadata"]
    assert second["data"] == mock.read(charge)
    assert {*first} == {"id", "event", "created_on", "data"}
    assert first["id"] != second["id"]
    assert mock.told[0].headers["Authorization"] == "hush"
    assert mock.told[0].headers["Content-Type"] == "application/json"


def test_a_till_takes_the_amount_only(mock: Driver) -> None:
    charge = mock.charge(amount=1100)
    assert "waits for no payment" in mock.admin(f"pay/{charge['id']}").json()["error"]
    mock.advance(1)
    answer = mock.admin(f"pay/{charge['id']}", {"amount": 1000})
    assert "the amount is the charge's own, 1100" in answer.json()["error"]
    assert mock.pay(charge, 1100)["status"] == "successful"
    assert mock.admin(f"pay/{charge['id']}").status == 400
    assert mock.admin("pay/nobody").json()["error"] == "there is no charge with this id"


def test_cancelled_while_awaiting_only(mock: Driver) -> None:
    mock.hook("charge_finished", "cancel_finished")
    charge = mock.charge()
    path = f"{STORE}/charges/{charge['id']}/cancels"
    assert mock.post(path).code == "CANCEL_NOT_ALLOWED"
    mock.advance(1)
    made = mock.post(path, {"metadata": {"why": "ordered twice"}})
    assert (made.status, made.json()["status"]) == (201, "pending")
    hold_to("Cancel", made.json())
    assert mock.get(f"{path}/{made.json()['id']}?polling=true")["status"] == "successful"
    mock.read(charge, "canceled")
    assert mock.post(path).code == "CANCEL_NOT_ALLOWED"
    assert mock.events == ["charge_finished", "cancel_finished"]
    paid = mock.awaiting()
    mock.pay(paid)
    assert mock.post(f"{STORE}/charges/{paid['id']}/cancels").code == "CANCEL_NOT_ALLOWED"


def test_money_that_comes_first_wins_over_a_cancel(mock: Driver) -> None:
    charge = mock.awaiting()
    path = f"{STORE}/charges/{charge['id']}/cancels"
    made = mock.post(path).json()
    mock.pay(charge)
    ended = mock.get(f"{path}/{made['id']}?polling=true")
    assert (ended["status"], ended["error"]["code"]) == ("failed", 312)
    mock.read(charge, "successful")


def test_never_refunded(mock: Driver) -> None:
    charge = mock.awaiting()
    path = f"{STORE}/charges/{charge['id']}/refunds"
    body = {"amount": 1, "currency": "JPY"}
    answer = mock.post(path, body)
    assert (answer.status, answer.code) == (400, "CANNOT_REFUND_UNSUCCESSFUL_CHARGE")
    mock.pay(charge)
    answer = mock.post(path, body)
    assert (answer.status, answer.code) == (400, "REFUND_NOT_ALLOWED")
    assert mock.get(path)["items"] == []
    assert mock.balances()["merchant"] == 1100


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        (
            {"phone_number": {"country_code": "1", "local_number": "2025550123"}},
            ("data.phone_number.country_code", "ONLY_JAPANESE_PHONE_NUMBER_ALLOWED"),
        ),
        (
            {"phone_number": {"country_code": "81", "local_number": "1234567890123456"}},
            ("data.phone_number.local_number", "INVALID_PHONE_NUMBER"),
        ),
        (
            {"expiration_period": "P6D"},
            ("data.expiration_period", "EXPIRATION_DATE_OUT_OF_BOUNDS"),
        ),
        (
            {"expiration_period": "P31D"},
            ("data.expiration_period", "EXPIRATION_DATE_OUT_OF_BOUNDS"),
        ),
        ({"convenience_store": "circle_k"}, ("data.convenience_store", "INVALID_FORMAT")),
        ({"customer_name": ""}, ("data.customer_name", "INVALID_FORMAT")),
    ],
)
def test_what_a_konbini_token_cannot_be(
    mock: Driver, data: dict[str, Any], wrong: tuple[str, str]
) -> None:
    answer = mock.post("/tokens", konbini(data=data))
    assert (answer.status, answer.code, answer.wrong) == (400, "VALIDATION_ERROR", [wrong])


def test_what_must_be_there(mock: Driver) -> None:
    body = konbini()
    del body["data"]["phone_number"]
    del body["email"]
    assert mock.post("/tokens", body).wrong == [("data.phone_number", "REQUIRED_VALUE")]
    assert mock.post("/tokens", {**konbini(), "email": None}).wrong == [("email", "REQUIRED_VALUE")]
    assert mock.post("/tokens", {}).wrong == [("payment_type", "REQUIRED_VALUE")]
    assert mock.post("/tokens", {"payment_type": "cash"}).wrong[0][0] == "payment_type"


def test_a_phone_number_of_the_older_library(mock: Driver) -> None:
    """Its country code is a number."""
    phone = {"country_code": 81, "local_number": "0312345678"}
    assert mock.token(konbini(data={"phone_number": phone}))["data"]["phone_number"] == phone


def test_the_last_moment_is_bounded(mock: Driver) -> None:
    token = mock.token()
    body = {"transaction_token_id": token["id"], "amount": 1, "currency": "JPY"}
    past = mock.post("/charges", {**body, "capture_at": "2026-01-05T00:59:59Z"})
    assert past.wrong == [("capture_at", "MUST_BE_FUTURE_TIME")]
    far = mock.post("/charges", {**body, "capture_at": "2026-03-05T00:59:59Z"})
    assert far.code == "PAYMENT_EXPIRATION_EXCEEDS_PERIOD"
    mock.charge(token)


def test_disabled_at_the_store(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with(disabled=frozenset({"konbini"}))
    assert mock.post("/tokens", konbini()).code == "CONVENIENCE_PROCESSING_DISABLED"
    mock.token(card())


@pytest.mark.parametrize("kind", ["recurring", "subscription"])
def test_other_kinds_of_token(mock: Driver, kind: str) -> None:
    """The official PHP library takes all three."""
    assert mock.token(konbini(type=kind))["type"] == kind


def test_digits_that_would_lose_something_stay_text(mock: Driver) -> None:
    charge = mock.awaiting(metadata={"a": "007", "b": "42", "c": 1.5, "d": None, "e": ["1"]})
    mock.pay(charge)
    paid = mock.read(charge)
    assert paid["metadata"] == {"a": "007", "b": 42, "c": 1.5, "d": None, "e": ["1"]}


def test_texts_stay_texts_if_asked(mock_with: Callable[..., Driver]) -> None:
    mock = mock_with(metadata_numbers=False)
    charge = mock.awaiting(metadata={"orderid": "12345"})
    mock.pay(charge)
    assert mock.read(charge)["metadata"] == {"orderid": "12345"}


def test_processing_that_takes_no_time(mock_with: Callable[..., Driver]) -> None:
    """The answer says pending all the same."""
    mock = mock_with(processing_seconds=0)
    mock.hook("charge_updated")
    charge = mock.charge()
    assert mock.events == ["charge_updated"]
    mock.read(charge, "awaiting")
