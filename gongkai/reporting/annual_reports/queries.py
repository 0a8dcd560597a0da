"""Reading reports: what a user may see, what would move since freezing, and the January round."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, QuerySet

from gongkai.base import clock
from gongkai.base.office_settings import declare
from gongkai.base.permissions import agencies_for
from gongkai.core.law.reporting import ReportDeadlines, report_due_on
from gongkai.core.national_forms import form_for_year
from gongkai.core.writing.numerals import wan_from_yuan
from gongkai.ledgers.agencies.models import OfficeSettingValue
from gongkai.ledgers.agencies.tree import Node, Tree
from gongkai.reporting.annual_reports.actions import lead_office_of
from gongkai.reporting.annual_reports.bindings import Binding, bindings_of
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.compiled import Compiled
from gongkai.reporting.annual_reports.frozen import scope_of_frozen, stored
from gongkai.reporting.annual_reports.models import AnnualReport, FrozenCell, Remark, Submission, WorkPoint
from gongkai.reporting.indicators import Scope, term, year_scope
from gongkai.reporting.indicators.evaluation import Ask, Evaluation, ask_cell, evaluate, evaluate_by_agency, rows
from gongkai.reporting.indicators.scopes import history

_ARTICLE_49 = "《政府信息公开条例》第四十九条；乡镇、街道由主管部门定 [M]"
DUE = {
    kind: declare(
        f"reports.due.{kind}",
        name=f"{title}公布年度报告的期限",
        default=default,
        unit="月-日",
        meaning=f"{title}的年度报告最迟在次年几月几日公布、报送。",
        source=_ARTICLE_49,
    )
    for kind, title, default in (
        ("government", "人民政府", "03-31"),
        ("department", "工作部门", "01-31"),
        ("dispatched", "派出机构", "01-31"),
        ("town", "乡镇、街道", "01-31"),
        ("institution", "授权组织", "01-31"),
        ("internal_office", "内设机构", "01-31"),
    )
}


def visible_to(user: Any) -> QuerySet[AnnualReport]:
    """Reports of the agencies at which the user may look at reports."""
    found = AnnualReport.objects.filter(agency__in=agencies_for(user, "reports.view"))
    return found.select_related("agency", "proposed_by", "frozen_by")


def submissions_visible_to(user: Any) -> QuerySet[Submission]:
    """Submissions of the agencies at which the user may look at reports, with their remarks."""
    found = Submission.objects.filter(agency__in=agencies_for(user, "reports.view"))
    return found.select_related("report", "agency", "lead_office", "submitted_by", "decided_by").prefetch_related(
        Prefetch("remarks", Remark.objects.order_by("pk"))
    )


def published() -> QuerySet[AnnualReport]:
    """Published versions, newest first, for the portal: of a report that was corrected, the newest published one."""
    return (
        AnnualReport.objects.filter(published_on__isnull=False)
        .exclude(corrected_by__published_on__isnull=False)
        .select_related("agency", "record")
    )


def shown(report: AnnualReport) -> Compiled:
    """The report as it is to be shown: as frozen, or alive."""
    if report.is_frozen:
        return stored(report)
    return compile_report(report.agency_id, report.year, report=report)


def work_points(agency_id: int, year: int) -> QuerySet[WorkPoint]:
    """The work points of a year with their answers."""
    return WorkPoint.objects.filter(agency=agency_id, year=year)


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of applications with their number."""

    subject: str
    number: int


def topics(scope: Scope, limit: int = 10) -> list[Topic]:
    """What the applications received were about (内容主要涉及…), the most frequent first."""
    found = rows(term("applications.new"), scope).exclude(subject="").order_by()
    counted = found.values("subject").annotate(number=Count("pk")).order_by("-number", "subject")[:limit]
    return [Topic(line["subject"], line["number"]) for line in counted]


# Since freezing


@dataclass(frozen=True, slots=True)
class Change:
    """A cell that would move now (冻结后变动). Both values are in the unit of the form."""

    code: str
    label: str
    frozen: Decimal | None
    now: Decimal | None


