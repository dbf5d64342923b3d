"""Reading a validated request: members by path, absent ones as None."""

from __future__ import annotations

from typing import Any, cast

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


class Body:
    """A JSON object and where it stands in the request, for messages that name members."""

    __slots__ = ("at", "data")

    def __init__(self, data: dict[str, Any], at: str = "") -> None:
        self.data = data
        self.at = at

    def where(self, *path: str) -> str:
        """The member's path from the top of the request, dotted."""
        return ".".join([self.at, *path] if self.at else path)

    def _get(self, path: tuple[str, ...]) -> Any:
        found: Any = self.data
        for name in path:
            if not isinstance(found, dict):
                return None
            found = cast("dict[str, Any]", found).get(name)
        return found

    def has(self, *path: str) -> bool:
        """Whether the member is there."""
        return self._get(path) is not None

    def text(self, *path: str) -> str | None:
        """A string member, or None."""
        found = self._get(path)
        return found if isinstance(found, str) else None

    def need(self, *path: str) -> str:
        """A string member that must be there. Raises ProblemError missing_parameter."""
        found = self.text(*path)
        if found is None:
            raise missing(self.where(*path))
        return found

    def flag(self, *path: str, default: bool) -> bool:
        """A boolean member, or its default."""
        found = self._get(path)
        return found if isinstance(found, bool) else default

    def child(self, *path: str) -> Body | None:
        """An object member, or None."""
        found = self._get(path)
        if not isinstance(found, dict):
            return None
        return Body(cast("dict[str, Any]", found), self.where(*path))

    def inside(self, *path: str) -> Body:
        """An object member that must be there. Raises ProblemError missing_parameter."""
        found = self.child(*path)
        if found is None:
            raise missing(self.where(*path))
        return found

    def children(self, *path: str) -> list[Body]:
        """The objects of an array member; none when it is absent."""
        found = self._get(path)
        if not isinstance(found, list):
            return []
        return [
            Body(cast("dict[str, Any]", value), f"{self.where(*path)}[{index}]")
            for index, value in enumerate(cast("list[object]", found))
            if isinstance(value, dict)
        ]

    def texts(self, *path: str) -> list[str]:
        """The strings of an array member; none when it is absent."""
        found = self._get(path)
        if not isinstance(found, list):
            return []
        return [value for value in cast("list[object]", found) if isinstance(value, str)]
