"""The clock of an application: one test per rule and per exception, named after it, with the article."""

from datetime import date, timedelta

import pytest

from gongkai.core.calendars import WorkCalendar
from gongkai.core.law.clock import (
    Case,
    ClockRules,
    Event,
    EventKind,
    ImpossibleHistory,
    State,
    reckon,
    what_would_move,
)

CALENDAR = WorkCalendar.built_in()
UNTIL_2025 = WorkCalendar(
    years=frozenset(range(2008, 2026)),
    rest_weekdays=frozenset(day for day in CALENDAR.rest_weekdays if day.year < 2026),
    work_weekends=frozenset(day for day in CALENDAR.work_weekends if day.year < 2026),
)


def d(text):
    return date.fromisoformat(text)


def case(*lines, as_of=None, received_by=""):
    """Events as lines: "2025-03-03 received", "2025-03-10 third_party_asked party=2"."""
    events = []
    for line in lines:
        on, kind, *more = line.split()
        extra = dict(pair.split("=") for pair in more)
        events.append(
            Event(
                d(on),
                EventKind(kind),
                party=extra.get("party", "1"),
                until=d(extra["until"]) if "until" in extra else None,
                days=int(extra["days"]) if "days" in extra else None,
            )
        )
    return Case(tuple(events), d(as_of) if as_of else events[-1].on, received_by)


def clock(*lines, as_of=None, calendar=CALENDAR, rules=None, received_by=""):
    return reckon(case(*lines, as_of=as_of, received_by=received_by), calendar, rules)


def articles(reckoned):
    return [breach.article for breach in reckoned.breaches]


# Receipt and term: art. 31, 33 para. 2; 2007 text art. 24 para. 2.


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2018-09-25", "2018-10-19"),  # the 2007 text: 15 days, over National Day
        ("2017-01-20", "2017-02-15"),  # the 2007 text, over Spring Festival
        ("2019-05-14", "2019-06-04"),  # the last day of the 2007 text
        ("2019-05-15", "2019-06-13"),  # the first day of the new one
        ("2020-01-20", "2020-02-25"),  # Spring Festival, prolonged to 2 February
        ("2020-12-31", "2021-01-29"),  # over New Year
        ("2024-02-04", "2024-03-07"),  # received on a working Sunday
        ("2024-09-29", "2024-10-31"),  # received on a working Sunday
        ("2025-09-26", "2025-10-30"),
        ("2026-02-14", "2026-03-20"),  # received on a working Saturday
    ],
)
def test_a_reply_is_due_on_the_last_day_of_the_term_of_the_text_of_its_receipt(received, due):
    assert clock(f"{received} received").due_on == d(due)


@pytest.mark.parametrize(
    ("received", "law"),
    [("2019-05-14", "2007"), ("2019-05-15", "2019"), ("2008-05-01", "2007"), ("2026-01-05", "2019")],
)
def test_the_law_is_that_of_the_day_of_receipt(received, law):
    assert clock(f"{received} received").law.code == law


def test_a_case_received_under_the_2007_text_keeps_it_when_the_new_text_comes_into_force():
    assert clock("2019-05-10 received", as_of="2019-05-31").due_on == d("2019-05-31")


def test_the_clock_runs_from_legal_receipt_and_not_from_arrival():
    assert clock("2020-01-17 arrived", "2020-01-20 received", received_by="online").due_on == d("2020-02-25")


def test_an_application_handed_in_is_received_on_that_day_and_another_day_is_pointed_out():
    reckoned = clock("2020-01-17 arrived", "2020-01-20 received", received_by="in_person")
    assert any("第三十一条第（一）项" in sentence for sentence in reckoned.assumed)


def test_days_used_and_left_add_up_to_the_term():
    reckoned = clock("2020-01-20 received", as_of="2020-02-10")
    assert (reckoned.used, reckoned.left, reckoned.late_by) == (9, 11, 0)
    assert reckoned.state is State.RUNNING


