"""Two readings of one request: the client's models and the mock's, and where they may differ.

Both are compiled from the same document by different generators. Where they judge a request
differently, one of them is wrong, unless the difference is named here with its reason.
"""

from __future__ import annotations

import functools
import json
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import kessai_mock_models.gmo as mock_models
from kessai.constraints import Report
from kessai.model import DecodeError, Model, UnknownVariant
from pydantic import TypeAdapter, ValidationError

from tests.support.contract_client import decode_model

ABSENT: Any = object()
UNKNOWN_VARIANT = "unknown-variant"
WARNED = "warned"
_CLOSED = frozenset({"enum", "literal_error"})  # told by its own difference


class Objection(NamedTuple):
    """One thing a model has against a request; `value` is what stands at the pointer."""

    pointer: str
    code: str
    value: Any


class Difference(NamedTuple):
    """A named difference: who may refuse alone, what for, and why that is right."""

    name: str
    refuses: Literal["client", "mock"]
    codes: frozenset[str]
    fits: Callable[[Any], bool]
    reason: str

    def covers(self, side: str, objection: Objection) -> bool:
        """Whether an objection of one side is this difference."""
        fits = self.fits(objection.value)
        return side == self.refuses and objection.code in self.codes and fits


def _empty(value: Any) -> bool:
    return value.__class__ is str and not value


def _absent(value: Any) -> bool:
    return value is ABSENT or value is None


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _integer(value: Any) -> bool:
    return value.__class__ is int


