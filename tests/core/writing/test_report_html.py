"""The page for printing and the PDF drawn from it."""

import builtins
import re

import lxml.html
import pypdfium2
import pytest

from gongkai.core.writing.report_html import PRINT_CSS, report_html
from gongkai.core.writing.report_pdf import HOW_TO_GET_PDF, PdfUnavailableError, can_write_pdf, report_pdf
from gongkai.core.writing.report_tables import OFFICIAL, printed_value


def grid_of(table):
    """The text at each place of a table, spans resolved as a browser does."""
    grid = {}
    for top, row in enumerate(table.iter("tr")):
        left = 0
        for cell in row:
            while (top, left) in grid:
                left += 1
            for down in range(int(cell.get("rowspan", 1))):
                for right in range(int(cell.get("colspan", 1))):
                    grid[top + down, left + right] = cell.text_content()
    return grid


def test_every_cell_of_the_form_stands_in_its_place(document):
    tables = list(lxml.html.fromstring(report_html(document)).iter("table"))
    for table, layout in zip(tables, OFFICIAL[document.form.code], strict=True):
        grid = grid_of(table)
        for box in layout.boxes:
            cell = document.form.cells.get(box.code)
            expected = printed_value(cell, document.report.cells[box.code]) if cell else box.text
            assert grid[box.top, box.left] == expected


def test_the_page_names_no_address_and_no_script(licheng):
    assert not re.search(r"(src|href|style)=|<script|<link|url\(", report_html(licheng) + PRINT_CSS)


def test_text_is_never_taken_for_markup(licheng):
    object.__setattr__(licheng, "opening", "<script>甲</script>")
    assert "&lt;script&gt;甲&lt;/script&gt;" in report_html(licheng)


@pytest.fixture
def needs_pdf():
    assert can_write_pdf(), HOW_TO_GET_PDF


@pytest.mark.usefixtures("needs_pdf")
def test_the_pdf_holds_title_labels_and_every_figure(document):
    pdf = pypdfium2.PdfDocument(report_pdf(document))
    text = "".join(page.get_textpage().get_text_range() for page in pdf)
    text = re.sub(r"\s", "", text)
    assert document.title in text
    for layout in OFFICIAL[document.form.code]:
        for box in layout.boxes:
            cell = document.form.cells.get(box.code)
            expected = printed_value(cell, document.report.cells[box.code]) if cell else box.text
            assert re.sub(r"\s", "", expected) in text


@pytest.mark.usefixtures("needs_pdf")
def test_the_pages_of_the_pdf_are_numbered(licheng):
    pdf = pypdfium2.PdfDocument(report_pdf(licheng))
    assert len(pdf) > 1
    assert "— 2 —" in pdf[1].get_textpage().get_text_range()


def test_a_machine_without_the_libraries_says_how_to_get_them(licheng, monkeypatch):
    imported = builtins.__import__

    def without_pango(name, *arguments, **named):
        if name == "weasyprint":
            raise OSError("cannot load library 'libpango-1.0-0'")
        return imported(name, *arguments, **named)

    monkeypatch.setattr(builtins, "__import__", without_pango)
    with pytest.raises(PdfUnavailableError, match=r"请先下载 Word（\.docx）.*libpango-1.0-0"):
        report_pdf(licheng)
