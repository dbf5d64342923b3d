"""The routes under /_mock, by which a test or a person moves the mock's world.

They are the same for every gateway; what a gateway has to offer is in `Backstage`. A
mistake in a request is answered with 400 and one sentence that names it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any, Protocol, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from .clock import Clock, text
from .holds import Gates
from .ledger import Account, Ledger, LedgerError
from .scripts import ScriptError, Scripts, Vocabulary, parse
from .webhooks import Webhooks

_CENTURY = 100 * 366 * 86_400


class AdminError(ValueError):
    """An admin request cannot be carried out; the message is its answer."""


class Backstage(Protocol):
    """What the admin routes need of a gateway."""

    seed: int
    requests: list[dict[str, Any]]

    @property
    def clock(self) -> Clock: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def webhooks(self) -> Webhooks: ...
    @property
    def scripts(self) -> Scripts: ...
    @property
    def gates(self) -> Gates: ...

    def reset(self, seed: int | None = None) -> None: ...
    async def advance(self, seconds: float) -> None: ...
    def describe(self) -> dict[str, Any]: ...


Pay = Callable[[str, "int | None"], dict[str, Any]]  # an order's number, yen


class Endpoint(Protocol):
    """What answers one admin route; the value becomes the JSON body."""

    def __call__(self, request: Request, /) -> Awaitable[Any]: ...


More = tuple[str, str, Endpoint]  # path, method, endpoint


class Admin:
    """The admin application of one gateway.

    `order_number` is what the gateway calls the number the ledger knows an order by; `more`
    are routes that only this gateway has.
    """

    def __init__(
        self,
        gateway: Backstage,
        *,
        operations: Collection[str],
        vocabulary: Vocabulary,
        order_number: str,
        pay: Pay,
        transitions: Callable[[], dict[str, Any]],
        more: Sequence[More] = (),
    ) -> None:
        self._gateway = gateway
        self._operations = operations
        self._vocabulary = vocabulary
        self._order_number = order_number
        self._pay = pay
        self._transitions = transitions
        self._more = more

    def routes(self) -> list[Route]:
        """Every route, for the application's table."""
        table: list[More] = [
            ("/_mock", "GET", self._describe),
            ("/_mock/reset", "POST", self._reset),
            ("/_mock/seed", "POST", self._seed),
            ("/_mock/clock", "GET", self._time),
            ("/_mock/clock", "POST", self._advance),
            ("/_mock/ledger", "GET", self._ledger),
            ("/_mock/next", "GET", self._waiting),
            ("/_mock/next", "POST", self._next),
            ("/_mock/gates/{name}/open", "POST", self._open),
            ("/_mock/pay/{order}", "POST", self._paid),
            ("/_mock/webhooks", "GET", self._log),
            ("/_mock/requests", "GET", self._requests),
            ("/_mock/transitions", "GET", self._visited),
            *self._more,
        ]
        return [
            Route(path, _answering(endpoint), methods=[method]) for path, method, endpoint in table
        ]

    async def _describe(self, request: Request) -> dict[str, Any]:
        return self._gateway.describe()

    async def _reset(self, request: Request) -> dict[str, Any]:
        members = await members_of(request, "seed")
        self._gateway.reset(_integer(members, "seed") if "seed" in members else None)
        return {"seed": self._gateway.seed, "now": text(self._gateway.clock.now)}

    async def _seed(self, request: Request) -> dict[str, Any]:
        members = await members_of(request, "seed")
        self._gateway.reset(_integer(members, "seed"))
        return {"seed": self._gateway.seed, "now": text(self._gateway.clock.now)}

    async def _time(self, request: Request) -> dict[str, Any]:
        return {"now": text(self._gateway.clock.now)}

    async def _advance(self, request: Request) -> dict[str, Any]:
        members = await members_of(request, "advance")
        seconds = members.get("advance")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool):
            raise AdminError("advance must be a number of seconds")
        if not 0 <= seconds <= _CENTURY:
            raise AdminError("advance must be at least 0 and at most 100 years of seconds")
        await self._gateway.advance(seconds)
        return {"now": text(self._gateway.clock.now)}

    async def _ledger(self, request: Request) -> dict[str, Any]:
        ledger = self._gateway.ledger
        with contextlib.suppress(LedgerError):  # named among the violations
            ledger.audit()
        return {
            "balances": {account.value: ledger.balance(account) for account in Account},
            "balanced": not ledger.violations,
            "violations": list(ledger.violations),
            "postings": [
                {
                    "number": posting.number,
                    "at": text(posting.at),
                    self._order_number: posting.order,
                    "reason": posting.reason,
                    "from": posting.source.value,
                    "to": posting.target.value,
                    "amount": posting.amount,
                }
                for posting in ledger.postings
            ],
        }

    async def _waiting(self, request: Request) -> dict[str, Any]:
        return {"waiting": self._gateway.scripts.describe()}

    async def _next(self, request: Request) -> dict[str, Any]:
        script = parse(await _json(request), self._operations, self._vocabulary)
        self._gateway.scripts.add(script)
        return {"waiting": self._gateway.scripts.describe()}

    async def _open(self, request: Request) -> dict[str, Any]:
        name = str(request.path_params["name"])
        released = self._gateway.gates.named(name).waiting
        self._gateway.gates.named(name).open()
        return {"gate": name, "released": released}

    async def _paid(self, request: Request) -> dict[str, Any]:
        members = await members_of(request, "amount")
        amount = _integer(members, "amount") if members.get("amount") is not None else None
        answer = self._pay(str(request.path_params["order"]), amount)
        await self._gateway.webhooks.drain()
        return answer

    async def _log(self, request: Request) -> dict[str, Any]:
        return {"webhooks": [delivery.describe() for delivery in self._gateway.webhooks.log]}

    async def _requests(self, request: Request) -> dict[str, Any]:
        return {"requests": list(self._gateway.requests)}

    async def _visited(self, request: Request) -> dict[str, Any]:
        return self._transitions()


def _answering(endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        try:
            return JSONResponse(await endpoint(request))
        except (AdminError, ScriptError) as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return answer


async def _json(request: Request) -> object:
    raw = await request.body()
    if not raw:
        return {}
    try:
        return json.loads(raw)
    except ValueError:
        raise AdminError("the body is not JSON") from None


async def members_of(request: Request, *known: str) -> dict[str, Any]:
    """The members of a JSON body. Raises AdminError for one that is not among `known`."""
    data = await _json(request)
    if not isinstance(data, dict):
        raise AdminError("the body is not a JSON object")
    members = cast("dict[str, Any]", data)
    for name in members:
        if name not in known:
            raise AdminError(f"unknown member {name}; known are {', '.join(known)}")
    return members


def _integer(members: dict[str, Any], name: str) -> int:
    """An integer member. An amount may also come as digits, as it does in the API."""
    value = members.get(name)
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 15:
        return int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise AdminError(f"{name} must be an integer")
    return value
