"""Secret, app token, card and phone number stand in no repr, log line, event or exception."""

from __future__ import annotations

import logging
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kessai import KessaiError
from kessai.hooks import Event
from kessai_univapay import UnivapayClient, operations, parse_webhook, read_app_token
from kessai_univapay import models as m

from tests.support.redaction import hides, marked, models, nothing_shows, told
from tests.unit.univapay.notices import AUTH, notice, webhook
from tests.unit.univapay.scripted import (
    SECRET,
    Script,
    answer,
    app_token,
    charge,
    charge_of,
    failed,
    refused,
    token_of,
)

MODELS = models(m)

# Written down by hand: what must never show, whatever the spec files mark.
SENSITIVE = {
    "CardRequestData": {"card_number", "cvv", "cardholder", "exp_month", "exp_year"},
    "CardUpdateData": {"cvv"},
    "Card": {"cardholder", "exp_month", "exp_year"},
    "JapanesePhoneNumber": {"local_number"},
    "PhoneNumber": {"local_number"},
    "PhoneNumberRequest": {"local_number"},
    "PaidyRequestData": {"paidy_token"},
    "QrScanRequestData": {"scanned_qr"},
    "WebhookRequest": {"auth_token"},
    "WebhookUpdateRequest": {"auth_token"},
    "Webhook": {"auth_token"},
    "IssuerToken": {"issuer_token", "account_number"},
    "ThreeDsIssuerToken": {"issuer_token"},
    "ThreeDsRequest": {"authentication_value"},
}


def test_there_are_models_to_look_at() -> None:
    assert len(MODELS) > 100


@pytest.mark.parametrize("name", SENSITIVE)
def test_what_must_never_show_is_marked(name: str) -> None:
    assert SENSITIVE[name] <= marked(getattr(m, name))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=5)
@given(text=st.text("aA0'\"\\{}é\n\0", min_size=1, max_size=20))
def test_marked_members_and_unknown_values_are_hidden_in_repr(model: Any, text: str) -> None:
    hides(model, text)


CARD, CVV, PHONE = "4000020000000000", "98765", "9087654321"
APP = app_token()
HIDDEN = (SECRET, APP, APP.split(".")[2], CARD, CVV, PHONE, "MARKBODY")


def card() -> m.CardTokenRequest:
    """A card, with everything that must not show."""
    return m.CardTokenRequest(
        type=m.TokenType.ONE_TIME,
        email="hanako@customer.example.com",
        data=m.CardRequestData(
            cardholder="MARKBODY",
            card_number=CARD,
            exp_month="12",
            exp_year="2030",
            cvv=CVV,
            phone_number=m.PhoneNumberRequest(country_code="81", local_number=PHONE),
        ),
    )


def made(**members: Any) -> dict[str, Any]:
    """The answer to it."""
    phone = {"country_code": 81, "local_number": PHONE}
    body = token_of()
    return {**body, "data": {**body["data"], "phone_number": phone}, "gift": "MARKBODY", **members}


def spoken(status: int, code: str) -> httpx2.Response:
    """A refusal that quotes what it was sent."""
    field = {"field": f"card {CARD}", "reason": f"INVALID {CARD}"}
    return refused(status, code, errors=[field], message=f"{CARD} {SECRET}")


CALLS: dict[str, Any] = {
    "token": (operations.TOKENS_CREATE, card, 201),
    "charge": (operations.CHARGES_CREATE, charge, 201),
}
ENDINGS: dict[str, Any] = {
    "refused": spoken(400, "VALIDATION_ERROR"),
    "credentials": spoken(401, "INVALID_CREDENTIALS"),
    "key": spoken(409, "IDEMPOTENCY_KEY_CONFLICT"),
    "odd code": refused(400, f"card {CARD}"),
    "fault": spoken(500, "DB_ERROR"),
    "lost": httpx2.ReadError("reset"),
    "page": httpx2.Response(502, content=f"<html>MARKBODY {CARD}</html>".encode()),
    "unreadable": answer(201, {"id": 7, "data": {"card_number": CARD, "cvv": CVV}}),
    "torn": httpx2.Response(201, content=f'{{"card_number": "{CARD}'.encode()),
    "failed": answer(201, charge_of("failed", **failed(306), gift="MARKBODY")),
    "token": answer(201, made()),
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("call", CALLS)
def test_nothing_shows_however_a_call_ends(
    call: str, ending: str, caplog: pytest.LogCaptureFixture
) -> None:
    events: list[Event] = []
    operation, request, _ = CALLS[call]
    script = Script(ENDINGS[ending])
    sent = request()
    seen = [repr(sent), repr(read_app_token(APP))]
    with caplog.at_level(logging.DEBUG), script.client(APP, hooks=[events.append]) as univapay:
        try:
            raw = univapay.raw(operation, sent)
        except KessaiError as error:
            seen += [*told(error), repr(getattr(error, "errors", ()))]
        else:
            seen += [repr(raw), repr(raw.value)]
        seen += [repr(univapay), repr(univapay.charges), repr(vars(univapay))]
    nothing_shows(seen, events, caplog, HIDDEN)


def test_a_wrong_credential_is_not_quoted() -> None:
    for token, secret in ((APP[:-5], SECRET + "."), (f"{SECRET}x", APP), (APP + "あ", SECRET)):
        with pytest.raises(KessaiError) as caught:
            UnivapayClient(token, secret)
        for text in (str(caught.value), repr(caught.value)):
            assert token not in text
            assert secret not in text


def test_a_webhook_shows_neither_its_secret_nor_a_phone() -> None:
    body, headers = webhook(notice("token_created", made(mode="live")))
    event = parse_webhook(body, headers, auth_token=AUTH)
    assert PHONE not in repr(event)
    assert "MARKBODY" not in repr(event)
    with pytest.raises(KessaiError) as caught:
        parse_webhook(body, {"authorization": f"{AUTH}x"}, auth_token=AUTH)
    assert AUTH not in f"{caught.value} {caught.value!r}"
