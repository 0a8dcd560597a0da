"""Import of remedies, decided ones with their result. A suit may name a reconsideration of the same file."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import QuerySet

from gongkai.base import clock
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.applications.queries import visible_to as applications_visible_to
from gongkai.ledgers.applications.rules import years_between
from gongkai.ledgers.remedies.actions import decide_many, open_many, row_refusals
from gongkai.ledgers.remedies.models import Remedy
from gongkai.ledgers.remedies.queries import visible_to as remedies_visible_to
from gongkai.ledgers.remedies.rules import Decision, NewRemedy, refusals_of_decision
from gongkai.site.imports.columns import Column, of
from gongkai.site.imports.ledger import Desk, Ledger, Row, Warn, in_chunks, placed
from gongkai.site.imports.standing import warnings_of

KEYS = {"on": "decided_on"}


class RemedyLedger(Ledger):
    """复议诉讼: opened, and decided where the row says how it ended."""

    code = "remedies"
    title = "复议与诉讼"
    holds = "一行一个案件：编号、类别、受理日期；已审结的写审结日期和结果"
    verb = "remedies.open"
    view = "remedies.view"
    url_name = "desk:remedies"
    key = ("number",)
    columns = (
        Column("agency", "单位", required=True, example="示范区教育局", note="写全称或者代号", width=26),
        of(Remedy, "number", required=True, example="示政复〔2020〕3号", note="再次导入时凭它认出这一件", width=22),
        of(Remedy, "kind", required=True, example="行政复议", width=18),
        of(Remedy, "opened_on", required=True, example="2020-07-01"),
        of(Remedy, "organ", example="示范区人民政府", width=22),
        Column("application", "所涉申请", example="示教公开申〔2020〕1号", note="写申请编号", width=24),
        Column(
            "reconsideration",
            "此前的复议",
            note="复议后起诉的写那件复议的案件编号，可以在同一文件里；不在本系统的，在说明里写明",
            width=22,
        ),
        of(Remedy, "standing", example="被申请人、被告", blank="respondent", width=22),
        of(Remedy, "decided_on", example="2020-08-20", note="没有审结的不填"),
        of(Remedy, "result", example="结果维持", note="写了裁决种类的可以不填"),
        of(Remedy, "decision", example="维持", width=18),
        of(Remedy, "note", width=30),
    )

    def check(self, rows: Sequence[Row], desk: Desk) -> None:
        """The rules of opening and of deciding, all of them for every row; then what is there."""
        self.find_agencies(rows, desk)
        related = Remedy.objects.select_related("application", "reconsideration")
        there = _by_number(related, [row["number"] for row in rows])
        earlier = _by_number(remedies_visible_to(desk.user), [row.values.get("reconsideration", "") for row in rows])
        about = applications_visible_to(desk.user)
        applications = _by_number(about, [row.values.get("application", "") for row in rows])
        readable = [row for row in rows if row.agency is not None and not row.unreadable]
        in_file = {row["number"]: _unsaved(row, applications) for row in readable if row["number"] not in there}
        for row in readable:
            row.entry = self._entry(row, applications, in_file | earlier)
        fresh = [row for row in readable if row["number"] not in there]
        for place, broken in row_refusals([row.entry[0] for row in fresh]):
            self.fault(fresh[place - 1], broken.sentence, KEYS.get(broken.field, broken.field))
        for row in fresh:
            self._check_decision(row, desk)
        for row in readable:
            if row["number"] in there and not self.is_hidden(row, there[row["number"]].agency_id, desk):
                self._compare(row, there[row["number"]], desk)

    def _entry(
        self, row: Row, applications: dict[str, Application], earlier: dict[str, Remedy]
    ) -> tuple[NewRemedy, Decision | None]:
        about, before = row.values.get("application", ""), row.values.get("reconsideration", "")
        if about and about not in applications:
            self.fault(row, f"没有编号为“{about}”的申请", "application")
        if before and before not in earlier:
            self.fault(row, f"没有编号为“{before}”的案件", "reconsideration")
        if before and before == row["number"]:
            self.fault(row, "案件不能关联它自己", "reconsideration")
        assert row.agency is not None
        new = NewRemedy(
            agency=row.agency,
            kind=row["kind"],
            opened_on=row["opened_on"],
            number=row["number"],
            organ=row.values.get("organ", ""),
            application=applications.get(about),
            reconsideration=earlier.get(before),
            standing=row.values.get("standing", "respondent"),
            note=row.values.get("note", ""),
        )
        on = row.values.get("decided_on")
        result, decision = row.values.get("result", ""), row.values.get("decision", "")
        if on is None and not result and not decision:
            return new, None
        remedy = Remedy(agency=row.agency, number=row["number"], kind=row["kind"], opened_on=row["opened_on"])
        return new, Decision(remedy=remedy, on=on, result=result, decision=decision)

    def _check_decision(self, row: Row, desk: Desk) -> None:
        _, decision = row.entry
        if decision is None:
            return
        for broken in refusals_of_decision(decision, today=desk.today, reason=row.values.get("note", "")):
            self.fault(row, broken.sentence, KEYS.get(broken.field, broken.field))
        if row.agency is not None and (sentence := desk.refusal("remedies.decide", row.agency)):
            self.fault(row, sentence, "decided_on")

    def _compare(self, row: Row, remedy: Remedy, desk: Desk) -> None:
        fields = ("kind", "opened_on", "organ", "standing", "decided_on", "result", "decision", "note")
        held: dict[str, Any] = {field: getattr(remedy, field) for field in fields}
        held["agency"] = desk.agencies.names.get(remedy.agency_id, "")
        held["application"] = remedy.application.number if remedy.application else ""
        held["reconsideration"] = remedy.reconsideration.number if remedy.reconsideration else ""
        decision = row.entry[1]
        given = row.values | {
            "agency": desk.agencies.names.get(row.agency.pk, "") if row.agency else "",
            "result": decision.counted_as if decision is not None else "",
        }
        self.compare(row, given, held, advice="导入不改已有的案件，要改请在台账里打开它")

    def days(self, row: Row) -> list[date]:
        """As `open_many` reckons: it stands in the figures of every year since."""
        return years_between(row.entry[0].opened_on, clock.localdate())

    def warnings(self, rows: Sequence[Row], desk: Desk) -> list[Warn]:
        """Confirmed returns that state what these rows also count."""
        return warnings_of(
            rows,
            desk,
            ledger="remedies",
            cells=("remedies.", "reconsideration", "litigation"),
            days=lambda row: [row.entry[0].opened_on, *([row.entry[1].on] if row.entry[1] and row.entry[1].on else [])],
        )

    def write(self, rows: Sequence[Row], desk: Desk, reason: str) -> Sequence[tuple[str, ...]]:
        """First what names no case of this file, then what does; then how they ended."""
        saved: dict[str, Remedy] = {}
        waits = [_needs_unsaved(row) for row in rows]
        for later in (False, True):
            places = [place for place, wait in enumerate(waits) if wait is later]
            news = [_with_saved(rows[place].entry[0], saved) for place in places]
            if news:
                with placed(places):
                    made = open_many(news, by=desk.user, reason=reason)
                saved |= {remedy.number: remedy for remedy in made}
        decisions = [
            (place, Decision(remedy=saved[row["number"]], on=d.on, result=d.result, decision=d.decision))
            for place, row in enumerate(rows)
            if (d := row.entry[1]) is not None
        ]
        # A departure from the usual reading is accepted with its reason: the note of the row.
        why = reason or "；".join(sorted({rows[p].values.get("note", "") for p, _ in decisions} - {""}))[:500]
        if decisions:
            with placed([place for place, _ in decisions]):
                decide_many([decision for _, decision in decisions], by=desk.user, reason=why)
        return ()


def _by_number(read: QuerySet[Any], numbers: Sequence[str]) -> dict[str, Any]:
    wanted = sorted(set(numbers) - {""})
    return {row.number: row for row in in_chunks(wanted, lambda some: read.filter(number__in=some))}


def _unsaved(row: Row, applications: dict[str, Application]) -> Remedy:
    """A case of the file as the rules see an earlier case."""
    return Remedy(
        agency=row.agency,
        number=row["number"],
        kind=row["kind"],
        opened_on=row["opened_on"],
        application=applications.get(row.values.get("application", "")),
    )


def _needs_unsaved(row: Row) -> bool:
    earlier = row.entry[0].reconsideration
    return earlier is not None and earlier.pk is None


def _with_saved(new: NewRemedy, saved: dict[str, Remedy]) -> NewRemedy:
    if new.reconsideration is None or new.reconsideration.pk is not None:
        return new
    return replace(new, reconsideration=saved[new.reconsideration.number])
