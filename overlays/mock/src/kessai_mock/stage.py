"""What every mock's ASGI application stands on: routes, the status page, dated answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence, Set
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from . import html
from .clock import text
from .dated import Dated
from .ledger import Account
from .world import World

Step = tuple[str, ...]  # kind of order, status before, status after
Row = tuple[object, ...]


def application(
    world: World,
    *,
    title: str,
    columns: Sequence[str],
    rows: Callable[[], Iterable[Row]],
    routes: Sequence[BaseRoute],
    not_found: ASGIApp,
) -> Starlette:
    """Put a mock together: `routes`, and at `/` a page for people with `rows` of its orders.

    `rows` is called under the world's lock. `not_found` answers every other path.
    """

    async def status(request: Request) -> Response:
        return HTMLResponse(_status_page(world, title, columns, rows))

    app = Starlette(routes=[Route("/", status, methods=["GET"]), *routes])
    app.router.redirect_slashes = False
    app.router.default = not_found
    app.add_middleware(Dated, world=world)
    app.state.gateway = world
    return app


def steps(known: Set[Step], visited: Set[Step], word: str = "known") -> dict[str, Any]:
    """The answer of GET /_mock/transitions: which steps there are, and which were taken."""
    return {
        word: [list(step) for step in sorted(known)],
        "visited": [list(step) for step in sorted(visited)],
        "missing": [list(step) for step in sorted(known - visited)],
    }


def _status_page(
    world: World, title: str, columns: Sequence[str], rows: Callable[[], Iterable[Row]]
) -> str:
    with world.lock:
        ledger = world.ledger
        books = [(account.value, ledger.balance(account)) for account in Account]
        health = "; ".join(ledger.violations + world.faults) or "The books balance."
        return html.page(
            f"kessai-mock: {title}",
            html.paragraph(f"It is {text(world.clock.now)} here. Seed {world.seed}. {health}"),
            "<h2>Orders</h2>",
            html.table(columns, rows()),
            "<h2>Ledger</h2>",
            html.table(("account", "yen"), books),
            html.paragraph("More: GET /_mock, /_mock/ledger, /_mock/webhooks, /_mock/requests."),
        )
