"""Entering records, one by one and many at once."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.base import journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.records import actions
from gongkai.ledgers.records.models import Record

pytestmark = pytest.mark.django_db


def test_a_record_gets_the_next_number_of_its_agency_category_and_year(entry, category, bureau_clerk):
    made = [
        actions.register_record(row, by=bureau_clerk).index_number
        for row in (
            entry,
            replace(entry, category=category),
            entry,
            replace(entry, issued_on=date(2019, 5, 6)),
        )
    ]
    assert made == ["SF020-0000-2020-00001", "SF020-0100-2020-00001", "SF020-0000-2020-00002", "SF020-0000-2019-00001"]


def test_a_number_given_by_hand_is_kept(entry, bureau_clerk):
    made = actions.register_record(replace(entry, index_number="003456789/2020-00012"), by=bureau_clerk)
    assert made.index_number == "003456789/2020-00012"


def test_a_number_is_never_given_twice(entry, record, bureau_clerk):
    with pytest.raises(RuleBroken, match="已经用过") as broken:
        actions.register_record(replace(entry, index_number=record.index_number), by=bureau_clerk)
    assert broken.value.field == "index_number"


def test_the_series_leaves_out_a_number_that_was_typed_by_hand(entry, bureau_clerk):
    actions.register_record(replace(entry, index_number="SF020-0000-2020-00001"), by=bureau_clerk)
    assert actions.register_record(entry, by=bureau_clerk).index_number == "SF020-0000-2020-00002"


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"title": " 　 "}, "要写标题", "title"),  # only white space, also the full-width kind
        ({"title": "长" * 301}, "最多 300 字", "title"),
        ({"document_number": "长" * 81}, "最多 80 字", "document_number"),
        ({"body": "有\x00"}, "控制字符", "body"),  # PostgreSQL cannot keep it
        ({"issued_on": date(2020, 11, 21)}, "还没有到", "issued_on"),
        ({"issued_on": date(202, 11, 2)}, "核对年份", "issued_on"),  # a slip of the finger
        ({"disclosure_status": "secret"}, "没有“secret”这种公开属性", "disclosure_status"),
        ({"disclosure_status": "exempt"}, "要写明不主动公开的理由", "status_reason"),
        ({"disclosure_status": "on_application", "status_reason": "  "}, "要写明不主动公开的理由", "status_reason"),
        ({"index_number": "SF020 1"}, "只能用", "index_number"),
        ({"index_number": "../1"}, "只能用", "index_number"),  # would leave its address
        ({"index_number": "号" * 61}, "最多 60 字", "index_number"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(entry, bureau_clerk, change, sentence, field):
    with pytest.raises(RuleBroken, match=sentence) as broken:
        actions.register_record(replace(entry, **change), by=bureau_clerk)
    assert (broken.value.field, Record.objects.count()) == (field, 0)


def test_what_is_not_disclosed_keeps_its_reason(entry, bureau_clerk):
    row = replace(entry, disclosure_status="exempt", status_reason="条例第十六条第一款：内部管理流程")
    assert actions.register_record(row, by=bureau_clerk).status_reason == "条例第十六条第一款：内部管理流程"


def test_a_clerk_registers_only_for_the_own_agency_and_those_below(entry, government, bureau_clerk):
    with pytest.raises(NotAllowed, match="登记政府信息"):
        actions.register_record(replace(entry, agency=government), by=bureau_clerk)


def test_a_frozen_year_asks_for_a_reason(entry, bureau_clerk, frozen):
    frozen.add(2020)
    with pytest.raises(RuleBroken, match="写明理由"):
        actions.register_record(entry, by=bureau_clerk)


def test_with_a_reason_the_frozen_year_takes_the_record_and_the_journal_the_reason(entry, bureau_clerk, frozen):
    frozen.add(2020)
    actions.register_record(entry, by=bureau_clerk, reason="补登漏报的文件")
    assert JournalLine.objects.get(verb="record.registered").reason == "补登漏报的文件"


def test_many_are_entered_with_one_line(entry, bureau_clerk):
    actions.register_records([entry] * 3, by=bureau_clerk)
    line = JournalLine.objects.get(verb="record.registered")
    assert (line.rows, line.agency_id, journal.verify()[1]) == (3, entry.agency.pk, None)


def test_of_many_all_or_none_are_entered_and_the_refusal_names_the_row(entry, bureau_clerk):
    with pytest.raises(RuleBroken, match=r"^第 2 行：成文日期 2020-11-21 还没有到"):
        actions.register_records([entry, replace(entry, issued_on=date(2020, 11, 21))], by=bureau_clerk)
    assert not Record.objects.exists()


def test_of_many_two_with_the_same_number_are_refused(entry, bureau_clerk):
    rows = [replace(entry, index_number="甲-1"), replace(entry, index_number="甲-1")]
    with pytest.raises(RuleBroken, match=r"^第 2 行：索引号“甲-1”已经用过"):
        actions.register_records(rows, by=bureau_clerk)


def test_of_many_each_agency_needs_the_permission(entry, town, bureau_clerk):
    with pytest.raises(NotAllowed, match=r"^第 2 行"):
        actions.register_records([entry, replace(entry, agency=town)], by=bureau_clerk)


def test_many_get_the_numbers_that_one_after_the_other_would_get(entry, category, bureau_clerk):
    actions.register_record(replace(entry, index_number="SF020-0000-2020-00002"), by=bureau_clerk)
    rows = [entry, replace(entry, category=category), entry, replace(entry, index_number="甲-1"), entry]
    made = [record.index_number for record in actions.register_records(rows, by=bureau_clerk)]
    assert made == [
        "SF020-0000-2020-00001",
        "SF020-0100-2020-00001",
        "SF020-0000-2020-00003",
        "甲-1",
        "SF020-0000-2020-00004",
    ]


def test_the_queries_of_a_bulk_do_not_grow_with_its_rows(entry, bureau_clerk, django_assert_max_num_queries):
    bureau_clerk.roles_at(entry.agency.pk)
    with django_assert_max_num_queries(40):
        actions.register_records([entry] * 400, by=bureau_clerk)
