"""Notices: repeats 60 minutes apart, five at most, none in the stop window."""

from __future__ import annotations

import asyncio
import socket
import threading
from datetime import time, timedelta

import pytest
from kessai_mock.clock import START, Clock, text
from kessai_mock.scripts import WEBHOOK, Fault, Script
from kessai_mock.webhooks import (
    Delivery,
    Policy,
    RefusedHostError,
    Webhook,
    Webhooks,
    http_deliver,
)

URL = "https://books.example.com/webhook"
NOTICE = Webhook(URL, {"X-Signature": "csrf"}, b'{"csrfToken":"csrf"}')
LABELS = {"accessId": "a" * 32, "event": "CASH_PAID"}


class Post:
    """Webhooks with a receiver that answers as told, and a clock."""

    def __init__(self, *statuses: int | None, policy: Policy | None = None) -> None:
        self.statuses = list(statuses)
        self.sent: list[str] = []
        self.clock = Clock()
        self.script: Script | None = None
        self.webhooks = Webhooks(
            self.clock,
            policy or Policy(),
            self._deliver,
            threading.RLock(),
            lambda: self.script,
        )

    def _deliver(self, webhook: Webhook) -> int | None:
        self.sent.append(text(self.clock.now)[11:16])
        return self.statuses.pop(0) if self.statuses else 200

    def notify(self, delay: float = 0.0) -> Delivery:
        """One notice."""
        made = self.webhooks.notify(NOTICE, LABELS, delay=delay)
        asyncio.run(self.webhooks.drain())
        return made

    def advance(self, minutes: float) -> None:
        """Move the clock on, sending what falls due when it does."""
        for _ in self.clock.steps(minutes * 60):
            asyncio.run(self.webhooks.drain())


def test_a_2xx_ends_it() -> None:
    """204 too."""
    post = Post(204)
    delivery = post.notify()
    post.advance(600)
    assert post.sent == ["10:00"]
    assert delivery.state == "delivered"


@pytest.mark.parametrize("failure", [None, 302, 404, 500])
def test_anything_else_is_repeated_an_hour_later(failure: int | None) -> None:
    """No answer, a redirect, an error."""
    post = Post(failure, 200)
    delivery = post.notify()
    post.advance(59)
    assert post.sent == ["10:00"]
    post.advance(1)
    assert post.sent == ["10:00", "11:00"]
    assert delivery.state == "delivered"
    assert [status for _, status in delivery.attempts] == [failure, 200]


def test_after_five_repeats_it_is_given_up() -> None:
    """Six times in all."""
    post = Post(*[500] * 10)
    delivery = post.notify()
    post.advance(24 * 60)
    assert post.sent == ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00"]
    assert delivery.state == "given-up"


def test_the_interval_can_be_set() -> None:
    """In the gateway's own administration it can, too."""
    post = Post(500, 500, policy=Policy(interval=600))
    post.notify()
    post.advance(30)
    assert post.sent == ["10:00", "10:10", "10:20"]


def test_nothing_is_sent_in_the_stop_window_but_at_its_end() -> None:
    """The first attempt and repeats alike."""
    post = Post(500, policy=Policy(stop=(time(9, 30), time(10, 30))))
    post.notify()
    assert post.sent == []
    post.advance(29)
    assert post.sent == []
    post.advance(1)
    assert post.sent == ["10:30"]
    post.advance(60)
    assert post.sent == ["10:30", "11:30"]


@pytest.mark.parametrize(
    ("minutes", "sent"),
    [(13 * 60, "05:00"), (15 * 60, "05:00"), (20 * 60, "06:00"), (10 * 60, "20:00")],
)
def test_a_stop_window_may_lie_over_midnight(minutes: float, sent: str) -> None:
    """22:00 to 05:00."""
    post = Post(policy=Policy(stop=(time(22), time(5))))
    post.notify(delay=minutes * 60)
    post.advance(48 * 60)
    assert post.sent == [sent]


def test_a_suppressed_notice_is_not_sent() -> None:
    """Unless it has gone out."""
    post = Post()
    delivery = post.notify(delay=60)
    post.webhooks.suppress(delivery)
    post.advance(10)
    assert post.sent == []
    assert delivery.state == "suppressed"
    gone = post.notify()
    post.webhooks.suppress(gone)
    assert gone.state == "delivered"


@pytest.mark.parametrize(("fault", "sent"), [("lost-before", 1), ("lost-after", 2)])
def test_an_attempt_may_be_scripted(fault: Fault, sent: int) -> None:
    """Never sent, or its answer never seen; either way it comes again."""
    post = Post()
    post.script = Script(operation=WEBHOOK, fault=fault)
    delivery = post.notify()
    post.script = None
    post.advance(600)
    assert len(post.sent) == sent
    assert [status for _, status in delivery.attempts] == [None, 200]


def test_one_scripted_to_be_late_is_late() -> None:
    """By the virtual clock."""
    post = Post()
    post.script = Script(operation=WEBHOOK, fault="delay", seconds=1200)
    post.notify()
    post.script = None
    post.advance(60)
    assert post.sent == ["10:20"]


def test_a_gateway_may_accept_200_only() -> None:
    """204 is a failure then."""
    post = Post(204, policy=Policy(accepted=range(200, 201)))
    post.notify()
    post.advance(600)
    assert post.sent == ["10:00", "11:00"]


def test_the_log_shows_neither_body_nor_token() -> None:
    """It names the url, the event, and every attempt."""
    post = Post(500)
    described = post.notify().describe()
    assert "csrf" not in str(described)
    assert described["state"] == "pending"
    assert described["due"] == text(START + timedelta(hours=1))
    assert described["attempts"] == [{"at": text(START), "status": 500}]


@pytest.mark.parametrize("url", ["https://books.example.com/w", "http://192.168.0.1/", "http:///x"])
def test_only_loopback_is_talked_to(url: str) -> None:
    """Refused before a connection is tried."""
    with pytest.raises(RefusedHostError):
        http_deliver(Webhook(url, {}, b"{}"))


def test_a_refused_host_is_logged_and_not_tried_again() -> None:
    """A merchant's real address in a test."""
    clock = Clock()
    webhooks = Webhooks(clock, Policy(), http_deliver, threading.RLock())
    delivery = webhooks.notify(NOTICE, LABELS)
    asyncio.run(webhooks.drain())
    assert (delivery.state, delivery.attempts) == ("refused", [])


@pytest.mark.socket
def test_a_real_receiver_on_loopback_gets_it() -> None:
    """Status and bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        got: list[bytes] = []

        def receive() -> None:
            connection, _ = listener.accept()
            with connection:
                data = b""
                while b'"}' not in data:
                    data += connection.recv(4096)
                got.append(data)
                connection.sendall(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")

        thread = threading.Thread(target=receive)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/hook?x=1"
        headers = {"Content-Type": "application/json"}
        assert http_deliver(Webhook(url, headers, b'{"event":"CASH_PAID"}')) == 204
        thread.join()
    assert got[0].startswith(b"POST /hook?x=1 HTTP/1.1\r\n")
    assert b"Content-Type: application/json" in got[0]
    assert got[0].endswith(b'{"event":"CASH_PAID"}')


@pytest.mark.socket
def test_nobody_listening_is_no_answer() -> None:
    """A refused connection counts as a failed attempt."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert http_deliver(Webhook(f"http://127.0.0.1:{port}/", {}, b"{}")) is None
