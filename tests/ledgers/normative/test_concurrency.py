"""Two clerks at once, with real threads on PostgreSQL."""

import threading
from datetime import date

import pytest
from django.db import connection

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.normative import actions
from gongkai.ledgers.normative.models import NormativeDocument


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_repeal_and_lapse_at_once_leave_one_end_and_one_refusal(document, bureau_clerk):
    start, refusals, errors = threading.Barrier(2), [], []

    def run(action, **given):
        try:
            row = NormativeDocument.objects.get(pk=document.pk)
            start.wait()
            with clock.frozen(date(2020, 11, 20)):
                action(row, by=bureau_clerk, on=date(2020, 11, 1), **given)
        except RuleBroken as broken:
            refusals.append(str(broken))
        except BaseException as error:
            errors.append(error)
            raise
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=(actions.repeal,), kwargs={"by_document": "示教规〔2020〕5号"}),
        threading.Thread(target=run, args=(actions.lapse,), kwargs={"basis": "目的已经达到"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    document.refresh_from_db()
    assert (len(refusals), errors) == (1, [])
    assert (document.repealed_on is None) != (document.lapsed_on is None)
