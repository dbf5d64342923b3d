"""The Unified API: one row per documented rule of a request, and the plain requests under them.

Handwritten from the guide (1.1.1 RC): nothing here comes from the spec files. What only the older
interface of the provider (MDK 2.0.1) has, or what is assumed, warns.
"""

from __future__ import annotations

from tests.rules.bodies import ABSENT, Body
from tests.rules.rows import Member, Row

# A table: several values on a line.
# fmt: off
G = "1.1.1 RC"
MDK = "third party: MDK 2.0.1"

_PAYMENT_ID = ("Az09-_", "a b", "a.b", "a/b", "注文", "ａ", "", "a\n")
_FEP_ORDER_ID = ("Az09-_", "a b", "a.b", "注文", "")


def pay() -> Body:
    """An application for one payment."""
    return {
        "order": {"payType": "paypay", "paymentId": "rule-1", "amount": "3300"},
        "transaction": {"merchantRequestKey1": "cart-1"},
        "item": [{"id": "BOOK-1", "name": "本"}],
        "merchant": {"storeName": "決済書店", "storeId": "S-1", "terminalId": "T-1"},
        "customer": {"userAgent": "Mozilla/5.0"},
        "control": control(),
    }


def control() -> Body:
    """Where the browser and the webhook go."""
    return {
        "successUrl": "https://shop.example.com/done",
        "cancelUrl": "https://shop.example.com/cancelled",
        "errorUrl": "https://shop.example.com/failed",
        "pushUrl": "https://shop.example.com/notice",
    }


def subscribe() -> Body:
    """An application for an agreement."""
    body = pay()
    body["order"] = {"payType": "paypay", "paymentId": "rule-1"}
    return body


def by_payment_id() -> Body:
    """A command on an order, by the merchant's number."""
    return {
        "order": {"paymentId": "rule-1", "amount": "300"},
        "transaction": {"merchantRequestKey1": "cart-1"},
        "control": {"pushUrl": "https://shop.example.com/notice"},
    }


def by_fep_order_id() -> Body:
    """The same, by the gateway's."""
    return {"order": {"fepOrderId": "rule-1_01D05228PBETFEFMZYSP98YJV0"}}


def terminate() -> Body:
    """The end of an agreement."""
    return {"order": {"paymentId": "rule-1"}}


def charge() -> Body:
    """A payment on demand."""
    return {
        "order": {"originalPaymentId": "club-1", "paymentId": "rule-2", "amount": "980"},
        "control": {"pushUrl": "https://shop.example.com/notice"},
    }


def charge_by_fep_order_id() -> Body:
    """The same, on an agreement named by the gateway's number."""
    order = {"originalFepOrderId": "club-1_01D0", "paymentId": "rule-2", "amount": "980"}
    return {"order": order}


def inquiry() -> Body:
    """A question."""
    return {"transaction": {"fepReferenceId": "X01X869HPFXMDYKTFVSS12D1AMK"}}


COMMANDS = {
    "pay": pay,
    "subscribe": subscribe,
    "updateOrder": by_payment_id,
    "capture": by_payment_id,
    "cancel": by_payment_id,
    "terminate": terminate,
    "charge": charge,
    "getTransactionResult": inquiry,
}
_ON_ORDER = ("updateOrder", "capture", "cancel", "terminate")
_PUSHING = [name for name in COMMANDS if name != "getTransactionResult"]


