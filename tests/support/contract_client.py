"""The GMO client before the mock gateway, in virtual time, called by operationId."""

from __future__ import annotations

import importlib
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol

from kessai import Environment
from kessai.system import System
from kessai.wire import copy_json
from kessai_gmo import AsyncGmoClient, GmoClient, operations
from kessai_gmo import models as m

from codegen.names import snake
from tests.support.contract_asgi import ORIGIN, AsyncTransport, SyncTransport, Watch
from tests.support.contract_bodies import Body
from tests.support.contract_mock import PASSWORD, SHOP, Mock

START = datetime(2026, 1, 5, 10, 0, 0, tzinfo=timezone(timedelta(hours=9)))  # the mock's, too

# The public way to each operation: group and method. Handwritten, so that a renamed method
# of the generated client is noticed.
METHODS: dict[str, tuple[str, str]] = {
    "token": ("token", "token"),
    "creditCharge": ("credit", "charge"),
    "creditOnfileCharge": ("credit", "onfile_charge"),
    "creditVerifyCard": ("credit", "verify_card"),
    "creditStoreCard": ("credit", "store_card"),
    "creditGetCardDetails": ("credit", "get_card_details"),
    "tds2FinalizeCharge": ("tds2", "finalize_charge"),
    "tds2FinalizeVerification": ("tds2", "finalize_verification"),
    "walletCharge": ("wallet", "charge"),
    "walletFrontendCharge": ("wallet", "frontend_charge"),
    "walletFrontendVerifyCharge": ("wallet", "frontend_verify_charge"),
    "walletOnfileCharge": ("wallet", "onfile_charge"),
    "walletAuthorizeAccount": ("wallet", "authorize_account"),
    "walletGetCustomerData": ("wallet", "get_customer_data"),
    "cashCharge": ("cash", "charge"),
    "orderCapture": ("order", "capture"),
    "orderUpdate": ("order", "update"),
    "orderCancel": ("order", "cancel"),
    "orderInquiry": ("order", "inquiry"),
    "memberCreate": ("member", "create"),
    "memberInquiry": ("member", "inquiry"),
    "memberDelete": ("member", "delete"),
    "memberDeleteItem": ("member", "delete_item"),
    "verificationStart": ("verification", "start"),
    "verificationInquiry": ("verification", "inquiry"),
}


class VirtualTime:
    """Clocks that move only when something sleeps, chance that is always the same."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._keys = 0

    def system(self) -> System:
        """The bundle the client is given."""
        return System(
            monotonic=lambda: self.seconds,
            wall=lambda: START.timestamp() + self.seconds,
            sleep=self._sleep,
            sleep_async=self._sleep_async,
            uniform=lambda low, high: (low + high) / 2,
            new_key=self._new_key,
        )

    def _sleep(self, seconds: float) -> None:
        self.seconds += seconds

    async def _sleep_async(self, seconds: float) -> None:
        self.seconds += seconds

    def _new_key(self) -> str:
        self._keys += 1
        return f"00000000-0000-4000-8000-{self._keys:012d}"


def _nothing(request: object, response: object) -> None:
    """Watch nothing."""


def sync_client(
    mock: Mock, watch: Watch = _nothing, *, auth: str = "password", time: VirtualTime | None = None
) -> GmoClient:
    """A GmoClient whose every request goes to the mock."""
    return GmoClient(
        SHOP,
        PASSWORD,
        environment=Environment(api=ORIGIN, token=ORIGIN),
        auth="token" if auth == "token" else "password",
        transport=SyncTransport(mock.app, watch),
        system=(time or VirtualTime()).system(),
    )


def async_client(mock: Mock, watch: Watch = _nothing, *, auth: str = "password") -> AsyncGmoClient:
    """An AsyncGmoClient whose every request goes to the mock, on the mock's event loop."""
    return AsyncGmoClient(
        SHOP,
        PASSWORD,
        environment=Environment(api=ORIGIN, token=ORIGIN),
        auth="token" if auth == "token" else "password",
        transport=AsyncTransport(mock.app.asgi, watch),
        system=VirtualTime().system(),
    )


class Caller(Protocol):
    """Calls an operation of a client with a request given as plain data."""

    def __call__(self, name: str, body: Body, /) -> Any:
        """The typed answer. Raises what the client raises."""
        ...


def sync_caller(client: GmoClient) -> Caller:
    """Calls the sync client's own methods."""

    def call(name: str, body: Body) -> Any:
        return _method(client, name)(request_of(name, body))

    return call


def async_caller(client: AsyncGmoClient, mock: Mock) -> Caller:
    """Calls the async client's own methods, each to its end."""

    def call(name: str, body: Body) -> Any:
        return mock.app.run(_method(client, name)(request_of(name, body)))

    return call


def _method(client: GmoClient | AsyncGmoClient, name: str) -> Any:
    group, method = METHODS[name]
    return getattr(getattr(client, group), method)


def request_of(name: str, body: Body) -> Any:
    """The request model of an operation, read from plain data."""
    wanted = operations.OPERATIONS[name].request_name
    return decode_model(wanted, body)


def decode_model(component: str, body: Any) -> Any:
    """A model (or union) of the spec by the name of its component, read from plain data.

    Raises DecodeError for a value of the wrong JSON type.
    """
    model: Any = getattr(m, component)
    if hasattr(model, "from_wire"):
        return model.from_wire(body)
    module = importlib.import_module(f"kessai_gmo_api.models.{snake(component)}")
    return getattr(module, f"decode_{snake(component)}")(copy_json(body))
