"""The tables of a report as a page shows them: the layout of `core.writing.report_tables` with figures and links in it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby

from gongkai.core.national_forms import Cell, CellValue, NationalForm
from gongkai.core.reading.report import json_number
from gongkai.core.writing.numerals import plain
from gongkai.core.writing.report_tables import Box, Layout, narrow_layout, page_layouts
from gongkai.reporting.annual_reports.narrative import PERCENT_PLACES


def tidy(value: CellValue, unit: str = "") -> CellValue:
    """The number without needless zeros: what a database keeps as 311.0000 is read as 311; a share as the text prints it."""
    if value is None:
        return None
    number = Decimal(value)
    if unit == "%":
        number = number.quantize(PERCENT_PLACES, ROUND_HALF_UP)
    return json_number(Decimal(plain(number)))


HAND = "hand"
MARKS: Mapping[str, str] = {HAND: "手填", "records+returns": "另加"}
"""What stands beside a figure that is not simply counted or returned."""


@dataclass(frozen=True, slots=True)
class Extra:
    """What a page adds to a cell: where it opens, how a finding about it is shown (bad, warn), where it comes from.

    `now` is what the ledgers say today where it differs from the frozen value shown.
    """

    url: str = ""
    tone: str = ""
    source: str = ""
    moved: bool = False
    now: CellValue = None


@dataclass(frozen=True, slots=True)
class ShownBox:
    """One box as a template prints it."""

    box: Box
    value: CellValue = None
    unit: str = ""
    extra: Extra = field(default_factory=Extra)
    is_current: bool = False
    is_signed: bool = False
    in_block: bool = False
    """Whether it stands in table two, whose blocks have heads of their own."""

    @property
    def is_value(self) -> bool:
        """Whether a figure is printed here."""
        return self.box.kind == "value"

    @property
    def is_blank(self) -> bool:
        """Whether nothing is ever printed here but a dash (2014)."""
        return self.box.kind in ("blank", "unit")

    @property
    def scope(self) -> str:
        """The scope of a head, for readers of the screen."""
        if self.box.is_head:
            return "col" if self.box.width == 1 else "colgroup"
        return "rowgroup" if self.box.kind == "group" else "row"

    @property
    def css(self) -> str:
        """The classes of a box: its kind, depth and whether it is a total."""
        box = self.box
        names = []
        if box.kind == "corner":
            names.append("corner")
        if box.kind in ("label", "group") and box.depth:
            names.append("sub" if box.depth == 1 else "sub2")
        if self.is_value or (box.kind == "head" and self.in_block) or (box.kind == "blank" and box.text):
            names.append("num")
        if box.kind == "unit":
            names.append("nowrap")
        if box.kind == "head" and self.in_block:
            names.append("small")
        if self.is_value and self.value == 0 and not self.extra.tone:
            names.append("zero")
        if box.is_total:
            names.append("total")
        return " ".join(names)

    @property
    def opens(self) -> bool:
        """Whether the figure is a link: each that is not 0, each unknown one, and a 0 that a finding names."""
        return bool(self.extra.url) and (self.value != 0 or bool(self.extra.tone) or self.extra.moved)

    @property
    def mark(self) -> str:
        """The word beside a figure typed by hand or filed in addition."""
        return MARKS.get(self.extra.source, "")

    @property
    def sign(self) -> str:
        """The argument of the `figure` filter: whether the sign of an increase is printed."""
        return "+" if self.is_signed else ""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row: its boxes and the class of the row."""

    boxes: tuple[ShownBox, ...]
    css: str


@dataclass(frozen=True, slots=True)
class ShownTable:
    """A table of the page. `bodies` are groups of rows: the blocks of table two, else one."""

    layout: Layout
    head: tuple[ShownRow, ...]
    bodies: tuple[tuple[ShownRow, ...], ...]
    narrow: "ShownTable | None" = None

    @property
    def id(self) -> str:
        """The id of the table on the page."""
        return f"table-{self.layout.code}"

    @property
    def is_wide(self) -> bool:
        """Whether it scrolls sideways on a phone, with its labels and totals in sight."""
        return bool(self.head) and not self.layout.table.header and self.narrow is None

    @property
    def css(self) -> str:
        """The classes of the table."""
        if not self.head:
            return "table table-even"
        return "table grid table-dense"


def shown_tables(
    form: NationalForm,
    values: Mapping[str, CellValue],
    *,
    extras: Callable[[Cell], Extra] | None = None,
    current: str = "",
    section: str | None = None,
) -> tuple[ShownTable, ...]:
    """The tables of a form, or of one section of it, with their values. `current` is the code of the cell opened."""
    look = extras or (lambda _: Extra())
    return tuple(
        _table(form, values, layout, look, current)
        for layout in page_layouts(form)
        if section is None or layout.table.section == section
    )


def _table(
    form: NationalForm,
    values: Mapping[str, CellValue],
    layout: Layout,
    look: Callable[[Cell], Extra],
    current: str,
) -> ShownTable:
    def row(boxes: Iterable[Box]) -> ShownRow:
        shown = tuple(_box(form, values, box, look, current, in_block=bool(layout.table.blocks)) for box in boxes)
        return ShownRow(shown, _row_css(shown))

    narrow = narrow_layout(layout)
    body = [row(boxes) for boxes in layout.body]
    return ShownTable(
        layout=layout,
        head=tuple(row(boxes) for boxes in layout.head),
        bodies=tuple(_by_block(body)) if layout.table.blocks else (tuple(body),),
        narrow=_table(form, values, narrow, look, current) if narrow and narrow.rows != layout.rows else None,
    )


def _by_block(rows: Iterable[ShownRow]) -> Iterable[tuple[ShownRow, ...]]:
    """A block of table two begins with its clause."""
    number = 0

    def block(row: ShownRow) -> int:
        nonlocal number
        number += row.boxes[0].box.kind == "clause"
        return number

    for _, same in groupby(rows, key=block):
        yield tuple(same)


def _row_css(boxes: tuple[ShownBox, ...]) -> str:
    first = boxes[0].box
    if first.kind in ("group", "clause"):
        return "group-row"
    return "total" if first.kind == "label" and first.is_total else ""


def _box(
    form: NationalForm,
    values: Mapping[str, CellValue],
    box: Box,
    look: Callable[[Cell], Extra],
    current: str,
    *,
    in_block: bool,
) -> ShownBox:
    if box.kind != "value":
        return ShownBox(box, in_block=in_block)
    cell = form.cells[box.code]
    return ShownBox(
        box=box,
        value=tidy(values.get(box.code)),
        unit=cell.unit if cell.kind == "money" else "",
        extra=look(cell),
        is_current=box.code == current,
        is_signed=cell.kind == "signed_int",
    )
