"""Outlets and topics."""

from datetime import date

import pytest

from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.ledgers.records import actions

pytestmark = pytest.mark.django_db


def test_an_outlet_belongs_to_one_of_the_channels_of_the_form(government, office_clerk):
    with pytest.raises(RuleBroken, match="只有政府公报、政府网站、政务微博、政务微信、其他方式"):
        actions.open_outlet(government, name="抖音号", channel="douyin", by=office_clerk)


def test_the_portal_is_a_website(government, office_clerk):
    with pytest.raises(RuleBroken, match="只能是“政府网站”"):
        actions.open_outlet(government, name="门户", channel="gazette", is_portal=True, by=office_clerk)


def test_the_name_of_an_outlet_is_used_once_in_an_agency(government, wechat_outlet, office_clerk):
    with pytest.raises(RuleBroken, match="已经有叫“示范区发布”的发布去处"):
        actions.open_outlet(government, name=" 示范区发布 ", channel="weibo", by=office_clerk)


def test_outlets_are_managed_by_the_disclosure_office(government, bureau_clerk):
    with pytest.raises(NotAllowed, match="公开工作机构"):
        actions.open_outlet(government, name="微博", channel="weibo", by=bureau_clerk)


def test_an_outlet_is_closed_once(wechat_outlet, office_clerk):
    actions.close_outlet(wechat_outlet, on=date(2020, 11, 5), by=office_clerk)
    with pytest.raises(RuleBroken, match="已经停用"):
        actions.close_outlet(wechat_outlet, on=date(2020, 11, 6), by=office_clerk)


def test_an_outlet_is_not_closed_before_its_last_publication(record, wechat_outlet, office_clerk):
    actions.publish_record(record, wechat_outlet, on=date(2020, 11, 10), by=office_clerk)
    with pytest.raises(RuleBroken, match="2020-11-10 还有发布"):
        actions.close_outlet(wechat_outlet, on=date(2020, 11, 10), by=office_clerk)


def test_the_portal_is_not_closed_while_something_stands_on_it(record, portal_outlet, office_clerk):
    actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=office_clerk)
    with pytest.raises(RuleBroken, match="还有 1 条信息"):
        actions.close_outlet(portal_outlet, on=date(2020, 11, 20), by=office_clerk)


def test_a_topic_gets_the_next_number_that_nobody_took(government, office_clerk):
    actions.create_category(government, code="budgets", name="预决算", index_code="0100", by=office_clerk)
    made = actions.create_category(government, code="epidemic", name="疫情防控", by=office_clerk)
    assert made.index_code == "0200"


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"code": "budgets"}, "已经用过", "code"),
        ({"index_code": "0100"}, "已经用过", "code"),
        ({"code": "预算"}, "只能用英文字母", "code"),
        ({"name": ""}, "要有名称", "name"),
        ({"index_code": "0100-1"}, "只能用英文字母和数字", "index_code"),
    ],
)
def test_a_topic_that_cannot_be_is_refused(government, category, office_clerk, change, sentence, field):
    given = {"code": "statistics", "name": "统计信息", "by": office_clerk, **change}
    with pytest.raises(RuleBroken, match=sentence) as broken:
        actions.create_category(government, **given)
    assert broken.value.field == field


def test_a_topic_changes_its_name_and_nothing_else(category, office_clerk):
    actions.rename_category(category, name="财政预算、决算", by=office_clerk)
    assert (category.name, category.code, category.index_code) == ("财政预算、决算", "budgets", "0100")
