"""Word documents (.docx): paragraphs, and tables with their merged cells."""

import io
import zipfile
from typing import Any

from lxml import etree

from gongkai.core.reading.sources.document import LARGEST, MOST_CELLS, WIDEST, Document, Unreadable
from gongkai.core.reading.tables.grids import Grid, GridCell

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MAIN = "word/document.xml"


def read_docx(data: bytes, name: str) -> Document:
    """A .docx. Raises `Unreadable` for another kind of archive, a broken one, or one that unpacks without end."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if MAIN not in archive.namelist():
                raise Unreadable(f"{name} 不是 Word 文档（.docx）。")
            if archive.getinfo(MAIN).file_size > LARGEST:
                raise Unreadable(f"{name} 解开后太大，不像是一份年度报告。")
            with archive.open(MAIN) as file:
                xml = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, NotImplementedError, EOFError, OSError):
        raise Unreadable(f"{name} 已损坏或加密，打不开。") from None
    if len(xml) > LARGEST:
        raise Unreadable(f"{name} 解开后太大，不像是一份年度报告。")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(xml, parser)
    body = root.find(f"{W}body") if root is not None else None
    if body is None:
        raise Unreadable(f"{name} 里没有正文。")
    lines: list[str] = []
    grids: list[Grid] = []
    for element in body.iter(f"{W}p", f"{W}tbl"):
        if element.tag == f"{W}tbl":
            if element.find(f".//{W}tbl") is None:
                grid = _grid(element)
                grids.append(grid)
                lines.extend(_lines(grid))
        elif not any(True for _ in element.iterancestors(f"{W}tbl")):
            lines.append(_text(element))
    return Document("docx", "\n".join(lines), tuple(grids))


def _text(element: Any) -> str:
    signs = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n"}
    return "".join(signs.get(node.tag) or node.text or "" for node in element.iter(f"{W}t", *signs))


def _grid(table: Any) -> Grid:
    cells: list[GridCell] = []
    above: dict[int, int] = {}
    for number, row in enumerate(table.iter(f"{W}tr")):
        before = row.find(f"{W}trPr/{W}gridBefore")
        column = _number(before, 0)
        for cell in row.iter(f"{W}tc"):
            properties = cell.find(f"{W}tcPr")
            width = 1 if properties is None else _number(properties.find(f"{W}gridSpan"), 1)
            merge = None if properties is None else properties.find(f"{W}vMerge")
            if merge is not None and merge.get(f"{W}val", "continue") == "continue" and column in above:
                index = above[column]
                first = cells[index]
                cells[index] = GridCell(first.row, number - first.row + 1, first.left, first.right, first.printed)
            else:
                if len(cells) >= MOST_CELLS:
                    raise Unreadable("文档里的表格太大，不像是一份年度报告。")
                above[column] = len(cells)
                printed = " ".join(_text(paragraph) for paragraph in cell.iter(f"{W}p")).strip()
                cells.append(GridCell(number, 1, column, column + width, printed))
            column += width
    return Grid(tuple(cells))


def _number(element: Any, otherwise: int) -> int:
    value = element.get(f"{W}val", "") if element is not None else ""
    return max(1 if otherwise else 0, min(int(value), WIDEST)) if value.isdigit() else otherwise


def _lines(grid: Grid) -> list[str]:
    rows: dict[int, list[str]] = {}
    for cell in grid.cells:
        rows.setdefault(cell.row, []).append(cell.printed)
    return [" | ".join(texts) + " |" for _, texts in sorted(rows.items())]
