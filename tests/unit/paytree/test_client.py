"""The clients: what leaves, what is believed, what is refused, and who may do what when."""

from __future__ import annotations

import json
import os
import ssl
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx2
import pytest
from kessai import ConfigurationError, NoAnswerError, RequestWarning, ValidationError
from kessai import errors as ke
from kessai_paytree import (
    AlreadyRunningError,
    ConfirmRequest,
    DepositRequest,
    Escalation,
    PayRequest,
    PaytreeClient,
    PaytreeError,
    PayType,
    RefundRequest,
    RequestType,
    ReverseRequest,
    TransStatus,
    ValueType,
)
from kessai_paytree import errors as e
from kessai_paytree.answers import REFUSALS
from kessai_paytree.signing import verify

from tests.unit.paytree.keys import pair, private_pem, public_pem
from tests.unit.paytree.scripted import CODE, ORDER, PAY, Script, absent, answer, paid, settings

LOST = httpx2.ReadTimeout("timed out")


@pytest.fixture
def directory(tmp_path: Path) -> Iterator[Path]:
    """Where the lock's file lies."""
    yield tmp_path
    PaytreeClient(settings(), lock_directory=tmp_path).close()  # nobody holds it any more


def test_a_payment_leaves_as_the_spec_says_signed(directory: Path) -> None:
    script = Script(paid())
    with script.client(directory) as client:
        result = client.pay(PAY)
    assert script.paths == ["/base/api/pay"]
    body = script.bodies[0]
    signature = body.pop("sign")
    request_id = body.pop("requestId")
    assert body == {
        "merchantId": "000000000001",
        "terminalUniqueId": "1234500000421",
        "branchCode": "SHIBUYA1",
        "terminalCode": "POS01",
        "locale": "JAPAN",
        "timeZone": "p9",
        "currencyCode": "JPY",
        "appVersion": "windows-WbCPSPay-1.0",
        "payType": "PayPay",
        "amount": 1980,
        "receiptNo": "R-1",
        "userCode": CODE,
        "remark": "a secret remark",
    }
    assert verify({**body, "requestId": request_id}, signature, pair("till").public_key())
    assert len(request_id) == 32
    headers = script.requests[0].headers
    assert headers["content-type"] == "application/json"
    assert headers["user-agent"].startswith("kessai-paytree/")
    assert headers["connection"] == "close"
    assert (result.order_id, result.amount) == (ORDER, 1980)
    assert result.pay_type is PayType.PAYPAY
    assert result.trans_status is TransStatus.SUCCEEDED
    assert result.request_id == request_id
    assert result.trans_time is not None
    assert result.trans_time.isoformat() == "2026-01-05T10:00:00+09:00"
    assert not result.confirmed
    assert not result.waiting


def test_each_request_has_its_path_and_its_result(directory: Path) -> None:
    script = Script(
        paid(payType="LinePay"),
        answer(status=6, orderId=ORDER, refundAmount=980, transTime="bad"),
        answer(status=4, orderId=ORDER, amount=0),
        answer(status=2, orderId=ORDER, amount=3000),
        paid(requestType="Pay"),
        absent(),
    )
    chosen = settings(api_path_deposit="/api/deposit")
    with script.client(directory, settings=chosen) as client:
        detected = client.pay(PayRequest(pay_type=PayType.AUTO_DETECT, amount=1980, user_code=CODE))
        refunded = client.refund(
            RefundRequest(order_id=ORDER, refund_amount=Decimal("980.99"), refund_reason="返品")
        )
        undone = client.reverse(ReverseRequest(order_id=ORDER))
        added = client.deposit(
            DepositRequest(pay_type=PayType.LINE_PAY, amount=3000, user_code="1234")
        )
        found = client.confirm(ConfirmRequest(order_id=ORDER))
        unknown = client.confirm(ConfirmRequest(request_id="R1", auto_detect=True))
    assert script.paths == [
        "/base/api/v1/pay",
        "/base/api/refund",
        "/base/api/reverse",
        "/base/api/deposit",
        "/base/api/confirm",
        "/base/api/v1/confirm",
    ]
    assert detected.pay_type is PayType.LINE_PAY
    assert script.bodies[1]["refundAmount"] == 980
    assert refunded.refund_amount == 980
    assert (refunded.trans_time, refunded.trans_time_text) == (None, "bad")
    assert undone.amount == 0
    assert added.amount == 3000
    assert script.bodies[3]["valueType"] == "Basic"
    assert (found.found, found.amount, found.request_type) == (True, 1980, RequestType.PAY)
    assert (unknown.found, unknown.code) == (False, "ORDER_NOT_FOUND")
    assert script.bodies[5]["originalRequestId"] == "R1"
    assert len({body["requestId"] for body in script.bodies}) == 6


