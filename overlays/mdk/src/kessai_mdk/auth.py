"""The envelope: ``params`` written once, hashed as it was written, the whole URL-encoded.

Source: kit for PHP 2.0.1, TGMDK_Transaction (execute, createSendUrl), TGMDK_JSONQuery.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote_plus

from kessai.gateway import Untrusted
from kessai.setup import check_credential

from .answers import without_empty_parts
from .signing import auth_hash, content_hmac

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kessai.commands import Reply
    from kessai.operation import Operation

__all__ = ["OWN", "TXN_VERSION", "Envelope"]

TXN_VERSION: Final = "2.0.1"
"""The version of the protocol that requests name: the one of the kit the spec was written from."""

OWN: Final = ("txnVersion", "dummyRequest", "merchantCcid")
"""Members of ``params`` that are a client's settings and no request's, in the order they go in."""

FORM: Final = "application/x-www-form-urlencoded"


class Envelope:
    """Wraps ``params`` with its authHash, and unwraps answers; a ``kessai.gateway.Codec``.

    Operations of the token server have plain JSON bodies and are left alone.

    Raises ConfigurationError for credentials that cannot be right; the message never holds them.
    """

    __slots__ = ("_ccid", "_dummy", "_secret")

    def __init__(self, merchant_ccid: str, merchant_secret_key: str, *, dummy: bool) -> None:
        check_credentials(merchant_ccid, merchant_secret_key)
        self._ccid = merchant_ccid
        self._secret = merchant_secret_key
        self._dummy = dummy

    def media(self, operation: Operation[Any, Any]) -> str:
        """A form's content type, although there is no form in it."""
        return operation.media if operation.server == "token" else FORM

    def encode(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bytes:
        """The final bytes. The text of ``params`` that was hashed is the text that is sent."""
        if operation.server == "token":
            return _minified(wire).encode()
        text = self.params_text(wire)
        digest = auth_hash(self._ccid, text, self._secret)
        whole = f'{{"params":{text},"authHash":"{digest}"}}'
        return quote_plus(whole).encode("ascii")

    def params_text(self, wire: Mapping[str, Any]) -> str:
        """``params`` as it is sent: minified JSON of texts, the client's own members at the end."""
        params = _texts({name: value for name, value in wire.items() if name not in OWN})
        own = (TXN_VERSION, "1" if self._dummy else "0", self._ccid)
        return _minified({**params, **dict(zip(OWN, own, strict=True))})

    def decode(self, operation: Operation[Any, Any], reply: Reply) -> Any:
        """The answer's JSON, without its empty parts.

        Untrusted where it is none, says nothing about its outcome, or has another status than 200:
        the kits read no other.
        """
        if reply.status != 200:
            raise Untrusted("the status is not 200, which alone is read")
        try:
            parsed: Any = json.loads(reply.content.decode(), object_hook=without_empty_parts)
        except UnicodeDecodeError:
            raise Untrusted("the body is not in UTF-8") from None
        except (ValueError, RecursionError):
            empty = not reply.content
            raise Untrusted("the body is empty" if empty else "the body is no JSON") from None
        if operation.server != "token":
            result: Any = cast("dict[str, Any]", parsed).get("result") if _is(parsed) else None
            if not _is(result) or not isinstance(result.get("mstatus"), str):
                raise Untrusted("the body has no result with an mstatus")
        return parsed

    def __repr__(self) -> str:
        return "Envelope(***)"


def check_credentials(merchant_ccid: object, merchant_secret_key: object) -> None:
    """Refuse what cannot sign: now, and not when an order is under way.

    The secret has to be hexadecimal: PUSH is proven with the bytes it stands for.
    """
    check_credential("merchant_ccid", merchant_ccid)
    check_credential("merchant_secret_key", merchant_secret_key)
    content_hmac(b"", str(merchant_secret_key))


def _is(value: object) -> bool:
    return isinstance(value, dict)


def _minified(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _texts(value: Any) -> Any:
    """The same with every scalar as a text, and without what is null or empty, as the kit does."""
    if isinstance(value, dict):
        found = {name: _texts(one) for name, one in cast("Mapping[str, Any]", value).items()}
        return {name: one for name, one in found.items() if _present(one)}
    if isinstance(value, list):
        return [one for one in map(_texts, cast("Sequence[Any]", value)) if _present(one)]
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        # What was checked: str() of a subclass may be something else.
        return int.__repr__(value)
    return value if value is None or isinstance(value, str) else json.dumps(value)


def _present(value: object) -> bool:
    return value is not None and value not in ("", [], {})
