"""Callbacks and webhooks: what arrives, how it is decoded, which operations announce it."""

from __future__ import annotations

from typing import Any

from codegen import ir, names
from codegen.ir.build import Models
from codegen.ir.fields import decoder_name
from codegen.ir.text import docstring, paragraphs, sentence
from codegen.normalising import places
from codegen.normalising.places import Place
from codegen.problems import SpecError
from codegen.reading import tree


def events(models: Models, document: dict[str, Any]) -> tuple[list[ir.Event], list[ir.Event]]:
    """Webhooks and callbacks by name. A callback that several operations carry is one event."""
    found: dict[tuple[str, str], ir.Event] = {}
    for place in places.operations(document):
        if place.kind == "operation":
            continue
        event = _event(models, place)
        key = (place.kind, event.name)
        known = found.get(key)
        if known is None:
            found[key] = event
        elif known.value != event.value:
            cause = (
                f"{place.pointer}: {event.name!r} carries {event.value}, elsewhere {known.value}"
            )
            raise SpecError(cause, "give one of them another name")
        else:
            known.operations.extend(o for o in event.operations if o not in known.operations)
    webhooks = [event for (kind, _), event in found.items() if kind == "webhook"]
    callbacks = [event for (kind, _), event in found.items() if kind == "callback"]
    for kind, listed in (("webhooks", webhooks), ("callbacks", callbacks)):
        names.unique([(event.name, event.constant) for event in listed], kind)
    return webhooks, callbacks


def _event(models: Models, place: Place) -> ir.Event:
    schema = _payload(models, place)
    kind = models.types.type_of(schema, place.pointer)
    if kind.kind not in {"model", "union"}:
        raise SpecError(f"{place.pointer}: carries no object", "describe its payload")
    value = names.class_name(kind.ref)
    decoder = decoder_name(kind.ref)
    imported = ir.Import(".models." + names.snake(value), (decoder,))
    operation = place.operation
    text = tree.text(operation.get("description")) or tree.text(operation.get("summary"))
    blocks = [sentence(block) for block in paragraphs(text)] or [f"``{place.name}``."]
    if operation.get("x-assumed"):
        reason = str(operation["x-assumed"])
        models.assumed.append((place.name, reason))
        blocks.append(f"Assumed: {sentence(reason)}")
    source = models.sources.name(operation.get("x-source"))
    if source:
        blocks.append(f"Source: {sentence(source)}")
    owner = tree.text(tree.obj(place.carrier).get("operationId"))
    owners = [owner] if owner else []
    constant = names.snake(place.name)
    return ir.Event(place.name, constant, value, decoder, imported, owners, docstring(blocks, 4))


def _payload(models: Models, place: Place) -> dict[str, Any]:
    """The schema of what arrives: the body, JSON packed into a query parameter, or the query."""
    document = models.types.document
    body = tree.obj(tree.deref(document, place.operation.get("requestBody")))
    for media in tree.obj(body.get("content")).values():
        return tree.obj(tree.obj(media).get("schema"))
    for given in tree.arr(place.operation.get("parameters")):
        parameter = tree.obj(tree.deref(document, given))
        _, schema = models.types.resolve(tree.obj(parameter.get("schema")), place.pointer)
        if "contentSchema" in schema:
            return tree.obj(schema["contentSchema"])
        if schema.get("type") == "object" and parameter.get("explode") is True:
            return tree.obj(parameter["schema"])  # its members are the query parameters
    cause = f"{place.pointer}: no body, no exploded object, no parameter with a contentSchema"
    raise SpecError(cause, "add one")
