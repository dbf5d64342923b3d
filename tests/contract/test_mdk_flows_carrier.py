"""Chapter 2-9 of the guide, carriers, through the real client and the mock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from kessai_mdk import models as m

from tests.support.contract_mdk_flow import Flow
from tests.unit.mock.mdk.customers import URLS

MONTH = 31


@pytest.fixture
def flow() -> Iterator[Flow]:
    """One shop for one flow."""
    made = Flow()
    yield made
    made.close()


DOCOMO = {"serviceOptionType": "docomo"}
CARRIER = {**DOCOMO, **URLS, "amount": "980", "terminalKind": "0", "itemType": "0"}


def applied(flow: Flow, order_id: str, **members: str) -> None:
    """2-9-1: the application, the carrier's page, PUSH and browser."""
    told = flow.call("carrier", "Authorize", order_id, **{**CARRIER, **members})
    home = flow.chooses(told.response_contents or told.redirect_url)
    assert flow.hear() == ["authorization success"]
    assert flow.returns("carrier", home, order_id) == "parameters"
    assert flow.state(order_id).status == "authorized"


@pytest.mark.parametrize("option", ["docomo", "s_bikkuri"])
def test_2_9_1_and_2_carrier_once(flow: Flow, option: str) -> None:
    whose = {"serviceOptionType": option}
    applied(flow, "once-1", accountingType="0", withCapture="false", **whose)
    flow.call("carrier", "Capture", "once-1", **whose)
    flow.call("carrier", "Cancel", "once-1", amount="80", **whose)
    assert flow.yen() == 900
    again = {**CARRIER, "accountingType": "0", **whose}
    told = flow.call("carrier", "Authorize", "once-2", **again)
    flow.chooses(told.response_contents or told.redirect_url, "cancel")
    assert flow.hear() == []  # told of a success alone


MONTHLY = {
    "accountingType": "1", "withCapture": "true", "mpFirstDate": "20260131", "mpDay": "99",
}  # fmt: skip


def test_2_9_3_carrier_month_by_month(flow: Flow) -> None:
    applied(flow, "club-1", **MONTHLY)
    flow.call("carrier", "Cancel", "club-1", cancelMonth="202602", **DOCOMO)
    flow.passes(days=2 * MONTH)
    assert flow.hear() == ["charge success"]
    flow.mock.next(operation="carrierCharge", provider="WG04")
    flow.passes(days=MONTH)
    assert flow.hear() == ["charge failure"]
    assert flow.state("club-1").charges == {"202601": "success", "202603": "failure"}
    assert flow.state("club-1").status == "authorized"
    flow.mock.act("club-1", "delete")
    assert [step.split()[0] for step in flow.hear()] == ["deletion"]
    assert (flow.state("club-1").status, flow.state("club-1").ended_by) == ("ended", "deletion")
    flow.passes(days=3 * MONTH)
    assert (flow.hear(), flow.yen()) == ([], 980)


@pytest.mark.parametrize("by", ["shop", "map"])
def test_2_9_4_carrier_ended_by_two(flow: Flow, by: str) -> None:
    """By the shop, or by a colleague in MAP, of which nobody hears."""
    applied(flow, "club-1", **MONTHLY)
    if by == "shop":
        told = flow.call("carrier", "Terminate", "club-1", terminalKind="0", force="true", **DOCOMO)
        assert told.terminate_datetime is not None
    else:
        flow.mock.act("club-1", "terminate")
    flow.passes(days=3 * MONTH)
    assert flow.hear() == []
    common = m.CommonSearchParameter(order_id="club-1")
    request = m.SearchSearchRequest(
        contain_dummy_flag=m.BooleanText.TRUE, search_parameters=m.SearchParameters(common=common)
    )
    infos = flow.mdk.search.search(request).result.order_infos
    assert infos is not None
    assert [one.last_success_txn_type for one in infos.order_info or ()] == ["Terminate"]


def test_2_9_5_carrier_ended_by_three(flow: Flow) -> None:
    applied(flow, "club-1", **MONTHLY)
    ending = {**DOCOMO, **URLS, "terminalKind": "0"}
    page = flow.call("carrier", "Terminate", "club-1", **ending).response_contents
    flow.chooses(page, "cancel")
    assert (flow.hear(), flow.state("club-1").status) == ([], "authorized")
    page = flow.call("carrier", "Terminate", "club-1", **ending).response_contents
    home = flow.chooses(page)
    assert flow.hear() == ["termination success"]
    flow.returns("carrier", home, "club-1", "Terminate")
    assert flow.state("club-1").ended_by == "termination"


def test_2_9_6_to_8_carrier_on_demand(flow: Flow) -> None:
    applied(flow, "base-1", accountingType="4")
    again = {**DOCOMO, "originalOrderId": "base-1", "amount": "500"}
    flow.call("carrier", "ReAuthorize", "use-1", withCapture="false", **again)
    flow.call("carrier", "Capture", "use-1", **DOCOMO)
    flow.call("carrier", "ReAuthorize", "use-2", withCapture="false", **again)
    flow.call("carrier", "Cancel", "use-2", **DOCOMO)
    assert flow.yen() == 500
    applied(flow, "base-2", accountingType="4")
    flow.call("carrier", "Terminate", "base-2", terminalKind="0", **DOCOMO)
    flow.hear()
    flow.passes(days=200)
    assert [step.split()[0] for step in flow.hear()] == ["deletion"]
    assert flow.state("base-1").ended_by == "deletion"
    assert flow.refused("carrier", "ReAuthorize", "use-3", **again) == "NH02"


def test_2_9_1_carrier_of_another_amount(flow: Flow) -> None:
    """UpdateAuthorize, which au alone has."""
    au = {"serviceOptionType": "au"}
    applied(flow, "once-1", accountingType="0", withCapture="false", **au)
    flow.call("carrier", "UpdateAuthorize", "once-1", amount="700", **au)
    flow.call("carrier", "Capture", "once-1", **au)
    assert flow.yen() == 700
