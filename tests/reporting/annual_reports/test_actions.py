"""Opening, writing, freezing, correcting: who may, when it is refused, and that nothing changes then."""

from datetime import date
from decimal import Decimal

import pytest

from gongkai.base import clock, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.models import AnnualReport, FrozenCell, HandFigure, ReportSection
from tests.district import make_agency
from tests.reporting.annual_reports.test_compile import a_record, a_return, an_application


def test_the_report_of_a_year_is_opened_once(report, government, office_clerk):
    with pytest.raises(RuleBroken, match="已经建立"):
        actions.open_report(government, year=2020, by=office_clerk)


def test_the_report_of_a_year_to_come_is_not_opened(government, office_clerk):
    with clock.frozen(date(2020, 12, 31)), pytest.raises(RuleBroken, match="还没有到"):
        actions.open_report(government, year=2021, by=office_clerk)


def test_a_body_that_does_not_report_for_itself_opens_no_report(bureau, office_clerk):
    station = make_agency("zhan", "SF021", "示范区教育考试站", "institution", bureau, reports_for_itself=False)
    with clock.frozen(date(2020, 12, 31)), pytest.raises(RuleBroken, match="不单独编制"):
        actions.open_report(station, year=2020, by=office_clerk)


def test_a_government_counts_its_own_level_and_a_department_itself(report, bureau, bureau_clerk):
    assert report.scope == "own_level"
    assert actions.open_report(bureau, year=2020, by=bureau_clerk).scope == "own"


def test_a_clerk_of_a_bureau_writes_no_report_of_the_government(report, bureau_clerk):
    with pytest.raises(NotAllowed):
        actions.write_section(report, key="一", text="正文", by=bureau_clerk)


def test_a_figure_that_does_not_exist_cannot_be_inserted(report, office_clerk):
    with pytest.raises(RuleBroken, match="没有叫"):
        actions.write_section(report, key="一", text="收到{{applications.nwe}}件", by=office_clerk)
    assert ReportSection.objects.get(report=report, key="一").text == "收到申请{{applications.new.total}}件。"


