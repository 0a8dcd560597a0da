"""Portal page of normative documents: the lists of those in force and of those repealed or lapsed, kept rolling (47号)."""

from django.core.paginator import Paginator
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.ledgers.normative import queries
from gongkai.ledgers.normative.states import end_of, state_on
from gongkai.ledgers.records import queries as records

PAGE = 20
LISTS = {"": "现行有效", "ended": "废止、失效"}


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """One of the two lists, narrowed by words, with both counts."""
    today, names = clock.localdate(), records.agency_names()
    which = "ended" if request.GET.get("list") == "ended" else ""
    q = request.GET.get("q", "").strip()[:100]
    rows = queries.narrow(queries.public(today), q=q)
    shown = queries.ended_or_in_force(rows, today, ended=which == "ended")
    shown = shown.select_related("record").defer("record__body")
    columns = [
        Column("title", "名称", lambda row: row.record.title),
        Column("document_number", "文号", lambda row: row.record.document_number),
        Column("index_number", "索引号", lambda row: row.record.index_number),
        Column("agency", "制定机关", lambda row: names.get(row.agency_id, "")),
        Column("kind", "类别", lambda row: row.get_kind_display()),
        Column("issued_on", "成文日期", lambda row: row.issued_on),
        Column("in_force_on", "施行日期", lambda row: row.in_force_on),
        Column("valid_until", "有效期至", lambda row: row.valid_until),
        Column("state", "有效性", lambda row: state_on(row, today, -1).word),
        Column("ended_on", "废止、失效日期", lambda row: end.on if (end := end_of(row, today)) else None),
        Column("ended_by", "废止、失效依据", lambda row: end.by if (end := end_of(row, today)) else ""),
    ]
    if download := answer(request, shown, columns, name=f"规范性文件-{LISTS[which]}"):
        return download
    page = Paginator(shown, PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "row": row,
            "agency": names.get(row.agency_id, ""),
            "state": state_on(row, today, -1),
            "end": end_of(row, today),
        }
        for row in page
    ]
    other = queries.ended_or_in_force(rows, today, ended=which != "ended").count()
    counts = {which: page.paginator.count, "" if which else "ended": other}
    query = f"&q={q}" if q else ""
    tabs = [
        {"title": title, "url": f"?list={key}{query}", "current": key == which, "count": counts[key]}
        for key, title in LISTS.items()
    ]
    context = {"q": q, "which": which, "page": page, "lines": lines, "tabs": tabs, "title": LISTS[which]}
    return render(request, "normative/public/list.html", context)
