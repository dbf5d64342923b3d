"""What the gateway tells the merchant by itself: accessId, event, csrfToken."""

from __future__ import annotations

import json

from ..webhooks import Delivery, Webhook
from .gateway import Gateway
from .state import Order


def notify(gateway: Gateway, order: Order, event: str, *, delay: float = 0.0) -> Delivery | None:
    """Have the order's merchant told after `delay` seconds; nobody is without a URL."""
    if order.webhook_url is None:
        return None
    content = {"accessId": order.access_id, "event": event}
    if order.csrf_token is not None:
        content["csrfToken"] = order.csrf_token
    body = json.dumps(content, separators=(",", ":")).encode()
    webhook = Webhook(order.webhook_url, {"Content-Type": "application/json"}, body)
    labels = {"accessId": order.access_id, "event": event}
    return gateway.webhooks.notify(webhook, labels, delay=delay)
