"""Rules about the document as a whole: valid OpenAPI, nothing to repair, names and tags."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from codegen.linting.spec import Hits, Rule, Spec
from codegen.normalising import shape
from codegen.reading import tree
from codegen.reading.tree import arr, obj

# Repairs and problems that a rule of their own reports, in its own words.
_OWN_RULE = {"pattern", "union", "required", "ref", "operation-id", "tag", "type"}
_LONGEST = 160
# What openapi-spec-validator finds beyond the structure; its other findings have rules here.
_FURTHER = {"ExtraParametersError", "ParameterDuplicateError", "UnresolvableParameterError"}


def check_openapi(spec: Spec) -> Hits:
    """The document is valid OpenAPI 3.1."""
    if not tree.text(spec.document.get("openapi")).startswith("3.1"):
        yield "/openapi", "is not 3.1"
        return
    seen = set[tuple[str, str]]()
    for hit in _structure(spec):
        if hit not in seen:
            seen.add(hit)
            yield hit


def _structure(spec: Spec) -> Hits:
    validator: Any = import_module("openapi_spec_validator").OpenAPIV31SpecValidator
    broken = False
    for error in validator.schema_validator.iter_errors(spec.document):
        broken = True
        yield _pointer(error), _short(str(error.message))
    yield from _keywords(spec)
    if broken:
        return  # its further checks trip over what was just reported
    try:
        further: list[Any] = list(validator(spec.document).iter_errors())
    except Exception as error:
        if not any(problem.code == "ref" for problem in spec.work.problems):
            yield "", f"the validator stopped with {type(error).__name__}"
        return
    for found in further:
        if type(found).__name__ in _FURTHER:
            yield _pointer(found), _short(str(found.message))


def _keywords(spec: Spec) -> Hits:
    """Each schema against the meta-schema of its dialect, for exact places."""
    dialect: Any = import_module("jsonschema").Draft202012Validator
    meta: Any = dialect(dialect.META_SCHEMA)
    for slot in shape.roots(spec.document):
        for error in meta.iter_errors(slot.value):
            yield slot.pointer + _pointer(error), _short(str(error.message))


def _pointer(error: Any) -> str:
    path: Iterator[str | int] = iter(error.absolute_path)
    return tree.join("", *path)


def _short(message: str) -> str:
    line = message.partition("\n")[0].strip()
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."


def check_references(spec: Spec) -> Hits:
    """Every reference leads to a place in the document."""
    if not tree.text(spec.document.get("openapi")).startswith("3.1"):
        return  # nothing of it can be read
    for problem in spec.work.problems:
        if problem.code == "ref":
            yield problem.pointer, problem.what


def check_repairs(spec: Spec) -> Hits:
    """The document needs no repair: what is broken is corrected in the overlay, with a reason."""
    for repair in spec.work.repairs:
        if repair.code not in _OWN_RULE:
            yield repair.pointer, f"{repair.what} ({repair.why})"
    for problem in spec.work.problems:
        if problem.code not in _OWN_RULE:
            yield problem.pointer, problem.what


def check_overlay(spec: Spec) -> Hits:
    """Every action of the overlay says why."""
    for index, action in enumerate(arr(obj(spec.overlay).get("actions"))):
        if not tree.text(obj(action).get("description")).strip():
            yield f"overlay.yaml#/actions/{index}", "no description"


def check_operation_ids(spec: Spec) -> Hits:
    """Every operation, callback and webhook has an operationId of its own."""
    ids = [tree.text(place.operation.get("operationId")) for place in spec.operations]
    counted = Counter(name.casefold() for name in ids)
    for place, name in zip(spec.operations, ids, strict=True):
        if not name:
            yield place.pointer, "no operationId"
        elif counted[name.casefold()] > 1:
            yield tree.join(place.pointer, "operationId"), f"{name} is not unique"


def check_tags(spec: Spec) -> Hits:
    """Every operation has exactly one tag, and tags are declared."""
    declared = {tree.text(obj(tag).get("name")) for tag in arr(spec.document.get("tags"))}
    for place in spec.operations:
        tags = tree.strings(place.operation.get("tags"))
        if place.kind == "operation" and len(tags) != 1:
            yield place.pointer, f"{len(tags)} tags"
        for tag in tags:
            if tag not in declared:
                yield tree.join(place.pointer, "tags"), f"tag {tag!r} is not declared"


RULES = (
    Rule("openapi", "see the OpenAPI Specification 3.1", check_openapi, early=True),
    Rule("ref", "add the target, or correct the reference", check_references, early=True),
    Rule("repair", "correct it in the overlay, with the reason", check_repairs),
    Rule("overlay-reason", "say why in its description", check_overlay, early=True),
    Rule("operation-id", "give it one that no other has", check_operation_ids, early=True),
    Rule("tag", "declare it under tags; an operation has one", check_tags, early=True),
)
