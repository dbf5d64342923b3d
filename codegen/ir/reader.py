"""openapi-python-client as a reader: its parse of the document, reduced to what is compared.

Its own templates are not used. It is strict where it matters (references, allOf, parameters,
bodies) and silent where it drops something, so the builder counts everything it returns.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openapi_python_client.config import Config, ConfigFile, MetaType
from openapi_python_client.parser import GeneratorData
from openapi_python_client.parser.errors import GeneratorError, ParseError
from openapi_python_client.parser.openapi import Endpoint
from openapi_python_client.parser.properties import ModelProperty, Property
from openapi_python_client.parser.properties.schemas import Class
from openapi_python_client.parser.properties.union import UnionProperty
from openapi_python_client.strings import PythonIdentifier

from codegen.normalising import shape
from codegen.problems import Problem, SpecError
from codegen.reading import tree


@dataclass(frozen=True)
class ReadMember:
    """A member of a model, or a parameter."""

    required: bool
    kind: str  # the reader's property class, "Property" cut off


@dataclass(frozen=True)
class ReadOperation:
    """An operation as parsed."""

    operation_id: str
    verb: str
    answers: dict[str, str]  # status pattern -> kind of body
    bodies: dict[str, str]  # media type -> kind
    parameters: dict[tuple[str, str], ReadMember]  # (place, name)


@dataclass(frozen=True)
class Reading:
    """The whole parse, by the names of the document."""

    models: dict[str, dict[str, ReadMember]]
    enums: dict[str, list[Any]]
    operations: dict[str, ReadOperation]


def read(document: dict[str, Any]) -> Reading:
    """Parse a normalised document. Any warning of the parser fails (SpecError)."""
    config = Config.from_sources(
        ConfigFile(),
        MetaType.NONE,
        document_source=Path("openapi.yaml"),
        file_encoding="utf-8",
        overwrite=False,
        output_path=Path("unused"),
    )
    data = GeneratorData.from_dict(_readable(document), config=config)
    if isinstance(data, GeneratorError):
        cause = f"openapi-python-client cannot read it: {data.header}: {data.detail or ''}"
        raise SpecError(" ".join(cause.split())[:600], "mend the document or the overlay")
    _refuse_warnings(data)
    names = _class_names(document, config)
    return Reading(
        {names[str(m.class_info.name)]: _members(m) for m in data.models},
        {names[str(e.class_info.name)]: _values(e) for e in data.enums},
        _operations(document, data, config),
    )


def _readable(document: dict[str, Any]) -> dict[str, Any]:
    """The document without what the parser trips over and we read ourselves: titles (it names
    classes after them), defaults and examples (it prints them), callbacks and webhooks."""
    document = copy.deepcopy(document)
    for _, schema in list(shape.all_schemas(document)):
        for key in ("title", "default", "example", "examples"):
            schema.pop(key, None)
        if len(tree.arr(schema.get("allOf"))) == 1 and "properties" in schema:
            # A single reference hides from the parser whatever stands beside it.
            moved: tree.Object = {
                k: schema.pop(k) for k in ("properties", "required") if k in schema
            }
            schema["allOf"] = [*tree.arr(schema["allOf"]), {"type": "object", **moved}]
    document.pop("webhooks", None)
    for item in tree.obj(document.get("paths")).values():
        for operation in tree.obj(item).values():
            tree.obj(operation).pop("callbacks", None)
    return document


def _refuse_warnings(data: GeneratorData) -> None:
    errors: list[GeneratorError] = list(data.errors)
    for collection in data.endpoint_collections_by_tag.values():
        errors.extend(collection.parse_errors)
        for endpoint in collection.endpoints:
            errors.extend(endpoint.errors)
    problems = tuple(Problem("reader", "", _text(error), "mend the document") for error in errors)
    if problems:
        raise SpecError.of("openapi-python-client warns", problems)


def _text(error: GeneratorError) -> str:
    data = f" in {error.data!r}" if isinstance(error, ParseError) and error.data else ""
    return " ".join(f"{error.header}: {error.detail or ''}{data}".split())[:600]


def _class_names(document: dict[str, Any], config: Config) -> dict[str, str]:
    """The parser's class name of every component, back to the component."""
    names: dict[str, str] = {}
    for component in document.get("components", {}).get("schemas", {}):
        name = str(Class.from_string(string=component, config=config).name)
        if name in names:
            cause = f"schemas {names[name]!r} and {component!r} have one class name"
            raise SpecError(cause, "rename one of them in the overlay")
        names[name] = component
    return names


def _members(model: ModelProperty) -> dict[str, ReadMember]:
    members = [*(model.required_properties or ()), *(model.optional_properties or ())]
    return {_plain(member.name): ReadMember(member.required, _kind(member)) for member in members}


def _values(enum: Any) -> list[Any]:
    values: dict[str, Any] = enum.values
    return [_plain(value) for value in values.values()]


def _plain(text: Any) -> Any:
    """Document text out of the wrapper that keeps it from templates."""
    untrusted = getattr(text, "get_untrusted_value", None)
    return untrusted() if untrusted is not None else text


def _kind(prop: Property) -> str:
    if isinstance(prop, UnionProperty):
        inner = [part for part in prop.inner_properties if type(part).__name__ != "NoneProperty"]
        if len(inner) == 1:
            return type(inner[0]).__name__.removesuffix("Property")
    return type(prop).__name__.removesuffix("Property")


def _operations(
    document: dict[str, Any], data: GeneratorData, config: Config
) -> dict[str, ReadOperation]:
    by_name: dict[str, str] = {}
    for item in document.get("paths", {}).values():
        for verb, operation in item.items():
            if verb in shape.METHODS:
                operation_id = operation.get("operationId", "")
                name = str(PythonIdentifier(operation_id, prefix=config.field_prefix))
                if name in by_name:
                    cause = f"operations {by_name[name]!r} and {operation_id!r} have one name"
                    raise SpecError(cause, "rename one of them in the overlay")
                by_name[name] = operation_id
    found: dict[str, ReadOperation] = {}
    for collection in data.endpoint_collections_by_tag.values():
        for endpoint in collection.endpoints:
            operation_id = by_name[str(endpoint.name)]
            found[operation_id] = _operation(operation_id, endpoint)
    return found


def _operation(operation_id: str, endpoint: Endpoint) -> ReadOperation:
    responses = [*endpoint.responses.patterns]
    if endpoint.responses.default is not None:
        responses.append(endpoint.responses.default)
    return ReadOperation(
        operation_id,
        endpoint.method,
        {_plain(r.status_code.pattern): _kind(r.prop) for r in responses},
        {_plain(body.content_type): _kind(body.prop) for body in endpoint.bodies},
        {
            (str(place.value), _plain(prop.name)): ReadMember(prop.required, _kind(prop))
            for place, prop in endpoint.iter_all_parameters()
        },
    )
