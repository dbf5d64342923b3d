"""The mock of PAYTREE called in this thread: no socket, no server, no real time.

`Driver` is a till with keys of its own. It signs with its own reading of the canonical string, and
holds every answer against the signature and the models generated from the spec.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import kessai_mock_models.paytree as models
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key
from kessai_mock.clock import Clock
from kessai_mock.paytree import Gateway, KeyPair, Settings, create_app
from pydantic import TypeAdapter

from tests.support.mock_driver import DriverBase, Reply

ORIGIN = "http://127.0.0.1:8805"
COMMON = {
    "merchantId": "000000000001",
    "terminalUniqueId": "1234500000421",
    "branchCode": "SHIBUYA1",
    "terminalCode": "POS01",
    "locale": "JAPAN",
    "timeZone": "p9",
    "currencyCode": "JPY",
    "appVersion": "windows-WbCPSPay-1.0",
}
ANSWERS = {
    "pay": "PayResponse", "payV1": "PayResponse", "refund": "RefundResponse",
    "reverse": "ReverseResponse", "confirm": "ConfirmResponse", "confirmV1": "ConfirmResponse",
    "deposit": "DepositResponse",
}  # fmt: skip


@cache
def keys(owner: str) -> KeyPair:
    """Somebody's keys, made once: an owner of another name has others."""
    return KeyPair.generate()


def canonical(members: Mapping[str, Any]) -> bytes:
    """The flat messages of this API, worked out here and not by the mock."""
    told = {name: value for name, value in members.items() if name != "sign" and value != ""}
    return "&".join(f"{name}={told[name]}" for name in sorted(told)).encode()


@cache
def _private(owner: str) -> RSAPrivateKey:
    key = load_pem_private_key(keys(owner).private_pem, None)
    assert isinstance(key, RSAPrivateKey)
    return key


def signature(members: Mapping[str, Any], owner: str = "till") -> str:
    """What `owner` signs a message with."""
    made = _private(owner).sign(canonical(members), PKCS1v15(), SHA1())
    return base64.b64encode(made).decode()


class Answer(Reply):
    """An answer of the API, or of /_mock."""

    @property
    def code(self) -> str:
        """The result code."""
        return str(self.json()["code"])

    @property
    def trans_status(self) -> int | None:
        """The transaction's status."""
        found = self.json().get("transStatus")
        return None if found is None else int(found)

    @property
    def order_id(self) -> str:
        """The order's number."""
        return str(self.json()["orderId"])


class Driver(DriverBase[Gateway, Answer]):
    """A mock, a till, and its customer."""

    def __init__(
        self, settings: Settings | None = None, *, seed: int = 1, clock: Clock | None = None
    ) -> None:
        chosen = settings or Settings(
            merchant_public_key=keys("till").public_pem, private_key=keys("gateway").private_pem
        )
        super().__init__(create_app(seed=seed, settings=chosen, clock=clock), ORIGIN, Answer)
        self.sent = 0

    def message(self, **members: Any) -> dict[str, Any]:
        """What a till sends, signed; a member that is None is left out."""
        self.sent += 1
        given = {**COMMON, "requestId": f"R{self.sent}", **members}
        made = {name: value for name, value in given.items() if value is not None}
        return {**made, "sign": signature(made)}

    async def call(self, operation: str, **members: Any) -> Answer:
        """An operation as a coroutine, for overlapping ones."""
        return await self.deliver(operation, self.message(**members))

    async def deliver(self, operation: str, message: Mapping[str, Any]) -> Answer:
        """A whole message, as it is; its answer is checked."""
        content = json.dumps(message, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        answer = await self.send("POST", f"/{operation}", headers, content)
        if answer.status == 200 and answer.headers.get("content-type") == "application/json":
            self.hold(operation, answer)
            assert answer.json().get("requestId") == message.get("requestId")
        return answer

    def hold(self, operation: str, answer: Answer) -> None:
        """Raise unless the answer is signed by the mock, and what the spec says."""
        told = answer.json()
        key = load_pem_public_key(self.gateway.public_pem)
        assert isinstance(key, RSAPublicKey)
        key.verify(base64.b64decode(told["sign"]), canonical(told), PKCS1v15(), SHA1())
        adapter: TypeAdapter[Any] = TypeAdapter(getattr(models, ANSWERS[operation]))
        adapter.validate_json(answer.content, strict=True)

    def post(self, operation: str, **members: Any) -> Answer:
        """An operation."""
        return self.run(self.call(operation, **members))

    def pay(self, amount: int = 1980, **members: Any) -> Answer:
        """A payment by PayPay."""
        given = {"payType": "PayPay", "userCode": "281012345678901234", "amount": amount}
        return self.post("pay", **{**given, **members})

    def request(
        self, method: str, path: str, content: bytes = b"", media: str = "application/json"
    ) -> Answer:
        """Any request."""
        return self.run(self.send(method, path, {"Content-Type": media}, content))

    def get(self, path: str) -> Answer:
        """A page or an admin route."""
        return self.request("GET", path)
