"""/member/create, /member/inquiry, /member/delete and /member/deleteItem."""

from __future__ import annotations

from . import onfile
from .call import Answer, Call
from .problem import invalid, refused
from .rules import common


def create(call: Call) -> Answer:
    """memberCreate: a new member; an id that was ever used is refused."""
    common.check_member(call.body)
    owner = onfile.create(call.shop, call.body.need("memberId"), call.body.text("memberName"))
    return Answer(201, {"memberId": owner.member_id, "memberName": owner.name})


def inquiry(call: Call) -> Answer:
    """memberInquiry: the member with cards and wallets, or one kind only (onfileType)."""
    common.check_options(call.body)
    owner = onfile.member(call.shop, call.body.need("memberId"))
    kind = call.body.text("onfileType")
    cards = [onfile.card_information(owner, stored) for stored in owner.active()]
    wallets = [onfile.wallet_information(found) for found in owner.wallets.values()]
    return Answer(
        200,
        {
            "memberId": owner.member_id,
            "memberName": owner.name,
            "onfileCards": cards if kind != "WALLET" and cards else None,
            "onfileWallets": wallets if kind != "CARD" and wallets else None,
        },
    )


def delete(call: Call) -> Answer:
    """memberDelete: the member and its cards at once, its wallets a minute later (assumed)."""
    common.check_options(call.body)
    gateway = call.gateway
    owner = onfile.member(call.shop, call.body.need("memberId"))
    cards = [onfile.card_information(owner, stored) for stored in owner.active()]
    wallets = [onfile.wallet_information(found) for found in owner.wallets.values()]
    for stored in owner.cards:
        stored.deleted, stored.default = True, False
    owner.deleted = True

    def remove_wallets() -> None:
        for wallet in list(owner.wallets):
            onfile.end_consent(gateway, owner, wallet)

    gateway.after(gateway.settings.consent_removal_seconds, remove_wallets)
    return Answer(
        202,
        {
            "memberId": owner.member_id,
            "deletedCards": cards or None,
            "deletedWallets": wallets or None,
        },
    )


def delete_item(call: Call) -> Answer:
    """memberDeleteItem: one card or one wallet. Answers what it was before."""
    common.check_options(call.body)
    wallet = call.body.text("onfileWalletType")
    if wallet == "RAKUTEN":
        raise invalid("onfileWalletType", "Not possible for Rakuten Pay.")
    # memberId is not required for wallets on paper; nothing else names the member (assumed).
    owner = onfile.member(call.shop, call.body.need("memberId"))
    if call.body.need("onfileType") == "CARD":
        card_id = call.body.need("cardId")
        found = next((c for c in owner.active() if int(c.card_id) == int(card_id)), None)
        if found is None:
            raise refused("cardId", "There is no such card.")
        if call.body.need("onfileCardType") != onfile.card_type(found.card):
            raise refused("onfileCardType", "The card is of another type.")
        before = onfile.card_information(owner, found)
        found.deleted, found.default = True, False
        return Answer(201, {"memberId": owner.member_id, "deletedCard": before})
    wallet = call.body.need("onfileWalletType")
    consent = owner.wallets.get(wallet)
    if consent is None:
        raise refused("onfileWalletType", "The customer has not agreed to this wallet.")
    onfile.end_consent(call.gateway, owner, wallet)
    deleted = onfile.wallet_information(consent)
    return Answer(201, {"memberId": owner.member_id, "deletedWallet": deleted})
