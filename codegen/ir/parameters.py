"""Path and query parameters: keyword arguments of a method, text in the URL."""

from __future__ import annotations

from typing import Any

from codegen import ir, names
from codegen.ir.build import Models
from codegen.ir.checks import Origin, check_statements
from codegen.ir.fields import Needs
from codegen.ir.text import limits, sentence
from codegen.problems import SpecError
from codegen.reading import tree


def parameters(
    models: Models, declared: list[Any], path: str, where: str, needs: Needs
) -> tuple[list[ir.Parameter], set[str]]:
    """The parameters a caller gives, and the names of headers, which the runtime sets."""
    found: list[ir.Parameter] = []
    headers: set[str] = set()
    for index, given in enumerate(declared):
        at = tree.join(where, "parameters", index)
        parameter = tree.obj(tree.deref(models.types.document, given))
        name, place = tree.text(parameter.get("name")), tree.text(parameter.get("in"))
        if place == "header":
            headers.add(name)
            continue
        if place not in {"path", "query"}:
            raise SpecError(f"{at}: a {place} parameter is not supported yet", "drop it")
        found.append(_parameter(models, parameter, name, place, at, needs))
    names.unique([(p.wire, p.name) for p in found], f"{where}/parameters")
    for built in found:
        if built.place == "path" and f"{{{built.wire}}}" not in path:
            raise SpecError(f"{where}: the path has no {{{built.wire}}}", "mend the path")
    return found, headers


def _parameter(
    models: Models, parameter: dict[str, Any], name: str, place: str, at: str, needs: Needs
) -> ir.Parameter:
    kind = models.types.type_of(parameter.get("schema") or {"type": "string"}, f"{at}/schema")
    python = names.identifier(name, (*_LOCALS, *_OPTIONS))
    required = place == "path" or parameter.get("required") is True
    text = {
        "str": python, "enum": f"str({python})", "int": f"str({python})", "yen": f"str({python})",
        "bool": f'"true" if {python} else "false"', "timestamp": f"{python}.text",
        "date": f"{python}.isoformat()",
    }.get(kind.kind)  # fmt: skip
    if text is None:
        raise SpecError(f"{at}: a {kind.kind} in a URL is not supported yet", "use plain values")
    if not required:
        text = f"None if {python} is None else {text}" if text != python else python
    doc = [sentence(tree.text(parameter.get("description"))), limits(kind.schema, kind.kind)]
    annotation = kind.annotation if required else f"{kind.annotation} | None"
    schema = {**kind.schema, **{k: v for k, v in parameter.items() if k.startswith("x-")}}
    origin = Origin(models.sources.short(schema.get("x-source")), not schema.get("x-assumed"))
    check = check_statements(name, python, kind, required, origin, needs, holder="")
    refs = [*kind.refs(), *(["Timestamp"] if kind.kind == "timestamp" else [])]
    return ir.Parameter(
        name, python, annotation, required, place, text, [part for part in doc if part], check, refs
    )


# Names a method has, and names a call's options take.
_LOCALS = ("self", "request", "options", "value", "at", "report")
_OPTIONS = (
    "idempotency_key", "timeout", "deadline", "max_attempts", "headers", "intent", "lift",
)  # fmt: skip
