"""Closing, correcting and taking back a closing."""

from datetime import date

import pytest

from gongkai.base import clock, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import JournalLine
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.ledgers.applications import actions
from gongkai.ledgers.applications.models import Application

pytestmark = pytest.mark.django_db
GRANTED = {"on": date(2020, 11, 18), "outcome": "granted"}


def test_closing_stores_day_outcome_and_number_of_the_reply(application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, **GRANTED, reply_number=" 示教公开〔2020〕1号 ")
    application.refresh_from_db()
    assert (application.closed_on, application.outcome, application.reply_number) == (
        date(2020, 11, 18),
        "granted",
        "示教公开〔2020〕1号",
    )


def test_an_application_can_be_closed_on_the_day_of_receipt(application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 2), outcome="granted")
    assert application.closed_on == application.received_on


def test_a_late_reply_is_recorded_and_flagged(application, bureau_clerk):
    with clock.frozen(date(2020, 12, 2)):
        actions.close_application(application, by=bureau_clerk, on=date(2020, 12, 1), outcome="granted")
    assert application.closed_late


def test_a_reply_on_the_last_day_is_in_time(application, bureau_clerk):
    with clock.frozen(date(2020, 12, 2)):
        actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 30), outcome="granted")
    assert not application.closed_late


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"on": date(2020, 11, 1)}, "早于收到日期 2020-11-02", "on"),
        ({"on": date(2020, 11, 21)}, "还没有到", "on"),
        ({"on": None}, "要同时写明办结日期", "on"),
        ({"outcome": ""}, "要选定办理结果", "outcome"),
        ({"outcome": "granted.somehow"}, "没有“granted.somehow”这种办理结果", "outcome"),
        ({"outcome": "otherwise_closed.fee_unpaid"}, "2021-01-01 起施行", "outcome"),  # 109号 is later
        ({"reply_number": "号" * 81}, "最多 80 个字", "reply_number"),
    ],
)
def test_a_closing_that_cannot_be_is_refused_and_changes_nothing(application, bureau_clerk, change, sentence, field):
    with pytest.raises(RuleBroken, match=sentence) as refusal:
        actions.close_application(application, by=bureau_clerk, **{**GRANTED, **change})
    assert refusal.value.field == field
    application.refresh_from_db()
    assert (application.closed_on, application.version) == (None, 1)


def test_an_application_is_closed_only_once(application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, **GRANTED)
    with pytest.raises(RuleBroken, match="已于 2020-11-18 办结（予以公开），不能再次办结"):
        actions.close_application(application, by=bureau_clerk, **GRANTED)


def test_a_page_that_is_behind_closes_nothing(application, bureau_clerk):
    behind = Application.objects.get(pk=application.pk)
    actions.close_application(application, by=bureau_clerk, **GRANTED)
    with pytest.raises(RuleBroken, match="刚被别人办结"):
        actions.close_application(behind, by=bureau_clerk, on=date(2020, 11, 19), outcome="partly_granted")
    assert Application.objects.get().outcome == "granted"


def test_it_is_not_closed_before_it_was_extended(application, bureau_clerk, approver):
    actions.extend_reply(application, by=approver, on=date(2020, 11, 19), reason="需检索纸质档案")
    with pytest.raises(RuleBroken, match="早于延期日期 2020-11-19"):
        actions.close_application(application, by=bureau_clerk, **GRANTED)


@pytest.mark.parametrize(
    ("outcome", "on", "known"),
    [
        ("not_processed.excessive", date(2019, 5, 14), False),  # art. 35 is of the present text
        ("not_processed.excessive", date(2019, 5, 15), True),
        ("otherwise_closed.clarification_lapsed", date(2018, 6, 1), False),  # art. 30 likewise
        ("otherwise_closed.fee_unpaid", date(2020, 12, 31), False),  # 国办函〔2020〕109号
        ("otherwise_closed.fee_unpaid", date(2021, 1, 4), True),
        ("not_processed.repeated", date(2018, 6, 1), True),  # no row of its own in the form of 2014: stored still
        ("granted", date(2018, 6, 1), True),
    ],
)
def test_an_outcome_is_one_that_the_law_of_the_day_knows(bureau, bureau_clerk, entry, outcome, on, known):
    application = actions.register_application(bureau, by=bureau_clerk, **{**entry, "received_on": date(2018, 5, 2)})
    with clock.frozen(date(2021, 1, 15)):
        if known:
            actions.close_application(application, by=bureau_clerk, on=on, outcome=outcome)
        else:
            with pytest.raises(RuleBroken, match="不能用这种结果"):
                actions.close_application(application, by=bureau_clerk, on=on, outcome=outcome)
    assert (application.outcome == outcome) is known


def test_every_outcome_of_the_forms_can_be_stored_under_the_present_law(bureau, bureau_clerk, entry):
    entry["received_on"] = date(2021, 3, 1)
    with clock.frozen(date(2021, 3, 10)):
        made = actions.register_many(
            [actions.NewApplication(agency=bureau, **entry) for _ in OUTCOMES], by=bureau_clerk
        )
        actions.close_many(
            [
                actions.Closing(application=application, on=date(2021, 3, 9), outcome=outcome)
                for application, outcome in zip(made, OUTCOMES, strict=True)
            ],
            by=bureau_clerk,
        )
    assert set(Application.objects.values_list("outcome", flat=True)) == set(OUTCOMES)


