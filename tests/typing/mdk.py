"""The public calls of kessai_mdk as a type checker sees them. Checked, never run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, assert_type

from kessai import Answer, Environment, OutcomeUnknown, System, Timeout
from kessai.operation import Operation
from kessai.outcome import Outcome
from kessai_mdk import (
    AsyncMdkClient,
    MdkClient,
    MdkError,
    ResultCode,
    Settings,
    SettingsError,
    operations,
    refusals,
    signing,
)
from kessai_mdk import models as m


def clients() -> None:
    """What a client may be told, and what it may not."""
    assert_type(MdkClient("ccid", "00"), MdkClient)
    MdkClient(
        merchant_ccid="ccid",
        merchant_secret_key="00",
        environment=Environment(api="http://127.0.0.1:8803", token="http://127.0.0.1:8803"),
        dummy=False,
        not_found_after=3600,
        timeout=Timeout(connect=1),
        deadline=30.0,
        max_attempts=2,
        lift=["/orderId#charset"],
        hooks=[print],
        system=System(),
    )
    AsyncMdkClient("ccid", "00", environment="live")
    MdkClient(settings=Settings("ccid", "00"))
    MdkClient("ccid", "00", environment="production")  # type: ignore[arg-type]  # pyright: ignore
    MdkClient("ccid", "00", "sandbox")  # type: ignore[call-arg]  # pyright: ignore
    MdkClient("ccid", "00", dummy="1")  # type: ignore[arg-type]  # pyright: ignore
    MdkClient("ccid", "00", retries=3)  # type: ignore[call-arg]  # pyright: ignore
    m.CardAuthoriseRequest  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore


def settings() -> None:
    """From arguments, from the environment, from the kit's file."""
    assert_type(Settings("ccid", "00", dummy=False, ca_cert_file=Path("ca.pem")), Settings)
    assert_type(Settings.from_environment(), Settings)
    assert_type(Settings.from_environment({"A": "b"}, prefix="SHOP_"), Settings)
    found = Settings.from_properties("3GPSMDK.properties", syntax="php")
    assert_type(found.dummy, bool)
    assert_type(found.timeout, Timeout)
    assert_type(found.notes, tuple[str, ...])
    assert_type(found.proxy, str | None)
    Settings.from_properties(Path("x"), syntax="ini")  # type: ignore[arg-type]  # pyright: ignore
    Settings("ccid")  # type: ignore[call-arg]  # pyright: ignore


def models() -> None:
    """Yen are int, whatever the wire says; codes are enums; what is required is required."""
    request = m.CardAuthorizeRequest(
        order_id="B-1",
        amount=3980,
        with_capture=m.BooleanText.TRUE,
        pay_now_id_param=m.PayNowIdParam(token="t"),
    )
    assert_type(request.amount, int)
    assert_type(request.with_capture, m.BooleanText | None)
    assert_type(request.unknown_members, dict[str, Any])
    m.CardAuthorizeRequest(order_id="B-1", amount="3980")  # type: ignore[arg-type]  # pyright: ignore
    m.CardAuthorizeRequest(order_id="B-1")  # type: ignore[call-arg]  # pyright: ignore
    m.CardAuthorizeRequest(order_id="B-1", amount=1, with_capture="true")  # type: ignore[arg-type]  # pyright: ignore
    m.CardAuthorizeRequest(orderId="B-1", amount=1)  # type: ignore[call-arg]  # pyright: ignore
    m.AlipayAuthorizeRequest(order_id="B-1", amount="100", currency=m.AlipayCurrency.CNY)


