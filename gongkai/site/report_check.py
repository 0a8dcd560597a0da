"""What the tiles and the panel of 今天 say of the annual report: its errors, and what changed after it was frozen.

Both mean compiling the report, so they are asked for by a request of their own and kept until the journal has a new line.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Subquery
from django.urls import reverse

from gongkai.base import journal
from gongkai.base.models import JournalLine
from gongkai.core.law.reporting import ReportDeadlines, report_due_on
from gongkai.ledgers.agencies.tree import Node, Tree
from gongkai.reporting.annual_reports import queries
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.compiled import Finding
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.annual_reports.queries import Change
from gongkai.site.waiting import journal_head

TONES: Final = {"draft": "", "proposed": "warn", "frozen": "good", "published": "good"}
SOON: Final = 14  # days before the limit from which the panel warns
SHOWN: Final = 3
MOST_REMEMBERED: Final = 200


@dataclass(frozen=True, slots=True)
class Report:
    """The newest version of the report about a year, or None while nobody has begun it; `left`: days until its limit."""

    year: int
    due_on: date
    left: int
    newest: AnnualReport | None
    url: str

    @property
    def word(self) -> str:
        """The state as it is shown."""
        return self.newest.state_word if self.newest is not None else "尚未建立"

    @property
    def tone(self) -> str:
        """The tone of the state."""
        return TONES[self.newest.state] if self.newest is not None else ""

    @property
    def is_done(self) -> bool:
        """Whether it was published: then its limit matters no more."""
        return self.newest is not None and self.newest.state == "published"

    @property
    def late(self) -> int:
        """Days since the limit passed."""
        return max(0, -self.left)

    @property
    def limit_tone(self) -> str:
        """The tone of the days left."""
        return "bad" if self.left < 0 else "warn" if self.left <= SOON else ""


@dataclass(frozen=True, slots=True)
class Check:
    """What is wrong with the draft, and which cells of frozen reports later changes would move."""

    draft: AnnualReport | None
    """The version that was checked; None where nobody is at work on one."""
    errors: tuple[Finding, ...]
    frozen: int
    """How many frozen reports were looked at."""
    moved: tuple[tuple[AnnualReport, tuple[Change, ...]], ...]

    @property
    def first_errors(self) -> tuple[Finding, ...]:
        """So many as the panel shows."""
        return self.errors[:SHOWN]

    @property
    def more_errors(self) -> int:
        """So many are left out there."""
        return len(self.errors) - len(self.first_errors)

    @property
    def moved_url(self) -> str:
        """The report that moved, the newest one if several did, else all reports."""
        return reverse("desk:report", args=[self.moved[0][0].pk]) if self.moved else reverse("desk:reports")

    @property
    def moved_count(self) -> int:
        """Cells over all frozen reports."""
        return sum(len(cells) for _, cells in self.moved)


def reporting_agency(agency_id: int, tree: Tree) -> Node | None:
    """The agency that reports for this one: itself or the nearest above that reports for itself, at last the root."""
    line = [tree.nodes[pk] for pk in tree.ancestors(agency_id)]
    return next((node for node in line if node.reports_for_itself or node.parent is None), None)


def reports_of(node: Node, today: date, limit: str) -> list[Report]:
    """Last year's report and this year's, in one query; `limit` is the office's month and day for its kind of agency."""
    month, _, day = limit.partition("-")
    deadlines = ReportDeadlines({node.kind: (int(month), int(day))})
    versions: dict[int, list[AnnualReport]] = {today.year - 1: [], today.year: []}
    for row in AnnualReport.objects.filter(agency=node.pk, year__in=list(versions)).order_by("number"):
        versions[row.year].append(row)
    found = []
    for year, rows in versions.items():
        due_on = report_due_on(year, node.kind, deadlines)
        newest = rows[-1] if rows else None
        url = reverse("desk:reports") if newest is None else reverse("desk:report", args=[newest.pk])
        found.append(Report(year, due_on, (due_on - today).days, newest, url))
    return found


_remembered: dict[tuple[int, date], tuple[str, Check]] = {}


def check_of(node: Node, today: date) -> Check:
    """The check of an agency's reports, made anew only after something was written into the journal."""
    head, key = journal_head(), (node.pk, today)
    held = _remembered.get(key)
    if held is None or held[0] != head:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        held = _remembered[key] = (head, _checked(node, today))
    return held[1]


def _checked(node: Node, today: date) -> Check:
    """Errors of the earliest report that is not frozen; cells that would move of those that are."""
    years = (today.year - 1, today.year)
    draft = AnnualReport.objects.filter(agency=node.pk, year__in=years, frozen_at=None).order_by("year").first()
    errors: tuple[Finding, ...] = ()
    if draft is not None:
        compiled = compile_report(draft.agency_id, draft.year, report=draft)
        errors = tuple(finding for finding in compiled.findings if finding.blocks)
    frozen = [report for report in queries.frozen_reports_of([node.pk]) if report.year in years]
    changes = [(report, tuple(queries.later_changes(report))) for report in frozen if _touched(report)]
    return Check(draft, errors, len(frozen), tuple((report, found) for report, found in changes if found))


def _touched(report: AnnualReport) -> bool:
    """Whether any row of a ledger was changed since: the cheap question before the dear one."""
    frozen = JournalLine.objects.filter(
        subject=journal.subject_of(report), subject_pk=report.pk, verb="reports.frozen"
    ).values("number")[:1]
    lines = JournalLine.objects.filter(number__gt=Subquery(frozen), rows__gt=0)
    return lines.exclude(subject__startswith="annual_reports.").exists()
