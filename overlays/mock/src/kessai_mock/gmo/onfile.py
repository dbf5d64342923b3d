"""What is kept for members: cards (five at most) and wallets the customer agreed to.

A card's id (カードID, 物理連番) counts up from 0 and is never given again; its index
(カードインデックス, 論理連番) is its place among the cards that are left, 0 to 4.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from . import cards
from .body import Body
from .gateway import Gateway
from .problem import refused
from .state import Card, Member, Order, Shop, StoredCard, StoreWish

MAX_CARDS = 5


def member(shop: Shop, member_id: str, at: str = "memberId") -> Member:
    """A member that exists. Raises ProblemError invalid_request (title assumed)."""
    found = shop.members.get(member_id)
    if found is None or found.deleted:
        raise refused(at, "There is no such member.")
    return found


def name_of(shop: Shop, member_id: str) -> str | None:
    """The member's name."""
    return shop.members[member_id].name


def create(shop: Shop, member_id: str, name: str | None, at: str = "memberId") -> Member:
    """A new member. Raises ProblemError invalid_request: an id is never used twice."""
    if member_id in shop.members:
        raise refused(at, "The member id has been used.")
    made = Member(member_id=member_id, name=name)
    shop.members[member_id] = made
    return made


def find_card(shop: Shop, wish: Body) -> StoredCard:
    """The card an onfileCard member means: cardId before index before the default card.

    Raises ProblemError invalid_request when there is none, or it was deleted.
    """
    owner = member(shop, wish.need("memberId"), wish.where("memberId"))
    card_id, index = wish.text("cardId"), wish.text("index")
    active = owner.active()
    if card_id is not None:
        found = next((c for c in active if int(c.card_id) == int(card_id)), None)
        at = wish.where("cardId")
    elif index is not None:
        found = active[int(index)] if int(index) < len(active) else None
        at = wish.where("index")
    else:
        found = next((c for c in active if c.default), None)
        at = wish.where("cardId")
    if found is None:
        raise refused(at, "There is no such card.")
    if wish.text("type") != card_type(found.card):
        raise refused(wish.where("type"), "The card is of another type.")
    return found


def card_type(card: Card) -> str:
    """The type a card is stored under; Google Pay cards are stored as ordinary cards."""
    return "APPLE_PAY" if card.kind == "APPLE_PAY" else "CREDIT_CARD"


def presented(stored: StoredCard, wish: Body) -> Card:
    """The stored card with the cardholder name of the request, which Apple Pay ignores."""
    name = wish.text("cardholderName")
    if name is None or stored.card.kind == "APPLE_PAY":
        return replace(stored.card)
    return replace(stored.card, holder=name)


def remember_holder(order: Order) -> None:
    """Once a payment or check went through, its cardholder name replaces the stored one."""
    if order.onfile is not None and order.card is not None:
        order.onfile.card.holder = order.card.holder


def wish_of(options: Body) -> StoreWish:
    """What onfileCardOptions asks for."""
    checks = options.child("duplicationCheckOptions")
    return StoreWish(
        at=options.at,
        member_id=options.need("memberId"),
        member_name=options.text("memberName"),
        card_id=options.text("cardId"),
        create_member=options.flag("createNewMember", default=False),
        set_default=options.flag("setDefault", default=False),
        duplicates=(
            not checks.flag("enableDuplicationCheck", default=False) if checks is not None else True
        ),
        deleted_too=(
            checks.flag("includeDeletedCards", default=False) if checks is not None else False
        ),
        excluded=tuple(checks.texts("excludedMemberIds")) if checks is not None else (),
    )


def check_store(shop: Shop, card: Card, wish: StoreWish) -> None:
    """Whether the card could be stored. Raises ProblemError invalid_request if not."""
    owner = shop.members.get(wish.member_id)
    if owner is None and not wish.create_member:
        raise refused(f"{wish.at}.memberId", "There is no such member.")
    if owner is not None and owner.deleted:
        raise refused(f"{wish.at}.memberId", "The member was deleted.")
    active = owner.active() if owner is not None else []
    if wish.card_id is not None:
        if all(int(c.card_id) != int(wish.card_id) for c in active):
            raise refused(f"{wish.at}.cardId", "There is no such card.")
    elif len(active) >= MAX_CARDS:
        raise refused(f"{wish.at}.memberId", "The member has five cards.")
    if not wish.duplicates:
        _check_duplicates(shop, card, wish)


def _check_duplicates(shop: Shop, card: Card, wish: StoreWish) -> None:
    for other in shop.members.values():
        if other.member_id in wish.excluded:
            continue
        for stored in other.cards:
            overwritten = (
                other.member_id == wish.member_id
                and wish.card_id is not None
                and int(wish.card_id) == int(stored.card_id)
            )
            if overwritten or (stored.deleted and not wish.deleted_too):
                continue
            if stored.card.number == card.number:
                at = f"{wish.at}.duplicationCheckOptions.enableDuplicationCheck"
                raise refused(at, "The card number is stored already.")


def store(gateway: Gateway, shop_id: str, card: Card, wish: StoreWish) -> StoredCard:
    """Store a card, or overwrite the one named by cardId, as `check_store` allows."""
    shop = gateway.shop(shop_id)
    check_store(shop, card, wish)
    owner = shop.members.get(wish.member_id)
    if owner is None:
        owner = create(shop, wish.member_id, wish.member_name)
    kept = replace(card, kind=card_type(card))
    if wish.card_id is not None:
        stored = next(c for c in owner.active() if int(c.card_id) == int(wish.card_id))
        stored.card = kept
    else:
        stored = StoredCard(member_id=owner.member_id, card_id=str(len(owner.cards)), card=kept)
        owner.cards.append(stored)
    if wish.set_default:
        for other in owner.cards:
            other.default = other is stored
    return stored


def card_information(owner: Member, stored: StoredCard) -> dict[str, Any]:
    """onfileCardInformation as it stands now."""
    active = owner.active()
    return {
        "type": card_type(stored.card),
        "cardId": stored.card_id,
        "index": str(active.index(stored)),
        "cardNumber": cards.masked(stored.card.number),
        "cardholderName": stored.card.holder,
        "expiryMonth": stored.card.month,
        "expiryYear": stored.card.year,
        "issuerCode": cards.issuer_code(stored.card.number),
        "brand": cards.brand(stored.card.number),
        "isDefault": stored.default,
    }


def wallet_information(consent: Order) -> dict[str, Any]:
    """onfileWalletInformation: which wallet, and the code of the customer's consent."""
    return {"onfileWalletType": consent.method, "acceptanceCode": consent.acceptance_code}


def consent(shop: Shop, wish: Body) -> Order:
    """The member's active consent for a wallet. Raises ProblemError invalid_request."""
    owner = member(shop, wish.need("memberId"), wish.where("memberId"))
    found = owner.wallets.get(wish.need("type"))
    if found is None:
        raise refused(wish.where("type"), "The customer has not agreed to this wallet.")
    return found


def end_consent(gateway: Gateway, owner: Member, wallet: str) -> None:
    """Take a wallet away from a member; the consent's order becomes END."""
    found = owner.wallets.pop(wallet, None)
    if found is not None:
        gateway.step(found, "END")
