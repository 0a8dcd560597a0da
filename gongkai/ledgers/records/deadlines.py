"""The term of proactive disclosure: 20 working days from the day the information was formed or changed (art. 26).

What becomes proactive later, by the re-assessment of art. 18, is counted from the day it did; no article says so, it is
our reading: before that day it was not to be published. The term exists since the regulations of 2007 came into force.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from gongkai.base.calendars import calendars_of
from gongkai.core.calendars import Due, DueNotBefore, WorkCalendar, due_after
from gongkai.core.law.deadlines import LAW_2007, PROACTIVE_TERM
from gongkai.ledgers.records.models import Record

SINCE: Final = LAW_2007.since


def set_due(records: Sequence[Record]) -> None:
    """Reckon `due_on` of each from its `due_counts_from`, by the working days of its agency; nothing is saved."""
    calendars = calendars_of({record.agency_id for record in records})
    known: dict[tuple[WorkCalendar, date], Due | DueNotBefore] = {}
    for record in records:
        start, calendar = record.due_counts_from, calendars[record.agency_id]
        if start is None or start < SINCE:
            record.due_on, record.due_is_provisional = None, False
            continue
        if (calendar, start) not in known:
            known[calendar, start] = due_after(calendar, start, PROACTIVE_TERM)
        due = known[calendar, start]
        record.due_on, record.due_is_provisional = due.on, isinstance(due, DueNotBefore)


def is_late(record: Record, first_published_on: date | None, today: date) -> bool:
    """Whether the record came out, or still waits to come out, after its term. Never for what is not proactive.

    A provisional term that passed makes late only what came out; what waits may still be in time.
    """
    if record.disclosure_status != "proactive" or record.due_on is None:
        return False
    if first_published_on is not None:
        return first_published_on > record.due_on
    return today > record.due_on and not record.due_is_provisional