def _padded(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isdigit() and value[0] == "0"


def _whole(value: Any) -> bool:
    return isinstance(value, float) and value.is_integer()


def _anything(value: Any) -> bool:
    return True


DIFFERENCES = (
    Difference(
        "an empty optional text",
        "client",
        frozenset({"pattern", "format", "min-length", "enum"}),
        _empty,
        'The gateway takes "" for absent. A merchant who sends an empty text has lost a value, '
        "so the client says so before anything leaves.",
    ),
    Difference(
        "an empty text for an object",
        "client",
        frozenset({"decode", "type"}),  # type: where true or false is wanted
        _empty,
        'The gateway takes "" for absent where a text is wanted. The mock\'s models do so '
        "everywhere, which is kinder than the document; the client keeps to it.",
    ),
    Difference(
        "required in company",
        "client",
        frozenset({"required"}),
        _absent,
        "x-required-when is printed into the client's models; the mock's models know plain JSON "
        "Schema, and its rules ask for these members afterwards.",
    ),
    Difference(
        "a new value of an enum",
        "mock",
        frozenset({"enum", "literal_error"}),
        _text,
        "Enums are open in the client, which warns: a merchant may use a value the gateway has "
        "added since. The mock knows the values of its version only.",
    ),
    Difference(
        "an unknown variant",
        "mock",
        frozenset({UNKNOWN_VARIANT}),
        _anything,
        "A union the client cannot tell apart is kept whole and sent: the gateway may have "
        "added a branch. The mock knows the branches of its version only.",
    ),
    Difference(
        "yen as a JSON number",
        "mock",
        frozenset({"string_type"}),
        _integer,
        "The client reads yen from texts and from numbers, and always writes a text.",
    ),
    Difference(
        "yen with leading zeros",
        "mock",
        frozenset({"string_too_long", "string_pattern_mismatch"}),
        _padded,
        "Likewise: the client has made a number of it and writes it without the zeros.",
    ),
    Difference(
        "a whole number with a fraction",
        "mock",
        frozenset({"int_type"}),
        _whole,
        "JSON has one kind of number: 3.0 is an integer to the client, and the mock makes it "
        "one before its strict models look.",
    ),
)


class Verdict(NamedTuple):
    """What a model has against a request, and what the request is on the wire afterwards.

    `variants` are the objects the client kept whole because it could not tell them apart,
    `classes` the names of the models it made, `warned` the pointers it only warned of.
    """

    objections: list[Objection]
    wire: Any
    variants: list[Any] = []  # noqa: RUF012 - never changed
    classes: frozenset[str] = frozenset()
    warned: frozenset[str] = frozenset()


class Sides:
    """The two readings of one spec, and where they may differ.

    `unions` are the branches of its union components.
    """

    def __init__(
        self,
        decode: Callable[[str, Any], Any],
        models: Any,
        unions: Mapping[str, tuple[str, ...]],
        differences: tuple[Difference, ...] = DIFFERENCES,
    ) -> None:
        self.decode = decode
        self.models = models
        self.unions = unions
        self.differences = differences


GMO = Sides(
    decode_model,
    mock_models,
    {
        "CardInformation": (
            "CreditGetCardDetailsTokenInformation",
            "CreditGetCardDetailsReferrerInformation",
        ),
        "CreditInformation": ("CreditTokenInformation", "CreditPanInformation"),
        "CreditStoringInformation": (
            "CreditStoringReferrerInformation",
            "CreditStoringTokenInformation",
            "CreditStoringPanInformation",
        ),
        "CreditVerificationInformation": (
            "CreditVerificationTokenInformation",
            "CreditVerificationReferrerInformation",
            "CreditVerificationPanInformation",
        ),
    },
)


def client_verdict(component: str, body: Any, sides: Sides = GMO) -> Verdict:
    """Decode, check, write again with the client's models; warnings do not count."""
    try:
        model = sides.decode(component, body)
    except DecodeError as error:
        return Verdict([Objection(error.pointer, "decode", at(body, error.pointer))], None)
    report = Report()
    model.check("", report)
    refused = [Objection(v.pointer, v.code, at(body, v.pointer)) for v in report.refused]
    inside = list(_inside(model))
    variants = [part.data for part in inside if isinstance(part, UnknownVariant)]
    classes = frozenset(type(part).__name__ for part in inside)
    warned = frozenset(v.pointer for v in report.violations if not v.enforced)
    return Verdict(refused, model.to_wire(), variants, classes, warned)


def mock_verdict(
    component: str, body: Any, chosen: frozenset[str] = frozenset(), sides: Sides = GMO
) -> Verdict:
    """Validate and dump with the mock's models, from JSON and strictly, as the mock does.

    pydantic lists what each branch of a union has against it; `chosen` names the classes of
    the branches that count, if any of them is concerned.
    """
    try:
        model = adapter(component, sides).validate_json(json.dumps(body), strict=True)
    except ValidationError as error:
        every: list[dict[str, Any]] = [dict(found) for found in error.errors()]
        fit = [found for found in every if _branches(found["loc"]) <= chosen]
        return Verdict([_objection(body, found) for found in fit or every], None)
    return Verdict([], dumped(component, model, sides))


@functools.cache
def adapter(component: str, sides: Sides = GMO) -> TypeAdapter[Any]:
    """pydantic's view of a component; a union is written out in its models where it is used."""
    branches = sides.unions.get(component, (component,))
    models = [getattr(sides.models, branch) for branch in branches]
    union: Any = vars(operator)["or_"]
    return TypeAdapter(functools.reduce(union, models))


def dumped(component: str, model: Any, sides: Sides = GMO) -> Any:
    """A mock model as JSON again, without members that are absent."""
    whole = adapter(component, sides)
    return whole.dump_python(model, mode="json", by_alias=True, exclude_unset=True)


def _objection(body: Any, found: dict[str, Any]) -> Objection:
    """pydantic's location without the names of union branches, which are no members."""
    steps: list[str] = []
    value: Any = body
    for step in found["loc"]:
        inside = _step(value, str(step))
        if inside is ABSENT and not (isinstance(value, dict) and _is_member(step)):
            continue
        steps.append(str(step))
        value = inside
    code = str(found["type"])
    if code == "value_error":  # of bytes: said of the object, the member is in the message
        member = str(found["msg"]).removeprefix("Value error, ").partition(":")[0]
        if (inside := _step(value, member)) is not ABSENT:
            steps.append(member)
            value = inside
    return Objection("".join(f"/{step}" for step in steps), code, value)


def _branches(location: tuple[int | str, ...]) -> set[str]:
    """The classes of the union branches on the way to a place."""
    names = [step for step in location if isinstance(step, str) and not _is_member(step)]
    return {name.rpartition(" ")[2].strip("]),") for name in names}


def _is_member(step: int | str) -> bool:
    return isinstance(step, str) and not step[:1].isupper() and "[" not in step


def at(body: Any, pointer: str) -> Any:
    """The value at a JSON pointer, ABSENT where there is none."""
    value = body
    for step in pointer.split("/")[1:]:
        value = _step(value, step.replace("~1", "/").replace("~0", "~"))
    return value


def _step(value: Any, step: str) -> Any:
    if value.__class__ is dict:
        return value.get(step, ABSENT)
    if value.__class__ is list and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return ABSENT


def _inside(model: Any) -> Iterator[Model]:
    """A model and every model inside of it."""
    if isinstance(model, Model):
        yield model
        fields: tuple[Any, ...] = getattr(type(model), "__attrs_attrs__", ())
        for field in fields:
            yield from _inside(getattr(model, field.name))
    elif model.__class__ is list:
        for element in model:
            yield from _inside(element)


def _recognised(objection: Objection, body: Any, client: Verdict) -> Objection:
    """The objection, called after the client's warning or the unknown variant it is about."""
    if objection.pointer in client.warned and objection.code not in _CLOSED:
        return objection._replace(code=WARNED)
    steps = objection.pointer.split("/")
    for length in range(len(steps), 0, -1):
        if at(body, "/".join(steps[:length])) in client.variants:
            return objection._replace(code=UNKNOWN_VARIANT)
    return objection


def disagreements(component: str, body: Any, seen: set[str], sides: Sides = GMO) -> list[str]:
    """What the two readings make of one request, where no named difference covers it.

    The names of the differences that do cover something are put into `seen`.
    """
    client = client_verdict(component, body, sides)
    mock = mock_verdict(component, body, client.classes, sides)
    if bool(client.objections) == bool(mock.objections):
        return []
    side = "client" if client.objections else "mock"
    found: list[str] = []
    for objection in client.objections or mock.objections:
        known = _recognised(objection, body, client)
        named = [difference for difference in sides.differences if difference.covers(side, known)]
        seen.update(difference.name for difference in named[:1])
        if not named:
            shown = "absent" if objection.value is ABSENT else repr(objection.value)[:80]
            found.append(
                f"{component}: only the {side} refuses {objection.pointer or '/'} "
                f"[{objection.code}], which is {shown}"
            )
    return found
