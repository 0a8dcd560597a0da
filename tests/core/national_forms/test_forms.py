"""The forms as data: every printed row, column, cell and relation is there, and nothing names what is not."""

from itertools import chain

import pytest

from gongkai.core.national_forms import FORMS, form_for_year, form_named
from gongkai.core.national_forms.loading import read_data

EVERY_FORM = pytest.mark.parametrize("code", FORMS)


@pytest.mark.parametrize(("code", "cells", "relations"), [("2014", 58, 20), ("2019", 198, 61), ("2021", 200, 53)])
def test_a_form_has_as_many_cells_and_relations_as_its_notice_prints(code, cells, relations):
    assert (len(FORMS[code].cells), len(FORMS[code].relations)) == (cells, relations)


@EVERY_FORM
def test_a_relation_names_only_cells_of_its_form(code):
    form = FORMS[code]
    named = chain.from_iterable((*relation.cells, *relation.prev) for relation in form.relations)
    assert [cell for cell in named if cell not in form.cells] == []


@EVERY_FORM
def test_relation_ids_are_unique_in_a_form(code):
    ids = [relation.id for relation in FORMS[code].relations]
    assert len(set(ids)) == len(ids)


@EVERY_FORM
def test_every_cell_is_where_a_row_and_a_column_of_its_table_meet(code):
    form = FORMS[code]
    met = [
        table.cell_code(row, column)
        for table in form.tables
        for rows, columns in table.parts()
        for row in rows
        if row.entry
        for column in columns
    ]
    assert met == list(form.cells)


@EVERY_FORM
def test_no_two_cells_of_a_form_have_the_same_label(code):
    labels = [cell.label for cell in FORMS[code].cells.values()]
    assert len(set(labels)) == len(labels)


@EVERY_FORM
def test_labels_are_those_of_the_data_letter_by_letter(code):
    def labels(entries):
        for entry in entries:
            yield entry["label"]
            yield from labels(entry.get("children", ()))

    data = read_data(f"data/{code}.json")
    blocks = [table.get("blocks") or [table] for table in data.get("tables", [])]
    printed = [label for block in chain.from_iterable(blocks) for label in labels(block["rows"])]
    printed += labels(data.get("rows", ()))
    rows = [row.label for table in FORMS[code].tables for part, _ in table.parts() for row in part]
    assert rows == printed


@pytest.mark.parametrize(
    ("code", "cell", "label"),
    [
        ("2019", "applications.granted.natural_person", "（一）予以公开 · 自然人"),
        ("2019", "applications.refused.state_secret.total", "（三）不予公开 · 1.属于国家秘密 · 总计"),
        (
            "2021",
            "applications.otherwise_closed.other.other_organization",
            "（六）其他处理 · 3.其他 · 法人或其他组织 · 其他",
        ),
        ("2021", "proactive.administrative_fee.amount", "行政事业性收费 · 本年收费金额（单位：万元）"),
        ("2021", "remedies.direct_suit.total", "行政诉讼 · 未经复议直接起诉 · 总计"),
        ("2014", "reconsideration.corrected", "四、行政复议数量 · （二）被依法纠错数"),
    ],
)
def test_a_label_is_the_path_of_printed_labels(code, cell, label):
    assert FORMS[code].cells[cell].label == label


@pytest.mark.parametrize(
    ("code", "cell", "unit", "kind"),
    [
        ("2014", "fees", "万元", "decimal"),
        ("2014", "training.trainees", "人次", "int"),
        ("2019", "proactive.permit.change", "项", "signed_int"),
        ("2019", "proactive.centralized_procurement.amount", "元", "money"),  # normalized: the form prints no unit
        ("2021", "proactive.administrative_fee.amount", "万元", "decimal"),
        ("2021", "applications.new.total", "件", "int"),
    ],
)
def test_a_cell_has_the_unit_and_kind_of_its_form(code, cell, unit, kind):
    found = FORMS[code].cells[cell]
    assert (found.unit, found.kind) == (unit, kind)


@pytest.mark.parametrize("code", ["2019", "2021"])
def test_the_totals_that_the_form_marks_are_the_targets_of_its_sums(code):
    form = FORMS[code]
    marked = {
        table.cell_code(row, column)
        for table in form.tables
        for rows, columns in table.parts()
        for row in rows
        for column in columns
        if row.entry and (row.computed or column.computed)
    }
    assert {cell.code for cell in form.cells.values() if cell.computed} == marked


@pytest.mark.parametrize(
    ("year", "code"),
    [(2014, "2014"), (2018, "2014"), (2019, "2019"), (2020, "2019"), (2021, "2021"), (2026, "2021")],
)
def test_a_year_is_reported_on_its_form(year, code):
    assert form_for_year(year) is FORMS[code]


def test_before_2014_there_is_no_national_form():
    with pytest.raises(ValueError, match="2013年没有国家统一格式"):
        form_for_year(2013)


def test_an_unknown_form_is_refused_with_the_forms_there_are():
    with pytest.raises(ValueError, match="2014、2019、2021"):
        form_named("2020")


def test_table_two_of_2019_has_the_five_items_of_article_20():
    blocks = FORMS["2019"].table("proactive").blocks
    assert [block.label[-4:] for block in blocks] == ["（一）项", "（五）项", "（六）项", "（八）项", "（九）项"]


def test_the_form_of_2014_prints_three_columns_of_which_one_holds_values():
    (table,) = FORMS["2014"].tables
    assert table.header == ("统计指标", "单位", "统计数")
    assert [column.label for column in table.columns] == ["统计数"]
