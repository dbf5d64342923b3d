"""The encodings gateways count bytes in, by the names specs use."""

from __future__ import annotations

# Windows-31J is Python's cp932; EUC-JP is euc_jp, whose three-byte characters are JIS X 0212.
CODECS = {"utf-8": "utf_8", "euc-jp": "euc_jp", "windows-31j": "cp932"}


def size(text: str, encoding: str) -> int | None:
    """The number of bytes a text takes; None if the encoding has no such character."""
    try:
        return len(text.encode(CODECS[encoding]))
    except UnicodeEncodeError:
        return None
