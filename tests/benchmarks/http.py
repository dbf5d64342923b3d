"""A whole call, over a null transport and over loopback, against the HTTP library alone."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Callable, Generator
from urllib.parse import urlsplit

import httpx2
import orjson
from kessai import Environment
from kessai_gmo import GmoClient

from tests.benchmarks.measure import Row, compare
from tests.benchmarks.samples import charge_answer, charge_request
from tests.support.contract_loopback import is_loopback

PATH = "/credit/charge"
AUTH = ("tshop00000001", "kessai-mock")


class NullTransport(httpx2.BaseTransport):
    """Answers at once, so that all that is measured is what happens before and after."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Give the prepared answer to whatever is asked."""
        headers = {"Content-Type": "application/json", "Content-Length": str(len(self._body))}
        return httpx2.Response(201, headers=headers, content=self._body)


@contextlib.contextmanager
def loopback_server(body: bytes) -> Generator[str]:
    """Serve `body` for every POST from another process, with connections kept open."""
    words = [sys.executable, "-m", "tests.benchmarks.server"]
    process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(len(body).to_bytes(4, "big") + body)
        process.stdin.flush()
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(10)


def run(progress: Callable[[], object], *, rounds: int, calls: int) -> list[Row]:
    """Measure the same charge with kessai and with three ways of using httpx2 alone."""
    body = orjson.dumps(charge_answer())
    rows = _rows(
        "null transport",
        "http://127.0.0.1:9",
        NullTransport(body),
        progress,
        rounds=rounds,
        calls=calls,
        aim=1.25,
    )
    with loopback_server(body) as url:
        rows += _rows(
            "loopback", url, None, progress, rounds=rounds, calls=max(20, calls // 4), aim=1.10
        )
    return rows


def _rows(
    name: str,
    url: str,
    transport: httpx2.BaseTransport | None,
    progress: Callable[[], object],
    *,
    rounds: int,
    calls: int,
    aim: float,
) -> list[Row]:
    if not is_loopback(urlsplit(url).hostname):
        raise ValueError("benchmarks run against loopback only: gateways forbid load")
    request = charge_request()
    payload = request.to_wire()
    content = orjson.dumps(payload)
    headers = {"Content-Type": "application/json"}
    environment = Environment(api=url, token=url)
    with (
        httpx2.Client(base_url=url, auth=AUTH, transport=transport, trust_env=False) as raw,
        GmoClient(*AUTH, environment=environment, transport=transport) as gmo,
    ):
        prepared = raw.build_request("POST", PATH, content=content, headers=headers)

        return compare(
            f"charge over {name}",
            {
                "httpx2 content=bytes": lambda: raw.request(
                    "POST", PATH, content=content, headers=headers
                ).content,
                "httpx2 json=dict, .json()": lambda: raw.request("POST", PATH, json=payload).json(),
                "httpx2 prebuilt Request": lambda: raw.send(prepared).content,
                "kessai": lambda: gmo.credit.charge(request),
            },
            peer="httpx2 content=bytes",
            calls=calls,
            rounds=rounds,
            aims={"kessai": aim},
            progress=progress,
        )
