"""/cash/charge: numbers to pay with at a konbini, by Pay-easy or by bank transfer."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from ..clock import JST
from . import answers, books, intake, notices
from .call import Answer, Call
from .gateway import Gateway
from .problem import ProblemError
from .rules import cash as rules
from .rules import common
from .state import ChargeType, Order, Purpose


class PaymentError(ValueError):
    """The customer cannot pay this order like that; the message says why."""


def charge(call: Call) -> Answer:
    """cashCharge: register the payment; the customer pays later, a webhook says so."""
    common.check(call)
    terms = rules.check(call.body, call.gateway.clock.now)
    gateway = call.gateway
    method = call.body.need("cashInformation", "cashType")
    order = intake.take(call, ChargeType.CASH, method, Purpose.CHARGE)
    order.konbini = call.body.text("cashInformation", "cashOptions", "konbiniCode")
    order.due = _due(gateway, method, terms)
    intake.keep(gateway, order)
    intake.judge(gateway, order)
    order.numbers = _numbers(gateway, order)
    gateway.step(order, "TRADING" if method.startswith("BANK_TRANSFER") else "REQSUCCESS")
    if order.due is not None:
        order.timer = gateway.clock.call_at(
            order.due + timedelta(seconds=1), lambda: _expire(gateway, order)
        )
    return Answer(
        202,
        {
            "nextAction": "AWAIT",
            "orderReference": answers.order_reference(order),
            "cashResult": answers.cash_result(order),
        },
    )


def _due(gateway: Gateway, method: str, terms: rules.Terms) -> datetime | None:
    """The last moment to pay: the moment asked for, or 23:59:59 of the last day.

    GMO Aozora without a period has no due date; elsewhere the shop's default holds.
    """
    if terms.until is not None:
        return terms.until
    days = terms.days
    if days is None:
        if method == "BANK_TRANSFER_GMO_AOZORA":
            return None
        days = gateway.settings.shop_period_days
    day = gateway.clock.now.astimezone(JST).date() + timedelta(days=days)
    return datetime.combine(day, time(23, 59, 59), tzinfo=JST)


def _numbers(gateway: Gateway, order: Order) -> dict[str, str]:
    """What the customer types in or shows at the till. Made up, shaped like the real ones."""
    digits = gateway.ids.digits
    if order.method == "KONBINI":
        numbers = {"receiptNumber": digits("receipt", 11)}
        if order.konbini in {"LAWSON", "MINISTOP", "SEICOMART", "FAMILYMART"}:
            numbers["confirmationNumber"] = digits("confirmation", 6)
        if order.konbini == "SEVEN_ELEVEN":
            numbers["voucherUrl"] = f"https://konbini.example.com/{order.access_id}"
        return numbers
    if order.method == "PAYEASY":
        return {
            "customerNumber": digits("customer", 11),
            "institutionCode": "58091",
            "confirmationNumber": digits("confirmation", 6),
            "bankUrl": f"https://payeasy.example.com/{order.access_id}",
        }
    return {
        "bankCode": "0310" if order.method == "BANK_TRANSFER_GMO_AOZORA" else "0009",
        "bankName": "モック銀行",
        "branchCode": digits("branch", 3),
        "branchName": "モック支店",
        "accountType": "1",
        "accountNumber": digits("account", 7),
        "accountHolderName": "ケツサイモツク",
        "depositAmount": "0",
        "bankTransferCode": digits("transfer", 10),
    }


def _expire(gateway: Gateway, order: Order) -> None:
    if order.status in {"REQSUCCESS", "TRADING"}:
        gateway.step(order, "EXPIRED")
        books.audit(gateway, order)


def pay(gateway: Gateway, order: Order, amount: int | None) -> None:
    """The customer pays `amount` yen (default: what is still missing).

    A till takes the exact amount, once. A bank account takes any amount, any number of
    times: deposits add up, each is notified (CASH_PAID), and the order is PAYSUCCESS once
    they reach its amount (assumed; until then TRADING). Raises PaymentError.
    """
    wanted = order.amount or 0
    bank = order.method.startswith("BANK_TRANSFER")
    if order.status not in ({"TRADING", "PAYSUCCESS"} if bank else {"REQSUCCESS"}):
        raise PaymentError(f"the order is {order.status}; nothing can be paid")
    paid = amount if amount is not None else max(wanted - order.deposited, 0) or wanted
    if paid <= 0:
        raise PaymentError("a payment is at least 1 yen")
    if not bank and paid != wanted:
        raise PaymentError(f"a till takes {wanted} yen, neither more nor less")
    enough = order.deposited + paid >= wanted
    books.deposit(gateway, order, paid, "PAYSUCCESS" if enough else "TRADING")
    if enough and order.timer is not None:
        order.timer.cancel()
    notices.notify(gateway, order, "CASH_PAID")


def cancel(gateway: Gateway, order: Order) -> None:
    """Take the numbers out of use: CANCEL, for a bank account STOP (assumed).

    Money that already reached the account stays with the merchant. Raises ProblemError
    invalid_status once paid or expired.
    """
    if order.status not in {"REQSUCCESS", "TRADING"}:
        raise ProblemError("invalid_status", f"Not possible in status {order.status}.(accessId)")
    if order.timer is not None:
        order.timer.cancel()
    order.failure = None
    gateway.step(order, "STOP" if order.status == "TRADING" else "CANCEL")
    books.audit(gateway, order)
