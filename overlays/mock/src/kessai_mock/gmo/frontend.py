"""/wallet/front-end/charge and /wallet/front-end/verifyCharge: PayPay inside its own app.

The customer approves in the app; here POST /_mock/pay/{accessId} does. Either the merchant
then verifies, or the gateway settles by itself a minute later (assumed) and says WALLET_PAID.
"""

from __future__ import annotations

import contextlib

from . import answers, intake, notices, wallet
from .call import Answer, Call
from .gateway import Gateway
from .problem import ProblemError, refused, wrong_status
from .rules import common
from .state import ChargeType, Order, Purpose

_INFORMATION = "walletFrontendInformation"


def charge(call: Call) -> Answer:
    """walletFrontendCharge: register the payment and hand out the id the app asks for."""
    common.check(call)
    gateway, body = call.gateway, call.body
    order = intake.take(
        call, ChargeType.WALLET, body.need(_INFORMATION, "walletType"), Purpose.CHARGE
    )
    order.mode = body.need(_INFORMATION, "walletFrontendChargeOptions", "authorizationMode")
    order.frontend_id = gateway.ids.hex32("frontend")
    intake.keep(gateway, order)
    gateway.step(order, "REQSUCCESS")
    order.timer = gateway.clock.call_later(
        gateway.settings.frontend_seconds, lambda: _expire(gateway, order)
    )
    return Answer(
        202,
        {
            "nextAction": "AWAIT",
            "orderReference": answers.order_reference(order),
            "walletFrontendResult": {
                "walletType": order.method,
                "frontendPaymentId": order.frontend_id,
            },
        },
    )


def _expire(gateway: Gateway, order: Order) -> None:
    if order.status == "REQSUCCESS":
        gateway.step(order, "EXPIRED")


def approve(gateway: Gateway, order: Order) -> None:
    """The customer approves in the app (AUTHPROCESS); settled when verified or a minute on."""
    if order.timer is not None:
        order.timer.cancel()
    gateway.step(order, "AUTHPROCESS")
    delay = gateway.settings.frontend_notice_seconds

    def settle() -> None:
        if order.status == "AUTHPROCESS":
            with contextlib.suppress(ProblemError):  # PAYFAIL; the order says why
                _settle(gateway, order, noticed=True)

    gateway.clock.call_later(delay, settle)
    order.notice = notices.notify(gateway, order, "WALLET_PAID", delay=delay)


def _settle(gateway: Gateway, order: Order, *, noticed: bool) -> None:
    """Charge the wallet. The notice goes out only if `noticed` and the charge succeeds.

    Raises ProblemError when the wallet refuses; the order is PAYFAIL then.
    """
    succeeded = False
    try:
        intake.judge_late(gateway, order)
        wallet.settle(gateway, order)
        succeeded = True
    finally:
        if order.notice is not None and not (noticed and succeeded):
            gateway.webhooks.suppress(order.notice)


def verify_charge(call: Call) -> Answer:
    """walletFrontendVerifyCharge: settle what the customer approved, and say so.

    After the webhook it answers the same again without moving money (assumed). Raises
    ProblemError invalid_status while the customer has not approved (assumed).
    """
    common.check_options(call.body)
    gateway = call.gateway
    order = gateway.order(call.shop, call.body.need("accessId"))
    if order.frontend_id is None:
        raise refused("accessId", "The order is not a front-end payment.")
    if order.status == "AUTHPROCESS":
        _settle(gateway, order, noticed=False)
    elif order.status not in {"AUTH", "CAPTURE"}:
        raise wrong_status("accessId", order.status)
    result = answers.wallet_result(order)
    return Answer(
        201,
        {
            "nextAction": answers.next_action(order),
            "orderReference": answers.order_reference(order),
            "walletFrontendResult": {
                "walletType": result["walletType"],
                "settlementCode": result["settlementCode"],
                "captureExpiryDateTime": result["captureExpiryDateTime"],
            },
        },
    )
