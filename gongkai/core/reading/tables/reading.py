"""Printed rows against the rows of the forms: every cell with its value, or the reason why it has none."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from gongkai.core.national_forms import FORMS
from gongkai.core.national_forms.cells import VALUE_COLUMN
from gongkai.core.reading.characters import compact
from gongkai.core.reading.numbers import in_unit, read_cell
from gongkai.core.reading.tables.columns import Assignment, by_place, has_more_columns, in_order, places, under_heads
from gongkai.core.reading.tables.labels import (
    Target,
    align,
    columns_in,
    fill_gaps,
    leaf_labels,
    proactive_columns,
    without_head_of_rows,
)
from gongkai.core.reading.tables.rows import Found, Leaf, Piece, PrintedRow, TableFindings, numbers_of
from gongkai.core.reading.tables.touching import adding_up, settle, ways_to_cut

LEAST_ROWS = 4
"""Rows that make a table three: fewer are words in the prose."""
MOST_COPIES = 3
MOST_ROWS = 1000
"""Printed rows that are looked at: a report with an appendix has some hundred, a hostile file without end."""
MOST_DOUBTS = 3
SHORTEST = 6
"""Digits of a row whose cells touch."""
LEAST_LEAVES = 8
TOUCHING = re.compile(r"[+-]?0\d")
Located = tuple[PrintedRow, Target]


def read_rows(rows: Sequence[PrintedRow], targets: Sequence[Target], *, copies: int = MOST_COPIES) -> TableFindings:
    """What the rows of one source say. Codes of table two carry the form whose head was printed: 2021:proactive.…"""
    # The head of table four ends in 总计, which is also a row of table three.
    rows = rows[:MOST_ROWS]
    labels = ["" if not row.exact and _named_leaves(row.label) >= LEAST_LEAVES else row.label for row in rows]
    targets = without_head_of_rows(labels, targets)
    chosen = align(labels, targets)
    fill_gaps(chosen, labels, [bool(numbers_of(row.pieces)) for row in rows], targets)
    located = [(row, targets[index]) for row, index in zip(rows, chosen, strict=True) if index is not None]
    findings = TableFindings()
    everything = "".join(row.label for row in rows)
    findings.rows = {
        f"{target.table}.{target.code}" for target in targets if any(key in everything for key in target.keys)
    }
    touching = any(TOUCHING.match(piece.text) for row in rows for piece in row.pieces) and not any(
        row.exact for row in rows
    )
    _read_proactive(rows, chosen, targets, findings, touching=touching)
    _read_applications([each for each in located if each[1].table == "applications"], findings, touching=touching)
    _read_remedies(rows, chosen, findings, touching=touching)
    _read_statistics([each for each in located if each[1].table == "statistics"], findings)
    left = [row for row, index in zip(rows, chosen, strict=True) if index is None]
    if copies and len(located) >= LEAST_ROWS and LEAST_ROWS <= len(left) < len(rows):
        _doubt_copies(findings, read_rows(left, targets, copies=copies - 1))
    return findings


def _table_of(code: str) -> str:
    return code.rpartition(":")[2].partition(".")[0]


def _doubt_copies(findings: TableFindings, others: TableFindings) -> None:
    """A table printed twice, as with last year's beside it: what the copies do not agree on is not known."""
    agreed: set[str] = set()
    doubtful: Counter[str] = Counter()
    for code, other in others.cells.items():
        known = findings.cells.get(code)
        if known is None:
            findings.cells[code] = other
        elif known.value == other.value:
            agreed.add(code)
        elif other.value is not None:
            findings.cells[code] = Found(None, known.printed, "ambiguous")
            doubtful[_table_of(code)] += 1
    for code, known in findings.cells.items():
        # Copies that differ are laid together row by row, so that no cell tells from which of them it is.
        if doubtful[_table_of(code)] > MOST_DOUBTS and code not in agreed and known.value is not None:
            findings.cells[code] = Found(None, known.printed, "ambiguous")
    findings.tables |= others.tables
    findings.columns |= others.columns


def _found(piece: Piece | None, *, printed_unit: str, form_unit: str) -> Found:
    if piece is None:
        return Found(None, why="blank")
    reading = read_cell(piece.text)
    value = in_unit(reading, printed_unit=printed_unit, form_unit=form_unit)
    return Found(value, piece.printed.strip(), reading.why)


