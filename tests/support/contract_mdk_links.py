"""Real orders for generated requests of the MDK: each command's order is made through the API.

A success counts only for an order of the same run. Links put what a command needs to succeed over
what was generated, and take out what would make it fail for another reason than its form; the rest
of the generated members stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.rules.mdk_bodies import COMMANDS, at
from tests.support.contract_mdk_mock import TOKEN_API_KEY, Mock

Body = dict[str, Any]
Link = Callable[[Mock, Body], None]
ORDER, EARLIER = "linked-1", "linked-0"
_DONE = {"amount": "1000", "withCapture": "false"}


def _with(mock: Mock, operation: str, order_id: str, **more: Any) -> dict[str, Any]:
    """Carry a command out in its plain form; gives its result."""
    return mock.done(*at(operation), {**COMMANDS[operation](), "orderId": order_id, **more})


def card(mock: Mock, order_id: str = ORDER, **more: Any) -> None:
    """A card payment that is held."""
    _with(mock, "cardAuthorize", order_id, payNowIdParam={"token": mock.token()}, **more)


def secured(mock: Mock, order_id: str = ORDER) -> None:
    """3-D Secure that has been passed."""
    token = {"token": mock.token()}
    contents = _with(mock, "mpiAuthorize", order_id, payNowIdParam=token)["resResponseContents"]
    assert mock.choose(contents).status == 200


def paged(member: str, operation: str, **more: Any) -> Callable[[Mock, str], None]:
    """An application whose page, told by a member of the answer, the customer has approved."""

    def apply(mock: Mock, order_id: str = ORDER) -> None:
        answer = _with(mock, operation, order_id, **more)
        assert mock.choose(answer[member]).status in {200, 302}

    return apply


upop = paged("entryForm", "upopAuthorize", withCapture="false")
upop_taken = paged("entryForm", "upopAuthorize", withCapture="true")
carrier = paged("responseContents", "carrierAuthorize", withCapture="false")
carrier_taken = paged("responseContents", "carrierAuthorize", withCapture="true")
carrier_au = paged(
    "responseContents", "carrierAuthorize", withCapture="false", serviceOptionType="au"
)
carrier_club = paged("responseContents", "carrierAuthorize", accountingType="4")
paypay = paged("authStartUrl", "paypayAuthorize", withCapture="false")
paypay_taken = paged("authStartUrl", "paypayAuthorize", withCapture="true")
paypay_club = paged("authStartUrl", "paypayAuthorize", accountingType="1")
rakuten = paged("responseContents", "rakutenAuthorize", withCapture="false")
rakuten_club = paged("responseContents", "rakutenAuthorize", accountingType="1")
merpay = paged("paymentUrl", "merpayAuthorize", withCapture="false")
merpay_taken = paged("paymentUrl", "merpayAuthorize", withCapture="true")
merpay_club = paged("paymentUrl", "merpayAuthorize", accountingType="1")


def _alipay(mock: Mock, order_id: str = ORDER) -> None:
    _with(mock, "alipayAuthorize", order_id)


def _paypal(operation: str) -> Callable[[Mock, str], None]:
    """PayPal up to its `do`."""

    def do(mock: Mock, order_id: str = ORDER) -> None:
        begun = _with(mock, operation, order_id)
        assert mock.choose(begun["loginUrl"]).status == 302
        more = {"action": "do", "token": begun["token"], "payerId": _payer(mock)}
        mock.done(*at(operation), {"orderId": order_id, **more})

    return do


def _payer(mock: Mock) -> str:
    return str(mock.gateway.orders[ORDER].own.get("payer", "PAYER"))


def _cvs(mock: Mock, order_id: str = ORDER) -> None:
    _with(mock, "cvsAuthorize", order_id, telNo="0612345678")


def _pending(mock: Mock, order_id: str = ORDER) -> None:
    """A card payment that the card company has not decided on."""
    mock.script("cardAuthorize", provider="ZW00")
    token = {"token": mock.token()}
    mock.post("card", "Authorize", {**COMMANDS["cardAuthorize"](), "orderId": order_id,
                                    "payNowIdParam": token})  # fmt: skip


def _scanned(mock: Mock, order_id: str = ORDER) -> None:
    _with(mock, "rakutenAuthorize", order_id, payType="1", oneTimeCode="281234")


def _jws(mock: Mock, order_id: str = ORDER) -> None:
    """PayPay in an app, up to what the customer's app signs."""
    page = _with(mock, "paypayAuthorize", order_id, onlinePaymentType="1")["authStartUrl"]
    location = mock.choose(page).header("location")
    assert location is not None
    (mock.jws,) = parse_qs(urlsplit(location).query)["jws"]


