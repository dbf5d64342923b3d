"""What generated models share: open enums, wire values, hidden values, decode errors."""

from __future__ import annotations

import copy
import pickle
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, cast

import attrs
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import checks, wire
from kessai.constraints import Report
from kessai.model import (
    UNSET,
    DecodeError,
    Model,
    OpenEnum,
    OpenIntEnum,
    Timestamp,
    UnknownVariant,
    Unset,
)
from kessai.timestamp import JST, TimestampMember


class Status(OpenEnum):
    """An enum whose name and value differ."""

    PAID = "paid"
    SIX = "06"


STATUS = wire.EnumTable(Status)


@attrs.define(kw_only=True, repr=False, eq=False, getstate_setstate=False)
class Payment(Model):
    """A model as the generator writes them."""

    at: Timestamp | None = None
    card: str | None = None
    unknown_members: dict[str, Any] = attrs.field(factory=dict[str, Any])
    _SENSITIVE = frozenset({"card"})


AT = TimestampMember(Payment, "at", "paidAt")


def test_a_known_value_is_the_member() -> None:
    assert Status("06") is Status.SIX
    assert STATUS["06"] is Status.SIX
    assert Status.SIX.is_known


@given(st.text())
def test_any_text_is_a_value_that_compares_as_itself(text: str) -> None:
    value = STATUS[text]
    assert isinstance(value, Status)
    assert value == text
    assert hash(value) == hash(text)
    assert value.value == text
    assert value.is_known == (text in {"paid", "06"})
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        assert type(twin) is Status


def test_an_unknown_value_does_not_join_the_enum() -> None:
    assert Status("new") == "new"
    assert list(Status) == [Status.PAID, Status.SIX]
    assert "new" not in STATUS
    assert not Status("PAID").is_known  # a name, not a value


@pytest.mark.parametrize("value", [5, True, 1.5])
def test_a_value_that_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(DecodeError):
        STATUS[value]
    with pytest.raises(ValueError, match="is not a valid Status"):
        Status(value)


@given(st.integers(0, 10**15 - 1))
def test_yen_round_trip(amount: int) -> None:
    assert wire.decode_yen(str(amount)) == amount
    assert wire.decode_yen(amount) == amount


@given(st.text(max_size=40))
def test_yen_are_ascii_digits_or_an_error(text: str) -> None:
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(text) <= 30:
        assert wire.decode_yen(text) == int(text)
    else:
        with pytest.raises(DecodeError):
            wire.decode_yen(text)


@pytest.mark.parametrize(
    "value", [True, False, 1.0, None, [], {}, "１２", "1,000", "+1", "0x1", "1e3", " 1", "9" * 31]
)
def test_what_is_no_amount_is_refused_without_being_shown(value: Any) -> None:
    with pytest.raises(DecodeError) as caught:
        wire.decode_yen(value)
    assert str(caught.value) == "/: not an amount in yen"


DECODERS: list[tuple[Any, list[Any], list[Any]]] = [
    (wire.decode_integer, [0, -5, 3.0], [True, 1.5, "1", None, float("inf")]),
    (wire.decode_number, [0, 1.5], [True, "1", None]),
    (wire.decode_date, ["2026-01-05"], ["5/1", 5, None, "", "2026-01-05T00:00:00"]),
    (wire.decode_timestamp, ["2026-01-05T10:00:00Z"], ["yesterday", 5, None, ""]),
    (wire.decode_list, [[1]], [{}, "x", None]),
    (wire.decode_map, [{"a": 1}], [[], "x", None]),
]


@pytest.mark.parametrize(("decode", "good", "bad"), DECODERS)
def test_values_of_the_wrong_type_are_refused(decode: Any, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        decode(value)
    for value in bad:
        with pytest.raises(DecodeError):
            decode(value)


def test_three_point_zero_is_an_integer() -> None:
    value = wire.decode_integer(3.0)
    assert (value, type(value)) == (3, int)


def test_errors_inside_containers_name_the_place() -> None:
    with pytest.raises(DecodeError) as caught:
        wire.decode_items(wire.decode_yen, ["1", "x"])
    assert caught.value.under("a/b~").pointer == "/a~1b~0/1"
    with pytest.raises(DecodeError) as caught:
        wire.decode_values(STATUS.__getitem__, {"a": "paid", "b/c": []})
    assert caught.value.pointer == "/b~1c"
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (copied.pointer, str(copied)) == (caught.value.pointer, str(caught.value))


AWARE = st.datetimes(
    timezones=st.sampled_from([UTC, JST, timezone(timedelta(hours=-3, minutes=-30))])
)


@given(AWARE)
def test_timestamps_round_trip(moment: datetime) -> None:
    stamp = Timestamp.of(moment)
    assert stamp == moment
    assert stamp.text == moment.isoformat()
    for twin in (copy.copy(stamp), copy.deepcopy(stamp), pickle.loads(pickle.dumps(stamp))):
        assert (twin, twin.text, type(twin)) == (stamp, stamp.text, Timestamp)


def test_a_date_time_without_offset_is_japanese() -> None:
    stamp = Timestamp.parse("2026-01-05T10:00:00")
    assert stamp.utcoffset() == timedelta(hours=9)
    assert stamp.text == "2026-01-05T10:00:00"


def test_a_computed_timestamp_has_a_text_too() -> None:
    later = Timestamp.parse("2026-01-05T10:00:00Z") + timedelta(days=1)
    assert isinstance(later, Timestamp)
    assert later.text == "2026-01-06T10:00:00+00:00"


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="without time zone"):
        Timestamp.of(datetime(2026, 1, 5))
    with pytest.raises(ValueError, match=r"^not an ISO 8601 date-time$"):
        Timestamp.parse("secret")


