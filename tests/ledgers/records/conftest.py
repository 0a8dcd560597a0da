"""What the tests of this ledger share: the day, a port without reports, one record of the bureau."""

from collections.abc import Iterator
from datetime import date

import pytest

from gongkai.base import clock
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.records import actions
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.records.models import Category, Record
from tests.frozen_years import frozen  # noqa: F401 - a fixture of every test here

TODAY = date(2020, 11, 20)


@pytest.fixture(autouse=True)
def _frozen_clock() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def entry(bureau: Agency) -> RecordEntry:
    """An ordinary document of the bureau, issued on 2020-11-02, to be published by 2020-11-30."""
    return RecordEntry(
        agency=bureau,
        title="关于做好2021年春季招生工作的通知",
        issued_on=date(2020, 11, 2),
        document_number="示教〔2020〕18号",
        body="各学校：\n招生工作按照公告进行。",
    )


@pytest.fixture
def record(entry: RecordEntry, bureau_clerk: Staff) -> Record:
    """That document in the ledger."""
    return actions.register_record(entry, by=bureau_clerk)


@pytest.fixture
def category(government: Agency, office_clerk: Staff) -> Category:
    """A topic."""
    return actions.create_category(government, code="budgets", name="财政预决算", by=office_clerk)