def _cut_to(piece_texts: Sequence[Piece], way: Sequence[str]) -> Iterator[Piece]:
    """The cells of a cut row, each with the part of the print that it was cut from."""
    waiting = [(piece, piece.text) for piece in piece_texts]
    for number in way:
        piece, left = waiting[0]
        start = len(piece.text) - len(left)
        exact = len(piece.printed) == len(piece.text)
        yield Piece(
            number, piece.printed[start : start + len(number)] if exact else number, piece.left, piece.right, piece.line
        )
        left = left[len(number) :]
        if re.search(r"\d", left):
            waiting[0] = (piece, left)
        else:
            waiting.pop(0)


def _runs(pieces: Sequence[Piece]) -> list[str]:
    return [
        piece.text.replace(",", "") if re.fullmatch(r"\d{1,3}(?:,\d{3})+", piece.text) else piece.text
        for piece in pieces
    ]


def _ways(pieces: Sequence[Piece], count: int) -> list[tuple[str, ...]]:
    runs = _runs(numbers_of(pieces))
    return ways_to_cut(runs, count) if all(re.fullmatch(r"[+-]?\d+(?:\.\d+)?", run) for run in runs) else []


def _leaves_of(row: PrintedRow, codes: Collection[str]) -> tuple[Leaf, ...]:
    """The head over a row, if it is one of this table: a table without a head stands under that of the table before."""
    return row.leaves if any(leaf.code in codes for leaf in row.leaves) else ()


# Table two


def _read_proactive(
    rows: Sequence[PrintedRow],
    chosen: Sequence[int | None],
    targets: Sequence[Target],
    findings: TableFindings,
    *,
    touching: bool,
) -> None:
    named: list[str] = []
    unit = ""
    for row, index in zip(rows, chosen, strict=True):
        heads = columns_in(row.head + row.label)
        if heads and (row.exact or any(mark in row.label for mark in _head_marks())):
            # A label before the head belongs to the block above; the last head that begins anew is the one in force.
            named = _last_block([code for code, _ in heads])
            units = re.findall(r"亿元|万元|元", row.head + row.label)
            unit = units[-1] if units else ""
        if index is None or targets[index].table != "proactive":
            continue
        leaves = _leaves_of(row, {code for _, code in proactive_columns()})
        if not leaves and not named:
            continue
        findings.tables.add("proactive")
        target = targets[index]
        if leaves:
            columns = under_heads(row.pieces, leaves)
            units_of = {leaf.code: leaf.unit for leaf in leaves}
            codes = [leaf.code for leaf in leaves if leaf.code]
        else:
            columns = in_order(row.pieces, named) if _is_whole_block(named) else None
            units_of = {}
            codes = list(named)
            if columns is not None and touching and any(TOUCHING.match(piece.text) for piece in row.pieces):
                columns = None
            if columns is None and touching and _is_whole_block(named):
                ways = _ways(row.pieces, len(named))
                if len(ways) == 1:
                    columns = dict(zip(named, _cut_to(numbers_of(row.pieces), ways[0]), strict=True))
        findings.columns |= set(codes)
        for code in codes:
            form, _, column = code.partition(":")
            cell = f"{form}:proactive.{target.code}.{column}"
            known = FORMS[form].cells.get(cell.partition(":")[2])
            form_unit = known.unit if known else ""
            if columns is None:
                blank = not numbers_of(row.pieces)
                findings.put(cell, Found(None, why="blank" if blank else "ambiguous"))
            else:
                findings.put(
                    cell, _found(columns.get(code), printed_unit=units_of.get(code) or unit, form_unit=form_unit)
                )


@cache
def _head_marks() -> frozenset[str]:
    """Words that only a head of table two has: what distinguishes it from a sentence that names a column in passing."""
    blocks = [block for form in ("2019", "2021") for block in FORMS[form].table("proactive").blocks]
    marks = {compact(block.first_column) for block in blocks} | {compact(block.label) for block in blocks}
    return frozenset(marks | {compact(column.label) for block in blocks for column in block.columns})


def _last_block(codes: Sequence[str]) -> list[str]:
    """Of the columns named before a row those of the last head: a head names no column twice and keeps to one block."""
    block: list[str] = []
    for code in codes:
        if code in block or (block and not _in_one_block((*block, code))):
            block = []
        block.append(code)
    return block


@cache
def _blocks() -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(f"{form}:{column.code}" for column in block.columns)
        for form in ("2019", "2021")
        for block in FORMS[form].table("proactive").blocks
    )


def _in_one_block(codes: Sequence[str]) -> bool:
    return any(set(codes) <= set(block) for block in _blocks())


