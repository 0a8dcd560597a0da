"""The layout of the national forms: which box stands where."""

from decimal import Decimal

import pytest

from gongkai.core.national_forms import FORMS, form_named
from gongkai.core.national_forms.samples import sample
from gongkai.core.writing.report_tables import (
    narrow_layout,
    official_layouts,
    page_layouts,
    printed_value,
    unknown_note,
)

LAYOUTS = [
    pytest.param(form, layouts(form), id=f"{code}-{layouts.__name__}")
    for code, form in FORMS.items()
    for layouts in (official_layouts, page_layouts)
]


def texts(row):
    return [(box.text, box.height, box.width) for box in row if box.kind != "value"]


def layout(code, number, layouts=official_layouts):
    return next(one for one in layouts(form_named(code)) if one.table.section == number)


@pytest.mark.parametrize(("form", "layouts"), LAYOUTS)
def test_every_cell_of_the_form_has_one_box(form, layouts):
    codes = [box.code for one in layouts for box in one.boxes if box.kind == "value"]
    assert sorted(codes) == sorted(form.cells)


@pytest.mark.parametrize(("form", "layouts"), LAYOUTS)
def test_the_boxes_of_a_table_fill_its_grid_without_overlapping(form, layouts):
    for one in layouts:
        covered = [
            (box.top + down, box.left + right)
            for box in one.boxes
            for down in range(box.height)
            for right in range(box.width)
        ]
        assert sorted(covered) == [(row, column) for row in range(len(one.rows)) for column in range(len(one.widths))]


@pytest.mark.parametrize(("form", "layouts"), LAYOUTS)
def test_every_printed_label_of_the_form_is_in_a_box(form, layouts):
    printed = {box.text for one in layouts for box in one.boxes} | {box.note for one in layouts for box in one.boxes}
    for table in form.tables:
        labels = {column.label for _, columns in table.parts() for column in columns if not table.header}
        labels |= {column.group for column in table.columns if column.group}
        labels |= {block.label for block in table.blocks} | {block.first_column for block in table.blocks}
        assert labels <= printed


def test_the_heads_of_table_three_stand_over_each_other_as_printed():
    corner = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    first, second, third = layout("2019", "三").head
    assert texts(first) == [(corner, 3, 3), ("申请人情况", 1, 7)]
    assert texts(second) == [("自然人", 2, 1), ("法人或其他组织", 1, 5), ("总计", 2, 1)]
    assert [text for text, _, _ in texts(third)] == ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]


@pytest.mark.parametrize(
    ("code", "results", "refused"),
    [
        ("2019", 20, 8),  # （六）其他处理 is one line
        ("2021", 22, 8),  # and three of them since 2021
    ],
)
def test_a_result_of_table_three_stands_beside_all_its_rows(code, results, refused):
    heights = {box.text: (box.height, box.left) for box in layout(code, "三").boxes if box.kind == "group"}
    assert heights["三、本年度办理结果"] == (results, 0)
    assert heights["（三）不予公开"] == (refused, 1)


def test_reconsideration_stands_over_two_rows_of_heads_and_suits_over_one():
    first, second, _ = layout("2021", "四").head
    assert texts(first) == [("行政复议", 2, 5), ("行政诉讼", 1, 10)]
    assert texts(second) == [("未经复议直接起诉", 1, 5), ("复议后起诉", 1, 5)]


@pytest.mark.parametrize(
    ("code", "cell", "width"),
    [
        ("2019", "proactive.administrative_fee.change", 2),  # two columns where others have three
        ("2021", "proactive.administrative_fee.amount", 3),
        ("2019", "proactive.permit.rulings", 1),
    ],
)
def test_the_last_column_of_a_block_of_table_two_takes_what_is_left(code, cell, width):
    [box] = [box for box in layout(code, "二").boxes if box.code == cell]
    assert box.width == width


def test_the_table_of_2014_prints_a_dash_where_no_value_belongs():
    [one] = official_layouts(form_named("2014"))
    [row] = [row for row in one.body if row[0].text == "一、主动公开情况"]
    assert [box.text for box in row] == ["一、主动公开情况", "——", "——"]


def test_a_printed_remark_belongs_to_the_label_and_a_remark_of_the_data_does_not():
    labels = [row[0].text for row in official_layouts(form_named("2014"))[0].body]
    assert "（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）" in labels
    assert "制发规范性文件总数" in labels


def test_table_four_is_turned_for_a_phone_with_one_row_for_each_group():
    narrow = narrow_layout(layout("2019", "四", page_layouts))
    assert [row[0].text for row in narrow.body] == ["行政复议", "未经复议直接起诉", "复议后起诉"]
    assert narrow.body[1][2].code == "remedies.direct_suit.corrected"


def test_only_a_table_of_one_row_is_turned():
    assert narrow_layout(layout("2019", "三", page_layouts)) is None


@pytest.mark.parametrize(
    ("cell", "value", "printed"),
    [
        ("proactive.permit.change", 87, "+87"),
        ("proactive.administrative_fee.change", -2, "-2"),
        ("proactive.permit.change", 0, "0"),
        ("proactive.permit.rulings", 62470, "62470"),
        ("proactive.centralized_procurement.amount", Decimal("35692694.56"), "35692694.56元"),
        ("proactive.permit.rulings", None, ""),  # unknown is never 0
    ],
)
def test_a_value_is_printed_as_official_reports_print_it(cell, value, printed):
    assert printed_value(form_named("2019").cells[cell], value) == printed


def test_a_value_whose_unit_stands_in_the_head_is_printed_without_it():
    cell = form_named("2021").cells["proactive.administrative_fee.amount"]
    assert printed_value(cell, Decimal("96171.6")) == "96171.6"


def test_cells_left_empty_are_named():
    licheng = sample("licheng-2020")
    values = {**licheng.cells, "proactive.permit.rulings": None}
    assert unknown_note(licheng.form, values) == (
        f"未填的数据格留空，不作零计：表二　{licheng.form.cells['proactive.permit.rulings'].label}。"
    )


def test_a_complete_report_has_no_note_of_empty_cells():
    licheng = sample("licheng-2020")
    assert unknown_note(licheng.form, licheng.cells) == ""


def test_many_empty_cells_are_counted_instead_of_listed():
    form = form_named("2019")
    assert "等198格" in unknown_note(form, {})
