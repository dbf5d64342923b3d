"""GmoClient and AsyncGmoClient: the generated operations over kessai's call engine."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal, Unpack

from kessai.client import AsyncClient, Client
from kessai.errors import ConfigurationError, KessaiError
from kessai_gmo_api.api import AsyncGmoApi, GmoApi

from .auth import AccessTokenAuth, PasswordAuth
from .gateway import API_VERSION, GmoGateway, environment_from

if TYPE_CHECKING:
    from kessai.client import ClientOptions
    from kessai.environment import Environment
    from kessai.stores.base import (
        AsyncJournalStore,
        AsyncSlotStore,
        AsyncTokenStore,
        JournalStore,
        SlotStore,
        TokenStore,
    )
    from kessai.types import AsyncTransport, Transport

    from .callbacks import Event
    from .standing import Followed

__all__ = ["AsyncGmoClient", "GmoClient"]


class GmoClient(GmoApi):
    """GMO PG's OpenAPI type, for one shop. Threads may share it.

    Groups of operations: ``token``, ``credit``, ``tds2``, ``wallet``, ``cash``, ``order``,
    ``member``, ``verification``; ``gmo.credit.charge(request)`` is POST /credit/charge.

    - ``shop_id``, ``shop_password``: as the shop's admin page shows them; never shown in repr
    - ``environment``: ``"sandbox"``, ``"live"``, or an ``Environment(api=..., token=...)``
    - ``auth``: ``"password"`` (HTTP Basic) or ``"token"`` (an access token, fetched and renewed)
    - ``api_version``: YYYY-MM, sent with every call
    - ``transport``: instead of the network (tests, mocks)
    - ``journal``, ``slots``, ``tokens``: stores of ``kessai.stores``
    - everything in ``kessai.ClientOptions``; by default 5 s to connect, 90 s to read, 200 s for a
      whole call, at most 3 attempts

    Raises ConfigurationError for settings that cannot work. Calls raise what ``kessai.errors``
    lists: ``ValidationError`` before anything is sent, ``DeclinedError`` and other
    ``GatewayError``s when the gateway says no, ``OutcomeUnknown`` when only it can say.
    Source: GMO PG OpenAPI type 1.5.1, APIの認証, 環境とFQDN, バージョン管理.
    """

    def __init__(
        self,
        shop_id: str,
        shop_password: str,
        *,
        environment: Literal["sandbox", "live"] | Environment = "sandbox",
        auth: Literal["password", "token"] = "password",
        api_version: str = API_VERSION,
        transport: Transport | None = None,
        journal: JournalStore | None = None,
        slots: SlotStore | None = None,
        tokens: TokenStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        gateway, signer, servers = _parts(
            shop_id, shop_password, environment, auth, api_version, options
        )
        super().__init__(
            Client(
                gateway,
                signer,
                servers,
                transport=transport,
                journal=journal,
                slots=slots,
                tokens=tokens,
                **options,
            )
        )

    def follow(self, event: Event) -> Followed:
        """Do what comes next after a callback or webhook, and say how things stand.

        ``event`` comes from ``parse_callback`` or ``parse_webhook``. Asks by inquiry; after
        TDS_FINISHED finalizes the charge or the card check, once however often the callback is
        reloaded; compares a bank transfer's deposits with the amount. ``followed.result`` is a
        ``FollowResult``, ``followed.paid`` the plain answer. An unknown event is returned as
        UNHANDLED and raises nothing.

        May be repeated at will, after an exception too: a finalization has one key per order.
        """
        from .follow import steps

        work = steps(event)
        try:
            step = next(work)
            while True:
                operation, request, options = step
                try:
                    answer = self._client.run(operation, request, options)
                except KessaiError as error:
                    step = work.throw(error)
                else:
                    step = work.send(answer)
        except StopIteration as end:
            followed: Followed = end.value
            return followed


class AsyncGmoClient(AsyncGmoApi):
    """``GmoClient`` for an event loop: the same arguments and methods, with ``await``."""

    def __init__(
        self,
        shop_id: str,
        shop_password: str,
        *,
        environment: Literal["sandbox", "live"] | Environment = "sandbox",
        auth: Literal["password", "token"] = "password",
        api_version: str = API_VERSION,
        transport: AsyncTransport | None = None,
        journal: AsyncJournalStore | None = None,
        slots: AsyncSlotStore | None = None,
        tokens: AsyncTokenStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        gateway, signer, servers = _parts(
            shop_id, shop_password, environment, auth, api_version, options
        )
        super().__init__(
            AsyncClient(
                gateway,
                signer,
                servers,
                transport=transport,
                journal=journal,
                slots=slots,
                tokens=tokens,
                **options,
            )
        )

    async def follow(self, event: Event) -> Followed:
        """Do what comes next after a callback or webhook; see ``GmoClient.follow``."""
        from .follow import steps

        work = steps(event)
        try:
            step = next(work)
            while True:
                operation, request, options = step
                try:
                    answer = await self._client.run(operation, request, options)
                except KessaiError as error:
                    step = work.throw(error)
                else:
                    step = work.send(answer)
        except StopIteration as end:
            followed: Followed = end.value
            return followed


def _parts(
    shop_id: str,
    shop_password: str,
    environment: str | Environment,
    auth: str,
    api_version: str,
    options: ClientOptions,
) -> tuple[GmoGateway, PasswordAuth | AccessTokenAuth, Environment]:
    """What both clients are composed of, checked."""
    servers = environment_from(environment)
    signer: PasswordAuth | AccessTokenAuth
    if auth == "password":
        signer = PasswordAuth(shop_id, shop_password)
    elif auth == "token":
        signer = AccessTokenAuth(shop_id, shop_password)
    else:
        raise ConfigurationError('auth must be "password" or "token"')
    system = options.get("system")
    clock: Any = time.time if system is None else system.wall
    gateway = GmoGateway(shop_id, api_version=api_version, live=servers.live, clock=clock)
    return gateway, signer, servers
