"""今天: what is due, in a fixed number of queries; quiet days say so; administrators see administration only."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.test import Client
from django.utils import timezone

from gongkai.base import clock, journal
from gongkai.base.calendar_actions import DayEntry, enter_notice
from gongkai.base.clock import BEIJING
from gongkai.core.calendars import WorkCalendar
from gongkai.ledgers.agencies import actions as agencies
from gongkai.ledgers.agencies.lockout import attempt_key
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.agencies.tree import tree_today
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.normative import actions as normative
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.returns import actions as returns
from gongkai.reporting.annual_reports import actions as annual_reports
from gongkai.site.report_check import check_of
from gongkai.site.today import day_line
from tests.district import make_agency, make_staff
from tests.reporting.annual_reports.conftest import fill_returns

TODAY = date(2020, 11, 20)
JANUARY = date(2021, 1, 15)
ADDRESS = "/desk/"
PERMITS = "open_data.permits.rulings"


@pytest.fixture(autouse=True)
def _frozen_clock():
    with clock.frozen(TODAY):
        yield


def apply_to(agency, by, received_on, subject="房屋征收补偿", applicants=("申请人甲",)):
    return applications.register_application(
        agency,
        by=by,
        received_on=received_on,
        channel="online",
        applicant_kind="natural_person",
        applicants=applicants,
        description=f"{subject}的有关材料",
        subject=subject,
    )


def page_of(client: Client, user: Any, address: str = ADDRESS) -> str:
    client.force_login(user)
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


# ---- the day


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2020, 1, 2), "本年第 1 个工作日"),  # New Year's Day is a holiday
        (date(2020, 1, 19), "本年第 13 个工作日"),  # a Sunday worked before Spring Festival
        (date(2020, 11, 21), "今天休息，本年已有 220 个工作日"),  # a Saturday
        (date(2031, 5, 6), "2031 年的放假安排还没有录入，工作日暂不能数"),  # nobody knows that year
    ],
)
def test_the_date_line_says_which_working_day_of_the_year_it_is(day, said):
    assert day_line(WorkCalendar.built_in(), day).working_day == said


def test_a_year_without_a_notice_does_not_break_the_page(client, office_clerk):
    with clock.frozen(date(2031, 5, 6)):
        assert "2031 年的放假安排还没有录入" in page_of(client, office_clerk)


def test_a_quiet_day_says_so_and_what_to_do(client, office_clerk):
    page = page_of(client, office_clerk)
    for said in ("今天很清静", "没有等您确认的填报", "没有即将届满的规范性文件"):
        assert said in page


# ---- applications


def test_what_is_overdue_comes_first_and_says_by_how_many_working_days(client, bureau, bureau_clerk, office_clerk):
    apply_to(bureau, bureau_clerk, date(2020, 11, 16), "小区配套幼儿园")
    apply_to(bureau, bureau_clerk, date(2020, 10, 20), "滨水片区征收")
    page = page_of(client, office_clerk)
    assert "逾期 3 天" in page  # due on 17 November
    assert page.index("滨水片区征收") < page.index("小区配套幼儿园")
    assert "全部在办 2 件" in page


def test_the_tiles_count_what_their_links_list(client, bureau, bureau_clerk, office_clerk):
    apply_to(bureau, bureau_clerk, date(2020, 10, 20))
    apply_to(bureau, bureau_clerk, date(2020, 10, 21))
    apply_to(bureau, bureau_clerk, date(2020, 10, 27))  # due on 24 November, in two working days
    page = page_of(client, office_clerk)
    assert 'figure-bad" href="/desk/applications/?tab=overdue">2</a>' in page
    assert 'href="/desk/applications/?tab=soon">1</a>' in page


def test_an_application_of_another_agency_is_not_shown(client, town, office_clerk, bureau_clerk):
    apply_to(town, office_clerk, date(2020, 11, 2), "街道的事")
    assert "街道的事" not in page_of(client, bureau_clerk)


def test_an_application_without_a_handler_is_to_be_given_one(client, bureau, bureau_clerk):
    row = apply_to(bureau, bureau_clerk, date(2020, 11, 2))
    assert f'href="/desk/applications/{row.pk}/assign/">指定承办人' in page_of(client, bureau_clerk)


def test_the_applicant_is_never_named(client, bureau, bureau_clerk, office_clerk):
    apply_to(bureau, bureau_clerk, date(2020, 11, 2), applicants=("申请人钱某",))
    assert "钱某" not in page_of(client, office_clerk)


def test_a_document_about_to_lapse_is_shown_with_its_days(client, bureau, bureau_clerk, office_clerk):
    normative.register_normative(
        RecordEntry(agency=bureau, title="示范区学区管理办法", issued_on=date(2018, 11, 5)),
        kind="normative_document",
        in_force_on=date(2018, 12, 1),
        valid_until=date(2020, 12, 1),
        by=bureau_clerk,
    )
    page = page_of(client, office_clerk)
    assert "示范区学区管理办法" in page
    assert "还有 11 天" in page


# ---- returns that wait


def file_permits(agency, by):
    filing = returns.Filing(
        agency=agency,
        indicator=PERMITS,
        period_from=date(2020, 1, 1),
        period_to=date(2020, 9, 30),
        value=Decimal(2155),
        evidence_note="审批系统导出",
    )
    return returns.file_return(filing, by=by)


def test_a_return_waits_for_who_may_confirm_it(client, bureau, bureau_clerk, bureau_approver):
    filed = file_permits(bureau, bureau_clerk)
    page = page_of(client, bureau_approver)
    assert f'href="/desk/returns/{filed.pk}/"' in page
    assert "2,155" in page


def test_a_return_does_not_wait_for_who_filed_it(client, bureau, office_clerk):
    file_permits(bureau, office_clerk)
    assert "没有等您确认的填报" in page_of(client, office_clerk)


# ---- notices


def test_next_years_notice_is_asked_for_in_november(client, office_clerk):
    with clock.frozen(date(2027, 11, 20)):
        assert "2028 年的放假安排还没有录入" in page_of(client, office_clerk)


def test_a_notice_that_is_known_is_not_asked_for(client, office_clerk):
    assert "放假安排还没有录入" not in page_of(client, office_clerk)


def test_a_notice_just_entered_is_news(client, office_clerk):
    enter_notice(
        by=office_clerk,
        year=2020,
        number="示政办发〔2020〕1号",
        title="关于调整放假安排的通知",
        issued_on=date(2020, 11, 19),
        days=[DayEntry(date(2020, 12, 4), "rest")],
        whole_year=False,
    )
    page = page_of(client, office_clerk)
    assert "工作日历" in page
    assert "关于调整放假安排的通知" in page


def test_work_handed_over_is_news(client, bureau, bureau_clerk, bureau_approver, administrator):
    row = apply_to(bureau, bureau_clerk, date(2020, 11, 2))
    applications.assign_handler(row, by=bureau_clerk, handler=bureau_clerk)
    agencies.hand_over_work(bureau_clerk, successor=bureau_approver, by=administrator, reason="借调到市局")
    page = page_of(client, bureau_approver)
    assert "1 件在办申请移交了承办人" in page
    assert "借调到市局" in page


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("reports.submitted", "教育局报送了年度报告"),
        ("reports.returned", "教育局的年度报告被退回"),
        ("reports.accepted", "教育局的年度报告已接收"),
    ],
)
def test_the_way_of_a_report_is_news(client, bureau, office_clerk, verb, said):
    journal.record_event(verb, by=None, agency_id=bureau.pk)
    assert said in page_of(client, office_clerk)


def test_news_of_another_agency_is_none_here(client, bureau, bureau_clerk, town):
    journal.record_event("reports.submitted", by=None, agency_id=town.pk)
    assert "报送了年度报告" not in page_of(client, bureau_clerk)


def test_old_news_is_none(client, bureau, office_clerk):
    with clock.frozen(date(2020, 10, 1)):
        journal.record_event("reports.submitted", by=None, agency_id=bureau.pk)
    assert "报送了年度报告" not in page_of(client, office_clerk)


# ---- the annual report


@pytest.fixture
def draft(government, office_clerk):
    with clock.frozen(JANUARY):
        return annual_reports.open_report(government, year=2020, by=office_clerk)


@pytest.fixture
def frozen_report(government, office_clerk, approver):
    fill_returns(government, 2020, office_clerk, approver)
    with clock.frozen(JANUARY):
        report = annual_reports.open_report(government, year=2020, by=office_clerk)
        annual_reports.propose_freeze(report, by=office_clerk)
        annual_reports.confirm_freeze(report, by=approver)
    report.refresh_from_db()
    return report


def test_the_reports_are_shown_with_their_days_left(client, draft, office_clerk):
    with clock.frozen(JANUARY):
        page = page_of(client, office_clerk)
    assert "2020 年度报告" in page
    assert "编制中" in page
    assert "还有 75 天" in page  # until 31 March 2021


def test_a_bureau_without_a_report_of_its_own_is_told_of_that_above_it(client, government, office_clerk, administrator):
    office = make_agency(
        "zhengbangban", "SF002", "示范区政务公开办公室", "internal_office", government, reports_for_itself=False
    )
    agencies.move_staff(
        office_clerk, to=office, by=administrator, reason="内部调整", roles=("clerk", "disclosure_office")
    )
    assert "年度报告" in page_of(client, office_clerk)


def test_the_errors_of_the_draft_are_counted_when_asked_for(client, draft, government, office_clerk):
    annual_reports_errors = "/desk/report-check/?part=errors"
    with clock.frozen(JANUARY):
        client.force_login(office_clerk)
        response = client.get(annual_reports_errors)
    assert response["HX-Trigger"] == "checked"
    assert "处错误" in response.content.decode()


def test_the_page_works_without_scripts(client, draft, office_clerk):
    with clock.frozen(JANUARY):
        plain = page_of(client, office_clerk)
        checked = page_of(client, office_clerk, f"{ADDRESS}?checked=1")
    assert 'href="/desk/?checked=1"' in plain
    assert f'href="/desk/reports/{draft.pk}/checks/"' in checked


def test_a_change_after_freezing_shows_the_cells_it_would_move(
    client, bureau_clerk, frozen_report, bureau, office_clerk
):
    late = datetime(2021, 1, 20, 9, tzinfo=BEIJING)
    with clock.frozen(late):
        assert "定稿的年报没有变动" in page_of(client, office_clerk, "/desk/report-check/?part=panel")
        applications.register_application(
            bureau,
            by=bureau_clerk,
            received_on=date(2020, 12, 30),
            channel="letter",
            applicant_kind="natural_person",
            applicants=["申请人乙"],
            description="学区划分",
            reason="年底的来信，今年才找到",
        )
        page = page_of(client, office_clerk, "/desk/report-check/?part=panel")
    assert "冻结后变动" in page
    assert "0 → 1" in page


def test_the_check_is_made_once_as_long_as_nothing_changes(
    client, draft, government, office_clerk, django_assert_num_queries
):
    with clock.frozen(JANUARY):
        page_of(client, office_clerk, "/desk/report-check/?part=errors")
        node = tree_today().nodes[government.pk]
        with django_assert_num_queries(1):
            check_of(node, JANUARY)
        journal.record_event("test.something", by=None)
        assert check_of(node, JANUARY).draft == draft


def test_a_part_of_the_check_that_there_is_not_is_not_found(client, office_clerk):
    client.force_login(office_clerk)
    assert client.get("/desk/report-check/?part=all").status_code == 404


# ---- how much it costs


def test_the_page_costs_twelve_queries_whatever_the_size(
    client, government, bureau, bureau_clerk, office_clerk, draft, django_assert_max_num_queries
):
    agencies_made = [
        make_agency(f"a{number}", f"SF3{number:02}", f"示范区第{number}局", "department", government)
        for number in range(12)
    ]
    office_clerk = Staff.objects.get(pk=office_clerk.pk)
    for agency in agencies_made:
        apply_to(agency, office_clerk, date(2020, 11, 2))
        normative.register_normative(
            RecordEntry(agency=agency, title=f"{agency}办法", issued_on=date(2018, 11, 5)),
            kind="normative_document",
            in_force_on=date(2018, 12, 1),
            valid_until=date(2020, 12, 1),
            by=office_clerk,
        )
    client.force_login(office_clerk)
    client.get(ADDRESS)
    with django_assert_max_num_queries(12):
        assert client.get(ADDRESS).status_code == 200


# ---- administrators


def test_an_administrator_sees_administration_and_no_ledger(client, bureau, bureau_clerk, administrator):
    apply_to(bureau, bureau_clerk, date(2020, 10, 20), "滨水片区征收")
    page = page_of(client, administrator)
    assert "锁定的账号" in page
    for hidden in ("依申请公开", "滨水片区征收", "申请人甲", "年度报告"):
        assert hidden not in page


def test_a_locked_account_is_named_to_the_administrator(client, administrator, bureau_clerk):
    AccessAttempt.objects.create(
        username=attempt_key(bureau_clerk.username),
        ip_address="127.0.0.1",
        failures_since_start=settings.AXES_FAILURE_LIMIT,
        attempt_time=timezone.now(),
    )
    page = page_of(client, administrator)
    assert "林科员（lin）" in page
    assert "登录失败，已锁定" in page


def test_an_agency_without_staff_is_named(client, administrator, town):
    assert "临河街道办事处" in page_of(client, administrator)


def test_a_backup_and_a_verification_are_asked_for(client, administrator):
    page = page_of(client, administrator)
    assert "该备份了" in page
    assert "该核对了" in page


def test_a_fresh_backup_and_a_good_verification_are_said_to_be_there(client, administrator):
    journal.record_event("backup.made", by=None, reason="gongkai.zip")
    journal.verify_and_record(by=administrator)
    page = page_of(client, administrator)
    assert "近期有备份" in page
    assert "核对相符" in page


def test_who_has_no_role_is_told_whom_to_ask(client, bureau):
    assert "没有任何角色" in page_of(client, make_staff("wu", "吴科员", bureau))
