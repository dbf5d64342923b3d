"""Test mode: the mock's simulation in this process, in place of the network.

As the manual's test mode does: nothing leaves, nothing is checked at the gateway, answers follow
the test classes (TestClassPay and so on), and the history lasts as long as the client. Everything
on this side is as it is otherwise: sequences, limits, events, the log. Only signatures are left
out, and with them the keys.

Source: WbPay library specification 1.0, section 5.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

import orjson
from kessai.commands import Fault, Reply
from kessai.errors import ConfigurationError
from kessai.timestamp import JST

from .settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kessai.commands import Send
    from kessai.operation import Operation

    from .gateway import Operations

__all__ = ["Practice", "PracticeLostError", "settings_for_practice"]


class PracticeLostError(ConnectionError):
    """Test mode: the request was carried out, and its answer is lost."""


class Practice:
    """One simulated PAYTREE. ``seconds``: how long an answer takes (TestSequenceDelay).

    Raises ConfigurationError when kessai-mock is not installed.
    """

    def __init__(
        self,
        settings: Settings,
        operations: Operations,
        server: str,
        wall: Callable[[], float],
    ) -> None:
        try:
            from kessai_mock.paytree.simulation import Lost, Simulation
        except ImportError:
            raise ConfigurationError(
                "test mode runs the simulation of kessai-mock, which is not installed: "
                "pip install 'kessai-paytree[test-mode]'"
            ) from None
        self.seconds: float = float(settings.test_sequence_delay)
        self.simulation: Simulation = Simulation(
            pay=settings.test_class_pay,
            refund=settings.test_class_refund,
            reverse=settings.test_class_reverse,
            deposit=settings.test_class_deposit,
            clock=_Wall(wall),
        )
        self._lost = Lost
        self._names = _by_url(operations.by_name(), server)

    def answer(self, send: Send) -> Reply | Fault:
        """What PAYTREE would have answered."""
        name = self._names.get(send.url)
        if name is None:
            return Reply(404, {}, b"")
        members = cast("dict[str, Any]", orjson.loads(send.content))
        try:
            answer = self.simulation.handle(name, members)
        except self._lost:
            return Fault("maybe", PracticeLostError("no answer (test mode)"))
        return Reply(200, {}, orjson.dumps(answer))


class _Wall:
    """The client's clock, as the simulation reads one."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall

    @property
    def now(self) -> datetime:
        return datetime.fromtimestamp(self._wall(), JST)


def _by_url(operations: Mapping[str, Operation[Any, Any]], server: str) -> dict[str, str]:
    found = {server + operation.path: name for name, operation in operations.items()}
    if len(found) != len(operations):
        raise ConfigurationError(
            "test mode tells requests apart by their paths: give every ApiPath a path of its own"
        )
    return found


def settings_for_practice(**changed: Any) -> Settings:
    """Settings for test mode alone: numbers that belong to nobody, and a server that is none."""
    values: dict[str, Any] = {
        "server_url": "https://paytree.example.com",
        "api_path_pay": "/pay",
        "api_path_pay_v1": "/payV1",
        "api_path_refund": "/refund",
        "api_path_reverse": "/reverse",
        "api_path_confirm": "/confirm",
        "api_path_confirm_v1": "/confirmV1",
        "api_path_deposit": "/deposit",
        "private_key_file": "not used in test mode",
        "public_key_file": "not used in test mode",
        "merchant_id": "000000000001",
        "terminal_unique_id": "0000100000011",
        "branch_code": "1",
        "terminal_code": "1",
        "app_test_mode": True,
    }
    return Settings(**{**values, **changed})
