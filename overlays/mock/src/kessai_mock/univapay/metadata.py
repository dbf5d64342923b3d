"""The merchant's own values: a flat object, merged by PATCH, that may come back changed.

Document: facts, Conventions; the konbini guide, 4.課金の取得 (a text of digits came back as a
number).
"""

from __future__ import annotations

from typing import Any, cast

from .problems import invalid

_RESERVED = {
    "univapay-reference-id", "univapay-customer-id", "univapay-name", "univapay-phone-number",
}  # fmt: skip


def taken(members: dict[str, Any]) -> dict[str, Any]:
    """The metadata of a request. Raises ProblemError for a nested object, or a reserved key that
    holds no text (assumed)."""
    found = members.get("metadata")
    if not isinstance(found, dict):
        return {}
    values = cast("dict[str, Any]", found)
    for name, value in values.items():
        inside = cast("list[object]", value) if isinstance(value, list) else [value]
        if any(isinstance(one, dict | list) for one in inside):
            raise invalid(f"metadata.{name}", "NESTED_JSON_NOT_ALLOWED")
        if name in _RESERVED and not isinstance(value, str | None):
            raise invalid(f"metadata.{name}", "INVALID_FORMAT")
    return dict(values)


def numbered(values: dict[str, Any]) -> dict[str, Any]:
    """The values with texts of digits as numbers, as the guide's paid example has them.

    A text that would not be the same number again (007) stays a text (assumed).
    """
    return {
        name: int(value) if isinstance(value, str) and _canonical(value) else value
        for name, value in values.items()
    }


def has(values: dict[str, Any], wanted: str) -> bool:
    """Whether one of the values is the one a list is asked for (assumed: as it is written)."""
    return any(str(value) == wanted for value in values.values())


def _canonical(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= 15 and str(int(value)) == value
