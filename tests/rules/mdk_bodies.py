"""One plain, acceptable request of each MDK command, as the `params` of its envelope.

Handwritten from the kit's samples and the flow guide: nothing here comes from the spec files.
"""

from __future__ import annotations

from copy import deepcopy
from functools import partial

from tests.rules.bodies import Body, Maker

TOKEN = "3f0c1a52-6f0e-4c57-9a55-5ec2e7704e11"
_URLS = {
    "successUrl": "https://shop.example/done",
    "cancelUrl": "https://shop.example/cancelled",
    "errorUrl": "https://shop.example/failed",
}
_TOKEN = {"payNowIdParam": {"token": TOKEN}}
_ORDER = {"orderId": "rule-1"}
_BOOK = {**_ORDER, "amount": "1000"}
_AGAIN = {**_BOOK, "originalOrderId": "rule-0"}
_MPI = {
    "serviceOptionType": "mpi-complete",
    "deviceChannel": "02",
    "cardholderName": "HANAKO KESSAI",
    "cardholderEmail": "hanako@customer.example",
}
_DOCOMO = {"serviceOptionType": "docomo"}
_ONLINE = {"serviceOptionType": "online"}

_BODIES: dict[str, Body] = {
    "cardAuthorize": {**_BOOK, **_TOKEN},
    "cardCapture": _BOOK,
    "cardCancel": _BOOK,
    "cardReAuthorize": _AGAIN,
    "cardRetry": _ORDER,
    "mpiAuthorize": {**_BOOK, **_TOKEN, **_MPI},
    "mpiReAuthorize": {**_AGAIN, **_MPI},
    "mpiGetResult": _ORDER,
    "cvsAuthorize": {
        **_BOOK, "serviceOptionType": "lawson", "name1": "決済", "name2": "花子",
        "telNo": "09012345678", "payLimit": "2026/01/31", "paymentType": "0",
    },
    "cvsCancel": {**_ORDER, "serviceOptionType": "lawson"},
    "bankAuthorize": {
        **_BOOK, "serviceOptionType": "netbank-pc", "name1": "決済", "kana1": "ケッサイ",
        "post1": "150", "post2": "0031", "address1": "東京都", "telNo": "0312345678",
        "payLimit": "20260131", "agreementDate": "20260105", "contents": "書籍代",
        "contentsKana": "ショセキダイ",
    },
    "upopAuthorize": {
        **_BOOK, "withCapture": "true", "termUrl": "https://shop.example/done",
        "customerIp": "203.0.113.7",
    },
    "upopCapture": _BOOK,
    "upopCancel": _ORDER,
    "upopRefund": _BOOK,
    "paypalAuthorize": {
        **_BOOK, "action": "set", "returnUrl": "https://shop.example/done",
        "cancelUrl": "https://shop.example/cancelled",
    },
    "paypalCapture": {
        **_BOOK, "action": "set", "returnUrl": "https://shop.example/done",
        "cancelUrl": "https://shop.example/cancelled",
    },
    "paypalCancel": _ORDER,
    "paypalRefund": _BOOK,
    "alipayAuthorize": {
        **_BOOK, "currency": "JPY", "commodityName": "決済の本", "payType": "1",
        "identityCode": "281234",
    },
    "alipayConfirm": _ORDER,
    "alipayCreateIdentityCode": {"storeId": "S-1", "storeName": "決済書店"},
    "alipayRefund": _BOOK,
    "carrierAuthorize": {
        **_BOOK, **_DOCOMO, **_URLS, "terminalKind": "0", "itemType": "0", "accountingType": "0",
    },
    "carrierCapture": {**_ORDER, **_DOCOMO},
    "carrierCancel": {**_BOOK, **_DOCOMO},
    "carrierReAuthorize": {**_AGAIN, **_DOCOMO},
    "carrierTerminate": {**_ORDER, **_DOCOMO, "terminalKind": "0"},
    "carrierUpdateAuthorize": {**_BOOK, "serviceOptionType": "au"},
    "oricoscAuthorize": {
        **_ORDER, "merchantRedirectionUrl": "https://shop.example/done", "oricoOrderNo": "R-1",
        "itemName1": "本", "itemCount1": "1", "itemAmount1": "60000", "totalItemAmount": "60000",
        "amount": "60000",
    },
    "paypayAuthorize": {
        **_BOOK, **_URLS, **_ONLINE, "accountingType": "0", "itemId": "BOOK-1",
        "itemName": "決済の本",
    },
    "paypayAuthorizeConfirm": {**_ORDER, **_ONLINE, "jws": "a.b.c"},
    "paypayCapture": {**_BOOK, **_ONLINE},
    "paypayCancel": {**_ORDER, **_ONLINE},
    "paypayReAuthorize": {**_AGAIN, **_ONLINE},
    "paypayRefund": {**_BOOK, **_ONLINE},
    "paypayTerminate": {**_ORDER, **_ONLINE},
    "rakutenAuthorize": {
        **_BOOK, "itemId": "BOOK-1", "itemName": "決済の本", "payType": "0",
        "successUrl": "https://shop.example/done", "errorUrl": "https://shop.example/failed",
    },
    "rakutenCapture": _BOOK,
    "rakutenCancel": _BOOK,
    "rakutenConfirm": _ORDER,
    "rakutenReAuthorize": _AGAIN,
    "rakutenUpdateAuthorize": _BOOK,
    "merpayAuthorize": {
        **_BOOK, **_ONLINE, "accountingType": "0", "successUrl": "https://shop.example/done",
        "cancelUrl": "https://shop.example/cancelled",
    },
    "merpayCapture": {**_BOOK, **_ONLINE},
    "merpayCancel": {**_ORDER, **_ONLINE},
    "merpayReAuthorize": {**_AGAIN, **_ONLINE},
    "merpayRefund": {**_BOOK, **_ONLINE},
    "merpayTerminate": {**_ORDER, **_ONLINE},
    "searchSearch": {"searchParameters": {"common": {"orderId": "rule-1"}}},
    "token": {
        "token_api_key": "c0ffee00-1234-4abc-8def-0123456789ab",
        "card_number": "4111111111111111",
        "card_expire": "12/30",
    },
}  # fmt: skip

COMMANDS: dict[str, Maker] = {name: partial(deepcopy, body) for name, body in _BODIES.items()}
"""The 50 commands and the token server: each gives its request."""


def at(operation: str) -> tuple[str, str]:
    """Service and command of an operationId, as its path names them."""
    service = next(name for name in SERVICES if operation.startswith(name))
    return service, operation.removeprefix(service)


SERVICES = (
    "alipay", "bank", "carrier", "card", "cvs", "merpay", "mpi", "oricosc", "paypal",
    "paypay", "rakuten", "search", "upop",
)  # fmt: skip
