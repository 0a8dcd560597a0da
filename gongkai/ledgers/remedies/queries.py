"""Questions to the ledger of remedies: who sees what, and the filters that indicators are made of."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from gongkai.base.open_work import OpenItem
from gongkai.base.permissions import agencies_for
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.remedies.models import Remedy


def visible_to(user: Any) -> QuerySet[Remedy]:
    """Cases of the agencies at which the user may see them; an administrator sees none."""
    return Remedy.objects.filter(agency_id__in=agencies_for(user, "remedies.view"))


def counted() -> Q:
    """Counted by this agency: not where it is only co-defendant (201号)."""
    return ~Q(standing="co_defendant")


def opened_in(first: date, last: date) -> Q:
    """Opened in the period, both days included."""
    return Q(opened_on__gte=first, opened_on__lte=last)


def decided_in(first: date, last: date) -> Q:
    """Decided in the period, both days included: counted with its result."""
    return Q(decided_on__gte=first, decided_on__lte=last)


def pending_at_end_of(day: date) -> Q:
    """Opened by the day and not decided by it (尚未审结 for 31 December)."""
    return Q(opened_on__lte=day) & (Q(decided_on=None) | Q(decided_on__gt=day))


def open_items(staff: Staff) -> list[OpenItem]:
    """Pending cases that a member of staff handles, as a hand-over list shows them."""
    rows = Remedy.objects.filter(handler=staff, decided_on=None).order_by("opened_on", "pk")
    return [
        OpenItem(
            ledger="复议与诉讼",
            title=f"{row.number}　{row.get_kind_display()}",
            due="",
            url=reverse("desk:remedy", args=[row.pk]),
        )
        for row in rows
    ]
