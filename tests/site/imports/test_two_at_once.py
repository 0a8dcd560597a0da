"""Two people import the same file at once: it is imported once. On PostgreSQL, with real threads."""

import threading

import pytest
from django.db import connection

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.applications.models import Applicant, Application
from gongkai.ledgers.records.models import Publication, Record
from gongkai.site.imports.running import import_checked
from tests.site.imports.conftest import APPLICATION, RECORD, TODAY, check

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    ("code", "row", "key"), [("records", RECORD, "index_number"), ("applications", APPLICATION, "number")]
)
@pytest.mark.parametrize("turn", range(3))
def test_the_same_file_imported_twice_at_once_is_imported_once(
    turn, code, row, key, bureau_clerk, office_clerk, outlets
):
    rows = [row | {key: f"X-{n}"} for n in range(20)]
    checked = [check(code, Staff.objects.get(pk=user.pk), *rows) for user in (bureau_clerk, office_clerk)]
    start, refused = threading.Barrier(2), list[str]()

    def run(one) -> None:
        try:
            start.wait()
            with clock.frozen(TODAY):
                import_checked(one)
        except RuleBroken as refusal:
            refused.append(str(refusal))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(one,)) for one in checked]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert (Record.objects.count(), Application.objects.count()) == ((20, 0) if code == "records" else (0, 20))
    assert (Publication.objects.count(), Applicant.objects.count()) == ((40, 0) if code == "records" else (0, 40))
