"""Desk pages of records: the list, one record with its publications and history, and everything that changes it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import may, may_somewhere
from gongkai.ledgers.records import actions, forms, queries, validity
from gongkai.ledgers.records.deadlines import is_late
from gongkai.ledgers.records.entries import PublicationEntry, RecordEntry
from gongkai.ledgers.records.history import history_of
from gongkai.ledgers.records.models import Category, Outlet, Publication, Record

PAGE = 50


def _yes(flag: object) -> str:
    return "是" if flag else "否"


def publication_state(record: Record, first: date | None, today: date) -> tuple[str, str]:
    """Tone and word of where a record stands with its publication."""
    if record.disclosure_status != "proactive":
        return "", record.get_disclosure_status_display()
    late = is_late(record, first, today)
    if first is None:
        return ("bad", "超期未发布") if late else ("warn", "待发布")
    return ("warn", "已发布（超期）") if late else ("good", "已发布")


def _columns(names: dict[int, str], today: date) -> list[Column]:
    return [
        Column("index_number", "索引号", lambda row: row.index_number),
        Column("title", "标题", lambda row: row.title),
        Column("document_number", "发文字号", lambda row: row.document_number),
        Column("agency", "公开主体", lambda row: names.get(row.agency_id, "")),
        Column("category", "主题分类", lambda row: row.category.name if row.category else ""),
        Column("issued_on", "成文日期", lambda row: row.issued_on),
        Column("first_published_on", "首次发布日期", lambda row: row.first_published_on),
        Column("due_on", "公开期限", lambda row: row.due_on),
        Column("late", "超过期限", lambda row: _yes(is_late(row, row.first_published_on, today))),
        Column("disclosure_status", "公开属性", lambda row: row.get_disclosure_status_display()),
        Column("status_reason", "不主动公开的理由", lambda row: row.status_reason),
        Column("is_government_information", "属于政府信息", lambda row: _yes(row.is_government_information)),
        Column("has_full_text", "全文电子化", lambda row: _yes(row.has_full_text)),
    ]


@desk_page("records.view")
def index(request: StaffRequest) -> HttpResponseBase:
    """All records the user may see."""
    today, names, categories = clock.localdate(), queries.agency_names(), list(queries.categories())
    form = forms.ListFilter(request.GET or None, user=request.user, names=names, categories=categories)
    rows = queries.narrow(queries.visible_to(request.user), form.narrowing(), today)
    listed = queries.with_first_publication(rows.select_related("category"))
    if download := answer(request, listed.defer("body"), _columns(names, today), name="政府信息目录"):
        return download
    page = Paginator(listed.defer("body"), PAGE).get_page(request.GET.get("page"))
    marks = validity.marks([row.pk for row in page], today)
    lines = [
        {
            "row": row,
            "agency": names.get(row.agency_id, ""),
            "first": getattr(row, "first_published_on", None),
            "state": publication_state(row, getattr(row, "first_published_on", None), today),
            "mark": marks.get(row.pk),
        }
        for row in page
    ]
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "narrowed": bool(request.GET),
        "may_register": may_somewhere(request.user, "records.register"),
    }
    return render(request, "records/desk/list.html", context)


@desk_page("records.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One record: its fields, where it stands, and all that was done to it."""
    record = get_object_or_404(queries.visible_to(request.user).select_related("category"), pk=pk)
    publications = list(record.publications.select_related("outlet").order_by("published_on", "pk"))
    today = clock.localdate()
    first = min((publication.published_on for publication in publications), default=None)
    standing = [publication for publication in publications if publication.withdrawn_on is None]
    context = {
        "record": record,
        "facts": _facts(record, first),
        "state": publication_state(record, first, today),
        "publications": publications,
        "on_portal": record.disclosure_status == "proactive" and any(p.outlet.is_portal for p in standing),
        "mark": validity.marks([record.pk], today).get(record.pk),
        "history": history_of([record, *publications], {"category_id": _category_names()}),
        "why_not_publish": actions.why_not_publish(record),
        "may": {
            verb: may(request.user, f"records.{verb}", record)
            for verb in ("change", "change_status", "publish", "withdraw")
        },
        "may_register_normative": may(request.user, "records.register", record),
    }
    return render(request, "records/desk/detail.html", context)


def _category_names() -> dict[int, str]:
    return {category.pk: category.name for category in queries.categories()}


