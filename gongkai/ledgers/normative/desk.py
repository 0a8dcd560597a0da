"""Desk pages of normative documents: the list with their state on a day, one document, and everything that changes it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms as django_forms
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
from gongkai.base.permissions import agencies_for, may, may_somewhere
from gongkai.ledgers.agencies.settings import setting_value
from gongkai.ledgers.normative import actions, forms, queries
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.normative.rules import Rules, rules_on
from gongkai.ledgers.normative.states import State, end_of, state_on
from gongkai.ledgers.records import queries as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.records.history import history_of

PAGE = 50
NOTICE = actions.EXPIRY_NOTICE_DAYS


def _columns(names: Mapping[int, str], notice: Mapping[int, int], day: date) -> list[Column]:
    def ended(row: NormativeDocument) -> date | None:
        end = end_of(row, day)
        return end.on if end else None

    return [
        Column("title", "标题", lambda row: row.record.title),
        Column("document_number", "发文字号", lambda row: row.record.document_number),
        Column("index_number", "索引号", lambda row: row.record.index_number),
        Column("agency", "制定机关", lambda row: names.get(row.agency_id, "")),
        Column("kind", "类别", lambda row: row.get_kind_display()),
        Column("issued_on", "制发日期", lambda row: row.issued_on),
        Column("in_force_on", "施行日期", lambda row: row.in_force_on),
        Column("valid_until", "有效期至", lambda row: row.valid_until),
        Column("state", f"{day} 的状态", lambda row: state_on(row, day, notice[row.agency_id]).word),
        Column("ended_on", "废止、失效日期", ended),
        Column("ended_by", "废止、失效依据", lambda row: row.ended_by),
    ]


@desk_page("normative.view")
def index(request: StaffRequest) -> HttpResponseBase:
    """All documents the user may see, with their state on a day, by tabs."""
    # The rules of today, whatever day the states are told of.
    rules = rules_on(clock.localdate(), {*agencies_for(request.user, "normative.view"), request.user.agency_id})
    names, notice = rules.names, rules.notice_days
    form = forms.ListFilter(request.GET or None, user=request.user, names=names)
    asked, day = form.asked(), form.day()
    named = {key: asked[key] for key in ("q", "agency", "kind", "year") if asked.get(key)}
    rows = queries.narrow(queries.visible_to(request.user), **named)
    state = State(asked["state"]) if asked.get("state") in set(State) else None
    shown = rows if state is None else rows.filter(queries.in_state_by_agency(state, day, notice))
    shown = shown.select_related("record").defer("record__body")
    if download := answer(request, shown, _columns(names, notice, day), name="规范性文件"):
        return download
    counts = queries.counts_by_state(rows, day, notice)
    paginator = Paginator(shown, PAGE)
    paginator.count = sum(counts.values()) if state is None else counts[state]  # counted already
    page = paginator.get_page(request.GET.get("page"))
    lines = [
        {"row": row, "agency": names.get(row.agency_id, ""), "state": state_on(row, day, notice[row.agency_id])}
        for row in page
    ]
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "day": day,
        "is_today": day == clock.localdate(),
        "tabs": _tabs(request, counts, state),
        "expiring": counts[State.EXPIRING],
        "overdue_list": _overdue_list(request.user, rules),
        "narrowed": bool(request.GET),
        "may_register": may_somewhere(request.user, "normative.register"),
    }
    return render(request, "normative/desk/list.html", context)


def _tabs(request: StaffRequest, counts: dict[State, int], now: State | None) -> list[dict[str, object]]:
    def address(state: str) -> str:
        query = request.GET.copy()
        for gone in ("page", "format", "state"):
            query.pop(gone, None)
        if state:
            query["state"] = state
        return f"{reverse('desk:normative')}?{query.urlencode()}"

    tabs: list[dict[str, object]] = [
        {"title": "全部", "url": address(""), "current": now is None, "count": sum(counts.values())}
    ]
    order = (State.IN_FORCE, State.EXPIRING, State.NOT_YET, State.REPEALED, State.LAPSED)
    return tabs + [
        {"title": state.word, "url": address(state.value), "current": now is state, "count": counts[state]}
        for state in order
    ]


def _overdue_list(user: Any, rules: Rules) -> int | None:
    """The year whose list of documents in force the user's agency still owes, or None."""
    if not may_somewhere(user, "normative.register"):
        return None
    return queries.in_force_list_overdue(user.agency_id, rules.list_cycle[user.agency_id], clock.localdate())


@desk_page("normative.view")
def detail(request: StaffRequest, pk: int) -> HttpResponse:
    """One document: its state, its days, its record, and all that was done to it."""
    document = _document(request, pk)
    today = clock.localdate()
    state = state_on(document, today, setting_value(NOTICE.key, document.agency_id))
    context = {
        "document": document,
        "facts": _facts(document, today),
        "state": state,
        "days_left": (document.valid_until - today).days if document.valid_until and state is State.EXPIRING else None,
        "why_not_end": actions.why_not_end(document),
        "why_not_extend": actions.why_not_extend(document, today),
        "may": {verb: may(request.user, f"normative.{verb}", document) for verb in ("change", "end", "extend")},
        "history": history_of([document]),
    }
    return render(request, "normative/desk/detail.html", context)


def _document(request: StaffRequest, pk: int) -> NormativeDocument:
    return get_object_or_404(queries.visible_to(request.user).select_related("record"), pk=pk)


