"""Portal pages of the annual reports (政府信息公开年报): by year, one report, where a figure comes from.

Only published versions, as they were frozen. No page of applicants, no session. 国办公开办函〔2019〕61号; 条例711 Art. 50.
"""

from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.core.national_forms import form_for_year
from gongkai.core.national_forms.cells import Cell
from gongkai.core.writing.report_tables import readable
from gongkai.ledgers.agencies.identity import identity_of
from gongkai.ledgers.records import queries as records
from gongkai.reporting.annual_reports import queries
from gongkai.reporting.annual_reports.bindings import bindings_of
from gongkai.reporting.annual_reports.compiled import Compiled, CompiledSection
from gongkai.reporting.annual_reports.frozen import stored, term_from_json
from gongkai.reporting.annual_reports.models import AnnualReport, Frozen, FrozenCell, FrozenFigure
from gongkai.reporting.annual_reports.narrative import read
from gongkai.reporting.annual_reports.opened import Opened, basis_of, counts_of, day_of, indicator_of, row_line
from gongkai.reporting.annual_reports.outputs import ANNEX, KINDS, SOURCES, notes_of, opening_of, rendered
from gongkai.reporting.annual_reports.report_page import narrative_of
from gongkai.reporting.annual_reports.shown import Extra, shown_tables, tidy
from gongkai.reporting.indicators import Term, family

