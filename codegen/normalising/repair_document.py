"""Repairs outside schemas: versions, webhooks, references, status ranges, URLs, callbacks."""

from __future__ import annotations

import copy
import re
from urllib.parse import urlsplit

from codegen.normalising import hoist, places, shape
from codegen.problems import SpecError, Work
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj

_URL = re.compile(r"https?://[A-Za-z0-9.\-]+(?::[0-9]+)?(?:/[A-Za-z0-9._~%/\-]*)?")
_RANGE = re.compile(r"[1-5]xx", re.IGNORECASE)
_DEEPEST = 4  # callbacks of callbacks of callbacks: nobody means that


def version(work: Work) -> None:
    """Only 3.0 and 3.1 are read; 3.0 becomes 3.1 (its schemas: see repair_nullable)."""
    stated = tree.text(work.document.get("openapi"))
    if stated.startswith("3.1"):
        return
    if not stated.startswith("3.0"):
        found = stated or tree.text(work.document.get("swagger")) or "none"
        raise SpecError(f"/openapi: version {found} is not read", "convert it to OpenAPI 3.1")
    work.document["openapi"] = "3.1.0"
    work.repaired("version", "/openapi", f"{stated} read as 3.1.0", "one dialect for all readers")


def webhooks(work: Work) -> None:
    """``x-webhooks`` is where 3.0 documents keep what 3.1 calls webhooks."""
    old = work.document.get("x-webhooks")
    if not isinstance(old, dict):
        return
    known = tree.member(work.document, "webhooks")
    for name, item in old.items():
        if name in known:
            work.problem(
                "webhooks", tree.join("/x-webhooks", name), "stands in webhooks too", "keep one"
            )
        known.setdefault(name, item)
    del work.document["x-webhooks"]
    work.repaired(
        "webhooks", "/x-webhooks", f"{len(old)} moved to webhooks", "no reader looks there"
    )


def path_items(work: Work) -> None:
    """References in place of path items and callbacks are replaced by what they mean."""
    hoist.shared(work.document)
    for key in ("paths", "webhooks"):
        items = obj(work.document.get(key))
        for path in list(items):
            at = tree.join("", key, path)
            _inline(work, items, path, at)
            _callbacks(work, obj(items[path]), at, 0)
    components = obj(work.document.get("components"))
    for kind in ("callbacks", "pathItems"):
        for name in list(obj(components.get(kind))):
            if f"#/components/{kind}/{tree.escape(name)}" not in work.inlined:
                work.repaired(
                    "unused",
                    tree.join("/components", kind, name),
                    "removed",
                    "no operation refers to it",
                )
        components.pop(kind, None)


def _callbacks(work: Work, item: Object, pointer: str, depth: int) -> None:
    for method, operation in item.items():
        callbacks = obj(obj(operation).get("callbacks")) if method in shape.METHODS else {}
        for name in list(callbacks):
            at = tree.join(pointer, method, "callbacks", name)
            if depth == _DEEPEST:
                raise SpecError(f"{at}: callbacks nest without end", "break the circle")
            _inline(work, callbacks, name, at)
            callback = obj(callbacks[name])
            for expression in list(callback):
                _inline(work, callback, expression, tree.join(at, expression))
                _callbacks(work, obj(callback[expression]), tree.join(at, expression), depth + 1)


def _inline(work: Work, holder: Object, key: str, pointer: str) -> None:
    value = holder[key]
    target = tree.ref_of(value)
    if target is None:
        return
    meant, beside = value, {k: v for k, v in obj(value).items() if k != "$ref"}
    while (hop := tree.ref_of(meant)) is not None:  # references() saw that this ends
        work.inlined.add(hop)
        meant = tree.get(work.document, hop)
    holder[key] = {**copy.deepcopy(obj(meant)), **beside}
    work.repaired("ref", pointer, f"{target} written out", "readers refuse a reference here")


def callback_keys(work: Work) -> None:
    """A callback's key is a runtime expression or a URL; prose moves to the description."""
    for place in list(places.operations(work.document)):
        for name, callback in obj(place.operation.get("callbacks")).items():
            renamed: Object = {}
            for number, (key, item) in enumerate(obj(callback).items(), 1):
                new = key
                if not _is_expression(key):
                    new = "{$request.body}" if number == 1 else f"{{$request.body}}#{number}"
                    at = tree.join(place.pointer, "callbacks", name, key)
                    if isinstance(item, dict):
                        item.setdefault("description", key)
                    work.repaired(
                        "callback-key",
                        at,
                        "key moved to the description, the address is somewhere in the request",
                        "it is no runtime expression",
                    )
                renamed[new] = item
            if isinstance(callback, dict):
                callback.clear()
                callback.update(renamed)


