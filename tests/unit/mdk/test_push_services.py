"""Which service a record is about, which step of the order it reports, and how that went."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kessai.model import Model
from kessai_mdk import models as m
from kessai_mdk.notices import Notice, UnknownRecord
from kessai_mdk.records_services import OWN_FIELDS, RESULT_LETTERS, tell
from kessai_mdk_api.events import WEBHOOKS

from tests.unit.mdk.pushes import ORDER, RECORDS, one, parse, push

MODELS: dict[str, type[Model]] = {
    "mpi": m.MpiNotice,
    "cvs": m.CvsNotice,
    "bank": m.BankNotice,
    "upop": m.UpopNotice,
    "alipay": m.AlipayNotice,
    "paypal": m.PaypalNotice,
    "carrier": m.CarrierNotice,
    "oricosc": m.OricoscNotice,
    "paypay": m.PaypayNotice,
    "rakuten": m.RakutenNotice,
    "merpay": m.MerpayNotice,
}


def said(notice: Notice) -> tuple[str, str | None]:
    return notice.kind, notice.status


@pytest.mark.parametrize("service", RECORDS)
def test_a_record_is_told_by_what_only_its_service_has(service: str) -> None:
    notice = one(service)
    assert notice.service == service
    assert type(notice.record) is MODELS[service]
    assert notice.order_id == ORDER


def test_every_notice_of_the_spec_has_a_way_to_be_told() -> None:
    services = {name.removesuffix("Notice") for name in WEBHOOKS}
    assert services == set(RECORDS) == set(MODELS)
    assert services <= {*OWN_FIELDS, *RESULT_LETTERS.values()}


def test_own_fields_are_nobody_elses() -> None:
    listed = [name for own in OWN_FIELDS.values() for name in own]
    assert len(listed) == len(set(listed))
    for service, model in MODELS.items():
        record = dict.fromkeys(OWN_FIELDS.get(service, ()), "1")
        decoded = model.from_wire({"orderId": ORDER, **record})
        unknown = set(decoded.unknown_members)
        assert not unknown - {"vResultCode"}, (service, unknown)  # the spec has them too


@pytest.mark.parametrize(
    ("changes", "service"),
    [
        ({"orderId": "A", "emType": "edy", "receiptDate": "20260105100000"}, "em"),
        ({"orderId": "A", "linepayOrderId": "1", "usePoint": "0"}, "linepay"),
        ({"orderId": "A", "recruitOrderId": "1"}, "recruit"),
        ({"orderId": "A", "accountId": "me", "chargeGroupId": "g"}, "recurring"),
        ({"accountId": "me", "cardId": "c", "cardCheckStatus": "1"}, "cardinfo"),
        ({"orderId": "A", "txnType": "Authorize", "mstatus": "success"}, None),
        ({"orderId": "A", "vResultCode": "Q001000000000000"}, None),
        ({"orderId": "A", "vResultCode": ""}, None),
        ({"orderId": "A", "cvsType": "sej", "kikanNo": "1"}, None),
    ],
)  # fmt: skip
def test_what_is_not_read_is_kept(changes: dict[str, str], service: str | None) -> None:
    notice = parse(*push(changes)).notices[0]
    assert notice.service == service
    assert isinstance(notice.record, UnknownRecord)
    assert notice.record.values.items() >= changes.items()
    assert notice.order_id == changes.get("orderId")
    assert notice.kind in {"other", "authorization"}
    assert "success" not in repr(notice.record)
    assert notice.record == UnknownRecord(dict(notice.record.values))
    assert hash(notice.record) == hash(UnknownRecord(dict(notice.record.values)))


BARE = {"orderId": "A", "txnType": "Authorize", "txnTime": "20260105100000", "mstatus": "success"}


def test_the_callers_service_decides_where_no_field_does() -> None:
    assert parse(*push(BARE), service="merpay").notices[0].service == "merpay"
    assert parse(*push(RECORDS["cvs"]), service="merpay").notices[0].service == "cvs"
    coded = {**BARE, "vResultCode": "W001000000000000"}
    assert parse(*push(coded)).notices[0].service == "carrier"
    assert parse(*push(coded), service="paypay").notices[0].service == "paypay"
    both = {**BARE, "openId": "1", "payerId": "2"}
    assert parse(*push(both)).notices[0].service is None
    assert parse(*push(both), service="carrier").notices[0].service == "carrier"
    assert parse(*push(both), service="cvs").notices[0].service is None


@given(
    st.sets(st.sampled_from(sorted({name for own in OWN_FIELDS.values() for name in own}))),
    st.text(max_size=4),
)
def test_two_services_fields_are_nobodys(names: set[str], code: str) -> None:
    owners = {service for service, own in OWN_FIELDS.items() if own & names}
    told = tell({**dict.fromkeys(names, ""), "vResultCode": code})
    if owners:
        assert told == (owners.pop() if len(owners) == 1 else None)
    else:
        assert told == RESULT_LETTERS.get(code[:1])


@pytest.mark.parametrize(
    ("service", "changes", "wanted"),
    [
        ("mpi", {}, ("authorization", "success")),
        ("mpi", {"cardMstatus": "failure"}, ("authorization", "failure")),
        ("mpi", {"cardMstatus": "pending"}, ("authorization", "pending")),
        ("mpi", {"cardMstatus": ""}, ("authentication", "success")),
        ("mpi", {"cardMstatus": "", "mpiMstatus": "failure"}, ("authentication", "failure")),
        ("mpi", {"cardMstatus": "new"}, ("authorization", None)),
        ("cvs", {}, ("deposit", "success")),
        ("bank", {}, ("deposit", "success")),
        ("upop", {}, ("capture", "success")),
        ("upop", {"txnType": "Authorize", "mstatus": "failure"}, ("authorization", "failure")),
        ("upop", {"txnType": "Cancel"}, ("cancellation", "success")),
        ("alipay", {}, ("capture", "success")),
        ("alipay", {"txnType": "Refund", "mstatus": "pending"}, ("refund", "pending")),
        ("paypal", {}, ("capture", "success")),
        ("paypal", {"mstatus": "failure"}, ("capture", "failure")),
        ("paypal", {"mstatus": ""}, ("capture", None)),
        ("carrier", {}, ("authorization", "success")),
        ("carrier", {"txnType": "Terminate"}, ("termination", "success")),
        ("carrier", {"txnType": "Delete"}, ("deletion", "success")),
        ("carrier", {"txnType": "Brandnew"}, ("other", "success")),
        ("carrier", {"month": "202601"}, ("charge", "success")),
        ("carrier", {"month": "202601", "mstatus": "failure"}, ("charge", "failure")),
        ("oricosc", {}, ("screening", None)),
        ("oricosc", {"mstatus": "pending"}, ("screening", "pending")),
        ("rakuten", {"txnType": "Capture"}, ("capture", "success")),
        ("rakuten", {"txnType": "UpdateAuthorize"}, ("other", "success")),
        ("paypay", {"txnType": "AuthorizeConfirm"}, ("authorization", "success")),
        ("merpay", {"txnType": "Terminate"}, ("termination", "success")),
    ],
)
def test_what_a_record_reports(
    service: str, changes: dict[str, str], wanted: tuple[str, str | None]
) -> None:
    assert said(one(service, changes)) == wanted


def test_a_prompt_notice_and_a_confirmed_one() -> None:
    assert not one("paypal").confirmed
    assert not one("paypal", head={"fixed": "0"}).confirmed
    late = one("paypal", {"mstatus": "failure"}, head={"fixed": "1"})
    assert (late.confirmed, *said(late)) == (True, "capture", "failure")


def test_a_record_that_says_itself_whether_it_is_confirmed() -> None:
    assert one("paypal", {"fixed": "1"}, head={"fixed": "0"}).confirmed
    assert not one("paypal", {"fixed": "0"}, head={"fixed": "1"}).confirmed


def test_words_that_only_the_merchant_can_read_up() -> None:
    kinds: Any = {"MonthlySale": "charge", "Erased": "deletion"}
    charge = one("carrier", {"txnType": "MonthlySale"}, carrier_kinds=kinds)
    assert (charge.kind, charge.subject) == ("charge", "202601")
    gone = one("carrier", {"txnType": "Erased", "mstatus": ""}, carrier_kinds=kinds)
    assert said(gone) == ("deletion", None)
    screened = one("oricosc", screening={"01": "success", "09": "failure"})
    assert said(screened) == ("screening", "success")
    refused = one("oricosc", {"orderStateCode": "09"}, screening={"09": "failure"})
    assert said(refused) == ("screening", "failure")


def test_which_month_and_which_refund() -> None:
    assert one("carrier", {"month": "202602"}).subject == "202602"
    assert one("paypal", {"txnType": "Refund"}).subject == "0AB12345CD678901E"
    assert one("upop", {"txnType": "Refund"}).subject == "000001"
    assert one("rakuten", {"txnType": "Refund"}).subject == "20260105100000"
    assert one("rakuten").subject == ""


@pytest.mark.parametrize(
    ("service", "at"),
    [
        ("cvs", "20260105100000"),
        ("paypal", "20260105100000"),
        ("upop", "0105100000"),
        ("oricosc", "20260105"),
        ("mpi", ""),
        ("alipay", ""),
    ],
)
def test_when_as_the_gateway_writes_it(service: str, at: str) -> None:
    assert one(service).at == at


def test_two_notices_are_equal_by_what_they_say() -> None:
    assert one("mpi") == one("mpi")
    assert hash(one("mpi")) == hash(one("mpi"))
    assert one("mpi") != one("cvs")
    assert one("mpi") != "mpi"
