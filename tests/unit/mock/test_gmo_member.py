"""Members, their cards and wallets."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Driver


@pytest.fixture
def member(mock: Driver) -> Driver:
    """A mock that knows member-1."""
    answer = mock.post("/member/create", {"memberId": "member-1", "memberName": "会員"})
    assert (answer.status, answer.json()) == (201, {"memberId": "member-1", "memberName": "会員"})
    return mock


def _store(mock: Driver, number: str, **options: Any) -> str:
    answer = mock.post("/credit/storeCard", bodies.store(f"{number}-{_count(mock)}", **options))
    assert answer.status == 201, answer
    assert "orderReference" not in answer.json()
    return str(answer.json()["onfileCardResult"]["cardId"])


def _count(mock: Driver) -> int:
    return len(mock.gateway.requests)


def _cards(mock: Driver) -> list[tuple[str, str, str, bool]]:
    """cardId, index, last digits, default."""
    found = mock.post("/member/inquiry", {"memberId": "member-1"}).json()
    return [
        (card["cardId"], card["index"], card["cardNumber"][-4:], card["isDefault"])
        for card in found.get("onfileCards", [])
    ]


def _delete(mock: Driver, card_id: str) -> Any:
    body = {
        "memberId": "member-1",
        "onfileType": "CARD",
        "onfileCardType": "CREDIT_CARD",
        "cardId": card_id,
    }
    return mock.post("/member/deleteItem", body)


def test_five_cards_and_no_more(member: Driver) -> None:
    """Ids count up and are never given again; indexes close up."""
    numbers = [f"41111111111100{number:02}" for number in range(6)]
    assert [_store(member, number) for number in numbers[:5]] == ["0", "1", "2", "3", "4"]
    sixth = member.post("/credit/storeCard", bodies.store("sixth"))
    assert (sixth.status, sixth.title) == (400, "invalid_request")
    deleted = _delete(member, "1").json()["deletedCard"]
    assert (deleted["cardId"], deleted["index"]) == ("1", "1")
    assert _store(member, numbers[5]) == "5"
    assert [(card, index) for card, index, _, _ in _cards(member)] == [
        ("0", "0"),
        ("2", "1"),
        ("3", "2"),
        ("4", "3"),
        ("5", "4"),
    ]
    assert _delete(member, "1").title == "invalid_request"


def test_a_card_can_be_overwritten(member: Driver) -> None:
    """By its id, which it keeps; not once deleted."""
    _store(member, "4111111111111111")
    assert _store(member, "5555555555554444", cardId="0") == "0"
    assert _cards(member) == [("0", "0", "4444", False)]
    _delete(member, "0")
    gone = member.post("/credit/storeCard", bodies.store("again", cardId="0"))
    assert gone.title == "invalid_request"


def test_the_same_number_is_stored_twice_unless_checked(member: Driver) -> None:
    """Over all members, deleted cards on request, without those excluded."""
    check = {"enableDuplicationCheck": True}
    number = "4111111111111111"
    assert _store(member, number) == "0"
    assert _store(member, number) == "1"

    def stored(check: dict[str, Any], **options: Any) -> int:
        body = bodies.store(f"{number}-{_count(member)}", duplicationCheckOptions=check, **options)
        return member.post("/credit/storeCard", body).status

    assert stored(check) == 400
    assert stored(check, memberId="member-2", createNewMember=True) == 400
    assert member.post("/member/inquiry", {"memberId": "member-2"}).status == 400
    assert stored(check | {"excludedMemberIds": ["member-1"]}) == 201
    for card_id in ("0", "1", "2"):
        _delete(member, card_id)
    assert stored(check | {"includeDeletedCards": True}) == 400
    assert stored(check) == 201


def test_the_card_of_an_order_can_be_stored(member: Driver) -> None:
    """Of one that succeeded; Apple Pay but for Visa."""
    paid = member.post("/credit/charge", bodies.charge(token="x-3530111333300000")).access_id
    member.post("/credit/charge", bodies.charge("order-2", card="4000000000000002"))
    failed = member.post("/order/inquiry", {"orderId": "order-2"}).access_id
    apple = bodies.charge("order-3", kind="APPLE_PAY_TOKEN", token="visa-4111111111111111")
    visa = member.post("/credit/charge", apple).access_id
    apple = bodies.charge("order-4", kind="APPLE_PAY_TOKEN", token="jcb-3530111333300000")
    jcb = member.post("/credit/charge", apple).access_id

    def store(access_id: str) -> Any:
        information = {
            "referrer": {"accessId": access_id},
            "onfileCardOptions": {"memberId": "member-1"},
        }
        body = {"merchant": bodies.merchant(), "creditStoringInformation": information}
        return member.post("/credit/storeCard", body)

    assert store(paid).json()["cardResult"]["brand"] == "JCB"
    assert store(jcb).json()["onfileCardResult"]["type"] == "APPLE_PAY"
    for access_id in (failed, visa, "f" * 32):
        assert store(access_id).title == "invalid_request"
    onfile = bodies.onfile("order-5", type="APPLE_PAY", cardId="1")
    assert member.post("/credit/on-file/charge", onfile).status == 201
    wrong = bodies.onfile("order-6", type="APPLE_PAY", cardId="0")
    assert member.post("/credit/on-file/charge", wrong).title == "invalid_request"


def test_on_file_by_id_by_index_or_by_default(member: Driver) -> None:
    """The id wins; without both the default card, if there is one."""
    _store(member, "4111111111111111")
    _store(member, "5555555555554444")

    def last_digits(order_id: str, **card: Any) -> str:
        answer = member.post("/credit/on-file/charge", bodies.onfile(order_id, **card))
        if answer.status == 400:
            return answer.title
        return str(answer.json()["creditResult"]["cardResult"]["cardNumber"][-4:])

    assert last_digits("o-1") == "invalid_request"
    assert last_digits("o-2", index="1") == "4444"
    assert last_digits("o-3", cardId="0", index="1") == "1111"
    assert last_digits("o-4", index="2") == "invalid_request"
    assert _store(member, "3530111333300000", setDefault=True) == "2"
    assert last_digits("o-5") == "0000"
    _store(member, "30569309025904", setDefault=True)
    assert [card[3] for card in _cards(member)] == [False, False, False, True]
    _delete(member, "3")
    assert last_digits("o-6") == "invalid_request"
    assert last_digits("o-7", cardId="3") == "invalid_request"


def test_a_cardholder_name_replaces_the_stored_one_once_it_worked(member: Driver) -> None:
    """Not when the payment failed."""
    _store(member, "4111111111111111")

    def holder() -> str:
        found = member.post("/member/inquiry", {"memberId": "member-1"}).json()
        return str(found["onfileCards"][0]["cardholderName"])

    declined = bodies.onfile("o-1", 40201, cardId="0", cardholderName="NEW NAME")
    assert member.post("/credit/on-file/charge", declined).status == 402
    assert holder() == "KESSAI TEST"
    paid = bodies.onfile("o-2", cardId="0", cardholderName="NEW NAME")
    result = member.post("/credit/on-file/charge", paid).json()["creditResult"]["cardResult"]
    assert (result["cardholderName"], holder()) == ("NEW NAME", "NEW NAME")


def test_a_stored_card_can_be_checked_and_looked_up(member: Driver) -> None:
    """verifyCard and getCardDetails by onfileCard."""
    _store(member, "4111111111111111")
    card = {"memberId": "member-1", "type": "CREDIT_CARD", "cardId": "0"}
    body = bodies.verify()
    body["creditVerificationInformation"] = {
        "onfileCard": card,
        "creditVerificationOptions": {"useTds2": False},
    }
    assert member.post("/credit/verifyCard", body).order_status == "CHECK"
    found = member.post("/credit/getCardDetails", {"cardInformation": {"onfileCard": card}})
    assert found.json()["cardDetailResult"]["cardNumber"][-4:] == "1111"
    nothing = member.post("/credit/getCardDetails", {"cardInformation": {}})
    assert nothing.title == "missing_parameter"


def test_a_member_is_made_with_its_first_card_if_asked(mock: Driver) -> None:
    """Not otherwise."""
    assert mock.post("/credit/storeCard", bodies.store()).title == "invalid_request"
    options: dict[str, Any] = {"createNewMember": True, "memberName": "新会員"}
    result = mock.post("/credit/storeCard", bodies.store(**options)).json()["onfileCardResult"]
    assert (result["memberId"], result["memberName"]) == ("member-1", "新会員")


def test_inquiry_by_kind(member: Driver) -> None:
    """onfileType leaves the other kind out; an empty list is left out too."""
    _store(member, "4111111111111111")
    member.browse(member.post("/wallet/authorizeAccount", bodies.consent(create=False)).redirect)

    def kinds(**body: str) -> set[str]:
        found = member.post("/member/inquiry", {"memberId": "member-1"} | body).json()
        return set(found) - {"memberId", "memberName"}

    assert kinds() == {"onfileCards", "onfileWallets"}
    assert kinds(onfileType="CARD") == {"onfileCards"}
    assert kinds(onfileType="WALLET") == {"onfileWallets"}


def test_a_deleted_member_is_gone_for_ever(member: Driver) -> None:
    """Cards at once, wallets a minute later (assumed); the id is never used again."""
    _store(member, "4111111111111111")
    consent = member.post("/wallet/authorizeAccount", bodies.consent(create=False))
    member.browse(consent.redirect)
    answer = member.post("/member/delete", {"memberId": "member-1"})
    assert answer.status == 202
    assert [card["cardId"] for card in answer.json()["deletedCards"]] == ["0"]
    assert [one["onfileWalletType"] for one in answer.json()["deletedWallets"]] == ["PAYPAY"]
    assert member.status(consent.access_id) == "REGISTER"
    member.advance(60)
    assert member.status(consent.access_id) == "END"
    for path, body in (
        ("/member/create", {"memberId": "member-1"}),
        ("/member/inquiry", {"memberId": "member-1"}),
        ("/member/delete", {"memberId": "member-1"}),
        ("/credit/on-file/charge", bodies.onfile(cardId="0")),
        ("/credit/storeCard", bodies.store("t", createNewMember=True)),
        ("/wallet/authorizeAccount", bodies.consent("consent-2")),
    ):
        assert (path, member.post(path, body).title) == (path, "invalid_request")


def test_rakutens_consent_is_not_deleted_here(member: Driver) -> None:
    """Of the others, only one that exists."""
    body = {"memberId": "member-1", "onfileType": "WALLET", "onfileWalletType": "RAKUTEN"}
    assert member.post("/member/deleteItem", body).title == "invalid_parameter"
    body["onfileWalletType"] = "DOCOMO"
    assert member.post("/member/deleteItem", body).title == "invalid_request"
    del body["memberId"]
    assert member.post("/member/deleteItem", body).title == "missing_parameter"
