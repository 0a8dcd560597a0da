"""Two people at once, with real threads on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.applications import actions
from gongkai.ledgers.applications.models import Application

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    """Run the acts in threads of their own, started together; what each returned or was refused with."""
    barrier = Barrier(len(acts))

    def run(act):
        try:
            with clock.frozen(date(2020, 11, 20)):
                barrier.wait()
                return act()
        except RuleBroken as broken:
            return str(broken)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_of_two_clerks_closing_at_once_one_changes_and_one_is_refused(application, bureau_clerk):
    def close(outcome):
        row, clerk = Application.objects.get(pk=application.pk), Staff.objects.get(pk=bureau_clerk.pk)
        return actions.close_application(row, by=clerk, on=date(2020, 11, 18), outcome=outcome)

    results = at_once(lambda: close("granted"), lambda: close("partly_granted"))
    assert results.count(None) == 1
    assert sum("办结" in result for result in results if result) == 1
    assert JournalLine.objects.filter(verb="application.closed").count() == 1
    assert journal.verify()[1] is None


def test_of_two_leaders_extending_at_once_one_extends(application, bureau_approver):
    def extend():
        row, leader = Application.objects.get(pk=application.pk), Staff.objects.get(pk=bureau_approver.pk)
        return actions.extend_reply(row, by=leader, on=date(2020, 11, 20), reason="需检索纸质档案")

    results = at_once(extend, extend)
    assert results.count(None) == 1
    assert Application.objects.get().version == 2


def test_closing_and_extending_at_once_leave_one_of_the_two(application, bureau_clerk, bureau_approver):
    def close():
        row, clerk = Application.objects.get(pk=application.pk), Staff.objects.get(pk=bureau_clerk.pk)
        return actions.close_application(row, by=clerk, on=date(2020, 11, 18), outcome="granted")

    def extend():
        row, leader = Application.objects.get(pk=application.pk), Staff.objects.get(pk=bureau_approver.pk)
        return actions.extend_reply(row, by=leader, on=date(2020, 11, 20), reason="需检索纸质档案")

    results = at_once(close, extend)
    assert results.count(None) == 1
    assert journal.verify()[1] is None


def test_numbers_are_unique_under_eight_writers(bureau, bureau_clerk, entry):
    def register():
        agency, clerk = Agency.objects.get(pk=bureau.pk), Staff.objects.get(pk=bureau_clerk.pk)
        return [actions.register_application(agency, by=clerk, **entry).number for _ in range(5)]

    results = at_once(*[register] * 8)
    numbers = [number for result in results for number in result]
    assert sorted(numbers, key=lambda number: int(number.split("〕")[1].removesuffix("号"))) == [
        f"示教公开申〔2020〕{number}号" for number in range(1, 41)
    ]
    assert journal.verify()[1] is None
