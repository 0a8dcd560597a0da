"""The filters that indicators are made of, and what is due."""

from datetime import date

import pytest

from gongkai.base import calendars, clock
from gongkai.ledgers.applications import actions, queries
from gongkai.ledgers.applications.models import Application

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)


@pytest.fixture
def life(bureau, bureau_clerk, entry):
    """An application received on a day and, given a second day, closed on it."""

    def live(received_on, closed_on=None):
        application = actions.register_application(bureau, by=bureau_clerk, **{**entry, "received_on": received_on})
        if closed_on:
            actions.close_application(application, by=bureau_clerk, on=closed_on, outcome="granted")
        return application

    with clock.frozen(date(2021, 3, 1)):
        yield live


@pytest.mark.parametrize(
    ("received_on", "closed_on", "new", "carried_in", "closed", "carried_over"),
    [
        (date(2020, 1, 1), date(2020, 12, 31), True, False, True, False),  # both ends of the year belong to it
        (date(2019, 12, 31), date(2020, 1, 1), False, True, True, False),  # open on 1 January, closed on it
        (date(2019, 12, 30), date(2019, 12, 31), False, False, False, False),  # closed on the last day before
        (date(2020, 12, 31), None, True, False, False, True),  # received on the last day
        (date(2020, 12, 1), date(2021, 1, 1), True, False, False, True),  # closed on the first day after
        (date(2019, 6, 3), None, False, True, False, True),  # open all year
        (date(2021, 1, 1), None, False, False, False, False),  # of the next year
    ],
)
def test_table_three_counts_a_life(life, received_on, closed_on, new, carried_in, closed, carried_over):
    life(received_on, closed_on)
    counted = [
        Application.objects.filter(condition).exists()
        for condition in (
            queries.received_in(FIRST, LAST),
            queries.open_at_start_of(FIRST),
            queries.closed_in(FIRST, LAST),
            queries.open_at_end_of(LAST),
        )
    ]
    assert counted == [new, carried_in, closed, carried_over]


def test_late_and_timely_are_told_apart(life):
    timely, late = life(date(2020, 11, 2), date(2020, 11, 30)), life(date(2020, 11, 2), date(2020, 12, 1))
    assert list(Application.objects.filter(queries.closed_in_time())) == [timely]
    assert list(Application.objects.filter(queries.closed_late())) == [late]


@pytest.mark.parametrize(
    ("today", "overdue", "soon"),
    [
        (date(2020, 11, 24), False, False),  # four working days before the limit of 30 November
        (date(2020, 11, 25), False, True),  # three
        (date(2020, 11, 30), False, True),  # the day itself
        (date(2020, 12, 1), True, False),
    ],
)
def test_what_is_due_soon_and_what_is_overdue(application, today, overdue, soon):
    waiting = queries.waiting(Application.objects.all(), today, calendars.work_calendar())
    assert (waiting.open, waiting.overdue, waiting.due_soon) == (1, int(overdue), int(soon))


def test_a_provisional_limit_is_warned_of_two_days_earlier(life):
    with clock.frozen(date(2026, 12, 31)):
        application = life(date(2026, 12, 31))
    calendar = calendars.work_calendar()
    assert application.due_on == date(2027, 1, 28)
    assert not Application.objects.filter(queries.due_soon_on(date(2027, 1, 20), calendar)).exists()
    assert Application.objects.filter(queries.due_soon_on(date(2027, 1, 21), calendar)).exists()


def test_an_administrator_sees_no_row(application, administrator):
    assert not queries.visible_to(administrator).exists()
    assert not queries.applicants_visible_to(administrator).exists()


def test_a_clerk_sees_the_own_agency_and_the_office_above_sees_all(application, bureau_clerk, office_clerk, town):
    assert list(queries.visible_to(bureau_clerk)) == [application]
    assert list(queries.visible_to(office_clerk)) == [application]
