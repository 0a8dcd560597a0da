"""The tables of the annual report as a spreadsheet: one sheet a table, laid out as printed, and one sheet of plain data.

The same sheets, empty, are the template for an agency that works outside the system; they are read back by their places.
"""

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import xlsxwriter
from python_calamine import CalamineError, CalamineWorkbook

from gongkai.core.national_forms import NationalForm
from gongkai.core.national_forms.cells import Cell, CellValue
from gongkai.core.reading.report import PublishedReport
from gongkai.core.writing.numerals import plain
from gongkai.core.writing.report_document import ReportDocument
from gongkai.core.writing.report_tables import OFFICIAL, Box, Layout, readable

DATA_SHEET: Final = "数据"
NOTES_SHEET: Final = "说明"
DATA_HEADS: Final = ("编号", "数据格", "数值", "单位", "来源")
DIGITS_OF_A_SPREADSHEET: Final = 15
"""A spreadsheet keeps a number as a binary fraction of about this many digits; a longer one is written as text."""

FIRST_ROW: Final = 1
"""The row of a sheet in which a table begins, under its title."""
NUMBER: Final = re.compile(r"([+＋\-−－]?)([0-9][0-9,，]*(?:\.[0-9]+)?)(?:元|万元)?")
TO_FILL: Final = "#FFF8DC"
ADDED_UP: Final = "#EDEDED"

FORMATS: Final[Mapping[str, str]] = {"signed_int": "+0;-0;0", "money": "#,##0.00", "decimal": "General", "int": "0"}


def report_xlsx(document: ReportDocument) -> bytes:
    """The .xlsx file. Raises ValueError for a report on no national form. Unknown cells are empty, never 0."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": document.title, "author": document.report.issuer or ""})
    styles = _Styles(book)
    for layout in OFFICIAL[document.form.code]:
        _table_sheet(book, styles, document, layout)
    _data_sheet(book, styles, document)
    if document.all_notes or document.correction:
        _notes_sheet(book, styles, document)
    book.close()
    return out.getvalue()


def sheet_name(layout: Layout) -> str:
    """表二, 表三, 表四; 统计表 in 2014."""
    return layout.number or "统计表"


class _Styles:
    """Formats are objects of a workbook; each combination is made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[tuple[str, object], ...], Any] = {}

    def get(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"font_name": "宋体", "font_size": 11, **properties})
        return self.made[key]

    def of(self, box: Box, cell: Cell | None, color: str = "") -> Any:
        shape: dict[str, object] = {"border": 1, "valign": "vcenter", "text_wrap": True}
        shape["align"] = "left" if box.kind == "label" else "center"
        if box.kind == "label" and box.left == 0:
            shape["indent"] = box.depth
        if box.is_head:
            shape["bold"] = True
        if cell is not None:
            shape["num_format"] = FORMATS[cell.kind]
        if color:
            shape["bg_color"] = color
        return self.get(**shape)


def _table_sheet(
    book: Any, styles: _Styles, document: ReportDocument, layout: Layout, asked: Collection[str] | None = None
) -> None:
    sheet = book.add_worksheet(sheet_name(layout))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    last = len(layout.widths) - 1
    title = document.annex_title or layout.caption
    sheet.merge_range(0, 0, 0, last, title, styles.get(bold=True, font_size=14, align="center", valign="vcenter"))
    sheet.set_row(0, 28)
    first = FIRST_ROW
    sheet.repeat_rows(0, first + layout.head_rows - 1 if layout.head_rows else 0)
    sheet.freeze_panes(first + layout.head_rows, 0)
    narrowest = min(layout.widths)
    for column, width in enumerate(layout.widths):
        sheet.set_column(column, column, min(60, 9 * width / narrowest))
    for box in layout.boxes:
        _write(sheet, styles, document, box, asked)
    end = first + len(layout.rows)
    for place, label in enumerate(layout.footer):
        sheet.write_string(end + place, 0, f"{label}：{document.footer.get(label, '')}", styles.get())


def _write(sheet: Any, styles: _Styles, document: ReportDocument, box: Box, asked: Collection[str] | None) -> None:
    cell = document.form.cells[box.code] if box.kind == "value" else None
    color = "" if cell is None or asked is None else TO_FILL if box.code in asked else ADDED_UP
    style = styles.of(box, cell, color)
    top, left = FIRST_ROW + box.top, box.left
    if box.height > 1 or box.width > 1:
        sheet.merge_range(top, left, top + box.height - 1, left + box.width - 1, "", style)
    if cell is None:
        sheet.write_string(top, left, box.text, style)
    else:
        _write_value(sheet, top, left, document.report.cells.get(box.code), style)


