"""The log: the manual's five levels over the standard library's logging, and its daily files.

What is written is chosen member by member: never a customer's code, a key, a signature or a remark.

============== ========================================================== ==================
level          what                                                       logging's own
============== ========================================================== ==================
0 Basic        a client was opened, was closed                            ``INFO``
1 Error        errors of the program, and errors the gateway answered     ``ERROR``
2 Warning      flaws that do not hinder                                   ``WARNING``
3 Sequence     each request and what came of it                           ``INFO``
4 Transaction  every exchange with the gateway                            ``DEBUG``
============== ========================================================== ==================

The chosen level and all with a smaller value are written. Records go to the logger
``kessai_paytree`` with ``paytree_level`` on each; what becomes of them there is the program's to
say. A folder given as ``log_directory`` gets ``WbCPSPay.{date}.log`` besides, a file for each day
in Japan; files older than ``log_expire`` days are removed (0: none).

Source: WbPay library specification 1.0, section 2.5.
"""

from __future__ import annotations

import contextlib
import logging
import re
import threading
from datetime import UTC, date, datetime, timedelta, timezone
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from kessai.errors import ConfigurationError

if TYPE_CHECKING:
    import os
    from collections.abc import Callable
    from io import TextIOWrapper

__all__ = ["LOGGER", "DailyFile", "Level", "Log"]

LOGGER: Final = "kessai_paytree"
_JAPAN = timezone(timedelta(hours=9))
_OURS = re.compile(r"WbCPSPay\.([0-9]{8})\.log")


class Level(IntEnum):
    """The manual's levels, by value."""

    BASIC = 0
    ERROR = 1
    WARNING = 2
    SEQUENCE = 3
    TRANSACTION = 4


_PYTHONS: Final = {
    Level.BASIC: logging.INFO,
    Level.ERROR: logging.ERROR,
    Level.WARNING: logging.WARNING,
    Level.SEQUENCE: logging.INFO,
    Level.TRANSACTION: logging.DEBUG,
}


class Log:
    """Writes what the chosen level lets through. Threads may share it."""

    __slots__ = ("_file", "_logger", "level")

    def __init__(self, level: Level = Level.ERROR, file: DailyFile | None = None) -> None:
        self.level: Level = level
        self._file = file
        self._logger = logging.getLogger(LOGGER)
        if not self._logger.handlers:
            # A library writes nothing of its own accord: without this, errors go to stderr.
            self._logger.addHandler(logging.NullHandler())

    def wants(self, level: Level) -> bool:
        """Whether an entry of that level would be written anywhere."""
        return level <= self.level and (
            self._file is not None or self._logger.isEnabledFor(_PYTHONS[level])
        )

    def write(self, level: Level, text: str, /, **members: object) -> None:
        """Write one line: a text, and members by name. Members that are None are left out.

        Whoever calls this answers for it that nothing secret is among them.
        """
        if not self.wants(level):
            return
        said = [f"{name}={_plain(value)}" for name, value in members.items() if value is not None]
        number = _PYTHONS[level]
        record = self._logger.makeRecord(
            LOGGER, number, __file__, 0, " ".join([text, *said]), (), None
        )
        record.paytree_level = level.name.capitalize()
        if self._file is not None:
            self._file.handle(record)
        if self._logger.isEnabledFor(number):
            # Handlers are the program's: one that raises must not break a payment in two.
            with contextlib.suppress(Exception):
                self._logger.handle(record)

    def close(self) -> None:
        """Close the file of the day."""
        if self._file is not None:
            self._file.close()


class DailyFile(logging.Handler):
    """``WbCPSPay.{date}.log`` in ``directory``, a file for each day by the clock in Japan.

    A file that cannot be opened at the start raises ConfigurationError; later, logging's own rule
    holds (``logging.raiseExceptions``): a full disk must not cost a sale.
    """

    def __init__(
        self,
        directory: str | os.PathLike[str],
        *,
        expire_days: int = 0,
        wall: Callable[[], float],
    ) -> None:
        super().__init__()
        self.directory: Path = Path(directory)
        self._expire_days = expire_days
        self._wall = wall
        self._lock = threading.Lock()
        self._day: date | None = None
        self._stream: TextIOWrapper | None = None
        self.setFormatter(logging.Formatter("%(message)s"))
        try:
            self.directory.mkdir(parents=True, exist_ok=True)
            self._turn(self._today())
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise ConfigurationError(
                f"the log in {self.directory} cannot be opened: {reason}"
            ) from None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line with the time of the record, its level and its text."""
        try:
            with self._lock:
                self._turn(self._today())
                when = datetime.fromtimestamp(self._wall(), UTC).astimezone(_JAPAN)
                level = getattr(record, "paytree_level", record.levelname)
                stream = self._stream
                if stream is not None:
                    stream.write(
                        f"{when.isoformat(timespec='milliseconds')} {level:<11} "
                        f"{self.format(record)}\n"
                    )
                    stream.flush()
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            stream, self._stream, self._day = self._stream, None, None
        if stream is not None:
            stream.close()
        super().close()

    def _today(self) -> date:
        return datetime.fromtimestamp(self._wall(), UTC).astimezone(_JAPAN).date()

    def _turn(self, today: date) -> None:
        """Begin the file of the day, and remove those that are too old."""
        if self._day == today:
            return
        if self._stream is not None:
            self._stream.close()
        path = self.directory / f"WbCPSPay.{today:%Y%m%d}.log"
        self._stream = path.open("a", encoding="utf-8", errors="backslashreplace")
        self._day = today
        if self._expire_days > 0:
            self._expire(today - timedelta(days=self._expire_days))

    def _expire(self, last: date) -> None:
        for path in self.directory.iterdir():
            named = _OURS.fullmatch(path.name)
            if named is None:
                continue
            try:
                day = datetime.strptime(named[1], "%Y%m%d").replace(tzinfo=UTC).date()
                if day < last:
                    path.unlink()
            except (OSError, ValueError):
                continue  # no date, or held open by somebody: tomorrow again


def _plain(value: object) -> str:
    """A value on one line: what a gateway says may hold anything."""
    text = str(value)
    if len(text) > 200:
        text = text[:200] + "..."
    return "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text)
