"""Posts: which role a member of staff holds at which agency, from a day to a day (design 4a, "People").

Separation of duties (law/security section 1): the administrator holds no business role, who holds one is no administrator,
and nobody grants a role to himself.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import ADMINISTRATOR, ROLES, require
from gongkai.ledgers.agencies.models import Agency, AgencyTerm, Post, Staff


@transaction.atomic
def grant_post(
    staff: Staff,
    *,
    agency: Agency,
    role: str,
    by: Any,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
) -> Post:
    """Give a role at an agency (and all below it) from a day, today when none is named, on."""
    return _grant(
        staff, agency=agency, role=role, by=by, first=valid_from, last=valid_to, deputy_for=None, reason=reason
    )


@transaction.atomic
def deputise(
    staff: Staff,
    *,
    deputy_for: Staff,
    agency: Agency,
    role: str,
    valid_from: date,
    valid_to: date,
    by: Any,
    reason: str = "",
) -> Post:
    """Let a colleague stand in for somebody (代理) in a role that he holds, until a day that is named beforehand."""
    if deputy_for.pk == staff.pk:
        raise RuleBroken("不能代理自己。", field="deputy_for")
    held = _overlapping(deputy_for, valid_from, valid_to).filter(agency=agency, role=role)
    if not held.exists():
        raise RuleBroken(
            f"{deputy_for.name}在这段时间没有该单位的“{ROLES.get(role, role)}”角色，不能代理。", field="deputy_for"
        )
    return _grant(
        staff, agency=agency, role=role, by=by, first=valid_from, last=valid_to, deputy_for=deputy_for, reason=reason
    )


@transaction.atomic
def end_post(post: Post, *, by: Any, last_day: date | None = None, reason: str = "") -> None:
    """End a post: at once, or with the end of a day that is named. The last system administrator keeps his."""
    if by is not None:
        require(by, "staff.manage", post)
    today = clock.localdate()
    if last_day is not None and last_day < max(today, post.valid_from):
        raise RuleBroken("最后一天不能早于今天，也不能早于任职的起始日；要立即结束，请不填日期。", field="last_day")
    if post.role == ADMINISTRATOR:
        require_another_administrator(post.staff)
    change = {"valid_to": last_day or max(post.valid_from, today), "revoked_at": None if last_day else clock.now()}
    still_held = Post.objects.filter(pk=post.pk, version=post.version).not_over(today)
    if not still_held.update(**change):
        raise RuleBroken("该任职已经结束，或者刚刚被改动过。")
    journal.record("staff.post_ended", post, by=by, reason=reason)


def end_all_posts(staff: Staff) -> list[Post]:
    """End at once whatever the person holds or will hold; the caller journals the rows returned."""
    today, now = clock.localdate(), clock.now()
    posts = list(Post.objects.select_for_update().filter(staff=staff).not_over(today))
    for post in posts:
        post.valid_to, post.revoked_at = max(post.valid_from, today), now
    Post.objects.bulk_update(posts, ["valid_to", "revoked_at"])
    return posts


def require_another_administrator(staff: Staff) -> None:
    """Refuse to take away the last system administrator of the root: nobody could give the role again."""
    # Everybody who takes one away waits here, so that two cannot take away the last two.
    root = Agency.objects.select_for_update().get(pk=_root_pk())
    lasting = Post.objects.filter(
        agency=root, role=ADMINISTRATOR, revoked_at=None, valid_to=None, staff__closed_on=None
    )
    held = lasting.filter(valid_from__lte=clock.localdate())
    if held.filter(staff=staff).exists() and not held.exclude(staff=staff).exists():
        raise RuleBroken(f"{staff.name}是最后一名系统管理员，请先指定另一名管理员。")


def require_exclusive(roles: Iterable[str], *, name: str) -> None:
    """Roles held at the same time: administration and business never meet in one person."""
    held = set(roles)
    if ADMINISTRATOR in held and len(held) > 1:
        raise RuleBroken(f"系统管理员不办业务：{name}不能同时有“{ROLES[ADMINISTRATOR]}”和其他角色。", field="role")


def require_role(role: str) -> None:
    """The role is one that the product knows."""
    if role not in ROLES:
        raise RuleBroken(f"没有“{role}”这种角色。", field="role")


def _root_pk() -> int:
    return AgencyTerm.objects.values_list("agency_id", flat=True).get(parent=None, valid_to=None)


def _overlapping(staff: Staff, first: date, last: date | None) -> Any:
    """Posts of the person on any day between two days (None: without end)."""
    posts = Post.objects.filter(staff=staff).not_over(first)
    return posts if last is None else posts.filter(valid_from__lte=last)


def _grant(
    staff: Staff,
    *,
    agency: Agency,
    role: str,
    by: Any,
    first: date | None,
    last: date | None,
    deputy_for: Staff | None,
    reason: str,
) -> Post:
    first = first or clock.localdate()
    if by is not None:
        require(by, "staff.manage", agency)
        require(by, "staff.manage", staff)
        if by.pk == staff.pk:
            raise RuleBroken("不能给自己授予角色，请由另一名管理员办理。")
    require_role(role)
    if last is not None and last < first:
        raise RuleBroken("截止日不能早于起始日。", field="valid_to")
    _require_agency_on(agency, first)
    # The lock lets two administrators grant one after the other: together they might give what each alone may not.
    staff = Staff.objects.select_for_update().get(pk=staff.pk)
    if staff.closed_on is not None:
        raise RuleBroken("该账号已停用，请先恢复账号。", field="staff")
    held = list(_overlapping(staff, first, last).values_list("agency_id", "role"))
    if (agency.pk, role) in held:
        raise RuleBroken(f"{staff.name}在这段时间已有该单位的“{ROLES[role]}”角色。", field="role")
    require_exclusive([role, *(other for _, other in held)], name=staff.name)
    post = Post.objects.create(
        staff=staff, agency=agency, role=role, valid_from=first, valid_to=last, deputy_for=deputy_for
    )
    journal.record("staff.deputised" if deputy_for else "staff.posted", post, by=by, reason=reason)
    return post


def _require_agency_on(agency: Agency, day: date) -> None:
    terms = AgencyTerm.objects.filter(agency=agency, valid_from__lte=day)
    if not terms.filter(Q(valid_to=None) | Q(valid_to__gte=day)).exists():
        raise RuleBroken(f"该单位在 {day} 不存在。", field="agency")