def test_on_the_last_day_no_day_is_left_and_it_is_in_time():
    reckoned = clock("2020-01-20 received", as_of="2020-02-25")
    assert (reckoned.used, reckoned.left, reckoned.late_by) == (20, 0, 0)


def test_after_the_limit_the_days_of_lateness_are_counted():
    reckoned = clock("2020-01-20 received", as_of="2020-02-28")
    assert (reckoned.due_on, reckoned.used, reckoned.left, reckoned.late_by) == (d("2020-02-25"), 23, 0, 3)
    assert reckoned.breaches == ()  # nothing happened that broke a limit: nobody has replied


def test_days_run_from_the_day_after_receipt_to_the_limit():
    days = clock("2020-01-20 received").days()
    assert (days[0].on, days[-1].on) == (d("2020-01-21"), d("2020-02-25"))


def test_days_run_to_the_day_of_looking_when_it_is_later():
    assert clock("2020-01-20 received", as_of="2020-03-09").days()[-1].on == d("2020-03-09")


@pytest.mark.parametrize(
    ("on", "counted", "why"),
    [
        ("2020-01-23", True, "第3个工作日"),
        ("2020-01-24", False, "节假日休息"),
        ("2020-01-25", False, "周六"),
        ("2020-02-03", True, "第4个工作日"),
        ("2020-02-25", True, "第20个工作日，答复期限到这天"),
        ("2020-02-26", True, "第21个工作日，已过答复期限"),
    ],
)
def test_each_day_says_why_it_counts_or_not(on, counted, why):
    days = {day.on: (day.counted, day.why) for day in clock("2020-01-20 received", as_of="2020-02-28").days()}
    assert days[d(on)] == (counted, why)


def test_a_make_up_workday_says_so():
    days = {day.on: day.why for day in clock("2024-02-02 received").days()}
    assert days[d("2024-02-04")] == "第1个工作日，周日调休上班"


WORKED = [
    # received, +7, +15, +20, +40: the worked examples of the counting of days
    ("2020-01-20", "2020-02-06", "2020-02-18", "2020-02-25", "2020-03-24"),
    ("2020-12-31", "2021-01-12", "2021-01-22", "2021-01-29", "2021-03-03"),
    ("2024-02-04", "2024-02-19", "2024-02-29", "2024-03-07", "2024-04-07"),
    ("2024-09-29", "2024-10-14", "2024-10-24", "2024-10-31", "2024-11-28"),
    ("2025-09-26", "2025-10-13", "2025-10-23", "2025-10-30", "2025-11-27"),
    ("2026-02-14", "2026-03-03", "2026-03-13", "2026-03-20", "2026-04-20"),
]


@pytest.mark.parametrize(("received", "seven", "fifteen", "twenty", "forty"), WORKED)
def test_the_worked_examples_hold_for_every_term_of_the_new_text(received, seven, fifteen, twenty, forty):
    lines = (f"{received} received",)
    assert clock(*lines).due_on == d(twenty)
    assert clock(*lines, f"{twenty} extended").due_on == d(forty)
    assert articles(clock(*lines, f"{seven} clarification_asked")) == []
    assert articles(clock(*lines, f"{d(seven) + timedelta(days=1)} clarification_asked")) == ["30"]
    asked = (*lines, f"{received} third_party_asked", f"{received} third_party_received")
    assert clock(*asked, as_of=f"{d(fifteen) - timedelta(days=1)}").state is State.PAUSED
    assert clock(*asked, as_of=fifteen).state is State.RUNNING
    assert clock(*lines, f"{received} fee_notified", as_of=twenty).state is State.WAITING_FOR_APPLICANT
    assert clock(*lines, f"{received} fee_notified", as_of=f"{d(twenty) + timedelta(days=1)}").state is State.LAPSED


