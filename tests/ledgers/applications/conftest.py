"""What the tests of this ledger share: one application of the bureau, and what a clerk enters."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from gongkai.base import clock, figures
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.applications import actions
from gongkai.ledgers.applications.models import Application
from tests.frozen_years import FrozenYears

TODAY = date(2020, 11, 20)


@pytest.fixture(autouse=True)
def _frozen_clock() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def entry() -> dict[str, object]:
    """What a clerk enters of an ordinary application."""
    return {
        "received_on": date(2020, 11, 2),
        "channel": "online",
        "applicant_kind": "natural_person",
        "applicants": ["申请人甲"],
        "description": "临河街道滨水片区房屋征收补偿方案",
        "subject": "房屋征收补偿",
    }


@pytest.fixture
def application(bureau: Agency, bureau_clerk: Staff, entry: dict[str, object]) -> Application:
    """Received on 2020-11-02, due on 2020-11-30."""
    return actions.register_application(bureau, by=bureau_clerk, **entry)


@contextmanager
def frozen_years(*years: int) -> Iterator[None]:
    """The annual reports of these years are frozen."""
    before = figures._port
    figures.fill(FrozenYears(*years))
    try:
        yield
    finally:
        figures._port = before


@pytest.fixture
def frozen_2020() -> Iterator[None]:
    """The annual report of 2020 is frozen."""
    with frozen_years(2020):
        yield


@pytest.fixture(autouse=True)
def _no_frozen_years() -> Iterator[None]:
    with frozen_years():
        yield
