"""Deadlines of the regulations, in working days: reply (art. 33; 2007 text art. 24) and proactive disclosure (art. 26).

The day of receipt is day 0, the next working day is day 1, a reply is in time if it is completed on the last day. No
rule says so in these words: it is the reading of 民法典 art. 201 and of practice.
"""

from dataclasses import dataclass
from datetime import date

from gongkai.core.calendars import CalendarMissing, Due, DueNotBefore, WorkCalendar, add_working_days, due_after

PROACTIVE_TERM = 20  # working days, art. 26


@dataclass(frozen=True, slots=True)
class ReplyLaw:
    """The terms of one text of the regulations, in working days. `since` is the day on which it came into force."""

    code: str
    title: str
    since: date
    reply_term: int
    extension_term: int
    article: str


LAW_2007 = ReplyLaw("2007", "《政府信息公开条例》（国务院令第492号）", date(2008, 5, 1), 15, 15, "24")
LAW_2019 = ReplyLaw("2019", "《政府信息公开条例》（国务院令第711号）", date(2019, 5, 15), 20, 20, "33")


def law_for(received_on: date) -> ReplyLaw:
    """The text whose clock an application keeps: that of the day of receipt, also across the change of law."""
    return LAW_2019 if received_on >= LAW_2019.since else LAW_2007


@dataclass(frozen=True, slots=True)
class Pause:
    """Time for asking third parties or other organs, which does not count (art. 33 para. 3): days in (from_on, to_on].

    `from_on` is the day the letter went out, `to_on` the day the answer came or its fifteen days ended.
    """

    from_on: date
    to_on: date

    def __post_init__(self) -> None:
        if self.to_on < self.from_on:
            raise ValueError(f"暂停的结束日期{self.to_on}早于开始日期{self.from_on}。")

    def covers(self, day: date) -> bool:
        """Whether that day does not count."""
        return self.from_on < day <= self.to_on


@dataclass(frozen=True, slots=True)
class ReplyClock:
    """The clock of a reply (答复期限). `received_on` is the legal day of receipt, or of the supplemented application.

    `extension_days` are the working days by which the term was extended, at most those of the law; overlapping pauses
    count once. Without `law` the text in force on the day of receipt applies. Raises ValueError for a longer extension.
    """

    received_on: date
    extension_days: int = 0
    pauses: tuple[Pause, ...] = ()
    law: ReplyLaw | None = None

    def __post_init__(self) -> None:
        most = self.reply_law.extension_term
        if not 0 <= self.extension_days <= most:
            raise ValueError(f"延长答复期限不得超过{most}个工作日，不能延长{self.extension_days}个工作日。")

    @property
    def reply_law(self) -> ReplyLaw:
        """The text of the regulations that this clock keeps."""
        return self.law or law_for(self.received_on)

    @property
    def term(self) -> int:
        """Working days from receipt to the last day, pauses left out."""
        return self.reply_law.reply_term + self.extension_days

    def is_paused(self, day: date) -> bool:
        """Whether that day lies in a pause."""
        return any(pause.covers(day) for pause in self.pauses)

    def due_on(self, calendar: WorkCalendar) -> date:
        """The last day on which a reply is in time. Raises CalendarMissing when it reaches a year without a notice."""
        due = reply_due(self, calendar)
        if isinstance(due, DueNotBefore):
            raise CalendarMissing(due.missing_year)
        return due.on


def reply_due(clock: ReplyClock, calendar: WorkCalendar) -> Due | DueNotBefore:
    """The last day on which a reply is in time, provisional (暂定) where it reaches a year without a notice."""
    return due_after(calendar, clock.received_on, clock.term, clock.is_paused)


def publication_due_on(formed_on: date, calendar: WorkCalendar) -> date:
    """The last day for disclosing information that was formed or changed on a day (art. 26). Raises CalendarMissing."""
    return add_working_days(calendar, formed_on, PROACTIVE_TERM)
