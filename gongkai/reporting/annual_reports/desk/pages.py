"""One report by sections, its checks, beside last year, as files."""

from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.base.errors import RuleBroken
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, desk_page
from gongkai.core.writing.report_tables import readable
from gongkai.reporting.annual_reports import queries
from gongkai.reporting.annual_reports.desk.framing import found_report, place_url, shell_of
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.opened import (
    Opened,
)
from gongkai.reporting.annual_reports.outputs import KINDS, rendered
from gongkai.reporting.annual_reports.report_page import Shell, compared, untested
from gongkai.reporting.annual_reports.shown import tidy

PLACES_OF_POINTS = ("一", "五", "六")
"""The sections under which the work points stand: what was done, and what was to be improved (六 in 2014)."""


@desk_page("reports.view")
@require_safe
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """The report, at its first section."""
    return section_page(request, shell_of(request, pk, 1))


@desk_page("reports.view")
@require_safe
def section(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """One section: its tables, its text."""
    return section_page(request, shell_of(request, pk, place))


def section_page(request: StaffRequest, shell: Shell, opened: Opened | None = None, current: str = "") -> HttpResponse:
    """A section with its tables and text; `opened` stands beside, `current` is the code of its cell."""
    sections = shell.compiled.sections
    if shell.place is None or not 1 <= shell.place <= len(sections):
        raise Http404
    part = sections[shell.place - 1]
    shows_points = part.outline.key in PLACES_OF_POINTS and not shell.report.is_frozen
    context = {
        "shell": shell,
        "section": part,
        "tables": shell.tables(part, current),
        "narrative": shell.narrative(part),
        "opened": opened,
        "edit_url": place_url("report_write", shell.report, shell.place),
        "empty_url": place_url("report_write", shell.report, shell.place) if shell.may_write else "",
        "last_year_url": place_url("report_last_year", shell.report, shell.place) if shell.compiled.previous else "",
        "points": queries.work_points(shell.report.agency_id, shell.report.year) if shows_points else (),
        "points_url": reverse("desk:report_points", args=(shell.report.pk,)) if shell.may_write else "",
        "files": _files(shell.report),
    }
    return render(request, "annual_reports/desk/report.html", context)


def _files(report: AnnualReport) -> list[dict[str, str]]:
    labels = {"docx": "Word", "xlsx": "表格 XLSX", "pdf": "PDF", "json": "JSON"}
    return [
        {"label": label, "url": reverse("desk:report_file", args=(report.pk, kind))} for kind, label in labels.items()
    ]


@desk_page("reports.view")
@require_safe
def checks(request: StaffRequest, pk: int) -> HttpResponse:
    """What is wrong, what was not tested, what holds, what moved since freezing."""
    shell = shell_of(request, pk)
    compiled = shell.compiled
    context = {
        "shell": shell,
        "untested": untested(compiled),
        "holding": compiled.relations.holding,
        "hand_figures": [
            {
                "label": readable(compiled.form, cell.cell),
                "url": shell.cell_url(code),
                "value": tidy(cell.hand.value),
                "reason": cell.hand.reason,
                "by": cell.hand.by,
            }
            for code, cell in compiled.cells.items()
            if cell.hand is not None
        ],
    }
    return render(request, "annual_reports/desk/checks.html", context)


@desk_page("reports.view")
@require_safe
def compare(request: StaffRequest, pk: int) -> HttpResponseBase:
    """This year beside last year, cell by cell, as far as the forms allow to compare."""
    shell = shell_of(request, pk)
    lines = compared(shell)
    columns = [
        Column("cell", "数据格", lambda line: line.label),
        Column("last_year", "上年", lambda line: line.was),
        Column("this_year", "本年", lambda line: line.now),
        Column("change", "增减", lambda line: line.change),
    ]
    if download := answer(request, lines, columns, name=f"{shell.heading}与上年比较"):
        return download
    context = {"shell": shell, "lines": lines, "back_url": reverse("desk:report", args=(pk,))}
    return render(request, "annual_reports/desk/compare.html", context)


@desk_page("reports.view")
@require_safe
def file(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """The report as a file; a draft is named so."""
    if kind not in KINDS:
        raise Http404
    report = found_report(request, pk)
    try:
        output = rendered(queries.shown(report), kind)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("desk:report", pk=pk)
    response = HttpResponse(output.content, content_type=output.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(output.name)}"
    return response
