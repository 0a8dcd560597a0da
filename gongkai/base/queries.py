"""What the pages of the plumbing read."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Max, Q, QuerySet

from gongkai.base import agency_port
from gongkai.base.clock import BEIJING
from gongkai.base.models import CalendarDay, CalendarNotice, JournalLine, RowVersion
from gongkai.base.permissions import agencies_for


def journal_visible_to(user: Any) -> QuerySet[JournalLine]:
    """Lines of the agencies at which the user may read the journal; who may at the top of the tree reads all of it.

    Lines that belong to no agency (the program itself, bulk work over many agencies) are read at the top only.
    """
    places = agencies_for(user, "journal.view")
    if places & agency_port.port().roots():
        return JournalLine.objects.all()
    return JournalLine.objects.filter(agency_id__in=places)


def narrow_journal(
    lines: QuerySet[JournalLine],
    *,
    agency_id: int | None = None,
    person: str = "",
    verb: str = "",
    first: date | None = None,
    last: date | None = None,
) -> QuerySet[JournalLine]:
    """The lines of an agency, a person (by the name held today), a verb or its beginning, and days in Beijing time."""
    narrow = Q()
    if agency_id is not None:
        narrow &= Q(agency_id=agency_id)
    if person:
        narrow &= Q(by__in=get_user_model()._base_manager.filter(name=person))
    if verb:
        narrow &= Q(verb__startswith=verb)
    if first is not None:
        narrow &= Q(at__gte=datetime.combine(first, time(), BEIJING))
    if last is not None:
        narrow &= Q(at__lt=datetime.combine(last + timedelta(days=1), time(), BEIJING))
    return lines.filter(narrow)


def versions_at_most() -> int:
    """An upper bound of the number of row versions, read from the index: counting millions takes long."""
    return int(RowVersion.objects.aggregate(last=Max("pk"))["last"] or 0)


def notices_of(year: int) -> QuerySet[CalendarNotice]:
    """The notices entered here about a year, the newest first, with their days."""
    return CalendarNotice.objects.filter(year=year).select_related("entered_by").prefetch_related("days")


def local_days(year: int, lineage: tuple[int, ...]) -> QuerySet[CalendarDay]:
    """Days of the year entered here for everybody or for one of the agencies, with their notice."""
    for_them = Q(agency_id=None) | Q(agency_id__in=lineage)
    return CalendarDay.objects.filter(for_them, day__year=year).select_related("notice")
