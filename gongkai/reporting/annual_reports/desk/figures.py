"""Figures opened: the rows and returns behind a cell or a figure of the text, alive or as they were frozen."""

from collections.abc import Callable
from datetime import date

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, desk_page
from gongkai.core.writing.report_tables import readable
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.desk.framing import (
    found_report,
    is_htmx,
    worked_out,
)
from gongkai.reporting.annual_reports.desk.listing import PAGE
from gongkai.reporting.annual_reports.desk.pages import section_page
from gongkai.reporting.annual_reports.frozen import open_frozen_figure
from gongkai.reporting.annual_reports.models import AnnualReport, FrozenCell, FrozenFigure
from gongkai.reporting.annual_reports.narrative import read
from gongkai.reporting.annual_reports.opened import (
    Opened,
    basis_of,
    counts_of,
    open_cell,
    open_frozen,
    open_token,
)
from gongkai.reporting.annual_reports.outputs import SOURCES
from gongkai.reporting.annual_reports.shown import tidy
from gongkai.reporting.indicators.evaluation import evaluate
from gongkai.reporting.indicators.scopes import scope_of


@desk_page("reports.view")
@require_safe
def cell(request: StaffRequest, pk: int, code: str) -> HttpResponseBase:
    """The rows behind a cell: aside (htmx), beside its table, or all of them page by page."""
    report = found_report(request, pk)
    if report.is_frozen:
        return _frozen_figure(request, report, code)
    shell = worked_out(request, report)
    if code not in shell.compiled.cells:
        raise Http404
    opened = open_cell(shell.compiled, code, request.user)
    if shell.may_write:
        opened.hand_url = reverse("desk:report_hand", args=(pk, code))
    shell.place = shell.place_of_cell(code)
    return _opened_page(request, opened, lambda: section_page(request, shell, opened, code), shell.report)


@desk_page("reports.view")
@require_safe
def figure(request: StaffRequest, pk: int, token: str) -> HttpResponseBase:
    """The rows behind a figure of the text."""
    report = found_report(request, pk)
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
    if is_htmx(request):
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
    page = request.GET.get("page", "1")
    number = max(1, int(page)) if page.isdecimal() and len(page) < 10 else 1  # "²" is a digit and no number
    try:
        found = open_frozen_figure(report, key, start=(number - 1) * PAGE, size=PAGE)
    except (FrozenCell.DoesNotExist, FrozenFigure.DoesNotExist) as missing:
        raise Http404 from missing
    form = actions.form_of(report.year)
    of_form = form.cells.get(key)
    token = None if of_form is not None else read(key)
    indicator = None if token is None else token.indicator
    returned = "" if indicator is None else indicator.name
    unit = of_form.unit if of_form is not None else (indicator.unit if indicator is not None else "")
    opened = Opened(
        title=readable(form, of_form) if of_form is not None else (indicator.title if indicator is not None else key),
        value=tidy(found.frozen.value, unit),
        unit=unit,
        source_word=f"{SOURCES[found.frozen.source]} · 定稿时",
        counts=counts_of(found.term, returned),
        basis=basis_of(found.term, returned),
        is_signed=of_form is not None and of_form.kind == "signed_int",
        url=reverse("desk:report_cell" if of_form is not None else "desk:report_figure", args=(report.pk, key)),
    )
    lines = open_frozen(opened, found, found.tree or tree_on(date(report.year, 12, 31)), request.user)
    opened.as_it_was = lines
    opened.total = found.total
    if is_htmx(request):
        return render(request, "annual_reports/desk/_rows.html", {"opened": opened})
    context = {
        "opened": opened,
        "report": report,
        "lines": lines,
        "page": Paginator(range(found.total), PAGE).get_page(number) if found.total else None,
        "back_url": reverse("desk:report", args=(report.pk,)),
    }
    return render(request, "annual_reports/desk/cell.html", context)
