"""The annual report as one page of HTML for printing: the same order and layout as the Word document.

It names no script, style sheet or picture; whoever prints it hands `PRINT_CSS` to the printer.
"""

from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files

from gongkai.core.national_forms.cells import CellValue
from gongkai.core.writing.numerals import date_text
from gongkai.core.writing.report_document import ReportDocument, paragraphs, split_subheading
from gongkai.core.writing.report_tables import MANY_COLUMNS, Box, Layout, printed_value

PRINT_CSS = files(__package__).joinpath("report_print.css").read_text(encoding="utf-8")


def report_html(document: ReportDocument) -> str:
    """The page. Raises ValueError for a report on no national form. Unknown cells are empty, and a note names them."""
    title = escape(document.title)
    return (
        f'<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><h1>{title}</h1>{''.join(_body(document))}</body></html>"
    )


def _body(document: ReportDocument) -> Iterator[str]:
    for text in filter(None, (document.correction, document.opening)):
        yield f"<p>{escape(text)}</p>"
    for section, layouts in document.parts():
        if section.heading:
            yield f"<h2>{escape(section.heading)}</h2>"
        yield from (_paragraph(line) for line in paragraphs(section.text))
        for layout in layouts:
            if document.annex_title:
                yield f'<h1 class="annex">{escape(document.annex_title)}</h1>'
            yield table_html(document, layout)
            if layout.footer:
                texts = (f"{label}：{document.footer.get(label, '')}" for label in layout.footer)
                yield f'<p class="footer">{escape("　　".join(texts))}</p>'
    for place, note in enumerate(document.all_notes, start=1):
        yield f'<p class="note">注{place}：{escape(note)}</p>'
    for text in filter(None, (document.signed_by, date_text(document.dated) if document.dated else "")):
        yield f'<p class="signature">{escape(text)}</p>'


def _paragraph(line: str) -> str:
    head, rest = split_subheading(line)
    lead = f'<span class="lead">{escape(head)}</span>' if head else ""
    return f"<p>{lead}{escape(rest)}</p>"


def table_html(document: ReportDocument, layout: Layout) -> str:
    """One table with its heads marked for readers of the screen."""
    whole = sum(layout.widths)
    columns = "".join(f'<col width="{100 * width / whole:.2f}%">' for width in layout.widths)
    head = "".join(_row(document, row) for row in layout.head)
    body = "".join(_row(document, row) for row in layout.body)
    dense = ' class="dense"' if len(layout.widths) >= MANY_COLUMNS else ""
    return (
        f"<table{dense}><caption>{escape(layout.caption)}</caption><colgroup>{columns}</colgroup>"
        f"{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"
    )


def _row(document: ReportDocument, row: tuple[Box, ...]) -> str:
    return f"<tr>{''.join(_box(document, box) for box in row)}</tr>"


def _box(document: ReportDocument, box: Box) -> str:
    span = "".join(f' {name}="{size}"' for name, size in (("rowspan", box.height), ("colspan", box.width)) if size > 1)
    if box.kind in ("value", "blank", "unit"):
        return f"<td{span}>{escape(_text(document, document.report.cells, box))}</td>"
    scope = ("col" if box.width == 1 else "colgroup") if box.is_head else ("rowgroup" if box.kind == "group" else "row")
    depth = f" depth-{box.depth}" if box.kind == "label" and box.left == 0 and box.depth else ""
    return f'<th class="{box.kind}{depth}" scope="{scope}"{span}>{escape(box.text)}</th>'


def _text(document: ReportDocument, values: Mapping[str, CellValue], box: Box) -> str:
    if box.kind != "value":
        return box.text
    return printed_value(document.form.cells[box.code], values.get(box.code))
