"""A request that the generated models refuse, in this gateway's words."""

from __future__ import annotations

from typing import Any

from .. import schemas
from .problem import ProblemError

_MODELS = "kessai_mock_models.gmo"


def validate(model: str, data: dict[str, Any]) -> None:
    """Check a pruned request. Raises ProblemError: missing_parameter or invalid_parameter.

    Absent members are reported before malformed ones; the detail names every member of
    the kind that is reported, in the document's way: "(order.amount)".
    """
    found = schemas.findings(_MODELS, model, data)
    if found is None:
        return
    named = "".join(f"({path})" for path in found.absent or found.wrong)
    if found.absent:
        raise ProblemError("missing_parameter", f"A required value is absent.{named}")
    raise ProblemError("invalid_parameter", f"The value is not acceptable.{named}")
