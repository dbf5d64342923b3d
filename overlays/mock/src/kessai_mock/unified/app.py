"""The mock of the Unified API as an ASGI application."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..admin import Admin, More, members_of
from ..clock import Clock, text
from ..replies import send_reply
from ..scripts import WEBHOOK, Vocabulary
from ..stage import Row, application, steps
from ..webhooks import Deliver, threaded_deliver
from . import backstage
from .gateway import Gateway
from .operations import BASE, OPERATIONS
from .pages import Pages
from .pipeline import Endpoint, bare
from .results import CODES
from .settings import Settings
from .transitions import TRANSITIONS

_SCRIPTED = frozenset({*(operation.name for operation in OPERATIONS), WEBHOOK})


def create_app(
    *,
    seed: int = 1,
    settings: Settings | None = None,
    deliver: Deliver = threaded_deliver,
    clock: Clock | None = None,
) -> Starlette:
    """A mock gateway of its own, as if just started.

    `deliver` sends webhooks (default: to loopback addresses only, over HTTP); `clock` may
    be shared with a simulation. The gateway itself is `app.state.gateway`.
    """
    gateway = Gateway(settings, seed=seed, deliver=deliver, clock=clock)
    admin = Admin(
        gateway,
        operations=_SCRIPTED,
        vocabulary=Vocabulary(
            "resultCode", {code: known.http for code, known in CODES.items()}, provider=True
        ),
        order_number="fepOrderId",
        pay=lambda number, amount: backstage.pay(gateway, number, amount),
        transitions=lambda: steps(TRANSITIONS, gateway.visited),
        more=_more(gateway),
    )

    return application(
        gateway,
        title="Unified API",
        columns=("paymentId", "kind", "wallet", "status", "yen", "updated"),
        rows=lambda: _rows(gateway),
        routes=[
            *admin.routes(),
            *Pages(gateway).routes(),
            *(Route(f"{BASE}/{one.name}", Endpoint(gateway, one)) for one in OPERATIONS),
        ],
        not_found=_not_found,
    )


def _more(gateway: Gateway) -> list[More]:
    """The admin routes that only this gateway has."""

    async def deregister(request: Request) -> dict[str, Any]:
        answer = backstage.deregister(gateway, str(request.path_params["order"]))
        await gateway.webhooks.drain()
        return answer

    async def settle(request: Request) -> dict[str, Any]:
        members = await members_of(request, "resultCode")
        code = str(members.get("resultCode", "UA-000-001"))
        answer = backstage.settle(gateway, str(request.path_params["reference"]), code)
        await gateway.webhooks.drain()
        return answer

    return [
        ("/_mock/deregister/{order}", "POST", deregister),
        ("/_mock/settle/{reference}", "POST", settle),
    ]


async def _not_found(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await send_reply(send, bare(404))


def _rows(gateway: Gateway) -> list[Row]:
    return [
        (o.payment_id, o.kind.value, o.wallet, o.status, o.amount or 0, text(o.updated))
        for o in gateway.orders.values()
    ]
