"""Putting a record right, and its disclosure status."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.base import clock
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine, RowVersion
from gongkai.ledgers.records import actions
from gongkai.ledgers.records.history import history_of

pytestmark = pytest.mark.django_db


def test_a_change_names_its_fields_and_keeps_what_was(record, bureau_clerk):
    before = record.title
    actions.change_record(record, by=bureau_clerk, title="关于做好2021年秋季招生工作的通知", reason="标题有误")
    line = JournalLine.objects.get(verb="record.changed")
    assert (line.changed, line.reason, record.version) == (["title"], "标题有误", 2)
    assert RowVersion.objects.get(subject="records.record", version=1).content["title"] == before


def test_a_change_of_nothing_is_refused(record, bureau_clerk):
    with pytest.raises(RuleBroken, match="没有改动"):
        actions.change_record(record, by=bureau_clerk, title=f" {record.title} ", body=record.body + "\r\n")


def test_a_change_based_on_an_old_version_is_refused(record, bureau_clerk):
    actions.change_record(record, by=bureau_clerk, title="新标题")
    with pytest.raises(RuleBroken, match="刚刚被别人改过"):
        actions.change_record(record, by=bureau_clerk, title="更新的标题", seen=1)


def test_a_record_is_changed_only_by_who_may(record, bureau_approver):
    with pytest.raises(NotAllowed, match="修改政府信息"):
        actions.change_record(record, by=bureau_approver, title="新标题")


def test_the_issue_date_does_not_move_behind_a_publication(record, portal_outlet, bureau_clerk):
    actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    with pytest.raises(RuleBroken, match="成文日期不能晚于这一天"):
        actions.change_record(record, by=bureau_clerk, issued_on=date(2020, 11, 11))


@pytest.mark.parametrize(
    ("year", "change"),
    [
        (2019, {"issued_on": date(2019, 12, 30)}),  # the year it is moved into
        (2020, {"issued_on": date(2019, 12, 30)}),  # the year it is taken from
        (2021, {"title": "新标题"}),  # the year in which it was published
    ],
)
def test_every_frozen_year_that_a_change_touches_asks_for_a_reason(
    record, portal_outlet, bureau_clerk, frozen, year, change
):
    with clock.frozen(date(2021, 2, 1)):
        actions.publish_record(record, portal_outlet, on=date(2021, 1, 20), by=bureau_clerk)
        frozen.add(year)
        with pytest.raises(RuleBroken, match=f"{year}年度报告已经定稿"):
            actions.change_record(record, by=bureau_clerk, **change)


def test_a_status_other_than_proactive_needs_its_reason(record, bureau_clerk):
    with pytest.raises(RuleBroken, match="要写明不主动公开的理由"):
        actions.change_status(record, status="exempt", by=bureau_clerk)


def test_a_status_keeps_its_reason(record, bureau_clerk):
    actions.change_status(record, status="exempt", by=bureau_clerk, reason="条例第十四条：国家秘密")
    assert (record.disclosure_status, record.status_reason) == ("exempt", "条例第十四条：国家秘密")


def test_the_way_back_to_proactive_needs_none_and_drops_it(entry, bureau_clerk):
    row = replace(entry, disclosure_status="exempt", status_reason="条例第十六条")
    record = actions.register_record(row, by=bureau_clerk)
    actions.change_status(record, status="proactive", by=bureau_clerk)
    assert (record.disclosure_status, record.status_reason) == ("proactive", "")


def test_what_stands_at_an_outlet_is_withdrawn_before_its_status_changes(record, portal_outlet, bureau_clerk):
    actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    with pytest.raises(RuleBroken, match="正在区政府门户网站发布，先撤下"):
        actions.change_status(record, status="exempt", by=bureau_clerk, reason="条例第十五条")


def test_the_history_tells_what_changed_in_words(record, category, bureau_clerk):
    actions.change_record(record, by=bureau_clerk, category=category, has_full_text=False)
    actions.change_status(record, status="on_application", by=bureau_clerk, reason="涉及第三方")
    latest, changed, registered = history_of([record], {"category_id": {category.pk: category.name}})
    assert [(c.name, c.was, c.now) for c in changed.changes] == [
        ("主题分类", "未填", "财政预决算"),
        ("全文电子化", "是", "否"),
    ]
    assert next((c.name, c.was, c.now) for c in latest.changes) == ("公开属性", "主动公开", "依申请公开")
    assert (registered.title, registered.by, registered.changes) == ("登记", "林科员", ())