@pytest.mark.parametrize(
    ("request_", "pointers"),
    [
        (
            PayRequest(
                pay_type=PayType.JCB_ALI_PAY,
                amount=10**15,
                user_code="",
                receipt_no="x" * 33,
                remark="x" * 129,
            ),
            {"/payType", "/amount", "/userCode", "/receiptNo", "/remark"},
        ),
        (
            PayRequest(pay_type=PayType.PAYPAY, amount=-1, user_code="x" * 513),
            {"/amount", "/userCode"},
        ),
        (PayRequest(pay_type=PayType.PAYPAY, amount=1.5, user_code=CODE), {"/amount"}),  # type: ignore[arg-type]
        (PayRequest(pay_type=PayType.PAYPAY, amount=Decimal("NaN"), user_code=CODE), {"/amount"}),
        (
            RefundRequest(
                order_id="x" * 33, refund_amount=10**15, refund_reason="x" * 257, remark="x" * 257
            ),
            {"/orderId", "/refundAmount", "/refundReason", "/remark"},
        ),
        (ReverseRequest(order_id=""), {"/orderId"}),
        (
            DepositRequest(
                pay_type=PayType.AUTO_DETECT,
                amount=1,
                user_code="x" * 33,
                value_type=ValueType.POINT,
            ),
            {"/payType", "/userCode", "/valueType"},
        ),
        (DepositRequest(pay_type=PayType.JCB_ALI_PAY, amount=1, user_code="x"), {"/payType"}),
        (ConfirmRequest(), {""}),
        (ConfirmRequest(order_id="x", request_id="x"), {""}),
    ],
)  # fmt: skip
def test_limits_are_checked_before_anything_leaves(
    directory: Path, request_: Any, pointers: set[str]
) -> None:
    script = Script()
    with script.client(directory, settings=settings(api_path_deposit="/deposit")) as client:
        with pytest.raises(ValidationError) as caught:
            client.start(request_).finish()
        assert {violation.pointer for violation in caught.value.violations} == pointers
        assert CODE not in str(caught.value)
        script.answers.append(paid())
        client.pay(PAY)  # the till is free again
    assert len(script.paths) == 1


def test_a_new_wallet_and_no_yen_warn(directory: Path) -> None:
    script = Script(paid(amount=0), paid())
    with script.client(directory) as client:
        with pytest.warns(RequestWarning, match="0 yen"):
            client.pay(PayRequest(pay_type=PayType.PAYPAY, amount=Decimal("0.9"), user_code=CODE))
        with pytest.warns(RequestWarning, match="is not one of AutoDetect"):
            client.pay(PayRequest(pay_type=PayType("NewPay"), amount=1980, user_code=CODE))
    assert script.bodies[0]["amount"] == 0
    assert script.bodies[1]["payType"] == "NewPay"


