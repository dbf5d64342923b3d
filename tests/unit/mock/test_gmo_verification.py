"""Identity checks by SMS, with the documented test codes."""

from __future__ import annotations

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Driver, decoded


def _start(mock: Driver, **check: str) -> tuple[str, str]:
    answer = mock.post("/verification/start", bodies.verification(**check))
    assert (answer.status, answer.json()["nextAction"]) == (202, "REDIRECT")
    assert answer.json()["redirectInformation"]["redirectType"] == "VERIFY"
    reference = answer.json()["verificationReference"]
    assert reference["status"] == "REQSUCCESS"
    return str(reference["accessId"]), answer.redirect


def _status(mock: Driver, access_id: str) -> str:
    found = mock.post("/verification/inquiry", {"accessId": access_id}).json()
    return str(found["verificationReference"]["status"])


@pytest.mark.parametrize(
    ("pin", "code", "status"),
    [
        (None, "123456", "SUCCESS"),
        ("digits-6", "000000", "SUCCESS"),
        ("digits-4", "1234", "SUCCESS"),
        ("digits-6", "888888", "FAILURE"),
        ("digits-4", "8888", "FAILURE"),
        ("digits-6", "999999", "FAILURE"),
        ("digits-4", "9999", "FAILURE"),
    ],
)
def test_codes_that_end_it(mock: Driver, pin: str | None, code: str, status: str) -> None:
    """8888(88): the SMS could not be sent; 9999(99): a server error."""
    answer = mock.post("/verification/start", bodies.verification(pin=pin))
    access_id = answer.json()["verificationReference"]["accessId"]
    back = mock.get(f"{answer.redirect}?code={code}")
    assert back.status == 302
    assert decoded(back.headers["location"]) == {
        "accessId": access_id,
        "event": "VERIFICATION_FINISHED",
        "csrfToken": "csrf-1",
    }
    assert _status(mock, access_id) == status


@pytest.mark.parametrize(("retries", "tries"), [("0", 1), ("3", 4), ("5", 6)])
def test_a_wrong_code_may_be_tried_again(mock: Driver, retries: str, tries: int) -> None:
    """userMaxRetry times; then FAILURE and back to the merchant."""
    access_id, url = _start(mock, userMaxRetry=retries)
    assert b"Type the code" in mock.get(url).content
    answers = [mock.get(f"{url}?code=777777").status for _ in range(tries)]
    assert answers == [200] * (tries - 1) + [302]
    assert _status(mock, access_id) == "FAILURE"


def test_a_code_of_another_length_is_wrong(mock: Driver) -> None:
    """And a right one after it is right."""
    access_id, url = _start(mock)
    for code in ("1234", "12345a", "１２３４５６"):
        assert mock.get(f"{url}?code={code}".encode().decode("latin-1")).status == 200
    assert mock.get(f"{url}?code=123456").status == 302
    assert _status(mock, access_id) == "SUCCESS"


@pytest.mark.parametrize(("outcome", "status"), [("success", "SUCCESS"), ("cancel", "CANCEL")])
def test_programs_press_buttons(mock: Driver, outcome: str, status: str) -> None:
    """As on the other pages."""
    access_id, url = _start(mock)
    assert mock.browse(url, outcome)["event"] == "VERIFICATION_FINISHED"
    assert _status(mock, access_id) == status
    assert mock.get(url).status == 410


def test_the_session_ends_by_the_clock(mock: Driver) -> None:
    """Ten minutes unless told; FAILURE then (assumed), without a callback."""
    default, url = _start(mock)
    longer, _ = _start(mock, verification_id="check-2", sessionDurationSeconds="1800")
    mock.get(url)
    mock.advance(599)
    assert _status(mock, default) == "REQSUCCESS"
    mock.advance(1)
    assert (_status(mock, default), _status(mock, longer)) == ("FAILURE", "REQSUCCESS")
    mock.get(f"{url}?code=123456")
    assert _status(mock, default) == "FAILURE"


def test_inquiry_by_either_id_or_both_of_one_check(mock: Driver) -> None:
    """A verification id is used once."""
    access_id, _ = _start(mock)
    other, _ = _start(mock, verification_id="check-2")
    by_id = mock.post("/verification/inquiry", {"verificationId": "check-1"})
    by_access = mock.post("/verification/inquiry", {"accessId": access_id})
    assert by_id.content == by_access.content
    for body in (
        {"accessId": other, "verificationId": "check-1"},
        {"accessId": "f" * 32},
        {"verificationId": "none"},
    ):
        assert mock.post("/verification/inquiry", body).title == "invalid_request"
    assert mock.post("/verification/inquiry", {}).title == "missing_parameter"
    again = mock.post("/verification/start", bodies.verification())
    assert again.title == "invalid_request"


def test_an_order_is_no_verification(mock: Driver) -> None:
    """Nor the other way round."""
    order = mock.post("/credit/charge", bodies.charge()).access_id
    check, _ = _start(mock)
    assert mock.post("/verification/inquiry", {"accessId": order}).title == "invalid_request"
    assert mock.post("/order/inquiry", {"accessId": check}).title == "invalid_request"


@pytest.mark.parametrize("phone", ["0312345678", "0901234567", "+819012345678", "０9012345678"])
def test_only_japanese_mobile_numbers(mock: Driver, phone: str) -> None:
    """070, 080 and 090, eleven digits."""
    body = bodies.verification()
    body["verificationInformation"]["smsPinData"]["smsPhoneNumber"] = phone
    assert mock.post("/verification/start", body).title == "invalid_parameter"


def test_a_closed_browser_and_an_unknown_button(mock: Driver) -> None:
    """Nobody is called back; a mistake is named and changes nothing."""
    access_id, url = _start(mock)
    assert mock.get(f"{url}?outcome=maybe").status == 400
    assert mock.get(f"{url}?outcome=abandon").status == 200
    assert mock.get(url).status == 410
    assert _status(mock, access_id) == "REQSUCCESS"
