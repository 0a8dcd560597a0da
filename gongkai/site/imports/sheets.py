"""Reading .xlsx files that somebody sent: size, shape and honesty first, then the cells.

A small file can unpack to gigabytes, and one cell in the last corner of a sheet makes a reader lay out seventeen thousand
million cells. So the package is unpacked and its cell references are read under a limit before the real reader sees it.
What the reader cannot say is kept beside: which cells hold a formula without a computed value, which rows are merged.
"""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO, Final

from django.conf import settings
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from gongkai.base.errors import RuleBroken

MOST_ROWS: Final = 100_000
MOST_COLUMNS: Final = 200
MOST_CELLS: Final = 4_000_000
UNPACKED: Final = 200 << 20
"""Bytes that a package may unpack to: a hundred thousand rows of twenty columns need about half of it."""
MEMBERS: Final = 2000
REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]*)(\d+)["']""")
CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
ROW = re.compile(rb"<(?:\w+:)?row[\s/>]")
# A formula whose value was never computed: nothing, or an empty value, stands behind it. No part runs over the next "<"
# and none is tried twice (possessive), so that the time grows with the length of what somebody sent, not with its square.
UNCOMPUTED = re.compile(
    rb"""<c(\s[^<>]*+)>\s*+<f(?:[\s/][^<>]*+)?+>(?:(?<=/>)|[^<]*+</f>)\s*+(?:<v\s*+/>|<v>\s*+</v>)?+\s*+</c>"""
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells of one sheet as the reader gives them, row by row from the first; numbers are floats."""

    name: str
    rows: list[list[object]]
    uncomputed: frozenset[tuple[int, int]]
    """Row and column (from 0) of cells that hold a formula without a value; they read as empty."""
    merged: frozenset[int]
    """Rows (from 0) that share a merged cell with another row."""


def read_sheet(content: bytes | IO[bytes], *, name: str = "") -> Sheet:
    """The first visible sheet, or the one of that name. Raises RuleBroken with one sentence for what cannot be read."""
    data = content if isinstance(content, bytes) else content.read(settings.UPLOAD_LIMIT + 1)
    uncomputed = examine(data)
    try:
        with CalamineWorkbook.from_filelike(BytesIO(data)) as book:
            sheet = book.get_sheet_by_name(name or _first_visible(book))
            if (sheet.end or (0, 0))[0] + 1 > MOST_ROWS:
                raise _too_many_rows()
            rows = [list[object](row) for row in sheet.to_python(skip_empty_area=False)]
            last = max((row for row, _ in uncomputed), default=-1)
            rows += [[] for _ in range(len(rows), last + 1)]  # the reader leaves out rows in which it sees nothing
            merged = frozenset(
                row
                for (top, _), (bottom, _) in sheet.merged_cell_ranges or ()
                if bottom > top
                for row in range(top, min(bottom, len(rows)) + 1)
            )
            return Sheet(sheet.name, rows, uncomputed, merged)
    except CalamineError:
        raise RuleBroken(
            "这个表格读不出来，文件可能已经损坏；请用表格软件打开，另存为 .xlsx 后再试。", field="file"
        ) from None


def _first_visible(book: CalamineWorkbook) -> str:
    for sheet in book.sheets_metadata:
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible:
            return sheet.name
    raise RuleBroken("这个文件里没有可见的工作表。", field="file")


def examine(data: bytes) -> frozenset[tuple[int, int]]:
    """Refuse what is no workbook or too large in any way, before any reader lays it out; else tell the cells (row and
    column from 0) that hold a formula without a computed value. For every upload that is read by calamine."""
    if len(data) > settings.UPLOAD_LIMIT:
        raise RuleBroken(f"文件超过 {settings.UPLOAD_LIMIT >> 20} MB，请拆成几个文件。", field="file")
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise RuleBroken("这是旧格式（.xls）或者加了密码的文件，请去掉密码，另存为 .xlsx 后再试。", field="file")
    found: set[tuple[int, int]] = set()
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            if "xl/workbook.xml" not in package.namelist():
                raise RuleBroken("这不是 .xlsx 表格，请用下载的模板填写。", field="file")
            for member in _members(package):
                if re.search(rb"<!(?:DOCTYPE|ENTITY)", member[:4096]):
                    raise RuleBroken("这个文件里有不该有的内容，不能导入；请用下载的模板填写。", field="file")
                _refuse_far_cells(member)
                if b"<f" in member:
                    found.update(
                        (int(row) - 1, _column(letters))
                        for attributes in UNCOMPUTED.findall(member)
                        for letters, row in REFERENCE.findall(attributes)
                        if letters
                    )
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise RuleBroken("这不是 .xlsx 表格，或者文件已经损坏。", field="file") from None
    return frozenset(found)


def _members(package: zipfile.ZipFile) -> Iterator[bytes]:
    """The parts one by one, unpacked; stops as soon as they are too many or too large, whatever they claim to be."""
    entries = package.infolist()
    left = UNPACKED
    if len(entries) > MEMBERS or sum(entry.file_size for entry in entries) > left:
        raise _too_large()
    for entry in entries:
        if entry.is_dir():
            continue
        with package.open(entry) as stream:
            content = stream.read(left + 1)
        left -= len(content)
        if left < 0:
            raise _too_large()
        yield content


def _refuse_far_cells(member: bytes) -> None:
    most_row = most_column = referred = 0
    for found in REFERENCE.finditer(member):  # not findall: a large sheet has millions
        letters, row = found.groups()
        if len(row) > 7 or len(letters) > 3:
            raise _too_many_rows()
        most_row = max(most_row, int(row))
        if letters:
            referred += 1
            most_column = max(most_column, _column(letters) + 1)
    cells = sum(1 for _ in CELL.finditer(member))
    if cells > referred:  # cells may do without a reference and then stand one after the other
        lines = ROW.split(member)
        most_row = max(most_row, len(lines) - 1)
        most_column = max(most_column, *(sum(1 for _ in CELL.finditer(line)) for line in lines))
    if most_column > MOST_COLUMNS:
        raise RuleBroken(f"表格有 {most_column} 列，最多 {MOST_COLUMNS} 列；请删去右边多余的列。", field="file")
    if most_row > MOST_ROWS + 10:
        raise _too_many_rows()
    if most_row * most_column > MOST_CELLS:
        raise RuleBroken("表格太大，请拆成几个文件，或者删去多余的空行和空列。", field="file")


def _too_many_rows() -> RuleBroken:
    return RuleBroken(f"表格超过 {MOST_ROWS:,} 行，请拆成几个文件，或者删去下面多余的空行。", field="file")


def _too_large() -> RuleBroken:
    return RuleBroken("文件展开后太大，不能导入；请拆成几个文件。", field="file")


def _column(letters: bytes) -> int:
    """The place of a column by its letters, from 0."""
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
