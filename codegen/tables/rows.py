"""One row of a table of fields, and the schema it means.

A table is a provider's hand-written source where no OpenAPI document exists: one line a field, with
the limits as the field lists give them, so that the two can be laid side by side.
"""

from __future__ import annotations

import re

from codegen.problems import SpecError
from codegen.reading.tree import SCHEMAS, Json, Object, arr, obj, text

#: What a row may say. ``name``, ``is`` and ``example`` (or ``leftOut``) it has to.
KEYS = frozenset(
    {
        "name", "ja", "is", "type", "charset", "length", "minLength", "maxLength", "maxBytes",
        "min", "max", "format", "codes", "enum", "names", "default", "mayBeEmpty", "required",
        "when", "sample", "secret", "example", "source", "certainty", "why", "leftOut",
    }
)  # fmt: skip
#: How a field is known, from the surest down; the last three are told to the reader as assumed.
CERTAINTIES = {
    "guide": "",
    "kit": "",
    "sample": "",
    "plugin": "",
    "port": "Known only from a port of the kit that somebody else published.",
    "third": "Known only from a client that somebody else wrote.",
    "assumed": "",
}
_FORMATS = {
    "MM/YY": "^(0[1-9]|1[0-2])/[0-9]{2}$",
    "yyyy/mm/dd": "^[0-9]{4}/[0-9]{2}/[0-9]{2}$",
    "HH:mm": "^[0-9]{2}:[0-9]{2}$",
}
_BYTES = "The field list counts bytes and does not name the encoding; Windows-31J is taken."


