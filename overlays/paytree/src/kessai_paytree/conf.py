"""Reading ``WbCPSPay.conf``: lines of ``Key = Value`` and comments, every flaw with its line.

Source: WbPay library specification 1.0, section 2.6.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from .keys import BY_NAME, KEYS, convert, problem

__all__ = ["Problem", "Read", "read"]

_BOM = b"\xef\xbb\xbf"
_WIDE = re.compile("[\u3000\uff01-\uff5e]")


class Problem(NamedTuple):
    """What is wrong, in which line (from 1; None for what is in no line), with which key."""

    line: int | None
    key: str
    message: str

    def __str__(self) -> str:
        where = "" if self.line is None else f"line {self.line}: "
        return where + (f"{self.key}: {self.message}" if self.key else self.message)


class Read(NamedTuple):
    """What a file says: values by attribute, lines by key, and every problem.

    ``warnings`` do not hinder: comments in another encoding, keys nobody knows.
    """

    values: dict[str, Any]
    lines: dict[str, int]
    problems: list[Problem]
    warnings: list[Problem]


def read(content: bytes) -> Read:
    """Read a whole file. Never raises; what cannot be is in ``problems``, in the order of lines."""
    found = Read({}, {}, [], [])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        found.problems.append(Problem(None, "", "is UTF-16; save it as UTF-8"))
        return found
    lines = re.split(rb"\r\n|\n|\r", content.removeprefix(_BOM))
    for number, line in enumerate(lines, 1):
        _line(found, number, line)
    missing = [key.name for key in KEYS if key.required and key.name not in found.lines]
    for name in missing:
        found.problems.append(Problem(None, name, "is required, and is not there"))
    return found


def _line(found: Read, number: int, line: bytes) -> None:
    setting, _, comment = line.partition(b"#")
    if _text(comment) is None:
        message = "the comment is not UTF-8; it is not needed, and the rest is read"
        found.warnings.append(Problem(number, "", message))
    text = _text(setting)
    if text is None:
        found.problems.append(Problem(number, "", "is not UTF-8; save the file as UTF-8"))
        return
    text = text.strip(" \t")
    if not text:
        return
    name, equals, value = (part.strip(" \t") for part in text.partition("="))
    flaw = _letters(text)
    if flaw is None and not equals:
        flaw = "is neither a comment nor Key = Value"
    if flaw is None and not name:
        flaw = "has no key before ="
    if flaw is not None:
        known = name if name in BY_NAME else ""
        if known:
            found.lines.setdefault(known, number)
        found.problems.append(Problem(number, known, flaw))
        return
    key = BY_NAME.get(name)
    if key is None:
        _unknown(found, number, name)
        return
    if name in found.lines:
        message = f"stands in line {found.lines[name]} already; leave one of them"
        found.problems.append(Problem(number, name, message))
        return
    found.lines[name] = number
    if not value:
        found.problems.append(Problem(number, name, "has no value"))
        return
    try:
        converted = convert(key, value)
    except ValueError as error:
        found.problems.append(Problem(number, name, str(error)))
        return
    wrong = problem(key, converted)
    if wrong is not None:
        found.problems.append(Problem(number, name, wrong))
        return
    found.values[key.attribute] = converted


def _unknown(found: Read, number: int, name: str) -> None:
    """A slip of the pen is a problem, for its default would be taken silently; the rest is not."""
    shown = name if len(name) <= 40 else name[:40] + "..."
    by_small = {known.lower(): known for known in BY_NAME}
    from difflib import get_close_matches

    close = get_close_matches(name.lower(), by_small, 1, 0.8)
    if close:
        meant = by_small[close[0]]
        found.lines.setdefault(meant, number)
        message = f"there is no key {shown}; is it {meant}?"
        found.problems.append(Problem(number, "", message))
        return
    found.warnings.append(Problem(number, "", f"there is no key {shown}; it is left out"))


def _letters(text: str) -> str | None:
    """Say what letters of a key or value cannot be there."""
    wide = _WIDE.search(text)
    if wide is not None:
        what = "space" if wide[0] == "\u3000" else f"character {wide[0]}"
        return f"holds a full-width {what}; only half-width letters, digits and symbols can be used"
    if not text.isascii():
        return "holds a letter that is not ASCII; only comments can have those"
    if not text.replace("\t", " ").isprintable():
        return "holds a control character"
    return None


def _text(part: bytes) -> str | None:
    try:
        return part.decode("utf-8")
    except UnicodeDecodeError:
        return None
