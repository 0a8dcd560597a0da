"""Members of staff: accounts are made, moved, closed and opened again; open work never stays behind (工作交接)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from gongkai.base import clock, journal, open_work
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import BUSINESS_ROLES, require
from gongkai.ledgers.agencies.actions.passwords import require_good_password, temporary_password
from gongkai.ledgers.agencies.actions.posts import (
    end_all_posts,
    require_another_administrator,
    require_exclusive,
    require_role,
)
from gongkai.ledgers.agencies.models import Agency, Post, Staff
from gongkai.ledgers.agencies.tree import tree_on

USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,39}")


class NewAccount(NamedTuple):
    """An account and the password to hand over, which is shown once and stored nowhere."""

    staff: Staff
    password: str


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A member of staff to be created, as a line of a list names it; agency by slug, roles at that agency."""

    username: str
    name: str
    agency: str
    roles: tuple[str, ...] = ()
    password: str = ""
    must_change_password: bool = True
    valid_from: date | None = None


@transaction.atomic
def create_staff(
    *, username: str, name: str, agency: Agency, by: Any, roles: Sequence[str] = (), valid_from: date | None = None
) -> NewAccount:
    """Open an account with a temporary password, and posts at the agency from a day (today) on."""
    row = StaffRow(username=username, name=name, agency=agency.slug, roles=tuple(roles), valid_from=valid_from)
    return _create([row], by=by, numbered=False)[0]


@transaction.atomic
def create_staff_members(rows: Sequence[StaffRow], *, by: Any = None) -> list[NewAccount]:
    """Open many accounts, all or none, in few queries and one journal line. A refusal names the number of the row."""
    if not rows:
        raise RuleBroken("没有要新建的人员。")
    return _create(rows, by=by, numbered=True)


@transaction.atomic
def rename_staff(staff: Staff, *, name: str, by: Any, reason: str = "") -> None:
    """Correct or change a person's name; the name under which earlier acts were done stays in the journal."""
    _require_manager(by, staff)
    name = _require_name(name)
    if not Staff.objects.filter(pk=staff.pk, version=staff.version).exclude(name=name).update(name=name):
        raise RuleBroken("姓名没有改动，或者刚刚被别人改动过。", field="name")
    journal.record("staff.renamed", staff, by=by, reason=reason)


@transaction.atomic
def close_account(staff: Staff, *, by: Any, reason: str, successor: Staff | None = None) -> int:
    """Close an account at once: posts end, open work goes to the successor. Returns how many pieces changed hands."""
    _require_manager(by, staff)
    if by is not None and by.pk == staff.pk:
        raise RuleBroken("不能停用自己的账号，请由另一名管理员办理。")
    _require_reason(reason)
    require_another_administrator(staff)
    # The filter is the lock: of two administrators pressing the button at once, one changes no row.
    if not Staff.objects.filter(pk=staff.pk, closed_on=None).update(closed_on=clock.localdate()):
        raise RuleBroken("该账号已经停用。")
    handed = _hand_over(staff, successor, by=by, reason=reason)
    staff.refresh_from_db()
    journal.record_bulk("staff.closed", [staff, *end_all_posts(staff)], by=by, reason=reason, agency_id=staff.agency_id)
    return handed


@transaction.atomic
def reopen_account(staff: Staff, *, by: Any, reason: str) -> str:
    """Open a closed account again, without posts, with a temporary password that is returned once."""
    _require_manager(by, staff)
    _require_reason(reason)
    password = temporary_password()
    closed = Staff.objects.filter(pk=staff.pk, closed_on__isnull=False)
    if not closed.update(closed_on=None, must_change_password=True, password=make_password(password)):
        raise RuleBroken("该账号没有停用。")
    journal.record("staff.reopened", staff, by=by, reason=reason)
    return password


@transaction.atomic
def move_staff(
    staff: Staff, *, to: Agency, by: Any, reason: str, roles: Sequence[str] = (), successor: Staff | None = None
) -> int:
    """Move a person to another agency at once: posts end, open work goes to the successor, new posts begin there today.

    Returns how many pieces of work changed hands.
    """
    _require_manager(by, staff)
    if by is not None:
        require(by, "staff.manage", to)
        if by.pk == staff.pk:
            raise RuleBroken("不能调动自己，请由另一名管理员办理。")
    _require_reason(reason)
    _require_roles(roles, name=staff.name)
    today = clock.localdate()
    if to.pk not in tree_on(today).nodes:
        raise RuleBroken(f"该单位在 {today} 不存在。", field="to")
    require_another_administrator(staff)
    elsewhere = Staff.objects.filter(pk=staff.pk, closed_on=None, version=staff.version).exclude(agency=to)
    if not elsewhere.update(agency=to):
        raise RuleBroken("该人员已在这个单位、已停用，或者刚刚被改动过。", field="to")
    handed = _hand_over(staff, successor, by=by, reason=reason)
    staff.refresh_from_db()
    ended = end_all_posts(staff)
    begun = Post.objects.bulk_create([Post(staff=staff, agency=to, role=role, valid_from=today) for role in roles])
    journal.record_bulk("staff.moved", [staff, *ended, *begun], by=by, reason=reason, agency_id=to.pk)
    return handed


