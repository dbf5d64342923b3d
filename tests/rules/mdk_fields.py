"""The MDK's limits of single members, as rows: those of `mdk_fields_*`, one line a command.

Each member stands with its limit behind it, members apart by `;`:

===========  ==================================================================
``..100``    at most so many characters; ``2..45`` at least two; ``3`` exactly
``..7d``     the same, and nothing but half-width digits
``b50``      at most so many bytes, in an encoding that no document names: it warns
``yen8``     an amount of at most so many digits
``MM/YY``    a date or time in this form
``[a|b]``    one of these; another one warns, because it may be new
``?``        behind a limit: it warns, as does all the spec holds to be assumed of it
===========  ==================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.rules import mdk_fields_card, mdk_fields_other, mdk_fields_wallets
from tests.rules.bodies import Patch
from tests.rules.mdk_bodies import COMMANDS
from tests.rules.rows import Member, Row

KIT = "MDK for PHP 2.0.1"
FIELDS = {**mdk_fields_card.FIELDS, **mdk_fields_wallets.FIELDS, **mdk_fields_other.FIELDS}
NEW = "zz"  # a code that nobody knows

_FORMS: dict[str, tuple[str, str]] = {  # what fits, what does not
    "MM/YY": ("12/30", "1230"),
    "MMDD": ("0131", "01-31"),
    "YYMM": ("3012", "30/12"),
    "YYYYMM": ("202601", "2026-1"),
    "YYYYMMDD": ("20260131", "2026013a"),
    "YYYYMMDDhhmm": ("202601311000", "20260131100a"),
    "YYYYMMDDhhmmss": ("20260131100000", "2026013110000a"),
    "yyyy/mm/dd": ("2026/01/31", "2026-01-31"),
    "HH:mm": ("10:00", "10-00"),
    "999-9999": ("150-0031", "1500031"),
}
_SIZE = re.compile(r"(?:([0-9]*)\.\.)?([0-9]+)(d?)\??")
# What has to be there beside a member, lest another rule speaks first.
_BESIDE: dict[str, Patch] = {
    "/salesDay": {"/withCapture": "true"},
    "/mpDay": {"/accountingType": "1", "/mpFirstDate": "20260131"},
    "/mpFirstDate": {"/accountingType": "1", "/mpDay": "28"},
    "/d3Flag": {"/serviceOptionType": "sb_ktai"},
    "/oneTimeCode": {"/serviceOptionType": "barcode"},
    **{
        f"/item{part}{number}": {
            f"/itemName{number}": "本", f"/itemCount{number}": "1", f"/itemAmount{number}": "100"
        }
        for number in range(2, 6)
        for part in ("Name", "Count", "Amount")
    },
    "oricoscAuthorize/amount": {"/totalItemAmount": "10000000"},
    "oricoscAuthorize/deposit": {"/totalItemAmount": "20000000", "/amount": "20000000"},
}  # fmt: skip
_FIXED = {"paymentType": "0"}  # the one value that another rule lets pass


class Listed(NamedTuple):
    """One member of a list: where it stands, and its limit as written."""

    operation: str
    stem: str
    name: str
    limit: str

    @property
    def codes(self) -> list[str]:
        """The values of a member that has codes."""
        return self.limit[1:-1].split("|") if self.limit.startswith("[") else []


def listed() -> Iterator[Listed]:
    """Every member of every list; the objects within are those of a card's Authorize."""
    for operation, text in FIELDS.items():
        yield from _members(operation, "", text)
    for stem, text in mdk_fields_card.MEMBERS.items():
        yield from _members("cardAuthorize", stem, text)


def _members(operation: str, stem: str, text: str) -> Iterator[Listed]:
    for part in re.sub(r"\|\s*\n\s*", "|", text).split(";"):
        name, limit = part.strip().split(" ", 1)
        yield Listed(operation, stem, name, limit)


def rows() -> list[Row]:
    """A row for each limit."""
    return [row for member in listed() for row in _rows(member)]


def _rows(member: Listed) -> Iterator[Row]:
    name, limit = member.name, member.limit
    beside = _BESIDE.get(f"{member.operation}/{name}") or _BESIDE.get(f"/{name}")
    at = Member(member.operation, COMMANDS[member.operation], member.stem, beside)
    source = f"{KIT} {member.operation} {name}"

    def row(code: str, most: Any, good: str, bad: str, *, enforced: bool = True) -> Row:
        return at.row(name, code, most, good, bad, source, enforced=enforced)

    if member.codes:
        yield row("enum", None, member.codes[-1], NEW, enforced=False)
    elif limit in _FORMS:
        yield row("pattern", None, *_FORMS[limit])
    elif limit.startswith("yen"):
        digits = int(limit[3:])
        yield row("max-length", digits, f"1{'0' * (digits - 1)}", f"1{'0' * digits}")
    elif limit.startswith("b"):
        size = int(limit[1:])
        good = "ア" * (size // 2) + "a" * (size % 2)
        yield row("max-bytes", size, good, f"{good}a", enforced=False)
    else:
        yield from _sizes(row, limit, _FIXED.get(name))


def _sizes(row: Any, limit: str, fill: str | None) -> Iterator[Row]:
    found = _SIZE.fullmatch(limit)
    assert found is not None, limit
    most, digits = int(found[2]), bool(found[3])
    least = most if found[1] is None else int(found[1] or 0)
    letter = fill or ("1" if digits else "a")
    good = letter * most
    yield row("max-length", most, good, good + letter, enforced=not limit.endswith("?"))
    if least > 1:
        yield row("min-length", least, letter * least, letter * (least - 1))
    if digits:
        yield row("pattern", None, good, letter * (most - 1) + "１")
