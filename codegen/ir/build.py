"""From a document and its parse to the intermediate form; every name is counted in both.

A model, member, enum, operation or answer that one reading has and the other has not fails the
build, and so does a member whose type the two readings do not agree on.
"""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from codegen import ir, names
from codegen.ir.checks import Origin, check_statements
from codegen.ir.docs import component_doc, field_doc
from codegen.ir.fields import (
    Needs,
    can_fail,
    decode_statements,
    decoder_name,
    encode_statements,
    member_name,
    table_name,
)
from codegen.ir.graph import Graph
from codegen.ir.reader import Reading
from codegen.ir.text import Sources, docstring, limits, literal, sentence
from codegen.ir.types import READER_KINDS, Type, Types
from codegen.problems import SpecError
from codegen.reading import tree


class Models:
    """Builds what stands under ``models``."""

    def __init__(self, document: dict[str, Any], reading: Reading, sources: Sources) -> None:
        self.types = Types(document)
        self.reading = reading
        self.sources = sources
        self.kinds = {
            name: self.types.type_of({"$ref": tree.schema_ref(name)}, self.at(name))
            for name in self.types.schemas
        }
        # A component that only refers to another one is an alias of it.
        self.owners = {n for n, k in self.kinds.items() if not k.ref or k.ref == n}
        self.members = {n: self._members(n) for n in self.kinds if self.is_(n, "model")}
        self.graph = Graph(self._edges(), document)
        self.assumed: list[tuple[str, str]] = []

    @staticmethod
    def at(name: str) -> str:
        """The JSON pointer of a component."""
        return tree.join("/components/schemas", name)

    def is_(self, name: str, kind: str) -> bool:
        """Whether a component is itself of a kind (not an alias of one that is)."""
        return name in self.owners and self.kinds[name].kind == kind

    def build(self) -> list[ir.Module]:
        """Every schema component as a module, in the order of the document."""
        self._count()
        modules = [self._module(name) for name in self.types.schemas]
        names.unique([(m.component, m.module) for m in modules], "schemas")
        names.unique([(m.component, m.name) for m in modules], "schemas")
        return modules

    def _count(self) -> None:
        """The parser must have found the same models and enums."""
        ours = {n for n in self.kinds if self.is_(n, "model") or self.is_(n, "map")}
        theirs = set(self.reading.models)
        # A free-form map is a model without members to the parser, or nothing at all.
        missing = {n for n in ours if self.is_(n, "model")} - theirs
        _refuse("models", missing, theirs - ours)
        enums = {n for n in self.kinds if self.is_(n, "enum")}
        _refuse("enums", enums - set(self.reading.enums), set(self.reading.enums) - enums)
        for name in enums:
            said, read = self.types.schemas[name]["enum"], self.reading.enums[name]
            if sorted(said) != sorted(read):
                raise SpecError(f"{self.at(name)}: the two readings differ", "mend the enum")
        for name, members in self.members.items():
            read_members = self.reading.models[name]
            _refuse(
                f"members of {name}",
                set(members) - set(read_members),
                set(read_members) - set(members),
            )
            for member, (kind, required, _) in members.items():
                found = read_members[member]
                if found.required != required or found.kind not in READER_KINDS[kind.kind]:
                    cause = f"{self.at(name)}/properties/{member}: read as {kind.kind}"
                    raise SpecError(
                        f"{cause}, by openapi-python-client as {found.kind}", "say its type"
                    )

    def _members(self, name: str) -> dict[str, tuple[Type, bool, dict[str, Any]]]:
        """Members of an object by wire name: type, required, schema as written."""
        properties, required = self.properties(self.types.schemas[name], self.at(name))
        for member in required - set(properties):
            raise SpecError(
                f"{self.at(name)}/required: {member!r} is no member", "declare or drop it"
            )
        return {
            member: (
                self.types.type_of(schema, f"{self.at(name)}/properties/{member}"),
                member in required,
                schema,
            )
            for member, schema in properties.items()
        }

    def properties(self, schema: dict[str, Any], at: str) -> tuple[dict[str, Any], set[str]]:
        """Properties and required names of an object, compositions merged."""
        properties: dict[str, Any] = {}
        required: set[str] = set()
        for index, part in enumerate(schema.get("allOf", ())):
            _, merged = self.types.resolve(part, tree.join(at, "allOf", index))
            inner, needed = self.properties(merged, tree.join(at, "allOf", index))
            properties.update(inner)
            required |= needed
        properties.update(schema.get("properties", {}))
        return properties, required | set(schema.get("required", ()))

    def _edges(self) -> dict[str, list[str]]:
        """Which component's module needs which at run time."""
        edges: dict[str, list[str]] = {}
        for name, kind in self.kinds.items():
            if self.is_(name, "model"):
                edges[name] = [r for k, _, _ in self.members[name].values() for r in k.refs()]
            elif self.is_(name, "union"):
                edges[name] = self.branches(name)
            else:
                edges[name] = [] if self.is_(name, "enum") else kind.refs()
        return edges

    def branches(self, name: str) -> list[str]:
        """The components a union joins."""
        schema = self.types.schemas[name]
        found: list[str] = []
        for index, part in enumerate(schema.get("oneOf") or schema.get("anyOf") or ()):
            where = tree.join(self.at(name), "oneOf", index)
            kind = self.types.type_of(part, where)
            if kind.kind not in {"model", "union"}:
                raise SpecError(f"{where}: a branch that is no object", "not supported yet")
            found.append(kind.ref)
        return found

    def imports(
        self, refs: Set[str], tables: Set[str] = frozenset(), decoders: Set[str] = frozenset()
    ) -> list[ir.Import]:
        """Imports from the components' modules, in a fixed order: classes, tables, decoders."""
        found: dict[str, set[str]] = {}
        for ref in refs | tables | decoders:
            wanted = found.setdefault("." + names.snake(names.class_name(ref)), set())
            if ref in refs:
                wanted.add(names.class_name(ref))
            if ref in tables:
                wanted.add(table_name(ref))
            if ref in decoders:
                wanted.add(decoder_name(ref))
        return [ir.Import(module, tuple(sorted(said))) for module, said in sorted(found.items())]

    def money(self, refs: set[str]) -> bool:
        """Whether any of these components holds an amount in yen somewhere."""
        return any(
            inner.kind == "yen"
            for name in self.graph.reachable(refs)
            for kind, _, _ in self.members.get(name, {}).values()
            for inner in _within(kind)
        )

    def _module(self, name: str) -> ir.Module:
        schema, kind = self.types.schemas[name], self.kinds[name]
        if schema.get("x-assumed"):
            self.assumed.append((names.class_name(name), str(schema["x-assumed"])))
        module = names.snake(names.class_name(name))
        if self.is_(name, "model"):
            return self._model(name, module, schema)
        if self.is_(name, "enum"):
            return self._enum(name, module, schema)
        if self.is_(name, "union"):
            from codegen.ir.unions import union

            return union(self, name, module, schema)
        said = limits(schema, kind.kind)
        doc = component_doc(self.sources, schema, f"``{name}`` of the spec", said, indent=0)
        imports = self.imports(set(kind.refs()))
        public = names.class_name(name)
        return ir.Alias(name, public, module, doc, imports, [], kind.annotation)

    def _enum(self, name: str, module: str, schema: dict[str, Any]) -> ir.Enum:
        values: list[str] | list[int] = schema["enum"]
        whole = all(isinstance(value, int) for value in values)
        given = schema.get("x-enum-varnames")
        if whole and not given:
            raise SpecError(f"{self.at(name)}: numbers have no names", "set x-enum-varnames")
        texts = [str(value) for value in values]
        members = given or [names.enum_member(text) for text in texts]
        names.unique(zip(texts, members, strict=True), self.at(name))
        codes: dict[str, Any] = schema.get("x-error-codes") or {}
        told: list[str] = schema.get("x-enum-descriptions") or [""] * len(texts)
        described = [
            docstring([f"``{value}``, with status {codes[value]['status']}."], 4)
            if value in codes
            else docstring([f"``{value}``: {sentence(text)}"], 4)
            if text
            else []
            for value, text in zip(texts, told, strict=True)
        ]
        kept = "Unknown values are kept as they come."
        doc = component_doc(self.sources, schema, f"Values of ``{name}``", kept)
        printed = texts if whole else [literal(text) for text in texts]
        listed = list(zip(members, printed, described, strict=True))
        public, table = names.class_name(name), table_name(name)
        kinds = ("OpenIntEnum", "IntEnumTable") if whole else ("OpenEnum", "EnumTable")
        return ir.Enum(name, public, module, doc, [], [], table, listed, *kinds)

    def _model(self, name: str, module: str, schema: dict[str, Any]) -> ir.Model:
        needs, fields = Needs(), list[ir.Field]()
        checked = name in self.graph.sent
        for wire, (kind, required, written) in self.members[name].items():
            fields.append(self._field(name, schema, wire, kind, required, written, needs, checked))
        names.unique([(item.wire, item.name) for item in fields], self.at(name))
        kinds = [kind for kind, _, _ in self.members[name].values()]
        typed = {ref for kind in kinds for ref in kind.refs()} - {name}
        late = self.graph.late(name) & typed
        imports = [
            *self._runtime(needs, kinds),
            *self.imports(typed - late, needs.tables, needs.decoders - late - {name}),
        ]
        typing_imports = self.imports(late)
        if checked:
            typing_imports.insert(0, ir.Import("kessai.constraints", ("Report",)))
        return ir.Model(
            name, names.class_name(name), module,
            component_doc(self.sources, schema, f"``{name}`` of the spec"), imports, typing_imports,
            fields, [(constant, literal(source)) for source, constant in needs.patterns.items()],
            self.imports(set(), decoders=late & needs.decoders),
            self.imports(late & needs.refs) if checked else [], checked,
            any(can_fail(kind, required) for kind, required, _ in self.members[name].values()),
        )  # fmt: skip

    @staticmethod
    def _runtime(needs: Needs, kinds: list[Type]) -> list[ir.Import]:
        wire = set(needs.wire)
        flat = [inner for kind in kinds for inner in _within(kind)]
        if any(kind.kind == "timestamp" for kind in flat):
            wire.add("Timestamp")
        imports: list[ir.Import] = []
        if any(kind.kind == "date" for kind in flat):
            imports.append(ir.Import("datetime", ("date",)))
        if "partial" in wire:
            wire.discard("partial")
            imports.append(ir.Import("functools", ("partial",)))
        if needs.checks:
            imports.append(ir.Import("kessai.checks", tuple(sorted(needs.checks))))
        return [
            *imports,
            ir.Import("kessai.wire", tuple(sorted({*wire, "DecodeError", "located", "new"}))),
        ]

    def _field(
        self, owner: str, model: dict[str, Any], wire: str, kind: Type, required: bool,
        written: dict[str, Any], needs: Needs, checked: bool,
    ) -> ir.Field:  # fmt: skip
        name = names.identifier(wire, names.RESERVED)
        literal_part, encode = encode_statements(wire, name, kind, required)
        if written.get("x-assumed"):
            self.assumed.append((f"{names.class_name(owner)}.{name}", str(written["x-assumed"])))
        annotation = kind.annotation
        if not required or kind.nullable:
            annotation += " | None"
        origin = self._origin(model, kind.schema)
        check: list[str] = []
        if checked:
            check = check_statements(wire, name, kind, required, origin, needs)
            check += self._required_when(owner, name, wire, kind, origin)
        return ir.Field(
            wire, name, annotation, required,
            field_doc(self.sources, wire, name, kind, required, written),
            decode_statements(wire, name, kind, required, needs),
            literal_part, encode, check, kind.schema.get("x-sensitive") is True,
            member_name(name) if kind.kind == "timestamp" else "",
            _only_value(kind) if checked and required else "",
        )  # fmt: skip

    def _origin(self, model: dict[str, Any], schema: dict[str, Any]) -> Origin:
        source = self.sources.short(schema.get("x-source") or model.get("x-source"))
        own = schema.get("x-assumed")
        inherited = model.get("x-assumed") and not model.get("x-source")
        assumed = bool(own or (inherited and not schema.get("x-source")))
        return Origin(source, not assumed)

    def _required_when(
        self, owner: str, name: str, wire: str, kind: Type, origin: Origin
    ) -> list[str]:
        """Left to the overlay's rules; see codegen.ir.when."""
        from codegen.ir.when import required_when

        return required_when(self, owner, name, wire, kind, origin)


def _only_value(kind: Type) -> str:
    """The literal of a text that is always the same, or nothing."""
    always = kind.schema.get("const") if kind.kind == "str" and not kind.nullable else None
    return "" if always is None else literal(str(always))


def _within(kind: Type) -> list[Type]:
    return [kind, *(_within(kind.item) if kind.item else [])]


def _refuse(what: str, dropped: set[str], invented: set[str]) -> None:
    if dropped or invented:
        listed = ", ".join(sorted(dropped | invented))
        side = "dropped" if dropped else "invented"
        raise SpecError(f"openapi-python-client {side} {what}: {listed}", "rename or mend them")
