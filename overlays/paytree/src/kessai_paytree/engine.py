"""kessai's two drivers, made to go through a sequence event by event, and to practise.

A sequence is driven to its next event and rests there, for as long as the caller takes with it.

What keeps others out of this terminal's entries in a journal is the lock of the one client, which
the operating system drops with its process. The journal's own lease is therefore as short as can
be: the next client, started at once after this one was killed, must see what was under way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeVar

from kessai.client import AsyncClient, Client
from kessai.commands import JournalAttempt, JournalOpen, JournalTake

if TYPE_CHECKING:
    from collections.abc import Generator

    from kessai.commands import Command, Fault, Reply, Send
    from kessai.setup import Setup

    from .practice import Practice

__all__ = ["AsyncEngine", "Engine"]

ResultT = TypeVar("ResultT")

#: Seconds for which an entry of the journal counts as worked on after its owner's last sign.
LEASE: Final = 0.05


class Engine(Client):
    """The sync driver. ``practice`` answers in place of the network."""

    practice: Practice | None = None

    @property
    def setup(self) -> Setup:
        """The settings of every call. Raises ConfigurationError when the client is closed."""
        return self._usable()

    def go(self, steps: Generator[Command, Any, ResultT]) -> ResultT:
        """Carry out steps to their end."""
        return self._drive(steps)

    def _outside(self, command: Command) -> Any:
        return super()._outside(_brief(command))

    def _send(self, command: Send) -> Reply | Fault:
        if self.practice is None:
            return super()._send(command)
        if self.practice.seconds:
            self._system.sleep(self.practice.seconds)
        return self.practice.answer(command)


class AsyncEngine(AsyncClient):
    """``Engine`` for an event loop."""

    practice: Practice | None = None

    @property
    def setup(self) -> Setup:
        """The settings of every call. Raises ConfigurationError when the client is closed."""
        return self._usable()

    async def go(self, steps: Generator[Command, Any, ResultT]) -> ResultT:
        """Carry out steps to their end."""
        return await self._drive(steps)

    async def _outside(self, command: Command) -> Any:
        return await super()._outside(_brief(command))

    async def _send(self, command: Send) -> Reply | Fault:
        if self.practice is None:
            return await super()._send(command)
        if self.practice.seconds:
            await self._sleep(self.practice.seconds)
        return self.practice.answer(command)


def _brief(command: Command) -> Command:
    """Shorten the lease that a command of the journal's asks for."""
    if isinstance(command, JournalOpen | JournalAttempt | JournalTake):
        return command._replace(lease_seconds=LEASE)
    return command
