"""Extension, and computing limits anew when the calendar changes."""

from datetime import date

import pytest

from gongkai.base import calendar_actions, clock, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.applications import actions
from gongkai.ledgers.applications.models import Application

pytestmark = pytest.mark.django_db
EXTEND = {"on": date(2020, 11, 20), "reason": "需检索纸质档案"}


def test_an_extension_adds_twenty_working_days(application, bureau_approver):
    actions.extend_reply(application, by=bureau_approver, **EXTEND)
    assert (application.extension_days, application.due_on) == (20, date(2020, 12, 28))


def test_an_extension_may_be_shorter(application, bureau_approver):
    actions.extend_reply(application, by=bureau_approver, **EXTEND, days=5)
    assert application.due_on == date(2020, 12, 7)


def test_under_the_text_of_2007_an_extension_is_of_fifteen_days(bureau, bureau_clerk, bureau_approver, entry):
    application = actions.register_application(bureau, by=bureau_clerk, **{**entry, "received_on": date(2019, 5, 14)})
    actions.extend_reply(application, by=bureau_approver, on=date(2019, 6, 4), reason="需检索纸质档案")
    assert (application.extension_days, application.due_on) == (15, date(2019, 6, 26))


@pytest.mark.parametrize("days", [0, 21])
def test_an_extension_keeps_the_bounds_of_the_law(application, bureau_approver, days):
    with pytest.raises(RuleBroken, match="1 至 20 个工作日"):
        actions.extend_reply(application, by=bureau_approver, **EXTEND, days=days)


def test_a_reply_can_be_extended_only_once(application, bureau_approver):
    actions.extend_reply(application, by=bureau_approver, **EXTEND)
    with pytest.raises(RuleBroken, match="延长过一次"):
        actions.extend_reply(application, by=bureau_approver, **EXTEND)


def test_a_page_that_is_behind_extends_nothing(application, bureau_approver):
    behind = Application.objects.get(pk=application.pk)
    actions.extend_reply(application, by=bureau_approver, **EXTEND, days=5)
    with pytest.raises(RuleBroken, match="刷新页面"):
        actions.extend_reply(behind, by=bureau_approver, **EXTEND)


def test_an_extension_granted_too_late_is_recorded_and_moves_nothing(application, bureau_approver):
    with clock.frozen(date(2020, 12, 1)):
        actions.extend_reply(application, by=bureau_approver, on=date(2020, 12, 1), reason="需检索纸质档案")
    assert (application.extended_on, application.due_on) == (date(2020, 12, 1), date(2020, 11, 30))


def test_on_the_last_day_of_the_first_limit_an_extension_is_in_time(application, bureau_approver):
    with clock.frozen(date(2020, 11, 30)):
        actions.extend_reply(application, by=bureau_approver, on=date(2020, 11, 30), reason="需检索纸质档案")
    assert application.due_on == date(2020, 12, 28)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"on": date(2020, 11, 1)}, "早于收到日期"),
        ({"on": date(2020, 11, 21)}, "还没有到"),
        ({"reason": ""}, "要写明理由"),
    ],
)
def test_an_extension_that_cannot_be_is_refused(application, bureau_approver, change, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.extend_reply(application, by=bureau_approver, **{**EXTEND, **change})
    application.refresh_from_db()
    assert application.extended_on is None


def test_a_closed_application_is_not_extended(application, bureau_clerk, bureau_approver):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    with pytest.raises(RuleBroken, match="不能再延长"):
        actions.extend_reply(application, by=bureau_approver, **EXTEND)


def test_a_clerk_alone_extends_nothing(application, bureau_clerk):
    with pytest.raises(NotAllowed, match="审批、公开工作机构"):
        actions.extend_reply(application, by=bureau_clerk, **EXTEND)


def test_the_disclosure_office_extends(application, office_clerk):
    actions.extend_reply(application, by=office_clerk, **EXTEND)
    assert application.extended_on == date(2020, 11, 20)


# ---- the calendar changes


def rest(office_clerk, day, agency_id=None):
    """A notice gives everybody, or one agency, the day off; returns what moved."""
    _, moved = calendar_actions.enter_notice(
        by=office_clerk,
        year=day.year,
        number="示例〔2020〕1号",
        title="临时放假",
        issued_on=date(2020, 11, 10),
        days=[calendar_actions.DayEntry(day, "rest")],
        whole_year=False,
        agency_id=agency_id,
    )
    return moved


def test_open_limits_move_with_the_calendar_and_are_listed(application, office_clerk):
    (moved,) = rest(office_clerk, date(2020, 11, 24))
    assert (moved.title, moved.url) == (application.number, f"/desk/applications/{application.pk}/")
    assert (moved.before, moved.after) == ("2020-11-30", "2020-12-01")
    application.refresh_from_db()
    assert application.due_on == date(2020, 12, 1)
    line = JournalLine.objects.get(verb="application.due_recomputed")
    assert (line.by, line.reason) == (office_clerk, "临时放假（示例〔2020〕1号）")
    assert journal.verify()[1] is None


def test_what_did_not_move_is_not_journalled(application):
    assert actions.recompute_due_dates() == []
    assert not JournalLine.objects.filter(verb="application.due_recomputed").exists()


def test_a_closed_application_keeps_the_limit_it_had(application, bureau_clerk, office_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    assert rest(office_clerk, date(2020, 11, 17)) == []


def test_a_local_holiday_moves_only_its_agency(application, town, office_clerk, entry):
    other = actions.register_application(town, by=office_clerk, **entry)
    assert [moved.title for moved in rest(office_clerk, date(2020, 11, 24), town.pk)] == [other.number]


def test_a_provisional_limit_becomes_firm_with_the_notice(bureau, bureau_clerk, entry, office_clerk):
    with clock.frozen(date(2026, 12, 31)):
        application = actions.register_application(
            bureau, by=bureau_clerk, **{**entry, "received_on": date(2026, 12, 31)}
        )
        _, (moved,) = calendar_actions.enter_notice(
            by=office_clerk,
            year=2027,
            number="示例〔2026〕9号",
            title="2027年部分节假日安排",
            issued_on=date(2026, 12, 20),
            days=[calendar_actions.DayEntry(date(2027, 1, 1), "rest")],
            whole_year=True,
        )
    application.refresh_from_db()
    assert (moved.before, moved.after) == ("2027-01-28（暂定）", "2027-01-29")
    assert not application.due_is_provisional


def test_an_extension_is_counted_again(application, bureau_approver, office_clerk):
    actions.extend_reply(application, by=bureau_approver, **EXTEND, days=5)
    rest(office_clerk, date(2020, 12, 2))
    application.refresh_from_db()
    assert application.due_on == date(2020, 12, 8)
