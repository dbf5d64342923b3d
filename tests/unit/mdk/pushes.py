"""PUSH notices and browser results as the gateway makes them, by another reading of the rules.

Digests are made here with hashlib and hmac alone, so that a mistake in the package's own signing
does not agree with itself.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from kessai_mdk.notices import Notice, Push, parse_push

CCID = "A100000000000000000001cc"
SECRET = "0123456789abcdef" * 4
ORDER = "ORDER-20260105-0001"
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)

HEAD = {"pushTime": "20260105100000", "pushId": "100"}
RECORDS: dict[str, dict[str, str]] = {
    "mpi": {
        "orderId": ORDER, "vResultCode": "G011A00100000000", "txnType": "AuthorizeConfirm",
        "mpiMstatus": "success", "cardMstatus": "success", "dummy": "0",
    },
    "cvs": {
        "orderId": ORDER, "cvsType": "sej", "receiptNo": "1234567890123",
        "receiptDate": "20260105100000", "rcvAmount": "3300", "dummy": "0",
    },
    "bank": {
        "orderId": ORDER, "kikanNo": "00001", "kigyoNo": "00002", "rcvDate": "20260105100000",
        "customerNo": "00000000001", "confNo": "000001", "rcvAmount": "3300", "dummy": "0",
    },
    "upop": {
        "orderId": ORDER, "txnType": "Capture", "mstatus": "success", "traceNumber": "000001",
        "traceTime": "0105100000", "settleAmount": "3300", "settleDate": "0105",
        "settleRate": "1.00000", "dummy": "0", "vResultCode": "U001000000000000",
    },
    "alipay": {
        "orderId": ORDER, "txnType": "Authorize", "mstatus": "success",
        "vResultCode": "R001000000000000", "centerTradeId": "2026010522001", "dummy": "0",
    },
    "paypal": {
        "orderId": ORDER, "txnType": "Capture", "mstatus": "success",
        "receivedDatetime": "20260105100000", "amount": "3300", "payerId": "PAYER00000001",
        "centerTxnId": "0AB12345CD678901E", "dummy": "0",
    },
    "carrier": {
        "orderId": ORDER, "txnType": "Authorize", "txnTime": "20260105100000",
        "vResultCode": "W001000000000000", "mstatus": "success", "crOrderId": "CR0001",
        "openId": "https://id.example/1", "month": "", "dummy": "0",
    },
    "oricosc": {
        "orderId": ORDER, "oricoOrderNo": "00000000000000000001", "orderStateCode": "01",
        "receiptNo": "0001", "approvalNo": "0002", "requestDate": "20260105",
        "loanPrincipal": "33000", "paymentCount": "12", "dummy": "0",
    },
    "paypay": {
        "orderId": ORDER, "txnType": "Authorize", "txnTime": "20260105100000",
        "vResultCode": "1001000000000000", "mstatus": "success", "dummy": "0",
    },
    "rakuten": {
        "orderId": ORDER, "rakutenOrderId": "20260105000001", "txnType": "Authorize",
        "txnTime": "20260105100000", "vResultCode": "F001000000000000", "mstatus": "success",
        "balance": "3300", "usedPoint": "0", "dummy": "0",
    },
    "merpay": {
        "orderId": ORDER, "txnType": "Capture", "txnTime": "20260105100000",
        "vResultCode": "K001000000000000", "mstatus": "success", "dummy": "0",
    },
}  # fmt: skip
"""A record of each service."""


def fields(*records: dict[str, str], **head: str) -> dict[str, str]:
    """The form's fields: header, then the records numbered."""
    numbered = {
        f"{name}{index:04}": value
        for index, record in enumerate(records)
        for name, value in record.items()
    }
    return {"numberOfNotify": str(len(records)), **HEAD, **head, **numbered}


