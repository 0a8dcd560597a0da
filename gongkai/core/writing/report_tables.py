"""The tables of the national forms laid out as a grid: which box stands where, over how many rows and columns.

Word, spreadsheet, PDF and pages are all drawn from it, so that the layout is written once. Every label comes from the
form. Sources of the layout: the annexes of 国办公开办函〔2019〕60号 and 国办公开办函〔2021〕30号, and the table of
国办发〔2014〕32号.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from gongkai.core.national_forms import FORMS, NationalForm
from gongkai.core.national_forms.cells import VALUE_COLUMN, Block, Cell, CellValue, Column, Row, Table
from gongkai.core.writing.numerals import plain

BoxKind = Literal["corner", "clause", "head", "label", "group", "unit", "value", "blank"]
NO_UNIT = "——"
TABLE_NAME = "表"
MANY_COLUMNS = 9
"""From this number of columns on a table is set in smaller type."""


@dataclass(frozen=True, slots=True)
class Box:
    """One box of a table: from which row and column of the grid, over how many.

    corner, clause, head: printed heads; label: the label of one row; group: a label over several rows, in which no value
    is printed itself; unit: the printed unit (2014); value: the cell `code`; blank: nothing is ever printed there.
    `note` is small print under the text. `depth` is that of the row: 0 for 一、, 1 for （一）, 2 for 1.
    """

    kind: BoxKind
    text: str
    top: int
    left: int
    height: int = 1
    width: int = 1
    code: str = ""
    depth: int = 0
    is_total: bool = False
    note: str = ""

    @property
    def is_head(self) -> bool:
        """Whether it is a head of columns."""
        return self.kind in ("corner", "clause", "head")


@dataclass(frozen=True, slots=True)
class Layout:
    """A table laid out. `rows` hold the boxes that begin in each row, from left to right.

    The first `head_rows` rows are repeated on each printed page. `widths` are relative widths of the columns.
    `footer` are the labels printed under the table of 2014.
    """

    table: Table
    caption: str
    unit: str
    rows: tuple[tuple[Box, ...], ...]
    head_rows: int
    widths: tuple[int, ...]
    footer: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        """The code of the table."""
        return self.table.code

    @property
    def number(self) -> str:
        """表二, 表三, 表四; empty in 2014."""
        return TABLE_NAME + self.table.section if self.table.section else ""

    @property
    def boxes(self) -> Iterator[Box]:
        """Every box, row by row."""
        for row in self.rows:
            yield from row

    @property
    def head(self) -> tuple[tuple[Box, ...], ...]:
        """The rows of heads at the top."""
        return self.rows[: self.head_rows]

    @property
    def body(self) -> tuple[tuple[Box, ...], ...]:
        """The other rows."""
        return self.rows[self.head_rows :]


def official_layouts(form: NationalForm) -> tuple[Layout, ...]:
    """The tables of a form as the notice prints them: labels of a group stand left of its rows, over all of them."""
    return tuple(_layout(table, merged=True) for table in form.tables)


def page_layouts(form: NationalForm) -> tuple[Layout, ...]:
    """The same tables for a screen: one column of labels, indented, which can stay in sight on a phone."""
    return tuple(_layout(table, merged=False) for table in form.tables)


def narrow_layout(layout: Layout) -> Layout | None:
    """A table of a single row turned by its groups, for a phone: one row a group (table four); None for the others."""
    table = layout.table
    if table.blocks or len(table.rows) != 1:
        return None
    groups = [(name, list(columns)) for name, columns in groupby(table.columns, key=lambda column: column.group)]
    heads = [column.label for column in groups[0][1]]
    top = (
        Box("corner", "", 0, 0),
        *(Box("head", text, 0, place + 1, is_total=groups[0][1][place].computed) for place, text in enumerate(heads)),
    )
    body = tuple(
        (
            Box("label", name or "", place + 1, 0),
            *_values(table, table.rows[0], columns, place + 1, range(1, len(columns) + 1)),
        )
        for place, (name, columns) in enumerate(groups)
    )
    return replace(layout, rows=(top, *body), head_rows=1, widths=(3, *(2 for _ in heads)))


def printed_value(cell: Cell, value: CellValue) -> str:
    """A value as official reports print it: +87, −2, 62470, 35692694.56元; unknown is empty, never 0.

    The unit of money is printed with the figure where the head of the column names none.
    """
    if value is None:
        return ""
    text = plain(value)
    if cell.kind == "signed_int" and value > 0:
        return f"+{text}"
    return f"{text}{cell.unit}" if cell.kind == "money" else text


def row_label(row: Row) -> str:
    """The printed label of a row; a printed remark in brackets belongs to it (2014), a remark of the data does not."""
    return row.label + row.note if row.note.startswith("（") else row.label


def caption_of(table: Table) -> str:
    """表三　收到和处理政府信息公开申请情况（件）; the table of 2014 has only its title."""
    number = f"{TABLE_NAME}{table.section}　" if table.section else ""
    unit = f"（{table.unit}）" if table.unit else ""
    return f"{number}{table.label}{unit}"


def unknown_cells(form: NationalForm, values: Mapping[str, CellValue]) -> tuple[Cell, ...]:
    """The cells whose value is unknown; they are printed empty and named in a note."""
    return tuple(cell for code, cell in form.cells.items() if values.get(code) is None)


def unknown_note(form: NationalForm, values: Mapping[str, CellValue], *, most: int = 8) -> str:
    """The sentence that names the cells printed empty, or an empty text; a long list is cut with its number."""
    cells = unknown_cells(form, values)
    if not cells:
        return ""
    names = "；".join(readable(form, cell) for cell in cells[:most])
    more = f"等{len(cells)}格" if len(cells) > most else ""
    return f"未填的数据格留空，不作零计：{names}{more}。"


def readable(form: NationalForm, cell: Cell) -> str:
    """The path of printed labels of a cell, with the number of its table: 表三　（一）予以公开 · 自然人."""
    table = form.table(cell.table)
    number = f"{TABLE_NAME}{table.section}　" if table.section else ""
    return f"{number}{cell.label}"


def _layout(table: Table, *, merged: bool) -> Layout:
    if table.blocks:
        rows, head_rows, widths = _blocks(table, merged=merged), 0, _block_widths(table)
    elif table.header:
        rows, head_rows, widths = _statistics(table), 1, (6, 1, 2)
    else:
        rows, head_rows, widths = _crossed(table, merged=merged)
    return Layout(table, caption_of(table), table.unit, rows, head_rows, widths, table.footer)


# ---- table two: blocks, each with its own head


def _block_widths(table: Table) -> tuple[int, ...]:
    return (4, *(3 for _ in range(_widest(table))))


def _widest(table: Table) -> int:
    return max(len(block.columns) for block in table.blocks)


def _blocks(table: Table, *, merged: bool) -> tuple[tuple[Box, ...], ...]:
    """The official layout prints the clause in a row of its own; a page joins it with the head of the labels."""
    rows: list[tuple[Box, ...]] = []
    for block in table.blocks:
        places = list(_places(block, _widest(table)))
        if merged:
            rows.append((Box("clause", block.label, len(rows), 0, width=1 + _widest(table)),))
            first = Box("head", block.first_column, len(rows), 0)
        else:
            first = Box("clause", block.label, len(rows), 0, note=block.first_column)
        rows.append((first, *(Box("head", c.label, len(rows), left, width=width) for c, left, width in places)))
        for row in block.rows:
            label = Box("label", row_label(row), len(rows), 0)
            rows.append((label, *(_value(table, row, c, len(rows), left, width) for c, left, width in places)))
    return tuple(rows)


def _places(block: Block, widest: int) -> Iterator[tuple[Column, int, int]]:
    """Each column with where it begins and how wide it is: the last one takes what is left."""
    last = len(block.columns) - 1
    for place, column in enumerate(block.columns):
        yield column, 1 + place, widest - place if place == last else 1


# ---- the table of 2014: indicator, unit, figure


def _statistics(table: Table) -> tuple[tuple[Box, ...], ...]:
    rows: list[tuple[Box, ...]] = [tuple(Box("head", text, 0, place) for place, text in enumerate(table.header))]
    [column] = table.columns
    for row in table.rows:
        top = len(rows)
        label = Box("label", row_label(row), top, 0, depth=row.depth)
        unit = Box("unit", row.unit or NO_UNIT, top, 1)
        figure = _value(table, row, column, top, 2) if row.entry else Box("blank", NO_UNIT, top, 2)
        rows.append((label, unit, figure))
    return tuple(rows)


# ---- tables three and four: rows by columns with heads over heads


def _crossed(table: Table, *, merged: bool) -> tuple[tuple[tuple[Box, ...], ...], int, tuple[int, ...]]:
    named = any(row.label for row in table.rows)
    labels = (1 + max(row.depth for row in table.rows) if merged else 1) if named else 0
    heads = _heads(table, labels)
    body = _body_merged(table, labels, len(heads)) if labels > 1 else _body_indented(table, labels, len(heads))
    width_of_labels = (4, 5, 12) if labels == 3 else (20,) * labels
    return (*heads, *body), len(heads), (*width_of_labels, *(5 for _ in table.columns))


def _heads(table: Table, labels: int) -> list[tuple[Box, ...]]:
    """Equal neighbours share a box. The head of a short path stretches down: the column's own, or its group's."""
    paths = [_path(table, column) for column in table.columns]
    depth = max(len(path) for path in paths)
    stretched = [_stretch(path, depth, column) for path, column in zip(paths, table.columns, strict=True)]
    rows: list[tuple[Box, ...]] = []
    for level in range(depth):
        row = [Box("corner", table.corner, 0, 0, height=depth, width=labels)] if labels and level == 0 else []
        place = 0
        for above, same in groupby(stretched, key=lambda path: path[: level + 1]):
            width = len(list(same))
            if level == 0 or above[level] is not above[level - 1]:
                height = sum(1 for text in stretched[place] if text is above[level])
                total = width == 1 and table.columns[place].computed
                row.append(
                    Box("head", above[level].text, level, labels + place, height=height, width=width, is_total=total)
                )
            place += width
        rows.append(tuple(row))
    return rows


@dataclass(frozen=True, slots=True)
class _Head:
    """A head of columns; `level` and `place` tell equal words in different places apart."""

    text: str
    place: str


def _path(table: Table, column: Column) -> list[_Head]:
    """The printed heads from the top down to the column's own."""
    above = [text for text in (table.column_head, column.supergroup, column.group) if text]
    return [
        *(_Head(text, "/".join(above[:level])) for level, text in enumerate(above)),
        _Head(column.label, column.code),
    ]


