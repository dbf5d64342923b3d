"""The statements that hold one attribute against its limits.

The fast path is written out as comparisons; only a value that fails it costs a call. The source
of a limit and whether it is enforced stand in the slow call alone.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from codegen import names
from codegen.ir.fields import Needs, member_name, table_name
from codegen.ir.text import literal
from codegen.ir.types import Type
from codegen.problems import SpecError


class Origin(NamedTuple):
    """Who says so: the source's short name, and whether a breach refuses the request."""

    source: str
    enforced: bool


def arguments(limits: dict[str, Any], origin: Origin, enforceable: bool = True) -> str:
    """Keyword arguments of a slow call, leading comma included."""
    said = [f"{name}={value}" for name, value in limits.items() if value is not None]
    if origin.source:
        said.append(f"source={literal(origin.source)}")
    if not origin.enforced and enforceable:
        said.append("enforced=False")
    return "".join(f", {item}" for item in said)


def number(value: Any) -> Any:
    """Limits are integers wherever they can be."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def pointer_to(member: str) -> str:
    """The f-string for a member's JSON pointer, below the pointer in ``at``."""
    step = member.replace("~", "~0").replace("/", "~1").replace("{", "{{").replace("}", "}}")
    return 'f"{at}' + literal("/" + step)[1:]


def check_statements(
    wire: str,
    name: str,
    kind: Type,
    required: bool,
    origin: Origin,
    needs: Needs,
    holder: str = "self.",
) -> list[str]:
    """Statements that check an attribute; ``at`` is the model's pointer."""
    condition, lines = _value("value", kind, pointer_to(wire), origin, needs, names.snake(wire))
    absent = not required or kind.nullable
    head = [f"value = {holder}{name}"]
    if kind.kind == "timestamp" and holder:
        head = [f"value = {member_name(name)}.raw(self)"]  # reading it could fail
    if condition is None:
        if absent:
            return [*head, "if value is not None:", *("    " + line for line in lines)]
        return [*head, *lines]
    guard = f"value is not None and {condition}" if absent else condition
    return [*head, f"if {guard}:", *("    " + line for line in lines)]


def _value(
    value: str, kind: Type, pointer: str, origin: Origin, needs: Needs, hint: str
) -> tuple[str | None, list[str]]:
    """A condition under which something is wrong, and the statements to run then.

    Without a condition the statements always run.
    """
    if kind.kind == "any":
        return "False", ["pass"]
    if kind.kind in {"list", "map"}:
        return None, _container(value, kind, pointer, origin, needs, hint)
    if kind.kind == "model":
        needs.checks.add("check_nested")
        needs.refs.add(kind.ref)
        name = names.class_name(kind.ref)
        slow = arguments({}, origin, enforceable=False)
        return None, [
            f"if {value}.__class__ is {name}:",
            f"    {value}.check({pointer}, report)",
            "else:",
            f"    check_nested(report, {pointer}, {value}, {name}, {literal(name)}{slow})",
        ]
    if kind.kind == "union":
        needs.checks.add("check_nested")
        needs.refs.add(kind.ref)
        name = names.class_name(kind.ref)
        slow = arguments({}, origin, enforceable=False)
        return None, [f"check_nested(report, {pointer}, {value}, {name}, {literal(name)}{slow})"]
    return _scalar(value, kind, pointer, origin, needs, hint)


def _scalar(
    value: str, kind: Type, pointer: str, origin: Origin, needs: Needs, hint: str
) -> tuple[str, list[str]]:
    schema = kind.schema
    call, extra, enforceable = f"check_{_SLOW[kind.kind]}", "", True
    limits: dict[str, Any] = {}
    right: list[str] = []
    if kind.kind == "str":
        right = [f"{value}.__class__ is str", *_text(value, schema, limits, needs, hint)]
    elif kind.kind in {"int", "yen"}:
        right = [f"{value}.__class__ is int", *_whole(value, kind, limits)]
    elif kind.kind == "float":
        right = [
            f"{value}.__class__ is float",
            *_range(value, schema, limits),
            f"{value} - {value} == 0",
        ]
    elif kind.kind == "bool":
        right, enforceable = [f"({value} is True or {value} is False)"], False
    elif kind.kind == "enum":
        needs.refs.add(kind.ref)
        needs.tables.add(kind.ref)
        table = table_name(kind.ref)
        right = [f"{value}.__class__ is {names.class_name(kind.ref)}", f"{value} in {table}"]
        extra, enforceable = f", {table}", False
    elif kind.kind == "timestamp":
        needs.wire.add("Timestamp")
        right, enforceable = [f"{value}.__class__ is Timestamp"], False
    else:
        right, enforceable = [f"{value}.__class__ is date"], False
    needs.checks.add(call)
    slow = arguments(limits, origin, enforceable)
    if len(right) == 1:
        only = right[0]
        condition = (
            only.replace(" is ", " is not ", 1)
            if " is " in only and "(" not in only
            else f"not {only}"
        )
    else:
        condition = f"not ({' and '.join(right)})"
    return condition, [f"{call}(report, {pointer}, {value}{extra}{slow})"]


_SLOW = {
    "str": "text", "int": "integer", "yen": "yen", "float": "number", "bool": "flag",
    "enum": "enum", "timestamp": "timestamp", "date": "date",
}  # fmt: skip


