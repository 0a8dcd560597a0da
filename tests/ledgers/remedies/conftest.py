"""What the tests of this ledger share: a refused application of the bureau and a reconsideration about it."""

from collections.abc import Iterator
from datetime import date

import pytest

from gongkai.base import clock
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.remedies import actions
from gongkai.ledgers.remedies.models import Remedy
from tests.frozen_years import frozen  # noqa: F401 - a fixture of every test here

TODAY = date(2020, 11, 20)


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
