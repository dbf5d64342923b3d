"""UnivaPay's own Python SDK pays a konbini order at the mock, which it has never heard of.

The mock has to serve foreign clients, not only ours; and the official one was generated from the
provider's own document, so that what it reads is what the provider promises. It is installed from
the package index, pinned with hashes, into an environment of its own that is kept in the folder
for temporary files; without the index the test is skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from kessai_mock.univapay import SECRET, app_token

ROOT = Path(__file__).parents[2]
PINS = ROOT / "constraints/univapay-sdk.txt"
SHOP = ROOT / "tests/support/univapay_sdk_shop.py"
NUMBER = "internal_convenience_payment_number"
URL = "internal_convenience_payment_url"
UNREACHABLE = re.compile(
    r"connect|timed out|resolve|unreachable|could not fetch|no matching distribution", re.IGNORECASE
)

pytestmark = pytest.mark.socket


class Run(NamedTuple):
    """How a command ended."""

    status: int
    output: str
    errors: str


def run(words: list[str], seconds: float, env: dict[str, str] | None = None) -> Run:
    """Run a command, killed after so many seconds.

    subprocess's own way would sleep, which the guard of the contract tests refuses.
    """
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env
    ) as process:
        limit = threading.Timer(seconds, process.kill)
        limit.start()
        try:
            output, errors = process.communicate()
        finally:
            limit.cancel()
        return Run(process.returncode, output, errors)


def sdk_python() -> Path:
    """The Python of an environment with the SDK in it, made now or before.

    Skips the test where the index cannot be reached; fails where what it has is not what is pinned.
    """
    wanted = hashlib.sha256(PINS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    home = Path(tempfile.gettempdir()) / f"kessai-univapay-sdk-{os.getuid()}-{wanted}"
    python = home / "bin/python"
    if home.is_dir() and home.stat().st_uid == os.getuid() and python.exists():
        return python
    made = Path(tempfile.mkdtemp(prefix="kessai-univapay-sdk-"))
    try:
        _install(made)
        made.rename(home)
    except FileExistsError:
        pass  # somebody else was faster
    except OSError:
        if not python.exists():
            raise
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return python


def _install(made: Path) -> None:
    begun = run([sys.executable, "-m", "venv", str(made)], 30)
    assert begun.status == 0, begun.errors
    words = [str(made / "bin/python"), "-m", "pip", "install", "-q", "--require-hashes"]
    words += ["--disable-pip-version-check", "--retries", "0", "--timeout", "10", "-r", str(PINS)]
    ended = run(words, 30)
    if ended.status == 0:
        return
    # Killed for its slowness, or it says itself that nobody answers.
    gone = ended.status < 0 or UNREACHABLE.search(ended.errors)
    if gone and "DO NOT MATCH" not in ended.errors:
        pytest.skip("UnivaPay's SDK cannot be installed: the package index cannot be reached")
    pytest.fail(f"UnivaPay's SDK cannot be installed: {ended.errors[-2000:]}", pytrace=False)


@pytest.fixture
def served() -> Generator[str]:
    """The address of `python -m kessai_mock univapay`, as a merchant starts it."""
    words = [sys.executable, "-m", "kessai_mock", "univapay", "--port", "0", "--secret", SECRET]
    with subprocess.Popen(
        [*words, "--app-token", app_token()], stdout=subprocess.PIPE, text=True
    ) as process:
        limit = threading.Timer(40, process.kill)
        limit.start()
        try:
            assert process.stdout is not None
            found = re.search(r"http://127\.0\.0\.1:[0-9]+", process.stdout.readline())
            assert found is not None
            yield found[0]
        finally:
            limit.cancel()
            process.send_signal(signal.SIGINT)
            process.communicate()


def told(url: str) -> Any:
    """The JSON at an address."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def test_the_official_sdk_pays_at_the_konbini(served: str) -> None:
    """From token to paid, a replay, a refusal and a list, all read by the SDK's own models."""
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    words = [str(sdk_python()), "-I", str(SHOP), served, app_token(), SECRET]
    ended = run(words, 30, env)
    assert ended.status == 0, ended.errors[-2000:]
    saw = json.loads(ended.output)
    assert saw["token"] == ["konbini", "one_time", "PT168H"]
    assert saw["seen"] == ["pending", "awaiting", "successful"]
    assert re.fullmatch(r"[0-9]{13}", saw["metadata"][NUMBER])
    assert saw["metadata"][URL].startswith(served)
    assert saw["paid"] == [1100, "JPY"]
    assert saw["refused"] == [400, "REFUND_NOT_ALLOWED"]
    assert saw["listed"] == [1, False, 1]
    same, headers = saw["replayed"]
    assert same
    assert headers["idempotency-status"] == "retrieved_idempotent_response"
    books = told(f"{served}/_mock/ledger")
    assert books["balanced"]
    assert books["balances"]["merchant"] == 1100
    assert told(f"{served}/_mock")["faults"] == []


def test_the_sdk_is_pinned_with_hashes_and_names_no_host() -> None:
    """As every file of constraints."""
    pins = PINS.read_text(encoding="utf-8")
    assert "univapay-client-sdk==1.2.3 \\\n" in pins
    assert "://" not in pins
    assert "--index" not in pins
