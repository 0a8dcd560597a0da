"""What can be done with a return: file, confirm by a second person, correct, withdraw.

For one agency, indicator and day a figure comes from rows or from one return, never both (design, idea 2). A return is for
the agency itself, never for its subtree.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
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


class _Lookups:
    """What is asked of the tree, the indicators and the other returns, read once for all filings of a batch."""

    def __init__(self, filings: Sequence[Filing], *, replacing: Return | None = None) -> None:
        agencies, indicators = {filing.agency.pk for filing in filings}, {filing.indicator for filing in filings}
        self.others: dict[tuple[int, str, bool], list[tuple[date, date]]] = defaultdict(list)
        for row in queries.standing_or_waiting(agencies, indicators):
            if replacing is None or row.pk != replacing.pk:
                self.take(row.agency_id, row.indicator, row.period_from, row.period_to, in_addition=row.in_addition)
        self.facts = cache(lambda name: port().facts(name))
        self.nodes = cache(lambda day: tree_on(day).nodes)
        self.rows_exist = cache(port().rows_exist)
        self.frozen = cache(lambda agency_id, years: port().frozen_reports(agency_id, years))

    def take(self, agency_id: int, indicator: str, first: date, last: date, *, in_addition: bool) -> None:
        """Remember the period as taken."""
        self.others[agency_id, indicator, in_addition].append((first, last))

    def clash(self, filing: Filing) -> tuple[date, date] | None:
        """The period of another return, waiting or in force, that shares a day with the filing."""
        for first, last in self.others[filing.agency.pk, filing.indicator, filing.in_addition]:
            if first <= filing.period_to and last >= filing.period_from:
                return first, last
        return None


def _refusals(filing: Filing, lookups: _Lookups) -> Iterator[RuleBroken]:
    """Everything that speaks against a filing."""
    facts = lookups.facts(filing.indicator)
    if facts is None:
        yield RuleBroken(f"没有叫“{filing.indicator}”的指标。", field="indicator")
        return
    yield from _refusals_of_value(filing.value, facts)
    yield from _refusals_of_period(filing)
    if ":" in filing.indicator:
        node = lookups.nodes(filing.period_to).get(filing.agency.pk)
        if node is None or not node.works_outside:
            yield RuleBroken("只有不在本系统办理的单位可以上传整张统计表。", field="indicator")
        elif lookups.rows_exist(filing.indicator, filing.agency.pk, filing.period_from, filing.period_to):
            yield _rows_there(facts)
    else:
        if filing.agency.pk not in lookups.nodes(filing.period_to):
            yield RuleBroken(f"该单位在 {filing.period_to} 不存在，请选择当时的单位。", field="agency")
        yield from _refusals_against_rows(filing, facts, lookups)
    if filing.evidence is None and not filing.evidence_note.strip():
        yield RuleBroken("请附依据文件，或者写明数字从哪里来。", field="evidence_note")
    if (other := lookups.clash(filing)) is not None:
        yield RuleBroken(
            f"“{facts.title}”已有 {other[0]} 至 {other[1]} 的填报，统计期不能重叠；数字有误请更正那一条。",
            field="period_from",
        )
    if not filing.reason.strip():
        years = frozenset(range(filing.period_from.year, filing.period_to.year + 1))
        if titles := lookups.frozen(filing.agency.pk, years):
            yield RuleBroken(f"{titles[0]}已经定稿，改动这一年的台账要写明理由。", field="reason")


def _refusals_of_value(value: Decimal, facts: IndicatorFacts) -> Iterator[RuleBroken]:
    if not value.is_finite() or abs(value) >= LIMIT:
        yield RuleBroken("数值太大，请核对单位。", field="value")
        return
    if facts.integral and value != value.to_integral_value():
        yield RuleBroken(f"“{facts.title}”按{facts.unit}计，要填整数。", field="value")
    elif value != value.quantize(Decimal("0.0001")):
        yield RuleBroken("小数最多四位。", field="value")
    if not facts.signed and value < 0:
        yield RuleBroken(f"“{facts.title}”不能是负数。", field="value")


def _refusals_of_period(filing: Filing) -> Iterator[RuleBroken]:
    if filing.period_to < filing.period_from:
        yield RuleBroken("统计期的止日早于起日。", field="period_to")
    if filing.period_to > clock.localdate():
        yield RuleBroken(f"统计期到 {filing.period_to} 才结束，结束后再填报。", field="period_to")


def _refusals_against_rows(filing: Filing, facts: IndicatorFacts, lookups: _Lookups) -> Iterator[RuleBroken]:
    """Rows or one return, never both, unless filed in addition with the reason."""
    if filing.in_addition:
        if not facts.in_addition:
            yield RuleBroken(f"“{facts.title}”不接受台账之外的另加数。", field="in_addition")
        if not filing.reason.strip():
            yield RuleBroken("在台账之外另加，要写明理由；理由会印在年报里。", field="reason")
    elif not facts.returnable:
        yield RuleBroken(facts.not_returnable or f"“{facts.title}”由台账逐条算出，不接受填报。", field="indicator")
    elif lookups.rows_exist(filing.indicator, filing.agency.pk, filing.period_from, filing.period_to):
        yield _rows_there(facts)


def _rows_there(facts: IndicatorFacts) -> RuleBroken:
    return RuleBroken(
        f"这个统计期“{facts.title}”在台账里已有记录，同一天的数不能既来自台账又来自填报。", field="indicator"
    )


def _check(filing: Filing, *, replacing: Return | None = None) -> None:
    for broken in _refusals(filing, _Lookups([filing], replacing=replacing)):
        raise broken


def filing_refusals(filings: Sequence[Filing]) -> list[tuple[int, RuleBroken]]:
    """Everything that speaks against each of many filings, with its place (from 0). Changes nothing, few queries.

    Of two in the list whose periods overlap the later is refused.
    """
    lookups, found = _Lookups(filings), []
    for place, filing in enumerate(filings):
        found += [(place, broken) for broken in _refusals(filing, lookups)]
        lookups.take(
            filing.agency.pk, filing.indicator, filing.period_from, filing.period_to, in_addition=filing.in_addition
        )
    return found


def _made(filing: Filing, *, by: Any, replaces: Return | None = None) -> Return:
    return Return(
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


def _lock(agency_ids: Iterable[int]) -> None:
    """What changes returns of an agency goes one after the other: of two filings the second finds its period taken.

    Taken before any row is changed, so that no two wait for each other.
    """
    list(
        Agency.objects.select_for_update(no_key=True)
        .filter(pk__in=sorted(set(agency_ids)))
        .order_by("pk")
        .values_list("pk")
    )


@transaction.atomic
def file_return(filing: Filing, *, by: Any) -> Return:
    """File a figure. It counts once a second person has confirmed it."""
    require(by, "returns.file", filing.agency)
    _lock([filing.agency.pk])
    _check(filing)
    row = _made(filing, by=by)
    row.save(force_insert=True)
    journal.record("returns.filed", row, by=by, reason=filing.reason)
    return row


@transaction.atomic
def file_returns(filings: Sequence[Filing], *, by: Any) -> list[Return]:
    """File many figures by the same rules, all or nothing, with one journal line; a refusal names the line (from 1)."""
    if not filings:
        raise RuleBroken("没有可以填报的数。")
    for agency in {filing.agency.pk: filing.agency for filing in filings}.values():
        require(by, "returns.file", agency)
    _lock(filing.agency.pk for filing in filings)
    for place, broken in filing_refusals(filings):
        raise RuleBroken(f"第 {place + 1} 行：{broken}", field=broken.field) from broken
    rows = Return.objects.bulk_create([_made(filing, by=by) for filing in filings], batch_size=500)
    journal.record_bulk("returns.filed", rows, by=by)
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
def confirm_return(row: Return, *, by: Any, reason: str = "") -> None:
    """Confirm by a second person; a correction takes the place of the return it corrects at this moment.

    From now on the figure counts: where its year was frozen since it was filed without a reason, one is asked for.
    """
    require(by, "returns.confirm", row)
    if sentence := why_not_confirm(row, by):
        raise RuleBroken(sentence)
    _lock([row.agency_id])
    require_reason_if_frozen(row.agency_id, _days(row), row.reason or reason)
    facts = facts_of(row.indicator)
    if not row.in_addition and port().rows_exist(row.indicator, row.agency_id, row.period_from, row.period_to):
        raise RuleBroken(f"填报之后台账里有了“{facts.title}”的记录，不能再确认；请核对台账。")
    if row.replaces_id is not None:
        if not Return.objects.filter(queries.IN_FORCE, pk=row.replaces_id).update(is_replaced=True):
            raise RuleBroken("要更正的那一条已经被更正或者撤回。")
        old = Return.objects.get(pk=row.replaces_id)
        journal.record("returns.replaced", old, by=by, reason=row.reason)
    waiting = Return.objects.filter(queries.WAITING, pk=row.pk)
    if not waiting.update(confirmed_by=by, confirmed_at=clock.now()):
        raise RuleBroken("这条填报已经确认或者撤回。")
    journal.record("returns.confirmed", row, by=by, reason=reason)


@transaction.atomic
def confirm_returns(rows: Sequence[Return], *, by: Any, reason: str = "") -> None:
    """Confirm many by the same rules, all or none, with one journal line: a whole table at once.

    A refusal names the figure. Nothing is asked of the database for each of them but whether rows have come to exist.
    """
    if not rows:
        raise RuleBroken("没有待确认的填报。")
    for row in {row.agency_id: row for row in rows}.values():
        require(by, "returns.confirm", row)
    _lock(row.agency_id for row in rows)
    current = Return.objects.in_bulk([row.pk for row in rows])
    _refuse_confirming([current[row.pk] for row in rows], by, reason)
    replaced = [row.replaces_id for row in current.values() if row.replaces_id is not None]
    if replaced:
        if Return.objects.filter(queries.IN_FORCE, pk__in=replaced).update(is_replaced=True) != len(replaced):
            raise RuleBroken("要更正的填报里，有的已经被更正或者撤回。")
        journal.record_bulk("returns.replaced", list(Return.objects.filter(pk__in=replaced)), by=by, reason=reason)
    waiting = Return.objects.filter(queries.WAITING, pk__in=list(current))
    if waiting.update(confirmed_by=by, confirmed_at=clock.now()) != len(current):
        raise RuleBroken("有的填报刚刚被确认或者撤回，请刷新页面再看。")
    journal.record_bulk("returns.confirmed", list(current.values()), by=by, reason=reason)


def _refuse_confirming(rows: Sequence[Return], by: Any, reason: str) -> None:
    facts, frozen = cache(facts_of), cache(lambda agency, years: port().frozen_reports(agency, years))
    for row in rows:
        title = facts(row.indicator).title
        if sentence := why_not_confirm(row, by):
            raise RuleBroken(f"“{title}”：{sentence}")
        if not (row.reason or reason).strip() and (titles := frozen(row.agency_id, queries.years_of(row))):
            raise RuleBroken(f"{titles[0]}已经定稿，改动这一年的台账要写明理由。", field="reason")
        if not row.in_addition and port().rows_exist(row.indicator, row.agency_id, row.period_from, row.period_to):
            raise RuleBroken(f"填报之后台账里有了“{title}”的记录，不能再确认；请核对台账。")


def _days(row: Return) -> list[date]:
    """One day of each year that the period touches."""
    return [row.period_from, *(date(year, 1, 1) for year in range(row.period_from.year + 1, row.period_to.year + 1))]


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
    _lock([row.agency_id])
    row = Return.objects.select_related("agency", "evidence").get(pk=row.pk)
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
    correction = _made(filing, by=by, replaces=row)
    correction.save(force_insert=True)
    journal.record("returns.correction_filed", correction, by=by, reason=reason)
    return correction


@transaction.atomic
def withdraw_return(row: Return, *, reason: str, by: Any) -> None:
    """Withdraw a return: by its clerk while it waits, afterwards by who may confirm; the row stays, with the reason."""
    require(by, "returns.file" if row.is_waiting else "returns.confirm", row)
    if not reason.strip():
        raise RuleBroken("请写明撤回的理由。", field="reason")
    _lock([row.agency_id])
    # Confirmed meanwhile it takes another right to withdraw, so what was seen must still hold.
    as_seen = Return.objects.filter(
        pk=row.pk, withdrawn_at=None, is_replaced=False, confirmed_at__isnull=row.confirmed_at is None
    )
    if not as_seen.update(withdrawn_at=clock.now()):
        raise RuleBroken("这条填报刚刚被确认、更正或者已经撤回，请刷新页面再看。")
    journal.record("returns.withdrawn", row, by=by, reason=reason)
