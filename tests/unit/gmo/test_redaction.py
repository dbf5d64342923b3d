"""Nothing sensitive in any repr, log line, warning, hook event or exception."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
import warnings
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kessai import KessaiError, OutcomeUnknown, RequestWarning
from kessai.hooks import Event
from kessai_gmo import models as m
from kessai_gmo import operations

from tests.rules import bodies as b
from tests.rules import typed
from tests.support.redaction import hides, marked, models
from tests.unit.gmo.scripted import PASSWORD, Script, answer, order, problem

MODELS = models(m)

# Written down by hand: what must never show, whatever the spec files mark.
SECRET = {
    "Card": {"card_number", "cardholder_name", "expiry_month", "expiry_year", "security_code"},
    "CardResult": {"card_number", "cardholder_name"},
    "OnfileCardInformation": {"card_number", "cardholder_name"},
    "OnfileCard": {"cardholder_name"},
    "TokenizedCard": {"token"},
    "PayPay": {"jws"},
    "Merchant": {"csrf_token"},
    "Callback": {"csrf_token"},
    "CashWebhookRequest": {"csrf_token"},
    "AmazonPayCancelWebhookRequest": {"csrf_token"},
    "WalletFrontendWebhook": {"csrf_token"},
    "TokenResponse": {"access_token"},
    "OrderReferenceCredit": {"access_pass"},
    "SmsPinData": {"sms_phone_number"},
    "FraudDetectionData": {"identity_doc_id"},
    "Tds2Data": {"three_ds_req_auth_data"},
}


def test_there_are_models_to_look_at() -> None:
    assert len(MODELS) > 100


@pytest.mark.parametrize("name", SECRET)
def test_what_must_never_show_is_marked(name: str) -> None:
    assert SECRET[name] <= marked(getattr(m, name))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(max_examples=10)
@given(text=st.text(min_size=1))
def test_marked_members_and_unknown_values_are_hidden_in_repr(model: Any, text: str) -> None:
    hides(model, text)
    assert "MARK" not in repr(m.UnknownVariant({"x": f"MARK{text}ER"}))


# End to end: values that pass the checks, and must show nowhere

CARD = "4999888877776666"
HOLDER = "MARKHOLDER"
CODE = "9876"
TOKEN = "MARKTOKEN0123456789"
CSRF = "MARKCSRF-0123"
JWS = "MARK.JWS.0123"
HIDDEN = (CARD, HOLDER, "MARKTOKEN", "MARKCSRF", "MARK.JWS", "MARKBODY", PASSWORD)


def requests() -> Iterator[tuple[str, Any]]:
    merchant = {"/merchant/csrfToken": CSRF}
    card = {
        "/creditInformation/card/cardNumber": CARD,
        "/creditInformation/card/cardholderName": HOLDER,
        "/creditInformation/card/securityCode": CODE,
    }
    patches: list[tuple[str, b.Maker, b.Patch]] = [
        ("creditCharge", b.credit_charge_card, {**merchant, **card}),
        (
            "creditCharge",
            b.credit_charge,
            {**merchant, "/creditInformation/tokenizedCard/token": TOKEN},
        ),
        (
            "creditStoreCard",
            b.credit_store_card,
            {**merchant, "/creditStoringInformation/tokenizedCard/token": TOKEN},
        ),
        ("walletFrontendVerifyCharge", b.wallet_frontend_verify_charge, {"/payPay/jws": JWS}),
        ("cashCharge", b.cash_charge, merchant),
        ("verificationStart", b.verification_start, merchant),
    ]
    for operation, body, patch in patches:
        yield operation, typed.decode(operation, b.patched(body, patch))


ECHO = {"orderReference": order("AUTH"), "echo": f"MARKBODY {CARD} {TOKEN} {CSRF}"}
ANSWERS: dict[str, Any] = {
    "success": answer(201, ECHO),
    "accepted": answer(202, ECHO),
    "no such success": answer(299, ECHO),
    "wrong types": answer(201, {"orderReference": f"MARKBODY {CARD}", "nextAction": [TOKEN]}),
    "torn": httpx2.Response(201, content=b'{"echo": "MARKBODY ' + CARD.encode()),
    "refused": problem(400, "invalid_parameter", detail=f"MARKBODY {CARD} {TOKEN}"),
    "declined": problem(402, "card_declined", detail=f"MARKBODY {CARD} {TOKEN}"),
    "unauthorized": problem(401, "unauthorized_request", detail=f"MARKBODY {PASSWORD}"),
    "failing": problem(500, "internal_server_error", detail=f"MARKBODY {CARD}"),
    "page": httpx2.Response(502, html=f"<html>MARKBODY {CARD} {TOKEN}</html>"),
    "lost": httpx2.ReadTimeout("the read timed out"),
    "not sent": httpx2.ConnectError("connection refused"),
}


def shown(error: BaseException) -> str:
    """Everything an exception may put into a log."""
    parts = [f"{error}", f"{error!r}", f"{error.args!r}"]
    parts.extend(traceback.format_exception(error))
    if isinstance(error, OutcomeUnknown):
        parts.append(json.dumps(error.to_record()))
        parts.append(f"{vars(error)!r}")
    return "\n".join(parts)


@pytest.mark.parametrize("kind", ANSWERS)
@pytest.mark.parametrize("auth", ["password", "token"])
def test_no_call_shows_what_it_carries(
    kind: str, auth: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    events: list[Event] = []
    count = 0
    for operation, request in requests():

        def gateway(sent: httpx2.Request) -> httpx2.Response:
            if sent.url.path == "/token":
                return answer(201, {"access_token": TOKEN, "expires_in": "3600"})
            given = ANSWERS[kind]
            if isinstance(given, Exception):
                raise given
            return httpx2.Response(given.status_code, headers=given.headers, content=given.content)

        script = Script(gateway)
        with (
            script.client(auth=auth, hooks=[events.append]) as gmo,
            warnings.catch_warnings(record=True) as warned,
        ):
            warnings.simplefilter("always")
            try:
                said.append(repr(gmo.raw(operations.OPERATIONS[operation], request)))
            except KessaiError as error:
                said.append(shown(error))
            said.append(repr(gmo))
        said.extend(str(warning.message) for warning in warned)
        said.append(repr(request))
        count += len(script.requests)
    assert count
    said.append(repr(events))
    said.append(caplog.text)
    for text in HIDDEN:
        assert text not in "\n".join(said)
    assert f"'{CODE}'" not in "\n".join(said)


def test_a_refused_request_does_not_show_what_it_carries() -> None:
    script = Script(answer(201, {}))
    patch = {
        "/creditInformation/card/cardNumber": CARD + "9",
        "/creditInformation/card/cardholderName": HOLDER + "!",
        "/creditInformation/card/securityCode": CODE + "9",
        "/merchant/csrfToken": CSRF + "!",
        "/order/orderId": "MARKBODY!",
    }
    request = typed.decode("creditCharge", b.patched(b.credit_charge_card, patch))
    with script.client() as gmo, pytest.raises(KessaiError) as refused:
        gmo.credit.charge(request)
    text = shown(refused.value) + repr(vars(refused.value))
    assert "/creditInformation/card/cardNumber" in text
    for hidden in (CARD, HOLDER, CODE, "MARKCSRF", "MARKBODY"):
        assert hidden not in text


def test_an_unknown_outcome_is_kept_without_what_it_carried() -> None:
    script = Script(httpx2.ReadTimeout("lost"))
    request = next(requests())[1]
    with script.client() as gmo, pytest.raises(OutcomeUnknown) as unknown:
        gmo.credit.charge(request)
    kept = pickle.dumps(unknown.value)
    for hidden in HIDDEN:
        assert hidden.encode() not in kept


def test_warnings_name_places_only() -> None:
    script = Script(answer(201, {}))
    patch = {"/creditInformation/card/cardNumber": CARD,
             "/creditInformation/card/cardholderName": b.ABSENT}  # fmt: skip
    request = typed.decode("creditCharge", b.patched(b.credit_charge_card, patch))
    with script.client() as gmo, pytest.warns(RequestWarning) as warned:
        gmo.credit.charge(request)
    assert CARD not in "\n".join(str(warning.message) for warning in warned)