@pytest.mark.parametrize(
    ("value", "reason", "sentence"),
    [
        ("1", " ", "写明理由"),
        ("1.5", "核对档案", "要填整数"),
        ("-1", "核对档案", "不能是负数"),
        ("NaN", "核对档案", "太大"),
    ],
)
def test_a_figure_typed_by_hand_needs_a_reason_and_must_fit_the_cell(report, office_clerk, value, reason, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        actions.type_by_hand(
            report, code="applications.new.natural_person", value=Decimal(value), reason=reason, by=office_clerk
        )
    assert not HandFigure.objects.exists()


def test_a_figure_typed_by_hand_is_shown_as_such_and_can_be_taken_back(report, government, office_clerk):
    code = "applications.new.natural_person"
    actions.type_by_hand(report, code=code, value=Decimal(2), reason="一件纸质申请漏登", by=office_clerk)
    compiled = compile_report(government, 2020)
    assert (compiled.cells[code].value, compiled.cells[code].source) == (2, "hand")
    assert any("一件纸质申请漏登" in finding.message for finding in compiled.findings)
    actions.remove_hand_figure(report, code=code, by=office_clerk)
    assert compile_report(government, 2020).cells[code].source == "records"


def test_an_error_finding_keeps_the_report_from_being_frozen_until_it_is_explained(report, office_clerk, approver):
    code = "applications.new.natural_person"
    actions.type_by_hand(report, code=code, value=Decimal(2), reason="一件纸质申请漏登", by=office_clerk)
    with pytest.raises(RuleBroken, match="没有改正或者说明"):
        actions.propose_freeze(report, by=office_clerk)
    assert AnnualReport.objects.get(pk=report.pk).proposed_on is None
    for finding in compile_report(report.agency_id, 2020).blocking:
        actions.explain_finding(report, finding=finding.id, text="漏登的一件另行补登", by=office_clerk)
    actions.propose_freeze(report, by=office_clerk)
    actions.confirm_freeze(report, by=approver)


def test_what_is_not_wrong_cannot_be_explained(report, office_clerk):
    with pytest.raises(RuleBroken, match="不存在"):
        actions.explain_finding(report, finding="applications.row.new", text="说明", by=office_clerk)


def test_a_year_is_not_frozen_before_it_is_over(report, office_clerk):
    with clock.frozen(date(2020, 12, 31)), pytest.raises(RuleBroken, match="年后才能定稿"):
        actions.propose_freeze(report, by=office_clerk)


def test_only_the_disclosure_office_proposes_and_only_an_approver_confirms(report, office_clerk, approver):
    with pytest.raises(NotAllowed):
        actions.propose_freeze(report, by=approver)
    actions.propose_freeze(report, by=office_clerk)
    with pytest.raises(NotAllowed):
        actions.confirm_freeze(report, by=office_clerk)


def test_a_report_is_frozen_once(frozen_report, approver):
    cells = FrozenCell.objects.count()
    with pytest.raises(RuleBroken, match="已经定稿"):
        actions.confirm_freeze(frozen_report, by=approver)
    assert FrozenCell.objects.count() == cells


def test_what_is_proposed_is_not_written_until_the_proposal_is_withdrawn(report, office_clerk, approver):
    actions.propose_freeze(report, by=office_clerk)
    with pytest.raises(RuleBroken, match="先撤回"):
        actions.write_section(report, key="一", text="另一段", by=office_clerk)
    actions.withdraw_proposal(report, reason="第一部分要改", by=approver)
    actions.write_section(report, key="一", text="另一段", by=office_clerk)


def test_a_frozen_report_is_never_edited(frozen_report, office_clerk):
    with pytest.raises(RuleBroken, match="另出一版"):
        actions.write_section(frozen_report, key="一", text="另一段", by=office_clerk)


def test_a_correction_is_a_new_version_that_says_what_changed(frozen_report, office_clerk, approver):
    with pytest.raises(RuleBroken, match="写明更正什么"):
        actions.correct_report(frozen_report, note=" ", by=office_clerk)
    version = actions.correct_report(frozen_report, note="第一部分漏写培训", by=office_clerk)
    assert (version.number, version.corrects, version.is_frozen) == (2, frozen_report, False)
    assert version.reportsections.get(key="一").text == "收到申请{{applications.new.total}}件。"
    actions.write_section(version, key="一", text="开展培训一次。", by=office_clerk)
    actions.propose_freeze(version, by=office_clerk)
    actions.confirm_freeze(version, by=approver)
    assert frozen_report.reportsections.get(key="一").text == "收到申请{{applications.new.total}}件。"


def test_a_version_is_corrected_once(frozen_report, office_clerk):
    actions.correct_report(frozen_report, note="漏写", by=office_clerk)
    with pytest.raises(RuleBroken, match="已经有更正的版本"):
        actions.correct_report(frozen_report, note="又漏写", by=office_clerk)


def test_only_a_frozen_report_is_published_and_once(report, frozen_report, office_clerk, portal_outlet, government):
    record = a_record(government, portal_outlet, date(2021, 1, 20), 1)
    actions.mark_published(frozen_report, record=record, on=date(2021, 1, 20), by=office_clerk)
    with pytest.raises(RuleBroken, match="还没有公布"):
        actions.mark_published(frozen_report, record=record, on=date(2021, 1, 21), by=office_clerk)
    assert AnnualReport.objects.get(pk=frozen_report.pk).published_on == date(2021, 1, 20)


def test_in_the_world_of_2017_the_gap_is_explained_by_its_return(government, office_clerk, approver, portal_outlet):
    for number in range(3):
        a_record(government, portal_outlet, date(2017, 5, number + 1), number)
    a_return(
        government, "records.published.total", 2, office_clerk, approver, year=2017, in_addition=True, reason="另加"
    )
    with clock.frozen(date(2018, 1, 15)):
        report = actions.open_report(government, year=2017, by=office_clerk, reach="own")
        finding = next(f for f in compile_report(government, 2017).findings if f.id == "proactive_le_channels")
        assert finding.blocks
        actions.explain_finding(report, finding=finding.id, text="县里按文件数另加", by=office_clerk)
        found = next(f for f in compile_report(government, 2017).findings if f.id == "proactive_le_channels")
    assert not found.blocks
    assert found.explained.text == "县里按文件数另加"


def test_every_change_of_a_report_is_in_the_journal(frozen_report):
    verbs = set(journal.JournalLine.objects.values_list("verb", flat=True))
    assert {"reports.opened", "reports.section_written", "reports.freeze_proposed", "reports.frozen"} <= verbs


def test_work_points_are_answered(government, office_clerk):
    point = actions.set_work_point(government, year=2020, number=1, text="完善公开目录", by=office_clerk)
    actions.answer_work_point(point, answer="已修订26个领域目录", by=office_clerk)
    point.refresh_from_db()
    assert point.answer == "已修订26个领域目录"


def test_last_years_table_is_entered_in_the_codes_of_its_form(government, office_clerk):
    with pytest.raises(RuleBroken, match="没有数据格"):
        actions.record_previous_table(
            government, year=2019, cells={"proactive.total": 1}, source="2019年年报", by=office_clerk
        )
    actions.record_previous_table(
        government,
        year=2019,
        cells={"applications.carried_over.natural_person": 1},
        source="2019年年报",
        by=office_clerk,
    )
    an_application(government, date(2019, 12, 20))
    compiled = compile_report(government, 2020)
    assert not [finding for finding in compiled.findings if finding.id == "applications.carry.natural_person"]
    assert any(found.relation.id == "applications.carry.total" for found in compiled.relations.not_testable)
