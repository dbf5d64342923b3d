"""OpenAPI Overlay 1.0.0: order, merging, removing, and a report with reasons."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from codegen.problems import SpecError
from codegen.reading.overlay import Change, apply


def _document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "tags": [{"name": "a"}, {"name": "b"}, {"name": "c"}],
        "paths": {
            "/a/b": {"get": {"operationId": "one", "tags": ["a"]}},
            "/c": {"get": {"operationId": "two"}, "post": {"operationId": "three"}},
        },
    }


def _apply(*actions: dict[str, Any]) -> tuple[dict[str, Any], list[Change]]:
    return apply(_document(), {"overlay": "1.0.0", "actions": list(actions)})


def test_update_merges_objects_appends_to_arrays_and_replaces_values() -> None:
    update = {"operationId": "uno", "tags": ["b", "c"], "x-in-flight": {"live": 5}}
    found, changes = _apply(
        {"target": "$.paths['/a/b'].get", "description": "because", "update": update}
    )
    assert found["paths"]["/a/b"]["get"] == {
        "operationId": "uno",
        "tags": ["a", "b", "c"],
        "x-in-flight": {"live": 5},
    }
    at = "/paths/~1a~1b/get"
    assert changes == [
        Change(0, f"{at}/operationId", "replaced", "because"),
        Change(0, f"{at}/tags", "appended", "because"),
        Change(0, f"{at}/x-in-flight", "added", "because"),
    ]


def test_an_array_target_gets_the_update_as_an_entry() -> None:
    found, changes = _apply({"target": "$.tags", "update": {"name": "d"}})
    assert found["tags"][-1] == {"name": "d"}
    assert changes == [Change(0, "/tags/3", "appended", "")]


def test_actions_run_in_order_and_see_each_other() -> None:
    found, _ = _apply(
        {"target": "$.info", "update": {"x-made": {"a": 1}}},
        {"target": "$.info['x-made']", "update": {"b": 2}},
        {"target": "$.info['x-made'].a", "remove": True},
    )
    assert found["info"]["x-made"] == {"b": 2}


def test_a_target_may_match_many() -> None:
    found, changes = _apply({"target": "$.paths.*.get", "update": {"deprecated": True}})
    assert [item["get"]["deprecated"] for item in found["paths"].values()] == [True, True]
    assert [change.pointer for change in changes] == [
        "/paths/~1a~1b/get/deprecated",
        "/paths/~1c/get/deprecated",
    ]


def test_a_filter_selects_by_value() -> None:
    found, _ = _apply({"target": "$.tags[?(@.name == 'b')]", "update": {"description": "B"}})
    assert found["tags"] == [{"name": "a"}, {"name": "b", "description": "B"}, {"name": "c"}]


def test_removing_several_elements_removes_the_right_ones() -> None:
    found, changes = _apply({"target": "$.tags[0,2]", "description": "gone", "remove": True})
    assert found["tags"] == [{"name": "b"}]
    assert changes == [
        Change(0, "/tags/0", "removed", "gone"),
        Change(0, "/tags/2", "removed", "gone"),
    ]


def test_a_negative_index_counts_from_the_end() -> None:
    found, changes = _apply({"target": "$.tags[-1]", "remove": True})
    assert found["tags"] == [{"name": "a"}, {"name": "b"}]
    assert changes == [Change(0, "/tags/2", "removed", "")]


def test_remove_wins_over_update() -> None:
    found, _ = _apply({"target": "$.tags", "remove": True, "update": {"name": "x"}})
    assert "tags" not in found


def test_neither_document_nor_overlay_is_touched() -> None:
    document = _document()
    before = copy.deepcopy(document)
    overlay: dict[str, Any] = {
        "overlay": "1.0.0",
        "actions": [{"target": "$.info", "update": {"x-list": [1]}}],
    }
    found, _ = apply(document, overlay)
    found["info"]["x-list"].append(2)
    assert document == before
    assert overlay["actions"][0]["update"] == {"x-list": [1]}


@pytest.mark.parametrize(
    ("action", "cause"),
    [
        ({"target": "$.paths['/gone']", "update": {}}, "matches nothing"),
        ({"target": "$.paths[", "update": {}}, "actions[0]"),
        ({"target": "$.tags.`len`", "update": {}}, "selects no place"),
        ({"target": "$.info.`parent`", "remove": True}, "would remove the document"),
        ({"target": "$.tags.`sub(/a/, b)`", "update": {}}, "actions[0]"),
        ({"target": "$", "update": [1]}, "/ is no object or array"),
        ({"target": "$.info.title", "update": "B"}, "/info/title is no object or array"),
        ({"target": "$.info", "update": {"title": {"en": "A"}}}, "changes between object"),
        ({"target": "$.info", "update": {"title": ["A"]}}, "changes between object"),
        ({"target": "$", "remove": True}, "would remove the document"),
        ({"target": "$.info"}, "neither update nor remove"),
        ({"update": {}}, "no target"),
        ({"target": "$.info", "update": {}, "copy": "$.x"}, "unknown member 'copy'"),
        ("$.info", "is no object"),
    ],
)
def test_a_bad_action_is_refused_by_its_number(action: Any, cause: str) -> None:
    with pytest.raises(SpecError) as caught:
        apply(_document(), {"overlay": "1.0.0", "actions": [action]})
    assert "actions[0]" in caught.value.cause
    assert cause in caught.value.cause


@pytest.mark.parametrize(
    "overlay", [{}, {"overlay": "2.0.0", "actions": [1]}, {"overlay": "1.0.0", "actions": []}]
)
def test_a_bad_overlay_is_refused(overlay: dict[str, Any]) -> None:
    with pytest.raises(SpecError):
        apply(_document(), overlay)
