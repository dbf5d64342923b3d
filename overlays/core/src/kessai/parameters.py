"""Operations with parameters in their URL, and operations without a body."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote, unquote, urlencode

from kessai.constraints import Report, Violation
from kessai.failures import ValidationError
from kessai.operation import Operation, Request

RequestT = TypeVar("RequestT", bound=Request)
ValueT = TypeVar("ValueT")


class NoBody:
    """The request of an operation that sends no body."""

    __slots__ = ()

    def to_wire(self) -> dict[str, Any]:
        """Nothing."""
        return {}

    def check(self, at: str, report: Report) -> None:
        """Nothing can be wrong."""

    def __repr__(self) -> str:
        return "NO_BODY"


NO_BODY: Final = NoBody()


def refuse(report: Report, operation: Operation[Any, Any]) -> None:
    """Raise ValidationError if a parameter broke a limit that is enforced."""
    if report.refused:
        raise ValidationError(report.refused, operation=operation.name)


def bind(
    operation: Operation[RequestT, ValueT],
    *,
    path: Mapping[str, str] = {},
    query: Mapping[str, str | None] = {},
) -> Operation[RequestT, ValueT]:
    """The operation with its path filled in and a query appended; None leaves a parameter out.

    Every value is percent-encoded, ``/`` included. Raises ValidationError for an empty path value,
    ``.`` and ``..``: they would call another path.
    """
    filled = operation.path
    for name, value in path.items():
        if value in {"", ".", ".."}:
            message = "is empty or a dot segment: it would call another path"
            violation = Violation(f"/{name}", "path", message, None, "", True)
            raise ValidationError([violation], operation=operation.name)
        filled = filled.replace(f"{{{name}}}", quote(value, safe=""))
    given = {name: value for name, value in query.items() if value is not None}
    if given:
        filled += "?" + urlencode(given, quote_via=quote, safe="")
    return operation.filled(filled)


def path_values(operation: Operation[Any, Any]) -> dict[str, str]:
    """What ``bind`` filled the path of an operation with, by parameter name.

    An order whose number stands in its path is asked about by it (``Lookup.names``).
    """
    values: dict[str, str] = {}
    path = operation.path.partition("?")[0]
    for name, value in zip(operation.template.split("/"), path.split("/"), strict=False):
        if name.startswith("{") and name.endswith("}") and name != value:
            values[name[1:-1]] = unquote(value)
    return values
