"""Which of an order's transactions is a call's own, and what it says.

Search lists what was done to an order: command, result, amount and time of each. A call knows its
command and amount, when it was first sent, and at times the transaction's number (custTxn).

- By its number a transaction is certainly the call's own.
- A command that begins an order: the order's number is used once, so a success is it, whenever it
  was (with the amount, where the spec says that Search has the same). A failure is it only since
  the call left: an earlier one may have been given the same number and have failed.
- Any other command may have been given before: only a transaction since the call left counts.
- Two that fit settle nothing, as equal partial refunds may. Keep one refund per order in the air.
- PayPal's ``do`` is one of several steps under one command, and counts by ppTxnType alone.

Assumed: Search names commands as the paths do, its times are Japan's, and its clock is ours to five
minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, Final

from kessai.lookup import FIRST_SENT, Standing
from kessai.prepare import plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kessai.operation import Operation
    from kessai_mdk_api import models as m

__all__ = ["CLOCK_TOLERANCE", "told"]

JST: Final = timezone(timedelta(hours=9))
CLOCK_TOLERANCE: Final = 300.0
"""Seconds by which the gateway's clock and this one may differ."""

LATER = "the gateway has not decided; ask again later"
OTHER = "the order is there, and this command is not among what is told of it; ask again later"
SEVERAL = "more than one transaction fits; compare them in MAP"
EARLIER = "only an earlier one is there, which was refused; ask again later"
AMOUNT = "one is there with another amount; look at it in MAP"
STEPS = "Search does not tell PayPal's steps apart; its notice does"

_BEGIN = frozenset({"Authorize", "ReAuthorize"})


def told(
    operation: Operation[Any, Any],
    command: str,
    transactions: Sequence[m.TransactionInfo],
    reference: Mapping[str, str],
) -> Standing:
    """What an order's transactions say about a call; ``reference`` is what the engine knows."""
    number = reference.get("custTxn")
    for one in transactions:
        if number is not None and _text(one.txn_id) == number:
            return _said(one)
    candidates = [one for one in transactions if _same(one.command, command)]
    step = reference.get("step")
    begun = step == "set" if step is not None else command in _BEGIN
    if not candidates:
        return Standing("unsettled", remedy=OTHER) if begun or not transactions else _ABSENT
    if step == "do":
        candidates = [one for one in candidates if _same(_step(one), step)]
        if not candidates:
            return Standing("unsettled", remedy=STEPS)
    compared = not begun or (operation.ask is not None and bool(operation.ask.match))
    asked = reference.get("amount") if compared else None
    fits = [one for one in candidates if asked is None or plain(one.amount) == asked]
    if not fits:
        return Standing("unsettled", _state(candidates[0]), remedy=AMOUNT)
    since = _since(reference)
    if begun:
        return _beginning(operation, fits, since)
    return _following(fits, since, partial=asked is not None)


_ABSENT = Standing("absent")


def _beginning(
    operation: Operation[Any, Any], fits: list[m.TransactionInfo], since: float | None
) -> Standing:
    """Of a command that begins an order."""
    done = [one for one in fits if _state(one) == "success"]
    if len(done) > 1 and operation.group == "card":
        # Others list an application and what came of it under one command.
        numbers = {f"txnId{at}": _text(one.txn_id) for at, one in enumerate(done, 1)}
        return Standing("doubled", "success", numbers)
    if done:
        return _said(done[0])
    recent = [] if since is None else [one for one in fits if _after(one, since)]
    if not recent:
        return Standing("unsettled", _state(fits[0]), remedy=EARLIER)
    return _said(_decisive(recent))


def _following(fits: list[m.TransactionInfo], since: float | None, *, partial: bool) -> Standing:
    """Of a command on an order that was there."""
    recent = fits if since is None else [one for one in fits if _after(one, since)]
    done = [one for one in recent if _state(one) == "success"]
    if len(done) > 1 or (done and since is None and partial):
        return Standing("unsettled", "success", remedy=SEVERAL)
    if done:
        return _said(done[0])
    if not recent:
        return _ABSENT
    if since is None:
        return Standing("unsettled", _state(fits[0]), remedy=EARLIER)
    return _said(_decisive(recent))


def _decisive(recent: list[m.TransactionInfo]) -> m.TransactionInfo:
    """One that is pending, for it may yet succeed; else the latest."""
    for one in recent:
        if _state(one) == "pending":
            return one
    return max(recent, key=lambda one: _moment(one) or 0.0)


def _said(one: m.TransactionInfo) -> Standing:
    state = _state(one)
    number = _text(one.txn_id)
    reference = {"txnId": number} if number else {}
    if state == "success":
        return Standing("done", state, reference)
    if state == "failure":
        return Standing("failed", state, reference)
    if state == "pending":
        return Standing("waiting", state, reference, remedy=LATER)
    return Standing("unsettled", state)


def _text(value: object) -> str:
    """A member that is described as a text; answers are not held to that when they are read."""
    return value if isinstance(value, str) else ""


def _same(word: object, wanted: str) -> bool:
    return _text(word).casefold() == wanted.casefold()


def _step(one: m.TransactionInfo) -> str | None:
    info = one.proper_transaction_info
    return None if info is None else info.pp_txn_type


def _state(one: m.TransactionInfo) -> str | None:
    return None if one.mstatus is None else str(one.mstatus)


def _since(reference: Mapping[str, str]) -> float | None:
    try:
        return float(reference[FIRST_SENT]) - CLOCK_TOLERANCE
    except (KeyError, ValueError):
        return None


def _after(one: m.TransactionInfo, since: float) -> bool:
    """Whether it is not surely older; what has no time can be ours."""
    moment = _moment(one)
    return moment is None or moment >= since


def _moment(one: m.TransactionInfo) -> float | None:
    """Its time, as 2023-08-30 16:33:06.0 in Japan's time; None for another form."""
    try:
        found = datetime.strptime(_text(one.txn_datetime)[:19], "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None
    return found.replace(tzinfo=JST).timestamp()
