"""Docstrings of models, attributes and methods: what the document says, limits, units, sources."""

from __future__ import annotations

from typing import Any

from codegen.ir.text import Sources, docstring, limits, paragraphs, sentence
from codegen.ir.types import Type
from codegen.reading import tree

# The error classes of kessai.errors by status.
_RAISED = {
    400: "InvalidRequestError", 401: "AuthenticationError", 402: "DeclinedError",
    404: "NotFoundError", 405: "MethodNotAllowedError", 409: "ConflictError",
    415: "UnsupportedMediaTypeError", 429: "TooManyRequestsError", 500: "ServerError",
    502: "BadGatewayError", 503: "MaintenanceError",
}  # fmt: skip


def component_doc(
    sources: Sources, schema: dict[str, Any], place: str, *more: str, indent: int = 4
) -> list[str]:
    """A component's docstring: description, further blocks, what is assumed, the source.

    ``place`` is what to say where the document says nothing.
    """
    described = paragraphs(tree.text(schema.get("description")))
    blocks = [*(sentence(block) for block in described or [place]), *more]
    return docstring([*blocks, *_origin(sources, schema)], indent)


def field_doc(
    sources: Sources, wire: str, name: str, kind: Type, required: bool, written: dict[str, Any]
) -> list[str]:
    """An attribute's docstring, to stand after it. ``written``: the schema at the property.

    What a component says about itself stands with the component, and is not repeated.
    """
    schema = kind.schema
    own = schema if not kind.ref else written
    blocks = [sentence(block) for block in paragraphs(tree.text(own.get("description")))]
    facts = [limits(schema, kind.kind)] if not kind.ref else []
    each = limits(kind.item.schema, kind.item.kind) if kind.item and not kind.item.ref else ""
    if each:
        facts.append(f"Each: {each[0].lower()}{each[1:]}")
    if "x-required-when" in own:
        facts.append(_required_when(tree.obj(own["x-required-when"])))
    if "default" in schema and not required:
        facts.append(f"The gateway takes ``{_shown(schema['default'])}`` when absent.")
    if schema.get("x-sensitive") is True:
        facts.append("Never shown in repr.")
    if name != wire:
        facts.append(f"``{wire}`` on the wire.")
    blocks.append(" ".join(fact for fact in facts if fact))
    said = {"x-assumed": own.get("x-assumed"), "x-source": written.get("x-source")}
    return docstring([*blocks, *_origin(sources, said)], 4)


def _origin(sources: Sources, schema: dict[str, Any]) -> list[str]:
    said: list[str] = []
    if schema.get("x-assumed"):
        said.append(f"Assumed: {sentence(str(schema['x-assumed']))}")
    source = sources.name(schema.get("x-source"))
    return [*said, f"Source: {sentence(source)}"] if source else said


def _required_when(rule: dict[str, Any]) -> str:
    member = "/".join(tree.split(tree.text(rule.get("pointer"))))
    if "in" not in rule:
        return f"Required when ``{member}`` is given."
    values = " or ".join(f"``{_shown(value)}``" for value in tree.arr(rule["in"]))
    return f"Required when ``{member}`` is {values}."


def _shown(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def raises(errors: list[int], safe: bool) -> str:
    """What a method may raise, by documented status."""
    lines = ["- ValidationError: a documented limit is broken; nothing was sent."]
    by_class: dict[str, list[str]] = {}
    for status in errors:
        name = _RAISED.get(status, "ServerError" if status >= 500 else "GatewayError")
        by_class.setdefault(name, []).append(str(status))
    lines += [f"- {name}: status {', '.join(found)}." for name, found in by_class.items()]
    if safe:
        lines.append("- NotSentError, DeadlineExceededError: no answer came; nothing was changed.")
    else:
        lines.append("- OutcomeUnknown: it may have been carried out; resolve it.")
    return "Raises:\n" + "\n".join(lines)
