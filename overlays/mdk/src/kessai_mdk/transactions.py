"""Which of an order's transactions is a call's own, and what it says.

Search lists what was done to an order: command, result, amount and time of each. A call knows its
command and amount, when it was first sent, and at times the transaction's number (custTxn).

- By its number a transaction is certainly the call's own.
- A payment that begins an order: its number is used once, so a success with the amount is it,
  whenever it was. An earlier failure under the same number is not.
- Any other command may have been given before: only a transaction since the call left counts.
- Two that fit (equal partial refunds) settle nothing. Keep one refund per order in the air.

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

__all__ = ["CLOCK_TOLERANCE", "matching", "told"]

JST: Final = timezone(timedelta(hours=9))
CLOCK_TOLERANCE: Final = 300.0
"""Seconds by which the gateway's clock and this one may differ."""

LATER = "the gateway has not decided; ask again later"
SEVERAL = "more than one transaction fits; compare them in MAP"
EARLIER = "only an earlier one is there, which was refused; ask again later"
AMOUNT = "one is there with another amount; look at it in MAP"


def matching(
    operation: Operation[Any, Any],
    command: str,
    transactions: Sequence[m.TransactionInfo],
    reference: Mapping[str, str],
) -> list[m.TransactionInfo]:
    """The transactions of the call's command; the one of its number, if there is one."""
    number = reference.get("custTxn")
    own = [one for one in transactions if number is not None and one.txn_id == number]
    if own:
        return own
    wanted = command.casefold()
    return [one for one in transactions if (one.command or "").casefold() == wanted]


def told(
    candidates: Sequence[m.TransactionInfo],
    transactions: Sequence[m.TransactionInfo],
    reference: Mapping[str, str],
    *,
    begun: bool,
    other: str,
) -> Standing:
    """What the candidates say about the call; ``begun``: it is to begin an order."""
    if not candidates:
        return Standing("unsettled", remedy=other) if begun else Standing("absent")
    number = reference.get("custTxn")
    if number is not None and candidates[0].txn_id == number:
        return _said(candidates[0])
    asked = reference.get("amount")
    fits = [one for one in candidates if asked is None or plain(one.amount) == asked]
    if not fits:
        return Standing("unsettled", _state(candidates[0]), remedy=AMOUNT)
    since = _since(reference)
    recent = [one for one in fits if _after(one, since)]
    done = [one for one in (fits if begun else recent) if _state(one) == "success"]
    if len(done) > 1 and begun:
        numbers = {f"txnId{at}": one.txn_id or "" for at, one in enumerate(done, 1)}
        return Standing("doubled", "success", numbers)
    if len(done) > 1 or (done and since is None and not begun and asked is not None):
        return Standing("unsettled", "success", remedy=SEVERAL)
    if done:
        return _said(done[0])
    waiting = [one for one in recent if _state(one) == "pending"]
    if waiting:
        return _said(waiting[0])
    if not recent or since is None:
        remedy = EARLIER if begun or since is None else ""
        return (
            Standing("unsettled", _state(fits[0]), remedy=remedy) if remedy else Standing("absent")
        )
    return _said(max(recent, key=lambda one: _moment(one) or 0.0))


def _said(one: m.TransactionInfo) -> Standing:
    state = _state(one)
    reference = {"txnId": one.txn_id} if one.txn_id else {}
    if state == "success":
        return Standing("done", state, reference)
    if state == "failure":
        return Standing("failed", state, reference)
    if state == "pending":
        return Standing("waiting", state, reference, remedy=LATER)
    return Standing("unsettled", state, reference)


def _state(one: m.TransactionInfo) -> str | None:
    return None if one.mstatus is None else str(one.mstatus)


def _since(reference: Mapping[str, str]) -> float | None:
    try:
        return float(reference[FIRST_SENT]) - CLOCK_TOLERANCE
    except (KeyError, ValueError):
        return None


def _after(one: m.TransactionInfo, since: float | None) -> bool:
    """Whether it is not surely older; what has no time can be ours."""
    moment = _moment(one)
    return since is None or moment is None or moment >= since


def _moment(one: m.TransactionInfo) -> float | None:
    """Its time, as 2023-08-30 16:33:06.0 in Japan's time; None for another form."""
    try:
        return (
            datetime.strptime((one.txn_datetime or "")[:19], "%Y-%m-%d %H:%M:%S")
            .replace(tzinfo=JST)
            .timestamp()
        )
    except ValueError:
        return None