def _text(
    value: str, schema: dict[str, Any], limits: dict[str, Any], needs: Needs, hint: str
) -> list[str]:
    right: list[str] = []
    low, high = schema.get("minLength"), schema.get("maxLength")
    limits["min_length"], limits["max_length"] = low or None, high
    if low and low == high:
        right.append(f"len({value}) == {low}")
    elif low and high is not None:
        right.append(f"{low} <= len({value}) <= {high}")
    elif low:
        right.append(f"len({value}) >= {low}")
    elif high is not None:
        right.append(f"len({value}) <= {high}")
    if "pattern" in schema:
        constant = needs.pattern(schema["pattern"], hint)
        needs.checks.add("Pattern")
        limits["pattern"] = constant
        right.append(f"{constant}.match({value})")
    size = schema.get("x-max-bytes")
    if size:
        limits["max_bytes"] = size["bytes"]
        limits["encoding"] = literal(size["encoding"])
        right.append(_bytes(value, size["encoding"], size["bytes"], high, needs))
    if schema.get("format") in {"email", "uri"}:
        limits["format"] = literal(schema["format"])
        needs.checks.add(f"is_{schema['format']}")
        right.append(f"is_{schema['format']}({value})")
    if "const" in schema:
        limits["const"] = literal(str(schema["const"]))
        right.append(f"{value} == {literal(str(schema['const']))}")
    return right


def _bytes(value: str, encoding: str, most: int, high: int | None, needs: Needs) -> str:
    """Whether a text takes at most so many bytes; cheap answers first."""
    ascii_fits = f"{value}.isascii()" if high is not None and high <= most else ""
    if encoding == "utf-8":
        exact = f'len({value}.encode("utf-8", "surrogatepass")) <= {most}'
        return f"({ascii_fits} or {exact})" if ascii_fits else exact
    needs.checks.add("fits")
    cheap = ascii_fits or f"({value}.isascii() and len({value}) <= {most})"
    return f"({cheap} or fits({value}, {literal(encoding)}, {most}))"


def _whole(value: str, kind: Type, limits: dict[str, Any]) -> list[str]:
    schema = kind.schema
    low, high = _bounds(schema, limits)
    if kind.kind == "yen":
        if schema.get("type") == "string":
            digits = schema.get("maxLength") or _digits(schema.get("pattern"))
            limits["digits"] = digits
            most = 10**digits - 1 if digits else None
            high = most if high is None else high if most is None else min(high, most)
        low = 0 if low is None else low
    if low is not None and high is not None:
        return [f"{low} <= {value} <= {high}"]
    return ([f"{value} >= {low}"] if low is not None else []) + (
        [f"{value} <= {high}"] if high is not None else []
    )


def _digits(pattern: str | None) -> int | None:
    """The most digits a pattern for amounts allows, for instance ``^[0-9]{1,15}$``."""
    if pattern in {None, "^[0-9]+$"}:
        return None
    found = re.fullmatch(r"\^\[0-9\]\{(?:[0-9]+,)?([0-9]+)\}\$", pattern or "")
    if not found:
        raise SpecError(f"pattern {pattern} of an amount in yen", "write ^[0-9]{1,N}$")
    return int(found[1])


def _bounds(schema: dict[str, Any], limits: dict[str, Any]) -> tuple[Any, Any]:
    low, high = number(schema.get("minimum")), number(schema.get("maximum"))
    if "exclusiveMinimum" in schema:
        low = number(schema["exclusiveMinimum"]) + 1
    if "exclusiveMaximum" in schema:
        high = number(schema["exclusiveMaximum"]) - 1
    limits["minimum"], limits["maximum"] = low, high
    return low, high


def _range(value: str, schema: dict[str, Any], limits: dict[str, Any]) -> list[str]:
    if "exclusiveMinimum" in schema or "exclusiveMaximum" in schema:
        raise SpecError("an exclusive limit of a number that is no integer", "not supported yet")
    low, high = number(schema.get("minimum")), number(schema.get("maximum"))
    limits["minimum"], limits["maximum"] = low, high
    return ([f"{value} >= {low}"] if low is not None else []) + (
        [f"{value} <= {high}"] if high is not None else []
    )


def _container(
    value: str, kind: Type, pointer: str, origin: Origin, needs: Needs, hint: str
) -> list[str]:
    schema = kind.schema
    call = "check_list" if kind.kind == "list" else "check_map"
    needs.checks.add(call)
    limits = (
        {"min_items": schema.get("minItems"), "max_items": schema.get("maxItems")}
        if kind.kind == "list"
        else {"max_properties": schema.get("maxProperties")}
    )
    whole = f"{call}(report, {pointer}, {value}{arguments(limits, origin)})"
    inner = kind.item
    if inner is None or inner.kind == "any":
        return [whole]
    index, item = ("index", "item") if value == "value" else ("index_", "item_")
    step = index if kind.kind == "list" else f"escape({index})"
    if kind.kind == "map":
        needs.checks.add("escape")
    below = pointer[:-1] + "/{" + step + '}"'
    condition, lines = _value(item, inner, below, origin, needs, hint)
    loop = f"enumerate({value})" if kind.kind == "list" else f"{value}.items()"
    if condition is not None:
        lines = [f"if {condition}:", *("    " + line for line in lines)]
    return [
        f"if {whole}:",
        f"    for {index}, {item} in {loop}:",
        *("        " + line for line in lines),
    ]
