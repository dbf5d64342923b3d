"""One client at a time on a machine, whoever dies and however."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from kessai import ConfigurationError
from kessai_paytree.lock import AlreadyRunningError, MachineLock

HOLD = """
import sys
from kessai_paytree.lock import MachineLock
lock = MachineLock(sys.argv[1] or None, directory=sys.argv[2])
print("held", flush=True)
sys.stdin.read()
"""
FORK = """
import os, sys
from kessai_paytree.lock import MachineLock
lock = MachineLock(directory=sys.argv[2])
child = os.fork()
if child == 0:
    assert not lock.held
    sys.stdin.read()
    os._exit(0)
print("held", child, flush=True)
sys.stdin.read()
"""


@contextmanager
def another(
    directory: Path, terminal: str = "", code: str = HOLD
) -> Generator[subprocess.Popen[str], None, None]:
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", code, terminal, str(directory)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        assert process.stdout.readline().startswith("held")
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def test_the_second_is_told_who_is_the_first(tmp_path: Path) -> None:
    with another(tmp_path) as process:
        with pytest.raises(AlreadyRunningError) as caught:
            MachineLock(directory=tmp_path)
        assert caught.value.holder is not None
        assert caught.value.holder.startswith(f"process {process.pid}, ")
        assert caught.value.holder in str(caught.value)
        assert isinstance(caught.value, ConfigurationError)


def test_a_killed_holder_leaves_nothing_behind(tmp_path: Path) -> None:
    with another(tmp_path) as process:
        process.send_signal(signal.SIGKILL if os.name != "nt" else signal.SIGTERM)
        process.wait()
        lock = MachineLock(directory=tmp_path)
        assert lock.held
        assert f"process {os.getpid()}, " in lock.path.read_text(encoding="utf-8")
        lock.close()


def test_two_in_one_process_are_two(tmp_path: Path) -> None:
    first = MachineLock(directory=tmp_path)
    with pytest.raises(AlreadyRunningError):
        MachineLock(directory=tmp_path)
    first.close()
    assert not first.held
    first.close()
    second = MachineLock(directory=tmp_path)
    assert second.held
    second.close()


def test_a_place_for_each_terminal(tmp_path: Path) -> None:
    with another(tmp_path, "TILL1"):
        with pytest.raises(AlreadyRunningError, match="for terminal TILL1"):
            MachineLock("TILL1", directory=tmp_path)
        for lock in (MachineLock("TILL2", directory=tmp_path), MachineLock(directory=tmp_path)):
            lock.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_forked_child_does_not_hold_it(tmp_path: Path) -> None:
    with another(tmp_path, code=FORK) as process:
        with pytest.raises(AlreadyRunningError):
            MachineLock(directory=tmp_path)
        process.kill()
        process.wait()
        lock = MachineLock(directory=tmp_path)  # the child lives on, until its input is closed
        lock.close()


def test_a_file_of_another_user_can_be_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open
    (tmp_path / "kessai-paytree.lock").write_text("process 1, till.exe\nsince then")

    def strict(path: str, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_RDWR:
            raise PermissionError(13, "not yours")
        return real(path, flags, mode)

    monkeypatch.setattr(os, "open", strict)
    first = MachineLock(directory=tmp_path)
    with pytest.raises(AlreadyRunningError, match=r"\(process 1, till\.exe since then\)"):
        MachineLock(directory=tmp_path)
    first.close()


def test_where_no_lock_can_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="lock_directory"):
        MachineLock(directory=tmp_path / "none")
    (tmp_path / "kessai-paytree.lock").mkdir()
    with pytest.raises(ConfigurationError, match="lock_directory"):
        MachineLock(directory=tmp_path)
    with pytest.raises(ConfigurationError, match="letters and digits"):
        MachineLock("../other", directory=tmp_path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("precious")
    (tmp_path / "kessai-paytree.lock").symlink_to(tmp_path / "target")
    with pytest.raises(ConfigurationError, match="cannot be locked"):
        MachineLock(directory=tmp_path)
    assert (tmp_path / "target").read_text() == "precious"


def test_all_programs_agree_on_the_place() -> None:
    lock = MachineLock("KESSAITEST001")
    try:
        assert lock.path.is_absolute()
        assert lock.path.parent == Path("/tmp") or os.name == "nt"
    finally:
        lock.close()
        lock.path.unlink()
