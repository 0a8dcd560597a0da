"""Desk pages of returns: the list, one return, filing, confirming, correcting, withdrawing."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gongkai.base import clock, files
from gongkai.base.exports import Column, answer
from gongkai.base.figures import IndicatorFacts, port
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.models import FileUse
from gongkai.base.permissions import agencies_for, may, may_somewhere
from gongkai.ledgers.agencies.queries import agency_names
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.ledgers.returns import actions, queries
from gongkai.ledgers.returns.forms import (
    CorrectionForm,
    FilingForm,
    MissingFilter,
    ReasonForm,
    ReturnFilter,
)
from gongkai.ledgers.returns.models import Return

PAGE = 50


def _facts(indicator: str) -> IndicatorFacts:
    facts = port().facts(indicator)
    return facts or IndicatorFacts(indicator, indicator, "", signed=True, integral=False, returnable=False)


def shown(value: Decimal) -> str:
    """A figure in plain digits, thousands apart, without zeros at its end."""
    return f"{value.normalize():,f}"


def moment(at: datetime | None) -> str:
    """An instant in Beijing time, to the minute."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at is not None else ""


def state_of(row: Return) -> tuple[str, str]:
    """Tone and word of a return's state."""
    if row.withdrawn_at is not None:
        return "", "已撤回"
    if row.is_replaced:
        return "", "已更正"
    return ("good", "已确认") if row.confirmed_at is not None else ("warn", "待确认")


def _filtered(rows: QuerySet[Return], form: ReturnFilter) -> QuerySet[Return]:
    if not form.is_valid():
        return rows
    wanted = form.cleaned_data
    if wanted["q"]:
        words = wanted["q"].strip()
        named = [facts.name for facts in port().returnable() if words in facts.title]
        rows = rows.filter(Q(indicator__in=named) | Q(indicator__icontains=words))
    if wanted["agency"]:
        rows = rows.filter(agency_id=wanted["agency"])
    if wanted["year"]:
        rows = rows.filter(period_from__lte=date(wanted["year"], 12, 31), period_to__gte=date(wanted["year"], 1, 1))
    if wanted["state"] == "waiting":
        rows = rows.filter(queries.WAITING)
    elif wanted["state"] == "yours":
        rows = rows.filter(pk__in=queries.waiting_for(form.user))
    elif wanted["state"] == "in_force":
        rows = rows.filter(queries.IN_FORCE)
    elif wanted["state"] == "past":
        rows = rows.filter(Q(withdrawn_at__isnull=False) | Q(is_replaced=True))
    return rows


@desk_page("returns.view")
def index(request: StaffRequest) -> HttpResponseBase:
    """All returns the user may see, the waiting ones first in sight."""
    form = ReturnFilter(request.GET or None, user=request.user)
    rows = _filtered(queries.visible_to(request.user), form) if form.is_bound else queries.visible_to(request.user)
    names = agency_names()
    columns = [
        Column("agency", "单位", lambda row: names.get(row.agency_id, "")),
        Column("indicator", "指标", lambda row: row.indicator),
        Column("title", "指标名称", lambda row: _facts(row.indicator).title),
        Column("unit", "单位（计量）", lambda row: _facts(row.indicator).unit),
        Column("period_from", "统计期起", lambda row: row.period_from),
        Column("period_to", "统计期止", lambda row: row.period_to),
        Column("value", "数值", lambda row: row.value),
        Column("in_addition", "台账之外另加", lambda row: "是" if row.in_addition else "否"),
        Column("state", "状态", lambda row: state_of(row)[1]),
        Column("filled_by", "填报人", lambda row: row.filled_by.name),
        Column("confirmed_by", "确认人", lambda row: row.confirmed_by.name if row.confirmed_by else ""),
        Column("reason", "理由", lambda row: row.reason),
    ]
    if download := answer(request, rows, columns, name="填报"):
        return download
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [
        {"row": row, "facts": _facts(row.indicator), "agency": names.get(row.agency_id, ""), "state": state_of(row)}
        for row in page
    ]
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "waiting": queries.visible_to(request.user).filter(queries.WAITING).count(),
        "yours": queries.waiting_for(request.user).count(),
        "may_file": may_somewhere(request.user, "returns.file"),
    }
    return render(request, "returns/desk/list.html", context)


