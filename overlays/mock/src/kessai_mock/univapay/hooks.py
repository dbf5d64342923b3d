"""Notices to the merchant: what is sent where, how often, and when a webhook is stopped.

Document: facts, Webhooks. First repeat after 1 minute, each pause twice the last, 15 minutes at
most. A 3xx stops the webhook at once; 4xx but 429, and 500, 501, 502 stop it after 10 attempts.
What ends the repeats after 429, 503, other 5xx and no answer is not known: the notice is given
up after 10 attempts and the webhook goes on (assumed). What was still waiting when a webhook
stops is given up (assumed), and nothing that happens until it is restarted is sent.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from ..replies import encode
from ..webhooks import Delivery, Webhook, http_deliver
from .state import Event, Hook
from .timing import stamp

if TYPE_CHECKING:
    from .gateway import Gateway

TIMEOUT = 3.0
_LONGEST = 900.0
_ID = "webhookId"


async def deliver(webhook: Webhook) -> int | None:
    """POST to a loopback address in a thread; the receiver has 3 seconds."""
    return await asyncio.to_thread(http_deliver, webhook, TIMEOUT)


def pause(attempts: int, first: float) -> float:
    """Seconds until the next attempt after so many: doubling, 15 minutes at most."""
    return min(first * 2.0 ** (attempts - 1), _LONGEST)


def over(gateway: Gateway, delivery: Delivery, repeats: int) -> bool:
    """Whether a notice is not sent again; stops its webhook where the documents say so."""
    status = delivery.attempts[-1][1]
    hook = gateway.hooks.get(delivery.labels[_ID])
    if status is not None and 300 <= status < 400:
        stop(gateway, hook)
        return True
    if len(delivery.attempts) <= repeats:
        return False
    if status in {500, 501, 502} or (status is not None and 400 <= status < 500 and status != 429):
        stop(gateway, hook)
    return True


def stop(gateway: Gateway, hook: Hook | None) -> None:
    """Send a webhook nothing any more; what waits is given up."""
    if hook is None:
        return
    hook.active = False
    hook.updated = gateway.clock.now
    for event in hook.events:
        if event.delivery is not None:
            gateway.webhooks.give_up(event.delivery)


def tell(
    gateway: Gateway, event: str, data: dict[str, Any], *, store_id: str, merchant_id: str
) -> None:
    """Have every webhook told that wants to know: the store's, and the merchant's own."""
    for hook in list(gateway.hooks.values()):
        if not hook.active or event not in hook.triggers or hook.merchant_id != merchant_id:
            continue
        if hook.store_id in {None, store_id}:
            _tell(gateway, hook, event, data)


def _tell(gateway: Gateway, hook: Hook, name: str, data: dict[str, Any]) -> None:
    settings = gateway.settings
    event = Event(
        id=gateway.new_id("event"),
        hook_id=hook.id,
        name=name,
        data=data,
        created=gateway.clock.now,
    )
    envelope: dict[str, Any] = {"event": name, "data": data}
    if settings.envelope == "full":
        envelope = {"id": event.id, "created_on": stamp(event.created), **envelope}
    headers = {"Content-Type": "application/json"}
    if hook.auth_token is not None:
        headers["Authorization"] = ("Bearer " if settings.bearer else "") + hook.auth_token
    labels = {_ID: hook.id, "event": name, "id": str(data.get("id"))}
    webhook = Webhook(hook.url, headers, encode(envelope))
    event.delivery = gateway.webhooks.notify(webhook, labels)
    hook.events.append(event)


def describe(event: Event) -> dict[str, Any]:
    """A webhook's event, as its log tells it. `fired_on` is the last attempt (assumed)."""
    delivery = event.delivery
    attempts = delivery.attempts if delivery is not None else []
    good = delivery is not None and delivery.state == "delivered"
    status = attempts[-1][1] if attempts else None
    wrong = None
    if attempts and not good:
        wrong = "No answer." if status is None else f"The answer was {status}."
    return {
        "id": event.id,
        "webhook_id": event.hook_id,
        "event": event.name,
        "data": event.data,
        "successful": good,
        "fired_on": stamp(attempts[-1][0]) if attempts else None,
        "error_message": wrong,
        "created_on": stamp(event.created),
    }