@pytest.mark.parametrize(
    ("received", "fifteen", "thirty"),
    [
        ("2017-01-20", "2017-02-15", "2017-03-08"),
        ("2018-09-25", "2018-10-19", "2018-11-09"),
        ("2019-05-14", "2019-06-04", "2019-06-26"),
    ],
)
def test_the_worked_examples_hold_for_the_terms_of_the_2007_text(received, fifteen, thirty):
    assert clock(f"{received} received").due_on == d(fifteen)
    assert clock(f"{received} received", f"{fifteen} extended").due_on == d(thirty)


# Clarification: art. 30.


def test_a_supplement_starts_the_term_anew():
    reckoned = clock(
        "2025-01-20 received", "2025-02-05 clarification_asked", "2025-02-17 clarification_received", as_of="2025-02-20"
    )
    assert (reckoned.due_on, reckoned.used, reckoned.left) == (d("2025-03-17"), 3, 17)


def test_a_supplemented_application_can_be_extended():
    reckoned = clock(
        "2025-01-20 received",
        "2025-02-05 clarification_asked",
        "2025-02-17 clarification_received",
        "2025-03-10 extended",
    )
    assert reckoned.due_on == d("2025-04-15")


def test_an_extension_belongs_to_the_term_that_starts_anew():
    reckoned = clock(
        "2025-01-20 received",
        "2025-02-05 clarification_asked",
        "2025-02-06 extended",
        "2025-02-17 clarification_received",
    )
    assert reckoned.due_on == d("2025-04-15")


def test_while_a_supplement_is_waited_for_there_is_no_limit():
    reckoned = clock("2025-03-03 received", "2025-03-06 clarification_asked until=2025-03-20", as_of="2025-03-20")
    assert (reckoned.state, reckoned.due_on, reckoned.left) == (State.WAITING_FOR_APPLICANT, None, None)
    assert (reckoned.used, reckoned.late_by, reckoned.provisional) == (3, 0, False)
    assert reckoned.days()[-1].on == d("2025-03-20")


def test_without_a_supplement_in_time_the_application_lapses():
    reckoned = clock("2025-03-03 received", "2025-03-06 clarification_asked until=2025-03-20", as_of="2025-03-21")
    assert (reckoned.state, reckoned.due_on, reckoned.left) == (State.LAPSED, None, None)
    assert reckoned.days()[-1].why == "逾期，视为放弃申请"


def test_a_notice_that_sets_no_period_never_lapses():
    reckoned = clock("2025-03-03 received", "2025-03-06 clarification_asked", as_of="2025-12-31")
    assert reckoned.state is State.WAITING_FOR_APPLICANT


@pytest.mark.parametrize(("asked", "broken"), [("2025-02-05", []), ("2025-02-06", ["30"])])
def test_the_notice_to_supplement_leaves_within_seven_working_days(asked, broken):
    assert articles(clock("2025-01-20 received", f"{asked} clarification_asked")) == broken


def test_a_late_notice_to_supplement_is_computed_all_the_same():
    reckoned = clock("2025-03-03 received", "2025-03-14 clarification_asked", "2025-03-20 clarification_received")
    assert articles(reckoned) == ["30"]
    assert reckoned.due_on == d("2025-04-18")


def test_a_late_supplement_that_was_taken_in_starts_the_term_and_is_listed():
    reckoned = clock(
        "2025-03-03 received", "2025-03-06 clarification_asked until=2025-03-20", "2025-03-24 clarification_received"
    )
    assert (reckoned.state, reckoned.due_on, articles(reckoned)) == (State.RUNNING, d("2025-04-22"), ["30"])


def test_a_reply_while_the_supplement_is_waited_for_has_no_limit():
    reckoned = clock("2025-03-03 received", "2025-03-06 clarification_asked", "2025-05-30 replied")
    assert (reckoned.state, reckoned.due_on, reckoned.late_by) == (State.CLOSED, None, 0)