def _facts(record: Record, first: date | None) -> list[tuple[str, object]]:
    due = f"{record.due_on}{'（暂定）' if record.due_is_provisional else ''}" if record.due_on else "不适用"
    facts: list[tuple[str, object]] = [
        ("索引号", record.index_number),
        ("主题分类", record.category or "未分类"),
        ("公开主体", queries.agency_name_on(record.agency_id, record.issued_on)),
        ("发文字号", record.document_number or "无"),
        ("成文日期", record.issued_on),
        ("首次发布", first or "未发布"),
        ("公开属性", record.get_disclosure_status_display()),
        ("公开期限", due),
        ("属于政府信息", _yes(record.is_government_information)),
        ("全文电子化", _yes(record.has_full_text)),
    ]
    return [*facts, ("不主动公开的理由", record.status_reason)] if record.status_reason else facts


@desk_action("records.register")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Enter a record."""
    form = forms.RecordForm(request.POST or None, user=request.user)
    if form.is_valid():
        wanted = dict(form.cleaned_data)
        reason = wanted.pop("reason")
        made: list[Record] = []
        entry = RecordEntry(**wanted)
        if attempt(
            request, lambda: made.append(actions.register_record(entry, by=request.user, reason=reason)), form=form
        ):
            messages.success(request, f"已登记，索引号 {made[0].index_number}；要让公众看到，接着发布。")
            return redirect("desk:record", pk=made[0].pk)
    return render(request, "records/desk/form.html", {"form": form, "title": "登记政府信息", "cancel": "desk:records"})


CONTENT = (
    "title",
    "document_number",
    "issued_on",
    "category",
    "body",
    "has_full_text",
    "is_government_information",
)


@desk_action("records.change")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Put a record right."""
    record = get_object_or_404(queries.visible_to(request.user).select_related("category"), pk=pk)
    shown = {field: getattr(record, field) for field in CONTENT} | {"seen": record.version}
    form = forms.ChangeForm(request.POST or None, initial=shown)
    if form.is_valid():
        wanted: Any = dict(form.cleaned_data)
        if attempt(request, lambda: actions.change_record(record, by=request.user, **wanted), form=form):
            messages.success(request, "已改好，改前的内容留在记录里。")
            return redirect("desk:record", pk=pk)
    return render(request, "records/desk/form.html", {"form": form, "title": "修改政府信息", "record": record})


@desk_action("records.change_status")
@require_http_methods(["GET", "POST"])
def status(request: StaffRequest, pk: int) -> HttpResponse:
    """Set another disclosure status."""
    record = get_object_or_404(queries.visible_to(request.user), pk=pk)
    shown = {"disclosure_status": record.disclosure_status, "reason": record.status_reason}
    form = forms.StatusForm(request.POST or None, initial=shown)
    if form.is_valid():
        wanted, reason = form.cleaned_data["disclosure_status"], form.cleaned_data["reason"]
        if attempt(
            request, lambda: actions.change_status(record, status=wanted, by=request.user, reason=reason), form=form
        ):
            messages.success(request, f"公开属性已改为“{record.get_disclosure_status_display()}”。")
            return redirect("desk:record", pk=pk)
    return render(request, "records/desk/form.html", {"form": form, "title": "改公开属性", "record": record})


@desk_action("records.publish")
@require_http_methods(["GET", "POST"])
def publish(request: StaffRequest, pk: int) -> HttpResponse:
    """Publish at one or more outlets."""
    record = get_object_or_404(queries.visible_to(request.user), pk=pk)
    if why := actions.why_not_publish(record):
        messages.error(request, why)
        return redirect("desk:record", pk=pk)
    form = forms.PublishForm(request.POST or None, record=record)
    if form.is_valid():
        wanted = form.cleaned_data
        rows = [PublicationEntry(record, outlet, wanted["on"]) for outlet in wanted["outlets"]]
        if attempt(request, lambda: actions.publish_many(rows, by=request.user, reason=wanted["reason"]), form=form):
            messages.success(request, f"已在 {len(rows)} 个去处发布。")
            return redirect("desk:record", pk=pk)
    return render(request, "records/desk/publish.html", {"form": form, "record": record})


@desk_action("records.withdraw")
@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """Take a record down at one outlet."""
    mine = queries.publications_visible_to(request.user).select_related("record", "outlet")
    publication: Publication = get_object_or_404(mine, pk=pk)
    form = forms.WithdrawForm(request.POST or None)
    if form.is_valid():
        wanted = form.cleaned_data
        if attempt(request, lambda: actions.withdraw_publication(publication, by=request.user, **wanted), form=form):
            messages.success(request, f"已从“{publication.outlet}”撤下，发布过的事实留在台账里。")
            return redirect("desk:record", pk=publication.record_id)
    return render(request, "records/desk/withdraw.html", {"form": form, "publication": publication})


# ---- outlets and categories


