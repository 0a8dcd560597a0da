"""The .xlsx, read back by two readers: every cell where it belongs, and the sheet of plain data."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from gongkai.core.national_forms import FORMS, form_named
from gongkai.core.writing.report_tables import OFFICIAL, readable
from gongkai.core.writing.report_xlsx import WrongTableError, read_tables, report_xlsx, sheet_name, table_template


def book_of(document):
    return openpyxl.load_workbook(BytesIO(report_xlsx(document)))


def number(value):
    return None if value is None else Decimal(str(value))


def test_every_cell_of_the_form_stands_in_its_place(document):
    book = book_of(document)
    for layout in OFFICIAL[document.form.code]:
        sheet = book[sheet_name(layout)]
        for box in layout.boxes:
            found = sheet.cell(2 + box.top, 1 + box.left).value
            if box.kind == "value":
                assert number(found) == number(document.report.cells[box.code]), box.code
            else:
                assert (found or "") == box.text


def test_boxes_over_several_cells_are_merged(licheng):
    sheet = book_of(licheng)["表三"]
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A2:C4", "D2:J2", "D3:D4", "E3:I3", "A7:A26"} <= merged


def test_the_data_sheet_holds_every_cell_with_label_unit_and_source(document):
    rows = CalamineWorkbook.from_filelike(BytesIO(report_xlsx(document))).get_sheet_by_name("数据").to_python()
    assert rows[0] == ["编号", "数据格", "数值", "单位", "来源"]
    for row, (code, cell) in zip(rows[1:], document.form.cells.items(), strict=True):
        value = document.report.cells[code]
        assert row[:2] == [code, readable(document.form, cell)]
        assert row[2] == ("" if value is None else float(value))
        assert row[3:] == [cell.unit, "台账"]


def test_an_unknown_cell_is_empty_and_named(with_an_unknown_cell):
    book = book_of(with_an_unknown_cell)
    [row] = [row for row in book["数据"].iter_rows(values_only=True) if row[0] == "proactive.permit.rulings"]
    assert row[2] is None
    assert "未填的数据格留空" in book["说明"]["A2"].value


def test_an_increase_is_shown_with_its_sign(licheng):
    sheet = book_of(licheng)["表二"]
    [cell] = [cell for row in sheet.iter_rows() for cell in row if cell.value == 1090]
    assert cell.number_format == "+0;-0;0"


def test_a_number_too_long_for_a_spreadsheet_keeps_its_digits_as_text(licheng):
    amount = Decimal("1234567890123456.78")
    object.__setattr__(
        licheng.report, "cells", {**licheng.report.cells, "proactive.centralized_procurement.amount": amount}
    )
    values = [row[2] for row in book_of(licheng)["数据"].iter_rows(values_only=True)]
    assert "1234567890123456.78" in values


def test_text_that_looks_like_a_formula_stays_text(licheng):
    object.__setattr__(licheng, "notes", ("=1+1",))
    cell = book_of(licheng)["说明"]["A1"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize(("name", "sheets"), [("licheng", ["表二", "表三", "表四", "数据", "说明"])])
def test_there_is_one_sheet_for_each_table(name, sheets, request):
    assert book_of(request.getfixturevalue(name)).sheetnames == sheets


def test_the_table_of_2014_has_the_labels_under_it(shengsi):
    values = [row[0] for row in book_of(shengsi)["统计表"].iter_rows(values_only=True)]
    assert values[-5:] == ["单位负责人：", "审核人：", "填报人：沈科员", "联系电话：", "填报日期："]


# ---- the template, and reading it back


def filled(form, values, sheet="表三", **texts):
    """The template with values typed into places, as a clerk would."""
    book = openpyxl.load_workbook(BytesIO(table_template(form, "示范区统计表", asked=form.cells)))
    for layout in OFFICIAL[form.code]:
        for box in layout.boxes:
            if box.code in values:
                book[sheet_name(layout)].cell(2 + box.top, 1 + box.left).value = values[box.code]
    for place, text in texts.items():
        book[sheet][place].value = text
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_report_written_here_is_read_back_cell_by_cell(document):
    cells = read_tables(report_xlsx(document), document.form)
    assert {code: number(value) for code, value in cells.items()} == {
        code: number(value) for code, value in document.report.cells.items()
    }


@pytest.mark.parametrize("code", FORMS)
def test_an_empty_template_says_nothing_of_any_cell(code):
    form = form_named(code)
    cells = read_tables(table_template(form, "表", asked=form.cells), form)
    assert list(cells)
    assert set(cells.values()) == {None}


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (12, 12),
        ("12", 12),  # a number kept as text
        ("+87", 87),
        ("−2", -2),  # the printed minus
        ("1,003", 1003),
        ("35692694.56元", Decimal("35692694.56")),
        ("", None),
    ],
)
def test_a_number_is_read_as_typed_or_as_printed(typed, value):
    form = form_named("2019")
    cell = "proactive.permit.change"
    assert read_tables(filled(form, {cell: typed}), form)[cell] == value


@pytest.mark.parametrize("typed", ["/", "无", "约12", "1.2.3"])
def test_what_is_no_number_is_refused_with_the_name_of_the_cell(typed):
    form = form_named("2019")
    with pytest.raises(WrongTableError, match=f"“行政许可 · 处理决定数量”里的“{typed}”不是数"):
        read_tables(filled(form, {"proactive.permit.rulings": typed}), form)


def test_a_table_of_another_form_is_refused():
    with pytest.raises(WrongTableError, match="缺少工作表“统计表”"):
        read_tables(table_template(form_named("2019"), "表", ()), form_named("2014"))


def test_a_changed_label_is_refused_with_its_row():
    form = form_named("2019")
    with pytest.raises(WrongTableError, match="第 5 行应当是“一、本年新收政府信息公开申请数量”，现在是“新收”"):
        read_tables(filled(form, {}, A5="新收"), form)


def test_a_file_that_is_no_spreadsheet_is_refused():
    with pytest.raises(WrongTableError, match="这个文件打不开"):
        read_tables(b"no zip", form_named("2019"))
