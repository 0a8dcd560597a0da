"""Where the annual report meets the ledgers: compiled for the command line, and published as a record on the portal.

`reporting` never calls the actions of a ledger (style section 3); publishing a frozen report is done here.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any, TextIO

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.base.http import StaffRequest, attempt, desk_action
from gongkai.base.permissions import require
from gongkai.core.national_forms.cells import VALUE_COLUMN
from gongkai.core.writing.report_tables import printed_value, unknown_note
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import tree_today
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.records.models import Outlet, Record
from gongkai.reporting.annual_reports import actions, queries
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.compiled import Compiled
from gongkai.reporting.annual_reports.forms import PublishForm
from gongkai.reporting.annual_reports.frozen import stored, verify_frozen
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.outputs import SOURCES, document_of

WORDS = {"error": "错误", "warning": "提醒", "notice": "告知"}


# ---- for the command line


def compile_for_command(slug: str | None, year: int) -> Compiled:
    """The report of an agency (None: the topmost) about a year, as the ledgers have it. A refusal names what is wrong."""
    actions.form_of(year)
    if slug is None:
        roots = tree_today().roots()
        if not roots:
            raise RuleBroken("这里还没有单位；先建立政府（gongkai createadmin），或者试用 gongkai demo。")
        return compile_report(roots[0].pk, year)
    agency = Agency.objects.filter(slug=slug).first()
    if agency is None:
        raise RuleBroken(f"没有代号为“{slug}”的单位；代号在“单位与人员”里看。")
    return compile_report(agency, year)


def print_compiled(compiled: Compiled, out: TextIO) -> None:
    """The report as plain text: text, tables row by row, where the figures come from, what is wrong."""
    out.writelines(line.rstrip() + "\n" for line in _lines(compiled))


def _lines(compiled: Compiled) -> Iterator[str]:
    yield compiled.title
    yield f"{compiled.form.code} 格式，{len(compiled.scope.agencies or ())} 家单位，统计期 {compiled.year}-01-01 至 {compiled.year}-12-31"
    for section in compiled.sections:
        yield ""
        yield section.outline.heading
        yield from section.rendered.split("\n") if section.text else ()
        for code in section.outline.tables:
            yield from _table_lines(compiled, code)
    if note := unknown_note(compiled.form, compiled.values):
        yield ""
        yield note
    yield ""
    relations = compiled.relations
    yield f"勾稽 {len(relations.holding)} 项相符，{len(relations.broken)} 项不符，{len(relations.not_testable)} 项不能核查"
    for finding in compiled.findings:
        yield f"{WORDS[finding.severity]}：{finding.message}"
        if finding.explained is not None:
            yield f"　说明：{finding.explained.text}"


def _table_lines(compiled: Compiled, code: str) -> Iterator[str]:
    """One line a cell that is not 0: a table of 160 zeros is no news on a terminal."""
    table = compiled.form.table(code)
    zeros = 0
    for rows, columns in table.parts():
        for row in rows:
            if not row.entry:
                continue
            for column in columns:
                cell = compiled.cells[table.cell_code(row, column)]
                if cell.value == 0:
                    zeros += 1
                    continue
                head = row.label if column.code == VALUE_COLUMN else cell.cell.label
                value = printed_value(cell.cell, cell.value)
                yield f"  {head}　{value}（{SOURCES[cell.source]}）" if value else f"  {head}　未填"
    if zeros:
        yield f"  其余 {zeros} 格为 0"


# ---- publishing


def why_not_publish(report: AnnualReport) -> list[str]:
    """Why the report cannot be published yet, in sentences."""
    why = []
    if not report.is_frozen:
        why.append("先定稿，再公布。")
    if report.published_on is not None:
        why.append("这一版已经公布。")
    if report.is_frozen and (broken := verify_frozen(report)):
        why.append(broken)
    if _portal_outlet(report) is None:
        why.append("本单位和上级单位都没有在用的门户发布去处，请先在“发布去处”里开设。")
    return why


def _portal_outlet(report: AnnualReport) -> Outlet | None:
    """The portal of the agency itself, or of the nearest agency above it that has one."""
    above = tree_today().ancestors(report.agency_id) or [report.agency_id]
    portals = {
        outlet.agency_id: outlet
        for outlet in Outlet.objects.filter(agency_id__in=above, is_portal=True, closed_on=None).order_by("-pk")
    }
    return next((portals[pk] for pk in above if pk in portals), None)


@transaction.atomic
def publish_report(report: AnnualReport, *, by: Any, on: date | None = None) -> Record:
    """Publish a frozen report: it becomes a record of its agency with its text, and appears on the portal.

    A corrected version is a record of its own; the elder record stays and its page points to the new one.
    """
    require(by, "reports.publish", report)
    if why := why_not_publish(report):
        raise RuleBroken("".join(why))
    outlet = _portal_outlet(report)
    assert outlet is not None
    assert report.frozen_at is not None
    day = on or clock.localdate()
    frozen_on = report.frozen_at.astimezone(clock.BEIJING).date()
    if day < frozen_on:
        raise RuleBroken(f"公布日期不能早于定稿日期（{frozen_on}）。", field="on")
    compiled = stored(report)
    reason = f"公布{compiled.title}"
    version = f"（第{report.number}版）" if report.number > 1 else ""
    entry = RecordEntry(
        agency=report.agency,
        title=f"{compiled.title}{version}",
        issued_on=frozen_on,
        body=body_of(compiled),
    )
    record = records.register_record(entry, by=by, reason=reason)
    records.publish_record(record, outlet, on=day, by=by, reason=reason)
    actions.mark_published(report, record=record, on=day, by=by)
    return record


def body_of(compiled: Compiled) -> str:
    """The report as plain text: what a search over records finds."""
    document = document_of(compiled)
    parts = [document.correction, document.opening]
    for section in compiled.sections:
        parts += [section.outline.heading, section.rendered]
    parts += [*document.all_notes, "统计表见政府信息公开年报栏目。"]
    return "\n".join(part for part in parts if part.strip())


@desk_action("reports.publish")
@require_http_methods(["GET", "POST"])
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """The confirm page, and the publication."""
    report = get_object_or_404(queries.visible_to(request.user), pk=pk)
    form = PublishForm(request.POST or None, initial={"on": clock.localdate()})
    if form.is_valid() and attempt(
        request, lambda: publish_report(report, by=request.user, on=form.cleaned_data["on"]), form=form
    ):
        messages.success(request, "已公布到门户的“政府信息公开年报”。")
        return redirect("desk:report", pk=pk)
    context = {
        "heading": "公布年度报告",
        "question": f"公布{report.year}年度报告（第{report.number}版）？",
        "submit": "公布",
        "consequences": [
            "报告登记为一条政府信息，发布到本单位（或上级）的门户，任何人都能看到、下载。",
            "公布以后不能撤回修改；发现错误要更正，另出一版，并公布更正说明。",
        ],
        "blocked": why_not_publish(report),
        "form": form,
        "back_url": reverse("desk:report", args=(pk,)),
    }
    return render(request, "annual_reports/desk/confirm.html", context)


desk_urlpatterns: list[URLPattern] = [path("reports/<int:pk>/publish/", publish, name="report_publish")]
portal_urlpatterns: list[URLPattern] = []
