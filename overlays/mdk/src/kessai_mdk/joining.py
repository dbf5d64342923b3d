"""One order, told by PUSH notices and browsers, in any order and more than once: the same end.

What is known of an order is the set of what was told (``OrderState``), and its status follows from
the set alone. Joining is union, so neither the order of arrival nor repeats change anything::

    state = OrderState.load(row) if row else OrderState(order_id)
    state = join(state, notice)  # or a browser's result, or another state
    save(state.dump())
    if state.by_push.status == "paid":
        ...

Within a step of the order the weightiest telling counts: a confirmed notice (確報) over a prompt
one (速報), a PUSH over a browser's result, and a result of which only the sender is proven decides
nothing. Of equal weight, a success stands whatever failed at another time; told for the same time,
or without one, success and failure leave the order ``unclear``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias, cast

from kessai.errors import ConfigurationError

from .notices import Notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .notices_kinds import Kind, Status
    from .results import Result

    Decided: TypeAlias = Literal["success", "failure", "pending", "unclear"]

__all__ = ["OrderState", "OrderStatus", "Told", "join"]

OrderStatus: TypeAlias = Literal[
    "unknown", "pending", "authenticated", "authorized", "paid", "failed", "canceled", "refunded",
    "ended", "unclear",
]  # fmt: skip
"""Where an order stands: nothing told yet; nothing decided yet; authenticated without a payment;
authorized (与信, or an agreement that is alive); captured or deposited (売上, 入金); failed;
canceled (取消) or refunded (返金), whole or in part; the agreement over (継続課金終了, 抹消); told
in ways that exclude each other, so that Search has to say."""

HEARSAY, RESULT, PROMPT, CONFIRMED = range(4)

_OVER: Final[tuple[tuple[Kind, OrderStatus], ...]] = (
    ("deletion", "ended"),
    ("termination", "ended"),
    ("refund", "refunded"),
    ("cancellation", "canceled"),
)
_REACHED: Final[tuple[tuple[Kind, OrderStatus], ...]] = (
    ("capture", "paid"),
    ("deposit", "paid"),
    ("authorization", "authorized"),
    ("screening", "authorized"),
)
_FIRST: Final[tuple[Decided, ...]] = ("unclear", "success", "failure")
_DECIDING: Final[tuple[Kind, ...]] = (
    *(kind for kind, _ in (*_OVER, *_REACHED)),
    "authentication",
)


class Told(NamedTuple):
    """One thing that was told: which step, how it went, which of several, when, how surely.

    ``weight``: 0 a browser's result of which only the sender is proven, 1 one whose values are,
    2 a PUSH, 3 a confirmed PUSH (``fixed`` 1).
    """

    kind: Kind
    status: Status
    subject: str
    at: str
    weight: int


class OrderState(NamedTuple):
    """All that was told of one order. Equal states were told the same, in whatever order."""

    order_id: str
    told: frozenset[Told] = frozenset()

    @property
    def status(self) -> OrderStatus:
        """Where the order stands by what was told so far.

        ``authorized`` and ``paid`` are what the gateway reports: whether a 3-D Secure payment was
        captured with its authorization, only the request knows.
        """
        if not self.told:
            return "unknown"
        found = {kind: self._step(kind) for kind in _DECIDING}
        if "unclear" in found.values():
            return "unclear"
        for kind, status in _OVER:
            if found[kind] == "success":
                return status
        if found["capture"] == "failure" and self._confirmed("capture"):
            return "failed"  # a prompt success was taken back
        for kind, status in _REACHED:
            if found[kind] == "success":
                return status
        if self.charges:
            return "authorized"  # no month is charged without an agreement
        if any(found[kind] == "failure" for kind, _ in _REACHED):
            return "failed"
        return "authenticated" if found["authentication"] == "success" else "pending"

    @property
    def charges(self) -> Mapping[str, Decided]:
        """How each month of a monthly agreement (継続課金) went, by the gateway's text for it.

        A month that failed does not end the agreement.
        """
        months = sorted({one.subject for one in self.told if one.kind == "charge"})
        return {month: _decide(self._of("charge", month)) for month in months}

    @property
    def ended_by(self) -> Literal["deletion", "termination"] | None:
        """How the agreement ended: deleted by the carrier (抹消), or terminated; None if alive."""
        if self._step("deletion") == "success":
            return "deletion"
        return "termination" if self._step("termination") == "success" else None

    @property
    def by_push(self) -> OrderState:
        """The same order by what PUSHes alone told: what goods may leave on.

        Of a browser's result the values are proven and not their names, so that a customer can
        call a failure of the one a success of the other; ``status`` with it is for a page to show.
        """
        return OrderState(self.order_id, frozenset(one for one in self.told if one.weight > RESULT))

    def dump(self) -> str:
        """Everything as a text to keep. Equal states have equal texts; they hold no secrets."""
        from json import dumps

        return dumps([self.order_id, *sorted(self.told)], separators=(",", ":"))

    @staticmethod
    def load(text: str) -> OrderState:
        """Read what ``dump`` wrote. Raises ConfigurationError for anything else."""
        from json import loads

        try:
            order_id, *rows = cast("list[Any]", loads(text))
            told = frozenset(Told(*row) for row in rows)
        except (TypeError, ValueError):
            raise ConfigurationError("this is no OrderState that was dumped") from None
        return OrderState(order_id, told)

    def _of(self, kind: Kind, subject: str) -> list[Told]:
        return [one for one in self.told if (one.kind, one.subject) == (kind, subject)]

    def _step(self, kind: Kind) -> Decided:
        """How a step went; where there are several (partial refunds), one success is one."""
        subjects = {one.subject for one in self.told if one.kind == kind}
        ways = [_decide(self._of(kind, subject)) for subject in subjects]
        for way in _FIRST:
            if way in ways:
                return way
        return "pending"

    def _confirmed(self, kind: Kind) -> bool:
        return any(one.kind == kind and one.weight == CONFIRMED for one in self.told)


def join(state: OrderState, *tellings: Notice | Result[Any] | OrderState) -> OrderState:
    """The state of an order with all that notices, results and other states tell of it.

    Joining the same again changes nothing, nor does the order of joining. Raises
    ConfigurationError for what is of another order, or of none.
    """
    told = set(state.told)
    for telling in tellings:
        if telling.order_id != state.order_id:
            raise ConfigurationError("only what is told of one order can be joined")
        told.update(_told(telling))
    return OrderState(state.order_id, frozenset(told))


def _told(telling: Notice | Result[Any] | OrderState) -> Iterable[Told]:
    if isinstance(telling, OrderState):
        return telling.told
    kind, status = telling.kind, telling.status or "pending"
    if kind == "authentication" and status == "failure":
        kind = "authorization"  # what follows a failed authentication is no payment
    if isinstance(telling, Notice):
        if kind == "deletion" or (kind == "termination" and telling.status is None):
            status = "success"  # such a notice is sent because it happened
        weight = CONFIRMED if telling.confirmed else PROMPT
        return [Told(kind, status, telling.subject, telling.at, weight)]
    weight = RESULT if telling.verified == "parameters" else HEARSAY
    return [Told(kind, status, "", "", weight)]


def _decide(told: list[Told]) -> Decided:
    """What the weightiest tellings of one step say together."""
    sure = [one for one in told if one.weight > HEARSAY]
    top = max((one.weight for one in sure), default=HEARSAY)
    by_status = {
        status: {one.at for one in sure if (one.status, one.weight) == (status, top)}
        for status in ("success", "failure")
    }
    good, bad = by_status["success"], by_status["failure"]
    if good and bad:
        apart = top < CONFIRMED and "" not in good | bad and good.isdisjoint(bad)
        return "success" if apart else "unclear"
    return "success" if good else "failure" if bad else "pending"
