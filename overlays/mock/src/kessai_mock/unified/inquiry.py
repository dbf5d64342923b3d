"""getTransactionResult: what came of one request, as it was then."""

from __future__ import annotations

from .call import Answer, Call
from .results import CODES, WAITING, ResultError, result


def get_transaction_result(call: Call) -> Answer:
    """getTransactionResult: undetermined is UA-U00-001 without data.

    The result outside is that of the request asked about where that came with HTTP status
    200; a failure is told inside, and the inquiry itself is a success (assumed).
    """
    record = call.gateway.records.get(call.body.need("transaction", "fepReferenceId"))
    if record is None:
        raise ResultError("UA-REQ-900")
    if not record.determined:
        return Answer(WAITING, {"result": result(WAITING)})
    code = record.code if CODES[record.code].http == 200 else "UA-000-001"
    return Answer(code, {"result": result(code), "transactionData": record.content})
