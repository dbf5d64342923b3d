"""/verification/start and /verification/inquiry: identity checks by SMS."""

from __future__ import annotations

from typing import Any

from ..clock import text
from . import answers
from .call import Answer, Call
from .gateway import Gateway
from .problem import missing, refused
from .rules import common
from .rules import verification as rules
from .state import Verification

# Facts 8, the test codes of the gateway's test environment, by what they give.
WRONG, NOT_SENT, BROKEN = ("777777", "7777"), ("888888", "8888"), ("999999", "9999")


def start(call: Call) -> Answer:
    """verificationStart: send an SMS and the customer to the page that asks for its code."""
    common.check_merchant(call)
    terms = rules.check(call.body)
    gateway, body = call.gateway, call.body
    verification_id = body.need("verificationInformation", "verificationId")
    if verification_id in call.shop.verifications:
        raise refused("verificationInformation.verificationId", "The id is in use.")
    callback_url = body.text("merchant", "callbackUrl")
    if callback_url is None:
        raise missing("merchant.callbackUrl")
    now = gateway.clock.now
    record = Verification(
        shop=call.shop.shop_id,
        access_id=gateway.ids.hex32("access"),
        verification_id=verification_id,
        type=body.need("verificationInformation", "type"),
        pin_digits=terms.pin_digits,
        retries=terms.retries,
        created=now,
        updated=now,
        callback_url=callback_url,
        csrf_token=body.text("merchant", "csrfToken"),
    )
    call.shop.verifications[verification_id] = record
    gateway.records[record.access_id] = record
    gateway.step(record, "REQSUCCESS")
    record.timer = gateway.clock.call_later(terms.seconds, lambda: _end(gateway, record, "FAILURE"))
    url = gateway.redirect("verify", record, call.base)
    return Answer(
        202,
        {
            "nextAction": "REDIRECT",
            "verificationReference": _reference(record),
            "redirectInformation": answers.redirect_information("VERIFY", url),
        },
    )


def _end(gateway: Gateway, record: Verification, status: str) -> None:
    if record.status == "REQSUCCESS":
        if record.timer is not None:
            record.timer.cancel()
        gateway.step(record, status)


def enter(gateway: Gateway, record: Verification, code: str) -> bool:
    """The customer types a code in. Gives whether the page is finished with.

    7777(77) is wrong, and any code without the asked number of digits is too: one more
    try, until the retries are used up (FAILURE). 8888(88) means the SMS could not be sent,
    9999(99) a server error; both end in FAILURE (status assumed). All others: SUCCESS.
    """
    if record.status != "REQSUCCESS":
        return True
    if code in NOT_SENT or code in BROKEN:
        _end(gateway, record, "FAILURE")
        return True
    digits = code.isascii() and code.isdigit() and len(code) == record.pin_digits
    if digits and code not in WRONG:
        _end(gateway, record, "SUCCESS")
        return True
    record.failed_tries += 1
    if record.failed_tries > record.retries:
        _end(gateway, record, "FAILURE")
        return True
    return False


def give_up(gateway: Gateway, record: Verification) -> None:
    """The customer cancels on the page."""
    _end(gateway, record, "CANCEL")


def inquiry(call: Call) -> Answer:
    """verificationInquiry: by accessId, by verificationId, or by both of one record."""
    common.check_options(call.body)
    access_id, verification_id = call.body.text("accessId"), call.body.text("verificationId")
    if access_id is None and verification_id is None:
        raise missing("accessId")
    if access_id is not None:
        found = call.gateway.records.get(access_id)
        if not isinstance(found, Verification) or found.shop != call.shop.shop_id:
            raise refused("accessId", "There is no such verification.")
        if verification_id not in (None, found.verification_id):
            raise refused("verificationId", "The two ids are of different verifications.")
        record = found
    else:
        by_id = call.shop.verifications.get(verification_id or "")
        if by_id is None:
            raise refused("verificationId", "There is no such verification.")
        record = by_id
    return Answer(200, {"verificationReference": _reference(record)})


def _reference(record: Verification) -> dict[str, Any]:
    return {
        "accessId": record.access_id,
        "verificationId": record.verification_id,
        "status": record.status,
        "created": text(record.created),
        "updated": text(record.updated),
        "type": record.type,
    }
