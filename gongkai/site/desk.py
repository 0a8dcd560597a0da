"""The first page of the desk, 今天, and the search over its ledgers."""

from typing import Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.http import StaffRequest, desk_page
from gongkai.base.permissions import agencies_for, may_somewhere
from gongkai.ledgers.agencies.tree import tree_today
from gongkai.site import waiting
from gongkai.site.administration import administration_of
from gongkai.site.desk_search import LEAST, found_for, words_of
from gongkai.site.report_check import check_of, reporting_agency
from gongkai.site.today import today_of

PARTS: Final = ("errors", "moved", "panel")


@require_safe
@desk_page()
def today(request: StaffRequest) -> HttpResponse:
    """What is due, by clock. An administrator sees what administrators look after, and nothing of the ledgers."""
    if not may_somewhere(request.user, "applications.view"):
        if may_somewhere(request.user, "staff.manage"):
            return render(request, "desk/administration.html", {"page": administration_of(request.user)})
        return render(request, "desk/without_role.html")
    page = today_of(request.user)
    waiting.remember(request, page.waiting)
    checked = page.issuer is not None and "checked" in request.GET
    context = {
        "page": page,
        "check": check_of(page.issuer, page.day.on) if checked and page.issuer is not None else None,
        "may_register": may_somewhere(request.user, "applications.register"),
        "may_record": may_somewhere(request.user, "records.register"),
        "may_file": may_somewhere(request.user, "returns.file"),
    }
    return render(request, "desk/today.html", context)


@require_safe
@desk_page("reports.view")
def report_check(request: StaffRequest) -> HttpResponse:
    """One part of what the check of the user's report says; it means compiling the report, so it is asked for by itself.

    The first part asked for makes the check, and says so by an event for which the other parts of the page wait.
    """
    part = request.GET.get("part", "")
    if part not in PARTS:
        raise Http404
    issuer = reporting_agency(request.user.agency_id, tree_today())
    allowed = issuer is not None and issuer.pk in agencies_for(request.user, "reports.view")
    check = check_of(issuer, clock.localdate()) if issuer is not None and allowed else None
    response = render(request, f"desk/_check_{part}.html", {"check": check})
    if part == PARTS[0]:
        response["HX-Trigger"] = "checked"
    return response


@require_safe
@desk_page()
def search(request: StaffRequest) -> HttpResponse:
    """One box over all ledgers that the user may look into."""
    asked = request.GET.get("q", "").strip()
    words = words_of(asked)
    context = {
        "q": asked,
        "least": LEAST,
        "too_short": bool(asked) and not words,
        "groups": found_for(request.user, words) if words else [],
    }
    return render(request, "desk/search.html", context)


urlpatterns = [
    path("", today, name="today"),
    path("report-check/", report_check, name="report_check"),
    path("search/", search, name="search"),
]