def _is_whole_block(codes: Sequence[str]) -> bool:
    """Whether every head of a block was read, in order: else cells in order would slip into the wrong column."""
    return tuple(codes) in _blocks()


# Table three


def _read_applications(located: Sequence[Located], findings: TableFindings, *, touching: bool) -> None:
    if sum(_is_tabular(row) for row, _ in located) < LEAST_ROWS:
        return
    findings.tables.add("applications")
    printed = _application_columns(located)
    codes = [code for code in printed if code is not None]
    learnt = {
        fragment: places([row for row, _ in located if row.fragment == fragment and not row.exact], codes)
        for fragment in {row.fragment for row, _ in located}
    }
    open_rows: dict[str, PrintedRow] = {}
    headless = [row for row, _ in located if not _leaves_of(row, codes)]
    wider = not touching and has_more_columns(headless, len(printed))
    for row, target in located:
        if not row.pieces:
            continue
        leaves = _leaves_of(row, codes)
        if leaves:
            columns = under_heads(row.pieces, leaves)
        elif wider:
            columns = None
        else:
            columns = in_order(row.pieces, printed)
            if columns is None and not row.exact and None not in printed:
                columns = by_place(row.pieces, learnt[row.fragment])
            if columns is not None and touching and _touches(columns):
                columns = None
            if columns is None and touching:
                open_rows[target.code] = row
        _put_row(findings, target, columns, [leaf.code for leaf in leaves if leaf.code] or codes, row)
    if open_rows:
        _settle_applications(located, open_rows, codes, findings)


def _is_tabular(row: PrintedRow) -> bool:
    """Whether the row has several cells: one number after a label may stand in a sentence."""
    return (
        len(row.pieces) > 1 or sum(character.isdigit() for piece in row.pieces for character in piece.text) >= SHORTEST
    )


def _touches(columns: Mapping[str, Piece | None]) -> bool:
    return any(piece is not None and TOUCHING.match(piece.text) for piece in columns.values())


def _put_row(
    findings: TableFindings, target: Target, columns: Assignment | None, codes: Sequence[str], row: PrintedRow
) -> None:
    blank = not numbers_of(row.pieces)
    for code in codes:
        cell = f"applications.{target.code}.{code}"
        if columns is None:
            findings.put(cell, Found(None, why="blank" if blank else "ambiguous"))
        else:
            findings.put(cell, _found(columns.get(code), printed_unit="", form_unit=""))


def _application_columns(located: Sequence[Located]) -> list[str | None]:
    """The columns in printed order; without the total only where the head has none and the rows are that short."""
    labels = leaf_labels("applications")
    codes = [code for _, code in labels]
    head = located[0][0].head + located[0][0].label
    counts = [len(numbers_of(row.pieces)) for row, _ in located]
    first, last = labels[0][0], labels[-1][0]
    short, whole = counts.count(len(codes) - 1), counts.count(len(codes))
    if first not in head or last in head:
        return [*codes]
    if short > whole or not whole:
        return [*codes[:-1]]
    # The head names no total, and yet a seventh column is there: it is the total only if it is the sum.
    full = [numbers for row, _ in located if len(numbers := numbers_of(row.pieces)) == len(codes)]
    sums = [_is_sum(numbers) for numbers in full]
    return [*codes] if sum(sums) >= 0.8 * len(sums) else [*codes[:-1], None]


def _is_sum(pieces: Sequence[Piece]) -> bool:
    values = [read_cell(piece.text).value for piece in pieces]
    known = [value for value in values if value is not None]
    return len(known) == len(values) and sum(known[:-1]) == known[-1]


def _settle_applications(
    located: Sequence[Located], open_rows: Mapping[str, PrintedRow], codes: list[str], findings: TableFindings
) -> None:
    total = codes.index("total") if "total" in codes else None
    candidates: dict[str, list[tuple[str, ...]]] = {}
    for row, target in located:
        if target.code in open_rows:
            ways = _ways(row.pieces, len(codes))
            candidates[target.code] = ways if len(ways) == 1 else adding_up(ways, total)
        elif len(numbers := numbers_of(row.pieces)) == len(codes) and all(piece.text.isdigit() for piece in numbers):
            candidates[target.code] = [tuple(piece.text for piece in numbers)]
    candidates = {code: ways for code, ways in candidates.items() if ways}
    printed = [target.code for row, target in located if numbers_of(row.pieces)]
    results = [code for code in printed if code not in ("new", "carried_in", "closed_total", "carried_over")]
    settled = settle(
        candidates, [(("closed_total",), results), (("new", "carried_in"), ("closed_total", "carried_over"))]
    )
    for code, row in open_rows.items():
        ways = candidates.get(code, [])
        way = settled.get(code) or (ways[0] if len(ways) == 1 else None)
        if way is None:
            continue
        for column, piece in zip(codes, _cut_to(numbers_of(row.pieces), way), strict=True):
            findings.cells[f"applications.{code}.{column}"] = _found(piece, printed_unit="", form_unit="")


