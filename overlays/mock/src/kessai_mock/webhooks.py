"""Notices from the gateway to the merchant: delivery, repeats, the stop window, the log."""

from __future__ import annotations

import asyncio
import http.client
import inspect
import threading
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from .clock import Clock, Timer, text
from .loopback import is_loopback
from .scripts import Script


class Webhook(NamedTuple):
    """One notice on the wire: POST `body` to `url`."""

    url: str
    headers: Mapping[str, str]
    body: bytes


# Gives the receiver's status, or None when nobody answered.
Deliver = Callable[[Webhook], "int | Awaitable[int | None] | None"]


class RefusedHostError(Exception):
    """The receiver is not on this machine; a mock never talks to anybody else."""


class Policy(NamedTuple):
    """How often a notice is repeated: GMO repeats at most 5 times, 60 minutes apart.

    Within the daily `stop` window (from, until; Japan time) nothing is sent; what fell due
    in it is sent at its end. `accepted` are the statuses that end the repeats.
    """

    repeats: int = 5
    interval: float = 3600.0
    stop: tuple[time, time] | None = None
    accepted: range = range(200, 300)


class Bundle(NamedTuple):
    """What lets repeats of several notices be sent as one: those of one `key`, at most `most`.

    `compose` makes what is sent, at each attempt anew, from the `record` of each notice.
    """

    key: Hashable
    record: Mapping[str, str]
    compose: Callable[[Sequence[Mapping[str, str]]], Webhook]
    most: int


@dataclass(slots=True)
class Delivery:
    """One notice and what became of it. `labels` say what it is about, for the log."""

    number: int
    labels: Mapping[str, str]
    webhook: Webhook
    bundle: Bundle | None = None
    state: str = "pending"  # pending, delivered, given-up, refused, suppressed
    due: datetime | None = None
    attempts: list[tuple[datetime, int | None]] = field(
        default_factory=list[tuple[datetime, int | None]]
    )
    timer: Timer | None = None

    def describe(self) -> dict[str, Any]:
        """The log entry, for GET /_mock/webhooks: neither headers nor body."""
        return {
            "number": self.number,
            **self.labels,
            "url": self.webhook.url,
            "state": self.state,
            "due": text(self.due) if self.due is not None and self.state == "pending" else None,
            "attempts": [{"at": text(at), "status": status} for at, status in self.attempts],
        }


def http_deliver(webhook: Webhook, timeout: float = 10.0) -> int | None:
    """POST with the standard library, `timeout` seconds at most; None when nobody answers.

    Raises RefusedHostError when the host is not loopback.
    """
    parts = urlsplit(webhook.url)
    if parts.hostname is None or not is_loopback(parts.hostname):
        raise RefusedHostError(parts.hostname or "")
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    try:
        connection = kind(parts.hostname, parts.port, timeout=timeout)
        try:
            target = parts.path or "/"
            if parts.query:
                target += "?" + parts.query
            connection.request("POST", target, webhook.body, dict(webhook.headers))
            return connection.getresponse().status
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError):
        return None


async def threaded_deliver(webhook: Webhook) -> int | None:
    """`http_deliver` in a thread, so that the receiver may call the mock meanwhile."""
    return await asyncio.to_thread(http_deliver, webhook)


def _unscripted() -> Script | None:
    return None


