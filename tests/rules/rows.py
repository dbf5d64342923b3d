"""The shape of the table: one row per documented rule, with a value that passes and one that fails.

A row knows nothing of client or mock; ``test_client`` and ``test_mock`` hold each against it.
"""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.rules.bodies import ABSENT, Body, Maker, Patch, patched

S = "1.5.1"
"""The document itself."""
P = "1.3.1, 1.5.0, 1.6.2"
"""The provider's documents of neighbouring versions, where the document breaks off."""


class Row(NamedTuple):
    """One rule.

    ``pointer``, ``code``, ``limit``: what a violation has to name; ``passes``, ``fails``: patches
    on ``body``, after ``setting``; ``source``: document and section; ``enforced`` False: it warns.
    """

    id: str
    operation: str
    body: Maker
    pointer: str
    code: str
    limit: str | int | None
    passes: Patch
    fails: Patch
    source: str
    setting: Patch = MappingProxyType({})
    enforced: bool = True

    def good(self) -> Body:
        """The request that keeps the rule."""
        return patched(self.body, self.setting, self.passes)

    def bad(self) -> Body:
        """The request that breaks it."""
        return patched(self.body, self.setting, self.fails)

    @property
    def title(self) -> str:
        """The problem title a gateway answers with."""
        return "missing_parameter" if self.code == "required" else "invalid_parameter"


class Member:
    """Where a member stands: an operation, its request, a pointer."""

    def __init__(
        self, operation: str, body: Maker, stem: str, setting: Patch | None = None
    ) -> None:
        self.operation, self.body, self.stem = operation, body, stem
        self.setting = setting or {}

    def row(
        self,
        name: str,
        code: str,
        limit: str | int | None,
        good: Any,
        bad: Any,
        source: str,
        *,
        tag: str = "",
        setting: Patch | None = None,
        enforced: bool = True,
    ) -> Row:
        """One row on the member ``name`` of this stem."""
        pointer = f"{self.stem}/{name}"
        number = f"-{tag}" if tag else ""
        return Row(
            f"{self.operation}{pointer}#{code}{number}",
            self.operation,
            self.body,
            pointer,
            code,
            limit,
            {pointer: good},
            {pointer: bad},
            source,
            {**self.setting, **(setting or {})},
            enforced,
        )

    def lengths(self, source: str, fill: str = "a", /, **limits: int) -> Iterable[Row]:
        """Longest texts, in characters (code points)."""
        for name, limit in limits.items():
            yield self.row(
                name, "max-length", limit, fill * limit, fill * (limit + 1), f"{source} {name}"
            )

    def utf8(self, source: str, **limits: int) -> Iterable[Row]:
        """Longest texts, in UTF-8 bytes: Japanese letters take three."""
        for name, limit in limits.items():
            good = "あ" * (limit // 3) + "a" * (limit % 3)
            yield self.row(name, "max-bytes", limit, good, good + "a", f"{source} {name}")

    def patterns(self, source: str, **values: tuple[Any, ...]) -> Iterable[Row]:
        """A text that fits, then texts that do not."""
        for name, (good, *bad) in values.items():
            for number, value in enumerate(bad):
                yield self.row(
                    name, "pattern", None, good, value, f"{source} {name}", tag=str(number)
                )

    def required(self, source: str, *names: str) -> Iterable[Row]:
        """Members that have to be there; what the body holds passes."""
        for name in names:
            pointer = f"{self.stem}/{name}"
            yield Row(
                f"{self.operation}{pointer}#required",
                self.operation,
                self.body,
                pointer,
                "required",
                None,
                {},
                {pointer: ABSENT},
                f"{source} {name}",
                self.setting,
            )
