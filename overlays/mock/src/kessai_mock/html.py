"""Small pages for people: escaped, without scripts, readable without styles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}"
    "button{font:inherit;margin:.3rem;padding:.5rem 1rem}table{border-collapse:collapse}"
    "td,th{border-bottom:1px solid #ccc;padding:.2rem .8rem;text-align:left}"
    "td.n{text-align:right}code{background:#f3f3f3;padding:0 .2rem}"
)


def page(title: str, *parts: str) -> str:
    """A whole page; `parts` are HTML already."""
    head = f"<title>{escape(title)}</title><style>{_STYLE}</style>"
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"{head}</head><body><h1>{escape(title)}</h1>{''.join(parts)}</body></html>\n"
    )


def paragraph(text: str) -> str:
    """One paragraph."""
    return f"<p>{escape(text)}</p>"


def buttons(choices: Iterable[tuple[str, str]], name: str = "outcome", above: str = "") -> str:
    """A form with one button per choice (value, label), sent by GET; `above` is HTML already."""
    made = "".join(
        f'<button name="{escape(name)}" value="{escape(value)}">{escape(label)}</button>'
        for value, label in choices
    )
    return f'<form method="get">{above}{made}</form>'


def options(name: str, choices: Iterable[tuple[str, str]]) -> str:
    """Radio buttons for a form, one per line; the first is chosen."""
    made = "".join(
        f'<label><input type="radio" name="{escape(name)}" value="{escape(value)}"'
        f"{'' if number else ' checked'}> {escape(label)}</label><br>"
        for number, (value, label) in enumerate(choices)
    )
    return f"<p>{made}</p>"


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; whole numbers stand right."""
    head = "".join(f"<th>{escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td class="n">{cell:,}</td>'
            if isinstance(cell, int)
            else f"<td>{escape(str(cell))}</td>"
            for cell in row
        )
        + "</tr>"
        for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
