"""Parse and encode: our models against msgspec and against orjson on plain dicts."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import orjson
from kessai_gmo import models as m

from tests.benchmarks.measure import Row, compare
from tests.benchmarks.samples import (
    ChargeAnswerStruct,
    DatedChargeAnswerStruct,
    charge_answer,
    charge_request,
)


def run(progress: Callable[[], object], *, rounds: int, calls: int) -> list[Row]:
    """Measure from bytes to objects, and from objects to bytes."""
    answer = orjson.dumps(charge_answer())
    decoder = msgspec.json.Decoder(ChargeAnswerStruct)
    dated = msgspec.json.Decoder(DatedChargeAnswerStruct)
    decode = m.CreditChargeResponse.decode
    request = charge_request()
    plain = request.to_wire()
    return [
        *compare(
            f"parse a charge answer of {len(answer)} bytes",
            {
                "msgspec.Struct": lambda: decoder.decode(answer),
                "msgspec.Struct, dates parsed": lambda: dated.decode(answer),
                "orjson to dicts": lambda: orjson.loads(answer),
                "kessai": lambda: decode(orjson.loads(answer)),
            },
            peer="msgspec.Struct",
            calls=calls,
            rounds=rounds,
            aims={"kessai": 3.5},
            progress=progress,
        ),
        *compare(
            f"encode a charge request of {len(orjson.dumps(plain))} bytes",
            {
                "orjson on dicts": lambda: orjson.dumps(plain),
                "kessai": lambda: orjson.dumps(request.to_wire()),
            },
            peer="orjson on dicts",
            calls=calls,
            rounds=rounds,
            aims={"kessai": 4.5},
            progress=progress,
        ),
    ]
