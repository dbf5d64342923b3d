"""Parse and encode at UnivaPay: the awaiting charge of the konbini guide, and a charge request."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import msgspec
import orjson
from kessai_univapay import models as m

from tests.benchmarks.measure import Row, compare


class ChargeStruct(msgspec.Struct):
    """What msgspec needs to parse the same answer, its date as text."""

    id: str
    store_id: str
    transaction_token_id: str
    transaction_token_type: str
    requested_amount: int
    requested_currency: str
    requested_amount_formatted: float
    status: str
    mode: str
    created_on: str
    subscription_id: str | None = None
    merchant_transaction_id: str | None = None
    charged_amount: int | None = None
    charged_currency: str | None = None
    charged_amount_formatted: float | None = None
    fee_amount: int | None = None
    fee_currency: str | None = None
    fee_amount_formatted: float | None = None
    only_direct_currency: bool = False
    capture_at: str | None = None
    descriptor: str | None = None
    descriptor_phone_number: str | None = None
    error: dict[str, Any] | None = None
    metadata: dict[str, Any] = {}


class DatedChargeStruct(ChargeStruct):
    """The same with its date parsed, which ours does when it is read."""

    created_on: datetime.datetime  # type: ignore[assignment]  # pyright: ignore


def charge_answer() -> dict[str, Any]:
    """The guide's awaiting charge, all 24 members."""
    return {
        "id": "11ed07f5-345d-4308-a4c9-9f6b3663e18f",
        "store_id": "11ec9f7f-fb01-2620-af32-af7eb1bedc1a",
        "transaction_token_id": "11ed07f5-2da0-18ce-96f7-9f06340a7a87",
        "transaction_token_type": "one_time",
        "subscription_id": None,
        "merchant_transaction_id": None,
        "requested_amount": 100,
        "requested_currency": "JPY",
        "requested_amount_formatted": 100,
        "charged_amount": 100,
        "charged_currency": "JPY",
        "charged_amount_formatted": 100,
        "fee_amount": None,
        "fee_currency": None,
        "fee_amount_formatted": None,
        "only_direct_currency": False,
        "capture_at": None,
        "descriptor": None,
        "descriptor_phone_number": None,
        "status": "awaiting",
        "error": None,
        "metadata": {
            "internal_convenience_payment_number": "20020-123456789012",
            "internal_convenience_payment_url": "https://slip.example.com/1",
        },
        "mode": "live",
        "created_on": "2022-07-20T06:28:44.521327Z",
    }


def run(progress: Callable[[], object], *, rounds: int, calls: int) -> list[Row]:
    """Measure from bytes to objects, and from objects to bytes."""
    answer = orjson.dumps(charge_answer())
    decoder = msgspec.json.Decoder(ChargeStruct)
    dated = msgspec.json.Decoder(DatedChargeStruct)
    decode = m.Charge.decode
    request = m.ChargeRequest(
        transaction_token_id="11ed00f1-da1b-c4d2-b420-37b91ef1b282",
        amount=3980,
        currency="JPY",
        metadata={"univapay-reference-id": "BOOK-1001"},
    )
    plain = request.to_wire()
    return [
        *compare(
            f"parse a UnivaPay charge of {len(answer)} bytes",
            {
                "msgspec.Struct": lambda: decoder.decode(answer),
                "msgspec.Struct, dates parsed": lambda: dated.decode(answer),
                "orjson to dicts": lambda: orjson.loads(answer),
                "kessai": lambda: decode(orjson.loads(answer)),
            },
            peer="msgspec.Struct",
            calls=calls,
            rounds=rounds,
            progress=progress,
        ),
        *compare(
            f"encode a UnivaPay charge of {len(orjson.dumps(plain))} bytes",
            {
                "orjson on dicts": lambda: orjson.dumps(plain),
                "kessai": lambda: orjson.dumps(request.to_wire()),
            },
            peer="orjson on dicts",
            calls=calls,
            rounds=rounds,
            progress=progress,
        ),
    ]