# Table four


def _read_remedies(
    rows: Sequence[PrintedRow], chosen: Sequence[int | None], findings: TableFindings, *, touching: bool
) -> None:
    codes = [code for _, code in leaf_labels("remedies")]
    last = max((number for number, index in enumerate(chosen) if index is not None), default=-1)
    for number, row in enumerate(rows):
        if row.exact:
            if not row.leaves or not any(leaf.code in codes for leaf in row.leaves):
                continue
        elif number <= last or not _is_remedies(row, len(codes)):
            continue
        if not row.pieces:
            continue
        findings.tables.add("remedies")
        columns = under_heads(row.pieces, row.leaves) if row.exact else in_order(row.pieces, codes)
        if columns is not None and touching and _touches(columns):
            columns = None
        if columns is None and touching:
            columns = _cut_remedies(row, codes)
        for code in codes:
            if columns is None:
                findings.put(f"remedies.{code}", Found(None, why="ambiguous" if numbers_of(row.pieces) else "blank"))
            elif code in columns or not row.exact:
                findings.put(f"remedies.{code}", _found(columns.get(code), printed_unit="", form_unit=""))
        return


def _is_remedies(row: PrintedRow, count: int) -> bool:
    """Whether the head of table four stands before these cells: by most of its columns, or by its groups and the count."""
    if _named_leaves(row.label) >= LEAST_LEAVES:
        return True
    groups = {compact(column.group or "") for column in FORMS["2021"].table("remedies").columns}
    return len(numbers_of(row.pieces)) == count and all(group in row.label for group in groups)


def _named_leaves(label: str) -> int:
    """How many heads of its columns a compact text names, each as often as the form has it."""
    wanted = Counter(head for head, _ in leaf_labels("remedies"))
    return sum(min(label.count(head), count) for head, count in wanted.items())


def _cut_remedies(row: PrintedRow, codes: Sequence[str]) -> Assignment | None:
    """Fifteen cells in one line: three groups, each of which adds up to its total, in one way only."""
    numbers = numbers_of(row.pieces)
    runs = _runs(numbers)
    if not all(run.isdigit() for run in runs):
        return None
    ways = _three_groups(runs)
    if len(ways) != 1:
        return None
    return dict(zip(codes, _cut_to(numbers, ways[0]), strict=True))


def _three_groups(runs: list[str], groups: int = 3) -> list[tuple[str, ...]]:
    """Every way to cut the runs into groups of five whose fifth is the sum of the four before."""
    if not groups:
        return [()] if not runs else []
    ways: list[tuple[str, ...]] = []
    for head, rest in _prefixes(runs, 5):
        if sum(map(int, head[:4])) == int(head[4]):
            ways.extend((*head, *others) for others in _three_groups(rest, groups - 1))
            if len(ways) > 2:
                break
    return ways


def _prefixes(runs: list[str], count: int) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    if not count:
        yield (), runs
    elif runs:
        run = runs[0]
        longest = 1 if run[0] == "0" else min(len(run), 7)
        for length in range(1, longest + 1):
            left = [run[length:], *runs[1:]] if run[length:] else runs[1:]
            for head, rest in _prefixes(left, count - 1):
                yield (run[:length], *head), rest


# The form of 2014


def _read_statistics(located: Sequence[Located], findings: TableFindings) -> None:
    (table,) = FORMS["2014"].tables
    units = {row.code: row.unit for row in table.rows}
    for row, target in located:
        findings.tables.add("statistics")
        if not target.entry:
            continue
        leaves = _leaves_of(row, [VALUE_COLUMN])
        columns = under_heads(row.pieces, leaves) if leaves else in_order(row.pieces, [VALUE_COLUMN])
        unit = re.search(r"(亿元|万元|元)$", row.label)
        if columns is None:
            findings.put(target.code, Found(None, why="ambiguous" if numbers_of(row.pieces) else "blank"))
        else:
            printed_unit = unit[0] if unit else ""
            findings.put(
                target.code, _found(columns.get(VALUE_COLUMN), printed_unit=printed_unit, form_unit=units[target.code])
            )
