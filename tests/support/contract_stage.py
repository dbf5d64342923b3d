"""Behind the stage of any mock gateway: its clock, scripts, gates, ledger, and what it sends."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from kessai_mock.webhooks import Webhook
from starlette.applications import Starlette

from tests.support.contract_asgi import App

JSON = "application/json"


class Stage:
    """One mock gateway in this process. Webhooks are kept in `sent`, and answered `received`."""

    received: int = 200

    def __init__(self, make: Callable[[Callable[[Webhook], int]], Starlette]) -> None:
        self.sent: list[Webhook] = []
        self.app = App(make(self._deliver))

    def _deliver(self, webhook: Webhook) -> int:
        self.sent.append(webhook)
        return self.received

    def close(self) -> None:
        """Close the event loop."""
        self.app.close()

    def reset(self) -> None:
        """Begin again, as if just started with the same seed."""
        self.sent.clear()
        self.admin("/_mock/reset", {})

    def advance(self, seconds: float) -> None:
        """Move the virtual clock on."""
        self.admin("/_mock/clock", {"advance": seconds})

    def script(self, operation: str, **script: Any) -> None:
        """Script the next outcome of an operation."""
        self.admin("/_mock/next", {"operation": operation, **script})

    def open_gate(self, name: str) -> None:
        """Let the requests held at a gate go on."""
        self.admin(f"/_mock/gates/{name}/open", {})

    def ledger_lines(self) -> list[dict[str, Any]]:
        """The ledger's postings as told. Raises AssertionError when it does not balance."""
        ledger = self.told("/_mock/ledger")
        assert ledger["balanced"], ledger["violations"]
        assert sum(ledger["balances"].values()) == 0
        lines: list[dict[str, Any]] = ledger["postings"]
        return lines

    def faults(self) -> list[str]:
        """Mistakes of the mock itself, which a caller saw as 500."""
        found: list[str] = self.told("/_mock")["faults"]
        return found

    def told(self, path: str) -> Any:
        """What an admin route tells."""
        answer = self.app.send("GET", path)
        assert answer.status == 200, answer
        return answer.json()

    def admin(self, path: str, members: Mapping[str, Any]) -> None:
        """Have an admin route do something."""
        answer = self.app.send("POST", path, {"content-type": JSON}, json.dumps(members).encode())
        assert answer.status == 200, answer
