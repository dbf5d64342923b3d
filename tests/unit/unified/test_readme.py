"""The package's README runs as it stands, against a scripted gateway."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import kessai_unified
import pytest
from kessai_unified import models as m

from tests.unit.unified.notices import VALUES, query, redirect, webhook
from tests.unit.unified.scripted import CCID, KEY, Script, applied, coded, found

README = Path(__file__).parents[3] / "overlays/unified/README.md"
BLOCKS = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = Script(applied(), found("UA-000-001"), coded(200, "UA-000-001"))
    done: list[Any] = []

    def client(**options: Any) -> Any:
        assert options == {"merchant_ccid": CCID, "merchant_key": KEY, "environment": "sandbox"}
        return script.client()

    monkeypatch.setattr(kessai_unified, "UnifiedClient", client)
    monkeypatch.chdir(tmp_path)
    body, headers = webhook()
    names: dict[str, Any] = {
        "ccid": CCID,
        "key": KEY,
        "new_key": "new",
        "old_key": KEY,
        "session": {"payment_id": "BOOK-1001"},
        "url_or_query": query(redirect({**VALUES, "paymentId": "BOOK-1001"})),
        "redirect_to": done.append,
        "mark_as_paid": done.append,
        "body": body,
        "headers": headers,
        "respond": done.append,
    }
    assert len(BLOCKS) == 3
    for block in BLOCKS:
        exec(compile(block, str(README), "exec"), names)
    assert names["code"] is m.ResultCode.UA_000_001
    assert done == ["https://wallet.example/go", "BOOK-1", 200]
    assert script.commands == ["pay", "getTransactionResult", "capture", "cancel"]
    assert list(tmp_path.iterdir())


def test_every_result_code_and_command_is_there() -> None:
    text = README.read_text(encoding="utf-8")
    for name in kessai_unified.refusals.__dict__:
        if name.endswith("Error") and name not in ("UnifiedError", "PendingError"):
            error = getattr(kessai_unified.refusals, name)
            assert error.__subclasses__() or f"`{name}`" in text or name in _UNCODED, name


_UNCODED = {"ConfirmPaymentError"}  # the action code of UA-000-002, which is a result


def test_importing_the_package_imports_no_model_and_no_room_that_can_wait() -> None:
    code = "import kessai_unified, sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    brought = set(done.stdout.split())
    waiting = {"callbacks", "errors", "refusals", "rules", "signing", "wallets"}
    assert "kessai_unified.client" in brought
    assert not brought & {f"kessai_unified.{room}" for room in waiting}
    assert not {name for name in brought if name.startswith("kessai_unified_api.models.")}
    assert not brought & {"asyncio", "attr", "attrs", "kessai.receive"}
