"""`python -m tests.unit.codegen.back.golden`: write the expected output of the tiny spec anew.

Read the difference before committing it: it is what every generated package will change by.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from codegen.generate import produce
from tests.unit.codegen.back.tiny import EXPECTED, workspace


def records() -> dict[str, str]:
    """What generating the tiny spec gives, by path; the lock, which names hashes, left out."""
    with tempfile.TemporaryDirectory() as folder:
        files = produce("tiny", workspace(Path(folder))).files
    return {name: text for name, text in files.items() if _recorded(name)}


def _recorded(name: str) -> bool:
    return not name.endswith((".lock", "LICENSE", "py.typed"))


def write() -> None:
    """Replace the expected tree. Files end in .txt, so that no tool takes them for sources."""
    shutil.rmtree(EXPECTED, ignore_errors=True)
    for name, text in records().items():
        path = EXPECTED / f"{name}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


if __name__ == "__main__":
    write()