class Webhooks:
    """Every notice of the mock. Times are virtual; `drain` does the talking.

    `script` gives what shall go wrong with the attempt that is made next, `pause` how many
    seconds a notice waits after so many attempts (default: the policy's interval), `over`
    whether it is given up after the attempt just made (default: as many as the policy says).
    """

    def __init__(
        self,
        clock: Clock,
        policy: Policy,
        deliver: Deliver,
        lock: threading.RLock,
        script: Callable[[], Script | None] = _unscripted,
        pause: Callable[[int], float] | None = None,
        over: Callable[[Delivery], bool] | None = None,
    ) -> None:
        self._clock = clock
        self._policy = policy
        self._deliver = deliver
        self._lock = lock
        self._script = script
        self._pause: Callable[[int], float] = pause or (lambda attempts: policy.interval)
        self._over: Callable[[Delivery], bool] = over or (
            lambda delivery: len(delivery.attempts) > policy.repeats
        )
        self._due: list[Delivery] = []
        self.log: list[Delivery] = []

    def notify(
        self,
        webhook: Webhook,
        labels: Mapping[str, str],
        *,
        delay: float = 0.0,
        bundle: Bundle | None = None,
    ) -> Delivery:
        """Have a notice sent after `delay` seconds, and again until it is accepted.

        With `bundle`, what is sent is composed at each attempt; of `webhook` its URL counts.
        """
        delivery = Delivery(len(self.log) + 1, labels, webhook, bundle)
        self.log.append(delivery)
        self._plan(delivery, delay)
        return delivery

    def suppress(self, delivery: Delivery) -> None:
        """Do not send what has not been sent yet."""
        if delivery.state == "pending" and not delivery.attempts:
            delivery.state = "suppressed"
            if delivery.timer is not None:
                delivery.timer.cancel()

    def give_up(self, delivery: Delivery) -> None:
        """Send a notice no more, whatever was tried before."""
        if delivery.state == "pending":
            delivery.state = "given-up"
            if delivery.timer is not None:
                delivery.timer.cancel()

    async def drain(self) -> None:
        """Send everything that is due now, one after another."""
        while True:
            with self._lock:
                if not self._due:
                    return
                delivery = self._due.pop(0)
                if delivery.state != "pending":
                    continue
                script = self._script()
                fault = script.fault if script is not None else None
                if script is not None and fault == "delay":
                    self._plan(delivery, script.seconds)
                    continue
                together = self._together(delivery)
                if delivery.bundle is not None:
                    records = [one.bundle.record for one in together if one.bundle is not None]
                    delivery.webhook = delivery.bundle.compose(records)
            status, refused = None, False
            if fault != "lost-before":
                try:
                    answer = self._deliver(delivery.webhook)
                    status = await answer if inspect.isawaitable(answer) else answer
                except RefusedHostError:
                    refused = True
            with self._lock:
                for one in together:
                    if refused:
                        one.state = "refused"
                    else:
                        self._settle(one, None if fault == "lost-after" else status)

    def _together(self, delivery: Delivery) -> list[Delivery]:
        """What goes out with a notice: alone at first, then with all that wait for a repeat."""
        bundle = delivery.bundle
        if bundle is None or not delivery.attempts:
            return [delivery]
        waiting = [
            one
            for one in self.log
            if one is not delivery
            and one.state == "pending"
            and one.attempts
            and one.bundle is not None
            and one.bundle.key == bundle.key
        ][: bundle.most - 1]
        for one in waiting:
            if one.timer is not None:
                one.timer.cancel()
            if one in self._due:
                self._due.remove(one)
        return sorted([delivery, *waiting], key=lambda one: one.number)

    def _settle(self, delivery: Delivery, status: int | None) -> None:
        delivery.attempts.append((self._clock.now, status))
        if status in self._policy.accepted:
            delivery.state = "delivered"
        elif delivery.state == "pending" and self._over(delivery):
            delivery.state = "given-up"
        elif delivery.state == "pending":
            self._plan(delivery, self._pause(len(delivery.attempts)))

    def _plan(self, delivery: Delivery, delay: float) -> None:
        due = self._clock.now + timedelta(seconds=delay)
        due = self._after_stop(due)
        delivery.due = due
        if due <= self._clock.now:
            self._due.append(delivery)
        else:
            delivery.timer = self._clock.call_at(due, lambda: self._due.append(delivery))

    def _after_stop(self, due: datetime) -> datetime:
        if self._policy.stop is None:
            return due
        start, end = self._policy.stop
        moment = due.timetz().replace(tzinfo=None)
        if start <= end:
            if not start <= moment < end:
                return due
            day = due.date()
        else:  # over midnight
            if end <= moment < start:
                return due
            day = due.date() if moment < end else due.date() + timedelta(days=1)
        return datetime.combine(day, end, tzinfo=due.tzinfo)
