"""Drives the engine by hand: no network, a clock that only moves when told, everything noted."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Sequence
from typing import Any, TypeVar

from kessai.commands import (
    Command,
    Complain,
    Emit,
    Fault,
    Jitter,
    NewKey,
    Now,
    Reply,
    Send,
    Sleep,
    Token,
    TokenFault,
    Warn,
)
from kessai.hooks import Event
from kessai.setup import Setup
from kessai.shelf import Shelf, store_fault
from kessai.stores.base import JournalStore, SlotStore, TokenStore

from tests.support.core_fake import ENVIRONMENT, FakeGateway, MarkAuth, Step

ResultT = TypeVar("ResultT")

#: The wall clock of a hand when it starts: 2026-01-05T10:00:00+09:00.
START = 1_767_574_800.0


class Hand:
    """Answers the engine's commands from a script, and keeps what it asked for.

    ``seconds`` is how long each attempt takes. Jitter is always the upper bound.
    """

    def __init__(
        self,
        script: Iterable[Step] = (),
        *,
        seconds: float = 0.25,
        tokens: Sequence[str | TokenFault] = (),
        journal: JournalStore | None = None,
        slots: SlotStore | None = None,
        store: TokenStore | None = None,
    ) -> None:
        self.script = list(script)
        self.seconds = seconds
        self.tokens = list(tokens)
        self.shelf = Shelf(journal, slots, store)
        self.now = 1000.0
        self.commands: list[Command] = []
        self.sent: list[Send] = []
        self.slept: list[float] = []
        self.events: list[Event] = []
        self.asked_tokens: list[Token] = []
        self.complaints: list[str] = []
        self.warned: list[Warn] = []
        self.keys = 0

    @property
    def wall(self) -> float:
        """The wall clock: it moves with the other one."""
        return START + self.now - 1000.0

    def run(self, steps: Generator[Command, Any, ResultT]) -> ResultT:
        """Drive the engine to its end."""
        answer: Any = None
        failure: BaseException | None = None
        try:
            while True:
                command = steps.send(answer) if failure is None else steps.throw(failure)
                failure = None
                self.commands.append(command)
                try:
                    answer = self.answer(command)
                except BaseException as error:
                    failure = error
        except StopIteration as stop:
            result: ResultT = stop.value
            return result

    def answer(self, command: Command) -> Any:
        """Answer one command."""
        match command:
            case Now(wall):
                return self.wall if wall else self.now
            case Jitter(_, high):
                return high
            case NewKey():
                self.keys += 1
                return f"key-{self.keys}"
            case Sleep(seconds):
                self.slept.append(seconds)
                self.now += seconds
            case Emit(event):
                self.events.append(event)
            case Warn():
                self.warned.append(command)
            case Complain(message):
                self.complaints.append(message)
            case Token():
                self.asked_tokens.append(command)
                return self.tokens.pop(0)
            case Send():
                return self._send(command)
            case _:
                try:
                    return self.shelf.ask(command)
                except Exception as error:
                    return store_fault(error)
        return None

    def _send(self, command: Send) -> Reply | Fault:
        self.sent.append(command)
        self.now += self.seconds
        step = self.script.pop(0)
        return step() if callable(step) else step


def header(send: Send, name: str) -> str | None:
    """A header of an attempt, or None; more than one of a name is a mistake."""
    found = [value for key, value in send.headers if key.lower() == name.lower()]
    assert len(found) <= 1, f"{name} is there {len(found)} times"
    return found[0] if found else None


def make_setup(gateway: FakeGateway | None = None, auth: Any = None, **options: Any) -> Setup:
    """Settings for the made-up gateway."""
    settings: dict[str, Any] = {"timeout": 90.0, "environment": ENVIRONMENT, **options}
    environment = settings.pop("environment")
    return Setup(gateway or FakeGateway(), auth or MarkAuth(), environment, **settings)
