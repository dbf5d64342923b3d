"""A merchant's receiver under fire: what is sent to it, and what its answers should be."""

from __future__ import annotations

from collections import Counter

from tests.support.contract_asgi import App
from tests.support.contract_schemathesis import Operation, Request, send


class Drive:
    """Sends requests to the receiver and compares its answers with what they should be."""

    def __init__(self, app: App, operation: Operation) -> None:
        self._app = app
        self._operation = operation
        self.statuses: Counter[int] = Counter()

    def send(self, request: Request, *, wanted: bool | None) -> int:
        """Send one; a genuine event wants a 200, anything else a 4xx, None either of them."""
        answer = send(self._app, request)
        self.statuses[answer.status] += 1
        assert self._operation.mistakes(request, answer) == [], (request, answer)
        taken = answer.status == 200
        assert taken or 400 <= answer.status < 500, (request, answer)
        assert wanted is None or taken is wanted, (request, answer)
        return answer.status
