"""Gateways that are asked about an order by a name that only their answers carry.

Where a request names nothing the gateway can be asked by, a repeat under the first key brings the
first answer again; but an answer that came and did not settle the order has given it a name, and
by that it can be asked about without repeating anything. What such an answer says stands in its
body, not in its status: a gateway with a ``Lookup`` reads it.
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


class Standing(NamedTuple):
    """What a whole answer of status 2xx says about an order.

    ``done``: carried out. ``check``: carried out, and a person has to look at it. ``waiting``: not
    decided yet. ``failed``: definitely not carried out. ``unsettled``: it does not say.
    ``state``: the gateway's word for it. ``reference``: names to ask by from now on. ``paid``:
    money moved or is held, whatever the operation's rule says it ends with. ``settled`` is False
    when something is still to come, as after an application that the customer has to approve.
    ``remedy``: what helps while it is not decided, in words.
    """

    kind: Literal["done", "check", "waiting", "failed", "unsettled"]
    state: str | None = None
    reference: Mapping[str, str] = {}
    paid: bool = False
    settled: bool = True
    remedy: str = ""

    @property
    def end(self) -> End:
        """The journal's word for an order with this answer."""
        if self.kind == "check":
            return "check_needed"
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
        """Return the read to ask with and its request; None when there is nothing to ask by."""
        ...

    def found(
        self, operation: Operation[Any, Any], value: Any, reference: Mapping[str, str]
    ) -> Standing:
        """Say what the read's answer says about an order of ``operation``."""
        ...


def kept(reference: Mapping[str, str], known: Mapping[str, str], repeat: bool) -> dict[str, str]:
    """Return what the record of a journal's entry has to keep beside what the entry knows."""
    record = {ASK + name: text for name, text in reference.items() if known.get(name) != text}
    if not repeat:
        record[NO_REPEAT] = "1"
    return record


def learned(record: Mapping[str, str]) -> dict[str, str]:
    """Return the names that ``kept`` put into a record."""
    return {key.removeprefix(ASK): text for key, text in record.items() if key.startswith(ASK)}
