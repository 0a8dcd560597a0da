"""Import of staff: an account each, with a temporary password that is shown once."""

from collections import defaultdict
from collections.abc import Sequence

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import ROLES
from gongkai.ledgers.agencies.actions import StaffRow, create_staff_members
from gongkai.ledgers.agencies.actions.posts import require_exclusive
from gongkai.ledgers.agencies.actions.staff import USERNAME
from gongkai.ledgers.agencies.models import Post, Staff
from gongkai.site.imports.columns import Column, of, plain
from gongkai.site.imports.ledger import Desk, Ledger, Row, in_chunks

BY_LABEL = {plain(label): code for code, label in ROLES.items()} | {code: code for code in ROLES}


class StaffLedger(Ledger):
    """人员: accounts and their posts at their agency."""

    code = "staff"
    title = "人员"
    holds = "一行一个账号：登录名、姓名、所在单位、角色；初始密码只在导入时显示一次"
    verb = "staff.manage"
    url_name = "desk:agencies"
    key = ("username",)
    rows_a_second = 3
    most_on_the_desk = 60  # a password is hashed slowly on purpose
    columns = (
        of(Staff, "username", required=True, example="linke", note="以字母开头，字母、数字、点、下划线或连字符"),
        of(Staff, "name", required=True, example="林科员"),
        Column("agency", "所在单位", required=True, example="示范区教育局", note="写全称或者代号", width=30),
        Column(
            "roles",
            "角色",
            kind="names",
            required=True,
            example="经办",
            note=f"{'、'.join(ROLES.values())}；系统管理不能和其他角色同时担任",
            width=24,
            choices=ROLES,
        ),
    )

    def check(self, rows: Sequence[Row], desk: Desk) -> None:
        """Agency, name, roles; then whether the account is there."""
        self.find_agencies(rows, desk)
        for row in rows:
            row.values["username"] = row["username"].strip().lower()
            self._check_row(row)
        names = [row["username"] for row in rows]
        there = {s.username: s for s in in_chunks(names, lambda some: Staff.objects.filter(username__in=some))}
        held = self._roles([staff.pk for staff in there.values()])
        for row in rows:
            staff = there.get(row["username"])
            if staff is not None and not row.unreadable and row.agency is not None:
                given = {
                    "name": row["name"],
                    "agency": desk.agencies.names.get(row.agency.pk, ""),
                    "roles": tuple(ROLES[role] for role in ROLES if role in row.entry.roles),
                }
                state = {
                    "name": staff.name,
                    "agency": desk.agencies.names.get(staff.agency_id, ""),
                    "roles": tuple(ROLES[role] for role in ROLES if role in held[staff.pk, staff.agency_id]),
                }
                self.compare(row, given, state, advice="导入不改已有的账号，要变更请在“单位与人员”里办理")

    def _check_row(self, row: Row) -> None:
        if row.unreadable:
            return
        if not USERNAME.fullmatch(row["username"]):
            self.fault(row, f"“{row['username']}”不合要求：以字母开头，2 至 40 个字符", "username")
        roles = []
        for text in row["roles"]:
            role = BY_LABEL.get(plain(text), "")
            if not role:
                self.fault(row, f"没有“{text}”这种角色，可填：{'、'.join(ROLES.values())}", "roles")
            elif role in roles:
                self.fault(row, f"“{text}”写了两遍", "roles")
            else:
                roles.append(role)
        try:
            require_exclusive(roles, name=row["name"])
        except RuleBroken as broken:
            self.fault(row, str(broken), "roles")
        if row.agency is not None:
            row.entry = StaffRow(row["username"], row["name"], row.agency.slug, tuple(roles))

    def _roles(self, staff: list[int]) -> dict[tuple[int, int], set[str]]:
        held: dict[tuple[int, int], set[str]] = defaultdict(set)
        today = clock.localdate()
        for post in in_chunks(staff, lambda some: Post.objects.filter(staff_id__in=some).in_force(today)):
            held[post.staff_id, post.agency_id].add(post.role)
        return held

    def write(self, rows: Sequence[Row], desk: Desk, reason: str) -> Sequence[tuple[str, ...]]:  # noqa: ARG002
        """The accounts; returns login name, name and temporary password of each."""
        made = create_staff_members([row.entry for row in rows], by=desk.user)
        return [(account.staff.username, account.staff.name, account.password) for account in made]
