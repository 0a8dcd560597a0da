"""The limit of a reply from what the ledger holds: receipt and the one extension (条例711 Art. 33; 2007 text Art. 24).

An extension granted after the first limit is recorded and flagged and moves nothing.
"""

from dataclasses import dataclass
from datetime import date

from gongkai.core.calendars import DueNotBefore, WorkCalendar
from gongkai.core.law.deadlines import ReplyClock, law_for, reply_due


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which a reply is in time."""

    on: date
    provisional: bool
    """It reaches into a year without a notice (暂定)."""
    first_on: date
    """The limit without the extension."""
    term: int
    """Working days from receipt to the last day."""
    extended_too_late: bool = False
    """The extension was granted after the first limit and moves nothing."""


def deadline_of(
    received_on: date, calendar: WorkCalendar, *, extended_on: date | None = None, extension_days: int = 0
) -> Deadline:
    """The deadline by the text of the regulations that the application keeps: that of the day of receipt."""
    clock = ReplyClock(received_on)
    first = reply_due(clock, calendar)
    plain = Deadline(first.on, isinstance(first, DueNotBefore), first.on, clock.term)
    if extended_on is None:
        return plain
    if extended_on > first.on:
        return Deadline(plain.on, plain.provisional, plain.first_on, plain.term, extended_too_late=True)
    clock = ReplyClock(received_on, extension_days=extension_days)
    longer = reply_due(clock, calendar)
    return Deadline(longer.on, isinstance(longer, DueNotBefore), first.on, clock.term)


def longest_extension(received_on: date) -> int:
    """How many working days the law of the case allows at most: 20, under the 2007 text 15."""
    return law_for(received_on).extension_term