@transaction.atomic
def hand_over_work(staff: Staff, *, successor: Staff, by: Any, reason: str) -> int:
    """Hand open work to a colleague without closing the account, for a long absence. Returns how many pieces went over."""
    _require_manager(by, staff)
    _require_reason(reason)
    handed = _hand_over(staff, successor, by=by, reason=reason)
    if not handed:
        raise RuleBroken(f"{staff.name}没有在办事项，不用交接。")
    return handed


def _hand_over(staff: Staff, successor: Staff | None, *, by: Any, reason: str) -> int:
    """Open work to the successor, who must be able to do it; without open work no successor is needed."""
    items = open_work.items_of(staff)
    if not items:
        return 0
    if successor is None:
        raise RuleBroken(f"{staff.name}还有 {len(items)} 件在办事项，请选择承接人。", field="successor")
    if successor.pk == staff.pk:
        raise RuleBroken("承接人不能是本人。", field="successor")
    if successor.closed_on is not None:
        raise RuleBroken(f"{successor.name}的账号已停用，不能承接。", field="successor")
    if not successor.roles_at(staff.agency_id) & BUSINESS_ROLES:
        raise RuleBroken(f"{successor.name}在该单位没有业务角色，不能承接，请先授予角色。", field="successor")
    return open_work.hand_over(staff, successor, by=by, reason=reason)


def _create(rows: Sequence[StaffRow], *, by: Any, numbered: bool) -> list[NewAccount]:
    agencies = Agency.objects.in_bulk({row.agency for row in rows}, field_name="slug")
    taken = set(
        Staff.objects.filter(username__in=[_folded(row.username) for row in rows]).values_list("username", flat=True)
    )
    hashes: dict[str, str] = {}
    made: list[NewAccount] = []
    for number, row in enumerate(rows, 1):
        try:
            made.append(_checked(row, agencies, taken, hashes, by=by))
        except RuleBroken as broken:
            at = f"第 {number} 行：" if numbered else ""
            raise type(broken)(f"{at}{broken}", field=broken.field) from None
    Staff.objects.bulk_create([account.staff for account in made], batch_size=500)
    posts = [
        Post(
            staff=account.staff, agency=account.staff.agency, role=role, valid_from=row.valid_from or clock.localdate()
        )
        for row, account in zip(rows, made, strict=True)
        for role in row.roles
    ]
    Post.objects.bulk_create(posts, batch_size=500)
    if len(made) == 1:
        journal.record("staff.created", made[0].staff, by=by)
        if posts:
            journal.record_bulk("staff.posted", posts, by=by, agency_id=made[0].staff.agency_id)
    else:
        journal.record_bulk("staff.created_in_bulk", [*(account.staff for account in made), *posts], by=by)
    return made


def _checked(
    row: StaffRow, agencies: dict[str, Agency], taken: set[str], hashes: dict[str, str], *, by: Any
) -> NewAccount:
    agency = agencies.get(row.agency)
    if agency is None:
        raise RuleBroken(f"没有代号为“{row.agency}”的单位。", field="agency")
    if by is not None:
        require(by, "staff.manage", agency)
    staff = Staff(
        username=_require_username(row.username),
        name=_require_name(row.name),
        agency=agency,
        must_change_password=row.must_change_password,
    )
    if staff.username in taken:
        raise RuleBroken(f"登录名“{staff.username}”已经有人使用。", field="username")
    taken.add(staff.username)
    _require_roles(row.roles, name=staff.name)
    if row.password:
        require_good_password(row.password, staff)
    password = row.password or temporary_password()
    # Hashing is slow on purpose: a list that gives one password to many is hashed once.
    if password not in hashes:
        hashes[password] = make_password(password)
    staff.password = hashes[password]
    return NewAccount(staff, password)


def _require_roles(roles: Sequence[str], *, name: str) -> None:
    for role in roles:
        require_role(role)
    if len(set(roles)) < len(roles):
        raise RuleBroken(f"{name}的角色写了两遍。", field="roles")
    require_exclusive(roles, name=name)


def _require_manager(by: Any, staff: Staff) -> None:
    if by is not None:
        require(by, "staff.manage", staff)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken("请写明理由，例如调动通知的文号。", field="reason")


def _folded(username: str) -> str:
    return username.strip().lower()


def _require_username(username: str) -> str:
    username = _folded(username)
    if not USERNAME.fullmatch(username):
        raise RuleBroken(
            f"登录名“{username}”不合要求：以字母开头，字母、数字、点、下划线或连字符，2 至 40 个字符。",
            field="username",
        )
    return username


def _require_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise RuleBroken("请填写姓名。", field="name")
    return name
