"""Patterns: what is portable stays, what is not is rewritten exactly or refused."""

from __future__ import annotations

import re

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from codegen.normalising import charsets, patterns
from codegen.normalising.patterns import UnportableError, translate

PORTABLE = [
    "^[0-9]{4}-(0[1-9]|1[0-2])$",
    "^[a-zA-Z0-9- ]{1,50}$",
    "^(?:DENY|CHALLENGE)$",
    "^(DENY|CHALLENGE)$",
    "^[ぁ-んァ-ヶー]+$",
    r"^[^\x00-\x1F]*$",
    r"^https://[^ ]+\.jp/?$",
    "^(a|)$",
    "^$",
    "^a+?b$",
]


@pytest.mark.parametrize("pattern", PORTABLE)
def test_a_portable_pattern_stays_as_written(pattern: str) -> None:
    assert translate(pattern) == (pattern, [])


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (r"^\d{4}$", "^[0-9]{4}$"),
        (r"^[\d-]+$", r"^[\-0-9]+$"),
        (r"^\D$", "^[^0-9]$"),
        (r"^[^\d]$", "^[^0-9]$"),
        (r"^\w+$", "^[0-9A-Z_a-z]+$"),
        ("^a.b$", r"^a[^\n\r\u2028\u2029]b$"),
        (r"^[\s\S]$", r"^(?:[^\n]|\n)$"),
        ("^DENY|CHALLENGE$", "^(?:DENY|CHALLENGE)$"),
        ("(^A|B$)", "^(?:A|B)$"),
        ("^A$|^B$", "^(?:A|B)$"),
        ("^[0-9]+", r"^[0-9]+(?:[^\n]|\n)*$"),
        (r"\A[0-9]+\z", "^[0-9]+$"),
        (r"^(?<year>[0-9]{4})$", "^([0-9]{4})$"),
        (r"^\u{1F600}$", "^😀$"),
        (r"^\uD83D\uDE00$", "^😀$"),
        (r"^\-\_$", "^-_$"),
        (r"^a{,3}$", "^a{0,3}$"),
        ("^[[a]$", r"^[\[a]$"),
    ],
)
def test_an_unportable_pattern_is_rewritten(pattern: str, written: str) -> None:
    found = translate(pattern)
    assert found.pattern == written
    assert found.why
    assert translate(written) == (written, [])


@pytest.mark.parametrize(
    ("pattern", "cause"),
    [
        ("^(?=a)a$", "lookaround"),
        ("^(?!a)b$", "lookaround"),
        ("^(?<=a)b$", "lookaround"),
        ("^(?<!a)b$", "lookaround"),
        (r"^(a)\1$", "back reference"),
        (r"^(?<n>a)\k<n>$", "back reference"),
        (r"^\p{L}+$", "no fixed class"),
        (r"^\p{Lu}$", "no fixed class"),
        (r"^\bword\b$", "word boundary"),
        ("^(?i)a$", "inline flags"),
        ("^(?>a)$", "inline flags or an atomic group"),
        ("^a++$", "possessive"),
        ("^a{3,1}$", "empty repetition"),
        ("^a{2}{3}$", "repetition of a repetition"),
        ("^[]a]$", "begins with ]"),
        ("^[[:alpha:]]$", "POSIX"),
        ("^[z-a]$", "runs backwards"),
        ("^(a$", "unmatched ("),
        ("^a)$", "unmatched )"),
        ("^a^b$", "anchor inside"),
        ("^(^a|b)c$", "anchor inside"),
        ("^*$", "repeated anchor"),
        ("^\\", "ends too early"),
        (r"^\uD83D$", "half a surrogate"),
        (r"^\h$", "\\h"),
    ],
)
def test_what_has_no_portable_form_is_refused(pattern: str, cause: str) -> None:
    with pytest.raises(UnportableError, match=re.escape(cause)):
        translate(pattern)
    assert patterns.complaints(pattern)


ALPHABET = "aA0_9- .\n\r\t\u3000\u2028あ漢é٣０;[]"
EXACT = [r"^\d+$", r"^\w*$", r"^\s\S$", r"^[\w.-]+$", r"^[^\s]+$", "^a.c$", "^[0-9]", "a|9$", r"\d"]


@given(st.sampled_from(EXACT), st.text(ALPHABET, max_size=4))
def test_a_rewritten_pattern_takes_the_same_texts(pattern: str, text: str) -> None:
    """Rewritten, read by Python: what jsonschema-rs (ECMA-262) says of the original."""
    ours = re.search(translate(pattern).pattern.replace("$", r"\Z"), text) is not None
    assert ours == jsonschema_rs.is_valid({"pattern": pattern}, text)


@pytest.mark.parametrize("name", ["Hiragana", "Katakana", "Han"])
def test_script_tables_agree_with_another_implementation_where_scripts_are_old(name: str) -> None:
    """Every boundary of the basic plane, against the Unicode tables of jsonschema-rs."""
    theirs = jsonschema_rs.validator_for({"pattern": rf"^\p{{Script={name}}}$"})
    for low, high in charsets.SCRIPTS[name]:
        if high > 0xFFFF:
            continue
        for code, inside in ((low - 1, False), (low, True), (high, True), (high + 1, False)):
            known = any(a <= code <= b for a, b in charsets.SCRIPTS[name])
            assert known or not inside
            assert theirs.is_valid(chr(code)) == known, hex(code)


@pytest.mark.parametrize(
    ("pattern", "bounds"),
    [
        ("^[0-9]{8}$", (8, 8)),
        ("^[0-9]{1,3}(-[0-9]{2,})?$", (1, None)),
        ("^(?:ab|c)?d$", (1, 3)),
        ("^(a|bcd){2,3}$", (2, 9)),
        ("^a*$", (0, None)),
        ("^(a{0}|b)$", (0, 1)),
        ("^$", (0, 0)),
        ("[0-9]+", None),
    ],
)
def test_lengths_of_a_pattern(pattern: str, bounds: tuple[int, int | None] | None) -> None:
    assert patterns.lengths(pattern) == bounds


def test_sets_are_merged_and_complemented() -> None:
    assert charsets.merged([(5, 9), (1, 2), (3, 4), (20, 30), (25, 26)]) == ((1, 9), (20, 30))
    assert charsets.complement(((0, 0x10FFFF),)) == ()
    assert charsets.complement(charsets.complement(charsets.SPACE)) == charsets.merged(
        charsets.SPACE
    )
