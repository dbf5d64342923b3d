"""The mock's models: strict, with byte limits; null and the empty text where they are absent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from codegen import mock
from codegen.generate import generate
from tests.unit.codegen.back.tiny import imported, workspace

GOOD: dict[str, Any] = {
    "orderId": "o-1", "amount": "12", "kind": "BANK", "source": {"token": "t"},
}  # fmt: skip


@pytest.fixture(scope="module")
def tolerant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Models of a gateway that takes null and the empty text for absent."""
    root = workspace(tmp_path_factory.mktemp("tolerant"))
    patch = pytest.MonkeyPatch()
    patch.setattr(mock, "_EMPTY_IS_ABSENT", frozenset({"tiny"}))
    generate("tiny", root)
    patch.undo()
    with imported(root, "kessai_mock_models.tiny") as [module]:
        yield module


@pytest.fixture
def strict(tiny_root: Path) -> Iterator[Any]:
    """Models of a gateway of which nothing of the kind is known."""
    with imported(tiny_root, "kessai_mock_models.tiny") as [module]:
        yield module


def read(models: Any, **changes: Any) -> Any:
    """Validate a request body."""
    return models.ChargeRequest.model_validate_json(json.dumps({**GOOD, **changes}))


def test_a_good_request_is_read(strict: Any) -> None:
    assert read(strict, new=1).model_dump(mode="json", exclude_unset=True) == {**GOOD, "new": 1}


BAD: list[dict[str, Any]] = [
    {"amount": 12},
    {"amount": None},
    {"amount": "1234567"},
    {"orderId": "１"},
    {"orderId": "o\n"},
    {"dueDate": "2026-13-01"},
    {"dueDate": "tomorrow"},
    {"kind": "CASH"},
    {"source": {}},
    {"items": [{"name": "long"}]},
    {"items": [{"name": "a"}] * 3},
    {"flag": "true"},
    {"memo": "あいうえおa"},
    {"kana": "アイウエオ"},
    {"label": "漢字漢"},
    {"email": "nobody"},
    {"callbackUrl": "ftp://a"},
    {"pin": "12345"},
    {"rate": 11},
]


@pytest.mark.parametrize("changes", BAD)
def test_a_bad_request_is_refused(strict: Any, changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(strict, **changes)


@pytest.mark.parametrize("empty", [None, ""])
def test_empty_is_absent_where_the_gateway_says_so(tolerant: Any, empty: Any) -> None:
    assert read(tolerant, memo=empty, email=empty, kana=empty).memo is None
    assert read(tolerant, items=[{"name": "a", "price": empty}]).items[0].price is None
    for required in GOOD:
        with pytest.raises(ValidationError, match=required):
            read(tolerant, **{required: empty})


def test_elsewhere_the_empty_text_is_a_text(strict: Any) -> None:
    assert read(strict, memo="").memo == ""
    with pytest.raises(ValidationError):
        read(strict, email="")
