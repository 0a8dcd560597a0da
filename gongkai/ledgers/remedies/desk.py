"""Desk pages of remedies: the list, one case, registering, deciding, putting right."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.base import clock, figures
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import agencies_for, may, may_somewhere
from gongkai.core.law.remedies import REMEDY_DECISIONS
from gongkai.ledgers.agencies.queries import agency_choices, agency_names, agency_short_names
from gongkai.ledgers.applications import queries as applications
from gongkai.ledgers.applications.history import history_of
from gongkai.ledgers.applications.paging import CAP, PAGE, CappedPaginator, render_list
from gongkai.ledgers.remedies import actions, queries
from gongkai.ledgers.remedies.forms import AssignForm, ChangeForm, DecisionForm, NewRemedyForm, RemedyFilter
from gongkai.ledgers.remedies.models import Remedy

TABS = {"pending": "尚未审结", "decided": "已审结", "all": "全部"}
TONES = {"upheld": "good", "corrected": "bad"}


def state_of(remedy: Remedy) -> tuple[str, str]:
    """Tone and word of a case's state."""
    if remedy.decided_on is None:
        return "warn", "尚未审结"
    return TONES.get(remedy.result, "plain"), remedy.get_result_display()


def _narrowed(rows: QuerySet[Remedy], wanted: dict[str, Any], tab: str) -> QuerySet[Remedy]:
    if tab != "all":
        rows = rows.filter(decided_on__isnull=tab == "pending")
    for name in ("kind", "result"):
        if wanted.get(name):
            rows = rows.filter(**{name: wanted[name]})
    if wanted.get("agency"):
        rows = rows.filter(agency_id=wanted["agency"])
    if year := wanted.get("year"):
        rows = rows.filter(queries.opened_in(date(year, 1, 1), date(year, 12, 31)))
    if words := (wanted.get("q") or "").strip():
        rows = rows.filter(
            Q(number__icontains=words) | Q(organ__icontains=words) | Q(application__number__icontains=words)
        )
    order = ("opened_on", "pk") if tab == "pending" else ("-opened_on", "-pk")
    return rows.order_by(*order).select_related("handler", "application", "reconsideration")


@desk_page("remedies.view")
def index(request: StaffRequest) -> HttpResponseBase:
    """Cases the user may see, those that wait longest first."""
    names, visible = agency_short_names(), queries.visible_to(request.user)
    held = agencies_for(request.user, "remedies.view")
    form = RemedyFilter(request.GET, agencies=[(pk, name) for pk, name in names.items() if pk in held])
    form.is_valid()  # a field that is no good narrows nothing, and says so beside itself
    wanted = form.cleaned_data
    tab = wanted.get("tab") or ("all" if request.GET.get("q") else "pending")
    tab = tab if tab in TABS else "pending"
    rows = _narrowed(visible, wanted, tab)
    if download := answer(request, rows, _columns(names), name="复议与诉讼"):
        return download
    paginator = CappedPaginator(rows, PAGE)
    page = paginator.get_page(request.GET.get("page"))
    pending = visible.filter(decided_on=None).count()
    context = {
        "form": form,
        "page": page,
        "cap": CAP if paginator.is_capped else 0,
        "lines": [{"row": row, "agency": names[row.agency_id], "state": state_of(row)} for row in page],
        "tabs": _tabs(request.GET, tab, pending),
        "pending": pending,
        "filtered": any(value for name, value in wanted.items() if name != "tab"),
        "may_open": may_somewhere(request.user, "remedies.open"),
    }
    return render_list(request, "remedies/desk", context)


def _tabs(query: QueryDict, current: str, pending: int) -> list[dict[str, Any]]:
    tabs = []
    for name, title in TABS.items():
        kept = query.copy()
        kept.pop("page", None)
        kept["tab"] = name
        count = pending if name == "pending" else None
        tabs.append({"title": title, "url": f"?{kept.urlencode()}", "current": name == current, "count": count})
    return tabs


