"""The list of applications, by limit, and its downloads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.http.response import HttpResponseBase

from gongkai.base import calendars, clock, journal
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, desk_page
from gongkai.base.permissions import agencies_for, may_somewhere
from gongkai.core.calendars import WorkCalendar
from gongkai.ledgers.agencies.models import AgencyTerm
from gongkai.ledgers.agencies.queries import terms_of_all
from gongkai.ledgers.applications import queries
from gongkai.ledgers.applications.forms import ApplicationFilter
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.applications.paging import CAP, PAGE, CappedPaginator, render_list
from gongkai.ledgers.applications.progress import progress_of

NOBODY = 0  # the calendar that holds for everybody
TABS = {"open": "在办", "overdue": "逾期", "soon": "三日内到期", "closed": "已办结", "all": "全部"}


def tab_filter(tab: str, day: date, calendar: WorkCalendar) -> Q:
    """What a tab of the list holds."""
    return {
        "open": queries.open_now(),
        "overdue": queries.overdue_on(day),
        "soon": queries.due_soon_on(day, calendar),
        "closed": Q(closed_on__isnull=False),
    }.get(tab, Q())


def _order(tab: str) -> tuple[str, ...]:
    """What is open by its limit, what is closed by its end, all by receipt: each along an index."""
    if tab == "closed":
        return ("-closed_on", "-received_on", "-pk")
    return ("-received_on", "-pk") if tab == "all" else ("due_on", "pk")


def _narrowed(rows: QuerySet[Application], wanted: dict[str, Any]) -> QuerySet[Application]:
    for name in ("applicant_kind", "channel", "outcome"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("agency"):
        rows = rows.filter(agency_id=wanted["agency"])
    if year := wanted.get("year"):
        rows = rows.filter(queries.received_in(date(year, 1, 1), date(year, 12, 31)))
    if words := (wanted.get("q") or "").strip():
        rows = rows.filter(_search(words))
    return rows


def _search(words: str) -> Q:
    """A number is looked up along its index; other words in topic and description."""
    if words.endswith("号") and "〔" in words:
        return Q(number=words)
    return Q(number__contains=words) | Q(subject__icontains=words) | Q(description__icontains=words)


@desk_page("applications.view")
def index(request: StaffRequest) -> HttpResponseBase:
    """Applications the user may see; what is due first comes first."""
    today, terms = clock.localdate(), terms_of_all()
    names = {pk: term.short_name for pk, term in terms.items()}
    days_of = calendars.calendars_along({NOBODY: (), **lineages(terms)})
    visible = queries.visible_to(request.user)
    held = agencies_for(request.user, "applications.view")
    agencies = [(pk, name) for pk, name in names.items() if pk in held]
    form = ApplicationFilter(request.GET, agencies=agencies)
    form.is_valid()  # a field that is no good narrows nothing, and says so beside itself
    wanted = form.cleaned_data
    tab = wanted.get("tab") or ("all" if request.GET.get("q") else "open")
    tab = tab if tab in TABS else "open"
    calendar = days_of[NOBODY]
    rows = _narrowed(visible, wanted).filter(tab_filter(tab, today, calendar)).order_by(*_order(tab))
    if download := _download(request, rows, names, wanted):
        return download
    waiting = queries.waiting(visible, today, calendar)
    filtered = any(value for name, value in wanted.items() if name != "tab")
    known = {"open": waiting.open, "overdue": waiting.overdue, "soon": waiting.due_soon}.get(tab)
    paginator = CappedPaginator(rows.select_related("handler"), PAGE, known=None if filtered else known)
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "cap": CAP if paginator.is_capped else 0,
        "lines": [
            {"row": row, "agency": names[row.agency_id], "progress": progress_of(row, days_of[row.agency_id], today)}
            for row in page
        ],
        "tabs": _tabs(request.GET, tab, waiting),
        "tab": tab,
        "waiting": waiting,
        "filtered": filtered,
        "may_register": may_somewhere(request.user, "applications.register"),
        "may_see_applicants": may_somewhere(request.user, "applications.see_applicants"),
    }
    return render_list(request, "applications/desk", context)


def lineages(terms: Mapping[int, AgencyTerm]) -> dict[int, tuple[int, ...]]:
    """For each agency the keys of itself and of all above it, nearest first, from terms that were read already."""
    found = {}
    for pk in terms:
        line: list[int] = []
        step: int | None = pk
        while step is not None and step not in line:
            line.append(step)
            step = terms[step].parent_id if step in terms else None
        found[pk] = tuple(line)
    return found


def _tabs(query: QueryDict, current: str, waiting: queries.Waiting) -> list[dict[str, Any]]:
    counts = {"open": waiting.open, "overdue": waiting.overdue, "soon": waiting.due_soon}
    tabs = []
    for name, title in TABS.items():
        kept = query.copy()
        kept.pop("page", None)
        kept["tab"] = name
        tabs.append(
            {
                "title": title,
                "url": f"?{kept.urlencode()}",
                "current": name == current,
                "count": counts.get(name),
                "bad": name == "overdue",
            }
        )
    return tabs


def columns_of(names: dict[int, str]) -> list[Column]:
    """The columns of a download; no applicant among them."""
    return [
        Column("number", "申请编号", lambda row: row.number),
        Column("agency", "受理机关", lambda row: names[row.agency_id]),
        Column("received_on", "收到日期", lambda row: row.received_on),
        Column("channel", "收到渠道", lambda row: row.get_channel_display()),
        Column("applicant_kind", "申请人类别", lambda row: row.get_applicant_kind_display()),
        Column("subject", "内容主题", lambda row: row.subject),
        Column("description", "所需信息的描述", lambda row: row.description),
        Column("handler", "承办人", lambda row: row.handler.name if row.handler else ""),
        Column("extended_on", "延期日期", lambda row: row.extended_on),
        Column("extension_days", "延期工作日数", lambda row: row.extension_days),
        Column("due_on", "答复期限", lambda row: row.due_on),
        Column("due_is_provisional", "期限暂定", lambda row: "是" if row.due_is_provisional else "否"),
        Column("closed_on", "办结日期", lambda row: row.closed_on),
        Column("outcome", "办理结果", lambda row: row.get_outcome_display()),
        Column("closed_late", "超期办结", lambda row: "是" if row.closed_late else "否"),
        Column("reply_number", "答复书文号", lambda row: row.reply_number),
    ]


def _download(
    request: StaffRequest, rows: QuerySet[Application], names: dict[int, str], wanted: Mapping[str, Any]
) -> HttpResponseBase | None:
    """CSV or JSON. Applicants only when asked for by somebody who may see them; the journal says so."""
    columns = columns_of(names)
    rows = rows.select_related("handler")
    if request.GET.get("applicants") and request.GET.get("format") in ("csv", "json"):
        seen = agencies_for(request.user, "applications.see_applicants")
        if seen:
            rows = rows.prefetch_related("applicants")
            columns.insert(5, Column("applicants", "申请人", lambda row: _applicants(row, seen)))
            journal.record_event(
                "application.applicants_exported",
                by=request.user,
                agency_id=request.user.agency_id,
                reason=f"下载含申请人的申请清单，{_told(wanted)}",
            )
    return answer(request, rows, columns, name="依申请公开")


def _told(wanted: Mapping[str, Any]) -> str:
    """How the list was narrowed, for the journal. Words looked for may be somebody's name, and a line stays for ever."""
    known = [f"{name}={value}" for name, value in wanted.items() if value and name != "q"]
    return f"筛选：{'、'.join(known) or '无'}{'，另按词语查找' if wanted.get('q') else ''}"


def _applicants(row: Application, seen: frozenset[int]) -> str:
    if row.agency_id not in seen:
        return ""
    parties = sorted(row.applicants.all(), key=lambda party: (not party.is_representative, party.pk))
    return "、".join(party.name for party in parties)
