"""Which service a record of a PUSH is about; no field says so.

In this order: fields that only one service has (below), the caller's ``service`` (where each
service was given a URL of its own), the first letter of vResultCode. A record that has fields of
two services is nobody's.

Sources: samples of the kit for PHP (通知データ受取用サンプル), shop plug-ins (getRecord); the
letters as kit and plug-ins show them. ``paypayOrderId`` is assumed by analogy with
``rakutenOrderId``; of Merpay nothing but the letter is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["OWN_FIELDS", "RESULT_LETTERS", "Service", "tell"]

Service: TypeAlias = Literal[
    "mpi", "cvs", "bank", "upop", "paypal", "alipay", "carrier", "oricosc", "paypay", "rakuten",
    "merpay",
]  # fmt: skip
"""The services whose notices are read."""

OWN_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "mpi": frozenset({"mpiMstatus", "cardMstatus"}),
    "cvs": frozenset({"cvsType"}),
    "bank": frozenset({"kikanNo", "kigyoNo", "confNo", "rcvDate"}),
    "upop": frozenset({"traceNumber", "traceTime", "upopOrderId"}),
    "paypal": frozenset({"payerId", "centerTxnId", "receivedDatetime"}),
    "alipay": frozenset({"centerTradeId"}),
    "carrier": frozenset({"crOrderId", "openId", "month"}),
    "oricosc": frozenset({"oricoOrderNo", "orderStateCode", "approvalNo", "loanPrincipal"}),
    "paypay": frozenset({"paypayOrderId"}),
    "rakuten": frozenset(
        {"rakutenOrderId", "usedPoint", "rakutenApiErrorCode", "rakutenOrderErrorCode"}
    ),
    # Not read: told by name and kept as they come.
    "em": frozenset({"emType"}),
    "linepay": frozenset({"linepayOrderId"}),
    "recruit": frozenset({"recruitOrderId", "recruitCoupon"}),
    "recurring": frozenset({"chargeGroupId", "chargeAmount", "chargeDate"}),
    "cardinfo": frozenset({"cardCheckStatus"}),
}
"""Fields that only one service's notices have; the last five are services that are not read."""

RESULT_LETTERS: Final[Mapping[str, Service]] = {
    "G": "mpi",
    "D": "cvs",
    "L": "paypal",
    "W": "carrier",
    "F": "rakuten",
    "K": "merpay",
    "1": "paypay",
}
"""What the first letter of vResultCode tells; bank's, UnionPay's, Alipay's, Orico's are unknown."""


def tell(record: Mapping[str, str], given: Service | None = None) -> str | None:
    """The service of a record, or None if nothing tells, or two things tell differently."""
    owners = [service for service, own in OWN_FIELDS.items() if not own.isdisjoint(record)]
    if len(owners) == 1:
        return owners[0]
    if owners:
        return given if given in owners else None
    return given or RESULT_LETTERS.get(record.get("vResultCode", "")[:1])
