"""Writing: sections, hand figures, explanations, scope, work points."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.core.writing.report_tables import readable
from gongkai.reporting.annual_reports import actions, forms, inserting, queries
from gongkai.reporting.annual_reports.compile import compile_report, latest_report
from gongkai.reporting.annual_reports.compiled import CompiledSection
from gongkai.reporting.annual_reports.desk.framing import form_page, found_report, is_htmx, place_url
from gongkai.reporting.annual_reports.desk.pages import PLACES_OF_POINTS
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.narrative import segments, tokens_in
from gongkai.reporting.annual_reports.outlines import outline_of
from gongkai.reporting.annual_reports.parts import read_parts
from gongkai.reporting.annual_reports.report_page import narrative_of
from gongkai.reporting.indicators.evaluation import evaluate
from gongkai.reporting.indicators.scopes import scope_of


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def write(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """The editor of one section: text, preview, figures to insert, sentences that are ready."""
    report = found_report(request, pk)
    outlines = outline_of(actions.form_of(report.year))
    if not 1 <= place <= len(outlines) or outlines[place - 1].key == "附":
        raise Http404
    outline = outlines[place - 1]
    # Only the button 保存 saves: what htmx sends while the clerk types carries no button.
    if request.method == "POST" and request.POST.get("do") == "save":
        form = forms.SectionForm(request.POST)
        if form.is_valid() and attempt(
            request,
            lambda: actions.write_section(report, key=outline.key, text=form.cleaned_data["text"], by=request.user),
            form=form,
        ):
            messages.success(request, "已保存。")
            return redirect("desk:report_section", pk=pk, place=place)
    else:
        text = read_parts(report.pk, report.agency_id, report.year).sections.get(outline.key, "")
        form = forms.SectionForm(request.POST or None, initial={"text": text})
    written = request.POST.get("text", form.initial.get("text", ""))
    scope = scope_of(report.agency_id, report.year, report.scope)  # type: ignore[arg-type]
    offered, more = inserting.found_tokens(request.GET.get("figure", ""))
    tokens = tokens_in(written)
    asked = [token.asked for token in (*tokens, *offered) if token.asked is not None]
    figures = evaluate(asked, scope).figures
    insert = {"q": request.GET.get("figure", ""), "lines": inserting.insert_lines(offered, figures), "more": more}
    if is_htmx(request) and "figure" in request.GET:
        return render(request, "annual_reports/desk/_insert_list.html", {"insert": insert})
    by_token = {token.text: figures[token.asked] for token in tokens if token.asked is not None}
    preview = CompiledSection(outline, written, tuple(segments(written, by_token)))
    context = {
        "report": report,
        "outline": outline,
        "form": form,
        "narrative": narrative_of(preview, lambda token: reverse("desk:report_figure", args=(pk, token))),
        "problems": [token.why for token in tokens if token.why],
        "insert": insert,
        "back_url": place_url("report_section", report, place),
        "last_year_url": place_url("report_last_year", report, place),
    }
    if is_htmx(request):
        return render(request, "annual_reports/desk/_preview.html", context)
    context["ready"] = _ready(report, outline.key, scope)
    return render(request, "annual_reports/desk/section.html", context)


def _ready(report: AnnualReport, key: str, scope: Any) -> list[inserting.ReadySentence]:
    """Topics of the applications in sections one and three, answers to the work points in five."""
    if key in ("一", "三"):
        sentence = inserting.sentence_of_topics(queries.topics(scope))
        return [] if sentence is None else [sentence]
    if key in PLACES_OF_POINTS:
        return inserting.sentences_of_points(queries.work_points(report.agency_id, report.year))
    return []


@desk_page("reports.view")
@require_safe
def last_year(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """How the same section read last year: as printed, and with its tokens to be copied."""
    report = found_report(request, pk)
    outlines = outline_of(actions.form_of(report.year))
    if not 1 <= place <= len(outlines):
        raise Http404
    elder = latest_report(report.agency_id, report.year - 1)
    sections = () if elder is None else queries.shown(elder).sections
    part = next((one for one in sections if one.outline.key == outlines[place - 1].key), None)
    context = {
        "report": report,
        "outline": outlines[place - 1],
        "elder": elder,
        "part": part,
        "narrative": [] if part is None else narrative_of(part, lambda _: ""),
        "back_url": place_url("report_section", report, place),
    }
    return render(request, "annual_reports/desk/last_year.html", context)


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def hand(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Type a cell by hand, with the reason; or take the typed value back."""
    report = found_report(request, pk)
    form_cell = actions.form_of(report.year).cells.get(code)
    if form_cell is None:
        raise Http404
    typed = report.handfigures.filter(code=code, removed=False).first()
    initial = {} if typed is None else {"value": typed.value.normalize(), "reason": typed.reason}
    form = forms.HandForm(request.POST or None, unit=form_cell.unit, initial=initial)
    if form.is_valid() and attempt(
        request,
        lambda: actions.type_by_hand(report, code=code, by=request.user, **form.cleaned_data),
        form=form,
    ):
        messages.success(request, "已按手工填写的数显示，并标明“手填”。")
        return redirect("desk:report_cell", pk=pk, code=code)
    context = {
        "form": form,
        "heading": f"手工填写：{readable(actions.form_of(report.year), form_cell)}",
        "lead": "能从台账和填报来的数，不要手填；手填的数会标明，并要写理由。",
        "submit": "保存",
        "back_url": reverse("desk:report_cell", args=(pk, code)),
        "remove_url": reverse("desk:report_hand_remove", args=(pk, code)) if typed is not None else "",
    }
    return render(request, "annual_reports/desk/form.html", context)


