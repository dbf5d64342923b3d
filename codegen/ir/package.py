"""The whole of one provider: the intermediate form of everything that is printed."""

from __future__ import annotations

from typing import Any

from codegen import ir, names
from codegen.ir.build import Models
from codegen.ir.events import events
from codegen.ir.operations import Operations
from codegen.ir.reader import Reading, read
from codegen.ir.text import Sources, docstring, paragraphs, sentence

PACKAGE_VERSION = "0.1.0"


def build(provider: str, document: dict[str, Any], sources: dict[str, Any]) -> ir.Package:
    """Build the form from a normalised document; ``sources`` is sources.yaml.

    Raises SpecError naming the place when the two readings of the document differ, or when it
    says something that is not supported.
    """
    reading: Reading = read(document)
    listed = Sources(sources)
    models = Models(document, reading, listed)
    modules = models.build()
    groups = Operations(models, document, reading).build()
    webhooks, callbacks = events(models, document)
    info = document.get("info", {})
    title = str(info.get("title", provider))
    stem = names.class_name(provider)
    return ir.Package(
        provider=provider,
        module=f"kessai_{names.snake(provider)}_api",
        wheel=f"kessai-{provider}-api",
        stem=stem,
        title=title,
        spec_version=str(info.get("version", "")),
        package_version=PACKAGE_VERSION,
        doc=docstring([sentence(b) for b in paragraphs(str(info.get("description") or title))], 4),
        models=modules,
        groups=groups,
        webhooks=webhooks,
        callbacks=callbacks,
        error_codes=_codes(document),
        assumed=models.assumed,
        sources=listed.all(),
    )


def _codes(document: dict[str, Any]) -> dict[str, int]:
    """Every enum's ``x-error-codes``: the code and its status."""
    codes: dict[str, int] = {}
    schemas: dict[str, dict[str, Any]] = document.get("components", {}).get("schemas", {})
    for schema in schemas.values():
        listed: dict[str, dict[str, Any]] = schema.get("x-error-codes") or {}
        for code, said in listed.items():
            codes[code] = int(said["status"])
    return codes
