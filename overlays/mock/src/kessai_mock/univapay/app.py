"""The mock of UnivaPay as an ASGI application."""

from __future__ import annotations

from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from ..admin import Admin, AdminError, More, members_of
from ..clock import Clock, text
from ..replies import send_reply
from ..scripts import WEBHOOK, Vocabulary
from ..stage import Row, application, steps
from ..webhooks import Deliver
from . import backstage, hooks
from .call import Operation
from .gateway import Gateway
from .idempotency import ON_DEMAND
from .operations import OPERATIONS
from .pages import Pages
from .pipeline import Crossing, unserved
from .problems import CODES, PAYMENT_ERRORS
from .settings import Settings
from .transitions import TRANSITIONS

_SCRIPTED = frozenset({*(operation.name for operation in OPERATIONS), WEBHOOK})
_VOCABULARY = Vocabulary(
    "code",
    CODES,
    more={
        "payment_error": [str(code) for code in PAYMENT_ERRORS],
        "idempotency": ON_DEMAND,
    },
)


def create_app(
    *,
    seed: int = 1,
    settings: Settings | None = None,
    deliver: Deliver = hooks.deliver,
    clock: Clock | None = None,
) -> Starlette:
    """A mock gateway of its own, as if just started.

    `deliver` sends webhooks (default: to loopback addresses only, over HTTP); `clock` may be
    shared with a simulation. The gateway itself is `app.state.gateway`.
    """
    gateway = Gateway(settings, seed=seed, deliver=deliver, clock=clock)
    admin = Admin(
        gateway,
        operations=_SCRIPTED,
        vocabulary=_VOCABULARY,
        order_number="charge",
        pay=lambda charge_id, amount: backstage.pay(gateway, charge_id, amount),
        transitions=lambda: steps(TRANSITIONS, gateway.visited),
        more=_more(gateway),
    )

    async def heartbeat(request: Request) -> Response:
        return JSONResponse({})

    async def not_found(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await send_reply(send, unserved(gateway, "NOT_FOUND"))

    return application(
        gateway,
        title="UnivaPay",
        columns=("charge", "by", "mode", "status", "amount", "updated"),
        rows=lambda: _rows(gateway),
        routes=[
            *admin.routes(),
            Route("/heartbeat", heartbeat, methods=["GET"]),
            *Pages(gateway).routes(),
            *_crossings(gateway),
        ],
        not_found=not_found,
    )


def _crossings(gateway: Gateway) -> list[Route]:
    """Each path, and the same behind /merchants/{merchant_id}, which is accepted, too."""
    table: dict[str, list[Operation]] = {}
    for operation in OPERATIONS:
        table.setdefault(operation.path, []).append(operation)
    routes: list[Route] = []
    for path, operations in table.items():
        crossing = Crossing(gateway, operations)
        routes.append(Route(path, crossing))
        if not path.startswith("/merchants/"):
            routes.append(Route("/merchants/{merchant_id}" + path, crossing))
    return routes


def _more(gateway: Gateway) -> list[More]:
    """The admin routes that only this gateway has."""

    async def refuse(request: Request) -> dict[str, Any]:
        code = (await members_of(request, "code")).get("code", 306)
        if code not in PAYMENT_ERRORS:
            raise AdminError("code must be a payment error code, such as 306")
        answer = backstage.refuse(gateway, str(request.path_params["charge"]), int(code))
        await gateway.webhooks.drain()
        return answer

    return [("/_mock/refuse/{charge}", "POST", refuse)]


def _rows(gateway: Gateway) -> list[Row]:
    return [
        (one.id, one.token.payment_type, one.mode, one.status, one.amount, text(one.updated))
        for one in gateway.charges.values()
    ]
