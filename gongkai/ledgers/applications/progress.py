"""How far the clock of a reply has run: days used and left, and the strip that shows it day by day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.core.calendars import WorkCalendar, is_weekend
from gongkai.ledgers.applications.deadlines import Deadline, deadline_of
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.applications.queries import SOON, SOON_WHEN_PROVISIONAL

ONE_DAY = timedelta(days=1)
LONGEST_STRIP = 140  # days: 40 working days and the holidays in between, and a good while overdue


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an application stands on a day. Days are working days."""

    used: int
    """Counted since receipt, until the day or until it was closed."""
    left: int
    """Until the limit; negative when it has passed."""
    deadline: Deadline
    tone: str
    word: str

    @property
    def meter_tone(self) -> str:
        """The tone of the meter: none while all is well."""
        return self.tone if self.tone in ("warn", "bad") else ""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the strip: how it is drawn, its mark, and the sentence that is read out."""

    on: date
    css: str
    mark: str
    sentence: str

    @property
    def short(self) -> str:
        """12/14 on the first of a month or strip, else the day alone."""
        return f"{self.on.month}/{self.on.day}" if self.on.day == 1 or self.mark == "收" else f"{self.on.day}"

    @property
    def said(self) -> str:
        """The day in words."""
        return f"{self.on.month}月{self.on.day}日"


def works(calendar: WorkCalendar, day: date) -> bool:
    """Whether the day counts; in a year without a notice every weekday does, which is why the limit is provisional."""
    return calendar.is_working_day(day) if day.year in calendar.years else not is_weekend(day)


def working_days(calendar: WorkCalendar, start: date, end: date) -> int:
    """Working days after `start`, up to and with `end`; negative when `end` lies before."""
    if end < start:
        return -working_days(calendar, end, start)
    return sum(works(calendar, start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def progress_of(application: Application, calendar: WorkCalendar, today: date) -> Progress:
    """Days used and left of an application, and the word that says it."""
    deadline = deadline_of(
        application.received_on,
        calendar,
        extended_on=application.extended_on,
        extension_days=application.extension_days,
    )
    until = application.closed_on or today
    used = max(0, working_days(calendar, application.received_on, until))
    left = working_days(calendar, until, application.due_on)
    tone, word = _said(application, left, today)
    return Progress(used, left, deadline, tone, word)


def _said(application: Application, left: int, today: date) -> tuple[str, str]:
    """Days are working days: on the weekend after the limit it has passed by none of them, and has passed still."""
    days = f" {-left} 天" if left else ""
    if application.closed_on is not None:
        return ("warn", f"超期{days}办结") if application.closed_late else ("good", "按期办结")
    if application.is_overdue(today):
        return "bad", f"逾期{days}"
    if left == 0:
        return "warn", "今天到期"
    soon = SOON_WHEN_PROVISIONAL if application.due_is_provisional else SOON
    return ("warn" if left <= soon else "plain"), f"还有 {left} 天"


def strip_of(application: Application, calendar: WorkCalendar, today: date) -> list[list[Day]]:
    """The days from receipt to the limit (or to today, when it has passed), week by week."""
    weeks: list[list[Day]] = []
    for day in _days(application, calendar, today):
        if not weeks or day.on.weekday() == 0:
            weeks.append([])
        weeks[-1].append(day)
    return weeks


def _days(application: Application, calendar: WorkCalendar, today: date) -> Iterator[Day]:
    until = application.closed_on or today
    last = min(max(application.due_on, until), application.received_on + timedelta(days=LONGEST_STRIP))
    yield Day(application.received_on, "", "收", "收到申请，不计入")
    day, number = application.received_on, 0
    while day < last:
        day += ONE_DAY
        working = works(calendar, day)
        number += working
        yield _day(application, day, number if working else 0, until, today)


def _day(application: Application, day: date, number: int, until: date, today: date) -> Day:
    marks = []
    if not number:
        css, mark, sentence = "day-off", "休", "周末" if is_weekend(day) else "放假"
    else:
        css = "day-counted" if day <= until else "day-ahead"
        mark, sentence = f"{number}", f"第{number}个工作日"
    if number and day > application.due_on:
        mark, sentence = "超", f"第{number}个工作日，已超过答复期限"
    if day == application.due_on:
        css, sentence = "day-due", f"{sentence}，答复期限"
    if day == application.closed_on:
        mark, sentence = "结", f"{sentence}，办结"
    if day == today and application.closed_on is None:
        marks.append("day-today")
        sentence = f"{sentence}，今天"
    return Day(day, " ".join([css, *marks]), mark, sentence)
