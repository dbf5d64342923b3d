"""Cards: charges, what makes them fail, screening, checks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Driver

OWN = {"autoAuthorization": False}


@pytest.mark.parametrize(
    ("mode", "action", "account"),
    [("AUTH", "CAPTURE", "hold"), ("CAPTURE", "NO_ACTION", "merchant")],
)
def test_a_charge_without_3d_secure(mock: Driver, mode: str, action: str, account: str) -> None:
    """201 at once; only an authorization can expire."""
    answer = mock.post("/credit/charge", bodies.charge(mode=mode))
    body = answer.json()
    assert answer.status == 201
    assert (body["nextAction"], answer.order_status) == (action, mode)
    assert body["creditResult"]["useTds2"] is False
    expiry = body["creditResult"].get("captureExpiryDateTime")
    assert expiry == ("2026-03-06T23:59:59+09:00" if mode == "AUTH" else None)
    assert mock.balances()[account] == 1000


def test_the_card_is_masked(mock: Driver) -> None:
    """Twelve asterisks and four digits, in every answer."""
    answer = mock.post("/credit/charge", bodies.charge(card="378282246310005"))
    card = answer.json()["creditResult"]["cardResult"]
    assert (card["cardNumber"], card["brand"]) == ("************0005", "AMEX")
    assert b"37828224631" not in answer.content
    assert b"37828224631" not in mock.post("/order/inquiry", {"orderId": "order-1"}).content


@pytest.mark.parametrize(
    ("number", "brand"),
    [
        ("4111111111111111", "VISA"),
        ("5555555555554444", "MASTERCARD"),
        ("2221000000000009", "MASTERCARD"),
        ("3530111333300000", "JCB"),
        ("30569309025904", "DINERS"),
        ("6200000000000005", "UNKNOWN"),
    ],
)
def test_a_token_that_holds_a_number_stands_for_that_card(
    mock: Driver, number: str, brand: str
) -> None:
    """Any other stands for one of the ordinary cards, always the same."""
    body = {"cardInformation": {"tokenizedCard": {"type": "MP_TOKEN", "token": f"tok-{number}"}}}
    detail = mock.post("/credit/getCardDetails", body).json()["cardDetailResult"]
    assert (detail["cardNumber"], detail["brand"]) == ("*" * 12 + number[-4:], brand)


@pytest.mark.parametrize(
    ("ending", "status", "title"),
    [
        ("0002", 402, "card_declined"),
        ("0009", 402, "insufficient_balance"),
        ("0019", 402, "amount_limit_exceeded"),
        ("0029", 402, "processing_failure"),
        ("0050", 500, "internal_server_error"),
        ("0052", 502, "bad_gateway"),
        ("0053", 502, "maintenance"),
    ],
)
def test_magic_cards(mock: Driver, ending: str, status: int, title: str) -> None:
    """The last four digits decide."""
    answer = mock.post("/credit/charge", bodies.charge(card=f"400000000000{ending}"))
    assert (answer.status, answer.title) == (status, title)
    assert mock.balances()["customer"] == 0


@pytest.mark.parametrize(
    ("amount", "title"),
    [
        (40201, "card_declined"),
        (40202, "insufficient_balance"),
        (40203, "amount_limit_exceeded"),
        (40204, "processing_failure"),
        (40205, "operation_aborted_by_user"),
        (50001, "internal_server_error"),
        (50201, "bad_gateway"),
        (50202, "maintenance"),
    ],
)
def test_magic_amounts(mock: Driver, amount: int, title: str) -> None:
    """For every payment method."""
    for path, body in (
        ("/credit/charge", bodies.charge("o-1", amount)),
        ("/wallet/charge", bodies.wallet("o-2", amount)),
        ("/cash/charge", bodies.cash("o-3", amount)),
    ):
        assert mock.post(path, body).title == title
    assert mock.balances()["customer"] == 0


def test_an_expired_card_is_declined(mock: Driver) -> None:
    """By the virtual clock: good to the end of its month."""
    body = bodies.charge(card="4111111111111111")
    body["creditInformation"]["card"] |= {"expiryMonth": "01", "expiryYear": "2026"}
    assert mock.post("/credit/charge", body).status == 201
    mock.advance(27 * 86_400)
    body["order"]["orderId"] = "order-2"
    assert mock.post("/credit/charge", body).title == "card_declined"


def test_an_mp_token_is_used_up_by_what_was_accepted(mock: Driver) -> None:
    """Not by a failure, not by getCardDetails."""
    token = {"type": "MP_TOKEN", "token": "once"}
    details = {"cardInformation": {"tokenizedCard": token}}
    assert mock.post("/credit/getCardDetails", details).status == 200
    mock.next(operation="creditCharge", status=502)
    assert mock.post("/credit/charge", bodies.charge(token="once")).status == 502
    assert mock.post("/credit/charge", bodies.charge(token="once")).status == 201
    declined = bodies.verify("check-1")
    declined["creditVerificationInformation"]["tokenizedCard"]["token"] = "t-4000000000000002"
    for _ in range(2):
        assert mock.post("/credit/verifyCard", declined).title == "card_declined"
    again = mock.post("/credit/charge", bodies.charge("order-2", token="once"))
    assert (again.title, again.detail[-35:]) == (
        "invalid_request",
        "creditInformation.tokenizedCard.token)"[-35:],
    )
    assert mock.post("/credit/getCardDetails", details).status == 400


def test_card_numbers_are_for_pci_dss_shops(mock_with: Callable[..., Driver]) -> None:
    """With both, a token wins; without PCI DSS even then it is the contract."""
    both = bodies.charge(card="4111111111111111")
    both["creditInformation"]["tokenizedCard"] = {"type": "MP_TOKEN", "token": "t-3530111333300000"}
    card = mock_with().post("/credit/charge", both).json()["creditResult"]["cardResult"]
    assert card["brand"] == "JCB"
    plain = mock_with(pci_dss=False)
    assert plain.post("/credit/charge", both).title == "invalid_contract"
    assert plain.post("/credit/charge", bodies.charge()).status == 201


def test_apple_pay_knows_neither_3d_secure_nor_screening(mock: Driver) -> None:
    """Left out, useTds2 does nothing; asked for, it is refused."""
    body = bodies.charge(kind="APPLE_PAY_TOKEN")
    answer = mock.post("/credit/charge", body)
    assert (answer.status, answer.json()["creditResult"]["cardType"]) == (201, "APPLE_PAY")
    refusals: list[dict[str, Any]] = [
        {"useTds2": True},
        {"useFraudDetection": True},
        {"paymentMethod": "REVOLVING"},
    ]
    for options in refusals:
        refused = bodies.charge("order-2", kind="APPLE_PAY_TOKEN", **options)
        assert mock.post("/credit/charge", refused).title == "invalid_parameter"


def _screened(order_id: str, user: str, **options: Any) -> dict[str, Any]:
    body = bodies.charge(order_id, useFraudDetection=True)
    body["fraudDetectionInformation"] = {
        "fraudDetectionOptions": {"screeningType": "RED_SHIELD"} | options,
        "fraudDetectionData": {"userId": user},
    }
    return body


def test_screening_answers_and_may_stop(mock: Driver) -> None:
    """CHALLENGE as threshold stops both, DENY only itself (magic user ids)."""
    answer = mock.post("/credit/charge", _screened("o-1", "deny"))
    assert answer.json()["fraudDetectionResult"]["screeningResultCode"] == "DENY"
    for number, (user, threshold, status) in enumerate(
        [
            ("good", "CHALLENGE", 201),
            ("challenge", "DENY", 201),
            ("challenge", "CHALLENGE", 402),
            ("deny", "DENY", 402),
        ]
    ):
        body = _screened(f"p-{number}", user, stopAuthorizationThreshold=threshold)
        assert mock.post("/credit/charge", body).status == status
    needs = bodies.charge("o-9", useFraudDetection=True)
    assert mock.post("/credit/charge", needs).title == "missing_parameter"


def test_asynchronous_screening_is_inquired_later(mock: Driver) -> None:
    """Only its type comes back at once."""
    answer = mock.post("/credit/charge", _screened("o-1", "challenge", asyncMode=True))
    assert answer.json()["fraudDetectionResult"] == {"screeningType": "RED_SHIELD"}
    assert mock.inquire(answer.access_id)["fraudDetectionResult"] == {"screeningType": "RED_SHIELD"}
    mock.advance(60)
    found = mock.inquire(answer.access_id)["fraudDetectionResult"]
    assert found["screeningResultCode"] == "CHALLENGE"


def test_a_check_has_no_amount_and_stores_on_request(mock: Driver) -> None:
    """CHECK; with 3-D Secure after the callback or finalizeVerification."""
    mock.post("/member/create", {"memberId": "member-1", "memberName": "会員"})
    plain = mock.post("/credit/verifyCard", bodies.verify())
    assert (plain.status, plain.order_status) == (201, "CHECK")
    assert "amount" not in plain.json()["orderReference"]
    assert "onfileCardResult" not in plain.json()
    options = {"onfileCardOptions": {"memberId": "member-1"}}
    stored = mock.post("/credit/verifyCard", bodies.verify("check-2", **options)).json()
    assert stored["onfileCardResult"] == {
        "memberId": "member-1",
        "memberName": "会員",
        "type": "CREDIT_CARD",
        "cardId": "0",
        "isDefault": False,
    }
    automatic = mock.post(
        "/credit/verifyCard", bodies.verify("check-3", tds={"allowAttempt": "ALLOW"})
    )
    assert mock.browse(automatic.redirect)["event"] == "TDS_VERIFICATION_FINISHED"
    assert mock.status(automatic.access_id) == "CHECK"
    own = mock.post("/credit/verifyCard", bodies.verify("check-4", tds=OWN, **options))
    assert mock.browse(own.redirect)["event"] == "TDS_FINISHED"
    question = {"accessId": own.access_id}
    assert mock.post("/tds2/finalizeCharge", question).title == "invalid_request"
    final = mock.post("/tds2/finalizeVerification", question).json()
    assert (final["orderReference"]["status"], final["onfileCardResult"]["cardId"]) == (
        "CHECK",
        "1",
    )
    assert final["creditResult"]["useTds2"] is True
    assert mock.balances()["customer"] == 0


def test_a_check_has_no_amount_to_look_at(mock: Driver) -> None:
    """A currency beside it is a member nobody knows here."""
    body = bodies.verify()
    body["order"]["currency"] = "JPY"
    assert mock.post("/credit/verifyCard", body).status == 201