def signed(
    body: bytes, *, ccid: str = CCID, secret: str = SECRET, **lines: str
) -> tuple[bytes, dict[str, str]]:
    """A body with the headers that prove it."""
    digest = hmac.new(bytes.fromhex(secret), body, hashlib.sha256).hexdigest()
    return body, {
        "content-type": "application/x-www-form-urlencoded",
        "content-hmac": f"h=HmacSHA256;s={ccid};v={digest}",
        **lines,
    }


def push(*records: dict[str, str], **head: str) -> tuple[bytes, dict[str, str]]:
    """A PUSH of these records: body and headers."""
    return signed(urlencode(fields(*records, **head)).encode())


def parse(body: bytes, headers: Any, **options: Any) -> Push:
    """Read it with the settings of these tests."""
    given: dict[str, Any] = {"merchant_ccid": CCID, "secret": SECRET, **options}
    return parse_push(body, headers, **given)


def one(service: str, changes: dict[str, str] | None = None, **options: Any) -> Notice:
    """The notice that a record of ``service``, so changed, is read as."""
    head = options.pop("head", {})
    came = parse(*push({**RECORDS[service], **(changes or {})}, **head), **options)
    assert len(came.notices) == 1
    return came.notices[0]


RESULTS: dict[str, dict[str, str]] = {
    "mpi": {
        "RequestId": "REQ-0001", "OrderId": ORDER, "reqAmount": "3300",
        "reqCardNumber": "411111********11", "mpiMstatus": "success",
        "vResultCode": "G011A00100000000", "cardMstatus": "success", "cardTransactionType": "a",
        "authCode": "000123", "fdResult": "",
    },
    "rakuten": {
        "orderId": ORDER, "mstatus": "success", "vResultCode": "F001000000000000",
        "rakutenOrderId": "20260105000001", "usedPoint": "0",
    },
    **{
        service: {"orderId": ORDER, "mstatus": "success", "vResultCode": f"{letter}001000000000000"}
        for service, letter in
        {"carrier": "W", "oricosc": "O", "paypay": "1", "merpay": "K"}.items()
    },
    "upop": {
        "mstatus": "success", "vResultCode": "U001000000000000", "merrMsg": "OK", "orderId": ORDER,
        "serviceType": "upop", "custTxn": "1", "capturedAmount": "3300",
    },
    "alipay": {
        "mstatus": "success", "vResultCode": "R001000000000000", "merrMsg": "OK", "orderId": ORDER,
        "serviceType": "alipay", "custTxn": "1", "settleAmount": "3300", "settleCurrency": "JPY",
    },
}  # fmt: skip
"""What a browser brings back, without its proof."""


def proven(
    values: dict[str, str],
    names: list[str] | None = None,
    *,
    ccid: str = CCID,
    secret: str = SECRET,
) -> dict[str, str]:
    """The values with a vAuthInfo that covers ``names``."""
    names = list(values) if names is None else names
    text = ccid + "".join(values[name] for name in names) + secret
    return {
        **values,
        "vAuthInfo": hashlib.sha256(text.encode()).hexdigest(),
        "authParams": base64.b64encode(",".join(names).encode()).decode(),
    }


def sent_by(
    values: dict[str, str],
    made: datetime = NOW,
    *,
    ccid: str = CCID,
    secret: str = SECRET,
) -> dict[str, str]:
    """The values with an authInfo, which covers none of them."""
    now = f"{made:%Y%m%d%H%M%S}{made.microsecond // 1000:03d}"
    digest = hashlib.sha256((ccid + now + secret).encode()).hexdigest()
    parts = [base64.b64encode(part.encode()).decode() for part in (ccid, now, digest)]
    told = "-".join(part.replace("/", "-").replace("+", "_").replace("=", "*") for part in parts)
    return {**values, "authInfo": told}


def result_text(service: str, values: dict[str, str] | None = None) -> str:
    """The form or query a browser brings for ``service``, proven as that service's are."""
    given = RESULTS[service] if values is None else values
    whole = sent_by(given) if service in {"upop", "alipay"} else proven(given)
    return urlencode(whole)
