"""Lists in pages: {items, has_more, total_hits}, with limit, cursor and cursor_direction.

Document: facts, Conventions. A cursor that names nothing in the list begins at its end (assumed).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from .problems import invalid

Item = TypeVar("Item")


def page(
    query: Mapping[str, str],
    items: Sequence[Item],
    show: Callable[[Item], dict[str, Any]],
    *,
    total: bool = True,
) -> dict[str, Any]:
    """One page of `items`, which come oldest first; a page begins with the newest unless asked.

    Without `total` there is no total_hits. Raises ProblemError for a limit that is none from 1 to
    100, and for a direction that is neither asc nor desc.
    """
    limit = number(query, "limit")
    if limit is None:
        limit = 10
    if not 1 <= limit <= 100:
        raise invalid("limit", "INVALID_FORMAT")
    direction = query.get("cursor_direction", "desc")
    if direction not in {"asc", "desc"}:
        raise invalid("cursor_direction", "INVALID_FORMAT")
    shown = [show(item) for item in (items if direction == "asc" else reversed(items))]
    cursor, start = query.get("cursor"), 0
    if cursor:
        seen = [at for at, item in enumerate(shown) if item.get("id") == cursor]
        start = seen[0] + 1 if seen else len(shown)
    content: dict[str, Any] = {
        "items": shown[start : start + limit],
        "has_more": start + limit < len(shown),
    }
    if total:
        content["total_hits"] = len(shown)
    return content


def number(query: Mapping[str, str], name: str) -> int | None:
    """A whole number of the query, or None. Raises ProblemError for anything else."""
    value = query.get(name)
    if value is None or value == "":
        return None
    if not (value.isascii() and value.isdigit() and len(value) <= 15):
        raise invalid(name, "INVALID_FORMAT")
    return int(value)
