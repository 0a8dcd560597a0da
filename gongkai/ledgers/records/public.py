"""Portal pages of records: 法定主动公开内容, one record, 指南, 制度 (国办公开办函〔2019〕61号). Nothing of the desk, no session."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.ledgers.records import queries, validity
from gongkai.ledgers.records.forms import whole_year
from gongkai.ledgers.records.models import Record

PAGE = 20
MOST_WORDS = 100
IN_SIGHT = 10
EMPTY = {
    queries.GUIDE: "公开指南说明信息怎样分类、怎样查找、怎样申请，由谁负责；编好后在这里公布。",
    queries.RULES: "这里公布政府信息公开的法规、规章和工作制度；现在还没有发布。",
}


def _columns(names: Mapping[int, str]) -> list[Column]:
    return [
        Column("index_number", "索引号", lambda row: row.index_number),
        Column("title", "名称", lambda row: row.title),
        Column("document_number", "文号", lambda row: row.document_number),
        Column("agency", "公开主体", lambda row: names.get(row.agency_id, "")),
        Column("category", "主题分类", lambda row: row.category.name if row.category else ""),
        Column("issued_on", "成文日期", lambda row: row.issued_on),
        Column("published_on", "发布日期", lambda row: row.published_on),
    ]


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """The list, narrowed by words, category, agency and year of issue."""
    today, agencies = clock.localdate(), queries.agencies_by_code()
    names, slugs = {pk: name for pk, (_, name) in agencies.items()}, {slug: pk for pk, (slug, _) in agencies.items()}
    asked = {name: request.GET.get(name, "").strip() for name in ("category", "agency", "year")}
    by = queries.Narrowing(
        q=request.GET.get("q", "").strip()[:MOST_WORDS],
        agencies=frozenset({slugs[asked["agency"]]}) if asked["agency"] in slugs else frozenset(),
        category_code=asked["category"],
        year=whole_year(asked["year"]),
    )
    rows = queries.with_portal_publication(queries.narrow(queries.statutory_content(today), by, today)).select_related(
        "category"
    )
    rows = queries.with_title_first(rows, by.q).defer("body")
    if download := answer(request, rows, _columns(names), name="法定主动公开内容"):
        return download
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "q": by.q,
        "kept": {name: value for name, value in asked.items() if value},
        "narrowed": by != queries.Narrowing(),
        "page": page,
        "lines": lines_of(page, names, today),
        "facets": _facets(request, today, agencies, asked),
    }
    return render(request, "records/public/list.html", context)


def lines_of(rows: Iterable[Record], names: Mapping[int, str], today: date) -> list[dict[str, Any]]:
    """Rows with the names of their agencies and their marks of validity."""
    rows = list(rows)
    marks = validity.marks([row.pk for row in rows], today)
    return [{"row": row, "agency": names.get(row.agency_id, ""), "mark": marks.get(row.pk)} for row in rows]


def _facets(
    request: HttpRequest, today: date, agencies: Mapping[int, tuple[str, str]], asked: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What the list can be narrowed by, with how many there are of each in the whole column.

    The ten most frequent and the chosen one are in sight; the others open at a touch.
    """
    counts = queries.column_counts(today)
    by_year = [(str(year), str(year), count) for year, count in counts.years]
    by_agency = [(*agencies[pk], count) for pk, count in counts.agencies if pk in agencies]
    facets = (
        ("主题分类", "category", counts.categories),
        ("成文年份", "year", by_year),
        ("公开主体", "agency", by_agency),
    )
    return [_facet(request, title, name, listed, asked[name]) for title, name, listed in facets if listed]


def _facet(
    request: HttpRequest, title: str, name: str, listed: Sequence[tuple[str, str, int]], now: str
) -> dict[str, Any]:
    most = sorted(count for _, _, count in listed)[-IN_SIGHT:][0]
    shown = [_choice(request, name, "", "全部", None, now)]
    more: list[dict[str, object]] = []
    for value, label, count in listed:
        choice = _choice(request, name, value, label, count, now)
        in_sight = value == now or (count >= most and len(shown) <= IN_SIGHT)
        (shown if in_sight else more).append(choice)
    return {"title": title, "choices": shown, "more": more}


