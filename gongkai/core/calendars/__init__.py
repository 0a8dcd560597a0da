"""Working days and the deadlines counted in them, from the notices of the State Council's General Office, 2008 on."""

from gongkai.core.calendars.working_days import (
    CalendarMissing,
    CalendarYear,
    Due,
    DueNotBefore,
    WorkCalendar,
    add_working_days,
    built_in_years,
    due_after,
    first_working_day,
    is_weekend,
    last_working_day,
    working_days_between,
)

__all__ = [
    "CalendarMissing",
    "CalendarYear",
    "Due",
    "DueNotBefore",
    "WorkCalendar",
    "add_working_days",
    "built_in_years",
    "due_after",
    "first_working_day",
    "is_weekend",
    "last_working_day",
    "working_days_between",
]
