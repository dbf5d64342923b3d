"""What takes the customer on: to a wallet, an account, an authentication; and until when.

Document: facts, Endpoints (issuer token: online and bank transfer, once the charge is awaiting;
expiry: Node's library only). The payloads' members are the libraries', their values ours.
"""

from __future__ import annotations

from .call import Answer, Call, ok
from .problems import ProblemError, invalid
from .state import Charge
from .timing import stamp
from .tokens import find as find_token

_FORM = "application/x-www-form-urlencoded"
_POSTED = {"http_get_mobile": "http_get"}  # the answer knows five call methods of the request's six
_NAMES = (
    "issuer_token call_method payload account_id branch_code branch_name account_holder_name "
    "account_number"
)
_NONE = dict.fromkeys(_NAMES.split())


def get(call: Call) -> Answer:
    """GET .../issuer_token. Raises ProblemError for a charge that waits for no such thing."""
    charge = call.charge()
    kind = charge.token.payment_type
    if kind not in {"online", "bank_transfer"}:
        raise invalid("payment_type", "NOT_ONLINE_CHARGE")
    _awaiting(charge)
    if kind == "bank_transfer":
        return ok({"payment_type": kind, **_NONE, **charge.account})
    method = str(charge.token.data["call_method"])
    shown = {
        "issuer_token": f"{charge.base}/pages/online/{charge.id}",
        "call_method": _POSTED.get(method, method),
        "payload": {"request_data": charge.id} if method == "http_post" else None,
    }
    return ok({"payment_type": kind, **_NONE, **shown})


def _awaiting(charge: Charge) -> None:
    if charge.status != "awaiting":
        raise invalid("status", "ISSUER_TOKEN_EMPTY")


def get_three_ds(call: Call) -> Answer:
    """GET .../three_ds/issuer_token of a charge whose cardholder is to be authenticated."""
    charge = call.charge()
    if not charge.challenge:
        raise invalid("payment_type", "ONLY_FOR_CARD_PAYMENT")
    _awaiting(charge)
    return ok(_three_ds(f"{charge.base}/pages/three_ds/{charge.id}"))


def get_token_three_ds(call: Call) -> Answer:
    """GET .../three_ds/issuer_token of a token."""
    token = find_token(call)
    if not token.shown("three_ds").get("enabled"):
        raise invalid("payment_type", "ONLY_FOR_CARD_PAYMENT")
    if token.shown("three_ds").get("status") not in {"pending", "awaiting"}:
        raise ProblemError("NOT_FOUND")
    return ok(_three_ds(f"{call.base}/pages/token_three_ds/{token.id}"))


def _three_ds(url: str) -> dict[str, object]:
    return {
        "payment_type": "card",
        "issuer_token": url,
        "call_method": "http_post",
        "payload": {"request_data": "mock"},
        "content_type": _FORM,
    }


def expiry(call: Call) -> Answer:
    """GET .../expiry/latest. Raises ProblemError NOT_FOUND for a charge without a last moment."""
    charge = call.charge()
    if charge.deadline is None:
        raise ProblemError("NOT_FOUND")
    return ok(
        {
            "id": charge.id,  # that it has a number of its own is in no answer seen
            "charge_id": charge.id,
            "expiration_date": stamp(charge.deadline),
            "extension_count": 0,
            "created_on": stamp(charge.created),
            "updated_on": stamp(charge.created),
        }
    )
