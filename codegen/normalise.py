"""One document, one shape: what both generators read.

Afterwards every object, enum and union is a named component, callbacks hold no references, and
key order is the source's. Defects of a document as published are repaired on the way; each
repair is data, none is silent.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from codegen import hoist, tree
from codegen.problems import Repair
from codegen.tree import Object, obj


def normalise(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[Repair]]:
    """Normalise a copy of a document; raises SpecError with every place that cannot be decided."""
    result: dict[str, Any] = copy.deepcopy(dict(document))
    repairs: list[Repair] = []
    inline_callbacks(result)
    hoist.hoist(result)
    return result, repairs


def inline_callbacks(document: Object) -> None:
    """Replace references to callbacks and path items by what they mean."""
    for key in ("paths", "webhooks"):
        for path, item in list(obj(document.get(key)).items()):
            _inline(document, obj(document[key]), path)
            for operation in obj(tree.deref(document, item)).values():
                callbacks = obj(obj(operation).get("callbacks"))
                for name in list(callbacks):
                    _inline(document, callbacks, name)
                    callback = obj(callbacks[name])
                    for expression in list(callback):
                        _inline(document, callback, expression)


def _inline(document: Object, holder: Object, key: str) -> None:
    if tree.ref_of(holder[key]) is not None:
        holder[key] = copy.deepcopy(tree.deref(document, holder[key]))
