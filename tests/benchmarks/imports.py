"""What importing a client costs, against importing the HTTP library alone."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable

from tests.benchmarks.measure import Row

_PROGRAM = """
import sys, time
start = time.perf_counter()
import {module}
seconds = time.perf_counter() - start
models = sum(name.startswith("kessai_gmo_api.models.") for name in sys.modules)
print(seconds, models)
"""


def _import_once(module: str) -> tuple[float, int]:
    """Import `module` in a fresh process: seconds, and how many model modules came along."""
    words = [sys.executable, "-I", "-c", _PROGRAM.format(module=module)]
    seconds, models = subprocess.run(
        words, capture_output=True, text=True, check=True
    ).stdout.split()
    return float(seconds), int(models)


def run(progress: Callable[[], object], *, rounds: int) -> list[Row]:
    """Measure both imports in turn, in processes of their own."""
    ours: list[float] = []
    theirs: list[float] = []
    loaded = 0
    for _ in range(2):  # the first import writes byte code
        _import_once("kessai_gmo")
    for _ in range(rounds):
        theirs.append(_import_once("httpx2")[0])
        seconds, loaded = _import_once("kessai_gmo")
        ours.append(seconds)
        progress()
    return [
        Row(
            f"import ({loaded} model modules loaded)",
            "kessai_gmo",
            "httpx2",
            statistics.median(ours) * 1e6,
            statistics.median(theirs) * 1e6,
            statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
            1.3,
        )
    ]