def test_a_limit_can_be_lifted(directory: Path) -> None:
    script = Script(paid())
    long = PayRequest(pay_type=PayType.PAYPAY, amount=1980, user_code=CODE, remark="x" * 200)
    with script.client(directory) as client:
        client.pay(long, lift=["/remark#max-length"])
        with pytest.raises(ConfigurationError, match="no such option: retries"):
            client.pay(PAY, retries=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_deposits_need_a_path(directory: Path) -> None:
    deposit = DepositRequest(pay_type=PayType.LINE_PAY, amount=3000, user_code="1234")
    with Script().client(directory) as client, pytest.raises(ConfigurationError, match="Deposit"):
        client.deposit(deposit)


@pytest.mark.parametrize("code", [code for code, known in REFUSALS.items() if known.settles])
def test_each_refusal_has_its_class_and_its_escalation(directory: Path, code: str) -> None:
    told = answer(code, 3, subCode="S1", message="no\nno", orderId=ORDER, amount=1980)
    with Script(told).client(directory) as client, pytest.raises(e.RefusedError) as caught:
        client.pay(PAY)
    error = caught.value
    assert type(error) is REFUSALS[code].error
    assert error.kind is e.Kind.PAYTREE
    assert (error.code, error.sub_code, error.message) == (code, "S1", "no no")
    assert error.escalation is REFUSALS[code].escalation
    assert error.order_id == ORDER
    assert not error.safe_to_pay_again
    assert isinstance(error, ke.GatewayError)
    assert type(error).__mro__.index(ke.GatewayError) > 1


def test_kessais_own_classes_find_them_too() -> None:
    assert issubclass(e.BalanceError, ke.InsufficientBalanceError)
    assert issubclass(e.UserCodeError, ke.DeclinedError)
    assert issubclass(e.ReversalFailedError, ke.OutcomeUnknown)
    assert issubclass(e.NeverSentError, ke.NotSentError)
    assert {kind.value for kind in e.Kind} == {2, 5, 6, 9}
    assert [str(each) for each in Escalation] == ["VendorCall", "CPSCall", "Customer"]


@pytest.mark.parametrize(
    ("told", "paths"),
    [
        (answer("SYSTEM_ERROR"), ["pay", "confirm"]),
        (answer("REQUEST_ID_REUSED"), ["pay", "confirm"]),
        (answer("BRAND_NEW"), ["pay", "confirm"]),
        (answer("INSUFFICIENT_BALANCE", 2), ["pay", "confirm"]),
        (paid(status=0), ["pay", "confirm"]),
        (paid(status=77), ["pay", "confirm"]),
        (paid(amount=1979), ["pay", "confirm"]),
        (answer("SUCCESS"), ["pay", "confirm"]),
        (paid(code=None), ["pay", "confirm"]),
        (paid(requestId="another"), ["pay", "confirm"]),
        (paid(amount="many"), ["pay", "confirm"]),
        (httpx2.Response(200, content=b"[]"), ["pay", "confirm"]),
        (httpx2.Response(200, content=b"<html>"), ["pay", "confirm"]),
        (httpx2.Response(200, content=json.dumps(paid()).encode()), ["pay", "confirm"]),
        (httpx2.Response(500), ["pay", "confirm"]),
        (httpx2.Response(404), ["pay", "confirm"]),
        (httpx2.Response(302, headers={"location": "/pay"}), ["pay", "confirm"]),
        (LOST, ["pay", "confirm"]),
    ],
)
def test_what_settles_nothing_is_confirmed(directory: Path, told: Any, paths: list[str]) -> None:
    script = Script(told, paid(requestType="Pay"))
    with script.client(directory) as client:
        result = client.pay(PAY)
    assert [path.rpartition("/")[2] for path in script.paths] == paths
    assert script.bodies[1]["originalRequestId"] == script.bodies[0]["requestId"]
    assert "orderId" not in script.bodies[1]
    assert script.system.wall() >= 1767574801.0
    assert result.confirmed
    assert result.amount == 1980


@pytest.mark.parametrize(
    "told",
    [
        paid(requestType="Refund"),
        paid(requestType="Pay", amount=1),
        paid(requestType="Pay", status=0),
        paid(requestType="Pay", status=99),
        paid(requestType="Pay", code="SYSTEM_ERROR"),
        absent(),
        answer("SIGNATURE_INVALID"),
        paid(requestId="another"),
        httpx2.Response(503),
        LOST,
    ],
)
def test_what_is_not_confirmed_is_reversed(directory: Path, told: Any) -> None:
    script = Script(LOST, told, answer(status=4, orderId=ORDER, amount=0))
    with script.client(directory) as client, pytest.raises(e.ReversedError) as caught:
        client.pay(PAY)
    assert [path.rpartition("/")[2] for path in script.paths] == ["pay", "confirm", "reverse"]
    assert script.bodies[2]["originalRequestId"] == script.bodies[0]["requestId"]
    assert caught.value.safe_to_pay_again
    assert caught.value.kind is e.Kind.NETWORK


def test_an_order_is_reversed_by_its_number_where_it_is_known(directory: Path) -> None:
    script = Script(paid(status=0), LOST, answer(status=4, orderId=ORDER))
    with script.client(directory) as client, pytest.raises(e.ReversedError):
        client.pay(PAY)
    assert script.bodies[2]["orderId"] == ORDER


def test_another_orders_answer_settles_nothing(directory: Path) -> None:
    other = paid(requestType="Pay", orderId="PT-another")
    script = Script(paid(status=0), other, answer(status=4, orderId=ORDER))
    with script.client(directory) as client, pytest.raises(e.ReversedError):
        client.pay(PAY)


def test_a_reversal_that_was_refused_and_a_payment_that_stands(directory: Path) -> None:
    """Every reversal was refused in so many words, and the confirm says paid: it is paid."""
    no = answer("ORDER_STATE", 3, orderId=ORDER)
    script = Script(LOST, LOST, no, paid(requestType="Pay"), no, paid(requestType="Pay"))
    with script.client(directory) as client:
        assert client.pay(PAY).confirmed
    reversals = [b for p, b in zip(script.paths, script.bodies, strict=True) if "reverse" in p]
    assert len({body["requestId"] for body in reversals}) == 1


def test_paid_after_a_reversal_without_an_answer_is_not_believed(directory: Path) -> None:
    no = answer("ORDER_STATE", 3, orderId=ORDER)
    script = Script(LOST, LOST, LOST, paid(requestType="Pay"), no, paid(requestType="Pay"))
    with script.client(directory) as client, pytest.raises(e.ReversalFailedError) as caught:
        client.pay(PAY)
    error = caught.value
    assert error.kind is e.Kind.POST_PROCESS
    assert error.escalation is Escalation.CPS_CALL
    assert error.order_id == ORDER
    assert [line.partition(" (")[0] for line in error.tried] == [
        "pay: unknown",
        "confirm: unknown",
        "reverse: unknown",
        "confirm: done",
        "reverse: failed",
        "confirm: done",
    ]


def test_confirms_are_counted_and_paced(directory: Path) -> None:
    script = Script(LOST, LOST, absent(), LOST, answer(status=4))
    chosen = settings(request_confirm_num=3, request_confirm_interval=7)
    before = script.now
    with (
        script.client(directory, settings=chosen) as client,
        pytest.raises(e.ReversedError),
    ):
        client.pay(PAY)
    assert [path.rpartition("/")[2] for path in script.paths] == [
        *("pay", "confirm", "confirm", "confirm", "reverse")
    ]
    assert script.now - before == pytest.approx(21.0)


@pytest.fixture(autouse=True)
def expected_warnings() -> Iterator[None]:
    """Settings that warn are meant here."""
    import warnings

    from kessai_paytree import SettingsWarning

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SettingsWarning)
        yield


