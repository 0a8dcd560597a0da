"""A row as it is printed, whatever the source: a label and the cells after it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from gongkai.core.reading.report import Why


@dataclass(frozen=True, slots=True)
class Piece:
    """One printed cell. `text` is normalised, `printed` as printed; `left` and `right` are places in the source's own unit.

    `line` is the line of a text or the row of a grid. `touching`: no blank stands between this number and the next.
    """

    text: str
    printed: str
    left: float
    right: float
    line: int = 0

    @property
    def is_blank(self) -> bool:
        return not self.text.strip(" |\t\n")

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True)
class Leaf:
    """A column as a head names it: its code (None for a column of nobody's form), its place, the unit in its head."""

    code: str | None
    left: float
    right: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """The label that stands before the cells, in compact letters, and the cells. `leaves`: the head that is in force.

    `exact`: the cells come from a grid, so that a blank is a blank. `fragment` counts pieces of a table that share columns.
    """

    label: str
    pieces: tuple[Piece, ...]
    leaves: tuple[Leaf, ...] = ()
    exact: bool = False
    fragment: int = 0
    head: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A cell that was read, or why not. Values are in the unit of the form that has the cell."""

    value: Decimal | int | None
    printed: str = ""
    why: Why | None = None


@dataclass(slots=True)
class TableFindings:
    """Everything that the tables of one source say, by cell code. `columns` are the codes of heads that were seen."""

    cells: dict[str, Found] = field(default_factory=dict)
    rows: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    tables: set[str] = field(default_factory=set)

    def put(self, code: str, found: Found) -> None:
        """Keep the first reading of a cell; a second one that says otherwise makes it ambiguous."""
        known = self.cells.get(code)
        if known is None or (known.value is None and found.value is not None and known.why in ("blank", "missing_row")):
            self.cells[code] = found
        elif found.value is not None and known.value is not None and found.value != known.value:
            self.cells[code] = Found(None, known.printed, "ambiguous")


def numbers_of(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    return tuple(piece for piece in pieces if not piece.is_blank)
