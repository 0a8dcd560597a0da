"""Numbers that are never given twice (design 4a, Identifiers).

Taking a number is one guarded update in the caller's transaction: the row stays locked until the transaction ends, and
rolls back with it. So a series taken in the transaction that uses the number has no gaps; a void one is kept by its row.
"""

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
