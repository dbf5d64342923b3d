"""What changed between two specs, as a caller of the gateway feels it.

A request that got narrower refuses what was taken before; an answer that lost a member, or
changed a type, breaks who reads it. New members, new enum values and new branches in what the
gateway sends break nothing: clients keep what they do not know.
"""

from __future__ import annotations

from pathlib import Path

from codegen import document
from codegen.diffing.schema import Change, Differ
from codegen.normalising import places, run
from codegen.problems import SpecError
from codegen.reading import load, tree
from codegen.reading.tree import Json, Object, obj

__all__ = ["Change", "compare", "compare_files"]


def compare_files(old: Path, new: Path) -> list[Change]:
    """Compare two spec files, or spec folders with their overlays; raises SpecError."""
    return compare(_read(old), _read(new))


def _read(path: Path) -> Object:
    if path.is_dir():
        source, _ = document.read_folder(path)
    else:
        source = load.read_yaml(path)
    work = run(source)
    broken = tuple(problem for problem in work.problems if problem.code == "ref")
    if broken:
        raise SpecError.of(str(path), broken)
    return work.document


def compare(old: Object, new: Object) -> list[Change]:
    """Every change between two normalised documents, in the order of the documents."""
    run = _Comparison(old, new)
    run.everything()
    return run.differ.changes


class _Comparison:
    def __init__(self, old: Object, new: Object) -> None:
        self.old, self.new = old, new
        self.differ = Differ(old, new)

    def everything(self) -> None:
        before, after = _version(self.old), _version(self.new)
        if before != after:
            self.differ.note("changed", "spec", f"version {before} -> {after}", breaking=False)
        old, new = _named(self.old), _named(self.new)
        for key, place in old.items():
            if key not in new:
                self.differ.note("removed", _label(place), _where(place), breaking=True)
            else:
                self.operation(place, new[key])
        for key, place in new.items():
            if key not in old:
                self.differ.note("added", _label(place), _where(place), breaking=False)

    def operation(self, old: places.Place, new: places.Place) -> None:
        """One operation, callback or webhook that both have."""
        label, note = _label(old), self.differ.note
        if old.kind == "operation" and _where(old) != _where(new):
            note("changed", label, f"{_where(old)} -> {_where(new)}", breaking=True)
        if new.operation.get("deprecated") is True and old.operation.get("deprecated") is not True:
            note("changed", label, "is deprecated", breaking=False)
        for key in sorted({*old.operation, *new.operation}):
            before, after = old.operation.get(key), new.operation.get(key)
            if key.startswith("x-") and key not in _TALK and before != after:
                note("changed", label, f"{key}: {_show(before)} -> {_show(after)}", breaking=False)
        self.parameters(old, new, label)
        # The gateway sends callbacks and webhooks; we send everything else.
        sent = old.kind == "operation"
        self.body(old, new, label, sent=sent)
        self.answers(old, new, label, sent=not sent)

    def parameters(self, old: places.Place, new: places.Place, label: str) -> None:
        before, after = _parameters(self.old, old), _parameters(self.new, new)
        sent = old.kind == "operation"
        for key, parameter in before.items():
            where = f"{label} {key}"
            if key not in after:
                self.differ.note("removed", where, "parameter", breaking=True)
                continue
            was, now = (p.get("required") is True for p in (parameter, after[key]))
            if was != now:
                change = "narrowed" if now else "widened"
                what = "is required now" if now else "is optional now"
                self.differ.note(change, where, what, breaking=now and sent)
            pair = parameter.get("schema"), after[key].get("schema")
            self.differ.schema(*pair, where, sent=sent)
        for key, parameter in after.items():
            if key not in before:
                needed = parameter.get("required") is True
                what = "required parameter" if needed else "optional parameter"
                self.differ.note("added", f"{label} {key}", what, breaking=needed and sent)

    def body(self, old: places.Place, new: places.Place, label: str, *, sent: bool) -> None:
        before = obj(tree.deref(self.old, old.operation.get("requestBody")))
        after = obj(tree.deref(self.new, new.operation.get("requestBody")))
        self.content(before, after, f"{label} request", sent=sent)

    def answers(self, old: places.Place, new: places.Place, label: str, *, sent: bool) -> None:
        before, after = obj(old.operation.get("responses")), obj(new.operation.get("responses"))
        for status, response in before.items():
            where = f"{label} answer {status}"
            if status not in after:
                breaking = status.startswith("2") and not sent
                self.differ.note("removed", where, "status", breaking=breaking)
                continue
            pair = obj(tree.deref(self.old, response)), obj(tree.deref(self.new, after[status]))
            self.content(*pair, where, sent=sent)
        for status in after:
            if status not in before:
                what = "status with its own body" if status.startswith("2") else "status"
                self.differ.note("added", f"{label} answer {status}", what, breaking=False)

    def content(self, old: Object, new: Object, where: str, *, sent: bool) -> None:
        before, after = obj(old.get("content")), obj(new.get("content"))
        for media in {**before, **after}:
            if media in before and media in after:
                pair = obj(before[media]).get("schema"), obj(after[media]).get("schema")
                self.differ.schema(*pair, where, sent=sent)
            else:
                gone = media in before
                change = "removed" if gone else "added"
                self.differ.note(change, where, f"content type {media}", breaking=gone)


_TALK = {"x-source", "x-assumed"}


def _version(document: Object) -> str:
    return tree.text(obj(document.get("info")).get("version"), "none")


def _named(document: Object) -> dict[tuple[str, str], places.Place]:
    found: dict[tuple[str, str], places.Place] = {}
    for place in places.operations(document):
        carrier = tree.text((place.carrier or {}).get("operationId"))
        found[place.kind, f"{carrier} {place.name}"] = place
    return found


def _label(place: places.Place) -> str:
    carrier = tree.text((place.carrier or {}).get("operationId"))
    return f"{carrier} callback {place.name}" if carrier else f"{place.kind} {place.name}"


def _where(place: places.Place) -> str:
    return f"{place.method.upper()} {place.path}"


def _parameters(document: Object, place: places.Place) -> dict[str, Object]:
    item = obj(obj(document.get("paths")).get(place.path)) if place.kind == "operation" else {}
    listed = [*tree.arr(item.get("parameters")), *tree.arr(place.operation.get("parameters"))]
    found = [obj(tree.deref(document, parameter)) for parameter in listed]
    return {f"{tree.text(p.get('in'))} {tree.text(p.get('name'))}": p for p in found}


def _show(value: Json) -> str:
    text = "none" if value is None else str(value)
    return text if len(text) <= 60 else text[:57] + "..."
