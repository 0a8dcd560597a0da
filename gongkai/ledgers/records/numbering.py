"""Index numbers (索引号): agency code, number of the category, year of issue, running number.

A number once given is never reused: rows are never deleted and the number of a row never changes. Gaps are allowed
(design 4a, Identifiers).
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from gongkai.base import numbers
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.records.entries import RecordEntry, row_named
from gongkai.ledgers.records.models import Record

UNSORTED = "0000"
"""Stands for the category of a record that has none."""
CHUNK = 800  # SQLite takes about 32,000 parameters, older ones 999


def number_entries(entries: Sequence[RecordEntry]) -> list[str]:
    """An index number for each entry: the given one, which must be free, or the next of its series."""
    given = [entry.index_number for entry in entries if entry.index_number]
    used = _used(given)
    seen: set[str] = set()
    for row, entry in enumerate(entries, 1):
        number = entry.index_number
        with row_named(row, len(entries)):
            if number in used or number in seen:
                raise RuleBroken(f"索引号“{number}”已经用过，号码不能重复使用。", field="index_number")
        if number:
            seen.add(number)
    made = _make([_prefix(entry) for entry in entries if not entry.index_number], seen)
    return [entry.index_number or next(made) for entry in entries]


def _prefix(entry: RecordEntry) -> str:
    code = entry.category.index_code if entry.category else ""
    return f"{entry.agency.code}-{code or UNSORTED}-{entry.issued_on.year}-"


def _make(prefixes: Sequence[str], taken: set[str]) -> Iterator[str]:
    """Numbers of the series in the order asked for, leaving out any that somebody once typed by hand."""
    free: dict[str, list[str]] = defaultdict(list)
    wanted = Counter(prefixes)
    while wanted:
        fresh = {
            prefix: [f"{prefix}{n:05d}" for n in range(first, first + count)]
            for prefix, count in sorted(wanted.items())
            for first in (numbers.take(f"record-index:{prefix}", count),)
        }
        used = _used([number for group in fresh.values() for number in group]) | taken
        for prefix, group in fresh.items():
            free[prefix] += [number for number in group if number not in used]
        wanted = Counter({p: n - len(free[p]) for p, n in Counter(prefixes).items() if n > len(free[p])})
    queues = {prefix: iter(group) for prefix, group in free.items()}
    return iter([next(queues[prefix]) for prefix in prefixes])


def _used(numbers_asked: Sequence[str]) -> set[str]:
    used: set[str] = set()
    for start in range(0, len(numbers_asked), CHUNK):
        chunk = numbers_asked[start : start + CHUNK]
        used.update(Record.objects.filter(index_number__in=chunk).values_list("index_number", flat=True))
    return used
