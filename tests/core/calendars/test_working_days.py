"""Working days against worked examples, against an independent package, and in years nobody has announced."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from gongkai.core.calendars import (
    CalendarMissing,
    Due,
    DueNotBefore,
    WorkCalendar,
    add_working_days,
    built_in_years,
    due_after,
    first_working_day,
    last_working_day,
    working_days_between,
)

CALENDAR = WorkCalendar.built_in()
BEFORE_THE_NOTICE_OF_2026 = WorkCalendar(
    years=frozenset(range(2008, 2026)),
    rest_weekdays=frozenset(day for day in CALENDAR.rest_weekdays if day.year < 2026),
    work_weekends=frozenset(day for day in CALENDAR.work_weekends if day.year < 2026),
)


def days_of(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


@pytest.mark.parametrize("year", range(2008, 2027))
def test_every_day_agrees_with_an_independent_package(year):
    different = [day for day in days_of(year) if CALENDAR.is_working_day(day) != chinese_calendar.is_workday(day)]
    assert different == []


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (date(2017, 1, 20), 7, date(2017, 2, 4)),  # ends on a working Saturday
        (date(2017, 1, 20), 15, date(2017, 2, 15)),
        (date(2017, 1, 20), 20, date(2017, 2, 22)),
        (date(2017, 1, 20), 40, date(2017, 3, 22)),
        (date(2018, 9, 25), 7, date(2018, 10, 9)),  # National Day
        (date(2018, 9, 25), 15, date(2018, 10, 19)),
        (date(2018, 9, 25), 20, date(2018, 10, 26)),
        (date(2018, 9, 25), 40, date(2018, 11, 23)),
        (date(2019, 5, 14), 7, date(2019, 5, 23)),  # the last day of the 2007 text
        (date(2019, 5, 14), 15, date(2019, 6, 4)),
        (date(2019, 5, 14), 20, date(2019, 6, 12)),
        (date(2019, 5, 14), 40, date(2019, 7, 10)),
        (date(2020, 1, 20), 7, date(2020, 2, 6)),  # Spring Festival, prolonged to 2 February
        (date(2020, 1, 20), 15, date(2020, 2, 18)),
        (date(2020, 1, 20), 20, date(2020, 2, 25)),
        (date(2020, 1, 20), 40, date(2020, 3, 24)),
        (date(2020, 12, 31), 7, date(2021, 1, 12)),  # over New Year
        (date(2020, 12, 31), 15, date(2021, 1, 22)),
        (date(2020, 12, 31), 20, date(2021, 1, 29)),
        (date(2020, 12, 31), 40, date(2021, 3, 3)),
        (date(2024, 2, 4), 7, date(2024, 2, 19)),  # received on a working Sunday
        (date(2024, 2, 4), 15, date(2024, 2, 29)),
        (date(2024, 2, 4), 20, date(2024, 3, 7)),
        (date(2024, 2, 4), 40, date(2024, 4, 7)),  # ends on a working Sunday
        (date(2024, 9, 29), 7, date(2024, 10, 14)),  # received on a working Sunday
        (date(2024, 9, 29), 15, date(2024, 10, 24)),
        (date(2024, 9, 29), 20, date(2024, 10, 31)),
        (date(2024, 9, 29), 40, date(2024, 11, 28)),
        (date(2025, 9, 26), 7, date(2025, 10, 13)),
        (date(2025, 9, 26), 15, date(2025, 10, 23)),
        (date(2025, 9, 26), 20, date(2025, 10, 30)),
        (date(2025, 9, 26), 40, date(2025, 11, 27)),
        (date(2026, 2, 14), 7, date(2026, 3, 3)),  # received on a working Saturday
        (date(2026, 2, 14), 15, date(2026, 3, 13)),
        (date(2026, 2, 14), 20, date(2026, 3, 20)),
        (date(2026, 2, 14), 40, date(2026, 4, 20)),
    ],
)
def test_the_nth_working_day_after_receipt_is_the_last_one(start, days, due):
    assert add_working_days(CALENDAR, start, days) == due


@pytest.mark.parametrize(
    ("year", "days"),
    [(2008, 251), (2014, 250), (2017, 249), (2020, 249), (2024, 251), (2025, 248), (2026, 248)],
)
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year, days):
    assert sum(CALENDAR.is_working_day(day) for day in days_of(year)) == days


def test_the_year_files_cover_2008_to_2026_and_name_their_notice():
    years = built_in_years()
    assert [year.year for year in years] == list(range(2008, 2027))
    assert all(year.notice == f"国务院办公厅关于{year.year}年部分节假日安排的通知" for year in years)


def test_the_year_file_of_2020_tells_of_the_prolonged_spring_festival():
    (year,) = (year for year in built_in_years() if year.year == 2020)
    assert "2月2日" in year.remark


def test_every_day_off_is_a_weekday_of_its_year_and_every_make_up_day_a_weekend():
    for year in built_in_years():
        assert all(day.year == year.year and day.weekday() < 5 for day in year.rest_weekdays)
        assert all(day.year == year.year and day.weekday() >= 5 for day in year.work_weekends)


# A year without a notice.


def test_a_day_of_an_unannounced_year_is_neither_working_nor_free():
    with pytest.raises(CalendarMissing, match="2027年") as raised:
        CALENDAR.is_working_day(date(2027, 1, 4))
    assert raised.value.year == 2027


def test_counting_into_an_unannounced_year_raises():
    with pytest.raises(CalendarMissing):
        add_working_days(CALENDAR, date(2026, 12, 30), 20)


def test_counting_that_ends_before_the_unannounced_year_does_not_raise():
    assert add_working_days(CALENDAR, date(2026, 12, 28), 3) == date(2026, 12, 31)


def test_a_deadline_in_an_unannounced_year_counts_every_weekday_and_no_weekend():
    # Three days of December 2026, then seventeen weekdays of January 2027: 1 January counts, it may yet be no holiday.
    assert due_after(CALENDAR, date(2026, 12, 28), 20) == DueNotBefore(date(2027, 1, 25), 2027)


def test_a_deadline_in_an_announced_year_is_firm():
    assert due_after(CALENDAR, date(2026, 2, 14), 20) == Due(date(2026, 3, 20))


@pytest.mark.parametrize("day", days_of(2025)[-60:])
def test_the_provisional_deadline_is_not_later_than_the_true_one_but_for_a_make_up_weekend(day):
    provisional = due_after(BEFORE_THE_NOTICE_OF_2026, day, 20)
    firm = due_after(CALENDAR, day, 20)
    if isinstance(provisional, DueNotBefore):
        makeups = [date(2026, 1, 4), date(2026, 2, 14)]
        worked = sum(day < makeup <= provisional.on for makeup in makeups)
        assert working_days_between(CALENDAR, firm.on, provisional.on) <= worked
    else:
        assert provisional == firm


def test_entering_the_notice_makes_the_year_known():
    calendar = CALENDAR.with_days(years=[2027], rest=[date(2027, 1, 1), date(2027, 2, 8)], work=[date(2027, 2, 6)])
    assert not calendar.is_working_day(date(2027, 1, 1))
    assert calendar.is_working_day(date(2027, 2, 6))
    assert calendar.is_working_day(date(2027, 1, 4))


def test_a_local_holiday_does_not_make_its_year_known():
    with pytest.raises(CalendarMissing):
        CALENDAR.with_days(rest=[date(2027, 3, 3)]).is_working_day(date(2027, 3, 4))


# Days that are entered replace what was known.


def test_a_local_holiday_is_no_working_day():
    assert not CALENDAR.with_days(rest=[date(2025, 3, 3)]).is_working_day(date(2025, 3, 3))


def test_a_make_up_day_can_be_withdrawn():
    assert not CALENDAR.with_days(rest=[date(2025, 1, 26)]).is_working_day(date(2025, 1, 26))


def test_a_day_off_can_be_made_a_working_day():
    assert CALENDAR.with_days(work=[date(2025, 10, 8)]).is_working_day(date(2025, 10, 8))


def test_joining_days_leaves_the_calendar_as_it_was():
    CALENDAR.with_days(rest=[date(2025, 3, 3)])
    assert WorkCalendar.built_in().is_working_day(date(2025, 3, 3))


def test_a_day_cannot_be_both_of_rest_and_of_work():
    with pytest.raises(ValueError, match="2025-03-03"):
        CALENDAR.with_days(rest=[date(2025, 3, 3)], work=[date(2025, 3, 3)])


# Small questions.


def test_days_between_leave_out_the_first_and_hold_the_last():
    assert working_days_between(CALENDAR, date(2025, 3, 10), date(2025, 3, 24)) == 10


def test_days_between_are_negative_backwards():
    assert working_days_between(CALENDAR, date(2025, 3, 24), date(2025, 3, 10)) == -10


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2025, 3, 10), date(2025, 3, 10), date(2025, 3, 10)),  # a Monday
        (date(2025, 10, 5), date(2025, 10, 9), date(2025, 9, 30)),  # National Day and Mid-Autumn
        (date(2025, 1, 26), date(2025, 1, 26), date(2025, 1, 26)),  # a working Sunday
    ],
)
def test_the_first_and_the_last_working_day_around_a_date(day, first, last):
    assert (first_working_day(CALENDAR, day), last_working_day(CALENDAR, day)) == (first, last)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="负数"):
        add_working_days(CALENDAR, date(2025, 3, 10), -1)
