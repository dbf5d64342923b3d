"""The notices of UnivaPay as one type. Importing this imports their models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from kessai_univapay_api import models as m

__all__ = ["Event", "UnknownEvent"]


class UnknownEvent:
    """A notice whose event this version does not know, whole."""

    __slots__ = ("_members",)

    def __init__(self, members: Mapping[str, Any]) -> None:
        self._members = dict(members)

    @property
    def id(self) -> str | None:
        """The notice's number, where it has one."""
        return cast("str | None", self._members.get("id"))

    @property
    def event(self) -> str:
        """What happened, in the gateway's word."""
        return cast("str", self._members["event"])

    @property
    def members(self) -> Mapping[str, Any]:
        """Everything that came, ``data`` included."""
        return self._members

    @property
    def data(self) -> Mapping[str, Any]:
        """The resource it is about."""
        return cast("Mapping[str, Any]", self._members["data"])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, UnknownEvent) and self._members == other._members

    def __hash__(self) -> int:
        return hash((self.event, self.id))

    def __repr__(self) -> str:
        """Show the event's name; its members may hold anything."""
        return f"UnknownEvent({self.event!r})"


Event: TypeAlias = (
    m.ChargeEvent
    | m.RefundEvent
    | m.CancelEvent
    | m.TokenEvent
    | m.SubscriptionEvent
    | m.BankTransferEvent
    | m.CustomsDeclarationEvent
    | m.TransferEvent
    | UnknownEvent
)
"""A notice, typed by its event; ``isinstance`` tells them apart."""
