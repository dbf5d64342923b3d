"""The errors in which kessai itself speaks. Import them from ``kessai.errors``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kessai.constraints import Violation
    from kessai.operation import Attempt


def _restore(
    cls: type[KessaiError], args: tuple[object, ...], state: dict[str, Any]
) -> KessaiError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class KessaiError(Exception):
    """The root of everything kessai raises. All of it can be pickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by state: the constructors take keywords, which exceptions do not replay."""
        return (_restore, (type(self), self.args, dict(self.__dict__)))


class ConfigurationError(KessaiError):
    """An option, address or key that cannot work. Names the cause and the remedy."""


class ValidationError(KessaiError):
    """The request breaks documented limits; nothing was sent.

    ``violations`` lists every one with its JSON pointer, never with the value.
    """

    def __init__(self, violations: Sequence[Violation], *, operation: str = "") -> None:
        self.violations: tuple[Violation, ...] = tuple(violations)
        self.operation: str = operation
        lines = [f"{violation.pointer or '/'}: {violation.message}" for violation in violations]
        count = "1 limit" if len(lines) == 1 else f"{len(lines)} limits"
        super().__init__("\n  ".join([f"{operation or 'request'} breaks {count}", *lines]))


class NotSentError(KessaiError):
    """No attempt left this machine (no connection, no token, no free place).

    The same call may be made again at any time.
    """

    def __init__(
        self, message: str, *, operation: str = "", attempts: Sequence[Attempt] = ()
    ) -> None:
        self.operation: str = operation
        self.attempts: tuple[Attempt, ...] = tuple(attempts)
        super().__init__(message)


class DeadlineExceededError(NotSentError):
    """The call's total deadline ended before anything left."""


class NoAnswerError(KessaiError):
    """A read was sent and no complete answer came back. Reading again is harmless."""

    def __init__(
        self, message: str, *, operation: str = "", attempts: Sequence[Attempt] = ()
    ) -> None:
        self.operation: str = operation
        self.attempts: tuple[Attempt, ...] = tuple(attempts)
        super().__init__(message)