def _evidence(upload: "UploadedFile[bytes] | None", agency_id: int, user: Any) -> FileUse | None:
    if upload is None:
        return None
    return files.store(upload, upload.name or "依据", agency_id=agency_id, visibility="desk", by=user)


@desk_page("returns.view")
def missing(request: StaffRequest) -> HttpResponseBase:
    """What was returned for the year before and is not yet for this one, so that nobody forgets (还没有填的)."""
    today = clock.localdate()
    form = MissingFilter({"year": today.year - 1, **request.GET.dict()}, user=request.user)
    year, agency = today.year - 1, ""
    if form.is_valid():
        year, agency = form.cleaned_data["year"] or year, form.cleaned_data["agency"]
    seen = agencies_for(request.user, "returns.view")
    tree = tree_on(min(date(year, 12, 31), today))
    wanted = [pk for pk in seen if pk in tree.nodes and agency in ("", str(pk))]
    rows = queries.missing_in(year, wanted, today)
    columns = [
        Column("agency", "单位", lambda row: tree.name(row.agency_id)),
        Column("indicator", "指标", lambda row: row.indicator),
        Column("title", "指标名称", lambda row: _facts(row.indicator).title),
        Column("unit", "单位（计量）", lambda row: _facts(row.indicator).unit),
        Column("period_from", "统计期起", lambda row: row.period_from),
        Column("period_to", "统计期止", lambda row: row.period_to),
        Column("last_value", "上年数值", lambda row: row.last_value),
    ]
    if download := answer(request, rows, columns, name=f"{year}年还没有填报的数"):
        return download
    may_file = agencies_for(request.user, "returns.file")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [
        {
            "row": row,
            "facts": _facts(row.indicator),
            "agency": tree.name(row.agency_id),
            "url": _prefilled(row) if row.agency_id in may_file else "",
        }
        for row in page
    ]
    context = {"form": form, "page": page, "lines": lines, "year": year, "before": year - 1}
    return render(request, "returns/desk/missing.html", context)


def _prefilled(row: queries.Missing) -> str:
    """The page for filing it, with everything but the figure filled in."""
    wanted = {
        "agency": row.agency_id,
        "indicator": row.indicator,
        "period_from": row.period_from,
        "period_to": row.period_to,
    }
    return f"{reverse('desk:return_new')}?{urlencode(wanted)}"


@desk_action("returns.file")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """File a figure."""
    year = clock.localdate().year - 1
    initial = {"period_from": date(year, 1, 1), "period_to": date(year, 12, 31), **request.GET.dict()}
    form = FilingForm(request.POST or None, request.FILES or None, user=request.user, initial=initial)
    if form.is_valid():
        wanted = dict(form.cleaned_data)
        upload = wanted.pop("evidence_file")
        filed: list[Return] = []

        def file() -> None:
            evidence = _evidence(upload, wanted["agency"].pk, request.user)
            filed.append(actions.file_return(actions.Filing(**wanted, evidence=evidence), by=request.user))

        if attempt(request, file, form=form):
            messages.success(request, "已填报，请另一位同事核对后确认；确认前不计入年报。")
            return redirect("desk:return", pk=filed[0].pk)
    return render(request, "returns/desk/new.html", {"form": form})


