"""One request to PAYTREE and what is known of it: sent, asked about, reversed, written down.

Steps without I/O, over the commands of kessai's call engine. ``kessai_paytree.sequences`` puts them
in order.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from kessai.call import Call
from kessai.commands import Complain, JournalTake, NewKey, Now, Sleep, StoreFault
from kessai.errors import (
    GatewayError,
    KessaiError,
    NotSentError,
    OutcomeUnknown,
    UnreadableAnswerError,
    ValidationError,
)
from kessai.ledger import LEASE_MARGIN, close_intent
from kessai.lookup import kept
from kessai.prepare import prepare
from kessai_paytree_api import models as m

from .answers import Found, refusal_of, stands
from .errors import NeverSentError, PaytreeError, RefusedError, UnsettledError
from .gateway import ASKED_BY, REVERSING
from .logs import Level

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from kessai.commands import Command
    from kessai.operation import CallOptions, Operation
    from kessai.prepare import Prepared
    from kessai.setup import Setup
    from kessai.stores.values import End, Entry

    from .gateway import Operations
    from .logs import Log
    from .requests import TillRequest
    from .settings import Settings

__all__ = ["Order", "Till", "number_from", "settled"]

#: Seconds between tries of a confirm that provably never left; such tries reach nobody and do not
#: count.
UNSENT_PAUSES = (1.0, 2.0)
#: Numbers that PAYTREE or this client made are sent back as they are, whatever their length.
OURS = ("/orderId", "/originalRequestId", "/requestId")


class Till(NamedTuple):
    """What all requests of one client share."""

    setup: Setup
    settings: Settings
    operations: Operations
    common: Mapping[str, Any]
    log: Log
    cashier_wait: float


class Order:
    """One request on its way.

    ``order_id``: PAYTREE's number, once an answer has named it. ``tried``: what was tried after
    the first sending, in order. ``loose``: a reversal may still be on its way.
    """

    def __init__(
        self,
        till: Till,
        request_type: m.RequestType,
        operation: Operation[Any, Any],
        question: Operation[Any, Any],
        amount: int | None,
    ) -> None:
        self.till: Till = till
        self.request_type: m.RequestType = request_type
        self.operation: Operation[Any, Any] = operation
        self.question: Operation[Any, Any] = question
        self.amount: int | None = amount
        self.request_id: str = ""
        self.order_id: str | None = None
        self.tried: list[str] = []
        self.loose: bool = False
        self._reversal_id = ""
        self._prepared: Prepared | None = None
        self._call: Call[Any] | None = None
        self._unknown: OutcomeUnknown | None = None
        self._first_sent = 0.0

    @classmethod
    def again(cls, till: Till, unknown: OutcomeUnknown) -> Order:
        """Take up a request of an earlier call, or of an earlier process."""
        names = unknown.reference
        operations = till.operations.by_name()
        kinds = {"pay": "Pay", "payV1": "Pay"}
        kind = m.RequestType(kinds.get(unknown.operation, unknown.operation.capitalize()))
        v1 = unknown.operation == "payV1"
        question = till.operations.confirm_v1 if v1 else till.operations.confirm
        amount = names.get("refundAmount" if kind == m.RequestType.REFUND else "amount")
        whole = None if amount is None or kind == m.RequestType.REVERSE else int(amount)
        order = cls(till, kind, operations[unknown.operation], question, whole)
        order.request_id = names[ASKED_BY]
        order.order_id = names.get("orderId")
        order._unknown = unknown
        order._reversal_id = names.get(REVERSING, "")
        order.loose = bool(order._reversal_id)
        return order

    def send(
        self, request: TillRequest[Any], options: CallOptions
    ) -> Generator[Command, Any, Found]:
        """Send it, once. Raises NeverSentError, and what a request raises that breaks limits."""
        till = self.till
        key: str = yield NewKey()
        self.request_id = number_from(key)
        message = request.message(till.common, self.request_id)
        prepared = yield from prepare(till.setup, self.operation, message, options)
        self._prepared = prepared
        self._first_sent = yield Now(True)
        call = self._call = Call(till.setup, prepared, self.operation)
        self._note(self.operation.name, "sent", request_type=str(self.request_type))
        try:
            answer = yield from call.run()
        except NotSentError as error:
            raise self.never_sent(error) from error
        except OutcomeUnknown as unknown:
            if unknown.reference.get(ASKED_BY) != self.request_id:
                self._call = None  # nothing was sent: the journal knows of an earlier one
                raise UnsettledError.of(
                    unknown,
                    code="LEFT_OPEN",
                    message="the journal holds an earlier request of this intent that is open; "
                    "nothing was sent",
                    request_id=unknown.reference.get(ASKED_BY),
                    order_id=unknown.reference.get("orderId"),
                ) from None
            self._unknown = unknown
            self.order_id = self.order_id or unknown.reference.get("orderId")
            found = Found("unknown", why=unknown.reason)
        except UnreadableAnswerError as error:
            self._unknown = error.unknown
            found = Found("unknown", why="the answer cannot be read")
        except RefusedError as error:
            found = Found("failed", error.value, error, error.code)
        except GatewayError as error:
            # Nothing else is definite at this gateway; were it, its word would not be signed.
            found = Found("unknown", why=type(error).__name__)
        except Exception:
            self._call = None  # the engine's word for "nothing has left"
            raise
        else:
            found = stands(self.request_type, answer.value, self.amount)
        self._learn(found, self.operation.name)
        return found

    def ask(self) -> Generator[Command, Any, Found]:
        """Confirm, once. What got no answer, or one that is not believed, is ``unknown``.

        A question that provably never left has reached nobody and does not count; it is tried
        again, a little later.
        """
        if not self.request_id and self.order_id is None:
            return Found("unknown", why="nothing to ask by")
        till = self.till
        found = Found("unknown")
        for pause in (*UNSENT_PAUSES, None):
            key: str = yield NewKey()
            message = m.ConfirmRequest(
                **till.common, request_id=number_from(key), original_request_id=self.request_id
            )
            try:
                prepared = yield from prepare(
                    till.setup, self.question, message, {"max_attempts": 1, "lift": OURS}
                )
                answer = yield from Call(till.setup, prepared, self.question).run()
            except NotSentError as error:
                found = Found("unknown", why=type(error).__name__)
                if pause is not None:
                    yield Sleep(pause)
                    continue
            except KessaiError as error:
                found = Found("unknown", why=type(error).__name__)
            else:
                found = stands(self.request_type, answer.value, self.amount)
                if None not in (self.order_id, answer.value.order_id) and (
                    answer.value.order_id != self.order_id
                ):
                    found = Found("unknown", why="the answer is about another order")
            break
        self._learn(found, self.question.name)
        return found

    def reverse(self) -> Generator[Command, Any, Found]:
        """Ask PAYTREE to reverse it, under the same number each time: one reversal, not two.

        ``reversed``; ``failed`` or ``absent`` when PAYTREE refused; ``unknown`` when no answer
        came, and the reversal may be on its way.
        """
        till, operation = self.till, self.till.operations.reverse
        if not self._reversal_id:
            key: str = yield NewKey()
            self._reversal_id = number_from(key)
        message = m.ReverseRequest(
            **till.common,
            request_id=self._reversal_id,
            order_id=self.order_id,
            original_request_id=self.request_id,
        )
        # The journal's entry is that of what is reversed; the reversal needs none of its own. But
        # it is written down first: who takes this up must not believe "paid" behind it.
        loose, self.loose = self.loose, True
        yield from self.keep("open", "REVERSING")
        setup = till.setup.signed_by(till.setup.auth)
        try:
            prepared = yield from prepare(setup, operation, message, {"lift": OURS})
            answer = yield from Call(setup, prepared, operation).run()
        except (NotSentError, ValidationError) as error:
            self.loose = loose
            found = Found("unknown", why=type(error).__name__)
        except RefusedError as error:
            self.loose = loose
            absent = error.code == m.ResultCode.ORDER_NOT_FOUND
            found = Found("absent" if absent else "failed", error.value, error, error.code)
        except KessaiError as error:
            found = Found("unknown", why=type(error).__name__)
        else:
            self.loose = False
            found = Found("reversed", answer.value, why="SUCCESS")
        self._learn(found, operation.name)
        return found

    def repeat_reversal(self) -> Generator[Command, Any, Found]:
        """Send the till's own reversal again, under its number: it says an end state."""
        till = self.till
        message = m.ReverseRequest(
            **till.common, request_id=self.request_id, order_id=self.order_id
        )
        setup = till.setup.signed_by(till.setup.auth)
        try:
            prepared = yield from prepare(setup, self.operation, message, {"lift": OURS})
            answer = yield from Call(setup, prepared, self.operation).run()
        except RefusedError as error:
            found = Found("failed", error.value, error, error.code)
        except KessaiError as error:
            found = Found("unknown", why=type(error).__name__)
        else:
            found = stands(self.request_type, answer.value, None)
        self._learn(found, self.operation.name)
        return found

    def keep(self, end: End, why: str = "") -> Generator[Command, Any, None]:
        """Write the end into the journal, where there is one and its entry is free."""
        intent = self._intent
        if not self.till.setup.journal or intent is None:
            return
        taken: Entry | StoreFault | None = yield JournalTake(intent, LEASE_MARGIN)
        if isinstance(taken, StoreFault):
            yield Complain(f"{self.operation.name}: the journal could not take down its outcome")
        elif taken is not None:
            record = {"reason": why} if why else {}
            if end == "open":
                record |= kept(self.unknown(why).reference, taken.reference, True)
            yield from close_intent(self.till.setup, 0, taken, end, record)

    def unknown(self, reason: str) -> OutcomeUnknown:
        """What is not known, to be asked about later."""
        known, prepared = self._unknown, self._prepared
        if known is None and prepared is not None:
            call = self._call
            known = OutcomeUnknown(
                operation=self.operation.name,
                scope=self.till.setup.scope,
                idempotency_key=None,
                reference=prepared.reference,
                expected=prepared.expected,
                attempts=() if call is None else call.attempts,
                first_sent_at=datetime.fromtimestamp(self._first_sent, UTC),
                digest=prepared.digest,
                intent=prepared.intent,
                reason=reason,
            )
            self._unknown = known
        if known is None:
            raise RuntimeError("nothing has been sent")
        if self.order_id is not None:
            known.reference["orderId"] = self.order_id
        if self.loose:
            known.reference[REVERSING] = self._reversal_id
        else:
            known.reference.pop(REVERSING, None)
        return known

    def never_sent(self, cause: NotSentError) -> NeverSentError:
        """What to raise when not a byte has left."""
        error = NeverSentError("", operation=self.operation.name, attempts=cause.attempts)
        error.about(
            code="NOT_SENT",
            message="nothing was sent; the same may be done again",
            request_id=self.request_id,
            safe_to_pay_again=True,
        )
        return error

    def named(self, error: PaytreeError) -> PaytreeError:
        """Put the numbers of this request on an error."""
        return error.about(request_id=self.request_id, order_id=self.order_id or error.order_id)

    @property
    def sent(self) -> bool:
        """Whether anything of it may have left: it was sent, or is taken up again."""
        return self._call is not None or self._unknown is not None

    @property
    def _intent(self) -> str | None:
        if self._prepared is not None:
            return self._prepared.intent
        return None if self._unknown is None else self._unknown.intent

    def _learn(self, found: Found, by: str) -> None:
        """Keep what an answer named, and write down what it said."""
        answer = found.answer
        if self.order_id is None and answer is not None:
            self.order_id = answer.order_id
        self.tried.append(f"{by}: {found.state}" + (f" ({found.why})" if found.why else ""))
        self._note(by, found.state, why=found.why or None)

    def _note(self, by: str, state: str, **members: object) -> None:
        self.till.log.write(
            Level.TRANSACTION,
            by,
            state=state,
            request_id=self.request_id,
            order_id=self.order_id,
            **members,
        )


def number_from(key: str) -> str:
    """A number of ours: at most 32 letters and digits."""
    return "".join(letter for letter in key if letter.isascii() and letter.isalnum())[-32:]


def settled(found: Found) -> PaytreeError:
    """The error of a request that definitely failed."""
    return refusal_of(found.answer) if found.error is None else found.error
