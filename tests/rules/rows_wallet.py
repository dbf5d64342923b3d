"""Wallets: what each of them asks for."""

from __future__ import annotations

from tests.rules import bodies as b
from tests.rules.rows import Member, P, Row, S

# A table: several values on a line.
# fmt: off
_INFO = "/walletInformation"
_CONSENT = "/walletAuthorizationInformation"
_ONFILE = "/walletOnfileInformation"
_A = Member("walletCharge", b.wallet_charge, f"{_INFO}/amazonPay",
            {f"{_INFO}/walletType": "AMAZON", f"{_INFO}/amazonPay/checkoutSessionId": "s-1"})

# 96 bytes in three members, and a slash counts four: "https://" and one "/" are 9 + 9 more.
_DOCOMO = {
    "/merchant/contactEmail": "help@books.example.com",  # 22
    "/merchant/contactPhone": "0120-000-000",  # 12
}
_URL = "https://books.example.com/"  # 26 letters, three slashes: 35
_DOCOMO_GOOD = {"/merchant/contactUrl": _URL + "a" * 27}  # 22 + 12 + 35 + 27 = 96
_DOCOMO_BAD = {"/merchant/contactUrl": _URL + "a" * 28}

_MERPAY = {"/order/items": [b.item()]}
_SHIP = {
    f"{_INFO}/walletType": "AMAZON",
    f"{_INFO}/amazonPay": {"apbType": "PayAndShip"},
    "/order/shippingAddress": b.address(),
}


def _redirecting() -> list[Row]:
    """Wallet charges and consents always send the customer away."""
    return [
        Row(f"callback-for-{operation}", operation, body, "/merchant/callbackUrl", "required",
            None, {}, {"/merchant/callbackUrl": b.ABSENT}, f"{S} merchant.callbackUrl")
        for operation, body in (
            ("walletCharge", b.wallet_charge),
            ("walletAuthorizeAccount", b.wallet_authorize_account),
        )
    ]


def _docomo() -> list[Row]:
    return [
        Row(f"docomo-contact-{operation}", operation, body, "/merchant/contactUrl",
            "docomo-contact-bytes", 96, _DOCOMO_GOOD, _DOCOMO_BAD, f"{S} merchant.contactEmail",
            {**_DOCOMO, kind: "DOCOMO"})
        for operation, body, kind in (
            ("walletCharge", b.wallet_charge, f"{_INFO}/walletType"),
            ("walletOnfileCharge", b.wallet_onfile_charge, f"{_ONFILE}/onfileWallet/type"),
            ("walletAuthorizeAccount", b.wallet_authorize_account, f"{_CONSENT}/walletType"),
        )
    ]


def _merpay(operation: str, body: b.Maker, kind: str) -> list[Row]:
    setting = {kind: "MERPAY"}
    items = Member(operation, body, "/order/items/0", {**setting, **_MERPAY})
    return [
        Row(f"merpay-items-{operation}", operation, body, "/order/items", "required", None,
            _MERPAY, {}, f"{P} Merpay, order.items", setting),
        *items.required(f"{S} Merpay, order.items", "category"),
        items.row("price", "max-length", 7, "9999999", "10000000", f"{S} Merpay, order.items.price",
                  setting={"/order/amount": "10000000"}),
    ]


