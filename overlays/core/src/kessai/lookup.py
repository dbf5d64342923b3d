"""Gateways whose own code says how they are asked about an order, and what the answer means.

A rule of the spec (``x-outcome``) is enough where one read by the request's own names tells. A
gateway has a ``Lookup`` where only an answer carries the name to ask by, where the question depends
on what was ordered, or where a list has to be searched. What an order's answer says stands in its
body there, not in its status: the ``Lookup`` reads it. It is used for every operation with a rule.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kessai.operation import Operation
    from kessai.stores.values import End

#: Before a name that an answer gave, in the record of a journal's entry.
ASK = "ask:"
#: In the record of an entry whose order must not be repeated, not even under its key.
NO_REPEAT = "no-repeat"
#: In the record of an entry: for how many seconds after the first attempt there were more.
SPAN = "span:"
#: Beside the names that ``found`` is given: when the first attempt left, in seconds since 1970.
FIRST_SENT = "first-sent:"


class Standing(NamedTuple):
    """What a whole answer of status 2xx says about an order.

    ``done``: carried out. ``check``: carried out, and a person has to look at it. ``waiting``: not
    decided yet. ``failed``: definitely not carried out. ``unsettled``: it does not say.
    ``absent``: asked, and the gateway has never heard of it. ``doubled``: two were carried out, and
    ``reference`` holds both ids, each under a name of its own. An order's own answer is never the
    last two.
    ``state``: the gateway's word for it. ``reference``: names to ask by from now on. ``paid``:
    whether money moved or is held; None: what the operation's rule says. ``settled`` is False
    when something is still to come, as after an application that the customer has to approve.
    ``remedy``: what helps while it is not decided, in words.
    """

    kind: Literal["done", "check", "waiting", "failed", "unsettled", "absent", "doubled"]
    state: str | None = None
    reference: Mapping[str, str] = {}
    paid: bool | None = None
    settled: bool = True
    remedy: str = ""

    @property
    def end(self) -> End:
        """The journal's word for an order with this answer."""
        if self.kind == "check":
            return "check_needed"
        if self.kind == "doubled":
            return "doubled"
        return "done" if self.kind == "done" and self.settled else "open"


class Lookup(Protocol):
    """What the engine has to know about such a gateway. Holds no I/O, and must not raise."""

    def names(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> Mapping[str, str]:
        """Return what the request itself calls the order by, for people and for the journal."""
        ...

    def intent(self, operation: Operation[Any, Any], wire: Mapping[str, Any]) -> str | None:
        """Return what the call is meant to pay for; None for a call that may be meant twice."""
        ...

    def own(self, operation: Operation[Any, Any], value: Any) -> Standing:
        """Say what an order's own answer says."""
        ...

    def question(
        self, reference: Mapping[str, str]
    ) -> tuple[Operation[Any, Any], Mapping[str, Any]] | None:
        """Return the read to ask with and its request; None when there is nothing to ask by.

        ``reference`` is what ``names`` and the answers gave. A read with parameters in its path or
        query is bound (``kessai.parameters.bind``); the request of one without a body is ``{}``.
        """
        ...

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        """Say what the read's answer says about an order of ``operation``.

        Also given the value of a read that ``Gateway.answered`` made an error of. Beside the names,
        ``reference`` holds ``FIRST_SENT``, for lists in which an order has to be told from earlier
        ones. One that is unsettled and gives a new name is asked about by that name at once.
        """
        ...

    def absent_after(
        self, operation: Operation[Any, Any], reference: Mapping[str, str]
    ) -> float | None:
        """Return the seconds after which ``absent`` means that it was not carried out; None: never.

        They count from the last attempt, by this machine's clock and by the Date of the answer, and
        have to leave room for what keeps it on its way, for the gateway's own work, and for the
        time until a search finds what was done.
        """
        ...


def kept(reference: Mapping[str, str], known: Mapping[str, str], repeat: bool) -> dict[str, str]:
    """Return what the record of a journal's entry has to keep beside what the entry knows."""
    record = {ASK + name: text for name, text in reference.items() if known.get(name) != text}
    if not repeat:
        record[NO_REPEAT] = "1"
    return record


def spanned(span: float) -> dict[str, str]:
    """Return what a record has to keep of an order that was sent more than once."""
    return {SPAN: repr(span)} if span else {}


def learned(record: Mapping[str, str]) -> dict[str, str]:
    """Return the names that ``kept`` put into a record."""
    return {key.removeprefix(ASK): text for key, text in record.items() if key.startswith(ASK)}
