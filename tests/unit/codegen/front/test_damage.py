"""Damaged documents end in findings or one clear error, never in a traceback."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen import linting as lint
from codegen.diffing import compare
from codegen.linting.spec import Spec
from codegen.normalising import normalise, run
from codegen.problems import SpecError
from codegen.reading import tree
from codegen.reading.load import read_yaml
from codegen.reading.tree import Json

FIXTURES = Path(__file__).parent / "fixtures"
ODD: list[Any] = [
    None, True, 3, -1, 1.5, "x", "", [], {}, ["x"], {"a": 1}, [{}], [[]], {"$ref": "#/nope"},
    {"$ref": 3}, {"$ref": "#/components/schemas/State"}, {"type": "object"},
    {"oneOf": [{}, {}]}, {"enum": [1, "a", None]}, "#/components/schemas/State",
]  # fmt: skip


def _places(value: Json, pointer: str = "") -> Iterator[str]:
    children: list[tuple[str | int, Json]] = []
    if isinstance(value, dict):
        children += value.items()
    elif isinstance(value, list):
        children += enumerate(value)
    for key, child in children:
        yield tree.join(pointer, key)
        yield from _places(child, tree.join(pointer, key))


def _damage(document: dict[str, Any], chance: random.Random) -> None:
    """Remove or replace up to three values anywhere in the document."""
    for _ in range(chance.randint(1, 3)):
        steps = tree.split(chance.choice(list(_places(document))))
        holder: Any = tree.get(document, tree.join("", *steps[:-1]))
        key: Any = int(steps[-1]) if isinstance(holder, list) else steps[-1]
        if chance.random() < 0.3:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(ODD))


def _survives(document: dict[str, Any], whole: dict[str, Any]) -> int:
    """How much was found; anything but SpecError goes up."""
    found = 0
    try:
        found += len(list(lint.check(Spec(copy.deepcopy(document)))))
        work = run(document)
        found += len(work.problems) + len(work.repairs)
        if not any(problem.code == "ref" for problem in work.problems):
            found += len(compare(whole, work.document))
        normalise(document)
    except SpecError as error:
        found += 1 if "\n" not in str(error) else -1000
    return found


@pytest.mark.parametrize("name", ["clean", "vendor"])
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_document_is_told_about(name: str, seed: int) -> None:
    chance = random.Random(f"{name} {seed}")
    whole = read_yaml(FIXTURES / f"{name}.yaml")
    normal = run(whole).document
    found: list[int] = []
    for _ in range(8):
        damaged = copy.deepcopy(whole)
        _damage(damaged, chance)
        found.append(_survives(damaged, normal))
    assert min(found) >= 0
    assert sum(found) > len(found)


def test_damaged_text_is_one_line_with_its_place(tmp_path: Path) -> None:
    text = (FIXTURES / "clean.yaml").read_text(encoding="utf-8")[:1500]
    path = tmp_path / "spec.yaml"
    chance = random.Random(1)
    refused: list[str] = []
    for _ in range(80):
        at = chance.randrange(len(text))
        path.write_text(
            text[:at] + chance.choice("[]{}:\t\"'&*!|>%@`\x00\x07") + text[at:], "utf-8"
        )
        try:
            read_yaml(path)
        except SpecError as error:
            refused.append(str(error))
    assert len(refused) > 20
    assert all(said.startswith(f"{path}:") and "\n" not in said for said in refused)
