"""A refusal is shown and changes nothing; a deadlock is nobody's fault and is tried again."""

import threading
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.messages.storage.cookie import CookieStorage
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from gongkai.base import journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.http import attempt
from gongkai.base.models import JournalLine, NumberSeries


class ReasonForm(forms.Form):
    reason = forms.CharField()


@pytest.fixture
def request_of():
    def request_of(user):
        request = RequestFactory().post("/desk/")
        request.user = user
        request._messages = CookieStorage(request)
        return request

    return request_of


def refuse(sentence="不行", field=""):
    def act():
        raise RuleBroken(sentence, field=field)

    return act


def test_an_action_that_succeeds_returns_true(request_of, office_clerk):
    assert attempt(request_of(office_clerk), lambda: None)


def test_a_refusal_stands_beside_its_field(request_of, office_clerk):
    form = ReasonForm({"reason": "x"})
    assert not attempt(request_of(office_clerk), refuse("请写明理由", "reason"), form=form)
    assert form.errors["reason"] == ["请写明理由"]


def test_a_refusal_about_no_field_of_the_form_stands_above_it(request_of, office_clerk):
    form = ReasonForm({"reason": "x"})
    attempt(request_of(office_clerk), refuse("不行", "other"), form=form)
    assert form.non_field_errors() == ["不行"]


def test_a_refusal_without_a_form_is_a_message(request_of, office_clerk):
    request = request_of(office_clerk)
    attempt(request, refuse())
    assert [str(message) for message in request._messages] == ["不行"]


def test_a_want_of_permission_is_journalled(request_of, office_clerk):
    def act():
        raise NotAllowed("您没有权限")

    attempt(request_of(office_clerk), act)
    line = JournalLine.objects.first()
    assert (line.verb, line.by, line.reason) == ("action.refused", office_clerk, "您没有权限")


def test_another_failure_of_the_database_is_not_hidden(request_of, office_clerk):
    def act():
        raise OperationalError("disk full")

    with pytest.raises(OperationalError):
        attempt(request_of(office_clerk), act)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_actions_that_lock_each_other_out_both_succeed_in_the_end():
    NumberSeries.objects.bulk_create([NumberSeries(key="甲"), NumberSeries(key="乙")])
    met = threading.Barrier(2)
    done: list[bool] = []
    tries: list[str] = []

    def write(first: str, second: str) -> None:
        turns = iter([True, False, False])

        @transaction.atomic
        def act() -> None:
            tries.append(first)
            NumberSeries.objects.filter(key=first).update(last=1)
            if next(turns):
                met.wait()  # both hold their first row now
            NumberSeries.objects.filter(key=second).update(last=2)
            journal.record_event("page.refused", by=None)

        try:
            done.append(attempt(SimpleNamespace(user=None), act))
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=pair) for pair in (("甲", "乙"), ("乙", "甲"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [True, True]
    assert len(tries) == 3
    assert journal.verify() == (2, None)
