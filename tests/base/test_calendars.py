"""Working days: program files, notices entered here, local holidays; and who is told when they change."""

from datetime import date

import pytest
from django.db import transaction

from gongkai.base import agency_port, calendar_actions, calendars, clock, journal
from gongkai.base.calendar_actions import DayEntry, read_days
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import CalendarDay, CalendarNotice
from gongkai.core.calendars import CalendarMissing, WorkCalendar
from gongkai.site.agency_port import TreePort

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _world(monkeypatch):
    monkeypatch.setattr(agency_port, "_port", TreePort())
    monkeypatch.setattr(calendars, "_cache", None)
    monkeypatch.setattr(calendars, "_callbacks", [])
    with clock.frozen(TODAY):
        yield


def enter(by, days, **fields):
    given = {
        "year": 2027,
        "number": "国办发明电〔2026〕9号",
        "title": "关于2027年部分节假日安排的通知",
        "issued_on": date(2026, 11, 4),
        "whole_year": True,
    }
    return calendar_actions.enter_notice(by=by, days=read_days(days, given["year"]), **{**given, **fields})


NEXT_YEAR = "2027-01-01 休\n1月30日 上班"


# ---- the calendar


@pytest.mark.django_db
def test_without_entries_the_calendar_is_that_of_the_program():
    assert calendars.work_calendar() == WorkCalendar.built_in()


def test_an_entered_year_is_known_with_its_days(office_clerk):
    enter(office_clerk, NEXT_YEAR)
    calendar = calendars.work_calendar()
    assert [calendar.is_working_day(date(2027, 1, day)) for day in (1, 4, 30, 31)] == [False, True, True, False]


def test_a_year_nobody_announced_still_raises(office_clerk):
    enter(office_clerk, NEXT_YEAR)
    with pytest.raises(CalendarMissing):
        calendars.work_calendar().is_working_day(date(2028, 1, 3))


def test_a_whole_year_entered_here_replaces_the_file_that_a_later_release_brings(office_clerk):
    CalendarNotice.objects.create(
        year=2026,
        number="x",
        title="x",
        issued_on=TODAY,
        whole_year=True,
        entered_by=office_clerk,
        entered_at=clock.now(),
    )
    assert calendars.work_calendar().is_working_day(date(2026, 10, 1))  # no day of 2026 was entered


def test_a_change_inside_a_year_replaces_single_days(office_clerk):
    enter(office_clerk, "2026-12-28 休", year=2026, whole_year=False)
    calendar = calendars.work_calendar()
    assert not calendar.is_working_day(date(2026, 12, 28))
    assert not calendar.is_working_day(date(2026, 10, 1))


def test_a_local_holiday_holds_for_its_agency_and_those_below(office_clerk, government, bureau, town):
    enter(office_clerk, "2026-12-28 休", year=2026, whole_year=False, agency_id=bureau.pk)
    day = date(2026, 12, 28)
    assert not calendars.calendar_of(bureau.pk).is_working_day(day)
    assert calendars.calendar_of(town.pk).is_working_day(day)
    enter(office_clerk, "2026-12-29 休", year=2026, whole_year=False, agency_id=government.pk)
    assert not calendars.calendars_of([town.pk])[town.pk].is_working_day(date(2026, 12, 29))


def test_the_nearest_agency_has_the_last_word(office_clerk, government, town):
    enter(office_clerk, "2026-12-28 休", year=2026, whole_year=False, agency_id=government.pk)
    enter(office_clerk, "2026-12-28 上班", year=2026, whole_year=False, agency_id=town.pk)
    assert calendars.calendar_of(town.pk).is_working_day(date(2026, 12, 28))


def test_a_question_costs_one_query_once_the_calendar_is_joined(office_clerk, django_assert_num_queries):
    enter(office_clerk, NEXT_YEAR)
    calendars.work_calendar()
    with django_assert_num_queries(1):
        calendars.work_calendar()


def test_days_of_a_transaction_that_was_rolled_back_are_forgotten(office_clerk):
    try:
        with transaction.atomic():
            enter(office_clerk, NEXT_YEAR)
            assert 2027 in calendars.work_calendar().years
            raise RuleBroken("停")
    except RuleBroken:
        pass
    assert 2027 not in calendars.work_calendar().years


# ---- entering


def test_a_notice_is_one_journalled_line_and_verifies(office_clerk):
    enter(office_clerk, NEXT_YEAR)
    assert journal.verify()[1] is None
    assert journal.JournalLine.objects.get(verb=calendars.ENTERED).rows == 3


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"year": 2026}, "2026 年的安排已经有了"),
        ({"number": " "}, "文号和标题"),
        ({"issued_on": date(2026, 11, 25)}, "不能晚于今天"),
    ],
)
def test_what_cannot_be_is_refused(office_clerk, fields, sentence):
    days = f"{fields.get('year', 2027)}-01-01 休"
    with pytest.raises(RuleBroken, match=sentence):
        enter(office_clerk, days, **fields)
    assert not CalendarNotice.objects.exists()


