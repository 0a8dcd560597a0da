"""The only place that knows today.

Legal dates are days in Beijing time. A demo installation stands still at its stored demo date, shown in the banner; a
production database has none and refuses one (`Installation`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

BEIJING = ZoneInfo("Asia/Shanghai")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)
_demo_date: date | None = None
_demo_date_read = False


def demo_date() -> date | None:
    """The day at which a demo installation stands still, or None in production. Read once per process."""
    global _demo_date, _demo_date_read  # noqa: PLW0603 - one per process
    if not _demo_date_read:
        from gongkai.base.models import Installation

        _demo_date = Installation.objects.values_list("demo_date", flat=True).filter(pk=1).first()
        _demo_date_read = True
    return _demo_date


def forget_demo_date() -> None:
    """Read the stored demo date anew at the next question: called when it is set, and between tests."""
    global _demo_date_read  # noqa: PLW0603 - one per process
    _demo_date_read = False


def now() -> datetime:
    """This instant, aware, in Beijing time. On a demo day the time of day runs, the day does not."""
    frozen = _frozen.get()
    if frozen is not None:
        return frozen
    instant = timezone.now().astimezone(BEIJING)
    day = demo_date()
    return instant if day is None else datetime.combine(day, instant.timetz())


def machine_now() -> datetime:
    """This instant by the clock of the machine, also in a demo whose day stands still: for what counts real minutes."""
    return timezone.now().astimezone(BEIJING)


def localdate() -> date:
    """Today in Beijing time (the demo date in a demo)."""
    return now().astimezone(BEIJING).date()


@contextmanager
def frozen(at: datetime | date) -> Iterator[None]:
    """Let the clock stand at an instant, or at 09:00 Beijing time of a day: for tests and for building demo worlds."""
    instant = at if isinstance(at, datetime) else datetime.combine(at, time(9), BEIJING)
    token = _frozen.set(instant)
    try:
        yield
    finally:
        _frozen.reset(token)
