"""Import of returns: figures that arrive only as totals. They count once a second person has confirmed them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from gongkai.base import figures
from gongkai.ledgers.returns.actions import Filing, file_returns, filing_refusals
from gongkai.ledgers.returns.models import Return
from gongkai.ledgers.returns.queries import standing_or_waiting
from gongkai.site.imports.columns import Column, of, plain
from gongkai.site.imports.ledger import Desk, Ledger, Row

Key = tuple[int, str, date, date, bool]


class ReturnLedger(Ledger):
    """填报: filed, to be confirmed by somebody else."""

    code = "returns"
    title = "填报"
    holds = "一行一个数：单位、指标、统计期、数值、依据；导入后请另一位同事逐条确认"
    verb = "returns.file"
    url_name = "desk:returns"
    key = ("agency", "indicator", "period_from", "period_to", "in_addition")
    columns = (
        Column(
            "agency", "单位", required=True, example="示范区教育局", note="写全称或者代号；只填本单位自己的数", width=26
        ),
        Column("indicator", "指标", required=True, example="行政许可处理决定数量", note="写指标名称或者代号", width=34),
        of(Return, "period_from", required=True, example="2020-01-01"),
        of(Return, "period_to", required=True, example="2020-12-31"),
        of(Return, "value", required=True, example="17", note="按指标的计量单位填，金额按元"),
        of(Return, "evidence_note", required=True, example="审批系统2020年统计表", note="数字从哪里来", width=30),
        of(Return, "in_addition", example="否", note="台账已有逐条记录、另外还要加数的才填“是”"),
        of(Return, "reason", note="另加的、改动已定稿年份的必填；另加的理由会印在年报里", width=30),
    )

    def offered(self, desk: Desk) -> dict[str, list[str]]:
        """Agencies and indicators."""
        titles = [facts.title for facts in figures.port().returnable()]
        return {"agency": desk.held(self.verb), "indicator": titles}

    def check(self, rows: Sequence[Row], desk: Desk) -> None:
        """The rules of filing, all of them for every row; then what is there."""
        self.find_agencies(rows, desk)
        names = {plain(facts.title): facts.name for facts in figures.port().returnable()}
        readable = [row for row in rows if row.agency is not None and not row.unreadable]
        for row in readable:
            name = names.get(plain(row["indicator"]), row["indicator"])
            row.entry = self._filing(row, name)
        there = self._there(readable)
        fresh = [row for row in readable if self._key(row) not in there]
        for place, broken in filing_refusals([row.entry for row in fresh]):
            self.fault(fresh[place], str(broken), broken.field)
        for row in readable:
            if (held := there.get(self._key(row))) is not None:
                self._compare(row, held)

    def _filing(self, row: Row, indicator: str) -> Filing:
        assert row.agency is not None
        return Filing(
            agency=row.agency,
            indicator=indicator,
            period_from=row["period_from"],
            period_to=row["period_to"],
            value=row["value"],
            evidence_note=row["evidence_note"],
            in_addition=row.values.get("in_addition", False),
            reason=row.values.get("reason", ""),
        )

    def _key(self, row: Row) -> Key:
        filing: Filing = row.entry
        return filing.agency.pk, filing.indicator, filing.period_from, filing.period_to, filing.in_addition

    def _there(self, rows: Sequence[Row]) -> dict[Key, Return]:
        """What stands for each key: the one that counts, else one that waits."""
        agencies = {row.entry.agency.pk for row in rows}
        found: dict[Key, Return] = {}
        for held in standing_or_waiting(agencies, {row.entry.indicator for row in rows}):
            key = held.agency_id, held.indicator, held.period_from, held.period_to, held.in_addition
            if key not in found or held.is_in_force:
                found[key] = held
        return found

    def _compare(self, row: Row, held: Return) -> None:
        state: dict[str, Any] = {"value": held.value.normalize(), "evidence_note": held.evidence_note}
        given = {"value": row["value"].normalize(), "evidence_note": row["evidence_note"].strip()}
        self.compare(row, given, state, advice="导入不改已有的填报，数字有误请更正那一条")

    def days(self, row: Row) -> list[date]:  # noqa: ARG002
        """None: each row brings its own reason, and the rules of filing ask for it."""
        return []

    def write(self, rows: Sequence[Row], desk: Desk, reason: str) -> Sequence[tuple[str, ...]]:  # noqa: ARG002
        """Filed; they wait for the second person."""
        file_returns([row.entry for row in rows], by=desk.user)
        return ()
