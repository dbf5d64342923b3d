"""What the demos share: the merchant's server, a mock gateway in a process of its own, a browser.

Everything is on loopback.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import urllib.parse
import urllib.request
from collections.abc import Generator, Mapping
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue


class Merchant:
    """The merchant's own server: remembers the callback query and the webhooks it is sent.

    `forms` are what customers' browsers bring by POST, to an address that ends in /back.
    """

    def __init__(self) -> None:
        self.callbacks: Queue[str] = Queue()
        self.forms: Queue[tuple[bytes, dict[str, str]]] = Queue()
        self.webhooks: Queue[tuple[bytes, dict[str, str]]] = Queue()
        merchant = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                merchant.callbacks.put(urllib.parse.urlsplit(self.path).query)
                self._answer(b"<p>Thank you for your order.</p>")

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                told = (body, dict(self.headers.items()))
                if self.path.endswith("/back"):
                    merchant.forms.put(told)
                    self._answer(b"<p>Thank you for your order.</p>")
                else:
                    merchant.webhooks.put(told)
                    self._answer(b"")

            def _answer(self, body: bytes) -> None:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Keep the terminal for the tour."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@contextlib.contextmanager
def mock_gateway(name: str, *options: str) -> Generator[str]:
    """Start `kessai-mock NAME` on a free port and give its address; stop it at the end."""
    words = [sys.executable, "-m", "kessai_mock", name, "--port", "0", "--seed", "1", *options]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        ready = process.stdout.readline()
        if "http://" not in ready:
            raise SystemExit(f"the mock gateway did not start: {ready.strip() or 'no answer'}")
        yield ready[ready.index("http://") :].split()[0].rstrip("/")
    finally:
        process.terminate()
        process.wait(10)


def get(url: str) -> str:
    """Open `url` as the customer's browser does, following redirects."""
    with urllib.request.urlopen(url, timeout=10) as answer:
        page: bytes = answer.read()
    return page.decode()


def post(url: str, members: Mapping[str, object] | None = None) -> None:
    """Send a POST of JSON members, or an empty one: whoever acts without a page."""
    body = b"" if members is None else json.dumps(members).encode()
    request = urllib.request.Request(url, data=body, method="POST")
    with urllib.request.urlopen(request, timeout=10):
        pass


def approve(url: str) -> None:
    """Open the page the gateway sends the customer to, and press its first button."""
    assert "<" in get(url)
    get(f"{url}{'&' if '?' in url else '?'}outcome=success")


class _Form(HTMLParser):
    """The first form of a page: where it goes, and its hidden fields."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.action = ""
        self.fields: dict[str, str] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and not self.action:
            self.action = given.get("action", "")
        if tag == "input" and given.get("type") == "hidden":
            self.fields[given["name"]] = given["value"]


def submit(page: str, outcome: str | None = None) -> str:
    """Send the form of HTML contents as their script would; gives the page that comes next.

    `outcome` is the choice that the customer makes on that page at once.
    """
    form = _Form(page)
    assert form.action
    address = form.action if outcome is None else f"{form.action}?outcome={outcome}"
    body = urllib.parse.urlencode(form.fields).encode()
    with urllib.request.urlopen(address, body, timeout=10) as answer:
        following: bytes = answer.read()
    return following.decode()
