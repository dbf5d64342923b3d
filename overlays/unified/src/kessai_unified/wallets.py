"""Which command serves which wallet, for which way of payment.

The table is the spec's (``x-wallets``); a test holds the two identical, and the README's with it.
Most commands name an order and not its wallet, so only ``pay`` and ``subscribe`` can be checked
before they leave; for the others the merchant knows, and may ask ``serves``.

Source: VeriTrans4G Unified API 1.1.1 RC, API一覧. One row marks a command's ways of payment and its
wallets; that each pair of the two holds is read from it. The document names one that does not:
updateOrder at au is for one-off payments.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SERVES", "Way", "serves"]


class Way(StrEnum):
    """A way of payment (決済方式)."""

    SINGLE = "single"
    """One payment at a time (都度決済)."""
    ON_DEMAND_APPLICATION = "on-demand-application"
    """The agreement on which payments are made later (随時申込)."""
    ON_DEMAND_PAYMENT = "on-demand-payment"
    """A payment on an agreement (随時支払)."""


_S, _A, _P = Way.SINGLE, Way.ON_DEMAND_APPLICATION, Way.ON_DEMAND_PAYMENT
_WALLETS = ("paypay", "rakuten", "docomo", "au", "merpay")


def _all(*ways: Way) -> Mapping[str, frozenset[Way]]:
    return dict.fromkeys(_WALLETS, frozenset(ways))


SERVES: Final[Mapping[str, Mapping[str, frozenset[Way]]]] = {
    "pay": _all(_S),
    "subscribe": _all(_A),
    "updateOrder": {"rakuten": frozenset({_S, _P}), "au": frozenset({_S})},
    "capture": _all(_S, _P),
    "cancel": _all(_S, _P),
    "charge": _all(_P),
    "terminate": {name: frozenset({_A}) for name in _WALLETS if name != "rakuten"},
    "getTransactionResult": _all(_S, _A, _P),
}
"""Command (the gateway's name) -> payType -> ways of payment."""


def serves(command: str, pay_type: str, way: str | None = None) -> bool:
    """Whether a command serves a wallet, for one way of payment or for any.

    ``serves("terminate", "rakuten")`` is False. Raises KeyError for an unknown command; a wallet
    this version does not know is served by none.
    """
    ways = SERVES[command].get(pay_type, frozenset())
    return bool(ways) if way is None else way in ways
