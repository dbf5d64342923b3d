"""kessai's two drivers, made to go through a sequence event by event, and to practise.

A sequence is driven to its next event and rests there, for as long as the caller takes with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from kessai.client import AsyncClient, Client

if TYPE_CHECKING:
    from collections.abc import Generator

    from kessai.commands import Command, Fault, Reply, Send
    from kessai.setup import Setup

    from .practice import Practice

__all__ = ["AsyncEngine", "Engine"]

ResultT = TypeVar("ResultT")


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

    async def _send(self, command: Send) -> Reply | Fault:
        if self.practice is None:
            return await super()._send(command)
        if self.practice.seconds:
            await self._sleep(self.practice.seconds)
        return self.practice.answer(command)