def test_asking_for_a_supplement_after_the_limit_does_not_hide_that_the_reply_was_late():
    reckoned = clock("2025-03-03 received", "2025-04-10 clarification_asked", "2025-04-11 replied")
    assert (reckoned.due_on, reckoned.late_by) == (d("2025-03-31"), 8)
    assert articles(reckoned) == ["30", "33"]


# Third parties and co-making agencies: art. 32, 33 para. 3, 34.


def test_time_for_asking_a_third_party_is_not_counted():
    reckoned = clock("2025-03-03 received", "2025-03-10 third_party_asked", "2025-03-24 third_party_answered")
    assert (reckoned.due_on, reckoned.used, reckoned.left) == (d("2025-04-15"), 5, 15)


def test_time_for_asking_a_co_making_agency_is_not_counted():
    reckoned = clock("2025-03-03 received", "2025-03-10 agency_asked", "2025-03-24 agency_answered")
    assert reckoned.due_on == d("2025-04-15")


def test_while_an_opinion_is_out_the_clock_is_paused():
    assert clock("2025-03-03 received", "2025-03-10 third_party_asked").state is State.PAUSED


def test_when_the_opinion_has_come_the_clock_runs_on():
    reckoned = clock("2025-03-03 received", "2025-03-10 third_party_asked", "2025-03-12 third_party_answered")
    assert reckoned.state is State.RUNNING


@pytest.mark.parametrize("of", ["third_party", "agency"])
def test_silence_ends_the_pause_on_the_fifteenth_working_day_after_the_letter_was_received(of):
    lines = ("2025-03-03 received", f"2025-03-10 {of}_asked", f"2025-03-12 {of}_received")
    assert clock(*lines, as_of="2025-04-01").state is State.PAUSED
    ended = clock(*lines, as_of="2025-04-02")
    # (10 March, 2 April] holds 17 working days, 4 April is a holiday.
    assert (ended.state, ended.used, ended.due_on) == (State.RUNNING, 5, d("2025-04-24"))
    assert ended.assumed == ()


def test_without_a_day_of_receipt_of_the_letter_the_day_of_asking_is_taken_and_said():
    reckoned = clock("2025-03-03 received", "2025-03-10 third_party_asked", as_of="2025-03-31")
    assert (reckoned.state, reckoned.due_on) == (State.RUNNING, d("2025-04-22"))
    assert reckoned.assumed == ("没有第三方收到征求意见书的记载，按发出之日2025-03-10计算。",)


@pytest.mark.parametrize(("of", "article"), [("third_party", "32"), ("agency", "34")])
def test_an_opinion_after_the_fifteen_days_moves_nothing_and_is_listed(of, article):
    lines = ("2025-03-03 received", f"2025-03-10 {of}_asked", f"2025-03-10 {of}_received")
    silent = clock(*lines, as_of="2025-04-02")
    late = clock(*lines, f"2025-04-02 {of}_answered")
    assert late.due_on == silent.due_on
    assert articles(late) == [article]


def test_overlapping_pauses_count_once():
    reckoned = clock(
        "2025-03-03 received",
        "2025-03-10 third_party_asked",
        "2025-03-12 agency_asked",
        "2025-03-20 third_party_answered",
        "2025-03-24 agency_answered",
    )
    assert reckoned.due_on == d("2025-04-15")


def test_each_party_is_asked_and_answers_for_itself():
    lines = ("2025-03-03 received", "2025-03-10 third_party_asked party=甲", "2025-03-10 third_party_asked party=乙")
    assert clock(*lines, "2025-03-12 third_party_answered party=甲").state is State.PAUSED
    both = clock(*lines, "2025-03-12 third_party_answered party=甲", "2025-03-24 third_party_answered party=乙")
    assert (both.state, both.due_on) == (State.RUNNING, d("2025-04-15"))


