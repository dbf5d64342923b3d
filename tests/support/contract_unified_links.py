"""Real numbers for generated requests: each command's order is made through the API first.

A success counts only for an object made in the same run. The last digit of the amount and the
item's name choose what the sandbox says, so links leave them to what was generated unless the
order itself needs them.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.support import contract_unified_bodies as bodies
from tests.support.contract_unified_bodies import AMOUNT, Body
from tests.support.contract_unified_mock import Mock

Link = Callable[[Mock, Body], None]


def applied(mock: Mock, command: str, body: Body) -> tuple[str, str]:
    """An application the consumer has approved; its fepOrderId and fepReferenceId."""
    sent = mock.ask(command, body)
    assert mock.press(sent["control"]["redirectUrl"], outcome="success") is not None
    return str(sent["order"]["fepOrderId"]), str(sent["transaction"]["fepReferenceId"])


def held(mock: Mock, payment_id: str = "linked-1", *, wallet: str = "rakuten") -> str:
    """A payment that is held; its fepOrderId."""
    return applied(mock, "pay", bodies.pay(payment_id, wallet=wallet))[0]


def agreed(mock: Mock, payment_id: str = "linked-2", *, wallet: str = "paypay") -> str:
    """An active agreement; its fepOrderId."""
    return applied(mock, "subscribe", bodies.subscribe(payment_id, wallet=wallet))[0]


def _none(mock: Mock, body: Body) -> None:
    """The command opens its object itself; the generated numbers are as good as any."""


def _number(body: Body, payment_id: str, fep_order_id: str, prefix: str = "") -> None:
    """Put the numbers of a real order where the generated ones are."""
    order = body["order"]
    for name, number in (("paymentId", payment_id), ("fepOrderId", fep_order_id)):
        named = prefix + name[0].upper() + name[1:] if prefix else name
        if named in order:
            order[named] = number


def _on_payment(mock: Mock, body: Body) -> None:
    _number(body, "linked-1", held(mock))
    # At most what is there; the last digit stays the one that was generated.
    if "amount" in body["order"]:
        body["order"]["amount"] = str(AMOUNT // 10 - 1) + body["order"]["amount"][-1]


def _cancel(mock: Mock, body: Body) -> None:
    _on_payment(mock, body)
    if "amount" in body["order"]:  # a part is given back only of what was captured
        mock.ask("capture", bodies.on_order("linked-1"))


def _charge(mock: Mock, body: Body) -> None:
    _number(body, "linked-2", agreed(mock), "original")


def _terminate(mock: Mock, body: Body) -> None:
    _number(body, "linked-2", agreed(mock))


def _inquire(mock: Mock, body: Body) -> None:
    _, reference = applied(mock, "pay", bodies.pay("linked-1"))
    body["transaction"]["fepReferenceId"] = reference


LINKS: dict[str, Link] = {
    "pay": _none,
    "subscribe": _none,
    "updateOrder": _on_payment,
    "capture": _on_payment,
    "cancel": _cancel,
    "charge": _charge,
    "terminate": _terminate,
    "getTransactionResult": _inquire,
}
"""By operationId, all eight of them."""
