"""A till in front of the pure simulation: it numbers its requests and remembers nothing else."""

from __future__ import annotations

from typing import Any

from kessai_mock.paytree.simulation import Lost, Simulation

MERCHANT = "000000000001"
TERMINAL = "1234500000421"


class Till:
    """Sends requests to a simulation. A lost answer is None."""

    def __init__(
        self, simulation: Simulation, *, terminal: str = TERMINAL, merchant: str = MERCHANT
    ) -> None:
        self.simulation = simulation
        self.common = {"merchantId": merchant, "terminalUniqueId": terminal}
        self.sent = 0

    def send(self, operation: str, **members: Any) -> dict[str, Any] | None:
        """Send members under a number of their own, unless they have one."""
        self.sent += 1
        message = {**self.common, "requestId": f"R{self.sent}", **members}
        try:
            answer = self.simulation.handle(operation, message)
        except Lost:
            return None
        assert answer["requestId"] == message["requestId"]
        return answer

    def ask(self, operation: str, **members: Any) -> dict[str, Any]:
        """Send something whose answer comes."""
        answer = self.send(operation, **members)
        assert answer is not None
        return answer

    def pay(self, amount: int = 1000, **members: Any) -> dict[str, Any]:
        """A payment whose answer comes."""
        return self.ask("pay", payType="PayPay", userCode="28101234", amount=amount, **members)
