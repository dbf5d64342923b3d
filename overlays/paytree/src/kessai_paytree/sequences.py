"""The manual's sequences: send, read, confirm, reverse, and the one outcome in the end.

=================== ==============================================================================
what is known       what is done
=================== ==============================================================================
done                its result
failed              not carried out: a ``RefusedError``
waiting             the customer approves; see ``kessai_paytree.approval``
not known           RequestConfirmInterval, confirm, up to RequestConfirmNum times; then as above
still not known,    reverse (payment, deposit). Reversed: not paid, and safe to pay again. No answer
or not found        or a refusal: wait, confirm, reverse once more. Still nothing: **open**, a
                    ``ReversalFailedError``; somebody has to call
=================== ==============================================================================

A payment is never sent twice. A refund is not reversed: what is not known of it stays open
(``RefundOpenError``), and running it again could give the money twice. A reversal is sent twice at
most, under one number.

"Paid" after a reversal that got no answer is not believed: the reversal may still be on its way,
and undo what the till has just been told. Only when every reversal was refused, in so many words,
does a confirm's "paid" count. That holds for whoever takes it up later too (``recover``): the
journal has the reversal's number before it is sent.

Residual: a payment that lands after the reversal was answered with "not found".

Source: WbPay library specification 1.0, sections 1.6 and 4.1 to 4.4 (リクエストシーケンス).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from kessai.commands import Sleep
from kessai_paytree_api import models as m

from . import errors as e
from .answers import Found, refusal_of
from .errors import Escalation
from .order import Order, settled
from .results import (
    ConfirmResult,
    DepositResult,
    Failed,
    PayResult,
    RefundResult,
    ReverseResult,
)
from .steps import Tell

if TYPE_CHECKING:
    from collections.abc import Generator

    from kessai.commands import Command
    from kessai.errors import OutcomeUnknown
    from kessai.operation import CallOptions

    from .order import Till
    from .requests import (
        ConfirmRequest,
        DepositRequest,
        PayRequest,
        RefundRequest,
        ReverseRequest,
    )
    from .steps import Mailbox, Steps

__all__ = ["confirm", "deposit", "pay", "recover", "refund", "reverse", "void"]

ResultT = TypeVar("ResultT", PayResult, DepositResult)

_ONCE_MORE = "its reversal brought no success; it is confirmed, and tried once more"
_NO_ANSWER = "no answer that can be believed came; it has been reversed"


def pay(
    till: Till, request: PayRequest, options: CallOptions, mailbox: Mailbox
) -> Steps[PayResult]:
    """A payment, from the code to its one outcome."""
    detect = request.pay_type == m.PayType.AUTO_DETECT
    own = till.operations
    operation, question = (own.pay_v1, own.confirm_v1) if detect else (own.pay, own.confirm)
    order = Order(till, m.RequestType.PAY, operation, question, _yen(request.amount))
    mailbox.order = order
    found = yield from order.send(request, options)
    return (yield from _paid(order, found, mailbox))


def deposit(
    till: Till, request: DepositRequest, options: CallOptions, mailbox: Mailbox
) -> Steps[DepositResult]:
    """A deposit. It does not wait for anybody."""
    operation = till.operations.deposit
    if operation is None:
        from kessai.errors import ConfigurationError

        raise ConfigurationError(
            "there is no path for deposits: set ApiPathDeposit (api_path_deposit). The manual has "
            "no key for it"
        )
    amount = _yen(request.amount)
    order = Order(till, m.RequestType.DEPOSIT, operation, till.operations.confirm, amount)
    mailbox.order = order
    found = yield from order.send(request, options)
    return (yield from _deposited(order, found))


def refund(
    till: Till, request: RefundRequest, options: CallOptions, mailbox: Mailbox
) -> Steps[RefundResult]:
    """A refund, whole or in part. What is not known of it stays open."""
    own, amount = till.operations, _yen(request.refund_amount)
    order = Order(till, m.RequestType.REFUND, own.refund, own.confirm, amount)
    order.order_id = request.order_id
    mailbox.order = order
    found = yield from order.send(request, options)
    return (yield from _refunded(order, found))


def reverse(
    till: Till, request: ReverseRequest, options: CallOptions, mailbox: Mailbox
) -> Steps[ReverseResult]:
    """A reversal by the till. What is not known is confirmed, and the reversal sent once more."""
    own = till.operations
    order = Order(till, m.RequestType.REVERSE, own.reverse, own.confirm, None)
    order.order_id = request.order_id
    mailbox.order = order
    found = yield from order.send(request, options)
    return (yield from _undone(order, found))


def confirm(
    till: Till, request: ConfirmRequest, options: CallOptions, mailbox: Mailbox
) -> Steps[ConfirmResult]:
    """A question. It changes nothing, and may simply be asked again."""
    from kessai.call import call
    from kessai.commands import NewKey

    from .order import number_from

    own = till.operations
    operation = own.confirm_v1 if request.auto_detect else own.confirm
    key: str = yield NewKey()
    number = number_from(key)
    message = request.message(till.common, number)
    answer = yield from call(till.setup, operation, message, options)
    told = answer.value
    if told.trans_status is None and told.code != m.ResultCode.ORDER_NOT_FOUND:
        # Not "there is none": the question was not taken, and a till must not go by that.
        if told.code != m.ResultCode.SUCCESS:
            raise refusal_of(told)
        said = "the answer says nothing of how it stands; ask again"
        raise e.NotConfirmedError().about(code="NO_STATUS", message=said, request_id=number)
    return ConfirmResult(told, request_id=number, order_id=request.order_id, amount=None)


def recover(till: Till, unknown: OutcomeUnknown, mailbox: Mailbox) -> Steps[Any]:
    """Take up what an earlier sequence left open: ask, and go on from there."""
    order = mailbox.order = Order.again(till, unknown)
    found = yield from _confirmed(order, Found("unknown"))
    kind = order.request_type
    if kind == m.RequestType.PAY:
        return (yield from _paid(order, found, mailbox, asked=True))
    if kind == m.RequestType.DEPOSIT:
        return (yield from _deposited(order, found, asked=True))
    if kind == m.RequestType.REFUND:
        return (yield from _refunded(order, found, asked=True))
    return (yield from _undone(order, found, asked=True))


def void(order: Order, code: str) -> Generator[Command | Tell, Any, Found]:
    """Reverse what has no end. Returns how it stands: reversed, failed, done.

    Raises ``ReversalFailedError`` when nobody knows.
    """
    refused = True
    last = Found("unknown")
    for again in (False, True):
        found = yield from order.reverse()
        if found.state == "reversed":
            return found
        refused = refused and found.state in ("failed", "absent")
        if not again:
            failure = e.NotConfirmedError().about(code=code, message=_ONCE_MORE)
            yield Tell(Failed(order.request_type, order.named(failure), False))
        last = yield from _confirmed(order, Found("unknown"))
        if last.state in ("reversed", "failed"):
            return last
    if last.state == "done" and refused and not order.loose:
        return last
    raise (yield from _open(order, e.ReversalFailedError, code))


def _paid(order: Order, found: Found, mailbox: Mailbox, asked: bool = False) -> Steps[PayResult]:
    if not asked:
        found = yield from _confirmed(order, found)
    if found.state == "waiting" and not order.loose:
        from .approval import approve

        found = yield from approve(order, found, mailbox)
    return (yield from _moved(order, found, PayResult))


def _deposited(order: Order, found: Found, asked: bool = False) -> Steps[DepositResult]:
    if not asked:
        found = yield from _confirmed(order, found)
    return (yield from _moved(order, found, DepositResult))


def _moved(order: Order, found: Found, result: type[ResultT]) -> Steps[ResultT]:
    """The end of a payment or deposit, by what is known; reverse what has none."""
    why = ("NO_ANSWER", _NO_ANSWER)
    if found.state not in ("done", "failed", "reversed") or (found.state == "done" and order.loose):
        found = yield from void(order, why[0])
    elif found.state == "reversed" and found.why in ENDS:
        why = (found.why, ENDS[found.why])
    if found.state == "done":
        yield from order.keep("done")
        return result(
            found.answer, request_id=order.request_id, order_id=order.order_id, amount=order.amount
        )
    yield from order.keep("not_done", found.why)
    if found.state == "failed":
        raise order.named(settled(found))
    raise order.named(reversed_error(*why))


def _refunded(order: Order, found: Found, asked: bool = False) -> Steps[RefundResult]:
    if not asked:
        found = yield from _confirmed(order, found)
    if found.state == "done":
        yield from order.keep("done")
        return RefundResult(
            found.answer, request_id=order.request_id, order_id=order.order_id, amount=order.amount
        )
    if found.state == "failed":
        yield from order.keep("not_done", found.why)
        raise order.named(settled(found))
    raise (yield from _open(order, e.RefundOpenError, "REFUND_OPEN"))


def _undone(order: Order, found: Found, asked: bool = False) -> Steps[ReverseResult]:
    if not asked:
        found = yield from _confirmed(order, found)
    if found.state not in ("done", "failed"):
        found = yield from order.repeat_reversal()
        if (
            found.state == "failed"
        ):  # while the first one, without an answer, may yet be carried out
            found = found._replace(state="unknown")
        found = yield from _confirmed(order, found)
    if found.state == "done":
        yield from order.keep("done")
        return ReverseResult(
            found.answer, request_id=order.request_id, order_id=order.order_id, amount=None
        )
    if found.state == "failed":
        yield from order.keep("not_done", found.why)
        raise order.named(settled(found).about(escalation=Escalation.CPS_CALL))
    raise (yield from _open(order, e.ReversalFailedError, "REVERSAL_OPEN"))


def _confirmed(order: Order, found: Found) -> Generator[Command, Any, Found]:
    """Ask as often as the settings allow, while nothing is known."""
    settings = order.till.settings
    for _ in range(settings.request_confirm_num):
        if found.state not in ("unknown", "absent"):
            return found
        yield Sleep(settings.request_confirm_interval)
        found = yield from order.ask()
    return found


def _open(
    order: Order, kind: type[e.UnsettledError], code: str
) -> Generator[Command, Any, e.UnsettledError]:
    """What nobody knows: written down, and said with whom to call."""
    message = _OPEN[kind]
    yield from order.keep("open", code)
    error = kind.of(order.unknown(code), code=code, message=message, tried=tuple(order.tried))
    order.named(error)
    return error


_OPEN: dict[type[e.UnsettledError], str] = {
    e.ReversalFailedError: (
        "NOT KNOWN WHETHER PAID, AND NOT REVERSED. The customer must not pay again before the call "
        "centre has said how it stands"
    ),
    e.RefundOpenError: (
        "not known whether refunded. Do not run the refund again: ask, or look at the management "
        "screen first"
    ),
}

ENDS = {
    "APPROVAL_TIMEOUT": "the customer did not approve in time; the payment has been reversed",
    "STOPPED": "the payment was stopped at the till, and has been reversed",
    "NO_ANSWER": _NO_ANSWER,
}


def reversed_error(code: str, message: str) -> e.ReversedError:
    """Not paid, because it was reversed: the one place that says it is safe to pay again."""
    error = e.ReversedError()
    error.about(code=code, message=message, safe_to_pay_again=True)
    return error


def _yen(amount: object) -> int | None:
    from .amounts import yen

    return yen(amount)
