"""``sources.yaml``: the checked list of documents and sections that x-source may name."""

from __future__ import annotations

import re

from codegen.linting.spec import Hits, Rule, Spec
from codegen.reading import tree
from codegen.reading.tree import Json, Object, obj

_MEMBERS = {"title", "version", "date", "note", "sections"}


def listed(sources: Json) -> dict[str, dict[str, str]]:
    """The known documents: id to {section id: heading}."""
    documents = obj(obj(sources).get("documents"))
    return {
        name: {key: tree.text(heading) for key, heading in obj(obj(doc).get("sections")).items()}
        for name, doc in documents.items()
    }


def check_list(spec: Spec) -> Hits:
    """sources.yaml lists each document with title, section headings, and a version if any."""
    root = obj(spec.sources)
    documents = root.get("documents")
    if not isinstance(documents, dict) or not documents:
        yield "sources.yaml#/documents", "no documents are listed"
        return
    for key in root:
        if key != "documents":
            yield f"sources.yaml#{tree.join('', key)}", "is no part of the format"
    for name, value in documents.items():
        at = "sources.yaml#" + tree.join("/documents", name)
        document = obj(value)
        for key in document:
            if key not in _MEMBERS:
                yield tree.join(at, key), "is no part of the format"
        for key in ("title", "version"):
            needed = key == "title" or key in document
            if needed and not tree.text(document.get(key)).strip():
                yield tree.join(at, key), f"{key} is missing, or no text (quote it)"
        date = tree.text(document.get("date"))
        if "date" in document and not re.fullmatch(
            r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", date
        ):
            yield tree.join(at, "date"), f"{date!r} is no date (YYYY-MM-DD)"
        sections = document.get("sections")
        if not isinstance(sections, dict) or not sections:
            yield tree.join(at, "sections"), "no sections are listed"
            continue
        for section, heading in sections.items():
            if not tree.text(heading).strip():
                yield tree.join(at, "sections", section), "has no heading"


def check_named(spec: Spec) -> Hits:
    """Every operation and schema component says where it comes from, or that it is assumed."""
    for place in spec.operations:
        if "x-source" not in place.operation and "x-assumed" not in place.operation:
            yield place.pointer, "neither x-source nor x-assumed"
    for name, schema in spec.components.items():
        if "x-source" not in obj(schema) and "x-assumed" not in obj(schema):
            yield tree.join("/components/schemas", name), "neither x-source nor x-assumed"


def check_known(spec: Spec) -> Hits:
    """Every x-source names a document and a section of sources.yaml."""
    known = listed(spec.sources)
    for pointer, holder in tree.walk_structure(spec.document):
        source = holder.get("x-source")
        if isinstance(source, dict):
            yield from _unknown(source, tree.join(pointer, "x-source"), known)


def _unknown(source: Object, pointer: str, known: dict[str, dict[str, str]]) -> Hits:
    document, section = tree.text(source.get("document")), tree.text(source.get("section"))
    if document not in known:
        yield pointer, f"document {document!r} is not listed"
    elif section not in known[document]:
        yield pointer, f"section {section!r} of {document} is not listed"


RULES = (
    Rule("sources", "see codegen/EXTENSIONS.md", check_list, early=True),
    Rule("source", "add the section of the document, or x-assumed with the reason", check_named),
    Rule("source-known", "correct it, or list it in sources.yaml", check_known, early=True),
)
