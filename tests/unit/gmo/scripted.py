"""A gateway that answers from a script and remembers what it was sent; no time passes."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from kessai_gmo import AsyncGmoClient, GmoClient

from tests.support.script import DATE, ScriptBase

SHOP = "tshop00000001"
PASSWORD = "correct-horse"
ACCESS_ID = "62f6b3a890fc74b643f4580b3f999769"


def problem(status: int, title: str, detail: str = "d", **headers: str) -> httpx2.Response:
    """An error as the gateway writes it."""
    named = {"content-type": "application/problem+json", "date": DATE, **headers}
    content = json.dumps({"title": title, "detail": detail, "instance": "/x"})
    return httpx2.Response(status, headers=named, content=content)


def answer(status: int, body: Any) -> httpx2.Response:
    """A success, or anything else with a JSON body."""
    return httpx2.Response(status, json=body, headers={"date": DATE})


def order(status: str, kind: str = "CREDIT", **members: Any) -> dict[str, Any]:
    """An orderReference."""
    return {
        "accessId": ACCESS_ID,
        "orderId": "A-1",
        "status": status,
        "chargeType": kind,
        **members,
    }


class Script(ScriptBase):
    """The gateway's script, with its clients."""

    @property
    def keys(self) -> list[str | None]:
        """The idempotency keys, in order."""
        return [request.headers.get("idempotency-key") for request in self.requests]

    def client(self, **options: Any) -> GmoClient:
        """A sync client of this gateway."""
        options.setdefault("system", self.system)
        return GmoClient(SHOP, PASSWORD, transport=self.transport, **options)

    def async_client(self, **options: Any) -> AsyncGmoClient:
        """An async client of this gateway."""
        options.setdefault("system", self.system)
        return AsyncGmoClient(SHOP, PASSWORD, transport=self.transport, **options)
