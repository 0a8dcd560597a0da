"""What the tests of this ledger share: the day, a port without reports, one document of the bureau."""

from collections.abc import Iterator
from datetime import date

import pytest

from gongkai.base import clock, figures
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.normative import actions
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.records.entries import RecordEntry

TODAY = date(2020, 11, 20)


class FrozenYears:
    """Answers at the port as reporting does when annual reports of some years are frozen."""

    def __init__(self) -> None:
        self.years: set[int] = set()

    def facts(self, indicator: str) -> None:
        """No indicator is asked for here."""
        return

    def rows_exist(self, indicator: str, agency_id: int, first: date, last: date) -> bool:
        """No return is filed here."""
        return False

    def frozen_reports(self, agency_id: int, years: object) -> list[str]:
        """The titles of the frozen reports among the years."""
        return [f"示范区{year}年度报告" for year in sorted(self.years & set(years))]


@pytest.fixture(autouse=True)
def frozen() -> Iterator[set[int]]:
    """The years whose annual report is frozen: none, until a test adds one."""
    before, port = figures._port, FrozenYears()
    figures.fill(port)
    yield port.years
    figures._port = before


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
