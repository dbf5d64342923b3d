"""How things stand, read from an answer of the gateway.

Assumed: that a card order which is still AUTHENTICATED or UNPROCESSED and carries errorInformation
after its callback was not paid; that a bank transfer is paid when its cumulative deposit equals
the amount, whatever its state says.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from kessai.errors import KessaiError
    from kessai_gmo_api import models as m

    from .callbacks import Event

    FollowAnswer: TypeAlias = (
        m.OrderInquiryResponse
        | m.VerificationInquiryResponse
        | m.Tds2FinalizeChargeResponse
        | m.Tds2FinalizeVerificationResponse
    )

__all__ = ["FollowResult", "Followed", "dedupe_key"]


class FollowResult(StrEnum):
    """How things stand, as the gateway answered."""

    PAID = "paid"
    """The money is held or taken (AUTH, CAPTURE, SALES, PAYSUCCESS): deliver."""
    NOT_PAID = "not_paid"
    """It ended without money."""
    VERIFIED = "verified"
    """The card is good (CHECK), or the customer is who they say (SUCCESS)."""
    NOT_VERIFIED = "not_verified"
    """The check ended without that."""
    APPROVED = "approved"
    """The wallet consent is active (REGISTER)."""
    NOT_APPROVED = "not_approved"
    """There is no consent, or it has ended."""
    WAITING = "waiting"
    """Not decided yet: ask again later."""
    SHORT = "short"
    """A bank transfer came, and is less than the amount so far."""
    OVER = "over"
    """A bank transfer came, and is more than the amount."""
    REFUNDED = "refunded"
    """The money went back."""
    REFUND_FAILED = "refund_failed"
    """The money should have gone back and did not."""
    UNCLEAR = "unclear"
    """The answer does not say enough, or contradicts the event: a person has to look."""
    UNHANDLED = "unhandled"
    """The event is unknown to this version; ``answer`` holds what an inquiry found."""


class Followed(NamedTuple):
    """How things stand after an event.

    - ``event``, ``access_id``: what came; ``state``: the gateway's state of the order or check
    - ``amount``: of the order, ``deposit``: cumulative deposit of a bank transfer, both in yen
    - ``answer``: the inquiry's or finalization's answer, None only for an unhandled event
    - ``finalized``: whether this call finalized a 3-D Secure payment or check
    - ``error``: the refusal a finalization ended with, or why an unhandled event's inquiry failed
    """

    event: str
    access_id: str
    result: FollowResult
    state: str | None = None
    amount: int | None = None
    deposit: int | None = None
    answer: FollowAnswer | None = None
    finalized: bool = False
    error: KessaiError | None = None

    @property
    def paid(self) -> bool:
        """Whether the whole amount is held or taken (more than it counts too)."""
        return self.result in (FollowResult.PAID, FollowResult.OVER)


def dedupe_key(followed: Followed) -> str:
    """Name the fact a notice amounts to, for ``kessai.receive``: two notices of one fact are one.

    GMO's events carry no id, and CASH_PAID may come again, so the key is access id, event and the
    state an inquiry found; for a bank transfer also the deposits so far, because two part payments
    leave the state as it is and are two facts.
    """
    parts = ["gmo", followed.access_id, followed.event, followed.state or "-"]
    if followed.deposit is not None:
        parts.append(str(followed.deposit))
    return ":".join(parts)


_CREDIT = {
    "AUTH": FollowResult.PAID,
    "CAPTURE": FollowResult.PAID,
    "SALES": FollowResult.PAID,
    "CHECK": FollowResult.VERIFIED,
    "CANCEL": FollowResult.NOT_PAID,
    "AUTHENTICATED": FollowResult.WAITING,
    "UNPROCESSED": FollowResult.WAITING,
}
_WALLET = {
    "AUTH": FollowResult.PAID,
    "CAPTURE": FollowResult.PAID,
    "SALES": FollowResult.PAID,
    "REGISTER": FollowResult.APPROVED,
    "END": FollowResult.NOT_APPROVED,
    "CANCEL": FollowResult.NOT_PAID,
    "PAYFAIL": FollowResult.NOT_PAID,
    "EXPIRED": FollowResult.NOT_PAID,
    "RETURN": FollowResult.REFUNDED,
    "REQRETURN": FollowResult.WAITING,
    "REQSUCCESS": FollowResult.WAITING,
    "AUTHPROCESS": FollowResult.WAITING,
    "UNPROCESSED": FollowResult.WAITING,
}
_CASH = {
    "PAYSUCCESS": FollowResult.PAID,
    "EXPIRED": FollowResult.NOT_PAID,
    "CANCEL": FollowResult.NOT_PAID,
    "STOP": FollowResult.NOT_PAID,
    "REQSUCCESS": FollowResult.WAITING,
    "TRADING": FollowResult.WAITING,
    "UNPROCESSED": FollowResult.WAITING,
}
_VERIFICATION = {
    "SUCCESS": FollowResult.VERIFIED,
    "FAILURE": FollowResult.NOT_VERIFIED,
    "CANCEL": FollowResult.NOT_VERIFIED,
    "REQSUCCESS": FollowResult.WAITING,
}


def order_standing(
    event: Event,
    answer: (
        m.OrderInquiryResponse | m.Tds2FinalizeChargeResponse | m.Tds2FinalizeVerificationResponse
    ),
) -> Followed:
    """How an order stands: the state by its table, deposits and failed steps considered."""
    from kessai_gmo_api import models as m

    followed = Followed(str(event.event), event.access_id, FollowResult.UNCLEAR, answer=answer)
    if isinstance(answer, m.UnknownVariant):
        return followed
    reference = answer.order_reference
    if reference is None or reference.access_id not in (None, event.access_id):
        return followed
    state, amount = reference.status, reference.amount
    followed = followed._replace(state=state, amount=amount)
    if state is None:
        return followed
    if isinstance(answer, m.OrderInquiryResponseCash):
        return _cash(followed, answer.cash_result)
    if isinstance(answer, m.OrderInquiryResponseWallet):
        result = _WALLET.get(state, FollowResult.UNCLEAR)
        if result is FollowResult.NOT_PAID and not amount:
            result = FollowResult.NOT_APPROVED  # a consent has no amount
        return followed._replace(result=result)
    result = _CREDIT.get(state, FollowResult.UNCLEAR)
    failed = isinstance(answer, m.OrderInquiryResponseCredit) and answer.error_information
    if failed and result is FollowResult.WAITING:
        result = FollowResult.NOT_PAID
    if result is FollowResult.NOT_PAID and not amount:
        result = FollowResult.NOT_VERIFIED  # a card check has no amount
    return followed._replace(result=result)


def verification_standing(event: Event, answer: m.VerificationInquiryResponse) -> Followed:
    """How an identity check stands."""
    reference = answer.verification_reference
    state = reference.status if reference is not None else None
    result = _VERIFICATION.get(state or "", FollowResult.UNCLEAR)
    if reference is not None and reference.access_id not in (None, event.access_id):
        result = FollowResult.UNCLEAR
    return Followed(str(event.event), event.access_id, result, state, answer=answer)


def _cash(followed: Followed, cash: m.CashResult | None) -> Followed:
    from kessai_gmo_api import models as m

    result = _CASH.get(followed.state or "", FollowResult.UNCLEAR)
    if cash is None or cash.cash_type not in (
        m.CashType.BANK_TRANSFER_SMBC,
        m.CashType.BANK_TRANSFER_GMO_AOZORA,
    ):
        return followed._replace(result=result)
    deposit, amount = _deposit(cash), followed.amount
    if not deposit:
        paid = result is FollowResult.PAID  # paid, and nothing deposited: that needs a look
        result = FollowResult.UNCLEAR if paid else result
    elif amount is None or result in (FollowResult.NOT_PAID, FollowResult.UNCLEAR):
        result = FollowResult.UNCLEAR  # money came to an order that is over, or in a new state
    elif deposit == amount:
        result = FollowResult.PAID
    else:
        result = FollowResult.SHORT if deposit < amount else FollowResult.OVER
    return followed._replace(result=result, deposit=deposit)


def _deposit(cash: m.CashResult) -> int | None:
    """Yen deposited so far. The published SMBC sample has it beside Pay-easy's members."""
    transfer = cash.bank_transfer_payment_information
    if transfer is not None:
        return transfer.deposit_amount
    misplaced = cash.pay_easy_payment_information
    text = misplaced.unknown_members.get("depositAmount") if misplaced is not None else None
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) <= 15:
        return int(text)
    return None


def refund_standing(followed: Followed, succeeded: bool) -> Followed:
    """The cancellation of a settled Amazon Pay payment: the state decides, not the event."""
    gone = followed.state in ("RETURN", "CANCEL")
    if succeeded:
        result = FollowResult.REFUNDED if gone else FollowResult.UNCLEAR
        if followed.state == "REQRETURN":
            result = FollowResult.WAITING
    else:
        result = FollowResult.UNCLEAR if gone else FollowResult.REFUND_FAILED
    if followed.state is None:
        result = FollowResult.UNCLEAR
    return followed._replace(result=result)
