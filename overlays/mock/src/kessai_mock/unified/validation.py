"""A request that the generated models refuse, in this gateway's words."""

from __future__ import annotations

from typing import Any

from .. import schemas
from .results import ResultError

_MODELS = "kessai_mock_models.unified"


def validate(model: str, data: dict[str, Any]) -> None:
    """Check a request. Raises ResultError UA-REQ-002, naming the members: "(order.amount)"."""
    found = schemas.findings(_MODELS, model, data)
    if found is not None:
        raise ResultError("UA-REQ-002", ", ".join([*found.absent, *found.wrong]))