def _is_expression(key: str) -> bool:
    inside = re.findall(r"\{([^}]*)\}", key)
    if inside:
        known = ("$request.", "$response.", "$url", "$method", "$statusCode")
        return all(part.startswith(known) for part in inside)
    return bool(urlsplit(key).scheme) and key.isascii() and " " not in key


def status_ranges(work: Work) -> None:
    """``2xx`` is not a status range, ``2XX`` is."""
    for place in places.operations(work.document):
        responses = obj(place.operation.get("responses"))
        if not any(_RANGE.fullmatch(s) and s != s.upper() for s in responses):
            continue
        renamed: Object = {}
        for status, response in responses.items():
            new = status.upper() if _RANGE.fullmatch(status) else status
            at = tree.join(place.pointer, "responses", status)
            if new in renamed or (new != status and new in responses):
                work.problem("status", at, f"{new} is stated twice", "keep one")
            elif new != status:
                work.repaired("status", at, f"read as {new}", "readers drop the answer")
            renamed[new] = response
        place.operation["responses"] = renamed


def media_types(work: Work) -> None:
    """A body in several content types is one class: JSON if it is among them, else the first."""
    found: list[tuple[str, Json]] = []
    for place in places.operations(work.document):
        found.append((tree.join(place.pointer, "requestBody"), place.operation.get("requestBody")))
        for status, response in obj(place.operation.get("responses")).items():
            found.append((tree.join(place.pointer, "responses", status), response))
    components = obj(work.document.get("components"))
    for kind in ("requestBodies", "responses"):
        for name, body in obj(components.get(kind)).items():
            found.append((tree.join("/components", kind, name), body))
    for pointer, body in found:
        content = obj(obj(body).get("content"))
        if len(content) < 2:
            continue
        kept = next((media for media in content if "json" in media.lower()), next(iter(content)))
        for media in [media for media in content if media != kept]:
            del content[media]
            at = tree.join(pointer, "content", media)
            work.repaired("media-type", at, f"dropped, {kept} kept", "a method sends and reads one")


def token_urls(work: Work) -> None:
    """A URL of an OAuth flow that is none: the URL in its text, or one that leads nowhere."""
    schemes = obj(obj(work.document.get("components")).get("securitySchemes"))
    for name, scheme in schemes.items():
        for flow_name, flow in obj(obj(scheme).get("flows")).items():
            for key in ("tokenUrl", "authorizationUrl", "refreshUrl"):
                stated = obj(flow).get(key)
                if isinstance(flow, dict) and isinstance(stated, str) and not is_url(stated):
                    inside = _URL.search(stated)
                    flow[key] = inside.group() if inside else "https://unstated.invalid/token"
                    work.repaired(
                        "token-url",
                        tree.join("/components/securitySchemes", name, "flows", flow_name, key),
                        f"read as {flow[key]}",
                        "the text is no URL",
                    )


def is_url(text: str) -> bool:
    """An absolute http(s) URL, or a path relative to the server, in ASCII."""
    if not text.isascii() or re.search(r"[\s<>\"{}|\\^`]", text):
        return False
    return bool(re.match(r"https?://[^/]|/", text))


def references(work: Work) -> None:
    """Every reference leads somewhere inside the document; deep ones become named ones."""
    for pointer, value in list(tree.walk_structure(work.document)):
        target = tree.ref_of(value)
        if target is None:
            continue
        try:
            meant = tree.deref(work.document, value)
        except tree.NoSuchPlaceError:
            remedy = "add it, or correct the reference in the overlay"
            if not target.startswith("#"):
                remedy = "bundle the document into one file first"
            work.problem("ref", pointer, f"{target} leads nowhere", remedy)
            continue
        if not re.fullmatch(r"#/components/[A-Za-z]+/[^/]+", target):
            _shorten(work, pointer, value, target, meant)


def _shorten(work: Work, pointer: str, value: Object, target: str, meant: Json) -> None:
    value_there = tree.get(work.document, target)
    steps = tree.split(target)
    if (inner := tree.ref_of(value_there)) is not None:
        value["$ref"] = inner
    elif isinstance(meant, dict) and shape.needs_name(meant):
        schemas = tree.member(tree.member(work.document, "components"), "schemas")
        words = [s for s in steps if s not in _STRUCTURE]
        name = hoist.free_name("".join(shape.pascal(word) for word in words), schemas)
        schemas[name] = copy.deepcopy(meant)
        meant.clear()
        meant["$ref"] = value["$ref"] = tree.schema_ref(name)
    elif isinstance(meant, dict):
        del value["$ref"]
        for key, part in copy.deepcopy(meant).items():
            value.setdefault(key, part)
    else:
        work.problem("ref", pointer, f"{target} is no object", "correct the reference")
        return
    work.repaired("ref", pointer, f"{target} named or written out", "it points inside another part")


_STRUCTURE = {
    "components", "schemas", "properties", "items", "paths", "content", "schema", "responses",
    "requestBody", "application/json", *shape.METHODS,
}  # fmt: skip
