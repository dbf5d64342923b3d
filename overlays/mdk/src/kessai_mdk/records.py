"""The body of a PUSH: proven by its Content-Hmac, then taken apart into header and records.

A PUSH is one form. Fields whose names end in four digits belong to the record of that number,
``0000`` to ``0049``; the others are its header. The fields come in any order.

Sources: kit for PHP 2.0.1 (calcHmac, checkMessage) and its samples (通知データ受取用サンプル).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from kessai.errors import MalformedEventError, SignatureError
from kessai.receive import header

from .records_form import check_media, read_form, shown
from .signing import content_hmac, same

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CONTENT_HMAC", "MOST_RECORDS", "PUSH_LIMIT", "Records", "read_records"]

CONTENT_HMAC = "Content-Hmac"

PUSH_LIMIT = 524288
"""Bytes of a PUSH; 50 records of the longest described have under 60,000."""

MOST_RECORDS = 50

_MARK = re.compile(r"h=([^;=]+);s=([^;]+);v=([0-9a-f]{64}|[0-9A-F]{64})")
_NUMBERED = re.compile(r"(.+)([0-9]{4})", re.DOTALL | re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,4}", re.ASCII)
_WHAT = "the PUSH"


class Records(NamedTuple):
    """The fields of the header, and of each record without their number, in its order."""

    header: Mapping[str, str]
    records: tuple[Mapping[str, str], ...]


def read_records(
    body: bytes, headers: Mapping[str, str], *, merchant_ccid: str, keys: list[str]
) -> Records:
    """Prove a PUSH and take it apart.

    Raises SignatureError (no Content-Hmac, of another algorithm or CCID, wrong digest) and
    MalformedEventError (size, content type, charset, a field twice, a gap between the records,
    more than 50, or another number than ``numberOfNotify`` says).
    """
    if not isinstance(body, bytes):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"body must be the raw bytes of the request, is {type(body).__name__}")
    if len(body) > PUSH_LIMIT:
        raise MalformedEventError(f"{_WHAT} is longer than {PUSH_LIMIT} bytes")
    _prove(body, headers, merchant_ccid, keys)
    check_media(headers, _WHAT)
    return _split(read_form(body, _WHAT))


def _prove(body: bytes, headers: Mapping[str, str], merchant_ccid: str, keys: list[str]) -> None:
    given = header(headers, CONTENT_HMAC)
    mark = _MARK.fullmatch(given) if given is not None else None
    digests = [content_hmac(body, key) for key in keys]
    if mark is None:
        raise SignatureError(f"{_WHAT} has no {CONTENT_HMAC} of the documented form")
    if mark[1] != "HmacSHA256":
        raise SignatureError(f"{_WHAT}'s {CONTENT_HMAC} names another algorithm")
    if not same(mark[2], merchant_ccid):
        raise SignatureError(f"{_WHAT} is for another merchant CCID")
    found = False
    for digest in digests:  # each to its end: the time taken tells nothing
        found |= same(mark[3].lower(), digest)
    if not found:
        raise SignatureError(f"{_WHAT}'s {CONTENT_HMAC} is not that of its body")


def _split(fields: Mapping[str, str]) -> Records:
    head: dict[str, str] = {}
    records: dict[int, dict[str, str]] = {}
    for name, value in fields.items():
        numbered = _NUMBERED.fullmatch(name)
        if numbered is None:
            head[name] = value
            continue
        number = int(numbered[2])
        if number >= MOST_RECORDS:
            raise MalformedEventError(
                f"{_WHAT} has {shown(name)}, and records are numbered 0000 to 0049"
            )
        records.setdefault(number, {})[numbered[1]] = value
    listed = [records[number] for number in sorted(records)]
    if sorted(records) != list(range(len(listed))):
        raise MalformedEventError(f"{_WHAT} has a gap between the numbers of its records")
    _counted(head.get("numberOfNotify"), len(listed))
    return Records(head, tuple(listed))


def _counted(said: str | None, there: int) -> None:
    if said is None or _NUMBER.fullmatch(said) is None:
        raise MalformedEventError(f"{_WHAT} has no numberOfNotify of the documented form")
    if int(said) != there:
        raise MalformedEventError(f"{_WHAT} says {int(said)} records and has {there}")
    if not there:
        raise MalformedEventError(f"{_WHAT} has no record")
