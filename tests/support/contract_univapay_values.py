"""Values of UnivaPay's spec: UUIDs, dates, numbers; null is never drawn, because it is absent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from hypothesis import strategies as st

from tests.support.contract_values import Strategy, Values

Schema = Mapping[str, Any]


class UnivapayValues(Values):
    """Strategies by component name, each made once."""

    def _value(self, schema: Schema) -> Strategy:
        found = dict(schema)
        for name in ("oneOf", "anyOf"):
            if name in found:
                found[name] = [one for one in found[name] if one.get("type") != "null"]
        if isinstance(found.get("type"), list):
            kinds = [kind for kind in found["type"] if kind != "null"]
            if len(kinds) > 1:
                return st.one_of([self._value({**found, "type": kind}) for kind in kinds])
            found["type"] = kinds[0]
        if "enum" in found:
            found["enum"] = [value for value in found["enum"] if value is not None]
        return super()._value(found)

    def _plain(self, schema: Schema) -> Strategy:
        kind, form = schema["type"], schema.get("format")
        if kind == "number":
            return st.integers(0, 10**6).map(lambda halves: halves / 2)
        if kind == "string" and form == "uuid":
            return st.uuids().map(str)
        if kind == "string" and form == "date":
            return st.dates(date(2020, 1, 1), date(2040, 1, 1)).map(date.isoformat)
        if kind == "string" and form == "date-time":
            moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1))
            return moments.map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z")
        return super()._plain(schema)
