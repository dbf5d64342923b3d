"""One client at a time on a machine: a lock that the operating system drops with its holder.

The manual allows one instance on a host machine. The lock is the operating system's own on a file
(``flock``, on Windows ``msvcrt.locking``), so that a killed program leaves nothing behind. The file
says who holds it, for the message to the next one; it stays, and means nothing by itself.

Per terminal instead of per machine is assumed to do no harm where one machine serves several
terminals: PAYTREE tells them apart by TerminalUniquId.

Source: WbPay library specification 1.0, section 3.1 (WbCPSPay).
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from datetime import datetime
from pathlib import Path
from typing import Final

from kessai.errors import ConfigurationError

__all__ = ["AlreadyRunningError", "MachineLock"]

#: Where the byte lies that Windows locks: behind everything that is written, or nobody could read
#: who holds it.
_FAR: Final = 1 << 20
_NAME = re.compile(r"[0-9A-Za-z]+")


class AlreadyRunningError(ConfigurationError):
    """Another client runs on this machine or for this terminal; ``holder``: which, if known."""

    def __init__(self, message: str, *, holder: str | None) -> None:
        self.holder: str | None = holder
        super().__init__(message)


class MachineLock:
    """Holds the place of the one client; made once, closed once.

    ``terminal``: the id of the terminal, for a place per terminal; None for one per machine.
    ``directory``: where the file lies, which all programs have to agree on: by default
    ``%ProgramData%`` on Windows, ``/tmp`` elsewhere (not ``$TMPDIR``, which may be one's own).

    Raises AlreadyRunningError when the place is taken, ConfigurationError where there can be no
    lock. A child made by fork does not hold it, however its parent ends.
    """

    def __init__(
        self, terminal: str | None = None, *, directory: str | os.PathLike[str] | None = None
    ) -> None:
        if terminal is not None and _NAME.fullmatch(terminal) is None:
            raise ConfigurationError("a terminal's id is made of ASCII letters and digits")
        name = "kessai-paytree" if terminal is None else f"kessai-paytree-{terminal}"
        self.path: Path = Path(_shared() if directory is None else directory) / f"{name}.lock"
        self._where = "on this machine" if terminal is None else f"for terminal {terminal}"
        self._file: int | None = _open(self.path)
        try:
            taken = _take(self._file)
        except OSError as error:
            self.close()
            raise _no_lock(self.path, error) from None
        if not taken:
            holder = _holder(self._file)
            os.close(self._file)
            self._file = None
            raise AlreadyRunningError(
                f"another PAYTREE client runs {self._where}"
                + (f" ({holder})" if holder else "")
                + "; close it first. One program may hold one client, and share it",
                holder=holder,
            )
        _introduce(self._file)
        from kessai.forks import after_forks

        after_forks(self)

    @property
    def held(self) -> bool:
        """Whether this object holds the place."""
        return self._file is not None

    def close(self) -> None:
        """Give the place to the next one. It cannot be taken again with this object."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(file, 0)
            os.close(file)

    def forked(self) -> None:
        """In a forked child: let go without freeing the parent's place."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def __repr__(self) -> str:
        return f"<MachineLock {self.path} {'held' if self.held else 'closed'}>"


def _shared() -> Path:
    """A folder that all programs and users of this machine share."""
    if sys.platform == "win32":
        import tempfile

        return Path(os.environ.get("PROGRAMDATA") or tempfile.gettempdir())
    return Path("/tmp")  # noqa: S108 - opened without following links, and never believed


def _open(path: Path) -> int:
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o666)
    except PermissionError:
        with contextlib.suppress(OSError):  # another user's: it can be locked, not written
            return os.open(path, os.O_RDONLY | flags)
        raise ConfigurationError(
            f"{path} cannot be opened for the lock of the one client; give this program's account "
            "read access, or pass lock_directory"
        ) from None
    except OSError as error:
        raise _no_lock(path, error) from None


def _no_lock(path: Path, error: OSError) -> ConfigurationError:
    reason = error.strerror or type(error).__name__
    return ConfigurationError(
        f"{path} cannot be locked: {reason}; pass lock_directory with a folder on a local disk "
        "that all programs of this machine share"
    )


def _introduce(file: int) -> None:
    """Write down who holds it; for people, so that failing does no harm."""
    started = datetime.now().astimezone().isoformat(timespec="seconds")
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    text = f"process {os.getpid()}, {program[:60]}, since {started}"
    with contextlib.suppress(OSError):
        os.ftruncate(file, 0)
        os.lseek(file, 0, os.SEEK_SET)
        os.write(file, text.encode("utf-8", "replace"))


def _holder(file: int) -> str | None:
    try:
        os.lseek(file, 0, os.SEEK_SET)
        text = os.read(file, 300).decode("utf-8", "replace").strip()
    except OSError:
        return None
    return "".join(letter if letter.isprintable() else " " for letter in text) or None


if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> bool:
        os.lseek(file, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        return True
else:
    import fcntl

    def _take(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