def calls(mdk: MdkClient, request: Any) -> None:
    """Every command of the sync client, and the token server."""
    assert_type(mdk.alipay.authorize(request), m.AlipayAuthorizeResponse)
    assert_type(mdk.alipay.confirm(request), m.AlipayConfirmResponse)
    assert_type(mdk.alipay.create_identity_code(request), m.AlipayCreateIdentityCodeResponse)
    assert_type(mdk.alipay.refund(request), m.AlipayRefundResponse)
    assert_type(mdk.bank.authorize(request), m.BankAuthorizeResponse)
    assert_type(mdk.card.authorize(request), m.CardAuthorizeResponse)
    assert_type(mdk.card.cancel(request), m.CardCancelResponse)
    assert_type(mdk.card.capture(request), m.CardCaptureResponse)
    assert_type(mdk.card.re_authorize(request), m.CardReAuthorizeResponse)
    assert_type(mdk.card.retry(request), m.CardRetryResponse)
    assert_type(mdk.carrier.authorize(request), m.CarrierAuthorizeResponse)
    assert_type(mdk.carrier.cancel(request), m.CarrierCancelResponse)
    assert_type(mdk.carrier.capture(request), m.CarrierCaptureResponse)
    assert_type(mdk.carrier.re_authorize(request), m.CarrierReAuthorizeResponse)
    assert_type(mdk.carrier.terminate(request), m.CarrierTerminateResponse)
    assert_type(mdk.carrier.update_authorize(request), m.CarrierUpdateAuthorizeResponse)
    assert_type(mdk.cvs.authorize(request), m.CvsAuthorizeResponse)
    assert_type(mdk.cvs.cancel(request), m.CvsCancelResponse)
    assert_type(mdk.merpay.authorize(request), m.MerpayAuthorizeResponse)
    assert_type(mdk.merpay.cancel(request), m.MerpayCancelResponse)
    assert_type(mdk.merpay.capture(request), m.MerpayCaptureResponse)
    assert_type(mdk.merpay.re_authorize(request), m.MerpayReAuthorizeResponse)
    assert_type(mdk.merpay.refund(request), m.MerpayRefundResponse)
    assert_type(mdk.merpay.terminate(request), m.MerpayTerminateResponse)
    assert_type(mdk.mpi.authorize(request), m.MpiAuthorizeResponse)
    assert_type(mdk.mpi.get_result(request), m.MpiGetResultResponse)
    assert_type(mdk.mpi.re_authorize(request), m.MpiReAuthorizeResponse)
    assert_type(mdk.oricosc.authorize(request), m.OricoscAuthorizeResponse)
    assert_type(mdk.paypal.authorize(request), m.PaypalAuthorizeResponse)
    assert_type(mdk.paypal.cancel(request), m.PaypalCancelResponse)
    assert_type(mdk.paypal.capture(request), m.PaypalCaptureResponse)
    assert_type(mdk.paypal.refund(request), m.PaypalRefundResponse)
    assert_type(mdk.paypay.authorize(request), m.PaypayAuthorizeResponse)
    assert_type(mdk.paypay.authorize_confirm(request), m.PaypayAuthorizeConfirmResponse)
    assert_type(mdk.paypay.cancel(request), m.PaypayCancelResponse)
    assert_type(mdk.paypay.capture(request), m.PaypayCaptureResponse)
    assert_type(mdk.paypay.re_authorize(request), m.PaypayReAuthorizeResponse)
    assert_type(mdk.paypay.refund(request), m.PaypayRefundResponse)
    assert_type(mdk.paypay.terminate(request), m.PaypayTerminateResponse)
    assert_type(mdk.rakuten.authorize(request), m.RakutenAuthorizeResponse)
    assert_type(mdk.rakuten.cancel(request), m.RakutenCancelResponse)
    assert_type(mdk.rakuten.capture(request), m.RakutenCaptureResponse)
    assert_type(mdk.rakuten.confirm(request), m.RakutenConfirmResponse)
    assert_type(mdk.rakuten.re_authorize(request), m.RakutenReAuthorizeResponse)
    assert_type(mdk.rakuten.update_authorize(request), m.RakutenUpdateAuthorizeResponse)
    assert_type(mdk.search.search(request), m.SearchSearchResponse)
    assert_type(mdk.token.token(request), m.TokenResponse)
    assert_type(mdk.upop.authorize(request), m.UpopAuthorizeResponse)
    assert_type(mdk.upop.cancel(request), m.UpopCancelResponse)
    assert_type(mdk.upop.capture(request), m.UpopCaptureResponse)
    assert_type(mdk.upop.refund(request), m.UpopRefundResponse)


