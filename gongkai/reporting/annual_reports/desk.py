"""Desk pages of the annual report: the list, one report by sections, its figures opened, its checks, its way to freezing."""

from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import Any
from urllib.parse import quote

from django import forms as django_forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import may_somewhere
from gongkai.core.writing.report_tables import readable
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.reporting.annual_reports import actions, forms, inserting, queries
from gongkai.reporting.annual_reports.compile import compile_report, latest_report
from gongkai.reporting.annual_reports.compiled import CompiledSection
from gongkai.reporting.annual_reports.frozen import open_frozen_figure
from gongkai.reporting.annual_reports.models import AnnualReport, FrozenCell, FrozenFigure
from gongkai.reporting.annual_reports.narrative import read, segments, tokens_in
from gongkai.reporting.annual_reports.opened import (
    Opened,
    basis_of,
    counts_of,
    open_cell,
    open_frozen,
    open_token,
)
from gongkai.reporting.annual_reports.outlines import outline_of
from gongkai.reporting.annual_reports.outputs import KINDS, SOURCES, rendered
from gongkai.reporting.annual_reports.parts import read_parts
from gongkai.reporting.annual_reports.report_page import Shell, compared, moved_since, narrative_of, untested
from gongkai.reporting.annual_reports.shown import tidy
from gongkai.reporting.indicators.evaluation import evaluate
from gongkai.reporting.indicators.scopes import scope_of

PAGE = 50
PLACES_OF_POINTS = ("一", "五", "六")
"""The sections under which the work points stand: what was done, and what was to be improved (六 in 2014)."""


# ---- the list


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


_OF_STATE: dict[str, dict[str, Any]] = {
    "draft": {"proposed_on": None, "frozen_at": None},
    "proposed": {"proposed_on__isnull": False, "frozen_at": None},
    "frozen": {"frozen_at__isnull": False, "published_on": None},
    "published": {"published_on__isnull": False},
}


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
    return render(request, f"annual_reports/desk/{'_list' if _is_htmx(request) else 'list'}.html", context)


def _is_htmx(request: StaffRequest) -> bool:
    return bool(request.headers.get("HX-Request"))


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
    return _form_page(
        request, form, heading="开始编制年度报告", submit="建立", back_url=reverse("desk:reports"), lead=lead
    )


def _form_page(
    request: StaffRequest, form: django_forms.Form, *, heading: str, submit: str, back_url: str, lead: str = ""
) -> HttpResponse:
    context = {"form": form, "heading": heading, "submit": submit, "back_url": back_url, "lead": lead}
    return render(request, "annual_reports/desk/form.html", context)


# ---- one report


def _report(request: StaffRequest, pk: int) -> AnnualReport:
    return get_object_or_404(queries.visible_to(request.user).select_related("corrected_by"), pk=pk)


def _shell(request: StaffRequest, pk: int, place: int | None = None) -> Shell:
    return _worked_out(request, _report(request, pk), place)


def _worked_out(request: StaffRequest, report: AnnualReport, place: int | None = None) -> Shell:
    """The report worked out anew, or as it was frozen with what would move today."""
    started = perf_counter()
    successor = getattr(report, "corrected_by", None)
    shell = Shell(
        report=report,
        compiled=queries.shown(report),
        user=request.user,
        place=place,
        successor=None if successor is None else successor.pk,
    )
    if report.is_frozen:
        shell.moved = moved_since(shell.compiled, shell.cell_url)
    shell.seconds = perf_counter() - started
    return shell


@desk_page("reports.view")
@require_safe
def report(request: StaffRequest, pk: int) -> HttpResponse:
    """The report, at its first section."""
    return _section_page(request, _shell(request, pk, 1))


@desk_page("reports.view")
@require_safe
def section(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """One section: its tables, its text."""
    return _section_page(request, _shell(request, pk, place))


def _section_page(request: StaffRequest, shell: Shell, opened: Opened | None = None, current: str = "") -> HttpResponse:
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
        "edit_url": _place_url("report_write", shell.report, shell.place),
        "empty_url": _place_url("report_write", shell.report, shell.place) if shell.may_write else "",
        "last_year_url": _place_url("report_last_year", shell.report, shell.place) if shell.compiled.previous else "",
        "points": queries.work_points(shell.report.agency_id, shell.report.year) if shows_points else (),
        "points_url": reverse("desk:report_points", args=(shell.report.pk,)),
        "files": _files(shell.report),
    }
    return render(request, "annual_reports/desk/report.html", context)


