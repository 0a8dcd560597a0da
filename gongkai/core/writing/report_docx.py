"""The annual report as a Word document in the layout of official documents.

Source of the page: GB/T 9704-2012 (A4; margins 37, 35, 28, 26 mm; title 小标宋 二号; text 仿宋 三号; headings 黑体, 楷体;
page number 宋体 四号 between dashes). Each font names a second one for machines that do not have it.
"""

from io import BytesIO
from typing import Any, Final

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

from gongkai.core.national_forms import NationalForm
from gongkai.core.national_forms.cells import CellValue
from gongkai.core.writing.numerals import date_text
from gongkai.core.writing.report_document import ReportDocument, paragraphs, split_subheading
from gongkai.core.writing.report_tables import MANY_COLUMNS, Box, Layout, printed_value

TITLE_FONT: Final = "方正小标宋简体"
BODY_FONT: Final = "仿宋_GB2312"
HEAD_FONT: Final = "黑体"
SUBHEAD_FONT: Final = "楷体_GB2312"
TABLE_FONT: Final = "宋体"
LATIN_FONT: Final = "Times New Roman"
ALTERNATIVES: Final = {
    TITLE_FONT: "宋体",
    BODY_FONT: "仿宋",
    SUBHEAD_FONT: "楷体",
    HEAD_FONT: "微软雅黑",
    TABLE_FONT: "SimSun",
}
"""What a word processor takes where the first font is not installed."""

ERHAO: Final = Pt(22)
SANHAO: Final = Pt(16)
SIHAO: Final = Pt(14)
SMALL: Final = Pt(10.5)
NARROW: Final = Pt(9)
LINE: Final = Pt(29)
PAGE_WIDTH: Final = Mm(210 - 28 - 26)


def report_docx(document: ReportDocument) -> bytes:
    """The .docx file. Raises ValueError for a report on no national form.

    Unknown cells are empty, and a note under the report names them.
    """
    word = Document()
    _declare_fonts(word)
    _set_page(word, document)
    _title(word, document)
    for text in filter(None, (document.correction, document.opening)):
        _body(word, text)
    for section, layouts in document.parts():
        _section(word, document, section.heading, section.text, layouts)
    _endnotes(word, document)
    out = BytesIO()
    word.save(out)
    return out.getvalue()


# ---- page, fonts, styles


def _set_page(word: Any, document: ReportDocument) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(24)
    properties = word.core_properties
    properties.title = document.title
    properties.author = document.report.issuer or ""
    properties.language = "zh-CN"
    properties.comments = ""
    _set_style(word.styles["Normal"], BODY_FONT, SANHAO)
    _set_style(word.styles["Title"], TITLE_FONT, ERHAO)
    _set_style(word.styles["Heading 1"], HEAD_FONT, SANHAO)
    _set_style(word.styles["Heading 2"], SUBHEAD_FONT, SANHAO)
    _page_number(section.footer.paragraphs[0])


def _set_style(style: Any, font: str, size: Length) -> None:
    style.font.size = size
    style.font.bold = style.font.italic = False
    _set_fonts(style.element.get_or_add_rPr(), font)
    color = style.element.rPr.find(qn("w:color"))
    if color is not None:
        style.element.rPr.remove(color)
    paragraph = style.paragraph_format
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.line_spacing_rule, paragraph.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    border = style.element.find(f"{qn('w:pPr')}/{qn('w:pBdr')}")
    if border is not None:
        border.getparent().remove(border)


def _set_fonts(properties: Any, font: str) -> None:
    fonts = properties.get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script, name in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("eastAsia", font), ("cs", LATIN_FONT)):
        fonts.set(qn(f"w:{script}"), name)


def _declare_fonts(word: Any) -> None:
    """The table of fonts with their alternatives, in the part that the template already has."""
    fonts = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/></w:font>' for name, other in ALTERNATIVES.items()
    )
    xml = f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?><w:fonts {nsdecls('w')}>{fonts}</w:fonts>"
    part = word.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    part._blob = xml.encode()


