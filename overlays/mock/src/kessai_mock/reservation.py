"""Until when an authorization reserves money, and the timer that gives it back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from .clock import Clock, Timer


class Reserved(Protocol):
    """An order that money may be reserved for."""

    hold_until: datetime | None
    hold_timer: Timer | None


def start(
    clock: Clock,
    order: Reserved,
    until: datetime,
    release: Callable[[], None],
    *,
    grace: timedelta = timedelta(),
) -> None:
    """Reserve until `until`, anew if it was before; `release` runs `grace` after that moment."""
    drop(order)
    order.hold_until = until
    order.hold_timer = clock.call_at(until + grace, release)


def drop(order: Reserved) -> None:
    """Reserve no longer: what was held has been taken or given back."""
    if order.hold_timer is not None:
        order.hold_timer.cancel()
    order.hold_timer = None
    order.hold_until = None
