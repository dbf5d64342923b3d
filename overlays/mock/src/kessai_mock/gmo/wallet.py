"""/wallet/charge, /wallet/authorizeAccount, /wallet/on-file/charge, /wallet/getCustomerData."""

from __future__ import annotations

from typing import Any

from . import answers, books, intake, onfile
from .call import Answer, Call
from .gateway import Gateway
from .problem import missing, refused
from .rules import common
from .rules import wallet as rules
from .state import ChargeType, Failure, Order, Purpose

# What the customer can do on the wallet's page, and how the order fails by it.
ENDINGS: dict[str, str | None] = {
    "success": None,
    "cancel": "operation_aborted_by_user",
    "insufficient": "insufficient_balance",
    "limit": "amount_limit_exceeded",
    "fail": "processing_failure",
}


def charge(call: Call) -> Answer:
    """walletCharge: send the customer to the wallet; the money moves when they agree."""
    common.check(call)
    rules.check_charge(call.body)
    method = call.body.need("walletInformation", "walletType")
    order = intake.take(call, ChargeType.WALLET, method, Purpose.CHARGE)
    order.mode = call.body.need("walletInformation", "walletChargeOptions", "authorizationMode")
    amazon = call.body.child("walletInformation", "amazonPay")
    if method == "AMAZON" and amazon is not None:
        order.checkout_session_id = amazon.text("checkoutSessionId")
        order.ships = amazon.text("apbType") == "PayAndShip"
    return _send_away(call, order, "WALLET_CHARGE")


def authorize_account(call: Call) -> Answer:
    """walletAuthorizeAccount: ask the customer to agree to later charges (REGISTER)."""
    common.check(call)
    rules.check_consent(call.body)
    information = call.body.inside("walletAuthorizationInformation")
    order = intake.take(call, ChargeType.WALLET, information.need("walletType"), Purpose.CONSENT)
    options = information.inside("walletAuthorizationOptions")
    order.member_id = options.need("memberId")
    order.member_name = options.text("memberName")
    order.create_member = options.flag("createNewMember", default=False)
    owner = call.shop.members.get(order.member_id)
    if (owner is None and not order.create_member) or (owner is not None and owner.deleted):
        raise refused(options.where("memberId"), "There is no such member.")
    return _send_away(call, order, "WALLET_AUTHORIZE")


def _send_away(call: Call, order: Order, kind: str) -> Answer:
    """Answer with the wallet's page; unopened, it and the order expire after 120 s."""
    gateway = call.gateway
    intake.keep(gateway, order)
    intake.judge(gateway, order)
    gateway.step(order, "REQSUCCESS")
    url = gateway.redirect("wallet", order, call.base)
    order.timer = gateway.clock.call_later(
        gateway.settings.redirect_seconds, lambda: _expire(gateway, order, "REQSUCCESS")
    )
    return Answer(
        202,
        {
            "nextAction": "REDIRECT",
            "orderReference": answers.order_reference(order),
            "redirectInformation": answers.redirect_information(kind, url),
        },
    )


def _expire(gateway: Gateway, order: Order, status: str) -> None:
    if order.status == status:
        gateway.step(order, "EXPIRED")
        books.audit(gateway, order)


def open_page(gateway: Gateway, order: Order) -> None:
    """The customer arrived at the wallet (AUTHPROCESS) and has half an hour (assumed)."""
    if order.status == "REQSUCCESS":
        gateway.step(order, "AUTHPROCESS")
        order.timer = gateway.clock.call_later(
            gateway.settings.wallet_session_seconds,
            lambda: _expire(gateway, order, "AUTHPROCESS"),
        )


def finish_page(gateway: Gateway, order: Order, outcome: str) -> str:
    """The customer pressed a button: charge, register or fail. Gives the callback's event."""
    title = ENDINGS[outcome]
    consent = order.purpose is Purpose.CONSENT
    event = "WALLET_APPROVAL_FINISHED" if consent else "WALLET_CHARGE_FINISHED"
    if order.status != "AUTHPROCESS":
        return event  # too late: it expired meanwhile, and inquiry says so
    if order.timer is not None:
        order.timer.cancel()
    if title is not None:
        gateway.step(order, "PAYFAIL")
        order.failure = Failure(title=title, detail="As chosen on the wallet's page.")
        books.audit(gateway, order)
    elif consent:
        _register(gateway, order)
    else:
        settle(gateway, order)
    return event


def settle(gateway: Gateway, order: Order) -> None:
    """Charge the wallet: hold or sale."""
    order.settlement_code = gateway.ids.digits("settlement", 20)
    books.authorize(gateway, order, order.mode or "CAPTURE")


def _register(gateway: Gateway, order: Order) -> None:
    """Keep the consent for the member; a newer one ends the older one (assumed)."""
    shop = gateway.shop(order.shop)
    member_id = order.member_id or ""
    owner = shop.members.get(member_id)
    if owner is None:
        owner = onfile.create(shop, member_id, order.member_name)
    if owner.deleted:
        gateway.step(order, "PAYFAIL")
        order.failure = Failure(title="invalid_request", detail="The member was deleted.")
        return
    onfile.end_consent(gateway, owner, order.method)
    order.acceptance_code = gateway.ids.digits("acceptance", 20)
    gateway.step(order, "REGISTER")
    owner.wallets[order.method] = order


def onfile_charge(call: Call) -> Answer:
    """walletOnfileCharge: charge a wallet the customer agreed to; no page."""
    common.check(call)
    wish = call.body.inside("walletOnfileInformation", "onfileWallet")
    rules.check_onfile(call.body)
    consent = onfile.consent(call.shop, wish)
    order = intake.take(call, ChargeType.WALLET, consent.method, Purpose.CHARGE)
    order.mode = call.body.need(
        "walletOnfileInformation", "walletChargeOptions", "authorizationMode"
    )
    order.acceptance_code = consent.acceptance_code
    intake.keep(call.gateway, order)
    intake.judge(call.gateway, order)
    settle(call.gateway, order)
    return Answer(
        201,
        {
            "nextAction": answers.next_action(order),
            "orderReference": answers.order_reference(order),
            "walletResult": answers.wallet_result(order),
        },
    )


def get_customer_data(call: Call) -> Answer:
    """walletGetCustomerData: what Amazon Pay knows of the buyer (made up here)."""
    common.check_options(call.body)
    access_id = call.body.text("accessId")
    session = call.body.text("amazonPay", "checkoutSessionId")
    if access_id is None and session is None:
        raise missing("accessId")
    order: Order | None = None
    if access_id is not None:
        order = call.gateway.order(call.shop, access_id)
        if order.method != "AMAZON":
            raise refused("accessId", "The order is not of Amazon Pay.")
        if session is not None and order.checkout_session_id not in (None, session):
            raise refused("amazonPay.checkoutSessionId", "Not the session of this order.")
    buyer = order.access_id if order is not None else (session or "")
    address: dict[str, Any] = {
        "name": "KESSAI TEST",
        "line1": "1-1",
        "state": "東京都",
        "postCode": "100-0001",
        "country": "JP",
        "phone": "0300000000",
    }
    return Answer(
        200,
        {
            "buyerId": f"mock-{buyer[:20]}",
            "name": "KESSAI TEST",
            "email": "buyer@example.com",
            "shippingInformation": address if order is None or order.ships else None,
            "billingInformation": address,
        },
    )
