"""Publishing at outlets and taking down."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.base import clock, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.base.permissions import CLERK
from gongkai.ledgers.records import actions
from gongkai.ledgers.records.entries import PublicationEntry
from gongkai.ledgers.records.models import Publication
from tests.district import make_staff

pytestmark = pytest.mark.django_db
DAY = date(2020, 11, 10)


@pytest.fixture
def publication(record, portal_outlet, bureau_clerk):
    """The document on the portal since 2020-11-10."""
    return actions.publish_record(record, portal_outlet, on=DAY, by=bureau_clerk)


def test_a_bureau_publishes_on_the_portal_of_the_government_above(publication, record, portal_outlet):
    assert (publication.record, publication.outlet, publication.published_on) == (record, portal_outlet, DAY)


def test_a_publication_is_a_line_of_the_agency_of_the_record(publication, bureau):
    line = JournalLine.objects.get(verb="publication.published")
    assert (line.agency_id, line.subject_pk) == (bureau.pk, publication.pk)


def test_the_same_record_at_another_outlet_is_a_second_publication(publication, record, wechat_outlet, bureau_clerk):
    actions.publish_record(record, wechat_outlet, on=date(2020, 11, 11), by=bureau_clerk)
    assert record.publications.count() == 2


def test_the_same_record_at_the_same_outlet_twice_is_refused(publication, record, portal_outlet, bureau_clerk):
    with pytest.raises(RuleBroken, match="已经在“区政府门户网站”发布"):
        actions.publish_record(record, portal_outlet, on=date(2020, 11, 12), by=bureau_clerk)


@pytest.mark.parametrize(
    ("on", "sentence"),
    [
        (date(2020, 11, 1), "早于成文日期 2020-11-02"),  # cannot have happened
        (date(2020, 11, 21), "还没有到"),  # no publication ahead of its day in this version
    ],
)
def test_a_day_that_cannot_be_is_refused(record, portal_outlet, bureau_clerk, on, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.publish_record(record, portal_outlet, on=on, by=bureau_clerk)


@pytest.mark.parametrize("status", ["exempt", "on_application"])
def test_what_is_not_proactive_is_not_published_and_the_refusal_says_what_to_do(
    entry, portal_outlet, bureau_clerk, status
):
    row = replace(entry, disclosure_status=status, status_reason="条例第十六条")
    record = actions.register_record(row, by=bureau_clerk)
    with pytest.raises(RuleBroken, match="先改公开属性，改成“主动公开”后再发布"):
        actions.publish_record(record, portal_outlet, on=DAY, by=bureau_clerk)


def test_a_status_changed_by_somebody_else_in_the_meantime_is_seen(record, portal_outlet, bureau_clerk):
    same = type(record).objects.get(pk=record.pk)
    actions.change_status(same, status="exempt", by=bureau_clerk, reason="条例第十五条")
    with pytest.raises(RuleBroken, match="不能发布"):
        actions.publish_record(record, portal_outlet, on=DAY, by=bureau_clerk)


@pytest.mark.parametrize("on", [date(2020, 11, 5), DAY])  # the day of closing, and a day after it
def test_a_closed_outlet_takes_nothing(record, portal_outlet, office_clerk, bureau_clerk, on):
    actions.close_outlet(portal_outlet, on=date(2020, 11, 5), by=office_clerk)
    with pytest.raises(RuleBroken, match="已于 2020-11-05 停用"):
        actions.publish_record(record, portal_outlet, on=on, by=bureau_clerk)


def test_what_went_out_before_an_outlet_was_closed_can_still_be_entered(
    record, wechat_outlet, office_clerk, bureau_clerk
):
    actions.close_outlet(wechat_outlet, on=date(2020, 11, 15), by=office_clerk)
    made = actions.publish_record(record, wechat_outlet, on=DAY, by=bureau_clerk)
    assert made.published_on == DAY


def test_an_agency_does_not_publish_at_the_outlet_of_a_neighbour(record, town, office_clerk, bureau_clerk):
    outlet = actions.open_outlet(town, name="临河街道公开栏", channel="other_channel", by=office_clerk)
    with pytest.raises(NotAllowed, match="不是本单位或者上级单位的发布去处"):
        actions.publish_record(record, outlet, on=DAY, by=bureau_clerk)


def test_who_may_publish_for_both_may_publish_at_the_neighbour(record, town, office_clerk):
    outlet = actions.open_outlet(town, name="临河街道公开栏", channel="other_channel", by=office_clerk)
    assert actions.publish_record(record, outlet, on=DAY, by=office_clerk).outlet == outlet


def test_a_stranger_publishes_nothing(record, portal_outlet, town):
    stranger = make_staff("he", "何科员", town, CLERK)
    with pytest.raises(NotAllowed, match="发布政府信息"):
        actions.publish_record(record, portal_outlet, on=DAY, by=stranger)


def test_a_publication_in_a_frozen_year_asks_for_a_reason(entry, portal_outlet, bureau_clerk, frozen):
    record = actions.register_record(entry, by=bureau_clerk)
    frozen.add(2020)
    with clock.frozen(date(2021, 3, 1)), pytest.raises(RuleBroken, match="写明理由"):
        actions.publish_record(record, portal_outlet, on=DAY, by=bureau_clerk)


def test_an_earlier_first_publication_touches_the_year_it_is_taken_from(
    entry, portal_outlet, wechat_outlet, bureau_clerk, frozen
):
    record = actions.register_record(replace(entry, issued_on=date(2019, 6, 3)), by=bureau_clerk)
    actions.publish_record(record, portal_outlet, on=DAY, by=bureau_clerk)
    frozen.add(2020)
    with pytest.raises(RuleBroken, match="2020年度报告已经定稿"):
        actions.publish_record(record, wechat_outlet, on=date(2019, 6, 10), by=bureau_clerk)


# ---- many at once


def test_many_are_published_with_one_line(record, portal_outlet, wechat_outlet, bureau_clerk):
    actions.publish_many([PublicationEntry(record, o, DAY) for o in (portal_outlet, wechat_outlet)], by=bureau_clerk)
    line = JournalLine.objects.get(verb="publication.published")
    assert (line.rows, journal.verify()[1]) == (2, None)


def test_of_many_the_same_place_twice_is_refused_by_its_row(record, portal_outlet, bureau_clerk):
    with pytest.raises(RuleBroken, match=r"^第 2 行：这条信息已经在"):
        actions.publish_many([PublicationEntry(record, portal_outlet, DAY)] * 2, by=bureau_clerk)
    assert not Publication.objects.exists()


def test_the_queries_of_many_publications_do_not_grow_with_their_number(
    entry, portal_outlet, bureau_clerk, django_assert_max_num_queries
):
    records = actions.register_records([entry] * 400, by=bureau_clerk)
    with django_assert_max_num_queries(40):
        actions.publish_many([PublicationEntry(r, portal_outlet, DAY) for r in records], by=bureau_clerk)


# ---- taking down


def test_taking_down_keeps_the_publication_and_its_reason(publication, bureau_clerk):
    actions.withdraw_publication(publication, reason="含个人信息", by=bureau_clerk)
    publication.refresh_from_db()
    assert (publication.published_on, publication.withdrawn_on, publication.withdrawn_reason) == (
        DAY,
        date(2020, 11, 20),
        "含个人信息",
    )


def test_what_was_taken_down_can_be_published_again(publication, record, portal_outlet, bureau_clerk):
    actions.withdraw_publication(publication, reason="附件有误", by=bureau_clerk, on=date(2020, 11, 12))
    actions.publish_record(record, portal_outlet, on=date(2020, 11, 13), by=bureau_clerk)
    assert record.publications.filter(withdrawn_on=None).count() == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": " "}, "要写明撤下的理由"),
        ({"on": date(2020, 11, 9)}, "早于发布日期"),
        ({"on": date(2020, 11, 21)}, "还没有到"),
    ],
)
def test_taking_down_refuses_what_cannot_be(publication, bureau_clerk, change, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.withdraw_publication(publication, **{"reason": "附件有误", "by": bureau_clerk, **change})


def test_taking_down_twice_is_refused(publication, bureau_clerk):
    actions.withdraw_publication(publication, reason="附件有误", by=bureau_clerk)
    with pytest.raises(RuleBroken, match="不用再撤"):
        actions.withdraw_publication(publication, reason="附件有误", by=bureau_clerk)
