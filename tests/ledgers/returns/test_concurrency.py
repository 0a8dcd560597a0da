"""Two at once: one change and one refusal. On PostgreSQL, with real threads."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.base.models import JournalLine
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.returns import actions
from gongkai.ledgers.returns.models import Return
from tests.ledgers.returns.conftest import TODAY, but
from tests.ledgers.returns.test_actions import corrected

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def at_once(*doings: Callable[[], object]) -> list[str]:
    """Start all at the same moment; returns the sentences of those that were refused."""
    start, refused = threading.Barrier(len(doings)), list[str]()

    def do(doing: Callable[[], object]) -> None:
        try:
            start.wait()
            with clock.frozen(TODAY):
                doing()
        except RuleBroken as broken:
            refused.append(str(broken))
        finally:
            connection.close()

    threads = [threading.Thread(target=do, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused


def person(user: Staff) -> Staff:
    return Staff.objects.get(pk=user.pk)


@pytest.mark.parametrize("turn", range(5))
def test_two_approvers_confirming_at_once_leave_one_change_and_one_refusal(turn, waiting, bureau_approver, approver):
    first, second = Return.objects.get(pk=waiting.pk), Return.objects.get(pk=waiting.pk)
    [sentence] = at_once(
        lambda: actions.confirm_return(first, by=person(bureau_approver)),
        lambda: actions.confirm_return(second, by=person(approver)),
    )
    assert sentence == "这条填报已经确认或者撤回。"
    assert JournalLine.objects.filter(verb="returns.confirmed").count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_two_filings_at_once_for_the_same_days_leave_one(turn, filing, bureau_clerk, office_clerk):
    other = but(filing, period_from=filing.period_from.replace(month=6))
    [sentence] = at_once(
        lambda: actions.file_return(filing, by=person(bureau_clerk)),
        lambda: actions.file_returns([other], by=person(office_clerk)),
    )
    assert "统计期不能重叠" in sentence
    assert Return.objects.count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_two_corrections_at_once_leave_one(turn, confirmed, bureau_clerk, office_clerk):
    [sentence] = at_once(
        lambda: corrected(confirmed, person(bureau_clerk)),
        lambda: corrected(confirmed, person(office_clerk)),
    )
    assert "已有一条更正在等确认" in sentence


@pytest.mark.parametrize("turn", range(5))
def test_a_clerk_does_not_withdraw_what_is_confirmed_at_the_same_moment(turn, waiting, bureau_clerk, bureau_approver):
    first, second = Return.objects.get(pk=waiting.pk), Return.objects.get(pk=waiting.pk)
    [_] = at_once(
        lambda: actions.confirm_return(first, by=person(bureau_approver)),
        lambda: actions.withdraw_return(second, reason="填错", by=person(bureau_clerk)),
    )
    assert JournalLine.objects.filter(verb__in=("returns.confirmed", "returns.withdrawn")).count() == 1
