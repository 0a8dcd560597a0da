"""Which rule of the office holds where and when."""

from datetime import date
from decimal import Decimal

import pytest

from gongkai.base import office_settings
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.ledgers.agencies import actions
from gongkai.ledgers.agencies.settings import setting_value, setting_values, settings_in_force
from tests.ledgers.agencies.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def declared(monkeypatch):
    """Settings of the test, one of each type."""
    monkeypatch.setattr(office_settings, "_settings", {})
    for key, default in (("t.days", 15), ("t.strict", True), ("t.price", Decimal("0.50")), ("t.name", "甲")):
        office_settings.declare(key, name=key, default=default, meaning="试验用", source="无")


def put(agency, clerk, **fields):
    given = {"key": "t.days", "value": "10", "valid_from": TODAY, "reason": "示办〔2020〕1号"}
    return actions.set_office_setting(agency, by=clerk, **{**given, **fields})


def test_without_any_rule_the_default_holds(bureau):
    assert setting_value("t.days", bureau.pk) == 15


def test_a_rule_holds_for_the_agencies_below(government, bureau, office_clerk):
    put(government, office_clerk)
    assert setting_value("t.days", bureau.pk) == 10


def test_a_rule_of_ones_own_goes_before_one_from_above(government, bureau, office_clerk):
    put(government, office_clerk)
    put(bureau, office_clerk, value="7")
    assert setting_values("t.days", [government.pk, bureau.pk]) == {government.pk: 10, bureau.pk: 7}


def test_old_decisions_keep_the_old_rule(government, office_clerk):
    put(government, office_clerk)
    assert setting_value("t.days", government.pk, date(2020, 11, 1)) == 15


def test_a_page_knows_where_a_value_comes_from(government, bureau, office_clerk):
    put(government, office_clerk)
    held = settings_in_force(bureau.pk)["t.days"]
    assert (held.value, held.agency_id, held.since) == (10, government.pk, TODAY)


@pytest.mark.parametrize(
    ("key", "typed", "value"),
    [("t.days", " 20 ", 20), ("t.strict", "否", False), ("t.price", "1.20", Decimal("1.20")), ("t.name", "乙", "乙")],
)
def test_a_value_comes_back_in_the_type_of_the_default(government, office_clerk, key, typed, value):
    put(government, office_clerk, key=key, value=typed)
    found = setting_value(key, government.pk)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"key": "nobody"}, "没有“nobody”这个设置"),
        ({"reason": ""}, "请写明依据"),
        ({"value": "十"}, "“t.days”要填整数"),
        ({"value": "-1"}, "“t.days”要填整数"),
        ({"key": "t.strict", "value": "也许"}, "只能填“是”或者“否”"),
        ({"key": "t.price", "value": "贵"}, "“t.price”要填数"),
        ({"key": "t.name", "value": " "}, "请填写“t.name”"),
    ],
)
def test_a_value_that_cannot_be_is_refused(government, office_clerk, fields, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        put(government, office_clerk, **fields)
    assert setting_value("t.days", government.pk) == 15


def test_the_same_value_again_is_no_change(government, office_clerk):
    put(government, office_clerk)
    with pytest.raises(RuleBroken, match="没有任何改动"):
        put(government, office_clerk)


def test_a_value_of_the_same_day_is_corrected(government, office_clerk):
    put(government, office_clerk)
    assert put(government, office_clerk, value="12").version == 2
    assert setting_value("t.days", government.pk) == 12


def test_only_the_disclosure_office_sets_rules(government, administrator):
    with pytest.raises(NotAllowed, match="修改设置"):
        put(government, administrator)


def test_many_agencies_are_asked_in_two_queries(government, bureau, town, django_assert_num_queries):
    with django_assert_num_queries(2):
        setting_values("t.days", [government.pk, bureau.pk, town.pk])
