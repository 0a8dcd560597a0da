"""The reply clock: the worked examples of pauses, restarts and extensions, and the two texts of the regulations."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.calendars import CalendarMissing, Due, DueNotBefore, WorkCalendar, add_working_days
from gongkai.core.law.deadlines import (
    LAW_2007,
    LAW_2019,
    Pause,
    ReplyClock,
    law_for,
    publication_due_on,
    reply_due,
)

CALENDAR = WorkCalendar.built_in()


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (date(2020, 11, 2), date(2020, 11, 30)),  # four plain weeks
        (date(2020, 9, 18), date(2020, 10, 22)),  # National Day, with two make-up workdays
        (date(2020, 1, 20), date(2020, 2, 25)),  # Spring Festival, prolonged by the epidemic notice
        (date(2024, 2, 4), date(2024, 3, 7)),  # received on a working Sunday
    ],
)
def test_a_reply_is_due_on_the_twentieth_working_day(received_on, due_on):
    assert ReplyClock(received_on).due_on(CALENDAR) == due_on


def test_an_extension_adds_working_days_to_the_same_count():
    assert ReplyClock(date(2026, 2, 14), extension_days=20).due_on(CALENDAR) == date(2026, 4, 20)


def test_a_case_received_under_the_2007_text_keeps_its_clock_of_fifteen_days():
    assert ReplyClock(date(2019, 5, 14)).due_on(CALENDAR) == date(2019, 6, 4)


def test_an_extension_under_the_2007_text_is_fifteen_days():
    assert ReplyClock(date(2019, 5, 14), extension_days=15).due_on(CALENDAR) == date(2019, 6, 26)


@pytest.mark.parametrize(("received_on", "law"), [(date(2019, 5, 14), LAW_2007), (date(2019, 5, 15), LAW_2019)])
def test_the_clock_is_that_of_the_text_in_force_on_the_day_of_receipt(received_on, law):
    assert law_for(received_on) is law


def test_a_clock_can_be_told_its_law():
    assert ReplyClock(date(2019, 5, 14), law=LAW_2019).due_on(CALENDAR) == date(2019, 6, 12)


@pytest.mark.parametrize(
    ("received_on", "days", "most"),
    [(date(2025, 3, 3), 21, 20), (date(2018, 3, 5), 16, 15), (date(2025, 3, 3), -1, 20)],
)
def test_an_extension_beyond_the_law_is_refused(received_on, days, most):
    with pytest.raises(ValueError, match=f"不得超过{most}个工作日"):
        ReplyClock(received_on, extension_days=days)


def test_asking_a_third_party_stops_the_clock():
    # Ten working days in (10 March, 24 March]; 4 April is a holiday.
    clock = ReplyClock(date(2025, 3, 3), pauses=(Pause(date(2025, 3, 10), date(2025, 3, 24)),))
    assert ReplyClock(date(2025, 3, 3)).due_on(CALENDAR) == date(2025, 3, 31)
    assert clock.due_on(CALENDAR) == date(2025, 4, 15)


def test_overlapping_pauses_count_once():
    whole = ReplyClock(date(2025, 3, 3), pauses=(Pause(date(2025, 3, 10), date(2025, 3, 24)),))
    parts = ReplyClock(
        date(2025, 3, 3),
        pauses=(Pause(date(2025, 3, 10), date(2025, 3, 20)), Pause(date(2025, 3, 12), date(2025, 3, 24))),
    )
    assert parts.due_on(CALENDAR) == whole.due_on(CALENDAR)


def test_the_day_the_letter_goes_out_still_counts():
    same_day = ReplyClock(date(2025, 3, 3), pauses=(Pause(date(2025, 3, 10), date(2025, 3, 10)),))
    assert same_day.due_on(CALENDAR) == date(2025, 3, 31)


def test_a_pause_that_ends_before_it_begins_is_refused():
    with pytest.raises(ValueError, match="早于开始日期"):
        Pause(date(2025, 3, 24), date(2025, 3, 10))


def test_a_supplemented_application_starts_the_clock_anew():
    # Received 2025-01-20, the notice to supplement leaves within 7 working days, the supplement comes on 17 February.
    assert add_working_days(CALENDAR, date(2025, 1, 20), 7) == date(2025, 2, 5)
    assert ReplyClock(date(2025, 2, 17)).due_on(CALENDAR) == date(2025, 3, 17)
    assert ReplyClock(date(2025, 2, 17), extension_days=20).due_on(CALENDAR) == date(2025, 4, 15)


def test_a_fee_is_paid_within_twenty_working_days_and_the_clock_starts_anew_when_it_is():
    assert add_working_days(CALENDAR, date(2024, 10, 14), 20) == date(2024, 11, 11)
    assert ReplyClock(date(2024, 10, 21)).due_on(CALENDAR) == date(2024, 11, 18)


def test_a_deadline_in_an_unannounced_year_raises():
    with pytest.raises(CalendarMissing) as raised:
        ReplyClock(date(2026, 12, 28)).due_on(CALENDAR)
    assert raised.value.year == 2027


def test_reply_due_makes_it_provisional_instead():
    assert reply_due(ReplyClock(date(2026, 12, 28)), CALENDAR) == DueNotBefore(date(2027, 1, 25), 2027)


def test_reply_due_is_firm_in_an_announced_year():
    assert reply_due(ReplyClock(date(2020, 11, 2)), CALENDAR) == Due(date(2020, 11, 30))


def test_information_is_disclosed_within_twenty_working_days():
    assert publication_due_on(date(2025, 9, 26), CALENDAR) == date(2025, 10, 30)


@given(
    received_on=st.dates(date(2019, 6, 1), date(2025, 6, 30)),
    start=st.integers(-10, 30),
    length=st.integers(0, 30),
    extension=st.integers(0, 20),
)
def test_a_pause_moves_the_deadline_by_the_working_days_in_it_and_never_forward(received_on, start, length, extension):
    from_on = received_on + timedelta(days=start)
    pause = Pause(from_on, from_on + timedelta(days=length))
    plain = ReplyClock(received_on, extension)
    paused = ReplyClock(received_on, extension, (pause,)).due_on(CALENDAR)
    counted = [
        received_on + timedelta(days=n)
        for n in range(1, (paused - received_on).days + 1)
        if CALENDAR.is_working_day(received_on + timedelta(days=n))
        and not pause.from_on < received_on + timedelta(days=n) <= pause.to_on
    ]
    assert len(counted) == 20 + extension
    assert paused == counted[-1]
    assert paused >= plain.due_on(CALENDAR)
