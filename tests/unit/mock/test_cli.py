"""The command kessai-mock: help, one-line mistakes, a ready line, a clean end."""

from __future__ import annotations

import signal
import subprocess
import sys
import urllib.request

import pytest
from click.testing import CliRunner
from kessai_mock.cli import main
from kessai_mock.server import bind


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--help"], "gmo"),
        (["gmo", "--help"], "--in-flight"),
        (["gmo", "-h"], "0 takes a free port"),
    ],
)
def test_help(arguments: list[str], said: str) -> None:
    """At both levels."""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0
    assert said in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--host", "0.0.0.0"], "Error: 0.0.0.0 is not a loopback address; use 127.0.0.1"),
        (["--port", "70000"], "70000 is not in the range 0<=x<=65535"),
        (["--port", "x"], "'x' is not a valid integer"),
        (["--in-flight", "0"], "0 is not in the range x>=1"),
        (["--webhook-repeats", "6"], "6 is not in the range 0<=x<=5"),
        (["--webhook-stop", "night"], "give two times of day, as 01:00-05:30"),
        (["--webhook-stop", "01:00"], "give two times of day"),
        (["--nosuch"], "No such option"),
        (["more"], "unexpected extra argument"),
    ],
)
def test_mistakes_are_one_line(arguments: list[str], said: str) -> None:
    """What is wrong and what would be right, on standard error."""
    result = CliRunner().invoke(main, ["gmo", *arguments])
    assert result.exit_code != 0
    (line,) = result.stderr.splitlines()
    assert said in line
    assert "; see `" in line or "; use " in line
    assert result.stdout == ""


def test_a_gateway_that_is_not_mocked() -> None:
    """Its name comes back."""
    result = CliRunner().invoke(main, ["nosuch"])
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: No such command 'nosuch'")
    assert line.endswith("--help`")


def test_a_port_in_use_is_a_mistake_too() -> None:
    """With the remedy."""
    with bind("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["gmo", "--port", str(port)])
    assert result.exit_code == 1
    (line,) = result.output.splitlines()
    assert line.startswith(f"Error: cannot listen on 127.0.0.1 port {port}")
    assert line.endswith("try --port 0")


@pytest.mark.socket
def test_it_says_when_it_is_ready_and_ends_on_interrupt() -> None:
    """One line with the address; Ctrl-C is no failure."""
    words = [sys.executable, "-m", "kessai_mock", "gmo", "--port", "0", "--seed", "5"]
    # A shell may have given its background children a SIGINT that is ignored.
    undo = "import signal,sys;signal.signal(signal.SIGINT,signal.default_int_handler);"
    words[1:3] = ["-c", undo + "from kessai_mock.__main__ import main;main()"]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        ready = process.stdout.readline()
        assert ready.startswith("kessai-mock gmo is ready on http://127.0.0.1:")
        url = ready.split()[5]
        with urllib.request.urlopen(f"{url}/_mock", timeout=30) as answer:
            assert b'"seed":5' in answer.read()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out, err) == (0, "stopped\n", "")
