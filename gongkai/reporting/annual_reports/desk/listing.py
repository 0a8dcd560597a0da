"""The list of reports, and beginning one."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import may_somewhere
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.reporting.annual_reports import actions, forms, queries
from gongkai.reporting.annual_reports.desk.framing import form_page, is_htmx
from gongkai.reporting.annual_reports.models import AnnualReport

PAGE = 50
_OF_STATE: dict[str, dict[str, Any]] = {
    "draft": {"proposed_on": None, "frozen_at": None},
    "proposed": {"proposed_on__isnull": False, "frozen_at": None},
    "frozen": {"frozen_at__isnull": False, "published_on": None},
    "published": {"published_on__isnull": False},
}


def _columns(names: dict[int, str]) -> list[Column]:
    return [
        Column("agency", "单位", lambda report: names.get(report.agency_id, "")),
        Column("year", "年度", lambda report: report.year),
        Column("version", "版次", lambda report: report.number),
        Column("state", "状态", lambda report: report.state_word),
        Column("scope", "统计范围", lambda report: report.get_scope_display()),
        Column("frozen_on", "定稿", lambda report: report.frozen_at),
        Column("published_on", "公布", lambda report: report.published_on),
        Column("digest", "定稿摘要", lambda report: report.digest),
    ]


def _narrowed(found: QuerySet[AnnualReport], form: forms.ReportFilter) -> QuerySet[AnnualReport]:
    if not form.is_valid():
        return found
    wanted = form.cleaned_data
    if wanted["q"]:
        found = found.filter(agency__terms__name__icontains=wanted["q"].strip()).distinct()
    if wanted["year"]:
        found = found.filter(year=wanted["year"])
    return found.filter(**_OF_STATE[wanted["state"]]) if wanted["state"] else found


@desk_page("reports.view")
@require_safe
def index(request: StaffRequest) -> HttpResponseBase:
    """Reports by year and agency with their state."""
    form = forms.ReportFilter(request.GET or None)
    found = _narrowed(queries.visible_to(request.user), form)
    tree = tree_on(clock.localdate())
    names = {pk: node.name for pk, node in tree.nodes.items()}
    if download := answer(request, found, _columns(names), name="年度报告"):
        return download
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    shell_states = {"draft": "", "proposed": "warn", "frozen": "good", "published": "good"}
    lines = [
        {
            "report": report,
            "title": forms.title_of(report, names.get(report.agency_id, "已撤并的单位")),
            "url": reverse("desk:report", args=(report.pk,)),
            "tone": shell_states[report.state],
            "word": report.state_word,
        }
        for report in page
    ]
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "may_open": may_somewhere(request.user, "reports.write"),
        "list_url": reverse("desk:reports"),
    }
    return render(request, f"annual_reports/desk/{'_list' if is_htmx(request) else 'list'}.html", context)


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Begin the report of an agency and a year."""
    form = forms.OpenForm(request.POST or None, user=request.user)
    if form.is_valid():
        made: list[AnnualReport] = []
        wanted = form.cleaned_data

        def opening() -> None:
            made.append(actions.open_report(wanted["agency"], year=wanted["year"], by=request.user))

        if attempt(request, opening, form=form):
            messages.success(request, "已建立。数字随台账变化，正文可以开始写。")
            return redirect("desk:report", pk=made[0].pk)
    lead = "数字从台账来，马上就有；正文慢慢写，年后定稿。"
    return form_page(
        request, form, heading="开始编制年度报告", submit="建立", back_url=reverse("desk:reports"), lead=lead
    )
