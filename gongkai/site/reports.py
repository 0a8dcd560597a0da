"""Publishing a frozen report as a record, and the report on the command line."""

from typing import Any, TextIO

from django.db import transaction

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.core.writing.numerals import grouped
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.queries import root_agency
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.records.models import Category, Outlet, Record
from gongkai.reporting.annual_reports import actions as annual_reports
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.compiled import Compiled
from gongkai.reporting.annual_reports.frozen import stored
from gongkai.reporting.annual_reports.models import AnnualReport

CATEGORY = ("annual_report", "政府信息公开年报")


@transaction.atomic
def publish_report(report: AnnualReport, *, by: Any) -> Record:
    """Publish a frozen report: it becomes a record at the portal, searched and withdrawn like any other."""
    compiled = stored(report)
    outlet = Outlet.objects.filter(is_portal=True, closed_on=None).order_by("pk").first()
    if outlet is None:
        raise RuleBroken("还没有本系统门户这个发布去处，请先在“政府信息目录”里开设。")
    category = Category.objects.filter(code=CATEGORY[0]).first()
    if category is None:
        root = root_agency()
        assert root is not None
        category = records.create_category(root, code=CATEGORY[0], name=CATEGORY[1], by=by)
    today = clock.localdate()
    title = compiled.title if report.number == 1 else f"{compiled.title}（更正第{report.number}版）"
    body = "\n\n".join(f"{section.outline.heading}\n\n{section.rendered}" for section in compiled.sections)
    entry = RecordEntry(agency=report.agency, title=title, issued_on=today, category=category, body=body)
    record = records.register_record(entry, by=by)
    records.publish_record(record, outlet, on=today, by=by)
    annual_reports.mark_published(report, record=record, on=today, by=by)
    return record


def compile_for_command(slug: str | None, year: int) -> Compiled:
    """The report of an agency (default: the topmost) as the ledgers have it now."""
    agency = root_agency() if slug is None else Agency.objects.filter(slug=slug).first()
    if agency is None:
        raise RuleBroken(f"没有代号为 {slug} 的单位。" if slug else "还没有单位。")
    annual_reports.form_of(year)
    return compile_report(agency, year)


def print_compiled(compiled: Compiled, out: TextIO) -> None:
    """The cells that are not zero, what is unknown, and the findings."""
    out.write(f"{compiled.title}（{compiled.form.code}格式）\n")
    for cell in compiled.cells.values():
        if cell.value != 0:
            value = "未填" if cell.value is None else grouped(cell.value)
            out.write(f"  {cell.cell.label}：{value} {cell.cell.unit}\n")
    out.write("  其余各格为 0。\n")
    marks = {"error": "✕ 错误", "warning": "△ 提醒", "notice": "○ 提示"}
    out.writelines(f"{marks[finding.severity]}　{finding.message}\n" for finding in compiled.findings)
