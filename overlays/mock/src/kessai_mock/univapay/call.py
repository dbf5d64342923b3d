"""One request that was let in, and what it is answered with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from ..body import Body
from .auth import Caller
from .gateway import Gateway
from .problems import ProblemError
from .state import Charge, Resource


class Answer(NamedTuple):
    """A status and the JSON behind it; None is no body."""

    status: int
    content: dict[str, Any] | list[dict[str, Any]] | None


@dataclass(frozen=True, slots=True)
class Call:
    """One request. `base` is where the mock was called, `payment_error` what a script wants."""

    gateway: Gateway
    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Body
    base: str
    payment_error: int | None = None

    @property
    def store_id(self) -> str:
        """The store the path names, which is the caller's."""
        return self.path["store_id"]

    def charge(self) -> Charge:
        """The charge the path names. Raises ProblemError NOT_FOUND."""
        found = self.gateway.charges.get(self.path["charge_id"])
        if found is None or found.store_id != self.store_id or found.mode != self.caller.mode:
            raise ProblemError("NOT_FOUND")
        return found


def ok(content: dict[str, Any] | list[dict[str, Any]]) -> Answer:
    """200."""
    return Answer(200, content)


def made(content: dict[str, Any]) -> Answer:
    """201."""
    return Answer(201, content)


GONE = Answer(204, None)

Handler = Callable[[Call], Answer]
Model = Callable[[dict[str, Any]], "str | None"]
Watch = Callable[[Call], Resource]
Who = Literal["anyone", "store", "merchant"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation: where it is, who may call it, what its body is and what answers it.

    `model` is the component its body is held against, or what picks it. `watch` gives the
    resource a polling request waits for. `secret`: whether the app token alone will not do.
    """

    name: str
    method: str
    path: str
    handler: Handler
    model: str | Model | None = None
    optional: bool = False  # whether the body may be left out
    secret: bool = True
    who: Who = "anyone"
    keyed: bool = field(default=True)  # whether it takes an Idempotency-Key
    watch: Watch | None = None

    @property
    def route(self) -> str:
        """What its rate limit's route bucket is shared by."""
        words = [word for word in self.path.split("/") if word and not word.startswith("{")]
        return words[-1] if words[0] == "stores" and len(words) > 1 else words[0]