def _write_value(sheet: Any, row: int, column: int, value: CellValue, style: Any) -> None:
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif len(Decimal(value).as_tuple().digits) > DIGITS_OF_A_SPREADSHEET:
        sheet.write_string(row, column, plain(value), style)
    else:
        sheet.write_number(row, column, value, style)


def _data_sheet(book: Any, styles: _Styles, document: ReportDocument) -> None:
    sheet = book.add_worksheet(DATA_SHEET)
    head = styles.get(bold=True, border=1)
    for column, (text, width) in enumerate(zip(DATA_HEADS, (44, 60, 16, 8, 40), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, text, head)
    sheet.freeze_panes(1, 0)
    for row, (code, cell) in enumerate(document.form.cells.items(), start=1):
        sheet.write_string(row, 0, code, styles.get())
        sheet.write_string(row, 1, readable(document.form, cell), styles.get())
        _write_value(sheet, row, 2, document.report.cells.get(code), styles.get(num_format=FORMATS[cell.kind]))
        sheet.write_string(row, 3, cell.unit, styles.get())
        sheet.write_string(row, 4, document.sources.get(code, ""), styles.get())
    sheet.autofilter(0, 0, len(document.form.cells), len(DATA_HEADS) - 1)


def _notes_sheet(book: Any, styles: _Styles, document: ReportDocument) -> None:
    sheet = book.add_worksheet(NOTES_SHEET)
    sheet.set_column(0, 0, 100)
    for row, text in enumerate(filter(None, (document.correction, *document.all_notes))):
        sheet.write_string(row, 0, text, styles.get(text_wrap=True, valign="top"))


# ---- the template, and reading it back


def table_template(form: NationalForm, title: str, asked: Collection[str]) -> bytes:
    """The tables of the form, empty: the cells to be filled in are light yellow, those that are added up are gray."""
    report = PublishedReport(None, "ledger", "hans", form.code, None, None, {})
    document = ReportDocument(report, title)
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"title": title})
    styles = _Styles(book)
    for layout in OFFICIAL[form.code]:
        _table_sheet(book, styles, document, layout, asked)
    sheet = book.add_worksheet(NOTES_SHEET)
    sheet.set_column(0, 0, 100)
    notes = (
        title,
        "黄底的格填数，灰底的格由系统相加，可以空着。没有发生的填 0；不清楚的空着，空着不算 0。",
        "不要改动表头、行名和工作表的名称。",
    )
    for row, text in enumerate(notes):
        sheet.write_string(row, 0, text, styles.get(text_wrap=True, valign="top"))
    book.close()
    return out.getvalue()


class WrongTableError(ValueError):
    """The file is not the table of this form; `str()` is a sentence that says where it differs."""


def read_tables(content: bytes, form: NationalForm) -> dict[str, CellValue]:
    """The cells of a filled template (or of a report downloaded here) by their codes; blank is None, never 0.

    Raises WrongTableError where a sheet is missing, a printed label was changed, or a cell holds no number.
    """
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
    except CalamineError as error:
        raise WrongTableError("这个文件打不开，请用下载的模板填写，存为 .xlsx。") from error
    cells: dict[str, CellValue] = {}
    for layout in OFFICIAL[form.code]:
        name = sheet_name(layout)
        if name not in book.sheet_names:
            raise WrongTableError(f"缺少工作表“{name}”，请用 {form.code} 格式的模板填写。")
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for box in layout.boxes:
            found = _at(rows, FIRST_ROW + box.top, box.left)
            if box.kind == "value":
                cells[box.code] = _number(found, form.cells[box.code])
            elif box.kind not in ("blank", "unit") and str(found).strip() != box.text:
                raise WrongTableError(
                    f"工作表“{name}”第 {FIRST_ROW + box.top + 1} 行应当是“{box.text}”，现在是“{found}”；请不要改动表头和行名。"
                )
    return cells


def _at(rows: list[list[Any]], row: int, column: int) -> Any:
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def _number(found: Any, cell: Cell) -> CellValue:
    """A number as typed or as printed; what is none is refused, not guessed."""
    if found is None or (isinstance(found, str) and not found.strip()):
        return None
    if isinstance(found, int | float) and not isinstance(found, bool):
        value = Decimal(repr(found))
        return int(value) if value == value.to_integral_value() else value
    match = NUMBER.fullmatch(str(found).strip())
    if match is None:
        raise WrongTableError(f"“{cell.label}”里的“{found}”不是数；没有的填 0，不清楚的空着。")
    value = Decimal(match[2].replace(",", "").replace("，", ""))
    value = -value if match[1] in ("-", "−", "－") else value
    return int(value) if value == value.to_integral_value() else value
