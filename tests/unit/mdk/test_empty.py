"""What an empty text in an answer, a notice or a browser's result is read as.

A form has no other way to say "nothing", and 3-D Secure leaves the card's result empty where no
card payment was made. So: a text stays the empty text, a value out of a list becomes its EMPTY
(which counts as false), and an amount is absent. Nothing of it is an error.
"""

from __future__ import annotations

from typing import Any

import pytest
from kessai.model import Model
from kessai_mdk import models as m

from tests.unit.mdk import pushes
from tests.unit.mdk.pushes import RECORDS, RESULTS, one, result_text
from tests.unit.mdk.scripted import ORDER, Script, said
from tests.unit.mdk.test_result import parse

CODE = "G021000000000000"


def got(**members: Any) -> m.MpiGetResultResult:
    """What GetResult says, as the client hands it out."""
    with Script(said("success", CODE, **members)).client() as client:
        return client.mpi.get_result(m.MpiGetResultRequest(order_id=ORDER)).result


def test_the_result_of_a_card_payment_that_was_not_made() -> None:
    told = got(mpiMstatus="failure", cardMstatus="")
    assert told.card_mstatus is m.CardMstatus.EMPTY
    assert told.card_mstatus.is_known
    assert not told.card_mstatus
    assert told.mpi_mstatus is m.MpiMstatus.FAILURE
    assert got().card_mstatus is None


@pytest.mark.parametrize(
    ("member", "attribute", "empty"),
    [
        ("fdResult", "fd_result", m.FdResult.EMPTY),
        ("dddEci", "ddd_eci", m.MpiDddEci.EMPTY),
        ("dddCavvAlgorithm", "ddd_cavv_algorithm", m.MpiDddCavvAlgorithm.EMPTY),
        ("authCode", "auth_code", ""),
        ("reqAmount", "req_amount", None),
    ],
)
def test_an_answer(member: str, attribute: str, empty: str | None) -> None:
    told = got(**{member: ""})
    assert getattr(told, attribute) == empty
    assert type(getattr(told, attribute)) is type(empty)


def test_a_list_without_an_empty_value_keeps_it_as_an_unknown_one() -> None:
    told = got(mpiMstatus="").mpi_mstatus
    assert told is not None
    assert (told.value, told.is_known, bool(told)) == ("", False, False)


@pytest.mark.parametrize("service", RECORDS)
def test_a_notice_whose_every_field_but_the_order_number_is_empty(service: str) -> None:
    own = {name: "" for name in RECORDS[service] if name not in ("orderId", "dummy")}
    (notice,) = pushes.parse(*pushes.push({**RECORDS[service], **own}), service=service).notices
    record = notice.record
    assert isinstance(record, Model)
    wire = record.to_wire()
    known = {name for name in own if name in wire}
    assert {wire[name] for name in known} == {""}
    absent = set(own) - known
    assert absent <= {"rcvAmount", "settleAmount", "amount", "loanPrincipal", "balance"}


def test_a_notice_of_3d_secure_without_a_card_payment() -> None:
    record = one("mpi", {"cardMstatus": "", "mpiMstatus": "failure"}).record
    assert isinstance(record, m.MpiNotice)
    assert record.card_mstatus is m.CardMstatus.EMPTY
    assert record.mpi_mstatus is m.MpiMstatus.FAILURE


def test_a_result_of_3d_secure_without_a_card_payment() -> None:
    changes = {"cardMstatus": "", "reqAmount": "", "authCode": ""}
    values = parse(result_text("mpi", {**RESULTS["mpi"], **changes}), "mpi").values
    assert values.card_mstatus is m.CardMstatus.EMPTY
    assert values.fd_result is m.FdResult.EMPTY
    assert (values.req_amount, values.auth_code) == (None, "")
