"""A made-up gateway that hands out access tokens."""

from __future__ import annotations

import httpx2

BODY = b'{"id": "R-1", "state": "AUTH"}'


class TokenServer:
    """Hands out tokens t1, t2, ...; takes only the newest, and only while it lives."""

    def __init__(self, seconds: float = 600.0) -> None:
        self.seconds = seconds
        self.fetched = 0
        self.used: list[str] = []
        self.revoked: set[str] = set()
        self.broken = False

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        if request.url.host == "token.example":
            assert request.headers["authorization"].startswith("Mark ")
            if self.broken:
                return httpx2.Response(500, json={"title": "oops"})
            self.fetched += 1
            token = {"access_token": f"t{self.fetched}", "expires_in": str(self.seconds)}
            return httpx2.Response(201, json=token)
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        self.used.append(bearer)
        if bearer in self.revoked:
            return httpx2.Response(401, json={"title": "unauthorized"})
        return httpx2.Response(200, content=BODY)
