"""Web pages: the text as it is seen, and every table with its spans laid out."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from gongkai.core.reading.sources.document import MOST_CELLS, WIDEST, Document, Unreadable
from gongkai.core.reading.tables.grids import Grid, GridCell

UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "select", "textarea"})
BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "br",
        "center",
        "dd",
        "div",
        "dl",
        "dt",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "tfoot",
        "thead",
        "tr",
        "ul",
        "caption",
    ]
)
CELLS = frozenset({"td", "th"})
SPACES = re.compile(r"[ \t\r\n\f]+")


def read_html(text: str) -> Document:
    """A web page. Raises `Unreadable` if nothing can be made of it or its tables have no end."""
    # A declaration of the encoding is of no use any more, and lxml refuses text that has one.
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\x00", "")
    try:
        root = lxml_html.fromstring(
            text, parser=lxml_html.HTMLParser(recover=True, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise Unreadable("网页里没有内容，读不出报告。") from None
    titles = [_visible(element) for element in root.iter("title")][:1]
    grids = tuple(_grid(table) for table in root.iter("table") if not any(True for _ in _inner_tables(table)))
    return Document("html", _visible(root), grids, title=titles[0].strip() if titles else "")


def _inner_tables(table: Any) -> Iterator[Any]:
    return (inner for inner in table.iter("table") if inner is not table)


def _visible(root: Any) -> str:
    """The text as a reader sees it: a line for a block, a bar after a cell, nothing of what is not shown."""
    parts: list[str] = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in BLOCKS:
                parts.append("\n")
            if tag not in UNSEEN and element.text and not _within_unseen(element):
                parts.append(SPACES.sub(" ", element.text))
        else:
            if tag in CELLS:
                parts.append(" |")
            elif tag in BLOCKS and tag != "br":
                parts.append("\n")
            if element is not root and element.tail and not _within_unseen(element.getparent()):
                parts.append(SPACES.sub(" ", element.tail))
    text = "".join(parts)
    # Paragraphs inside a cell do not end the cell.
    text = re.sub(r"\n\s*\|", " |", text)
    return re.sub(r"[ \t]*\n\s*", "\n", text).strip()


def _within_unseen(element: Any) -> bool:
    depth = 0
    while element is not None and depth < 4:
        if element.tag in UNSEEN and element.tag != "head":
            return True
        element, depth = element.getparent(), depth + 1
    return False


def _grid(table: Any) -> Grid:
    """The cells of a table without inner tables, laid out by their spans."""
    cells: list[GridCell] = []
    taken: dict[int, int] = {}
    for number, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row.iterchildren():
            if cell.tag not in CELLS:
                continue
            while taken.get(column, 0) > number:
                column += 1
            width = _span(cell.get("colspan"))
            height = _span(cell.get("rowspan"))
            if len(cells) >= MOST_CELLS:
                raise Unreadable("网页里的表格太大，不像是一份年度报告。")
            cells.append(GridCell(number, height, column, column + width, _cell_text(cell)))
            for place in range(column, column + width):
                taken[place] = number + height
            column += width
    return Grid(tuple(cells))


def _cell_text(cell: Any) -> str:
    parts: list[str] = [cell.text or ""]
    for element in cell.iterdescendants():
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in BLOCKS:
            parts.append("\n")
        if tag not in UNSEEN:
            parts.append(element.text or "")
        parts.append(element.tail or "")
    return SPACES.sub(" ", "".join(parts)).strip()


def _span(text: str | None) -> int:
    digits = re.match(r"\s*(\d{1,4})", text or "")
    return max(1, min(int(digits[1]), WIDEST)) if digits else 1
