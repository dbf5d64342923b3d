"""3-D Secure: what the customer does on the page, and the two calls that finish after it."""

from __future__ import annotations

import contextlib
from typing import NamedTuple

from ..transitions import TransitionError
from . import answers, credit, intake, onfile
from .call import Answer, Call
from .cards import brand
from .gateway import Gateway
from .problem import ProblemError, refused, wrong_status
from .state import Order, Purpose, Tds


class Ending(NamedTuple):
    """One way 3-D Secure can end: result, reason (EMVCo), whether there was a challenge."""

    result: str
    reason: str | None
    challenged: bool


ENDINGS: dict[str, Ending] = {
    "success": Ending("Y", None, challenged=False),
    "challenge": Ending("Y", None, challenged=True),
    "attempt": Ending("A", None, challenged=False),
    "fail": Ending("N", "01", challenged=True),
    "unavailable": Ending("U", "11", challenged=False),
    "reject": Ending("R", "11", challenged=False),
    "cancel": Ending("N", "14", challenged=True),  # the customer gives up the challenge
}


def _of(order: Order) -> Tds:
    """The order's 3-D Secure, which only pages and calls that need it look at."""
    if order.tds is None:
        raise TransitionError(f"{order.status}: no 3-D Secure was begun")
    return order.tds


def _eci(order: Order, result: str) -> str:
    mastercard = order.card is not None and brand(order.card.number) == "MASTERCARD"
    if result == "Y":
        return "02" if mastercard else "05"
    if result == "A":
        return "01" if mastercard else "06"
    return "00" if mastercard else "07"


def _authenticated(order: Order) -> bool:
    """Whether the result counts as success. FOLLOW is read as: the contract allows attempts."""
    if order.tds is None:
        return False
    if order.tds.result == "A":
        return order.tds.allow_attempt != "NOT_ALLOW"
    return order.tds.result == "Y"


def finish_page(gateway: Gateway, order: Order, outcome: str) -> str:
    """The customer pressed a button: note the result, authorize if automatic.

    Gives the event of the callback. `decline` is a passed 3-D Secure with a card company
    that then declines.
    """
    tds = _of(order)
    ending = ENDINGS["success" if outcome == "decline" else outcome]
    tds.outcome = outcome
    tds.result = ending.result
    tds.reason = ending.reason
    tds.eci = _eci(order, ending.result)
    tds.challenged = ending.challenged or (tds.wants_challenge and ending.result == "Y")
    if not tds.automatic:
        return "TDS_FINISHED"
    with contextlib.suppress(ProblemError):  # the order says why; the merchant inquires
        _settle(gateway, order)
    return "TDS_CHARGE_FINISHED" if order.purpose is Purpose.CHARGE else "TDS_VERIFICATION_FINISHED"


def _settle(gateway: Gateway, order: Order) -> None:
    """Authorize after 3-D Secure. Raises ProblemError 402 (titles assumed)."""
    outcome = _of(order).outcome
    if outcome == "cancel":
        problem = ProblemError("operation_aborted_by_user", "The customer gave up 3-D Secure.")
        raise intake.refuse(gateway, order, problem)
    if not _authenticated(order):
        problem = ProblemError("card_declined", "3-D Secure was not passed.")
        raise intake.refuse(gateway, order, problem)
    if outcome == "decline":
        problem = ProblemError("card_declined", "Declined, as chosen on the page.")
        raise intake.refuse(gateway, order, problem)
    if order.store is not None and order.card is not None:
        try:
            onfile.check_store(gateway.shop(order.shop), order.card, order.store)
        except ProblemError as problem:
            raise intake.refuse(gateway, order, problem) from None
    credit.authorize(gateway, order)
    if order.store is not None and order.card is not None:
        order.stored = onfile.store(gateway, order.shop, order.card, order.store)


def finalize_charge(call: Call) -> Answer:
    """tds2FinalizeCharge: authorize a charge that waited for the merchant."""
    order = _waiting(call, Purpose.CHARGE)
    _settle(call.gateway, order)
    return Answer(
        201,
        {
            "nextAction": answers.next_action(order),
            "orderReference": answers.order_reference(order),
            "creditResult": answers.credit_result(order, tds2=True),
            "tds2Result": answers.tds2_result(order),
            "fraudDetectionResult": answers.screening_result(call.gateway, order, inquiry=False),
        },
    )


def finalize_verification(call: Call) -> Answer:
    """tds2FinalizeVerification: check a card that waited for the merchant."""
    order = _waiting(call, Purpose.CHECK)
    _settle(call.gateway, order)
    stored = order.stored
    name = onfile.name_of(call.shop, stored.member_id) if stored is not None else None
    return Answer(
        201,
        {
            "nextAction": "NO_ACTION",
            "orderReference": answers.order_reference(order),
            "creditResult": answers.credit_result(order, tds2=True),
            "onfileCardResult": (
                answers.onfile_card_result(stored, name) if stored is not None else None
            ),
            "tds2Result": answers.tds2_result(order),
        },
    )


def _waiting(call: Call, purpose: Purpose) -> Order:
    """The order, if 3-D Secure is over and nothing was authorized yet."""
    order = call.gateway.order(call.shop, call.body.need("accessId"))
    if order.tds is None or order.purpose is not purpose:
        raise refused("accessId", "The order does not wait for this.")
    if order.status != "AUTHENTICATED" or order.tds.result is None or order.tds.automatic:
        raise wrong_status("accessId", order.status)
    return order