ROWS: list[Row] = [
    *_redirecting(),
    *_docomo(),
    *_merpay("walletCharge", b.wallet_charge, f"{_INFO}/walletType"),
    *_merpay("walletOnfileCharge", b.wallet_onfile_charge, f"{_ONFILE}/onfileWallet/type"),
    Row("merpay-consent-category", "walletAuthorizeAccount", b.wallet_authorize_account,
        "/order/items/0/category", "required", None, {}, {"/order/items/0/category": b.ABSENT},
        f"{S} Merpay, order.items.category", {f"{_CONSENT}/walletType": "MERPAY", **_MERPAY}),
    # What the schema asks of every wallet
    *Member("walletCharge", b.wallet_charge, _INFO).required(
        f"{P} walletInformation", "walletType", "walletChargeOptions"),
    *Member("walletCharge", b.wallet_charge, f"{_INFO}/walletChargeOptions").required(
        f"{P} walletChargeOptions", "authorizationMode"),
    *Member("walletOnfileCharge", b.wallet_onfile_charge, _ONFILE).required(
        f"{P} walletOnfileInformation", "walletChargeOptions", "onfileWallet"),
    *Member("walletOnfileCharge", b.wallet_onfile_charge,
            f"{_ONFILE}/walletChargeOptions").required(
        f"{P} walletChargeOptions", "authorizationMode"),
    *Member("walletAuthorizeAccount", b.wallet_authorize_account,
            f"{_CONSENT}/walletAuthorizationOptions").required(
        f"{P} walletAuthorizationOptions", "memberId"),
    *Member("walletFrontendCharge", b.wallet_frontend_charge,
            "/walletFrontendInformation").required(
        f"{P} walletFrontendInformation", "walletType", "walletFrontendChargeOptions"),
    # PayPay inside the merchant's page
    *Member("walletFrontendVerifyCharge", b.wallet_frontend_verify_charge, "").required(
        f"{P} /wallet/front-end/verifyCharge", "accessId"),
    *Member("walletFrontendVerifyCharge", b.wallet_frontend_verify_charge, "/payPay").lengths(
        f"{P} payPay", jws=4000),
    *Member("walletFrontendVerifyCharge", b.wallet_frontend_verify_charge, "/payPay").patterns(
        f"{P} payPay", jws=("aZ0*_@ .-", "a+b", "a/b", "署名")),
    # Rakuten Pay
    Row("rakuten-consent-items", "walletAuthorizeAccount", b.wallet_authorize_account,
        "/order/items", "required", None, _MERPAY, {}, f"{P} Rakuten Pay V2, order.items",
        {f"{_CONSENT}/walletType": "RAKUTEN"}),
    Row("rakuten-not-deleted", "memberDeleteItem", b.member_delete_item_wallet,
        "/onfileWalletType", "not-accepted", None, {}, {"/onfileWalletType": "RAKUTEN"},
        f"{P} /member/deleteItem"),
    # Amazon Pay
    Row("amazon-session", "walletCharge", b.wallet_charge, f"{_INFO}/amazonPay/checkoutSessionId",
        "required", None, {f"{_INFO}/amazonPay/checkoutSessionId": "s-1"}, {},
        f"{P} amazonPay.checkoutSessionId", {f"{_INFO}/walletType": "AMAZON"}),
    Row("amazon-session-or-apb", "walletCharge", b.wallet_charge,
        f"{_INFO}/amazonPay/checkoutSessionId", "required", None,
        {f"{_INFO}/amazonPay": {"apbType": "PayOnly"}}, {f"{_INFO}/amazonPay": {}},
        f"{P} amazonPay.apbType", {f"{_INFO}/walletType": "AMAZON"}),
    Row("amazon-consent-session", "walletAuthorizeAccount", b.wallet_authorize_account,
        f"{_CONSENT}/amazonPay/checkoutSessionId", "required", None,
        {f"{_CONSENT}/amazonPay/checkoutSessionId": "s-1"}, {},
        f"{P} amazonPay.checkoutSessionId", {f"{_CONSENT}/walletType": "AMAZON"}),
    Row("amazon-ship-address", "walletCharge", b.wallet_charge, "/order/shippingAddress",
        "required", None, {}, {"/order/shippingAddress": b.ABSENT}, f"{P} amazonPay.apbType",
        _SHIP),
    Row("amazon-ship-country", "walletCharge", b.wallet_charge, "/order/shippingAddress/country",
        "required", None, {}, {"/order/shippingAddress/country": b.ABSENT},
        f"{P} amazonPay.apbType", _SHIP),
    Row("amazon-ship-phone", "walletCharge", b.wallet_charge, "/payer/phones/0/number",
        "required", None, {}, {"/payer/phones": b.ABSENT}, f"{P} amazonPay.apbType", _SHIP),
    *_A.lengths(f"{P} amazonPay", checkoutSessionId=256, noteToBuyer=255),
    Row("customer-data-known-by", "walletGetCustomerData", b.wallet_get_customer_data,
        "/accessId", "required", None,
        {"/accessId": b.ABSENT, "/amazonPay": {"checkoutSessionId": "s-1"}},
        {"/accessId": b.ABSENT}, f"{P} /wallet/getCustomerData"),
]
