"""Charges: made from a token, read, listed, changed, captured.

Document: facts, Charge and Endpoints; the konbini guide, 2.課金作成 and 3.課金の取得.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from . import books, instruments, konbini, metadata, processing, resources
from .call import Answer, Call, made, ok
from .paging import number, page
from .problems import ProblemError, invalid
from .state import Charge, Token
from .timing import moment_of
from .tokens import expired

_PERIODS = {"daily": 1, "weekly": 7, "monthly": 30, "annually": 365}  # days, assumed
_MPI = (
    "authentication_value", "eci", "ds_transaction_id", "server_transaction_id",
    "message_version", "transaction_status",
)  # fmt: skip


def create(call: Call) -> Answer:
    """POST /charges: pending, whatever becomes of it."""
    gateway, body = call.gateway, call.body
    values = metadata.taken(body.data)
    token = usable(call, body.need("transaction_token_id"))
    if token.kind == "subscription":
        raise ProblemError("INVALID_TOKEN_TYPE")
    amount = int(body.data["amount"])
    charge = new(call, token, amount, body.need("currency").upper(), values)
    charge.capture = body.flag("capture", default=True)
    charge.capture_at = moment_of(body.text("capture_at") or "")
    _check(call, charge)
    quick = too_quick(call, charge)
    if quick and gateway.settings.too_quick == "refuse":
        raise ProblemError("CHARGE_TOO_QUICK")
    charge.fate = call.payment_error or (
        processing.TOO_MANY if quick else processing.fate_of(token)
    )
    use(call, token)
    processing.begin(gateway, charge)
    return made(resources.charge(gateway, charge))


def usable(call: Call, token_id: str) -> Token:
    """The token to pay with.

    Raises ProblemError: for none at all (VALIDATION_ERROR, assumed), another store's, another
    mode's, one that was used, and one whose 5 minutes are over.
    """
    token = call.gateway.tokens.get(token_id)
    if token is None or token.deleted:
        raise invalid("transaction_token_id", "INVALID_UUID")
    if token.store_id != call.caller.store_id:
        raise ProblemError("TOKEN_FOR_WRONG_STORE")
    if token.mode != call.caller.mode:
        raise ProblemError("PROCESSING_MODE_MISMATCH")
    if token.kind != "recurring" and token.used:
        raise ProblemError("TRANSACTION_ALREADY_PROCESSED")
    if expired(call, token):
        raise ProblemError("TRANSACTION_TOKEN_EXPIRED")
    return token


def new(call: Call, token: Token, amount: int, currency: str, values: dict[str, Any]) -> Charge:
    """A charge that is remembered nowhere yet."""
    gateway, body = call.gateway, call.body
    now = gateway.clock.now
    charge = Charge(
        id=gateway.new_id("charge"),
        store_id=token.store_id,
        mode=token.mode,
        created=now,
        updated=now,
        metadata=values,
        token=token,
        amount=amount,
        currency=currency,
        merchant_id=call.caller.merchant_id,
        base=call.base,
        only_direct_currency=body.flag("only_direct_currency", default=False),
        merchant_transaction_id=body.text("merchant_transaction_id"),
    )
    endpoint = body.text("redirect", "endpoint")
    if endpoint is not None:
        charge.redirect = {"endpoint": endpoint, "redirect_id": gateway.new_id("redirect")}
    three_ds = body.child("three_ds")
    if three_ds is not None:
        charge.three_ds = {
            "redirect_endpoint": three_ds.text("redirect_endpoint"),
            "mode": three_ds.text("mode") or "normal",
            "redirect_id": gateway.new_id("redirect"),
        }
    return charge


def _check(call: Call, charge: Charge) -> None:
    """What a schema cannot say of a charge. Raises ProblemError."""
    gateway, payment_type = call.gateway, charge.token.payment_type
    if payment_type in gateway.settings.disabled:
        raise instruments.disabled(payment_type)
    if not charge.capture and payment_type != "card":
        raise invalid("capture", "CAPTURE_ONLY_FOR_CARD_PAYMENT")
    if payment_type in {"konbini", "bank_transfer"}:
        konbini.check(gateway, charge.capture_at)
    elif payment_type == "card":
        processing.check_capture_at(gateway, charge.capture_at)
    elif charge.capture_at is not None:
        raise invalid("capture_at", "CAPTURE_ONLY_FOR_CARD_PAYMENT")
    three_ds = call.body.child("three_ds")
    if three_ds is not None:
        given = [three_ds.has(name) for name in _MPI]
        if any(given) and not all(given):
            raise invalid("three_ds", "REQUIRED_VALUE")
    token = charge.token
    if token.kind == "recurring" and token.usage_limit is not None and token.last_used is not None:
        again = token.last_used + timedelta(days=_PERIODS[token.usage_limit])
        if gateway.clock.now < again:
            # That it is refused is documented by the limit's name; the code is assumed.
            raise ProblemError("RESOURCE_LIMIT_REACHED")


def too_quick(call: Call, charge: Charge) -> bool:
    """Whether the same card or recurring token was charged the same amount 30 seconds ago."""
    now, token = call.gateway.clock.now, charge.token
    window = timedelta(seconds=call.gateway.settings.quick_seconds)
    for other in reversed(call.gateway.charges.values()):
        if now - other.created >= window:
            return False
        same = token.card is not None and token.card == other.token.card
        same = same or (token.kind == "recurring" and token is other.token)
        money = (charge.amount, charge.currency, charge.mode)
        if same and money == (other.amount, other.currency, other.mode):
            return True
    return False


def use(call: Call, token: Token) -> None:
    """A token that is not recurring has had its one use (assumed: it is inactive then)."""
    token.used = True
    token.last_used = token.updated = call.gateway.clock.now
    if token.kind == "one_time":
        token.active = False


def get(call: Call) -> Answer:
    """GET: a charge as it stands."""
    return ok(resources.charge(call.gateway, call.charge()))


def update(call: Call) -> Answer:
    """PATCH: metadata; keys that are not sent stay."""
    charge = call.charge()
    charge.metadata = {**charge.metadata, **metadata.taken(call.body.data)}
    charge.updated = call.gateway.clock.now
    return ok(resources.charge(call.gateway, charge))


def listed(call: Call) -> Answer:
    """GET lists, of a store or of all."""
    gateway, caller, query = call.gateway, call.caller, call.query
    store_id = call.path.get("store_id", caller.store_id)
    wanted = _filter(query)
    found = [
        one
        for one in gateway.charges.values()
        if one.mode == (query.get("mode") or caller.mode)
        and store_id in {None, one.store_id}
        and one.merchant_id == caller.merchant_id
        and wanted(one)
    ]
    return ok(page(query, found, lambda one: resources.charge(gateway, one, listed=True)))


def _filter(query: Mapping[str, str]) -> Callable[[Charge], bool]:
    """What a list is asked for. Raises ProblemError for a value that cannot be read."""
    low, high = number(query, "amount_from"), number(query, "amount_to")
    since, until = _moment(query, "from"), _moment(query, "to")
    month, year = number(query, "exp_month"), number(query, "exp_year")
    words = {name: query.get(name) or None for name in (
        "transaction_token_id", "currency", "email", "phone", "metadata", "last_four", "name",
    )}  # fmt: skip

    def wanted(one: Charge) -> bool:
        data = one.token.data
        card, phone = one.token.shown("card"), one.token.shown("phone_number")
        known = {
            "transaction_token_id": one.token.id,
            "email": one.token.email,
            "phone": phone.get("local_number"),
            "last_four": card.get("last_four"),
            "name": card.get("cardholder") or data.get("customer_name"),
            "currency": one.currency,
        }
        return (
            all(
                word is None or name == "metadata" or str(known[name]).lower() == word.lower()
                for name, word in words.items()
            )
            and (words["metadata"] is None or metadata.has(one.metadata, words["metadata"]))
            and (low is None or one.amount >= low)
            and (high is None or one.amount < high)
            and (since is None or one.created >= since)
            and (until is None or one.created < until)
            and (month is None or card.get("exp_month") == month)
            and (year is None or card.get("exp_year") == year)
        )

    return wanted


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    value = query.get(name)
    if not value:
        return None
    moment = moment_of(value)
    if moment is None:
        raise invalid(name, "INVALID_FORMAT_DATE")
    return moment


def capture(call: Call) -> Answer:
    """POST .../capture: what is held, or a part of it, is taken at once (assumed)."""
    charge, body = call.charge(), call.body
    if charge.token.payment_type != "card":
        raise invalid("capture", "CAPTURE_ONLY_FOR_CARD_PAYMENT")
    if charge.status == "successful":
        raise ProblemError("ALREADY_CAPTURED")
    if charge.status != "authorized":
        raise invalid("status", "INVALID_CHARGE_STATUS")
    amount = body.data.get("amount")
    if amount is not None:
        currency = body.text("currency")
        if currency is None:
            raise invalid("currency", "REQUIRED_VALUE")
        if currency.upper() != charge.currency:
            raise ProblemError("CURRENCY_MUST_MATCH_CHARGE")
        if amount > charge.held:
            raise ProblemError("CAPTURE_AMOUNT_TOO_LARGE")
    books.capture(call.gateway, charge, charge.held if amount is None else int(amount))
    return ok({})
