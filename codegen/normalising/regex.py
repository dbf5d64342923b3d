"""Reading a regular expression as ECMA-262 means it, noting what other engines read differently."""

from __future__ import annotations

import re
from typing import NamedTuple, TypeAlias

from codegen.normalising import charsets
from codegen.normalising.charsets import Ranges


class UnportableError(ValueError):
    """A pattern without a portable form; the text says which part."""


class Set(NamedTuple):
    """One character out of a set."""

    ranges: Ranges


class Anchor(NamedTuple):
    """``^`` or ``$``."""

    sign: str


class Group(NamedTuple):
    """Alternatives; ``captures`` keeps the author's plain parentheses."""

    alternatives: tuple[Sequence, ...]
    captures: bool


class Item(NamedTuple):
    """An atom and how often."""

    atom: Set | Anchor | Group
    quantifier: str


Sequence: TypeAlias = "tuple[Item, ...]"

_SYNTAX = r"^$\.*+?()[]{}|/"
_CLASSES = {"d": charsets.DIGIT, "w": charsets.WORD, "s": charsets.SPACE}
_CONTROL = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
_QUANTIFIER = re.compile(r"[*+?]|\{([0-9]*)(,?)([0-9]*)\}")


class Parser:
    """One pattern; ``complaints`` fills while parsing."""

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.at = 0
        self.complaints: list[str] = []

    def parse(self) -> Group:
        """The whole pattern; raises UnportableError."""
        group = self.alternatives(captures=False)
        if self.at < len(self.text):
            raise UnportableError("an unmatched )")
        return group

    def peek(self, count: int = 1) -> str:
        return self.text[self.at : self.at + count]

    def take(self) -> str:
        if self.at >= len(self.text):
            raise UnportableError("it ends too early")
        self.at += 1
        return self.text[self.at - 1]

    def alternatives(self, *, captures: bool) -> Group:
        found: list[Sequence] = [self.sequence()]
        while self.peek() == "|":
            self.at += 1
            found.append(self.sequence())
        return Group(tuple(found), captures)

    def sequence(self) -> Sequence:
        items: list[Item] = []
        while self.peek() not in {"", "|", ")"}:
            atom = self.atom()
            quantifier = self.quantifier()
            if isinstance(atom, Anchor) and quantifier:
                raise UnportableError("a repeated anchor")
            items.append(Item(atom, quantifier))
        return tuple(items)

    def quantifier(self) -> str:
        found = _QUANTIFIER.match(self.text, self.at)
        if found is None:
            return ""
        low, comma, high = found.groups(default="")
        if found.group().startswith("{"):
            if not low and not (comma and high):
                return ""  # a literal brace; atom() complains
            if high and int(low or "0") > int(high):
                raise UnportableError(f"the empty repetition {found.group()}")
            if not low:
                self.complaints.append("{,n} is a repetition only to Python")
        self.at = found.end()
        if self.peek() == "+":
            raise UnportableError("a possessive quantifier")
        if self.peek() == "?":
            self.at += 1  # lazy: the same texts match
        again = _QUANTIFIER.match(self.text, self.at)
        if again is not None and (again.group(1) or not again.group().startswith("{")):
            raise UnportableError("a repetition of a repetition")
        return found.group() if low or not comma else f"{{0,{high}}}"

    def atom(self) -> Set | Anchor | Group:
        char = self.take()
        if char in "^$":
            return Anchor(char)
        if char == "(":
            return self.group()
        if char == "[":
            return Set(self.char_class())
        if char == ".":
            self.complaints.append(". stops at different line ends")
            return Set(charsets.complement(charsets.LINE_ENDS))
        if char == "\\":
            return self.escape()
        if char in "*+?":
            raise UnportableError("nothing to repeat")
        if char in "{}]":
            self.complaints.append(f"{char} needs a backslash")
        return _one(ord(char))

    def group(self) -> Group:
        captures = True
        if self.peek() == "?":
            self.at += 1
            captures = self.group_kind()
        group = self.alternatives(captures=captures)
        if self.peek() != ")":
            raise UnportableError("an unmatched (")
        self.at += 1
        return group

    def group_kind(self) -> bool:
        rest = self.text[self.at :]
        if rest.startswith(":"):
            self.at += 1
            return False
        if rest.startswith(("=", "!", "<=", "<!")):
            raise UnportableError("lookaround")
        named = re.match(r"P?<[A-Za-z_][A-Za-z0-9_]*>", rest)
        if named is None:
            raise UnportableError("inline flags or an atomic group")
        self.complaints.append("a named group")
        self.at += named.end()
        return True

    def escape(self) -> Set | Anchor:
        char = self.peek()
        if char in {"A", "z", "Z"}:
            self.at += 1
            self.complaints.append(f"\\{char} is no anchor to every engine")
            return Anchor("^" if char == "A" else "$")
        if char in {"b", "B"}:
            raise UnportableError("a word boundary")
        return Set(self.escaped(in_class=False))

    def escaped(self, *, in_class: bool) -> Ranges:
        """What a backslash means, after it."""
        char = self.take()
        if char.lower() in _CLASSES:
            self.complaints.append(f"\\{char} differs between engines")
            ranges = _CLASSES[char.lower()]
            return ranges if char.islower() else charsets.complement(ranges)
        if char in {"p", "P"}:
            return self.unicode_property(char)
        if char in _CONTROL:
            return _one(_CONTROL[char]).ranges
        if char in {"x", "u"}:
            return _one(self.hexadecimal(char)).ranges
        if char == "0" and not self.peek().isdigit():
            self.complaints.append("\\0 is not known to every engine")
            return _one(0).ranges
        if char.isascii() and char.isdigit():
            raise UnportableError("a back reference")
        if char.isalpha():
            raise UnportableError("a back reference" if char == "k" else f"\\{char}")
        if char not in _SYNTAX and not (in_class and char == "-"):
            self.complaints.append(f"a needless backslash before {char}")
        return _one(ord(char)).ranges

    def unicode_property(self, sign: str) -> Ranges:
        found = re.match(r"\{([A-Za-z_=]+)\}", self.text[self.at :])
        ranges = charsets.script(found.group(1)) if found else None
        if found is None or ranges is None:
            name = found.group() if found else self.peek()
            raise UnportableError(f"\\{sign}{name}, which has no fixed class,")
        self.at += found.end()
        self.complaints.append(f"\\{sign}{found.group()} is not known to every engine")
        return ranges if sign == "p" else charsets.complement(ranges)

    def hexadecimal(self, kind: str) -> int:
        braced = re.match(r"\{([0-9A-Fa-f]{1,6})\}", self.text[self.at :])
        digits = 2 if kind == "x" else 4
        plain = re.match(f"[0-9A-Fa-f]{{{digits}}}", self.text[self.at :])
        if braced:
            self.complaints.append(f"\\{kind}{braced.group()} is not known to Python")
            code = int(braced.group(1), 16)
            self.at += braced.end()
        elif plain:
            code = int(plain.group(), 16)
            self.at += plain.end()
        else:
            raise UnportableError(f"\\{kind} without its digits")
        low = re.match(r"\\u(D[C-Fc-f][0-9A-Fa-f]{2})", self.text[self.at :], re.IGNORECASE)
        if 0xD800 <= code <= 0xDBFF and low:
            self.complaints.append("a surrogate pair")
            code = 0x10000 + ((code - 0xD800) << 10) + int(low.group(1), 16) - 0xDC00
            self.at += low.end()
        if 0xD800 <= code <= 0xDFFF or code > charsets.LAST:
            raise UnportableError("half a surrogate pair")
        return code

    def char_class(self) -> Ranges:
        negated = self.peek() == "^"
        self.at += int(negated)
        ranges: list[tuple[int, int]] = []
        if self.peek() == "]":
            raise UnportableError("a class that begins with ]")
        while (char := self.take()) != "]":
            atom = self.class_atom(char)
            low = _only(atom)
            if low is None or self.peek() != "-" or self.peek(2) == "-]":
                ranges.extend(atom)
                continue
            self.at += 1
            high = _only(self.class_atom(self.take()))
            if high is None:
                raise UnportableError("a range that ends in a class")
            if high < low:
                raise UnportableError("a range that runs backwards")
            ranges.append((low, high))
        found = charsets.merged(ranges)
        found = charsets.complement(found) if negated else found
        if not found:
            raise UnportableError("a class that matches nothing")
        return found

    def class_atom(self, char: str) -> Ranges:
        if char == "\\":
            if self.peek() == "b":
                raise UnportableError("\\b in a class")
            return self.escaped(in_class=True)
        if char == "[":
            if self.peek() in {":", ".", "="}:
                raise UnportableError("a POSIX class")
            self.complaints.append("[ in a class needs a backslash")
        if char in "&-~|" and self.peek() == char:
            self.complaints.append(f"{char}{char} in a class is an operator to some")
        return _one(ord(char)).ranges


def _one(code: int) -> Set:
    return Set(((code, code),))


def _only(ranges: Ranges) -> int | None:
    """The character, if the set holds just one."""
    first, *rest = ranges
    return first[0] if not rest and first[0] == first[1] else None