def _place_url(name: str, report: AnnualReport, place: int) -> str:
    return reverse(f"desk:{name}", args=(report.pk, place))


def _files(report: AnnualReport) -> list[dict[str, str]]:
    labels = {"docx": "Word", "xlsx": "表格 XLSX", "pdf": "PDF", "json": "JSON"}
    return [
        {"label": label, "url": reverse("desk:report_file", args=(report.pk, kind))} for kind, label in labels.items()
    ]


@desk_page("reports.view")
@require_safe
def checks(request: StaffRequest, pk: int) -> HttpResponse:
    """What is wrong, what was not tested, what holds, what moved since freezing."""
    shell = _shell(request, pk)
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
    shell = _shell(request, pk)
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


# ---- figures opened


@desk_page("reports.view")
@require_safe
def cell(request: StaffRequest, pk: int, code: str) -> HttpResponseBase:
    """The rows behind a cell: aside (htmx), beside its table, or all of them page by page."""
    report = _report(request, pk)
    if report.is_frozen:
        return _frozen_figure(request, report, code)
    shell = _worked_out(request, report)
    if code not in shell.compiled.cells:
        raise Http404
    opened = open_cell(shell.compiled, code, request.user)
    if shell.may_write:
        opened.hand_url = reverse("desk:report_hand", args=(pk, code))
    shell.place = shell.place_of_cell(code)
    return _opened_page(request, opened, lambda: _section_page(request, shell, opened, code), shell.report)


@desk_page("reports.view")
@require_safe
def figure(request: StaffRequest, pk: int, token: str) -> HttpResponseBase:
    """The rows behind a figure of the text."""
    report = _report(request, pk)
    if report.is_frozen:
        return _frozen_figure(request, report, token)
    named = read(token)
    if named.asked is None:
        raise Http404(named.why)
    evaluation = evaluate([named.asked], scope_of(report.agency_id, report.year, report.scope))  # type: ignore[arg-type]
    opened = open_token(evaluation, named, request.user)
    opened.url = reverse("desk:report_figure", args=(pk, token))
    return _opened_page(request, opened, lambda: _all_rows(request, opened, report), report)


def _opened_page(
    request: StaffRequest, opened: Opened, plain: Callable[[], HttpResponse], report: AnnualReport
) -> HttpResponseBase:
    if opened.rows is not None and (download := answer(request, opened.rows, _row_columns(opened), name=opened.title)):
        return download
    if _is_htmx(request):
        return render(request, "annual_reports/desk/_rows.html", {"opened": opened})
    if "all" in request.GET or "page" in request.GET:
        return _all_rows(request, opened, report)
    return plain()


def _row_columns(opened: Opened) -> list[Column]:
    assert opened.ledger is not None
    columns = [
        Column(key, heading, lambda line, place=place: line.cells[place])  # type: ignore[misc]
        for place, (key, heading, _) in enumerate(opened.ledger.columns)
    ]
    return [Column("agency", "单位", lambda line: line.agency), *columns]


def _all_rows(request: StaffRequest, opened: Opened, report: AnnualReport) -> HttpResponse:
    page = None if opened.rows is None else Paginator(opened.rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "opened": opened,
        "report": report,
        "page": page,
        "lines": () if page is None else page.object_list,
        "back_url": reverse("desk:report", args=(report.pk,)),
    }
    return render(request, "annual_reports/desk/cell.html", context)