PAGE = 50
LABELS = {"pdf": "PDF", "docx": "Word", "xlsx": "表格 XLSX", "json": "JSON"}
TREND_YEARS = 5


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Published reports by year, the newest year first."""
    names = records.agency_names()
    found = sorted(queries.published(), key=lambda report: (-report.year, report.agency.code))
    years = [
        {"year": year, "lines": [_listed(report, names) for report in of_year]}
        for year, of_year in groupby(found, key=lambda report: report.year)
    ]
    return render(request, "annual_reports/public/list.html", {"years": years})


def _listed(report: AnnualReport, names: dict[int, str]) -> dict[str, Any]:
    name = names.get(report.agency_id, "")
    return {
        "title": f"{name}{report.year}年政府信息公开工作年度报告",
        "url": _url("report", report),
        "published_on": report.published_on,
        "number": report.number,
    }


def _url(name: str, report: AnnualReport, *more: object) -> str:
    return reverse(f"portal:{name}", args=(report.year, report.agency.slug, *more))


def _versions(year: int, slug: str) -> list[AnnualReport]:
    """The published versions of a report, the newest first; 404 where there is none."""
    found = AnnualReport.objects.filter(agency__slug=slug, year=year, published_on__isnull=False)
    versions = list(found.select_related("agency", "record").order_by("-number"))
    if not versions:
        raise Http404
    return versions


def _numbered(year: int, slug: str, number: int) -> AnnualReport:
    for one in _versions(year, slug):
        if one.number == number:
            return one
    raise Http404


@require_safe
def report(request: HttpRequest, year: int, slug: str) -> HttpResponse:
    """The newest published version."""
    versions = _versions(year, slug)
    return _page(request, versions[0], versions)


@require_safe
def version(request: HttpRequest, year: int, slug: str, number: int) -> HttpResponse:
    """One version by its number; an earlier one points to the corrected one."""
    versions = _versions(year, slug)
    for one in versions:
        if one.number == number:
            return _page(request, one, versions)
    raise Http404


def _page(request: HttpRequest, shown: AnnualReport, versions: list[AnnualReport]) -> HttpResponse:
    compiled = stored(shown)
    assert compiled.scope.tree is not None
    assert shown.frozen_at is not None
    frozen_on = shown.frozen_at.astimezone(clock.BEIJING).date()
    identity = identity_of(shown.agency_id, frozen_on, compiled.scope.tree)
    sections = [
        _section(compiled, shown, place, part)
        for place, part in enumerate(compiled.sections, start=1)
        # The form of 2014 had no headings: of a free text only what was written is shown.
        if compiled.form.sections or part.text or part.outline.tables
    ]
    first, last = compiled.scope.period
    charts, chart_note, years = _trend(shown, compiled)
    before = shown.year - 1
    context = {
        "report": shown,
        "title": compiled.title,
        "issuer": compiled.issuer,
        "first": first,
        "last": last,
        "index_number": shown.record.index_number if shown.record is not None else "",
        "record_url": reverse("portal:record", args=(shown.record.index_number,)) if shown.record is not None else "",
        "files": [
            {"label": label, "url": _url("report_file", shown, shown.number, kind)} for kind, label in LABELS.items()
        ],
        "correction": shown.correction_note,
        "elder_versions": [
            {"number": one.number, "url": _url("report_version", one, one.number)}
            for one in versions
            if one.number < shown.number
        ],
        "successor_url": _url("report", shown) if shown.number < versions[0].number else "",
        "opening": opening_of(compiled, identity),
        "sections": sections,
        "first_section": sections[0],
        "middle": sections[1:-2] if _end_in_two_texts(sections) else sections[1:],
        "pair": sections[-2:] if _end_in_two_texts(sections) else (),
        "figures": _headline(compiled),
        "notes": notes_of(compiled),
        "charts": charts,
        "chart_note": chart_note,
        "previous_year": before,
        "previous_url": reverse("portal:report", args=(before, shown.agency.slug)) if before in years else "",
        "checked": _checked(compiled),
        "explained": _explained(compiled),
    }
    return render(request, "annual_reports/public/report.html", context)


def _section(compiled: Compiled, shown: AnnualReport, place: int, part: CompiledSection) -> dict[str, Any]:
    key = part.outline.key

    def extra(cell: Cell) -> Extra:
        return Extra(url=_url("report_cell", shown, shown.number, cell.code), source=compiled.cells[cell.code].source)

    def token_url(token: str) -> str:
        return _url("report_figure", shown, shown.number, token)

    tables = (
        shown_tables(compiled.form, compiled.values, extras=extra, section=None if key == ANNEX else key)
        if part.outline.tables
        else ()
    )
    return {
        "id": f"s{place}",
        "heading": part.outline.heading,
        "paragraphs": narrative_of(part, token_url),
        "tables": tables,
        "table_words": "　".join(
            part for table in tables for part in (table.layout.number, _unit_words(table.layout.unit)) if part
        ),
    }


def _end_in_two_texts(sections: list[dict[str, Any]]) -> bool:
    """Whether the last two sections are text only (五、六): they stand side by side."""
    return len(sections) > 2 and not any(section["tables"] for section in sections[-2:])


def _unit_words(unit: str) -> str:
    return f"单位：{unit}" if unit else ""


HEADLINES = {
    "modern": (
        ("收到申请", "applications.new.total"),
        ("上年结转", "applications.carried_in.total"),
        ("办结申请", "applications.closed_total.total"),
        ("结转下年", "applications.carried_over.total"),
    ),
    "2014": (
        ("主动公开", "proactive.total"),
        ("收到申请", "applications.received"),
        ("办结申请", "applications.closed"),
        ("行政复议", "reconsideration"),
    ),
}
"""The figures that stand large at the top: short names of cells."""
PUBLISHED = "records.published.total"
"""The forms of 2019 and 2021 have no cell for it; it stands at the top where the text states it."""


def _headline(compiled: Compiled) -> list[dict[str, Any]]:
    chosen = HEADLINES.get(compiled.form.code, HEADLINES["modern"])
    in_text = {
        segment.token.text: segment
        for part in compiled.sections
        for segment in part.segments
        if segment.token is not None and segment.figure is not None
    }
    first = in_text.get(PUBLISHED) if compiled.form.sections else None
    disclosed = [] if first is None or first.figure is None else [tidy(first.figure.value)]
    return [{"name": "主动公开", "value": value, "unit": "条"} for value in disclosed] + [
        {"name": name, "value": tidy(compiled.cells[code].value), "unit": compiled.form.cells[code].unit}
        for name, code in chosen
    ]


# ---- over the years


TRENDS = (
    (
        "收到的政府信息公开申请",
        "件",
        {"2014": "applications.received", "2019": "applications.new.total", "2021": "applications.new.total"},
    ),
    (
        "办结的政府信息公开申请",
        "件",
        {
            "2014": "applications.closed",
            "2019": "applications.closed_total.total",
            "2021": "applications.closed_total.total",
        },
    ),
    (
        "本年制发的行政规范性文件",
        "件",
        {
            "2014": "proactive.normative_documents_issued",
            "2019": "proactive.normative_document.issued",
            "2021": "proactive.normative_document.issued",
        },
    ),
)
"""What is drawn over the years: title, unit, and the cell of each form that states it."""


def _trend(shown: AnnualReport, compiled: Compiled) -> tuple[list[dict[str, Any]], str, list[int]]:
    """The same figures of the reports published for the years before, a note, and which years those are: one query."""
    codes = {code for _, _, cells in TRENDS for code in cells.values()}
    years = range(shown.year - TREND_YEARS + 1, shown.year)
    found = FrozenCell.objects.filter(
        report__agency=shown.agency_id, report__year__in=years, report__published_on__isnull=False, code__in=codes
    ).order_by("report__number")
    values: dict[tuple[int, str], Decimal | None] = {
        (year, code): value for year, code, value in found.values_list("report__year", "code", "value")
    }
    known = sorted({year for year, _ in values} | {shown.year})
    if len(known) < 2:
        return [], "", known
    values |= {(shown.year, code): cell.value for code, cell in compiled.cells.items() if code in codes}
    span = range(known[0], shown.year + 1)
    forms = {year: form_for_year(year).code for year in span}
    breaks = [year for year in span[1:] if forms[year] != forms[year - 1]]
    charts = [
        {
            "title": title,
            "unit": unit,
            "note": "",
            "points": [(year, tidy(values.get((year, cells[forms[year]])))) for year in span],
            "break_before": breaks[-1] if breaks else None,
        }
        for title, unit, cells in TRENDS
    ]
    note = f"虚线处国家统一格式改换（{breaks[-1]} 年起为新格式），前后口径不完全相同。" if breaks else ""
    return charts, note, known


# ---- what was checked


def _checked(compiled: Compiled) -> list[dict[str, str]]:
    relations = compiled.relations
    tested = len(relations.holding) + len(relations.broken)
    broken = len(relations.broken)
    marks = [
        {"tone": "good", "word": f"勾稽关系 {tested} 项全部相符"}
        if not broken
        else {"tone": "warn", "word": f"勾稽关系 {tested} 项，{broken} 项不符，见说明"}
    ]
    if relations.not_testable:
        marks.append({"tone": "", "word": f"{len(relations.not_testable)} 项没有核查"})
    if explained := len(_explained(compiled)):
        marks.append({"tone": "warn", "word": f"{explained} 处说明"})
    return marks


def _explained(compiled: Compiled) -> list[dict[str, str]]:
    """Findings with their explanation; who wrote it stays on the desk."""
    lines = []
    for finding in compiled.findings:
        if finding.explained is None:
            continue
        tables = {compiled.form.cells[code].table for code in finding.cells if code in compiled.form.cells}
        numbers = [table.section for table in compiled.form.tables if table.code in tables and table.section]
        lines.append(
            {
                "message": finding.message,
                "text": finding.explained.text,
                "table": f"表{'、'.join(numbers)}" if numbers else "正文" if not tables else "统计表",
            }
        )
    return lines


# ---- files


@require_safe
def file(request: HttpRequest, year: int, slug: str, number: int, kind: str) -> HttpResponse:
    """A published version as a file."""
    if kind not in KINDS:
        raise Http404
    shown = _numbered(year, slug, number)
    try:
        output = rendered(stored(shown), kind)
    except RuleBroken as broken:
        return render(
            request,
            "annual_reports/public/no_file.html",
            {"why": str(broken), "url": _url("report", shown)},
            status=503,
        )
    response = HttpResponse(output.content, content_type=output.media_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(output.name)}"
    return response


# ---- where a figure comes from


@require_safe
def cell(request: HttpRequest, year: int, slug: str, number: int, code: str) -> HttpResponse:
    """A cell: its definition, and for records its public rows."""
    shown = _numbered(year, slug, number)
    frozen = FrozenCell.objects.filter(report=shown, code=code).first()
    of_form = form_for_year(year).cells.get(code)
    if frozen is None or of_form is None:
        raise Http404
    form = form_for_year(year)
    bound = bindings_of(form.code)[code]
    title, returned = readable(form, of_form), bound.returns or bound.total
    return _figure_page(request, shown, frozen, title, of_form.unit, returned, is_signed=of_form.may_be_negative)


@require_safe
def figure(request: HttpRequest, year: int, slug: str, number: int, token: str) -> HttpResponse:
    """A figure of the text: its definition, and for records its public rows."""
    shown = _numbered(year, slug, number)
    frozen = FrozenFigure.objects.filter(report=shown, token=token).first()
    named = read(token)
    if frozen is None or named.indicator is None:
        raise Http404
    indicator = named.indicator
    return _figure_page(
        request, shown, frozen, indicator.title, indicator.unit, indicator.name, is_signed=indicator.signed
    )


def _figure_page(
    request: HttpRequest, shown: AnnualReport, frozen: Frozen, title: str, unit: str, name: str, *, is_signed: bool
) -> HttpResponse:
    term = None if frozen.term is None else term_from_json(frozen.term)
    name = name or indicator_of(term)
    opened = Opened(
        title=title,
        value=tidy(frozen.value, unit),
        unit=unit,
        source_word=SOURCES[frozen.source],
        counts=counts_of(term, name),
        basis=basis_of(term, name),
        is_signed=is_signed,
        indicator_url=reverse("portal:indicator", args=(name,)) if name else "",
    )
    page, lines = None, []
    if term is not None and family(term.family).ledger.public and "rows" in frozen.trace:
        page = Paginator(frozen.trace["rows"], PAGE).get_page(request.GET.get("page"))
        lines = _public_rows(term, [pk for pk, _ in page.object_list])
        if hidden := len(page.object_list) - len(lines):
            opened.remarks.append(f"本页另有 {hidden} 条已不在公开范围，只计数，不列出。")
    context = {
        "report": shown,
        "report_title": f"{shown.year} 年度报告",
        "report_url": _url("report_version", shown, shown.number),
        "opened": opened,
        "page": page,
        "lines": lines,
        "total": len(frozen.trace.get("rows", ())),
        "explains_rows": _why_no_rows(frozen, term),
    }
    return render(request, "annual_reports/public/cell.html", context)


def _public_rows(term: Term, keys: Iterable[int]) -> list[Any]:
    """Those of the rows that the portal shows today, in the order of the trace."""
    ledger, of_day = family(term.family).ledger, day_of(term)
    keys = list(keys)
    allowed = records.public(clock.localdate())
    found = ledger.model._base_manager.select_related(*ledger.related)
    found = (
        found.filter(pk__in=keys, record__in=allowed)
        if "record" in ledger.related
        else found.filter(pk__in=allowed.filter(pk__in=keys))
    )
    rows = {row.pk: row for row in found}
    lines = []
    for key in keys:
        if (row := rows.get(key)) is not None:
            record: Any = getattr(row, "record", row)
            line = row_line(row, ledger, of_day, None)
            lines.append(
                {
                    "title": line.title,
                    "day": line.day,
                    "more": line.more,
                    "url": reverse("portal:record", args=(record.index_number,)),
                }
            )
    return lines


def _why_no_rows(frozen: Frozen, term: Term | None) -> str:
    """Why no rows are listed, as a sentence."""
    if frozen.source == "hand":
        return "这个数由人工填写，理由见报告的数据说明。"
    if term is None:
        return "这个数由各单位按总数填报，并经第二人确认；没有逐条的记录。"
    if not family(term.family).ledger.public:
        return "这个数由台账逐件汇总。为保护申请人，逐件的内容不公开。"
    return "记录太多，这里不逐条列出。" if "rows" not in frozen.trace else ""
