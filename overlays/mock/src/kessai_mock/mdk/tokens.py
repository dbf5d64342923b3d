"""Tokens of cards: 15 minutes, one payment, one merchant. And what a card's digits decide."""

from __future__ import annotations

from datetime import timedelta

from ..body import Body
from .gateway import Gateway
from .results import DECLINES, RefusalError
from .state import Token

# Air-Web's dummy picks the card company's refusal by the expiry; that ours does is assumed.
EXPIRES: dict[str, str] = {
    f"{1 + at % 12:02}/{99 if at < 12 else 98}": code for at, code in enumerate(DECLINES)
}


def make(gateway: Gateway, number: str, expire: str, *, ours: bool) -> Token:
    """A new token for a card."""
    value = gateway.ids.uuid("token")
    until = gateway.clock.now + timedelta(seconds=gateway.settings.token_seconds)
    token = Token(value=value, ours=ours, number=number, expire=expire, until=until)
    gateway.tokens[value] = token
    return token


def spend(gateway: Gateway, value: str) -> Token:
    """The card behind a token, once. Raises RefusalError OC09."""
    token = gateway.tokens.get(value)
    if token is None or token.used or not token.ours or gateway.clock.now >= token.until:
        raise RefusalError("OC09")
    token.used = True
    return token


def luhn(number: str) -> bool:
    """Whether the last digit is the one the others demand."""
    total = 0
    for at, digit in enumerate(reversed(number)):
        doubled = int(digit) * (1 + at % 2)
        total += doubled - 9 if doubled > 9 else doubled
    return total % 10 == 0


def masked(number: str) -> str:
    """The first six and the last two digits, as the kit's logs have it."""
    return number[:6] + "*" * max(0, len(number) - 8) + number[-2:]


def card_of(gateway: Gateway, body: Body) -> tuple[str, str]:
    """Number and expiry of the card a request names: by token, or raw.

    Raises RefusalError OC09 without either, ZF01 for half a card or a number that fails Luhn's
    check (assumed).
    """
    value, number = body.text("payNowIdParam", "token"), body.text("cardNumber")
    if value is not None:
        token = spend(gateway, value)
        return token.number, token.expire
    if number is None:
        raise RefusalError("OC09")
    digits, expire = number.replace("-", ""), body.text("cardExpire")
    if not digits.isdecimal() or not 12 <= len(digits) <= 19 or not luhn(digits):
        raise RefusalError("ZF01", "cardNumber")
    if expire is None:
        raise RefusalError("ZF01", "cardExpire")
    return digits, expire
