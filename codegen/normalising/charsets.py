"""Sets of characters as ranges, and how regular expressions write them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Range: TypeAlias = "tuple[int, int]"
Ranges: TypeAlias = "tuple[Range, ...]"

LAST = 0x10FFFF

# What ECMA-262 means by these, which is what JSON Schema means.
DIGIT: Ranges = ((0x30, 0x39),)
WORD: Ranges = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
SPACE: Ranges = (
    (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
)  # fmt: skip
LINE_ENDS: Ranges = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))

# The Script property of Unicode 17.0 for the scripts Japanese is written in. Other properties
# grow with every Unicode version and have no fixed class.
SCRIPTS: dict[str, Ranges] = {
    "Hiragana": (
        (0x3041, 0x3096), (0x309D, 0x309F), (0x1B001, 0x1B11F), (0x1B132, 0x1B132),
        (0x1B150, 0x1B152), (0x1F200, 0x1F200),
    ),
    "Katakana": (
        (0x30A1, 0x30FA), (0x30FD, 0x30FF), (0x31F0, 0x31FF), (0x32D0, 0x32FE), (0x3300, 0x3357),
        (0xFF66, 0xFF6F), (0xFF71, 0xFF9D), (0x1AFF0, 0x1AFF3), (0x1AFF5, 0x1AFFB),
        (0x1AFFD, 0x1AFFE), (0x1B000, 0x1B000), (0x1B120, 0x1B122), (0x1B155, 0x1B155),
        (0x1B164, 0x1B167),
    ),
    "Han": (
        (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007),
        (0x3021, 0x3029), (0x3038, 0x303B), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D),
        (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF6), (0x20000, 0x2A6DF),
        (0x2A700, 0x2B81D), (0x2B820, 0x2CEAD), (0x2CEB0, 0x2EBE0), (0x2EBF0, 0x2EE5D),
        (0x2F800, 0x2FA1D), (0x30000, 0x3134A), (0x31350, 0x33479),
    ),
    "ASCII": ((0x00, 0x7F),),
}  # fmt: skip


def script(name: str) -> Ranges | None:
    """The ranges of a property as written in ``\\p{...}``, if they are fixed."""
    key, _, value = name.rpartition("=")
    if key.lower() in {"", "script", "sc", "is"}:
        value = value.removeprefix("Is") if not key else value
        return SCRIPTS.get(value)
    return None


def merged(ranges: Iterable[Range]) -> Ranges:
    """The same set in order, without overlaps."""
    result: list[Range] = []
    for low, high in sorted(ranges):
        if result and low <= result[-1][1] + 1:
            result[-1] = (result[-1][0], max(high, result[-1][1]))
        else:
            result.append((low, high))
    return tuple(result)


def complement(ranges: Iterable[Range]) -> Ranges:
    """Every character that is not in the set."""
    result: list[Range] = []
    start = 0
    for low, high in merged(ranges):
        if low > start:
            result.append((start, low - 1))
        start = high + 1
    if start <= LAST:
        result.append((start, LAST))
    return tuple(result)


def write_set(ranges: Ranges) -> str:
    """A class that Python, Rust and ECMA-262 (flag u) read alike."""
    ranges = merged(ranges)
    if ranges == ((0, LAST),):
        return r"(?:[^\n]|\n)"
    if not ranges:
        raise ValueError("an empty set matches nothing")
    if ranges[-1][1] == LAST:
        return f"[^{_inside(complement(ranges))}]"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return write_char(ranges[0][0])
    return f"[{_inside(ranges)}]"


def _inside(ranges: Ranges) -> str:
    parts: list[str] = []
    for low, high in ranges:
        parts.append(_char(low, r"\]["))
        if high > low:
            dash = "-" if high > low + 1 else ""
            parts.append(dash + _char(high, r"\]["))
    return "".join(parts)


def write_char(code: int) -> str:
    """One character outside a class."""
    return _char(code, r"\.[](){}*+?^$|")


_CONTROLS = {0x09: r"\t", 0x0A: r"\n", 0x0B: r"\v", 0x0C: r"\f", 0x0D: r"\r"}


def _char(code: int, special: str) -> str:
    char = chr(code)
    if code in _CONTROLS:
        return _CONTROLS[code]
    if char in special or (special == r"\][" and char in "^-"):
        return "\\" + char
    if code <= 0xFFFF and not (char.isprintable() and char != "\u3000"):
        return f"\\u{code:04X}"
    return char
