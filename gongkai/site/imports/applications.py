"""Import of applications, closed ones with their outcome."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from gongkai.base import clock
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.applications.actions import Closing, NewApplication, close_many, register_many, row_refusals
from gongkai.ledgers.applications.models import Applicant, Application
from gongkai.ledgers.applications.rules import refusals_of_closing, years_between
from gongkai.site.imports.columns import Column, of
from gongkai.site.imports.ledger import Desk, Ledger, Row, Warn, in_chunks, placed
from gongkai.site.imports.standing import warnings_of

KEYS = {"on": "closed_on", "handler": "handler", "applicants": "applicants"}
"""Names of the rules' fields where they are not those of the columns."""


class ApplicationLedger(Ledger):
    """依申请公开: registered, and closed where the row says how it ended."""

    code = "applications"
    title = "依申请公开"
    holds = "一行一件申请：编号、收到日期、渠道、申请人；已办结的写办结日期和结果"
    verb = "applications.register"
    view = "applications.view"
    url_name = "desk:applications"
    key = ("number",)
    columns = (
        Column("agency", "受理机关", required=True, example="示范区教育局", note="写全称或者代号", width=26),
        of(
            Application,
            "number",
            required=True,
            example="示教公开申〔2020〕1号",
            note="再次导入时凭它认出这一件",
            width=24,
        ),
        of(Application, "received_on", required=True, example="2020-01-31"),
        of(Application, "channel", required=True, example="网络"),
        of(Application, "applicant_kind", required=True, example="自然人", width=18),
        Column(
            "applicants",
            "申请人",
            kind="names",
            required=True,
            example="申请人甲、申请人乙",
            note="第一名是代表人",
            width=24,
        ),
        of(Application, "description", required=True, example="2019年学区划分方案", width=40),
        of(Application, "subject", example="义务教育招生"),
        Column("handler", "承办人", example="", note="写登录名；不填就先不指定"),
        of(Application, "closed_on", example="2020-02-20", note="没有办结的不填"),
        of(Application, "outcome", example=next(iter(OUTCOMES.values())).label, note="写了办结日期的必填", width=30),
        of(Application, "reply_number", example="示教公开答〔2020〕1号", width=22),
    )

    def check(self, rows: Sequence[Row], desk: Desk) -> None:
        """The rules of receipt and of closing, all of them for every row; then what is there."""
        self.find_agencies(rows, desk)
        handlers = self._handlers(rows)
        there = {
            application.number: application
            for application in in_chunks(
                [row["number"] for row in rows if row["number"]],
                lambda some: Application.objects.filter(number__in=some).select_related("handler"),
            )
        }
        readable = [row for row in rows if row.agency is not None and not row.unreadable]
        for row in readable:
            row.entry = self._entry(row, handlers)
        fresh = [row for row in readable if row["number"] not in there]
        for place, broken in row_refusals([row.entry[0] for row in fresh]):
            self.fault(fresh[place - 1], broken.sentence, KEYS.get(broken.field, broken.field))
        for row in fresh:
            self._check_closing(row, desk)
        self._compare([row for row in readable if row["number"] in there], there, desk)

    def _handlers(self, rows: Sequence[Row]) -> dict[str, Staff]:
        names = {row.values.get("handler", "").strip().lower() for row in rows} - {""}
        return {s.username: s for s in in_chunks(sorted(names), lambda some: Staff.objects.filter(username__in=some))}

    def _entry(self, row: Row, handlers: dict[str, Staff]) -> tuple[NewApplication, Closing | None]:
        name = row.values.get("handler", "").strip().lower()
        if name and name not in handlers:
            self.fault(row, f"没有登录名“{name}”", "handler")
        assert row.agency is not None
        new = NewApplication(
            agency=row.agency,
            received_on=row["received_on"],
            channel=row["channel"],
            applicant_kind=row["applicant_kind"],
            applicants=row["applicants"],
            description=row["description"],
            subject=row.values.get("subject", ""),
            handler=handlers.get(name),
            number=row["number"],
        )
        on: date | None = row.values.get("closed_on")
        outcome, number = row.values.get("outcome", ""), row.values.get("reply_number", "")
        if on is None and not outcome and not number:
            return new, None
        application = Application(agency=row.agency, number=row["number"], received_on=row["received_on"])
        return new, Closing(application=application, on=on, outcome=outcome, reply_number=number)

    def _check_closing(self, row: Row, desk: Desk) -> None:
        _, closing = row.entry
        if closing is None:
            return
        for broken in refusals_of_closing(closing, today=desk.today):
            self.fault(row, broken.sentence, KEYS.get(broken.field, broken.field))
        if row.agency is not None and (sentence := desk.refusal("applications.close", row.agency)):
            self.fault(row, sentence, "closed_on")

    def _compare(self, rows: Sequence[Row], there: dict[str, Application], desk: Desk) -> None:
        names: dict[int, list[str]] = defaultdict(list)
        for party in in_chunks(
            [there[row["number"]].pk for row in rows],
            lambda some: Applicant.objects.filter(application_id__in=some).order_by("-is_representative", "pk"),
        ):
            names[party.application_id].append(party.name)
        for row in rows:
            application = there[row["number"]]
            if self.is_hidden(row, application.agency_id, desk):
                continue
            held: dict[str, Any] = {
                field: getattr(application, field)
                for field in (
                    "received_on",
                    "channel",
                    "applicant_kind",
                    "subject",
                    "description",
                    "closed_on",
                    "outcome",
                    "reply_number",
                )
            }
            held["agency"] = desk.agencies.names.get(application.agency_id, "")
            # Who may not see the applicants of an agency is not told them by a comparison.
            if not desk.refusal("applications.see_applicants", desk.agencies.by_pk[application.agency_id]):
                held["applicants"] = tuple(names[application.pk])
            given = row.values | {"agency": desk.agencies.names.get(row.agency.pk, "") if row.agency else ""}
            self.compare(row, given, held, advice="导入不改已有的申请，要改请在台账里打开它")

    def days(self, row: Row) -> list[date]:
        """As `register_many` reckons: it stands in the stock of every year since, until it is closed."""
        return years_between(row.entry[0].received_on, clock.localdate())

    def warnings(self, rows: Sequence[Row], desk: Desk) -> list[Warn]:
        """Confirmed returns that state what these rows also count."""
        return warnings_of(rows, desk, ledger="applications", cells=("applications.",), days=self._counted)

    def _counted(self, row: Row) -> list[date]:
        new, closing = row.entry
        return [new.received_on, *([closing.on] if closing is not None and closing.on else [])]

    def write(self, rows: Sequence[Row], desk: Desk, reason: str) -> Sequence[tuple[str, ...]]:
        """Registered, then closed."""
        made = register_many([row.entry[0] for row in rows], by=desk.user, reason=reason)
        closings = [
            (place, Closing(application=application, on=c.on, outcome=c.outcome, reply_number=c.reply_number))
            for place, (row, application) in enumerate(zip(rows, made, strict=True))
            if (c := row.entry[1]) is not None
        ]
        if closings:
            with placed([place for place, _ in closings]):
                close_many([closing for _, closing in closings], by=desk.user, reason=reason)
        return ()
