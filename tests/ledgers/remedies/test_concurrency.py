"""Two people at once, with real threads on PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.remedies import actions
from gongkai.ledgers.remedies.models import Remedy

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def test_of_two_clerks_deciding_at_once_one_changes_and_one_is_refused(reconsideration, bureau_clerk, frozen):
    barrier = Barrier(2)

    def decide(decision):
        try:
            with clock.frozen(date(2020, 11, 20)):
                remedy, clerk = Remedy.objects.get(pk=reconsideration.pk), Staff.objects.get(pk=bureau_clerk.pk)
                barrier.wait()
                return actions.decide_remedy(remedy, by=clerk, on=date(2020, 8, 28), decision=decision)
        except RuleBroken as broken:
            return str(broken)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(decide, ("revoked", "request_dismissed")))
    assert results.count(None) == 1
    assert sum("审结" in result for result in results if result) == 1
    assert JournalLine.objects.filter(verb="remedy.decided").count() == 1
    assert journal.verify()[1] is None