def _facts(document: NormativeDocument, today: date) -> list[tuple[object, ...]]:
    end = end_of(document, today)
    record = document.record
    facts: list[tuple[object, ...]] = [
        ("发文字号", record.document_number or "无"),
        ("类别", document.get_kind_display()),
        ("索引号", record.index_number, reverse("desk:record", args=[record.pk])),
        ("制定机关", records.agency_name_on(document.agency_id, document.issued_on)),
        ("成文日期", document.issued_on),
        ("施行日期", document.in_force_on),
        ("有效期至", document.valid_until or "没有规定"),
    ]
    coming = document.repealed_on or document.lapsed_on
    if end is not None:
        facts += [(f"{end.state.word}日期", end.on), (f"{end.state.word}依据", end.by)]
    elif coming is not None:
        word = State.REPEALED.word if document.repealed_on else State.LAPSED.word
        facts += [(f"将{word}", coming), (f"{word}依据", document.ended_by)]
    return facts


@desk_action("normative.register")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Enter a document: with a new record, or for the record named by `?record=`."""
    named = request.GET.get("record", "")
    if named:
        return _new_for_record(request, int(named) if named.isascii() and named.isdecimal() else 0)
    form = forms.NewForm(request.POST or None, user=request.user)
    if form.is_valid():
        wanted: dict[str, Any] = dict(form.cleaned_data)
        terms = {key: wanted.pop(key) for key in ("kind", "in_force_on", "valid_until", "reason")}
        made: list[NormativeDocument] = []
        entry = RecordEntry(**wanted)
        if attempt(
            request, lambda: made.append(actions.register_normative(entry, by=request.user, **terms)), form=form
        ):
            messages.success(request, "已登记，索引号见下；要让公众看到，打开它的政府信息去发布。")
            return redirect("desk:normative_document", pk=made[0].pk)
    return _form(request, form, "登记规范性文件", None)


def _new_for_record(request: StaffRequest, pk: int) -> HttpResponse:
    record = get_object_or_404(records.visible_to(request.user), pk=pk)
    form = forms.TermsForm(request.POST or None, initial={"in_force_on": record.issued_on})
    if form.is_valid():
        made: list[NormativeDocument] = []
        if attempt(
            request,
            lambda: made.append(actions.register_normative(record, by=request.user, **form.cleaned_data)),
            form=form,
        ):
            messages.success(request, "已登记为规范性文件。")
            return redirect("desk:normative_document", pk=made[0].pk)
    return render(
        request,
        "normative/desk/form.html",
        {
            "form": form,
            "title": "登记为规范性文件",
            "of": record,
            "back": reverse("desk:record", args=[record.pk]),
        },
    )


def _form(
    request: StaffRequest,
    form: django_forms.Form,
    title: str,
    document: NormativeDocument | None,
    hint: str = "",
) -> HttpResponse:
    back = reverse("desk:normative") if document is None else reverse("desk:normative_document", args=[document.pk])
    context = {"form": form, "title": title, "of": document and document.record, "back": back, "hint": hint}
    return render(request, "normative/desk/form.html", context)


def _change(
    request: StaffRequest,
    document: NormativeDocument,
    form: django_forms.Form,
    action: Callable[..., None],
    *,
    title: str,
    done: str,
    hint: str = "",
) -> HttpResponse:
    """Run an action with what the form says, or show the form."""
    if form.is_valid() and attempt(request, lambda: action(document, by=request.user, **form.cleaned_data), form=form):
        messages.success(request, done)
        return redirect("desk:normative_document", pk=document.pk)
    return _form(request, form, title, document, hint)


@desk_action("normative.change")
@require_http_methods(["GET", "POST"])
def edit(request: StaffRequest, pk: int) -> HttpResponse:
    """Put right what was entered wrongly."""
    document = _document(request, pk)
    shown = {name: getattr(document, name) for name in ("kind", "issued_on", "in_force_on", "valid_until")}
    form = forms.ChangeForm(request.POST or None, initial=shown)
    return _change(
        request, document, form, actions.change_normative, title="修改规范性文件", done="已改好，改前的内容留在记录里。"
    )


@desk_action("normative.end")
@require_http_methods(["GET", "POST"])
def repeal(request: StaffRequest, pk: int) -> HttpResponse:
    """Record the repeal."""
    document = _document(request, pk)
    form = forms.RepealForm(request.POST or None)
    return _change(
        request,
        document,
        form,
        actions.repeal,
        title="登记废止",
        done="已登记废止，门户上这份文件的页面和清单都会标明。",
        hint="登记以后不能再登记一次；日期可以在将来，到那一天才列为废止。",
    )


@desk_action("normative.end")
@require_http_methods(["GET", "POST"])
def lapse(request: StaffRequest, pk: int) -> HttpResponse:
    """Record that the document has lapsed."""
    document = _document(request, pk)
    initial = {"on": document.valid_until + queries.ONE_DAY} if document.valid_until else {}
    form = forms.LapseForm(request.POST or None, initial=initial)
    return _change(
        request,
        document,
        form,
        actions.lapse,
        title="登记失效",
        done="已登记失效，门户上这份文件的页面和清单都会标明。",
        hint="有效期届满的文件到期自动列为失效，不用登记；这里登记因其他原因提前失效的。",
    )


@desk_action("normative.extend")
@require_http_methods(["GET", "POST"])
def extend(request: StaffRequest, pk: int) -> HttpResponse:
    """Put off the last day of validity."""
    document = _document(request, pk)
    form = forms.ExtendForm(request.POST or None)
    return _change(
        request,
        document,
        form,
        actions.extend_validity,
        title="延长有效期",
        done="有效期已延长。",
        hint=f"现在的有效期至 {document.valid_until or '没有规定'}。",
    )