def _columns(names: dict[int, str]) -> list[Column]:
    return [
        Column("number", "案件编号", lambda row: row.number),
        Column("agency", "单位", lambda row: names[row.agency_id]),
        Column("kind", "类别", lambda row: row.get_kind_display()),
        Column("standing", "地位", lambda row: row.get_standing_display()),
        Column("counts", "计入本单位年报", lambda row: "是" if row.counts else "否"),
        Column("organ", "审理机关", lambda row: row.organ),
        Column("application", "所涉申请", lambda row: row.application.number if row.application else ""),
        Column("reconsideration", "此前的复议", lambda row: row.reconsideration.number if row.reconsideration else ""),
        Column("handler", "承办人", lambda row: row.handler.name if row.handler else ""),
        Column("opened_on", "受理日期", lambda row: row.opened_on),
        Column("decided_on", "审结日期", lambda row: row.decided_on),
        Column("decision", "裁决种类", lambda row: row.get_decision_display()),
        Column("result", "结果", lambda row: row.get_result_display()),
    ]


def visible(request: StaffRequest, pk: int) -> Remedy:
    """The case, or 404 when the user may not see it."""
    rows = queries.visible_to(request.user).select_related("handler", "application", "reconsideration")
    return get_object_or_404(rows, pk=pk)


def frozen_reports(remedy: Remedy) -> list[str]:
    """Titles of frozen annual reports in which the case counts, from its opening to its end or today."""
    last = remedy.decided_on or clock.localdate()
    return figures.port().frozen_reports(remedy.agency_id, range(remedy.opened_on.year, last.year + 1))


