"""The clock stands on one day, so that "today" is no surprise; open work is a list the test fills."""

from datetime import date

import pytest

from gongkai.base import clock, figures, open_work
from gongkai.base.open_work import OpenItem, Source

TODAY = date(2020, 11, 2)


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def desk_of(monkeypatch) -> dict[int, list[OpenItem]]:
    """Open work by member of staff, in a ledger of the test beside the real ones."""
    work: dict[int, list[OpenItem]] = {}

    def hand_over(staff, successor, *, by, reason) -> int:
        taken = work.pop(staff.pk, [])
        work.setdefault(successor.pk, []).extend(taken)
        return len(taken)

    monkeypatch.setitem(
        open_work._sources, "test", Source(items=lambda staff: list(work.get(staff.pk, [])), hand_over=hand_over)
    )
    return work


@pytest.fixture
def item() -> OpenItem:
    return OpenItem("依申请公开", "SF020-2020-0001 申请公开学区划分", "2020-11-20", "/desk/applications/1/")


class Reports:
    """What reporting answers about frozen years; the test says which are."""

    def __init__(self) -> None:
        self.frozen: set[int] = set()

    def facts(self, indicator):
        return None

    def rows_exist(self, indicator, agency_id, first, last):
        return False

    def frozen_reports(self, agency_id, years):
        return [f"示范区{year}年年度报告" for year in sorted(self.frozen & set(years))]


@pytest.fixture(autouse=True)
def reports(monkeypatch) -> Reports:
    """This ledger is tested without the reports above it."""
    port = Reports()
    monkeypatch.setattr(figures, "_port", port)
    return port
