"""The 20 working days of art. 26: recorded and flagged, never refused."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.base import calendar_actions, clock
from gongkai.base.calendar_actions import DayEntry
from gongkai.ledgers.records import actions, queries
from gongkai.ledgers.records.deadlines import is_late
from gongkai.ledgers.records.models import Record

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("issued_on", "due_on"),
    [
        (date(2020, 11, 2), date(2020, 11, 30)),  # four plain weeks
        (date(2020, 9, 18), date(2020, 10, 22)),  # National Day with two make-up workdays
        (date(2008, 4, 30), None),  # the day before the first regulations came into force
    ],
)
def test_the_term_is_twenty_working_days_from_the_day_of_issue(entry, bureau_clerk, issued_on, due_on):
    assert actions.register_record(replace(entry, issued_on=issued_on), by=bureau_clerk).due_on == due_on


def test_a_publication_after_the_term_is_taken_and_flagged(entry, portal_outlet, bureau_clerk):
    record = actions.register_record(replace(entry, issued_on=date(2020, 9, 18)), by=bureau_clerk)
    actions.publish_record(record, portal_outlet, on=date(2020, 10, 23), by=bureau_clerk)
    assert is_late(record, date(2020, 10, 23), date(2020, 11, 20))


@pytest.mark.parametrize(
    ("first", "today", "late"),
    [
        (date(2020, 11, 30), date(2020, 12, 31), False),  # on the last day
        (date(2020, 12, 1), date(2020, 12, 31), True),  # a day after it
        (None, date(2020, 11, 30), False),  # still waiting, on the last day
        (None, date(2020, 12, 1), True),  # still waiting, the term over
    ],
)
def test_late_is_what_came_or_waits_after_the_term(record, first, today, late):
    assert is_late(record, first, today) is late


def test_what_is_not_proactive_is_never_late(entry, bureau_clerk):
    row = replace(entry, disclosure_status="exempt", status_reason="条例第十六条")
    assert not is_late(actions.register_record(row, by=bureau_clerk), None, date(2021, 6, 1))


def test_what_becomes_proactive_is_counted_from_that_day(entry, bureau_clerk):
    row = replace(entry, issued_on=date(2020, 3, 2), disclosure_status="on_application", status_reason="过程性信息")
    record = actions.register_record(row, by=bureau_clerk)
    actions.change_status(record, status="proactive", by=bureau_clerk, reason="年度评估后公开")
    assert (record.due_counts_from, record.due_on) == (date(2020, 11, 20), date(2020, 12, 18))


def test_moving_the_issue_date_moves_the_term(record, bureau_clerk):
    actions.change_record(record, by=bureau_clerk, issued_on=date(2020, 9, 18))
    assert record.due_on == date(2020, 10, 22)


def test_published_late_and_overdue_are_conditions_too(entry, portal_outlet, bureau_clerk):
    late, waiting = actions.register_records(
        [replace(entry, issued_on=date(2020, 9, 18)), replace(entry, issued_on=date(2020, 9, 1))], by=bureau_clerk
    )
    actions.publish_record(late, portal_outlet, on=date(2020, 10, 23), by=bureau_clerk)
    dated = queries.with_first_publication(Record.objects.all())
    assert [*dated.filter(queries.published_late())] == [late]
    assert [*Record.objects.filter(queries.overdue_on(date(2020, 11, 20)))] == [waiting]


def test_a_term_that_reaches_into_an_unannounced_year_is_provisional_until_the_notice_comes(
    entry, government, office_clerk, bureau_clerk
):
    with clock.frozen(date(2028, 12, 20)):
        record = actions.register_record(replace(entry, issued_on=date(2028, 12, 18)), by=bureau_clerk)
        assert (record.due_on, record.due_is_provisional) == (date(2029, 1, 15), True)
        for year, day in ((2028, date(2028, 10, 2)), (2029, date(2029, 1, 1))):
            _, moved = calendar_actions.enter_notice(
                by=office_clerk,
                year=year,
                number=f"国办发明电〔{year - 1}〕99号",
                title=f"{year}年部分节假日安排",
                issued_on=date(2028, 11, 1),
                days=[DayEntry(day, "rest")],
                whole_year=True,
            )
    record.refresh_from_db()
    assert (record.due_on, record.due_is_provisional) == (date(2029, 1, 16), False)
    assert [(case.title, case.before, case.after) for case in moved] == [
        (record.index_number, "2029-01-15", "2029-01-16")
    ]
