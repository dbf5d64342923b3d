"""The mock of the MDK's gateway as an ASGI application."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..admin import Admin, AdminError, More, members_of
from ..clock import Clock, text
from ..replies import Reply, send_reply
from ..scripts import WEBHOOK, Vocabulary
from ..stage import Row, application, steps
from ..webhooks import Deliver, threaded_deliver
from . import backstage
from .gateway import Gateway
from .pages import Pages
from .pipeline import Endpoint
from .results import CODES
from .services import SERVICES
from .settings import Settings
from .token_server import OPERATION, PATH, TokenServer


def create_app(
    *,
    seed: int = 1,
    settings: Settings | None = None,
    deliver: Deliver = threaded_deliver,
    clock: Clock | None = None,
) -> Starlette:
    """A mock gateway of its own, as if just started.

    `deliver` sends PUSHes (default: to loopback addresses only, over HTTP); `clock` may be
    shared with a simulation. The gateway itself is `app.state.gateway`.
    """
    gateway = Gateway(SERVICES, settings, seed=seed, deliver=deliver, clock=clock)
    operations = {one.operation(command) for one in SERVICES for command in one.commands}
    operations |= {name for one in SERVICES for name in one.happenings}
    admin = Admin(
        gateway,
        operations=frozenset({*operations, OPERATION, WEBHOOK}),
        vocabulary=Vocabulary("vResultCode", dict.fromkeys(CODES, 200), provider=True),
        order_number="orderId",
        pay=lambda order_id, amount: backstage.pay(gateway, order_id, amount),
        transitions=lambda: steps(gateway.transitions, gateway.visited),
        more=_more(gateway),
    )
    return application(
        gateway,
        title="VeriTrans4G MDK",
        columns=("orderId", "service", "mode", "status", "yen", "updated"),
        rows=lambda: _rows(gateway),
        routes=[
            *admin.routes(),
            *Pages(gateway).routes(),
            *_commands(gateway),
            Route(PATH, TokenServer(gateway)),
        ],
        not_found=_not_found,
    )


def _commands(gateway: Gateway) -> list[Route]:
    """Each command at its two addresses: live, and with test- before it for dummy mode."""
    return [
        Route(
            f"/{'test-' if dummy else ''}{service.root}/v2/{command}/{service.name}",
            Endpoint(gateway, service, command, dummy=dummy),
        )
        for service in SERVICES
        for command in service.commands
        for dummy in (False, True)
    ]


def _more(gateway: Gateway) -> list[More]:
    """The admin routes that only this gateway has."""

    async def act(request: Request) -> dict[str, Any]:
        order_id, name = (str(request.path_params[part]) for part in ("order", "name"))
        answer = backstage.act(gateway, order_id, name)
        await gateway.webhooks.drain()
        return answer

    async def settle(request: Request) -> dict[str, Any]:
        code = (await members_of(request, "vResultCode")).get("vResultCode")
        if code is not None and not isinstance(code, str):
            raise AdminError("vResultCode must be a string")
        answer = backstage.settle(gateway, str(request.path_params["order"]), code)
        await gateway.webhooks.drain()
        return answer

    async def lag(request: Request) -> dict[str, Any]:
        seconds = (await members_of(request, "seconds")).get("seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            raise AdminError("seconds must be a number and at least 0")
        with gateway.lock:
            gateway.search_lag = float(seconds)
        return {"searchLag": gateway.search_lag}

    return [
        ("/_mock/act/{order}/{name}", "POST", act),
        ("/_mock/settle/{order}", "POST", settle),
        ("/_mock/lag", "POST", lag),
    ]


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await send_reply(send, Reply(404, (), b""))


def _rows(gateway: Gateway) -> list[Row]:
    return [
        (o.order_id, o.service, "dummy" if o.dummy else "live", o.status, o.amount or 0,
         text(o.updated))
        for o in gateway.orders.values()
    ]  # fmt: skip
