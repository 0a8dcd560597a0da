"""What the tests of this ledger share: the day, a port without reports, one record of the bureau."""

from collections.abc import Iterator
from datetime import date

import pytest

from gongkai.base import clock, figures
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.records import actions
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.records.models import Category, Record

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