def _warns(name: str, wallet: str, pointer: str, limit: int, code: str = "max-length") -> Row:
    """A length of the older interface. ``limit`` characters, or bytes for ``max-bytes``."""
    good = "あ" * (limit // 3) + "a" * (limit % 3) if code == "max-bytes" else "a" * limit
    return Row(f"mdk-{wallet}-{name}", "pay", pay, pointer, code, limit,
               {pointer: good}, {pointer: good + "a"}, f"{MDK} {wallet}",
               {"/order/payType": wallet}, enforced=False)


ROWS: list[Row] = [
    # Numbers: paymentId up to 64, fepOrderId and fepReferenceId up to 100; letters, digits, - and _
    *(row for command in ("pay", "subscribe", *_ON_ORDER, "charge")
      for member in [Member(command, COMMANDS[command], "/order")]
      for row in (*member.patterns(f"{G} paymentId", paymentId=_PAYMENT_ID[:6]),
                  *member.lengths(f"{G} paymentId", paymentId=64))),
    *(row for command in _ON_ORDER
      for member in [Member(command, by_fep_order_id, "/order")]
      for row in (*member.patterns(f"{G} fepOrderId", fepOrderId=_FEP_ORDER_ID[:4]),
                  *member.lengths(f"{G} fepOrderId", fepOrderId=100))),
    *Member("charge", charge, "/order").patterns(
        f"{G} originalPaymentId", originalPaymentId=_PAYMENT_ID[:6]),
    *Member("charge", charge, "/order").lengths(f"{G} originalPaymentId", originalPaymentId=64),
    *Member("charge", charge_by_fep_order_id, "/order").patterns(
        f"{G} originalFepOrderId", originalFepOrderId=_FEP_ORDER_ID[:4]),
    *Member("charge", charge_by_fep_order_id, "/order").lengths(
        f"{G} originalFepOrderId", originalFepOrderId=100),
    *Member("getTransactionResult", inquiry, "/transaction").patterns(
        f"{G} fepReferenceId", fepReferenceId=_FEP_ORDER_ID[:4]),
    *Member("getTransactionResult", inquiry, "/transaction").lengths(
        f"{G} fepReferenceId", fepReferenceId=100),
    # Required
    *Member("pay", pay, "/order").required(f"{G} pay", "payType", "paymentId", "amount"),
    *Member("pay", pay, "").required(f"{G} pay", "order", "control"),
    *(row for command in ("pay", "subscribe")
      for row in Member(command, COMMANDS[command], "/control").required(
          f"{G} {command}", "successUrl", "cancelUrl", "errorUrl")),
    *(row for command in (*_ON_ORDER, "charge")
      for row in Member(command, COMMANDS[command], "").required(f"{G} {command}", "order")),
    *Member("charge", charge, "/order").required(f"{G} charge", "paymentId", "amount"),
    # Exactly one number
    *(Row(f"{command}-both-numbers", command, COMMANDS[command], "/order", "exactly-one", None, {},
          {"/order/fepOrderId": "rule-1_01D0"}, f"{G} {command}") for command in _ON_ORDER),
    Row("charge-both-numbers", "charge", charge, "/order", "exactly-one", None, {},
        {"/order/originalFepOrderId": "club-1_01D0"}, f"{G} charge"),
    *(Row(f"{command}-no-number", command, COMMANDS[command], "/order", "exactly-one", None, {},
          {"/order": {"amount": "300"}}, f"{G} {command}") for command in _ON_ORDER),
    # URLs
    *(Member(command, COMMANDS[command], "/control").row(
        name, "format", "uri", "https://shop.example.com/a?b=c", "shop.example.com/a",
        f"{G} {command}")
      for command in ("pay", "subscribe") for name in ("successUrl", "cancelUrl", "errorUrl")),
    # Webhooks: https, port 443, public
    *(row for command in _PUSHING
      for member in [Member(command, COMMANDS[command], "/control")]
      for row in (
          member.row("pushUrl", "https", "https", "https://shop.example.com/notice",
                     "http://shop.example.com/notice", f"{G} pushUrl"),
          member.row("pushUrl", "port", 443, "https://shop.example.com:443/notice",
                     "https://shop.example.com:8443/notice", f"{G} pushUrl"),
          *(member.row("pushUrl", "public-host", None, "https://203.0.114.7/notice",
                       f"https://{host}/notice", f"{G} pushUrl", tag=str(number))
            for number, host in enumerate((
                "10.0.0.7", "192.168.1.7", "172.16.0.1", "127.0.0.1", "localhost", "[::1]",
                "[fe80::1]", "169.254.169.254", "intranet", "shop.local", "0x7f000001", "127.1",
                "[::ffff:10.0.0.1]"))),
      )),
    # Known from elsewhere
    *(Member(command, COMMANDS[command], "/transaction").row(
        name, "max-length", 100, "a" * 100, "a" * 101, f"{G} redirect", enforced=False)
      for command in ("pay", "subscribe", "capture")
      for name in ("merchantRequestKey1", "merchantRequestKey2")),
    _warns("item-id", "paypay", "/item/0/id", 32),
    _warns("item-name", "paypay", "/item/0/name", 40, "max-bytes"),
    _warns("store-id", "paypay", "/merchant/storeId", 128),
    _warns("terminal-id", "paypay", "/merchant/terminalId", 128),
    _warns("item-id", "rakuten", "/item/0/id", 64),
    _warns("item-name", "rakuten", "/item/0/name", 300),
    _warns("user-agent", "merpay", "/customer/userAgent", 1000),
]

LIVE: list[Row] = [
    Row("test-mode-where-money-is-real", "pay", pay, "/control/requestMode", "request-mode", None,
        {"/control/requestMode": ABSENT}, {"/control/requestMode": "test"},
        "third party: nothing says what it does there", enforced=False),
]
"""Rules that hold only where money is real."""
