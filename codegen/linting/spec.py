"""What lint rules look at, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import NamedTuple, TypeAlias

from codegen import document
from codegen.normalising import places, shape
from codegen.normalising import run as normalise
from codegen.problems import Work
from codegen.reading import load, overlay, tree
from codegen.reading.tree import Json, Object, obj

Hits: TypeAlias = "Iterator[tuple[str, str]]"  # (pointer, message)


class Spec:
    """One spec folder as the rules see it: as written, with its overlay applied."""

    def __init__(
        self, source: Object, patch: Object | None = None, sources: Json = None, *, folder: str = ""
    ) -> None:
        """``source``: the document as written; ``patch``: its overlay; ``sources``: the list."""
        self.folder = folder
        self.overlay = patch
        self.sources = sources
        self.document: Object = source
        self.changes: list[overlay.Change] = []
        if patch is not None:
            self.document, self.changes = overlay.apply(source, patch)

    @classmethod
    def read(cls, root: Path, provider: str) -> Spec:
        """Read ``specs/<provider>``; raises SpecError."""
        folder = document.spec_folder(root, provider)
        patch, listed = folder / "overlay.yaml", folder / "sources.yaml"
        return cls(
            load.read_yaml(folder / "openapi.yaml"),
            load.read_yaml(patch) if patch.is_file() else None,
            load.read_yaml(listed) if listed.is_file() else None,
            folder=f"specs/{provider}",
        )

    @cached_property
    def work(self) -> Work:
        """What normalising would repair, and what it cannot decide."""
        return normalise(self.document)

    @cached_property
    def components(self) -> Object:
        """The schema components."""
        return obj(obj(self.document.get("components")).get("schemas"))

    @cached_property
    def operations(self) -> list[places.Place]:
        """Every operation, callback and webhook."""
        return list(places.operations(self.document))

    @cached_property
    def calls(self) -> dict[str, places.Place]:
        """The operations of the paths, by operationId."""
        found = (p for p in self.operations if p.kind == "operation")
        return {place.name: place for place in found}

    @cached_property
    def schemas(self) -> list[tuple[str, Object]]:
        """Every schema with its pointer."""
        return list(shape.all_schemas(self.document))

    @cached_property
    def properties(self) -> list[tuple[str, str, Object]]:
        """Every declared member: pointer, name, schema."""
        found: list[tuple[str, str, Object]] = []
        for pointer, schema in self.schemas:
            for name, member in obj(schema.get("properties")).items():
                found.append((tree.join(pointer, "properties", name), name, obj(member)))
        return found

    def written_by(self, pointer: str) -> int | None:
        """The last action of the overlay that wrote a place or what holds it."""
        found = None
        for change in self.changes:
            inside = pointer == change.pointer or pointer.startswith(change.pointer + "/")
            if inside and change.what != "removed":
                found = change.action
        return found

    def deref(self, value: Json) -> Object:
        """What a value means, references followed; an empty object if it is none."""
        return obj(tree.deref(self.document, value))

    def request(self, operation: Object) -> list[Json]:
        """The request schemas of an operation, one per content type."""
        content = obj(self.deref(operation.get("requestBody")).get("content"))
        return [media["schema"] for media in map(obj, content.values()) if "schema" in media]

    def answers(self, operation: Object, first: str = "2") -> list[Json]:
        """The schemas of an operation's answers whose status begins with ``first``."""
        found: list[Json] = []
        for status, response in obj(operation.get("responses")).items():
            if status.startswith(first):
                content = obj(self.deref(response).get("content"))
                found += [m["schema"] for m in map(obj, content.values()) if "schema" in m]
        return found


class Rule(NamedTuple):
    """One thing that must hold."""

    code: str
    remedy: str
    check: Callable[[Spec], Hits]  # its docstring says what must hold
    early: bool = False  # runs even when the document is broken

    @property
    def says(self) -> str:
        """What must hold, in one line."""
        return (self.check.__doc__ or "").strip().partition("\n")[0]


class Finding(NamedTuple):
    """One place where a rule does not hold."""

    code: str
    file: str  # openapi.yaml, overlay.yaml or sources.yaml, in the spec folder
    pointer: str
    message: str
    remedy: str
    action: int | None = None  # the overlay's action that wrote the place, if one did

    def __str__(self) -> str:
        by = "" if self.action is None else f" (overlay action {self.action})"
        return f"{self.file}#{self.pointer}{by}: {self.message}; {self.remedy} [{self.code}]"
