"""An outcome is stored, its row is derived: every form has a place for each, and the places exist."""

import pytest

from gongkai.core.law.outcomes import OUTCOMES, outcomes_of_row, row_of
from gongkai.core.national_forms import FORMS


def result_rows(form_code):
    """The rows of a form that count outcomes, totals left out."""
    start = "applications.replied." if form_code == "2014" else "applications."
    others = ("applications.new", "applications.carried_in", "applications.carried_over", "applications.closed_total")
    rows = {cell.row_code for cell in FORMS[form_code].cells.values() if cell.row_code.startswith(start)}
    return rows - {*others, "applications.replied.refused"}


def test_there_are_26_outcomes():
    assert len(OUTCOMES) == 26


@pytest.mark.parametrize("form_code", FORMS)
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_an_outcome_fills_a_row_of_the_form_or_is_closed_without_a_reply(form_code, outcome):
    row = row_of(form_code, outcome)
    assert row in result_rows(form_code) or (form_code == "2014" and row is None)


@pytest.mark.parametrize("form_code", FORMS)
def test_every_row_of_results_has_an_outcome(form_code):
    empty = [row for row in result_rows(form_code) if not outcomes_of_row(form_code, row)]
    assert empty == []


@pytest.mark.parametrize(
    ("form_code", "outcome", "row"),
    [
        ("2019", "granted.already_public", "applications.granted"),  # 鲤城区 2020: 1 + 7 = 8
        ("2019", "unavailable.nonexistent", "applications.unavailable.not_held"),
        ("2019", "otherwise_closed.fee_unpaid", "applications.otherwise_closed"),
        ("2021", "otherwise_closed.fee_unpaid", "applications.otherwise_closed.fee_unpaid"),
        ("2014", "refused.third_party_rights.trade_secret", "applications.replied.refused.trade_secret"),
        ("2014", "not_processed.repeated", None),  # closed, not replied
    ],
)
def test_the_row_depends_on_the_form(form_code, outcome, row):
    assert row_of(form_code, outcome) == row


def test_a_row_of_2019_counts_several_outcomes():
    assert outcomes_of_row("2019", "applications.unavailable.not_held") == (
        "unavailable.nonexistent",
        "unavailable.other_agency",
    )


def test_a_heading_counts_the_outcomes_of_the_rows_below_it():
    assert len(outcomes_of_row("2021", "applications.otherwise_closed")) == 5


def test_granted_does_not_count_partly_granted():
    assert outcomes_of_row("2021", "applications.granted") == ("granted.already_public", "granted")


@pytest.mark.parametrize(
    ("form_code", "row"),
    [("2014", "applications.closed"), ("2019", "applications.closed_total"), ("2021", "applications.closed_total")],
)
def test_the_total_of_what_was_closed_counts_every_outcome(form_code, row):
    assert outcomes_of_row(form_code, row) == tuple(OUTCOMES)


def test_what_was_replied_in_2014_leaves_out_what_was_closed_without_a_reply():
    replied = outcomes_of_row("2014", "applications.replied")
    assert set(replied) == {code for code, outcome in OUTCOMES.items() if outcome.row_2014}


@pytest.mark.parametrize("row", ["applications.new", "applications.carried_over"])
def test_a_row_that_counts_no_outcome_has_none(row):
    assert outcomes_of_row("2021", row) == ()


def test_an_unknown_form_is_refused():
    with pytest.raises(ValueError, match="没有“2020”格式"):
        row_of("2020", "granted")
