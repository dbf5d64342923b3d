"""UnivapayClient and AsyncUnivapayClient: the generated operations over kessai's call engine."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal, Unpack

from kessai.client import AsyncClient, Client
from kessai.environment import positive
from kessai.errors import ConfigurationError
from kessai_univapay_api.api import AsyncUnivapayApi, UnivapayApi

from .auth import AppToken, AppTokenAuth, read_app_token
from .gateway import UnivapayGateway, environment_from
from .tokens import TokenTypes

if TYPE_CHECKING:
    from kessai.client import ClientOptions
    from kessai.environment import Environment
    from kessai.stores.base import AsyncJournalStore, AsyncSlotStore, JournalStore, SlotStore
    from kessai.types import AsyncTransport, Transport

    from .groups import (
        AsyncCancels,
        AsyncCharges,
        AsyncRefunds,
        Cancels,
        Charges,
        Refunds,
    )
    from .token_groups import AsyncTokens, Tokens

__all__ = ["AsyncUnivapayClient", "UnivapayClient"]

REFERENCE_KEY = "univapay-reference-id"
NOT_FOUND_AFTER = 600.0


class UnivapayClient(UnivapayApi):
    """UnivaPay, for one app token. Threads may share it.

    Groups: ``tokens``, ``charges``, ``captures``, ``cancels``, ``refunds``, ``issuer_tokens``,
    ``expiry``, ``webhooks``, ``stores``, ``me``, ``checkout``, ``subscriptions``,
    ``subscription_payments``, ``bank_transfer_ledgers``.

    - ``app_token`` and ``app_secret``: as the console shows them, never shown in repr. The token
      says which store it is for and whether it moves money (``app_token.mode``)
    - ``environment``: ``"sandbox"`` (test mode), ``"live"``, or an ``Environment(api=...)``. Both
      modes live on one host; a token of the other mode raises ConfigurationError at once
    - ``token_type``: ``"one_time"`` says that every token this client charges is one, which the
      gateway's widget may have made; ``None``: only tokens this client has made or read are known
    - ``reference_key``: the member of ``metadata`` that holds the merchant's own name of an order.
      By it a lost charge of a recurring token and a lost refund are found again
    - ``not_found_after``: seconds after which a one-time token without a charge was not charged:
      its five minutes, a call's own deadline, and a margin (assumed)
    - ``transport``: instead of the network (tests, mocks)
    - ``journal``, ``slots``: stores of ``kessai.stores``
    - everything in ``kessai.ClientOptions``; by default 5 s to connect, 90 s to read, 200 s for a
      whole call, at most 3 attempts

    A charge that is made is ``pending``; ``univapay.charges.wait(charge)`` waits for its end. A
    payment that fails is an answer of status 2xx: ``create`` and ``wait`` raise a
    ``kessai_univapay.PaymentError`` that carries it as ``value``; ``get`` and ``list`` return it.

    What is sent again by itself: a one-time token's charge, under its key. A recurring token's
    charge and a refund are not, because the gateway's keys are best effort; they end as
    OutcomeUnknown, and ``resolve`` looks for them: by token or charge, amount, and the reference in
    ``metadata``. Two that were made are ``Doubled``, with both ids.

    Raises ConfigurationError for settings that cannot work. Calls raise what ``kessai.errors``
    lists, a ``kessai_univapay.UnivapayError`` where the gateway gave a code.
    Source: docs.univapay.com; the official libraries, as each operation's docstring says.
    """

    app_token: AppToken
    """What the app token says about itself: mode, store, merchant."""

    def __init__(
        self,
        app_token: str,
        app_secret: str,
        *,
        environment: Literal["sandbox", "live"] | Environment = "sandbox",
        token_type: Literal["one_time", "recurring"] | None = None,
        reference_key: str = REFERENCE_KEY,
        not_found_after: float = NOT_FOUND_AFTER,
        transport: Transport | None = None,
        journal: JournalStore | None = None,
        slots: SlotStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self.app_token = app = read_app_token(app_token)
        servers = environment_from(environment, app)
        super().__init__(
            Client(
                _gateway(app, token_type, reference_key, not_found_after),
                AppTokenAuth(app_token, app_secret),
                servers,
                transport=transport,
                journal=journal,
                slots=slots,
                **options,
            )
        )

    @cached_property
    def tokens(self) -> Tokens:
        """Transaction tokens: who pays, and by what means."""
        from .token_groups import Tokens

        return Tokens(self._client)

    @cached_property
    def charges(self) -> Charges:
        """Charges: one payment by one token."""
        from .groups import Charges

        return Charges(self._client)

    @cached_property
    def refunds(self) -> Refunds:
        """Giving money back. Never for konbini and bank transfer."""
        from .groups import Refunds

        return Refunds(self._client)

    @cached_property
    def cancels(self) -> Cancels:
        """Cancelling a charge that is awaiting or authorized."""
        from .groups import Cancels

        return Cancels(self._client)


class AsyncUnivapayClient(AsyncUnivapayApi):
    """``UnivapayClient`` for an event loop: the same arguments and methods, with ``await``."""

    app_token: AppToken
    """What the app token says about itself: mode, store, merchant."""

    def __init__(
        self,
        app_token: str,
        app_secret: str,
        *,
        environment: Literal["sandbox", "live"] | Environment = "sandbox",
        token_type: Literal["one_time", "recurring"] | None = None,
        reference_key: str = REFERENCE_KEY,
        not_found_after: float = NOT_FOUND_AFTER,
        transport: AsyncTransport | None = None,
        journal: AsyncJournalStore | None = None,
        slots: AsyncSlotStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        self.app_token = app = read_app_token(app_token)
        servers = environment_from(environment, app)
        super().__init__(
            AsyncClient(
                _gateway(app, token_type, reference_key, not_found_after),
                AppTokenAuth(app_token, app_secret),
                servers,
                transport=transport,
                journal=journal,
                slots=slots,
                **options,
            )
        )

    @cached_property
    def tokens(self) -> AsyncTokens:
        """Transaction tokens: who pays, and by what means."""
        from .token_groups import AsyncTokens

        return AsyncTokens(self._client)

    @cached_property
    def charges(self) -> AsyncCharges:
        """Charges: one payment by one token."""
        from .groups import AsyncCharges

        return AsyncCharges(self._client)

    @cached_property
    def refunds(self) -> AsyncRefunds:
        """Giving money back. Never for konbini and bank transfer."""
        from .groups import AsyncRefunds

        return AsyncRefunds(self._client)

    @cached_property
    def cancels(self) -> AsyncCancels:
        """Cancelling a charge that is awaiting or authorized."""
        from .groups import AsyncCancels

        return AsyncCancels(self._client)


def _gateway(
    app: AppToken, token_type: str | None, reference_key: str, not_found_after: float
) -> UnivapayGateway:
    if token_type not in (None, "one_time", "recurring"):
        raise ConfigurationError('token_type must be "one_time", "recurring" or None')
    if not reference_key:
        raise ConfigurationError("reference_key must be the name of a member of metadata")
    return UnivapayGateway(
        app,
        TokenTypes(token_type),
        reference_key=reference_key,
        not_found_after=positive("not_found_after", not_found_after),
    )
