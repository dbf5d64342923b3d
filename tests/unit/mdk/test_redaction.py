"""Nothing sensitive in any repr, log line, warning, hook event or exception."""

from __future__ import annotations

import logging
from typing import Any

import attrs
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kessai import KessaiError, OutcomeUnknown, UnreadableAnswerError
from kessai.hooks import Event
from kessai.stores.memory import MemoryJournal
from kessai_mdk import Settings, operations
from kessai_mdk import models as m
from kessai_mdk.auth import Envelope

from tests.support.redaction import hides, marked, models, nothing_shows, told
from tests.support.script import NOW
from tests.unit.mdk.scripted import (
    CCID,
    SECRET,
    TOKEN,
    Found,
    Script,
    answer,
    card,
    mpi,
    said,
    transaction,
)

MODELS = models(m)

# Written down by hand: what must never show, whatever the spec files mark.
CARD = {"card_number", "card_expire", "cardholder_name", "security_code"}
SECRETS = {
    "CardAuthorizeRequest": {*CARD, "ddd_cavv", "pin", "jis1_second_track", "jis2_track"},
    "CardReAuthorizeRequest": {"security_code", "ddd_cavv", "pin"},
    "CardParam": {*CARD, "token"},
    "PayNowIdParam": {"token"},
    "AccountParam": {"onetime_token"},
    "MpiAuthorizeRequest": {*CARD, "cardholder_email", "auth_data"},
    "MpiAuthorizeResult": {"req_card_number", "res_response_contents"},
    "CardAuthorizeResult": {"req_card_number", "req_card_expire", "req_security_code"},
    "CvsAuthorizeRequest": {"name1", "name2", "kana", "tel_no", "mail_addr"},
    "BankAuthorizeRequest": {"name1", "kana1", "post1", "address1", "tel_no"},
    "BankAuthorizeResult": {"customer_no", "confirm_no", "bill"},
    "UpopAuthorizeResult": {"entry_form"},
    "PaypalAuthorizeRequest": {"payer_id", "token", "ship_name", "ship_phone"},
    "AlipayAuthorizeRequest": {"identity_code"},
    "CarrierAuthorizeRequest": {"open_id", "sb_uid", "au_id", "billing_token"},
    "CarrierAuthorizeResult": {"response_contents"},
    "OricoscAuthorizeRequest": {"user_no", "shipping_zip_code"},
    "PaypayAuthorizeRequest": {"one_time_code"},
    "RakutenAuthorizeRequest": {"one_time_code"},
    "MerpayAuthorizeRequest": {"one_time_code"},
    "TokenRequest": {"token_api_key", "card_number", "card_expire", "security_code"},
    "TokenResponse": {"token"},
}


def test_there_are_models_to_look_at() -> None:
    assert len(MODELS) > 150


@pytest.mark.parametrize("name", SECRETS)
def test_what_must_never_show_is_marked(name: str) -> None:
    model = getattr(m, name)
    fields = {field.name for field in attrs.fields(model)}
    assert SECRETS[name] & fields == SECRETS[name]
    assert SECRETS[name] <= marked(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=5)
@given(text=st.text("aA0'\"\\{}é\n\0", min_size=1, max_size=20))
def test_marked_members_and_unknown_values_are_hidden_in_repr(model: Any, text: str) -> None:
    hides(model, text)


RAW = "4111111111111111"
HIDDEN = (SECRET, TOKEN, RAW, "MARKBODY", "MARKCUST", SECRET.upper())

REQUESTS: dict[str, Any] = {
    "cardAuthorize": lambda: card(),
    "cardAuthorize by number": lambda: card(token=False, security_code="123"),
    "mpiAuthorize": lambda: mpi(cardholder_name="MARKCUSTOMER"),
    "cvsAuthorize": lambda: m.CvsAuthorizeRequest(
        order_id="ORDER-1",
        service_option_type=m.CvsServiceOptionType.SEJ,
        amount=1,
        name1="MARKCUST",
        tel_no="0312345678",
    ),
    "searchSearch": lambda: m.SearchSearchRequest(request_id="1"),
    "token": lambda: m.TokenRequest(
        token_api_key="7d2a9c64-5b1f-4f0e-9a3c-MARKBODY5b55", card_number=RAW, card_expire="12/29"
    ),
}

ENDINGS: dict[str, Any] = {
    "success": said(gift="MARKBODY", resResponseContents="MARKBODY"),
    "refused": said("failure", "AG33000000000000", merrMsg="MARKBODY", gift="MARKBODY"),
    "pending": said("pending", gift="MARKBODY"),
    "odd": said("MARKBODY" * 20),
    "lost": httpx2.ReadError("MARKBODY"),
    "page": httpx2.Response(502, content=b"<html>MARKBODY</html>"),
    "text": httpx2.Response(200, content=b"<html>MARKBODY</html>"),
    "unreadable": answer(200, {"result": {"mstatus": "success", "orderId": {"a": "MARKBODY"}}}),
    "token": answer(400, {"status": "failure", "code": "invalid", "message": "MARKBODY"}),
}


@pytest.mark.filterwarnings("ignore::kessai.errors.RequestWarning")
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("name", REQUESTS)
def test_nothing_shows_however_a_call_ends(
    name: str, ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    events: list[Event] = []
    seen: list[str] = []
    script = Script(ENDINGS[ending])
    journal = MemoryJournal(clock=lambda: NOW)
    with (
        caplog.at_level(logging.DEBUG),
        script.client(hooks=[events.append], journal=journal) as mdk,
    ):
        try:
            raw = mdk.raw(operations.OPERATIONS[name.split(" ")[0]], REQUESTS[name]())
        except KessaiError as error:
            seen += told(error)
            unknown = error.unknown if isinstance(error, UnreadableAnswerError) else error
            if isinstance(unknown, OutcomeUnknown):
                script.then(Found(script, transaction()))
                seen.append(repr(mdk.resolve(unknown)))
        else:
            seen += [repr(raw), repr(raw.value)]
        seen += [repr(mdk), repr(mdk.card), repr(vars(mdk))]
        seen += [repr(vars(journal))]
    nothing_shows(seen, events, caplog, HIDDEN)


def test_the_rooms_show_no_secret() -> None:
    shown = repr((Envelope(CCID, SECRET, dummy=True), Settings(CCID, SECRET)))
    assert SECRET not in shown


@pytest.mark.filterwarnings("ignore::kessai.errors.RequestWarning")
def test_a_refused_request_names_no_value() -> None:
    request = card(token=False, security_code="12x45", unknown_members={"authHash": "MARKBODY"})
    request.card_number = RAW * 3
    with Script(said()).client() as mdk, pytest.raises(KessaiError) as raised:
        mdk.card.authorize(request)
    shown = f"{raised.value} {raised.value!r}"
    assert "/cardNumber" in shown
    assert "12x45" not in shown
    assert RAW not in shown
    assert "MARKBODY" not in shown