# What would fail for a reason of its own, command by command: days, sums, other ways to pay.
_OUT: Mapping[str, tuple[str, ...]] = {
    "cardAuthorize": ("salesDay", "cardNumber", "cardExpire"),
    "mpiAuthorize": ("salesDay", "verifyTimeout", "cardNumber", "cardExpire"),
    "cvsAuthorize": ("payLimitHhmm", "free1", "free2"),
    "bankAuthorize": ("payCsv", "termUrl", "viewLocale"),
    "alipayAuthorize": (),
    "carrierAuthorize": ("mpFirstDate", "mpDay"),
    "carrierCapture": ("captureMonth",),
    "carrierCancel": ("cancelMonth",),
    "oricoscAuthorize": (
        "totalCarriage", "deposit", "shippingZipCode",
        *(f"item{part}{n}" for n in range(2, 6) for part in ("Name", "Count", "Amount")),
    ),
    "paypayAuthorize": ("onlinePaymentType",),
    "merpayAuthorize": ("listPrice", "unitPrice"),
    "rakutenAuthorize": ("expireMinutes",),
}  # fmt: skip
_BEFORE: Mapping[str, Callable[[Mock, str], None]] = {
    "cardCapture": card,
    "cardCancel": card,
    "cardRetry": _pending,
    "mpiGetResult": secured,
    "cvsCancel": _cvs,
    "upopCapture": upop,
    "upopCancel": upop,
    "upopRefund": upop_taken,
    "paypalCancel": _paypal("paypalAuthorize"),
    "paypalRefund": _paypal("paypalCapture"),
    "alipayConfirm": _alipay,
    "alipayRefund": _alipay,
    "carrierCapture": carrier,
    "carrierCancel": carrier_taken,
    "carrierUpdateAuthorize": carrier_au,
    "carrierTerminate": carrier_club,
    "paypayAuthorizeConfirm": _jws,
    "paypayCapture": paypay,
    "paypayCancel": paypay,
    "paypayRefund": paypay_taken,
    "paypayTerminate": paypay_club,
    "rakutenCapture": rakuten,
    "rakutenCancel": rakuten,
    "rakutenConfirm": _scanned,
    "rakutenUpdateAuthorize": rakuten,
    "merpayCapture": merpay,
    "merpayCancel": merpay,
    "merpayRefund": merpay_taken,
    "merpayTerminate": merpay_club,
}
_EARLIER: Mapping[str, Callable[[Mock, str], None]] = {
    "cardReAuthorize": card,
    "mpiReAuthorize": secured,
    "carrierReAuthorize": carrier_club,
    "paypayReAuthorize": paypay_club,
    "rakutenReAuthorize": rakuten_club,
    "merpayReAuthorize": merpay_club,
}


def link(name: str, mock: Mock, body: Body) -> None:
    """Make the order of a generated request, and the request one that can succeed."""
    before, earlier = _BEFORE.get(name), _EARLIER.get(name)
    if before is not None:
        before(mock, ORDER)
    if earlier is not None:
        earlier(mock, EARLIER)
    for member in _OUT.get(name, ()):
        body.pop(member, None)
    body.update(COMMANDS[name]())
    if "orderId" in body:
        body["orderId"] = ORDER
    if "originalOrderId" in body:
        body["originalOrderId"] = EARLIER
    if name in ("cardAuthorize", "mpiAuthorize"):
        body["payNowIdParam"] = {"token": mock.token()}
    if name == "paypayAuthorizeConfirm":
        body["jws"] = mock.jws
    if name == "token":
        body["token_api_key"] = TOKEN_API_KEY


LINKS = tuple(COMMANDS)
"""Every command, and the token server."""
