"""When an agency ends, its people and their posts go on at the successor."""

from datetime import date
from typing import Any

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.ledger import LedgerRow
from gongkai.ledgers.agencies.histories import ONE_DAY
from gongkai.ledgers.agencies.models import Agency, Post, Staff


def leave_ended_agency(agency: Agency, successor: Agency | None, *, last_day: date, by: Any, reason: str) -> None:
    """Move open accounts, and posts that outlast the day, to the successor; refuse where there is none to move them to.

    Open work stays with the people who have it, so nothing changes hands here.
    """
    staff = list(Staff.objects.select_for_update().filter(agency=agency, closed_on=None))
    posts = list(Post.objects.filter(agency=agency).not_over(last_day + ONE_DAY).select_related("staff"))
    if successor is None:
        if staff or posts:
            people = {member.pk for member in staff} | {post.staff_id for post in posts}
            raise RuleBroken(
                f"该单位还有 {len(people)} 名在用人员，请先调离、停用，或者指定承接单位。", field="successor"
            )
        return
    rows: list[LedgerRow] = []
    for member in staff:
        member.agency = successor
    Staff.objects.bulk_update(staff, ["agency"], batch_size=500)
    rows += staff
    rows += _move_posts(posts, successor, last_day)
    if rows:
        journal.record_bulk("staff.moved_with_agency", rows, by=by, reason=reason, agency_id=agency.pk)


def _move_posts(posts: list[Post], successor: Agency, last_day: date) -> list[Post]:
    """End each post with the old agency and go on at the successor, unless the same role is held there already."""
    there = {
        (staff, role): (first, last)
        for staff, role, first, last in Post.objects.filter(agency=successor)
        .not_over(last_day + ONE_DAY)
        .values_list("staff_id", "role", "valid_from", "valid_to")
    }
    moved = [
        Post(
            staff=post.staff,
            agency=successor,
            role=post.role,
            valid_from=max(post.valid_from, last_day + ONE_DAY),
            valid_to=post.valid_to,
            deputy_for_id=post.deputy_for_id,
        )
        for post in posts
        if (post.staff_id, post.role) not in there
    ]
    for post in posts:
        if post.valid_from > last_day:
            post.revoked_at = clock.now()
        else:
            post.valid_to = last_day
    Post.objects.bulk_update(posts, ["valid_to", "revoked_at"], batch_size=500)
    return posts + Post.objects.bulk_create(moved, batch_size=500)
