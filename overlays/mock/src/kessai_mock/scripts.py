"""What the next calls of an operation shall meet: the script behind POST /_mock/next."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, cast, get_args

WEBHOOK = "webhook"  # not an operation: each attempt to send a notice
_WEBHOOK_FAULTS = ("lost-before", "lost-after", "delay")
Fault = Literal["lost-before", "lost-after", "half", "torn", "html", "delay", "gate", "fail"]
When = Literal["before", "after"]
_MEMBERS = {
    "operation", "times", "status", "detail", "headers", "fault", "processed", "forget",
    "seconds", "gate", "when",
}  # fmt: skip


class ScriptError(ValueError):
    """A script cannot be read; the message names the member and what would be accepted."""


class Vocabulary(NamedTuple):
    """How a gateway names what can go wrong: the member of a script, and status by name."""

    member: str  # title, resultCode
    statuses: Mapping[str, int]
    provider: bool = False  # whether a script may put a name into the provider's mouth
    more: Mapping[str, Collection[str]] = MappingProxyType({})  # members of its own, their values


@dataclass(slots=True, kw_only=True)
class Script:
    """One scripted outcome; used up after `times` calls.

    `status` with `outcome` (a problem's title, a result code) answers that. `processed` has
    the call carried out first (money moves, the answer is lost behind the scripted one);
    `forget` keeps the success from being replayed. `provider` is what the provider behind
    the gateway says in this call. Faults: lost-before, lost-after (connection closed
    without an answer), half (declared length, half the bytes, closed), torn (half the bytes
    as a complete answer), html (502 with a page), delay (held for `seconds` of virtual
    time), gate (held until that gate is opened), fail (an asynchronous job ends badly).
    For the operation webhook, lost-before keeps one attempt from leaving, lost-after keeps
    the receiver's answer from being seen, delay sends later.
    """

    operation: str
    times: int = 1
    status: int | None = None
    outcome: str | None = None
    provider: str | None = None
    more: dict[str, str] = field(default_factory=dict[str, str])
    detail: str | None = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    fault: Fault | None = None
    processed: bool = False
    forget: bool = False
    seconds: float = 0.0
    gate: str | None = None
    when: When = "before"


def parse(data: object, operations: Collection[str], vocabulary: Vocabulary) -> Script:
    """Read one script from JSON. Raises ScriptError naming what is wrong."""
    if not isinstance(data, dict):
        raise ScriptError("a script is a JSON object")
    members = cast("dict[str, Any]", data)
    named = vocabulary.member
    known = _MEMBERS | {named} | ({"provider"} if vocabulary.provider else set[str]())
    known |= vocabulary.more.keys()
    unknown = sorted(members.keys() - known)
    if unknown:
        raise ScriptError(f"unknown member {unknown[0]}; known are {', '.join(sorted(known))}")
    operation = members.get("operation")
    if operation != "*" and operation not in operations:
        raise ScriptError("operation must be an operationId or *")
    script = Script(operation=str(operation))
    script.times = _integer(members, "times", 1, 1, 1000)
    script.outcome = _name(members, named, vocabulary)
    script.provider = _name(members, "provider", vocabulary)
    for name, values in vocabulary.more.items():
        chosen = _text(members, name)
        if chosen is not None and chosen not in values:
            raise ScriptError(f"{name} must be one of {', '.join(values)}")
        if chosen is not None:
            script.more[name] = chosen
    if "status" in members:
        script.status = _integer(members, "status", 500, 200, 599)
    elif script.outcome is not None:
        script.status = vocabulary.statuses[script.outcome]
    script.detail = _text(members, "detail")
    fault = _text(members, "fault")
    if fault is not None and fault not in get_args(Fault):
        raise ScriptError(f"fault must be one of {', '.join(get_args(Fault))}")
    script.fault = cast("Fault | None", fault)
    when = _text(members, "when")
    if when is not None and when not in get_args(When):
        raise ScriptError("when must be before or after")
    script.when = cast("When", when or "before")
    script.gate = _text(members, "gate")
    script.processed = _flag(members, "processed")
    script.forget = _flag(members, "forget")
    seconds = members.get("seconds", 0)
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        raise ScriptError("seconds must be a number")
    if not 0 <= seconds <= 10**9:
        raise ScriptError("seconds must be at least 0 and at most 10^9")
    script.seconds = float(seconds)
    headers = members.get("headers", {})
    if not isinstance(headers, dict):
        raise ScriptError("headers must be an object of strings")
    for name, value in cast("dict[str, object]", headers).items():
        if not isinstance(value, str) or not f"{name}{value}".isascii() or "\n" in value:
            raise ScriptError("headers must be an object of strings, ASCII and in one line")
        script.headers[str(name)] = value
    said = (script.status, script.fault, script.provider)
    if said == (None, None, None) and not script.more:
        raise ScriptError(f"give a status, a {named} or a fault")
    if script.operation == WEBHOOK and script.fault not in _WEBHOOK_FAULTS:
        raise ScriptError(f"a webhook's fault must be one of {', '.join(_WEBHOOK_FAULTS)}")
    if script.fault == "gate" and script.gate is None:
        raise ScriptError("fault gate needs the name of the gate in gate")
    return script


class Scripts:
    """Scripts waiting for their call, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[Script] = []

    def add(self, script: Script) -> None:
        """Queue one more script."""
        self._waiting.append(script)

    def take(self, operation: str, *, wildcard: bool = True) -> Script | None:
        """The script for this call of `operation`, or None."""
        for script in self._waiting:
            if script.operation == operation or (wildcard and script.operation == "*"):
                script.times -= 1
                if script.times <= 0:
                    self._waiting.remove(script)
                return script
        return None

    def describe(self) -> list[dict[str, Any]]:
        """What still waits, for GET /_mock/next."""
        return [
            {"operation": s.operation, "times": s.times, "status": s.status, "fault": s.fault}
            for s in self._waiting
        ]


def _text(members: dict[str, Any], name: str) -> str | None:
    value = members.get(name)
    if value is not None and not isinstance(value, str):
        raise ScriptError(f"{name} must be a string")
    return value


def _name(members: dict[str, Any], member: str, vocabulary: Vocabulary) -> str | None:
    name = _text(members, member)
    if name is not None and name not in vocabulary.statuses:
        raise ScriptError(f"{member} must be one of {', '.join(vocabulary.statuses)}")
    return name


def _flag(members: dict[str, Any], name: str) -> bool:
    value = members.get(name, False)
    if not isinstance(value, bool):
        raise ScriptError(f"{name} must be true or false")
    return value


def _integer(members: dict[str, Any], name: str, default: int, low: int, high: int) -> int:
    value = members.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ScriptError(f"{name} must be an integer from {low} to {high}")
    return value
