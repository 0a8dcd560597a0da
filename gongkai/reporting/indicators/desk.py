"""Desk pages of indicators: the list, one with its value by agency and month, and the rows behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, desk_page
from gongkai.base.permissions import agencies_for
from gongkai.core.writing.numerals import plain
from gongkai.ledgers.agencies.tree import Tree
from gongkai.ledgers.records.models import Category
from gongkai.reporting.indicators import (
    LEDGERS,
    Family,
    Indicator,
    Scope,
    Term,
    family,
    find,
    indicators,
    why_not_where,
)
from gongkai.reporting.indicators.evaluation import rows
from gongkai.reporting.indicators.forms import IndicatorFilter, RowsForm, ScopeForm
from gongkai.reporting.indicators.matrices import MONTHS, Line, by_agency_and_month
from gongkai.reporting.indicators.records import TOPICS, topic_in_words
from gongkai.reporting.indicators.scopes import Reach, default_reach, history, scope_in

PAGE = 50
KINDS = {
    "rows": "台账",
    "returns": "填报",
    "sum": "由其他指标相加",
    "ratio": "由其他指标算出",
    "setting": "规定",
    "form": "格式",
}


def known() -> list[Indicator]:
    """Every indicator, with one for each topic of records. One query."""
    names = dict(Category.objects.values_list("code", "name"))
    topics = (find(f"{TOPICS}{code}") for code in names)
    return [*indicators().values(), *(topic_in_words(topic, names) for topic in topics if topic is not None)]


def _found(wanted: Mapping[str, Any]) -> list[Indicator]:
    words = (wanted.get("q") or "").strip()
    found = [
        one
        for one in known()
        if (not wanted.get("ledger") or one.ledger == wanted["ledger"])
        and (not wanted.get("kind") or one.kind == wanted["kind"] or (wanted["kind"] == "ratio" and one.kind == "sum"))
        and (not words or words in one.title or words in one.counts or words in one.name)
    ]
    order = list(LEDGERS)
    return sorted(found, key=lambda one: (order.index(one.ledger), one.name))


@require_safe
@desk_page("indicators.view")
def index(request: StaffRequest) -> HttpResponseBase:
    """All indicators, found by words and ledger."""
    form = IndicatorFilter(request.GET)
    form.is_valid()  # a field that is no good narrows nothing, and says so beside itself
    found = _found(form.cleaned_data)
    if download := answer(request, found, _COLUMNS, name="指标"):
        return download
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    lines = [{"one": one, "ledger": LEDGERS[one.ledger], "source": KINDS[one.kind]} for one in page]
    context = {"form": form, "page": page, "lines": lines, "number": len(found)}
    template = "_list.html" if request.headers.get("HX-Request") else "list.html"
    return render(request, f"indicators/desk/{template}", context)


_COLUMNS = [
    Column("name", "指标", lambda one: one.name),
    Column("title", "名称", lambda one: one.title),
    Column("counts", "统计口径", lambda one: one.counts),
    Column("unit", "单位", lambda one: one.unit),
    Column("ledger", "台账", lambda one: LEDGERS[one.ledger]),
    Column("source", "数从哪里来", lambda one: KINDS[one.kind]),
    Column("basis", "依据", lambda one: one.basis),
]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whom and which year the page is about."""

    form: ScopeForm
    agency: int
    name: str
    year: int
    reach: Reach
    scope: Scope
    tree: Tree

    @property
    def query(self) -> dict[str, str]:
        """The choice in the address."""
        return {"agency": str(self.agency), "reach": self.reach, "year": str(self.year)}


def _choose(request: StaffRequest, of: Indicator | None = None) -> Chosen:
    """Read the choice: by default the user's own agency and this year. One query."""
    held = agencies_for(request.user, "indicators.view")
    today = clock.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isdecimal() and 2008 <= int(text) <= 2100 else today.year
    tree, heirs = history(today.replace(year=year, month=12, day=31))
    choices = [
        (node.pk, "　" * depth + node.name)
        for root in tree.roots()
        for node, depth in tree.walk(root.pk)
        if node.pk in held
    ]
    agency = _agency(request.GET.get("agency"), request.user.agency_id, [pk for pk, _ in choices])
    query = request.GET.copy()
    query["agency"], query["year"] = str(agency), str(year)  # the form shows what the page is about
    form = _form(query, choices, of)
    form.is_valid()
    node = tree.nodes.get(agency)
    reach: Reach = form.cleaned_data.get("reach") or default_reach(node.kind if node is not None else "")
    scope = scope_in(tree, heirs, agency, year, reach)
    return Chosen(form, agency, tree.name(agency), year, reach, scope, tree)


def _form(query: QueryDict, choices: list[tuple[int, str]], of: Indicator | None) -> ScopeForm:
    if of is None or of.term is None:
        return ScopeForm(query, agencies=choices)
    return RowsForm(query, agencies=choices, ledger=family(of.term.family).ledger)


def _agency(wanted: str | None, own: int, choices: list[int]) -> int:
    if wanted and wanted.isdecimal() and int(wanted) in choices:
        return int(wanted)
    if own in choices:
        return own
    if not choices:
        raise Http404("没有可以查看的单位。")
    return choices[0]


def _named(name: str) -> Indicator:
    one = find(name)
    if one is None:
        raise Http404(f"没有叫“{name}”的指标。")
    return topic_in_words(one)


