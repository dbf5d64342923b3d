"""Members and their cards, as far as payments touch them (payNowIdParam.accountParam).

Document: a third party's note that an unknown accountId registers member and card together
with the payment. Assumed: that only a payment that succeeds does; that a known member's new
card is added and an old one is kept; which card is the standard one. The commands of the
member service itself are not in this mock.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..body import Body
from . import tokens
from .gateway import Gateway
from .results import RefusalError
from .service import Call
from .state import Order


@dataclass(slots=True)
class StoredCard:
    """A card of a member."""

    card_id: str
    number: str = field(repr=False)
    expire: str = field(repr=False)


@dataclass(slots=True)
class Member:
    """A member and their cards; the standard one comes first."""

    account_id: str
    cards: list[StoredCard] = field(default_factory=list[StoredCard])


def choose_card(gateway: Gateway, body: Body, order: Order) -> None:
    """Find the card a request names: by token, raw, or as one of a member's.

    Raises RefusalError OC09 without any, ZX01 for a member or card that is not known, and
    what `tokens.card_of` raises.
    """
    account = body.child("payNowIdParam", "accountParam")
    account_id = account.text("accountId") if account is not None else None
    card_id = account.text("cardParam", "cardId") if account is not None else None
    named = body.has("payNowIdParam", "token") or body.has("cardNumber")
    if account_id is None or (named and card_id is None):
        order.own["card"] = tokens.card_of(gateway, body)
        if account_id is not None:
            order.own["member"] = account_id
        return
    member = gateway.members.get(account_id)
    cards = member.cards if member is not None else []
    found = [card for card in cards if card_id in {None, card.card_id}]
    if not found:
        raise RefusalError("ZX01", "cardId" if cards else "accountId")
    order.own["card"] = (found[0].number, found[0].expire)


def earlier_card(call: Call, order: Order) -> None:
    """Take the card of the payment that ReAuthorize names, whatever became of that.

    Raises RefusalError ZN01 for no order, NH02 for one without a card.
    """
    order.original = original = call.gateway.find(call, "originalOrderId")
    if "card" not in original.own:
        raise RefusalError("NH02")
    order.own["card"] = original.own["card"]


def register(gateway: Gateway, order: Order) -> None:
    """A payment has succeeded: keep its card for the member it names."""
    account_id: str | None = order.own.get("member")
    if account_id is None:
        return
    member = gateway.members.setdefault(account_id, Member(account_id))
    number, expire = order.own["card"]
    if (number, expire) not in {(card.number, card.expire) for card in member.cards}:
        member.cards.append(StoredCard(gateway.ids.base32("cardId", 24), number, expire))


def describe(gateway: Gateway, order: Order) -> dict[str, Any]:
    """payNowIdResponse beside the result of a payment that named a member, else nothing."""
    member = gateway.members.get(order.memos.get("accountId", ""))
    if member is None:
        return {}
    cards = [
        {
            "cardId": card.card_id,
            "cardNumber": tokens.masked(card.number),
            "cardExpire": card.expire,
            "defaultCard": "0" if at else "1",
        }
        for at, card in enumerate(member.cards)
    ]
    account = {"accountId": member.account_id, "cardInfo": cards}
    process = gateway.ids.digits("processId", 20)
    return {
        "payNowIdResponse": {
            "processId": process,
            "status": "success",
            "message": "Success.",
            "account": account,
            "optionResults": list[Any](),
        }
    }
