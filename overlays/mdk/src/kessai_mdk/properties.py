"""Reading a 3GPSMDK.properties, of which the kits for PHP and for Java have one each.

PHP: an INI file with sections, comments after ``;``, values in quotes or bare, backslashes as they
are. Java: ``=``, ``:`` or blanks after the key, comments after ``#`` or ``!``, a backslash at the
end of a line goes on in the next, ``\\uXXXX`` for letters. A file with a section is PHP's.

Pure: bytes in, lines and problems out. Nothing here quotes a value.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Entry", "Problem", "Syntax", "read_properties"]

Syntax: TypeAlias = Literal["auto", "php", "java"]
"""Whose file it is; ``auto`` takes one with a section for PHP's."""


class Entry(NamedTuple):
    """A key and its value, and where it stands (``line 12``, the name of a variable)."""

    key: str
    value: str
    where: str

    def __repr__(self) -> str:
        """Show the key and the place; the value may be a secret."""
        return f"Entry({self.key!r}, {self.where!r})"


class Problem(NamedTuple):
    """What is wrong with a setting: where, which one (may be empty), why and what to do."""

    where: str
    key: str
    message: str

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        return f"{place}{self.key} {self.message}" if self.key else f"{place}{self.message}"


_NEWLINE = re.compile(r"\r\n|\r|\n")  # no others: a comment may hold anything
_SECTION = re.compile(r"\s*\[[^\]=]*\]\s*(?:[;#].*)?")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ESCAPES = {"t": "\t", "n": "\n", "r": "\r", "f": "\f"}


def read_properties(data: bytes, syntax: Syntax = "auto") -> tuple[list[Entry], list[Problem]]:
    """Return every key with its value and line, in order, and what could not be read.

    UTF-8, with or without a byte order mark. A file in another encoding can be read too, as long
    as only its comments need it: what is not ASCII in a value is then a problem.
    """
    if data.startswith(_UTF16):
        return [], [Problem("line 1", "", "the file is in UTF-16; save it as UTF-8")]
    try:
        text, known = data.decode("utf-8-sig"), True
    except UnicodeDecodeError:
        text, known = data.decode("latin-1"), False
    lines = _NEWLINE.split(text)
    php = syntax == "php" or (syntax == "auto" and any(map(_SECTION.fullmatch, lines)))
    entries: list[Entry] = []
    problems: list[Problem] = []
    for where, line in _lines(lines, joined=not php):
        found = _php(line, where) if php else _java(line, where)
        if isinstance(found, Entry) and not known and not found.value.isascii():
            message = "is not in ASCII, in a file that is not in UTF-8; save it as UTF-8"
            found = Problem(where, found.key, message)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            problems.append(found)
    return entries, problems


def _lines(lines: list[str], *, joined: bool) -> Iterator[tuple[str, str]]:
    """The lines that say something, continued ones as one, each with where it begins."""
    at = 0
    while at < len(lines):
        line, where = lines[at].strip(" \t\f"), f"line {at + 1}"
        at += 1
        if not line or line[0] in "#;!" or _SECTION.fullmatch(line):
            continue
        while joined and _continues(line) and at < len(lines):
            line = line[:-1] + lines[at].strip(" \t\f")
            at += 1
        yield where, line


def _continues(line: str) -> bool:
    """Whether it ends with a backslash that no other one escapes."""
    return (len(line) - len(line.rstrip("\\"))) % 2 == 1


def _php(line: str, where: str) -> Entry | Problem:
    key, equals, rest = line.partition("=")
    key, rest = key.strip(), rest.strip()
    if not equals:
        return Problem(where, "", "is no KEY = value")  # not quoted: it may be a wrapped secret
    if rest[:1] in ('"', "'"):
        value, closed, after = rest[1:].partition(rest[0])
        if not closed or (after.strip() and after.strip()[0] != ";"):
            return Problem(where, key, "is in quotes that do not end where the value ends")
    else:
        value = rest.partition(";")[0].rstrip()
    if "${" in value:
        return Problem(where, key, "holds ${...}, which is not filled in here; write the value")
    return Entry(key, value, where)


def _java(line: str, where: str) -> Entry | Problem:
    at = 0
    while at < len(line) and line[at] not in "=: \t\f":
        at += 2 if line[at] == "\\" else 1
    key, rest = line[:at], line[at:].lstrip(" \t\f")
    if rest[:1] in ("=", ":"):
        rest = rest[1:].lstrip(" \t\f")
    try:
        return Entry(_unescaped(key), _unescaped(rest), where)
    except ValueError:
        return Problem(where, key, "has a \\u that four hexadecimal digits do not follow")


def _unescaped(text: str) -> str:
    found: list[str] = []
    at = 0
    while at < len(text):
        letter = text[at]
        at += 1
        if letter != "\\" or at == len(text):
            found.append(letter if letter != "\\" else "")
            continue
        letter = text[at]
        at += 1
        if letter == "u":
            digits = text[at : at + 4]
            if re.fullmatch(r"[0-9A-Fa-f]{4}", digits) is None:
                raise ValueError
            found.append(chr(int(digits, 16)))
            at += 4
        else:
            found.append(_ESCAPES.get(letter, letter))
    return "".join(found)
