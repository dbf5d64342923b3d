"""What the schema of the requests cannot say.

Rules run after the schema's own limits and report into the same list. A rule never raises and never
names a value. What only the provider's older interface (MDK) or common sense says warns.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .wallets import SERVES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.constraints import Report
    from kessai.operation import Operation

__all__ = ["check", "is_loopback"]

DOCUMENT = "VeriTrans4G Unified API 1.1.1 RC"
MDK = "assumed: VeriTrans4G MDK 2.0.1, the provider's older interface"

#: Names that never leave a local network (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).
_LOCAL = (".local", ".localdomain", ".internal", ".lan", ".home.arpa")

_ITEM_ID = {"paypay": 32, "rakuten": 64}
_ITEM_NAME = {"paypay": 40, "rakuten": 300}
_STORE = {"paypay": 128}
_USER_AGENT = {"merpay": 1000}

_NUMBERS = {"charge": ("originalPaymentId", "originalFepOrderId")}
_NAMED = ("updateOrder", "capture", "cancel", "terminate", "charge")


def check(
    operation: Operation[Any, Any], request: Any, report: Report, *, live: bool, loopback: bool
) -> None:
    """Report every rule that a request breaks, beside what the schema's limits found.

    ``live``: real money moves. ``loopback``: the gateway is a mock on this machine, which may send
    webhooks to this machine too. Parts of the wrong type are the schema's to report.
    """
    try:
        wire: Mapping[str, Any] = request.to_wire()
    except (AttributeError, TypeError, ValueError):
        return  # not a request: the schema's check says where
    if operation.name in _NAMED:
        _one_number(wire, report, *_NUMBERS.get(operation.name, ("paymentId", "fepOrderId")))
    control = _block(wire, "control")
    _push_url(control, report, loopback=loopback)
    if operation.name in ("pay", "subscribe"):
        pay_type = _block(wire, "order").get("payType")
        wallet = str(pay_type) if isinstance(pay_type, str) else ""
        _served(operation.name, wallet, report)
        _lengths(wire, wallet, report)
        if live and control.get("requestMode") == "test":
            report.add(
                "/control/requestMode",
                "request-mode",
                "is test, and this environment moves real money",
                source="assumed: no document says what it does there",
                enforced=False,
            )


@cache
def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine."""
    return _privacy(urlsplit(url).hostname or "") == "loopback"


def _one_number(wire: Mapping[str, Any], report: Report, *names: str) -> None:
    """An order is named by exactly one of its two numbers; the types say so too."""
    order = wire.get("order")
    if not isinstance(order, dict):
        return
    given = [name for name in names if order.get(name) is not None]  # pyright: ignore
    if len(given) != 1:
        report.add(
            "/order",
            "exactly-one",
            f"must have exactly one of {' and '.join(names)}",
            source=f"{DOCUMENT}, 売上, 随時支払 (paymentId指定 or fepOrderId指定)",
        )


def _push_url(control: Mapping[str, Any], report: Report, *, loopback: bool) -> None:
    """A webhook goes to https on port 443 of a public host."""
    url = control.get("pushUrl")
    if not isinstance(url, str):
        return
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return  # the schema's check says that it is no URL
    private = _privacy(host)
    if loopback and private == "loopback":
        return
    if parts.scheme != "https":
        _refuse(report, "https", "must be an https URL", "https")
    if port not in (None, 443):
        _refuse(report, "port", "must be on port 443", 443)
    if private is not None:
        _refuse(report, "public-host", "must be on a public host")


def _refuse(report: Report, code: str, message: str, limit: str | int | None = None) -> None:
    source = f"{DOCUMENT}, Webhook"
    report.add("/control/pushUrl", code, message, limit=limit, source=source)


def _served(command: str, wallet: str, report: Report) -> None:
    known = wallet in SERVES["getTransactionResult"]  # other wallets may be new
    if known and wallet not in SERVES[command]:
        report.add(
            "/order/payType",
            "not-served",
            f"has no {command}",
            source=f"{DOCUMENT}, API一覧",
        )


def _lengths(wire: Mapping[str, Any], wallet: str, report: Report) -> None:
    """Lengths that the older interface has for the same members. They only warn."""
    items = wire.get("item")
    for index, item in enumerate(items if isinstance(items, list) else []):  # pyright: ignore
        if isinstance(item, dict):
            at = f"/item/{index}"
            _length(item, "id", at, _ITEM_ID.get(wallet), report)  # pyright: ignore
            octets = wallet == "paypay"
            _length(item, "name", at, _ITEM_NAME.get(wallet), report, octets)  # pyright: ignore
    merchant = _block(wire, "merchant")
    for name in ("storeId", "terminalId"):
        _length(merchant, name, "/merchant", _STORE.get(wallet), report)
    _length(_block(wire, "customer"), "userAgent", "/customer", _USER_AGENT.get(wallet), report)


def _length(
    block: Mapping[str, Any],
    name: str,
    at: str,
    limit: int | None,
    report: Report,
    octets: bool = False,
) -> None:
    value = block.get(name)
    if limit is None or not isinstance(value, str):
        return
    length = len(value.encode("utf-8", "replace")) if octets else len(value)
    if length > limit:
        unit = "bytes in UTF-8" if octets else "characters"
        report.add(
            f"{at}/{name}",
            "max-bytes" if octets else "max-length",
            f"is longer than {limit} {unit}",
            limit=limit,
            source=MDK,
            enforced=False,
        )


def _block(wire: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    block = wire.get(name)
    return block if isinstance(block, dict) else {}  # pyright: ignore


def _privacy(host: str) -> str | None:
    """``loopback``, ``private``, or None for a public host."""
    from ipaddress import ip_address

    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return "loopback"
    try:
        address = ip_address(name)
    except ValueError:
        # A numeric last label is an address in one of its odd spellings (127.1, 0x7f000001).
        last = name.rpartition(".")[2]
        odd = "." not in name or last.isdigit() or last.startswith("0x")
        return "private" if odd or name.endswith(_LOCAL) else None
    mapped = getattr(address, "ipv4_mapped", None) or address
    if mapped.is_loopback:
        return "loopback"
    return None if mapped.is_global and not mapped.is_multicast else "private"
