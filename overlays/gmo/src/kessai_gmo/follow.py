"""After a callback or webhook: what the manual says comes next, done, and what it amounts to.

An event proves nothing about money. ``follow`` asks the gateway (order inquiry, or verification
inquiry), finalizes after 3-D Secure where the merchant asked to do that itself, compares deposits
with amounts, and says plainly how things stand. Sync and async clients run the same steps.

Sources: GMO PG OpenAPI type 1.5.1, コールバック, 処理シーケンス, Webhook通知; the states are those
of the documents of neighbouring versions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast

from kessai.errors import DeclinedError, InvalidStateError, KessaiError

from .standing import (
    Followed,
    FollowResult,
    order_standing,
    refund_standing,
    verification_standing,
)

if TYPE_CHECKING:
    from collections.abc import Generator

    from kessai.operation import CallOptions, Operation
    from kessai_gmo_api import models as m

    from .callbacks import Event

    Step: TypeAlias = tuple[Operation[Any, Any], Any, CallOptions]

__all__ = ["finalize_key", "steps"]

_NAMESPACE = "a7362ac0-dbae-5e2f-aa16-5988e423091c"  # of the keys derived here; never changes


def finalize_key(operation: str, access_id: str) -> str:
    """The idempotency key of a finalization: the same for every reload of one callback.

    A UUID (version 5) of operation and access id, 36 characters. Two processes that get the same
    callback send the same key, so the gateway runs it once.
    """
    from uuid import UUID, uuid5

    return str(uuid5(UUID(_NAMESPACE), f"{operation}:{access_id}"))


def steps(event: Event) -> Generator[Step, Any, Followed]:
    """Yield the calls to make, take their answers, return how things stand. No I/O.

    The driver sends an answer back, or throws the ``KessaiError`` that a call ended with.
    """
    from kessai_gmo_api import models as m

    if getattr(event, "event", None) is None:
        raise TypeError(
            "event must be what parse_callback or parse_webhook returned, "
            f"is {type(event).__name__}"
        )
    name = str(event.event)
    if name == m.CallbackEvent.VERIFICATION_FINISHED:
        return (yield from _verification(event))
    if name in (m.AmazonPayCancelEvent.REFUND_SUCCEEDED, m.AmazonPayCancelEvent.REFUND_FAILED):
        followed = yield from _inquired(event)
        return refund_standing(followed, name == m.AmazonPayCancelEvent.REFUND_SUCCEEDED)
    if name == m.CallbackEvent.TDS_FINISHED:
        return (yield from _finalized(event))
    known = (
        m.CallbackEvent(name).is_known
        or m.CashEvent(name).is_known
        or m.WalletFrontendEvent(name).is_known
    )
    if known:
        return (yield from _inquired(event))
    try:
        followed = yield from _inquired(event)
    except KessaiError as error:
        return Followed(name, event.access_id, FollowResult.UNHANDLED, error=error)
    return followed._replace(result=FollowResult.UNHANDLED)


def _inquired(event: Event) -> Generator[Step, Any, Followed]:
    from kessai_gmo_api import models as m
    from kessai_gmo_api import operations

    request = m.OrderInquiryRequest(access_id=event.access_id)
    answer = cast("m.OrderInquiryResponse", (yield operations.ORDER_INQUIRY, request, {}))
    return order_standing(event, answer)


def _verification(event: Event) -> Generator[Step, Any, Followed]:
    from kessai_gmo_api import models as m
    from kessai_gmo_api import operations

    request = m.VerificationInquiryRequest(access_id=event.access_id)
    answer = cast(
        "m.VerificationInquiryResponse", (yield operations.VERIFICATION_INQUIRY, request, {})
    )
    return verification_standing(event, answer)


def _finalized(event: Event) -> Generator[Step, Any, Followed]:
    """TDS_FINISHED: the merchant finalizes, once, and only what is still AUTHENTICATED.

    A charge and a card check look alike but for the amount, which a check does not have. An order
    whose last step failed (errorInformation) is not tried again: the gateway would run a repeat of
    a failed call once more.
    """
    from kessai_gmo_api import models as m
    from kessai_gmo_api import operations

    before = yield from _inquired(event)
    if before.state != m.StatusCredit.AUTHENTICATED or before.result is not FollowResult.WAITING:
        return before
    operation: Operation[Any, Any]
    request: m.Tds2FinalizeChargeRequest | m.Tds2FinalizeVerificationRequest
    if before.amount:
        operation = operations.TDS2_FINALIZE_CHARGE
        request = m.Tds2FinalizeChargeRequest(access_id=event.access_id)
    else:
        operation = operations.TDS2_FINALIZE_VERIFICATION
        request = m.Tds2FinalizeVerificationRequest(access_id=event.access_id)
    key = finalize_key(operation.name, event.access_id)
    try:
        answer = cast(
            "m.Tds2FinalizeChargeResponse | m.Tds2FinalizeVerificationResponse",
            (yield operation, request, {"idempotency_key": key}),
        )
    except DeclinedError as error:
        result = FollowResult.NOT_PAID if before.amount else FollowResult.NOT_VERIFIED
        return before._replace(result=result, error=error)
    except InvalidStateError:
        return (yield from _inquired(event))  # another process was faster: see what it reached
    return order_standing(event, answer)._replace(finalized=True)
