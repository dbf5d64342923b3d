"""Webhooks: when one is sent, what it says, and how it is signed.

Document: Unified API 1.1.1, Webhook. The row for applications is taken to mean pay and
subscribe.
"""

from __future__ import annotations

from typing import Literal

from ..replies import compact, encode
from ..webhooks import Webhook
from . import answers, signing
from .gateway import Gateway
from .results import DONE
from .rules import ALL
from .state import Record

When = Literal["success", "always", "provider"]


def _for(wallets: frozenset[str], when: When) -> dict[str, When]:
    return dict.fromkeys(sorted(wallets), when)


# By command and wallet; what is not in it is never sent.
CONDITIONS: dict[str, dict[str, When]] = {
    "pay": _for(ALL, "success"),
    "subscribe": _for(ALL, "success"),
    "updateOrder": _for(frozenset({"rakuten", "au"}), "always"),
    "capture": _for(ALL, "always"),
    "cancel": _for(ALL, "always"),
    "charge": _for(ALL, "always"),
    "terminate": _for(ALL - {"rakuten"}, "always"),
    "deregistraction": _for(ALL - {"rakuten"}, "provider"),
}


def send(gateway: Gateway, record: Record) -> None:
    """Tell the merchant, if a pushUrl was given and the conditions are met."""
    when = CONDITIONS[record.command].get(record.order.wallet)
    if record.push_url is None or when is None:
        return
    if when == "success" and record.code not in DONE:
        return
    settings = gateway.settings
    body = encode(compact(answers.notice(record)))
    number = gateway.ids.base32("webhook", 26)
    headers = {
        "Content-Type": "application/json",
        "X-VT-webhook-id": number,
        "X-VT-Content-hmac": signing.content_header(
            settings.merchant_ccid, body, settings.merchant_key, settings.key_encoding
        ),
    }
    labels = {
        "webhookId": number,
        "command": record.command,
        "fepOrderId": record.order.fep_order_id,
        "fepReferenceId": record.reference,
        "resultCode": record.code,
    }
    gateway.webhooks.notify(Webhook(record.push_url, headers, body), labels)
