"""Who may call, and how: credentials, methods, media types, paths, bodies."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from tests.unit.mock import bodies
from tests.unit.mock.driver import Driver, basic

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _token(mock: Driver, headers: dict[str, str] | None = None) -> str:
    answer = mock.request(
        "POST",
        "/token",
        headers={"Authorization": basic()} | FORM | (headers or {}),
        content=b"grant_type=client_credentials&scope=openapi",
    )
    assert answer.status == 201
    body = answer.json()
    assert body["expires_in"] == "3600"
    assert (body["scope"], body["token_type"]) == ("openapi", "bearer")
    return str(body["access_token"])


def _inquire(mock: Driver, authorization: str | None) -> tuple[int, str]:
    headers = {"Content-Type": "application/json"}
    if authorization is not None:
        headers["Authorization"] = authorization
    answer = mock.request("POST", "/order/inquiry", headers=headers, content=b'{"orderId":"x"}')
    return answer.status, answer.title


def test_a_token_has_the_shape_of_the_gateways() -> None:
    """68 characters: base64 of a UUID, a colon and 13 digits."""
    mock = Driver()
    token = _token(mock)
    mock.close()
    assert len(token) == 68
    uuid, _, digits = base64.b64decode(token).decode().partition(":")
    assert len(uuid) == 36
    assert (len(digits), digits.isdigit()) == (13, True)


def test_a_token_lives_an_hour_of_the_virtual_clock(mock: Driver) -> None:
    """And not a second longer; a second one lives on."""
    first = _token(mock)
    mock.advance(1800)
    second = _token(mock)
    assert first != second
    mock.advance(1799)
    assert _inquire(mock, f"Bearer {first}") == (400, "invalid_request")
    mock.advance(1)
    assert _inquire(mock, f"Bearer {first}") == (401, "unauthorized_request")
    assert _inquire(mock, f"Bearer {second}") == (400, "invalid_request")


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Basic",
        "Basic ???",
        "Basic " + base64.b64encode(b"no colon").decode(),
        "Basic " + base64.b64encode(b":password").decode(),
        "Basic " + base64.b64encode(b"shop:").decode(),
        "Basic " + base64.b64encode(b"\xff\xfe:x").decode(),
        "Bearer made-up",
        "Digest abc",
    ],
)
def test_other_credentials_are_refused(mock: Driver, authorization: str | None) -> None:
    """401, whatever is wrong."""
    assert _inquire(mock, authorization) == (401, "unauthorized_request")


def test_token_takes_the_password_only(mock: Driver) -> None:
    """A bearer cannot get another bearer."""
    headers = {"Authorization": f"Bearer {_token(mock)}"} | FORM
    content = b"grant_type=client_credentials&scope=openapi"
    assert mock.request("POST", "/token", headers=headers, content=content).status == 401


def test_one_shop_and_password_if_so_set(mock_with: Callable[..., Driver]) -> None:
    """Any, if not."""
    mock = mock_with(shop_id="tshop1", shop_password="secret")
    assert _inquire(mock, basic("tshop1", "secret"))[0] == 400
    assert _inquire(mock, basic("tshop1", "other"))[0] == 401
    assert _inquire(mock, basic("tshop2", "secret"))[0] == 401


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
def test_only_post(mock: Driver, method: str) -> None:
    """405, and what would be possible."""
    answer = mock.request(method, "/credit/charge", headers={"Authorization": basic()})
    assert answer.status == 405
    assert answer.headers["allow"] == "POST"
    assert answer.title == "method_not_allowed"


@pytest.mark.parametrize("path", ["/credit/charges", "/credit/charge/", "/v1/order/inquiry"])
def test_an_unknown_path_is_a_problem_too(mock: Driver, path: str) -> None:
    """404, as application/problem+json."""
    answer = mock.post(path)
    assert (answer.status, answer.title) == (404, "resource_not_found")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("media", ["", "text/plain", "application/x-www-form-urlencoded"])
def test_json_must_be_called_json(mock: Driver, media: str) -> None:
    """415 otherwise; parameters of the type do not matter."""
    answer = mock.post("/order/inquiry", headers={"Content-Type": media})
    assert (answer.status, answer.title) == (415, "unsupported_media_type")
    fine = mock.post("/order/inquiry", headers={"Content-Type": "Application/JSON; charset=UTF-8"})
    assert fine.status == 400


def test_token_wants_a_form(mock: Driver) -> None:
    """JSON is 415; a form without scope names what is absent."""
    assert mock.post("/token", {"grant_type": "client_credentials"}).status == 415
    answer = mock.request(
        "POST",
        "/token",
        headers={"Authorization": basic()} | FORM,
        content=b"grant_type=client_credentials",
    )
    assert (answer.title, answer.detail[-7:]) == ("missing_parameter", "(scope)")


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff", b'{"amount": NaN}', b"[" * 100_000]
)
def test_a_body_that_is_no_object_is_refused(mock: Driver, content: bytes) -> None:
    """400, not a fault of the mock."""
    headers = {"Authorization": basic(), "Content-Type": "application/json"}
    answer = mock.request("POST", "/order/inquiry", headers=headers, content=content)
    assert (answer.status, answer.title) == (400, "invalid_request")


def test_a_problem_has_title_detail_and_the_path(mock: Driver) -> None:
    """And no type, which only problems with an FAQ page have."""
    problem = mock.post("/order/inquiry").json()
    assert problem.keys() == {"title", "detail", "instance"}
    assert problem["instance"] == "/order/inquiry"


def test_null_and_empty_texts_count_as_absent(mock: Driver) -> None:
    """For optional members nothing happens; required ones are missing."""
    body = bodies.charge()
    body["order"] |= {"clientFields": {"clientField1": "", "clientField2": None}, "currency": None}
    body["merchant"]["webhookUrl"] = ""
    assert mock.post("/credit/charge", body).status == 201
    body = bodies.charge("order-2")
    body["order"]["transactionType"] = ""
    answer = mock.post("/credit/charge", body)
    assert (answer.title, answer.detail.count("(order.transactionType)")) == (
        "missing_parameter",
        1,
    )


def test_every_absent_member_is_named(mock: Driver) -> None:
    """Absent before malformed."""
    body = bodies.charge()
    del body["merchant"]["name"], body["payer"]["name"]
    body["order"]["amount"] = "1" * 16
    answer = mock.post("/credit/charge", body)
    assert answer.title == "missing_parameter"
    assert answer.detail.endswith("(merchant.name)(payer.name)")


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("merchant", "nameKana"), "けっさい", "merchant.nameKana"),
        (("order", "orderId"), "with space", "order.orderId"),
        (("order", "orderId"), "x" * 28, "order.orderId"),
        (("order", "transactionType"), "XXX", "order.transactionType"),
        (("order", "amount"), "１００", "order.amount"),
        (("order", "amount"), "0", "order.amount"),
        (("order", "currency"), "USD", "order.currency"),
        (("payer", "name"), "あ" * 21, "payer.name"),
    ],
)
def test_a_wrong_form_names_the_member(
    mock: Driver, path: tuple[str, str], value: str, named: str
) -> None:
    """invalid_parameter."""
    body = bodies.charge()
    body[path[0]][path[1]] = value
    answer = mock.post("/credit/charge", body)
    assert (answer.status, answer.title) == (400, "invalid_parameter")
    assert answer.detail.endswith(f"({named})")


def test_of_a_union_the_branch_that_was_meant_is_reported(mock: Driver) -> None:
    """A token without its text is not a card without its number."""
    body = bodies.charge()
    body["creditInformation"]["tokenizedCard"] = {"type": "MP_TOKEN"}
    answer = mock.post("/credit/charge", body)
    assert answer.detail.endswith("absent.(creditInformation.tokenizedCard.token)")


def test_a_malformed_api_version_is_taken_for_the_latest(mock: Driver) -> None:
    """As documented; the client refuses to send one."""
    answer = mock.post("/credit/charge", bodies.charge(), headers={"X-MP-Version": "2023-13"})
    assert answer.status == 201


def test_answers_leave_out_what_has_no_value(mock: Driver) -> None:
    """No null anywhere."""
    assert b"null" not in mock.post("/credit/charge", bodies.charge(mode="CAPTURE")).content


def test_the_date_is_the_virtual_clocks(mock: Driver) -> None:
    """On every answer, in GMT as HTTP wants it."""
    assert mock.post("/order/inquiry").headers["date"] == "Mon, 05 Jan 2026 01:00:00 GMT"
    mock.advance(86_400)
    assert mock.get("/nowhere").headers["date"] == "Tue, 06 Jan 2026 01:00:00 GMT"


def test_another_shops_orders_are_not_seen(mock: Driver) -> None:
    """Nor its order ids in the way."""
    mock.post("/credit/charge", bodies.charge())
    other = {"Authorization": basic("tshop00000002", "x")}
    assert mock.post("/order/inquiry", {"orderId": "order-1"}, headers=other).status == 400
    assert mock.post("/credit/charge", bodies.charge(), headers=other).status == 201


def test_the_request_log_holds_no_bodies(mock: Driver) -> None:
    """What was called, when, and how it ended."""
    mock.post("/credit/charge", bodies.charge(card="4111111111111111"), key="key-1")
    log = mock.get("/_mock/requests")
    assert b"4111" not in log.content
    (entry,) = log.json()["requests"]
    assert (entry["operation"], entry["status"], entry["idempotencyKey"]) == (
        "creditCharge",
        201,
        "key-1",
    )