def _frozen_figure(request: StaffRequest, report: AnnualReport, key: str) -> HttpResponse:
    """A figure of a frozen report with its rows as they were, and what changed since."""
    number = max(1, int(page)) if (page := request.GET.get("page", "1")).isdigit() else 1
    try:
        found = open_frozen_figure(report, key, start=(number - 1) * PAGE, size=PAGE)
    except (FrozenCell.DoesNotExist, FrozenFigure.DoesNotExist) as missing:
        raise Http404 from missing
    form = actions.form_of(report.year)
    of_form = form.cells.get(key)
    token = None if of_form is not None else read(key)
    indicator = None if token is None else token.indicator
    returned = "" if indicator is None else indicator.name
    opened = Opened(
        title=readable(form, of_form) if of_form is not None else (indicator.title if indicator is not None else key),
        value=tidy(found.frozen.value),
        unit=of_form.unit if of_form is not None else (indicator.unit if indicator is not None else ""),
        source_word=f"{SOURCES[found.frozen.source]} · 定稿时",
        counts=counts_of(found.term, returned),
        basis=basis_of(found.term, returned),
        is_signed=of_form is not None and of_form.kind == "signed_int",
        url=reverse("desk:report_cell" if of_form is not None else "desk:report_figure", args=(report.pk, key)),
    )
    lines = open_frozen(opened, found, tree_on(date(report.year, 12, 31)), request.user)
    opened.as_it_was = lines
    opened.total = found.total
    if _is_htmx(request):
        return render(request, "annual_reports/desk/_rows.html", {"opened": opened})
    context = {
        "opened": opened,
        "report": report,
        "lines": lines,
        "page": Paginator(range(found.total), PAGE).get_page(number) if found.total else None,
        "back_url": reverse("desk:report", args=(report.pk,)),
    }
    return render(request, "annual_reports/desk/cell.html", context)


