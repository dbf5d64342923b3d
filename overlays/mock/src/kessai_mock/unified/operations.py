"""The eight commands. The path is assumed: the document prints a base and the names."""

from __future__ import annotations

from . import application, commands, inquiry, payment
from .call import Operation

BASE = "/fep/command"
OPERATIONS: tuple[Operation, ...] = (
    Operation("pay", "PayRequest", application.pay),
    Operation("subscribe", "SubscribeRequest", application.subscribe),
    Operation("updateOrder", "UpdateOrderRequest", commands.update_order),
    Operation("capture", "CaptureRequest", commands.capture),
    Operation("cancel", "CancelRequest", commands.cancel),
    Operation("charge", "ChargeRequest", payment.charge),
    Operation("terminate", "TerminateRequest", payment.terminate),
    Operation(
        "getTransactionResult",
        "GetTransactionResultRequest",
        inquiry.get_transaction_result,
        idempotent=False,
    ),
)
