"""Reading what somebody sent: cells as spreadsheets spoil them, and files that were not meant to be read."""

import re
import zipfile
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO

import pytest
import xlsxwriter

from gongkai.base.errors import RuleBroken
from gongkai.site.imports.columns import Column, Unreadable, read_date, read_number, read_text
from gongkai.site.imports.sheets import MOST_ROWS, read_sheet
from tests.site.imports.conftest import sheet_of

SHEET = "xl/worksheets/sheet1.xml"


def altered(data: bytes, change, member: str = SHEET) -> bytes:
    """The file with one part of the package replaced."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry.filename, change(content) if entry.filename == member else content)
    return out.getvalue()


# ---- cells


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (date(2020, 1, 31), date(2020, 1, 31)),
        (datetime(2020, 1, 31, 9, 30), date(2020, 1, 31)),  # a day with an hour, as some systems export it
        ("2020-01-31", date(2020, 1, 31)),
        ("2020/1/31", date(2020, 1, 31)),
        ("2020.1.31", date(2020, 1, 31)),
        ("2020年1月31日", date(2020, 1, 31)),
        ("2020 年 1 月 31 日", date(2020, 1, 31)),
        ("２０２０－０１－３１", date(2020, 1, 31)),  # full width, from an input method
        ("20200131", date(2020, 1, 31)),
        (20200131.0, date(2020, 1, 31)),
    ],
)
def test_a_date_is_read_in_every_usual_form(value, day):
    assert read_date(value) == day


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("2020-02-30", "没有 2020-02-30 这一天"),
        ("去年年底", "“去年年底”不是日期"),
        ("1/31/2020", "不是日期"),  # month or day first: not guessed
        (43861.0, "应是日期，现在是数字 43861"),
        (float("nan"), "应是日期"),
    ],
)
def test_what_is_no_date_is_refused(value, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read_date(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (2020.0, "2020"),  # the reader makes every number a float
        (3.5, "3.5"),
        ("  示教〔2020〕1号 ", "示教〔2020〕1号"),
        ("007", "007"),
        (0.1, "0.1"),
    ],
)
def test_a_text_is_read_as_it_was_typed(value, text):
    assert read_text(value) == text


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        (3.7010220200101e17, "位数太多"),  # a long code that the spreadsheet took for a number
        (date(2020, 1, 1), "改成了日期"),  # 2020-1 that it took for a day
        ("a\x00b", "控制字符"),
        ("#DIV/0!", "错误值"),
        (float("inf"), "错误值"),
    ],
)
def test_a_text_that_the_spreadsheet_spoiled_is_refused(value, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read_text(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (17.0, Decimal(17)),
        ("62,470", Decimal(62470)),
        ("１２．５", Decimal("12.5")),
        (0.1, Decimal("0.1")),
        ("-2", Decimal(-2)),
    ],
)
def test_a_number_keeps_its_digits(value, number):
    assert read_number(value) == number


@pytest.mark.parametrize("value", ["不详", "/", "1 2 x", "12%", "NaN", "Infinity", True, float("nan"), 1e15])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(Unreadable):
        read_number(value)


@pytest.mark.parametrize("value", ["是", "1", 1.0, True, "Yes", "√"])
def test_yes_is_read_in_every_usual_form(value):
    assert Column("x", "全文电子化", kind="yes_no", blank=False).read(value) is True


def test_neither_yes_nor_no_is_refused():
    with pytest.raises(Unreadable, match="要写“是”或者“否”"):
        Column("x", "全文电子化", kind="yes_no").read("可能")


def test_an_empty_cell_is_the_blank_of_its_column_or_refused_where_required():
    assert Column("x", "办结日期", kind="date", blank=None).read("  ") is None
    with pytest.raises(Unreadable, match="没有填写"):
        Column("x", "收到日期", kind="date", required=True).read("")


def test_a_formula_whose_value_was_computed_is_read():
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=1+1", None, 2)
    book.close()
    assert read_sheet(buffer.getvalue()).rows == [[2.0]]


@pytest.mark.parametrize("value", [b"", b"<v></v>", b"<v/>"])
def test_a_formula_without_a_value_is_told_from_an_empty_cell(value):
    data = sheet_of([["甲", "=1+1"], ["", "=2+2"]])
    sheet = read_sheet(
        altered(data, lambda xml: re.sub(rb"(<c r=\"B2\"[^>]*><f>[^<]*</f>)<v>0</v>", rb"\1" + value, xml))
    )
    assert sheet.uncomputed == {(1, 1)}
    assert sheet.rows == [["甲", 0.0], []]


def test_rows_of_a_merged_cell_are_named():
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer)
    sheet = book.add_worksheet()
    sheet.merge_range(0, 0, 0, 3, "台账")  # a title over four columns is no trouble
    sheet.merge_range(2, 0, 4, 0, "教育局")
    sheet.write(5, 0, "民政局")
    book.close()
    assert read_sheet(buffer.getvalue()).merged == {2, 3, 4}


def test_hidden_sheets_are_passed_over():
    buffer = BytesIO()
    book = xlsxwriter.Workbook(buffer)
    first, second = book.add_worksheet("旧"), book.add_worksheet("新")
    first.write(0, 0, "旧")
    second.write(0, 0, "新")
    second.activate()
    first.hide()
    book.close()
    assert read_sheet(buffer.getvalue()).rows == [["新"]]


# ---- files


def test_an_empty_sheet_has_no_rows():
    assert read_sheet(sheet_of([])).rows == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "不是 .xlsx 表格"),
        (b"number,title\n1,2\n", "不是 .xlsx 表格"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "旧格式（.xls）或者加了密码"),
        (b"PK\x03\x04" + b"\0" * 100, "不是 .xlsx 表格，或者文件已经损坏"),
    ],
)
def test_what_is_no_workbook_gets_one_sentence(data, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        read_sheet(data)


def test_another_package_is_no_workbook():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<document/>")
    with pytest.raises(RuleBroken, match=r"这不是 .xlsx 表格"):
        read_sheet(out.getvalue())


def test_half_a_file_gets_one_sentence():
    data = sheet_of([["甲"] * 20] * 200)
    with pytest.raises(RuleBroken, match="已经损坏"):
        read_sheet(data[: len(data) // 2])


def test_a_broken_part_gets_one_sentence():
    with pytest.raises(RuleBroken, match="已经损坏"):
        read_sheet(altered(sheet_of([["甲"]]), lambda xml: xml[: len(xml) // 2]))


def test_a_package_that_unpacks_to_gigabytes_is_refused(monkeypatch):
    monkeypatch.setattr("gongkai.site.imports.sheets.UNPACKED", 1 << 20)
    data = altered(sheet_of([["甲"]]), lambda xml: xml + b" " * (5 << 20))
    assert len(data) < 20_000
    with pytest.raises(RuleBroken, match="展开后太大"):
        read_sheet(data)


def test_a_package_that_lies_about_its_size_is_refused():
    data = bytearray(altered(sheet_of([["甲"]]), lambda xml: xml + b" " * (5 << 20)))
    with zipfile.ZipFile(BytesIO(data)) as package:
        size = package.getinfo(SHEET).file_size
    at = data.rindex(size.to_bytes(4, "little"))  # in the central directory
    data[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(RuleBroken, match="已经损坏"):
        read_sheet(bytes(data))


def test_a_file_above_the_limit_of_uploads_is_refused(settings):
    settings.UPLOAD_LIMIT = 1 << 20
    with pytest.raises(RuleBroken, match="文件超过 1 MB"):
        read_sheet(b"PK" + b"x" * (1 << 20))


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        (b"XFD1", "有 16384 列，最多 200 列"),
        (b"A1048576", f"超过 {MOST_ROWS:,} 行"),
        (b"ZZZZZZ1", f"超过 {MOST_ROWS:,} 行"),
        (b"A99999999999", f"超过 {MOST_ROWS:,} 行"),
    ],
)
def test_one_cell_in_a_far_corner_is_refused_before_it_is_laid_out(reference, sentence):
    data = altered(sheet_of([["甲"]]), lambda xml: xml.replace(b'r="A1"', b'r="' + reference + b'"', 1))
    with pytest.raises(RuleBroken, match=sentence):
        read_sheet(data)


def test_cells_without_references_are_counted_too():
    row = b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>"
    data = altered(sheet_of([["甲"]]), lambda xml: re.sub(rb"<row.*</row>", row, xml, flags=re.DOTALL))
    with pytest.raises(RuleBroken, match="有 300 列"):
        read_sheet(data)


def test_a_million_columns_get_one_sentence():
    cells = b"".join(b'<c r="A1"><v>1</v></c>' for _ in range(1_000_000))
    data = altered(sheet_of([["甲"]]), lambda xml: re.sub(rb"<c r.*</c>", lambda _: cells, xml, flags=re.DOTALL))
    sheet = read_sheet(data)  # a million times the same place is one cell
    assert sheet.rows == [[1.0]]


def test_a_sheet_that_declares_entities_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    data = altered(sheet_of([["甲"]]), lambda xml: xml.replace(b"?>", b"?>" + bomb, 1))
    with pytest.raises(RuleBroken, match="不该有的内容"):
        read_sheet(data)


def test_external_links_and_macros_are_never_followed():
    data = altered(
        sheet_of([["甲"]]),
        lambda xml: xml.replace(b"worksheets/sheet1.xml", b"file:///etc/hostname"),
        "xl/_rels/workbook.xml.rels",
    )
    with pytest.raises(RuleBroken, match=r"读不出来|没有可见"):
        read_sheet(data)
