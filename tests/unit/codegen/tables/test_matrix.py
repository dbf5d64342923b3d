"""Service x command, as it is printed into a README."""

from __future__ import annotations

from pathlib import Path

import pytest

from codegen.cli import main
from codegen.tables.matrix import matrix

SERVICE = "service: {name}\ncommands:\n{commands}"


def write(folder: Path, **services: str) -> Path:
    (folder / "services").mkdir(parents=True)
    for name, commands in services.items():
        lines = "".join(f"  {command}: {{}}\n" for command in commands.split())
        text = SERVICE.format(name=name, commands=lines)
        (folder / "services" / f"{name}.yaml").write_text(text)
    return folder


def test_what_three_services_have_is_a_column(tmp_path: Path) -> None:
    folder = write(
        tmp_path, card="Pay ReAuthorize Undo", bank="Pay Undo", cvs="Pay", ask="GetResult"
    )
    assert matrix(folder) == (
        "| service | Pay | others |\n"
        "|---|---|---|\n"
        "| `ask` | - | `get_result` |\n"
        "| `bank` | `pay` | `undo` |\n"
        "| `card` | `pay` | `re_authorize`, `undo` |\n"
        "| `cvs` | `pay` | - |\n"
    )


def test_what_has_another_body_is_no_command(tmp_path: Path) -> None:
    folder = write(tmp_path, a="Pay", b="Pay", c="Pay")
    plain = "service: token\ncommands:\n  token: {plain: true}\n"
    (folder / "services" / "token.yaml").write_text(plain)
    assert "token" not in matrix(folder)


def test_the_command_prints_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path / "specs" / "kaede", a="Pay", b="Pay", c="Pay")
    assert main(["tables", "kaede", "--matrix", "--root", str(tmp_path)]) == 0
    assert capsys.readouterr().out == matrix(tmp_path / "specs" / "kaede")
    assert not (tmp_path / "specs" / "kaede" / "openapi.yaml").exists()
