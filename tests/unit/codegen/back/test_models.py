"""The generated models work: round trips, unknown things survive, secrets stay hidden."""

from __future__ import annotations

import copy
import pickle
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai.model import DecodeError, Timestamp, UnknownVariant

from tests.unit.codegen.back.tiny import imported

CHARGE: dict[str, Any] = {
    "head": {"type": "CHARGE"},
    "amount": "1200",
    "createdAt": "2026-01-05T10:00:00",
    "day": "2026-01-05",
    "history": ["2026-01-05T10:00:00Z", "2026-01-05T10:00:00.5+09:00"],
    "totals": {"food": "8", "drink": "10"},
    "ratio": 0.5,
    "count": 3,
    "rank": 1,
    "ranks": [9, 0, 77],
    "chargeId": "c-1",
    "status": "PAID",
}


def request(m: Any, **changes: Any) -> Any:
    """A request that breaks nothing."""
    given: dict[str, Any] = {
        "order_id": "o-1",
        "amount": 1200,
        "kind": m.Kind.BANK,
        "source": m.TokenSource(token="tok_secret"),
    }
    return m.ChargeRequest(**{**given, **changes})


def full_request(m: Any) -> Any:
    """A request with every member."""
    return request(
        m,
        fee=7,
        rank=m.Rank.LAST,
        mode=m.Mode.SIX,
        items=[m.Item(name="a", price=3, quantity=1, parent=m.Box(items=[m.Item(name="b")]))],
        kinds=[m.Kind.CARD],
        prices=[1, 2],
        notes={"a": "b"},
        extras={"x": [1, None]},
        memo="日本",
        kana="カ　ナ",
        label="ab",
        email="a@example.jp",
        callback_url="https://shop.example/back",
        pin="1234",
        rate=0.5,
        flag=False,
        due_date=date(2026, 1, 31),
        due_at=Timestamp.parse("2026-01-31T00:00:00+09:00"),
        cleared="x",
        class_="y",
        check_="z",
        with_slash_tilde="/",
        odd_name="o",
    )


def test_a_request_becomes_the_gateways_json(models: Any) -> None:
    wire = full_request(models).to_wire()
    assert orjson.loads(orjson.dumps(wire)) == {
        "orderId": "o-1",
        "amount": "1200",
        "kind": "BANK",
        "source": {"token": "tok_secret"},
        "fee": 7,
        "rank": 9,
        "mode": "06",
        "items": [{"name": "a", "price": "3", "quantity": 1, "parent": {"items": [{"name": "b"}]}}],
        "kinds": ["CARD"],
        "prices": ["1", "2"],
        "notes": {"a": "b"},
        "extras": {"x": [1, None]},
        "memo": "日本",
        "kana": "カ　ナ",
        "label": "ab",
        "email": "a@example.jp",
        "callbackUrl": "https://shop.example/back",
        "pin": "1234",
        "rate": 0.5,
        "flag": False,
        "dueDate": "2026-01-31",
        "dueAt": "2026-01-31T00:00:00+09:00",
        "cleared": "x",
        "class": "y",
        "check": "z",
        "with/slash~tilde": "/",
        'odd "name\\': "o",
    }


def test_absent_members_are_left_out(models: Any) -> None:
    assert set(request(models).to_wire()) == {"orderId", "amount", "kind", "source"}


def test_a_round_trip_keeps_everything(models: Any) -> None:
    sent = full_request(models)
    assert models.ChargeRequest.from_wire(orjson.loads(orjson.dumps(sent.to_wire()))) == sent


def test_from_wire_leaves_its_argument_alone(models: Any) -> None:
    given = copy.deepcopy(CHARGE)
    models.Charge.from_wire(given)
    assert given == CHARGE


def test_an_answer_is_typed(models: Any) -> None:
    charge = models.Charge.from_wire(CHARGE)
    assert charge.amount == 1200
    assert charge.status is models.Status.PAID
    assert charge.day == date(2026, 1, 5)
    assert charge.totals == {"food": 8, "drink": 10}
    assert charge.created_at.isoformat() == "2026-01-05T10:00:00+09:00"
    assert [moment.text for moment in charge.history] == CHARGE["history"]
    assert charge.to_wire() == CHARGE


