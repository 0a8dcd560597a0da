"""The plan of a synthetic year adds up to the table it is made from, whatever the table."""

from collections import Counter
from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.outcomes import row_of
from gongkai.site.worlds.planning import (
    plan_applications,
    plan_records,
    plan_remedies,
    result_rows,
    shared,
)

counts = st.integers(min_value=0, max_value=6)


@st.composite
def tables(draw):
    """A table three of 2021 that balances in every column."""
    cells = {}
    for kind in APPLICANT_KINDS:
        closed = 0
        for row in result_rows("2021"):
            cells[f"applications.{row}.{kind}"] = value = draw(st.sampled_from((0, 0, 0, 1, 2)))
            closed += value
        carried_over, carried_in = draw(counts), draw(st.integers(min_value=0, max_value=closed))
        cells[f"applications.carried_in.{kind}"] = carried_in
        cells[f"applications.carried_over.{kind}"] = carried_over
        cells[f"applications.new.{kind}"] = closed + carried_over - carried_in
    return cells


def planned(cells):
    return plan_applications(
        cells, form_code="2021", year=2024, outcomes={}, channels={"letter": 2}, random=Random("a world")
    )


@given(tables())
def test_planned_applications_add_up_to_the_table(cells):
    found = Counter()
    for application in planned(cells):
        kind = application.applicant_kind
        found[f"applications.{'new' if application.received_on.year == 2024 else 'carried_in'}.{kind}"] += 1
        if application.closed_on is None:
            found[f"applications.carried_over.{kind}"] += 1
        else:
            found[f"{row_of('2021', application.outcome)}.{kind}"] += 1
    assert {code: count for code, count in cells.items() if count} == dict(found)


@given(tables())
def test_planned_applications_are_closed_within_the_year_and_after_receipt(cells):
    for application in planned(cells):
        if application.closed_on is not None:
            assert application.received_on <= application.closed_on
            assert application.closed_on.year == 2024


@given(st.integers(min_value=0, max_value=5000), st.integers(min_value=1, max_value=40))
def test_a_total_is_shared_out_without_loss(total, parts):
    found = shared(total, parts, Random(parts))
    assert (len(found), sum(found), min(found) >= 0) == (parts, total, True)


def test_planned_records_are_published_in_the_period_and_not_before_they_are_issued():
    first, last = date(2020, 1, 3), date(2020, 12, 25)
    found = plan_records(400, first=first, last=last, channels=("website",), random=Random(1))
    assert len(found) == 400
    assert all(first <= record.published_on <= last and record.issued_on <= record.published_on for record in found)


@pytest.mark.parametrize(
    ("kind", "result", "open_at_the_end"),
    [
        ("reconsideration", "upheld", False),  # decided within the year
        ("direct_suit", "pending", True),  # 尚未审结 on 31 December
    ],
)
def test_a_planned_case_is_decided_in_the_year_or_open_at_its_end(kind, result, open_at_the_end):
    [case] = plan_remedies({(kind, result): 1}, year=2020, random=Random(2))
    assert (case.decided_on is None) is open_at_the_end
