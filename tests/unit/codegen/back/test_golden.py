"""The output of the tiny spec, byte by byte: a change of a template shows here first."""

from __future__ import annotations

from tests.unit.codegen.back.golden import records
from tests.unit.codegen.back.tiny import EXPECTED


def test_the_output_is_as_recorded() -> None:
    """If the change is meant: python -m tests.unit.codegen.back.golden, and read the diff."""
    expected = {
        path.relative_to(EXPECTED).as_posix().removesuffix(".txt"): path.read_bytes().decode()
        for path in EXPECTED.rglob("*.txt")
    }
    found = records()
    assert sorted(found) == sorted(expected)
    changed = [name for name, text in found.items() if expected[name] != text]
    assert changed == []
