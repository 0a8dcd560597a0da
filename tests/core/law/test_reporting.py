"""By when a report is published."""

from datetime import date

import pytest

from gongkai.core.law.reporting import ReportDeadlines, report_due_on


@pytest.mark.parametrize(
    ("year", "kind", "due_on"),
    [
        (2024, "government", date(2025, 3, 31)),  # art. 49
        (2024, "department", date(2025, 1, 31)),  # art. 49
        (2024, "town", date(2025, 1, 31)),  # named nowhere: a default
        (2019, "department", date(2020, 1, 31)),  # the first report under article 49
        (2018, "department", date(2019, 3, 31)),  # the 2007 text: one date for all
    ],
)
def test_a_report_is_published_by_the_date_of_its_kind_of_agency(year, kind, due_on):
    assert report_due_on(year, kind) == due_on


def test_the_dates_are_parameters():
    assert report_due_on(2024, "town", ReportDeadlines(days={"town": (1, 15)})) == date(2025, 1, 15)


def test_a_kind_without_a_date_is_refused():
    with pytest.raises(ValueError, match="school"):
        report_due_on(2024, "school")
