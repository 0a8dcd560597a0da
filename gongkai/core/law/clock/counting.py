"""Which days of a history count, and the limit that follows (art. 33 para. 2 and 3; 2007 text art. 24).

The day of receipt is day 0. A pause takes the days in (letter out, answer in]; overlapping pauses count once, since a
day is left out or not. A supplement or a payment starts the same term anew; an extension belongs to the term.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.core.calendars import DueNotBefore, WorkCalendar, due_after, is_weekend
from gongkai.core.law.clock.history import Consultation, Consulted, History, WaitFor
from gongkai.core.law.clock.rules import ClockRules

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stop:
    """Days in (after, to] that do not count, and why. `to` is None while nobody knows; `firm` is false for a guess."""

    after: date
    to: date | None
    why: str
    firm: bool = True
    is_open: bool = False
    """On the day of looking it has not ended."""

    def covers(self, day: date) -> bool:
        """Whether the day is left out."""
        return self.after < day and (self.to is None or day <= self.to)


@dataclass(frozen=True, slots=True)
class Limit:
    """The last day on which a reply is in time; not firm while it rests on a year without a notice or an open end."""

    on: date
    firm: bool = True


@dataclass(frozen=True, slots=True)
class Count:
    """The count of one history as it is known on a day: from `start`, which is day 0, `term` days less the stops."""

    calendar: WorkCalendar
    start: date
    term: int
    stops: tuple[Stop, ...]
    not_before: date | None = None
    """The day named under art. 35: the limit is not earlier."""

    def works(self, day: date) -> bool:
        """Whether government works; in a year without a notice every weekday, for which the limit is provisional."""
        return self.calendar.is_working_day(day) if day.year in self.calendar.years else not is_weekend(day)

    def stopped_by(self, day: date) -> tuple[Stop, ...]:
        """What leaves the day out."""
        return tuple(stop for stop in self.stops if stop.covers(day))

    def counts(self, day: date) -> bool:
        """Whether the day is one of the term."""
        if day <= self.start or not self.works(day):
            return False
        return not self.stops or not any(stop.covers(day) for stop in self.stops)

    def between(self, after: date, to: date) -> int:
        """How many days in (after, to] count; none does before the start."""
        return sum(self.counts(day) for day in days_in(max(after, self.start), to))

    def limit(self) -> Limit | None:
        """The last day in time, None while the count stands still and nobody knows until when."""
        stands_after = min((stop.after for stop in self.stops if stop.to is None), default=None)
        day, left = self.start, self.term
        while left:
            if stands_after is not None and day >= stands_after:
                return None
            day += ONE_DAY
            left -= self.counts(day)
        announced = all(year in self.calendar.years for year in range((self.start + ONE_DAY).year, day.year + 1))
        firm = announced and all(stop.firm for stop in self.stops if stop.after < day)
        return Limit(max(day, self.not_before or day), firm)


def days_in(after: date, to: date) -> Iterator[date]:
    """The days after `after`, up to and with `to`."""
    return (after + timedelta(days=n) for n in range(1, (to - after).days + 1))


def count_of(history: History, on: date, calendar: WorkCalendar, rules: ClockRules) -> Count:
    """The count as it is known at the end of a day. Silence ends a consultation on its last day (art. 32, 34)."""
    stops = [
        stop_of(asked, history, on, calendar, rules)
        for asked in history.consultations
        if rules.stops_for(history.law, agency=asked.of is Consulted.AGENCY)
    ]
    start = history.received_on
    if rules.stops_for_applicant(history.law):
        for wait in history.waits:
            stops.append(Stop(wait.asked_on, wait.received_on, f"等待申请人{wait.what}", is_open=not wait.received_on))
            if wait.received_on and not history.is_2007 and (wait.what is not WaitFor.FEE or rules.payment_restarts):
                start = max(start, wait.received_on)
    extension = history.extension
    term = history.law.reply_term + (extension.days if extension and extension.in_time else 0)
    return Count(calendar, start, term, tuple(stops), history.delayed_until)


def silence_ends(asked: Consultation, calendar: WorkCalendar, rules: ClockRules) -> tuple[date, bool]:
    """The last day for the answer of a consultation under the text of 2019, and whether that day is firm."""
    due = due_after(calendar, asked.delivered_on or asked.asked_on, rules.consultation_term)
    return due.on, not isinstance(due, DueNotBefore)


def stop_of(asked: Consultation, history: History, on: date, calendar: WorkCalendar, rules: ClockRules) -> Stop:
    """The days that a consultation takes out of the count.

    The 2007 text sets no term: an open one lasts to the day of looking, and the limit is provisional until it ends.
    """
    why = f"征求{asked.name}意见"
    if history.is_2007:
        if asked.answered_on:
            return Stop(asked.asked_on, asked.answered_on, why)
        closed = history.closed_on is not None
        return Stop(asked.asked_on, on, why, firm=closed, is_open=not closed)
    last_on, firm = silence_ends(asked, calendar, rules)
    if asked.answered_on and asked.answered_on <= last_on:
        return Stop(asked.asked_on, asked.answered_on, why)
    return Stop(asked.asked_on, last_on, why, firm=firm, is_open=asked.asked_on <= on < last_on)
