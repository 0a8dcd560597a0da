"""A report compiles from rows and confirmed returns, with every cell of its form, its sentences and its findings."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from gongkai.base import clock
from gongkai.core.national_forms import FORMS
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.records.models import Outlet, Publication, Record
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.annual_reports.bindings import bindings_of
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.models import AnnualReport, PreviousTable, ReportSection
from tests.district import make_agency


def an_application(agency, received, closed=None, outcome="granted", **values):
    return Application.objects.create(
        agency=agency,
        number=f"{agency.code}-{Application.objects.count() + 1:04}",
        received_on=received,
        channel="online",
        applicant_kind=values.pop("applicant_kind", "natural_person"),
        description="材料",
        due_on=received + timedelta(30),
        closed_on=closed,
        outcome=outcome if closed else "",
        **values,
    )


def a_return(agency, indicator, value, by, confirmed_by, year=2020, **values):
    return Return.objects.create(
        agency=agency,
        indicator=indicator,
        period_from=values.pop("first", date(year, 1, 1)),
        period_to=values.pop("last", date(year, 12, 31)),
        value=Decimal(value),
        evidence_note="系统导出",
        filled_by=by,
        filled_at=clock.now(),
        confirmed_by=confirmed_by,
        confirmed_at=clock.now() if confirmed_by else None,
        **values,
    )


def a_record(agency, outlet, day, number, **values):
    record = Record.objects.create(agency=agency, index_number=f"X{number}", title="公告", issued_on=day, **values)
    Publication.objects.create(record=record, outlet=outlet, published_on=day)
    return record


@pytest.mark.parametrize("form", FORMS)
def test_every_cell_of_a_form_has_a_binding(form):
    assert list(bindings_of(form)) == list(FORMS[form].cells)


@pytest.mark.parametrize(("year", "form"), [(2017, "2014"), (2020, "2019"), (2024, "2021")])
def test_the_year_decides_the_form(government, year, form):
    assert compile_report(government, year).form.code == form


def test_rows_and_returns_stand_in_their_cells_and_what_nobody_filled_is_unknown(
    government, bureau, office_clerk, approver
):
    an_application(bureau, date(2020, 3, 2), date(2020, 3, 20))
    an_application(government, date(2019, 12, 20), date(2020, 1, 9), "unavailable.nonexistent")
    a_return(bureau, "open_data.permits.rulings", 62470, office_clerk, approver)
    cells = compile_report(government, 2020).cells
    assert cells["applications.new.natural_person"].value == 1
    assert cells["applications.carried_in.total"].value == 1
    assert cells["applications.unavailable.not_held.natural_person"].value == 1
    assert cells["applications.closed_total.total"].value == 2
    assert (cells["proactive.permit.rulings"].value, cells["proactive.permit.rulings"].source) == (62470, "returns")
    assert cells["proactive.penalty.rulings"].value is None


def test_parts_of_a_year_are_added_up_and_a_stock_takes_the_latest(government, bureau, office_clerk, approver):
    for first, last, value in ((date(2020, 1, 1), date(2020, 6, 30), 30), (date(2020, 7, 1), date(2020, 12, 31), 12)):
        a_return(bureau, "open_data.penalties.rulings", value, office_clerk, approver, first=first, last=last)
        a_return(bureau, "open_data.penalties.items_last_year", value, office_clerk, approver, first=first, last=last)
    a_return(government, "open_data.penalties.items_last_year", 5, office_clerk, approver)
    cells = compile_report(government, 2020).cells
    assert cells["proactive.penalty.rulings"].value == 42
    assert cells["proactive.penalty.items_last_year"].value == 12 + 5


def test_a_return_that_reaches_over_the_year_is_not_counted_and_said(government, office_clerk, approver):
    a_return(government, "open_data.permits.rulings", 9, office_clerk, approver, last=date(2021, 3, 31))
    compiled = compile_report(government, 2020)
    assert compiled.cells["proactive.permit.rulings"].value is None
    assert any("跨出本期" in finding.message for finding in compiled.findings)


def test_an_unconfirmed_return_does_not_count_and_is_said(government, office_clerk):
    a_return(government, "open_data.permits.rulings", 9, office_clerk, None)
    compiled = compile_report(government, 2020)
    assert compiled.cells["proactive.permit.rulings"].value is None
    assert any(finding.code == "unconfirmed-return" for finding in compiled.findings)


@pytest.mark.parametrize(("year", "printed"), [(2024, "96171.6"), (2017, "0.000001")])
def test_money_is_printed_in_the_unit_of_the_form_and_no_digit_is_lost(
    government, office_clerk, approver, year, printed
):
    name = "open_data.administrative_fees.amount" if year == 2024 else "applications.fees"
    code = "proactive.administrative_fee.amount" if year == 2024 else "fees"
    a_return(government, name, Decimal(printed) * 10000, office_clerk, approver, year=year)
    assert compile_report(government, year).cells[code].printed == printed


def test_the_report_of_a_department_counts_only_itself_and_what_does_not_report(government, bureau):
    station = make_agency("zhan", "SF021", "示范区教育考试站", "institution", bureau, reports_for_itself=False)
    for agency in (government, bureau, station):
        an_application(agency, date(2020, 3, 2))
    assert compile_report(bureau, 2020).cells["applications.new.total"].value == 2


def test_a_body_that_ended_is_counted_by_its_successor_once(government, bureau, town):
    old = make_agency("lao", "SF030", "示范区体育局", "department", government)
    old.terms.update(valid_to=date(2020, 6, 30), successor=bureau)
    an_application(old, date(2020, 3, 2))
    an_application(bureau, date(2020, 8, 3))
    assert compile_report(bureau, 2020).cells["applications.new.total"].value == 2
    assert compile_report(government, 2020).cells["applications.new.total"].value == 2
    assert compile_report(town, 2020).cells["applications.new.total"].value == 0


def test_the_inconsistency_of_2017_names_the_return_and_its_reason(government, office_clerk, approver, portal_outlet):
    for number in range(3):
        a_record(government, portal_outlet, date(2017, 5, number + 1), number)
    reason = "规范性文件在渠道数之外又加了一次"
    row = a_return(
        government, "records.published.total", 2, office_clerk, approver, year=2017, in_addition=True, reason=reason
    )
    compiled = compile_report(government, 2017, "own")
    assert compiled.cells["proactive.total"].value == 5
    assert compiled.cells["proactive.total"].source == "records+returns"
    finding = next(finding for finding in compiled.findings if finding.id == "proactive_le_channels")
    assert finding.severity == "error"
    assert reason in finding.message
    assert "正好是差额" in finding.message
    assert finding.returns == (row.pk,)


def test_text_and_tables_cannot_disagree(government, bureau, town, portal_outlet, wechat_outlet):
    an_application(bureau, date(2020, 3, 2), date(2020, 3, 20))
    record = a_record(town, portal_outlet, date(2019, 3, 2), 1)
    Publication.objects.create(record=record, outlet=wechat_outlet, published_on=date(2020, 1, 6))
    a_record(town, portal_outlet, date(2020, 3, 2), 2)
    report = AnnualReport.objects.create(agency=government, year=2020, scope="own_level", opened_on=date(2020, 1, 2))
    text = (
        "收到{{applications.new.total}}件，按时办结率{{applications.on_time_share}}%，"
        "公开{{records.published.total}}条，历年累计{{records.published.total|period=cumulative}}条，"
        "其中乡镇街道{{records.published.total|period=cumulative|level=town}}条。"
    )
    ReportSection.objects.create(report=report, key="一", text=text)
    section = compile_report(government, 2020).sections[0]
    assert section.rendered == "收到1件，按时办结率100%，公开1条，历年累计2条，其中乡镇街道2条。"


def test_a_name_that_is_no_indicator_is_an_error_finding(government):
    report = AnnualReport.objects.create(agency=government, year=2020, scope="own_level", opened_on=date(2020, 1, 2))
    ReportSection.objects.create(report=report, key="一", text="收到{{applications.nwe}}件")
    compiled = compile_report(government, 2020)
    assert [finding.message for finding in compiled.findings if finding.code == "token"] == [
        "文字里的“{{applications.nwe}}”：没有叫“applications.nwe”的指标。"
    ]


def test_carried_in_that_differs_from_last_years_report_is_an_error_that_names_the_rows(government, bureau):
    row = an_application(bureau, date(2019, 12, 20))
    cells = dict.fromkeys(FORMS["2019"].cells, "0")
    PreviousTable.objects.create(agency=government, year=2019, cells=cells, source="2019年年报")
    compiled = compile_report(government, 2020)
    finding = next(f for f in compiled.findings if f.id == "applications.carry.natural_person")
    assert (finding.severity, finding.expected, finding.actual) == ("error", 0, 1)
    assert row.number in finding.message


def test_a_table_from_outside_the_system_stands_in_cells_totals_and_sentences(
    government, bureau, office_clerk, approver
):
    outside = make_agency("shui", "SF040", "示范区供水公司", "institution", government, works_outside=True)
    an_application(bureau, date(2020, 3, 2), date(2020, 3, 20))
    for code, value in (("new.natural_person", 4), ("granted.natural_person", 3), ("carried_over.natural_person", 1)):
        a_return(outside, f"2019:applications.{code}", value, office_clerk, approver)
    report = AnnualReport.objects.create(agency=government, year=2020, scope="own_level", opened_on=date(2020, 1, 2))
    text = "{{applications.new.total}}、{{applications.granted.total}}、{{applications.received.online}}"
    ReportSection.objects.create(report=report, key="一", text=text)
    compiled = compile_report(government, 2020)
    values = compiled.values
    assert values["applications.new.total"] == values["applications.new.natural_person"] == 5
    assert values["applications.closed_total.total"] == values["applications.granted.total"] == 4
    assert not compiled.relations.broken
    assert compiled.sections[0].rendered == "5、4、1"
    assert any("没有按这样的口径分列" in finding.message for finding in compiled.findings)


def test_rows_of_an_agency_whose_table_is_in_do_not_count_twice(government, office_clerk, approver):
    outside = make_agency("shui", "SF040", "示范区供水公司", "institution", government, works_outside=True)
    an_application(outside, date(2020, 3, 2))
    assert compile_report(government, 2020).values["applications.new.total"] == 1
    a_return(outside, "2019:applications.new.natural_person", 4, office_clerk, approver)
    compiled = compile_report(government, 2020)
    assert compiled.values["applications.new.total"] == 4
    assert any(finding.code == "rows-beside-table" for finding in compiled.findings)


def test_an_outside_agency_without_a_table_is_said(government):
    make_agency("shui", "SF040", "示范区供水公司", "institution", government, works_outside=True)
    assert any(finding.code == "table-missing" for finding in compile_report(government, 2020).findings)


def test_a_report_compiles_in_five_queries(government, bureau, town, django_assert_num_queries):
    an_application(bureau, date(2020, 3, 2))
    with django_assert_num_queries(5):  # version, tree, parts with last year's table, returns, rows
        compile_report(government, 2020)


def test_the_published_object_holds_every_code_of_the_form(government):
    report = compile_report(government, 2020).to_published_report()
    assert list(report.cells) == list(FORMS["2019"].cells)
    assert (report.form, report.year, report.issuer, report.format) == ("2019", 2020, "示范区人民政府", "ledger")
    assert {unread.code for unread in report.unread} == {code for code, value in report.cells.items() if value is None}


def test_deleting_one_row_moves_exactly_its_cell_its_totals_and_its_sentences(government, bureau):
    an_application(bureau, date(2020, 3, 2), date(2020, 3, 20))
    row = an_application(bureau, date(2020, 4, 2), date(2020, 4, 20), applicant_kind="commercial_enterprise")
    before = compile_report(government, 2020).values
    row.delete()
    after = compile_report(government, 2020).values
    assert {code for code in before if before[code] != after[code]} == {
        f"applications.{line}.{column}"
        for line in ("new", "granted", "closed_total")
        for column in ("commercial_enterprise", "total")
    }


def test_an_outlet_of_a_channel_counts_there(government):
    outlet = Outlet.objects.create(agency=government, name="公告栏", channel="other_channel")
    a_record(government, outlet, date(2017, 3, 1), 1)
    values = compile_report(government, 2017).values
    assert (
        values["proactive.total"],
        values["proactive.channel.other_channel"],
        values["proactive.channel.website"],
    ) == (1, 1, 0)


def test_a_number_of_the_text_is_given_as_it_is_printed(government, bureau):
    for day in (2, 3, 4):
        an_application(bureau, date(2020, 3, day), date(2020, 3, 20) if day < 4 else None)
    an_application(bureau, date(2020, 1, 2))
    report = AnnualReport.objects.create(agency=government, year=2020, scope="own_level", opened_on=date(2020, 1, 2))
    text = "答复率{{applications.replied_share}}%，收到{{applications.new.total}}件。"
    ReportSection.objects.create(report=report, key="一", text=text)
    published = compile_report(government, 2020).to_published_report()
    assert [(figure.quote, figure.value, figure.cell) for figure in published.figures] == [
        ("50", 50, None),
        ("4", 4, "applications.new.total"),
    ]
    text = "\n".join(f"{section.heading}\n{section.text}" for section in published.sections)
    assert all(text[figure.offset :].startswith(figure.quote) for figure in published.figures)


def test_a_section_that_holds_a_table_need_not_be_written(government):
    empty = {finding.id for finding in compile_report(government, 2020).findings if finding.code == "empty-section"}
    assert empty == {"empty:一", "empty:五", "empty:六"}
