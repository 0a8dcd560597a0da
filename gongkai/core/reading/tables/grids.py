"""Tables that still are tables: from a grid of cells to printed rows, each with the head that is in force.

A grid may be cut in two, repeat its head, span as it likes or be ragged: a head is what its words say, and a row without one
keeps the last. Places of columns are used only where the grid is sound.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise
from math import nan

from gongkai.core.national_forms import FORMS
from gongkai.core.national_forms.cells import VALUE_COLUMN
from gongkai.core.reading.characters import compact, normalise
from gongkai.core.reading.numbers import NUMBER, SLASH, UNITS
from gongkai.core.reading.tables.labels import columns_in, core, leaf_labels, modern_targets, older_targets
from gongkai.core.reading.tables.rows import Leaf, Piece, PrintedRow

NO_NUMBER = re.compile(r"无|暂无|没有|不涉及|未统计|不详|空|[Xx×]")
UNIT_WORDS = {*UNITS, "单位"}
LONGEST_HEAD = 40
COUNTS = ("统计数", "数量", "统计数据", "数值")


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell as printed: its first row, how many rows it spans, and where it begins and ends across."""

    row: int
    height: int
    left: float
    right: float
    printed: str


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one table, row by row."""

    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    cell: GridCell
    text: str
    letters: str
    own: bool

    @property
    def is_value(self) -> bool:
        bare = self.text.strip()
        return bool(NUMBER.fullmatch(bare) or SLASH.fullmatch(bare) or NO_NUMBER.fullmatch(bare)) or not self.letters


@dataclass(slots=True)
class _Heads:
    """The head in force, as it is gathered row by row."""

    leaves: tuple[Leaf, ...] = ()
    kind: str = ""
    words: str = ""
    above: tuple[_Seen, ...] = ()
    complete: bool = False


def printed_rows(grids: Sequence[Grid]) -> list[PrintedRow]:
    """The rows of all grids in order."""
    rows: list[PrintedRow] = []
    heads = _Heads()
    extent: tuple[float, float] | None = None
    for number, grid in enumerate(grids):
        if not grid.cells:
            continue
        bounds = min(cell.left for cell in grid.cells), max(cell.right for cell in grid.cells)
        if extent is not None and bounds != extent:
            heads.leaves = _placeless(heads.leaves)
        extent = bounds
        for cells in _by_row(grid):
            if not _is_head(cells, heads):
                rows.extend(_data_rows(cells, heads, number))
    return rows


def _by_row(grid: Grid) -> Iterator[list[_Seen]]:
    last = max(cell.row for cell in grid.cells)
    starting: dict[int, list[_Seen]] = {}
    for cell in grid.cells:
        text = normalise(cell.printed).text
        starting.setdefault(cell.row, []).append(_Seen(cell, text, compact(text), own=True))
    hanging: list[_Seen] = []
    for number in range(last + 1):
        own = starting.get(number, [])
        hanging = [seen for seen in hanging if seen.cell.row + seen.cell.height > number]
        if own:
            yield sorted([*own, *hanging], key=lambda seen: seen.cell.left)
        hanging.extend(replace(seen, own=False) for seen in own if seen.cell.height > 1)


def _placeless(leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
    return tuple(replace(leaf, left=nan, right=nan) for leaf in leaves)


# Heads


def _is_head(cells: Sequence[_Seen], heads: _Heads) -> bool:
    """Whether this row belongs to a head; if so it is added to the one in force, or begins a new one."""
    own = [seen for seen in cells if seen.own and seen.letters]
    if not own or any(NUMBER.fullmatch(seen.text.strip()) for seen in own):
        return False
    named = [seen for seen in own if len(seen.letters) <= LONGEST_HEAD and columns_in(seen.letters)]
    if named:
        _proactive_head(own, named, heads)
        return True
    if any(seen.letters in COUNTS for seen in own) and any(seen.letters in ("单位", "计量单位") for seen in own):
        leaves = tuple(Leaf(VALUE_COLUMN, seen.cell.left, seen.cell.right) for seen in own if seen.letters in COUNTS)
        heads.leaves, heads.kind, heads.words = leaves[:1] if len(leaves) == 1 else (), "statistics", ""
        return True
    for table, least in (("remedies", 3), ("applications", 2)):
        labels = {label for label, _ in leaf_labels(table)}
        leaves_here = [seen for seen in own if seen.letters in labels]
        first = leaf_labels(table)[0][0]
        if len(leaves_here) >= least or (table == "applications" and any(seen.letters == first for seen in own)):
            _leaf_head(table, cells, leaves_here, heads)
            return True
    if any(len(seen.letters) <= LONGEST_HEAD and core(seen.text) in _row_keys() for seen in own):
        return False
    heads.above = (*heads.above, *own)[-40:]
    heads.words += "".join(seen.letters for seen in own if len(seen.letters) <= LONGEST_HEAD)
    return False


def _row_keys() -> frozenset[str]:
    return frozenset(key for target in (*modern_targets(), *older_targets()) for key in target.keys)


def _proactive_head(own: Sequence[_Seen], named: Sequence[_Seen], heads: _Heads) -> None:
    leaves = []
    for seen in own:
        if seen.cell.left < named[0].cell.left:
            continue
        columns = columns_in(seen.letters)
        unit = re.search(r"亿元|万元|元", seen.letters)
        code = columns[0][0] if len(columns) == 1 else None
        leaves.append(Leaf(code, seen.cell.left, seen.cell.right, unit[0] if unit else ""))
    heads.leaves, heads.kind, heads.words, heads.above = tuple(leaves), "proactive", "", ()


def _leaf_head(table: str, cells: Sequence[_Seen], here: Sequence[_Seen], heads: _Heads) -> None:
    labels = leaf_labels(table)
    begins_anew = heads.kind != table or heads.complete
    if begins_anew:
        heads.leaves, heads.kind, heads.complete, heads.words = (), table, False, ""
    known = list(heads.leaves)
    if table == "applications":
        codes = dict(labels)
        known.extend(Leaf(codes[seen.letters], seen.cell.left, seen.cell.right) for seen in here)
        known.extend(Leaf(None, seen.cell.left, seen.cell.right) for seen in _strangers(cells, here, known))
        heads.leaves = _sound(known, [code for _, code in labels])
    else:
        known.extend(Leaf(seen.letters, seen.cell.left, seen.cell.right) for seen in here)
        heads.leaves = tuple(known)
    heads.words += "".join(seen.letters for seen in cells if seen.own and len(seen.letters) <= LONGEST_HEAD)


def _strangers(cells: Sequence[_Seen], here: Sequence[_Seen], known: Sequence[Leaf]) -> Iterator[_Seen]:
    """Columns of nobody's form, or with a damaged head, beside those of the form. Heads of groups are not among them."""
    columns = FORMS["2021"].table("applications").columns
    groups = {compact(column.group or "") for column in columns} | {
        compact(FORMS["2021"].table("applications").column_head)
    }
    first = min((leaf.left for leaf in known), default=0.0)
    for seen in cells:
        beside = seen.own and seen.letters and seen not in here and seen.cell.left >= first
        if beside and max(SequenceMatcher(None, seen.letters, group).ratio() for group in groups) < 0.6:
            yield seen