def test_a_reminder_to_the_same_party_gives_it_no_further_fifteen_days():
    once = clock("2025-03-03 received", "2025-03-10 third_party_asked", as_of="2025-03-20")
    again = clock("2025-03-03 received", "2025-03-10 third_party_asked", "2025-03-20 third_party_asked")
    assert again.due_on == once.due_on
    assert any("催办" in sentence for sentence in again.assumed)


def test_asking_after_the_limit_stops_no_clock_that_has_run_out():
    lines = ("2025-03-03 received", "2025-04-01 third_party_asked", "2025-04-09 third_party_answered")
    assert clock(*lines, "2025-04-10 replied").late_by == clock("2025-03-03 received", "2025-04-10 replied").late_by


# Extension: art. 33 para. 2; 2007 text art. 24 para. 2.


@pytest.mark.parametrize(
    ("received", "on", "due"),
    [
        ("2017-01-20", "2017-02-10", "2017-03-08"),  # 15 + 15 under the 2007 text
        ("2020-01-20", "2020-02-25", "2020-03-24"),  # on the last day
        ("2024-02-04", "2024-02-19", "2024-04-07"),  # ends on a working Sunday
        ("2026-02-14", "2026-03-02", "2026-04-20"),
    ],
)
def test_an_extension_adds_working_days_to_the_same_count(received, on, due):
    assert clock(f"{received} received", f"{on} extended").due_on == d(due)


def test_an_extension_may_be_shorter():
    assert clock("2025-03-03 received", "2025-03-20 extended days=1").due_on == d("2025-04-01")


def test_an_extension_after_the_limit_moves_nothing_and_is_listed():
    reckoned = clock("2025-03-03 received", "2025-04-01 extended")
    assert (reckoned.due_on, articles(reckoned)) == (d("2025-03-31"), ["33"])


def test_a_pause_moves_the_day_until_which_an_extension_is_in_time():
    reckoned = clock(
        "2025-03-03 received",
        "2025-03-10 third_party_asked",
        "2025-03-24 third_party_answered",
        "2025-04-15 extended",
    )
    assert (reckoned.breaches, reckoned.due_on) == ((), d("2025-05-15"))


@pytest.mark.parametrize(("received", "days"), [("2025-03-03", 21), ("2018-03-05", 16)])
def test_an_extension_of_more_days_than_the_law_of_the_case_allows_is_impossible(received, days):
    with pytest.raises(ImpossibleHistory, match=f"最多允许{days - 1}个"):
        clock(f"{received} received", f"{received} extended days={days}")


# Excessive number: art. 35.


def test_a_delay_names_the_day_of_the_limit():
    reckoned = clock("2025-03-03 received", "2025-03-20 delayed until=2025-06-30")
    assert (reckoned.due_on, reckoned.used, reckoned.late_by) == (d("2025-06-30"), 13, 0)


def test_a_delay_to_a_day_before_the_limit_moves_nothing():
    assert clock("2025-03-03 received", "2025-03-20 delayed until=2025-03-25").due_on == d("2025-03-31")


def test_a_delay_told_after_the_limit_moves_nothing_and_is_listed():
    reckoned = clock("2025-03-03 received", "2025-04-01 delayed until=2025-06-30")
    assert (reckoned.due_on, articles(reckoned)) == (d("2025-03-31"), ["35"])


# Fees: art. 42 and 109号.


def test_a_payment_starts_the_term_anew():
    reckoned = clock("2024-10-08 received", "2024-10-14 fee_notified", "2024-10-21 fee_paid")
    assert (reckoned.state, reckoned.due_on) == (State.RUNNING, d("2024-11-18"))


def test_where_the_setting_says_so_waiting_for_the_payment_is_only_left_out():
    lines = ("2024-10-08 received", "2024-10-14 fee_notified", "2024-10-21 fee_paid")
    # Five days were used by 14 October: 9, 10, 11, 12 (a working Saturday) and 14 October.
    assert clock(*lines, rules=ClockRules(payment_restarts=False)).due_on == d("2024-11-11")


