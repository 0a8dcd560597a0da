"""The complete report with 100,000 records and 100,000 applications: seconds, and queries whatever the size."""

from collections.abc import Iterator

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.district import YEAR, best_of, make_agencies, make_applications, make_records
from bench.ratios import Ratio
from gongkai.core.national_forms import form_for_year
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.models import AnnualReport, ReportSection
from gongkai.reporting.annual_reports.outlines import outline_of

AGENCIES = 200
NUMBER = 100_000
TEXT = (
    "主动公开{{records.published.total}}条，网站{{records.published.website}}条，微信{{records.published.wechat}}条，"
    "历年累计{{records.published.total|period=cumulative}}条，部门{{records.published.total|level=department}}条，"
    "全文电子化率{{records.full_text_share}}%，收到申请{{applications.new.total}}件，按时办结率{{applications.on_time_share}}%。"
)


def measure() -> Iterator[Ratio]:
    """On the form of 2019, with a text that names records, and on that of 2014, whose table counts them by channel."""
    government = make_agencies(AGENCIES)
    make_applications(government, AGENCIES, NUMBER, years=3)
    make_records(government, AGENCIES, NUMBER, years=3)
    for year in (YEAR, 2018):
        form = form_for_year(year)
        report = AnnualReport.objects.create(agency=government, year=year, scope="own_level", opened_on=f"{year}-01-02")
        ReportSection.objects.create(report=report, key=outline_of(form)[0].key, text=TEXT)
        (seconds,) = best_of(lambda year=year: compile_report(government, year), runs=3)  # type: ignore[misc]
        with CaptureQueriesContext(connection) as queries:
            compile_report(government, year)
        how = f"{NUMBER:,} records, {NUMBER:,} applications, {AGENCIES} agencies, form {form.code}"
        yield Ratio(f"the complete report of {year}", seconds, 2, "s", how)
        yield Ratio(f"queries of the complete report of {year}", len(queries), 10, "queries", how)
