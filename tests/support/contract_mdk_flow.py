"""A shop that plays the flows of the guide: the real client, the mock, customers, and one state.

Whatever is told of an order, by PUSH or by a browser, is proven and joined into its state.
"""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import urlencode

import pytest
from kessai_mdk import OrderState, join, operations, parse_push, parse_result
from kessai_mdk import models as m
from kessai_mdk.refusals import MdkError
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY, Settings
from kessai_mock.webhooks import Webhook

from tests.support.contract_mdk_receiver import SERVICES
from tests.support.mdk_world import World
from tests.unit.mock.mdk.customers import PUSH, back, choose
from tests.unit.mock.mdk.driver import Answer, Driver

PROOF: dict[str, Any] = {"merchant_ccid": MERCHANT_CCID, "secret": MERCHANT_SECRET_KEY}
HTML = ("res_response_contents", "entry_form", "response_contents")


class Gateway(Driver):
    """A mock that keeps what it sends as it was sent."""

    def __init__(self) -> None:
        super().__init__(Settings(push_url=PUSH))
        self.sent: list[Webhook] = []

    def _receive(self, webhook: Webhook) -> int | None:
        self.sent.append(webhook)
        return super()._receive(webhook)


class Flow(World):
    """One shop, its orders by what was told of them, and every step in the order it came."""

    def __init__(self) -> None:
        self.gateway = Gateway()
        super().__init__(self.gateway)
        self.states: dict[str, OrderState] = {}
        self.steps: list[str] = []
        self._read = 0

    def call(self, service: str, command: str, order_id: str, **members: Any) -> Any:
        """Call a command with the members of the wire; give its result, typed.

        HTML for the browser has to be the text the gateway made, letter for letter.
        """
        operation = operations.OPERATIONS[f"{service}{command}"]
        group = getattr(self.mdk, service)
        method = getattr(group, "".join(f"_{c.lower()}" if c.isupper() else c for c in command)[1:])
        result = method(operation.requests[0].decode({"orderId": order_id, **members})).result
        assert result.mstatus in (m.Mstatus.SUCCESS, m.Mstatus.PENDING)
        assert result.order_id == order_id
        for name in HTML:
            contents = getattr(result, name, None)
            assert contents is None or contents.startswith("<!DOCTYPE html>")
        return result

    def refused(self, service: str, command: str, order_id: str, **members: Any) -> str:
        """Call a command that has to fail; give the first block of its vResultCode."""
        with pytest.raises(MdkError) as raised:
            self.call(service, command, order_id, **members)
        assert raised.value.result_code is not None
        return raised.value.result_code.main

    def by_token(self) -> dict[str, str]:
        """payNowIdParam with a token, as a customer's browser gets it of the token server."""
        return {"token": self.token()}

    def chooses(self, page: str | None, outcome: str = "success") -> Answer:
        """The customer presses a button of a page, which HTML or an address leads to."""
        assert page is not None
        return choose(self.mock, page, outcome)

    def returns(
        self,
        service: str,
        answer: Answer,
        order_id: str,
        command: Literal["Authorize", "Terminate"] = "Authorize",
    ) -> str:
        """The browser comes back to the shop; give how far its proof goes."""
        came = parse_result(
            urlencode(back(answer).fields),
            service=SERVICES[service],
            order_id=order_id,
            command=command,
            now=self.mock.gateway.clock.now,
            **PROOF,
        )
        self.states[order_id] = join(self.state(order_id), came)
        self.steps.append(f"browser {came.kind} {came.status}")
        return came.verified

    def hear(self) -> list[str]:
        """Take the PUSHes that have come since; give kind and status of each record."""
        fresh, self._read = self.gateway.sent[self._read :], len(self.gateway.sent)
        told: list[str] = []
        for webhook in fresh:
            push = parse_push(webhook.body, webhook.headers, allow_test=True, **PROOF)
            for notice in push.notices:
                order_id = notice.order_id
                assert order_id is not None
                self.states[order_id] = join(self.state(order_id), notice)
                fixed = " confirmed" if notice.confirmed else ""
                told.append(f"{notice.kind} {notice.status}{fixed}")
        self.steps += told
        return told

    def state(self, order_id: str) -> OrderState:
        """What is known of an order by what was told of it."""
        return self.states.get(order_id, OrderState(order_id))

    def passes(self, *, days: float = 0, minutes: float = 0) -> None:
        """Time goes by, for everybody."""
        self.mock.advance(days * 86_400 + minutes * 60)

    def yen(self) -> int:
        """What the merchant has, by the gateway's books."""
        return self.mock.balances().get("merchant", 0)

    def close(self) -> None:
        """Leave with everything in order."""
        self.mdk.close()
        assert self.mock.gateway.faults == []
        self.mock.gateway.ledger.audit()
        self.mock.close()
