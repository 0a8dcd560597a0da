"""The first page of the portal, and what belongs to the portal as a whole."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import F
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from gongkai.base import calendars, clock
from gongkai.core.calendars import Due
from gongkai.core.law.deadlines import ReplyClock, ReplyLaw, law_for, reply_due
from gongkai.ledgers.agencies.tree import Tree, tree_today
from gongkai.ledgers.applications import queries as applications
from gongkai.ledgers.normative import queries as normative
from gongkai.ledgers.normative.states import end_of, state_on
from gongkai.ledgers.records import queries as records
from gongkai.ledgers.records.public import lines_of
from gongkai.reporting.annual_reports import queries as annual_reports
from gongkai.reporting.annual_reports.models import AnnualReport, FrozenCell
from gongkai.site import search, sitemap

NEWEST: Final = 9
DOCUMENTS: Final = 5
TOPICS: Final = 5
YEARS: Final = 6
RECEIVED: Final = ("applications.new.total", "applications.received")
"""The cell of applications received: of the forms of 2019 and 2021, and of that of 2014."""
CLOSED: Final = ("applications.closed_total.total", "applications.closed")
CARRIED_OVER: Final = "applications.carried_over.total"


@dataclass(frozen=True, slots=True)
class Promise:
    """The clock of an application received today; `due` is None where the calendar does not reach so far."""

    law: ReplyLaw
    due: date | None


@dataclass(frozen=True, slots=True)
class Published:
    """A published report of the root, with the figures the page names; None: not printed in it."""

    report: AnnualReport
    received: Decimal | None
    closed: Decimal | None
    carried_over: Decimal | None
    url: str


def promise(today: date) -> Promise:
    """What the law promises to somebody who applies today."""
    due = reply_due(ReplyClock(today), calendars.work_calendar())
    return Promise(law_for(today), due.on if isinstance(due, Due) else None)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, the statutory entries, what is new, how to apply, documents, reports: a fixed number of queries."""
    today, tree, names = clock.localdate(), tree_today(), records.agency_names()
    content = records.statutory_content(today)
    counts = records.counts_by(content)
    newest = records.with_portal_publication(content).select_related("category").defer("body")[:NEWEST]
    documents = normative.public(today)
    reports = _reports(tree)
    context = {
        "total": sum(number for _, number in counts.years),
        "this_year": dict(counts.years).get(today.year, 0),
        "topics": sorted(counts.categories, key=lambda topic: -topic[2])[:TOPICS],
        "topic_count": len(counts.categories),
        "documents_in_force": documents.filter(normative.in_force_on(today)).count(),
        "received": sum(applications.received_by_agency(date(today.year, 1, 1), today).values()),
        "entries": _special(today),
        "newest": lines_of(newest, names, today),
        "promise": promise(today),
        "documents": [_document(row, today) for row in _changed(documents)],
        "reports": reports,
        "chart": _chart(reports),
    }
    return render(request, "portal/home.html", context)


def _special(today: date) -> dict[str, Any]:
    """When the guide was last renewed, and how many rules there are."""
    rows: Any = records.public(today).filter(category__code__in=records.SPECIAL_CATEGORIES).select_related("category")
    days: dict[str, list[date]] = {code: [] for code in records.SPECIAL_CATEGORIES}
    dated: Any = records.with_portal_publication(rows).defer("body")
    for row in dated:
        days[row.category.code].append(row.published_on)
    return {"guide_on": max(days[records.GUIDE], default=None), "rules": len(days[records.RULES])}


def _changed(documents: Any) -> Any:
    """Those that began or ended last."""
    last = Coalesce("repealed_on", "lapsed_on", "in_force_on")
    rows = documents.select_related("record").defer("record__body").annotate(changed_on=last)
    return rows.order_by(F("changed_on").desc(), "-pk")[:DOCUMENTS]


def _document(row: Any, today: date) -> dict[str, Any]:
    return {"row": row, "state": state_on(row, today, notice_days=-1), "end": end_of(row, today)}


# ---- annual reports


def _reports(tree: Tree) -> list[Published]:
    """Published reports of the root government, newest first, with their figures: two queries."""
    roots = tree.roots()
    if not roots:
        return []
    rows = list(annual_reports.published().filter(agency=roots[0].pk).order_by("-year"))
    cells = FrozenCell.objects.filter(report__in=rows, code__in=(*RECEIVED, *CLOSED, CARRIED_OVER))
    values = {(report, code): value for report, code, value in cells.values_list("report_id", "code", "value")}

    def value(row: AnnualReport, *codes: str) -> Decimal | None:
        return next((values[row.pk, code] for code in codes if (row.pk, code) in values), None)

    return [
        Published(
            row,
            value(row, *RECEIVED),
            value(row, *CLOSED),
            value(row, CARRIED_OVER),
            sitemap.report_address(row.agency.slug, row.year),
        )
        for row in rows
    ]


def _chart(reports: list[Published]) -> list[tuple[str, Decimal | None]]:
    """Applications received by year, the oldest first; one year alone draws no line of development."""
    points = [(str(report.report.year), report.received) for report in reversed(reports[:YEARS])]
    return [(year, None if value is None else value.normalize()) for year, value in points]


urlpatterns = [path("", home, name="home"), *search.urlpatterns, *sitemap.urlpatterns]
