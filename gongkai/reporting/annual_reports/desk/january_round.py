"""The January round on the desk (年报报送): who has not begun, submitted, was returned, is late; accept and return."""

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import agencies_for, may
from gongkai.core.national_forms import form_for_year
from gongkai.core.writing.report_tables import readable
from gongkai.ledgers.agencies.tree import Tree, tree_on
from gongkai.reporting.annual_reports import actions, forms, queries
from gongkai.reporting.annual_reports.desk.framing import is_htmx
from gongkai.reporting.annual_reports.models import Submission
from gongkai.reporting.annual_reports.report_page import RollUpShown
from gongkai.reporting.annual_reports.shown import tidy

TONES = {"not_begun": "warn", "drafting": "", "frozen": "", "submitted": "good", "returned": "bad", "accepted": "good"}
LATE = "late"


def _leads(tree: Tree, user: Any) -> list[tuple[str, str]]:
    """Lead offices whose round the user may see: agencies under which others report, and the one above his own."""
    visible = agencies_for(user, "reports.view")
    leads = {
        actions.lead_office_of(pk, tree) for pk in tree.nodes if pk in visible and tree.nodes[pk].reports_for_itself
    }
    return [(str(node.pk), node.name) for root in tree.roots() for node, _ in tree.walk(root.pk) if node.pk in leads]


def _report_year() -> int:
    """The year whose round is on: last year until its reports are in, which is the spring; then this year's drafts."""
    today = clock.localdate()
    return today.year - 1 if today.month <= 6 else today.year


@desk_page("reports.view")
@require_safe
def index(request: StaffRequest) -> HttpResponseBase:
    """Every body that reports for itself, with how far it is."""
    tree = tree_on(clock.localdate())
    leads = _leads(tree, request.user)
    states = [*queries.STATES.items(), (LATE, "逾期")]
    form = forms.RoundFilter(request.GET or None, leads=leads, states=states, initial={"year": _report_year()})
    wanted = form.cleaned_data if form.is_valid() else {}
    year = wanted.get("year") or _report_year()
    lead = int(wanted.get("lead") or (leads[0][0] if leads else 0))
    visible = agencies_for(request.user, "reports.view")
    everything = [line for line in queries.january_round(lead, year) if line.agency.pk in visible] if lead else []
    chosen = wanted.get("state", "")
    shown = [line for line in everything if not chosen or line.state == chosen or (chosen == LATE and line.is_late)]
    if download := answer(request, shown, _COLUMNS, name=f"{year}年度报告报送"):
        return download
    counts = Counter(line.state for line in everything)
    context = {
        "form": form,
        "year": year,
        "lead": lead,
        "lead_name": tree.name(lead),
        "counts": [(word, counts[state]) for state, word in queries.STATES.items()]
        + [("逾期", sum(line.is_late for line in everything))],
        "lines": [{"line": line, "tone": TONES[line.state], **_urls(line)} for line in shown],
        "whole": len(everything),
        "may_review": lead in agencies_for(request.user, "reports.review"),
        "roll_up_url": f"{reverse('desk:round_roll_up')}?lead={lead}&year={year}",
        "clear_url": reverse("desk:round"),
        "outside_url": _outside_url(tree, request.user),
    }
    return render(request, f"annual_reports/desk/{'_round' if is_htmx(request) else 'round'}.html", context)


def _outside_url(tree: Tree, user: Any) -> str:
    """Where the tables of agencies outside the system are uploaded, for those who may file for one."""
    held = agencies_for(user, "returns.file")
    return (
        reverse("desk:outside_tables")
        if any(pk in held for pk, node in tree.nodes.items() if node.works_outside)
        else ""
    )


_COLUMNS = [
    Column("agency", "单位", lambda line: line.agency.name),
    Column("state", "进度", lambda line: line.state_word),
    Column("due_on", "期限", lambda line: line.due_on),
    Column("late", "逾期", lambda line: "是" if line.is_late else ""),
    Column("submitted_on", "报送日期", lambda line: line.submission.submitted_on if line.submission else None),
]


def _urls(line: queries.RoundLine) -> dict[str, str]:
    return {
        "report_url": reverse("desk:report", args=(line.report.pk,)) if line.report is not None else "",
        "submission_url": reverse("desk:round_submission", args=(line.submission.pk,)) if line.submission else "",
    }


def _submission(request: StaffRequest, pk: int) -> Submission:
    return get_object_or_404(queries.submissions_visible_to(request.user), pk=pk)


