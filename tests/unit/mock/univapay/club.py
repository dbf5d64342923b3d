"""A shop with subscriptions, for the tests of their life and of their changes."""

from __future__ import annotations

from typing import Any

from tests.unit.mock.univapay.driver import STORE, Driver, card, hold_to

DAY = 86_400
EVENTS = (
    "subscription_created",
    "subscription_payment",
    "subscription_completed",
    "subscription_failure",
    "subscription_canceled",
    "subscription_suspended",
)


class Club:
    """A shop with subscriptions of 980 yen a month."""

    def __init__(self, mock: Driver) -> None:
        self.mock = mock
        mock.hook(*EVENTS)

    def token(self, **more: Any) -> dict[str, Any]:
        """A subscription token of a card."""
        return self.mock.token(card(type="subscription", **more))

    def begin(self, token: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """A subscription that must be made, and is just begun."""
        made = self.begin_any(token, **more)
        assert made["status"] == "unverified"
        return made

    def begin_any(self, token: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """A subscription that must be made."""
        body = {
            "transaction_token_id": (token or self.token())["id"],
            "amount": 980,
            "currency": "jpy",
            "period": "monthly",
            **more,
        }
        answer = self.mock.post("/subscriptions", body)
        assert answer.status == 201, answer
        made: dict[str, Any] = answer.json()
        hold_to("Subscription", made)
        return made

    def path(self, one: dict[str, Any], *parts: str) -> str:
        """Where a subscription is."""
        return "/".join([f"{STORE}/subscriptions/{one['id']}", *parts])

    def read(self, one: dict[str, Any], status: str) -> dict[str, Any]:
        """A subscription, which must stand so."""
        found: dict[str, Any] = self.mock.get(self.path(one))
        hold_to("Subscription", found)
        assert found["status"] == status, found
        return found

    def current(self, **more: Any) -> dict[str, Any]:
        """A subscription whose first payment was made."""
        made = self.begin(**more)
        self.mock.advance(1)
        return self.read(made, "current")

    def change(self, one: dict[str, Any], *parts: str, **body: Any) -> dict[str, Any]:
        """A PATCH that must succeed."""
        answer = self.mock.patch(self.path(one, *parts), body or None)
        assert answer.status == 200, answer
        return dict(answer.json())

    @property
    def events(self) -> list[str]:
        """What was told, without its prefix."""
        return [event.removeprefix("subscription_") for event in self.mock.events]
