"""The engine of relations: an unknown never breaks what is true, and what no value could save is broken."""

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.national_forms import FORMS
from gongkai.core.national_forms.relations import Broken, PreviousReport, cells_equal_to_gap, check_relations
from gongkai.core.national_forms.samples import sample

PEOPLE = "2014", "people_sum"
NONNEGATIVE_ITEMS = "2019", "proactive.permit.items_nonneg"
STOCK = "2021", "proactive.normative_document.stock"
CARRY = "2021", "applications.carry.total"


def verdict(form_code, relation_id, cells, previous=None):
    """What becomes of one relation: "holds", or what was found."""
    result = check_relations(FORMS[form_code], cells, previous)
    found = [*result.broken, *result.not_testable]
    return next((one for one in found if one.relation.id == relation_id), "holds")


def people(total, full_time, part_time):
    return {
        "staffing.people": total,
        "staffing.people.full_time": full_time,
        "staffing.people.part_time": part_time,
    }


# First where the engine must stay silent.


def test_a_sum_that_adds_up_holds():
    assert verdict(*PEOPLE, people(5, 2, 3)) == "holds"


def test_money_is_added_exactly():
    cells = dict(sample("licheng-2020").cells)
    cells["proactive.centralized_procurement.amount"] = Decimal("0.1") + Decimal("0.2")
    assert check_relations(FORMS["2019"], cells).broken == ()


def test_a_sum_with_a_blank_term_is_not_tested():
    found = verdict(*PEOPLE, people(5, 2, None))
    assert found.unknown_cells == ("staffing.people.part_time",)
    assert not found.holds_if_blanks_are_zero


def test_a_sum_with_a_blank_total_is_not_tested():
    found = verdict(*PEOPLE, people(None, 2, 3))
    assert found.unknown_cells == ("staffing.people",)


def test_a_cell_that_is_left_out_is_unknown():
    found = verdict(*PEOPLE, {"staffing.people": 5})
    assert found.unknown_cells == ("staffing.people.full_time", "staffing.people.part_time")


def test_the_known_terms_alone_may_make_it_hold():
    assert verdict(*PEOPLE, people(5, 5, None)).holds_if_blanks_are_zero


def test_a_blank_that_may_be_negative_leaves_the_relation_open():
    # Items last year 5, change unknown: the change may be -5 or -6, so nothing is decided.
    found = verdict(*NONNEGATIVE_ITEMS, {"proactive.permit.items_last_year": 5, "proactive.permit.change": None})
    assert found.unknown_cells == ("proactive.permit.change",)


def test_without_last_years_report_a_relation_across_years_is_not_tested():
    found = verdict(*CARRY, {"applications.carried_in.total": 4})
    assert (found.unknown_cells, found.unknown_previous) == ((), ("applications.carried_over.total",))
    assert "没有上年报告" in found.why


def test_last_years_blank_is_unknown_too():
    previous = PreviousReport("2021", {"applications.carried_over.total": None})
    found = verdict(*CARRY, {"applications.carried_in.total": 4}, previous)
    assert found.unknown_previous == ("applications.carried_over.total",)


def test_across_forms_only_exact_cells_are_compared():
    previous = PreviousReport("2019", {"proactive.normative_document.published_total": 100})
    cells = {
        "proactive.normative_document.issued": 3,
        "proactive.normative_document.repealed": 0,
        "proactive.normative_document.in_force": 8,
    }
    found = verdict(*STOCK, cells, previous)
    assert found.unknown_previous == ("proactive.normative_document.in_force",)
    assert "不可比" in found.why


def test_what_is_not_comparable_is_never_broken_however_large_the_known_side():
    previous = PreviousReport("2019", {})
    cells = {
        "proactive.normative_document.issued": 1000,
        "proactive.normative_document.repealed": 0,
        "proactive.normative_document.in_force": 8,
    }
    assert verdict(*STOCK, cells, previous).why.startswith("上年报告采用的格式")


def test_what_2019_carried_over_is_what_2021_carried_in():
    previous = PreviousReport("2019", {"applications.carried_over.total": 4})
    assert verdict(*CARRY, {"applications.carried_in.total": 4}, previous) == "holds"


def test_a_stock_carries_over_with_what_was_issued_and_repealed():
    previous = PreviousReport("2021", {"proactive.normative_document.in_force": 5})
    cells = {
        "proactive.normative_document.issued": 4,
        "proactive.normative_document.repealed": 1,
        "proactive.normative_document.in_force": 8,
    }
    assert verdict(*STOCK, cells, previous) == "holds"


