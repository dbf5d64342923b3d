"""A provider's spec folder as one normalised document."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from codegen.normalising import normalise
from codegen.problems import Repair, SpecError
from codegen.reading import load, overlay


class Normalised(NamedTuple):
    """What both generators read, and where it came from."""

    provider: str
    document: dict[str, Any]
    repairs: list[Repair]
    inputs: list[Path]  # every file that was read: openapi.yaml, overlay.yaml, sources.yaml


def spec_folder(root: Path, provider: str) -> Path:
    """The folder ``specs/<provider>``; raises SpecError naming the ones that exist."""
    folder = root / "specs" / provider
    if not (folder / "openapi.yaml").is_file():
        known = sorted(path.parent.name for path in (root / "specs").glob("*/openapi.yaml"))
        remedy = "known: " + ", ".join(known) if known else "run it in the workspace's root"
        raise SpecError(f"no spec specs/{provider}/openapi.yaml", remedy)
    return folder


def read_provider(root: Path, provider: str) -> tuple[dict[str, Any], list[Path]]:
    """The provider's document with its overlay applied, and the files read."""
    return read_folder(spec_folder(root, provider))


def read_folder(folder: Path) -> tuple[dict[str, Any], list[Path]]:
    """The document of a spec folder with its overlay applied, and the files read."""
    inputs = [folder / "openapi.yaml"]
    document = load.read_yaml(inputs[0])
    patch = folder / "overlay.yaml"
    if patch.is_file():
        inputs.append(patch)
        document, _ = overlay.apply(document, load.read_yaml(patch))
    sources = folder / "sources.yaml"
    if sources.is_file():
        inputs.append(sources)
    return document, inputs


def load_provider(root: Path, provider: str) -> Normalised:
    """Load, overlay and normalise ``specs/<provider>`` under the workspace's root."""
    document, inputs = read_provider(root, provider)
    normal, repairs = normalise(document)
    return Normalised(provider, normal, repairs, inputs)
