"""PDF files of our own making, with and without lines: a value is right or unread, and with lines nearly all are read."""

from random import Random

import pytest
from weasyprint import HTML

from gongkai.core.national_forms import FORMS
from gongkai.core.reading.reader import read_document
from gongkai.core.reading.sources.pdf import read_pdf
from tests.core.reading.layouts import draw, html, spoil

LINES = (
    "td {border: 1px solid #000; padding: 3px; text-align: center; font-size: 9pt} table {border-collapse: collapse}"
)
NO_LINES = "td {padding: 3px; text-align: left; font-size: 9pt} table {width: 100%}"
TURNED = "@page {size: A4 landscape} " + LINES


def read(form, style, seed, *, damaged=False):
    random = Random(f"{form} {seed}")
    drawn = draw(FORMS[form], random)
    if damaged:
        spoil(drawn, random, "html")
        drawn.bad_spans = drawn.repeat_head = False
    page = html(drawn, random).replace(
        "<head>", f"<head><style>{style} body {{font-family: 'Noto Sans CJK SC'}}</style>"
    )
    report = read_document(read_pdf(HTML(string=page).write_pdf(), "report.pdf"), file="report.pdf")
    return drawn, report


def wrong(drawn, report):
    return {
        code: (value, report.cells[code])
        for code, value in drawn.expected().items()
        if report.cells[code] is not None and report.cells[code] != value
    }


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("style", [LINES, NO_LINES, TURNED], ids=["lines", "no lines", "turned"])
def test_a_sound_pdf_is_read_all_but_what_a_page_break_cuts(form, style):
    drawn, report = read(form, style, 1)
    unread = [code for code, value in drawn.expected().items() if value is not None and report.cells[code] is None]
    assert (report.form, wrong(drawn, report), dict(report.extra_cells)) == (form, {}, {})
    assert len(unread) <= 0.1 * len(drawn.cells)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("seed", [2, 3])
def test_a_damaged_pdf_gives_no_wrong_value(form, seed):
    drawn, report = read(form, LINES, seed, damaged=True)
    assert (wrong(drawn, report), dict(report.extra_cells)) == ({}, {})
