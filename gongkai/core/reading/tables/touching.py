"""Cells whose digits touch, as when a table was flattened into one line: every way to cut them, and the one that adds up.

Settled only where exactly one way is left. A row whose total does not add up, or that could be cut twice, stays unread.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

MOST_WAYS = 400
MOST_COMBINATIONS = 20_000


def ways_to_cut(runs: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """Every way to cut the runs of digits into `count` numbers; a blank between runs always separates.

    No number has a leading zero. Decimals stay with the number they follow. Empty if there are too many ways.
    """
    ways: list[tuple[str, ...]] = []
    for way in _cut(tuple(runs), count):
        ways.append(way)
        if len(ways) > MOST_WAYS:
            return []
    return ways


def _cut(runs: tuple[str, ...], count: int) -> Iterator[tuple[str, ...]]:
    if not runs:
        if count == 0:
            yield ()
        return
    digits = sum(len(re.sub(r"\D", "", run)) for run in runs)
    if not len(runs) <= count <= digits:
        return
    head, rest = runs[0], runs[1:]
    for first, left in _heads(head):
        if left:
            for others in _cut((left, *rest), count - 1):
                yield (first, *others)
        else:
            for others in _cut(rest, count - 1):
                yield (first, *others)


def _heads(run: str) -> Iterator[tuple[str, str]]:
    sign = run[0] if run[0] in "+-" else ""
    body = run[len(sign) :]
    whole, point, _ = body.partition(".")
    if not whole.isdigit():
        return
    if whole[0] == "0" and not (point and len(whole) == 1):
        yield sign + "0", body[1:]
        return
    for length in range(1, len(whole)):
        yield run[: len(sign) + length], body[length:]
    yield run, ""


def adding_up(ways: Sequence[tuple[str, ...]], total: int | None) -> list[tuple[str, ...]]:
    """Those ways in which the cell at `total` is the sum of the others; all of them where the row has no total."""
    if total is None:
        return list(ways)
    return [way for way in ways if sum(map(Decimal, way)) == 2 * Decimal(way[total])]


def settle(
    candidates: Mapping[str, Sequence[tuple[str, ...]]], equalities: Sequence[tuple[Sequence[str], Sequence[str]]]
) -> dict[str, tuple[str, ...]]:
    """The one combination of ways in which the equalities over rows hold in every column, or nothing.

    `candidates` are rows by code, each with its ways; an equality is two lists of rows with equal sums. One that names a
    row that is not there is left out; a row that no equality names cannot be settled.
    """
    usable = [sides for sides in equalities if all(row in candidates for side in sides for row in side)]
    touched = {row for sides in usable for side in sides for row in side}
    open_rows = [code for code, ways in candidates.items() if len(ways) > 1 and code in touched]
    combinations = 1
    for code in open_rows:
        combinations *= len(candidates[code])
    if not open_rows or combinations > MOST_COMBINATIONS:
        return {}
    certain = {code: ways[0] for code, ways in candidates.items() if len(ways) == 1}
    relevant = [sides for sides in usable if all(row in certain or row in open_rows for side in sides for row in side)]
    settled: dict[str, tuple[str, ...]] = {}
    for combination in product(*(candidates[code] for code in open_rows)):
        chosen = certain | dict(zip(open_rows, combination, strict=True))
        if all(_holds(chosen, *sides) for sides in relevant):
            if settled:
                return {}
            settled = dict(zip(open_rows, combination, strict=True))
    return settled


def _holds(chosen: Mapping[str, tuple[str, ...]], left: Sequence[str], right: Sequence[str]) -> bool:
    sums = [
        [sum(map(Decimal, column)) for column in zip(*(chosen[row] for row in side), strict=True)]
        for side in (left, right)
    ]
    return sums[0] == sums[1]
