"""Fills `base.agency_port` from the tree of agencies."""

from collections.abc import Iterable

from gongkai.base import agency_port
from gongkai.ledgers.agencies.models import AgencyTerm
from gongkai.ledgers.agencies.tree import tree_today


class TreePort:
    """The tree as it stands today; each question costs one query."""

    def names(self) -> dict[int, str]:
        """The last name of each agency, of those that ended too."""
        return dict(AgencyTerm.objects.order_by("valid_from").values_list("agency_id", "name"))

    def lineages(self, pks: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Each agency and all above it, nearest first; an agency that ended stands alone."""
        tree = tree_today()
        return {pk: tuple(tree.ancestors(pk)) or (pk,) for pk in pks}

    def roots(self) -> frozenset[int]:
        """Agencies that have nobody above them."""
        return frozenset(node.pk for node in tree_today().roots())


def fill() -> None:
    """Called at start-up."""
    agency_port.fill(TreePort())
