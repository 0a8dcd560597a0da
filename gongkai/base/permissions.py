"""A permission is a verb on an object of an agency, held by a role at that agency or above (design 4a, People).

Ledgers declare their verbs at import time. Administrators hold no business verb; who holds the administrator role holds no
other (kept by `agencies.actions`).
"""

from collections.abc import Iterable
from typing import Any, Final, Protocol

from gongkai.base.errors import NotAllowed

CLERK: Final = "clerk"
REVIEWER: Final = "reviewer"
APPROVER: Final = "approver"
DISCLOSURE_OFFICE: Final = "disclosure_office"
ADMINISTRATOR: Final = "administrator"

ROLES: Final = {
    CLERK: "经办",
    REVIEWER: "审查",
    APPROVER: "审批",
    DISCLOSURE_OFFICE: "公开工作机构",
    ADMINISTRATOR: "系统管理",
}
BUSINESS_ROLES: Final = frozenset(ROLES) - {ADMINISTRATOR}


class Actor(Protocol):
    """Whoever acts: a member of staff."""

    pk: Any

    @property
    def is_authenticated(self) -> bool: ...

    def roles_at(self, agency_id: int) -> frozenset[str]: ...

    def agencies_where(self, roles: frozenset[str]) -> frozenset[int]: ...


_verbs: dict[str, tuple[frozenset[str], str]] = {}


def declare(verb: str, title: str, roles: Iterable[str]) -> None:
    """Name a verb, its Chinese title and the roles that hold it. A verb is declared once."""
    held = frozenset(roles)
    known = _verbs.setdefault(verb, (held, title))
    if known != (held, title):
        raise ValueError(f"verb {verb} is declared twice")


def verbs() -> dict[str, tuple[frozenset[str], str]]:
    """All declared verbs with the roles that hold them, for the pages and docs that list them."""
    return dict(_verbs)


def agency_of(obj: Any) -> int:
    """The primary key of the agency an object belongs to: its `agency_id`, or its own key where it is an agency.

    Raises TypeError for anything else: the key of another row must never be taken for that of an agency.
    """
    agency_id = getattr(obj, "agency_id", None)
    if agency_id is not None:
        return int(agency_id)
    if obj._meta.label_lower == "agencies.agency":
        return int(obj.pk)
    raise TypeError(f"a {obj._meta.label} belongs to no agency")


def may(user: Any, verb: str, obj: Any) -> bool:
    """Whether the user holds the verb on the object, by a role at its agency or above."""
    roles, _ = _verbs[verb]
    return bool(user.is_authenticated and roles & user.roles_at(agency_of(obj)))


def may_somewhere(user: Any, verb: str) -> bool:
    """Whether the user holds the verb at any agency: shows or hides a page."""
    return bool(user.is_authenticated and user.agencies_where(_verbs[verb][0]))


def agencies_for(user: Any, verb: str) -> frozenset[int]:
    """Primary keys of the agencies on whose objects the user holds the verb."""
    return user.agencies_where(_verbs[verb][0]) if user.is_authenticated else frozenset()


def require(user: Any, verb: str, obj: Any) -> None:
    """Refuse with a sentence that names the verb and the roles that could do it."""
    if not may(user, verb, obj):
        roles, title = _verbs[verb]
        names = "、".join(ROLES[role] for role in ROLES if role in roles)
        raise NotAllowed(f"您没有“{title}”的权限，需要本单位或上级单位的“{names}”角色。")
