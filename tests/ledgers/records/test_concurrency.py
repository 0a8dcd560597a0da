"""Several clerks at once, with real threads on PostgreSQL."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import CLERK
from gongkai.ledgers.records import actions
from gongkai.ledgers.records.models import Record
from tests.district import make_staff

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def together(*works):
    """Run the works at the same moment, each in a thread of its own; their refusals and their errors."""
    start, refusals, errors = threading.Barrier(len(works)), [], []

    def run(work):
        try:
            start.wait()
            with clock.frozen(date(2020, 11, 20)):
                work()
        except RuleBroken as broken:
            refusals.append(str(broken))
        except BaseException as error:
            errors.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refusals, errors


@pytest.fixture
def second_clerk(bureau):
    """Another clerk of the bureau."""
    return make_staff("zhou", "周科员", bureau, CLERK)


def test_two_clerks_publishing_the_same_at_the_same_outlet_leave_one_change_and_one_refusal(
    record, portal_outlet, bureau_clerk, second_clerk
):
    for round_number in range(5):
        refusals, errors = together(
            *(
                lambda by=by: actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=by)
                for by in (bureau_clerk, second_clerk)
            )
        )
        assert (len(refusals), errors) == (1, [])
        assert "已经在“区政府门户网站”发布" in refusals[0]
        publication = record.publications.get(withdrawn_on=None)
        assert publication.version == 1
        actions.withdraw_publication(publication, reason=f"第{round_number}轮", by=bureau_clerk)
    assert journal.verify()[1] is None


def test_two_clerks_taking_down_the_same_leave_one_change_and_one_refusal(
    record, portal_outlet, bureau_clerk, second_clerk
):
    publication = actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    copies = [type(publication).objects.get(pk=publication.pk) for _ in range(2)]
    refusals, errors = together(
        *(
            lambda row=row, by=by: actions.withdraw_publication(row, reason="附件有误", by=by)
            for row, by in zip(copies, (bureau_clerk, second_clerk), strict=True)
        )
    )
    assert (len(refusals), errors) == (1, [])


def test_publishing_and_making_exempt_at_once_never_leave_an_exempt_record_published(
    entry, portal_outlet, bureau_clerk, second_clerk
):
    for _ in range(8):
        record = actions.register_record(entry, by=bureau_clerk)
        same = Record.objects.get(pk=record.pk)
        refusals, errors = together(
            lambda record=record: actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk),
            lambda same=same: actions.change_status(same, status="exempt", by=second_clerk, reason="条例第十五条"),
        )
        assert (len(refusals), errors) == (1, [])
        record.refresh_from_db()
        assert record.publications.exists() == (record.disclosure_status == "proactive")


def test_index_numbers_are_unique_under_eight_writers(entry, bureau_clerk):
    writers, rounds = 8, 12
    bureau_clerk.roles_at(entry.agency.pk)

    def write():
        for turn in range(rounds):
            if turn % 4:
                actions.register_record(entry, by=bureau_clerk)
            else:
                actions.register_records([entry] * 3, by=bureau_clerk)

    refusals, errors = together(*[write] * writers)
    numbers = list(Record.objects.values_list("index_number", flat=True))
    assert (refusals, errors) == ([], [])
    assert len(set(numbers)) == len(numbers) == writers * (9 + 3 * 3)


def test_the_same_number_typed_by_two_is_given_to_one(entry, bureau_clerk, second_clerk):
    row = replace(entry, index_number="甲-1")
    refusals, errors = together(
        *(lambda by=by: actions.register_record(row, by=by) for by in (bureau_clerk, second_clerk))
    )
    assert (len(refusals), errors) == (1, [])
    assert "已经用过" in refusals[0]


def test_closing_an_outlet_and_publishing_there_at_once_leave_no_publication_after_the_closing(
    entry, wechat_outlet, bureau_clerk, office_clerk
):
    record = actions.register_record(entry, by=bureau_clerk)
    refusals, errors = together(
        lambda: actions.publish_record(record, wechat_outlet, on=date(2020, 11, 20), by=bureau_clerk),
        lambda: actions.close_outlet(wechat_outlet, on=date(2020, 11, 20), by=office_clerk),
    )
    wechat_outlet.refresh_from_db()
    assert (len(refusals), errors) == (1, [])
    assert record.publications.exists() == (wechat_outlet.closed_on is None)
