"""What merchant and customer do with wallets, cash, identity checks and members."""

from __future__ import annotations

from typing import Any

import pytest
from kessai.errors import InvalidRequestError, InvalidStateError

from tests.support import contract_bodies as bodies
from tests.support.contract_acts import REFUSED, begin
from tests.support.contract_bodies import Body
from tests.support.contract_world import Tracked, World

WRONG_CODE = "777777"  # documented test code


def charge_wallet(
    world: World,
    wallet: str,
    *,
    mode: str = "CAPTURE",
    amount: int = 1000,
    failed: Tracked | None = None,
) -> Tracked:
    """A wallet charge: the customer is sent to the wallet."""
    order = failed or Tracked("WALLET", world.name("wallet"), wallet)
    order.mode, order.pressed, order.method = mode, None, wallet
    body = bodies.wallet_charge(order.id, amount, wallet=wallet, mode=mode)
    refused = amount == REFUSED
    expect = "UNPROCESSED" if refused else "REQSUCCESS"
    return begin(world, order, "walletCharge", body, expect, refused=refused)


def ask_consent(world: World, wallet: str, member_id: str) -> Tracked:
    """Ask the customer to agree to later charges."""
    order = Tracked("WALLET", world.name("consent"), wallet)
    order.check = True
    body = bodies.wallet_authorize_account(order.id, member_id, wallet=wallet)
    return begin(world, order, "walletAuthorizeAccount", body, "REQSUCCESS")


def charge_consent(
    world: World,
    member_id: str,
    wallet: str,
    *,
    mode: str = "CAPTURE",
    amount: int = 1000,
    failed: Tracked | None = None,
) -> Tracked:
    """Charge a wallet on file; no customer takes part."""
    order = failed or Tracked("WALLET", world.name("onfile"), wallet)
    order.mode, order.method = mode, wallet
    body = bodies.wallet_onfile_charge(order.id, member_id, amount, wallet=wallet, mode=mode)
    refused = amount == REFUSED
    expect = "UNPROCESSED" if refused else mode
    return begin(world, order, "walletOnfileCharge", body, expect, refused=refused)


def open_wallet(world: World, order: Tracked) -> None:
    """The customer arrives at the wallet's page and does nothing yet."""
    assert order.page is not None
    answer = world.mock.open(order.page)
    assert answer.status in {200, 410}
    if answer.status == 410:
        order.page = None
    world.look(order)


def charge_frontend(world: World, *, mode: str = "CAPTURE", amount: int = 1000) -> Tracked:
    """A payment inside PayPay's own app."""
    order = Tracked("WALLET", world.name("frontend"), "PAYPAY")
    order.mode, order.frontend = mode, True
    body = bodies.wallet_frontend_charge(order.id, amount, mode=mode)
    return begin(world, order, "walletFrontendCharge", body, "REQSUCCESS")


def approve_frontend(world: World, order: Tracked) -> None:
    """The customer approves in the app, if it still waits for that."""
    waiting = order.status == "REQSUCCESS"
    assert world.mock.pay(order.access_id).status == (200 if waiting else 400)
    world.look(order)
    assert order.status == "AUTHPROCESS" or not waiting


def verify_frontend(world: World, order: Tracked) -> None:
    """The merchant verifies; before the customer has approved there is nothing to verify."""
    request = {"accessId": order.access_id}
    before = order.status
    if before not in {"AUTHPROCESS", "AUTH", "CAPTURE"}:
        with pytest.raises(InvalidStateError):
            world.call("walletFrontendVerifyCharge", request)
        world.look(order)
        assert order.status == before
        return
    world.call("walletFrontendVerifyCharge", request)
    world.look(order)
    assert order.status == (order.mode if before == "AUTHPROCESS" else before)


def charge_cash(
    world: World, cash: str, *, amount: int = 1000, failed: Tracked | None = None
) -> Tracked:
    """Numbers or an account to pay with."""
    order = failed or Tracked("CASH", world.name("cash"), cash)
    order.method = cash
    body = bodies.cash_charge(order.id, amount, cash=cash)
    refused = amount == REFUSED
    waiting = "TRADING" if cash.startswith("BANK") else "REQSUCCESS"
    expect = "UNPROCESSED" if refused else waiting
    return begin(world, order, "cashCharge", body, expect, refused=refused)