def test_a_fee_not_paid_within_twenty_working_days_lets_the_application_lapse():
    lines = ("2024-10-08 received", "2024-10-14 fee_notified")
    assert clock(*lines, as_of="2024-11-11").state is State.WAITING_FOR_APPLICANT
    assert clock(*lines, as_of="2024-11-12").state is State.LAPSED


def test_a_late_payment_that_was_taken_in_starts_the_term_and_is_listed():
    reckoned = clock("2024-10-08 received", "2024-10-14 fee_notified", "2024-11-12 fee_paid")
    assert (reckoned.due_on, articles(reckoned)) == (d("2024-12-10"), ["109号"])


def test_a_fee_notice_leaves_before_the_limit():
    assert articles(clock("2025-03-03 received", "2025-04-01 fee_notified")) == ["109号"]


def test_a_second_fee_notice_sets_another_last_day():
    reckoned = clock("2024-10-08 received", "2024-10-14 fee_notified", "2024-10-21 fee_notified", as_of="2024-11-12")
    assert (reckoned.state, reckoned.used) == (State.WAITING_FOR_APPLICANT, 5)


def test_an_application_is_not_held_abandoned_on_a_day_of_an_unannounced_year():
    lines = ("2025-12-15 received", "2025-12-22 fee_notified")
    reckoned = clock(*lines, as_of="2026-03-02", calendar=UNTIL_2025)
    assert (reckoned.state, reckoned.provisional) == (State.WAITING_FOR_APPLICANT, True)
    assert clock(*lines, as_of="2026-03-02").state is State.LAPSED


# Closing: art. 33, 36.


def test_a_reply_on_the_last_day_is_in_time():
    reckoned = clock("2025-03-03 received", "2025-03-31 replied")
    assert (reckoned.state, reckoned.used, reckoned.left, reckoned.late_by) == (State.CLOSED, 20, 0, 0)
    assert reckoned.breaches == ()


def test_a_late_reply_is_listed():
    reckoned = clock("2025-03-03 received", "2025-04-02 replied")
    assert (reckoned.late_by, articles(reckoned)) == (2, ["33"])


def test_a_late_reply_under_the_2007_text_cites_its_article():
    assert articles(clock("2018-03-05 received", "2018-03-27 replied")) == ["24"]


def test_after_closing_the_numbers_are_those_of_that_day():
    then = clock("2025-03-03 received", "2025-03-10 replied")
    later = clock("2025-03-03 received", "2025-03-10 replied", as_of="2025-06-30")
    assert (later.used, later.left, later.late_by) == (then.used, then.left, then.late_by) == (5, 15, 0)


def test_days_after_closing_do_not_count():
    days = clock("2025-03-03 received", "2025-03-10 withdrawn").days()
    assert [day.on for day in days if day.counted][-1] == d("2025-03-10")
    assert days[-1].why == "申请人已撤回申请"


def test_a_withdrawal_after_the_limit_is_no_breach_of_the_agency_and_shows_how_late_it_was():
    reckoned = clock("2025-03-03 received", "2025-04-02 withdrawn")
    assert (reckoned.state, reckoned.late_by, reckoned.breaches) == (State.CLOSED, 2, ())


# The 2007 text.


def test_under_the_2007_text_a_consultation_has_no_term():
    reckoned = clock("2018-03-05 received", "2018-03-12 third_party_asked", "2018-05-31 third_party_answered")
    assert (reckoned.used, reckoned.breaches, reckoned.provisional) == (5, (), False)


def test_under_the_2007_text_an_unanswered_consultation_is_open_and_the_limit_provisional():
    reckoned = clock("2018-03-05 received", "2018-03-12 third_party_asked", as_of="2018-05-31")
    assert (reckoned.state, reckoned.provisional, reckoned.used, reckoned.left) == (State.PAUSED, True, 5, 10)
    assert reckoned.due_on == d("2018-06-14")
    assert any("按仍在征求计算" in sentence for sentence in reckoned.assumed)


