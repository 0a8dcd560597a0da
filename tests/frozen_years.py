"""A port without reports, for tests of the ledgers below them: the years whose annual report is frozen."""

from collections.abc import Iterator
from datetime import date

import pytest

from gongkai.base import figures


class FrozenYears:
    """Answers at the port as reporting does when annual reports of some years are frozen."""

    def __init__(self, *years: int) -> None:
        self.years = set(years)

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
