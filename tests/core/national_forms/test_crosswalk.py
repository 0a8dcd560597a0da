"""What may be compared across forms is what the crosswalk says, and only that."""

import pytest

from gongkai.core.national_forms import FORMS
from gongkai.core.national_forms.crosswalk import correspondences, exact_cells


@pytest.mark.parametrize(("older", "newer"), [("2014", "2019"), ("2019", "2021"), ("2014", "2021"), ("2021", "2021")])
def test_a_correspondence_names_only_cells_of_its_forms(older, newer):
    for found in correspondences(older, newer):
        assert set(found.from_cells) <= set(FORMS[older].cells)
        assert set(found.to_cells) <= set(FORMS[newer].cells)


def test_the_remedies_of_2019_and_2021_are_the_same_cell_by_cell():
    exact = exact_cells("2019", "2021")
    remedies = [code for code in FORMS["2021"].cells if code.startswith("remedies.")]
    assert [exact[code] for code in remedies] == [(code,) for code in remedies]


def test_the_single_row_of_2019_stands_against_three_rows_of_2021_column_by_column():
    (found,) = (
        one
        for one in correspondences("2019", "2021")
        if one.from_cells == ("applications.otherwise_closed.natural_person",)
    )
    assert found.to_cells == (
        "applications.otherwise_closed.clarification_lapsed.natural_person",
        "applications.otherwise_closed.fee_unpaid.natural_person",
        "applications.otherwise_closed.other.natural_person",
    )


def test_one_cell_of_three_is_not_exactly_the_sum_of_all():
    assert "applications.otherwise_closed.other.total" not in exact_cells("2019", "2021")


def test_documents_disclosed_and_documents_in_force_are_near_and_not_exact():
    assert "proactive.normative_document.in_force" not in exact_cells("2019", "2021")


def test_2014_reaches_2021_through_2019_with_the_weaker_fit():
    found = {one.from_cells: one for one in correspondences("2014", "2021")}
    assert found[("applications.received",)].fit == "exact"
    assert found[("proactive.normative_documents_issued",)].fit == "near"  # exact to 2019, near from there


def test_what_counts_nothing_any_more_is_not_reached():
    sources = [one.from_cells for one in correspondences("2014", "2021")]
    assert ("proactive.normative_documents",) not in sources  # 本年新公开数量 has no successor in 2021


def test_the_older_form_stands_first():
    with pytest.raises(ValueError, match="晚于"):
        correspondences("2021", "2019")


def test_a_report_of_a_later_form_has_no_exact_cells():
    assert exact_cells("2021", "2019") == {}


def test_an_unknown_form_is_refused():
    with pytest.raises(ValueError, match="没有“2017”格式"):
        correspondences("2017", "2021")
