"""3-D Secure: the page, the callback, and who authorizes after it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Driver

OWN = {"autoAuthorization": False}


def _start(mock: Driver, tds: dict[str, Any], **charge: Any) -> tuple[str, str]:
    answer = mock.post("/credit/charge", bodies.charge(tds=tds, **charge))
    assert (answer.status, answer.order_status) == (202, "AUTHENTICATED")
    body = answer.json()
    assert body["nextAction"] == "REDIRECT"
    assert "creditResult" not in body
    assert body["redirectInformation"]["httpMethod"] == "GET"
    assert body["redirectInformation"]["redirectType"] == "TDS2"
    return answer.access_id, answer.redirect


def test_3d_secure_is_the_default(mock: Driver) -> None:
    """An absent useTds2 means true, and then a callbackUrl must be there."""
    body = bodies.charge()
    del body["creditInformation"]["creditChargeOptions"]["useTds2"]
    assert mock.post("/credit/charge", body).status == 202
    body = bodies.charge("order-2", tds={})
    del body["merchant"]["callbackUrl"]
    answer = mock.post("/credit/charge", body)
    assert (answer.title, answer.detail[-22:]) == ("missing_parameter", "(merchant.callbackUrl)")


def test_with_automatic_authorization_the_callback_comes_after_the_money(mock: Driver) -> None:
    """TDS_CHARGE_FINISHED; inquiry decides."""
    access_id, url = _start(mock, {"autoAuthorization": True})
    assert mock.browse(url) == {
        "accessId": access_id,
        "event": "TDS_CHARGE_FINISHED",
        "csrfToken": "csrf-1",
    }
    found = mock.inquire(access_id)
    assert found["orderReference"]["status"] == "AUTH"
    assert found["creditResult"]["useTds2"] is True
    assert found["tds2Result"]["tds2TransResult"] == "Y"
    assert mock.balances()["hold"] == 1000


def test_without_it_the_merchant_finalizes_once(mock: Driver) -> None:
    """TDS_FINISHED; no money before finalizeCharge."""
    access_id, url = _start(mock, OWN)
    early = mock.post("/tds2/finalizeCharge", {"accessId": access_id})
    assert early.title == "invalid_status"
    assert mock.browse(url)["event"] == "TDS_FINISHED"
    assert mock.balances()["hold"] == 0
    first = mock.post("/tds2/finalizeCharge", {"accessId": access_id}, key="k")
    assert (first.status, first.order_status) == (201, "AUTH")
    assert first.json()["creditResult"]["useTds2"] is True
    assert mock.post("/tds2/finalizeCharge", {"accessId": access_id}, key="k") == first
    second = mock.post("/tds2/finalizeCharge", {"accessId": access_id})
    assert second.title == "invalid_status"
    assert mock.balances()["hold"] == 1000


@pytest.mark.parametrize(
    ("outcome", "title", "result"),
    [
        ("fail", "card_declined", "N"),
        ("unavailable", "card_declined", "U"),
        ("reject", "card_declined", "R"),
        ("cancel", "operation_aborted_by_user", "N"),
        ("decline", "card_declined", "Y"),
    ],
)
def test_a_failed_3d_secure_moves_no_money(
    mock: Driver, outcome: str, title: str, result: str
) -> None:
    """With and without automatic authorization; the order says why."""
    for number, tds in enumerate([OWN, {"autoAuthorization": True}]):
        access_id, url = _start(mock, tds, order_id=f"order-{number}")
        mock.browse(url, outcome)
        if tds is OWN:
            answer = mock.post("/tds2/finalizeCharge", {"accessId": access_id})
            assert (answer.status, answer.title) == (402, title)
        found = mock.inquire(access_id)
        assert found["orderReference"]["status"] == "UNPROCESSED"
        assert found["errorInformation"]["title"] == title
        assert found["tds2Result"]["tds2TransResult"] == result
    assert mock.balances()["customer"] == 0


@pytest.mark.parametrize(
    ("allow", "status"),
    [("FOLLOW", "AUTH"), ("ALLOW", "AUTH"), ("NOT_ALLOW", "UNPROCESSED")],
)
def test_an_attempt_counts_unless_not_allowed(mock: Driver, allow: str, status: str) -> None:
    """ECI 06, and 01 for Mastercard."""
    access_id, url = _start(mock, {"allowAttempt": allow}, card="5555555555554444")
    mock.browse(url, "attempt")
    assert mock.status(access_id) == status
    assert mock.inquire(access_id)["tds2Result"]["eci"] == "01"


@pytest.mark.parametrize(
    ("required", "outcome"), [(False, "challenge"), (True, "success"), (True, "challenge")]
)
def test_a_challenge_shows_in_the_result(mock: Driver, required: bool, outcome: str) -> None:
    """When the customer had one, or the merchant required it."""
    access_id, url = _start(mock, OWN | {"requiresChallenge": required})
    mock.browse(url, outcome)
    assert mock.inquire(access_id)["tds2Result"]["requiresChallenge"] is True


def test_a_closed_browser_calls_nobody_back(mock: Driver) -> None:
    """The order stays AUTHENTICATED, the page is used up."""
    access_id, url = _start(mock, {"autoAuthorization": True})
    assert mock.get(f"{url}?outcome=abandon").status == 200
    assert mock.status(access_id) == "AUTHENTICATED"
    assert mock.get(url).status == 410


def test_a_redirect_lives_120_seconds_unopened(mock: Driver) -> None:
    """One that was opened in time may take longer."""
    _, late = _start(mock, OWN)
    _, opened = _start(mock, OWN, order_id="order-2")
    mock.advance(119)
    page = mock.get(opened)
    assert (page.status, b"outcome" in page.content) == (200, True)
    mock.advance(1)
    assert mock.get(late).status == 410
    assert mock.browse(opened)["event"] == "TDS_FINISHED"


def test_pages_answer_mistakes_with_a_page(mock: Driver) -> None:
    """Unknown address, unknown outcome, a used page, another method."""
    _, url = _start(mock, OWN)
    assert mock.get("/pages/tds2/nothing").status == 404
    assert mock.get(f"{url}?outcome=maybe").status == 400
    assert mock.request("POST", url).status == 405
    mock.browse(url)
    assert mock.get(url).status == 410


def test_a_card_that_is_not_enrolled(mock: Driver) -> None:
    """An error, or 3-D Secure is skipped, as asked."""
    card = "4000000000000077"
    refused = mock.post("/credit/charge", bodies.charge(card=card, tds=OWN))
    assert (refused.status, refused.title) == (402, "card_declined")
    tds = OWN | {"skipNotEnrolledCard": True}
    skipped = mock.post("/credit/charge", bodies.charge(card=card, tds=tds))
    assert (skipped.status, skipped.order_status) == (201, "AUTH")
