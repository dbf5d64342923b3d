"""What this package adds to the generated groups: waiting for an end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from kessai.errors import ConfigurationError
from kessai_univapay_api.cancels import AsyncCancelsOperations, CancelsOperations
from kessai_univapay_api.charges import AsyncChargesOperations, ChargesOperations
from kessai_univapay_api.operations import CANCELS_GET, CHARGES_GET, REFUNDS_GET
from kessai_univapay_api.refunds import AsyncRefundsOperations, RefundsOperations

from .waiting import WAIT, wait_for

if TYPE_CHECKING:
    from collections.abc import Collection

    from kessai.operation import CallOptions
    from kessai_univapay_api import models as m

__all__ = ["AsyncCancels", "AsyncCharges", "AsyncRefunds", "Cancels", "Charges", "Refunds"]


class Charges(ChargesOperations):
    """Charges: one payment by one token."""

    __slots__ = ()

    def wait(
        self,
        charge: m.Charge,
        *,
        until: str | Collection[str] | None = None,
        within: float = WAIT,
        **options: Unpack[CallOptions],
    ) -> m.Charge:
        """Wait for a charge's end, or for one of the states ``until``; return it as it is then.

        GET ``/stores/{store_id}/charges/{charge_id}`` with ``polling=true``, again and again for
        at most ``within`` seconds. A konbini charge: ``until="awaiting"`` comes in seconds, the end
        when the customer has paid, in days; for that take the webhook. Stops in any final state:
        canceled, error, failed, successful.

        Raises ``PaymentError`` (with the charge as ``value``) for one that failed, unless ``until``
        names that state; ``StillWaitingError`` when the time is over, which is no failure; what
        ``get`` raises for a request that is refused. Reads that bring no answer are made again.
        """
        path = {"store_id": charge.store_id, "charge_id": charge.id}
        return self._client.perform(
            lambda setup: wait_for(setup, CHARGES_GET, path, until, within, options)
        )


class AsyncCharges(AsyncChargesOperations):
    """Charges: one payment by one token."""

    __slots__ = ()

    async def wait(
        self,
        charge: m.Charge,
        *,
        until: str | Collection[str] | None = None,
        within: float = WAIT,
        **options: Unpack[CallOptions],
    ) -> m.Charge:
        """Wait for a charge's end; see ``Charges.wait``. Can be cancelled at any time."""
        path = {"store_id": charge.store_id, "charge_id": charge.id}
        return await self._client.perform(
            lambda setup: wait_for(setup, CHARGES_GET, path, until, within, options)
        )


class Refunds(RefundsOperations):
    """Giving money back. Never for konbini and bank transfer."""

    __slots__ = ()

    def wait(
        self,
        refund: m.Refund,
        *,
        until: str | Collection[str] | None = None,
        within: float = WAIT,
        **options: Unpack[CallOptions],
    ) -> m.Refund:
        """Wait for a refund's end: error, failed, successful. See ``Charges.wait``."""
        path = _refund(refund)
        return self._client.perform(
            lambda setup: wait_for(setup, REFUNDS_GET, path, until, within, options)
        )


class AsyncRefunds(AsyncRefundsOperations):
    """Giving money back. Never for konbini and bank transfer."""

    __slots__ = ()

    async def wait(
        self,
        refund: m.Refund,
        *,
        until: str | Collection[str] | None = None,
        within: float = WAIT,
        **options: Unpack[CallOptions],
    ) -> m.Refund:
        """Wait for a refund's end; see ``Charges.wait``. Can be cancelled at any time."""
        path = _refund(refund)
        return await self._client.perform(
            lambda setup: wait_for(setup, REFUNDS_GET, path, until, within, options)
        )


class Cancels(CancelsOperations):
    """Cancelling a charge that is awaiting or authorized."""

    __slots__ = ()

    def wait(
        self,
        cancel: m.Cancel,
        *,
        until: str | Collection[str] | None = None,
        store_id: str | None = None,
        within: float = WAIT,
        **options: Unpack[CallOptions],
    ) -> m.Cancel:
        """Wait for a cancel's end: error, failed, successful. See ``Charges.wait``.

        ``store_id``: for a cancel that does not name its store.
        """
        path = _cancel(cancel, store_id)
        return self._client.perform(
            lambda setup: wait_for(setup, CANCELS_GET, path, until, within, options)
        )


class AsyncCancels(AsyncCancelsOperations):
    """Cancelling a charge that is awaiting or authorized."""

    __slots__ = ()

    async def wait(
        self,
        cancel: m.Cancel,
        *,
        until: str | Collection[str] | None = None,
        store_id: str | None = None,
        within: float = WAIT,
        **options: Unpack[CallOptions],
    ) -> m.Cancel:
        """Wait for a cancel's end; see ``Charges.wait``. Can be cancelled at any time."""
        path = _cancel(cancel, store_id)
        return await self._client.perform(
            lambda setup: wait_for(setup, CANCELS_GET, path, until, within, options)
        )


def _refund(refund: m.Refund) -> dict[str, str]:
    return {
        "store_id": refund.store_id,
        "charge_id": refund.charge_id,
        "refund_id": refund.id,
    }


def _cancel(cancel: m.Cancel, store_id: str | None) -> dict[str, str]:
    store = store_id or cancel.store_id
    if store is None:
        raise ConfigurationError("the cancel names no store: pass store_id=..., that of its charge")
    return {"store_id": store, "charge_id": cancel.charge_id, "cancel_id": cancel.id}
