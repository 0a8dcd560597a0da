"""One clock, in Beijing time; a demo stands still, production refuses a demo date."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from gongkai.base import clock
from gongkai.base.models import Installation


def test_the_legal_day_is_that_of_beijing():
    with clock.frozen(datetime(2020, 12, 31, 16, 30, tzinfo=UTC)):
        assert clock.localdate() == date(2021, 1, 1)


def test_a_day_stands_at_nine_in_the_morning():
    with clock.frozen(date(2020, 11, 2)):
        assert clock.now().isoformat() == "2020-11-02T09:00:00+08:00"


def test_clocks_nest():
    with clock.frozen(date(2020, 11, 2)):
        with clock.frozen(date(2019, 1, 1)):
            assert clock.localdate() == date(2019, 1, 1)
        assert clock.localdate() == date(2020, 11, 2)


@pytest.mark.django_db
def test_a_demo_stands_at_its_stored_day():
    Installation.objects.create(
        pk=1, kind="demo", demo_date=date(2021, 1, 15), world="licheng-2020", created_at=timezone.now()
    )
    clock.forget_demo_date()
    assert clock.localdate() == date(2021, 1, 15)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "production", "demo_date": date(2021, 1, 15)},
        {"kind": "production", "world": "today"},
        {"kind": "demo", "demo_date": None},
    ],
)
def test_only_a_demo_has_a_demo_date_and_every_demo_has_one(fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(pk=1, created_at=timezone.now(), **fields)


@pytest.mark.django_db
def test_there_is_one_installation():
    with pytest.raises(IntegrityError), transaction.atomic():
        Installation.objects.create(pk=2, created_at=timezone.now())
