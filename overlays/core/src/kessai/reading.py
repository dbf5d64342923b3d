"""What one attempt brought: the answer, or what it says about the order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import orjson

from kessai.commands import Fault
from kessai.errors import (
    GatewayError,
    NoAnswerError,
    NotSentError,
    UnexpectedStatusError,
    UnreadableAnswerError,
)
from kessai.gateway import Untrusted, Verdict
from kessai.lookup import Standing
from kessai.operation import Answer, Attempt
from kessai.wire import DecodeError, decode_nothing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kessai.call import Call
    from kessai.commands import Reply
    from kessai.operation import ValueT


class Seen(NamedTuple):
    """What an attempt without a readable success says; see ``Verdict`` for the kinds.

    ``unreadable``: a whole answer that reports success in a form nobody described. It is kept, and
    not asked for again, because a repeat would look the same.
    """

    kind: Literal[
        "refused", "again", "reauthorize", "failed", "final", "doubtful", "pending", "unreadable"
    ]
    error: GatewayError | NotSentError | NoAnswerError | UnreadableAnswerError
    pause: float | None = None
    reference: Mapping[str, str] = {}


def read(
    call: Call[ValueT],
    reply: Reply | Fault,
    decoders: Mapping[int, Callable[[Any], ValueT]],
    seconds: float,
) -> Answer[ValueT] | Seen:
    """Read what an attempt brought, and add it to the call's attempts."""
    attempts, name = call.attempts, call.operation.name
    number = len(attempts) + 1
    if isinstance(reply, Fault):
        attempts.append(Attempt(number, reply.sent, None, type(reply.error).__name__, seconds))
        seen = _fault(name, reply)
    elif 200 <= reply.status < 300:
        try:
            value = _value(call, reply, decoders)
            verdict = None
            if call.setup.answered is not None:
                verdict = _answered(call, reply, value)
            if verdict is not None:
                return _refused(call, reply, verdict, seconds)
            call.standing = _standing(call, reply, value)
        except UnreadableAnswerError as unreadable:
            attempts.append(Attempt(number, "yes", reply.status, "UnreadableAnswerError", seconds))
            seen = Seen("unreadable", unreadable)
        except _TornError as torn:
            attempts.append(
                Attempt(number, "maybe", reply.status, "UnreadableAnswerError", seconds)
            )
            seen = Seen("doubtful", _unreadable(name, reply, str(torn)))
        else:
            attempts.append(Attempt(number, "yes", reply.status, None, seconds))
            header = call.setup.gateway.request_id_header
            return Answer(
                value,
                status=reply.status,
                headers=reply.headers,
                content=reply.content,
                request_id=None if header is None else reply.headers.get(header),
                attempts=attempts,
                idempotency_key=call.prepared.key,
            )
    else:
        return _refused(call, reply, _judge(call, reply), seconds)
    seen.error.attempts = tuple(attempts)
    return seen


def _refused(call: Call[Any], reply: Reply, verdict: Verdict, seconds: float) -> Seen:
    """Write down an attempt whose answer, of whatever status, is no success."""
    attempts, error = call.attempts, verdict.error
    _complete(call, error, reply)
    sent: Literal["maybe", "yes"] = "maybe" if verdict.kind in ("doubtful", "pending") else "yes"
    attempts.append(Attempt(len(attempts) + 1, sent, reply.status, type(error).__name__, seconds))
    error.attempts = tuple(attempts)
    return Seen(verdict.kind, error, verdict.pause, verdict.reference)


class _TornError(Exception):
    """The body is not whole, or not the gateway's."""


