"""What the tests of this ledger share: the day, a port without reports, one document of the bureau."""

from collections.abc import Iterator
from datetime import date

import pytest

from gongkai.base import clock
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.normative import actions
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.records.entries import RecordEntry
from tests.frozen_years import frozen  # noqa: F401 - a fixture of every test here

TODAY = date(2020, 11, 20)


@pytest.fixture(autouse=True)
def _frozen_clock() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def entry(bureau: Agency) -> RecordEntry:
    """A document of the bureau, issued on 2018-11-05."""
    return RecordEntry(
        agency=bureau,
        title="示范区学区管理办法（试行）",
        issued_on=date(2018, 11, 5),
        document_number="示教规〔2018〕2号",
        body="第一条　为规范学区管理，制定本办法。",
    )


@pytest.fixture
def document(entry: RecordEntry, bureau_clerk: Staff) -> NormativeDocument:
    """In force from 2018-12-01 until 2021-11-30."""
    return actions.register_normative(
        entry,
        kind="normative_document",
        in_force_on=date(2018, 12, 1),
        valid_until=date(2021, 11, 30),
        by=bureau_clerk,
    )
