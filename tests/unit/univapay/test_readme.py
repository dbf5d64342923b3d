"""The package's README runs as it stands, against a scripted gateway."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import kessai_univapay
import pytest
from kessai_univapay import models as m
from kessai_univapay import refusals

from tests.unit.univapay.notices import notice, webhook
from tests.unit.univapay.scripted import (
    SECRET,
    Script,
    answer,
    app_token,
    charge_of,
    listed,
    token_of,
)

README = Path(__file__).parents[3] / "overlays/univapay/README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    named = {"univapay-reference-id": "BOOK-1001"}
    slip = {
        "internal_convenience_payment_number": "20020-123456789012",
        "internal_convenience_payment_url": "https://slip.example.com/1",
    }
    paid = charge_of("successful", requested_amount=3980, charged_amount=3980, metadata=named)
    script = Script(
        answer(201, token_of()),
        answer(201, charge_of(metadata=named)),
        answer(200, charge_of(metadata=named)),
        answer(200, charge_of("awaiting", metadata={**named, **slip})),
        answer(200, paid),
        answer(200, listed(paid)),
    )
    done: list[Any] = []

    def send(*what: str | None) -> None:
        done.append(what)

    def book(charge: m.Charge) -> None:
        done.append(charge.id)

    def client(*credentials: str, **options: Any) -> Any:
        assert credentials == (app_token(), SECRET)
        assert options == {"environment": "sandbox"}
        return script.client()

    monkeypatch.setattr(kessai_univapay, "UnivapayClient", client)
    monkeypatch.chdir(tmp_path)
    body, headers = webhook(notice(data={**paid, "mode": "live"}), "Bearer new")
    names: dict[str, Any] = {
        "app_token": app_token(),
        "app_secret": SECRET,
        "new_auth_token": "new",
        "old_auth_token": "old",
        "send_to_customer": send,
        "ship": done.append,
        "book": book,
        "body": body,
        "headers": headers,
        "respond": done.append,
    }
    assert len(BLOCKS) == 4
    for block in BLOCKS:
        exec(compile(block, str(README), "exec"), names)
    assert done == [
        ("20020-123456789012", "https://slip.example.com/1"),
        "BOOK-1001",
        paid["id"],
        "BOOK-1001",
        200,
    ]
    assert script.asked == [
        "POST /tokens",
        "POST /charges",
        *["GET /stores/store/charges/charge"] * 3,
        "GET /charges",
    ]
    assert json.loads(script.requests[1].content) == {
        "transaction_token_id": token_of()["id"],
        "amount": 3980,
        "currency": "JPY",
        "metadata": named,
    }
    assert list(tmp_path.iterdir())


def test_every_error_is_there_by_itself_or_by_its_family() -> None:
    for name in refusals.__all__:
        error = getattr(refusals, name)
        families = {parent.__name__ for parent in error.__mro__}
        assert any(f"`{family}`" in TEXT for family in families) or name == "FieldError", name


def test_importing_the_package_imports_no_model_and_no_room_that_can_wait() -> None:
    code = "import kessai_univapay, sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    brought = set(done.stdout.split())
    waiting = {
        "callbacks", "errors", "events", "groups", "konbini", "limits", "paging", "refusals",
        "rules", "token_groups", "waiting",
    }  # fmt: skip
    assert "kessai_univapay.client" in brought
    assert not brought & {f"kessai_univapay.{room}" for room in waiting}
    assert not {name for name in brought if name.startswith("kessai_univapay_api.models.")}
    assert not brought & {"asyncio", "attr", "attrs", "cryptography", "kessai.receive"}


def test_every_name_is_there_and_no_other() -> None:
    for name in kessai_univapay.__all__:
        assert getattr(kessai_univapay, name) is not None
        assert name in dir(kessai_univapay)
    with pytest.raises(AttributeError, match="no attribute"):
        _ = kessai_univapay.parse_webhok  # type: ignore[attr-defined]  # pyright: ignore