async def async_calls(mdk: AsyncMdkClient, request: Any) -> None:
    """Every command of the async client, and the token server."""
    assert_type(await mdk.alipay.authorize(request), m.AlipayAuthorizeResponse)
    assert_type(await mdk.alipay.confirm(request), m.AlipayConfirmResponse)
    assert_type(await mdk.alipay.create_identity_code(request), m.AlipayCreateIdentityCodeResponse)
    assert_type(await mdk.alipay.refund(request), m.AlipayRefundResponse)
    assert_type(await mdk.bank.authorize(request), m.BankAuthorizeResponse)
    assert_type(await mdk.card.authorize(request), m.CardAuthorizeResponse)
    assert_type(await mdk.card.cancel(request), m.CardCancelResponse)
    assert_type(await mdk.card.capture(request), m.CardCaptureResponse)
    assert_type(await mdk.card.re_authorize(request), m.CardReAuthorizeResponse)
    assert_type(await mdk.card.retry(request), m.CardRetryResponse)
    assert_type(await mdk.carrier.authorize(request), m.CarrierAuthorizeResponse)
    assert_type(await mdk.carrier.cancel(request), m.CarrierCancelResponse)
    assert_type(await mdk.carrier.capture(request), m.CarrierCaptureResponse)
    assert_type(await mdk.carrier.re_authorize(request), m.CarrierReAuthorizeResponse)
    assert_type(await mdk.carrier.terminate(request), m.CarrierTerminateResponse)
    assert_type(await mdk.carrier.update_authorize(request), m.CarrierUpdateAuthorizeResponse)
    assert_type(await mdk.cvs.authorize(request), m.CvsAuthorizeResponse)
    assert_type(await mdk.cvs.cancel(request), m.CvsCancelResponse)
    assert_type(await mdk.merpay.authorize(request), m.MerpayAuthorizeResponse)
    assert_type(await mdk.merpay.cancel(request), m.MerpayCancelResponse)
    assert_type(await mdk.merpay.capture(request), m.MerpayCaptureResponse)
    assert_type(await mdk.merpay.re_authorize(request), m.MerpayReAuthorizeResponse)
    assert_type(await mdk.merpay.refund(request), m.MerpayRefundResponse)
    assert_type(await mdk.merpay.terminate(request), m.MerpayTerminateResponse)
    assert_type(await mdk.mpi.authorize(request), m.MpiAuthorizeResponse)
    assert_type(await mdk.mpi.get_result(request), m.MpiGetResultResponse)
    assert_type(await mdk.mpi.re_authorize(request), m.MpiReAuthorizeResponse)
    assert_type(await mdk.oricosc.authorize(request), m.OricoscAuthorizeResponse)
    assert_type(await mdk.paypal.authorize(request), m.PaypalAuthorizeResponse)
    assert_type(await mdk.paypal.cancel(request), m.PaypalCancelResponse)
    assert_type(await mdk.paypal.capture(request), m.PaypalCaptureResponse)
    assert_type(await mdk.paypal.refund(request), m.PaypalRefundResponse)
    assert_type(await mdk.paypay.authorize(request), m.PaypayAuthorizeResponse)
    assert_type(await mdk.paypay.authorize_confirm(request), m.PaypayAuthorizeConfirmResponse)
    assert_type(await mdk.paypay.cancel(request), m.PaypayCancelResponse)
    assert_type(await mdk.paypay.capture(request), m.PaypayCaptureResponse)
    assert_type(await mdk.paypay.re_authorize(request), m.PaypayReAuthorizeResponse)
    assert_type(await mdk.paypay.refund(request), m.PaypayRefundResponse)
    assert_type(await mdk.paypay.terminate(request), m.PaypayTerminateResponse)
    assert_type(await mdk.rakuten.authorize(request), m.RakutenAuthorizeResponse)
    assert_type(await mdk.rakuten.cancel(request), m.RakutenCancelResponse)
    assert_type(await mdk.rakuten.capture(request), m.RakutenCaptureResponse)
    assert_type(await mdk.rakuten.confirm(request), m.RakutenConfirmResponse)
    assert_type(await mdk.rakuten.re_authorize(request), m.RakutenReAuthorizeResponse)
    assert_type(await mdk.rakuten.update_authorize(request), m.RakutenUpdateAuthorizeResponse)
    assert_type(await mdk.search.search(request), m.SearchSearchResponse)
    assert_type(await mdk.token.token(request), m.TokenResponse)
    assert_type(await mdk.upop.authorize(request), m.UpopAuthorizeResponse)
    assert_type(await mdk.upop.cancel(request), m.UpopCancelResponse)
    assert_type(await mdk.upop.capture(request), m.UpopCaptureResponse)
    assert_type(await mdk.upop.refund(request), m.UpopRefundResponse)


