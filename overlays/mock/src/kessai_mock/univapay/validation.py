"""A request that the generated models refuse, in this gateway's words.

Which reason a fault gets is assumed where the facts do not name it.
"""

from __future__ import annotations

from typing import Any, cast

from .. import schemas
from .problems import ProblemError, Wrong

MODELS = "kessai_mock_models.univapay"
_REASONS = {
    "email": "INVALID_FORMAT_EMAIL",
    "currency": "INVALID_FORMAT_CURRENCY",
    "amount": "INVALID_AMOUNT",
    "country_code": "INVALID_PHONE_NUMBER",
    "local_number": "INVALID_PHONE_NUMBER",
    "transaction_token_id": "INVALID_UUID",
    "capture_at": "INVALID_FORMAT_DATE",
    "start_on": "INVALID_FORMAT_DATE",
    "due_date": "INVALID_FORMAT_DATE",
    "url": "INVALID_FORMAT_URL",
    "period": "INVALID_TIME_PERIOD",
}
_KONBINI = {
    "country_code": "ONLY_JAPANESE_PHONE_NUMBER_ALLOWED",
    "expiration_period": "EXPIRATION_DATE_OUT_OF_BOUNDS",
}
_AMOUNTS = {"amount", "initial_amount", "fixed_cycle_amount"}
_CODE, _EXPIRY = "country_code", {"exp_month", "exp_year"}  # some libraries send numbers
_LONGEST = 15


def lenient(data: dict[str, Any]) -> dict[str, Any]:
    """The request with amounts as numbers, and as texts what the official libraries send both
    ways: a text of digits is an amount, a number is a country code, or a new card's expiry."""
    return _lenient_object(data, {_CODE} | (_EXPIRY if "payment_type" in data else set[str]()))


def _lenient_object(data: dict[str, Any], texts: set[str]) -> dict[str, Any]:
    return {name: _lenient(name, value, texts) for name, value in data.items()}


def _lenient(name: str, value: object, texts: set[str]) -> object:
    if name == "metadata":
        return value
    if isinstance(value, dict):
        return _lenient_object(cast("dict[str, Any]", value), texts)
    if name in _AMOUNTS and isinstance(value, str) and _digits(value):
        return int(value)
    if name in texts and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value


def _digits(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= _LONGEST


def validate(model: str, data: dict[str, Any]) -> None:
    """Check a request. Raises ProblemError VALIDATION_ERROR, naming the members."""
    found = schemas.findings(MODELS, model, data)
    if found is None:
        return
    own = _KONBINI if model == "KonbiniTokenRequest" else {}
    errors = [Wrong(path, "REQUIRED_VALUE") for path in found.absent]
    for path in found.wrong:
        name = path.rpartition(".")[2]
        errors.append(Wrong(path, own.get(name) or _REASONS.get(name, "INVALID_FORMAT")))
    raise ProblemError("VALIDATION_ERROR", errors)