@desk_page("returns.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One return: what, from where, by whom, and what was before it."""
    row = get_object_or_404(queries.visible_to(request.user), pk=pk)
    facts = _facts(row.indicator)
    listed = [
        ("单位", tree_on(row.period_to).name(row.agency_id)),
        ("指标", facts.title),
        ("统计期", f"{row.period_from} 至 {row.period_to}"),
        ("数值", f"{shown(row.value)} {facts.unit}"),
        ("填报人", f"{row.filled_by}　{moment(row.filled_at)}"),
        ("确认人", f"{row.confirmed_by}　{moment(row.confirmed_at)}" if row.confirmed_at else "待确认"),
        ("依据说明", row.evidence_note or ("见文件" if row.evidence_id else "")),
        ("在台账之外另加", "是" if row.in_addition else "否"),
    ]
    context = {
        "row": row,
        "facts": facts,
        "listed": listed,
        "state": state_of(row),
        "why_not_confirm": actions.why_not_confirm(row, request.user),
        "may_confirm": may(request.user, "returns.confirm", row),
        "may_file": may(request.user, "returns.file", row),
        "replacements": queries.replacements_of(row),
        "history": queries.history_of(row),
    }
    return render(request, "returns/desk/detail.html", context)


@desk_action("returns.confirm")
@require_http_methods(["GET", "POST"])
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Confirm as the second person. The page asks first, and for a reason where a frozen year is touched."""
    row = get_object_or_404(queries.visible_to(request.user), pk=pk)
    frozen = [] if row.reason else port().frozen_reports(row.agency_id, queries.years_of(row))
    form = ReasonForm(request.POST if request.method == "POST" else None) if frozen else None
    if request.method == "POST" and (form is None or form.is_valid()):
        reason = form.cleaned_data["reason"] if form is not None else ""
        if attempt(request, lambda: actions.confirm_return(row, by=request.user, reason=reason), form=form):
            messages.success(request, "已确认，从现在起计入年报。")
            return redirect("desk:return", pk=pk)
    facts, name = _facts(row.indicator), tree_on(row.period_to).name(row.agency_id)
    consequences = [
        f"{name}，{row.period_from} 至 {row.period_to}：{shown(row.value)} {facts.unit}。",
        f"填报人{row.filled_by}；依据：{row.evidence_note or (row.evidence.name if row.evidence else '')}。",
        "确认后计入年报；以后发现有误，只能更正或者撤回，并写明理由。",
    ]
    if row.replaces is not None:
        consequences.insert(1, f"更正的是 {shown(row.replaces.value)} {facts.unit}，理由：{row.reason}")
    if frozen:
        consequences.append(f"{'、'.join(frozen)}已经定稿，定稿的数不变；确认后作为冻结后变动显示。")
    if row.in_addition:
        consequences.append(f"这个数另加在台账之外，理由会印在年报里：{row.reason}")
    context = {
        "row": row,
        "facts": facts,
        "form": form,
        "consequences": consequences,
        "why_not": actions.why_not_confirm(row, request.user),
    }
    return render(request, "returns/desk/confirm.html", context)


@desk_action("returns.file")
@require_http_methods(["GET", "POST"])
def correct(request: StaffRequest, pk: int) -> HttpResponse:
    """File a correction."""
    row = get_object_or_404(queries.visible_to(request.user), pk=pk)
    form = CorrectionForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        value: Decimal = form.cleaned_data["value"]
        made: list[Return] = []

        def file() -> None:
            evidence = _evidence(form.cleaned_data["evidence_file"], row.agency_id, request.user)
            correction = actions.correct_return(
                row,
                value=value,
                reason=form.cleaned_data["reason"],
                evidence=evidence,
                evidence_note=form.cleaned_data["evidence_note"],
                by=request.user,
            )
            made.append(correction)

        if attempt(request, file, form=form):
            messages.success(request, "更正已填报；另一位同事确认之前，仍按原数计。")
            return redirect("desk:return", pk=made[0].pk)
    return render(request, "returns/desk/correct.html", {"form": form, "row": row, "facts": _facts(row.indicator)})


@desk_action("returns.view")
@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Withdraw, with the reason."""
    row = get_object_or_404(queries.visible_to(request.user), pk=pk)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(request, lambda: actions.withdraw_return(row, reason=reason, by=request.user), form=form):
            messages.success(request, "已撤回，不再计入年报；记录保留。")
            return redirect("desk:return", pk=pk)
    return render(request, "returns/desk/withdraw.html", {"form": form, "row": row, "facts": _facts(row.indicator)})
