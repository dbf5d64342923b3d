"""UnifiedClient and AsyncUnifiedClient: the generated commands over kessai's call engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Unpack

from kessai.client import AsyncClient, Client
from kessai.errors import ConfigurationError
from kessai_unified_api.api import AsyncUnifiedApi, UnifiedApi

from .auth import auth_from
from .gateway import UnifiedGateway, environment_from

if TYPE_CHECKING:
    from kessai.client import ClientOptions
    from kessai.environment import Environment
    from kessai.operation import CallOptions
    from kessai.stores.base import AsyncJournalStore, AsyncSlotStore, JournalStore, SlotStore
    from kessai.types import AsyncTransport, Transport
    from kessai_unified_api import models as m

    from .signing import KeyEncoding

__all__ = ["AsyncUnifiedClient", "UnifiedClient"]


class UnifiedClient(UnifiedApi):
    """VeriTrans4G Unified API, for one merchant. Threads may share it.

    The eight commands are ``unified.payment.pay(request)`` (POST /pay), ``.subscribe``,
    ``.update_order``, ``.capture``, ``.cancel``, ``.charge``, ``.terminate``,
    ``.get_transaction_result``.

    - ``bearer_token``, or ``merchant_ccid`` and ``merchant_key`` (HMAC): as MAP shows them, never
      shown in repr. Both are an error: the gateway would silently take the token. A CCID beside a
      token names the merchant in stores and authenticates nothing
    - ``hmac_key_encoding``: how the merchant key becomes the HMAC's key, ``"utf-8"`` or ``"hex"``;
      the document leaves it open, and a wrong one is answered UA-REQ-008 (ConfirmTokenError)
    - ``environment``: ``"sandbox"``, ``"live"``, or an ``Environment(api=...)`` with the base of
      the commands; ``domain``: ``"new"`` (veritrans.jp) or ``"old"`` (veritrans.co.jp)
    - ``transport``: instead of the network (tests, mocks)
    - ``journal``, ``slots``: stores of ``kessai.stores``
    - everything in ``kessai.ClientOptions``; by default 5 s to connect, 90 s to read, 200 s for a
      whole call, at most 3 attempts

    A success may still wait: look at ``answer.result.result_code``. UA-000-001 is done, UA-000-002
    is done and has to be looked at (perhaps paid twice), UA-U00-001 waits for the consumer,
    UA-P00-001 for the wallet's company. After pay and subscribe the consumer has yet to approve.

    Never apply or charge again under a ``paymentId`` whose payment is not at its end: both may be
    paid. With a ``journal`` the client keeps to that by itself: while a paymentId is unknown or
    waiting, another call under it raises OutcomeUnknown or IntentConflictError and sends nothing,
    until ``resolve`` has found an end. Without one, only the merchant can know. After a definite
    failure the same paymentId may be used again, by a new call (which has a new key).

    ``resolve``: where an answer gave a fepReferenceId (UA-PND-001, UA-U00-001, UA-P00-001,
    UA-SYS), it asks getTransactionResult, and repeats nothing while the gateway has the order in
    hand. A lost answer took that number with it: then only a repeat under the first key can tell,
    which brings the first answer, a failure's too, and carries the order out if it never arrived.
    It is made with ``complete=True`` and the same ``request``, before 23 hours; without that the
    outcome is Open, and the webhook or the redirect may settle it.

    Ends: ``Paid`` (charge, and pay once the consumer has approved), ``Done`` (other commands,
    and an application that was taken), ``PaidCheckNeeded`` (UA-000-002: look it up in MAP by
    fepOrderId; nothing is cancelled by itself), ``NotPaid``, ``NotDone``, ``Open`` with the
    reason, what helps, and until when a repeat is possible. After UA-REQ-003 to a repeat the
    first one landed, under a number that is not known here: look it up in MAP.

    Raises ConfigurationError for settings that cannot work. Calls raise what ``kessai.errors``
    lists, a ``kessai_unified.UnifiedError`` where the gateway gave a result code.
    Source: VeriTrans4G Unified API 1.1.1 RC, HTTPリクエスト詳細, 決済リクエストの認証について.
    """

    def __init__(
        self,
        *,
        bearer_token: str | None = None,
        merchant_ccid: str | None = None,
        merchant_key: str | None = None,
        hmac_key_encoding: KeyEncoding = "utf-8",
        environment: Literal["sandbox", "live"] | Environment = "sandbox",
        domain: Literal["new", "old"] = "new",
        transport: Transport | None = None,
        journal: JournalStore | None = None,
        slots: SlotStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        servers = environment_from(environment, domain)
        auth = auth_from(bearer_token, merchant_ccid, merchant_key, hmac_key_encoding)
        account = _account(merchant_ccid, stores=not (journal is None and slots is None))
        gateway = UnifiedGateway(account, servers)
        super().__init__(
            Client(
                gateway,
                auth,
                servers,
                transport=transport,
                journal=journal,
                slots=slots,
                **options,
            )
        )

    def get_transaction_result(
        self, fep_reference_id: str, **options: Unpack[CallOptions]
    ) -> m.GetTransactionResultResponse:
        """Look up what came of a request, by the number an answer, redirect or webhook gave.

        ``getTransactionResult`` without the block around the number. UA-U00-001 as long as it is
        undetermined: after an application until the browser has come back.
        """
        return self.payment.get_transaction_result(_question(fep_reference_id), **options)


class AsyncUnifiedClient(AsyncUnifiedApi):
    """``UnifiedClient`` for an event loop: the same arguments and methods, with ``await``."""

    def __init__(
        self,
        *,
        bearer_token: str | None = None,
        merchant_ccid: str | None = None,
        merchant_key: str | None = None,
        hmac_key_encoding: KeyEncoding = "utf-8",
        environment: Literal["sandbox", "live"] | Environment = "sandbox",
        domain: Literal["new", "old"] = "new",
        transport: AsyncTransport | None = None,
        journal: AsyncJournalStore | None = None,
        slots: AsyncSlotStore | None = None,
        **options: Unpack[ClientOptions],
    ) -> None:
        servers = environment_from(environment, domain)
        auth = auth_from(bearer_token, merchant_ccid, merchant_key, hmac_key_encoding)
        account = _account(merchant_ccid, stores=not (journal is None and slots is None))
        gateway = UnifiedGateway(account, servers)
        super().__init__(
            AsyncClient(
                gateway,
                auth,
                servers,
                transport=transport,
                journal=journal,
                slots=slots,
                **options,
            )
        )

    async def get_transaction_result(
        self, fep_reference_id: str, **options: Unpack[CallOptions]
    ) -> m.GetTransactionResultResponse:
        """Look up what came of a request; see ``UnifiedClient.get_transaction_result``."""
        return await self.payment.get_transaction_result(_question(fep_reference_id), **options)


def _account(merchant_ccid: str | None, *, stores: bool) -> str:
    """Whose money it is. A token changes and says nothing; stores may be shared by merchants."""
    if merchant_ccid:
        return merchant_ccid
    if stores:
        raise ConfigurationError(
            "a store has to tell merchants apart: pass merchant_ccid beside bearer_token "
            "(it is not used to authenticate)"
        )
    return "bearer"


def _question(fep_reference_id: str) -> m.GetTransactionResultRequest:
    from kessai_unified_api import models as m

    transaction = m.InquiryTransaction(fep_reference_id=fep_reference_id)
    return m.GetTransactionResultRequest(transaction=transaction)
