"""What the tests of this ledger share: a refused application of the bureau and a reconsideration about it."""

from collections.abc import Iterator
from datetime import date

import pytest

from gongkai.base import clock, figures
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.remedies import actions
from gongkai.ledgers.remedies.models import Remedy

TODAY = date(2020, 11, 20)


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


@pytest.fixture(autouse=True)
def _frozen_clock() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def application(bureau: Agency, bureau_clerk: Staff) -> Application:
    """Refused on 2020-06-12."""
    application = applications.register_application(
        bureau,
        by=bureau_clerk,
        received_on=date(2020, 6, 1),
        channel="letter",
        applicant_kind="natural_person",
        applicants=["申请人甲"],
        description="学区划分论证会议记录",
    )
    applications.close_application(application, by=bureau_clerk, on=date(2020, 6, 12), outcome="refused.deliberative")
    return application


@pytest.fixture
def reconsideration(bureau: Agency, bureau_clerk: Staff, application: Application) -> Remedy:
    """Opened on 2020-07-01, pending."""
    return actions.open_remedy(
        bureau,
        by=bureau_clerk,
        kind="reconsideration",
        opened_on=date(2020, 7, 1),
        number="示政复〔2020〕3号",
        organ="示范区人民政府",
        application=application,
    )
