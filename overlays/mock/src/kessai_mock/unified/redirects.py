"""The way back of the consumer's browser: the query string and its vAuthInfo.

Document: Unified API 1.1.1, redirect. Which of the three addresses a result goes to is
assumed: success, given up by the consumer, everything else.
"""

from __future__ import annotations

import base64
from urllib.parse import urlencode, urlsplit, urlunsplit

from . import signing
from .gateway import Gateway
from .results import CODES, DONE
from .state import Record, Urls


def location(gateway: Gateway, record: Record) -> str:
    """Where the browser goes with what came of an application."""
    known, order = CODES[record.code], record.order
    values = {
        "status": known.status,
        "actionCode": known.action,
        "resultCode": record.code,
        "command": record.command,
        "paymentId": order.payment_id,
        "fepOrderId": order.fep_order_id,
        "fepReferenceId": record.reference,
    }
    for name in ("merchantRequestKey1", "merchantRequestKey2"):
        if name in record.values:
            values[name] = record.values[name]
    settings, names = gateway.settings, _order(gateway, list(values))
    signed = [values[name] for name in names]
    values["vAuthInfo"] = signing.v_auth_info(settings.merchant_ccid, signed, settings.merchant_key)
    values["authParams"] = base64.b64encode(",".join(names).encode()).decode()
    parts = urlsplit(_target(order.urls, record))
    query = urlencode(values)
    return urlunsplit(parts._replace(query=f"{parts.query}&{query}" if parts.query else query))


def _order(gateway: Gateway, names: list[str]) -> list[str]:
    """Each name once, then some again; in another order each time."""
    ids = gateway.ids
    again = ids.shuffled("authParams", names)[: ids.number("authParams", len(names) + 1)]
    return [*ids.shuffled("authParams", names), *again]


def _target(urls: Urls | None, record: Record) -> str:
    if urls is None:
        raise ValueError("only an application has somewhere to go back to")
    if record.code in DONE:
        return urls.success
    # vResultCodes that end in U1 are the consumer's own doing at docomo, au and Merpay.
    given_up = record.code == "UA-CST-002" or (record.v or "").endswith("U1")
    return urls.cancel if given_up else urls.error