def later_changes(
    report: AnnualReport,
    scope: Scope | None = None,
    frozen: Mapping[str, tuple[Decimal | None, str]] | None = None,
) -> list[Change]:
    """The cells of a frozen report that today's rows and returns would move. Hand figures do not move.

    `scope` and `frozen` (value and source by cell) are read here unless the caller has read them already.
    """
    if scope is None:
        tree, _ = history(date(report.year, 12, 31))
        scope = scope_of_frozen(report, tree)
    bindings = bindings_of(form_for_year(report.year).code)
    now = evaluate([ask_cell(binding) for binding in bindings.values()], scope)
    if frozen is None:
        cells = FrozenCell.objects.filter(report=report).values_list("code", "value", "source")
        frozen = {code: (value, source) for code, value, source in cells}
    changes = []
    for code, (value, source) in frozen.items():
        live = _in_form_unit(bindings[code], now.figures[ask_cell(bindings[code])].value)
        if source != "hand" and live != value:
            changes.append(Change(code, bindings[code].cell.label, value, live))
    order = list(bindings)
    return sorted(changes, key=lambda change: order.index(change.code))


def reports_that_would_move(reports: Iterable[AnnualReport]) -> dict[int, list[Change]]:
    """For 今天: of many frozen reports those with later changes; a fixed number of queries for each year among them."""
    by_year: dict[int, list[AnnualReport]] = defaultdict(list)
    for report in reports:
        if report.is_frozen:
            by_year[report.year].append(report)
    moved: dict[int, list[Change]] = {}
    for year, of_year in by_year.items():
        moved |= _moved_in_year(year, of_year)
    return moved


def _moved_in_year(year: int, reports: list[AnnualReport]) -> dict[int, list[Change]]:
    bindings = bindings_of(form_for_year(year).code)
    asks = {code: ask_cell(binding) for code, binding in bindings.items() if not binding.total}
    tree, _ = history(date(year, 12, 31))
    agencies = {agency for report in reports for agency in report.agencies}
    by_agency = evaluate_by_agency(asks.values(), year_scope(agencies, year, tree))
    values: dict[int, dict[str, Decimal | None]] = defaultdict(dict)
    frozen = FrozenCell.objects.filter(report__in=reports).exclude(source="hand")
    for report_id, code, value in frozen.values_list("report_id", "code", "value"):
        values[report_id][code] = value
    moved: dict[int, list[Change]] = {}
    for report in reports:
        changes = []
        for code, one in asks.items():
            if code not in values[report.pk]:
                continue
            live = _in_form_unit(bindings[code], _sum(by_agency, report.agencies, one))
            if live != values[report.pk][code]:
                changes.append(Change(code, bindings[code].cell.label, values[report.pk][code], live))
        if changes:
            moved[report.pk] = changes
    return moved


def _sum(by_agency: Mapping[int, Mapping[Ask, Any]], agencies: Iterable[int], one: Ask) -> Decimal | None:
    """The agencies together; unknown only where none of them knows it."""
    known = [by_agency[agency][one].value for agency in agencies if agency in by_agency]
    values = [value for value in known if value is not None]
    return sum(values, Decimal(0)) if values else None


def _in_form_unit(binding: Binding, value: Decimal | None) -> Decimal | None:
    return wan_from_yuan(value) if value is not None and binding.cell.unit == "万元" else value


# The January round

STATES = {
    "not_begun": "未开始",
    "drafting": "编制中",
    "frozen": "已定稿",
    "submitted": "已报送",
    "returned": "已退回",
    "accepted": "已接收",
}


@dataclass(frozen=True, slots=True)
class RoundLine:
    """One body that reports for itself: how far its report is, and by when it is due."""

    agency: Node
    state: str
    due_on: date
    is_late: bool
    report: AnnualReport | None
    submission: Submission | None

    @property
    def state_word(self) -> str:
        """The state as it is shown."""
        return STATES[self.state]


def deadlines(root: int | None, on: date) -> ReportDeadlines:
    """The last days of the office, as set at the root of the tree."""
    days = {kind: setting.default for kind, setting in DUE.items()}
    dated = OfficeSettingValue.objects.filter(
        agency=root, key__in=[setting.key for setting in DUE.values()], valid_from__lte=on
    )
    for key, value in dated.order_by("valid_from").values_list("key", "value"):
        days[key.rpartition(".")[2]] = value
    return ReportDeadlines({kind: _month_and_day(value) for kind, value in days.items()})


