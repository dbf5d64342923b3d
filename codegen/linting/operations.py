"""Rules about operations: what the call engine must know before money moves."""

from __future__ import annotations

from codegen.linting.extensions import well_formed
from codegen.linting.spec import Hits, Rule, Spec
from codegen.normalising import places, unions
from codegen.reading import tree
from codegen.reading.tree import Json, Object, arr, obj


def check_in_flight(spec: Spec) -> Hits:
    """Every operation says how many of it may run at once, if any does."""
    said = any("x-in-flight" in place.operation for place in spec.calls.values())
    for place in spec.calls.values():
        if said and "x-in-flight" not in place.operation:
            yield place.pointer, "no x-in-flight"


def check_idempotency(spec: Spec) -> Hits:
    """x-idempotency names a declared header parameter, with its own longest value."""
    for place in spec.calls.values():
        rule = well_formed(spec, place.operation, "x-idempotency")
        if rule is None:
            continue
        at, header = tree.join(place.pointer, "x-idempotency"), tree.text(rule["header"])
        declared = [p for p in _headers(spec, place) if tree.text(p.get("name")) == header]
        if not declared:
            yield tree.join(at, "header"), f"no header parameter {header} is declared"
        for parameter in declared:
            longest = spec.deref(parameter.get("schema")).get("maxLength")
            if longest is not None and longest != rule["max-length"]:
                yield tree.join(at, "max-length"), f"the parameter's maxLength is {longest}"


def _headers(spec: Spec, place: places.Place) -> list[Object]:
    return [p for p in _parameters(spec, place) if p.get("in") == "header"]


def _parameters(spec: Spec, place: places.Place) -> list[Object]:
    item = obj(obj(spec.document.get("paths")).get(place.path))
    listed = [*arr(item.get("parameters")), *arr(place.operation.get("parameters"))]
    return [spec.deref(parameter) for parameter in listed]


def _asks(spec: Spec, place: places.Place, pointer: str) -> bool:
    """Whether a pointer leads into what a caller gives: the body, or a path or query parameter."""
    steps = tree.split(pointer)
    given = {
        tree.text(p.get("name"))
        for p in _parameters(spec, place)
        if p.get("in") in ("path", "query")
    }
    return (len(steps) == 1 and steps[0] in given) or bool(
        _leads(spec, spec.request(place.operation), pointer)
    )


def check_outcome(spec: Spec) -> Hits:
    """Every operation is x-safe or says how an unknown outcome is settled."""
    for place in spec.calls.values():
        safe, outcome = "x-safe" in place.operation, "x-outcome" in place.operation
        if safe and outcome:
            yield place.pointer, "x-safe and x-outcome exclude each other"
        elif not safe and not outcome:
            yield place.pointer, "neither x-safe nor x-outcome"


def check_outcome_rule(spec: Spec) -> Hits:
    """x-outcome can be carried out: its operation, pointers and states exist."""
    for place in spec.calls.values():
        outcome = well_formed(spec, place.operation, "x-outcome")
        if outcome is None:
            continue
        at, by = tree.join(place.pointer, "x-outcome"), tree.text(outcome["by"])
        if by == "replay":
            yield from _replay(place, outcome, at)
        elif by not in spec.calls:
            yield tree.join(at, "by"), f"{by} is no operation"
        else:
            yield from _asked(spec, place, spec.calls[by], outcome, at)


def _replay(place: places.Place, outcome: Object, at: str) -> Hits:
    if "x-idempotency" not in place.operation:
        yield tree.join(at, "by"), "a replay needs x-idempotency"
    for key in outcome:
        if key not in {"by", "ends"}:
            yield tree.join(at, key), "means nothing with a replay"


def _asked(
    spec: Spec, place: places.Place, inquiry: places.Place, outcome: Object, at: str
) -> Hits:
    if "x-safe" not in inquiry.operation:
        yield tree.join(at, "by"), f"{inquiry.name} is not x-safe"
    ask = obj(outcome.get("ask"))
    if not ask:
        yield at, "no ask: the inquiry has to be asked about something"
    for member, pointer in ask.items():
        inside = member if member.startswith("/") else tree.join("", member)
        if not _asks(spec, inquiry, inside):
            yield tree.join(at, "ask"), f"{inquiry.name} has no request member {member}"
        if not _asks(spec, place, str(pointer)):
            yield tree.join(at, "ask"), f"{pointer} is not in the request of {place.name}"
    for answer, request in obj(outcome.get("match")).items():
        if not _leads(spec, spec.answers(inquiry.operation), answer):
            yield tree.join(at, "match"), f"{answer} is not in the answer of {inquiry.name}"
        if not _leads(spec, spec.request(place.operation), str(request)):
            yield tree.join(at, "match"), f"{request} is not in the request of {place.name}"
    if "gone" in outcome and "404" not in obj(inquiry.operation.get("responses")):
        yield tree.join(at, "gone"), f"{inquiry.name} has no answer 404"
    yield from _states(spec, inquiry, outcome, at)


def _states(spec: Spec, inquiry: places.Place, outcome: Object, at: str) -> Hits:
    listed = {key: arr(outcome.get(key)) for key in ("done", "waiting", "failed")}
    named = [value for values in listed.values() for value in values]
    if "state" not in outcome:
        if named:
            yield at, "states are listed, but state does not say where they stand"
        if "match" not in outcome and "gone" not in outcome:
            yield at, "neither state nor match: nothing settles it"
        return
    pointer = tree.text(outcome["state"])
    members = _leads(spec, spec.answers(inquiry.operation), pointer)
    if not members:
        yield tree.join(at, "state"), f"{pointer} is not in the answer of {inquiry.name}"
        return
    if not named and "match" not in outcome:
        yield tree.join(at, "state"), "no state is listed: nothing settles it"
    known = [value for member in members for value in _values(spec, member)]
    for key, values in listed.items():
        for value in values:
            if value not in known:
                yield tree.join(at, key), f"{value!r} is no value of {pointer}"
            elif named.count(value) > 1:
                yield tree.join(at, key), f"{value!r} is listed twice"


def _values(spec: Spec, member: Json) -> list[Json]:
    """The texts or whole numbers that a state may be."""
    texts: list[Json] = [*unions.values_of(spec.document, member)]
    return texts or [v for v in arr(spec.deref(member).get("enum")) if isinstance(v, int)]


def _leads(spec: Spec, schemas: list[Json], pointer: str) -> list[Json]:
    steps = tree.split(pointer)
    return [m for schema in schemas for m in unions.members_at(spec.document, schema, steps)]


RULES = (
    Rule("in-flight", "add x-in-flight in the overlay", check_in_flight),
    Rule("idempotency", "declare the header, or correct x-idempotency", check_idempotency),
    Rule("outcome", "add x-outcome, or x-safe if it only reads", check_outcome),
    Rule("outcome-rule", "correct x-outcome", check_outcome_rule),
)
