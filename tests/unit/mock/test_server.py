"""The mock over real sockets: faults that show only there, and a receiver that calls back."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest
from kessai_mock.gmo import create_app
from kessai_mock.server import ServeError, ServerThread, bind, url_of

from tests.unit.mock import bodies
from tests.unit.mock.driver import basic

pytestmark = pytest.mark.socket


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """One server for all tests of this file."""
    with ServerThread(create_app()) as address:
        yield address


@pytest.fixture(autouse=True)
def fresh(url: str) -> None:
    """As if just started."""
    assert _post(url, "/_mock/reset")[0] == 200


def _connect(url: str) -> http.client.HTTPConnection:
    parts = urlsplit(url)
    return http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)


def _send(connection: http.client.HTTPConnection, path: str, body: Any, key: str | None) -> None:
    headers = {"Authorization": basic(), "Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = key
    connection.request("POST", path, json.dumps(body), headers)


def _post(url: str, path: str, body: Any = None, key: str | None = None) -> tuple[int, Any]:
    connection = _connect(url)
    try:
        _send(connection, path, {} if body is None else body, key)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        connection.close()


def _get(url: str, path: str) -> Any:
    connection = _connect(url)
    try:
        connection.request("GET", path)
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


def _balance(url: str, account: str) -> int:
    return int(_get(url, "/_mock/ledger")["balances"][account])


@pytest.mark.parametrize(("fault", "held"), [("lost-before", 0), ("lost-after", 1000)])
def test_a_lost_answer_is_a_closed_connection(url: str, fault: str, held: int) -> None:
    """Not a byte comes back; whether the money moved cannot be seen."""
    _post(url, "/_mock/next", {"operation": "creditCharge", "fault": fault})
    connection = _connect(url)
    _send(connection, "/credit/charge", bodies.charge(), "k")
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        connection.getresponse()
    connection.close()
    assert _balance(url, "hold") == held
    assert _post(url, "/credit/charge", bodies.charge(), "k")[0] == 201
    assert _balance(url, "hold") == 1000


def test_half_an_answer_breaks_off(url: str) -> None:
    """Status and length arrive, half of the bytes do."""
    _post(url, "/_mock/next", {"operation": "creditCharge", "fault": "half"})
    connection = _connect(url)
    _send(connection, "/credit/charge", bodies.charge(), "k")
    answer = connection.getresponse()
    assert answer.status == 201
    with pytest.raises(http.client.IncompleteRead) as error:
        answer.read()
    connection.close()
    assert len(error.value.partial) == int(answer.headers["Content-Length"]) // 2
    status, body = _post(url, "/credit/charge", bodies.charge(), "k")
    assert (status, body["orderReference"]["status"]) == (201, "AUTH")


def test_the_date_is_the_mocks_alone(url: str) -> None:
    """One Date header, of the virtual clock, and no Server."""
    connection = _connect(url)
    connection.request("GET", "/")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.headers.get_all("Date") == ["Mon, 05 Jan 2026 01:00:00 GMT"]
    assert "Server" not in answer.headers


def test_a_held_request_waits_while_others_are_served(url: str) -> None:
    """Over sockets too; the gate is opened by an admin call."""
    _post(url, "/_mock/next", {"operation": "creditCharge", "fault": "gate", "gate": "till"})
    got: list[tuple[int, Any]] = []
    held = threading.Thread(
        target=lambda: got.append(_post(url, "/credit/charge", bodies.charge(), "k"))
    )
    held.start()
    while _get(url, "/_mock")["held"].get("till") != 1:
        pass
    assert _post(url, "/credit/charge", bodies.charge(), "k")[0] == 409
    assert _post(url, "/order/inquiry", {"orderId": "order-1"})[0] == 400
    assert _post(url, "/_mock/gates/till/open")[1] == {"gate": "till", "released": 1}
    held.join(30)
    assert got[0][0] == 201


def test_a_receiver_may_inquire_while_it_is_notified(url: str) -> None:
    """As a merchant does: the webhook carries no amount and no status."""
    seen: list[tuple[Any, Any]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append((event, _post(url, "/order/inquiry", {"accessId": event["accessId"]})[1]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    server.timeout = 30
    # A webhook that never comes must fail the test, not hold the process open.
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    body = bodies.cash()
    body["merchant"]["webhookUrl"] = f"http://127.0.0.1:{server.server_port}/hook"
    access_id = _post(url, "/cash/charge", body)[1]["orderReference"]["accessId"]
    assert _post(url, f"/_mock/pay/{access_id}")[1]["status"] == "PAYSUCCESS"
    thread.join(30)
    server.server_close()
    ((event, found),) = seen
    assert event == {"accessId": access_id, "event": "CASH_PAID", "csrfToken": "csrf-1"}
    assert found["orderReference"]["status"] == "PAYSUCCESS"


def test_a_port_in_use_is_one_line_with_the_remedy() -> None:
    """As is a host others could reach."""
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError, match=rf"port {port} .*; try --port 0"):
            bind("127.0.0.1", port)
    for host in ("0.0.0.0", "::", "192.168.0.1", "example.com", ""):
        with pytest.raises(ServeError, match="not a loopback address"):
            bind(host, 0)


def test_loopback_has_more_names_than_one() -> None:
    """localhost, and IPv6 where there is any."""
    with bind("localhost", 0) as listener:
        assert url_of(listener).startswith("http://127.0.0.1:")
    if not socket.has_ipv6:
        pytest.skip("no IPv6 here")
    try:
        listener = bind("::1", 0)
    except ServeError:
        pytest.skip("no IPv6 here")
    with listener:
        assert url_of(listener).startswith("http://[::1]:")
