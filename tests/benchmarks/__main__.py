"""`python -m tests.benchmarks`: run every benchmark, print the ratios, write them as JSON."""

from __future__ import annotations

import datetime
import json
import os
import platform
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from tests.benchmarks import codec, http, imports, univapay
from tests.benchmarks.measure import Row

#: One busy core is the benchmark itself.
_QUIET = 1.5


@click.command()
@click.option(
    "--rounds",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    help="Rounds per benchmark.",
)
@click.option(
    "--calls", type=click.IntRange(min=1), default=200, show_default=True, help="Calls per round."
)
@click.option(
    "--json",
    "target",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path(".benchmarks/latest.json"),
    show_default=True,
    help="Where the figures are written.",
)
def main(rounds: int, calls: int, target: Path) -> None:
    """Measure kessai against its peers, interleaved in one run, and print the ratios."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=140)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("benchmarks", total=rounds * 7)

        def step() -> None:
            progress.advance(task)

        rows = [
            *codec.run(step, rounds=rounds, calls=calls * 5),
            *univapay.run(step, rounds=rounds, calls=calls * 5),
            *http.run(step, rounds=rounds, calls=calls),
            *imports.run(step, rounds=rounds),
        ]
    console.print(_table(rows))
    load = os.getloadavg()[0]
    if load > _QUIET:
        # Work for a cache suffers more than the peers' C: the ratios look worse than they are.
        console.print(f"the machine was busy (load {load:.1f}): measure again when it is quiet")
    _write(rows, load, target)
    console.print(f"written to {target}")


def _table(rows: list[Row]) -> Table:
    table = Table(title="ratios: 1.00 is the peer's time; medians of interleaved rounds")
    for name in ("benchmark", "who", "peer", "us", "peer us", "ratio", "aim"):
        words = name in {"benchmark", "who", "peer"}
        table.add_column(name, justify="left" if words else "right", no_wrap=True)
    for row in rows:
        table.add_row(
            row.bench,
            row.contender,
            row.peer,
            f"{row.microseconds:,.1f}",
            f"{row.peer_microseconds:,.1f}",
            f"{row.ratio:.2f}",
            "" if row.aim is None else f"{row.aim:.2f}",
        )
    return table


def _write(rows: list[Row], load: float, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    report = {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "load": round(load, 2),
        "rows": [row._asdict() for row in rows],
    }
    target.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    try:
        main(standalone_mode=False, prog_name="python -m tests.benchmarks")
    except click.Abort:
        raise SystemExit("benchmarks: interrupted; nothing was written") from None
    except click.ClickException as error:
        said = error.format_message().rstrip(".")
        click.echo(f"benchmarks: {said}; see --help", err=True)
        raise SystemExit(2) from None