def _value(
    call: Call[ValueT], reply: Reply, decoders: Mapping[int, Callable[[Any], ValueT]]
) -> ValueT:
    name, codec = call.operation.name, call.setup.codec
    if reply.torn:
        raise _TornError(
            "the body is shorter than promised, or in an encoding that nobody asked for"
        )
    decode = decoders.get(reply.status)
    try:
        if codec is not None:
            document = codec.decode(call.operation, reply)
        elif not reply.content and decode is decode_nothing:
            document = None
        else:
            document = orjson.loads(reply.content)
    except Untrusted as untrusted:
        raise _TornError(str(untrusted)) from None
    except orjson.JSONDecodeError:
        # A cut body without Content-Length looks complete until it is parsed; so does a page that
        # something between here and the gateway put in its place.
        raise _TornError("the body is no JSON" if reply.content else "the body is empty") from None
    except Exception as error:  # whatever a codec stumbles over has not been believed
        raise _TornError(f"{type(error).__name__} while unwrapping") from None
    if decode is None:
        raise _unreadable(name, reply, "no document names this status")
    try:
        return decode(document)
    except DecodeError as error:
        raise _unreadable(name, reply, str(error), error.pointer) from None
    except Exception as error:  # whatever a decoder stumbles over, the answer is not lost
        raise _unreadable(name, reply, f"{type(error).__name__} while decoding") from error


def _answered(call: Call[Any], reply: Reply, value: Any) -> Verdict | None:
    """Ask the gateway's overlay what a success of HTTP means.

    Where it stumbles nothing is proven, and no repeat would help: the answer is kept.
    """
    operation, answered = call.operation, call.setup.answered
    if answered is None:
        return None
    try:
        verdict = answered(operation, reply, value, call.maybe)
    except Exception as error:
        message = f"{type(error).__name__} while it was judged"
        raise _unreadable(operation.name, reply, message) from error
    if verdict is not None:
        verdict.error.value = value
    return verdict


def _standing(call: Call[ValueT], reply: Reply, value: ValueT) -> Standing | None:
    """What a success says in its body, where the gateway says it there."""
    operation = call.operation
    lookup = call.setup.gateway.lookup_for(operation)
    if lookup is None or operation.safe:
        return None
    try:
        standing = lookup.own(operation, value)
    except Exception:  # an overlay's mistake proves nothing about the order
        return Standing("unsettled")
    call.learned.update(standing.reference)
    if standing.kind == "failed":
        raise _unreadable(
            operation.name, reply, "the status says success, and the result does not", "/result"
        )
    return standing


def _unreadable(
    name: str, reply: Reply, message: str, pointer: str | None = None
) -> UnreadableAnswerError:
    return UnreadableAnswerError(
        message,
        operation=name,
        status=reply.status,
        headers=reply.headers,
        content=reply.content,
        pointer=pointer,
    )


def _fault(name: str, fault: Fault) -> Seen:
    kind = type(fault.error).__name__
    if fault.sent == "no":
        error: NotSentError | NoAnswerError = NotSentError(
            f"{name}: nothing was sent ({kind})", operation=name
        )
    else:
        error = NoAnswerError(f"{name}: no complete answer came ({kind})", operation=name)
    error.__cause__ = fault.error
    return Seen("again" if fault.sent == "no" else "doubtful", error)


def _judge(call: Call[Any], reply: Reply) -> Verdict:
    """Ask the gateway's overlay, except where no gateway's word counts."""
    gateway, operation = call.setup.gateway, call.operation
    if reply.torn:
        verdict = Verdict("doubtful", UnexpectedStatusError("the body is shorter than promised"))
    elif reply.status < 400:
        verdict = Verdict("doubtful", UnexpectedStatusError("a redirect, which is never followed"))
    else:
        try:
            verdict = gateway.judge(operation, reply)
        except Exception as fault:  # an overlay's mistake proves nothing about the order
            verdict = Verdict("doubtful", UnexpectedStatusError("could not be judged"))
            verdict.error.__cause__ = fault
    return verdict


def _complete(call: Call[Any], error: GatewayError, reply: Reply) -> None:
    header = call.setup.gateway.request_id_header
    error.operation = call.operation.name
    error.status = reply.status
    error.headers = reply.headers
    if header is not None and error.request_id is None:
        error.request_id = reply.headers.get(header)
