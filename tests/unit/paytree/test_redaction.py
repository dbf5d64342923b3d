"""Nothing secret in any repr, log line, file, warning, hook event, record or exception."""

from __future__ import annotations

import json
import logging
import pickle
import traceback
import warnings
from pathlib import Path
from typing import Any

import httpx2
import pytest
from kessai.stores.memory import MemoryJournal
from kessai_paytree import DepositRequest, PayRequest, PaytreeError, PayType, RefundRequest
from kessai_paytree.errors import UnsettledError

from tests.unit.paytree.keys import private_pem
from tests.unit.paytree.scripted import CODE, ORDER, Script, answer, paid, settings

LOST = httpx2.ReadTimeout("timed out")
REMARK, REASON, CARD = "remark-of-hers", "reason-of-hers", "3541012345678901"
PAY = PayRequest(pay_type=PayType.PAYPAY, amount=1980, user_code=CODE, remark=REMARK)
SECRETS = [CODE, REMARK, REASON, CARD, "BEGIN RSA", private_pem().split(b"\n")[1].decode()]


class Scan:
    """Collects whatever can be shown, and looks through it."""

    def __init__(self) -> None:
        self.shown: list[str] = []

    def add(self, *things: object) -> None:
        for thing in things:
            self.shown += [repr(thing), str(thing)]
            if isinstance(thing, BaseException):
                self.shown += traceback.format_exception(thing)
                self.shown.append(pickle.dumps(thing).decode("latin-1"))
                self.shown.append(repr(vars(thing)))
            if isinstance(thing, UnsettledError):
                self.shown.append(json.dumps(thing.to_record()))

    def check(self, signatures: list[str]) -> None:
        text = "\n".join(self.shown)
        for secret in [*SECRETS, *signatures]:
            assert secret not in text, secret[:6]


@pytest.mark.parametrize("level", ["Basic", "Error", "Sequence", "Transaction"])
def test_whatever_happens_nothing_secret_shows(
    level: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    scan = Scan()
    script = Script(
        paid(),
        paid(status=1),
        paid(requestType="Pay"),
        answer("INSUFFICIENT_BALANCE", 3, message="no"),
        answer("SYSTEM_ERROR"),
        *[LOST] * 5,
        answer(status=6, orderId=ORDER, refundAmount=980),
        *[LOST] * 2,
        answer(status=2, orderId=ORDER, amount=3000),
    )
    journal = MemoryJournal()
    chosen = settings(log_level=level, api_path_deposit="/deposit")
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        with script.client(
            tmp_path,
            journal,
            settings=chosen,
            log_directory=tmp_path / "log",
            hooks=[scan.add],
        ) as client:
            refund = RefundRequest(
                order_id=ORDER, refund_amount=980, refund_reason=REASON, remark=REMARK
            )
            deposit = DepositRequest(pay_type=PayType.LINE_PAY, amount=3000, user_code=CARD)
            scan.add(client, chosen, PAY, refund, deposit)
            requests: list[Any] = [PAY, PAY, PAY, PAY, refund, refund, deposit]
            for request in requests:
                progress: Any = client.start(request)
                scan.add(progress)
                for event in progress:
                    scan.add(event)
                try:
                    scan.add(progress.result)
                except PaytreeError as error:
                    scan.add(error)
            scan.add(*client.unsettled(), vars(client)["_desk"], vars(client)["_engine"])
            scan.add(vars(client)["_desk"].gateway, vars(client)["_desk"].gateway.codec)
            for entry in journal.pending(0.0):
                scan.add(entry)
    assert script.answers == []
    scan.add(*[str(each.message) for each in warned], *caplog.messages)
    (path,) = (tmp_path / "log").iterdir()
    logged = path.read_text(encoding="utf-8")
    scan.add(logged)
    scan.check([body["sign"] for body in script.bodies])
    assert {"Basic": "client opened", "Error": "code=INSUFFICIENT_BALANCE"}.get(
        level, "Sequence    Pay state=begun pay_type=PayPay amount=1980"
    ) in logged
    assert ("Transaction pay state=sent" in logged) is (level == "Transaction")


def test_wrong_requests_show_nothing_either(tmp_path: Path) -> None:
    from kessai import ValidationError

    scan = Scan()
    wrong = PayRequest(
        pay_type=PayType.PAYPAY, amount=10**15, user_code=CODE * 40, remark=REMARK * 20
    )
    with Script().client(tmp_path) as client, pytest.raises(ValidationError) as caught:
        client.pay(wrong)
    scan.add(caught.value)
    scan.check([])


def test_settings_show_no_key() -> None:
    scan = Scan()
    chosen = settings()
    scan.add(chosen)
    scan.check([])