class Row:
    """A row with what its table says for all rows; raises SpecError for what it cannot mean."""

    def __init__(self, given: Json, where: str, certainty: str) -> None:
        row = obj(given)
        self.name = text(row.get("name"))
        self.where = f"{where}/{self.name or '?'}"
        self.row = row
        for key in row:
            if key not in KEYS:
                raise SpecError(f"{self.where}: {key!r} is no column", f"known: {sorted(KEYS)}")
        for key in ("name", "is"):
            if not text(row.get(key)).strip():
                raise SpecError(f"{self.where}: no {key!r}", "write it")
        if "example" not in row and not self.left_out:
            raise SpecError(f"{self.where}: no example", "give a value that fits")
        self.certainty = text(row.get("certainty")) or certainty
        if self.certainty not in CERTAINTIES:
            known = ", ".join(CERTAINTIES)
            raise SpecError(f"{self.where}: certainty {self.certainty!r}", f"known: {known}")
        if self.certainty == "assumed" and not text(row.get("why")):
            raise SpecError(f"{self.where}: assumed, but not why", "write `why`")

    @property
    def left_out(self) -> bool:
        """The row stands for comparing only: what arrives is kept as an unknown member."""
        return bool(self.row.get("leftOut"))

    @property
    def required(self) -> bool:
        """Whether the object cannot be without it."""
        return self.row.get("required") is True

    @property
    def shown(self) -> bool:
        """Whether the example of a request has it."""
        return self.required or self.row.get("sample") is True

    def property(self, *, sent: bool) -> Object:
        """The member's schema; ``sent`` members have patterns, answers only lengths."""
        kind, _, of = (text(self.row.get("type")) or "text").partition(" ")
        schema = self._enum() if "enum" in self.row else self._plain(kind, of, sent)
        found: Object = {**schema, "description": self._said()}
        if "secret" in self.row:
            found["x-sensitive"] = self.row["secret"]
        if "source" in self.row:
            found["x-source"] = self.row["source"]
        when = obj(self.row.get("when"))
        if when:
            member, values = next(iter(when.items()))
            condition: Object = {"pointer": f"/{member}"}
            if values is not True:
                condition["in"] = values
            found["x-required-when"] = condition
        why = " ".join(part for part in self._doubts() if part)
        if why:
            found["x-assumed"] = why
        return found

    def _enum(self) -> Object:
        return {"$ref": SCHEMAS + text(self.row["enum"])}

    def _plain(self, kind: str, of: str, sent: bool) -> Object:
        if kind == "object":
            return {"$ref": SCHEMAS + of}
        if kind == "list":
            items: Object = {"type": "string"} if of == "text" else {"$ref": SCHEMAS + of}
            return {"type": "array", "items": items}
        if kind in {"integer", "boolean"}:
            return {"type": kind}
        if kind == "yen":
            longest = self.row.get("maxLength")
            pattern = f"^[0-9]{{1,{longest}}}$" if isinstance(longest, int) else "^[0-9]+$"
            limits: Object = {"pattern": pattern} if sent else {}
            return {"type": "string", "x-unit": "yen", **limits}
        if kind != "text":
            raise SpecError(
                f"{self.where}: type {kind!r}",
                "known: text, yen, integer, boolean, object X, list X, list text",
            )
        return {"type": "string", **self._limits(sent)}

    def _limits(self, sent: bool) -> Object:
        limits: Object = {}
        exact, low, high = (self.row.get(key) for key in ("length", "minLength", "maxLength"))
        empty = self.row.get("mayBeEmpty") is True
        longest = high if high is not None else exact
        if longest is not None:
            limits["maxLength"] = longest
        least = low if low is not None else None if empty else exact
        if sent and least is not None:
            limits["minLength"] = least
        elif sent and self.required:
            limits["minLength"] = 1
        pattern = self._pattern(least, longest)
        if sent and pattern and not empty:
            limits["pattern"] = pattern
        if isinstance(self.row.get("maxBytes"), int):
            limits["x-max-bytes"] = {"encoding": "windows-31j", "bytes": self.row["maxBytes"]}
        return limits

    def _pattern(self, least: Json, longest: Json) -> str:
        shape = text(self.row.get("format"))
        if shape in _FORMATS:
            return _FORMATS[shape]
        if re.fullmatch("[YMDHhmSsF]+", shape, re.IGNORECASE):
            return f"^[0-9]{{{len(shape)}}}$"
        if self.row.get("charset") != "digits":
            return ""  # the other words of the field lists are too coarse to refuse anything by
        if longest is None:
            return "^[0-9]+$"
        return f"^[0-9]{{{least or 1},{longest}}}$" if least != longest else f"^[0-9]{{{longest}}}$"

    def _said(self) -> str:
        row = self.row
        said = [f"{text(row['is'])} ({row['ja']})." if row.get("ja") else f"{text(row['is'])}."]
        if "min" in row and "max" in row:
            said.append(f"From {row['min']} to {row['max']}.")
        if row.get("format"):
            said.append(f"As {row['format']}.")
        if row.get("default") is not None:
            said.append(f"`{row['default']}` if absent.")
        return " ".join(said)

    def _doubts(self) -> list[str]:
        told = CERTAINTIES[self.certainty] if self.certainty != "assumed" else ""
        return [told, text(self.row.get("why")), _BYTES if "maxBytes" in self.row else ""]

    def component(self, source: Object) -> tuple[str, Object] | None:
        """The enum that this row describes, with its name; None if it has no codes."""
        if "enum" not in self.row or "codes" not in self.row:
            return None
        codes = self.row["codes"]
        meanings = obj(codes)
        values: list[Json] = list(meanings) if meanings else arr(codes)
        schema: Object = {"type": "string", "enum": values, "x-source": source}
        if meanings:
            said = "; ".join(
                f"`{code}` {means}" if code else f"empty {means}"
                for code, means in meanings.items()
            )
            schema["description"] = f"{said[:1].upper()}{said[1:]}."
        if "names" in self.row:
            schema["x-enum-varnames"] = self.row["names"]
        return text(self.row["enum"]), schema


def rows(given: Json, where: str, certainty: str) -> list[Row]:
    """The rows of a table, no two of one name."""
    found = [Row(row, where, certainty) for row in arr(given)]
    names = [row.name for row in found]
    for name in names:
        if names.count(name) > 1:
            raise SpecError(f"{where}: {name} stands there twice", "keep one row")
    return found


def record(title: str, listed: list[Row], source: Object, *, sent: bool, why: str = "") -> Object:
    """The object that a table of rows describes."""
    members: Object = {row.name: row.property(sent=sent) for row in listed if not row.left_out}
    required: list[Json] = [row.name for row in listed if row.required and not row.left_out]
    schema: Object = {"type": "object", "description": title, "x-source": source}
    if why:
        schema["x-assumed"] = why
    if required:
        schema["required"] = required
    return {**schema, "properties": members}


def example(listed: list[Row]) -> Object:
    """A value with every one of the rows."""
    return {row.name: row.row["example"] for row in listed if not row.left_out}