def test_the_leader_who_signs_does_not_enter_closings(application, bureau_approver):
    with pytest.raises(NotAllowed):
        actions.close_application(application, by=bureau_approver, **GRANTED)


# ---- many at once


def test_many_are_closed_with_one_line(bureau, bureau_clerk, entry):
    made = actions.register_many([actions.NewApplication(agency=bureau, **entry)] * 12, by=bureau_clerk)
    actions.close_many([actions.Closing(application=application, **GRANTED) for application in made], by=bureau_clerk)
    assert Application.objects.filter(closed_on=date(2020, 11, 18), version=2).count() == 12
    line = JournalLine.objects.get(verb="application.closed_many")
    assert (line.rows, line.agency_id) == (12, bureau.pk)
    assert journal.verify()[1] is None


def test_one_bad_closing_refuses_all_and_is_named(bureau, bureau_clerk, entry):
    made = actions.register_many([actions.NewApplication(agency=bureau, **entry)] * 2, by=bureau_clerk)
    closings = [
        actions.Closing(application=made[0], **GRANTED),
        actions.Closing(application=made[1], on=date(2020, 11, 1), outcome="granted"),
    ]
    with pytest.raises(RuleBroken, match=r"^第 2 行：办结日期 2020-11-01 早于"):
        actions.close_many(closings, by=bureau_clerk)
    assert not Application.objects.filter(closed_on__isnull=False).exists()


def test_one_application_stands_once_in_a_batch(application, bureau_clerk):
    with pytest.raises(RuleBroken, match="出现了两次"):
        actions.close_many([actions.Closing(application=application, **GRANTED)] * 2, by=bureau_clerk)


def test_many_are_closed_only_where_one_may(bureau, town, bureau_clerk, office_clerk, entry):
    made = actions.register_many(
        [actions.NewApplication(agency=agency, **entry) for agency in (bureau, town)], by=office_clerk
    )
    with pytest.raises(NotAllowed):
        actions.close_many([actions.Closing(application=row, **GRANTED) for row in made], by=bureau_clerk)
    assert not Application.objects.filter(closed_on__isnull=False).exists()


# ---- putting right


@pytest.fixture
def closed(application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, **GRANTED, reply_number="示教公开〔2020〕1号")
    return application


def test_a_closing_is_corrected_with_a_reason(closed, bureau_clerk):
    actions.correct_closing(
        closed, by=bureau_clerk, reason="录入时选错", on=date(2020, 11, 17), outcome="partly_granted"
    )
    assert (closed.closed_on, closed.outcome, closed.reply_number) == (date(2020, 11, 17), "partly_granted", "")
    line = JournalLine.objects.get(verb="application.closing_corrected")
    assert (line.changed, line.reason) == (["closed_on", "outcome", "reply_number"], "录入时选错")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": " "}, "要写明理由"),
        ({"on": date(2020, 11, 1)}, "早于收到日期"),
        ({"outcome": "nonsense"}, "没有“nonsense”"),
        ({}, "没有改动"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(closed, bureau_clerk, change, sentence):
    given = {**GRANTED, "reply_number": "示教公开〔2020〕1号", "reason": "录入时选错", **change}
    with pytest.raises(RuleBroken, match=sentence):
        actions.correct_closing(closed, by=bureau_clerk, **given)


def test_an_open_application_has_no_closing_to_correct(application, bureau_clerk):
    with pytest.raises(RuleBroken, match="还没有办结"):
        actions.correct_closing(application, by=bureau_clerk, reason="改", **GRANTED)


def test_a_closing_entered_by_mistake_is_taken_back(closed, bureau_clerk):
    actions.reopen_application(closed, by=bureau_clerk, reason="误点，申请仍在办理")
    closed.refresh_from_db()
    assert (closed.closed_on, closed.outcome, closed.reply_number) == (None, "", "")
    assert journal.verify()[1] is None


def test_taking_a_closing_back_needs_a_reason(closed, bureau_clerk):
    with pytest.raises(RuleBroken, match="要写明理由"):
        actions.reopen_application(closed, by=bureau_clerk, reason="")


def test_closing_in_a_frozen_year_asks_for_the_reason(application, bureau_clerk, frozen_2020):
    with clock.frozen(date(2021, 2, 1)):
        with pytest.raises(RuleBroken, match="已经定稿"):
            actions.close_application(application, by=bureau_clerk, **GRANTED)
        actions.close_application(application, by=bureau_clerk, **GRANTED, reason="答复书补录")
    assert application.outcome == "granted"


def test_closing_after_a_frozen_year_touches_nothing_frozen(application, bureau_clerk, frozen_2020):
    with clock.frozen(date(2021, 2, 1)):
        actions.close_application(application, by=bureau_clerk, on=date(2021, 1, 29), outcome="granted")
    assert application.closed_late
