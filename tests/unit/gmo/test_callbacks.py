"""Callbacks, and what callbacks and webhooks share: believed with the right token only."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai import ConfigurationError, CsrfTokenError, MalformedEventError, ReceiveError
from kessai_gmo import UnknownEvent, parse_callback, parse_webhook

from tests.unit.gmo.notices import ACCESS_ID, EVENTS, JSON, TOKEN, body, both, event, packed


@pytest.mark.parametrize("name", EVENTS)
@pytest.mark.parametrize("padded", [True, False])
@pytest.mark.parametrize(
    "form",
    [
        "https://books.example.com/callback?p={}",
        "https://books.example.com/callback?order=1&p={}&x=#top",
        "/callback?p={}",
        "?p={}",
        "p={}",
        "a=b&p={}",
    ],
)
def test_every_event_in_every_form(name: str, padded: bool, form: str) -> None:
    p = packed(event(name), padded=padded)
    for value in (p, quote(p)):
        callback = parse_callback(form.format(value), csrf_token=TOKEN)
        assert callback.event == name
        assert callback.event.is_known
        assert callback.access_id == ACCESS_ID


def test_bytes_of_a_query_string_will_do() -> None:
    query = f"p={packed(event())}".encode()
    assert parse_callback(query, csrf_token=TOKEN).access_id == ACCESS_ID


def test_a_token_may_be_looked_up_by_access_id() -> None:
    asked: list[str] = []

    def find(access_id: str) -> str | None:
        asked.append(access_id)
        return TOKEN

    assert parse_callback(f"p={packed(event())}", csrf_token=find).access_id == ACCESS_ID
    assert parse_webhook(body(), JSON, csrf_token=find).access_id == ACCESS_ID
    assert asked == [ACCESS_ID, ACCESS_ID]


def test_unknown_events_and_members_are_kept() -> None:
    callback = parse_callback(f"p={packed(event('NEW_EVENT', more=1))}", csrf_token=TOKEN)
    assert callback.event == "NEW_EVENT"
    assert not callback.event.is_known
    assert callback.unknown_members == {"more": 1}
    webhook = parse_webhook(body("NEW_PAID", amount="100"), JSON, csrf_token=TOKEN)
    assert webhook == UnknownEvent(ACCESS_ID, "NEW_PAID", ("amount",))
    assert "100" not in repr(webhook)


# Tokens


@given(st.integers(0, len(TOKEN) - 1), st.characters(codec="utf-8"))
def test_one_other_letter_in_the_token_is_refused(at: int, letter: str) -> None:
    wrong = TOKEN[:at] + letter + TOKEN[at + 1 :]
    for parse in both(event(csrfToken=wrong), TOKEN):
        if wrong == TOKEN:
            parse()
        else:
            with pytest.raises(CsrfTokenError):
                parse()


@given(st.text())
def test_any_other_token_is_refused(token: str) -> None:
    if token == TOKEN:
        return
    for parse in both(event(csrfToken=token), TOKEN):
        with pytest.raises(CsrfTokenError):
            parse()


@pytest.mark.parametrize("came", [None, "", 1, ["x"], {"a": TOKEN}, True, TOKEN + " ", TOKEN[:-1]])
def test_a_token_that_is_missing_or_no_text_is_refused(came: Any) -> None:
    for parse in both(event(csrfToken=came), TOKEN):
        with pytest.raises(CsrfTokenError):
            parse()
    missing = event()
    del missing["csrfToken"]
    for parse in both(missing, TOKEN):
        with pytest.raises(CsrfTokenError):
            parse()


@pytest.mark.parametrize("known", [None, ""])
def test_a_token_nobody_knows_is_refused(known: str | None) -> None:
    def nobody(access_id: str) -> str | None:
        return known

    for parse in both(event(csrfToken=""), nobody):
        with pytest.raises(CsrfTokenError):
            parse()


def test_an_empty_token_is_our_own_mistake() -> None:
    for parse in both(event(csrfToken=""), ""):
        with pytest.raises(ConfigurationError):
            parse()


def test_half_a_surrogate_pair_in_a_token_is_refused_not_stumbled_over() -> None:
    raw = b'{"accessId":"%s","event":"CASH_PAID","csrfToken":"\\ud800"}' % ACCESS_ID.encode()
    with pytest.raises(CsrfTokenError):
        parse_webhook(raw, JSON, csrf_token=TOKEN)


# Shapes


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?",
        "x=1",
        "p=",
        "p",
        "https://books.example.com/callback",
        f"p={packed(event())}&p={packed(event())}",
        f"p=&p={packed(event())}",
        f"p={packed(event())}!",
        f"p={packed(event())}====",
        "p==",
        "p=a",
        "p=" + "Ａ" * 8,
        f"p={packed(event()).replace('e', '%00', 1)}",
        f"p={packed(b'')}",
        f"p={packed(b'null')}",
        f"p={packed([event()])}",
        f"p={packed(b'[' * 3000)}",
        f"p={packed(bytes([0xFF, 0xFE]))}",
        f"p={packed(event())[:-8]}",
        "p=" + "A" * 9000,
        "&".join(["p=x"] * 200),
    ],
)
def test_what_is_no_callback_is_refused(query: str) -> None:
    with pytest.raises(MalformedEventError):
        parse_callback(query, csrf_token=TOKEN)


MALFORMED: list[dict[str, Any]] = [
    {"accessId": None},
    {"accessId": "short"},
    {"accessId": "-" * 32},
    {"accessId": ACCESS_ID + "a"},
    {"accessId": ACCESS_ID + "\n"},
    {"accessId": 1},
    {"accessId": "ａ" * 32},
    {"event": None},
    {"event": ""},
    {"event": 7},
    {"event": ["CASH_PAID"]},
    {"event": "X" * 65},
    {"event": "NEW EVENT"},
    {"event": "イベント"},
]


@pytest.mark.parametrize("members", MALFORMED, ids=repr)
def test_malformed_members_are_refused(members: dict[str, Any]) -> None:
    for parse in both({**event("CASH_PAID"), **members}, TOKEN):
        with pytest.raises(MalformedEventError):
            parse()


@given(st.text(max_size=300))
def test_any_text_is_answered_with_a_refusal(text: str) -> None:
    with pytest.raises(ReceiveError):
        parse_callback(text, csrf_token=TOKEN)


@given(st.data())
def test_no_changed_letter_of_p_is_accepted(data: st.DataObject) -> None:
    """Not even one that only changes spare bits: the decoded members would be the same."""
    p = packed(event(), padded=False)
    at = data.draw(st.integers(0, len(p) - 1))
    letter = data.draw(st.sampled_from("ABCXYZabcxyz0189-_"))
    changed = p[:at] + letter + p[at + 1 :]
    if changed == p:
        return
    try:
        callback = parse_callback(f"p={changed}", csrf_token=TOKEN)
    except ReceiveError:
        return
    assert (callback.access_id, str(callback.event)) != (ACCESS_ID, "TDS_CHARGE_FINISHED")


def test_no_refusal_shows_what_came() -> None:
    secret = "S3CRETS3CRETS3CRET"
    for members in (event(csrfToken=secret), event(accessId=secret), {"x": secret}):
        for parse in both(members, TOKEN):
            with pytest.raises(ReceiveError) as refused:
                parse()
            assert secret not in f"{refused.value} {refused.value!r} {refused.value.__cause__!r}"
            assert TOKEN not in f"{refused.value!r}"


def test_parsed_events_do_not_show_their_token() -> None:
    assert TOKEN not in repr(parse_callback(f"p={packed(event())}", csrf_token=TOKEN))
    assert TOKEN not in repr(parse_webhook(body(), JSON, csrf_token=TOKEN))
