"""MdkClient and AsyncMdkClient: the generated commands over kessai's call engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Unpack

from kessai.client import AsyncClient, Client
from kessai.environment import Timeout
from kessai.errors import ConfigurationError
from kessai.gateway import NoAuth
from kessai.system import System
from kessai_mdk_api.api import AsyncMdkApi, MdkApi

from .gateway import MdkGateway, MdkServers, servers_from
from .standing import NOT_FOUND_AFTER

if TYPE_CHECKING:
    from kessai.client import ClientOptions
    from kessai.environment import Environment
    from kessai.stores.base import AsyncJournalStore, AsyncSlotStore, JournalStore, SlotStore
    from kessai.types import AsyncTransport, Transport

    from .settings import Settings

__all__ = ["AsyncMdkClient", "MdkClient"]

TIMEOUT = Timeout(connect=30.0, read=120.0, write=120.0, pool=30.0)
"""Seconds, as the kit for PHP has them."""


class MdkClient(MdkApi):
    """VeriTrans4G MDK, for one merchant. Threads may share it.

    The 50 commands are in groups by service, under the kit's own names: ``mdk.card.authorize``
    (POST /paynow/v2/Authorize/card), ``mdk.card.re_authorize``, ``mdk.mpi.get_result``,
    ``mdk.search.search``. What each is sent and answers is in ``kessai_mdk.models``.

    - ``merchant_ccid``, ``merchant_secret_key``: as MAP shows them, never shown in repr
    - ``environment``: ``"sandbox"`` is dummy mode, in which no money moves: the same host, under
      ``/test-paynow``. ``"live"`` moves money. An ``Environment(api=..., token=...)`` names a mock
      or another host, and ``dummy`` says which mode (dummy unless told)
    - ``settings``: a ``Settings`` in place of the first four, from an existing 3GPSMDK.properties
      for one; an ``Environment`` beside it takes the place of its host
    - ``not_found_after``: seconds after which a payment by token that Search does not find counts
      as not made (1800; at least the token's 900)
    - ``transport``: instead of the network (tests, mocks)
    - ``journal``, ``slots``: stores of ``kessai.stores``
    - everything in ``kessai.ClientOptions``; by default 30 s to connect, 120 s to read, 200 s for a
      whole call. An order is sent once; only what was certainly not sent is tried again

    An answer is ``success`` or ``pending``: look at ``answer.result.mstatus``. Pending is not
    decided, and is asked about, never sent again. ``failure`` raises ``MdkError``. And success is
    what the command is: after an application the customer has yet to pay.

    ``resolve``: a lost answer is settled by Search on the exact order number, for 3-D Secure by
    GetResult, and by nothing else: there is no idempotency key, so ``complete=True`` never repeats
    anything. With ``wait`` it asks after 1, 5, 30 and 120 seconds, then every 5 minutes. Not found
    is ``NotPaid`` only after ``not_found_after`` and only for a payment by token. With a card
    number, and for commands on an order that is there, it stays ``Open`` until a PUSH or a person
    settles it. Take no new order number before that: both may be paid.

    With a ``journal``, a second call under an order number that is unknown, or with 3-D Secure not
    finished, raises OutcomeUnknown and sends nothing. Give partial cancellations and refunds an
    ``intent`` of their own, one at a time for an order: two of one amount look alike in Search.

    Raises ConfigurationError (``SettingsError``) for settings that cannot work. Calls raise what
    ``kessai.errors`` lists, a ``kessai_mdk.MdkError`` where the gateway said no.
    Source: VeriTrans4G MDK for PHP 2.0.1; the flow guide 1.0.8.
    """

    def __init__(
        self,
        merchant_ccid: str | None = None,
        merchant_secret_key: str | None = None,
        *,
        environment: Literal["sandbox", "live"] | Environment | None = None,
        dummy: bool | None = None,
        settings: Settings | None = None,
        not_found_after: float = NOT_FOUND_AFTER,
        transport: Transport | None = None,
        journal: JournalStore | None = None,
        slots: SlotStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        parts = _parts(
            (merchant_ccid, merchant_secret_key),
            environment,
            dummy,
            settings,
            not_found_after,
            options,
        )
        super().__init__(
            Client(
                parts.gateway,
                NoAuth(),
                parts.servers,
                transport=transport,
                journal=journal,
                slots=slots,
                **parts.options,
            )
        )


class AsyncMdkClient(AsyncMdkApi):
    """``MdkClient`` for an event loop: the same arguments and methods, with ``await``."""

    def __init__(
        self,
        merchant_ccid: str | None = None,
        merchant_secret_key: str | None = None,
        *,
        environment: Literal["sandbox", "live"] | Environment | None = None,
        dummy: bool | None = None,
        settings: Settings | None = None,
        not_found_after: float = NOT_FOUND_AFTER,
        transport: AsyncTransport | None = None,
        journal: AsyncJournalStore | None = None,
        slots: AsyncSlotStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        parts = _parts(
            (merchant_ccid, merchant_secret_key),
            environment,
            dummy,
            settings,
            not_found_after,
            options,
        )
        super().__init__(
            AsyncClient(
                parts.gateway,
                NoAuth(),
                parts.servers,
                transport=transport,
                journal=journal,
                slots=slots,
                **parts.options,
            )
        )


class _Parts(NamedTuple):
    gateway: MdkGateway
    servers: MdkServers
    options: ClientOptions


def _parts(
    credentials: tuple[str | None, str | None],
    environment: str | Environment | None,
    dummy: bool | None,
    settings: Settings | None,
    not_found_after: float,
    options: ClientOptions,
) -> _Parts:
    """What both clients are made of. Raises ConfigurationError."""
    ccid, secret = credentials
    host: str | None = None
    if settings is not None:
        if ccid is not None or secret is not None:
            raise ConfigurationError("pass settings, or merchant_ccid and merchant_secret_key")
        ccid, secret, host = (
            settings.merchant_ccid,
            settings.merchant_secret_key,
            settings.host_url,
        )
        # One of the two may move money and the other not, so they have to agree.
        if dummy is not None and dummy != settings.dummy:
            raise ConfigurationError(
                f"the settings say dummy={settings.dummy} and the client dummy={dummy}; leave one "
                "out"
            )
        dummy = settings.dummy
        options = {**settings.options(), **options}
    if ccid is None or secret is None:
        raise ConfigurationError(
            "credentials are missing: pass merchant_ccid and merchant_secret_key (MAP shows both), "
            "or settings=Settings.from_environment()"
        )
    servers = servers_from(environment, dummy, host)
    gateway = MdkGateway(
        ccid,
        secret,
        dummy=servers.dummy,
        not_found_after=not_found_after,
        now=(options.get("system") or System()).wall,
    )
    return _Parts(gateway, servers, {"timeout": TIMEOUT, **options})
