"""A request that the generated models refuse, in this gateway's words."""

from __future__ import annotations

from typing import Any

from .. import schemas
from .results import RefusalError

_MAX_DIGITS = 15  # of an amount where the field lists have no limit; assumed
MODELS = "kessai_mock_models.mdk"


def validate(model: str, data: dict[str, Any]) -> None:
    """Check a request. Raises RefusalError ZF01, naming the members."""
    found = schemas.findings(MODELS, model, data)
    if found is not None:
        raise RefusalError("ZF01", ", ".join([*found.absent, *found.wrong]))
    amount: object = data.get("amount")
    if isinstance(amount, str) and len(amount) > _MAX_DIGITS:
        raise RefusalError("ZF01", "amount")
