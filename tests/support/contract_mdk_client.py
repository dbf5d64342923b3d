"""The MDK client before the mock gateway, in virtual time, called by operationId."""

from __future__ import annotations

import importlib
from typing import Any

from kessai import Environment
from kessai.wire import copy_json
from kessai_mdk import AsyncMdkClient, MdkClient, operations
from kessai_mdk import models as m
from kessai_mock.mdk import MERCHANT_CCID, MERCHANT_SECRET_KEY

from codegen.names import snake
from tests.rules.bodies import Body
from tests.rules.mdk_bodies import at
from tests.support.contract_asgi import ORIGIN, AsyncTransport, SyncTransport, Watch
from tests.support.contract_client import Caller, VirtualTime
from tests.support.contract_mdk_mock import Mock

# The commands of each service. Handwritten, so that a renamed one is noticed.
METHODS: dict[str, str] = {
    "alipay": "Authorize Confirm CreateIdentityCode Refund",
    "bank": "Authorize",
    "card": "Authorize Cancel Capture ReAuthorize Retry",
    "carrier": "Authorize Cancel Capture ReAuthorize Terminate UpdateAuthorize",
    "cvs": "Authorize Cancel",
    "merpay": "Authorize Cancel Capture ReAuthorize Refund Terminate",
    "mpi": "Authorize GetResult ReAuthorize",
    "oricosc": "Authorize",
    "paypal": "Authorize Cancel Capture Refund",
    "paypay": "Authorize AuthorizeConfirm Cancel Capture ReAuthorize Refund Terminate",
    "rakuten": "Authorize Cancel Capture Confirm ReAuthorize UpdateAuthorize",
    "search": "Search",
    "upop": "Authorize Cancel Capture Refund",
}


def _nothing(request: object, response: object) -> None:
    """Watch nothing."""


def _options(secret: str, time: VirtualTime | None) -> dict[str, Any]:
    return {
        "merchant_ccid": MERCHANT_CCID,
        "merchant_secret_key": secret,
        "environment": Environment(api=ORIGIN, token=ORIGIN),
        "system": (time or VirtualTime()).system(),
    }


def sync_client(
    mock: Mock,
    watch: Watch = _nothing,
    *,
    secret: str = MERCHANT_SECRET_KEY,
    time: VirtualTime | None = None,
) -> MdkClient:
    """An MdkClient whose every request goes to the mock."""
    return MdkClient(**_options(secret, time), transport=SyncTransport(mock.app, watch))


def async_client(mock: Mock, watch: Watch = _nothing) -> AsyncMdkClient:
    """An AsyncMdkClient whose every request goes to the mock, on the mock's event loop."""
    options = _options(MERCHANT_SECRET_KEY, None)
    return AsyncMdkClient(**options, transport=AsyncTransport(mock.app.asgi, watch))


def method(client: MdkClient | AsyncMdkClient, name: str) -> Any:
    """The public method of a command."""
    if name == "token":
        return client.token.token
    service, command = at(name)
    assert command in METHODS[service].split()
    return getattr(getattr(client, service), snake(command))


def sync_caller(client: MdkClient) -> Caller:
    """Calls the sync client's own methods."""

    def call(name: str, body: Body) -> Any:
        return method(client, name)(request_of(name, body))

    return call


def async_caller(client: AsyncMdkClient, mock: Mock) -> Caller:
    """Calls the async client's own methods, each to its end."""

    def call(name: str, body: Body) -> Any:
        return mock.app.run(method(client, name)(request_of(name, body)))

    return call


def request_of(name: str, body: Body) -> Any:
    """The request model of a command, read from plain data."""
    return decode_model(operations.OPERATIONS[name].request_name, body)


def decode_model(component: str, body: Any) -> Any:
    """A model of the spec by the name of its component, read from plain data.

    Raises DecodeError for a value of the wrong JSON type.
    """
    model: Any = getattr(m, component)
    module = importlib.import_module(model.__module__)
    return getattr(module, f"decode_{snake(component)}")(copy_json(body))