# Then where it speaks.


def test_a_sum_that_does_not_add_up_is_broken_by_its_gap():
    found = verdict(*PEOPLE, people(6, 2, 3))
    assert (found.expected, found.actual, found.gap) == (5, 6, 1)


def test_known_terms_above_the_total_break_a_sum_whatever_the_blank_is():
    found = verdict(*PEOPLE, people(5, 6, None))
    assert found.gap == -1
    assert "5 < 6 + 空白" in found.explanation
    assert "至少相差1" in found.explanation


def test_a_known_left_side_above_the_right_breaks_a_le_whatever_the_blank_is():
    cells = {"responses.press_conferences": 2, "responses.press_conferences.principal": 3}
    relation = next(one for one in FORMS["2014"].relations if one.left == ("responses.press_conferences.principal",))
    assert verdict("2014", relation.id, cells).gap == 1


def test_an_equal_is_broken_where_the_known_side_exceeds_the_other():
    cells = {
        "applications.new.total": 10,
        "applications.carried_in.total": None,
        "applications.closed_total.total": 5,
        "applications.carried_over.total": 3,
    }
    assert verdict("2021", "applications.balance.total", cells).gap == -2


def test_items_below_zero_are_broken():
    found = verdict(*NONNEGATIVE_ITEMS, {"proactive.permit.items_last_year": 5, "proactive.permit.change": -6})
    assert found.gap == 1
    assert "5 + （-6）" in found.explanation


def test_a_carry_that_differs_from_last_year_is_broken_and_says_by_how_much():
    previous = PreviousReport("2019", {"applications.carried_over.total": 4})
    found = verdict(*CARRY, {"applications.carried_in.total": 3}, previous)
    assert (found.expected, found.actual, found.gap) == (4, 3, -1)
    assert found.explanation == (
        "本年“上年结转” = 上年报告“结转下年度继续办理”（二、上年结转政府信息公开申请数量 · 总计）：3 ≠ 4，相差1。"
    )


def test_a_stock_that_does_not_carry_over_shows_the_whole_sum():
    previous = PreviousReport("2021", {"proactive.normative_document.in_force": 5})
    cells = {
        "proactive.normative_document.issued": 4,
        "proactive.normative_document.repealed": 1,
        "proactive.normative_document.in_force": 9,
    }
    found = verdict(*STOCK, cells, previous)
    assert (found.expected, found.actual, found.gap) == (8, 9, 1)
    assert "9 ≠ 5 + 4 － 1 = 8，相差1" in found.explanation


def test_a_stock_may_not_grow_beyond_what_was_newly_disclosed():
    previous = PreviousReport("2019", {"proactive.normative_document.published_total": 50})
    cells = {
        "proactive.normative_document.newly_published": 2,
        "proactive.normative_document.published_total": 53,
    }
    assert verdict("2019", "proactive.normative_document.total_carry", cells, previous).gap == 1


def test_no_cell_is_equal_to_a_gap_by_being_blank():
    cells = people(6, 2, 3) | {"complaints": None, "training.meetings": 1}
    assert cells_equal_to_gap(verdict(*PEOPLE, cells), cells) == ("training.meetings",)


# Bad input.


def test_a_code_of_another_form_is_refused_and_not_taken_for_a_blank():
    with pytest.raises(ValueError, match="otherwise_closed"):
        check_relations(FORMS["2021"], {"applications.otherwise_closed.total": 3})


def test_a_float_is_refused():
    with pytest.raises(TypeError, match="float"):
        check_relations(FORMS["2014"], {"fees": 0.5, "staffing.people": 1.0})


# What must be true of any report.


@st.composite
def reports(draw, form_code):
    """A report whose totals mostly add up, so that many relations hold, with any of its cells then hidden."""
    form = FORMS[form_code]
    values = st.integers(0, 3)
    cells = {code: draw(st.integers(-3, 3) if cell.may_be_negative else values) for code, cell in form.cells.items()}
    for relation in reversed(form.relations):
        if relation.kind == "sum" and draw(st.integers(0, 9)):
            cells[relation.target] = sum(cells[term] for term in relation.terms)
    hidden = draw(st.sets(st.sampled_from(list(form.cells)), max_size=40))
    return cells, {code: None if code in hidden else value for code, value in cells.items()}


