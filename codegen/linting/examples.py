"""Rules about examples: valid, there, and one for each branch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from codegen.linting import validation as examples
from codegen.linting.spec import Hits, Rule, Spec
from codegen.linting.validation import Example, Judge
from codegen.normalising import places, unions
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj


class Body(NamedTuple):
    """A media type of a request or an answer, as an operation uses it."""

    operation: str
    what: str  # "request" or "answer 201"
    pointer: str  # where it is written: in the operation, or in a shared component
    media: Object


def bodies(spec: Spec) -> Iterator[Body]:
    """Every media type of every operation, references followed."""
    for place in spec.operations:
        body = place.operation.get("requestBody")
        at = tree.join(place.pointer, "requestBody")
        yield from _media(spec, place, "request", body, at)
        for status, response in obj(place.operation.get("responses")).items():
            at = tree.join(place.pointer, "responses", status)
            yield from _media(spec, place, f"answer {status}", response, at)


def _media(spec: Spec, place: places.Place, what: str, holder: Json, at: str) -> Iterator[Body]:
    target = tree.ref_of(holder)
    at = target[1:] if target is not None else at
    for kind, media in obj(spec.deref(holder).get("content")).items():
        yield Body(place.name, what, tree.join(at, "content", kind), obj(media))


def check_valid(spec: Spec) -> Hits:
    """Every example, default and enum value fits its schema."""
    judge = Judge(spec.document)
    for example in all_examples(spec):
        for inside, message in judge.errors(example.value, example.schema):
            yield example.pointer + inside, message[:160]


def all_examples(spec: Spec) -> Iterator[Example]:
    """Every example, default and enum value, each place once."""
    seen = set[str]()
    for body in bodies(spec):
        if body.pointer not in seen:
            seen.add(body.pointer)
            yield from examples.media_examples(spec.document, body.media, body.pointer)
    for pointer, holder in tree.walk_structure(spec.document):
        if "in" in holder and "name" in holder and "schema" in holder:
            yield from examples.media_examples(spec.document, holder, pointer)
    for pointer, schema in spec.schemas:
        yield from examples.schema_examples(schema, pointer)


def check_present(spec: Spec) -> Hits:
    """Every request and every answer with a body has an example."""
    seen = set[str]()
    for body in bodies(spec):
        found = any(examples.media_examples(spec.document, body.media, body.pointer))
        if not found and body.pointer not in seen and "schema" in body.media:
            seen.add(body.pointer)
            yield body.pointer, f"{body.operation}: {body.what} has no example"


def check_branches(spec: Spec) -> Hits:
    """The examples of a request or an answer show each branch of each union in it."""
    seen = set[str]()
    for body in bodies(spec):
        listed = list(examples.media_examples(spec.document, body.media, body.pointer))
        if not listed or body.pointer in seen:
            continue  # none at all is another rule's
        seen.add(body.pointer)
        judge = Judge(spec.document)
        for example in listed:
            list(judge.errors(example.value, example.schema))
        for name in examples.unions_in(spec.document, body.media.get("schema")):
            for branch in unions.branches_of(spec.document, obj(spec.components[name])) or ():
                if (name, branch.name) not in judge.taken:
                    yield body.pointer, f"no example shows {branch.name} of {name}"


RULES = (
    Rule("example", "correct the value or the schema", check_valid),
    Rule("example-missing", "write one", check_present),
    Rule("example-branch", "write one with that branch", check_branches),
)
