"""Questions to the ledger of applications: who sees what, what is due, and the filters that indicators are made of."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse

from gongkai.base.open_work import OpenItem
from gongkai.base.permissions import agencies_for
from gongkai.core.calendars import WorkCalendar, due_after
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.applications.models import Applicant, Application

SOON = 3  # working days before the limit
SOON_WHEN_PROVISIONAL = 5  # a make-up weekend before Spring Festival may bring the limit forward by two


def visible_to(user: Any) -> QuerySet[Application]:
    """Applications of the agencies at which the user may see them; an administrator sees none."""
    return Application.objects.filter(agency_id__in=agencies_for(user, "applications.view"))


def applicants_visible_to(user: Any) -> QuerySet[Applicant]:
    """Applicants of the agencies at which the user may see them, the representative first."""
    return Applicant.objects.filter(
        application__agency_id__in=agencies_for(user, "applications.see_applicants")
    ).order_by("-is_representative", "pk")


# ---- filters that indicators are made of


def received_in(first: date, last: date) -> Q:
    """Received in the period, both days included (本年新收)."""
    return Q(received_on__gte=first, received_on__lte=last)


def closed_in(first: date, last: date) -> Q:
    """Closed in the period, both days included (本年度办理结果)."""
    return Q(closed_on__gte=first, closed_on__lte=last)


def open_at_start_of(day: date) -> Q:
    """Received before the day and not closed before it: carried in (上年结转) for 1 January."""
    return Q(received_on__lt=day) & (Q(closed_on=None) | Q(closed_on__gte=day))


def open_at_end_of(day: date) -> Q:
    """Received by the day and not closed by it: carried over (结转下年度继续办理) for 31 December."""
    return Q(received_on__lte=day) & (Q(closed_on=None) | Q(closed_on__gt=day))


def closed_in_time() -> Q:
    """Closed by its limit, the extension counted in."""
    return Q(closed_on__isnull=False, closed_on__lte=F("due_on"))


def closed_late() -> Q:
    """Closed after its limit (超期)."""
    return Q(closed_on__isnull=False, closed_on__gt=F("due_on"))


def extended() -> Q:
    """The one extension was granted, in time or not."""
    return Q(extended_on__isnull=False)


# ---- what is due


def open_now() -> Q:
    """Not closed."""
    return Q(closed_on=None)


def overdue_on(day: date) -> Q:
    """Open today, and the limit lies before the day."""
    return Q(closed_on=None, due_on__lt=day)


def due_soon_on(day: date, calendar: WorkCalendar) -> Q:
    """Open, and the limit is on the day or within the next three working days; a provisional one two days earlier."""
    firm = due_after(calendar, day, SOON).on
    provisional = due_after(calendar, day, SOON_WHEN_PROVISIONAL).on
    return Q(closed_on=None, due_on__gte=day) & (
        Q(due_on__lte=firm) | Q(due_is_provisional=True, due_on__lte=provisional)
    )


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many open applications there are, and how many of them are overdue or due soon."""

    open: int
    overdue: int
    due_soon: int


def waiting(applications: QuerySet[Application], day: date, calendar: WorkCalendar) -> Waiting:
    """Counted in one query over what is open."""
    counted = (
        applications.filter(open_now())
        .order_by()
        .aggregate(
            open=Count("pk"),
            overdue=Count("pk", filter=overdue_on(day)),
            due_soon=Count("pk", filter=due_soon_on(day, calendar)),
        )
    )
    return Waiting(**counted)


def open_items(staff: Staff) -> list[OpenItem]:
    """Open applications that a member of staff handles, as a hand-over list shows them."""
    rows = Application.objects.filter(handler=staff, closed_on=None).order_by("due_on", "pk")
    return [
        OpenItem(
            ledger="依申请公开",
            title=row.number,
            due=f"{row.due_on}{'（暂定）' if row.due_is_provisional else ''}",
            url=reverse("desk:application", args=[row.pk]),
            content=row.title,
        )
        for row in rows
    ]


def received_by_agency(first: date, last: date) -> dict[int, int]:
    """Received in a period by agency: the only breakdown of applications that is public (design 4a)."""
    rows = Application.objects.filter(received_in(first, last)).order_by()
    return dict(rows.values_list("agency_id").annotate(received=Count("pk")))


def closed_by_agency(first: date, last: date) -> dict[int, int]:
    """Closed in a period by agency: public likewise."""
    rows = Application.objects.filter(closed_in(first, last)).order_by()
    return dict(rows.values_list("agency_id").annotate(closed=Count("pk")))
