"""Questions about agencies and staff that pages and the ledgers above ask; each a fixed number of queries."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from gongkai.base import clock, journal
from gongkai.base.ledger import LedgerRow
from gongkai.base.models import JournalLine, RowVersion
from gongkai.base.permissions import BUSINESS_ROLES, agencies_for
from gongkai.ledgers.agencies.models import Agency, AgencyTerm, OfficeSettingValue, Post, Staff
from gongkai.ledgers.agencies.tree import tree_on

INDENT = "　"


def agencies_visible_to(_user: Any) -> QuerySet[Agency]:
    """Agencies: everybody on the desk may look at the tree."""
    return Agency.objects.all()


def staff_visible_to(_user: Any) -> QuerySet[Staff]:
    """Staff with their agency: everybody on the desk may look up who works where; passwords are never loaded."""
    return Staff.objects.select_related("agency").defer("password")


def posts_visible_to(_user: Any) -> QuerySet[Post]:
    """Posts with their people."""
    return Post.objects.select_related("staff", "agency", "deputy_for")


def agency_choices(user: Any, verb: str, on: date | None = None) -> list[tuple[int, str]]:
    """Agencies of a day (today) on which the user holds the verb, along the tree, indented by depth: choices of a form."""
    held = agencies_for(user, verb)
    return [(pk, label) for pk, label in tree_choices(on) if pk in held]


def tree_choices(on: date | None = None) -> list[tuple[int, str]]:
    """All agencies of a day (today), along the tree, indented by depth."""
    tree = tree_on(on or clock.localdate())
    return [(node.pk, f"{INDENT * depth}{node.name}") for root in tree.roots() for node, depth in tree.walk(root.pk)]


def staff_choices(agencies: Iterable[int] | None = None, *, business_only: bool = False) -> list[tuple[int, str]]:
    """Open accounts with the name of their agency: choices of a form.

    `business_only` leaves out who holds no business role today; `agencies` keeps those who work there.
    """
    staff = Staff.objects.filter(closed_on=None)
    if agencies is not None:
        staff = staff.filter(agency__in=list(agencies))
    if business_only:
        staff = staff.filter(
            pk__in=Post.objects.in_force(clock.localdate()).filter(role__in=BUSINESS_ROLES).values("staff")
        )
    names = agency_names()
    rows = staff.order_by("agency__code", "username").values_list("pk", "name", "agency_id")
    return [(pk, f"{name}（{names.get(agency, '')}）") for pk, name, agency in rows]


def deputy_choices(user: Any, staff: Staff) -> list[tuple[int, str]]:
    """Posts of others, at agencies where the user manages staff, in which somebody may stand in: choices of a form."""
    names = agency_names()
    posts = (
        posts_visible_to(user)
        .filter(agency__in=agencies_for(user, "staff.manage"), staff__closed_on=None, deputy_for=None)
        .filter(revoked_at=None)
        .filter(Q(valid_to=None) | Q(valid_to__gte=clock.localdate()))
        .exclude(staff=staff)
        .order_by("agency__code", "staff__username", "role")
    )
    return [
        (post.pk, f"{post.staff.name}：{names.get(post.agency_id, '')} · {post.get_role_display()}") for post in posts
    ]


def agency_names(on: date | None = None) -> dict[int, str]:
    """The name of every agency on a day (today): an ended one keeps its last name, a coming one has its first."""
    return {pk: term.name for pk, term in terms_of_all(on).items()}


def agency_short_names(on: date | None = None) -> dict[int, str]:
    """The same for short names."""
    return {pk: term.short_name for pk, term in terms_of_all(on).items()}


def terms_of_all(on: date | None = None) -> dict[int, AgencyTerm]:
    """The term of every agency that holds on a day (today), else its last before, else its first: one query."""
    day = on or clock.localdate()
    found: dict[int, AgencyTerm] = {}
    for term in AgencyTerm.objects.order_by("valid_from"):
        if term.valid_from <= day or term.agency_id not in found:
            found[term.agency_id] = term
    return found


def terms_on(day: date) -> QuerySet[AgencyTerm]:
    """The terms in force on a day, for counts by kind (agencies.departments, agencies.towns …)."""
    return AgencyTerm.objects.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gte=day))


def setting_history(key: str) -> QuerySet[OfficeSettingValue]:
    """Every value that was ever set for a key, newest first."""
    return OfficeSettingValue.objects.filter(key=key).order_by("-valid_from", "agency__code")


def outlets_of(agency: Agency) -> QuerySet[Any]:
    """Where the agency publishes, kept by the ledger of records above this one."""
    return agency.outlets.order_by("name")


def last_lines(rows: Iterable[LedgerRow]) -> dict[int, JournalLine]:
    """For rows of one model, the journal line of the last change of each: who, when, and why. One query."""
    keys = {row.pk: row for row in rows}
    if not keys:
        return {}
    subject = journal.subject_of(next(iter(keys.values())))
    versions = (
        RowVersion.objects.filter(subject=subject, subject_pk__in=keys).select_related("line").order_by("version")
    )
    return {version.subject_pk: version.line for version in versions}


def root_agency() -> Agency | None:
    """The root government of this installation, or None while it is empty."""
    return Agency.objects.filter(terms__parent=None, terms__valid_to=None).first()


def posts_by_agency(day: date) -> dict[int, list[Post]]:
    """The posts held on a day by open accounts, by agency: one query."""
    held: dict[int, list[Post]] = {}
    posts = (
        Post.objects.in_force(day)
        .filter(staff__closed_on=None)
        .select_related("staff")
        .order_by("role", "staff__username")
    )
    for post in posts:
        held.setdefault(post.agency_id, []).append(post)
    return held