def _choice(request: HttpRequest, name: str, value: str, title: str, count: int | None, now: str) -> dict[str, object]:
    query = request.GET.copy()
    for gone in ("page", "format", name):
        query.pop(gone, None)
    if value:
        query[name] = value
    address = f"?{query.urlencode()}" if query else "?"
    return {"title": title, "url": address, "count": count, "current": now == value}


@require_safe
def record(request: HttpRequest, index_number: str) -> HttpResponse:
    """One record with the fields of 61号; 410 where it was taken down, 404 where it never was shown."""
    today = clock.localdate()
    shown = queries.with_portal_publication(queries.public(today)).select_related("category")
    row = shown.filter(index_number=index_number).first()
    if row is None:
        return _gone(request, index_number)
    mark = validity.marks([row.pk], today).get(row.pk)
    agency = queries.agency_name_on(row.agency_id, row.issued_on)
    context = {
        "record": row,
        "agency": agency,
        "mark": mark,
        "facts": _facts(row, agency, mark),
        "paragraphs": paragraphs(row.body),
        "special": _special_entry(row),
    }
    return render(request, "records/public/record.html", context)


def _special_entry(row: Record) -> tuple[str, str] | None:
    """Address and title of the entry of its own under which the portal shows the record, if it has one."""
    code = row.category.code if row.category else ""
    if code not in queries.SPECIAL_CATEGORIES:
        return None
    return reverse("portal:guide" if code == queries.GUIDE else "portal:rules"), queries.SPECIAL_CATEGORIES[code]


def _gone(request: HttpRequest, index_number: str) -> HttpResponse:
    withdrawn_on = queries.withdrawn_from_portal(index_number)
    if withdrawn_on is None:
        raise Http404
    context = {"index_number": index_number, "withdrawn_on": withdrawn_on}
    return render(request, "records/public/gone.html", context, status=410)


def _facts(row: Record, agency: str, mark: validity.Mark | None) -> list[tuple[str, object]]:
    """The fields of an item page, in the order of 61号; dates of validity only where the document has them."""
    facts: list[tuple[str, object]] = [
        ("索引号", row.index_number),
        ("主题分类", row.category or "未分类"),
        ("公开主体", agency),
        ("公开方式", row.get_disclosure_status_display()),
        ("成文日期", row.issued_on),
        ("发布日期", getattr(row, "published_on", None)),
        ("名称", row.title),
        ("文号", row.document_number or "无"),
    ]
    if mark is None:
        return [*facts, ("有效性", "不适用")]
    facts += [("有效性", mark.word), ("施行日期", mark.in_force_on)]
    if mark.valid_until is not None:
        facts.append(("有效期至", mark.valid_until))
    if mark.ended_on is not None:
        facts += [(f"{mark.word}日期", mark.ended_on), (f"{mark.word}依据", mark.ended_by)]
    return facts


def paragraphs(body: str) -> list[str]:
    """The lines of a plain text that say something."""
    return [line.strip() for line in body.splitlines() if line.strip()]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """政府信息公开指南 (条例 art. 12)."""
    return _special(request, queries.GUIDE)


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """政府信息公开制度."""
    return _special(request, queries.RULES)


def _special(request: HttpRequest, code: str) -> HttpResponse:
    """The records of one special category; a single one is shown whole, so that nobody has to click."""
    today = clock.localdate()
    shown = queries.public(today).filter(category__code=code)
    rows = queries.with_portal_publication(shown).select_related("category")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    only = page[0] if page.paginator.count == 1 else None
    context = {
        "title": queries.SPECIAL_CATEGORIES[code],
        "nothing": EMPTY[code],
        "page": page,
        "lines": lines_of(page, queries.agency_names(), today),
        "only": only if only is not None and only.body else None,
        "paragraphs": paragraphs(only.body) if only is not None else [],
    }
    return render(request, "records/public/special.html", context)
