"""The tree of agencies as it was on a day, each agency with its history, and what an administrator changes."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base import clock
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import may, may_somewhere
from gongkai.ledgers.agencies import actions, queries
from gongkai.ledgers.agencies.actions import AgencyRow
from gongkai.ledgers.agencies.desk.form_pages import form_page
from gongkai.ledgers.agencies.forms.agencies import (
    AgencyForm,
    EndForm,
    MergeForm,
    PartFormSet,
    SplitForm,
    TermForm,
    TreeFilter,
)
from gongkai.ledgers.agencies.models import Agency, AgencyTerm
from gongkai.ledgers.agencies.tree import Node, Tree, tree_on

KINDS = dict(AgencyTerm.KINDS)
Line = dict[str, Any]


@require_safe
@desk_page()
def tree(request: StaffRequest) -> HttpResponseBase:
    """单位与人员: the tree on a chosen day, with kinds, who reports for itself, and how many work where."""
    form = TreeFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    day = wanted.get("on") or clock.localdate()
    shown = tree_on(day)
    staff = _staff_counts(request.user)
    lines: list[Line] = [
        {"node": node, "indent": queries.INDENT * 2 * depth, "kind": KINDS[node.kind], "staff": staff.get(node.pk, 0)}
        for root in shown.roots()
        for node, depth in shown.walk(root.pk)
    ]
    lines = [line for line in lines if _matches(line["node"], wanted)]
    columns = [
        Column("code", "机构编码", lambda line: line["node"].code),
        Column("slug", "代号", lambda line: line["node"].slug),
        Column("name", "名称", lambda line: line["node"].name),
        Column("short_name", "简称", lambda line: line["node"].short_name),
        Column("kind", "类别", lambda line: line["kind"]),
        Column("parent", "上级单位", lambda line: shown.name(line["node"].parent or 0)),
        Column("reports_for_itself", "单独编制年报", lambda line: "是" if line["node"].reports_for_itself else "否"),
        Column("works_outside", "不在本系统办理", lambda line: "是" if line["node"].works_outside else "否"),
        Column("staff", "在用账号", lambda line: line["staff"]),
    ]
    download = answer(request, lines, columns, name=f"单位-{day}")
    if download is not None:
        return download
    context = {
        "form": form,
        "lines": lines,
        "day": day,
        "total": len(shown.nodes),
        "may_manage": may_somewhere(request.user, "agencies.manage"),
        "filtered": any(wanted.values()),
    }
    return render(request, "agencies/desk/tree.html", context)


@require_safe
@desk_page()
def agency(request: StaffRequest, pk: int) -> HttpResponse:
    """One agency: what it is today, its history (沿革), its staff and posts, the bodies below it, its outlets."""
    shown = get_object_or_404(queries.agencies_visible_to(request.user), pk=pk)
    today = clock.localdate()
    shown_tree, names = tree_on(today), queries.agency_names(today)
    terms = list(shown.terms.select_related("successor").order_by("-valid_from"))
    node, lines = shown_tree.nodes.get(pk), queries.last_lines(terms)
    manages = may(request.user, "agencies.manage", shown)
    context = {
        "agency": shown,
        "name": names[pk],
        "node": node,
        "ended": terms[0] if terms[0].valid_to is not None and terms[0].valid_to < today else None,
        "facts": _facts(shown, node, shown_tree, names),
        "history": [
            {"term": term, "kind": KINDS[term.kind], "line": lines.get(term.pk), **_around(term, names)}
            for term in terms
        ],
        "below": [shown_tree.nodes[child] for child in shown_tree.children.get(pk, ())],
        "staff": _staff_lines(request.user, shown),
        "outlets": queries.outlets_of(shown),
        "is_root": terms[0].parent_id is None,
        "may_manage": manages,
        "may_manage_staff": may(request.user, "staff.manage", shown),
    }
    return render(request, "agencies/desk/agency.html", context)


@desk_action("agencies.manage")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """A new agency."""
    initial = {"parent": request.GET.get("parent"), "valid_from": clock.localdate(), "reports_for_itself": True}
    form = AgencyForm(request.POST or None, user=request.user, initial=initial)
    return form_page(
        request,
        form,
        lambda **fields: actions.create_agency(**fields, by=request.user),
        title="新建单位",
        done="已新建单位，接着可以为它新建人员账号。",
        back=reverse("desk:agencies"),
        submit="新建单位",
    )


@desk_action("agencies.manage")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, pk: int) -> HttpResponse:
    """What changes about an agency from a day on."""
    shown, last = _agency_and_last_term(request, pk)
    form = TermForm(request.POST or None, user=request.user, term=last)
    return form_page(
        request,
        form,
        lambda **fields: actions.set_term(shown, **fields, by=request.user),
        title=f"变更：{last.name}",
        done="已登记变更，沿革里保留了以前的情况。",
        back=reverse("desk:agency", args=[pk]),
        submit="登记变更",
    )


@desk_action("agencies.manage")
@require_http_methods(["GET", "POST"])
def end(request: StaffRequest, pk: int) -> HttpResponse:
    """The end of an agency."""
    shown, last = _agency_and_last_term(request, pk)
    form = EndForm(request.POST or None, user=request.user, agency=shown)
    return form_page(
        request,
        form,
        lambda **fields: actions.end_agency(shown, **fields, by=request.user),
        title=f"撤销：{last.name}",
        done="已登记撤销。",
        back=reverse("desk:agency", args=[pk]),
        submit="登记撤销",
        consequences=(
            "它的页面、编号和台账保留，年报里由承接单位统计一次。",
            "下级单位、人员和任职从第二天起转到承接单位，在办事项由原来的人接着办。",
            "撤销的单位不能恢复。",
        ),
    )


@desk_action("agencies.manage")
@require_http_methods(["GET", "POST"])
def merge(request: StaffRequest, pk: int) -> HttpResponse:
    """Other agencies are merged into this one."""
    shown, last = _agency_and_last_term(request, pk)
    form = MergeForm(request.POST or None, user=request.user, agency=shown)
    return form_page(
        request,
        form,
        lambda **fields: actions.merge_agencies(into=shown, **fields, by=request.user),
        title=f"并入：{last.name}",
        done="已登记合并。",
        back=reverse("desk:agency", args=[pk]),
        submit="登记合并",
        consequences=("并入的单位撤销，由本单位承接；要同时改名，合并后再“变更”。",),
    )


@desk_action("agencies.manage")
@require_http_methods(["GET", "POST"])
def split(request: StaffRequest, pk: int) -> HttpResponse:
    """An agency is split into new ones."""
    shown, last = _agency_and_last_term(request, pk)
    form = SplitForm(request.POST or None)
    parts = PartFormSet(request.POST or None, prefix="parts")
    if form.is_valid() and parts.is_valid():
        rows = [
            AgencyRow(**part.cleaned_data, valid_from=form.cleaned_data["last_day"], parent=None)
            for part in parts
            if part.has_changed()
        ]
        if attempt(
            request,
            lambda: actions.split_agency(shown, parts=rows, **form.cleaned_data, by=request.user),
            form=form,
        ):
            messages.success(request, "已登记分设。")
            return redirect("desk:agency", pk=pk)
    context = {"form": form, "parts": parts, "name": last.name, "cancel_url": reverse("desk:agency", args=[pk])}
    status = 400 if form.errors or (parts.is_bound and not parts.is_valid()) else 200
    return render(request, "agencies/desk/split.html", context, status=status)


def _agency_and_last_term(request: StaffRequest, pk: int) -> tuple[Agency, AgencyTerm]:
    shown = get_object_or_404(queries.agencies_visible_to(request.user), pk=pk)
    return shown, shown.terms.select_related("agency").latest("valid_from")


def _staff_counts(user: Any) -> dict[int, int]:
    counted = queries.staff_visible_to(user).filter(closed_on=None).order_by().values_list("agency_id")
    return dict(counted.annotate(Count("pk")))


def _matches(node: Node, wanted: dict[str, Any]) -> bool:
    words = (wanted.get("q") or "").strip()
    kind = wanted.get("kind")
    return (not kind or node.kind == kind) and (
        not words or any(words in text for text in (node.name, node.short_name, node.code, node.slug))
    )


def _facts(shown: Agency, node: Node | None, shown_tree: Tree, names: dict[int, str]) -> list[tuple[object, ...]]:
    facts: list[tuple[object, ...]] = [
        ("机构编码", shown.code),
        ("代号", shown.slug),
        ("机关代字", shown.document_prefix),
    ]
    if node is None:
        return facts
    parent = node.parent
    facts += [
        ("类别", KINDS[node.kind]),
        (
            "上级单位",
            names[parent] if parent else "没有，根单位",
            reverse("desk:agency", args=[parent]) if parent else "",
        ),
        ("年报", "单独编制" if node.reports_for_itself else _reported_by(node, shown_tree)),
        ("办理方式", "不在本系统办理，年底上传统计表" if node.works_outside else "在本系统办理"),
    ]
    return facts


def _reported_by(node: Node, shown_tree: Tree) -> str:
    """The nearest body above that reports for itself; the root always does."""
    above = [shown_tree.nodes[pk] for pk in shown_tree.ancestors(node.pk)[1:]]
    reporter = next((other for other in above if other.reports_for_itself), above[-1] if above else node)
    return f"由{reporter.name}统计"


def _around(term: AgencyTerm, names: dict[int, str]) -> dict[str, str]:
    return {
        "parent": names.get(term.parent_id or 0, ""),
        "successor": names.get(term.successor_id or 0, ""),
    }


def _staff_lines(user: Any, shown: Agency) -> list[Line]:
    """Who works here, and who holds a post here from elsewhere."""
    posts = queries.posts_by_agency(clock.localdate()).get(shown.pk, [])
    people: QuerySet[Any] = queries.staff_visible_to(user).filter(closed_on=None, agency=shown)
    lines: dict[int, Line] = {person.pk: {"person": person, "posts": [], "guest": False} for person in people}
    for post in posts:
        lines.setdefault(post.staff_id, {"person": post.staff, "posts": [], "guest": True})["posts"].append(post)
    return list(lines.values())
