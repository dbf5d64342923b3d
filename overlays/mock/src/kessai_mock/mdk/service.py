"""What a service is, and how its commands are carried out.

How a service is added
----------------------
1. `kessai_mock/mdk/<name>.py`: a handler per command, `def capture(call, order) -> Answer`, and
   at the end one record, `SERVICE = Service(name="upop", title=..., ok="ZU01", commands={...},
   steps={...})`. `card.py` is the plainest, `cvs.py` has no browser, `mpi.py` has pages.
2. `kessai_mock/mdk/services.py`: import the module, put its SERVICE into the tuple. Routes,
   operationIds (`upopCapture`), scripts, /_mock, Search and the pages come from that record.

What a handler may rely on
--------------------------
- The envelope is checked, the params hold the generated model `<Service><Command>Request`, and
  `Command.check` has passed: rules that a schema cannot say, `raise RefusalError("ZF01", "name")`.
  A request that fails here or before leaves no trace, so its orderId is still free.
- `Command.on`, KNOWN unless said otherwise: `order` is the one of that orderId, of this service
  and in this mode, else RefusalError("ZN01"). NEW (Authorize, ReAuthorize): `order` was just made
  under an orderId that no service had, live or dummy; its status is "". NONE: no order; the
  handler gets a blank that is thrown away. Where it depends on the request (PayPal's action),
  give a function of the body.
- Everything runs under the lock. Nothing may wait.

What a handler does
-------------------
- Refuse: `raise RefusalError(code, detail)`. The order, if new, becomes FAILED by itself.
- Ask what the provider behind the gateway says: `return decided(call, order, apply)`, where
  `apply() -> Answer` moves the money. A script may have the provider refuse or leave it
  open (`POST /_mock/next {"operation": "upopCapture", "provider": "ZW00"}` -> mstatus pending,
  the order keeps waiting for `POST /_mock/settle/{orderId}`). Without a script `apply` runs.
- Money: `books.authorize(gateway, order, amount, capture=...)`, `capture`, `cancel`, `deposit`.
  Each takes the status to go to, and audits. Status without money: `gateway.step(order, "X")`.
  Every step must be in the service's `steps` ("" is the start; a step to itself must be named).
- Browser: `pages.open_page(call, order, **own)` -> address of a page. `Service.visit` answers it
  for GET and POST: it gets a `pages.Visit` (gateway, order, page, method, query, form; `outcome`
  is the choice) and gives a Starlette Response. `pages.form(address, fields)` makes HTML contents
  that post themselves, `pages.choice(...)` a page of buttons, `pages.by_get` and `pages.by_post`
  the way home (fields first through `v_signed` or `signed`). `?outcome=` must make a choice
  without looking, so that programs can play the customer.
- PUSH: `push.send(gateway, order, {...fields})`; orderId and dummy are put beside them. It goes
  out after the answer (or before the page's answer: a PUSH overtakes the browser). Things that
  happen later: `gateway.clock.call_later(seconds, callback)`; callbacks run under the lock.
- What happened to an order without a command (a deposit, a month's charge): `gateway.note(order,
  command, amount=..., code=...)` puts it into the history that Search shows.
- `Service.pay(gateway, order, amount)` is POST /_mock/pay/{orderId} (the customer pays at a till
  or in an app), `Service.actions` maps further names to `(gateway, order) -> None` for
  POST /_mock/act/{orderId}/{name} (deregister, screening...). Both raise AdminError.
- `Service.happenings` names what no command asks for and a script may decide all the same (a
  month's charge): it is taken with `gateway.scripts.take(name)`.
- `Answer.members` are the service's own members of `result`; None is left out. Amounts are texts.
- Codes: `results.CODES`. What no document says gets a Z code there, and a row in the README.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import Response

from ..body import Body
from .results import CODES, Mstatus, RefusalError, message, v_result_code
from .state import NEW, Later, Order

if TYPE_CHECKING:
    from .gateway import Gateway
    from .pages import Visit


class On(StrEnum):
    """What order a command works on."""

    NEW = "new"
    KNOWN = "known"
    NONE = "none"


class Call(NamedTuple):
    """One command that has passed every general check."""

    gateway: Gateway
    service: Service
    command: str
    body: Body  # the params
    dummy: bool
    base: str  # scheme and host the caller used, for the addresses of pages
    provider: str | None = None  # the code a script has the provider say

    @property
    def operation(self) -> str:
        """The operationId, as in cardAuthorize."""
        return self.service.operation(self.command)


@dataclass(slots=True)
class Answer:
    """What a command came to; members that are None are left out on the wire.

    `blocks` are those of vResultCode (default: the service's success); `amount` is the yen
    Search shows for the transaction, `own` its properTransactionInfo; `beside` stands beside
    `result`.
    """

    members: dict[str, Any] = field(default_factory=dict[str, Any])
    mstatus: Mstatus = "success"
    blocks: tuple[str, ...] = ()
    text: str | None = None
    amount: int | None = None
    own: dict[str, Any] = field(default_factory=dict[str, Any])
    beside: dict[str, Any] = field(default_factory=dict[str, Any])
    later: Callable[[], Answer] | None = None  # of a pending one: what settling it does


Handler = Callable[[Call, Order], Answer]


class Command(NamedTuple):
    """One command of a service. `records`: whether it becomes a transaction of the order."""

    handler: Handler
    on: On | Callable[[Body], On] = On.KNOWN
    check: Callable[[Call], None] | None = None
    records: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One service of the MDK: see the top of this module. `steps`: status -> next ones."""

    name: str  # serviceType
    title: str
    ok: str  # first block of vResultCode for a success
    commands: Mapping[str, Command]
    steps: Mapping[str, str] = field(default_factory=dict[str, str])
    root: str = "paynow"  # the first part of the path
    serves: frozenset[str] = frozenset()  # other services whose orders its commands work on
    happenings: tuple[str, ...] = ()  # what a script can decide that is no command
    visit: Callable[[Visit], Response] | None = None
    pay: Callable[[Gateway, Order, int | None], None] | None = None
    actions: Mapping[str, Callable[[Gateway, Order], None]] = field(
        default_factory=dict[str, "Callable[[Gateway, Order], None]"]
    )

    def operation(self, command: str) -> str:
        """The operationId of a command."""
        return self.name + command

    def model(self, command: str) -> str:
        """The component of a command's request in specs/mdk/openapi.yaml."""
        return self.name.capitalize() + command + "Request"


def decided(call: Call, order: Order, apply: Callable[[], Answer]) -> Answer:
    """What the provider says: `apply` on success (the default), RefusalError, or open for now.

    What is open has not been done; settled as a success, `apply` runs then.
    """
    code = call.provider
    known = CODES[code] if code is not None else None
    if code is None or known is None or known.mstatus == "success":
        return apply()
    if known.mstatus == "failure":
        raise RefusalError(code)
    if order.status == NEW:
        call.gateway.step(order, "PENDING")
    return Answer(mstatus="pending", blocks=(code,), later=apply)


def carry_out(call: Call) -> dict[str, Any]:
    """Carry a command out, note it in the order's history, and give the whole answer."""
    gateway = call.gateway
    command = call.service.commands[call.command]
    order: Order | None = None
    try:
        if command.check is not None:
            command.check(call)
        on = command.on if isinstance(command.on, On) else command.on(call.body)
        order = _order(call, on)
        answer = command.handler(call, order or gateway.blank(call))
    except RefusalError as refusal:
        answer = refused(refusal)
        if order is not None and order.status == NEW:
            gateway.step(order, "FAILED")
    if not answer.blocks:
        answer.blocks = (call.service.ok,)
    if answer.amount is None and order is not None:
        text = call.body.text("amount")
        answer.amount = int(text) if text is not None and text.isdecimal() else order.amount
    transaction = None
    if order is not None and command.records:
        transaction = gateway.note(
            order,
            call.command,
            mstatus=answer.mstatus,
            code=v_result_code(*answer.blocks),
            amount=answer.amount,
            own=answer.own,
        )
        if answer.later is not None:
            order.later = Later(transaction=transaction, apply=answer.later)
    number = transaction.txn_id if transaction is not None else None
    return whole(gateway, call.service.name, answer, call.body.text("orderId"), number)


def refused(refusal: RefusalError) -> Answer:
    """The answer to a command that is refused."""
    return Answer(
        mstatus=CODES[refusal.code].mstatus,
        blocks=(refusal.code,),
        text=message(refusal.code, refusal.detail),
    )


def whole(
    gateway: Gateway, service: str, answer: Answer, order_id: str | None, number: str | None
) -> dict[str, Any]:
    """The answer as it stands on the wire: `result`, and what is beside it."""
    result = {
        "serviceType": service,
        "mstatus": answer.mstatus,
        "vResultCode": v_result_code(*answer.blocks),
        "merrMsg": answer.text or message(answer.blocks[0]),
        "marchTxn": gateway.ids.digits("marchTxn", 8),
        "orderId": order_id,
        "custTxn": number or gateway.ids.digits("custTxn", 8),
        "txnVersion": "1.2.8",
        "optionResults": list[Any](),
        **answer.members,
    }
    return {**answer.beside, "result": result}


def _order(call: Call, on: On) -> Order | None:
    if on is On.NONE:
        return None
    if on is On.NEW:
        return call.gateway.open(call)
    return call.gateway.find(call)
