"""POST /4gtoken: the token server, as a browser uses it. Plain JSON, no envelope.

Document: facts of the kit, section 9. Assumed: the order of the checks, that a key other than
this merchant's makes tokens of somebody else's, codes for a key that is none, the form of
token_expire_date.
"""

from __future__ import annotations

import re
from typing import Any

from starlette.requests import Request

from ..body import Body, parsed
from ..clock import JST
from ..endpoint import Entrance, staged
from ..replies import Reply, encode
from ..scripts import Script
from . import tokens
from .gateway import Gateway

PATH = "/4gtoken"
OPERATION = "token"
_CORS = (("access-control-allow-origin", "*"),)
_PREFLIGHT = (
    *_CORS,
    ("access-control-allow-methods", "POST"),
    ("access-control-allow-headers", "accept, content-type"),
)
_HEADERS = (("content-type", "application/json;charset=UTF-8"), *_CORS)
_KEY = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_EXPIRE = re.compile(r"(0[1-9]|1[0-2])/([0-9]{2})")
MESSAGES = {
    "success": ("トークンを発行しました。", "A token was made."),
    "missing_token_api_key": ("トークンAPIキーがありません。", "No token API key."),
    "invalid_token_api_key": ("トークンAPIキーが正しくありません。", "Wrong token API key."),
    "missing_card_number": ("カード番号がありません。", "No card number."),
    "invalid_card_number": ("カード番号が正しくありません。", "Wrong card number."),
    "digit_check_error": ("カード番号の検査数字が合いません。", "The check digit is wrong."),
    "missing_card_expire": ("有効期限がありません。", "No expiry."),
    "invalid_card_expire": ("有効期限が正しくありません。", "Wrong expiry."),
    "missing_security_code": ("セキュリティコードがありません。", "No security code."),
    "invalid_security_code": ("セキュリティコードが正しくありません。", "Wrong security code."),
    "invalid_request": ("リクエストが正しくありません。", "Not a JSON object."),
}


class TokenServer(Entrance):
    """The one operation of the token server."""

    def __init__(self, gateway: Gateway) -> None:
        super().__init__(gateway, OPERATION)
        self._gateway = gateway

    def _admit(self, request: Request, raw: bytes, entry: dict[str, Any]) -> Reply | None:
        if request.method == "OPTIONS":
            return Reply(204, _PREFLIGHT, b"")
        if request.method != "POST":
            return Reply(405, (("allow", "POST, OPTIONS"),), b"")
        return None

    async def _answer(
        self, request: Request, raw: bytes, script: Script | None, entry: dict[str, Any]
    ) -> Reply | None:
        reply = await staged(self._gateway, script, lambda: self._process(raw))
        if script is not None and script.status is not None:
            return Reply(script.status, (*_CORS, *script.headers.items()), b"")
        return reply

    def _process(self, raw: bytes) -> Reply:
        try:
            body = Body(parsed(raw))
        except ValueError:
            return _refused("invalid_request", None)
        with self._gateway.lock:
            code = objection(self._gateway, body)
            if code is not None:
                return _refused(code, body.text("lang"))
            key, number = body.need("token_api_key"), body.need("card_number")
            ours = key.lower() == self._gateway.settings.token_api_key.lower()
            token = tokens.make(self._gateway, number, body.need("card_expire"), ours=ours)
        content = {
            "token": token.value,
            "token_expire_date": f"{token.until.astimezone(JST):%Y%m%d%H%M%S}",
            "req_card_number": tokens.masked(number),
            "status": "success",
            "code": "success",
            "message": _message("success", body.text("lang")),
        }
        return Reply(200, _HEADERS, encode(content))


def objection(gateway: Gateway, body: Body) -> str | None:
    """What is wrong with a request, or None."""
    number, expire = body.text("card_number"), body.text("card_expire")
    key, security = body.text("token_api_key"), body.text("security_code")
    if body.has("cardholder_name") and body.text("cardholder_name") is None:
        return "invalid_request"
    if body.has("lang") and body.text("lang") not in {"", "ja", "en"}:
        return "invalid_request"
    if body.has("security_code") and security is None:
        return "invalid_security_code"
    if not key:
        return "missing_token_api_key"
    if not _KEY.fullmatch(key):
        return "invalid_token_api_key"
    if not number:
        return "missing_card_number"
    if not number.isascii() or not number.isdigit() or not 12 <= len(number) <= 19:
        return "invalid_card_number"
    if not tokens.luhn(number):
        return "digit_check_error"
    if not expire:
        return "missing_card_expire"
    if not _is_good(gateway, expire):
        return "invalid_card_expire"
    if not security:
        return "missing_security_code" if gateway.settings.security_code_needed else None
    if not security.isascii() or not security.isdigit() or len(security) not in {3, 4}:
        return "invalid_security_code"
    return None


def _is_good(gateway: Gateway, expire: str) -> bool:
    """MM/YY of this month or a later one."""
    match = _EXPIRE.fullmatch(expire)
    now = gateway.clock.now.astimezone(JST)
    return match is not None and (2000 + int(match[2]), int(match[1])) >= (now.year, now.month)


def _message(code: str, lang: str | None) -> str:
    return MESSAGES[code][lang == "en"]


def _refused(code: str, lang: str | None) -> Reply:
    content = {"status": "failure", "code": code, "message": _message(code, lang)}
    return Reply(400, _HEADERS, encode(content))
