"""Two people at the same button: one change and one refusal, with real threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import APPROVER
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.frozen import verify_frozen
from gongkai.reporting.annual_reports.models import AnnualReport, FrozenCell
from tests.district import make_staff
from tests.reporting.annual_reports.conftest import fill_returns

JANUARY = date(2021, 1, 15)


def at_once(*calls):
    """Run the calls in threads of their own, started together; each result is None or the refusal."""
    barrier = Barrier(len(calls))

    def run(call):
        try:
            with clock.frozen(JANUARY):
                barrier.wait()
                call()
        except RuleBroken as broken:
            return str(broken)
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def proposed(transactional_db, government, office_clerk, approver):
    fill_returns(government, 2020, office_clerk, approver)
    with clock.frozen(JANUARY):
        report = actions.open_report(government, year=2020, by=office_clerk)
        actions.propose_freeze(report, by=office_clerk)
    return report


@pytest.mark.postgres
def test_two_approvers_freeze_a_report_once(proposed, government, approver):
    second = make_staff("hu", "胡主任", government, APPROVER)
    refusals = at_once(
        lambda: actions.confirm_freeze(AnnualReport.objects.get(pk=proposed.pk), by=approver),
        lambda: actions.confirm_freeze(AnnualReport.objects.get(pk=proposed.pk), by=second),
    )
    assert sorted(refusal is None for refusal in refusals) == [False, True]
    assert "这份年度报告已经定稿。" in refusals
    proposed.refresh_from_db()
    assert FrozenCell.objects.filter(report=proposed).count() == 198
    assert verify_frozen(proposed) == ""


@pytest.mark.postgres
def test_two_clerks_open_the_report_of_a_year_once(transactional_db, government, office_clerk):
    refusals = at_once(
        lambda: actions.open_report(government, year=2020, by=office_clerk),
        lambda: actions.open_report(government, year=2020, by=office_clerk),
    )
    assert sorted(refusal is None for refusal in refusals) == [False, True]
    assert AnnualReport.objects.count() == 1


@pytest.mark.postgres
def test_a_section_is_not_written_while_the_report_is_being_frozen(proposed, government, office_clerk, approver):
    refusals = at_once(
        lambda: actions.confirm_freeze(AnnualReport.objects.get(pk=proposed.pk), by=approver),
        lambda: actions.write_section(
            AnnualReport.objects.get(pk=proposed.pk), key="一", text="新的一段", by=office_clerk
        ),
    )
    assert refusals[0] is None
    assert refusals[1] is not None
    proposed.refresh_from_db()
    assert verify_frozen(proposed) == ""
