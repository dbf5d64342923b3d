"""The generated checks: every limit of the tiny spec, at its edge and beyond."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from kessai.constraints import Report

from tests.unit.codegen.back.test_models import full_request, request


def broken(value: Any, *lift: str) -> list[tuple[str, str]]:
    """Pointer and code of everything that is wrong."""
    report = Report(lift)
    value.check("", report)
    return [(found.pointer, found.code) for found in report.violations]


def test_nothing_is_wrong(models: Any) -> None:
    assert broken(request(models)) == []
    assert broken(full_request(models)) == []


GOOD: list[dict[str, Any]] = [
    {"order_id": "a" * 10},
    {"amount": 0},
    {"amount": 999_999},
    {"fee": 100},
    {"prices": [999]},
    {"notes": {"a": "123"}},
    {"memo": "あいうえお"},
    {"memo": "a" * 10},
    {"kana": "アイウエ"},
    {"kana": "　"},
    {"label": "漢字"},
    {"email": "first.last+tag@mail.example.co.jp"},
    {"callback_url": "https://shop.example:8443/a?b=c#d"},
    {"pin": "0000"},
    {"rate": 10},
    {"rate": 0.5},
    {"due_at": "2026-01-05T10:00:00+09:00"},
    {"unknown_members": {"anything": object()}},
]


@pytest.mark.parametrize("changes", GOOD)
def test_at_the_limit(models: Any, changes: dict[str, Any]) -> None:
    assert broken(request(models, **changes)) == []


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"order_id": "a" * 11}, "/orderId", "max-length"),
    ({"order_id": ""}, "/orderId", "pattern"),
    ({"order_id": "o\n"}, "/orderId", "pattern"),
    ({"order_id": "１"}, "/orderId", "pattern"),
    ({"order_id": None}, "/orderId", "required"),
    ({"order_id": 5}, "/orderId", "type"),
    ({"amount": 1_000_000}, "/amount", "max-length"),
    ({"amount": -1}, "/amount", "minimum"),
    ({"amount": True}, "/amount", "type"),
    ({"amount": 1.0}, "/amount", "type"),
    ({"amount": "5"}, "/amount", "type"),
    ({"amount": None}, "/amount", "required"),
    ({"fee": 101}, "/fee", "maximum"),
    ({"fee": -1}, "/fee", "minimum"),
    ({"kind": 1}, "/kind", "type"),
    ({"kind": "BNAK"}, "/kind", "enum"),
    ({"source": {"token": "t"}}, "/source", "type"),
    ({"source": None}, "/source", "required"),
    ({"items": ()}, "/items", "type"),
    ({"items": [None]}, "/items/0", "required"),
    ({"items": [{}]}, "/items/0", "type"),
    ({"kinds": ["BNAK"]}, "/kinds/0", "enum"),
    ({"prices": []}, "/prices", "min-items"),
    ({"prices": [5, 1000]}, "/prices/1", "max-length"),
    ({"notes": {"a": "", "b": "", "c": ""}}, "/notes", "max-properties"),
    ({"notes": {"a/b": "1234"}}, "/notes/a~1b", "max-length"),
    ({"notes": {1: ""}}, "/notes", "type"),
    ({"extras": []}, "/extras", "type"),
    ({"memo": "a" * 11}, "/memo", "max-length"),
    ({"memo": "あいうえおa"}, "/memo", "max-bytes"),
    ({"kana": "アイウエオ"}, "/kana", "max-bytes"),
    ({"kana": "ｱ"}, "/kana", "pattern"),
    ({"kana": "ア ア"}, "/kana", "pattern"),
    ({"email": "nobody"}, "/email", "format"),
    ({"callback_url": "ftp://shop.example"}, "/callbackUrl", "format"),
    ({"pin": "123"}, "/pin", "min-length"),
    ({"pin": "12345"}, "/pin", "max-length"),
    ({"pin": "１２３４"}, "/pin", "pattern"),
    ({"rate": 0.4}, "/rate", "minimum"),
    ({"rate": 10.5}, "/rate", "maximum"),
    ({"rate": float("nan")}, "/rate", "type"),
    ({"rate": True}, "/rate", "type"),
    ({"flag": 1}, "/flag", "type"),
    ({"due_date": "2026-01-05"}, "/dueDate", "type"),
    ({"due_at": datetime(2026, 1, 5)}, "/dueAt", "type"),
    ({"due_at": "tomorrow"}, "/dueAt", "type"),
    ({"with_slash_tilde": "ab"}, "/with~1slash~0tilde", "max-length"),
    ({"odd_name": 5}, '/odd "name\\', "type"),
]


@pytest.mark.parametrize(("changes", "pointer", "code"), BAD)
def test_beyond_the_limit(models: Any, changes: dict[str, Any], pointer: str, code: str) -> None:
    assert (pointer, code) in broken(request(models, **changes))


def test_limits_deep_inside_name_the_whole_way(models: Any) -> None:
    item = models.Item(name="long", quantity=100, parent=models.Box(items=[models.Item(name=5)]))
    found = broken(request(models, items=[models.Item(name="a"), item]))
    assert found == [
        ("/items/1/name", "max-length"),
        ("/items/1/quantity", "maximum"),
        ("/items/1/parent/items/0/name", "type"),
    ]


def test_everything_is_reported_at_once(models: Any) -> None:
    found = broken(request(models, order_id="", amount=-1, pin="x"))
    assert {pointer for pointer, _ in found} == {"/orderId", "/amount", "/pin"}


def test_a_member_that_another_one_requires(models: Any) -> None:
    assert broken(request(models, kind=models.Kind.CARD)) == [("/pin", "required")]
    assert broken(request(models, kind=models.Kind.CARD, pin="1234")) == []


def test_assumed_limits_warn(models: Any) -> None:
    report = Report()
    request(models, label="漢字x").check("", report)
    assert [(v.pointer, v.enforced) for v in report.violations] == [("/label", False)]
    assert report.refused == []
    assert len(report.warnings) == 1


def test_a_violation_names_the_source_and_not_the_value(models: Any) -> None:
    report = Report()
    request(models, order_id="s3cret/" * 3).check("", report)
    for violation in report.violations:
        assert violation.source == "manual charge"
        assert "s3cret" not in str(violation)


def test_limits_can_be_lifted(models: Any) -> None:
    wrong = request(models, order_id="/" * 11, prices=[1000, 5, 1000])
    assert broken(wrong, "/orderId", "/prices/*") == []
    assert broken(wrong, "/orderId#max-length", "/prices/0") == [
        ("/orderId", "pattern"),
        ("/prices/2", "max-length"),
    ]


def test_what_has_no_json_cannot_be_lifted(models: Any) -> None:
    wrong = request(models, amount="5", source={"token": "t"})
    assert broken(wrong, "/amount", "/source") == [("/amount", "type"), ("/source", "type")]


def test_a_subclass_of_str_is_text(models: Any) -> None:
    class Text(str):
        __slots__ = ()

    assert broken(request(models, order_id=Text("o-1"), kind=Text("CARD"), pin=Text("1234"))) == []
    assert broken(request(models, order_id=Text("ö"))) == [("/orderId", "pattern")]


def test_an_unknown_enum_value_warns(models: Any) -> None:
    report = Report()
    request(models, kind=models.Kind("NEW")).check("", report)
    assert [(v.pointer, v.code, v.enforced) for v in report.violations] == [
        ("/kind", "enum", False)
    ]
