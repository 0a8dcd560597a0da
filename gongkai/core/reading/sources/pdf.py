"""PDF with a text layer: the text of all pages, and on pages with tables the cells that lines make, or else their layout."""

import io
import warnings
from collections.abc import Sequence
from typing import Any

from gongkai.core.reading.characters import compact, normalise
from gongkai.core.reading.sources.document import MOST_CELLS, MOST_PAGES, Document, Unreadable
from gongkai.core.reading.tables.grids import Grid, GridCell
from gongkai.core.reading.tables.labels import columns_in, modern_targets, older_targets

MOST_TABLE_PAGES = 60
FULLEST = 60_000
"""Characters on one page: more is no page of a report."""


def read_pdf(data: bytes, name: str) -> Document:
    """A PDF. Raises `Unreadable` for an encrypted or broken one and for one with far too many pages.

    Pages without text are counted: they are pictures.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise Unreadable(f"{name} 加了密码，打不开。" if locked else f"{name} 不是完整的 PDF，打不开。") from None
    try:
        if len(pdf) > MOST_PAGES:
            raise Unreadable(f"{name} 有 {len(pdf)} 页，不像是一份年度报告。")
        texts = [_page_text(pdf[number]) for number in range(len(pdf))]
    except pypdfium2.PdfiumError:
        raise Unreadable(f"{name} 有一页读不出来。") from None
    finally:
        pdf.close()
    wanted = _table_pages(texts)
    grids, layouts = _tables(data, wanted, name) if wanted else ([], {})
    lost = sum(not text.strip() for text in texts)
    layout = "\f".join(layouts[number] for number in sorted(layouts))
    return Document("pdf", "\n\f".join(texts), tuple(grids), lost_pages=lost, pages=len(texts), layout=layout)


def _page_text(page: Any) -> str:
    text = page.get_textpage()
    try:
        return str(text.get_text_bounded()).replace("\r\n", "\n").replace("\r", "\n")
    finally:
        text.close()
        page.close()


def _table_pages(texts: Sequence[str]) -> list[int]:
    """Pages that name rows or columns of a form, and those between them."""
    keys = {target.keys[0] for target in (*modern_targets(), *older_targets()) if len(target.keys[0]) >= 5}
    named = []
    for number, text in enumerate(texts):
        words = compact(normalise(text[:FULLEST]).text)
        if sum(key in words for key in keys) + 2 * bool(columns_in(words)) + words.count("尚未审结") >= 2:
            named.append(number)
    return list(range(named[0], named[-1] + 1))[:MOST_TABLE_PAGES] if named else []


def _tables(data: bytes, wanted: Sequence[int], name: str) -> tuple[list[Grid], dict[int, str]]:
    import pdfplumber

    grids: list[Grid] = []
    layouts: dict[int, str] = {}
    cells = 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with pdfplumber.open(io.BytesIO(data)) as pdf:
                for number in wanted:
                    page = pdf.pages[number]
                    if len(page.chars) > FULLEST:
                        raise Unreadable(f"{name} 第 {number + 1} 页的内容太多，不像是一份年度报告。")
                    for table in page.find_tables():
                        grid = _grid(page, table)
                        cells += len(grid.cells)
                        if cells > MOST_CELLS:
                            raise Unreadable(f"{name} 里的表格太大，不像是一份年度报告。")
                        grids.append(grid)
                    layouts[number] = _layout(page)
                    page.close()
        except Unreadable:
            raise
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, AssertionError, RecursionError, OSError):
            # What pdfminer makes of a broken file; the text of the pages is there, so the report is still read from it.
            return [], {}
    return grids, layouts


def _grid(page: Any, table: Any) -> Grid:
    """The cells of a table with lines. A cell spans the rows whose upper edges lie within it."""
    tops = sorted({round(cell[1], 1) for cell in table.cells})
    rows = {top: index for index, top in enumerate(_merged(tops))}
    edges = list(rows)
    characters = sorted(page.chars, key=lambda each: (each["top"], each["x0"]))
    cells = []
    for left, top, right, bottom in table.cells:
        first = min(range(len(edges)), key=lambda index: abs(edges[index] - top))
        height = sum(top - 1 < edge < bottom - 1 for edge in edges)
        inside = [
            each
            for each in characters
            if left <= (each["x0"] + each["x1"]) / 2 < right and top <= (each["top"] + each["bottom"]) / 2 < bottom
        ]
        cells.append(GridCell(first, max(1, height), left, right, _lines_of(inside)))
    cells.sort(key=lambda cell: (cell.row, cell.left))
    return Grid(tuple(cells))


def _merged(tops: Sequence[float]) -> list[float]:
    merged: list[float] = []
    for top in tops:
        if not merged or top - merged[-1] > 1.5:
            merged.append(top)
    return merged


def _lines_of(characters: Sequence[Any]) -> str:
    lines: list[list[Any]] = []
    for each in characters:
        middle = (each["top"] + each["bottom"]) / 2
        if lines and abs((lines[-1][0]["top"] + lines[-1][0]["bottom"]) / 2 - middle) < each["height"] * 0.6:
            lines[-1].append(each)
        else:
            lines.append([each])
    return "\n".join(_spaced(sorted(line, key=lambda each: each["x0"]), wide=0.6) for line in lines).strip()


def _spaced(line: Sequence[Any], *, wide: float) -> str:
    parts: list[str] = []
    for index, each in enumerate(line):
        if index and each["x0"] - line[index - 1]["x1"] > wide * each["size"]:
            parts.append(" ")
        parts.append(each["text"])
    return "".join(parts)


def _layout(page: Any) -> str:
    """The text of a page with every word at its place across, so that columns without lines stay columns."""
    words = page.extract_words(x_tolerance=2, y_tolerance=3, keep_blank_chars=False)
    lines: list[list[Any]] = []
    for word in sorted(words, key=lambda each: ((each["top"] + each["bottom"]) / 2, each["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        if lines and abs(_middle(lines[-1]) - middle) < (word["bottom"] - word["top"]) * 0.5:
            lines[-1].append(word)
        else:
            lines.append([word])
    step = 3.0
    result = []
    for line in lines:
        text = ""
        for word in sorted(line, key=lambda each: each["x0"]):
            place = int(word["x0"] / step)
            text += " " * max(place - len(text), 2 if text else 0) + word["text"]
        result.append(text)
    return "\n".join(result)


def _middle(line: Sequence[Any]) -> float:
    return float(sum((word["top"] + word["bottom"]) / 2 for word in line) / len(line))
