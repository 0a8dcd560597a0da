"""A frozen report keeps its values, opens into its rows as they were, and tells what would move now."""

from datetime import date
from decimal import Decimal

import pytest

from gongkai.base import clock, figures, journal
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.applications.models import Application
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.frozen import open_frozen_figure, stored, verify_frozen
from gongkai.reporting.annual_reports.models import AnnualReport, FrozenCell
from gongkai.reporting.annual_reports.queries import later_changes, reports_that_would_move, shown
from gongkai.reporting.indicators import traces
from tests.reporting.annual_reports.conftest import journalled
from tests.reporting.annual_reports.test_compile import an_application

NEW = "applications.new.natural_person"
GRANTED = "applications.granted.natural_person"


def test_a_frozen_report_reads_back_as_it_was_compiled(report, frozen_report):
    alive, kept = compile_report(frozen_report.agency_id, 2020), stored(frozen_report)
    assert kept.values == alive.values
    assert [section.rendered for section in kept.sections] == [section.rendered for section in alive.sections]
    assert [finding.message for finding in kept.findings] == [finding.message for finding in alive.findings]
    assert kept.to_published_report().to_json_object() == alive.to_published_report().to_json_object()


def test_a_later_row_changes_no_frozen_value_and_is_said_to_move_its_cells(frozen_report, bureau):
    journalled(an_application(bureau, date(2020, 5, 6)))
    assert shown(frozen_report).cells[NEW].value == 1
    moved = {change.code: (change.frozen, change.now) for change in later_changes(frozen_report)}
    assert moved == {
        code: values
        for row, values in (("new", (1, 2)), ("carried_over", (0, 1)))
        for code in (f"applications.{row}.natural_person", f"applications.{row}.total")
        for values in (values,)
    }
    assert verify_frozen(frozen_report) == ""


def test_many_reports_are_asked_at_once_what_would_move(
    bureau_report, frozen_report, bureau, django_assert_num_queries
):
    assert reports_that_would_move([frozen_report, bureau_report]) == {}
    journalled(an_application(bureau, date(2020, 5, 6)))
    with django_assert_num_queries(4):  # tree, returns, rows, frozen cells
        moved = reports_that_would_move([frozen_report, bureau_report])
    assert {pk: [change.code for change in changes] for pk, changes in moved.items()} == {
        report.pk: [change.code for change in later_changes(report)] for report in (frozen_report, bureau_report)
    }


def test_a_frozen_figure_opens_into_its_rows_as_they_were(frozen_report, application):
    opened = open_frozen_figure(frozen_report, GRANTED)
    assert [(row.pk, row.version, row.change) for row in opened.rows] == [(application.pk, 1, "")]
    assert opened.rows[0].content["outcome"] == "granted"


def test_what_changed_since_is_marked(frozen_report, application, bureau):
    Application.objects.filter(pk=application.pk).update(outcome="partly_granted")
    journalled(application)
    late = journalled(an_application(bureau, date(2020, 6, 1), date(2020, 6, 2)))
    opened = open_frozen_figure(frozen_report, GRANTED)
    assert [(row.change, row.content["outcome"]) for row in opened.rows] == [("uncounted", "granted")]
    assert "outcome" in opened.rows[0].fields
    assert [row.pk for row in opened.newly] == [late.pk]
    still = open_frozen_figure(frozen_report, NEW)
    assert [row.change for row in still.rows] == ["changed"]


def test_a_figure_of_the_text_opens_too(frozen_report, application):
    assert [row.pk for row in open_frozen_figure(frozen_report, "applications.new.total").rows] == [application.pk]


def test_a_cell_from_a_return_opens_into_the_return(frozen_report):
    opened = open_frozen_figure(frozen_report, "proactive.permit.rulings")
    assert [row.now.indicator for row in opened.returns] == ["open_data.permits.rulings"]


def test_of_too_many_rows_the_digest_tells_whether_they_are_the_same(
    report, bureau, office_clerk, approver, monkeypatch
):
    monkeypatch.setattr(traces, "LIMIT", 2)
    for day in (4, 5, 6):
        journalled(an_application(bureau, date(2020, 5, day)))
    actions.propose_freeze(report, by=office_clerk)
    actions.confirm_freeze(report, by=approver)
    report.refresh_from_db()
    opened = open_frozen_figure(report, NEW)
    assert (opened.total, opened.same) == (4, True)
    journalled(an_application(bureau, date(2020, 5, 7)))
    assert open_frozen_figure(report, NEW).same is False


@pytest.mark.parametrize("field", ["value", "trace", "printed"])
def test_a_frozen_value_that_was_tampered_with_is_found(frozen_report, field):
    tampered = {"value": Decimal(9), "trace": {"rows": []}, "printed": "9"}[field]
    FrozenCell.objects.filter(report=frozen_report, code=NEW).update(**{field: tampered})
    assert "改动" in verify_frozen(frozen_report)


def test_a_change_of_a_frozen_year_asks_for_a_reason(frozen_report, bureau, town):
    with pytest.raises(RuleBroken, match="2020年度报告已经定稿"):
        figures.require_reason_if_frozen(bureau.pk, [date(2020, 5, 6)], "")
    figures.require_reason_if_frozen(bureau.pk, [date(2020, 5, 6)], "补登一件漏登的申请")
    figures.require_reason_if_frozen(bureau.pk, [date(2021, 1, 6), None], "")


def test_the_journal_proves_the_frozen_report(frozen_report):
    AnnualReport.objects.filter(pk=frozen_report.pk).update(digest="0" * 64)
    _, broken = journal.verify()
    assert broken is not None
    assert "年度报告" in broken.sentence


def test_a_frozen_report_is_read_in_three_queries(frozen_report, django_assert_num_queries):
    with django_assert_num_queries(3), clock.frozen(date(2021, 2, 1)):
        stored(frozen_report)


def test_the_next_report_names_what_the_frozen_one_did_not_carry_over(
    frozen_report, government, bureau, django_assert_num_queries
):
    late = journalled(an_application(bureau, date(2020, 12, 28), applicant_kind="commercial_enterprise"))
    with django_assert_num_queries(6):  # those of every report, and one for the rows
        compiled = compile_report(government, 2021)
    found = {finding.id: finding.message for finding in compiled.findings if finding.code == "relation"}
    assert set(found) == {"applications.carry.commercial_enterprise", "applications.carry.total"}
    assert all(f"上年报告没有计入的：{late.number}。" in message for message in found.values())


def test_the_next_report_names_what_is_no_longer_carried_in(report, government, bureau, office_clerk, approver):
    row = journalled(an_application(bureau, date(2020, 12, 28)))
    actions.propose_freeze(report, by=office_clerk)
    actions.confirm_freeze(report, by=approver)
    Application.objects.filter(pk=row.pk).update(closed_on=date(2020, 12, 31), outcome="granted")
    message = next(
        finding.message
        for finding in compile_report(government, 2021).findings
        if finding.id == "applications.carry.natural_person"
    )
    assert f"上年报告计入、现在不再结转的：{row.number}。" in message


def test_the_second_of_two_confirmations_at_once_is_refused(report, office_clerk, approver):
    actions.propose_freeze(report, by=office_clerk)
    same, again = AnnualReport.objects.get(pk=report.pk), AnnualReport.objects.get(pk=report.pk)
    actions.confirm_freeze(same, by=approver)
    with pytest.raises(RuleBroken, match="已经定稿"):
        actions.confirm_freeze(again, by=approver)
