"""What the document demands and a schema cannot say, read for the mock alone.

The client has its own reading of the same rules; neither looks at the other, so that a
test can hold them against each other.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from ..body import Body
from ..loopback import is_loopback
from .results import ResultError

_MAX_DIGITS = 15  # of an amount; assumed, the document prints no limit
ALL = frozenset({"paypay", "rakuten", "docomo", "au", "merpay"})
# Which wallets a command serves. Document: list of commands.
WALLETS: dict[str, frozenset[str]] = {
    "pay": ALL,
    "subscribe": ALL,
    "updateOrder": frozenset({"rakuten", "au"}),
    "capture": ALL,
    "cancel": ALL,
    "charge": ALL,
    "terminate": ALL - {"rakuten"},
    "getTransactionResult": ALL,
}


def _wrong(path: str) -> ResultError:
    return ResultError("UA-REQ-002", path)


# The two numbers of which a request names exactly one order.
_EITHER = {
    "charge": ("originalPaymentId", "originalFepOrderId"),
    **dict.fromkeys(("updateOrder", "capture", "cancel", "terminate"), ("paymentId", "fepOrderId")),
}


def check(command: str, body: Body) -> None:
    """Hold a request against the rules. Raises ResultError UA-REQ-002, naming the member."""
    numbers = _EITHER.get(command, ())
    if numbers and all(body.has("order", number) for number in numbers):
        raise _wrong(", ".join(f"order.{number}" for number in numbers))
    amount = body.text("order", "amount")
    if amount is not None and (len(amount) > _MAX_DIGITS or int(amount) == 0):
        raise _wrong("order.amount")
    for name in ("successUrl", "cancelUrl", "errorUrl"):
        url = body.text("control", name)
        if url is not None and not _is_url(url):
            raise _wrong(f"control.{name}")
    push_url = body.text("control", "pushUrl")
    if push_url is not None and not is_push_url(push_url):
        raise _wrong("control.pushUrl")


def _is_url(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def is_push_url(url: str) -> bool:
    """https on port 443 of a public host; any address of this machine too, as this is a mock."""
    if not _is_url(url):
        return False
    parts = urlsplit(url)
    host = parts.hostname or ""
    if is_loopback(host):
        return True
    if parts.scheme != "https" or parts.port not in {None, 443}:
        return False
    try:
        return ipaddress.ip_address(host.strip("[]")).is_global
    except ValueError:
        return True
