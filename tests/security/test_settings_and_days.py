"""A setting or a day that somebody types can break no page of anybody else."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base.errors import RuleBroken
from gongkai.base.office_settings import OfficeSetting
from gongkai.ledgers.agencies import actions
from gongkai.ledgers.agencies.actions.office_settings import read_value
from gongkai.ledgers.normative import actions as normative
from gongkai.ledgers.normative.queries import in_force_list_overdue
from gongkai.ledgers.records.entries import RecordEntry
from tests.security.conftest import TODAY, World


@pytest.mark.parametrize("text", ["13-01", "02-29", "随便", "3-31", "-1", "03-31-01", "\x00", "9" * 50])
def test_a_last_day_that_no_year_has_is_refused(office_clerk, government, text):
    with pytest.raises(RuleBroken, match="例如 03-31"):
        actions.set_office_setting(
            government, key="reports.due.town", value=text, valid_from=TODAY, by=office_clerk, reason="通知"
        )


def test_a_last_day_that_every_year_has_is_taken_and_the_round_opens(office_clerk, government):
    actions.set_office_setting(
        government, key="reports.due.town", value="02-28", valid_from=TODAY, by=office_clerk, reason="通知"
    )
    client = Client()
    client.force_login(office_clerk)
    assert client.get(reverse("desk:round")).status_code == 200


@pytest.mark.parametrize("text", ["100000", "9" * 5000, "-1", "1e9", "²"])
def test_a_number_of_days_that_leaves_the_calendar_is_refused(office_clerk, government, text):
    with pytest.raises(RuleBroken, match="最多 5 位"):
        actions.set_office_setting(
            government,
            key="normative.expiry_notice_days",
            value=text,
            valid_from=TODAY,
            by=office_clerk,
            reason="通知",
        )


def test_the_longest_number_of_days_still_opens_the_list(office_clerk, government):
    for key in ("normative.expiry_notice_days", "normative.in_force_list.cycle"):
        actions.set_office_setting(government, key=key, value="99999", valid_from=TODAY, by=office_clerk, reason="通知")
    client = Client()
    client.force_login(office_clerk)
    assert client.get(reverse("desk:normative")).status_code == 200
    assert in_force_list_overdue(government.pk, 99999, TODAY) == 2020


@pytest.mark.parametrize("text", ["NaN", "Infinity", "1e999999", "0." + "1" * 40])
def test_a_share_that_is_no_number_is_refused(text):
    from decimal import Decimal

    setting = OfficeSetting("tests.share", "比例", Decimal("0.5"), "", "试", "试")
    with pytest.raises(RuleBroken):
        read_value(setting, text)


def test_a_text_of_any_length_is_not_a_setting(office_clerk, government):
    with pytest.raises(RuleBroken, match="最多 500 字"):
        actions.set_office_setting(
            government, key="office.address", value="长" * 501, valid_from=TODAY, by=office_clerk, reason="通知"
        )


def test_validity_until_the_end_of_the_calendar_is_refused_when_it_is_entered(world: World):
    entry = RecordEntry(agency=world.bureau, title="办法", issued_on=date(2021, 1, 4))
    with pytest.raises(RuleBroken, match="有效期至空着"):
        normative.register_normative(
            entry,
            by=world.clerk,
            kind="normative_document",
            in_force_on=date(2021, 1, 5),
            valid_until=date(9999, 12, 31),
        )


@pytest.mark.parametrize("query", ["?on=9999-12-31", "?on=0001-01-01"])
def test_the_state_on_a_day_at_the_end_of_the_calendar_is_asked_for_in_vain(office_clerk, query):
    client = Client()
    client.force_login(office_clerk)
    assert client.get(reverse("desk:normative") + query).status_code == 200


@pytest.mark.parametrize("query", ["?first=0001-01-01", "?last=9999-12-31"])
def test_the_journal_of_a_day_without_an_instant_before_or_after_it_opens(administrator, query):
    client = Client()
    client.force_login(administrator)
    assert client.get(reverse("desk:journal") + query).status_code == 200


def test_an_agency_is_not_split_on_the_last_day_of_the_calendar(administrator, government, bureau):
    parts = [actions.AgencyRow(f"part{n}", f"SF9{n}", f"示范区第{n}局", "department", TODAY, "shifan") for n in (1, 2)]
    with pytest.raises(RuleBroken, match="还没有到"):
        actions.split_agency(
            bureau, parts=parts, successor="part1", last_day=date.max, by=administrator, reason="机构改革"
        )
