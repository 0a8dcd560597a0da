"""What can be done with a return: file, confirm by a second person, correct, withdraw.

For one agency, indicator and day a figure comes from rows or from one return, never both (design, idea 2). A return is for
the agency itself, never for its subtree.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.figures import IndicatorFacts, port, require_reason_if_frozen
from gongkai.base.models import FileUse
from gongkai.base.permissions import APPROVER, CLERK, DISCLOSURE_OFFICE, REVIEWER, declare, require
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.ledgers.returns import queries
from gongkai.ledgers.returns.models import Return

declare("returns.view", "查看填报", (CLERK, REVIEWER, APPROVER, DISCLOSURE_OFFICE))
declare("returns.file", "填报", (CLERK, DISCLOSURE_OFFICE))
declare("returns.confirm", "确认填报", (REVIEWER, APPROVER, DISCLOSURE_OFFICE))

LIMIT = Decimal(10) ** 16
"""Larger values do not fit the column."""


@dataclass(frozen=True, slots=True)
class Filing:
    """What is filed: one figure for one period. `value` is in the unit of the indicator."""

    agency: Agency
    indicator: str
    period_from: date
    period_to: date
    value: Decimal
    evidence: FileUse | None = None
    evidence_note: str = ""
    in_addition: bool = False
    reason: str = ""


def facts_of(indicator: str) -> IndicatorFacts:
    """The facts of an indicator, or a refusal that says there is none of the name."""
    facts = port().facts(indicator)
    if facts is None:
        raise RuleBroken(f"没有叫“{indicator}”的指标。", field="indicator")
    return facts


def _check_value(value: Decimal, facts: IndicatorFacts) -> None:
    if not value.is_finite() or abs(value) >= LIMIT:
        raise RuleBroken("数值太大，请核对单位。", field="value")
    if facts.integral and value != value.to_integral_value():
        raise RuleBroken(f"“{facts.title}”按{facts.unit}计，要填整数。", field="value")
    if not facts.signed and value < 0:
        raise RuleBroken(f"“{facts.title}”不能是负数。", field="value")
    if value != value.quantize(Decimal("0.0001")):
        raise RuleBroken("小数最多四位。", field="value")


def _check_period(filing: Filing) -> None:
    if filing.period_to < filing.period_from:
        raise RuleBroken("统计期的止日早于起日。", field="period_to")
    if filing.period_to > clock.localdate():
        raise RuleBroken(f"统计期到 {filing.period_to} 才结束，结束后再填报。", field="period_to")


def _check_against_rows(filing: Filing, facts: IndicatorFacts) -> None:
    """Rows or one return, never both, unless filed in addition with the reason."""
    if filing.in_addition:
        if not facts.in_addition:
            raise RuleBroken(f"“{facts.title}”不接受台账之外的另加数。", field="in_addition")
        if not filing.reason.strip():
            raise RuleBroken("在台账之外另加，要写明理由；理由会印在年报里。", field="reason")
    elif not facts.returnable:
        raise RuleBroken(facts.not_returnable or f"“{facts.title}”由台账逐条算出，不接受填报。", field="indicator")
    elif port().rows_exist(filing.indicator, filing.agency.pk, filing.period_from, filing.period_to):
        raise RuleBroken(
            f"这个统计期“{facts.title}”在台账里已有记录，同一天的数不能既来自台账又来自填报。", field="indicator"
        )


def _check(filing: Filing, *, replacing: Return | None = None) -> IndicatorFacts:
    facts = facts_of(filing.indicator)
    _check_value(filing.value, facts)
    _check_period(filing)
    if ":" in filing.indicator:
        node = tree_on(filing.period_to).nodes.get(filing.agency.pk)
        if node is None or not node.works_outside:
            raise RuleBroken("只有不在本系统办理的单位可以上传整张统计表。", field="indicator")
    else:
        _check_against_rows(filing, facts)
    if filing.evidence is None and not filing.evidence_note.strip():
        raise RuleBroken("请附依据文件，或者写明数字从哪里来。", field="evidence_note")
    clash = queries.overlapping(
        filing.agency.pk, filing.indicator, filing.period_from, filing.period_to, in_addition=filing.in_addition
    )
    if replacing is not None:
        clash = clash.exclude(pk=replacing.pk)
    if other := clash.first():
        raise RuleBroken(
            f"“{facts.title}”已有 {other.period_from} 至 {other.period_to} 的填报，统计期不能重叠；数字有误请更正那一条。",
            field="period_from",
        )
    require_reason_if_frozen(filing.agency.pk, (filing.period_from, filing.period_to), filing.reason)
    return facts


def _create(filing: Filing, *, by: Any, replaces: Return | None = None) -> Return:
    return Return.objects.create(
        agency=filing.agency,
        indicator=filing.indicator,
        period_from=filing.period_from,
        period_to=filing.period_to,
        value=filing.value,
        evidence=filing.evidence,
        evidence_note=filing.evidence_note.strip(),
        in_addition=filing.in_addition,
        reason=filing.reason.strip(),
        filled_by=by,
        filled_at=clock.now(),
        replaces=replaces,
    )


@transaction.atomic
def file_return(filing: Filing, *, by: Any) -> Return:
    """File a figure. It counts once a second person has confirmed it."""
    require(by, "returns.file", filing.agency)
    Agency.objects.select_for_update().get(pk=filing.agency.pk)  # two filings at once see each other
    _check(filing)
    row = _create(filing, by=by)
    journal.record("returns.filed", row, by=by, reason=filing.reason)
    return row


@transaction.atomic
def file_returns(filings: Sequence[Filing], *, by: Any) -> list[Return]:
    """File many figures, all or nothing; a refusal names the line."""
    rows = []
    for number, filing in enumerate(filings, start=1):
        try:
            rows.append(file_return(filing, by=by))
        except RuleBroken as broken:
            raise RuleBroken(f"第 {number} 行：{broken}", field=broken.field) from broken
    return rows


def why_not_confirm(row: Return, user: Any) -> str:
    """Why the user cannot confirm it, as a sentence, or an empty text."""
    if row.withdrawn_at is not None:
        return "这条填报已经撤回。"
    if row.confirmed_at is not None:
        return "这条填报已经确认。"
    if row.filled_by_id == user.pk:
        return "填报人不能确认自己填的数，请另一位同事核对后确认。"
    return ""


@transaction.atomic
def confirm_return(row: Return, *, by: Any) -> None:
    """Confirm by a second person; a correction takes the place of the return it corrects at this moment."""
    require(by, "returns.confirm", row)
    if sentence := why_not_confirm(row, by):
        raise RuleBroken(sentence)
    facts = facts_of(row.indicator)
    by_rows = not row.in_addition and ":" not in row.indicator
    if by_rows and port().rows_exist(row.indicator, row.agency_id, row.period_from, row.period_to):
        raise RuleBroken(f"填报之后台账里有了“{facts.title}”的记录，不能再确认；请核对台账。")
    if row.replaces_id is not None:
        if not Return.objects.filter(queries.IN_FORCE, pk=row.replaces_id).update(is_replaced=True):
            raise RuleBroken("要更正的那一条已经被更正或者撤回。")
        old = Return.objects.get(pk=row.replaces_id)
        journal.record("returns.replaced", old, by=by, reason=row.reason)
    waiting = Return.objects.filter(queries.WAITING, pk=row.pk)
    if not waiting.update(confirmed_by=by, confirmed_at=clock.now()):
        raise RuleBroken("这条填报已经确认或者撤回。")
    journal.record("returns.confirmed", row, by=by)


@transaction.atomic
def correct_return(
    row: Return,
    *,
    value: Decimal,
    reason: str,
    by: Any,
    evidence: FileUse | None = None,
    evidence_note: str = "",
) -> Return:
    """File a correction of a confirmed return. The old figure counts until a second person confirms the new one."""
    require(by, "returns.file", row)
    if not row.is_in_force:
        raise RuleBroken("只能更正已确认、未被更正的填报。")
    if not reason.strip():
        raise RuleBroken("请写明更正的理由。", field="reason")
    if Return.objects.filter(queries.WAITING, replaces=row).exists():
        raise RuleBroken("这条填报已有一条更正在等确认。")
    filing = Filing(
        agency=row.agency,
        indicator=row.indicator,
        period_from=row.period_from,
        period_to=row.period_to,
        value=value,
        evidence=evidence or row.evidence,
        evidence_note=evidence_note or row.evidence_note,
        in_addition=row.in_addition,
        reason=reason,
    )
    _check(filing, replacing=row)
    correction = _create(filing, by=by, replaces=row)
    journal.record("returns.correction_filed", correction, by=by, reason=reason)
    return correction


@transaction.atomic
def withdraw_return(row: Return, *, reason: str, by: Any) -> None:
    """Withdraw a return: by its clerk while it waits, afterwards by who may confirm; the row stays, with the reason."""
    require(by, "returns.file" if row.is_waiting else "returns.confirm", row)
    if not reason.strip():
        raise RuleBroken("请写明撤回的理由。", field="reason")
    require_reason_if_frozen(row.agency_id, (row.period_from, row.period_to), reason)
    open_rows = Return.objects.filter(pk=row.pk, withdrawn_at=None, is_replaced=False)
    if not open_rows.update(withdrawn_at=clock.now()):
        raise RuleBroken("这条填报已经撤回或者被更正。")
    journal.record("returns.withdrawn", row, by=by, reason=reason)
