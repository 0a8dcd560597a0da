"""The navigation lists what the user may open, with how much waits behind it, at the price of a query or two."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client, RequestFactory

from gongkai.base import clock, journal
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.returns import actions as returns
from gongkai.site.navigation import DESK, desk_navigation, portal_navigation
from gongkai.site.waiting import Waiting, waiting_for
from tests.district import make_staff

TODAY = date(2020, 11, 20)


@pytest.fixture(autouse=True)
def _frozen_clock():
    with clock.frozen(TODAY):
        yield


def request_of(user, path="/desk/"):
    """A request as it reaches a page: its user was read anew, and with the roles the head of the journal."""
    request = RequestFactory().get(path)
    request.user = Staff.objects.get(pk=user.pk)
    request.user.roles_at(user.agency_id)
    return request


def counts_of(user):
    """Counts by title, those that are shown."""
    groups = desk_navigation(request_of(user))
    return {item["title"]: item["count"] for group in groups for item in group["items"] if item["count"]}


def titles_of(user):
    return [item["title"] for group in desk_navigation(request_of(user)) for item in group["items"]]


@pytest.fixture
def overdue(bureau, bureau_clerk):
    """Received on 2020-10-20, due on 2020-11-17."""
    return applications.register_application(
        bureau,
        by=bureau_clerk,
        received_on=date(2020, 10, 20),
        channel="online",
        applicant_kind="natural_person",
        applicants=["申请人甲"],
        description="滨水片区房屋征收补偿方案",
    )


@pytest.fixture
def filed(bureau, bureau_clerk):
    filing = returns.Filing(
        agency=bureau,
        indicator="open_data.permits.rulings",
        period_from=date(2020, 1, 1),
        period_to=date(2020, 9, 30),
        value=Decimal(2155),
        evidence_note="审批系统导出",
    )
    return returns.file_return(filing, by=bureau_clerk)


def test_what_is_due_is_counted(overdue, office_clerk):
    assert counts_of(office_clerk) == {"今天": 1, "依申请公开": 1}


def test_what_waits_for_confirmation_is_counted_for_who_confirms(overdue, filed, bureau_approver):
    assert counts_of(bureau_approver) == {"今天": 2, "依申请公开": 1, "填报": 1}


def test_what_one_filed_oneself_waits_for_another(filed, bureau_clerk):
    assert counts_of(bureau_clerk) == {}


def test_what_is_closed_is_counted_no_more(overdue, bureau_clerk, office_clerk):
    assert counts_of(office_clerk)["依申请公开"] == 1
    applications.close_application(overdue, by=bureau_clerk, on=date(2020, 11, 19), outcome="granted")
    assert counts_of(office_clerk) == {}


def test_another_agency_counts_nothing_here(overdue, town):
    assert counts_of(make_staff("zhen", "镇科员", town, "clerk")) == {}


def test_an_administrator_is_offered_no_ledger(administrator):
    offered = titles_of(administrator)
    assert "单位与人员" in offered
    for title in ("政府信息目录", "规范性文件", "依申请公开", "复议与诉讼", "年度报告", "年报报送", "填报"):
        assert title not in offered


def test_a_clerk_is_offered_every_ledger(office_clerk):
    offered = titles_of(office_clerk)
    for _, entries in DESK:
        for entry in entries:
            assert entry.title in offered, entry.title


def test_the_page_at_hand_is_marked(office_clerk):
    groups = desk_navigation(request_of(office_clerk, "/desk/applications/3/"))
    assert [item["title"] for group in groups for item in group["items"] if item["current"]] == ["依申请公开"]


def test_the_counts_are_taken_once_a_request(overdue, office_clerk, django_assert_num_queries):
    request = request_of(office_clerk)
    assert isinstance(waiting_for(request), Waiting)
    with django_assert_num_queries(0):
        waiting_for(request)


def test_the_counts_cost_nothing_while_the_journal_has_no_new_line(overdue, office_clerk, django_assert_num_queries):
    waiting_for(request_of(office_clerk))
    request = request_of(office_clerk)
    with django_assert_num_queries(0):
        assert waiting_for(request).overdue == 1


def test_they_are_taken_anew_after_any_change(overdue, office_clerk, django_assert_num_queries):
    waiting_for(request_of(office_clerk))
    journal.record_event("test.something", by=None)
    request = request_of(office_clerk)
    with django_assert_num_queries(3):
        assert waiting_for(request).overdue == 1


@pytest.mark.parametrize(
    "address",
    ["records", "normative", "applications", "remedies", "returns", "reports", "agencies", "agencies/staff", "journal"],
)
def test_a_list_of_the_desk_costs_few_queries(
    client: Client, overdue, filed, office_clerk, address, django_assert_max_num_queries
):
    client.force_login(office_clerk)
    client.get(f"/desk/{address}/")
    with django_assert_max_num_queries(10):
        assert client.get(f"/desk/{address}/").status_code == 200


def test_the_portal_offers_the_statutory_entries(db):
    titles = [f"{item['lead']}{item['title']}" for item in portal_navigation(RequestFactory().get("/guide/"))]
    assert titles == [
        "首页",
        "政府信息公开指南",
        "政府信息公开制度",
        "法定主动公开内容",
        "政府信息公开年报",
        "依申请公开",
    ]