def _page_number(paragraph: Paragraph) -> None:
    """The page number between dashes, as official documents print it."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for text in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if text == "PAGE" else text)
        run.font.size = SIHAO
        _set_fonts(run._element.get_or_add_rPr(), TABLE_FONT)
        if text == "PAGE":
            for kind in ("begin", "", "end"):
                run._element.append(_field(kind))


def _field(kind: str) -> Any:
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    code = OxmlElement("w:instrText")
    code.text = "PAGE"
    return code


# ---- text


def _title(word: Any, document: ReportDocument) -> None:
    title = word.add_paragraph(document.title, style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = LINE


def _section(word: Any, document: ReportDocument, heading: str, text: str, layouts: tuple[Layout, ...]) -> None:
    if heading:
        _indent(word.add_paragraph(heading, style="Heading 1"))
    for line in paragraphs(text):
        _paragraph(word, line)
    for layout in layouts:
        if document.annex_title:
            _annex(word, document.annex_title)
        _table(word, document, layout)
        if layout.footer:
            _footer(word, document, layout)


def _paragraph(word: Any, line: str) -> None:
    """A paragraph that begins with （一）: its first sentence in 楷体, the whole when it is a heading."""
    head, rest = split_subheading(line)
    if head and not rest:
        _indent(word.add_paragraph(head, style="Heading 2"))
    elif head:
        paragraph = _indent(word.add_paragraph())
        _set_fonts(paragraph.add_run(head)._element.get_or_add_rPr(), SUBHEAD_FONT)
        paragraph.add_run(rest)
    else:
        _body(word, rest)


def _body(word: Any, text: str) -> None:
    _indent(word.add_paragraph(text)).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY


def _indent(paragraph: Any) -> Any:
    """Two characters, whatever the size of the type."""
    paragraph.paragraph_format.first_line_indent = Pt(32)
    indent = paragraph._element.get_or_add_pPr().find(qn("w:ind"))
    indent.set(qn("w:firstLineChars"), "200")
    return paragraph


def _annex(word: Any, title: str) -> None:
    """The table of 2014 was an annex: a page and a title of its own."""
    word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
    paragraph = word.add_paragraph(title, style="Title")
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _footer(word: Any, document: ReportDocument, layout: Layout) -> None:
    texts = (f"{label}：{document.footer.get(label, '')}" for label in layout.footer)
    paragraph = word.add_paragraph("　　".join(texts))
    _small(paragraph, SMALL)


def _endnotes(word: Any, document: ReportDocument) -> None:
    notes = document.all_notes
    if notes:
        word.add_paragraph()
        for place, note in enumerate(notes, start=1):
            _small(word.add_paragraph(f"注{place}：{note}"), SMALL)
    signature = (document.signed_by, date_text(document.dated) if document.dated else "")
    if any(signature):
        word.add_paragraph()
    for text in filter(None, signature):
        paragraph = word.add_paragraph(text)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = Pt(32)


def _small(paragraph: Any, size: Length) -> None:
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for run in paragraph.runs:
        run.font.size = size
        _set_fonts(run._element.get_or_add_rPr(), TABLE_FONT)


# ---- tables


def _table(word: Any, document: ReportDocument, layout: Layout) -> None:
    table = word.add_table(rows=len(layout.rows), cols=len(layout.widths))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    _describe(table, layout.caption)
    whole = sum(layout.widths)
    widths = [int(PAGE_WIDTH * width / whole) for width in layout.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    cells = [list(row.cells) for row in table.rows]
    size = NARROW if len(layout.widths) >= MANY_COLUMNS else SMALL
    for place, row in enumerate(table.rows):
        _keep_together(row, repeated=place < layout.head_rows)
        for cell, width in zip(cells[place], widths, strict=True):
            cell.width = width
    for box in layout.boxes:
        cell = cells[box.top][box.left]
        if box.height > 1 or box.width > 1:
            cell = cell.merge(cells[box.top + box.height - 1][box.left + box.width - 1])
        _fill(cell, box, _text(document.form, document.report.cells, box), size)
    word.add_paragraph().paragraph_format.line_spacing = Pt(12)


def _text(form: NationalForm, values: Any, box: Box) -> str:
    if box.kind != "value":
        return box.text
    value: CellValue = values.get(box.code)
    return printed_value(form.cells[box.code], value)


def _fill(cell: Any, box: Box, text: str, size: Length) -> None:
    """Numbers and heads stand in the middle, labels at the left; a group beside its rows stands in the middle too."""
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    left = box.kind == "label"
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
    if left and box.left == 0 and box.depth:
        paragraph.paragraph_format.left_indent = Pt(10.5 * box.depth)
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _tighten(cell)
    run = paragraph.add_run(text)
    run.font.size = size
    run.font.bold = box.kind == "clause"
    _set_fonts(run._element.get_or_add_rPr(), TABLE_FONT)


def _tighten(cell: Any) -> None:
    """Narrow margins, so that fifteen columns fit an upright page."""
    margins = OxmlElement("w:tcMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "26")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    properties = cell._element.get_or_add_tcPr()
    align = properties.find(qn("w:vAlign"))
    align.addprevious(margins)


def _keep_together(row: Any, *, repeated: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))


def _describe(table: Any, caption: str) -> None:
    """The caption for readers of the screen; it is printed as the heading of the section."""
    described = parse_xml(f'<w:tblCaption {nsdecls("w")} w:val=""/>')
    described.set(qn("w:val"), caption)
    table._tbl.tblPr.append(described)
