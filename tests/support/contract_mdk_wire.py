"""The MDK's mock as a transport that loses orders, and at times the answers to questions."""

from __future__ import annotations

from typing import Literal

import httpx2

from tests.support.contract_asgi import SyncTransport
from tests.support.contract_mdk_mock import Mock

Fault = Literal["none", "request", "answer", "late", "html", "html, done", "torn"]
FAULTS: tuple[Fault, ...] = ("request", "answer", "late", "html", "html, done", "torn")
UNDONE = ("request", "html")  # what keeps an order from being carried out
_READS = ("/Search/search", "/GetResult/mpi", "/Confirm/", "/4gtoken")


class Wire(SyncTransport):
    """The mock as a transport on which orders, and at times questions, get lost."""

    def __init__(self, mock: Mock) -> None:
        super().__init__(mock.app)
        self.fault: Fault = "none"  # of the next order
        self.deaf = 0  # so many answers to the next questions get lost
        self.orders: list[bytes] = []  # every order that left
        self.mstatus: str | None = None  # what the gateway made of the last order; None: nothing

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if any(one in path for one in _READS):
            answer = super().handle_request(request)
            if self.deaf and not path.endswith("/4gtoken"):
                self.deaf -= 1
                raise httpx2.ReadError("lost on the way back", request=request)
            return answer
        fault, self.fault, self.mstatus = self.fault, "none", None
        self.orders.append(request.url.path.encode() + request.read())
        if fault == "request":
            raise httpx2.ReadError("lost on the way there", request=request)
        page = httpx2.Response(502, text="<html>Bad Gateway</html>")
        if fault == "html":
            return page
        response = super().handle_request(request)
        self.mstatus = response.json()["result"]["mstatus"]
        if fault == "none":
            return response
        if fault == "answer":
            raise httpx2.RemoteProtocolError("lost on the way back", request=request)
        if fault == "late":
            raise httpx2.ReadTimeout("the answer comes later", request=request)
        if fault == "torn":
            content = response.content[: len(response.content) // 2]
            return httpx2.Response(200, headers={"date": response.headers["date"]}, content=content)
        return page
