"""Reading returns: what counts, what waits, what a user may see."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.base.journal import subject_of
from gongkai.base.models import RowVersion
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


def waiting_for(user: Any) -> QuerySet[Return]:
    """Returns that the user may confirm: filed by somebody else and not confirmed yet."""
    held = agencies_for(user, "returns.confirm")
    return Return.objects.filter(WAITING, agency__in=held).exclude(filled_by=user)


def standing_or_waiting(agency_ids: Collection[int], indicators: Collection[str]) -> QuerySet[Return]:
    """Returns of these agencies for these indicators that count or may come to count."""
    return Return.objects.filter(IN_FORCE | WAITING, agency__in=agency_ids, indicator__in=indicators)


def standing_return(indicator: str, agency_id: int, day: date) -> Return | None:
    """The confirmed return that states the indicator for the agency on that day, not one in addition; None where none does.

    Asked before rows are entered: the figure of a day comes from rows or from one return, never both.
    """
    return (
        in_force()
        .filter(indicator=indicator, agency_id=agency_id, in_addition=False, period_from__lte=day, period_to__gte=day)
        .first()
    )


def standing_returns(agency_ids: Collection[int]) -> QuerySet[Return]:
    """All confirmed returns of these agencies, those in addition too."""
    return in_force().filter(agency__in=list(agency_ids)).order_by("agency", "period_from", "indicator")


def replacements_of(row: Return) -> QuerySet[Return]:
    """Corrections of a return, the oldest first."""
    return Return.objects.filter(replaces=row).order_by("pk")


def years_of(row: Return) -> range:
    """The years that the period touches."""
    return range(row.period_from.year, row.period_to.year + 1)


VERBS = {
    "returns.filed": "填报",
    "returns.confirmed": "确认",
    "returns.correction_filed": "填报更正",
    "returns.replaced": "被更正取代",
    "returns.withdrawn": "撤回",
}


@dataclass(frozen=True, slots=True)
class Event:
    """What happened to a return: a line of the journal as the page shows it."""

    at: datetime
    title: str
    by: str
    reason: str
    digest: str


def history_of(row: Return) -> list[Event]:
    """Everything that happened to a return, the newest first."""
    versions = RowVersion.objects.filter(subject=subject_of(row), subject_pk=row.pk).select_related("line")
    return [
        Event(
            at=version.line.at,
            title=VERBS.get(version.line.verb, version.line.verb),
            by=version.line.by_name,
            reason=version.line.reason,
            digest=version.digest[:12],
        )
        for version in versions.order_by("-version")
    ]


@dataclass(frozen=True, slots=True)
class Missing:
    """A figure that was returned for the year before and is not for this one."""

    agency_id: int
    indicator: str
    period_from: date
    period_to: date
    """The period of the year that is missing."""
    last_value: Decimal


def missing_in(year: int, agency_ids: Collection[int], until: date) -> list[Missing]:
    """What was returned for the year before and not yet for `year`, as far as its period is over by `until`.

    Whole tables (`FORM:cell`) are not listed: they come with the annual report of the agency. Two queries.
    """
    known = Return.objects.filter(IN_FORCE | WAITING, agency__in=agency_ids).exclude(indicator__contains=":")
    here: dict[tuple[int, str], list[tuple[date, date]]] = defaultdict(list)
    this_year = known.filter(period_from__lte=date(year, 12, 31), period_to__gte=date(year, 1, 1))
    for agency_id, indicator, first, last in this_year.values_list(
        "agency_id", "indicator", "period_from", "period_to"
    ):
        here[agency_id, indicator].append((first, last))
    before = known.filter(
        IN_FORCE, in_addition=False, period_from__gte=date(year - 1, 1, 1), period_to__lte=date(year - 1, 12, 31)
    ).order_by("agency", "indicator", "period_from")
    found = []
    for row in before:
        first, last = _a_year_later(row.period_from), _a_year_later(row.period_to)
        if last <= until and not any(
            first <= other_last and last >= other_first
            for other_first, other_last in here[row.agency_id, row.indicator]
        ):
            found.append(Missing(row.agency_id, row.indicator, first, last, row.value))
    return found


def _a_year_later(day: date) -> date:
    """The same day a year later; the last day of February stays the last."""
    if day.month == 2 and (day + timedelta(days=1)).month == 3:
        return date(day.year + 1, 3, 1) - timedelta(days=1)
    return day.replace(year=day.year + 1)