class OutcomeUnknown(KessaiError):
    """An order may have been carried out, and no answer of this call can say.

    Do not repeat the order: hand this to ``client.resolve(...)``, which asks the gateway. It holds
    no body and can be pickled, or kept as a record (``to_record``), until then.

    - ``operation``: the gateway's name of the call; ``scope``: gateway, shop and environment
    - ``idempotency_key``: the key every attempt carried, or None
    - ``reference``: what the gateway can be asked by (``{"orderId": ...}``), empty when by nothing
    - ``expected``: what the question's answer must agree with, by JSON pointer
    - ``attempts``: what happened, in order; ``first_sent_at``: aware, by this machine's clock
    - ``span``: seconds from then until the last attempt had left, a repeat by ``resolve`` included
    - ``digest``: of the exact bytes; ``intent``: the journal's name of it, or None
    - ``repeat``: False when no repeat under the key could settle it, or may be sent
    - ``path``: what its path was filled with, or None where it has no parameters
    - ``last_error``: what the last attempt ended with; None when read from a record
    """

    def __init__(
        self,
        *,
        operation: str,
        scope: str,
        idempotency_key: str | None,
        reference: Mapping[str, str],
        expected: Mapping[str, str],
        attempts: Sequence[Attempt],
        first_sent_at: datetime,
        digest: str,
        intent: str | None = None,
        repeat: bool = True,
        last_error: KessaiError | None = None,
        reason: str = "",
        path: str | None = None,
        span: float = 0.0,
    ) -> None:
        self.operation: str = operation
        self.scope: str = scope
        self.idempotency_key: str | None = idempotency_key
        self.reference: dict[str, str] = dict(reference)
        self.expected: dict[str, str] = dict(expected)
        self.attempts: tuple[Attempt, ...] = tuple(attempts)
        self.first_sent_at: datetime = first_sent_at
        self.digest: str = digest
        self.intent: str | None = intent
        self.repeat: bool = repeat
        self.path: str | None = path
        self.span: float = span
        self.last_error: KessaiError | None = last_error
        self.reason: str = reason or (type(last_error).__name__ if last_error else "")
        because = f" ({self.reason})" if self.reason else ""
        super().__init__(
            f"{operation}: the order may have been carried out{because}; "
            "do not repeat it, ask with resolve()"
        )

    def to_record(self) -> dict[str, Any]:
        """Return everything but ``last_error`` as plain data, ready for JSON."""
        return {
            "version": 1,
            "operation": self.operation,
            "scope": self.scope,
            "idempotency_key": self.idempotency_key,
            "reference": dict(self.reference),
            "expected": dict(self.expected),
            "attempts": [list(attempt) for attempt in self.attempts],
            "first_sent_at": self.first_sent_at.isoformat(),
            "digest": self.digest,
            "intent": self.intent,
            "repeat": self.repeat,
            "path": self.path,
            "span": self.span,
            "reason": self.reason,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Self:
        """Read what ``to_record`` wrote; ``ConfigurationError`` when it is something else."""
        from datetime import datetime

        from kessai.operation import Attempt

        try:
            if record["version"] != 1:
                raise ValueError("version")
            return cls(
                operation=str(record["operation"]),
                scope=str(record["scope"]),
                idempotency_key=record["idempotency_key"],
                reference=record["reference"],
                expected=record["expected"],
                attempts=[Attempt(*attempt) for attempt in record["attempts"]],
                first_sent_at=datetime.fromisoformat(record["first_sent_at"]),
                digest=str(record["digest"]),
                intent=record["intent"],
                repeat=bool(record.get("repeat", True)),
                reason=str(record["reason"]),
                path=record.get("path"),
                span=_span(record.get("span", 0.0)),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ConfigurationError(
                f"this is no record of an OutcomeUnknown ({type(error).__name__}: "
                f"{error.args[0] if isinstance(error, KeyError) else 'wrong shape'}); "
                "pass what OutcomeUnknown.to_record() returned"
            ) from None


def _span(value: object) -> float:
    if isinstance(value, int | float) and 0 <= value < float("inf"):
        return float(value)
    raise ValueError("span")


class UnreadableAnswerError(KessaiError):
    """An answer came that cannot be read: torn, of an unnamed status, or with mistyped fields.

    ``pointer`` names the field where one is at fault. ``content`` is kept and never shown. When the
    answer was a success and the order may have been carried out, ``unknown`` can be given to
    ``client.resolve(...)``.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str,
        status: int,
        headers: Mapping[str, str],
        content: bytes,
        pointer: str | None = None,
        attempts: Sequence[Attempt] = (),
    ) -> None:
        self.operation: str = operation
        self.status: int = status
        self.headers: Mapping[str, str] = headers
        self.content: bytes = content
        self.pointer: str | None = pointer
        self.attempts: tuple[Attempt, ...] = tuple(attempts)
        self.unknown: OutcomeUnknown | None = None
        super().__init__(f"{operation}: {status}: {message}")


class IntentConflictError(KessaiError):
    """This intent, or this unknown outcome, belongs to a request with other bytes."""


class IntentInProgressError(KessaiError):
    """Another process or thread works on this intent now; nothing was sent."""


class IntentClosedError(KessaiError):
    """This intent came to an end earlier; nothing was sent again.

    ``end`` is the journal's word for it (``done``, ``check_needed``, ``doubled``, ``stray``).
    The journal keeps no bodies: ask the gateway by ``reference`` for the state as it is now.
    """

    def __init__(
        self,
        *,
        operation: str,
        intent: str,
        end: str,
        reference: Mapping[str, str],
        record: Mapping[str, str],
        idempotency_key: str | None,
    ) -> None:
        self.operation: str = operation
        self.intent: str = intent
        self.end: str = end
        self.reference: dict[str, str] = dict(reference)
        self.record: dict[str, str] = dict(record)
        self.idempotency_key: str | None = idempotency_key
        super().__init__(f"{operation}: this intent has ended before ({end}); nothing was sent")


class StoreError(KessaiError):
    """A store could not be reached or written.

    The change asked for may or may not have been made. Every method can be asked again: a claim,
    slot or entry taken by the lost answer frees itself when its lease ends.
    """
