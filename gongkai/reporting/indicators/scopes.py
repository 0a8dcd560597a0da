"""Which agencies a report counts: the tree on 31 December, and bodies that ended before, by their successor, once."""

from datetime import date
from typing import Literal

from gongkai.ledgers.agencies.models import AgencyTerm
from gongkai.ledgers.agencies.tree import Node, Tree
from gongkai.reporting.indicators import Scope, year_scope

Reach = Literal["own", "own_level"]
REACHES: dict[str, str] = {
    "own": "本机关",
    "own_level": "本级政府及其部门、派出机构、乡镇街道",
}


def default_reach(kind: str) -> Reach:
    """[M] A government's report covers its own level; any other body's only itself (law/annual-report-forms section 5)."""
    return "own_level" if kind == "government" else "own"


def history(last: date) -> tuple[Tree, dict[int, int]]:
    """The tree on the day, and for each agency that had ended by then who stands for it: one query.

    An agency without a named successor falls to its last parent.
    """
    terms = list(
        AgencyTerm.objects.filter(valid_from__lte=last).select_related("agency").order_by("agency__code", "valid_from")
    )
    tree = Tree(on=last, nodes={})
    latest: dict[int, AgencyTerm] = {}
    for term in terms:
        latest[term.agency_id] = term
        if term.valid_to is None or term.valid_to >= last:
            tree.nodes[term.agency_id] = _node(term)
    for node in tree.nodes.values():
        tree.children.setdefault(node.parent if node.parent in tree.nodes else None, []).append(node.pk)
    ended = {pk: term for pk, term in latest.items() if pk not in tree.nodes}
    return tree, {pk: heir for pk in ended if (heir := _heir(pk, ended)) is not None}


def _node(term: AgencyTerm) -> Node:
    return Node(
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


def _heir(pk: int, ended: dict[int, AgencyTerm]) -> int | None:
    seen = set()
    here: int | None = pk
    while here in ended and here not in seen:
        seen.add(here)
        here = ended[here].successor_id or ended[here].parent_id
    return None if here in seen else here


def _below(tree: Tree, root: int, reach: Reach) -> set[int]:
    """The agency and those that its report counts.

    own: also those below that do not report for themselves, which fall to the nearest above that does. own_level: all
    below, but for other governments and what stands under them.
    """
    found = {root}
    for child in tree.children.get(root, ()):
        node = tree.nodes[child]
        if node.kind != "government" and (reach == "own_level" or not node.reports_for_itself):
            found |= _below(tree, child, reach)
    return found


def scope_in(tree: Tree, heirs: dict[int, int], agency_id: int, year: int, reach: Reach) -> Scope:
    """The scope of an agency's report in a tree that has been read (`history`)."""
    counted = _below(tree, agency_id, reach) if agency_id in tree.nodes else {agency_id}
    counted |= {pk for pk, heir in heirs.items() if heir in counted}
    return year_scope(counted, year, tree)


def scope_of(agency_id: int, year: int, reach: Reach | None = None) -> Scope:
    """The scope of an agency's report. `reach` None: the default of its kind. One query."""
    tree, heirs = history(date(year, 12, 31))
    node = tree.nodes.get(agency_id)
    return scope_in(tree, heirs, agency_id, year, reach or default_reach("" if node is None else node.kind))


def whole(year: int) -> Scope:
    """Every agency of the installation."""
    tree, _ = history(date(year, 12, 31))
    return year_scope(None, year, tree)
