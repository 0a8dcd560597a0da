"""Cutting by kind of agency (政府、工作部门、派出机构、乡镇街道), as it was on the standing date."""

from collections.abc import Iterable

from django.db.models import CharField
from django.db.models.functions import Cast

from gongkai.ledgers.agencies.models import AgencyTerm
from gongkai.reporting.indicators import Dimension, Scope


def _agency(_: Scope) -> Cast:
    return Cast("agency_id", CharField())


def _of_kind(scope: Scope, kind: str) -> Iterable[str]:
    if scope.tree is None:
        raise ValueError("cutting by kind of agency needs the tree of the standing date")
    return (str(node.pk) for node in scope.tree.nodes.values() if node.kind == kind)


LEVEL = Dimension("level", "单位类别", _agency, dict(AgencyTerm.KINDS), _of_kind)
