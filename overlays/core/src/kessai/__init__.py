"""kessai: typed clients for Japanese payment gateways. This is the runtime they share.

A provider's package (``kessai_gmo``) is what a merchant imports. Names are imported when they are
first used, so that ``import kessai`` costs next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kessai.client import (
        AsyncClient,
        Client,
        ClientOptions,
    )
    from kessai.environment import (
        Environment,
        Timeout,
    )
    from kessai.errors import (
        AmountLimitExceededError,
        AuthenticationError,
        BadGatewayError,
        CardDeclinedError,
        ConfigurationError,
        ConflictError,
        CsrfTokenError,
        DeadlineExceededError,
        DeclinedError,
        GatewayError,
        InsufficientBalanceError,
        IntentClosedError,
        IntentConflictError,
        IntentInProgressError,
        InvalidContractError,
        InvalidHeaderError,
        InvalidParameterError,
        InvalidRequestError,
        InvalidStateError,
        KessaiError,
        MaintenanceError,
        MalformedEventError,
        MethodNotAllowedError,
        MissingParameterError,
        NoAnswerError,
        NotFoundError,
        NotSentError,
        OperationAbortedByUserError,
        OutcomeUnknown,
        ProcessingFailureError,
        ReceiveError,
        RequestWarning,
        ServerError,
        SignatureError,
        SourceAddressError,
        StoreError,
        TestNoticeError,
        TooManyRequestsError,
        TransactionCountExceededError,
        TransactionExpiredError,
        UnexpectedStatusError,
        UnreadableAnswerError,
        UnsupportedMediaTypeError,
        ValidationError,
    )
    from kessai.operation import (
        Answer,
        Attempt,
        CallOptions,
    )
    from kessai.outcome import (
        Done,
        Doubled,
        NotDone,
        NotPaid,
        Open,
        Outcome,
        Paid,
        PaidCheckNeeded,
        Stray,
    )
    from kessai.system import (
        System,
    )

__version__ = "0.1.0"

__all__ = [
    "AmountLimitExceededError",
    "Answer",
    "AsyncClient",
    "Attempt",
    "AuthenticationError",
    "BadGatewayError",
    "CallOptions",
    "CardDeclinedError",
    "Client",
    "ClientOptions",
    "ConfigurationError",
    "ConflictError",
    "CsrfTokenError",
    "DeadlineExceededError",
    "DeclinedError",
    "Done",
    "Doubled",
    "Environment",
    "GatewayError",
    "InsufficientBalanceError",
    "IntentClosedError",
    "IntentConflictError",
    "IntentInProgressError",
    "InvalidContractError",
    "InvalidHeaderError",
    "InvalidParameterError",
    "InvalidRequestError",
    "InvalidStateError",
    "KessaiError",
    "MaintenanceError",
    "MalformedEventError",
    "MethodNotAllowedError",
    "MissingParameterError",
    "NoAnswerError",
    "NotDone",
    "NotFoundError",
    "NotPaid",
    "NotSentError",
    "Open",
    "OperationAbortedByUserError",
    "Outcome",
    "OutcomeUnknown",
    "Paid",
    "PaidCheckNeeded",
    "ProcessingFailureError",
    "ReceiveError",
    "RequestWarning",
    "ServerError",
    "SignatureError",
    "SourceAddressError",
    "StoreError",
    "Stray",
    "System",
    "TestNoticeError",
    "Timeout",
    "TooManyRequestsError",
    "TransactionCountExceededError",
    "TransactionExpiredError",
    "UnexpectedStatusError",
    "UnreadableAnswerError",
    "UnsupportedMediaTypeError",
    "ValidationError",
]

if not TYPE_CHECKING:
    _ROOMS = {
        "client": {"AsyncClient", "Client", "ClientOptions"},
        "environment": {"Environment", "Timeout"},
        "operation": {"Answer", "Attempt", "CallOptions"},
        "outcome": {
            "Done",
            "Doubled",
            "NotDone",
            "NotPaid",
            "Open",
            "Outcome",
            "Paid",
            "PaidCheckNeeded",
            "Stray",
        },
        "system": {"System"},
    }

    def __getattr__(name: str) -> object:
        # The rest of __all__ are errors. Hidden from type checkers, or misspelt names would pass.
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib import import_module

        room = next((room for room, names in _ROOMS.items() if name in names), "errors")
        value = globals()[name] = getattr(import_module(f"{__name__}.{room}"), name)
        return value

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
