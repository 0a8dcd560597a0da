"""Reading returns: what counts, what waits, what a user may see."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.base.permissions import agencies_for
from gongkai.ledgers.returns.models import Return

IN_FORCE = Q(confirmed_at__isnull=False, withdrawn_at=None, is_replaced=False)
WAITING = Q(confirmed_at=None, withdrawn_at=None)


def visible_to(user: Any) -> QuerySet[Return]:
    """Returns of the agencies at which the user may look at returns."""
    return Return.objects.filter(agency__in=agencies_for(user, "returns.view")).select_related(
        "agency", "filled_by", "confirmed_by", "evidence"
    )


def in_force() -> QuerySet[Return]:
    """Returns that count: confirmed, not withdrawn, not replaced."""
    return Return.objects.filter(IN_FORCE)


def overlapping(
    agency_id: int, indicator: str, first: date, last: date, *, in_addition: bool = False
) -> QuerySet[Return]:
    """Returns of the agency for the indicator, waiting or in force, whose period shares a day with the one given."""
    return Return.objects.filter(IN_FORCE | WAITING).filter(
        agency_id=agency_id,
        indicator=indicator,
        in_addition=in_addition,
        period_from__lte=last,
        period_to__gte=first,
    )
