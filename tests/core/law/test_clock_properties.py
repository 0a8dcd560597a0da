"""What holds for every history of a clock, whatever happened in it."""

import json
import random
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.core.calendars import WorkCalendar
from gongkai.core.law.clock import Case, Event, EventKind, ImpossibleHistory, State, read_case, reckon, what_would_move
from tests.core.law.clock_oracle import random_history

CALENDAR = WorkCalendar.built_in()
RECEIPTS = st.dates(date(2008, 5, 1), date(2026, 6, 30))
PAUSES = st.lists(
    st.tuples(st.sampled_from(("third_party", "agency")), st.integers(0, 40), st.integers(0, 25)), max_size=5
)


def consultations(received_on, pauses):
    """Each pause is a party of its own: asked so many days after receipt, answered so many days later."""
    for number, (of, start, length) in enumerate(pauses):
        asked_on = received_on + timedelta(days=start)
        yield Event(asked_on, EventKind(f"{of}_asked"), party=f"{number}")
        yield Event(asked_on + timedelta(days=length), EventKind(f"{of}_answered"), party=f"{number}")


def clock_of(received_on, events, as_of=None):
    ordered = sorted(events, key=lambda event: event.on)
    as_of = as_of or max([received_on, *(event.on for event in ordered)])
    return reckon(Case((Event(received_on, EventKind.RECEIVED), *ordered), as_of), CALENDAR)


@given(RECEIPTS, PAUSES, st.integers(0, 30), st.randoms(use_true_random=False))
def test_the_order_of_independent_pauses_does_not_matter(received_on, pauses, extended, chance):
    events = list(consultations(received_on, pauses))
    events.append(Event(received_on + timedelta(days=extended), EventKind.EXTENDED))
    # Parties are renumbered and pauses of one day change places.
    shuffled = list(pauses)
    chance.shuffle(shuffled)
    others = [*consultations(received_on, shuffled), events[-1]]
    one, other = clock_of(received_on, events), clock_of(received_on, others)
    assert (one.due_on, one.provisional, one.used, one.left) == (
        other.due_on,
        other.provisional,
        other.used,
        other.left,
    )


@given(RECEIPTS, PAUSES, PAUSES, st.none() | st.integers(0, 60))
def test_a_further_pause_never_makes_the_limit_earlier(received_on, pauses, more, extended):
    extension = [] if extended is None else [Event(received_on + timedelta(days=extended), EventKind.EXTENDED)]
    fewer = clock_of(received_on, [*consultations(received_on, pauses), *extension])
    longer = clock_of(received_on, [*consultations(received_on, pauses + more), *extension])
    assert longer.due_on >= fewer.due_on


@given(RECEIPTS, st.integers(1, 15), st.integers(0, 60))
def test_an_extension_never_makes_the_limit_earlier(received_on, days, on):
    extension = Event(received_on + timedelta(days=on), EventKind.EXTENDED, days=days)
    plain, extended = clock_of(received_on, []), clock_of(received_on, [extension])
    if extended.breaches:
        assert extended.due_on == plain.due_on
    else:
        assert extended.due_on > plain.due_on


@given(st.integers(0, 2**32))
def test_the_list_of_days_adds_up_to_the_days_used_and_left(seed):
    clock = clock_from(seed)
    seen = clock.history.closed_on or clock.as_of
    days = clock.days()
    assert sum(day.counted for day in days if day.on <= seen) == clock.used
    if clock.state is not State.CLOSED and clock.due_on is not None:
        assert sum(day.counted for day in days if seen < day.on <= clock.due_on) == clock.left


@given(st.integers(0, 2**32))
def test_the_list_of_days_leaves_no_day_out_and_gives_each_its_reason(seed):
    clock = clock_from(seed)
    days = [day.on for day in clock.days()]
    last_day = max(clock.due_on or clock.as_of, clock.as_of)
    assert len(days) == (last_day - clock.history.received_on).days
    assert all(later - day == timedelta(days=1) for day, later in pairwise(days))
    assert all(day.why for day in clock.days())


@given(st.integers(0, 2**32))
def test_days_are_left_or_late_and_never_both(seed):
    clock = clock_from(seed)
    assert clock.late_by == 0 or clock.left == 0
    assert (clock.left is None) == (clock.due_on is None)


@given(st.dates(date(2019, 5, 15), date(2026, 6, 30)), st.integers(0, 14))
def test_the_text_of_2007_gives_five_days_less_than_that_of_2019(received_on, before):
    new = clock_of(received_on, [])
    old = clock_of(date(2019, 5, 14) - timedelta(days=before), [])
    assert (new.law.code, new.left) == ("2019", 20)
    assert (old.law.code, old.left) == ("2007", 15)


@given(RECEIPTS, st.integers(0, 60))
def test_looking_later_never_moves_a_limit_without_open_questions(received_on, later):
    assert clock_of(received_on, [], received_on + timedelta(days=later)).due_on == clock_of(received_on, []).due_on


DAYS = st.dates(date(2019, 5, 1), date(2019, 7, 31)).map(str) | st.sampled_from(["2026-12-31", "2019-02-30", ""])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
EVENTS = st.fixed_dictionaries(
    {"on": DAYS, "event": st.sampled_from(list(EventKind))},
    optional={"until": DAYS | ANYTHING, "days": st.integers(-1, 25) | ANYTHING, "party": ANYTHING, "note": ANYTHING},
)
INPUTS = st.lists(EVENTS, max_size=6).map(lambda events: sorted(events, key=lambda event: event["on"]))
INPUTS = (
    INPUTS | ANYTHING | st.fixed_dictionaries({"events": INPUTS, "as_of": DAYS | ANYTHING, "received_by": ANYTHING})
)


@settings(max_examples=settings.default.max_examples * 2)
@given(INPUTS)
def test_any_input_is_answered_or_refused_with_one_sentence(value):
    refused = ""
    try:
        clock = reckon(read_case(json.dumps(value)), CALENDAR)
    except ImpossibleHistory as impossible:
        refused = str(impossible)
    else:
        assert json.dumps(clock.to_json_object())
        assert all(move.sentence for move in what_would_move(clock))
    assert not refused or (refused.endswith("。") and "\n" not in refused)


def clock_from(seed):
    """The clock of one random history under either text."""
    events, as_of = random_history(random.Random(seed))
    made = tuple(
        Event(e["on"], EventKind(e["event"]), party=e.get("party", "1"), until=e.get("until"), days=e.get("days"))
        for e in events
    )
    return reckon(Case(made, as_of), CALENDAR)
