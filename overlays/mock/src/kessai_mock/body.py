"""Reading a validated request: members by path, absent ones as None."""

from __future__ import annotations

import json
from typing import Any, Self, cast


def _no_constant(name: str) -> None:
    raise ValueError(name)


def parsed(raw: bytes) -> dict[str, Any]:
    """A request's JSON object. Raises ValueError with a sentence for anything else."""
    try:
        data: object = json.loads(raw.decode(), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise ValueError("The body cannot be read.") from None
    if not isinstance(data, dict):
        raise ValueError("The body must be a JSON object.")
    return cast("dict[str, Any]", data)


class Body:
    """A JSON object and where it stands in the request, for messages that name members.

    A gateway that has words for a member that is not there says them in `absent`.
    """

    __slots__ = ("at", "data")

    def __init__(self, data: dict[str, Any], at: str = "") -> None:
        self.data: dict[str, Any] = data
        self.at: str = at

    def where(self, *path: str) -> str:
        """The member's path from the top of the request, dotted."""
        return ".".join([self.at, *path] if self.at else path)

    def absent(self, *path: str) -> Exception:
        """What to raise for a member that must be there and is not."""
        return KeyError(self.where(*path))

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
        """A string member that must be there. Raises `absent`."""
        found = self.text(*path)
        if found is None:
            raise self.absent(*path)
        return found

    def flag(self, *path: str, default: bool) -> bool:
        """A boolean member, or its default."""
        found = self._get(path)
        return found if isinstance(found, bool) else default

    def child(self, *path: str) -> Self | None:
        """An object member, or None."""
        found = self._get(path)
        if not isinstance(found, dict):
            return None
        return type(self)(cast("dict[str, Any]", found), self.where(*path))

    def inside(self, *path: str) -> Self:
        """An object member that must be there. Raises `absent`."""
        found = self.child(*path)
        if found is None:
            raise self.absent(*path)
        return found

    def children(self, *path: str) -> list[Self]:
        """The objects of an array member; none when it is absent."""
        found = self._get(path)
        if not isinstance(found, list):
            return []
        return [
            type(self)(cast("dict[str, Any]", value), f"{self.where(*path)}[{index}]")
            for index, value in enumerate(cast("list[object]", found))
            if isinstance(value, dict)
        ]

    def texts(self, *path: str) -> list[str]:
        """The strings of an array member; none when it is absent."""
        found = self._get(path)
        if not isinstance(found, list):
            return []
        return [value for value in cast("list[object]", found) if isinstance(value, str)]