@require_safe
@desk_page("indicators.view")
def indicator(request: StaffRequest, name: str) -> HttpResponseBase:
    """The definition, and the value by agency and month of a year."""
    one = _named(name)
    chosen = _choose(request)
    if one.kind in ("setting", "form"):
        matrix, lines = None, []
    else:
        matrix = by_agency_and_month(one, chosen.scope, clock.localdate())
        lines = [matrix.together, *matrix.lines]
    if download := answer(request, lines, _matrix_columns(), name=f"{one.title}{chosen.year}年"):
        return download
    together = None if matrix is None else _shown(matrix.together, one.unit)
    context = {
        "one": one,
        "facts": facts_of(one),
        "parts": [named for part in (*one.parts, *one.over) if (named := find(part)) is not None],
        "chosen": chosen,
        "matrix": matrix,
        "months": [f"{month}月" for month in MONTHS],
        "together": together,
        "lines": [_shown(line, one.unit) for line in lines[1:]],
        "points": [(f"{month}月", value) for month, value in zip(MONTHS, together["months"], strict=True)]
        if together is not None
        else [],
        "rows_url": rows_address(one.term, chosen.query, name=one.name) if one.term is not None else "",
        "returns_url": f"{reverse('desk:returns')}?{urlencode({'indicator': one.name})}"
        if one.kind == "returns"
        else "",
    }
    return render(request, "indicators/desk/indicator.html", context)


def facts_of(one: Indicator) -> list[tuple[str, str]]:
    """The definition of an indicator as header fields."""
    facts = [
        ("统计口径", one.counts),
        ("单位", one.unit),
        ("台账", LEDGERS[one.ledger]),
        ("数从哪里来", KINDS[one.kind]),
        ("时点或者时期", "时点（统计期最后一天）" if one.is_stock else "时期"),
        ("指标名", one.name),
    ]
    return [*facts, ("依据", one.basis)] if one.basis else facts


def tidy(value: Decimal | None, unit: str) -> Decimal | None:
    """The value as it is shown: shares to two decimals, no needless zeros."""
    if value is None:
        return None
    if unit == "%":
        value = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Decimal(plain(value))


def _shown(line: Line, unit: str) -> dict[str, Any]:
    """A line of the matrix for the template."""
    months = [tidy(value, unit) for value in line.months]
    return {"agency": line.agency, "months": months, "year": tidy(line.year.value, unit), "of": line.year}


def _matrix_columns() -> list[Column]:
    def month(at: int) -> Column:
        return Column(f"{at:02}", f"{at}月", lambda line: _plain(line.months[at - 1]))

    def agency(line: Line) -> str:
        return "合计" if line.agency is None else line.agency.name

    return [
        Column("agency", "单位", agency),
        *(month(at) for at in MONTHS),
        Column("year", "全年", lambda line: _plain(line.year.value)),
    ]


def _plain(value: Any) -> str | None:
    return None if value is None else plain(value)


def rows_address(one: Term, chosen: Mapping[str, str], *, name: str = "") -> str:
    """The desk page of the rows behind a term: the dimensions stand in the address as they stand in the term."""
    named = name or _base_name(one)
    cut = [] if name else [(dimension, member) for dimension, members in one.where for member in members]
    return f"{reverse('desk:indicator_rows', args=(named,))}?{urlencode([*chosen.items(), *cut])}"


def _base_name(one: Term) -> str:
    """The indicator that counts the whole family."""
    whole = Term(one.family)
    return next(name for name, known_one in indicators().items() if known_one.term == whole)


@require_safe
@desk_page("indicators.view")
def indicator_rows(request: StaffRequest, name: str) -> HttpResponseBase:
    """The rows behind an indicator that the user may see, cut by the dimensions in the address."""
    one = _named(name)
    if one.term is None:
        raise Http404("这个指标没有逐条的记录。")
    of = family(one.term.family)
    chosen = _choose(request, one)
    where = {
        dimension: members
        for dimension in of.ledger.dimensions
        if (members := [member for member in request.GET.getlist(dimension) if member])
    }
    sentence = why_not_where(of, where)
    cut = one.term if sentence else one.term.and_where(where)
    found = rows(cut, chosen.scope)
    may_see = agencies_for(request.user, of.ledger.verb)
    hidden = chosen.scope.agencies is not None and not set(chosen.scope.agencies) <= may_see
    if hidden:
        found = found.filter(agency_id__in=may_see)
    if of.ledger.related:
        found = found.select_related(*of.ledger.related)
    if sentence:
        found = found.none()
    columns = _row_columns(of, chosen.tree)
    if download := answer(request, found, columns, name=f"{one.title}{chosen.year}年明细"):
        return download
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    context = {
        "one": one,
        "chosen": chosen,
        "of": of,
        "cut": words_of(cut),
        "sentence": sentence,
        "hidden": hidden,
        "page": page,
        "headings": [column.heading for column in columns],
        "lines": [_line(row, of, columns) for row in page],
    }
    return render(request, "indicators/desk/rows.html", context)


def _row_columns(of: Family, tree: Tree) -> list[Column]:
    columns = [Column(key, heading, read) for key, heading, read in of.ledger.columns]
    return [columns[0], Column("agency", "单位", lambda row: tree.name(row.agency_id)), *columns[1:]]


def _line(row: Any, of: Family, columns: list[Column]) -> dict[str, Any]:
    first, *others = [column.read(row) for column in columns]
    url = of.ledger.detail(row) if of.ledger.detail is not None else ""
    return {"first": first, "url": url, "others": others}


def words_of(one: Term) -> list[str]:
    """The fixed values of the dimensions in words: 办理结果：予以公开、告知已主动公开."""
    ledger = family(one.family).ledger
    words = []
    for name, members in one.where:
        dimension = ledger.dimensions[name]
        labels = dimension.labels or {}
        words.append(f"{dimension.title}：{'、'.join(labels.get(member, member) for member in members)}")
    return words
