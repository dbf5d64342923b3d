"""The life of one call, as a generator without I/O: check, key, attempts, outcome.

What may be sent again follows from three things: whether anything was maybe sent, whether the call
only reads (safe), and whether the gateway replays a repeat (idempotency key). Either of the last
two makes a call *repeatable*, unless its gateway says otherwise (``Gateway.repeatable``).

============================ ========================== =========================================
this attempt                 nothing maybe sent before  an attempt before was maybe sent
============================ ========================== =========================================
not sent (connect, pool)     again                      again, same key
no answer, doubtful answer   repeatable: again;         again, same key
                             else OutcomeUnknown
refused                      raised                     settles nothing: again, same key
failed                       raised                     settles nothing, and would run anew each
                                                        time: OutcomeUnknown
final                        raised                     raised: the gateway replays failures too
pending                      OutcomeUnknown             OutcomeUnknown
again (429)                  again, after a pause       again, same key, after a pause
reauthorize (401)            once, with a fresh token   likewise
success                      returned                   returned: the gateway's replay
attempts or time at an end   the last error             OutcomeUnknown
============================ ========================== =========================================

What an answer says, the gateway's ``judge`` says of status 400 and above, and its ``answered`` of
2xx, where a success of HTTP can be a refusal; then the error holds the decoded answer as ``value``.
An answer that is torn or that the codec cannot believe is doubtful; one that cannot be decoded, or
at which ``answered`` stumbles, is kept in an ``UnreadableAnswerError``, and no repeat would help.

A safe call never counts as maybe sent. Residual: the deadline bounds each wait and the reading of a
body, not a header block that drips in byte by byte.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Generic

from kessai.commands import Emit, Fault, Now, Send, Sleep
from kessai.environment import Timeout
from kessai.errors import (
    DeadlineExceededError,
    KessaiError,
    NotSentError,
    OutcomeUnknown,
    UnreadableAnswerError,
)
from kessai.gateway import Outgoing
from kessai.hooks import AttemptEnded, AttemptStarted, CallEnded, CallStarted, PauseStarted
from kessai.ledger import close_intent, give_slot, open_intent, take_slot, write_down
from kessai.lookup import kept, spanned
from kessai.operation import Answer, Attempt, ValueT
from kessai.options import own_header
from kessai.prepare import prepare
from kessai.reading import read
from kessai.retry import pause_before, retry_after

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command, Reply
    from kessai.lookup import Standing
    from kessai.operation import CallOptions, Operation, RequestT
    from kessai.prepare import Prepared
    from kessai.setup import Setup
    from kessai.stores.values import Entry, Slot


def call(
    setup: Setup, operation: Operation[RequestT, ValueT], request: RequestT, options: CallOptions
) -> Generator[Command, Any, Answer[ValueT]]:
    """Run one operation from the request to its end. Raises what ``kessai.errors`` lists."""
    prepared = yield from prepare(setup, operation, request, options)
    answer: Answer[ValueT] = yield from Call(setup, prepared, operation).run()
    return answer


class Call(Generic[ValueT]):
    """One prepared call on its way through its attempts.

    ``entry``: the journal's entry, when somebody else has opened or taken it. ``maybe``: an order
    of this call may have arrived. ``learned``: names to ask by that answers gave. ``repeat``: a
    repeat could still say more. ``standing``: what the success says in its body.
    """

    __slots__ = (
        "_deadline",
        "_decoders",
        "_first_sent",
        "_journalled",
        "_marks",
        "_reauthorized",
        "_refused",
        "_sending",
        "_slot",
        "_span",
        "_started",
        "attempts",
        "entry",
        "learned",
        "maybe",
        "operation",
        "prepared",
        "repeat",
        "setup",
        "standing",
    )

    def __init__(
        self,
        setup: Setup,
        prepared: Prepared,
        operation: Operation[Any, ValueT],
        entry: Entry | None = None,
    ) -> None:
        self.setup: Setup = setup
        self.prepared: Prepared = prepared
        self.operation: Operation[Any, ValueT] = operation
        self.entry: Entry | None = entry
        self.attempts: list[Attempt] = []
        self.maybe: bool = False
        self.learned: dict[str, str] = {}
        self.repeat: bool = True
        self.standing: Standing | None = None
        # Resolved before anything leaves: a model that cannot be imported must not cost an answer.
        self._decoders = operation.answers
        self._journalled = 0 if entry is None else entry.attempts
        self._marks: Mapping[str, str] = {}
        self._refused: Mapping[str, str] | None = None
        self._reauthorized = False
        self._sending = False
        self._slot: Slot | None = None
        self._first_sent = 0.0
        self._span = 0.0
        self._started = 0.0
        self._deadline = 0.0

    def run(self) -> Generator[Command, Any, Answer[ValueT]]:
        """Open the journal, make the attempts, close the journal, and tell the hooks."""
        setup, prepared = self.setup, self.prepared
        self._started = yield Now()
        self._deadline = self._started + prepared.deadline
        if setup.listening:
            yield Emit(
                CallStarted(
                    prepared.number,
                    self.operation.name,
                    prepared.key,
                    prepared.intent,
                    prepared.reference,
                    len(prepared.content),
                )
            )
        try:
            if prepared.intent is not None and self.entry is None:
                self.entry = yield from open_intent(setup, prepared)
            answer = yield from self._attempts()
        except KessaiError as error:
            yield from self._failed(error)
            raise
        except Exception as error:
            # A fault of the program, ours or an overlay's. It settles nothing about the order.
            self.maybe = self.maybe or (self._sending and not self.operation.safe)
            yield from self._failed(stopped := self._stop(error))
            if stopped is error:
                raise
            raise stopped from error
        except GeneratorExit:
            raise
        except BaseException as error:
            # Cancelled or interrupted: what is in the journal stays there.
            if setup.listening:
                yield from self._tell("abandoned", None, error)
            raise
        if self.entry is not None:
            standing, record = self.standing, {"status": str(answer.status)}
            if standing is not None and standing.end == "open":
                record["reason"] = f"waiting: {standing.state}"
            record |= kept(self.learned, self.entry.reference, True)
            end = "done" if standing is None else standing.end
            yield from close_intent(setup, prepared.number, self.entry, end, record)
        if setup.listening:
            yield from self._tell("answered", answer.status, None)
        return answer

    def _attempts(self) -> Generator[Command, Any, Answer[ValueT]]:
        prepared, setup, operation = self.prepared, self.setup, self.operation
        now = self._started
        last: KessaiError | None = None
        number = 0
        while True:
            number += 1
            if now >= self._deadline:
                raise self._out_of_time(last)
            began = yield from self._make_ready(number, now, last)
            if number > 1:
                self._span = began - self._started  # of which the first may have had to wait
            self._sending = True
            reply: Reply | Fault = yield self._send(began)
            self._sending = False
            now = yield Now()
            seen = read(self, reply, self._decoders, now - began)
            if self._slot is not None and (not isinstance(reply, Fault) or reply.sent == "no"):
                yield from give_slot(setup, prepared, self._slot)
            if setup.listening:
                yield Emit(AttemptEnded(prepared.number, operation.name, *self.attempts[-1]))
            if isinstance(seen, Answer):
                return seen
            kind, last, pause, learned = seen
            self.learned.update(learned)
            if kind == "unreadable":
                raise self._kept(last)
            if kind == "final":
                raise last
            if kind in ("doubtful", "pending"):
                self.maybe = self.maybe or not operation.safe
                self.repeat = self.repeat and kind == "doubtful"
                if not (self.repeat and prepared.repeatable):
                    raise self._stop(last)
            elif kind == "reauthorize" and setup.auth.grant is not None and not self._reauthorized:
                self._reauthorized, self._refused = True, self._marks
                if number < prepared.max_attempts:
                    continue
            elif kind == "failed" or (kind != "again" and not self.maybe):
                raise self._stop(last)
            if number >= prepared.max_attempts:
                raise self._stop(last)
            if pause is None and not isinstance(reply, Fault) and "retry-after" in reply.headers:
                pause = retry_after(reply.headers, (yield Now(True)))
            seconds = yield from pause_before(number + 1, pause)
            if now + seconds >= self._deadline:
                raise self._out_of_time(last)
            if setup.listening:
                yield Emit(PauseStarted(prepared.number, operation.name, number + 1, seconds))
            yield Sleep(seconds)
            now = yield Now()

    def _make_ready(
        self, number: int, now: float, last: KessaiError | None
    ) -> Generator[Command, Any, float]:
        """Take a slot, sign, write it down; returns the time at which the attempt leaves.

        Signing follows the wait for a slot, because tokens and the times in signatures grow old.
        """
        prepared, setup = self.prepared, self.setup
        self._slot = None
        try:
            if setup.slots and prepared.route.slot_limit:
                self._slot = yield from take_slot(prepared, self._deadline)
                now = yield Now()
            self._marks = yield from setup.auth.sign(
                Outgoing(
                    self.operation.method,
                    prepared.route.url,
                    dict(prepared.headers),
                    prepared.content,
                    number,
                    self._refused,
                    self._deadline - now,
                )
            )
            if prepared.extra:
                # Which headers an auth writes is known once it has written them.
                for name in self._marks:
                    if name.lower() in prepared.extra:
                        raise own_header(name)
            self._refused = None
            if self.entry is not None:
                self._journalled += 1
                yield from write_down(self.entry, self._journalled, self._deadline - now)
            leaves: float = yield Now()
            if leaves >= self._deadline:
                raise self._out_of_time(last)
            if number == 1:
                self._first_sent = yield Now(True)
        except Exception as error:
            if self._slot is not None:
                yield from give_slot(setup, prepared, self._slot)
            if isinstance(error, OutcomeUnknown) or not self.maybe:
                raise
            raise self._stop(error) from error
        if setup.listening:
            yield Emit(AttemptStarted(prepared.number, self.operation.name, number))
        return leaves

    def _send(self, began: float) -> Send:
        prepared = self.prepared
        left = self._deadline - began
        timeout = prepared.timeout
        if left < prepared.longest:
            timeout = Timeout(*[min(part, left) for part in timeout])
        return Send(
            self.operation.method,
            prepared.route.url,
            [*prepared.headers, *self._marks.items()],
            prepared.content,
            timeout,
            self._deadline,
            prepared.route.fresh,
        )

    def _stop(self, last: Exception | None) -> Exception:
        """Return what ends the call: the last error, or that the outcome is not known."""
        return self._unknown(last) if self.maybe or last is None else last

    def _out_of_time(self, last: KessaiError | None) -> Exception:
        if self.maybe or not (last is None or isinstance(last, NotSentError)):
            return self._stop(last)
        error = DeadlineExceededError(
            f"{self.operation.name}: {self.prepared.deadline:g} seconds ended before it could be "
            "sent",
            operation=self.operation.name,
            attempts=self.attempts,
        )
        error.__cause__ = last
        return error

    def _kept(self, error: KessaiError) -> KessaiError:
        """Let an order whose success cannot be read be asked about."""
        if isinstance(error, UnreadableAnswerError) and not self.operation.safe:
            error.unknown = self._unknown(None, type(error).__name__)
        return error

    def _unknown(self, last: Exception | None, reason: str = "") -> OutcomeUnknown:
        prepared = self.prepared
        unknown = OutcomeUnknown(
            operation=self.operation.name,
            scope=self.setup.scope,
            idempotency_key=prepared.key,
            reference={**prepared.reference, **self.learned},
            expected=prepared.expected,
            attempts=self.attempts,
            first_sent_at=_moment(self._first_sent),
            digest=prepared.digest,
            intent=prepared.intent,
            repeat=self.repeat and (prepared.repeatable or not self.operation.repeatable),
            path=prepared.path,
            span=self._span,
            last_error=last if isinstance(last, KessaiError) else None,
            reason=reason,
        )
        unknown.__cause__ = last
        return unknown

    def _failed(self, error: Exception) -> Generator[Command, Any, None]:
        """Keep in the journal what is not known; free the intent of what definitely failed."""
        unknown = error if isinstance(error, OutcomeUnknown) else None
        if isinstance(error, UnreadableAnswerError):
            unknown = error.unknown
        if self.entry is not None:
            if unknown is None:
                yield from close_intent(
                    self.setup, self.prepared.number, self.entry, "not_done", {}
                )
            else:
                record = {"reason": unknown.reason, **spanned(unknown.span)}
                record |= kept(self.learned, self.entry.reference, unknown.repeat)
                yield from close_intent(
                    self.setup, self.prepared.number, self.entry, "unknown", record
                )
        if self.setup.listening:
            yield from self._tell("failed" if unknown is None else "unknown", None, error)

    def _tell(
        self, end: Any, status: int | None, error: BaseException | None
    ) -> Generator[Command, Any, None]:
        now: float = yield Now()
        yield Emit(
            CallEnded(
                self.prepared.number,
                self.operation.name,
                end,
                status,
                None if error is None else type(error).__name__,
                len(self.attempts),
                self.maybe or self._sending,
                now - self._started,
            )
        )


def _moment(seconds: float) -> datetime:
    """A clock that shows no date must not cost the outcome; 1970 is too old for any repeat."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