@desk_page("remedies.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything about one case."""
    remedy, user = visible(request, pk), request.user
    agency = agency_names().get(remedy.agency_id, "")
    context = {
        "remedy": remedy,
        "agency": agency,
        "state": state_of(remedy),
        "listed": _facts(remedy, agency, user),
        "frozen": frozen_reports(remedy),
        "history": history_of(remedy),
        "suits": queries.visible_to(user).filter(reconsideration=remedy).order_by("opened_on"),
        "verbs": _verbs(request, remedy),
        "may_open": may(user, "remedies.open", remedy),
    }
    return render(request, "remedies/desk/detail.html", context)


def _facts(remedy: Remedy, agency: str, user: Any) -> list[tuple[Any, ...]]:
    application, earlier = remedy.application, remedy.reconsideration
    facts: list[tuple[Any, ...]] = [
        ("案件编号", remedy.number),
        ("单位", agency),
        ("类别", remedy.get_kind_display()),
        ("地位", remedy.get_standing_display()),
        ("审理机关", remedy.organ),
        ("承办人", remedy.handler.name if remedy.handler else "未指定"),
        ("受理日期", remedy.opened_on),
        ("审结日期", remedy.decided_on or "尚未审结"),
    ]
    if remedy.decided_on:
        facts += [
            ("裁决种类", remedy.get_decision_display() or "不详"),
            ("依据", "、".join(REMEDY_DECISIONS[remedy.decision].articles) if remedy.decision else "不详"),
            ("结果", remedy.get_result_display()),
        ]
    if application is not None:
        seen = may(user, "applications.view", application)
        url = reverse("desk:application", args=[application.pk]) if seen else ""
        facts.append(("所涉申请", application.number, url))
    if earlier is not None:
        seen = may(user, "remedies.view", earlier)
        facts.append(("此前的复议", earlier.number, reverse("desk:remedy", args=[earlier.pk]) if seen else ""))
    return facts


def _verbs(request: StaffRequest, remedy: Remedy) -> list[dict[str, Any]]:
    """What could be done, each with why it cannot be done now."""
    decided = actions.why_not_decide(remedy)
    offered: tuple[tuple[str, str, str, list[str]], ...] = (
        ("decide", "登记结果", "remedies.decide", decided),
        ("assign", "指定承办人", "remedies.change", [f"已于 {remedy.decided_on} 审结。"] if decided else []),
        ("change", "更正", "remedies.change", []),
    )
    return [
        {"name": name, "title": title, "url": reverse(f"desk:remedy_{name}", args=[remedy.pk]), "why": why}
        for name, title, verb, why in offered
        if may(request.user, verb, remedy)
    ]


@desk_action("remedies.open")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Register a case; `?application=` or `?reconsideration=` fill in what is known."""
    form = NewRemedyForm(
        request.POST or None,
        user=request.user,
        agencies=agency_choices(request.user, "remedies.open"),
        initial={"opened_on": clock.localdate(), "handler": request.user.pk, **_known(request)},
    )
    made: list[Remedy] = []
    if form.is_valid() and attempt(
        request, lambda: made.append(actions.open_remedy(by=request.user, **form.cleaned_data)), form=form
    ):
        messages.success(request, f"已登记，编号 {made[0].number}。")
        return redirect("desk:remedy", pk=made[0].pk)
    return render(request, "remedies/desk/new.html", {"form": form})


def _known(request: StaffRequest) -> dict[str, Any]:
    asked = {name: request.GET.get(name, "") for name in ("application", "reconsideration")}
    if asked["reconsideration"].isdecimal():
        earlier = visible(request, int(asked["reconsideration"]))
        application = earlier.application.number if earlier.application else ""
        return {
            "agency": earlier.agency_id,
            "kind": "suit_after_reconsideration",
            "reconsideration": earlier.number,
            "application": application,
        }
    if asked["application"].isdecimal():
        rows = applications.visible_to(request.user)
        application_row = get_object_or_404(rows, pk=int(asked["application"]))
        return {"agency": application_row.agency_id, "application": application_row.number}
    return {}


def _page(
    request: StaffRequest,
    remedy: Remedy,
    form: Any,
    act: Callable[[], object],
    *,
    title: str,
    done: Callable[[], str],
    hints: list[str] | None = None,
) -> HttpResponse:
    """A form about one case: run the action, or show the form with what is wrong."""
    if form.is_valid() and attempt(request, act, form=form):
        messages.success(request, done())
        return redirect("desk:remedy", pk=remedy.pk)
    context = {
        "remedy": remedy,
        "form": form,
        "title": title,
        "hints": hints or [],
        "frozen": frozen_reports(remedy),
    }
    return render(request, "remedies/desk/act.html", context)


@desk_action("remedies.decide")
@require_http_methods(["GET", "POST"])
def decide(request: StaffRequest, pk: int) -> HttpResponse:
    """Record how the case ended."""
    remedy = visible(request, pk)
    if why := actions.why_not_decide(remedy):
        messages.error(request, why[0])
        return redirect("desk:remedy", pk=pk)
    form = DecisionForm(
        request.POST or None, kind=remedy.kind, frozen=frozen_reports(remedy), initial={"on": clock.localdate()}
    )
    return _page(
        request,
        remedy,
        form,
        lambda: actions.decide_remedy(remedy, by=request.user, **form.cleaned_data),
        title="登记结果",
        done=lambda: f"已登记：{remedy.get_result_display()}。",
        hints=["选定裁决种类，计入哪一种结果由它决定。"],
    )


@desk_action("remedies.change")
@require_http_methods(["GET", "POST"])
def assign(request: StaffRequest, pk: int) -> HttpResponse:
    """Name who handles it."""
    remedy = visible(request, pk)
    form = AssignForm(request.POST or None, agency_id=remedy.agency_id, initial={"handler": remedy.handler_id})
    return _page(
        request,
        remedy,
        form,
        lambda: actions.assign_handler(remedy, by=request.user, **form.cleaned_data),
        title="指定承办人",
        done=lambda: f"承办人：{remedy.handler}。",
    )


@desk_action("remedies.change")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """Put the case right, its result included."""
    remedy = visible(request, pk)
    names = ["kind", "opened_on", "number", "organ", "standing", "note", "decided_on", "decision"]
    initial = {name: getattr(remedy, name) for name in names}
    initial["application"] = remedy.application.number if remedy.application else ""
    initial["reconsideration"] = remedy.reconsideration.number if remedy.reconsideration else ""
    initial["result"] = remedy.result if not remedy.decision else ""
    form = ChangeForm(request.POST or None, user=request.user, frozen=frozen_reports(remedy), initial=initial)
    return _page(
        request,
        remedy,
        form,
        lambda: actions.change_remedy(remedy, by=request.user, **form.cleaned_data),
        title="更正案件登记",
        done=lambda: "已更正。",
        hints=["二审、再审改判的，改审结日期和裁决种类；审结日期空着表示尚未审结。"],
    )
