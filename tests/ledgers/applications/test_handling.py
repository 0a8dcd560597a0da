"""Handlers, hand-over, and putting a registration right."""

from datetime import date

import pytest

from gongkai.base import clock, journal, open_work
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.base.permissions import CLERK
from gongkai.ledgers.applications import actions
from tests.district import make_staff

pytestmark = pytest.mark.django_db


def test_a_handler_is_named(application, bureau_clerk):
    actions.assign_handler(application, by=bureau_clerk, handler=bureau_clerk)
    application.refresh_from_db()
    assert application.handler == bureau_clerk


def test_somebody_without_a_role_there_does_not_handle_it(application, office_clerk, town):
    stranger = make_staff("wu", "吴科员", town, CLERK)
    with pytest.raises(RuleBroken, match="没有业务角色") as refusal:
        actions.assign_handler(application, by=office_clerk, handler=stranger)
    assert refusal.value.field == "handler"


def test_a_closed_application_gets_no_handler(application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    with pytest.raises(RuleBroken, match="不再指定承办人"):
        actions.assign_handler(application, by=bureau_clerk, handler=bureau_clerk)


@pytest.fixture
def successor(bureau):
    return make_staff("ding", "丁科员", bureau, CLERK)


def test_open_work_is_listed_by_its_limit(application, bureau_clerk):
    actions.assign_handler(application, by=bureau_clerk, handler=bureau_clerk)
    (item,) = [item for item in open_work.items_of(bureau_clerk) if item.ledger == "依申请公开"]
    assert (item.title, item.due) == ("示教公开申〔2020〕1号", "2020-11-30")
    assert item.content == "临河街道滨水片区房屋征收补偿方案"
    assert item.url == f"/desk/applications/{application.pk}/"


def test_open_work_changes_hands_with_one_line(application, bureau, bureau_clerk, successor, administrator, entry):
    other = actions.register_application(bureau, by=bureau_clerk, **entry, handler=bureau_clerk)
    actions.assign_handler(application, by=bureau_clerk, handler=bureau_clerk)
    actions.close_application(other, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    assert actions.hand_over(bureau_clerk, successor, by=administrator, reason="林科员调离") == 1
    application.refresh_from_db()
    other.refresh_from_db()
    assert (application.handler, other.handler) == (successor, bureau_clerk)
    assert JournalLine.objects.get(verb="application.handed_over").rows == 1
    assert journal.verify()[1] is None


def test_open_work_is_not_handed_to_somebody_without_a_role(application, bureau_clerk, administrator):
    actions.assign_handler(application, by=bureau_clerk, handler=bureau_clerk)
    with pytest.raises(RuleBroken, match="名下有 1 件在办申请，不能移交"):
        actions.hand_over(bureau_clerk, administrator, by=administrator, reason="调离")


# ---- putting right


def test_another_day_of_receipt_computes_the_clock_anew(application, bureau_clerk):
    actions.change_application(application, by=bureau_clerk, reason="邮戳日期看错", received_on=date(2020, 11, 3))
    assert (application.received_on, application.due_on) == (date(2020, 11, 3), date(2020, 12, 1))
    line = JournalLine.objects.get(verb="application.changed")
    assert (line.changed, line.reason) == (["due_on", "received_on"], "邮戳日期看错")


def test_the_number_stays_when_the_year_of_receipt_changes(application, bureau_clerk):
    actions.change_application(application, by=bureau_clerk, reason="年份看错", received_on=date(2019, 11, 4))
    assert application.number == "示教公开申〔2020〕1号"


def test_across_the_change_of_law_an_extension_keeps_what_the_older_text_allows(
    application, bureau_clerk, bureau_approver
):
    actions.extend_reply(application, by=bureau_approver, on=date(2020, 11, 20), reason="需检索纸质档案")
    actions.change_application(application, by=bureau_clerk, reason="年份看错", received_on=date(2019, 5, 6))
    assert (application.extension_days, application.due_on) == (15, date(2019, 5, 27))


def test_channel_kind_and_content_are_put_right(application, bureau_clerk):
    actions.change_application(
        application,
        by=bureau_clerk,
        reason="录入时选错",
        channel="letter",
        applicant_kind="commercial_enterprise",
        subject="",
        description="学区划分依据",
    )
    assert (application.channel, application.applicant_kind) == ("letter", "commercial_enterprise")
    assert (application.subject, application.description) == ("", "学区划分依据")


def test_a_wrong_name_is_put_right_without_naming_it_in_the_journal(application, bureau_clerk):
    actions.change_application(application, by=bureau_clerk, reason="姓名录错", applicants=["申请人丙", "申请人丁"])
    assert [party.name for party in application.applicants.order_by("pk")] == ["申请人丙", "申请人丁"]
    assert "申请人丙" not in str(list(JournalLine.objects.values()))
    assert journal.verify()[1] is None


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"channel": "letter", "reason": ""}, "要写明理由"),
        ({}, "没有改动"),
        ({"received_on": date(2020, 11, 21)}, "还没有到"),
        ({"received_on": date(2009, 6, 1)}, "尚未设立"),
        ({"channel": "telegram"}, "没有“telegram”"),
        ({"applicants": []}, "要写明申请人"),
        ({"description": ""}, "要写明所需信息"),
    ],
)
def test_a_change_that_cannot_be_is_refused(application, bureau_clerk, change, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.change_application(application, by=bureau_clerk, **{"reason": "更正", **change})
    application.refresh_from_db()
    assert application.version == 1


def test_it_was_not_received_after_it_was_closed(application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    with pytest.raises(RuleBroken, match="晚于办结日期 2020-11-18"):
        actions.change_application(application, by=bureau_clerk, reason="更正", received_on=date(2020, 11, 19))


def test_a_page_that_is_behind_changes_nothing(application, bureau_clerk):
    behind = type(application).objects.get(pk=application.pk)
    actions.change_application(application, by=bureau_clerk, reason="录入时选错", channel="letter")
    with pytest.raises(RuleBroken, match="刚被别人改动过"):
        actions.change_application(behind, by=bureau_clerk, reason="录入时选错", channel="fax")


@pytest.mark.parametrize("what", ["register", "close", "change"])
def test_an_administrator_does_nothing_here(application, bureau, administrator, entry, what):
    act = {
        "register": lambda: actions.register_application(bureau, by=administrator, **entry),
        "close": lambda: actions.close_application(
            application, by=administrator, on=date(2020, 11, 18), outcome="granted"
        ),
        "change": lambda: actions.change_application(application, by=administrator, reason="改", channel="fax"),
    }[what]
    with clock.frozen(date(2020, 11, 20)), pytest.raises(NotAllowed):
        act()
