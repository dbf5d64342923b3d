"""The mock over real sockets, its command, and the fixtures a merchant's tests get."""

from __future__ import annotations

import http.client
import json
import queue
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any, cast

import pytest
from click.testing import CliRunner
from kessai_mock.cli import main
from kessai_mock.server import ServerThread
from kessai_mock.unified import Gateway, create_app

from tests.unit.mock.unified.driver import BASE, order, pay, signature

if TYPE_CHECKING:
    from kessai_unified import UnifiedClient
    from starlette.applications import Starlette

pytest_plugins = ["pytester"]


def _post(url: str, command: str, body: Any) -> Any:
    content = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", "X-VT-Content-hmac": signature(content)}
    request = urllib.request.Request(f"{url}{BASE}/{command}", content, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


class _Receiver(HTTPServer):
    """A merchant's server that asks about every webhook before it answers it."""

    gateway = ""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: queue.Queue[str] = queue.Queue()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        """One webhook."""
        server = cast("_Receiver", self.server)
        body = self.rfile.read(int(self.headers["Content-Length"]))
        genuine = self.headers["X-VT-Content-hmac"] == signature(body)
        number = json.loads(body)["transaction"]["fepReferenceId"]
        asked = {"transaction": {"fepReferenceId": number}}
        told = _post(server.gateway, "getTransactionResult", asked)
        self.send_response(200)
        self.end_headers()
        server.told.put(told["result"]["resultCode"] if genuine else "forged")

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


@pytest.fixture
def receiver() -> Iterator[_Receiver]:
    """On a free port, until the test ends."""
    with _Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.socket
def test_a_receiver_may_ask_about_what_it_is_told(receiver: _Receiver) -> None:
    """While the webhook is still open."""
    with ServerThread(create_app()) as url:
        receiver.gateway = url
        push = f"http://127.0.0.1:{receiver.server_port}/notice"
        applied = _post(url, "pay", pay(wallet="au"))
        page = applied["control"]["redirectUrl"]
        assert page.startswith(f"{url}/pages/au/")
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=30)
        connection.request("GET", f"{page.removeprefix(url)}?outcome=success")
        back = connection.getresponse()
        connection.close()
        assert back.status == 302
        assert str(back.headers["Location"]).startswith("https://shop.example/done?status=success&")
        _post(url, "capture", order(push=push))
        assert receiver.told.get(timeout=30) == "UA-000-001"
        _post(url, "cancel", order(amount=100, push=push))
        assert receiver.told.get(timeout=30) == "UA-000-001"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--key-encoding", "hex", "--merchant-key", "no"], "is no hexadecimal text; use --key-"),
        (["--key-encoding", "rot13"], "is not one of 'utf-8', 'hex'"),
        (["--host", "0.0.0.0"], "is not a loopback address; use 127.0.0.1"),
        (["--in-flight", "0"], "0 is not in the range x>=1"),
    ],
)
def test_mistakes_end_in_one_line(arguments: list[str], said: str) -> None:
    """And not with a traceback."""
    result = CliRunner().invoke(main, ["unified", *arguments])
    assert result.exit_code != 0
    assert said in result.output.splitlines()[-1]


def test_help_names_the_options() -> None:
    """And the default port."""
    result = CliRunner().invoke(main, ["unified", "--help"])
    assert result.exit_code == 0
    for said in ("--merchant-ccid", "--key-encoding", "--token", "8802"):
        assert said in result.output


@pytest.mark.socket
def test_the_command_serves_as_told() -> None:
    """One line with the address; credentials from its options; Ctrl-C is no failure."""
    undo = "import signal;signal.signal(signal.SIGINT,signal.default_int_handler);"
    words = [sys.executable, "-c", undo + "from kessai_mock.__main__ import main;main()"]
    words += ["unified", "--port", "0", "--seed", "5", "--token", "t-1"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert ready.startswith("kessai-mock unified is ready on http://127.0.0.1:")
        url = ready.split()[5]
        with urllib.request.urlopen(f"{url}/_mock", timeout=30) as answer:
            told = json.load(answer)
        assert (told["gateway"], told["seed"]) == ("unified", 5)
        for token, status in (("t-1", 200), ("t-2", 401)):
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            content = json.dumps(pay()).encode()
            request = urllib.request.Request(f"{url}{BASE}/pay", content, headers)
            assert _status(request) == status
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "stopped\n", "")


def _status(request: urllib.request.Request) -> int:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_each_test_has_a_mock_of_its_own(kessai_mock_unified: Starlette) -> None:
    """As if just started."""
    gateway = kessai_mock_unified.state.gateway
    assert isinstance(gateway, Gateway)
    assert (gateway.seed, gateway.orders) == (1, {})


@pytest.mark.socket
def test_the_client_talks_to_that_mock(
    unified_client: UnifiedClient, kessai_mock_unified: Starlette
) -> None:
    """Ready to be used."""
    from kessai_unified import models as m

    request = m.PayRequest(
        order=m.PayOrder(pay_type=m.PayType.PAYPAY, payment_id="p-1", amount=1000),
        control=m.ApplicationControl(
            success_url="https://shop.example/done",
            cancel_url="https://shop.example/cancelled",
            error_url="https://shop.example/failed",
        ),
    )
    answer = unified_client.payment.pay(request)
    assert answer.control is not None
    assert answer.control.redirect_url is not None
    entries = kessai_mock_unified.state.gateway.requests
    assert [(entry["operation"], entry["status"]) for entry in entries] == [("pay", 200)]


def test_settings_can_be_overridden(pytester: pytest.Pytester) -> None:
    """By a fixture of the same name."""
    pytester.makepyfile(
        """
        import pytest
        from kessai_mock.unified import Settings

        @pytest.fixture
        def kessai_mock_unified_settings():
            return Settings(hold_days=2)

        def test_it(kessai_mock_unified):
            assert kessai_mock_unified.state.gateway.settings.hold_days == 2
        """
    )
    pytester.runpytest("-p", "no:schemathesis").assert_outcomes(passed=1)


def test_a_missing_client_is_a_plain_sentence(pytester: pytest.Pytester) -> None:
    """No traceback of an import."""
    pytester.makepyfile(
        """
        import sys

        def test_it(monkeypatch, request):
            monkeypatch.setitem(sys.modules, "kessai_unified", None)
            request.getfixturevalue("unified_client")
        """
    )
    result = pytester.runpytest("-p", "no:schemathesis")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*unified_client needs kessai-unified: pip install*"])
