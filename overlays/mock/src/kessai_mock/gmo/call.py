"""What an operation is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from .body import Body
from .gateway import Gateway
from .state import Shop


class Call(NamedTuple):
    """One request that has passed every general check."""

    gateway: Gateway
    shop: Shop
    body: Body
    base: str  # scheme and host the caller used, for the addresses of pages


class Answer(NamedTuple):
    """A success: status and content; members that are None are left out on the wire."""

    status: int
    content: dict[str, Any]


Handler = Callable[[Call], Answer]


class Operation(NamedTuple):
    """One endpoint: what it is called, what it takes, who does it."""

    name: str  # operationId
    path: str
    model: str  # component of the request in specs/gmo/openapi.yaml
    handler: Handler
    idempotent: bool = True
    form: bool = False  # /token takes a form, everything else JSON
