"""Portal page of an indicator: what it counts, its value by agency and year, and for records its public rows.

Design 4a, "Who may open a figure": rows of applications, remedies and returns are never listed here, and their figures
stop at agency and year; they are shown for the years whose report has been published.
"""

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.core.writing.numerals import plain
from gongkai.ledgers.agencies.tree import Tree
from gongkai.ledgers.records import queries as records
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.indicators import Indicator, Scope, family, find
from gongkai.reporting.indicators.desk import facts_of, tidy
from gongkai.reporting.indicators.evaluation import Ask, Figure, ask, evaluate_with_agencies, rows
from gongkai.reporting.indicators.records import topic_in_words
from gongkai.reporting.indicators.scopes import history, scope_in

PAGE = 30


RECENT = 5
"""Of what is public anyway so many years are offered, whatever was published about them."""


def _years(one: Indicator) -> list[int]:
    """Years of which a report was published; of what is public anyway also the last ones. Newest first."""
    published = AnnualReport.objects.filter(published_on__isnull=False).values_list("year", flat=True)
    years = set(published.distinct())
    if _is_public(one):
        this_year = clock.localdate().year
        years.update(range(this_year - RECENT + 1, this_year + 1))
    return sorted(years, reverse=True)


def _default(years: list[int]) -> int | None:
    """The year to begin with: in spring last year's figures are the ones asked for."""
    today = clock.localdate()
    wanted = today.year - 1 if today.month <= 3 else today.year  # reports are due on 31 March
    return wanted if wanted in years else next(iter(years), None)


def _is_public(one: Indicator) -> bool:
    return one.term is not None and family(one.term.family).ledger.public


@require_safe
def indicator(request: HttpRequest, name: str) -> HttpResponseBase:
    """The page."""
    one = find(name)
    if one is None or one.kind in ("setting", "form"):
        raise Http404
    one = topic_in_words(one)
    years = _years(one)
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and int(text) in years else _default(years)
    context: dict[str, Any] = {"one": one, "facts": facts_of(one), "years": years, "year": year}
    if year is not None:
        tree, heirs = history(clock.localdate().replace(year=year, month=12, day=31))
        roots = tree.roots()
        scope = scope_in(tree, heirs, roots[0].pk, year, "own_level") if roots else Scope((), tree.on, tree.on, tree)
        together, lines = _values(ask(one), one.unit, scope, tree)
        if download := answer(request, lines, _COLUMNS, name=f"{one.title}{year}年"):
            return download
        context |= {
            "together": tidy(together.value, one.unit),
            "lines": lines,
            "page": _public_rows(one, scope, request),
        }
        context["titles"] = _titles(context["page"], tree)
    return render(request, "indicators/public/indicator.html", context)


_COLUMNS = [
    Column("agency", "单位", lambda line: line["agency"]),
    Column("value", "数值", lambda line: None if line["value"] is None else plain(line["value"])),
]


def _values(one: Ask, unit: str, scope: Scope, tree: Tree) -> tuple[Figure, list[dict[str, Any]]]:
    evaluation, by_agency = evaluate_with_agencies([one], scope)
    lines = [
        {"agency": tree.nodes[agency].name, "value": tidy(figures[one].value, unit)}
        for agency, figures in by_agency.items()
        if agency in tree.nodes and figures[one].value
    ]
    return evaluation.figures[one], lines


def _public_rows(one: Indicator, scope: Scope, request: HttpRequest) -> Page[Any] | None:
    """Those of the rows whose record the portal shows today; None where rows are not public."""
    if one.term is None or not _is_public(one):
        return None
    ledger = family(one.term.family).ledger
    shown = records.public(clock.localdate()).order_by().values("pk")
    found: QuerySet[Any] = rows(one.term, scope)
    found = found.filter(record__in=shown) if "record" in ledger.related else found.filter(pk__in=shown)
    return Paginator(found.select_related(*ledger.related), PAGE).get_page(request.GET.get("page"))


def _titles(page: Page[Any] | None, tree: Tree) -> list[dict[str, str]]:
    lines = []
    for row in page or ():
        record: Any = getattr(row, "record", row)
        url = reverse("portal:record", args=(record.index_number,))
        lines.append(
            {
                "title": record.title,
                "url": url,
                "number": record.document_number,
                "agency": tree.name(record.agency_id),
                "day": record.issued_on,
            }
        )
    return lines
