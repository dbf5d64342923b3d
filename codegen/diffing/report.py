"""Printing what changed: a table on a terminal, lines elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import click

from codegen.diffing.schema import Change


def show(changes: Sequence[Change], *, terminal: bool) -> None:
    """Print the changes, breaking ones first, and a closing line that counts them."""
    ordered = sorted(changes, key=lambda change: not change.breaking)
    if terminal and ordered:
        _table(ordered)
    else:
        for change in ordered:
            mark = "BREAKING" if change.breaking else "-"
            click.echo(f"{mark:8} {change.change:8} {change.where}: {change.what}")
    breaking = sum(change.breaking for change in changes)
    click.echo(f"{len(changes)} changes, {breaking} breaking")


def _table(changes: Sequence[Change]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("", "change", box=None, header_style="bold")
    table.add_column("where", overflow="fold")
    table.add_column("what", overflow="fold")
    for change in changes:
        mark = Text("BREAKING", style="bold red") if change.breaking else Text("")
        table.add_row(mark, Text(change.change), Text(change.where), Text(change.what))
    Console().print(table)
