"""The intermediate form: all that is printed, decided. Templates only lay it out.

Built from two readings of one normalised document: openapi-python-client's parse
(``codegen.ir.reader``) says which operations, models and members there are, the document says
what they mean (limits, extensions, texts). ``codegen.ir.build`` holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Import:
    """``from <module> import <names>``."""

    module: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"from {self.module} import {', '.join(self.names)}"


@dataclass(frozen=True)
class Field:
    """One attribute of a model, with the statements that read, write and check it."""

    wire: str
    name: str
    annotation: str
    required: bool
    doc: list[str]  # docstring lines, ready to print
    decode: list[str]
    literal: str | None  # expression in the dict literal of to_wire, or None
    encode: list[str]  # statements after the dict literal
    check: list[str]
    sensitive: bool
    lazy: str = ""  # the constant that holds a date-time's slot
    default: str = ""  # literal of the only value there is, where a caller need not give it


@dataclass(frozen=True)
class Module:
    """What every module under ``models`` has."""

    component: str
    name: str  # the public name
    module: str
    doc: list[str]
    imports: list[Import]
    typing_imports: list[Import]  # under TYPE_CHECKING


@dataclass(frozen=True)
class Model(Module):
    """An object: an attrs class."""

    fields: list[Field]
    patterns: list[tuple[str, str]]  # constant, Python literal of the expression
    decode_late: list[Import]  # inside functions, where modules need one another
    check_late: list[Import]
    checked: bool
    guarded: bool  # some member can fail to decode

    @property
    def decoder(self) -> str:
        """The function that decodes one."""
        return f"decode_{self.module}"

    @property
    def timestamps(self) -> list[Field]:
        """Attributes that are read when they are first used."""
        return [item for item in self.fields if item.lazy]

    @property
    def reads_values(self) -> bool:
        """Whether decoding needs a variable for a value on its way."""
        return any(line.startswith("value = ") for item in self.fields for line in item.decode)

    @property
    def sensitive(self) -> list[str]:
        return [item.name for item in self.fields if item.sensitive]


@dataclass(frozen=True)
class Enum(Module):
    """An open enum and its table of known values."""

    table: str
    members: list[tuple[str, str, list[str]]]  # name, literal of the value, docstring lines
    base: str = "OpenEnum"  # class in kessai.model
    lookup: str = "EnumTable"  # class in kessai.wire


@dataclass(frozen=True)
class Alias(Module):
    """A name for a plain, array or map type."""

    annotation: str


@dataclass(frozen=True)
class Union(Module):
    """Branches told apart by a value or by a member that is present."""

    annotation: str
    decoder: str
    how: str  # for the decoder's docstring
    tag: str | None  # expression of the value that names the branch
    branches: list[tuple[str, str]]  # condition, expression that decodes


@dataclass(frozen=True)
class Parameter:
    """A path or query parameter: a keyword argument of the method."""

    wire: str
    name: str
    annotation: str
    required: bool
    place: str  # path or query
    text: str  # expression: the value as it goes into the URL
    doc: list[str]
    check: list[str]
    refs: list[str]  # public names the annotation needs


@dataclass(frozen=True)
class Operation:
    """One operation: a constant, and a method in its group."""

    operation_id: str
    constant: str
    group: str
    method: str
    verb: str
    path: str
    server: str
    media: str
    request: str  # type
    request_name: str
    optional: bool  # the body may be left out
    accepted: list[str]  # classes of the request, one for each shape of a union
    value: str  # type
    answers: list[tuple[int, str]]  # status, decoder expression
    answer_imports: list[Import]
    arguments: list[str]  # further keyword arguments of the constant
    parameters: list[Parameter]
    has_body: bool
    late: list[Import]  # inside the method: what its checks look up
    doc: list[str]
    type_names: list[str]  # public names the signature needs from models
    summary: str
    assumed: str | None


@dataclass(frozen=True)
class Group:
    """A tag: one class for sync and one for async."""

    tag: str
    name: str
    stem: str
    doc: list[str]
    operations: list[Operation]
    checks: list[str]  # names of kessai.checks
    patterns: list[tuple[str, str]]


@dataclass(frozen=True)
class Event:
    """A callback or a webhook: its decoder and who announces it."""

    name: str
    constant: str
    value: str
    decoder: str
    imported: Import
    operations: list[str]
    doc: list[str]


@dataclass(frozen=True)
class Package:
    """Everything printed for one provider."""

    provider: str
    module: str
    wheel: str
    stem: str  # Gmo
    title: str
    spec_version: str
    package_version: str
    doc: list[str]
    models: list[Module]
    groups: list[Group]
    webhooks: list[Event]
    callbacks: list[Event]
    error_codes: dict[str, int]
    assumed: list[tuple[str, str]]  # place, reason
    sources: list[str]

    @property
    def operations(self) -> list[Operation]:
        return [operation for group in self.groups for operation in group.operations]
