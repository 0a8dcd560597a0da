"""The January round: who has not begun, submitted, was returned, is late; accepted reports against the ledgers."""

from datetime import date

import pytest

from gongkai.base import clock
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.models import Submission
from gongkai.reporting.annual_reports.queries import january_round, roll_up
from tests.district import make_agency
from tests.reporting.annual_reports.conftest import JANUARY, journalled
from tests.reporting.annual_reports.test_compile import an_application


def states(government, on=JANUARY):
    return {line.agency.slug: (line.state, line.is_late) for line in january_round(government.pk, 2020, on=on)}


def test_who_has_not_begun_and_who_is_late(government, bureau, town):
    make_agency("zhan", "SF021", "示范区教育考试站", "institution", bureau, reports_for_itself=False)
    assert states(government) == {"jiaoyu": ("not_begun", False), "linhe": ("not_begun", False)}
    assert states(government, date(2021, 2, 1)) == {"jiaoyu": ("not_begun", True), "linhe": ("not_begun", True)}


def test_a_report_goes_from_drafting_to_accepted(government, bureau, bureau_report, bureau_office, office_clerk):
    assert states(government)["jiaoyu"] == ("frozen", False)
    submission = actions.submit_report(bureau_report, by=bureau_office)
    assert states(government)["jiaoyu"] == ("submitted", False)
    actions.accept_submission(submission, by=office_clerk)
    assert states(government, date(2021, 3, 1))["jiaoyu"] == ("accepted", False)


def test_what_is_returned_comes_back_as_a_correction(
    government, bureau_report, bureau_office, bureau_approver, office_clerk
):
    submission = actions.submit_report(bureau_report, by=bureau_office)
    actions.return_submission(
        submission, remarks=[("applications.new.total", "与台账不符"), ("", "第五部分太短")], by=office_clerk
    )
    assert states(government)["jiaoyu"][0] == "returned"
    assert [remark.code for remark in submission.remarks.all()] == ["applications.new.total", ""]
    version = actions.correct_report(bureau_report, note="按意见修改", by=bureau_office)
    assert states(government)["jiaoyu"][0] == "drafting"
    actions.propose_freeze(version, by=bureau_office)
    actions.confirm_freeze(version, by=bureau_approver)
    version.refresh_from_db()
    actions.submit_report(version, by=bureau_office)
    assert states(government)["jiaoyu"][0] == "submitted"


@pytest.mark.parametrize(
    ("remarks", "sentence"), [([("", " ")], "写明意见"), ([("applications.nwe", "不符")], "没有数据格")]
)
def test_returning_needs_a_remark_on_a_cell_that_exists(bureau_report, bureau_office, office_clerk, remarks, sentence):
    submission = actions.submit_report(bureau_report, by=bureau_office)
    with pytest.raises(RuleBroken, match=sentence):
        actions.return_submission(submission, remarks=remarks, by=office_clerk)
    assert Submission.objects.get().state == "submitted"


def test_the_agency_does_not_accept_its_own_report(bureau_report, bureau_office):
    submission = actions.submit_report(bureau_report, by=bureau_office)
    with pytest.raises(NotAllowed):
        actions.accept_submission(submission, by=bureau_office)


def test_a_submission_is_decided_once(bureau_report, bureau_office, office_clerk):
    submission = actions.submit_report(bureau_report, by=bureau_office)
    actions.accept_submission(submission, by=office_clerk)
    with pytest.raises(RuleBroken, match="已经接收或者退回"):
        actions.return_submission(submission, remarks=[("", "重报")], by=office_clerk)


def test_a_report_is_submitted_once(bureau_report, bureau_office):
    actions.submit_report(bureau_report, by=bureau_office)
    with pytest.raises(RuleBroken, match="已经报送"):
        actions.submit_report(bureau_report, by=bureau_office)


def test_the_top_of_the_tree_submits_to_nobody(frozen_report, office_clerk):
    with pytest.raises(RuleBroken, match="不用报送"):
        actions.submit_report(frozen_report, by=office_clerk)


def test_accepted_reports_are_compared_with_the_rows(government, bureau, bureau_report, bureau_office, office_clerk):
    actions.accept_submission(actions.submit_report(bureau_report, by=bureau_office), by=office_clerk)
    number, lines = roll_up(government.pk, 2020)
    assert number == 1
    assert all(line.agrees for line in lines)
    with clock.frozen(JANUARY):
        journalled(an_application(bureau, date(2020, 5, 6)))
    _, lines = roll_up(government.pk, 2020)
    assert {line.code for line in lines if not line.agrees} == {
        f"applications.{row}.{column}" for row in ("new", "carried_over") for column in ("natural_person", "total")
    }
