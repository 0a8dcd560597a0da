"""Numbers that are never given twice (design 4a, Identifiers).

Taking a number is one guarded update in the caller's transaction: the row stays locked until the transaction ends, and
rolls back with it. So a series taken in the transaction that uses the number has no gaps; a void one is kept by its row.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction
from django.db.models import F

from gongkai.base.models import NumberSeries


def take(key: str, count: int = 1) -> int:
    """Take `count` consecutive numbers of the series and return the first. The series starts at 1."""
    while not NumberSeries.objects.filter(key=key).update(last=F("last") + count):
        try:
            with transaction.atomic():
                NumberSeries.objects.create(key=key)
        except IntegrityError:
            continue  # another writer made the series first
    return NumberSeries.objects.values_list("last", flat=True).get(key=key) - count + 1


def assign(
    given: Sequence[str], series: Sequence[str], *, ledger: str, taken: Callable[[list[str]], set[str]]
) -> list[str]:
    """The number of each row: the one given, or the next of its series as `系列N号`, in order.

    `taken` tells which of some numbers the ledger holds already: an import may have brought along numbers that the series
    has not reached, and a number once given is never reused.
    """
    found = list(given)
    wanted: dict[str, list[int]] = defaultdict(list)
    for place, number in enumerate(found):
        if not number:
            wanted[series[place]].append(place)
    for name, places in wanted.items():
        fresh: list[str] = []
        while missing := len(places) - len(fresh):
            first = take(f"{ledger}:{name}", missing)
            candidates = [f"{name}{number}号" for number in range(first, first + missing)]
            used = taken(candidates) | set(given)
            fresh += [number for number in candidates if number not in used]
        for place, number in zip(places, fresh, strict=True):
            found[place] = number
    return found
