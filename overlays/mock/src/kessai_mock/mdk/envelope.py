"""The envelope of a request: what is decoded, and what authHash is held against.

The body is URL-encoded JSON without a form key. authHash is over the text of `params` as it
came, byte for byte, so the text is cut out and never written again.
"""

from __future__ import annotations

import hmac
import json
import re
from typing import Any, NamedTuple, cast
from urllib.parse import unquote_to_bytes

from ..body import parsed
from ..replies import compact
from . import signing
from .results import RefusalError
from .settings import Settings

_TXN_VERSION = re.compile(r"[0-9]\.[0-9]\.[0-9]")
_MEMBER = re.compile(r'[{,]("(?:[^"\\]|\\.)*"):')
_DECODER = json.JSONDecoder()


class Params(NamedTuple):
    """The `params` of a request, whose authHash fits; members that are null are left out."""

    data: dict[str, Any]
    text: str


def read(raw: bytes, settings: Settings, *, dummy: bool) -> Params:
    """Open the envelope.

    Raises RefusalError ZA01 for a body in another form, ZA02 for another merchant, ZA03 for a
    hash that does not fit, ZA04 when dummyRequest says other than the address, ZA05.
    """
    try:
        text = unquote_to_bytes(raw.replace(b"+", b" ")).decode()
    except UnicodeDecodeError:
        raise RefusalError("ZA01", "not UTF-8") from None
    if raw.startswith(b"{"):
        raise RefusalError("ZA01", "not URL-encoded")
    members = _members(text)
    if members.keys() != {"params", "authHash"}:
        raise RefusalError("ZA01", "not params and authHash")
    params = members["params"]
    try:
        data = parsed(params.encode())
        claimed: object = json.loads(members["authHash"])
    except ValueError as error:
        raise RefusalError("ZA01", str(error)) from None
    if data.get("merchantCcid") != settings.merchant_ccid:
        raise RefusalError("ZA02")
    wanted = signing.auth_hash(settings.merchant_ccid, params, settings.merchant_secret_key)
    if not isinstance(claimed, str) or not claimed.isascii():
        raise RefusalError("ZA03")
    if not hmac.compare_digest(claimed, wanted):
        raise RefusalError("ZA03")
    if data.get("dummyRequest") != ("1" if dummy else "0"):
        raise RefusalError("ZA04")
    version = data.get("txnVersion")
    if not isinstance(version, str) or not _TXN_VERSION.fullmatch(version):
        raise RefusalError("ZA05")
    try:
        present = cast("dict[str, Any]", compact(data))
        json.dumps(present, ensure_ascii=False).encode()
    except (UnicodeEncodeError, RecursionError):
        # Half a surrogate pair can be written in JSON and in no answer.
        raise RefusalError("ZA01", "no text, or too deep") from None
    return Params(present, params)


def _members(text: str) -> dict[str, str]:
    """Each member of the outer object with its own text. Raises RefusalError ZA01.

    Spaces between names and values are refused here, as in the documents' example there are
    none (minified); inside `params` they would only change the hash.
    """
    found: dict[str, str] = {}
    at = 0
    while text[at : at + 1] != "}":
        name = _MEMBER.match(text, at)
        if name is None or (name[0][0] == "{") != (at == 0):
            raise RefusalError("ZA01", "no JSON object")
        try:
            _, at = _DECODER.raw_decode(text, name.end())
        except (ValueError, RecursionError):
            raise RefusalError("ZA01", "no JSON object") from None
        key = name[1][1:-1]
        if key in found:
            raise RefusalError("ZA01", "a member twice")
        found[key] = text[name.end() : at]
    if at == 0 or text[at + 1 :]:
        raise RefusalError("ZA01", "no JSON object")
    return found