@desk_page("reports.view")
@require_safe
def submission(request: StaffRequest, pk: int) -> HttpResponse:
    """One submission: what was handed in, the remarks by cell, and what the lead office may do."""
    held = _submission(request, pk)
    return _submission_page(request, held, forms.RemarksForm(national_form=form_for_year(held.report.year)))


def _submission_page(request: StaffRequest, held: Submission, form: forms.RemarksForm) -> HttpResponse:
    national_form = form_for_year(held.report.year)
    tree = tree_on(clock.localdate())
    context = {
        "submission": held,
        "name": tree.name(held.agency_id),
        "facts": [
            ("报送单位", tree.name(held.agency_id)),
            ("主管部门", tree.name(held.lead_office_id)),
            (
                "报告",
                f"{held.report.year} 年度，第 {held.report.number} 版",
                reverse("desk:report", args=(held.report_id,)),
            ),
            ("报送", f"{held.submitted_on}　{held.submitted_by.name}"),
            ("接收", held.accepted_on or "—"),
            ("退回", held.returned_on or "—"),
        ],
        "remarks": [
            {
                "label": readable(national_form, cell) if (cell := national_form.cells.get(remark.code)) else "全文",
                "url": reverse("desk:report_cell", args=(held.report_id, remark.code)) if remark.code else "",
                "text": remark.text,
            }
            for remark in held.remarks.all()
        ],
        "is_open": held.state == "submitted",
        "may_correct": held.state == "returned" and may(request.user, "reports.write", held.report),
        "tone": TONES[held.state],
        "word": queries.STATES[held.state],
        "may_review": may(request.user, "reports.review", held.lead_office),
        "form": form,
    }
    return render(request, "annual_reports/desk/submission.html", context)


@desk_action("reports.review")
@require_http_methods(["GET", "POST"])
def accept(request: StaffRequest, pk: int) -> HttpResponse:
    """The lead office takes the report. The address alone, typed or reloaded, only leads to the submission."""
    held = _submission(request, pk)
    if request.method == "POST" and attempt(request, lambda: actions.accept_submission(held, by=request.user)):
        messages.success(request, "已接收。")
    return redirect("desk:round_submission", pk=pk)


@desk_action("reports.review")
@require_http_methods(["GET", "POST"])
def send_back(request: StaffRequest, pk: int) -> HttpResponse:
    """The lead office returns it with remarks by cell. The address alone, typed or reloaded, only leads to the submission."""
    held = _submission(request, pk)
    if request.method == "GET":
        return redirect("desk:round_submission", pk=pk)
    form = forms.RemarksForm(request.POST, national_form=form_for_year(held.report.year))
    if form.is_valid() and attempt(
        request, lambda: actions.return_submission(held, remarks=form.remarks, by=request.user), form=form
    ):
        messages.success(request, "已退回，报送单位会看到逐格的意见。")
        return redirect("desk:round_submission", pk=pk)
    return _submission_page(request, held, form)


@desk_page("reports.review")
@require_safe
def roll_up(request: StaffRequest) -> HttpResponseBase:
    """The accepted reports added up, cell by cell, against the ledgers of the same agencies."""
    tree = tree_on(clock.localdate())
    leads = _leads(tree, request.user)
    form = forms.RoundFilter(
        request.GET or None, leads=leads, states=[("differs", "不一致的")], initial={"year": _report_year()}
    )
    wanted = form.cleaned_data if form.is_valid() else {}
    year = wanted.get("year") or _report_year()
    asked = request.GET.get("lead", "")
    lead = int(asked) if asked in dict(leads) else int(leads[0][0]) if leads else 0
    accepted, lines = queries.roll_up(lead, year) if lead in agencies_for(request.user, "reports.review") else (0, [])
    national_form = form_for_year(year)
    shown = [
        RollUpShown(
            readable(national_form, national_form.cells[line.code]),
            tidy(line.submitted),
            tidy(line.computed),
            line.agrees,
        )
        for line in lines
        if wanted.get("state") != "differs" or not line.agrees
    ]
    if download := answer(request, shown, _ROLL_UP_COLUMNS, name=f"{year}年度报告与台账比较"):
        return download
    context = {
        "form": form,
        "year": year,
        "lead_name": tree.name(lead),
        "accepted": accepted,
        "lines": shown if accepted else [],
        "differing": sum(not line.agrees for line in lines),
        "back_url": reverse("desk:round"),
    }
    return render(request, "annual_reports/desk/roll_up.html", context)


_ROLL_UP_COLUMNS = [
    Column("cell", "数据格", lambda line: line.label),
    Column("submitted", "已接收的报告合计", lambda line: line.submitted),
    Column("computed", "台账合计", lambda line: line.computed),
    Column("agrees", "一致", lambda line: "是" if line.agrees else "否"),
]
