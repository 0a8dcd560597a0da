"""What the tests of this ledger share: a port that answers as reporting does, and one figure to be filed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gongkai.base import clock, figures
from gongkai.base.figures import IndicatorFacts
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.returns import actions
from gongkai.ledgers.returns.actions import Filing
from gongkai.ledgers.returns.models import Return

TODAY = date(2021, 1, 15)
RULINGS, CHANGE, AMOUNT = "permits.rulings", "permits.change", "fees.amount"
TOTAL, NEW, CELL = "published.total", "applications.new", "2019:applications.new.total"


class Port:
    """Indicators of every kind; rows and frozen reports as a test says."""

    def __init__(self) -> None:
        self.frozen: set[int] = set()
        self.rows: list[tuple[str, int, date]] = []
        """Indicator, agency and day of rows that count."""
        counted = "由台账逐条算出，不接受填报；请在台账里登记。"
        self.known = {
            facts.name: facts
            for facts in (
                IndicatorFacts(RULINGS, "许可决定数", "件", False, True, True),
                IndicatorFacts(CHANGE, "许可项目增减", "项", True, True, True),
                IndicatorFacts(AMOUNT, "收费金额", "元", False, False, True),
                IndicatorFacts(TOTAL, "公开信息数", "条", False, True, False, counted, in_addition=True),
                IndicatorFacts(NEW, "新收申请数", "件", False, True, False, counted),
                IndicatorFacts(CELL, "新收申请总计", "件", False, True, True),
            )
        }

    def facts(self, indicator: str) -> IndicatorFacts | None:
        return self.known.get(indicator)

    def returnable(self) -> list[IndicatorFacts]:
        return [f for f in self.known.values() if (f.returnable or f.in_addition) and ":" not in f.name]

    def rows_exist(self, indicator: str, agency_id: int, first: date, last: date) -> bool:
        return any(row[:2] == (indicator, agency_id) and first <= row[2] <= last for row in self.rows)

    def frozen_reports(self, agency_id: int, years: object) -> list[str]:
        return [f"示范区教育局{year}年度报告" for year in sorted(self.frozen & set(years))]


@pytest.fixture(autouse=True)
def port() -> Iterator[Port]:
    """Stands where reporting stands."""
    before, mine = figures._port, Port()
    figures.fill(mine)
    yield mine
    figures._port = before


@pytest.fixture(autouse=True)
def _frozen_clock() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def filing(bureau: Agency) -> Filing:
    """Seventeen rulings of the bureau in 2020."""
    return Filing(
        agency=bureau,
        indicator=RULINGS,
        period_from=date(2020, 1, 1),
        period_to=date(2020, 12, 31),
        value=Decimal(17),
        evidence_note="审批系统2020年统计表",
    )


@pytest.fixture
def waiting(filing: Filing, bureau_clerk: Staff) -> Return:
    """Filed, not confirmed."""
    return actions.file_return(filing, by=bureau_clerk)


@pytest.fixture
def confirmed(waiting: Return, bureau_approver: Staff) -> Return:
    """Confirmed by the second person."""
    actions.confirm_return(waiting, by=bureau_approver)
    waiting.refresh_from_db()
    return waiting


def but(filing: Filing, **changes: object) -> Filing:
    """The filing with something different."""
    return replace(filing, **changes)
