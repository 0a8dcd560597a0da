"""今天 for an administrator: accounts and agencies, backup and journal; nothing of any ledger, least of all applicants."""

from dataclasses import dataclass
from typing import Any, Final

from gongkai.base import calendars, clock, journal
from gongkai.base.models import JournalLine
from gongkai.base.permissions import agencies_for
from gongkai.ledgers.agencies.lockout import attempt_key, locked_keys
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.agencies.queries import posts_by_agency, staff_visible_to
from gongkai.ledgers.agencies.tree import Node, tree_today
from gongkai.site.today import DayLine, day_line

BACKUP_MADE: Final = "backup.made"
OLD: Final = 7
"""Days after which the page asks for a backup and a verification."""


@dataclass(frozen=True, slots=True)
class Proof:
    """When something was done last, by the line about it; `is_old`: never, too long ago, or it failed."""

    line: JournalLine | None
    is_old: bool
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Administration:
    """What an administrator looks after."""

    day: DayLine
    locked: list[Staff]
    not_begun: list[Staff]
    """Accounts whose first password was never changed."""
    unstaffed: list[Node]
    """Agencies that work here and at which nobody holds a role, nor above them but at the root."""
    backup: Proof
    verification: Proof


def administration_of(user: Any) -> Administration:
    """The page of an administrator: a fixed number of queries."""
    day, tree, held = clock.localdate(), tree_today(), agencies_for(user, "staff.manage")
    staff = list(staff_visible_to(user).filter(closed_on=None, agency__in=held).order_by("agency__code", "username"))
    locked = locked_keys()
    posts = posts_by_agency(day)
    nodes = [
        tree.nodes[pk]
        for pk in sorted(held, key=lambda pk: tree.nodes[pk].code if pk in tree.nodes else "")
        if pk in tree.nodes
    ]
    verified = journal.last_verification()
    failed = verified is not None and verified.verb == journal.VERIFICATION_FAILED
    return Administration(
        day=day_line(calendars.work_calendar(tree.ancestors(user.agency_id)), day),
        locked=[person for person in staff if attempt_key(person.username) in locked],
        not_begun=[person for person in staff if person.must_change_password],
        unstaffed=[node for node in nodes if not node.works_outside and node.pk not in posts],
        backup=_proof(JournalLine.objects.filter(verb=BACKUP_MADE).order_by("-number").first()),
        verification=_proof(verified, failed=failed),
    )


def _proof(line: JournalLine | None, *, failed: bool = False) -> Proof:
    is_old = line is None or failed or (clock.now() - line.at).days >= OLD
    return Proof(line, is_old, failed)
