"""PUSH: what the gateway tells the merchant's server by itself.

A form: the header's fields (numberOfNotify, pushTime, pushId, sometimes fixed) and up to 50
records, each field with its record's number behind its name. The first delivery of a record
has it alone; a repeat takes along every other record of the service that waits for one.
pushId counts for each service by itself, so two services use the same ones.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from ..clock import JST
from ..webhooks import Bundle, Webhook
from .gateway import Gateway
from .signing import content_hmac
from .state import Order

MOST = 50


def send(
    gateway: Gateway,
    order: Order,
    fields: Mapping[str, str | None],
    *,
    fixed: bool | None = None,
    delay: float = 0.0,
    url: str | None = None,
) -> None:
    """Have one record sent after `delay` seconds; nothing is sent without a pushUrl.

    orderId and dummy are put beside `fields`; None is left out. `fixed` is PayPal's: a
    confirmed report or a prompt one.
    """
    to = url or order.push_url
    if to is None:
        return
    said = {name: value for name, value in fields.items() if value is not None}
    record = {"orderId": order.order_id, **said, "dummy": "1" if order.dummy else "0"}
    service = order.service

    def compose(records: Sequence[Mapping[str, str]]) -> Webhook:
        return _compose(gateway, service, to, records, fixed)

    labels = {"service": service, "orderId": order.order_id}
    if "txnType" in record:
        labels["txnType"] = record["txnType"]
    bundle = Bundle((service, to, fixed), record, compose, MOST)
    gateway.webhooks.notify(Webhook(to, {}, b""), labels, delay=delay, bundle=bundle)


def _compose(
    gateway: Gateway,
    service: str,
    url: str,
    records: Sequence[Mapping[str, str]],
    fixed: bool | None,
) -> Webhook:
    settings = gateway.settings
    gateway.pushes[service] = number = gateway.pushes.get(service, 99) + 1
    form = {
        "numberOfNotify": str(len(records)),
        "pushTime": f"{gateway.clock.now.astimezone(JST):%Y%m%d%H%M%S}",
        "pushId": str(number),
    }
    if fixed is not None:
        form["fixed"] = "1" if fixed else "0"
    for index, record in enumerate(records):
        form |= {f"{name}{index:04}": value for name, value in record.items()}
    body = urlencode(form).encode()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Content-Hmac": content_hmac(settings.merchant_ccid, body, settings.merchant_secret_key),
    }
    return Webhook(url, headers, body)
