"""Texts of a document as docstrings: escaped, wrapped, with limits and sources spelled out.

Document text is not trusted: quotes and backslashes are escaped and control characters dropped,
so that nothing in it can leave the docstring.
"""

from __future__ import annotations

import re
import textwrap
from typing import Any

from codegen.reading import tree

WIDTH = 100


def clean(text: str) -> str:
    """Safe inside a triple-quoted string."""
    text = "".join(c if c == "\n" or c.isprintable() else " " * c.isspace() for c in text)
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def closed(text: str) -> str:
    """Cleaned text that closing quotes may follow: a quote at its end is escaped."""
    found = re.search(r'(\\*)"$', text)
    if found and len(found[1]) % 2 == 0:
        return text[:-1] + '\\"'
    return text


def literal(text: str) -> str:
    """A Python string literal in ASCII-safe, double-quoted form; other letters stay readable."""
    out: list[str] = []
    for c in text:
        if c in '"\\':
            out.append("\\" + c)
        elif c.isprintable() and c != "\u3000":
            out.append(c)
        else:
            number = ord(c)
            out.append(f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}")
    return '"' + "".join(out) + '"'


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text, list items apart."""
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in block.splitlines():
            stripped = line.strip()
            if lines and not re.match(r"[-*] |[0-9]+\. ", stripped):
                lines[-1] += " " + stripped
            elif stripped:
                lines.append(stripped)
        blocks.append("\n".join(lines))
    return [block for block in blocks if block]


def sentence(text: str) -> str:
    """With a full stop at the end; a list is left as it is."""
    text = text.strip()
    if re.match(r"[-*] ", text.rpartition("\n")[2]):
        return text
    return text if not text or text.endswith((".", "!", "?", "。", ":")) else text + "."


def docstring(blocks: list[str], indent: int) -> list[str]:
    """Lines of a docstring, quotes included, wrapped at 100 columns; none for no text."""
    pad = " " * indent
    lines: list[str] = []
    for block in blocks:
        texts = [text for text in (clean(line) for line in block.split("\n")) if text.strip()]
        if texts and lines:
            lines.append("")
        for text in texts:
            lines.extend(_wrap(text, indent, 0 if lines else 3))
    if not lines:
        return []
    lines[-1] = closed(lines[-1])
    if len(lines) == 1 and len(lines[0]) + indent + 6 <= WIDTH:
        return [f'{pad}"""{lines[0]}"""']
    first, *rest = lines
    return [f'{pad}"""{first}', *(pad + line if line else "" for line in rest), f'{pad}"""']


def _wrap(line: str, indent: int, taken: int) -> list[str]:
    # The opening quotes take three columns of the first line.
    wrapped = textwrap.wrap(
        line,
        WIDTH - indent,
        initial_indent=" " * taken,
        subsequent_indent="  " if re.match(r"[-*] ", line) else "",
        break_long_words=False,
        break_on_hyphens=False,
    )
    return [wrapped[0][taken:], *wrapped[1:]]


def limits(schema: dict[str, Any], kind: str) -> str:
    """The limits of a value in words."""
    said: list[str] = []
    unit = schema.get("x-unit")
    if kind == "yen":
        said.append("In yen")
    elif unit:
        said.append(f"In {unit}")
    if kind == "yen" and "maxLength" in schema:
        said.append(f"at most {_count(schema['maxLength'], 'digit')}")
    elif kind in {"str", "any"}:
        said += _text_limits(schema)
    for keyword, words in (
        ("minimum", "at least {}"), ("maximum", "at most {}"),
        ("exclusiveMinimum", "more than {}"), ("exclusiveMaximum", "less than {}"),
    ):  # fmt: skip
        if keyword in schema:
            said.append(words.format(_number(schema[keyword])))
    for keyword, words, one in (
        ("minItems", "at least {}", "element"), ("maxItems", "at most {}", "element"),
        ("maxProperties", "at most {}", "member"),
    ):  # fmt: skip
        if keyword in schema:
            said.append(words.format(_count(schema[keyword], one)))
    text = "; ".join(said)
    return sentence(text[:1].upper() + text[1:])


def _text_limits(schema: dict[str, Any]) -> list[str]:
    said: list[str] = []
    low, high = schema.get("minLength"), schema.get("maxLength")
    if low is not None and high is not None:
        few = _count(high, "character")
        said.append(f"{low} to {few}" if low != high else few)
    elif high is not None:
        said.append(f"at most {_count(high, 'character')}")
    elif low is not None:
        said.append(f"at least {_count(low, 'character')}")
    size = schema.get("x-max-bytes")
    if size:
        said.append(f"at most {_count(size['bytes'], 'byte')} in {_ENCODINGS[size['encoding']]}")
    if "pattern" in schema:
        said.append(f"matches ``{_visible(schema['pattern'])}``")
    if schema.get("format") in {"email", "uri"}:
        said.append({"email": "an e-mail address", "uri": "an absolute URL"}[schema["format"]])
    if "const" in schema:
        said.append(f"always ``{schema['const']}``")
    return said


_ENCODINGS = {"utf-8": "UTF-8", "euc-jp": "EUC-JP", "windows-31j": "Windows-31J"}


def _count(number: int, one: str) -> str:
    return f"{number} {one}" if number == 1 else f"{number} {one}s"


def _visible(pattern: str) -> str:
    """A pattern with its ideographic spaces and the like written out."""
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in pattern)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Sources:
    """The checked list of documents: ids to titles."""

    def __init__(self, listed: dict[str, Any]) -> None:
        self._documents: dict[str, dict[str, Any]] = listed.get("documents") or {}

    def name(self, source: Any) -> str:
        """``<document title> <version>, <section heading>``; ids where nothing is listed."""
        said = tree.obj(source)
        if not said:
            return ""
        document = self._documents.get(tree.text(said.get("document")), {})
        title = str(document.get("title", said.get("document", "")))
        version = document.get("version")
        section = tree.text(said.get("section"))
        headings = tree.obj(document.get("sections"))
        heading = tree.text(headings.get(section), section)
        if any(part.strip() not in title for part in str(version or "").split(",")):
            title += f" {version}"
        return f"{title}, {heading}" if heading else title

    def short(self, source: Any) -> str:
        """``<document id> <section id>``: for violations."""
        said = tree.obj(source)
        return f"{tree.text(said.get('document'))} {tree.text(said.get('section'))}".strip()

    def all(self) -> list[str]:
        """Every document, for the README."""
        listed: list[str] = []
        for document in self._documents.values():
            parts = [str(document.get(k)) for k in ("title", "version", "date") if document.get(k)]
            listed.append(", ".join(parts))
        return listed
