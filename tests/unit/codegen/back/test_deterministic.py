"""One spec, one output: whatever the folder, the locale and the hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from codegen.generate import produce
from tests.unit.codegen.back.tiny import ROOT, workspace

_SCRIPT = """
import sys
from pathlib import Path
from codegen.generate import generate
generate("tiny", Path(sys.argv[1]))
"""


def _tree(root: Path) -> dict[str, bytes]:
    generated = root / "generated"
    return {
        path.relative_to(generated).as_posix(): path.read_bytes()
        for path in generated.rglob("*")
        if path.is_file()
    }


def test_two_folders_two_locales_two_seeds(tmp_path: Path) -> None:
    trees: list[dict[str, bytes]] = []
    for name, locale, seed, zone in (
        ("one", "C", "0", "UTC"),
        ("a longer name/二", "tr_TR.ISO8859-9", "4242", "Asia/Tokyo"),
    ):
        root = workspace(tmp_path / name)
        env = {
            **os.environ, "LC_ALL": locale, "LANG": locale, "PYTHONHASHSEED": seed, "TZ": zone,
            "PYTHONPATH": str(ROOT), "PYTHONUTF8": "0", "RUFF_LINE_LENGTH": "40",
        }  # fmt: skip
        (root / "ruff.toml").write_text("line-length = 40\n")
        (root / "pyproject.toml").write_text(
            "[tool.datamodel-codegen]\nuse-schema-description = true\n"
        )
        subprocess.run(
            [sys.executable, "-c", _SCRIPT, str(root)], cwd=root, env=env, check=True, timeout=120
        )
        trees.append(_tree(root))
    assert len(trees[0]) > 40
    assert trees[0] == trees[1]


def test_output_is_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    root = workspace(tmp_path)
    (root / "LICENSE").write_bytes(b"MIT\r\nlicence\r\n")
    for name, text in produce("tiny", root).files.items():
        assert "\r" not in text, name
        assert not text or text.endswith("\n"), name
