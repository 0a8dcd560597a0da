"""The template, the returned copy, and that both can be read again."""

import re
import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from gongkai.base.errors import RuleBroken
from gongkai.site.imports import LEDGERS, layout
from gongkai.site.imports.ledger import Desk
from gongkai.site.imports.running import check_file, import_checked
from gongkai.site.imports.sheets import read_sheet
from tests.site.imports.conftest import APPLICATION, RETURN, check, sentences, sheet_of, table

pytestmark = pytest.mark.django_db


def template_of(code, user=None):
    ledger = LEDGERS[code]
    return layout.template(ledger.title, ledger.columns, ledger.offered(Desk(user)))


@pytest.mark.parametrize("code", LEDGERS)
def test_the_template_has_the_headings_of_the_columns_and_an_example(code, bureau):
    headings, example = read_sheet(template_of(code)).rows
    assert headings == ["标记", *(f"{c.heading}*" if c.required else c.heading for c in LEDGERS[code].columns)]
    assert example[0] == "示例"


@pytest.mark.parametrize("code", LEDGERS)
def test_the_example_of_the_template_can_be_read_by_its_own_columns(code):
    for column in LEDGERS[code].columns:
        assert not column.required or column.example
        column.read(column.example) if column.example else None


@pytest.mark.parametrize("code", LEDGERS)
def test_an_untouched_template_holds_nothing_to_import(code, administrator):
    with pytest.raises(RuleBroken, match="没有可以导入的行"):
        check_file(LEDGERS[code], template_of(code), administrator)


def test_codes_are_typed_into_cells_of_text_and_days_into_cells_of_dates():
    sheet = openpyxl.load_workbook(BytesIO(template_of("applications")))["填写"]
    formats = {
        c.heading: sheet.column_dimensions[openpyxl.utils.get_column_letter(n)]
        for n, c in enumerate(LEDGERS["applications"].columns, 2)
    }
    assert formats["申请编号"].number_format == "@"
    assert formats["收到日期"].number_format == "yyyy-mm-dd"


def test_choices_are_offered_as_a_list_and_a_code_is_only_warned_of(bureau, bureau_clerk):
    book = openpyxl.load_workbook(BytesIO(template_of("applications", bureau_clerk)))
    lists = {str(v.sqref): v for v in book["填写"].data_validations.dataValidation}
    place = next(n for n, c in enumerate(LEDGERS["applications"].columns, 2) if c.key == "outcome")
    letter = openpyxl.utils.get_column_letter(place)
    validation = next(v for sqref, v in lists.items() if sqref.startswith(f"{letter}2:"))
    assert (validation.type, validation.errorStyle) == ("list", "warning")
    words = [cell.value for cell in book["选项"][letter] if cell.value]
    assert words == ["办理结果", *LEDGERS["applications"].columns[place - 2].choices.values()]
    assert book["选项"].sheet_state == "hidden"


def test_the_agencies_of_the_list_are_those_at_which_the_user_may_enter(bureau, town, bureau_clerk):
    book = openpyxl.load_workbook(BytesIO(template_of("applications", bureau_clerk)))
    assert [cell.value for cell in book["选项"]["B"] if cell.value] == ["受理机关", "示范区教育局"]


def test_a_filled_template_is_imported(bureau, bureau_clerk):
    book = openpyxl.load_workbook(BytesIO(template_of("applications", bureau_clerk)))
    for place, column in enumerate(LEDGERS["applications"].columns, 2):
        book["填写"].cell(3, place, APPLICATION.get(column.key))
    out = BytesIO()
    book.save(out)
    checked = check_file(LEDGERS["applications"], out.getvalue(), bureau_clerk)
    assert sentences(checked) == []
    assert import_checked(checked).new == 1


def test_the_returned_copy_says_beside_each_row_what_is_wrong(bureau, bureau_clerk):
    import_checked(check("applications", bureau_clerk, APPLICATION))
    bad = APPLICATION | {"number": "2号", "channel": "电报", "closed_on": "2020-05-01"}
    good = APPLICATION | {"number": "3号"}
    sheet = openpyxl.load_workbook(
        BytesIO(check("applications", bureau_clerk, APPLICATION, bad, good).returned())
    ).active
    headings = [cell.value for cell in sheet[1]]
    assert headings[-2:] == ["检查结果", "错误"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[-2] for row in rows] == ["已有", "有错", "可以导入"]
    assert rows[1][-1].startswith("收到渠道：没有“电报”这一项")
    assert rows[0][-1] in (None, "")


def test_bad_cells_of_the_returned_copy_are_coloured(bureau, bureau_clerk):
    copy = check("applications", bureau_clerk, APPLICATION | {"channel": "电报"}).returned()
    sheet = openpyxl.load_workbook(BytesIO(copy)).active
    place = [cell.value for cell in sheet[1]].index("收到渠道") + 1
    assert sheet.cell(2, place).fill.start_color.rgb == "FFFBE5E1"
    assert sheet.cell(2, place - 1).fill.fill_type is None


def test_the_returned_copy_is_corrected_in_place_and_sent_again(bureau, bureau_clerk):
    copy = check("applications", bureau_clerk, APPLICATION | {"channel": "电报"}).returned()
    book = openpyxl.load_workbook(BytesIO(copy))
    place = [cell.value for cell in book.active[1]].index("收到渠道") + 1
    book.active.cell(2, place, "信函")
    out = BytesIO()
    book.save(out)
    again = check_file(LEDGERS["applications"], out.getvalue(), bureau_clerk)
    assert sentences(again) == []
    copy = openpyxl.load_workbook(BytesIO(again.returned())).active
    assert [cell.value for cell in copy[1]].count("错误") == 1


def test_nothing_in_the_returned_copy_becomes_a_formula(bureau, bureau_clerk):
    data = table("applications", APPLICATION | {"description": "+cmd|'/c calc'!A1", "channel": "电报"})
    copy = check_file(LEDGERS["applications"], data, bureau_clerk).returned()
    xml = zipfile.ZipFile(BytesIO(copy)).read("xl/worksheets/sheet1.xml")
    assert not re.search(rb"<f[ >]", xml)


def test_the_returned_copy_keeps_lines_above_the_table_and_the_numbers_of_rows(bureau, bureau_clerk):
    columns = [c for c in LEDGERS["returns"].columns if c.key in RETURN]
    lines = [["2020年填报"], [c.heading for c in columns], [], [(RETURN | {"value": -1})[c.key] for c in columns]]
    checked = check_file(LEDGERS["returns"], sheet_of(lines), bureau_clerk)
    assert sentences(checked) == ["4: 数值：“行政许可处理决定数量”不能是负数"]
    sheet = openpyxl.load_workbook(BytesIO(checked.returned())).active
    assert sheet.cell(1, 1).value == "2020年填报"
    assert sheet.cell(4, len(columns) + 1).value == "有错"
    assert sheet.cell(4, 3).value.date() == date(2020, 1, 1)
