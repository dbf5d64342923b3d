"""mpi: Authorize, ReAuthorize, GetResult. What happens in between is in `tds`.

Document: flow guide 2.2.2, facts of the kit, mpi. Assumed: without deviceChannel the answer
has no authStartUrl (a third party's note), and verifyTimeout ends an authentication as given up.
"""

from __future__ import annotations

from typing import Any

from ..clock import JST
from . import card, members, pages, tds, tokens
from .results import RefusalError
from .service import Answer, Call, Command, On, Service, decided
from .state import Order

_BRANDS = {"4": "4", "5": "5", "2": "5", "35": "35", "30": "36", "36": "36", "34": "37", "37": "37"}
_STEPS = {
    "": "STARTED FAILED PENDING",
    "STARTED": "AUTHORIZED CAPTURED AUTHENTICATED FAILED PENDING",
    "PENDING": "STARTED AUTHORIZED CAPTURED FAILED",
    "AUTHORIZED": "AUTHORIZED CAPTURED CANCELLED EXPIRED",
    "CAPTURED": "CAPTURED CANCELLED",
}


def check(call: Call) -> None:
    """What a schema cannot say of a payment with 3-D Secure."""
    card.check_payment(call)
    timeout = call.body.text("verifyTimeout")
    if timeout is not None and not 1 <= int(timeout) <= 999:
        raise RefusalError("ZF01", "verifyTimeout")
    channel = call.body.text("deviceChannel")
    named = call.body.has("cardholderName") or call.body.text("cardholderNameOmitFlag") == "true"
    if channel is not None and not named:
        raise RefusalError("ZF01", "cardholderName")


def authorize(call: Call, order: Order) -> Answer:
    """Authorize: the contents that take the browser to the issuer."""
    members.choose_card(call.gateway, call.body, order)
    return _begin(call, order)


def reauthorize(call: Call, order: Order) -> Answer:
    """ReAuthorize: the same with the card of an earlier payment."""
    members.earlier_card(call, order)
    return _begin(call, order)


def _begin(call: Call, order: Order) -> Answer:
    gateway, body, own = call.gateway, call.body, order.own
    own["request_id"] = order.info["requestId"] = gateway.ids.hex32("requestId")
    own["capture"] = body.text("withCapture") == "true"
    own["challenge"] = body.text("withChallenge") == "true"
    own["link"] = body.text("verifyResultLink") or "0"
    own["redirection_uri"] = body.text("redirectionUri") or gateway.settings.redirection_uri

    def apply() -> Answer:
        gateway.step(order, "STARTED")
        timeout = body.text("verifyTimeout")
        if timeout is not None:
            gateway.clock.call_later(int(timeout) * 60, lambda: tds.give_up(gateway, order))
        return _started(call, order)

    return decided(call, order, apply)


def _started(call: Call, order: Order) -> Answer:
    number, now = order.own["card"][0], call.gateway.clock.now.astimezone(JST)
    body, moment = call.body, f"{now:%a %b %d %H:%M:%S JST %Y}"
    address = pages.open_page(call, order)
    modern = body.text("deviceChannel") is not None
    members: dict[str, Any] = {
        "reqCardNumber": tokens.masked(number),
        "reqCardExpire": "*****",
        "reqAmount": str(order.amount),
        "reqJpoInformation": body.text("jpo") or "10",
        "reqWithCapture": body.text("withCapture"),
        "reqRedirectionUri": body.text("redirectionUri"),
        "reqHttpUserAgent": body.text("httpUserAgent"),
        "reqHttpAccept": body.text("httpAccept"),
        "resResponseContents": pages.form(address, {"md": order.own["request_id"]}),
        "resCorporationId": "00",
        "resBrandId": _BRANDS.get(number[0]) or _BRANDS.get(number[:2]),
        "res3dMessageVersion": "2.2.0" if modern else "1.0.2",
        "authRequestDatetime": moment,
        "authResponseDatetime": moment,
        "authStartUrl": f"{address}?start=1" if modern else None,
    }
    return Answer(members, amount=order.amount)


def get_result(call: Call, order: Order) -> Answer:
    """GetResult: how far it has come; asking changes nothing.

    An Authorize that failed is told as a failed authentication (assumed).
    """
    if order.service != "mpi":
        raise RefusalError("ZN01", "orderId")
    if order.status == "FAILED" and "block" not in order.own:
        code = order.transactions[0].code
        return Answer({"mpiMstatus": "failure", "mpiVresultCode": code}, blocks=("G021",))
    members: dict[str, Any] = {
        "requestId": order.own["request_id"],
        "mpiVresultCode": tds.code_of(order),
        "txnType": order.own.get("txn_type"),
        **tds.result(order),
    }
    if order.option == "mpi-none" and "ddd" in order.own:
        members |= order.own["ddd"]
    return Answer(members, blocks=("G021",))


SERVICE = Service(
    name="mpi",
    title="3-D Secure",
    ok="G001",
    commands={
        "Authorize": Command(authorize, On.NEW, check),
        "ReAuthorize": Command(reauthorize, On.NEW, check),
        "GetResult": Command(get_result, records=False),
    },
    steps=_STEPS,
    serves=frozenset({"card"}),
    visit=tds.visit,
)