def test_unknown_members_and_values_survive(models: Any) -> None:
    given = {**CHARGE, "status": "LATER", "new": {"deep": [1]}}
    charge = models.Charge.from_wire(given)
    assert not charge.status.is_known
    assert charge.status == "LATER"
    assert charge.unknown_members == {"new": {"deep": [1]}}
    assert charge.to_wire() == given


@pytest.mark.parametrize("member", sorted(set(CHARGE) - {"chargeId"}))
def test_null_is_absent(models: Any, member: str) -> None:
    charge = models.Charge.from_wire({**CHARGE, member: None})
    assert member not in charge.to_wire()


@pytest.mark.parametrize("member", ["amount", "createdAt", "day"])
def test_the_empty_text_is_no_amount_and_no_date(models: Any, member: str) -> None:
    charge = models.Charge.from_wire({**CHARGE, member: ""})
    attribute = {"createdAt": "created_at"}.get(member, member)
    assert getattr(charge, attribute) is None


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"chargeId": None}, "/chargeId"),
        ({"amount": 12.5}, "/amount"),
        ({"amount": True}, "/amount"),
        ({"amount": "１２"}, "/amount"),
        ({"amount": "12 "}, "/amount"),
        ({"amount": "1_000"}, "/amount"),
        ({"head": []}, "/head"),
        ({"head": "secret"}, "/head"),
        ({"status": {"secret": 1}}, "/status"),
        ({"status": 5}, "/status"),
        ({"createdAt": 5}, "/createdAt"),
        ({"day": "secret"}, "/day"),
        ({"day": "2026-01-05T10:00:00"}, "/day"),
        ({"history": ["2026-01-05T10:00:00Z", "secret"]}, "/history/1"),
        ({"history": {}}, "/history"),
        ({"totals": {"a/b~c": "secret"}}, "/totals/a~1b~0c"),
        ({"totals": []}, "/totals"),
        ({"count": 1.5}, "/count"),
        ({"count": True}, "/count"),
        ({"ratio": "secret"}, "/ratio"),
    ],
)
def test_a_wrong_type_is_named_by_its_pointer_alone(
    models: Any, changes: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(DecodeError) as caught:
        models.Charge.from_wire({**CHARGE, **changes})
    assert caught.value.pointer == pointer
    assert "secret" not in f"{caught.value!s} {caught.value!r}"


def test_an_answer_that_is_no_object_is_refused(models: Any) -> None:
    others: list[Any] = [[], "secret", None, 5]
    for other in others:
        with pytest.raises(DecodeError, match=r"^/: not an object$"):
            models.Charge.decode(other)


def test_a_date_in_a_new_form_does_not_lose_the_answer(models: Any) -> None:
    charge = models.Charge.from_wire({**CHARGE, "createdAt": "5th of January"})
    assert charge.amount == 1200
    assert charge.to_wire()["createdAt"] == "5th of January"
    assert "January" not in repr(charge)
    for twin in (copy.copy(charge), copy.deepcopy(charge), pickle.loads(pickle.dumps(charge))):
        assert twin == charge
        assert twin.to_wire() == charge.to_wire()
    assert charge != models.Charge.from_wire(CHARGE)
    with pytest.raises(DecodeError, match=r"^/createdAt: "):
        _ = charge.created_at


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["", "1"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from([*CHARGE, "card", "token", "type", "x"]), inner),
    max_leaves=20,
)


@given(JSON, st.sampled_from(["charge", "charge_or_transfer", "source", "charge_request", "box"]))
def test_whatever_arrives_is_decoded_or_refused(models: Any, value: Any, module: str) -> None:
    try:
        decoded = _decoder(module)(copy.deepcopy(value))
    except DecodeError:
        return
    assert set(value) == set(decoded.to_wire()) | {n for n in value if value[n] in (None, "")}
    assert decoded == copy.deepcopy(decoded)


