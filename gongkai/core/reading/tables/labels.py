"""Which row of a form a printed label is, and which column a printed head.

All labels come from the forms. A row is found by its place among the others as well as by its words: the rows of a source are
laid against the rows of the form in order, so that a damaged label between two good ones is still known.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise

from gongkai.core.national_forms import FORMS
from gongkai.core.national_forms.cells import Row
from gongkai.core.reading.characters import compact

NUMBERING = re.compile(r"^(?:其中[::]?)?(?:[一二三四五六七八九十]+、|[(（][一二三四五六七八九十]+[)）]|\d+[.、．])?")
BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
COUNTED = re.compile(r"(?:数量|件数|数)$")
ENOUGH = 0.6
"""From this likeness on a label is taken for that of a row, if nothing contradicts."""

CUT = 0.97
"""The likeness of a label whose beginning stands before the numbers and whose rest stands right behind them."""
SHORT = 4
"""A label of fewer characters (规章, 其他, 总计) must end the text: it may begin many another word."""
UNIT = re.compile(r"(?:万元|人次|[件条次篇个人元])$")
ANOTHER = re.compile(r"\d\D{4}")
OVERRUN = 0.3
"""What is lost where another numbered label follows: the row is blank, and the numbers belong to that other one."""
UNNUMBERED = 0.12
"""What is lost where other words stand in the place of the number: they may make it another label."""
BEGUN = 0.65
"""The likeness of a label of which only the beginning stands before the numbers, if no other begins so."""


@dataclass(frozen=True, slots=True)
class Target:
    """A row of a form that a printed row may be. `holds`: in one of the forms it has values, in the newest if `entry`."""

    table: str
    code: str
    keys: tuple[str, ...]
    number: str
    entry: bool
    holds: bool = True


def core(label: str) -> str:
    """The words of a label without its numbering and its remark in brackets."""
    return compact(BRACKETS.sub("", NUMBERING.sub("", label)))


def _number(label: str) -> str:
    match = NUMBERING.match(label)
    return compact(match[0]) if match else ""


def _target(table: str, row: Row, *others: Row) -> Target:
    keys = dict.fromkeys(
        key for each in (row, *others) for key in (core(each.label), compact(NUMBERING.sub("", each.label))) if key
    )
    older = {each.code for each in FORMS["2019"].table("applications").rows if each.entry}
    return Target(table, row.code, tuple(keys), _number(row.label), row.entry, row.entry or row.code in older)


@cache
def modern_targets() -> tuple[Target, ...]:
    """The rows of tables two and three of the forms of 2019 and 2021 together, in printed order."""
    older, newer = FORMS["2019"], FORMS["2021"]
    rows = {row.code: row for block in newer.table("proactive").blocks for row in block.rows}
    proactive = tuple(
        _target("proactive", row, *([rows[row.code]] if row.code in rows else []))
        for block in older.table("proactive").blocks
        for row in block.rows
    )
    # The rows of 2021 are those of 2019 and three more under 其他处理, which in 2019 is itself a row with values.
    # Rows that only head others (（三）不予公开) are left out: what they say stands in the label of the row below.
    rows_of_three = (_target("applications", row) for row in newer.table("applications").rows)
    return (*proactive, *(target for target in rows_of_three if target.holds))


@cache
def older_targets() -> tuple[Target, ...]:
    """The rows of the form of 2014."""
    (table,) = FORMS["2014"].tables
    return tuple(_target(table.code, row) for row in table.rows)


@cache
def proactive_columns() -> tuple[tuple[str, str], ...]:
    """What the head of a column of table two begins with, and the code of that column; the longest first."""
    keys = {}
    for code in ("2019", "2021"):
        for block in FORMS[code].table("proactive").blocks:
            for column in block.columns:
                keys[COUNTED.sub("", compact(BRACKETS.sub("", column.label)))] = f"{code}:{column.code}"
    return tuple(sorted(keys.items(), key=lambda item: -len(item[0])))


@cache
def leaf_labels(table: str) -> tuple[tuple[str, str], ...]:
    """Compact head and code of the columns of table three or four, in printed order."""
    return tuple((compact(column.label), column.code) for column in FORMS["2021"].table(table).columns)


def columns_in(text: str) -> list[tuple[str, int]]:
    """The columns of table two that a compact text names, with their places, in printed order."""
    found: dict[int, tuple[str, int]] = {}
    for key, code in proactive_columns():
        start = text.find(key)
        while start >= 0:
            if not any(place <= start < place + length for place, (_, length) in found.items()):
                found[start] = (code, len(key))
            start = text.find(key, start + 1)
    return [(found[place][0], place) for place in sorted(found)]


def likeness(label: str, target: Target, *, fuzzy: bool) -> float:
    """How well the end of a compact text is the label of a row: 1 is word for word."""
    best = 0.0
    for key in target.keys:
        start = label.rfind(key)
        if start >= 0:
            share, after = 1.0, len(label) - start - len(key)
            if after and len(key) < SHORT:
                continue
            if target.number and start and not label[:start].endswith(target.number):
                share -= UNNUMBERED
            if ANOTHER.search(label[start + len(key) :]):
                share -= OVERRUN
        elif fuzzy and len(key) >= 5:
            share, after = _alike(label[-len(key) - 8 :], key)
        else:
            continue
        if share < ENOUGH and fuzzy and len(key) >= 10:
            share, after = _abridged(label, key), 0
        if share >= ENOUGH:
            best = max(best, share - min(after, 45) * 0.02)
    return best


def _without_shorter(label: str, scores: list[float], targets: Sequence[Target]) -> list[float]:
    """Of two rows found word for word the longer (政府网站在线访谈次数 ends the label of its 其中, too) or the later."""
    spans = {}
    for number, target in enumerate(targets):
        if scores[number]:
            found = [(label.rfind(key), len(key)) for key in target.keys if key in label]
            if found:
                start, length = max(found, key=lambda each: each[1])
                spans[number] = (start, start + length)
    return [
        0.0 if number in spans and any(_displaces(other, spans[number]) for other in spans.values()) else score
        for number, score in enumerate(scores)
    ]


def _displaces(other: tuple[int, int], span: tuple[int, int]) -> bool:
    """Whether another label holds this one within it, or stands whole behind it: the numbers belong to the last."""
    holds = other[0] <= span[0] and span[1] <= other[1] and other[1] - other[0] > span[1] - span[0]
    return holds or (other[0] >= span[1] and other[1] - other[0] >= SHORT)


def _abridged(label: str, key: str) -> float:
    """A label that offices shorten: what stands after its number, word for word inside the label of the form."""
    words = _after_number(label)
    return 0.7 if len(words) >= 4 and words in key else 0.0


def _after_number(label: str) -> str:
    return re.split(r"\d", label)[-1]


def _alike(text: str, key: str) -> tuple[float, int]:
    blocks = SequenceMatcher(None, text, key, autojunk=False).get_matching_blocks()
    solid = [block for block in blocks if block.size >= 2]
    if not solid:
        return 0.0, 0
    share = sum(block.size for block in solid) / len(key)
    return share, len(text) - solid[-1].a - solid[-1].size


def without_head_of_rows(labels: Sequence[str], targets: Sequence[Target]) -> tuple[Target, ...]:
    """The rows without 其他处理 where the rows of 2021 under it are printed: there it heads them and has no values."""
    heads = {target.code for target in targets if target.holds and not target.entry}
    under = [target for target in targets if target.code.rpartition(".")[0] in heads and len(target.keys[0]) >= 10]
    everything = "".join(labels)
    printed = any(
        target.keys[0][:8] in everything or any(likeness(label, target, fuzzy=True) >= ENOUGH for label in labels)
        for target in under
    )
    return tuple(target for target in targets if not (printed and target.code in heads))


def align(labels: Sequence[str], targets: Sequence[Target]) -> list[int | None]:
    """For each printed row the row of the form that it is, or None: the best match in which both keep their order."""
    scores = []
    label = labels[0] if labels else ""
    for following in (*labels[1:], "")[: len(labels)]:
        rest = max((_rest(label, following, target) for target in targets), default=0)
        scores.append(_scores(label, following, targets))
        label = following[rest:]  # what belongs to this label is no part of the next
    width = len(targets)
    best = [[0.0] * (width + 1) for _ in range(len(labels) + 1)]
    for row in range(len(labels) - 1, -1, -1):
        below, here, score = best[row + 1], best[row], scores[row]
        value: float
        for column in range(width - 1, -1, -1):
            value = max(below[column], here[column + 1])
            if score[column] >= ENOUGH - 0.1:
                value = max(value, score[column] + below[column + 1])
            here[column] = value
    chosen: list[int | None] = [None] * len(labels)
    column = 0
    for row in range(len(labels)):
        for candidate in range(column, width):
            likely = scores[row][candidate]
            if likely < ENOUGH - 0.1:
                continue
            taken = likely + best[row + 1][candidate + 1]
            if taken >= best[row][column] - 1e-9 and taken > best[row + 1][column] + 1e-9:
                chosen[row], column = candidate, candidate + 1
                break
    return chosen


def _scores(label: str, following: str, targets: Sequence[Target]) -> list[float]:
    if not label:
        return [0.0] * len(targets)
    cut = [CUT if _rest(label, following, target) else 0.0 for target in targets]
    if any(cut):
        return cut
    exact = [likeness(label, target, fuzzy=False) for target in targets]
    exact = _without_shorter(label, exact, targets)
    if max(exact, default=0.0) >= 0.9:
        return exact
    scores = [max(likeness(label, target, fuzzy=True), score) for target, score in zip(targets, exact, strict=True)]
    scores = _without_shorter(label, scores, targets)
    begun = [number for number, target in enumerate(targets) if _begins(label, target)]
    if len(begun) == 1:
        scores[begun[0]] = max(scores[begun[0]], BEGUN)
    return scores


def _rest(label: str, following: str, target: Target) -> int:
    """How much of a label stands behind the numbers, where they cut it: its beginning ends one text, its rest begins the
    next. 0 if it is not cut."""
    return max(
        (
            len(key) - length
            for words in {label, UNIT.sub("", label)}
            for key in target.keys
            for length in range(2, len(key))
            if words.endswith(key[:length]) and following.startswith(key[length:])
        ),
        default=0,
    )


def _begins(label: str, target: Target) -> bool:
    """Whether the text ends in the first words of a label, whose rest stands behind the numbers."""
    return any(
        label.endswith(key[:length]) for key in target.keys for length in range(len(key) - 1, max(4, len(key) // 3), -1)
    )


def fill_gaps(chosen: list[int | None], labels: Sequence[str], fits: Sequence[bool], targets: Sequence[Target]) -> None:
    """Name the rows without a legible label between two known ones, if there are exactly as many as the form has there.

    The rest of a label must not speak against it: most of its characters stand in the label of the form.
    """
    known = [index for index, target in enumerate(chosen) if target is not None]
    for first, last in pairwise(known):
        start, end = chosen[first], chosen[last]
        if start is None or end is None:
            continue
        rows = [index for index in range(first + 1, last) if fits[index]]
        missing = [index for index in range(start + 1, end) if targets[index].entry]
        if not rows or len(rows) != len(missing):
            continue
        if all(_plausible(labels[row], targets[target]) for row, target in zip(rows, missing, strict=True)):
            for row, target in zip(rows, missing, strict=True):
                chosen[row] = target


def _plausible(label: str, target: Target) -> bool:
    words = _after_number(label)
    return not words or sum(character in "".join(target.keys) for character in words) >= 0.7 * len(words)