def deposit(world: World, order: Tracked, amount: int | None = None) -> None:
    """The customer pays: a till takes the exact amount once, a bank anything at any time."""
    bank = order.method.startswith("BANK")
    takes = order.status in ({"TRADING", "PAYSUCCESS"} if bank else {"REQSUCCESS"})
    takes = takes and (bank or amount in (None, order.amount))
    before = order.deposited
    assert world.mock.pay(order.access_id, amount).status == (200 if takes else 400), order
    world.look(order, stepped=takes)
    if not takes:
        assert order.deposited == before
        return
    assert order.deposited > before
    paid = order.deposited >= (order.amount or 0)
    assert order.status == ("PAYSUCCESS" if paid else "TRADING"), order


def start_identity(world: World) -> Tracked:
    """An identity check by SMS."""
    check = Tracked("VERIFICATION", world.name("identity"), "sms-pin")
    world.orders[check.id] = check
    answer = world.call("verificationStart", bodies.verification_start(check.id))
    check.page = answer.redirect_information.redirect_url
    world.look(check, stepped=True)
    return check


def type_code(world: World, check: Tracked, code: str) -> None:
    """The customer types the code from the SMS, or a wrong one."""
    assert check.page is not None
    answer = world.mock.app.send("GET", f"{check.page}?code={code}")
    if answer.status in {302, 410}:
        check.page = None
    world.look(check)
    assert check.status != "SUCCESS" or code != WRONG_CODE


class Member:
    """A member as the merchant's own books have it."""

    def __init__(self, member_id: str) -> None:
        self.id = member_id
        self.cards: list[str] = []  # card ids in order of storing, deleted ones left out
        self.stored = 0
        self.consents: dict[str, Tracked] = {}
        self.deleted = False


def join(world: World) -> Member:
    """A new member."""
    member = Member(world.name("member"))
    assert world.call("memberCreate", bodies.member_create(member.id)).member_id == member.id
    return member


def store_card(world: World, member: Member, access_id: str | None = None) -> None:
    """Store a card, of an order or given; five at most, and none for a deleted member."""
    body = bodies.credit_store_card(member.id, access_id=access_id)
    if member.deleted or len(member.cards) >= 5:
        with pytest.raises(InvalidRequestError):
            world.call("creditStoreCard", body)
        return
    stored = world.call("creditStoreCard", body).onfile_card_result
    assert stored.card_id == str(member.stored)  # counts up, and is never given again
    member.cards.append(stored.card_id)
    member.stored += 1


def charge_stored(world: World, member: Member) -> Tracked | None:
    """Charge the member's first card."""
    order_id = world.name("stored")
    body = bodies.credit_onfile_charge(order_id, member.id)
    if member.deleted or not member.cards:
        with pytest.raises(InvalidRequestError):
            world.call("creditOnfileCharge", body)
        return None
    order = Tracked("CREDIT", order_id, "CARD")
    order.mode = "CAPTURE"
    return begin(world, order, "creditOnfileCharge", body, "CAPTURE")


def delete_card(world: World, member: Member) -> None:
    """Delete the member's first card; it can never be used again."""
    if not member.cards or member.deleted:
        return
    body: Body = {
        "memberId": member.id,
        "onfileType": "CARD",
        "onfileCardType": "CREDIT_CARD",
        "cardId": member.cards[0],
    }
    assert world.call("memberDeleteItem", body).deleted_card.card_id == member.cards.pop(0)
    with pytest.raises(InvalidRequestError):
        world.call("memberDeleteItem", body)


def end_consent(world: World, member: Member, wallet: str) -> None:
    """End a consent; for Rakuten Pay this is not possible (documented)."""
    order = member.consents.pop(wallet)
    body = {"memberId": member.id, "onfileType": "WALLET", "onfileWalletType": wallet}
    world.call("memberDeleteItem", body)
    world.look(order)
    assert order.status == "END"


def leave(world: World, member: Member) -> None:
    """Delete the member: its cards at once, its consents a little later, its id for ever."""
    answer = world.call("memberDelete", {"memberId": member.id})
    assert [card.card_id for card in answer.deleted_cards or ()] == member.cards
    member.deleted = True
    with pytest.raises(InvalidRequestError):
        world.call("memberCreate", bodies.member_create(member.id))


def inspect(world: World, member: Member) -> None:
    """The gateway's list of a member is the merchant's."""
    request: dict[str, Any] = {"memberId": member.id}
    if member.deleted:
        with pytest.raises(InvalidRequestError):
            world.call("memberInquiry", request)
        return
    found = world.call("memberInquiry", request)
    cards: list[Any] = found.onfile_cards or []
    assert [card.card_id for card in cards] == member.cards
    assert [card.index for card in cards] == [str(n) for n in range(len(member.cards))]
    wallets = {str(wallet.onfile_wallet_type) for wallet in found.onfile_wallets or ()}
    active = {name for name, order in member.consents.items() if order.status == "REGISTER"}
    assert wallets == active, (wallets, active)
