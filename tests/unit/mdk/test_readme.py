"""The package's README runs as it stands, against a script, and says what the spec says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import kessai_mdk
import pytest
from kessai_mdk import refusals
from kessai_mdk.reading import KEYS

from codegen.tables.matrix import matrix
from tests.unit.mdk.scripted import CCID, COMMANDS, SECRET, TOKEN, Script, said

ROOT = Path(__file__).parents[3]
README = (ROOT / "overlays/mdk/README.md").read_text(encoding="utf-8")
BEFORE, _, REST = README.partition("\n## Coming back\n")
OURS = BEFORE + "\n## " + REST.partition("\n## ")[2]
BLOCKS = re.findall(r"```python\n(.*?)```", OURS, re.DOTALL)

PROPERTIES = f"""\
[Service]
DUMMY_REQUEST = 1
[Connection]
MERCHANT_CC_ID = {CCID}
MERCHANT_SECRET_KEY = {SECRET}
"""


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = Script(
        said(),
        said(),
        said(),
        said("success", "G001000000000000", resResponseContents="<html>"),
        said("success", "G021000000000000", cardMstatus="success", mpiMstatus="success"),
    )
    done: list[Any] = []
    clients: list[Any] = []

    def client(*credentials: str, **options: Any) -> Any:
        clients.append((credentials, options))
        return script.client(**({} if credentials else options))

    monkeypatch.setattr(kessai_mdk, "MdkClient", client)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "3GPSMDK.properties").write_text(PROPERTIES)
    for line in PROPERTIES.splitlines():
        name, equals, value = line.partition(" = ")
        if equals:
            monkeypatch.setenv(f"KESSAI_MDK_{name}", value)
    names: dict[str, Any] = {
        "ccid": CCID,
        "secret": SECRET,
        "token_of_the_browser": TOKEN,
        "send_as_it_is": done.append,
    }
    assert len(BLOCKS) == 3
    for block in BLOCKS:
        exec(compile(block, "README.md", "exec"), names)
    assert script.paths == [
        "Authorize/card",
        "Capture/card",
        "Cancel/card",
        "Authorize/mpi",
        "GetResult/mpi",
    ]
    assert done == ["<html>"]
    assert names["paid"] is True
    assert clients[0] == ((CCID, SECRET), {"environment": "sandbox"})
    assert [options["settings"].merchant_ccid for _, options in clients[1:]] == [CCID, CCID]


def test_the_table_of_commands_is_the_specs() -> None:
    table = matrix(ROOT / "specs" / "mdk")
    assert table in README
    methods = re.findall(r"`([a-z_]+)`", table)
    assert len(methods) == len(COMMANDS) + 13


def test_every_error_and_every_key_is_there() -> None:
    for name in refusals.__all__:
        assert f"`{name}`" in README, name
    for key in KEYS:
        assert f"`{key}`" in README, key


def test_the_management_screen_is_named() -> None:
    """An agreement may end behind the shop's back."""
    assert "MAP" in OURS
    assert "behind the shop's back" in OURS
