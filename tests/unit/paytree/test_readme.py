"""The package's README runs as it stands, against a scripted gateway; and what an import costs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import kessai_paytree
import pytest
from kessai_paytree import Failed, PaytreeClient, errors
from kessai_paytree.keys import KEYS

from tests.unit.paytree.scripted import CODE, ORDER, Script, answer, paid, settings

README = Path(__file__).parents[3] / "overlays/paytree/README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


class Window:
    """What a till's program has."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def ask(self, question: str, decide: Any) -> None:
        self.done.append(question)
        decide(True)


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = Script(
        paid(),
        answer(status=6, orderId=ORDER, refundAmount=980),
        paid(status=1),
        paid(requestType="Pay"),
        paid(status=1),
        paid(status=1, requestType="Pay"),
        paid(requestType="Pay"),
    )
    by_hand = settings(pay_confirm_polling_mode=False)

    def client(path: Any = None, **options: Any) -> Any:
        if path is None or options:
            return PaytreeClient(path, system=script.system, **options)
        assert path == "/etc/till/WbCPSPay.conf"
        return script.client(tmp_path, settings=by_hand)

    monkeypatch.setattr(kessai_paytree, "PaytreeClient", client)
    window = Window()

    def note(*said: object) -> None:
        window.done.append(said)

    names: dict[str, Any] = {
        "scanned": CODE,
        "window": window,
        "Failed": Failed,
        "show": note,
        "book": note,
        "cashier_says_yes": lambda: True,
    }
    first, *others = BLOCKS
    assert len(others) == 3
    exec(compile(first, str(README), "exec"), names)
    assert window.done == [(ORDER, 1980)]
    names["paytree"] = script.client(tmp_path, settings=by_hand)
    for block in others[:2]:
        exec(compile(block, str(README), "exec"), names)
    names["paytree"].close()
    assert script.answers == []
    assert window.done[1].startswith("Has the customer")
    assert window.done[-1] == (ORDER, 1980)
    exec(compile(others[2], str(README), "exec"), names)


def test_every_error_and_number_is_there() -> None:
    assert f"{len(KEYS) - 1} keys" in TEXT
    for name in errors.__all__:
        if name.endswith("Error") and name not in ("PaytreeError", "LibraryError"):
            assert f"`{name}`" in TEXT, name


def test_every_room_it_names_exists() -> None:
    rooms = Path(kessai_paytree.__file__).parent
    for name in re.findall(r"`(\w+\.py)`", TEXT):
        assert (rooms / name).exists(), name


def test_importing_the_package_imports_no_model_and_no_room_that_can_wait() -> None:
    code = "import kessai_paytree, sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    brought = set(done.stdout.split())
    waiting = {"answers", "approval", "codec", "gateway", "order", "practice", "sequences"}
    assert "kessai_paytree.client" in brought
    assert not brought & {f"kessai_paytree.{room}" for room in waiting}
    assert not {name for name in brought if name.startswith("kessai_paytree_api.models.")}
    assert not brought & {"asyncio", "attr", "attrs", "cryptography", "kessai_mock"}


def test_every_public_name_can_be_had() -> None:
    for name in kessai_paytree.__all__:
        assert getattr(kessai_paytree, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'PayRequets'"):
        _ = kessai_paytree.PayRequets  # type: ignore[attr-defined]  # pyright: ignore