def test_under_the_2007_text_only_the_time_of_third_parties_is_left_out():
    lines = ("2018-03-05 received", "2018-03-12 agency_asked")
    assert clock(*lines, as_of="2018-03-14").state is State.RUNNING
    assert clock(*lines, as_of="2018-03-14").due_on == d("2018-03-26")
    other = ClockRules(agency_time_counts_under_2007=False)
    assert clock(*lines, as_of="2018-03-14", rules=other).state is State.PAUSED


def test_under_the_2007_text_a_supplement_starts_nothing_anew():
    reckoned = clock("2018-03-05 received", "2018-03-20 clarification_asked", "2018-03-23 clarification_received")
    assert (reckoned.due_on, reckoned.breaches) == (d("2018-03-26"), ())


def test_under_the_2007_text_a_supplement_is_waited_for_and_nothing_lapses():
    reckoned = clock("2018-03-05 received", "2018-03-08 clarification_asked until=2018-03-20", as_of="2018-06-01")
    assert (reckoned.state, reckoned.due_on) == (State.WAITING_FOR_APPLICANT, None)


def test_the_2007_text_knows_no_delay():
    reckoned = clock("2018-03-05 received", "2018-03-12 delayed until=2018-06-29")
    assert (reckoned.due_on, articles(reckoned)) == (d("2018-03-26"), ["35"])


# Years without a notice.


def test_a_limit_in_an_unannounced_year_is_provisional_and_becomes_firm_with_the_notice():
    # Received on 31 December of the last announced year.
    before = clock("2025-12-31 received", calendar=UNTIL_2025)
    assert (before.due_on, before.provisional) == (d("2026-01-28"), True)
    assert before.assumed == ("2026年的放假安排尚未公布，暂按周一至周五都是工作日计算。",)
    after = clock("2025-12-31 received", calendar=CALENDAR)
    assert (after.due_on, after.provisional, after.assumed) == (d("2026-01-29"), False, ())


def test_days_of_an_unannounced_year_say_so():
    days = clock("2025-12-31 received", calendar=UNTIL_2025).days()
    assert days[0].why == "第1个工作日，2026年放假安排未公布，暂按工作日计"


def test_a_limit_before_an_unannounced_year_is_firm_when_the_day_of_looking_is_in_it():
    reckoned = clock("2025-11-03 received", as_of="2026-01-09", calendar=UNTIL_2025)
    assert (reckoned.due_on, reckoned.provisional) == (d("2025-12-01"), False)


# The list of events, and the day of looking.


def test_events_of_one_day_happen_in_the_order_of_the_list():
    reckoned = clock("2025-03-03 received", "2025-03-10 third_party_asked", "2025-03-10 third_party_answered")
    assert (reckoned.state, reckoned.due_on) == (State.RUNNING, d("2025-03-31"))


