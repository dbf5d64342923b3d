"""The UnivaPay client before the mock gateway, on the mock's own clock."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Protocol

from kessai import Environment, System
from kessai.wire import copy_json
from kessai_mock.univapay import SECRET
from kessai_univapay import AsyncUnivapayClient, UnivapayClient
from kessai_univapay import models as m

from codegen.names import snake
from tests.support.contract_asgi import ORIGIN, AsyncTransport, SyncTransport, Watch
from tests.support.contract_univapay_mock import STORE_TOKEN, Mock


class Do(Protocol):
    """Acts on a client, of either kind, and waits for what comes of it."""

    def __call__(self, act: Callable[[Any], Any], /) -> Any:
        """The typed answer. Raises what the client raises."""
        ...


def _nothing(request: object, response: object) -> None:
    """Watch nothing."""


def system_of(mock: Mock) -> System:
    """Clocks that are the mock's, and pauses that move it."""
    gateway = mock.gateway

    def now() -> float:
        return float(gateway.clock.now.timestamp())

    def pause(seconds: float) -> None:
        with gateway.lock:
            gateway.clock.advance(seconds)

    async def pause_async(seconds: float) -> None:
        pause(seconds)

    return System(
        monotonic=now,
        wall=now,
        sleep=pause,
        sleep_async=pause_async,
        uniform=lambda low, high: (low + high) / 2,
    )


def sync_client(
    mock: Mock, watch: Watch = _nothing, *, token: str = STORE_TOKEN, **options: Any
) -> UnivapayClient:
    """A UnivapayClient whose every request goes to the mock."""
    options.setdefault("transport", SyncTransport(mock.app, watch))
    return UnivapayClient(
        token, SECRET, environment=Environment(api=ORIGIN), system=system_of(mock), **options
    )


def async_client(
    mock: Mock, watch: Watch = _nothing, *, token: str = STORE_TOKEN, **options: Any
) -> AsyncUnivapayClient:
    """An AsyncUnivapayClient whose every request goes to the mock, on the mock's event loop."""
    return AsyncUnivapayClient(
        token,
        SECRET,
        environment=Environment(api=ORIGIN),
        transport=AsyncTransport(mock.app.asgi, watch),
        system=system_of(mock),
        **options,
    )


def sync_do(client: UnivapayClient) -> Do:
    """Acts on the sync client."""
    return lambda act: act(client)


def async_do(client: AsyncUnivapayClient, mock: Mock) -> Do:
    """Acts on the async client, each act to its end."""
    return lambda act: mock.app.run(act(client))


def decode_model(component: str, body: Any) -> Any:
    """A model (or union) of the spec by the name of its component, read from plain data.

    Raises DecodeError for a value of the wrong JSON type.
    """
    model: Any = getattr(m, component)
    if hasattr(model, "from_wire"):
        return model.from_wire(body)
    module = importlib.import_module(f"kessai_univapay_api.models.{snake(component)}")
    return getattr(module, f"decode_{snake(component)}")(copy_json(body))
