"""The tables of the annual report as a spreadsheet: one sheet a table, laid out as printed, and one sheet of plain data."""

from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from gongkai.core.national_forms.cells import Cell, CellValue
from gongkai.core.writing.numerals import plain
from gongkai.core.writing.report_document import ReportDocument
from gongkai.core.writing.report_tables import OFFICIAL, Box, Layout, readable

DATA_SHEET: Final = "数据"
NOTES_SHEET: Final = "说明"
DATA_HEADS: Final = ("编号", "数据格", "数值", "单位", "来源")
DIGITS_OF_A_SPREADSHEET: Final = 15
"""A spreadsheet keeps a number as a binary fraction of about this many digits; a longer one is written as text."""

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

    def of(self, box: Box, cell: Cell | None) -> Any:
        shape: dict[str, object] = {"border": 1, "valign": "vcenter", "text_wrap": True}
        shape["align"] = "left" if box.kind == "label" else "center"
        if box.kind == "label" and box.left == 0:
            shape["indent"] = box.depth
        if box.is_head:
            shape["bold"] = True
        if cell is not None:
            shape["num_format"] = FORMATS[cell.kind]
        return self.get(**shape)


def _table_sheet(book: Any, styles: _Styles, document: ReportDocument, layout: Layout) -> None:
    sheet = book.add_worksheet(sheet_name(layout))
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    last = len(layout.widths) - 1
    title = document.annex_title or layout.caption
    sheet.merge_range(0, 0, 0, last, title, styles.get(bold=True, font_size=14, align="center", valign="vcenter"))
    sheet.set_row(0, 28)
    first = 1
    sheet.repeat_rows(0, first + layout.head_rows - 1 if layout.head_rows else 0)
    sheet.freeze_panes(first + layout.head_rows, 0)
    narrowest = min(layout.widths)
    for column, width in enumerate(layout.widths):
        sheet.set_column(column, column, min(60, 9 * width / narrowest))
    for box in layout.boxes:
        _write(sheet, styles, document, box, first)
    end = first + len(layout.rows)
    for place, label in enumerate(layout.footer):
        sheet.write_string(end + place, 0, f"{label}：{document.footer.get(label, '')}", styles.get())


def _write(sheet: Any, styles: _Styles, document: ReportDocument, box: Box, first: int) -> None:
    cell = document.form.cells[box.code] if box.kind == "value" else None
    style = styles.of(box, cell)
    top, left = first + box.top, box.left
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