def test_a_year_is_announced_once(office_clerk):
    enter(office_clerk, NEXT_YEAR)
    with pytest.raises(RuleBroken, match="2027 年的安排已经有了"):
        enter(office_clerk, NEXT_YEAR)


def test_a_year_cannot_be_announced_for_one_agency(office_clerk, bureau):
    with pytest.raises(RuleBroken, match="只能适用全部单位"):
        enter(office_clerk, NEXT_YEAR, agency_id=bureau.pk)


def test_a_clerk_without_the_role_is_refused(bureau_clerk):
    with pytest.raises(NotAllowed):
        enter(bureau_clerk, NEXT_YEAR)


def test_the_office_of_a_bureau_enters_its_own_holidays_and_no_others(bureau, town):
    from tests.district import make_staff

    clerk = make_staff("ju", "局公开", bureau, "disclosure_office")
    enter(clerk, "2026-12-28 休", year=2026, whole_year=False, agency_id=bureau.pk)
    for agency_id in (None, town.pk):
        with pytest.raises(NotAllowed):
            enter(clerk, "2026-12-29 休", year=2026, whole_year=False, agency_id=agency_id)


def test_a_wrong_day_is_corrected_and_never_deleted(office_clerk):
    notice, _ = enter(office_clerk, NEXT_YEAR)
    calendar_actions.change_days(notice, by=office_clerk, days=[DayEntry(date(2027, 1, 30), "rest")], reason="录入有误")
    assert not calendars.work_calendar().is_working_day(date(2027, 1, 30))
    assert CalendarDay.objects.count() == 2
    assert journal.verify()[1] is None


def test_a_correction_needs_a_reason_and_a_change(office_clerk):
    notice, _ = enter(office_clerk, NEXT_YEAR)
    with pytest.raises(RuleBroken, match="为什么"):
        calendar_actions.change_days(notice, by=office_clerk, days=read_days("2027-01-01 上班", 2027), reason=" ")
    with pytest.raises(RuleBroken, match="没有改动"):
        calendar_actions.change_days(notice, by=office_clerk, days=read_days("2027-01-01 休", 2027), reason="核对")


# ---- those who reckon anew


def test_ledgers_are_asked_to_reckon_anew_and_say_what_moved(office_clerk):
    seen = []

    @calendars.on_change
    def reckon(years, *, by, reason):
        seen.append((years, calendars.work_calendar().years >= years))
        return [calendars.Moved("申请 SF001-7", "/desk/", "2027-01-04（暂定）", "2027-01-05")]

    _, moved = enter(office_clerk, NEXT_YEAR)
    assert seen == [(frozenset({2027}), True)]
    assert [case.title for case in moved] == ["申请 SF001-7"]


def test_a_ledger_that_fails_undoes_the_notice(office_clerk):
    @calendars.on_change
    def reckon(years, *, by, reason):
        raise RuleBroken("不行")

    with pytest.raises(RuleBroken, match="不行"):
        enter(office_clerk, NEXT_YEAR)
    assert not CalendarNotice.objects.exists()


# ---- pasted lists


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2027-01-01 休", [("2027-01-01", "rest")]),
        ("1月1日至3日 放假", [(f"2027-01-0{n}", "rest") for n in (1, 2, 3)]),
        ("2027年1月31日-2月2日（春节）：休", [("2027-01-31", "rest"), ("2027-02-01", "rest"), ("2027-02-02", "rest")]),
        ("2027/1/30\t上班", [("2027-01-30", "work")]),
        ("1月30日（星期六）上班", [("2027-01-30", "work")]),
        (
            "2027-01-01～2027-01-02,休\n\n1.30 班",
            [("2027-01-01", "rest"), ("2027-01-02", "rest"), ("2027-01-30", "work")],
        ),
    ],
)
def test_a_pasted_list_is_read(text, days):
    assert [(f"{entry.day}", entry.kind) for entry in read_days(text, 2027)] == days


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2027-01-01 休\n元旦放三天", "第 2 行“元旦放三天”读不懂"),
        ("2027-02-30 休", "没有这一天"),
        ("2027-01-03 至 2027-01-01 休", "颠倒"),
        ("2027-01-01 至 2027-12-31 休", "超过一个月"),
        ("2027-01-04 至 2027-01-05 上班", "一天写一行"),
        ("2027-01-01 加班费", "要写“休”或者“上班”"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        read_days(text, 2027)


def test_a_day_cannot_be_both(office_clerk):
    with pytest.raises(RuleBroken, match="既写了休息又写了上班"):
        enter(office_clerk, "2027-01-01 休\n2027-01-01 上班")


def test_a_day_of_another_year_is_refused(office_clerk):
    with pytest.raises(RuleBroken, match="2028-01-01 不在 2027 年"):
        enter(office_clerk, "2028-01-01 休")