def test_events_after_the_day_of_looking_are_left_out_and_said():
    reckoned = clock("2025-03-03 received", "2025-03-10 replied", as_of="2025-03-07")
    assert (reckoned.state, reckoned.used) == (State.RUNNING, 4)
    assert reckoned.assumed == ("2025-03-07以后的事件未计入，共1个，第一个是2025-03-10的“答复”。",)


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (("2025-03-03 arrived",), "没有收到申请的记载"),
        (("2025-03-03 replied",), "没有收到申请的记载"),
        (("2025-03-03 third_party_asked", "2025-03-04 received"), "没有收到申请的记载"),
        (("2025-03-03 received", "2025-03-04 received"), "此后不会再有"),
        (("2025-03-03 received", "2025-03-04 arrived"), "此后不会再有"),
        (("2025-03-03 arrived", "2025-03-04 arrived", "2025-03-04 received"), "只能送达一次"),
        (("2025-03-03 received", "2025-02-28 extended"), "日期先后"),
        (("2025-03-03 received", "2025-03-04 third_party_answered"), "没有相应的征求意见"),
        (("2025-03-03 received", "2025-03-04 third_party_received"), "没有相应的征求意见"),
        (("2025-03-03 received", "2025-03-04 third_party_answered", "2025-03-04 third_party_asked"), "没有相应"),
        (
            ("2025-03-03 received", "2025-03-04 third_party_asked party=2", "2025-03-05 third_party_answered"),
            "没有相应",
        ),
        (("2025-03-03 received", "2025-03-04 third_party_asked", "2025-03-05 agency_answered"), "没有相应的征求意见"),
        (("2025-03-03 received", "2025-03-04 clarification_received"), "没有相应的通知"),
        (("2025-03-03 received", "2025-03-04 fee_paid"), "没有相应的通知"),
        (("2025-03-03 received", "2025-03-04 extended", "2025-03-05 extended"), "只能延长一次"),
        # The late one is the extension that was granted; there is no other.
        (("2025-03-03 received", "2025-04-04 extended", "2025-04-05 extended"), "只能延长一次"),
        (
            (
                "2025-03-03 received",
                "2025-03-04 clarification_asked",
                "2025-03-05 clarification_received",
                "2025-03-06 clarification_asked",
            ),
            "只能告知一次",
        ),
        (("2025-03-03 received", "2025-03-04 replied", "2025-03-04 extended"), "已于2025-03-04答复"),
        (("2025-03-03 received", "2025-03-04 withdrawn", "2025-03-05 replied"), "已于2025-03-04撤回"),
    ],
)
def test_what_cannot_have_happened_is_refused_with_one_sentence(lines, sentence):
    with pytest.raises(ImpossibleHistory, match=sentence):
        clock(*lines)


def test_an_impossible_event_after_the_day_of_looking_is_refused_too():
    with pytest.raises(ImpossibleHistory, match="没有相应的通知"):
        clock("2025-03-03 received", "2025-03-10 fee_paid", as_of="2025-03-04")


def test_before_receipt_there_is_no_clock():
    with pytest.raises(ImpossibleHistory, match="还没有期限"):
        clock("2025-03-03 received", as_of="2025-02-28")


# What would move the limit.


def test_an_extension_would_move_the_limit_to_the_day_that_it_then_has():
    moves = {move.event: move.due_on for move in what_would_move(clock("2025-03-03 received", as_of="2025-03-05"))}
    extended = clock("2025-03-03 received", "2025-03-05 extended")
    assert moves[EventKind.EXTENDED] == extended.due_on


def test_an_answer_would_move_the_limit_to_the_day_that_it_then_has():
    lines = ("2025-03-03 received", "2025-03-10 third_party_asked")
    moves = {move.event: move.due_on for move in what_would_move(clock(*lines, as_of="2025-03-17"))}
    assert moves[EventKind.THIRD_PARTY_ANSWERED] == clock(*lines, "2025-03-17 third_party_answered").due_on


def test_a_supplement_would_start_the_term():
    lines = ("2025-03-03 received", "2025-03-06 clarification_asked")
    moves = {move.event: move.due_on for move in what_would_move(clock(*lines, as_of="2025-03-17"))}
    assert moves == {EventKind.CLARIFICATION_RECEIVED: d("2025-04-15")}


def test_after_the_limit_nothing_moves_it():
    moves = what_would_move(clock("2025-03-03 received", as_of="2025-04-08"))
    assert [move.event for move in moves] == [None]


def test_nothing_moves_the_limit_of_a_closed_case():
    assert what_would_move(clock("2025-03-03 received", "2025-03-10 replied")) == ()


def test_the_notice_of_the_year_would_make_a_provisional_limit_firm():
    moves = what_would_move(clock("2025-12-31 received", calendar=UNTIL_2025))
    assert moves[-1].sentence == "2026年的放假安排公布以后，期限才能确定。"
