"""The manual's five levels, daily files, and how long they are kept."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from kessai import ConfigurationError
from kessai_paytree.keys import LEVELS
from kessai_paytree.logs import DailyFile, Level, Log

NEW_YEAR = 1767193199.0  # 2025-12-31 23:59:59 in Japan


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.now = NEW_YEAR

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def test_the_levels_are_the_manuals() -> None:
    assert {level.name.capitalize(): int(level) for level in Level} == LEVELS


@pytest.mark.parametrize("chosen", Level)
def test_a_level_and_those_of_smaller_value(chosen: Level, tmp_path: Path, clock: Clock) -> None:
    log = Log(chosen, DailyFile(tmp_path, wall=clock))
    for level in Level:
        log.write(level, "said", n=int(level))
    log.close()
    (path,) = tmp_path.iterdir()
    assert path.name == "WbCPSPay.20251231.log"
    assert lines(path) == [
        f"2025-12-31T23:59:59.000+09:00 {level.name.capitalize():<11} said n={int(level)}"
        for level in Level
        if level <= chosen
    ]


def test_loggings_own_levels(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "kessai_paytree")
    log = Log(Level.TRANSACTION)
    for level in Level:
        log.write(level, "said")
    assert [(record.levelname, record.paytree_level) for record in caplog.records] == [  # type: ignore[attr-defined]
        ("INFO", "Basic"),
        ("ERROR", "Error"),
        ("WARNING", "Warning"),
        ("INFO", "Sequence"),
        ("DEBUG", "Transaction"),
    ]
    caplog.clear()
    caplog.set_level(logging.WARNING, "kessai_paytree")
    assert not log.wants(Level.SEQUENCE)
    log.write(Level.SEQUENCE, "said")
    log.write(Level.ERROR, "said", code=None, order_id="1")
    assert [record.getMessage() for record in caplog.records] == ["said order_id=1"]


def test_a_file_for_each_day_and_old_ones_go(tmp_path: Path, clock: Clock) -> None:
    for name in ("20251201", "20251229", "20251230", "20259999"):
        (tmp_path / f"WbCPSPay.{name}.log").write_text("old\n")
    (tmp_path / "WbCPSPay.conf").write_text("kept")
    (tmp_path / "other.20251201.log").write_text("kept")
    log = Log(Level.BASIC, DailyFile(tmp_path, expire_days=2, wall=clock))
    log.write(Level.BASIC, "before midnight")
    assert not (tmp_path / "WbCPSPay.20251201.log").exists()
    assert (tmp_path / "WbCPSPay.20251229.log").exists()
    clock.now += 1
    log.write(Level.BASIC, "after midnight")
    log.close()
    assert {path.name for path in tmp_path.iterdir()} == {
        "WbCPSPay.20251230.log",
        "WbCPSPay.20251231.log",
        "WbCPSPay.20260101.log",
        "WbCPSPay.20259999.log",
        "WbCPSPay.conf",
        "other.20251201.log",
    }
    assert lines(tmp_path / "WbCPSPay.20260101.log") == [
        "2026-01-01T00:00:00.000+09:00 Basic       after midnight"
    ]


def test_none_goes_unless_told_and_files_are_added_to(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "WbCPSPay.19990101.log").write_text("old\n")
    for _ in range(2):
        log = Log(Level.BASIC, DailyFile(tmp_path, wall=clock))
        log.write(Level.BASIC, "opened")
        log.close()
    assert (tmp_path / "WbCPSPay.19990101.log").exists()
    assert len(lines(tmp_path / "WbCPSPay.20251231.log")) == 2


def test_one_entry_is_one_line(tmp_path: Path, clock: Clock) -> None:
    log = Log(Level.BASIC, DailyFile(tmp_path, wall=clock))
    log.write(Level.BASIC, "said", text="a\r\nb\u2028\x1b[31m", long="x" * 1000, japanese="金")
    log.close()
    (line,) = lines(tmp_path / "WbCPSPay.20251231.log")
    assert "text=a\\x0d\\x0ab\\x2028\\x1b[31m" in line
    assert "x" * 200 + "..." in line
    assert "japanese=金" in line


def test_a_log_that_cannot_be_opened(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot be opened"):
        DailyFile(tmp_path / "file", wall=clock)


def test_a_handler_of_the_programs_that_fails_costs_no_sale() -> None:
    class Broken(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            raise ZeroDivisionError

    handler, logger = Broken(), logging.getLogger("kessai_paytree")
    logger.addHandler(handler)
    try:
        Log(Level.BASIC).write(Level.ERROR, "said")
        Log(Level.ERROR).write(Level.ERROR, "said")
    finally:
        logger.removeHandler(handler)


def test_a_disk_that_fills_up_costs_no_sale(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = Log(Level.BASIC, DailyFile(tmp_path / "log", wall=clock))
    monkeypatch.setattr(logging, "raiseExceptions", False)
    clock.now += 1
    (tmp_path / "log" / "WbCPSPay.20260101.log").mkdir()
    log.write(Level.BASIC, "after midnight")
    log.close()
