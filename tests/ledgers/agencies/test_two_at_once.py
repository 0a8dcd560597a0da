"""Two administrators at the same moment: one change, one refusal (PostgreSQL, real threads)."""

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.models import JournalLine
from gongkai.base.permissions import ADMINISTRATOR
from gongkai.ledgers.agencies import actions
from gongkai.ledgers.agencies.models import Agency, Post, Staff
from tests.district import make_staff
from tests.ledgers.agencies.conftest import TODAY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
Deed = Callable[[], object]


def at_once(*deeds: Deed) -> list[str]:
    """Run each deed in a thread of its own, all begun together; the sentences of those refused."""
    refused: list[str] = []
    start = threading.Barrier(len(deeds))

    def run(deed: Deed) -> None:
        try:
            with clock.frozen(TODAY):
                start.wait()
                deed()
        except RuleBroken as broken:
            refused.append(str(broken))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[deed]) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


@pytest.fixture
def second(government) -> Staff:
    return make_staff("fuguan", "傅管理", government, ADMINISTRATOR)


def test_an_account_closed_by_two_is_closed_once(bureau_clerk, administrator, second):
    def close(by: Staff) -> Deed:
        return lambda: actions.close_account(Staff.objects.get(pk=bureau_clerk.pk), by=by, reason="调离")

    assert at_once(close(administrator), close(second)) == ["该账号已经停用。"]
    assert JournalLine.objects.filter(verb="staff.closed").count() == 1
    assert journal.verify()[1] is None


def test_two_administrators_closing_each_other_leave_one(administrator, second):
    refused = at_once(
        lambda: actions.close_account(second, by=administrator, reason="调离"),
        lambda: actions.close_account(administrator, by=second, reason="调离"),
    )
    assert len(refused) == 1
    assert "最后一名系统管理员" in refused[0]
    assert Staff.objects.filter(closed_on=None).count() == 1


def test_two_moves_that_are_sound_alone_never_make_a_circle(government, bureau, town, administrator, second):
    refused = at_once(
        lambda: actions.set_term(bureau, valid_from=TODAY, parent=town, by=administrator, reason="划转"),
        lambda: actions.set_term(town, valid_from=TODAY, parent=bureau, by=second, reason="划转"),
    )
    assert len(refused) == 1
    assert "成环" in refused[0]


def test_business_and_administration_never_meet_though_granted_at_once(government, bureau, administrator, second):
    person = make_staff("qian", "钱科员", bureau)
    refused = at_once(
        lambda: actions.grant_post(person, agency=bureau, role="clerk", by=administrator),
        lambda: actions.grant_post(person, agency=bureau, role=ADMINISTRATOR, by=second),
    )
    assert len(refused) == 1
    assert Post.objects.filter(staff=person).count() == 1


def test_an_agency_is_ended_once(government, bureau, town, administrator, second):
    def end(by: Staff) -> Deed:
        return lambda: actions.end_agency(
            Agency.objects.get(pk=bureau.pk), last_day=date(2020, 10, 31), successor=town, by=by, reason="改革"
        )

    assert at_once(end(administrator), end(second)) == ["“示范区教育局”已于 2020-10-31 撤销。"]
