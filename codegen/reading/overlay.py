"""OpenAPI Overlay 1.0.0: corrections and additions to a document, as data with reasons.

Actions run in order. ``update`` merges objects member by member, appends to arrays and replaces
plain values; ``remove`` takes the target out. A target that matches nothing is an error: a
correction that no longer corrects anything must not stay behind unnoticed.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from importlib import import_module
from typing import Any, NamedTuple, cast

from codegen.problems import SpecError
from codegen.reading import tree
from codegen.reading.tree import Json

_REMEDY = "see the Overlay Specification 1.0.0"


class Change(NamedTuple):
    """One place an overlay changed, with the reason its action gives."""

    action: int  # 0-based index in the overlay's actions
    pointer: str
    what: str  # "added", "replaced", "appended" or "removed"
    reason: str  # the action's description


def apply(
    document: Mapping[str, Any], overlay: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Change]]:
    """Apply an overlay to a copy of a document; raises SpecError naming the action.

    The report lists every changed place in order with the description of its action.
    """
    result: dict[str, Any] = copy.deepcopy(dict(document))
    version = overlay.get("overlay")
    if not isinstance(version, str) or not version.startswith("1.0."):
        raise SpecError(f"overlay: version {version!r} is not 1.0", "write `overlay: 1.0.0`")
    actions = overlay.get("actions")
    if not isinstance(actions, list) or not actions:
        raise SpecError("overlay: no actions", "write at least one, or remove the file")
    changes: list[Change] = []
    for index, action in enumerate(cast("list[Json]", actions)):
        changes.extend(_act(result, index, action))
    return result, changes


def _act(document: dict[str, Any], index: int, action: Json) -> list[Change]:
    where = f"overlay: actions[{index}]"
    if not isinstance(action, dict):
        raise SpecError(f"{where} is no object", _REMEDY)
    unknown = [k for k in action if k not in _MEMBERS and not k.startswith("x-")]
    if unknown:
        raise SpecError(f"{where}: unknown member {unknown[0]!r}", _REMEDY)
    target = action.get("target")
    if not isinstance(target, str):
        raise SpecError(f"{where}: no target", "write a JSONPath such as $.paths['/token'].post")
    where = f"{where} ({target})"
    if not action.get("remove") and "update" not in action:
        raise SpecError(f"{where}: neither update nor remove", _REMEDY)
    steps = find(document, target, where)
    if not steps:
        raise SpecError(f"{where}: matches nothing", "mend the target, or drop the action")
    run = _Action(document, index, tree.text(action.get("description")), where)
    if action.get("remove") is True:
        run.remove(steps)
    else:
        for place in steps:
            run.update(place, action["update"])
    return run.changes


_MEMBERS = ("target", "description", "update", "remove")


class _Action:
    """One action on its way through a document."""

    def __init__(self, document: dict[str, Any], index: int, reason: str, where: str) -> None:
        self.document = document
        self.index = index
        self.reason = reason
        self.where = where
        self.changes: list[Change] = []

    def note(self, pointer: str, what: str) -> None:
        self.changes.append(Change(self.index, pointer, what, self.reason))

    def remove(self, places: list[list[str | int]]) -> None:
        # The last element first: removing one must not move the next.
        for place in sorted(places, key=_order, reverse=True):
            if not place:
                raise SpecError(f"{self.where}: would remove the document", "name a part of it")
            parent = _at(self.document, place[:-1])
            last = place[-1]
            if isinstance(parent, dict):
                del parent[str(last)]
            elif isinstance(parent, list):
                del parent[int(last)]
            self.note(tree.join("", *place), "removed")
        self.changes.reverse()

    def update(self, place: list[str | int], update: Json) -> None:
        pointer = tree.join("", *place)
        target = _at(self.document, place)
        if isinstance(target, list):
            target.append(copy.deepcopy(update))
            self.note(tree.join(pointer, len(target) - 1), "appended")
        elif isinstance(target, dict) and isinstance(update, dict):
            self.merge(target, update, pointer)
        else:
            raise SpecError(
                f"{self.where}: {pointer or '/'} is no object or array, or no place for the update",
                "target the object that holds the value, and update it with an object",
            )

    def merge(self, into: dict[str, Json], update: dict[str, Json], pointer: str) -> None:
        for key, value in update.items():
            at = tree.join(pointer, key)
            old = into.get(key)
            if key not in into:
                into[key] = copy.deepcopy(value)
                self.note(at, "added")
            elif isinstance(old, dict) and isinstance(value, dict):
                self.merge(old, value, at)
            elif isinstance(old, list) and isinstance(value, list):
                old.extend(copy.deepcopy(value))
                self.note(at, "appended")
            elif isinstance(old, (dict, list)) or isinstance(value, (dict, list)):
                raise SpecError(
                    f"{self.where}: {at} changes between object, array and plain value",
                    "remove it in an action of its own, then add it",
                )
            else:
                into[key] = value
                self.note(at, "replaced")


def find(document: Mapping[str, Any], target: str, where: str = "") -> list[list[str | int]]:
    """The places a JSONPath selects, each as its steps from the root, in document order.

    jsonpath-ng is untyped: only this function touches it.
    """
    remedy = "write a JSONPath (RFC 9535)"
    try:
        matches: list[Any] = import_module("jsonpath_ng.ext").parse(target).find(document)
    except Exception as error:  # it raises bare Exceptions
        cause = str(error).partition("\n")[0] or "cannot be parsed"
        raise SpecError(f"{where or target}: {cause}", remedy) from None
    places: list[list[str | int]] = []
    for match in matches:
        steps: list[str | int] = []
        node: Any = match
        while node.context is not None:
            kind = type(node.path).__name__
            if kind == "Fields":
                steps.append(str(node.path.fields[0]))
            elif kind == "Index":
                index = int(node.path.indices[0])
                steps.append(index if index >= 0 else len(node.context.value) + index)
            node = node.context
        steps.reverse()
        # Its own additions to the language compute values, and those are no places.
        if _at(document, steps) is not match.value:
            raise SpecError(f"{where or target}: selects no place", remedy)
        if steps not in places:
            places.append(steps)
    return places


def _at(document: Mapping[str, Any], place: list[str | int]) -> Json:
    return tree.get(cast("Json", document), tree.join("", *place))


def _order(place: list[str | int]) -> list[tuple[int, str]]:
    return [(step, "") if isinstance(step, int) else (-1, step) for step in place]
