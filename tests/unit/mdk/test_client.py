"""What a merchant sees: 50 commands by their names, settings that fit, and failures by class."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from typing import Any

import httpx2
import pytest
from kessai import (
    CardDeclinedError,
    ConfigurationError,
    Environment,
    NoAnswerError,
    OutcomeUnknown,
    Timeout,
    UnreadableAnswerError,
)
from kessai_mdk import MdkClient, Settings, operations
from kessai_mdk import models as m
from kessai_mdk import refusals as r

from tests.unit.mdk.scripted import (
    CCID,
    COMMANDS,
    ORDER,
    ORDERS,
    SECRET,
    Script,
    answer,
    card,
    example,
    said,
    sample,
)

pytestmark = pytest.mark.filterwarnings("ignore::kessai.errors.RequestWarning")


@pytest.fixture(params=["sync", "async"])
def flavour(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def snake(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def run(flavour: str, script: Script, name: str, **options: Any) -> Any:
    """A command by its method, as a merchant calls it."""
    operation, request = operations.OPERATIONS[name], sample(name)
    method = snake(operation.path.split("/")[3])
    if flavour == "sync":
        with script.client(**options) as mdk:
            return getattr(getattr(mdk, operation.group), method)(request)

    async def call() -> Any:
        async with script.async_client(**options) as mdk:
            return await getattr(getattr(mdk, operation.group), method)(request)

    return asyncio.run(call())


def test_there_are_fifty_commands() -> None:
    assert len(COMMANDS) == 50
    assert len({operations.OPERATIONS[name].group for name in COMMANDS}) == 13


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command(flavour: str, name: str) -> None:
    script = Script(answer(200, example(name)))
    value = run(flavour, script, name)
    assert type(value).__name__ == f"{name[0].upper()}{name[1:]}Response"
    assert value.result.mstatus is m.Mstatus.SUCCESS
    _, command, service = operations.OPERATIONS[name].path.rsplit("/", 2)
    assert script.paths == [f"{command}/{service}"]


@pytest.mark.parametrize("name", COMMANDS)
def test_a_failure_of_each_command(flavour: str, name: str) -> None:
    failed = said("failure", "NH02000000000000", merrMsg="この状態ではできません", custTxn="7")
    script = Script(failed)
    with pytest.raises(r.OrderStateError) as raised:
        run(flavour, script, name)
    error = raised.value
    assert error.operation == name
    assert error.mstatus == "failure"
    assert error.result_code == "NH02000000000000"
    assert error.merr_msg == "この状態ではできません"
    assert error.value.result.mstatus is m.Mstatus.FAILURE
    assert error.status == 200
    assert len(script.requests) == 1
    if name in ORDERS:
        assert (error.order_id, error.cust_txn) == (ORDER, "7")


@pytest.mark.parametrize("name", ORDERS)
def test_a_lost_answer_of_each_order(flavour: str, name: str) -> None:
    script = Script(httpx2.ReadTimeout("slow"))
    with pytest.raises(OutcomeUnknown) as raised:
        run(flavour, script, name)
    assert raised.value.operation == name
    assert raised.value.reference["orderId"] == sample(name).order_id
    assert len(script.requests) == 1


@pytest.mark.parametrize("name", [name for name in COMMANDS if name not in ORDERS])
def test_reads_may_be_repeated(flavour: str, name: str) -> None:
    script = Script(httpx2.ReadTimeout("slow"), httpx2.Response(502), answer(200, example(name)))
    run(flavour, script, name)
    assert len(script.requests) == 3
    with pytest.raises(NoAnswerError):
        run(flavour, Script(httpx2.ReadTimeout("slow")), name)


def test_a_success_in_another_form_is_kept() -> None:
    """A whole answer that says success and cannot be read is not lost, and can be asked about."""
    body = {"result": {"mstatus": "success", "gatewayRequestDate": {"not": "a text"}, "orderId": 5}}
    body["result"]["reqAmount"] = "many"
    script = Script(answer(200, body))
    with script.client() as mdk, pytest.raises(UnreadableAnswerError) as raised:
        mdk.card.authorize(card())
    assert raised.value.unknown is not None
    assert b"many" in raised.value.content


def test_members_and_values_nobody_described_are_kept() -> None:
    script = Script(said("success", cardTransactiontype="race", brandNew={"a": 1}))
    with script.client() as mdk:
        came = mdk.card.cancel(m.CardCancelRequest(order_id=ORDER))
    assert came.result.card_transactiontype == "race"
    assert came.result.unknown_members == {"brandNew": {"a": 1}}


def test_timeouts_are_the_kits() -> None:
    script = Script(said())
    with script.client() as mdk:
        mdk.card.authorize(card())
        mdk.card.authorize(card(), timeout=Timeout(connect=1, read=2, write=3, pool=4))
    first, second = (dict(request.extensions["timeout"]) for request in script.requests)
    assert (first["connect"], first["read"]) == (30.0, 120.0)
    assert (second["connect"], second["read"]) == (1, 2)


def given(script: Script, **options: Any) -> str:
    """Where a client with these options sends."""
    with script.client(**options) as mdk:
        mdk.card.authorize(card())
    sent = script.sent[-1].params["dummyRequest"]
    return f"{script.requests[-1].url} {sent}"


MOCK = "http://127.0.0.1:8803"


@pytest.mark.parametrize(
    ("options", "where"),
    [
        ({}, "https://api3.veritrans.co.jp/test-paynow/v2/Authorize/card 1"),
        (
            {"environment": "sandbox"},
            "https://api3.veritrans.co.jp/test-paynow/v2/Authorize/card 1",
        ),
        ({"environment": "live"}, "https://api3.veritrans.co.jp/paynow/v2/Authorize/card 0"),
        ({"environment": "live", "dummy": False}, "https://api3.veritrans.co.jp/paynow/v2/A"),
        ({"dummy": False}, "https://api3.veritrans.co.jp/paynow/v2/Authorize/card 0"),
        ({"environment": Environment(api=MOCK)}, f"{MOCK}/test-paynow/v2/Authorize/card 1"),
        (
            {"environment": Environment(api=MOCK), "dummy": False},
            f"{MOCK}/paynow/v2/Authorize/card 0",
        ),
        (
            {"environment": Environment(api=MOCK, live=True)},
            f"{MOCK}/paynow/v2/Authorize/card 0",
        ),
        ({"environment": Environment(api=f"{MOCK}/base")}, f"{MOCK}/base/test-paynow/v2/A"),
        ({"settings": Settings(CCID, SECRET)}, "https://api3.veritrans.co.jp/test-paynow/v2/A"),
        (
            {"settings": Settings(CCID, SECRET, dummy=False, host_url="https://api9.example.jp")},
            "https://api9.example.jp/paynow/v2/Authorize/card 0",
        ),
        (
            {"settings": Settings(CCID, SECRET), "environment": Environment(api=MOCK)},
            f"{MOCK}/test-paynow/v2/Authorize/card 1",
        ),
        (
            {
                "settings": Settings(CCID, SECRET, dummy=False),
                "environment": Environment(api=MOCK),
            },
            f"{MOCK}/paynow/v2/Authorize/card 0",
        ),
    ],
)
def test_where_it_sends(options: dict[str, Any], where: str) -> None:
    assert given(Script(said()), **options).startswith(where)


def test_the_scope_says_whether_money_moves() -> None:
    assert f"mdk:{CCID}:test" in repr(vars(MdkClient(CCID, SECRET)))
    assert f"mdk:{CCID}:live" in repr(vars(MdkClient(CCID, SECRET, environment="live")))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"environment": "production"}, "environment must be"),
        ({"environment": "live", "dummy": True}, "contradict"),
        ({"environment": "sandbox", "dummy": False}, "contradict"),
        ({"environment": Environment(api=MOCK, live=True), "dummy": True}, "contradict"),
        ({"settings": Settings(CCID, SECRET), "dummy": False}, "dummy"),
        ({"settings": Settings(CCID, SECRET), "environment": "live"}, "contradict"),
        ({"settings": Settings(CCID, SECRET), "merchant_ccid": CCID}, "pass settings"),
        ({"merchant_ccid": None}, "missing"),
        ({"merchant_secret_key": None}, "missing"),
        ({"merchant_ccid": ""}, "merchant_ccid"),
        ({"merchant_ccid": "A B\n"}, "merchant_ccid"),
        ({"merchant_secret_key": "not-hexadecimal"}, "hexadecimal"),
        ({"merchant_secret_key": f" {SECRET}"}, "merchant_secret_key"),
        ({"merchant_secret_key": "鍵"}, "merchant_secret_key"),
        ({"not_found_after": 899.9}, "not_found_after"),
        ({"not_found_after": float("inf")}, "not_found_after"),
        ({"not_found_after": float("nan")}, "not_found_after"),
        ({"not_found_after": "1800"}, "not_found_after"),
        ({"retries": 3}, "retries"),
    ],
)
def test_settings_that_cannot_work(options: dict[str, Any], words: str) -> None:
    script = Script(said())
    with pytest.raises(ConfigurationError, match=words) as raised:
        script.client(**options)
    for secret in (SECRET, "not-hexadecimal", "鍵"):
        assert secret not in str(raised.value)


def test_no_token_server_is_said_before_anything_is_sent() -> None:
    script = Script(said())
    request = m.TokenRequest(
        token_api_key="7d2a9c64-5b1f-4f0e-9a3c-2f6f1f0e8b55",
        card_number="4111111111111111",
        card_expire="12/29",
    )
    client = script.client(environment=Environment(api=MOCK))
    with client as mdk, pytest.raises(ConfigurationError, match="token"):
        mdk.token.token(request)
    assert script.requests == []


def test_failures_are_kessais_own_classes_too() -> None:
    script = Script(said("failure", "AG61000000000000"))
    with script.client() as mdk, pytest.raises(CardDeclinedError):
        mdk.card.authorize(card())


def test_importing_the_package_is_light() -> None:
    """Beside the HTTP library: no model, no event loop, nothing that not every process needs."""
    code = (
        "import httpx2, sys; before = set(sys.modules); import kessai_mdk; "
        "print(*(set(sys.modules) - before))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    brought = set(done.stdout.split())
    assert "kessai_mdk.client" in brought
    assert not brought & {"attr", "attrs", "asyncio", "dataclasses", "cryptography"}
    assert not brought & {f"kessai_mdk.{room}" for room in ("settings", "notices", "results")}
    assert not {name for name in brought if name.startswith("kessai_mdk_api.models.")}


def test_every_name_is_there() -> None:
    import kessai_mdk

    for name in kessai_mdk.__all__:
        assert getattr(kessai_mdk, name) is not None
    assert set(kessai_mdk.__all__) <= set(dir(kessai_mdk))
    with pytest.raises(AttributeError):
        kessai_mdk.MdkCleint  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore
