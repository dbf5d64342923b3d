"""What this gateway takes for absent, and how it says that something is."""

from __future__ import annotations

from typing import Any, cast

from ..body import Body as SharedBody
from .problem import missing


def pruned(data: Any) -> Any:
    """The data without null and "" members: the gateway takes both for absent.

    1036.0 becomes 1036: JSON has one kind of number.
    """
    if isinstance(data, dict):
        members = cast("dict[str, Any]", data)
        return {name: pruned(value) for name, value in members.items() if value not in (None, "")}
    if isinstance(data, list):
        return [pruned(value) for value in cast("list[object]", data)]
    if isinstance(data, float) and data.is_integer():
        return int(data)
    return data


def pruned_object(data: dict[str, Any]) -> dict[str, Any]:
    """`pruned` for a whole request."""
    return cast("dict[str, Any]", pruned(data))


class Body(SharedBody):
    """A request's members, absent ones refused as missing_parameter."""

    __slots__ = ()

    def absent(self, *path: str) -> Exception:
        """ProblemError missing_parameter, naming the member."""
        return missing(self.where(*path))
