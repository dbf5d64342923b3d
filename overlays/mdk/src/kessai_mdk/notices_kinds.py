"""What a record reports: which step of an order, and how it went.

What no document at hand says, and is assumed: the txnType of a carrier's termination and deletion
(``CARRIER_KINDS``; pass the words of your interface document as ``carrier_kinds``), that ``month``
comes with monthly charges only, and that PayPay and Merpay use the words of the commands. The codes
of a screening are unknown: pass them as ``screening``, or its status is that of ``mstatus``, which
no sample has for this service: None.

Sources: flow guide 1.0.8, 2-2 to 2-10; samples of the kit for PHP (通知データ受取用サンプル).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CARRIER_KINDS", "TXN_KINDS", "Kind", "Status", "Words", "report"]

Kind: TypeAlias = Literal[
    "authentication", "authorization", "capture", "deposit", "charge", "cancellation", "refund",
    "screening", "termination", "deletion", "other",
]  # fmt: skip
"""A step of an order: 本人認証, 与信, 売上, 入金, 継続課金 (one month), 取消, 返金, 審査,
継続課金終了, 抹消 (the carrier ended the agreement), or one this version does not know."""

Status: TypeAlias = Literal["success", "failure", "pending"]

_STATUSES: Final[Mapping[str, Status]] = {
    "success": "success",
    "failure": "failure",
    "pending": "pending",
}

TXN_KINDS: Final[Mapping[str, Kind]] = {
    "Authorize": "authorization",
    "AuthorizeConfirm": "authorization",
    "ReAuthorize": "authorization",
    "Capture": "capture",
    "Cancel": "cancellation",
    "Refund": "refund",
    "Terminate": "termination",
}
"""The commands by which ``txnType`` names a step."""

CARRIER_KINDS: Final[Mapping[str, Kind]] = {**TXN_KINDS, "Delete": "deletion"}
"""The same for carriers; the word for a deletion is assumed."""


class Words(NamedTuple):
    """The gateway's words that no document at hand has."""

    carrier_kinds: Mapping[str, Kind] = CARRIER_KINDS
    screening: Mapping[str, Status] = {}


class Report(NamedTuple):
    """What a record says: the step, how it went, which one of several, and when."""

    kind: Kind
    status: Status | None
    subject: str = ""
    at: str = ""


def report(service: str | None, record: Mapping[str, str], words: Words) -> Report:
    """Read the step of a record of ``service``."""
    status = _STATUSES.get(record.get("mstatus", ""))
    txn_type = record.get("txnType", "")
    if service == "mpi":
        return authenticated(record)
    if service == "cvs":
        return Report("deposit", "success", at=record.get("receiptDate", ""))
    if service == "bank":
        return Report("deposit", "success", at=record.get("rcvDate", ""))
    if service == "oricosc":
        screened: Status | None = words.screening.get(record.get("orderStateCode", ""))
        found = status if screened is None else screened
        return Report("screening", found, at=record.get("requestDate", ""))
    if service == "carrier":
        at = record.get("txnTime", "")
        if month := record.get("month", ""):
            return Report("charge", status, month, at)
        known = words.carrier_kinds.get(txn_type, "other")
        return Report(known, status, at[:6] if known == "charge" else "", at)
    if service is None:
        return Report("other", status)
    kind: Kind = TXN_KINDS.get(txn_type, "other")
    if service == "alipay" and kind == "authorization":
        kind = "capture"  # the two are one there (flow guide 2-8)
    at = _first(record, "txnTime", "receivedDatetime", "traceTime")
    several = _first(record, "centerTxnId", "traceNumber", "txnTime") if kind == "refund" else ""
    return Report(kind, status, several, at)


def authenticated(record: Mapping[str, str]) -> Report:
    """The step of 3-D Secure: the card payment, or the authentication where none was made."""
    card = record.get("cardMstatus", "")
    if card:
        return Report("authorization", _STATUSES.get(card))
    return Report("authentication", _STATUSES.get(record.get("mpiMstatus", "")))


def _first(record: Mapping[str, str], *names: str) -> str:
    return next((record[name] for name in names if record.get(name)), "")