def around_a_call(mdk: MdkClient, request: m.CardAuthorizeRequest, unknown: OutcomeUnknown) -> None:
    """Options, raw answers, outcomes, and what is no request of an operation."""
    answer = mdk.card.authorize(
        request,
        timeout=3.0,
        deadline=10,
        max_attempts=1,
        headers={"X-Trace": "1"},
        intent="B-1",
        lift=["/orderId"],
    )
    assert_type(answer.result.mstatus, m.Mstatus)
    assert_type(answer.result.v_result_code, str | None)
    assert_type(answer.pay_now_id_response, m.PayNowIdResponse | None)
    mdk.card.authorize(request, retries=3)  # type: ignore[call-arg]  # pyright: ignore
    mdk.card.capture(request)  # type: ignore[arg-type]  # pyright: ignore
    raw = mdk.raw(operations.CARD_AUTHORIZE, request)
    assert_type(raw, Answer[m.CardAuthorizeResponse])
    assert_type(operations.OPERATIONS, Mapping[str, Operation[Any, Any]])
    mdk.raw(operations.CARD_CAPTURE, request)  # type: ignore[misc]  # pyright: ignore
    assert_type(mdk.resolve(unknown), Outcome)
    assert_type(mdk.resolve(unknown, wait=3600), Outcome)
    with mdk as same:
        assert_type(same, MdkClient)
    assert_type(mdk.close(), None)


async def around_an_async_call(
    mdk: AsyncMdkClient, request: m.CardAuthorizeRequest, unknown: OutcomeUnknown
) -> None:
    """The same, with ``await``."""
    raw = await mdk.raw(operations.CARD_AUTHORIZE, request, timeout=1)
    assert_type(raw, Answer[m.CardAuthorizeResponse])
    assert_type(await mdk.resolve(unknown, wait=3600), Outcome)
    async with mdk as same:
        assert_type(same, AsyncMdkClient)
    assert_type(await mdk.aclose(), None)


def rest(error: MdkError, problem: SettingsError) -> None:
    """Digests, errors."""
    assert_type(signing.auth_hash("c", "{}", "00"), str)
    assert_type(signing.v_auth_info("c", ["a", "b"], "00"), str)
    assert_type(signing.content_hmac(b"a=b", "00"), str)
    signing.content_hmac("a=b", "00")  # type: ignore[arg-type]  # pyright: ignore
    assert_type(signing.auth_info("c", "00", datetime.now(UTC)), str)
    assert_type(signing.check_auth_info("a-b-c", "c", "00"), datetime)
    assert_type(signing.auth_params("YQ=="), tuple[str, ...])
    assert_type(error.result_code, ResultCode | None)
    assert_type(ResultCode("A001").blocks, tuple[str, ...])
    assert_type(ResultCode("A001").meaning, str | None)
    assert_type(error.merr_msg, str | None)
    assert_type(error.order_id, str | None)
    assert_type([str(one) for one in problem.problems], list[str])
    assert_type(refusals.CardRefusedError("AG33"), refusals.CardRefusedError)