@desk_action("reports.write")
@require_POST
def hand_remove(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Show again what the ledgers say."""
    report = found_report(request, pk)
    if attempt(request, lambda: actions.remove_hand_figure(report, code=code, by=request.user)):
        messages.success(request, "已撤销手工填写的数。")
    return redirect("desk:report_cell", pk=pk, code=code)


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def explain(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why a finding stands."""
    report = found_report(request, pk)
    wanted = request.POST.get("finding") or request.GET.get("finding", "")
    compiled = compile_report(report.agency_id, report.year, report=report)
    finding = next((one for one in compiled.findings if one.id == wanted), None)
    back = reverse("desk:report_checks", args=(pk,))
    if finding is None:
        messages.error(request, "这个问题已经不存在，不用说明。")
        return HttpResponseRedirect(back)
    kept = finding.explained.text if finding.explained is not None else ""
    form = forms.ExplanationForm(request.POST or None, initial={"finding": wanted, "text": kept})
    if form.is_valid() and attempt(
        request, lambda: actions.explain_finding(report, by=request.user, **form.cleaned_data), form=form
    ):
        messages.success(request, "说明已保存。")
        return HttpResponseRedirect(back)
    return form_page(request, form, heading="写说明", submit="保存", back_url=back, lead=finding.message)


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def scope(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose what the report counts."""
    report = found_report(request, pk)
    form = forms.ScopeForm(request.POST or None, initial={"reach": report.scope})
    if form.is_valid() and attempt(
        request, lambda: actions.set_scope(report, by=request.user, **form.cleaned_data), form=form
    ):
        messages.success(request, "统计范围已改，数字已重新计算。")
        return redirect("desk:report", pk=pk)
    lead = "不单独编制年报的单位，总是计入最近的上级。"
    return form_page(
        request, form, heading="统计范围", submit="保存", back_url=reverse("desk:report", args=(pk,)), lead=lead
    )


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def points(request: StaffRequest, pk: int) -> HttpResponse:
    """The work points of the year and what became of them."""
    report = found_report(request, pk)
    listed = list(queries.work_points(report.agency_id, report.year))
    wanted = request.POST.get("number") or request.GET.get("number", "")
    held = next((point for point in listed if str(point.number) == wanted), None)
    initial = (
        {"number": len(listed) + 1}
        if held is None
        else {"number": held.number, "text": held.text, "answer": held.answer}
    )
    form = forms.PointForm(request.POST or None, initial=initial)
    if form.is_valid() and attempt(request, lambda: _keep_point(report, request.user, form.cleaned_data), form=form):
        messages.success(request, "已保存。")
        return redirect("desk:report_points", pk=pk)
    context = {"report": report, "points": listed, "form": form, "back_url": reverse("desk:report", args=(pk,))}
    return render(request, "annual_reports/desk/points.html", context)


def _keep_point(report: AnnualReport, by: Any, given: dict[str, Any]) -> None:
    point = actions.set_work_point(report.agency, year=report.year, number=given["number"], text=given["text"], by=by)
    if given["answer"]:
        actions.answer_work_point(point, answer=given["answer"], by=by)