def _stretch(path: Sequence[_Head], depth: int, column: Column) -> tuple[_Head, ...]:
    """The path made as long as the longest by repeating the head that stretches."""
    at = len(path) - 2 if column.group else len(path) - 1
    return (*path[:at], *(path[at] for _ in range(depth - len(path) + 1)), *path[at + 1 :])


def _body_indented(table: Table, labels: int, first: int) -> list[tuple[Box, ...]]:
    rows = []
    for place, row in enumerate(table.rows):
        top = first + place
        kind: BoxKind = "label" if row.entry else "group"
        label = (Box(kind, row_label(row), top, 0, depth=row.depth, is_total=row.computed),) if labels else ()
        places = range(labels, labels + len(table.columns))
        rows.append((*label, *_values(table, row, table.columns, top, places)))
    return rows


def _body_merged(table: Table, labels: int, first: int) -> list[tuple[Box, ...]]:
    """A row that prints no value is a label beside its rows, over all of them; it takes no line of its own."""
    rows: list[tuple[Box, ...]] = []
    waiting: list[Box] = []
    for place, row in enumerate(table.rows):
        top = first + len(rows)
        if not row.entry:
            waiting.append(Box("group", row_label(row), top, row.depth, _lines_under(table.rows, place), 1))
            continue
        label = Box("label", row_label(row), top, row.depth, 1, labels - row.depth, "", row.depth, row.computed)
        places = range(labels, labels + len(table.columns))
        rows.append((*waiting, label, *_values(table, row, table.columns, top, places)))
        waiting = []
    return rows


def _lines_under(rows: Sequence[Row], place: int) -> int:
    """How many lines with values stand under a row that has none."""
    lines = 0
    for row in rows[place + 1 :]:
        if row.depth <= rows[place].depth:
            break
        lines += row.entry
    return lines


def _values(table: Table, row: Row, columns: Sequence[Column], top: int, places: Sequence[int]) -> Iterator[Box]:
    for column, left in zip(columns, places, strict=True):
        if row.entry:
            yield _value(table, row, column, top, left)
        else:
            yield Box("blank", "", top, left, is_total=column.computed)


def _value(table: Table, row: Row, column: Column, top: int, left: int, width: int = 1) -> Box:
    total = column.computed or (row.computed and column.code != VALUE_COLUMN)
    return Box("value", "", top, left, width=width, code=table.cell_code(row, column), is_total=total)


OFFICIAL: Mapping[str, tuple[Layout, ...]] = {code: official_layouts(form) for code, form in FORMS.items()}
"""The official layouts of every form, by its code."""
