"""Texts just inside and just outside of their limits, and those that fool a regular expression."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# One to four bytes in UTF-8, one to three in EUC-JP, one outside of it, one outside the BMP.
_FILLERS = ("a", "~", "é", "ｱ", "あ", "髙", "①", "𠮷")


def edges(schema: Mapping[str, Any], text: str) -> Iterator[str]:
    """Variants of a text that is in order; some are in order as well, most are not."""
    yield f"{text}\n"
    yield f" {text}"
    yield f"{text}\x00"
    yield text.translate(_FULL_WIDTH)
    yield text * 2
    longest = schema.get("maxLength")
    if longest is not None and text:
        for length in (longest - 1, longest, longest + 1):
            yield (text * (length // len(text) + 1))[:length]
            yield "𠮷" * length
    limit = schema.get("x-max-bytes")
    if limit is not None:
        for filler in _FILLERS:
            for count in range(limit["bytes"] // 4 - 1, limit["bytes"] + 2):
                if abs(len(filler.encode()) * count - limit["bytes"]) <= 4:
                    yield filler * count
                    yield filler * (count - 1) + "a"
