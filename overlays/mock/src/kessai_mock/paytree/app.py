"""The mock of PAYTREE as an ASGI application."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..admin import Admin, AdminError, More, members_of
from ..clock import Clock, text
from ..replies import Reply, send_reply
from ..scripts import Vocabulary
from ..stage import Row, application
from . import backstage
from .gateway import Gateway
from .pipeline import Endpoint
from .rules import OPERATIONS
from .settings import Settings
from .simulation import CLASSES
from .state import MEANINGS, TRANSITIONS


def create_app(
    *, seed: int = 1, settings: Settings | None = None, clock: Clock | None = None
) -> Starlette:
    """A mock gateway of its own, as if just started.

    `clock` may be shared with a simulation. The gateway itself is `app.state.gateway`; its
    `public_pem` is the key that verifies the answers. Raises ValueError for settings that cannot
    be, ImportError without `cryptography` (kessai-mock[paytree]).
    """
    gateway = Gateway(settings, seed=seed, clock=clock)
    admin = Admin(
        gateway,
        operations=frozenset(OPERATIONS),
        vocabulary=Vocabulary("code", dict.fromkeys(MEANINGS, 200), provider=True),
        order_number="orderId",
        pay=lambda number, amount: backstage.approve(gateway, number, amount),
        transitions=lambda: _visited(gateway),
        more=_more(gateway),
    )
    return application(
        gateway,
        title="PAYTREE",
        columns=("orderId", "kind", "payType", "status", "yen", "updated"),
        rows=lambda: _rows(gateway),
        routes=[
            *admin.routes(),
            *(Route(f"/{name}", Endpoint(gateway, name)) for name in OPERATIONS),
        ],
        not_found=_not_found,
    )


def _more(gateway: Gateway) -> list[More]:
    """The admin routes that only this gateway has."""

    async def decline(request: Request) -> dict[str, Any]:
        code = (await members_of(request, "code")).get("code", "CUSTOMER_STOPPED")
        if not isinstance(code, str):
            raise AdminError("code must be a string")
        return backstage.decline(gateway, str(request.path_params["order"]), code)

    async def classes(request: Request) -> dict[str, Any]:
        return {"classes": gateway.classes}

    async def choose(request: Request) -> dict[str, Any]:
        return backstage.choose(gateway, await members_of(request, *CLASSES))

    async def key(request: Request) -> dict[str, Any]:
        return {"publicKey": gateway.public_pem.decode()}

    return [
        ("/_mock/decline/{order}", "POST", decline),
        ("/_mock/classes", "GET", classes),
        ("/_mock/classes", "POST", choose),
        ("/_mock/key", "GET", key),
    ]


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await send_reply(send, Reply(404, (), b""))


def _visited(gateway: Gateway) -> dict[str, Any]:
    visited = gateway.simulation.visited
    return {
        "known": [list(step) for step in sorted(TRANSITIONS)],
        "visited": [list(step) for step in sorted(visited)],
        "missing": [list(step) for step in sorted(TRANSITIONS - visited)],
    }


def _rows(gateway: Gateway) -> list[Row]:
    gateway.simulation.expire()
    return [
        (o.order_id, o.kind, o.pay_type or "", o.status.name, o.amount, text(o.updated))
        for o in gateway.simulation.orders.values()
    ]
