"""Which cell of a printed row stands in which column: by count, by the head above it, or by its place on the line."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from gongkai.core.reading.numbers import read_cell
from gongkai.core.reading.tables.rows import Leaf, Piece, PrintedRow, numbers_of

TOTAL = "total"
LEARNT_FROM = 3
"""Whole rows that show where the columns of a table stand."""

Assignment = dict[str, Piece | None]
Span = tuple[float, float]


def in_order(pieces: Sequence[Piece], codes: Sequence[str | None]) -> Assignment | None:
    """The cells one after the other, if there are exactly as many as columns; else None. Blanks at the ends may be
    remains of wide cells."""
    trimmed = list(pieces)
    while trimmed and trimmed[-1].is_blank:
        trimmed.pop()
    tailed = list(trimmed)
    while trimmed and trimmed[0].is_blank:
        trimmed.pop(0)
    for candidate in (pieces, numbers_of(pieces), tailed, trimmed):
        if candidate and len(candidate) == len(codes):
            return {code: piece for code, piece in zip(codes, candidate, strict=True) if code}
    return None


def under_heads(pieces: Sequence[Piece], leaves: Sequence[Leaf]) -> Assignment | None:
    """Each cell under the head above it, in a grid; None where a number stands under no head, under two, or beside another."""
    if not leaves:
        return None
    if len(pieces) == len(leaves):
        return in_order(pieces, [leaf.code for leaf in leaves])
    found: dict[Leaf, Piece] = {}
    for piece in pieces if _meet(pieces, leaves) else ():
        above = [
            leaf
            for leaf in leaves
            if min(leaf.right, piece.right) - max(leaf.left, piece.left) > 0.3 * _narrower(leaf, piece)
        ]
        if piece.is_blank:
            for leaf in above:
                found.setdefault(leaf, piece)
        elif len(above) == 1 and (above[0] not in found or found[above[0]].is_blank):
            found[above[0]] = piece
        else:
            found.clear()
            break
    if found:
        return {leaf.code: found.get(leaf) for leaf in leaves if leaf.code}
    numbers = numbers_of(pieces)
    if len(numbers) != len(leaves):
        return None
    # Blanks between label and numbers, or behind the last, are no cells; blanks among the numbers might be.
    together = any(
        not any(piece.is_blank for piece in part) for part in (pieces[: len(numbers)], pieces[-len(numbers) :])
    )
    return in_order(numbers, [leaf.code for leaf in leaves]) if together or _adds_up(numbers, leaves) else None


def _adds_up(numbers: Sequence[Piece], leaves: Sequence[Leaf]) -> bool:
    """Whether as many numbers as heads stand in a row, the last of them the sum: then blanks beside them are no cells."""
    if len(numbers) != len(leaves) or leaves[-1].code != TOTAL:
        return False
    values = [read_cell(piece.text).value for piece in numbers]
    known = [value for value in values if value is not None]
    return len(known) == len(values) and sum(known[:-1]) == known[-1] > 0


def _meet(pieces: Sequence[Piece], leaves: Sequence[Leaf]) -> bool:
    """Whether the cells begin and end where the head does: else the row is shifted and places say nothing."""
    if not pieces:
        return False
    first, last = leaves[0], leaves[-1]
    begins = abs(pieces[0].left - first.left) < 0.3 * (first.right - first.left)
    beyond = [piece for piece in pieces if piece.left > last.right - 0.3 * (last.right - last.left)]
    ends = pieces[-1].right > last.right - 0.3 * (last.right - last.left)
    return begins and ends and all(piece.is_blank for piece in beyond)


def _narrower(leaf: Leaf, piece: Piece) -> float:
    return min(leaf.right - leaf.left, piece.right - piece.left)


def places(rows: Sequence[PrintedRow], codes: Sequence[str]) -> dict[str, Span]:
    """Where each column stands on the line, learnt from the whole rows; nothing if the columns run into each other."""
    whole = [
        numbers
        for row in rows
        if len(numbers := numbers_of(row.pieces)) == len(codes) and len({piece.line for piece in numbers}) == 1
    ]
    if len(whole) < LEARNT_FROM:
        return {}
    spans = [
        (min(each.left for each in column), max(each.right for each in column)) for column in zip(*whole, strict=True)
    ]
    if any(first[1] >= second[0] for first, second in pairwise(spans)):
        return {}
    return dict(zip(codes, spans, strict=True))


def has_more_columns(rows: Sequence[PrintedRow], count: int) -> bool:
    """Whether a table without a usable head shows more columns than the form has: then no cell of it can be named."""
    widths = [len(row.pieces) for row in rows if any(piece.is_blank for piece in row.pieces)]
    full = [number for number in range(count, max(widths, default=0)) if any(_is_filled(row, number) for row in rows)]
    numbers = [len(numbers_of(row.pieces)) for row in rows if len({piece.line for piece in row.pieces}) == 1]
    stacked = [len(numbers_of(row.pieces)) for row in rows]
    return (
        bool(full)
        or sum(each > count for each in numbers) >= 2
        or sum(count < each < 2 * count for each in stacked) >= 3
    )


def _is_filled(row: PrintedRow, place: int) -> bool:
    return len(row.pieces) > place and not row.pieces[place].is_blank and any(piece.is_blank for piece in row.pieces)


def by_place(pieces: Sequence[Piece], spans: Mapping[str, Span]) -> Assignment | None:
    """Each number in the column at its place on the line; None unless every number has one, clearly nearest, in order."""
    numbers = numbers_of(pieces)
    if not spans or not numbers or len({piece.line for piece in numbers}) > 1:
        return None
    found: Assignment = dict.fromkeys(spans)
    last = -1
    codes = list(spans)
    for piece in numbers:
        distances = sorted(
            (abs(piece.middle - (left + right) / 2), index) for index, (left, right) in enumerate(spans.values())
        )
        (near, index), *others = distances
        if index <= last or (others and near * 2 >= others[0][0]):
            return None
        last = index
        found[codes[index]] = piece
    return found