def _month_and_day(text: str) -> tuple[int, int]:
    month, _, day = str(text).partition("-")
    return int(month), int(day)


def january_round(lead: int, year: int, *, on: date | None = None) -> list[RoundLine]:
    """All bodies that submit to the lead office, in the order of the tree. Four queries."""
    on = on or clock.localdate()
    tree, _ = history(date(year, 12, 31))
    roots = tree.roots()
    dates = deadlines(roots[0].pk if roots else None, on)
    bodies = _bodies_under(tree, lead)
    reports = {
        report.agency_id: report
        for report in AnnualReport.objects.filter(agency__in=bodies, year=year).order_by("number")
    }
    submissions = {
        submission.report_id: submission
        for submission in Submission.objects.filter(report__in=reports.values()).order_by("pk")
    }
    return [_round_line(tree.nodes[body], year, on, dates, reports, submissions) for body in bodies]


def _bodies_under(tree: Tree, lead: int) -> list[int]:
    """Agencies that report for themselves and whose nearest reporting agency above is the lead office."""
    if lead not in tree.nodes:
        return []
    return [
        node.pk
        for node, _ in tree.walk(lead)
        if node.pk != lead and node.reports_for_itself and lead_office_of(node.pk, tree) == lead
    ]


def _round_line(
    node: Node,
    year: int,
    on: date,
    dates: ReportDeadlines,
    reports: Mapping[int, AnnualReport],
    submissions: Mapping[int, Submission],
) -> RoundLine:
    report = reports.get(node.pk)
    submission = None if report is None else submissions.get(report.pk)
    if report is None:
        state = "not_begun"
    elif submission is not None:
        state = submission.state
    else:
        state = "frozen" if report.is_frozen else "drafting"
    due_on = report_due_on(year, node.kind, dates)
    handed_in = submission is not None and state in ("submitted", "accepted")
    late_on = submission.submitted_on if submission is not None and handed_in else on
    return RoundLine(node, state, due_on, late_on > due_on, report, submission)


@dataclass(frozen=True, slots=True)
class RollUpLine:
    """A cell of the accepted reports added up, against the rows and returns of the same agencies."""

    code: str
    label: str
    submitted: Decimal | None
    computed: Decimal | None

    @property
    def agrees(self) -> bool:
        """Whether both are the same."""
        return self.submitted == self.computed


def roll_up(lead: int, year: int) -> tuple[int, list[RollUpLine]]:
    """How many accepted reports there are under the lead office, and each cell of them against the ledgers."""
    accepted = list(
        AnnualReport.objects.filter(
            year=year, submissions__lead_office=lead, submissions__accepted_on__isnull=False
        ).distinct()
    )
    latest = {report.agency_id: report for report in sorted(accepted, key=lambda report: report.number)}
    bindings = bindings_of(form_for_year(year).code)
    sums: dict[str, Decimal] = {}
    for code, value in FrozenCell.objects.filter(report__in=latest.values()).values_list("code", "value"):
        if value is not None:
            sums[code] = sums.get(code, Decimal(0)) + value
    tree, _ = history(date(year, 12, 31))
    agencies = {agency for report in latest.values() for agency in report.agencies}
    evaluation = evaluate([ask_cell(binding) for binding in bindings.values()], year_scope(agencies, year, tree))
    return len(latest), [
        RollUpLine(code, binding.cell.label, sums.get(code), _live(binding, evaluation))
        for code, binding in bindings.items()
    ]


def _live(binding: Binding, evaluation: Evaluation) -> Decimal | None:
    return _in_form_unit(binding, evaluation.figures[ask_cell(binding)].value)


def frozen_reports_of(agencies: Collection[int]) -> QuerySet[AnnualReport]:
    """The newest frozen version of each report of these agencies, for 今天."""
    frozen = AnnualReport.objects.filter(agency__in=agencies, frozen_at__isnull=False)
    return frozen.exclude(corrected_by__frozen_at__isnull=False).select_related("agency")
