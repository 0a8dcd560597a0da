"""The clock against the naive one of `clock_oracle`, on random histories under both texts, 2008 to 2026."""

import random
from datetime import date

import pytest

from gongkai.core.calendars import WorkCalendar
from gongkai.core.law.clock import Case, Event, EventKind, reckon
from tests.conftest import SOAK
from tests.core.law.clock_oracle import NaiveClock, random_history, with_letters_received

CALENDAR = WorkCalendar.built_in()
HISTORIES = 5_000 if SOAK == 1 else 100_000
SEEDS = 10


def case_of(events, as_of):
    return Case(
        tuple(
            Event(e["on"], EventKind(e["event"]), party=e.get("party", "1"), until=e.get("until"), days=e.get("days"))
            for e in events
        ),
        as_of,
    )


def answer(clock):
    keys = ("due_on", "provisional", "used", "left", "late_by")
    return {"state": clock.state.value, **{key: getattr(clock, key) for key in keys}}


@pytest.mark.parametrize("seed", range(SEEDS))
def test_the_clock_agrees_with_a_naive_one_that_passes_day_by_day(seed):
    chance = random.Random(seed)
    for _ in range(HISTORIES // SEEDS):
        events, as_of = random_history(chance)
        events = with_letters_received(chance, events, as_of)
        naive = NaiveClock(events, as_of).run()
        naive.pop("seen", None)
        clock = reckon(case_of(events, as_of), CALENDAR)
        assert answer(clock) == naive, (events, as_of)


def test_random_histories_reach_every_state_and_both_texts():
    chance = random.Random(1)
    seen = set()
    for _ in range(500):
        clock = reckon(case_of(*random_history(chance)), CALENDAR)
        seen.add((clock.law.code, clock.state.value))
    every = ["running", "paused", "waiting_for_applicant", "closed"]
    assert seen == {(law, state) for law in ("2007", "2019") for state in every} | {("2019", "lapsed")}


def test_the_naive_clock_knows_a_plain_case():
    naive = NaiveClock([{"on": date(2020, 1, 20), "event": "received"}], date(2020, 2, 10)).run()
    assert (naive["due_on"], naive["used"], naive["left"]) == (date(2020, 2, 25), 9, 11)
