"""The README's "Coming back" runs as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import pytest
from kessai_mdk import OrderState
from kessai_mdk.joining import OrderStatus
from kessai_mdk.notices_kinds import Kind
from kessai_mdk.records_services import Service
from kessai_mdk.results import ResultService

from tests.unit.mdk.pushes import CCID, ORDER, RECORDS, SECRET, push, result_text

README = Path(__file__).parents[3] / "overlays/mdk/README.md"
SECTION = (
    README.read_text(encoding="utf-8").partition("\n## Coming back\n")[2].partition("\n## ")[0]
)
BLOCKS = re.findall(r"```python\n(.*?)```", SECTION, re.DOTALL)


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    kept: dict[str, str] = {}
    fulfilled: list[str] = []
    answers: list[int] = []

    def load_state(order_id: str) -> OrderState:
        return OrderState.load(kept[order_id]) if order_id in kept else OrderState(order_id)

    def save_state(state: OrderState) -> None:
        kept[state.order_id] = state.dump()

    body, headers = push(RECORDS["mpi"])
    names: dict[str, Any] = {
        "ccid": CCID,
        "new_secret": "fedcba9876543210" * 4,
        "old_secret": SECRET,
        "load_state": load_state,
        "save_state": save_state,
        "fulfil": fulfilled.append,
        "respond": answers.append,
        "body": body,
        "headers": headers,
        "order_id": ORDER,
    }
    assert len(BLOCKS) == 2
    exec(compile(BLOCKS[0], str(README), "exec"), names)
    names["body"] = result_text("mpi").encode()
    exec(compile(BLOCKS[1], str(README), "exec"), names)
    assert answers == [200]
    assert fulfilled == [ORDER, ORDER]
    assert load_state(ORDER).status == "authorized"
    assert len(load_state(ORDER).told) == 2


def test_every_kind_status_and_service_is_there() -> None:
    for words in (Kind, OrderStatus, Service, ResultService):
        for word in get_args(words):
            assert f"`{word}`" in SECTION, word