@desk_page("records.view")
def outlets(request: StaffRequest) -> HttpResponseBase:
    """Where things are published."""
    rows = queries.with_counts(queries.outlets_visible_to(request.user), clock.localdate())
    names = queries.agency_names()
    columns = [
        Column("agency", "单位", lambda row: names.get(row.agency_id, "")),
        Column("name", "名称", lambda row: row.name),
        Column("channel", "渠道", lambda row: row.get_channel_display()),
        Column("is_portal", "本系统门户", lambda row: _yes(row.is_portal)),
        Column("closed_on", "停用日期", lambda row: row.closed_on),
        Column("standing", "在发布的信息数", lambda row: row.standing),
    ]
    if download := answer(request, rows, columns, name="发布去处"):
        return download
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    managed = {row.pk for row in page if may(request.user, "records.manage_outlets", row)}
    lines = [{"row": row, "agency": names.get(row.agency_id, ""), "may_close": row.pk in managed} for row in page]
    context = {
        "lines": lines,
        "page": page,
        "may_open": may_somewhere(request.user, "records.manage_outlets"),
        "tabs": _tabs(outlets=True),
    }
    return render(request, "records/desk/outlets.html", context)


def _tabs(*, outlets: bool) -> list[dict[str, object]]:
    return [
        {"title": "发布去处", "url": reverse("desk:outlets"), "current": outlets},
        {"title": "主题分类", "url": reverse("desk:categories"), "current": not outlets},
    ]


@desk_action("records.manage_outlets")
@require_http_methods(["GET", "POST"])
def outlet_new(request: StaffRequest) -> HttpResponse:
    """Open an outlet."""
    form = forms.OutletForm(request.POST or None, user=request.user)
    if form.is_valid():
        wanted = form.cleaned_data
        if attempt(request, lambda: actions.open_outlet(**wanted, by=request.user), form=form):
            messages.success(request, f"“{wanted['name']}”已启用，现在就可以发布到这里。")
            return redirect("desk:outlets")
    return render(request, "records/desk/form.html", {"form": form, "title": "新设发布去处", "cancel": "desk:outlets"})


@desk_action("records.manage_outlets")
@require_http_methods(["GET", "POST"])
def outlet_close(request: StaffRequest, pk: int) -> HttpResponse:
    """Close an outlet."""
    outlet: Outlet = get_object_or_404(queries.outlets_visible_to(request.user), pk=pk)
    form = forms.CloseForm(request.POST or None)
    if form.is_valid():
        wanted = form.cleaned_data
        if attempt(request, lambda: actions.close_outlet(outlet, by=request.user, **wanted), form=form):
            messages.success(request, f"“{outlet}”已停用，以前的发布记录保留。")
            return redirect("desk:outlets")
    return render(request, "records/desk/close.html", {"form": form, "outlet": outlet})


@desk_page("records.view")
def categories(request: StaffRequest) -> HttpResponseBase:
    """The topics."""
    rows = queries.with_record_counts(queries.categories())
    columns = [
        Column("index_code", "分类号", lambda row: row.index_code),
        Column("name", "名称", lambda row: row.name),
        Column("code", "代号", lambda row: row.code),
        Column("records", "信息数", lambda row: row.record_count),
    ]
    if download := answer(request, rows, columns, name="主题分类"):
        return download
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    managed = {row.pk for row in page if may(request.user, "records.manage_categories", row)}
    context = {
        "lines": [{"row": row, "may_rename": row.pk in managed} for row in page],
        "page": page,
        "may_create": may_somewhere(request.user, "records.manage_categories"),
        "special": queries.SPECIAL_CATEGORIES,
        "tabs": _tabs(outlets=False),
    }
    return render(request, "records/desk/categories.html", context)


@desk_action("records.manage_categories")
@require_http_methods(["GET", "POST"])
def category_new(request: StaffRequest) -> HttpResponse:
    """Add a topic."""
    form = forms.CategoryForm(request.POST or None, user=request.user, initial=request.GET.dict())
    if form.is_valid():
        wanted = form.cleaned_data
        if attempt(request, lambda: actions.create_category(**wanted, by=request.user), form=form):
            messages.success(request, f"已加上主题分类“{wanted['name']}”。")
            return redirect("desk:categories")
    return render(
        request, "records/desk/form.html", {"form": form, "title": "新设主题分类", "cancel": "desk:categories"}
    )


@desk_action("records.manage_categories")
@require_http_methods(["GET", "POST"])
def category_rename(request: StaffRequest, pk: int) -> HttpResponse:
    """Give a topic another name."""
    category: Category = get_object_or_404(queries.categories(), pk=pk)
    form = forms.RenameForm(request.POST or None, initial={"name": category.name})
    if form.is_valid():
        name = form.cleaned_data["name"]
        if attempt(request, lambda: actions.rename_category(category, name=name, by=request.user), form=form):
            messages.success(request, "名称已改。")
            return redirect("desk:categories")
    return render(request, "records/desk/form.html", {"form": form, "title": "改分类名称", "cancel": "desk:categories"})
