"""The portal's page about applying: how, what an application must contain, the clock, remedies (条例711 Art. 29-33, 51).

No applicant data; the only figures are yearly totals by agency (design 4a, Who may open a figure).
"""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from gongkai.base import calendars, clock
from gongkai.core.calendars import Due
from gongkai.core.law.channels import RECEIPT_CHANNELS
from gongkai.core.law.deadlines import LAW_2007, ReplyClock, law_for, reply_due
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.ledgers.applications import queries
from gongkai.ledgers.applications.rules import PROCESSING_FEES_SINCE

YEARS = 5
RECONSIDERATION_FIRST_SINCE = date(2024, 1, 1)  # 行政复议法（2023年修订）第二十三条


def apply(request: HttpRequest) -> HttpResponse:
    """How to apply, and how many applied last year."""
    today = clock.localdate()
    years = [year for year in range(today.year - 1, today.year - 1 - YEARS, -1) if year >= LAW_2007.since.year]
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and int(asked) in years else years[0]
    first, last = date(year, 1, 1), date(year, 12, 31)
    received, closed = queries.received_by_agency(first, last), queries.closed_by_agency(first, last)
    tree = tree_on(last)
    rows = [
        {"name": node.name, "received": received.get(node.pk, 0), "closed": closed.get(node.pk, 0)}
        for root in tree.roots()
        for node, _ in tree.walk(root.pk)
        if node.pk in received or node.pk in closed
    ]
    due = reply_due(ReplyClock(today), calendars.work_calendar())
    context = {
        "channels": RECEIPT_CHANNELS.values(),
        "law": law_for(today),
        "reviewed_first": today >= RECONSIDERATION_FIRST_SINCE,
        "fees": today >= PROCESSING_FEES_SINCE,
        "due": due.on if isinstance(due, Due) else None,
        "year": year,
        "years": years,
        "rows": rows,
        "received_total": sum(received.values()),
        "closed_total": sum(closed.values()),
    }
    return render(request, "applications/public/apply.html", context)
