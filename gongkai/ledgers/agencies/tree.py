"""The tree of agencies on a day, read in one query and asked in memory."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, Subquery

from gongkai.base import clock
from gongkai.base.models import JournalHead
from gongkai.ledgers.agencies.models import AgencyTerm, Post, Staff


@dataclass(frozen=True, slots=True)
class Node:
    """One agency as it was on the day."""

    pk: int
    slug: str
    code: str
    name: str
    short_name: str
    kind: str
    parent: int | None
    reports_for_itself: bool
    works_outside: bool


@dataclass(frozen=True, slots=True)
class Tree:
    """All agencies on one day. Order: by code, parents before children in `walk`."""

    on: date
    nodes: dict[int, Node]
    children: dict[int | None, list[int]] = field(default_factory=dict)

    def walk(self, root: int, depth: int = 0) -> Iterator[tuple[Node, int]]:
        """The agency and all below it, parents first, with their depth."""
        yield self.nodes[root], depth
        for child in self.children.get(root, ()):
            yield from self.walk(child, depth + 1)

    def subtree(self, root: int) -> frozenset[int]:
        """Primary keys of the agency and of all below it."""
        return frozenset(node.pk for node, _ in self.walk(root)) if root in self.nodes else frozenset({root})

    def ancestors(self, pk: int) -> list[int]:
        """The agency itself and all above it, nearest first."""
        line = []
        here: int | None = pk
        while here is not None and here in self.nodes and here not in line:
            line.append(here)
            here = self.nodes[here].parent
        return line

    def roots(self) -> list[Node]:
        """Agencies without a parent; an installation has one root government."""
        return [self.nodes[pk] for pk in self.children.get(None, ())]

    def name(self, pk: int) -> str:
        """The name on the day, or an empty text when the agency did not exist then."""
        node = self.nodes.get(pk)
        return node.name if node else ""


def tree_on(day: date) -> Tree:
    """The tree as it stood on a day: one query."""
    terms = (
        AgencyTerm.objects.filter(valid_from__lte=day)
        .filter(Q(valid_to=None) | Q(valid_to__gte=day))
        .select_related("agency")
        .order_by("agency__code")
    )
    nodes = {
        term.agency_id: Node(
            pk=term.agency_id,
            slug=term.agency.slug,
            code=term.agency.code,
            name=term.name,
            short_name=term.short_name,
            kind=term.kind,
            parent=term.parent_id,
            reports_for_itself=term.reports_for_itself,
            works_outside=term.works_outside,
        )
        for term in terms
    }
    tree = Tree(on=day, nodes=nodes)
    for node in nodes.values():
        parent = node.parent if node.parent in nodes else None
        tree.children.setdefault(parent, []).append(node.pk)
    return tree


def tree_today() -> Tree:
    """The tree today."""
    return tree_on(clock.localdate())


def lines_of_duty(day: date) -> dict[int, int | None]:
    """For every agency there ever was, the agency that answers for it on a day beside itself: one query.

    In force: its parent. Ended: its successor, or its last parent where none was named; so the people of the successor see
    and finish the work of the old agency. Not yet begun: its first parent.
    """
    above: dict[int, int | None] = {}
    terms = AgencyTerm.objects.order_by("valid_from").values_list(
        "agency_id", "parent_id", "successor_id", "valid_from", "valid_to"
    )
    for agency, parent, successor, first, last in terms:
        if first <= day:
            above[agency] = (successor or parent) if last is not None and last < day else parent
        else:
            above.setdefault(agency, parent)
    return above


def roles_over_the_tree(staff: Staff) -> dict[int, frozenset[str]]:
    """For each agency the roles that the member of staff holds there today, by a post at it or above it."""
    today = clock.localdate()
    here: dict[int, set[str]] = {}
    # The head of the journal comes along, so that the frame of a desk page need not ask for it again.
    posts = (
        Post.objects.filter(staff=staff)
        .in_force(today)
        .annotate(head=Subquery(JournalHead.objects.values("digest")[:1]))
    )
    for agency_id, role, head in posts.values_list("agency_id", "role", "head"):
        here.setdefault(agency_id, set()).add(role)
        staff.journal_seen = head or ""
    if not here:
        return {}
    above = lines_of_duty(today)
    held: dict[int, frozenset[str]] = {}
    for pk in above:
        path: list[int] = []
        step: int | None = pk
        while step is not None and step not in held and step not in path:
            path.append(step)
            step = above.get(step)
        roles = held.get(step, frozenset()) if step is not None else frozenset()
        for passed in reversed(path):
            roles = held[passed] = roles | frozenset(here.get(passed, ()))
    return {pk: roles for pk, roles in held.items() if roles}
