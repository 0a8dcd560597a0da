"""Staff: the list, one person with posts and open work, and what an administrator does with accounts."""

from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gongkai.base import clock, open_work
from gongkai.base.exports import Column, answer
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.permissions import BUSINESS_ROLES, may, may_somewhere
from gongkai.ledgers.agencies import actions, lockout, queries
from gongkai.ledgers.agencies.desk.form_pages import form_page
from gongkai.ledgers.agencies.forms.staff import (
    DeputyForm,
    EndPostForm,
    HandOverForm,
    MoveForm,
    NameForm,
    PostForm,
    ReasonForm,
    StaffFilter,
    StaffForm,
)
from gongkai.ledgers.agencies.models import Post, Staff

PAGE = 50
ITEM_COLUMNS = [
    Column("ledger", "台账", lambda item: item.ledger),
    Column("title", "事项", lambda item: item.title),
    Column("due", "期限", lambda item: item.due),
]
CONTENT_COLUMN = Column("content", "内容", lambda item: item.content)
"""What the work is about is told to the person himself; an administrator sees no ledger."""


@require_safe
@desk_page()
def staff_list(request: StaffRequest) -> HttpResponseBase:
    """Who works where, in which roles."""
    form = StaffFilter(request.GET)
    rows = _filtered(queries.staff_visible_to(request.user), form)
    rows = rows.order_by("agency__code", "username")
    names = queries.agency_names()
    roles = _roles_by_staff()
    columns = [
        Column("name", "姓名", lambda row: row.name),
        Column("username", "登录名", lambda row: row.username),
        Column("agency", "单位", lambda row: names[row.agency_id]),
        Column("roles", "角色", lambda row: roles.get(row.pk, "")),
        Column("closed_on", "停用日期", lambda row: row.closed_on),
    ]
    download = answer(request, rows, columns, name=f"人员-{clock.localdate()}")
    if download is not None:
        return download
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    lines = [{"person": row, "agency": names[row.agency_id], "roles": roles.get(row.pk, "")} for row in page]
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "may_manage": may_somewhere(request.user, "staff.manage"),
    }
    return render(request, "agencies/desk/staff_list.html", context)


@require_safe
@desk_page()
def staff(request: StaffRequest, pk: int) -> HttpResponse:
    """One person: where, in which roles and since when, and how much open work."""
    person = get_object_or_404(queries.staff_visible_to(request.user), pk=pk)
    manages = may(request.user, "staff.manage", person)
    today, names = clock.localdate(), queries.agency_names()
    posts = queries.posts_visible_to(request.user).filter(staff=person).order_by("-valid_from", "-pk")
    context = {
        "person": person,
        "agency": names[person.agency_id],
        "posts": [{"post": post, "agency": names[post.agency_id], "state": _post_state(post)} for post in posts],
        "open_items": len(open_work.items_of(person)) if manages or request.user.pk == pk else None,
        "locked_until": lockout.locked_until(person.username) if manages else None,
        "may_manage": manages,
        "is_self": request.user.pk == pk,
        "today": today,
    }
    return render(request, "agencies/desk/staff.html", context)


