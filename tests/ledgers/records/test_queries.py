"""Which records count when, and which the portal shows."""

from dataclasses import replace
from datetime import date

import pytest

from gongkai.ledgers.records import actions, queries
from gongkai.ledgers.records.models import Record

pytestmark = pytest.mark.django_db
Y2019 = (date(2019, 1, 1), date(2019, 12, 31))
Y2020 = (date(2020, 1, 1), date(2020, 12, 31))


@pytest.fixture
def moved(entry, portal_outlet, wechat_outlet, bureau_clerk):
    """Issued and first published in 2019 on WeChat, on the portal in 2020, taken down there on 2020-06-30."""
    record = actions.register_record(replace(entry, issued_on=date(2019, 12, 2)), by=bureau_clerk)
    actions.publish_record(record, wechat_outlet, on=date(2019, 12, 31), by=bureau_clerk)
    page = actions.publish_record(record, portal_outlet, on=date(2020, 1, 2), by=bureau_clerk)
    actions.withdraw_publication(page, reason="附件有误", by=bureau_clerk, on=date(2020, 6, 30))
    return record


def hits(condition):
    return [*Record.objects.filter(condition)]


@pytest.mark.parametrize(("period", "counts"), [(Y2019, True), (Y2020, False)])
def test_a_record_counts_once_in_the_year_of_its_first_publication(moved, period, counts):
    assert hits(queries.first_published_in(*period)) == [moved] * counts


@pytest.mark.parametrize(
    ("channel", "period", "counts"),
    [("wechat", Y2019, True), ("website", Y2019, False), ("website", Y2020, True), ("wechat", Y2020, False)],
)
def test_a_channel_counts_it_in_the_year_of_its_first_publication_there(moved, channel, period, counts):
    assert hits(queries.first_published_in(*period, channel=channel)) == [moved] * counts


def test_the_first_publication_is_the_earliest_at_any_outlet(moved):
    [row] = queries.with_first_publication(Record.objects.all())
    assert row.first_published_on == date(2019, 12, 31)


def test_a_withdrawal_does_not_unmake_the_first_publication(record, portal_outlet, bureau_clerk):
    page = actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    actions.withdraw_publication(page, reason="附件有误", by=bureau_clerk, on=date(2020, 11, 10))
    assert hits(queries.first_published_in(*Y2020)) == [record]


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        (date(2019, 12, 30), False),  # before the first outlet
        (date(2019, 12, 31), True),
        (date(2020, 7, 1), True),  # taken down on the portal, still standing on WeChat
    ],
)
def test_a_record_stands_while_one_outlet_shows_it(moved, day, stands):
    assert hits(queries.standing_on(day)) == [moved] * stands


def test_on_the_day_it_is_taken_down_it_stands_no_more(record, portal_outlet, bureau_clerk):
    page = actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    actions.withdraw_publication(page, reason="附件有误", by=bureau_clerk, on=date(2020, 11, 15))
    assert (hits(queries.standing_on(date(2020, 11, 14))), hits(queries.standing_on(date(2020, 11, 15)))) == (
        [record],
        [],
    )


@pytest.mark.parametrize(("day", "counts"), [(date(2019, 12, 30), False), (date(2019, 12, 31), True)])
def test_cumulated_is_what_was_published_by_the_day(moved, day, counts):
    assert hits(queries.published_by(day)) == [moved] * counts


def test_the_portal_shows_what_stands_at_a_portal_outlet(record, moved, portal_outlet, bureau_clerk):
    actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    assert [*queries.public(date(2020, 11, 20))] == [record]


def test_the_column_of_statutory_content_leaves_out_other_items_of_the_site(entry, portal_outlet, bureau_clerk):
    news = actions.register_record(replace(entry, is_government_information=False), by=bureau_clerk)
    actions.publish_record(news, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    assert [*queries.public(date(2020, 11, 20))] == [news]
    assert not queries.statutory_content(date(2020, 11, 20)).exists()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("春季招生", True),  # title
        ("〔2020〕18号", True),  # document number
        ("SF020-0000-2020", True),  # index number
        ("按照公告", True),  # body
        ("招生 公告", True),  # both words, in different places
        ("招生 征收", False),  # one of the words nowhere
        ("100%", False),  # no wildcard
    ],
)
def test_all_words_are_searched_in_title_numbers_and_body(record, words, found):
    rows = queries.narrow(Record.objects.all(), queries.Narrowing(q=words), date(2020, 11, 20))
    assert [*rows] == [record] * found


@pytest.mark.parametrize(
    ("narrowing", "found"),
    [
        ({"year": 2020}, True),
        ({"year": 2019}, False),
        ({"status": "proactive"}, True),
        ({"status": "exempt"}, False),
        ({"state": "unpublished"}, True),
        ({"state": "standing"}, False),
        ({"state": "overdue"}, False),
        ({"state": "withdrawn"}, False),
    ],
)
def test_a_list_is_narrowed_by_year_status_and_state(record, narrowing, found):
    rows = queries.narrow(Record.objects.all(), queries.Narrowing(**narrowing), date(2020, 11, 20))
    assert [*rows] == [record] * found


def test_what_was_taken_down_everywhere_is_a_state_of_its_own(record, portal_outlet, bureau_clerk):
    page = actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    actions.withdraw_publication(page, reason="附件有误", by=bureau_clerk)
    rows = queries.narrow(Record.objects.all(), queries.Narrowing(state="withdrawn"), date(2020, 11, 20))
    assert [*rows] == [record]


def test_a_clerk_sees_the_records_of_the_own_agency_only(entry, record, government, office_clerk, bureau_clerk):
    actions.register_record(replace(entry, agency=government), by=office_clerk)
    assert [*queries.visible_to(bureau_clerk)] == [record]
    assert queries.visible_to(office_clerk).count() == 2


def test_an_administrator_sees_no_record(record, administrator):
    assert not queries.visible_to(administrator).exists()


def test_an_agency_is_named_as_it_was_called_on_the_day(bureau):
    assert queries.agency_name_on(bureau.pk, date(2009, 1, 1)) == "示范区教育局"
