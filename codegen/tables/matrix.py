"""Which service has which command, as a Markdown table for a README.

A command that several services have is a column; the others are listed at the end of a row.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from codegen.names import snake
from codegen.reading.load import read_yaml

#: In how many services a command has to be to get a column.
_SHARED = 3


def matrix(folder: Path) -> str:
    """The table of one spec folder that is compiled from ``services/``, with methods in its cells.

    Services whose commands have another body (``plain``) are left out.
    """
    services = [read_yaml(path) for path in sorted((folder / "services").glob("*.yaml"))]
    rows = {str(table["service"]): _commands(table) for table in services}
    rows = {service: commands for service, commands in rows.items() if commands}
    counts = Counter(command for commands in rows.values() for command in commands)
    columns = [command for command, count in counts.most_common() if count >= _SHARED]
    lines = [_line("service", *columns, "others"), "|" + "---|" * (len(columns) + 2)]
    for service, commands in rows.items():
        others = [_method(command) for command in commands if command not in columns]
        cells = [_method(column) if column in commands else "-" for column in columns]
        lines.append(_line(f"`{service}`", *cells, ", ".join(others) or "-"))
    return "\n".join(lines) + "\n"


def _commands(table: Any) -> list[str]:
    return [name for name, one in table["commands"].items() if not one.get("plain")]


def _method(command: str) -> str:
    return f"`{snake(command)}`"


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
