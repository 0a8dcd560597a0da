"""A year of work of a small district, and its report."""

from datetime import date
from decimal import Decimal

import pytest

from gongkai.base import clock, journal
from gongkai.base.permissions import CLERK, DISCLOSURE_OFFICE
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.bindings import bindings_of
from tests.district import make_staff
from tests.reporting.annual_reports.test_compile import a_return, an_application

JANUARY = date(2021, 1, 15)


def journalled(row):
    journal.record("test.made", row, by=None)
    return row


def fill_returns(agency, year, by, confirmed_by, value=0):
    """A confirmed return for every cell that takes one."""
    form = {2017: "2014", 2020: "2019", 2024: "2021"}[year]
    for binding in bindings_of(form).values():
        if binding.returns:
            journalled(a_return(agency, binding.returns, value, by, confirmed_by, year=year))


@pytest.fixture
def application(bureau):
    return journalled(an_application(bureau, date(2020, 3, 2), date(2020, 3, 20)))


@pytest.fixture
def report(government, bureau, application, office_clerk, approver):
    """The government's report of 2020, with nothing wrong in it."""
    fill_returns(government, 2020, office_clerk, approver)
    with clock.frozen(JANUARY):
        report = actions.open_report(government, year=2020, by=office_clerk)
        actions.write_section(report, key="一", text="收到申请{{applications.new.total}}件。", by=office_clerk)
        yield report


@pytest.fixture
def frozen_report(report, office_clerk, approver):
    actions.propose_freeze(report, by=office_clerk)
    actions.confirm_freeze(report, by=approver)
    report.refresh_from_db()
    return report


@pytest.fixture
def bureau_office(bureau):
    return make_staff("he", "何科长", bureau, CLERK, DISCLOSURE_OFFICE)


@pytest.fixture
def bureau_report(bureau, application, bureau_office, bureau_approver):
    """The bureau's own report, frozen."""
    fill_returns(bureau, 2020, bureau_office, bureau_approver, Decimal(3))
    with clock.frozen(JANUARY):
        report = actions.open_report(bureau, year=2020, by=bureau_office)
        actions.propose_freeze(report, by=bureau_office)
        actions.confirm_freeze(report, by=bureau_approver)
        report.refresh_from_db()
        yield report
