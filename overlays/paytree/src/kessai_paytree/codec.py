"""Signing what leaves, and believing only what is signed.

An answer counts when its signature is right *and* it answers the request that was sent: an old
answer, signed by PAYTREE too, may be put in the place of a new one by whoever stands between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import orjson
from kessai.gateway import Untrusted

from . import signing
from .signing import SIGNATURE, sign, verify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
    from kessai.commands import Reply
    from kessai.operation import Operation

    from .signing import Canonical

__all__ = ["PlainCodec", "SignedCodec"]


class PlainCodec:
    """JSON as it is, for test mode: nothing travels. Answers have to be to what was asked.

    ``amount``: what the last message asked for, in yen.
    """

    __slots__ = ("_request_id", "amount")

    def __init__(self) -> None:
        self._request_id: object = None
        self.amount: int | None = None

    def media(self, operation: Operation[Any, Any]) -> str:
        """JSON."""
        return operation.media

    def encode(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> bytes:
        """The message, and its number kept for the answer: a till has one request at a time."""
        self._request_id = wire.get("requestId")
        self.amount = wire.get("amount", wire.get("refundAmount"))
        return orjson.dumps(self._marked(wire))

    def decode(self, operation: Operation[Any, Any], reply: Reply) -> Any:
        """The answer's members. ``Untrusted`` for what is no answer to the last request."""
        try:
            parsed: Any = orjson.loads(reply.content)
        except orjson.JSONDecodeError:
            raise Untrusted("the body is no JSON") from None
        if not isinstance(parsed, dict):
            raise Untrusted("the body is no JSON object")
        answer = cast("dict[str, Any]", parsed)
        self._proven(answer)
        answers_to = answer.get("requestId")
        if answers_to is not None and answers_to != self._request_id:
            raise Untrusted("the answer is to another request")
        return answer

    def _marked(self, wire: Mapping[str, Any]) -> Mapping[str, Any]:
        return wire

    def _proven(self, answer: Mapping[str, Any]) -> None:
        """Raise ``Untrusted`` for an answer that nobody vouches for."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class SignedCodec(PlainCodec):
    """JSON with a signature over its members, both ways.

    Made once over the final message: every attempt of a request sends the same bytes.
    """

    __slots__ = ("_canonical", "_private_key", "_public_key")

    def __init__(
        self,
        private_key: RSAPrivateKey,
        public_key: RSAPublicKey,
        canonical: Canonical = signing.canonical,
    ) -> None:
        super().__init__()
        self._private_key = private_key
        self._public_key = public_key
        self._canonical = canonical

    def _marked(self, wire: Mapping[str, Any]) -> Mapping[str, Any]:
        members = {name: value for name, value in wire.items() if name != SIGNATURE}
        members[SIGNATURE] = sign(members, self._private_key, canonical=self._canonical)
        return members

    def _proven(self, answer: Mapping[str, Any]) -> None:
        signature = answer.get(SIGNATURE)
        if signature is None:
            raise Untrusted("the answer is not signed")
        if not verify(answer, signature, self._public_key, canonical=self._canonical):
            raise Untrusted("the answer's signature is wrong")
