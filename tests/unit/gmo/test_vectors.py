"""What goes over the wire, against values encoded by other programs (tests/vectors/gmo)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import pytest
from kessai import CsrfTokenError
from kessai_gmo import GmoClient, parse_callback
from kessai_gmo import models as m
from kessai_gmo.auth import PasswordAuth
from kessai_gmo.follow import finalize_key

from tests.unit.gmo.scripted import Script, answer

VECTORS: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "vectors/gmo/wire.json").read_text(encoding="utf-8")
)


def test_the_vectors_have_an_origin_and_every_event_and_padding() -> None:
    assert VECTORS["origin"]
    assert {v["event"] for v in VECTORS["callbacks"]} == set(m.CallbackEvent)
    assert {len(v["p"]) - len(v["p"].rstrip("=")) for v in VECTORS["callbacks"]} == {0, 1, 2}


@pytest.mark.parametrize("vector", VECTORS["callbacks"], ids=lambda v: v["event"])
def test_callbacks(vector: dict[str, str]) -> None:
    for p in (vector["p"], vector["p"].rstrip("=")):
        callback = parse_callback(f"p={p}", csrf_token=vector["csrf_token"])
        assert callback.to_wire() == json.loads(vector["text"])
        with pytest.raises(CsrfTokenError):
            parse_callback(f"p={p}", csrf_token=vector["csrf_token"] + "0")


@pytest.mark.parametrize("vector", VECTORS["basic"], ids=lambda v: v["shop_id"])
def test_basic_authentication(vector: dict[str, str]) -> None:
    auth = PasswordAuth(vector["shop_id"], vector["shop_password"])
    outgoing: Any = None
    with pytest.raises(StopIteration) as end:
        next(auth.sign(outgoing))
    assert end.value.value == {"Authorization": vector["authorization"]}
    assert vector["shop_password"] not in repr(auth)


@pytest.mark.parametrize("vector", VECTORS["finalize_keys"], ids=lambda v: v["key"])
def test_finalize_keys_never_change(vector: dict[str, str]) -> None:
    """Another version of this package must not finalize a second time."""
    assert finalize_key(vector["operation"], vector["access_id"]) == vector["key"]


def test_one_changed_byte_of_a_credential_changes_the_header() -> None:
    headers: set[str] = set()
    for password in ("correct-horse", "correct-horsf", "Correct-horse", "correct-hors"):
        script = Script(answer(200, {}))
        with GmoClient("tshop00000001", password, transport=httpx2.MockTransport(script)) as gmo:
            gmo.order.inquiry(m.OrderInquiryRequest(order_id="A-1"))
        headers.add(script.requests[0].headers["authorization"])
    assert len(headers) == 4
