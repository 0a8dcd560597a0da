"""Agencies by kind, as they stood on the last day of the period."""

from django.db.models import Q

from gongkai.ledgers.agencies.models import AgencyTerm
from gongkai.reporting.indicators import Dimension, Family, Ledger, Scope, counted, register, term


def _standing(scope: Scope) -> Q:
    return Q(valid_from__lte=scope.last) & (Q(valid_to=None) | Q(valid_to__gte=scope.last))


LEDGER = Ledger(
    name="agencies",
    title="单位",
    model=AgencyTerm,
    envelope=_standing,
    verb="indicators.view",
    dimensions={"kind": Dimension("kind", "单位类别", "kind", dict(AgencyTerm.KINDS))},
    columns=(
        ("name", "名称", lambda row: row.name),
        ("kind", "类别", lambda row: row.get_kind_display()),
        ("valid_from", "起始日", lambda row: row.valid_from),
    ),
)

register(
    Family(
        name="agencies.standing",
        title="单位",
        counts="统计期最后一天在册的单位。",
        unit="个",
        ledger=LEDGER,
        basis="",
        condition=_standing,
        is_stock=True,
    )
)
register(counted("agencies.total", "单位", term("agencies.standing")))
for _name, _title, _kind in (
    ("agencies.departments", "政府工作部门", "department"),
    ("agencies.dispatched", "派出机构", "dispatched"),
    ("agencies.towns", "乡镇、街道", "town"),
    ("agencies.institutions", "法律、法规授权的组织", "institution"),
    ("agencies.internal_offices", "内设机构", "internal_office"),
):
    register(counted(_name, _title, term("agencies.standing", kind=_kind)))
