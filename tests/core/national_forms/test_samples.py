"""Four published reports against the relations of their forms: what is known of them by hand must come out."""

import pytest

from gongkai.core.national_forms import form_for_year
from gongkai.core.national_forms.relations import cells_equal_to_gap, check_relations
from gongkai.core.national_forms.samples import SAMPLES, sample


def of_the_year(relations):
    return [relation for relation in relations if not relation.crosses_years]


@pytest.mark.parametrize(("name", "cells"), [("licheng-2020", 198), ("wuding-2020", 198), ("shengsi-2017", 58)])
def test_a_sample_fills_every_cell_of_its_form(name, cells):
    found = sample(name)
    assert len(found.cells) == cells
    assert None not in found.cells.values()


@pytest.mark.parametrize("name", ["licheng-2020", "wuding-2020"])
def test_all_47_relations_within_the_year_hold(name):
    found = sample(name)
    result = check_relations(found.form, found.cells)
    assert len(of_the_year(result.holding)) == 47
    assert result.broken == ()
    assert [untested for untested in result.not_testable if not untested.relation.crosses_years] == []


def test_shengsi_breaks_exactly_one_relation_by_17():
    found = sample("shengsi-2017")
    result = check_relations(found.form, found.cells)
    (broken,) = result.broken
    assert (broken.relation.id, broken.expected, broken.actual, broken.gap) == (
        "proactive_le_channels",
        8278,
        8295,
        17,
    )
    assert len(result.holding) == 19


def test_the_gap_of_shengsi_is_the_number_of_normative_documents():
    found = sample("shengsi-2017")
    (broken,) = check_relations(found.form, found.cells).broken
    assert cells_equal_to_gap(broken, found.cells) == (
        "proactive.normative_documents",
        "proactive.normative_documents_issued",
    )


def test_the_explanation_shows_both_sides_and_the_gap():
    found = sample("shengsi-2017")
    (broken,) = check_relations(found.form, found.cells).broken
    assert broken.explanation == (
        "主动公开政府信息数 ≤ 各渠道公开数之和：8295 > 0 + 6563 + 0 + 390 + 1325 = 8278，相差17。"
    )


def test_hongze_leaves_the_three_rows_of_2021_blank_and_prints_the_row_of_2019():
    found = sample("hongze-2024")
    blank = [code for code, value in found.cells.items() if value is None]
    assert len(blank) == 21
    assert all(code.startswith("applications.otherwise_closed.") for code in blank)
    assert list(found.extra_cells.values()) == [0] * 7


def test_the_sums_of_hongze_over_the_blank_rows_are_not_testable_and_would_hold_with_zeros():
    found = sample("hongze-2024")
    result = check_relations(found.form, found.cells)
    untested = [one for one in result.not_testable if not one.relation.crosses_years]
    columns_and_rows = 7 + 3  # （七）总计 in seven columns, 总计 of the three rows
    assert len(untested) == columns_and_rows
    assert result.broken == ()
    assert [one.relation.id for one in untested if not one.holds_if_blanks_are_zero] == []


def test_an_unknown_sample_is_refused():
    with pytest.raises(ValueError, match="没有名为“daishan-2020”的样本"):
        sample("daishan-2020")


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_belongs_to_the_form_of_its_year(name):
    assert sample(name).form is form_for_year(sample(name).year)