def test_a_union_by_value_takes_the_branch_that_is_named(models: Any) -> None:
    from_wire = _decoder("charge_or_transfer")
    assert isinstance(from_wire(copy.deepcopy(CHARGE)), models.Charge)
    refund = {**CHARGE, "head": {"type": "REFUND"}}
    assert isinstance(from_wire(copy.deepcopy(refund)), models.Charge)
    transfer = from_wire({"head": {"type": "TRANSFER"}, "account": "a"})
    assert isinstance(transfer, models.Transfer)
    assert isinstance(transfer, models.ChargeOrTransfer)


@pytest.mark.parametrize(
    "given",
    [{"head": {"type": "NEW"}, "x": 1}, {"head": {}}, {"head": None}, {"head": "CHARGE"}, {}],
)
def test_an_unknown_variant_keeps_the_object(models: Any, given: dict[str, Any]) -> None:
    variant = _decoder("charge_or_transfer")(copy.deepcopy(given))
    assert isinstance(variant, UnknownVariant)
    assert variant.to_wire() == given


def test_a_union_by_present_member(models: Any) -> None:
    from_wire = _decoder("source")
    assert isinstance(from_wire({"card": {"number": "4"}}), models.CardSource)
    both = from_wire({"card": {"number": "4"}, "token": "t"})
    assert isinstance(both, models.TokenSource)
    assert both.unknown_members == {"card": {"number": "4"}}
    assert isinstance(from_wire({"token": None}), UnknownVariant)


def _decoder(module: str) -> Any:
    return getattr(import_module(f"kessai_tiny_api.models.{module}"), f"decode_{module}")


def test_secrets_are_not_shown(models: Any) -> None:
    shown = repr(
        request(
            models,
            pin="9876",
            extras={"session": "s3cret"},
            unknown_members={"newSecret": "s3cret"},
            source=models.CardSource(card=models.Card(number="4111111111111111", holder="H")),
        )
    )
    for secret in ("9876", "s3cret", "4111", "tok_secret"):
        assert secret not in shown
    assert "order_id='o-1'" in shown
    assert "session" in shown
    assert "newSecret" in shown


def test_an_unknown_variant_shows_names_only() -> None:
    assert "s3cret" not in repr(UnknownVariant({"token": "s3cret"}))
    assert "token" in repr(UnknownVariant({"token": "s3cret"}))


def test_copies_and_pickles_are_equal(models: Any) -> None:
    for value in (models.Charge.from_wire(CHARGE), full_request(models)):
        assert copy.copy(value) == value
        assert copy.deepcopy(value) == value
        assert pickle.loads(pickle.dumps(value)) == value


def test_equality_goes_by_value_unknown_members_included(models: Any) -> None:
    one, other = models.Charge.from_wire(CHARGE), models.Charge.from_wire(CHARGE)
    assert one == other
    other.unknown_members["x"] = 1
    assert one != other


def test_a_misspelt_name_is_an_error(models: Any) -> None:
    assert "Charge" in dir(models)
    assert "Charge" in models.__all__
    with pytest.raises(AttributeError, match="Chrage"):
        _ = models.Chrage
    with pytest.raises(TypeError, match="order_di"):
        models.ChargeRequest(order_di="x")


def test_models_are_imported_when_they_are_used(tiny_root: Path) -> None:
    with imported(tiny_root, "kessai_tiny_api.api", "kessai_tiny_api.operations") as [_, found]:
        assert found.OPERATIONS["chargeInquiry"].answers
    with imported(
        tiny_root, "kessai_tiny_api.models", "kessai_tiny_api.charge", "kessai_tiny_api.events"
    ) as [models, _, _]:
        assert not [name for name in sys.modules if name.startswith("kessai_tiny_api.models.")]
        assert models.Head
        assert "kessai_tiny_api.models.head" in sys.modules
        assert "kessai_tiny_api.models.charge" not in sys.modules


def test_modules_that_need_one_another(models: Any) -> None:
    box = models.Box.from_wire({"inner": {"items": [{"name": "a", "parent": {"lid": "l"}}]}})
    assert box.inner.items[0].parent.lid == "l"
    assert models.Item.from_wire({"name": "x", "parent": {}}).parent == models.Box()


def test_numeric_codes_have_names(models: Any) -> None:
    assert models.Mode.SIX == "06"
    assert models.Mode.BY_NAME == "name"
    assert models.Mode("06") is models.Mode.SIX