def _sound(leaves: Sequence[Leaf], order: Sequence[str]) -> tuple[Leaf, ...]:
    """The leaves from left to right; in the order of the form and without places where they lie over each other."""
    ordered = sorted(leaves, key=lambda leaf: leaf.left)
    overlap = any(first.right > second.left + 0.5 for first, second in pairwise(ordered))
    found = [leaf.code for leaf in ordered]
    if overlap or (
        found != [code for code in found if code is None]
        and [c for c in found if c] != [c for c in order if c in found]
    ):
        # The spans of the head are broken. Its columns are those of the form if all were named, and no others.
        return tuple(Leaf(code, nan, nan) for code in order) if sorted(map(str, found)) == sorted(order) else ()
    return tuple(ordered)


def _remedy_leaves(leaves: Sequence[Leaf]) -> tuple[Leaf, ...]:
    """The fifteen columns of table four: their heads come three times in the same order, whatever stands above them."""
    labels = leaf_labels("remedies")
    order = [label for label, _ in labels]
    ordered = sorted(leaves, key=lambda leaf: leaf.left)
    overlap = any(first.right > second.left + 0.5 for first, second in pairwise(ordered))
    if not overlap and [leaf.code for leaf in ordered] == order:
        return tuple(replace(leaf, code=code) for leaf, (_, code) in zip(ordered, labels, strict=True))
    if [leaf.code for leaf in leaves] == order:
        return tuple(Leaf(code, nan, nan) for _, code in labels)
    return ()


# Rows


def _data_rows(cells: Sequence[_Seen], heads: _Heads, number: int) -> Iterator[PrintedRow]:
    """The row of a form in this row of the grid, or the two that stand side by side."""
    if heads.kind == "remedies":
        yield from _remedy_row(cells, heads, number)
    heads.complete = True
    label: list[_Seen] = []
    pieces: list[_Seen] = []
    for seen in cells:
        is_label = not seen.is_value
        if is_label and pieces and any(piece.letters for piece in pieces) and core(seen.text) in _row_keys():
            yield from _row(label, pieces, heads, number)
            label, pieces = [seen], []
        elif is_label and not any(piece.letters for piece in pieces):
            label.append(seen)
            pieces = []
        elif label:
            pieces.append(seen)
    yield from _row(label, pieces, heads, number)


def _remedy_row(cells: Sequence[_Seen], heads: _Heads, number: int) -> Iterator[PrintedRow]:
    own = [seen for seen in cells if seen.own]
    if not own or any(len(seen.letters) > 12 for seen in own) or not any(seen.letters for seen in own):
        return
    leaves = _remedy_leaves(heads.leaves)
    pieces = [seen for seen in own if seen.is_value]
    if leaves and any(NUMBER.fullmatch(seen.text.strip()) for seen in pieces):
        heads.kind = ""
        yield PrintedRow("", tuple(map(_piece, pieces)), leaves, exact=True, fragment=number)


def _row(label: Sequence[_Seen], pieces: Sequence[_Seen], heads: _Heads, number: int) -> Iterator[PrintedRow]:
    own = [seen for seen in pieces if seen.own]
    if label and (own or any(seen.own for seen in label)):
        letters = "".join(seen.letters for seen in label if seen.letters not in UNIT_WORDS)
        units = "".join(seen.letters for seen in label if seen.letters in UNIT_WORDS)
        leaves = () if heads.kind == "remedies" else heads.leaves
        yield PrintedRow(
            letters + units, tuple(map(_piece, own)), leaves, exact=True, fragment=number, head=heads.words
        )


def _piece(seen: _Seen) -> Piece:
    return Piece(seen.text, seen.cell.printed, seen.cell.left, seen.cell.right, seen.cell.row)
