"""What changed between two schemas: narrower, wider, or otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from codegen.diffing.sets import admits, inside
from codegen.normalising import shape, unions
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj

# Upper limits: smaller is narrower. Lower limits: greater is narrower.
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_SAID = ("default", "format", "x-unit", "x-sensitive", "x-discriminate", "x-required-when",
         "x-error-codes", "x-enum-varnames", "deprecated", "contentEncoding")  # fmt: skip
# Keywords compared one by one; a difference in any other is left to the canonical form.
_KNOWN = {
    *_UPPER, *_LOWER, *_SAID, "type", "enum", "const", "pattern", "required", "properties", "items",
    "additionalProperties", "allOf", "oneOf", "anyOf", "$ref", "description", "title", "example",
    "examples", "x-max-bytes", "x-source", "x-assumed", "readOnly", "writeOnly", "contentSchema",
    "contentMediaType", "discriminator", "externalDocs", "xml", "$comment",
}  # fmt: skip


class Change(NamedTuple):
    """One change."""

    change: str  # added, removed, narrowed, widened, changed
    breaking: bool  # for who calls the gateway with what worked before
    where: str  # an operation, a schema's member, an answer
    what: str


class Differ:
    """Compares schemas of two documents; each pair of components once per direction."""

    def __init__(self, old: Object, new: Object) -> None:
        self.old, self.new = old, new
        self.changes: list[Change] = []
        self.seen: set[tuple[str, str, bool]] = set()

    def note(self, change: str, where: str, what: str, *, breaking: bool) -> None:
        """Add a change, once."""
        found = Change(change, breaking, where, what)
        if found not in self.changes:
            self.changes.append(found)

    def schema(self, old: Json, new: Json, where: str, *, sent: bool) -> None:
        """Compare two schemas of what we send, or of what the gateway sends."""
        refs = tree.ref_of(old) or "", tree.ref_of(new) or ""
        names = tree.schema_name(refs[0]), tree.schema_name(refs[1])
        if all(names):
            if (*refs, sent) in self.seen:
                return
            self.seen.add((*refs, sent))
            if names[0] == names[1]:
                where = f"schema {names[0]}"
            if _meaning(obj(old)) != _meaning(obj(new)):
                self.said(obj(old), obj(new), where)
        before, after = self.resolved(self.old, old), self.resolved(self.new, new)
        if before == after and not _holds_refs(before):
            return
        if self.types(before, after, where, sent=sent):
            return
        self.values(before, after, where, sent=sent)
        self.limits(before, after, where, sent=sent)
        self.pattern(before, after, where, sent=sent)
        self.said(before, after, where)
        self.members(before, after, where, sent=sent)
        self.branches(before, after, where, sent=sent)
        self.others(before, after, where, sent=sent)
        for keyword, step in (
            ("items", "[]"),
            ("additionalProperties", ".*"),
            ("contentSchema", ""),
        ):
            self.inner(before.get(keyword), after.get(keyword), where, step, sent=sent)

    def inner(self, old: Json, new: Json, where: str, step: str, *, sent: bool) -> None:
        """A part that is a schema, true, false or absent."""
        if isinstance(old, dict) and isinstance(new, dict):
            self.schema(old, new, where + step, sent=sent)
            return
        before, after = (value if isinstance(value, bool) else True for value in (old, new))
        if isinstance(old, dict) != isinstance(new, dict):
            narrower = isinstance(new, dict)
            what = "its values are described now" if narrower else "its values are free now"
            self.size(narrower, where, what, sent=sent)
        elif before != after:
            what = "unknown members are refused" if before else "unknown members are taken"
            self.size(before, where, what, sent=sent)

    def size(self, narrower: bool, where: str, what: str, *, sent: bool) -> None:
        """Narrower breaks who sends; wider breaks nobody, because readers keep the unknown."""
        self.note("narrowed" if narrower else "widened", where, what, breaking=narrower and sent)

    def resolved(self, document: Object, schema: Json) -> Object:
        """What a schema means: references followed, a nullable one without its null branch."""
        meant = obj(tree.deref(document, schema))
        parts = shape.branches(meant)
        if len(parts) == 1 and len(tree.arr(meant.get("anyOf"))) == 2:
            inner = dict(self.resolved(document, parts[0]))
            stated: list[Json] = [*shape.types(inner), "null"]
            return {**inner, "type": stated}
        return meant

    def types(self, old: Object, new: Object, where: str, *, sent: bool) -> bool:
        """Compare the types; True if they have nothing in common."""
        before, after = set(_types(old)), set(_types(new))
        if before == after or not before or not after:
            return False
        said = f"type {_or(_types(old))} -> {_or(_types(new))}"
        if _within(after, before):
            self.size(True, where, said, sent=sent)
        elif _within(before, after):
            # A reader that got a text gets a number: that it cannot keep as unknown.
            harmless = sent or after - before <= {"null"}
            self.note("widened", where, said, breaking=not harmless)
        else:
            self.note("changed", where, said, breaking=True)
            return not before & after - {"null"}
        return False

    def values(self, old: Object, new: Object, where: str, *, sent: bool) -> None:
        """Compare enums and constants."""
        before, after = _listed(old), _listed(new)
        if before is None and after is None:
            return
        if before is None or after is None:
            what = "its values are listed now" if before is None else "any value is taken now"
            self.size(before is None, where, what, sent=sent)
            return
        gone = [value for value in before if value not in after]
        come = [value for value in after if value not in before]
        if gone:
            what = f"values removed: {', '.join(gone)}"
            self.note("narrowed", where, what, breaking=sent)
        if come:
            self.note("widened", where, f"values added: {', '.join(come)}", breaking=False)

    def limits(self, old: Object, new: Object, where: str, *, sent: bool) -> None:
        """Compare numbers: lengths, ranges, counts, bytes."""
        for keyword in (*_UPPER, *_LOWER):
            self.limit(keyword, old.get(keyword), new.get(keyword), where, sent=sent)
        before, after = obj(old.get("x-max-bytes")), obj(new.get("x-max-bytes"))
        if before.get("encoding") == after.get("encoding") or not before or not after:
            self.limit("x-max-bytes", before.get("bytes"), after.get("bytes"), where, sent=sent)
        else:
            said = f"x-max-bytes {before.get('encoding')} -> {after.get('encoding')}"
            self.note("changed", where, said, breaking=sent)

    def limit(self, keyword: str, old: Json, new: Json, where: str, *, sent: bool) -> None:
        """Compare one limit; an absent one is no limit."""
        if old == new or isinstance(old, (dict, list, str)) or isinstance(new, (dict, list, str)):
            return
        said = f"{keyword} {_or_none(old)} -> {_or_none(new)}"
        if old is None or new is None:
            narrower = old is None
        else:
            narrower = new > old if keyword in _LOWER else new < old
        self.size(narrower, where, said, sent=sent)

    def pattern(self, old: Object, new: Object, where: str, *, sent: bool) -> None:
        """Compare patterns by the texts they take."""
        before, after = old.get("pattern"), new.get("pattern")
        if before == after:
            return
        said = f"pattern {_or_none(before)} -> {_or_none(after)}"
        if not isinstance(before, str) or not isinstance(after, str):
            self.size(before is None, where, said, sent=sent)
            return
        takes_old, takes_new = inside(before, after), inside(after, before)
        if takes_old and takes_new:
            return  # the same texts, written differently
        if takes_old or takes_new:
            self.size(not takes_old, where, said, sent=sent)
        else:
            self.note("changed", where, said, breaking=sent)

    def said(self, old: Object, new: Object, where: str) -> None:
        """Compare what schemas say beside validation."""
        for keyword in _SAID:
            before, after = old.get(keyword), new.get(keyword)
            if before != after:
                what = f"{keyword}: {_or_none(before)} -> {_or_none(after)}"
                # Yen are int in Python, whatever the wire says: another class of value.
                another = keyword == "x-unit" and "yen" in (before, after)
                breaking = keyword == "format" or another
                self.note("changed", where, what[:160], breaking=breaking)

    def members(self, old: Object, new: Object, where: str, *, sent: bool) -> None:
        """Compare the members of objects."""
        before, after = unions.properties(self.old, old), unions.properties(self.new, new)
        required = unions.required_of(self.old, old), unions.required_of(self.new, new)
        for name, member in before.items():
            at = f"{where}.{name}"
            if name not in after:
                self.note("removed", at, "member", breaking=True)
                continue
            was, now = name in required[0], name in required[1]
            if now and not was:
                self.size(True, at, "is required now", sent=sent)
            elif was and not now:
                self.note("widened", at, "is optional now", breaking=not sent)
            self.schema(member, after[name], at, sent=sent)
        for name in after:
            if name not in before:
                needed = name in required[1]
                what = "required member" if needed else "optional member"
                self.note("added", f"{where}.{name}", what, breaking=needed and sent)

    def branches(self, old: Object, new: Object, where: str, *, sent: bool) -> None:
        """Compare the branches of unions, by their names."""
        before, after = _branches(old), _branches(new)
        for name, branch in before.items():
            if name in after:
                self.schema(branch, after[name], f"{where} ({name})", sent=sent)
            else:
                self.note("removed", where, f"branch {name}", breaking=True)
        for name in after:
            if name not in before:
                self.note("added", where, f"branch {name}", breaking=False)

    def others(self, old: Object, new: Object, where: str, *, sent: bool) -> None:
        """Keywords nobody compares one by one: the canonical form decides."""
        before = {key: value for key, value in old.items() if key not in _KNOWN}
        after = {key: value for key, value in new.items() if key not in _KNOWN}
        if before == after:
            return
        said = f"{', '.join(sorted({*before, *after}))} differ"
        wider, narrower = admits(after, before), admits(before, after)
        if wider and narrower:
            return
        if wider or narrower:
            self.size(narrower, where, said, sent=sent)
        else:
            self.note("changed", where, said, breaking=sent)


def _meaning(use: Object) -> Object:
    return {key: value for key, value in use.items() if key in _SAID}


def _within(inner: set[str], outer: set[str]) -> bool:
    """Is every value of the inner types one of the outer types? An integer is a number."""
    return inner <= outer | ({"integer"} if "number" in outer else set())


def _types(schema: Object) -> list[str]:
    stated = shape.types(schema)
    if not stated and (shape.is_object(schema) or shape.is_union(schema)):
        return ["object"]
    return stated


def _listed(schema: Object) -> list[str] | None:
    if "const" in schema:
        return [str(schema["const"])]
    values = schema.get("enum")
    return [str(value) for value in values] if isinstance(values, list) else None


def _branches(schema: Object) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for index, branch in enumerate(shape.branches(schema)):
        found[tree.schema_name(tree.ref_of(branch) or "") or f"{index + 1}"] = branch
    return found if len(found) > 1 else {}


def _holds_refs(schema: Object) -> bool:
    return any("$ref" in holder for _, holder in tree.walk_structure(schema))


def _or(words: Iterable[str]) -> str:
    return " or ".join(words)


def _or_none(value: Json) -> str:
    return "none" if value is None else str(value)
