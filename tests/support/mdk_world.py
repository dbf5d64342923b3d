"""A merchant with the real MDK client and the mock behind it, in this thread and on one clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

import httpx2
import pytest
from kessai import Environment, OutcomeUnknown, System
from kessai_mdk import MdkClient
from kessai_mdk import models as m
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY, Settings

from tests.support import mock_driver
from tests.unit.mock.mdk.driver import ORIGIN, Driver

Loss = Literal["none", "request", "answer"]


class Wire(mock_driver.Wire):
    """The mock as a transport; the next request or its answer may get lost."""

    def __init__(self, mock: Driver) -> None:
        super().__init__(mock)
        self.lose: Loss = "none"

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        lose, self.lose = self.lose, "none"
        if lose == "request":
            raise httpx2.ReadError("lost on the way there")
        came = await self.carry(request)
        if lose == "answer":
            raise httpx2.ReadError("lost on the way back")
        return came


class World:
    """A merchant's client and the gateway, at one time."""

    def __init__(self, mock: Driver | None = None, **settings: Any) -> None:
        self.mock = mock or Driver(Settings(**settings))
        self.wire = Wire(self.mock)
        self.begin = self.mock.gateway.clock.now
        self.mdk = MdkClient(**self.options())

    def options(self) -> dict[str, Any]:
        """For either client."""
        return {
            "merchant_ccid": MERCHANT_CCID,
            "merchant_secret_key": MERCHANT_SECRET_KEY,
            "environment": Environment(api=ORIGIN, token=ORIGIN),
            "transport": self.wire,
            "system": System(monotonic=self.seconds, wall=self.now, sleep=self.sleep),
        }

    def now(self) -> float:
        """Seconds since 1970."""
        return self.mock.gateway.clock.now.timestamp()

    def seconds(self) -> float:
        """Seconds since it began."""
        return (self.mock.gateway.clock.now - self.begin) / timedelta(seconds=1)

    def sleep(self, seconds: float) -> None:
        """Let time pass for both."""
        self.mock.gateway.clock.advance(seconds)

    def token(self) -> str:
        """A new token of the token server."""
        request = m.TokenRequest(
            token_api_key=self.mock.gateway.settings.token_api_key,
            card_number="4111111111111111",
            card_expire="12/30",
        )
        return self.mdk.token.token(request).token or ""

    def card(self, order_id: str = "BOOK-1") -> m.CardAuthorizeRequest:
        """A card payment by a new token."""
        param = m.PayNowIdParam(token=self.token())
        return m.CardAuthorizeRequest(order_id=order_id, amount=3300, pay_now_id_param=param)

    def lost(self, loss: Loss, call: Callable[[], object]) -> OutcomeUnknown:
        """Lose a call, or its answer."""
        self.wire.lose = loss
        with pytest.raises(OutcomeUnknown) as raised:
            call()
        return raised.value

    @property
    def orders(self) -> dict[str, str]:
        """What the gateway thinks of its orders."""
        return {number: one.status for number, one in self.mock.gateway.orders.items()}
