"""Limits: what is reported, what may be lifted, how bytes, addresses and URLs are judged."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import checks
from kessai.constraints import Report, Violation, unsendable
from kessai.formats import Pattern, byte_length, fits, is_email, is_uri
from kessai.model import OpenEnum
from kessai.wire import EnumTable


def codes(report: Report) -> list[tuple[str, str]]:
    """Pointer and code of everything reported."""
    return [(violation.pointer, violation.code) for violation in report.violations]


def test_a_violation_reads_as_one_line() -> None:
    report = Report()
    report.add("/a", "max-length", "must have at most 3 characters", limit=3, source="m s")
    assert report.violations == [
        Violation("/a", "max-length", "must have at most 3 characters", 3, "m s", True)
    ]
    assert str(report.violations[0]) == "/a: must have at most 3 characters [max-length] (m s)"


@pytest.mark.parametrize(
    ("lift", "pointer", "code", "lifted"),
    [
        ("/a", "/a", "pattern", True),
        ("/a#pattern", "/a", "pattern", True),
        ("/a#pattern", "/a", "max-length", False),
        ("/a/*/b", "/a/0/b", "x", True),
        ("/a/*/b", "/a/10/b", "x", True),
        ("/a/*/b", "/a/name/b", "x", False),
        ("/a", "/a/b", "x", False),
        ("/a/b", "/a", "x", False),
        ("/a/0", "/a/1", "x", False),
    ],
)
def test_lifting(lift: str, pointer: str, code: str, lifted: bool) -> None:
    report = Report([lift])
    report.add(pointer, code, "m")
    report.add(pointer, code, "m", final=True)
    assert len(report.violations) == (1 if lifted else 2)


def test_what_is_not_enforced_warns() -> None:
    report = Report()
    report.add("/a", "x", "m", enforced=False)
    report.add("/b", "x", "m")
    assert [v.pointer for v in report.warnings] == ["/a"]
    assert [v.pointer for v in report.refused] == ["/b"]


@given(st.text())
def test_utf_8_bytes_are_counted(text: str) -> None:
    assert byte_length(text, "utf-8") == (len(text.encode()), 0)
    assert fits(text, "utf-8", len(text.encode()))
    assert not fits(text + "a", "utf-8", len(text.encode()))


@pytest.mark.parametrize(
    ("text", "encoding", "size", "unencodable"),
    [
        ("abc", "euc-jp", 3, 0),
        ("日本", "euc-jp", 4, 0),
        ("ｱ", "euc-jp", 2, 0),
        ("ｱ", "windows-31j", 1, 0),
        ("①", "windows-31j", 2, 0),
        ("①", "euc-jp", 2, 1),
        ("😀", "windows-31j", 2, 1),
        ("\ud800", "utf-8", 2, 1),
    ],
)
def test_bytes_in_japanese_encodings(text: str, encoding: str, size: int, unencodable: int) -> None:
    assert byte_length(text, encoding) == (size, unencodable)
    assert fits(text, encoding, size) == (not unencodable)


def test_too_many_bytes_are_refused_and_strange_characters_warn() -> None:
    report = Report()
    checks.check_text(report, "/a", "日本語", max_bytes=5, encoding="euc-jp")
    checks.check_text(report, "/b", "①", max_bytes=5, encoding="euc-jp")
    checks.check_text(report, "/c", "①日本語", max_bytes=5, encoding="euc-jp")
    assert [(v.pointer, v.code, v.enforced) for v in report.violations] == [
        ("/a", "max-bytes", True),
        ("/b", "max-bytes", False),
        ("/c", "max-bytes", True),
    ]


@pytest.mark.parametrize(
    "address", ["a@b", "a.b+c@mail.example.co.jp", "a@xn--eckwd4c7c.jp", "x" * 64 + "@b.jp"]
)
def test_addresses(address: str) -> None:
    assert is_email(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "a", "@b", "a@", "a@b@c", "a b@c", "a..b@c", ".a@b", "a.@b", "a@-b", "a@b-", "a@b..c",
        "あ@b.jp", "a@ｂ.jp", "a@b\n", "x" * 65 + "@b.jp", "a@" + "b." * 126 + "jp",
    ],
)  # fmt: skip
def test_no_addresses(address: str) -> None:
    assert not is_email(address)


@pytest.mark.parametrize(
    "url", ["https://a.jp", "http://127.0.0.1:8801/x?y=%20#z", "https://[::1]/", "https://a"]
)
def test_urls(url: str) -> None:
    assert is_uri(url)


@pytest.mark.parametrize(
    "url",
    ["", "a.jp", "//a.jp", "ftp://a.jp", "https://", "https://a b", "https://日本.jp", "https://a\n",
     "javascript:alert(1)", "https://a:123456", "https://user@a.jp"],
)  # fmt: skip
def test_no_urls(url: str) -> None:
    assert not is_uri(url)


def test_a_pattern_must_fit_the_whole_text_and_compiles_late() -> None:
    pattern = Pattern("^[0-9]+$")
    for text, good in (("12", True), ("12\n", False), ("１", False), ("a1", False)):
        assert (pattern.match(text) is not None) == good
    assert repr(pattern) == "Pattern('^[0-9]+$')"
    broken = Pattern("(")  # nobody pays for a pattern that is never used
    with pytest.raises(Exception, match="unterminated"):
        broken.match("x")


@given(st.integers() | st.booleans() | st.floats() | st.text() | st.none())
def test_yen_are_whole_and_not_negative(value: Any) -> None:
    report = Report()
    checks.check_yen(report, "/a", value, digits=3)
    right = type(value) is int and 0 <= value <= 999
    assert (report.violations == []) == right


@given(st.integers() | st.booleans() | st.floats() | st.text() | st.none())
def test_integers_are_integers(value: Any) -> None:
    report = Report()
    checks.check_integer(report, "/a", value, minimum=-5, maximum=5)
    assert (report.violations == []) == (type(value) is int and -5 <= value <= 5)


def test_a_negative_amount_is_refused_even_where_limits_are_assumed() -> None:
    report = Report(["/a"])
    checks.check_yen(report, "/a", -1, digits=3, enforced=False)
    assert [(v.code, v.enforced) for v in report.violations] == [("minimum", True)]


def test_what_is_missing_may_be_lifted_where_null_can_be_sent() -> None:
    report = Report(["/a", "/b"])
    checks.check_text(report, "/a", None)
    checks.check_yen(report, "/b", None)
    assert codes(report) == [("/b", "required")]


def test_a_number_must_be_finite() -> None:
    report = Report()
    for value in (float("nan"), float("inf"), True, "1"):
        checks.check_number(report, "/a", value)
    checks.check_number(report, "/a", 1)
    assert codes(report) == [("/a", "type")] * 4


def test_no_message_holds_the_value() -> None:
    report = Report()
    secret: Any = "s3cret"
    checks.check_text(report, "/a", secret, max_length=1, pattern=Pattern("^a$"), format="email")
    for check in (checks.check_integer, checks.check_yen, checks.check_number, checks.check_flag):
        check(report, "/a", secret)
    checks.check_list(report, "/a", secret)
    checks.check_map(report, "/a", secret)
    assert len(report.violations) == 9
    assert all("s3cret" not in str(violation) for violation in report.violations)


def test_what_cannot_be_sent_is_found() -> None:
    wire = {"a": ["ok", "\ud800"], "b/c": {"d": object()}, "e": 2**53, "f": 2**53 - 1, "g": None}
    assert [(v.pointer, v.code) for v in unsendable(wire)] == [
        ("/a/1", "encoding"),
        ("/b~1c/d", "type"),
        ("/e", "type"),
    ]


class Stage(OpenEnum):
    """Two steps of something."""

    BEGUN = "begun"
    ENDED = "ended"


@pytest.mark.parametrize(
    ("value", "enforced"), [("later", False), ("", True), ("ｂｅｇｕｎ", False)]
)
def test_an_empty_text_is_no_new_value_of_an_enum(value: str, enforced: bool) -> None:
    """A value that is not listed may be new and warns; an empty one was lost and is refused."""
    report = Report()
    checks.check_enum(report, "/stage", value, EnumTable(Stage))
    assert [(one.code, one.enforced) for one in report.violations] == [("enum", enforced)]
