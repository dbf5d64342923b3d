"""Where operations, callbacks and webhooks stand in a document, and the schemas they hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, NamedTuple

from codegen.normalising.shape import METHODS, Slot, pascal
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj

# How a second content type is called; others by their own name.
_MEDIA = {"application/x-www-form-urlencoded": "Form", "multipart/form-data": "Multipart"}


class Place(NamedTuple):
    """One operation object: of a path, a callback or a webhook."""

    kind: Literal["operation", "callback", "webhook"]
    name: str  # operationId, or the callback's or webhook's name
    path: str  # path, callback key or webhook name
    method: str
    pointer: str
    operation: Object
    carrier: Object | None = None  # of a callback: the operation it belongs to

    @property
    def title(self) -> str:
        """A class name stem for what belongs to this operation."""
        operation_id = tree.text(self.operation.get("operationId"))
        return pascal(operation_id) or pascal(self.name) or pascal(f"{self.method} {self.path}")


def operations(document: Object) -> Iterator[Place]:
    """Every operation of the document: paths, each with its callbacks, then webhooks."""
    for path, item in obj(document.get("paths")).items():
        yield from _of_item("operation", path, item, tree.join("/paths", path))
    for name, item in obj(document.get("webhooks")).items():
        yield from _of_item("webhook", name, item, tree.join("/webhooks", name))


def _of_item(
    kind: Literal["operation", "webhook"], path: str, item: Json, pointer: str
) -> Iterator[Place]:
    for method, operation in obj(item).items():
        if method not in METHODS or not isinstance(operation, dict):
            continue
        here = tree.join(pointer, method)
        name = tree.text(operation.get("operationId"))
        yield Place(kind, path if kind == "webhook" else name, path, method, here, operation)
        yield from _callbacks(operation, here)


def _callbacks(operation: Object, pointer: str) -> Iterator[Place]:
    for name, callback in obj(operation.get("callbacks")).items():
        for key, item in obj(callback).items():
            for method, inner in obj(item).items():
                if method in METHODS and isinstance(inner, dict):
                    place = tree.join(pointer, "callbacks", name, key, method)
                    yield Place("callback", name, key, method, place, inner, operation)
                    yield from _callbacks(inner, place)


def operation_slots(document: Object) -> Iterator[Slot]:
    """The schema slots of operations and of the components they share."""
    components = obj(document.get("components"))
    for place in operations(document):
        yield from _parameters(place.operation.get("parameters"), place.pointer, place.title)
        body = obj(place.operation.get("requestBody"))
        yield from _content(body, tree.join(place.pointer, "requestBody"), place.title + "Request")
        yield from _responses(place)
    for key in ("paths", "webhooks"):
        for path, item in obj(document.get(key)).items():
            yield from _parameters(
                obj(item).get("parameters"), tree.join("", key, path), pascal(path)
            )
    for name, parameter in obj(components.get("parameters")).items():
        yield from _media(parameter, tree.join("/components/parameters", name), pascal(name))
    for name, header in obj(components.get("headers")).items():
        yield from _media(header, tree.join("/components/headers", name), pascal(name))
    for name, shared in obj(components.get("requestBodies")).items():
        yield from _content(shared, tree.join("/components/requestBodies", name), pascal(name))
    for name, response in obj(components.get("responses")).items():
        at = tree.join("/components/responses", name)
        yield from _content(response, at, pascal(name))
        yield from _headers(response, at, pascal(name))


def _responses(place: Place) -> Iterator[Slot]:
    responses = obj(place.operation.get("responses"))
    good = [status for status in responses if status.startswith("2")]
    for status, response in responses.items():
        suffix = "Response" if good == [status] else f"Response{pascal(status)}"
        at = tree.join(place.pointer, "responses", status)
        yield from _content(response, at, place.title + suffix)
        yield from _headers(response, at, place.title + suffix)


def _content(holder: Json, pointer: str, hint: str) -> Iterator[Slot]:
    content = obj(obj(holder).get("content"))
    for index, (media, entry) in enumerate(content.items()):
        if isinstance(entry, dict) and isinstance(entry.get("schema"), dict):
            suffix = _MEDIA.get(media) or pascal(media.partition("/")[2]) if index else ""
            yield Slot(
                entry, "schema", tree.join(pointer, "content", media, "schema"), hint + suffix
            )


def _headers(holder: Json, pointer: str, hint: str) -> Iterator[Slot]:
    for name, header in obj(obj(holder).get("headers")).items():
        yield from _media(header, tree.join(pointer, "headers", name), hint + pascal(name))


def _parameters(listed: Json, pointer: str, hint: str) -> Iterator[Slot]:
    for index, parameter in enumerate(tree.arr(listed)):
        name = pascal(tree.text(obj(parameter).get("name")))
        yield from _media(parameter, tree.join(pointer, "parameters", index), hint + name)


def _media(holder: Json, pointer: str, hint: str) -> Iterator[Slot]:
    if isinstance(holder, dict):
        if isinstance(holder.get("schema"), dict):
            yield Slot(holder, "schema", tree.join(pointer, "schema"), hint)
        yield from _content(holder, pointer, hint)
