"""Reading YAML: JSON types only, duplicates refused with their line."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.problems import SpecError
from codegen.reading.load import read_yaml


def _file(folder: Path, text: str) -> Path:
    path = folder / "spec.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: yes", "yes"),
        ("a: on", "on"),
        ("a: true", True),
        ("a: ~", None),
        ("a:", None),
        ("a: 2026-01-05", "2026-01-05"),
        ("a: 012", 12),
        ("a: '012'", "012"),
        ("a: 0o17", 15),
        ("a: 0x1F", 31),
        ("a: 1_000", "1_000"),
        ("a: 1:30", "1:30"),
        ("a: 1.50", 1.5),
        ("a: 1e3", 1000.0),
        ("a: .5", 0.5),
        ("a: -3", -3),
        ("a: 決済", "決済"),
        ("a: |\n  two\n  lines\n", "two\nlines\n"),
        ('{"a": [1, null, {"b": "c"}]}', [1, None, {"b": "c"}]),
    ],
)
def test_values_are_read_as_yaml_1_2(tmp_path: Path, text: str, value: object) -> None:
    found = read_yaml(_file(tmp_path, text))["a"]
    assert found == value
    assert type(found) is type(value)


def test_number_keys_become_text(tmp_path: Path) -> None:
    assert read_yaml(_file(tmp_path, "200: a\n404: b\n007: c\n")) == {
        "200": "a",
        "404": "b",
        "007": "c",
    }


def test_an_alias_is_a_copy(tmp_path: Path) -> None:
    found = read_yaml(_file(tmp_path, "a: &x {b: [1]}\nc: *x\n"))
    found["c"]["b"].append(2)
    assert found["a"] == {"b": [1]}


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", 5, "duplicate key 'c' (first on line 3)"),
        ("a: 1\n'a': 2\n", 2, "duplicate key 'a'"),
        ("200: a\n'200': b\n", 2, "duplicate key '200'"),
        ("a: &x {b: 1}\nc:\n  <<: *x\n", 3, "merge key"),
        ("a: !!python/name:os.system x\n", 1, "means nothing in JSON"),
        ("a: !money 12\n", 1, "means nothing in JSON"),
        ("a: !!set {b, c}\n", 1, "means nothing in JSON"),
        ("a: .nan\n", 1, "no JSON number"),
        ("a: -.inf\n", 1, "no JSON number"),
        ("a: [1, 2\nb: 3\n", 2, "expected"),
        ("a: &x [*x]\n", 1, "an alias contains itself"),
        ("? [a, b]\n: 1\n", 1, "a key is no text"),
        ("true: 1\n", 1, "a key is no text"),
        ("- a\n- b\n", 1, "no object"),
    ],
)
def test_what_json_does_not_know_is_refused(
    tmp_path: Path, text: str, line: int, cause: str
) -> None:
    with pytest.raises(SpecError) as caught:
        read_yaml(_file(tmp_path, text))
    assert f"spec.yaml:{line}: " in caught.value.cause
    assert cause in caught.value.cause
    assert caught.value.remedy


def test_files_that_cannot_be_read_are_one_line(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no such file; check the path"):
        read_yaml(tmp_path / "missing.yaml")
    with pytest.raises(SpecError, match="is empty"):
        read_yaml(_file(tmp_path, "# nothing\n"))
    (tmp_path / "sjis.yaml").write_bytes("a: 決済".encode("cp932"))
    with pytest.raises(SpecError, match="save it as UTF-8"):
        read_yaml(tmp_path / "sjis.yaml")
