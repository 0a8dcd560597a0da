"""Desk pages of returns: the list, one return, filing, confirming, correcting, withdrawing."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from gongkai.base import clock, files
from gongkai.base.exports import Column, answer
from gongkai.base.figures import IndicatorFacts, port
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.models import FileUse
from gongkai.base.permissions import may
from gongkai.ledgers.agencies.tree import tree_today
from gongkai.ledgers.returns import actions, queries
from gongkai.ledgers.returns.forms import CorrectionForm, FilingForm, ReasonForm, ReturnFilter
from gongkai.ledgers.returns.models import Return

PAGE = 50


def _facts(indicator: str) -> IndicatorFacts:
    facts = port().facts(indicator)
    return facts or IndicatorFacts(indicator, indicator, "", signed=True, integral=False, returnable=False)


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
    elif wanted["state"] == "in_force":
        rows = rows.filter(queries.IN_FORCE)
    elif wanted["state"] == "past":
        rows = rows.filter(Q(withdrawn_at__isnull=False) | Q(is_replaced=True))
    return rows


@desk_page("returns.view")
def index(request: StaffRequest) -> HttpResponse:
    """All returns the user may see, the waiting ones first in sight."""
    form = ReturnFilter(request.GET or None, user=request.user)
    rows = _filtered(queries.visible_to(request.user), form) if form.is_bound else queries.visible_to(request.user)
    tree = tree_today()
    columns = [
        Column("agency", "单位", lambda row: tree.name(row.agency_id)),
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
        {"row": row, "facts": _facts(row.indicator), "agency": tree.name(row.agency_id), "state": state_of(row)}
        for row in page
    ]
    waiting = queries.visible_to(request.user).filter(queries.WAITING).count()
    context = {"form": form, "page": page, "lines": lines, "waiting": waiting}
    return render(request, "returns/desk/list.html", context)


def _evidence(upload: UploadedFile | None, agency_id: int, user: Any) -> FileUse | None:
    if upload is None:
        return None
    return files.store(upload, upload.name or "依据", agency_id=agency_id, visibility="desk", by=user)


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
    tree = tree_today()
    listed = [
        ("单位", tree.name(row.agency_id)),
        ("指标", facts.title),
        ("统计期", f"{row.period_from} 至 {row.period_to}"),
        ("数值", f"{row.value.normalize():,f} {facts.unit}"),
        ("填报人", f"{row.filled_by} {row.filled_at:%Y-%m-%d %H:%M}"),
        ("确认人", f"{row.confirmed_by} {row.confirmed_at:%Y-%m-%d %H:%M}" if row.confirmed_at else "待确认"),
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
        "replacements": Return.objects.filter(replaces=row).order_by("pk"),
    }
    return render(request, "returns/desk/detail.html", context)


@desk_action("returns.confirm")
@require_http_methods(["POST"])
def confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Confirm as the second person."""
    row = get_object_or_404(queries.visible_to(request.user), pk=pk)
    if attempt(request, lambda: actions.confirm_return(row, by=request.user)):
        messages.success(request, "已确认，从现在起计入年报。")
    return redirect("desk:return", pk=pk)


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