def test_a_timestamp_is_read_when_it_is_used() -> None:
    payment = Payment()
    AT.put(payment, "2026-01-05T10:00:00Z")
    assert AT.raw(payment) == "2026-01-05T10:00:00Z"
    assert payment.at == datetime(2026, 1, 5, 10, tzinfo=UTC)
    assert isinstance(AT.raw(payment), Timestamp)
    empty = Payment()
    AT.put(empty, "")
    assert empty.at is None
    assert isinstance(vars(Payment)["at"], TimestampMember)


def test_a_timestamp_nobody_can_read_is_named_and_hidden() -> None:
    payment = Payment()
    AT.put(payment, "s3cret")
    assert "s3cret" not in repr(payment)
    with pytest.raises(DecodeError) as caught:
        _ = payment.at
    assert str(caught.value) == "/paidAt: not an ISO 8601 date-time"


def test_repr_hides_what_must_be_hidden() -> None:
    shown = repr(Payment(card="4111", unknown_members={"pan": "4111"}))
    assert shown == "Payment(card=<hidden>, unknown_members={pan: <hidden>})"


def test_an_unknown_variant_is_its_object() -> None:
    data = {"a": {"b": 1}}
    variant = UnknownVariant.from_wire(data)
    assert variant.to_wire() == data
    assert variant.to_wire() is not data
    report = Report()
    variant.check("/a", report)
    assert [(v.pointer, v.code, v.enforced) for v in report.violations] == [
        ("/a", "variant", False)
    ]
    assert variant == UnknownVariant(data)
    assert variant != UnknownVariant({})
    assert pickle.loads(pickle.dumps(variant)) == variant
    assert copy.deepcopy(variant) == variant
    with pytest.raises(TypeError, match="unhashable"):
        hash(variant)
    with pytest.raises(DecodeError):
        UnknownVariant.decode([])


def test_unset_is_one_object_and_false() -> None:
    assert not UNSET
    assert isinstance(UNSET, Unset)
    assert copy.deepcopy(UNSET) is UNSET
    assert pickle.loads(pickle.dumps(UNSET)) is UNSET
    assert repr(UNSET) == "UNSET"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON))
def test_a_copy_shares_nothing(members: dict[str, Any]) -> None:
    copied = wire.copy_json(members)
    assert copied == members
    _spoil(copied)
    assert members == copy.deepcopy(members)
    assert "spoilt" not in str(members) or "spoilt" in members


def _spoil(value: Any) -> None:
    if isinstance(value, dict):
        members = cast("dict[str, object]", value)
        for member in list(members.values()):
            _spoil(member)
        members.clear()
    elif isinstance(value, list):
        value.clear()


def test_member_at_stops_where_the_way_ends() -> None:
    data = {"a": {"b": 1}, "c": [1]}
    assert wire.member_at(data, "a", "b") == 1
    assert wire.member_at(data, "a", "x") is None
    assert wire.member_at(data, "c", "0") is None
    assert wire.member_at(data, "x", "y") is None


def test_a_date_is_a_date() -> None:
    assert wire.decode_date("2026-01-05") == date(2026, 1, 5)


class Stage(OpenIntEnum):
    """A list of whole numbers, one of them zero."""

    NONE = 0
    DONE = 2


STAGE = wire.IntEnumTable(Stage)


def test_a_known_number_is_the_member_zero_included() -> None:
    assert STAGE[0] is Stage.NONE
    assert STAGE[2] is Stage.DONE
    assert STAGE[2.0] is Stage.DONE  # a whole number to JSON Schema
    assert STAGE[None] is None
    assert Stage.NONE.is_known


@given(st.integers(-(10**20), 10**20))
def test_any_number_is_a_value_that_compares_as_itself(number: int) -> None:
    value = STAGE[number]
    assert isinstance(value, Stage)
    assert (value, hash(value), str(value)) == (number, hash(number), str(number))
    assert value.is_known == (number in {0, 2})
    assert list(Stage) == [Stage.NONE, Stage.DONE]
    for twin in (copy.copy(value), copy.deepcopy(value), pickle.loads(pickle.dumps(value))):
        assert twin == value
        assert type(twin) is Stage
    if abs(number) < 2**63:
        assert orjson.dumps({"stage": value}) == orjson.dumps({"stage": number})


@pytest.mark.parametrize("value", ["2", True, False, 1.5, "", [2], {}])
def test_what_is_no_number_is_refused(value: Any) -> None:
    with pytest.raises(DecodeError):
        STAGE[value]
    if not isinstance(value, bool | float):  # the class itself looks up what equals a number
        with pytest.raises(ValueError, match="is not a valid Stage"):
            Stage(value)


@pytest.mark.parametrize(
    ("value", "code", "enforced"),
    [(7, "enum", False), (Stage(7), "enum", False), (True, "type", True), ("2", "type", True)],
)
def test_a_number_the_spec_does_not_list_warns(value: Any, code: str, enforced: bool) -> None:
    report = Report()
    checks.check_enum(report, "/stage", value, STAGE)
    (found,) = report.violations
    assert (found.code, found.enforced) == (code, enforced)
