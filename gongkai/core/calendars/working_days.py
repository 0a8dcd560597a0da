"""Working days (工作日): Monday to Friday, less days of rest, plus weekend days moved to work (调休上班日).

The days come from one notice of the State Council's General Office a year; nobody can compute them. A year without its
notice is never treated as a plain Monday-to-Friday year: it raises, or makes a deadline provisional (暂定).
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Self

ONE_DAY = timedelta(days=1)
SATURDAY = 5


class CalendarMissing(LookupError):
    """Working days were asked for in a year whose notice is not known. `year` is that year."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(f"{year}年的节假日安排通知尚未录入，不能计算该年的工作日。")


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: `on` is the last day on which the thing is done in time."""

    on: date


@dataclass(frozen=True, slots=True)
class DueNotBefore:
    """A provisional deadline (暂定): it reaches into `missing_year`, whose notice is not known.

    Every weekday of that year was counted and no weekend, so the true deadline is not earlier than `on` but for a
    make-up weekend before Spring Festival. It is shown as 暂定 and never printed in a document.
    """

    on: date
    missing_year: int


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of the years whose notice is known. Immutable: joining other days makes another calendar."""

    years: frozenset[int]
    rest_weekdays: frozenset[date]
    work_weekends: frozenset[date]

    @classmethod
    def built_in(cls) -> "WorkCalendar":
        """The years that ship with the program."""
        return _built_in()

    def with_days(
        self, *, rest: Iterable[date] = (), work: Iterable[date] = (), years: Iterable[int] = ()
    ) -> "WorkCalendar":
        """This calendar with days made days of rest or of work, and with further `years` whose notice is known.

        A day given here replaces what was known of it. A day alone does not make its year known: a local holiday may be
        entered before the notice. Raises ValueError when a day is to be both.
        """
        rest, work = frozenset(rest), frozenset(work)
        if both := rest & work:
            raise ValueError(f"{min(both):%Y-%m-%d}不能既是休息日又是上班日。")
        return WorkCalendar(
            years=self.years.union(years),
            rest_weekdays=self.rest_weekdays - work | {day for day in rest if not is_weekend(day)},
            work_weekends=self.work_weekends - rest | {day for day in work if is_weekend(day)},
        )

    def is_working_day(self, day: date) -> bool:
        """Whether government works on that day. Raises CalendarMissing for a year whose notice is not known."""
        if day.year not in self.years:
            raise CalendarMissing(day.year)
        return day in self.work_weekends if is_weekend(day) else day not in self.rest_weekdays


def is_weekend(day: date) -> bool:
    """Saturday or Sunday, whatever the notices say of it."""
    return day.weekday() >= SATURDAY


def add_working_days(calendar: WorkCalendar, start: date, days: int) -> date:
    """The `days`-th working day after `start`, which itself is day 0 whether it is a working day or not.

    Raises CalendarMissing where the count reaches a year whose notice is not known, ValueError for a negative count.
    """
    _refuse_negative(days)
    day = start
    while days:
        day += ONE_DAY
        days -= calendar.is_working_day(day)
    return day


def due_after(
    calendar: WorkCalendar, start: date, days: int, is_paused: Callable[[date], bool] | None = None
) -> Due | DueNotBefore:
    """The deadline `days` working days after `start`, paused days left out; provisional in a year without a notice."""
    _refuse_negative(days)
    day, missing = start, 0
    while days:
        day += ONE_DAY
        if day.year in calendar.years:
            works = calendar.is_working_day(day)
        else:
            missing, works = missing or day.year, not is_weekend(day)
        days -= works and not (is_paused and is_paused(day))
    return DueNotBefore(day, missing) if missing else Due(day)


def working_days_between(calendar: WorkCalendar, start: date, end: date) -> int:
    """How many working days lie after `start`, up to and with `end`; negative when `end` is before `start`.

    Raises CalendarMissing where one of the days lies in a year whose notice is not known.
    """
    if end < start:
        return -working_days_between(calendar, end, start)
    return sum(calendar.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))


def first_working_day(calendar: WorkCalendar, day: date) -> date:
    """That day if government works on it, else the next working day. Raises CalendarMissing like `is_working_day`."""
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return day


def last_working_day(calendar: WorkCalendar, day: date) -> date:
    """That day if government works on it, else the working day before. Raises CalendarMissing like `is_working_day`."""
    while not calendar.is_working_day(day):
        day -= ONE_DAY
    return day


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """What one year file says: the notice (`published_on` and `remark` where known) and the days that it moves."""

    year: int
    notice: str
    published_on: date | None
    remark: str
    rest_weekdays: frozenset[date]
    work_weekends: frozenset[date]

    @classmethod
    def read(cls, text: str) -> Self:
        """Parse a year file."""
        data = tomllib.loads(text)
        return cls(
            year=data["year"],
            notice=data["notice"],
            published_on=data.get("published_on"),
            remark=data.get("remark", ""),
            rest_weekdays=frozenset(data["rest_weekdays"]),
            work_weekends=frozenset(data["work_weekends"]),
        )


@cache
def built_in_years() -> tuple[CalendarYear, ...]:
    """The year files that ship with the program, oldest first."""
    folder = resources.files(__package__).joinpath("years")
    files = sorted(file.name for file in folder.iterdir() if file.name.endswith(".toml"))
    return tuple(CalendarYear.read(folder.joinpath(name).read_text(encoding="utf-8")) for name in files)


@cache
def _built_in() -> WorkCalendar:
    years = built_in_years()
    return WorkCalendar(
        years=frozenset(year.year for year in years),
        rest_weekdays=frozenset().union(*(year.rest_weekdays for year in years)),
        work_weekends=frozenset().union(*(year.work_weekends for year in years)),
    )


def _refuse_negative(days: int) -> None:
    if days < 0:
        raise ValueError(f"工作日天数不能为负数：{days}。")
