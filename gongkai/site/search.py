"""Search on the portal: words in title, number and text of what is public; narrowed, sorted, marked, downloadable.

No index server: the databases look through the text, and the choices beside the list are counted in one query.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.ledgers.normative import queries as normative
from gongkai.ledgers.records import queries as records
from gongkai.ledgers.records import validity
from gongkai.ledgers.records.forms import whole_year
from gongkai.ledgers.records.models import Record

PAGE: Final = 20
MOST_WORDS: Final = 8
LONGEST: Final = 100
BEFORE: Final = 24
"""Characters of text before the first hit of an excerpt, and after it three times as many."""
STATUS: Final = {"in_force": "现行有效", "ended": "已废止、失效"}
SORTS: Final = {"": "按相关", "date": "按日期"}
NARROWED_BY: Final = ("category", "agency", "year", "status")


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text; `hit`: one of the words looked for."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One record found, with its words marked."""

    row: Record
    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...]
    agency: str
    mark: validity.Mark | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, as it came: unknown values narrow nothing."""

    q: str
    words: tuple[str, ...]
    category: str
    agency: str
    year: str
    status: str
    sort: str

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words narrows the list."""
        return any(getattr(self, name) for name in NARROWED_BY)


def asked_in(query: QueryDict) -> Asked:
    """Read the address of a page."""
    q = " ".join(query.get("q", "").split())[:LONGEST].strip()
    text = {name: query.get(name, "").strip() for name in (*NARROWED_BY, "sort")}
    if text["status"] not in STATUS:
        text["status"] = ""
    if text["sort"] not in SORTS:
        text["sort"] = ""
    if whole_year(text["year"]) is None:
        text["year"] = ""
    return Asked(q=q, words=tuple(dict.fromkeys(q.split()[:MOST_WORDS])), **text)


# ---- marking


def pieces(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The text cut at the words, whichever case they are written in; the longest word wins where several begin."""
    if not words:
        return (Piece(text),)
    pattern = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    found = re.split(f"({pattern})", text, flags=re.IGNORECASE)
    # Split with one group: plain and hit take turns.
    return tuple(Piece(part, hit=bool(number % 2)) for number, part in enumerate(found) if part)


def excerpt(body: str, words: Sequence[str]) -> str:
    """So much of a text as stands around its first hit; its beginning where nothing is hit."""
    text = re.sub(r"\s+", "", body) if not words else re.sub(r"\s+", " ", body).strip()
    if not text:
        return ""
    places = [place for word in words if (place := text.lower().find(word.lower())) >= 0]
    start = max(0, min(places, default=0) - BEFORE)
    end = start + 4 * BEFORE
    return f"{'……' if start else ''}{text[start:end]}{'……' if end < len(text) else ''}"


# ---- finding


def found(asked: Asked, slugs: Mapping[str, int], today: date) -> QuerySet[Record]:
    """What fits all of it, in the order asked for."""
    rows: Any = records.with_portal_publication(_by_words(asked, today)).select_related("category")
    if asked.category:
        rows = rows.filter(category__code=asked.category)
    if asked.agency in slugs:
        rows = rows.filter(agency_id=slugs[asked.agency])
    if asked.year:
        rows = rows.filter(records.issued_in(date(int(asked.year), 1, 1), date(int(asked.year), 12, 31)))
    if asked.status:
        rows = rows.filter(_status(asked.status, today))
    if asked.words and asked.sort != "date":
        rated: Any = records.with_title_first(rows, " ".join(asked.words))
        rows = rated.order_by("elsewhere", "-published_on", "-pk")
    ordered: QuerySet[Record] = rows
    return ordered


def _by_words(asked: Asked, today: date) -> QuerySet[Record]:
    return records.narrow(records.public(today), records.Narrowing(q=" ".join(asked.words)), today)


def _status(status: str, today: date) -> Q:
    """Normative documents in force, or those that are no more; other records have no validity."""
    documents = normative.ended_or_in_force(normative.public(today), today, ended=status == "ended")
    if status == "in_force":
        documents = documents.filter(in_force_on__lte=today)
    return Q(pk__in=documents.order_by().values("record_id"))


@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """The page, or the list as CSV or JSON. Without words it says how to search."""
    today, asked = clock.localdate(), asked_in(request.GET)
    agencies = records.agencies_by_code()
    names, slugs = {pk: name for pk, (_, name) in agencies.items()}, {slug: pk for pk, (slug, _) in agencies.items()}
    rows = found(asked, slugs, today)
    if not asked.words and not asked.is_narrowed:
        return render(
            request, "portal/search.html", {"asked": asked, "facets": (), "total": records.public(today).count()}
        )
    if download := answer(request, rows.defer("body"), _columns(names), name="搜索结果"):
        return download
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "asked": asked,
        "kept": {name: value for name in NARROWED_BY if (value := getattr(asked, name))},
        "page": page,
        "results": list(_results(page, asked, names, today)),
        "facets": _facets(request.GET, asked, names, slugs, today),
        "sorts": [(title, _address(request.GET, "sort", key), key == asked.sort) for key, title in SORTS.items()],
    }
    return render(request, "portal/search.html", context)


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


def _results(rows: Iterable[Record], asked: Asked, names: Mapping[int, str], today: date) -> Iterator[Result]:
    rows = list(rows)
    marks = validity.marks([row.pk for row in rows], today)
    for row in rows:
        yield Result(
            row,
            pieces(row.title, asked.words),
            pieces(excerpt(row.body, asked.words), asked.words),
            names.get(row.agency_id, ""),
            marks.get(row.pk),
        )


# ---- the choices beside the list


def _facets(
    query: QueryDict, asked: Asked, names: Mapping[int, str], slugs: Mapping[str, int], today: date
) -> list[dict[str, Any]]:
    """Topic, year, agency and validity; counted over all that holds the words, in one query."""
    slug_of = {pk: slug for slug, pk in slugs.items()}
    counted = (
        _by_words(asked, today)
        .order_by()
        .values_list("category__code", "category__name", "issued_on__year", "agency_id")
        .annotate(how_many=Count("pk"))
    )
    topics, years, agencies = Counter[str](), Counter[int](), Counter[int]()
    topic_names: dict[str, str] = {}
    for code, name, year, agency, how_many in counted:
        if code:
            topics[code] += how_many
            topic_names[code] = name
        years[year] += how_many
        agencies[agency] += how_many
    order = list(names)
    shown_agencies = sorted((pk for pk in agencies if pk in slug_of), key=order.index)
    choices: dict[str, tuple[str, list[tuple[str, str, int | None]]]] = {
        "category": ("主题分类", [(code, topic_names[code], number) for code, number in topics.most_common()]),
        "year": ("成文年份", [(str(year), str(year), years[year]) for year in sorted(years, reverse=True)]),
        "agency": ("公开主体", [(slug_of[pk], names.get(pk, ""), agencies[pk]) for pk in shown_agencies]),
        "status": ("效力", [(key, title, None) for key, title in STATUS.items()]),
    }
    return [
        {
            "title": title,
            "choices": [
                {
                    "title": label,
                    "url": _address(query, name, value),
                    "count": number,
                    "current": getattr(asked, name) == value,
                }
                for value, label, number in [("", "全部", None), *listed]
            ],
        }
        for name, (title, listed) in choices.items()
        if listed
    ]


def _address(query: QueryDict, name: str, value: str) -> str:
    kept = query.copy()
    for gone in ("page", "format", name):
        kept.pop(gone, None)
    if value:
        kept[name] = value
    return f"?{kept.urlencode()}"


urlpatterns = [path("search/", search, name="search")]
