"""Text limits that are more than a comparison: patterns, byte lengths, e-mail addresses, URLs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, NamedTuple

# Python's codec for each encoding name the specs use.
CODECS: Final = {"utf-8": "utf-8", "euc-jp": "euc_jp", "windows-31j": "cp932"}

# What a character that has no place in a Japanese encoding counts for: the width it has in the
# vendors' extensions of that encoding.
_UNKNOWN_WIDTH: Final = 2

_ATOM: Final = r"[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL: Final = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"


class Pattern:
    """A regular expression that is compiled when it is first needed: importing stays cheap.

    ``match`` answers whether the whole text fits (fullmatch).
    """

    __slots__ = ("match", "source")

    match: Callable[[str], Any]
    source: str

    def __init__(self, source: str) -> None:
        self.source = source
        self.match = self._first

    def _first(self, text: str) -> object:
        self.match = re.compile(self.source).fullmatch
        return self.match(text)

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"


_EMAIL: Final = Pattern(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*")
_URI: Final = Pattern(
    r"https?://(?:[0-9a-zA-Z.-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?(?:[/?#][!-~]*)?"
)


def is_email(text: str) -> bool:
    """Whether a text is an addr-spec of RFC 5322 in its plain form: no comments, no quotes.

    Local part at most 64 characters, the whole at most 254, ASCII. Some Japanese carriers once
    gave out local parts with consecutive or trailing dots; gateways that check RFC 5322 refuse
    them, and so does this.
    """
    return len(text) <= 254 and text.find("@") <= 64 and _EMAIL.match(text) is not None


def is_uri(text: str) -> bool:
    """Whether a text is an absolute http or https URL in ASCII."""
    return _URI.match(text) is not None


class ByteLength(NamedTuple):
    """How many bytes a text takes, and how many characters the encoding has no place for."""

    bytes: int
    unencodable: int


def byte_length(text: str, encoding: str) -> ByteLength:
    """Count a text's bytes in ``utf-8``, ``euc-jp`` or ``windows-31j``.

    A character with no place in the encoding is counted apart; ``bytes`` takes two for it.
    """
    codec = CODECS[encoding]
    try:
        return ByteLength(len(text.encode(codec)), 0)
    except UnicodeEncodeError:
        total = unencodable = 0
        for character in text:
            try:
                total += len(character.encode(codec))
            except UnicodeEncodeError:
                total += _UNKNOWN_WIDTH
                unencodable += 1
        return ByteLength(total, unencodable)


def fits(text: str, encoding: str, limit: int) -> bool:
    """Whether every character is encodable and the text takes at most ``limit`` bytes."""
    try:
        return len(text.encode(CODECS[encoding])) <= limit
    except UnicodeEncodeError:
        return False
