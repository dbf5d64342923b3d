"""One document, one shape: what both generators read.

Afterwards every object, enum and union is a named component, callbacks hold no references, and
key order is the source's. Defects of a document as published are repaired on the way; each
repair is data, none is silent. What cannot be decided stops with every such place named.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from codegen.normalising import (
    hoist,
    openapi30,
    repair_document,
    repair_names,
    repair_schemas,
    unions,
)
from codegen.problems import Repair, SpecError, Work

# The order matters: references must lead somewhere before anything follows them, names must be
# settled before parts are named after them, unions are told apart by their branches' names.
PASSES: tuple[Callable[[Work], None], ...] = (
    repair_document.version,
    repair_document.webhooks,
    repair_document.references,
    repair_document.path_items,
    repair_document.callback_keys,
    repair_document.status_ranges,
    repair_document.media_types,
    repair_document.token_urls,
    openapi30.nullable,
    openapi30.exclusive_limits,
    hoist.unwrap_all,
    repair_names.aliases,
    repair_names.schema_names,
    repair_names.operation_ids,
    repair_names.event_names,
    repair_names.tags,
    repair_schemas.missing_types,
    repair_schemas.required_members,
    repair_schemas.settle_required,
    repair_schemas.portable_patterns,
    unions.merge_primitives,
    openapi30.nullable_components,
    hoist.run,
    repair_names.titles,
    unions.discriminate,
)


def normalise(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[Repair]]:
    """Normalise a copy of a document; raises SpecError with every place that cannot be decided."""
    work = run(document)
    if work.problems:
        raise SpecError.of("the document cannot be used", tuple(work.problems))
    return work.document, work.repairs


def run(document: Mapping[str, Any]) -> Work:
    """All passes over a copy, problems collected instead of raised."""
    work = Work(copy.deepcopy(dict(document)))
    for each in PASSES:
        each(work)
        if work.problems and each is repair_document.references:
            break  # nothing can be followed
    return work