@desk_action("staff.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """A new account; its temporary password is shown once."""
    form = StaffForm(request.POST or None, user=request.user, initial={"agency": request.GET.get("agency")})
    made: list[actions.NewAccount] = []
    if form.is_valid() and attempt(
        request, lambda: made.append(actions.create_staff(**form.cleaned_data, by=request.user)), form=form
    ):
        return _password_page(request, made[0].staff, made[0].password, "账号已建立")
    context = {"form": form, "title": "新建人员", "submit": "新建账号", "cancel_url": reverse("desk:staff_list")}
    return render(request, "agencies/desk/form.html", context, status=400 if form.errors else 200)


@desk_action("staff.manage")
@require_http_methods(["GET", "POST"])
def rename(request: StaffRequest, pk: int) -> HttpResponse:
    """A name, corrected."""
    person = _person(request, pk)
    form = NameForm(request.POST or None, initial={"name": person.name})
    return _form(request, person, form, actions.rename_staff, title=f"改姓名：{person.name}", done="姓名已改。")


@desk_action("staff.manage")
@require_http_methods(["GET", "POST"])
def post_new(request: StaffRequest, pk: int) -> HttpResponse:
    """A role at an agency."""
    person = _person(request, pk)
    form = PostForm(request.POST or None, user=request.user, staff=person)
    return _form(request, person, form, actions.grant_post, title=f"授予角色：{person.name}", done="已授予角色。")


@desk_action("staff.manage")
@require_http_methods(["GET", "POST"])
def post_end(request: StaffRequest, pk: int, post: int) -> HttpResponse:
    """The end of a role."""
    person = _person(request, pk)
    held = get_object_or_404(queries.posts_visible_to(request.user).filter(staff=person), pk=post)
    form = EndPostForm(request.POST or None)
    return form_page(
        request,
        form,
        lambda **fields: actions.end_post(held, **fields, by=request.user),
        title=f"结束任职：{person.name}，{queries.agency_names()[held.agency_id]} · {held.get_role_display()}",
        done="任职已结束。",
        back=reverse("desk:staff", args=[pk]),
        submit="结束任职",
    )


@desk_action("staff.manage")
@require_http_methods(["GET", "POST"])
def deputise(request: StaffRequest, pk: int) -> HttpResponse:
    """Standing in for a colleague until a day."""
    person = _person(request, pk)
    form = DeputyForm(request.POST or None, user=request.user, staff=person)

    def stand_in(deputy: Staff, *, post: Post, by: Any, **fields: Any) -> object:
        return actions.deputise(deputy, deputy_for=post.staff, agency=post.agency, role=post.role, by=by, **fields)

    return _form(request, person, form, stand_in, title=f"设代理：由{person.name}代理", done="已设代理，到期自动结束。")


@desk_action("staff.manage")
@require_http_methods(["GET", "POST"])
def move(request: StaffRequest, pk: int) -> HttpResponse:
    """To another agency; open work is handed over in the same step."""
    person = _person(request, pk)
    form = MoveForm(request.POST or None, user=request.user, staff=person)
    return _form(
        request,
        person,
        form,
        actions.move_staff,
        title=f"调动：{person.name}",
        done="已调动，原任职已结束。",
        submit="调动",
        consequences=("原来的任职立即结束，在办事项交给承接人。",),
        hands_over=True,
    )


@desk_action("staff.manage")
@require_http_methods(["GET", "POST"])
def close(request: StaffRequest, pk: int) -> HttpResponse:
    """The end of an account; open work is handed over in the same step."""
    person = _person(request, pk)
    form = HandOverForm(request.POST or None, staff=person)
    return _form(
        request,
        person,
        form,
        actions.close_account,
        title=f"停用账号：{person.name}",
        done="账号已停用。",
        submit="停用账号",
        consequences=("立即不能登录，任职全部结束，在办事项交给承接人；办过的事和日志保留。",),
        hands_over=True,
    )


@desk_action("staff.manage")
@require_http_methods(["GET", "POST"])
def hand_over(request: StaffRequest, pk: int) -> HttpResponse:
    """Open work to a colleague, the account stays."""
    person = _person(request, pk)
    form = HandOverForm(request.POST or None, staff=person)
    form.fields["successor"].required = True
    return _form(
        request,
        person,
        form,
        actions.hand_over_work,
        title=f"交接在办事项：{person.name}",
        done="在办事项已交接。",
        submit="交接",
        hands_over=True,
    )


@require_safe
@desk_page()
def open_items(request: StaffRequest, pk: int) -> HttpResponseBase:
    """交接清单: open work of a person, to be printed or downloaded; for the administrator and the person."""
    person = _person(request, pk)
    if request.user.pk != pk and not may(request.user, "staff.manage", person):
        return redirect("desk:staff", pk=pk)
    items = open_work.items_of(person)
    # Who holds no role any more has his numbers, to hand them over, and no look into the ledgers.
    is_own = request.user.pk == pk and bool(request.user.agencies_where(BUSINESS_ROLES))
    columns = [*ITEM_COLUMNS, CONTENT_COLUMN] if is_own else ITEM_COLUMNS
    download = answer(request, items, columns, name=f"交接清单-{clock.localdate()}")
    if download is not None:
        return download
    context = {"person": person, "agency": queries.agency_names()[person.agency_id], "items": items}
    return render(request, "agencies/desk/open_items.html", {**context, "links": is_own})


@desk_action("staff.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def reset(request: StaffRequest, pk: int) -> HttpResponse:
    """A temporary password, shown once."""
    person = _person(request, pk)
    made: list[str] = []
    if request.method == "POST":
        if attempt(request, lambda: made.append(actions.reset_password(person, by=request.user))):
            return _password_page(request, person, made[0], "密码已重置")
        return redirect("desk:staff", pk=pk)
    context = {
        "title": f"重置密码：{person.name}",
        "question": "重置密码？",
        "consequences": ["原密码立即失效，已登录的会话立即退出，锁定解除。", "临时密码只显示一次，首次登录后须改掉。"],
        "submit": "重置密码",
        "cancel_url": reverse("desk:staff", args=[pk]),
    }
    return render(request, "agencies/desk/confirm.html", context)


@desk_action("staff.manage")
@never_cache
@require_http_methods(["GET", "POST"])
def reopen(request: StaffRequest, pk: int) -> HttpResponse:
    """A closed account, opened again with a temporary password."""
    person = _person(request, pk)
    form = ReasonForm(request.POST or None)
    made: list[str] = []
    if form.is_valid() and attempt(
        request,
        lambda: made.append(actions.reopen_account(person, **form.cleaned_data, by=request.user)),
        form=form,
    ):
        return _password_page(request, person, made[0], "账号已恢复，角色须另行授予")
    context = {
        "form": form,
        "title": f"恢复账号：{person.name}",
        "submit": "恢复账号",
        "cancel_url": reverse("desk:staff", args=[pk]),
    }
    return render(request, "agencies/desk/form.html", context, status=400 if form.errors else 200)


@desk_action("staff.manage")
@require_http_methods(["POST"])
def unlock(request: StaffRequest, pk: int) -> HttpResponse:
    """A lockout, lifted before its time."""
    person = _person(request, pk)
    attempt(request, lambda: actions.unlock_account(person, by=request.user))
    return redirect("desk:staff", pk=pk)


def _person(request: StaffRequest, pk: int) -> Staff:
    return get_object_or_404(queries.staff_visible_to(request.user), pk=pk)


def _form(
    request: StaffRequest,
    person: Staff,
    form: Any,
    action: Callable[..., object],
    *,
    hands_over: bool = False,
    **more: Any,
) -> HttpResponse:
    if hands_over:
        more |= {"template": "agencies/desk/hand_over.html", "items": open_work.items_of(person), "person": person}
    return form_page(
        request,
        form,
        lambda **fields: action(person, **fields, by=request.user),
        back=reverse("desk:staff", args=[person.pk]),
        **more,
    )


def _password_page(request: StaffRequest, person: Staff, password: str, title: str) -> HttpResponse:
    return render(request, "agencies/desk/password_once.html", {"person": person, "password": password, "title": title})


def _filtered(rows: QuerySet[Staff], form: StaffFilter) -> QuerySet[Staff]:
    wanted = form.cleaned_data if form.is_valid() else {}
    if words := (wanted.get("q") or "").strip():
        rows = rows.filter(Q(name__icontains=words) | Q(username__icontains=words))
    if wanted.get("agency"):
        rows = rows.filter(agency_id=wanted["agency"])
    if wanted.get("role"):
        rows = rows.filter(pk__in=Post.objects.in_force(clock.localdate()).filter(role=wanted["role"]).values("staff"))
    if (state := wanted.get("state")) or "state" not in form.data:
        rows = rows.filter(closed_on__isnull=(state or "open") == "open")
    return rows


def _roles_by_staff() -> dict[int, str]:
    """The roles each person holds today, as one reads them."""
    held: dict[int, list[str]] = {}
    for posts in queries.posts_by_agency(clock.localdate()).values():
        for post in posts:
            held.setdefault(post.staff_id, []).append(post.get_role_display())
    return {pk: "、".join(dict.fromkeys(roles)) for pk, roles in held.items()}


def _post_state(post: Post) -> tuple[str, str, bool]:
    """Tone, word, and whether the post can still be ended."""
    today = clock.localdate()
    if post.revoked_at is not None or (post.valid_to is not None and post.valid_to < today):
        return "", "已结束", False
    if post.valid_from > today:
        return "", "未开始", True
    return "good", "代理中" if post.deputy_for_id else "在任", True
