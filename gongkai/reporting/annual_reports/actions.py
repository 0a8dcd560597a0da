"""What can be done with an annual report. A frozen one never changes; a correction is a new version that says what changed."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import APPROVER, CLERK, DISCLOSURE_OFFICE, REVIEWER, declare, require
from gongkai.core.national_forms import Cell, NationalForm, form_for_year
from gongkai.core.national_forms.cells import CellValue
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import Tree, tree_on, tree_today
from gongkai.ledgers.records.models import Record
from gongkai.reporting.annual_reports import frozen
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.models import (
    AnnualReport,
    Explanation,
    HandFigure,
    PreviousTable,
    Remark,
    ReportSection,
    Submission,
    WorkPoint,
)
from gongkai.reporting.annual_reports.narrative import tokens_in
from gongkai.reporting.annual_reports.outlines import outline_of
from gongkai.reporting.indicators.scopes import REACHES, Reach, default_reach

_EVERYBODY = (CLERK, REVIEWER, APPROVER, DISCLOSURE_OFFICE)
declare("reports.view", "查看年度报告", _EVERYBODY)
declare("reports.write", "编写年度报告", (CLERK, DISCLOSURE_OFFICE))
declare("reports.propose", "提请年度报告定稿", (DISCLOSURE_OFFICE,))
declare("reports.freeze", "批准年度报告定稿", (APPROVER,))
declare("reports.publish", "公布年度报告", (DISCLOSURE_OFFICE,))
declare("reports.submit", "报送年度报告", (DISCLOSURE_OFFICE, APPROVER))
declare("reports.review", "审核报送的年度报告", (DISCLOSURE_OFFICE,))
declare("indicators.view", "查看指标", _EVERYBODY)


def form_of(year: int) -> NationalForm:
    """The national form of a year, or a refusal."""
    try:
        return form_for_year(year)
    except ValueError as error:
        raise RuleBroken(str(error), field="year") from error


def _cell_of(year: int, code: str) -> Cell:
    cell = form_of(year).cells.get(code)
    if cell is None:
        raise RuleBroken(f"{year}年度的格式里没有数据格“{code}”。", field="code")
    return cell


def _draft(report: AnnualReport) -> AnnualReport:
    """The report read anew and locked, or a refusal because it is proposed or frozen."""
    held = AnnualReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.is_frozen:
        raise RuleBroken("这份年度报告已经定稿，不能再改；确有错误请更正，另出一版。")
    if held.proposed_on is not None:
        raise RuleBroken("这份年度报告已经提请定稿；要修改请先撤回提请。")
    return held


# Writing


@transaction.atomic
def open_report(agency: Agency, *, year: int, by: Any, reach: Reach | None = None) -> AnnualReport:
    """Begin the report of a year: from 1 January on it is alive. `reach` None: the default of the kind of agency."""
    require(by, "reports.write", agency)
    form_of(year)
    today = clock.localdate()
    if year > today.year:
        raise RuleBroken(f"{year}年还没有到，到{year}年1月1日再建立。", field="year")
    node = tree_on(min(today, date(year, 12, 31))).nodes.get(agency.pk)
    if node is None:
        raise RuleBroken(f"这个单位在{year}年已不在册，由承接单位合并编制。", field="year")
    if not node.reports_for_itself:
        raise RuleBroken("这个单位不单独编制年度报告，数据计入上级单位的报告。", field="year")
    try:
        with transaction.atomic():
            report = AnnualReport.objects.create(
                agency=agency, year=year, scope=reach or default_reach(node.kind), opened_on=today
            )
    except IntegrityError:
        raise RuleBroken(f"{year}年度报告已经建立。", field="year") from None
    journal.record("reports.opened", report, by=by)
    return report


@transaction.atomic
def set_scope(report: AnnualReport, *, reach: Reach, by: Any, reason: str = "") -> None:
    """Choose what the report counts: the agency itself, or its own level with departments and towns."""
    require(by, "reports.write", report)
    if reach not in REACHES:
        raise RuleBroken("统计范围只能是本机关或者本级。", field="reach")
    _draft(report)
    AnnualReport.objects.filter(pk=report.pk).update(scope=reach)
    journal.record("reports.scope_set", report, by=by, reason=reason)


@transaction.atomic
def write_section(report: AnnualReport, *, key: str, text: str, by: Any) -> ReportSection:
    """Write a section. A figure is named as {{indicator}}; a name that is none is refused."""
    require(by, "reports.write", report)
    held = _draft(report)
    keys = {outline.key: outline for outline in outline_of(form_of(held.year)) if outline.key != "附"}
    if key not in keys:
        raise RuleBroken(f"没有第“{key}”部分。", field="text")
    for token in tokens_in(text):
        if token.why:
            raise RuleBroken(token.why, field="text")
    text = text.replace("\r\n", "\n").strip()
    section, made = ReportSection.objects.get_or_create(report=held, key=key, defaults={"text": text})
    if not made and section.text == text:
        return section
    section.text = text
    section.save()
    journal.record("reports.section_written", section, by=by)
    return section


@transaction.atomic
def type_by_hand(report: AnnualReport, *, code: str, value: Decimal, reason: str, by: Any) -> HandFigure:
    """Type a cell by hand, with the reason; it is shown as such. `value` is in the unit of the form."""
    require(by, "reports.write", report)
    held = _draft(report)
    cell = _cell_of(held.year, code)
    if not reason.strip():
        raise RuleBroken("手工填写要写明理由，理由会在报告中标明。", field="reason")
    if not value.is_finite() or abs(value) >= Decimal(10) ** 15:
        raise RuleBroken("数值太大，请核对单位。", field="value")
    if value != value.quantize(Decimal("0.00000001")):
        raise RuleBroken("小数最多八位。", field="value")
    if cell.is_whole and value != value.to_integral_value():
        raise RuleBroken(f"“{cell.label}”要填整数。", field="value")
    if value < 0 and not cell.may_be_negative:
        raise RuleBroken(f"“{cell.label}”不能是负数。", field="value")
    figure, _ = HandFigure.objects.update_or_create(
        report=held,
        code=code,
        defaults={"value": value, "reason": reason.strip(), "typed_by": by, "removed": False},
    )
    journal.record("reports.typed_by_hand", figure, by=by, reason=reason)
    return figure


@transaction.atomic
def remove_hand_figure(report: AnnualReport, *, code: str, by: Any) -> None:
    """Take a typed value back, so that the cell shows what rows and returns say."""
    require(by, "reports.write", report)
    held = _draft(report)
    figure = HandFigure.objects.filter(report=held, code=code, removed=False).first()
    if figure is None:
        raise RuleBroken("这一格没有手工填写的数。", field="code")
    figure.removed = True
    figure.save()
    journal.record("reports.hand_figure_removed", figure, by=by)


@transaction.atomic
def explain_finding(report: AnnualReport, *, finding: str, text: str, by: Any) -> Explanation:
    """Say why a finding stands; an error finding that is explained no longer keeps the report from being frozen."""
    require(by, "reports.write", report)
    held = _draft(report)
    if not text.strip():
        raise RuleBroken("请写明情况。", field="text")
    compiled = compile_report(held.agency_id, held.year, report=held)
    if finding not in {found.id for found in compiled.findings}:
        raise RuleBroken("这个问题已经不存在，不用说明。", field="finding")
    explanation, _ = Explanation.objects.update_or_create(
        report=held, finding=finding, defaults={"text": text.strip(), "by": by}
    )
    journal.record("reports.finding_explained", explanation, by=by)
    return explanation


# Freezing and publishing


def _refuse_while_wrong(report: AnnualReport) -> Any:
    compiled = compile_report(report.agency_id, report.year, report=report)
    if compiled.blocking:
        first = compiled.blocking[0].message
        raise RuleBroken(f"还有{len(compiled.blocking)}个错误没有改正或者说明，不能定稿。第一个：{first}")
    return compiled


@transaction.atomic
def propose_freeze(report: AnnualReport, *, by: Any) -> None:
    """The disclosure office proposes; refused while an error finding is unexplained."""
    require(by, "reports.propose", report)
    held = _draft(report)
    today = clock.localdate()
    if today <= date(held.year, 12, 31):
        raise RuleBroken(f"{held.year}年的统计期到12月31日为止，年后才能定稿。")
    _refuse_while_wrong(held)
    open_draft = AnnualReport.objects.filter(pk=held.pk, proposed_on=None, frozen_at=None)
    if not open_draft.update(proposed_on=today, proposed_by=by):
        raise RuleBroken("这份年度报告已经提请定稿。")
    journal.record("reports.freeze_proposed", report, by=by)


@transaction.atomic
def withdraw_proposal(report: AnnualReport, *, reason: str, by: Any) -> None:
    """Back to writing: by who proposed, or by the approver who does not agree."""
    if by != report.proposed_by:
        require(by, "reports.freeze", report)
    if not reason.strip():
        raise RuleBroken("请写明理由。", field="reason")
    proposed = AnnualReport.objects.filter(pk=report.pk, proposed_on__isnull=False, frozen_at=None)
    if not proposed.update(proposed_on=None, proposed_by=None):
        raise RuleBroken("这份年度报告没有提请定稿，或者已经定稿。")
    journal.record("reports.proposal_withdrawn", report, by=by, reason=reason)


@transaction.atomic
def confirm_freeze(report: AnnualReport, *, by: Any) -> None:
    """The approver confirms: every value is stored with its trace and a digest, and nothing in it changes any more."""
    require(by, "reports.freeze", report)
    held = AnnualReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if held.is_frozen:
        raise RuleBroken("这份年度报告已经定稿。")
    if held.proposed_on is None:
        raise RuleBroken("公开工作机构还没有提请定稿。")
    if held.proposed_by_id == by.pk:
        raise RuleBroken("提请人不能批准自己提请的定稿，请另一位领导批准。")
    digest = frozen.freeze(held, _refuse_while_wrong(held))
    waiting = AnnualReport.objects.filter(pk=held.pk, frozen_at=None, proposed_on__isnull=False)
    changed = waiting.update(
        frozen_at=clock.now(),
        frozen_by=by,
        digest=digest,
        agencies=held.agencies,
        agencies_by_table=held.agencies_by_table,
        findings=held.findings,
    )
    if not changed:
        raise RuleBroken("这份年度报告已经定稿。")
    journal.record("reports.frozen", report, by=by)


@transaction.atomic
def mark_published(report: AnnualReport, *, record: Record, on: date, by: Any) -> None:
    """The frozen report is published, as this record; `site` makes the record first."""
    require(by, "reports.publish", report)
    unpublished = AnnualReport.objects.filter(pk=report.pk, frozen_at__isnull=False, published_on=None)
    if not unpublished.update(published_on=on, record=record):
        raise RuleBroken("只能公布已经定稿、还没有公布的年度报告。")
    journal.record("reports.published", report, by=by)


@transaction.atomic
def correct_report(report: AnnualReport, *, note: str, by: Any) -> AnnualReport:
    """A new version that says what changes; text, hand figures and explanations are taken over, the old one stays."""
    require(by, "reports.write", report)
    if not report.is_frozen:
        raise RuleBroken("还没有定稿的年度报告可以直接修改，不用更正。")
    if not note.strip():
        raise RuleBroken("请写明更正什么、为什么。", field="note")
    try:
        with transaction.atomic():
            version = AnnualReport.objects.create(
                agency=report.agency,
                year=report.year,
                number=report.number + 1,
                scope=report.scope,
                corrects=report,
                correction_note=note.strip(),
                opened_on=clock.localdate(),
            )
    except IntegrityError:
        raise RuleBroken("这一版已经有更正的版本。") from None
    journal.record("reports.correction_opened", version, by=by, reason=note)
    sections = [ReportSection(report=version, key=part.key, text=part.text) for part in report.reportsections.all()]
    figures = [
        HandFigure(report=version, code=part.code, value=part.value, reason=part.reason, typed_by_id=part.typed_by_id)
        for part in report.handfigures.filter(removed=False)
    ]
    explanations = [
        Explanation(report=version, finding=part.finding, text=part.text, by_id=part.by_id)
        for part in report.explanations.all()
    ]
    ReportSection.objects.bulk_create(sections)
    HandFigure.objects.bulk_create(figures)
    Explanation.objects.bulk_create(explanations)
    if copies := [*sections, *figures, *explanations]:
        journal.record_bulk("reports.parts_taken_over", copies, by=by, agency_id=report.agency_id)
    return version


# The January round


def lead_office_of(agency_id: int, tree: Tree) -> int | None:
    """To whom a report is submitted: the nearest agency above that reports for itself."""
    above = tree.ancestors(agency_id)[1:]
    return next((pk for pk in above if tree.nodes[pk].reports_for_itself), None)


@transaction.atomic
def submit_report(report: AnnualReport, *, by: Any) -> Submission:
    """Hand the frozen report to the lead office."""
    require(by, "reports.submit", report)
    if not report.is_frozen:
        raise RuleBroken("先定稿，再报送。")
    if AnnualReport.objects.filter(corrects=report).exists():
        raise RuleBroken("这一版已经更正，请报送最新的一版。")
    lead = lead_office_of(report.agency_id, tree_today())
    if lead is None:
        raise RuleBroken("没有上级主管部门，不用报送。")
    try:
        with transaction.atomic():
            submission = Submission.objects.create(
                report=report,
                agency_id=report.agency_id,
                lead_office_id=lead,
                submitted_on=clock.localdate(),
                submitted_by=by,
            )
    except IntegrityError:
        raise RuleBroken("这份年度报告已经报送。") from None
    journal.record("reports.submitted", submission, by=by)
    return submission


def _decide(submission: Submission, *, by: Any, **decision: Any) -> None:
    lead: Agency = submission.lead_office
    require(by, "reports.review", lead)
    waiting = Submission.objects.filter(pk=submission.pk, accepted_on=None, returned_on=None)
    if not waiting.update(decided_by=by, **decision):
        raise RuleBroken("这份报送已经接收或者退回。")


@transaction.atomic
def accept_submission(submission: Submission, *, by: Any) -> None:
    """The lead office takes the report."""
    _decide(submission, by=by, accepted_on=clock.localdate())
    journal.record("reports.accepted", submission, by=by)


@transaction.atomic
def return_submission(submission: Submission, *, remarks: Sequence[tuple[str, str]], by: Any) -> None:
    """The lead office returns it with remarks: (cell code, text), an empty code for the report as a whole."""
    kept = [(code.strip(), text.strip()) for code, text in remarks if text.strip()]
    if not kept:
        raise RuleBroken("退回要写明意见。", field="text")
    for code, _ in kept:
        if code:
            _cell_of(submission.report.year, code)
    _decide(submission, by=by, returned_on=clock.localdate())
    made = Remark.objects.bulk_create(Remark(submission=submission, code=code, text=text) for code, text in kept)
    journal.record_bulk("reports.remarked", made, by=by, agency_id=submission.agency_id)
    journal.record("reports.returned", submission, by=by)


# What stands beside the report


@transaction.atomic
def record_previous_table(
    agency: Agency, *, year: int, cells: Mapping[str, CellValue], source: str, by: Any
) -> PreviousTable:
    """Enter the table of a report that was not made here, so that 上年结转 can be compared. None is a blank."""
    require(by, "reports.write", agency)
    form = form_of(year)
    if unknown := [code for code in cells if code not in form.cells]:
        raise RuleBroken(f"{year}年度的格式里没有数据格“{unknown[0]}”。", field="cells")
    if not source.strip():
        raise RuleBroken("请写明出处。", field="source")
    if AnnualReport.objects.filter(agency=agency, year=year, frozen_at__isnull=False).exists():
        raise RuleBroken(f"{year}年度报告是在本系统定稿的，以那一份为准。", field="year")
    kept = {code: None if cells.get(code) is None else str(cells[code]) for code in form.cells}
    table, _ = PreviousTable.objects.update_or_create(
        agency=agency, year=year, defaults={"cells": kept, "source": source.strip()}
    )
    journal.record("reports.previous_table_recorded", table, by=by)
    return table


@transaction.atomic
def set_work_point(agency: Agency, *, year: int, number: int, text: str, by: Any) -> WorkPoint:
    """Enter or change a work point (工作要点) of a year."""
    require(by, "reports.write", agency)
    if not text.strip():
        raise RuleBroken("请写明工作要点。", field="text")
    if number < 1:
        raise RuleBroken("序号从1开始。", field="number")
    point, _ = WorkPoint.objects.update_or_create(
        agency=agency, year=year, number=number, defaults={"text": text.strip()}
    )
    journal.record("reports.work_point_set", point, by=by)
    return point


@transaction.atomic
def answer_work_point(point: WorkPoint, *, answer: str, by: Any) -> None:
    """Say what became of a work point; the report of the year prints it."""
    require(by, "reports.write", point)
    if not answer.strip():
        raise RuleBroken("请写明落实情况。", field="answer")
    WorkPoint.objects.filter(pk=point.pk).update(answer=answer.strip())
    journal.record("reports.work_point_answered", point, by=by)
