"""Tables of fields, compiled to the OpenAPI document that the generators read.

For a gateway that has no OpenAPI document, ``specs/<provider>/services/*.yaml`` holds a table per
service and ``shared/`` what all of them have; ``openapi.yaml`` is compiled from these and
committed.
The rest of codegen reads the compiled file and does not know where it came from.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from codegen.problems import SpecError
from codegen.reading.load import read_yaml
from codegen.reading.tree import Object
from codegen.tables.compiler import Compiler
from codegen.tables.printing import block_yaml

NAME = "openapi.yaml"
_BANNER = (
    "# Compiled from services/ and shared/ by `python -m codegen tables {provider}`. Do not edit:\n"
    "# correct the tables, or add to overlay.yaml.\n"
)


class Compiled(NamedTuple):
    """What the tables of a provider say, and the text of the document."""

    provider: str
    document: Object
    text: str
    services: int
    commands: int
    fields: int  # rows of requests and answers, without what every command has


def providers(root: Path) -> list[str]:
    """The providers whose document is compiled from tables."""
    return sorted(path.parent.name for path in (root / "specs").glob("*/services") if path.is_dir())


def write(root: Path, provider: str) -> tuple[Compiled, bool]:
    """Compile and put ``openapi.yaml`` in place; the second says whether it changed."""
    compiled = compile_tables(root / "specs" / provider)
    path = root / "specs" / provider / NAME
    data = compiled.text.encode()
    if path.is_file() and path.read_bytes() == data:
        return compiled, False
    path.write_bytes(data)
    return compiled, True


def check(root: Path) -> list[str]:
    """Where a committed document is not what its tables say, one line each."""
    found: list[str] = []
    for provider in providers(root):
        path = root / "specs" / provider / NAME
        remedy = f"run python -m codegen tables {provider}"
        compiled = compile_tables(path.parent)
        if not path.is_file():
            found.append(f"specs/{provider}/{NAME}: missing; {remedy}")
        elif path.read_bytes() != compiled.text.encode():
            found.append(f"specs/{provider}/{NAME}: not what the tables say; {remedy}")
    return found


def compile_tables(folder: Path) -> Compiled:
    """Compile the tables of one spec folder; raises SpecError naming table and row."""
    if not (folder / "services").is_dir():
        raise SpecError(f"specs/{folder.name} has no services/", "only tables are compiled")
    work = Compiler(folder)
    for path in sorted((folder / "services").glob("*.yaml")):
        work.service(path.stem, read_yaml(path))
    document = work.finish()
    printed = _BANNER.format(provider=folder.name) + block_yaml(document)
    counted = (work.services, work.commands, work.fields)
    return Compiled(folder.name, document, printed, *counted)