# ---- writing


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def write(request: StaffRequest, pk: int, place: int) -> HttpResponse:
    """The editor of one section: text, preview, figures to insert, sentences that are ready."""
    report = _report(request, pk)
    outlines = outline_of(actions.form_of(report.year))
    if not 1 <= place <= len(outlines) or outlines[place - 1].key == "附":
        raise Http404
    outline = outlines[place - 1]
    if request.method == "POST" and request.POST.get("do") != "preview":
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
    if _is_htmx(request) and "figure" in request.GET:
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
        "back_url": _place_url("report_section", report, place),
        "last_year_url": _place_url("report_last_year", report, place),
    }
    if _is_htmx(request):
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
    report = _report(request, pk)
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
        "back_url": _place_url("report_section", report, place),
    }
    return render(request, "annual_reports/desk/last_year.html", context)


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def hand(request: StaffRequest, pk: int, code: str) -> HttpResponse:
    """Type a cell by hand, with the reason; or take the typed value back."""
    report = _report(request, pk)
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
    report = _report(request, pk)
    if attempt(request, lambda: actions.remove_hand_figure(report, code=code, by=request.user)):
        messages.success(request, "已撤销手工填写的数。")
    return redirect("desk:report_cell", pk=pk, code=code)


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def explain(request: StaffRequest, pk: int) -> HttpResponse:
    """Say why a finding stands."""
    report = _report(request, pk)
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
    return _form_page(request, form, heading="写说明", submit="保存", back_url=back, lead=finding.message)


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def scope(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose what the report counts."""
    report = _report(request, pk)
    form = forms.ScopeForm(request.POST or None, initial={"reach": report.scope})
    if form.is_valid() and attempt(
        request, lambda: actions.set_scope(report, by=request.user, **form.cleaned_data), form=form
    ):
        messages.success(request, "统计范围已改，数字已重新计算。")
        return redirect("desk:report", pk=pk)
    lead = "不单独编制年报的单位，总是计入最近的上级。"
    return _form_page(
        request, form, heading="统计范围", submit="保存", back_url=reverse("desk:report", args=(pk,)), lead=lead
    )


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def points(request: StaffRequest, pk: int) -> HttpResponse:
    """The work points of the year and what became of them."""
    report = _report(request, pk)
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


# ---- freezing and after


def _consequences(shell: Shell) -> list[str]:
    """What will be frozen."""
    compiled = shell.compiled
    unknown = sum(one.value is None for one in compiled.cells.values())
    explained = sum(finding.explained is not None for finding in compiled.findings)
    return [
        f"{len(compiled.cells)} 个数据格的值，连同每格后面的记录，一起固定；以后台账再改，这份报告不变。",
        f"{len(compiled.sections)} 个部分的正文和正文里的数字一起固定。",
        (
            f"未填的数据格 {unknown} 个，手工填写 {sum(one.hand is not None for one in compiled.cells.values())} 个，"
            f"写了说明的问题 {explained} 个，会随报告公布。"
        ),
        "定稿不能撤回；发现错误只能更正，另出一版，并说明更正什么。",
    ]


@desk_action("reports.propose")
@require_http_methods(["GET", "POST"])
def propose(request: StaffRequest, pk: int) -> HttpResponse:
    """The disclosure office proposes to freeze, seeing what will be frozen, or why not yet."""
    if request.method == "POST":
        held = _report(request, pk)
        if attempt(request, lambda: actions.propose_freeze(held, by=request.user)):
            messages.success(request, "已提请定稿，请审批的领导批准。")
        return redirect("desk:report", pk=pk)
    shell = _shell(request, pk)
    return _confirm_page(
        request,
        pk,
        heading="提请定稿",
        question=f"提请把{shell.compiled.title}定稿？",
        submit="提请定稿",
        consequences=_consequences(shell),
        blocked=[*shell.why_not_propose(), *(finding.message for finding in shell.compiled.blocking)],
    )


def _confirm_page(
    request: StaffRequest,
    pk: int,
    *,
    heading: str,
    question: str,
    submit: str,
    consequences: list[str] | None = None,
    blocked: list[str] | None = None,
    form: django_forms.Form | None = None,
) -> HttpResponse:
    context = {
        "heading": heading,
        "question": question,
        "submit": submit,
        "consequences": consequences,
        "blocked": blocked,
        "form": form,
        "back_url": reverse("desk:report", args=(pk,)),
    }
    return render(request, "annual_reports/desk/confirm.html", context)


@desk_action("reports.freeze")
@require_http_methods(["GET", "POST"])
def freeze(request: StaffRequest, pk: int) -> HttpResponse:
    """The approver confirms: every value is stored with its trace."""
    if request.method == "POST":
        held = _report(request, pk)
        if attempt(request, lambda: actions.confirm_freeze(held, by=request.user)):
            messages.success(request, "已定稿。数字、正文和后面的记录都固定了。")
        return redirect("desk:report", pk=pk)
    shell = _shell(request, pk)
    blocked = [finding.message for finding in shell.compiled.blocking]
    if shell.report.state != "proposed":
        blocked.append("公开工作机构还没有提请，或者已经定稿。")
    return _confirm_page(
        request,
        pk,
        heading="批准定稿",
        question=f"批准{shell.compiled.title}定稿？",
        submit="批准定稿",
        consequences=_consequences(shell),
        blocked=blocked,
    )


@desk_action("reports.view")
@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take the proposal back, so that the report can be written on."""
    report = _report(request, pk)
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid() and attempt(
        request,
        lambda: actions.withdraw_proposal(report, reason=form.cleaned_data["reason"], by=request.user),
        form=form,
    ):
        messages.success(request, "已撤回，可以继续修改。")
        return redirect("desk:report", pk=pk)
    return _form_page(request, form, heading="撤回提请", submit="撤回", back_url=reverse("desk:report", args=(pk,)))


@desk_action("reports.write")
@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """Open a new version that says what it changes."""
    report = _report(request, pk)
    form = forms.CorrectionForm(request.POST or None)
    if form.is_valid():
        made: list[AnnualReport] = []

        def correcting() -> None:
            made.append(actions.correct_report(report, note=form.cleaned_data["note"], by=request.user))

        if attempt(request, correcting, form=form):
            messages.success(request, "已建立更正的一版；改好以后再定稿、公布，原来的版本保留。")
            return redirect("desk:report", pk=made[0].pk)
    return _form_page(
        request, form, heading="更正年度报告", submit="建立更正的一版", back_url=reverse("desk:report", args=(pk,))
    )


@desk_action("reports.submit")
@require_http_methods(["GET", "POST"])
def submit(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand the frozen report to the lead office."""
    held = _report(request, pk)
    if request.method == "POST":
        if attempt(request, lambda: actions.submit_report(held, by=request.user)):
            messages.success(request, "已报送主管部门。")
        return redirect("desk:report", pk=pk)
    return _confirm_page(
        request,
        pk,
        heading="报送年度报告",
        question=f"把定稿的{held.year}年度报告（第{held.number}版）报送主管部门？",
        submit="报送",
        consequences=["主管部门接收，或者逐格写明意见退回；进度在“年报报送”里看。"],
    )


@desk_page("reports.view")
@require_safe
def file(request: StaffRequest, pk: int, kind: str) -> HttpResponse:
    """The report as a file; a draft is named so."""
    if kind not in KINDS:
        raise Http404
    report = _report(request, pk)
    try:
        output = rendered(queries.shown(report), kind)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("desk:report", pk=pk)
    response = HttpResponse(output.content, content_type=output.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(output.name)}"
    return response
