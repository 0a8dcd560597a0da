"""Random reports in many layouts: a cell is read right or left unread, whatever the print does to it."""

import io
from random import Random

import pytest
from docx import Document as WordDocument
from opencc import OpenCC

from gongkai.core.national_forms import FORMS
from gongkai.core.reading.reader import read_document
from gongkai.core.reading.sources.docx import read_docx
from gongkai.core.reading.sources.html import read_html
from gongkai.core.reading.sources.text import decode, read_text
from tests.core.reading.layouts import DAMAGES, TEXTS, draw, drawn_report, html, parts, title

SEEDS = range(12)


def read(layout, text):
    return read_document(read_html(text) if layout == "html" else read_text(text), file="report")


def wrong(drawn, report):
    return {
        code: (value, report.cells[code])
        for code, value in drawn.expected().items()
        if report.cells[code] is not None and report.cells[code] != value
    }


def unread(drawn, report):
    return [code for code, value in drawn.expected().items() if value is not None and report.cells[code] is None]


@pytest.mark.parametrize("layout", TEXTS)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_cell_is_right_or_unread(layout, seed):
    drawn, text = drawn_report(seed, layout)
    report = read(layout, text)
    assert report.form == drawn.form.code
    assert (wrong(drawn, report), dict(report.extra_cells)) == ({}, {})


@pytest.mark.parametrize("layout", ["html", "rows_with_bars", "one_cell_a_line", "aligned"])
@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("seed", range(5))
def test_a_damage_that_no_form_foresees_makes_no_value_wrong(layout, damage, seed):
    drawn, text = drawn_report(seed, layout, damage)
    report = read(layout, text)
    assert (wrong(drawn, report), dict(report.extra_cells)) == ({}, {})


@pytest.mark.parametrize("layout", ["html", "rows_with_bars"])
@pytest.mark.parametrize("seed", SEEDS)
def test_where_blanks_are_printed_every_cell_is_read(layout, seed):
    drawn, text = drawn_report(seed, layout)
    assert unread(drawn, read(layout, text)) == []


@pytest.mark.parametrize("layout", sorted(set(TEXTS) - {"flat"}))
@pytest.mark.parametrize("form", FORMS)
def test_a_print_without_damage_is_read_whole(layout, form):
    random = Random(f"whole {layout} {form}")
    drawn = draw(FORMS[form], random)
    report = read(layout, TEXTS[layout](drawn, random))
    assert (wrong(drawn, report), unread(drawn, report)) == ({}, [])


@pytest.mark.parametrize("form", FORMS)
def test_traditional_characters_are_read(form):
    random = Random(form)
    drawn = draw(FORMS[form], random)
    report = read("html", OpenCC("s2t").convert(html(drawn, random)))
    assert (report.script, wrong(drawn, report), unread(drawn, report)) == ("hant", {}, [])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_is_told_by_the_bytes(encoding):
    random = Random(encoding)
    drawn = draw(FORMS["2021"], random)
    declared = html(drawn, random).replace("<head>", '<head><meta charset="gb2312">')
    report = read("html", decode(declared.encode(encoding), "report"))
    assert (wrong(drawn, report), unread(drawn, report)) == ({}, [])


@pytest.mark.parametrize("form", FORMS)
def test_a_word_document_with_merged_cells_is_read_whole(form):
    random = Random(f"word {form}")
    drawn = draw(FORMS[form], random)
    report = read_document(read_docx(word(drawn, random), "report"), file="report")
    assert (report.format, report.issuer, report.year) == ("docx", "示范区人民政府", drawn.year)
    assert (wrong(drawn, report), unread(drawn, report)) == ({}, [])


def word(drawn, random):
    """The report as .docx, its spans made by merging."""
    document = WordDocument()
    document.add_paragraph(title(drawn))
    for heading, rows in parts(drawn, random):
        for line in heading.splitlines():
            document.add_paragraph(line)
        if rows:
            add_table(document, rows)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def add_table(document, rows):
    width = max(sum(columns for _, columns, _ in row) for row in rows)
    table = document.add_table(rows=len(rows), cols=width)
    taken = set()
    for number, row in enumerate(rows):
        column = 0
        for text, columns, height in row:
            while (number, column) in taken:
                column += 1
            taken |= {(number + down, column + across) for down in range(height) for across in range(columns)}
            cell = table.cell(number, column)
            if columns > 1 or height > 1:
                cell = cell.merge(table.cell(number + height - 1, column + columns - 1))
            cell.text = text
            column += columns
