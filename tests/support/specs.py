"""A spec as its files say it, for tests of the spec."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from codegen.reading import load, overlay


def overlaid(folder: Path) -> dict[str, Any]:
    """The document of a folder of specs/ with its overlay applied, not normalised."""
    document = load.read_yaml(folder / "openapi.yaml")
    return overlay.apply(document, load.read_yaml(folder / "overlay.yaml"))[0]