def ids(entries):
    return {entry.relation.id for entry in entries}


@pytest.mark.parametrize("form_code", FORMS)
@given(data=st.data())
def test_hiding_values_never_turns_a_true_relation_into_a_broken_one(form_code, data):
    whole, hidden = data.draw(reports(form_code))
    true = {relation.id for relation in check_relations(FORMS[form_code], whole).holding}
    assert ids(check_relations(FORMS[form_code], hidden).broken) & true == set()


@pytest.mark.parametrize("form_code", FORMS)
@given(data=st.data())
def test_the_flag_says_what_zeros_in_the_blanks_would_make_of_the_relation(form_code, data):
    form = FORMS[form_code]
    _, hidden = data.draw(reports(form_code))
    _, past = data.draw(reports(form_code))
    result = check_relations(form, hidden, PreviousReport(form_code, past))
    zeros = {code: value or 0 for code, value in hidden.items()}
    filled = check_relations(form, zeros, PreviousReport(form_code, {code: value or 0 for code, value in past.items()}))
    holding = {relation.id for relation in filled.holding}
    assert {one.relation.id: one.holds_if_blanks_are_zero for one in result.not_testable} == {
        one.relation.id: one.relation.id in holding for one in result.not_testable
    }


@pytest.mark.parametrize("form_code", FORMS)
@given(data=st.data())
def test_every_relation_is_found_once(form_code, data):
    _, hidden = data.draw(reports(form_code))
    result = check_relations(FORMS[form_code], hidden)
    found = [*(one.id for one in result.holding), *ids(result.broken), *ids(result.not_testable)]
    assert sorted(found) == sorted(relation.id for relation in FORMS[form_code].relations)


@pytest.mark.parametrize("form_code", FORMS)
@given(data=st.data())
def test_a_relation_broken_in_spite_of_blanks_is_broken_for_any_values_in_them(form_code, data):
    form = FORMS[form_code]
    _, hidden = data.draw(reports(form_code))
    broken = ids(check_relations(form, hidden).broken)
    values = st.integers(0, 1000)
    filled = {
        code: (draw_value(data, form.cells[code], values) if value is None else value) for code, value in hidden.items()
    }
    assert broken <= ids(check_relations(form, filled).broken)


def draw_value(data, cell, values):
    return data.draw(st.integers(-1000, 1000) if cell.may_be_negative else values)


SMALL = (None, 0, 1, 2)


def can_be_saved(values, domains, holds):
    """Whether some values in place of the unknown ones make a relation hold, by trying them all."""
    choices = [(value,) if value is not None else domain for value, domain in zip(values, domains, strict=True)]
    return any(holds(*choice) for choice in product(*choices))


@pytest.mark.parametrize("values", list(product(SMALL, repeat=3)))
def test_a_sum_is_broken_exactly_when_no_value_could_save_it(values):
    found = verdict(*PEOPLE, people(*values))
    counts = range(10)
    saved = can_be_saved(values, (counts, counts, counts), lambda total, full, part: total == full + part)
    assert isinstance(found, Broken) == (not saved)


@pytest.mark.parametrize("values", list(product((None, 0, 1, 2), (None, -2, -1, 0, 1))))
def test_a_number_of_items_is_below_zero_exactly_when_no_value_could_save_it(values):
    items, change = values
    found = verdict(*NONNEGATIVE_ITEMS, {"proactive.permit.items_last_year": items, "proactive.permit.change": change})
    saved = can_be_saved(values, (range(10), range(-10, 10)), lambda items, change: items + change >= 0)
    assert isinstance(found, Broken) == (not saved)


@pytest.mark.parametrize("values", list(product(SMALL, repeat=4)))
def test_a_stock_is_broken_exactly_when_no_value_could_save_it(values):
    before, issued, repealed, in_force = values
    cells = {
        "proactive.normative_document.issued": issued,
        "proactive.normative_document.repealed": repealed,
        "proactive.normative_document.in_force": in_force,
    }
    found = verdict(*STOCK, cells, PreviousReport("2021", {"proactive.normative_document.in_force": before}))
    counts = range(10)
    saved = can_be_saved(values, (counts,) * 4, lambda before, issued, repealed, now: now == before + issued - repealed)
    assert isinstance(found, Broken) == (not saved)
