"""The Unified client before the mock gateway, in virtual time, called by operationId."""

from __future__ import annotations

import importlib
from typing import Any

from kessai import Environment
from kessai.wire import copy_json
from kessai_mock.unified import MERCHANT_CCID, MERCHANT_KEY
from kessai_unified import AsyncUnifiedClient, UnifiedClient, operations
from kessai_unified import models as m

from codegen.names import snake
from tests.support.contract_asgi import ORIGIN, AsyncTransport, SyncTransport, Watch
from tests.support.contract_client import Caller, VirtualTime
from tests.support.contract_unified_bodies import Body
from tests.support.contract_unified_mock import BASE, TOKEN, Mock, Scheme

# The public method of each command. Handwritten, so that a renamed one is noticed.
METHODS: dict[str, str] = {
    "pay": "pay",
    "subscribe": "subscribe",
    "updateOrder": "update_order",
    "capture": "capture",
    "cancel": "cancel",
    "charge": "charge",
    "terminate": "terminate",
    "getTransactionResult": "get_transaction_result",
}


def _nothing(request: object, response: object) -> None:
    """Watch nothing."""


def _credentials(scheme: Scheme) -> dict[str, str]:
    if scheme == "bearer":
        return {"bearer_token": TOKEN}
    return {"merchant_ccid": MERCHANT_CCID, "merchant_key": MERCHANT_KEY}


def sync_client(
    mock: Mock,
    watch: Watch = _nothing,
    *,
    scheme: Scheme = "hmac",
    time: VirtualTime | None = None,
) -> UnifiedClient:
    """A UnifiedClient whose every request goes to the mock."""
    options: dict[str, Any] = _credentials(scheme)
    return UnifiedClient(
        **options,
        environment=Environment(api=ORIGIN + BASE),
        transport=SyncTransport(mock.app, watch),
        system=(time or VirtualTime()).system(),
    )


def async_client(
    mock: Mock, watch: Watch = _nothing, *, scheme: Scheme = "hmac"
) -> AsyncUnifiedClient:
    """An AsyncUnifiedClient whose every request goes to the mock, on the mock's event loop."""
    options: dict[str, Any] = _credentials(scheme)
    return AsyncUnifiedClient(
        **options,
        environment=Environment(api=ORIGIN + BASE),
        transport=AsyncTransport(mock.app.asgi, watch),
        system=VirtualTime().system(),
    )


def sync_caller(client: UnifiedClient) -> Caller:
    """Calls the sync client's own methods."""

    def call(name: str, body: Body) -> Any:
        return getattr(client.payment, METHODS[name])(request_of(name, body))

    return call


def async_caller(client: AsyncUnifiedClient, mock: Mock) -> Caller:
    """Calls the async client's own methods, each to its end."""

    def call(name: str, body: Body) -> Any:
        return mock.app.run(getattr(client.payment, METHODS[name])(request_of(name, body)))

    return call


def request_of(name: str, body: Body) -> Any:
    """The request model of a command, read from plain data."""
    return decode_model(operations.OPERATIONS[name].request_name, body)


def decode_model(component: str, body: Any) -> Any:
    """A model (or union) of the spec by the name of its component, read from plain data.

    Raises DecodeError for a value of the wrong JSON type.
    """
    model: Any = getattr(m, component)
    if hasattr(model, "from_wire"):
        return model.from_wire(body)
    module = importlib.import_module(f"kessai_unified_api.models.{snake(component)}")
    return getattr(module, f"decode_{snake(component)}")(copy_json(body))
