"""Everything kessai raises.

::

    KessaiError
    ├── ConfigurationError            an option, address or key that cannot work; nothing was sent
    ├── ValidationError               the request breaks limits; nothing was sent; .violations
    ├── NotSentError                  no attempt left this machine; the same call may be made again
    │   └── DeadlineExceededError     time ran out before anything left
    ├── NoAnswerError                 a read was sent and no complete answer came back
    ├── OutcomeUnknown                an order may have been carried out; hand it to resolve()
    ├── UnreadableAnswerError         an answer came that cannot be read; .status .headers .content
    ├── IntentConflictError           the intent, or an unknown, was made with another request
    ├── IntentInProgressError         another process works on this intent now
    ├── IntentClosedError             this intent ended earlier; nothing was sent again
    ├── StoreError                    a store could not be reached or written
    ├── GatewayError                  the gateway said no; .status .title .detail .headers
    │   ├── AuthenticationError       401
    │   ├── InvalidRequestError       400
    │   │   ├── InvalidContractError, InvalidHeaderError, InvalidParameterError
    │   │   ├── InvalidStateError, MissingParameterError
    │   │   └── TransactionCountExceededError, TransactionExpiredError
    │   ├── DeclinedError             402
    │   │   ├── CardDeclinedError, InsufficientBalanceError, AmountLimitExceededError
    │   │   └── OperationAbortedByUserError, ProcessingFailureError
    │   ├── NotFoundError 404, MethodNotAllowedError 405, UnsupportedMediaTypeError 415
    │   ├── ConflictError 409, TooManyRequestsError 429
    │   ├── ServerError               500 and above
    │   │   └── BadGatewayError       502
    │   ├── MaintenanceError          announced maintenance
    │   └── UnexpectedStatusError     a status or page that no document names
    └── ReceiveError                  a callback or webhook that must not be believed
        ├── SignatureError, CsrfTokenError, SourceAddressError
        └── MalformedEventError, TestNoticeError

No message or repr holds a body, a key or card data. What an answer said is kept in attributes
(``content``, ``detail``), because only the caller knows where they may be shown.
"""

from __future__ import annotations

from kessai.failures import (
    ConfigurationError,
    DeadlineExceededError,
    IntentClosedError,
    IntentConflictError,
    IntentInProgressError,
    KessaiError,
    NoAnswerError,
    NotSentError,
    OutcomeUnknown,
    StoreError,
    UnreadableAnswerError,
    ValidationError,
)
from kessai.refusals import (
    AmountLimitExceededError,
    AuthenticationError,
    BadGatewayError,
    CardDeclinedError,
    ConflictError,
    CsrfTokenError,
    DeclinedError,
    GatewayError,
    InsufficientBalanceError,
    InvalidContractError,
    InvalidHeaderError,
    InvalidParameterError,
    InvalidRequestError,
    InvalidStateError,
    MaintenanceError,
    MalformedEventError,
    MethodNotAllowedError,
    MissingParameterError,
    NotFoundError,
    OperationAbortedByUserError,
    ProcessingFailureError,
    ReceiveError,
    RequestWarning,
    ServerError,
    SignatureError,
    SourceAddressError,
    TestNoticeError,
    TooManyRequestsError,
    TransactionCountExceededError,
    TransactionExpiredError,
    UnexpectedStatusError,
    UnsupportedMediaTypeError,
)

__all__ = [
    "AmountLimitExceededError",
    "AuthenticationError",
    "BadGatewayError",
    "CardDeclinedError",
    "ConfigurationError",
    "ConflictError",
    "CsrfTokenError",
    "DeadlineExceededError",
    "DeclinedError",
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
    "NotFoundError",
    "NotSentError",
    "OperationAbortedByUserError",
    "OutcomeUnknown",
    "ProcessingFailureError",
    "ReceiveError",
    "RequestWarning",
    "ServerError",
    "SignatureError",
    "SourceAddressError",
    "StoreError",
    "TestNoticeError",
    "TooManyRequestsError",
    "TransactionCountExceededError",
    "TransactionExpiredError",
    "UnexpectedStatusError",
    "UnreadableAnswerError",
    "UnsupportedMediaTypeError",
    "ValidationError",
]

for _name in __all__:
    # One public address, in tracebacks and pickles too, although they are written in two rooms.
    globals()[_name].__module__ = __name__