def test_timeouts_are_the_settings(directory: Path) -> None:
    script = Script(paid())
    with script.client(directory, settings=settings(http_timeout=42)) as client:
        client.pay(PAY)
    timeout = script.requests[0].extensions["timeout"]
    assert timeout == {"connect": 42.0, "read": 42.0, "write": 42.0, "pool": 42.0}


def test_a_question_without_an_answer(directory: Path) -> None:
    with Script(*[LOST] * 3).client(directory) as client, pytest.raises(NoAnswerError):
        client.confirm(ConfirmRequest(order_id=ORDER))


def test_another_canonical_text(directory: Path) -> None:
    def text(message: Any) -> bytes:
        return json.dumps(message, sort_keys=True).encode()

    # Answers signed over the assumed text are not believed then.
    script = Script(paid(), *[paid(requestType="Pay"), answer(status=4, orderId=ORDER)] * 3)
    with script.client(directory, canonical=text) as client, pytest.raises(e.UnsettledError):
        client.pay(PAY)
    body = script.bodies[0]
    signature = body.pop("sign")
    assert verify(body, signature, pair("till").public_key(), canonical=text)


def test_keys_are_looked_at_at_the_start(directory: Path) -> None:
    for wrong, said in (
        ({"private_key_file": private_pem("till", 1024)}, "has 1024 bits"),
        ({"public_key_file": private_pem("till")}, "is a private key"),
        ({"public_key_file": public_pem("till")}, "own public key"),
        ({"private_key_file": "/none.pem"}, "cannot be read"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            Script().client(directory, settings=settings(**wrong))


def test_options_are_looked_at_at_the_start(directory: Path) -> None:
    for wrong, said in (
        ({"retries": 3}, "no such client option: retries"),
        ({"one_per": "shop"}, "one_per"),
        ({"cashier_wait": 0}, "cashier_wait"),
        ({"proxy": "socks9://x"}, "proxy"),
        ({"hooks": 7}, "hooks"),
    ):
        with pytest.raises(ConfigurationError, match=said):
            Script().client(directory, **wrong)
    with pytest.raises(ConfigurationError, match="settings are missing"):
        PaytreeClient(lock_directory=directory)


def test_one_client_at_a_time(directory: Path) -> None:
    first = Script(paid()).client(directory)
    with pytest.raises(AlreadyRunningError, match=f"process {os.getpid()}"):
        Script().client(directory)
    first.close()
    first.close()
    with pytest.raises(e.ClosedError, match="make another"):
        first.pay(PAY)
    second = Script(paid()).client(directory)
    assert second.pay(PAY).order_id == ORDER
    second.close()


def test_one_client_for_each_terminal(directory: Path) -> None:
    other = settings(terminal_unique_id="1234500000422")
    with (
        Script().client(directory, one_per="terminal"),
        Script().client(directory, one_per="terminal", settings=other),
        pytest.raises(AlreadyRunningError, match="for terminal 1234500000421"),
    ):
        Script().client(directory, one_per="terminal")


def test_certificates_are_ignored_only_where_that_was_said(directory: Path) -> None:
    def context(client: PaytreeClient) -> Any:
        engine: Any = vars(client)["_engine"]
        return engine._wiring._context

    loose = settings(ignore_certificate_error=True)
    with Script().client(directory, settings=loose) as client:
        assert context(client).verify_mode is ssl.CERT_NONE
    with Script().client(directory) as client:
        assert context(client) is None  # made when it is needed, and strict


def test_what_is_shown(directory: Path) -> None:
    with Script(paid()).client(directory) as client:
        shown = [repr(client), repr(PAY), repr(client.start(PAY)), repr(client.pay(PAY))]
    assert shown[0] == "<PaytreeClient 1234500000421>"
    assert all(CODE not in text and "remark" not in text for text in shown)


def test_errors_survive_pickling(directory: Path) -> None:
    import pickle

    with Script(*[LOST] * 6).client(directory) as client, pytest.raises(PaytreeError) as caught:
        client.pay(PAY)
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is e.ReversalFailedError
    assert str(again) == str(caught.value)
    assert again.tried == caught.value.tried  # type: ignore[attr-defined]
