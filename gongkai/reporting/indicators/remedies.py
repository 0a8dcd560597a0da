"""What table four counts: cases decided in the year by result, and those still open on 31 December.

The organ of reconsideration as co-defendant does not count the suit; the original organ does (国办公开办函〔2016〕201号).
"""

from django.db.models import Case, CharField, F, Q, Value, When
from django.urls import reverse

from gongkai.core.law.remedies import PENDING, REMEDY_KINDS, REMEDY_RESULTS, SUITS
from gongkai.ledgers.remedies.models import Remedy
from gongkai.reporting.indicators import Dimension, Family, Ledger, Scope, counted, register, term
from gongkai.reporting.indicators.levels import LEVEL

BASIS = "国办公开办函〔2019〕60号、〔2021〕30号；国办公开办函〔2016〕201号"


def _result(scope: Scope) -> Case:
    """The result where the case was decided by the standing date, else 尚未审结."""
    return Case(When(decided_on__lte=scope.last, then=F("result")), default=Value(PENDING), output_field=CharField())


RESULTS = {**REMEDY_RESULTS, PENDING: "尚未审结"}


def _counted(scope: Scope) -> Q:
    return (
        Q(standing="respondent") & Q(opened_on__lte=scope.last) & (Q(decided_on=None) | Q(decided_on__gte=scope.first))
    )


LEDGER = Ledger(
    name="remedies",
    title="复议与诉讼",
    model=Remedy,
    envelope=_counted,
    verb="remedies.view",
    dimensions={
        "kind": Dimension("kind", "类别", "kind", dict(REMEDY_KINDS)),
        "result": Dimension("result", "结果", _result, RESULTS),
        "level": LEVEL,
    },
    columns=(
        ("number", "案件编号", lambda row: row.number),
        ("kind", "类别", lambda row: row.get_kind_display()),
        ("opened_on", "受理日期", lambda row: row.opened_on),
        ("decided_on", "审结日期", lambda row: row.decided_on),
        ("result", "结果", lambda row: row.get_result_display()),
    ),
    detail=lambda row: reverse("desk:remedy", args=(row.pk,)),
)

register(
    Family(
        name="remedies.cases",
        title="政府信息公开行政复议、行政诉讼",
        counts="统计期内审结的案件按结果计，统计期最后一天还没有审结的计入“尚未审结”，审结那年再按结果计一次；"
        "复议机关作共同被告的，由原机关统计。",
        unit="件",
        ledger=LEDGER,
        basis=BASIS,
        condition=_counted,
    )
)

register(counted("remedies.total", "政府信息公开行政复议、行政诉讼", term("remedies.cases")))
_KINDS = {
    "reconsideration": ("行政复议", ("reconsideration",)),
    "direct_suit": ("未经复议直接起诉", ("direct_suit",)),
    "suit_after_reconsideration": ("复议后起诉", ("suit_after_reconsideration",)),
    "litigation": ("行政诉讼", SUITS),
}
for _code, (_title, _members) in _KINDS.items():
    register(
        counted(f"remedies.{_code}.total", _title, term("remedies.cases", kind=_members)),
        counted(
            f"remedies.{_code}.decided",
            f"{_title}（审结）",
            term("remedies.cases", kind=_members, result=tuple(REMEDY_RESULTS)),
        ),
        *(
            counted(
                f"remedies.{_code}.{result}",
                f"{_title}：{label}",
                term("remedies.cases", kind=_members, result=result),
            )
            for result, label in RESULTS.items()
        ),
    )
