"""The statements that read and write one member of a model.

Decoders run straight down: one assignment per member, nothing computed twice. ``at`` holds the
member being read, so that an error can name its place without any cost on the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from codegen import names
from codegen.ir.text import literal
from codegen.ir.types import Type


@dataclass
class Needs:
    """What a module's statements use."""

    wire: set[str] = field(default_factory=set[str])  # from kessai.wire
    checks: set[str] = field(default_factory=set[str])  # from kessai.checks
    refs: set[str] = field(default_factory=set[str])  # classes that checks name
    decoders: set[str] = field(default_factory=set[str])  # components that are decoded
    tables: set[str] = field(default_factory=set[str])  # enums whose table is looked up
    patterns: dict[str, str] = field(default_factory=dict[str, str])  # expression -> constant

    def pattern(self, expression: str, hint: str) -> str:
        """The constant of a pattern; one per expression."""
        if expression not in self.patterns:
            name = "_" + names.upper(hint)
            while name in self.patterns.values():
                name += "_"
            self.patterns[expression] = name
        return self.patterns[expression]


def table_name(component: str) -> str:
    """The constant with an enum's members by value."""
    return names.upper(names.class_name(component))


def decoder_name(component: str) -> str:
    """The function that decodes a model or a union."""
    return "decode_" + names.snake(names.class_name(component))


def decoder(kind: Type, needs: Needs) -> str | None:
    """A callable that decodes one present value, or None where the value is itself."""
    if kind.plain:
        return None
    if kind.kind in {"model", "union"}:
        needs.decoders.add(kind.ref)
        return decoder_name(kind.ref)
    if kind.kind == "enum":
        needs.tables.add(kind.ref)
        return f"{table_name(kind.ref)}.__getitem__"
    simple = {
        "yen": "decode_yen", "timestamp": "decode_timestamp", "date": "decode_date",
        "int": "decode_integer", "float": "decode_number",
    }  # fmt: skip
    if kind.kind in simple:
        needs.wire.add(simple[kind.kind])
        return simple[kind.kind]
    whole, each = {
        "list": ("decode_list", "decode_items"), "map": ("decode_map", "decode_values"),
    }[kind.kind]  # fmt: skip
    inner = decoder(kind.item, needs) if kind.item else None
    if inner is None:
        needs.wire.add(whole)
        return whole
    needs.wire.update({each, "partial"})
    return f"partial({each}, {inner})"


def decode_expression(kind: Type, value: str, needs: Needs) -> str:
    """An expression that decodes a present value."""
    if kind.kind == "enum":
        needs.tables.add(kind.ref)
        return f"{table_name(kind.ref)}[{value}]"
    if kind.kind in {"list", "map"} and kind.item:
        inner = decoder(kind.item, needs)
        if inner is not None:
            each = "decode_items" if kind.kind == "list" else "decode_values"
            needs.wire.add(each)
            return f"{each}({inner}, {value})"
    function = decoder(kind, needs)
    return value if function is None else f"{function}({value})"


def member_name(name: str) -> str:
    """The constant through which a date-time attribute's slot is reached."""
    return "_" + name.strip("_").upper()


def decode_statements(wire: str, name: str, kind: Type, required: bool, needs: Needs) -> list[str]:
    """Statements that take a member out of ``data`` and set the attribute."""
    key = literal(wire)
    if kind.kind == "timestamp":
        return _timestamp_statements(key, name, required and not kind.nullable, needs)
    if required and not kind.nullable:
        needs.wire.add("missing")
        lines = [f"at = {key}", "value = data.pop(at, None)"]
        lines += [f"if {_absent(kind)}:", "    raise missing()"]
        return [*lines, f"self.{name} = {decode_expression(kind, 'value', needs)}"]
    if kind.plain:
        return [f"self.{name} = data.pop({key}, None)"]
    if kind.kind == "enum":
        return [
            f"at = {key}",
            f"self.{name} = {decode_expression(kind, 'data.pop(at, None)', needs)}",
        ]
    expression = decode_expression(kind, "value", needs)
    return [
        f"at = {key}",
        "value = data.pop(at, None)",
        f"self.{name} = None if {_absent(kind)} else {expression}",
    ]


def _absent(kind: Type) -> str:
    # Gateways write the empty text for no amount and no date.
    return 'value is None or value == ""' if kind.kind in {"yen", "date"} else "value is None"


def _timestamp_statements(key: str, name: str, required: bool, needs: Needs) -> list[str]:
    needs.wire.add("TimestampMember")
    lines = [f"at = {key}", "value = data.pop(at, None)"]
    if required:
        needs.wire.add("missing")
        lines += ["if not value:", "    raise missing()"]
    lines.append(f"if value.__class__ is not str{'' if required else ' and value is not None'}:")
    return [
        *lines,
        '    raise DecodeError("", "a string")',
        f"{member_name(name)}.put(self, value)",
    ]


def can_fail(kind: Type, required: bool) -> bool:
    """Whether decoding a member can raise."""
    return not kind.plain or (required and not kind.nullable)


def encode_expression(kind: Type, value: str, depth: int = 0) -> str:
    """An expression for the JSON value of a present value."""
    if kind.kind in {"str", "int", "float", "bool", "any", "enum"}:
        return value
    if kind.kind == "yen":
        return f"str({value})" if kind.schema.get("type") == "string" else value
    if kind.kind == "timestamp":
        return f"{value}.text"
    if kind.kind == "date":
        return f"{value}.isoformat()"
    if kind.kind in {"model", "union"}:
        return f"{value}.to_wire()"
    item = "item" + "_" * depth
    inner = encode_expression(kind.item, item, depth + 1) if kind.item else item
    if inner == item:
        return value
    if kind.kind == "list":
        return f"[{inner} for {item} in {value}]"
    return f"{{name: {inner} for name, {item} in {value}.items()}}"


def encode_statements(
    wire: str, name: str, kind: Type, required: bool
) -> tuple[str | None, list[str]]:
    """The expression for the dict literal, or the statements that follow it."""
    key, attribute = literal(wire), f"self.{name}"
    if kind.kind == "timestamp":
        text = "value if value.__class__ is str else value.text"
        return None, [
            f"if (value := {member_name(name)}.raw(self)) is not None:",
            f"    wire[{key}] = {text}",
        ]
    if required and not kind.nullable:
        return encode_expression(kind, attribute), []
    expression = encode_expression(kind, "value")
    return None, [
        f"if (value := {attribute}) is not None:",
        f"    wire[{key}] = {expression}",
        *(["else:", f"    wire[{key}] = None"] if required else []),
    ]
