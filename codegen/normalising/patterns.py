"""Regular expressions that mean the same to Python, Rust (pydantic) and ECMA-262.

The portable subset: explicit character classes, groups, alternation and greedy quantifiers,
anchored with ``^...$`` around the whole. Everything else is rewritten where that is exact
(``\\d`` becomes ``[0-9]``), and refused where it is not (lookaround, back references, ``\\p{L}``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from codegen.normalising import charsets
from codegen.normalising.regex import Anchor, Group, Item, Parser, Sequence, Set, UnportableError

__all__ = ["Translation", "UnportableError", "complaints", "lengths", "translate"]


class Translation(NamedTuple):
    """A portable pattern and what had to change."""

    pattern: str  # the pattern as given if nothing had to change
    why: list[str]


def complaints(pattern: str) -> list[str]:
    """What keeps a pattern from being portable; empty if nothing does."""
    try:
        return translate(pattern).why
    except UnportableError as error:
        return [str(error)]


def translate(pattern: str) -> Translation:
    """Rewrite a pattern, exactly; raises UnportableError where no portable form exists.

    One reading is not ECMA-262's: ``^A|B$`` is taken as ``^(?:A|B)$``, because it is never meant
    as "begins with A or ends with B". The reason says so.
    """
    parser = Parser(pattern)
    parsed = parser.parse()
    why = list(dict.fromkeys(parser.complaints))
    body = _anchored(_unwrapped(parsed), why)
    if not why:
        return Translation(pattern, [])
    written = f"^{body}$"
    try:
        re.compile(written)
    except (re.error, OverflowError) as error:
        raise UnportableError(f"Python cannot read it ({error})") from None
    return Translation(written, why)


def _unwrapped(group: Group) -> Group:
    """``(^A|B$)`` is ``^A|B$``."""
    while len(group.alternatives) == 1 and len(group.alternatives[0]) == 1:
        item = group.alternatives[0][0]
        if not isinstance(item.atom, Group) or item.quantifier:
            break
        group = item.atom
    return group


def _anchored(group: Group, why: list[str]) -> str:
    """What stands between ``^`` and ``$``."""
    alternatives = group.alternatives
    starts = [bool(a) and a[0].atom == Anchor("^") for a in alternatives]
    ends = [bool(a) and a[-1].atom == Anchor("$") for a in alternatives]
    for alternative, start, end in zip(alternatives, starts, ends, strict=True):
        if _has_anchor(alternative[int(start) : len(alternative) - int(end)]):
            raise UnportableError("an anchor inside the pattern")
    whole = [_write(_bare(a)) for a in alternatives]
    if len(alternatives) == 1:
        if starts[0] and ends[0]:
            return whole[0]
        why.append("not anchored with ^ and $")
        return _padded(whole[0], starts[0], ends[0])
    why.append("the alternatives are not grouped between ^ and $")
    inner = len(alternatives) - 1
    if all(starts) and all(ends):
        pass
    elif starts == [True] + [False] * inner and ends == [False] * inner + [True]:
        why[-1] = "read as a choice of whole values: the alternatives are not grouped"
    else:
        whole = [_padded(*parts) for parts in zip(whole, starts, ends, strict=True)]
    return f"(?:{'|'.join(whole)})"


def _bare(sequence: Sequence) -> Sequence:
    return tuple(item for item in sequence if not isinstance(item.atom, Anchor))


def _padded(body: str, start: bool, end: bool) -> str:
    anything = charsets.write_set(((0, charsets.LAST),)) + "*"
    return ("" if start else anything) + body + ("" if end else anything)


def _has_anchor(sequence: Sequence) -> bool:
    for item in sequence:
        if isinstance(item.atom, Anchor):
            return True
        if isinstance(item.atom, Group) and any(_has_anchor(a) for a in item.atom.alternatives):
            return True
    return False


def _write(sequence: Sequence) -> str:
    return "".join(_write_item(item) for item in sequence)


def _write_item(item: Item) -> str:
    atom = item.atom
    if isinstance(atom, Set):
        return charsets.write_set(atom.ranges) + item.quantifier
    if isinstance(atom, Group):
        inside = "|".join(_write(alternative) for alternative in atom.alternatives)
        return f"({'' if atom.captures else '?:'}{inside}){item.quantifier}"
    return atom.sign


def lengths(pattern: str) -> tuple[int, int | None] | None:
    """The least and greatest number of characters a pattern admits; None without anchors."""
    group = _unwrapped(Parser(pattern).parse())
    if not all(a and a[0].atom == Anchor("^") and a[-1].atom == Anchor("$") for a in group[0]):
        return None
    return _lengths(group)


def _lengths(atom: Set | Anchor | Group) -> tuple[int, int | None]:
    if isinstance(atom, Set):
        return 1, 1
    if isinstance(atom, Anchor):
        return 0, 0
    low: list[int] = []
    high: list[int | None] = []
    for alternative in atom.alternatives:  # there is at least one
        parts = [_repeated(item) for item in alternative]
        low.append(sum(part[0] for part in parts))
        tops = [part[1] for part in parts]
        high.append(None if None in tops else sum(top or 0 for top in tops))
    return min(low), None if None in high else max(top or 0 for top in high)


def _repeated(item: Item) -> tuple[int, int | None]:
    low, high = _lengths(item.atom)
    least, most = _TIMES.get(item.quantifier, (0, None))
    if item.quantifier.startswith("{"):
        first, comma, last = item.quantifier[1:-1].partition(",")
        least, most = int(first), int(last or first) if last or not comma else None
    if most is None or high is None:
        return low * least, 0 if high == 0 or most == 0 else None
    return low * least, high * most


_TIMES: dict[str, tuple[int, int | None]] = {
    "": (1, 1),
    "?": (0, 1),
    "*": (0, None),
    "+": (1, None),
}
