"""Interleaved measuring: every contender in turn, round after round, medians of the ratios."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from typing import NamedTuple

Work = Callable[[], object]


class Row(NamedTuple):
    """One contender against its peer: medians over all rounds, in microseconds, and the ratio."""

    bench: str
    contender: str
    peer: str
    microseconds: float
    peer_microseconds: float
    ratio: float
    aim: float | None


def compare(
    bench: str,
    contenders: Mapping[str, Work],
    *,
    peer: str,
    calls: int,
    rounds: int,
    aims: Mapping[str, float] | None = None,
    progress: Callable[[], object] = lambda: None,
) -> list[Row]:
    """Time each contender `rounds` times over `calls` calls, in turn, against `peer`.

    The ratio is the median of the ratios of each round, so that a machine whose speed
    drifts does not favour whoever ran at the better moment.
    """
    names = list(contenders)
    for work in contenders.values():
        for _ in range(max(1, calls // 10)):
            work()
    times: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            # Whoever runs first in a round meets a colder cache: take turns at that too.
            for name in names[turn % len(names) :] + names[: turn % len(names)]:
                times[name].append(_time(contenders[name], calls))
            progress()
    finally:
        gc.enable()
    return [
        Row(
            bench,
            name,
            peer,
            statistics.median(times[name]) * 1e6,
            statistics.median(times[peer]) * 1e6,
            statistics.median(a / b for a, b in zip(times[name], times[peer], strict=True)),
            (aims or {}).get(name),
        )
        for name in names
        if name != peer
    ]


def _time(work: Work, calls: int) -> float:
    """Seconds per call."""
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls
