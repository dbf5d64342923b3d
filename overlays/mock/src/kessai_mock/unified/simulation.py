"""What the sandbox answers, by the tables of specs/unified/simulation.yaml.

`simulation.json` beside this file is that document as JSON, for the wheel; a test holds
the two together. How certain a cell is stands in it and does not change what the mock does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any, NamedTuple, cast

from .results import WAITING

Chosen = Mapping[str, Sequence[str]]  # selector -> the values the request has for it
_SUCCESS = "UA-000-001"
_NOT_SELECTORS = {"resultCode", "vResultCode", "certainty", "then"}


class Verdict(NamedTuple):
    """What the provider behind the gateway says; `then` is what it says later."""

    code: str
    v: str | None = None
    then: Verdict | None = None


class Simulation:
    """The tables, read once."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self._wallets = cast("dict[str, dict[str, Any]]", data["wallets"])

    @property
    def wallets(self) -> list[str]:
        """The payType of each wallet."""
        return list(self._wallets)

    def rows(self, wallet: str, command: str, stage: str) -> list[dict[str, Any]]:
        """The rows of one table; none where the document prints none.

        `stage` is answer or redirect.
        """
        commands = cast("dict[str, dict[str, Any]]", self._wallets[wallet]["commands"])
        table = commands.get(command, {}).get(stage)
        return [] if table is None else cast("list[dict[str, Any]]", table["rows"])

    def answer(self, wallet: str, command: str, chosen: Chosen) -> Verdict:
        """What a request is answered with. A case that is in no table succeeds (assumed)."""
        row = self._row(wallet, command, "answer", chosen)
        if row is None or row["resultCode"] is None:
            return self.success(wallet)
        return _verdict(row)

    def redirect(self, wallet: str, command: str, chosen: Chosen) -> Verdict | None:
        """What a choice on a dummy page leads to; None: the page is shown again."""
        row = self._row(wallet, command, "redirect", chosen)
        if row is None:
            return self.success(wallet)
        return None if row["resultCode"] is None else _verdict(row)

    def success(self, wallet: str) -> Verdict:
        """The wallet's ordinary success."""
        return self.said(wallet, _SUCCESS)

    def said(self, wallet: str, code: str) -> Verdict:
        """A result code with the first vResultCode the wallet's tables pair it with."""
        then = self.success(wallet) if code == WAITING else None
        for command in cast("dict[str, Any]", self._wallets[wallet]["commands"]):
            for stage in ("answer", "redirect"):
                for row in self.rows(wallet, command, stage):
                    if row["resultCode"] == code:
                        return Verdict(code, row["vResultCode"], then)
        return Verdict(code, None, then)

    def _row(self, wallet: str, command: str, stage: str, chosen: Chosen) -> dict[str, Any] | None:
        for row in self.rows(wallet, command, stage):
            named = row.keys() - _NOT_SELECTORS
            if all(row[selector] in chosen.get(selector, ()) for selector in named):
                return row
        return None


def _verdict(row: dict[str, Any]) -> Verdict:
    later = row.get("then")
    then = None if later is None else Verdict(later["resultCode"], later["vResultCode"])
    return Verdict(row["resultCode"], row["vResultCode"], then)


def load() -> Simulation:
    """The tables that come with the mock."""
    text = files(__package__ or "").joinpath("simulation.json").read_text(encoding="utf-8")
    return Simulation(json.loads(text))
