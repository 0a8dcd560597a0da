"""The desk pages of one report: what they show, what opens, what is refused; with the plain client, so without scripts."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO

import lxml.html
import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from gongkai.base import clock, journal
from gongkai.base.permissions import APPROVER, DISCLOSURE_OFFICE
from gongkai.ledgers.applications.models import Application
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.models import AnnualReport
from tests.district import make_staff
from tests.reporting.annual_reports.conftest import JANUARY, journalled
from tests.reporting.annual_reports.test_compile import a_return, an_application

CELL = "applications.granted.natural_person"
pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, office_clerk):
    client.force_login(office_clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def sign_in(client):
    def signing_in(staff):
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signing_in


def url(name, report, *more):
    return reverse(f"desk:{name}", args=(report.pk, *more))


def text_of(response):
    assert response.status_code == 200
    return " ".join(lxml.html.fromstring(response.content.decode()).text_content().split())


def page(response):
    return lxml.html.fromstring(response.content.decode())


def many_applications(agency, number):
    Application.objects.bulk_create(
        Application(
            agency=agency,
            number=f"多{place}",
            received_on=date(2020, 5, 6),
            channel="online",
            applicant_kind="natural_person",
            description="材料",
            subject=f"主题{place % 7}",
            due_on=date(2020, 6, 3),
            closed_on=date(2020, 6, 1),
            outcome="granted",
        )
        for place in range(number)
    )


# ---- the list


def test_the_list_names_agency_year_and_state(desk, report):
    text = text_of(desk.get(reverse("desk:reports")))
    assert "示范区人民政府 2020 年度报告" in text
    assert "编制中" in text


def test_the_list_is_narrowed_by_state(desk, report):
    assert "没有符合的年度报告" in text_of(desk.get(reverse("desk:reports"), {"state": "frozen"}))


def test_the_list_is_also_csv(desk, report):
    answer = desk.get(reverse("desk:reports"), {"format": "csv"})
    assert "示范区人民政府,2020,1,编制中" in b"".join(answer.streaming_content).decode()


def test_a_report_is_begun_from_the_list(desk, government):
    with clock.frozen(JANUARY):
        answer = desk.post(reverse("desk:report_new"), {"agency": government.pk, "year": 2020})
    report = AnnualReport.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("desk:report", args=(report.pk,)))


def test_a_year_that_has_not_come_is_refused_beside_its_field(desk, government):
    with clock.frozen(JANUARY):
        answer = desk.post(reverse("desk:report_new"), {"agency": government.pk, "year": 2022})
    assert "2022年还没有到" in text_of(answer)
    assert not AnnualReport.objects.exists()


# ---- one report


def test_a_section_shows_its_text_with_the_value_of_its_figures(desk, report):
    answer = desk.get(url("report", report))
    assert "收到申请1件。" in text_of(answer)
    [chip] = page(answer).find_class("live")
    assert chip.get("href") == url("report_figure", report, "applications.new.total")


def test_a_figure_that_is_not_zero_opens_and_a_zero_does_not(desk, report):
    root = page(desk.get(url("report_section", report, 3)))
    cells = [link.get("href") for link in root.find_class("cell")]
    assert url("report_cell", report, "applications.new.natural_person") in cells
    assert url("report_cell", report, "applications.new.commercial_enterprise") not in cells


def test_an_unknown_cell_reads_unknown_is_marked_and_opens(desk, government, office_clerk):
    with clock.frozen(JANUARY):
        report = actions.open_report(government, year=2020, by=office_clerk)
        root = page(desk.get(url("report_section", report, 2)))
    [cell] = [link for link in root.find_class("cell") if link.get("href").endswith("proactive.permit.rulings/")]
    assert cell.text_content().strip() == "未填"
    assert "cell-bad" in cell.get("class")


def test_the_rows_behind_a_cell_stand_beside_its_table_without_scripts(desk, report, application):
    answer = desk.get(url("report_cell", report, CELL))
    root = page(answer)
    [rows] = root.xpath("//*[@id='rows']")
    assert application.number in rows.text_content()
    assert "示范区教育局" in rows.text_content()
    assert root.xpath("//a[@aria-current='true']")[0].get("href") == url("report_cell", report, CELL)
    assert reverse("desk:application", args=(application.pk,)) in answer.content.decode()


def test_htmx_gets_only_the_rows(desk, report, application):
    answer = desk.get(url("report_cell", report, CELL), headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<section class="panel" id="rows"')


def test_all_rows_stand_on_a_page_of_their_own(desk, report, application):
    text = text_of(desk.get(url("report_cell", report, CELL), {"all": "1"}))
    assert "申请编号" in text
    assert application.number in text


def test_the_rows_are_also_csv_and_json(desk, report, application):
    answer = desk.get(url("report_cell", report, CELL), {"format": "csv"})
    assert application.number in b"".join(answer.streaming_content).decode()
    answer = desk.get(url("report_cell", report, CELL), {"format": "json"})
    assert json.loads(b"".join(answer.streaming_content))[0]["number"] == application.number


def test_the_report_of_an_agency_above_is_not_found(sign_in, report, bureau_clerk):
    assert sign_in(bureau_clerk).get(url("report_cell", report, CELL)).status_code == 404


def test_the_returns_behind_a_cell_name_agency_and_period(desk, report):
    answer = desk.get(url("report_cell", report, "proactive.permit.rulings"), {"all": "1"})
    text = text_of(answer)
    assert "填报" in text
    assert "2020-01-01 至 2020-12-31" in text


def test_a_figure_of_the_text_opens_into_its_rows(desk, report, application):
    text = text_of(desk.get(url("report_figure", report, "applications.new.total|channel=online")))
    assert application.number in text


def test_a_figure_that_does_not_exist_is_not_found(desk, report):
    assert desk.get(url("report_figure", report, "no.such.indicator")).status_code == 404


# ---- writing


def test_a_section_is_written_and_its_figure_shows_its_value(desk, report):
    desk.post(url("report_write", report, 3), {"text": "网络申请{{applications.received.online}}件。", "do": "save"})
    assert "网络申请1件。" in text_of(desk.get(url("report_section", report, 3)))


def test_a_preview_shows_the_value_and_saves_nothing(desk, report):
    answer = desk.post(url("report_write", report, 3), {"text": "共{{applications.new.total}}件。", "do": "preview"})
    assert "共1件。" in text_of(answer)
    assert not report.reportsections.filter(key="三").exists()


def test_what_htmx_sends_while_the_clerk_types_saves_nothing(desk, report):
    typed = {"text": "共{{applications.new.total}}件。"}
    answer = desk.post(f"{url('report_write', report, 3)}?preview", typed, headers={"HX-Request": "true"})
    assert answer.content.decode().strip().startswith('<section class="panel" id="preview"')
    assert not report.reportsections.filter(key="三").exists()


def test_a_name_that_is_no_indicator_is_refused_with_a_sentence(desk, report):
    answer = desk.post(url("report_write", report, 3), {"text": "{{applications.foo}}", "do": "save"})
    assert "没有叫“applications.foo”的指标。" in text_of(answer)
    assert not report.reportsections.filter(key="三").exists()


def test_a_figure_is_found_by_its_chinese_name_and_shows_its_token(desk, report):
    text = text_of(desk.get(url("report_write", report, 1), {"figure": "结转下年度"}))
    assert "{{applications.carried_over.total}}" in text


def test_a_figure_is_found_by_a_member_of_its_dimension(desk, report):
    text = text_of(desk.get(url("report_write", report, 1), {"figure": "收到的政府信息公开申请 网络"}))
    assert "{{applications.new.total|channel=online}}" in text


def test_the_topics_of_the_applications_are_a_ready_sentence(desk, report, bureau):
    many_applications(bureau, 3)
    text = text_of(desk.get(url("report_write", report, 1)))
    assert "申请内容主要涉及主题01件、主题11件、主题21件。" in text
    assert "{{applications.new.total|subject=主题0}}" in text


def test_the_answer_to_a_work_point_can_be_inserted(desk, report):
    desk.post(url("report_points", report), {"number": 1, "text": "逐栏明确更新周期", "answer": "已逐栏明确。"})
    assert "已逐栏明确。" in text_of(desk.get(url("report_section", report, 5)))
    assert "已逐栏明确。" in text_of(desk.get(url("report_write", report, 5)))


def test_last_year_is_shown_as_printed_and_with_its_tokens(desk, report, office_clerk, government):
    elder = actions.open_report(government, year=2019, by=office_clerk)
    actions.write_section(elder, key="一", text="去年收到{{applications.new.total}}件。", by=office_clerk)
    text = text_of(desk.get(url("report_last_year", report, 1)))
    assert "去年收到0件。" in text
    assert "去年收到{{applications.new.total}}件。" in text


def test_a_cell_typed_by_hand_needs_a_reason(desk, report):
    answer = desk.post(url("report_hand", report, CELL), {"value": "3", "reason": ""})
    assert "这个字段是必填项" in text_of(answer)
    assert not report.handfigures.exists()


def test_a_cell_typed_by_hand_is_shown_as_such_and_can_be_taken_back(desk, report):
    desk.post(url("report_hand", report, CELL), {"value": "3", "reason": "纸质登记"})
    text = text_of(desk.get(url("report_section", report, 3)))
    assert "3 手填" in text or "3手填" in text
    assert "手工填写：纸质登记（沈科员）" in text_of(desk.get(url("report_cell", report, CELL)))
    desk.post(url("report_hand_remove", report, CELL))
    assert "手填" not in text_of(desk.get(url("report_section", report, 3)))


def test_the_scope_is_chosen_and_the_figures_follow(desk, report):
    desk.post(url("report_scope", report), {"reach": "own", "reason": ""})
    assert "收到申请0件。" in text_of(desk.get(url("report", report)))


# ---- checks


@pytest.fixture
def broken(report, office_clerk):
    """The total of a row typed by hand so that it does not add up."""
    actions.type_by_hand(
        report, code="applications.new.total", value=9, reason="试", by=office_clerk
    ) if False else None
    actions.type_by_hand(report, code="applications.new.total", value=Decimal(9), reason="抄自旧表", by=office_clerk)
    return report


def test_a_broken_relation_is_shown_with_word_gap_and_cells(desk, broken):
    text = text_of(desk.get(url("report_checks", broken)))
    assert "错误" in text
    assert "差 8" in text
    assert "表三 一、本年新收政府信息公开申请数量 · 总计" in text


def test_the_cells_of_a_broken_relation_are_marked_in_the_table(desk, broken):
    root = page(desk.get(url("report_section", broken, 3)))
    bad = [link.get("href") for link in root.find_class("cell-bad")]
    assert url("report_cell", broken, "applications.new.total") in bad


def test_relations_that_cannot_be_tested_are_listed_with_the_reason(desk, report):
    text = text_of(desk.get(url("report_checks", report)))
    assert "没有核查的勾稽关系" in text
    assert "没有上年报告，未作检验。" in text


def test_a_report_with_an_unexplained_error_cannot_be_proposed(desk, broken):
    assert "现在不能提请定稿" in text_of(desk.get(url("report", broken)))
    assert "现在不能提请定稿" in text_of(desk.get(url("report_propose", broken)))
    answer = desk.post(url("report_propose", broken), follow=True)
    assert "没有改正或者说明，不能定稿" in text_of(answer)
    broken.refresh_from_db()
    assert broken.state == "draft"


def test_an_explanation_opens_the_door(desk, broken):
    answer = desk.get(url("report_checks", broken))
    for link in page(answer).xpath("//a[contains(@href, '/explain/')]/@href"):
        finding = link.partition("finding=")[2]
        desk.post(link.partition("?")[0], {"finding": finding, "text": "旧表多计，以台账为准。"})
    text = text_of(desk.get(url("report_checks", broken)))
    assert "错误，已说明" in text
    desk.post(url("report_propose", broken))
    broken.refresh_from_db()
    assert broken.state == "proposed"


def test_a_year_that_is_not_over_says_so(desk, government, office_clerk):
    with clock.frozen(date(2020, 6, 1)):
        report = actions.open_report(government, year=2020, by=office_clerk)
        assert "2020年的统计期到12月31日为止，年后才能定稿。" in text_of(desk.get(url("report", report)))


# ---- frozen


def test_who_proposed_sees_why_he_cannot_confirm(sign_in, report, office_clerk, government):
    both = make_staff("liang", "梁主任", government, APPROVER, DISCLOSURE_OFFICE)
    actions.propose_freeze(report, by=both)
    assert "提请人不能批准自己提请的定稿" in text_of(sign_in(both).get(url("report", report)))


def test_the_approver_confirms_and_the_page_says_frozen(sign_in, report, office_clerk, approver):
    actions.propose_freeze(report, by=office_clerk)
    client = sign_in(approver)
    assert "批准示范区人民政府2020年政府信息公开工作年度报告定稿？" in text_of(client.get(url("report_freeze", report)))
    client.post(url("report_freeze", report))
    text = text_of(client.get(url("report", report)))
    assert "已定稿" in text
    assert "数字是定稿时的" in text


def test_a_later_change_is_shown_with_the_cells_it_would_move(desk, frozen_report, bureau):
    journalled(an_application(bureau, date(2020, 11, 2)))
    text = text_of(desk.get(url("report_section", frozen_report, 3)))
    assert "冻结后变动" in text
    assert "现 2" in text
    checks = text_of(desk.get(url("report_checks", frozen_report)))
    assert "表三 一、本年新收政府信息公开申请数量 · 总计" in checks
    assert "多 1" in checks


def test_a_frozen_figure_opens_into_the_rows_as_they_were(desk, frozen_report, application):
    Application.objects.filter(pk=application.pk).update(outcome="petition")
    application.refresh_from_db()
    journal.record("test.changed", application, by=None)
    text = text_of(desk.get(url("report_cell", frozen_report, CELL)))
    assert "予以公开" in text
    assert "现在不再计入" in text


def test_a_correction_says_what_it_changes_and_keeps_the_elder_version(desk, frozen_report):
    desk.post(url("report_correct", frozen_report), {"note": "漏计一件申请。"})
    version = AnnualReport.objects.get(number=2)
    assert "更正说明：漏计一件申请。" in text_of(desk.get(url("report", version)))
    assert "这一版已有更正" in text_of(desk.get(url("report", frozen_report)))


def test_a_correction_without_a_note_is_refused(desk, frozen_report):
    assert "这个字段是必填项" in text_of(desk.post(url("report_correct", frozen_report), {"note": ""}))
    assert AnnualReport.objects.count() == 1


def test_this_year_stands_beside_last_year(desk, frozen_report, office_clerk, government):
    with clock.frozen(date(2021, 6, 1)):
        now = actions.open_report(government, year=2021, by=office_clerk)
        text = text_of(desk.get(url("report_compare", now)))
    assert "2021 年度报告与上年比较" in text
    assert "一、本年新收政府信息公开申请数量 · 总计" in text


# ---- files


def test_a_draft_is_downloaded_and_named_so(desk, report):
    answer = desk.get(url("report_file", report, "docx"))
    assert "%E8%8D%89%E7%A8%BF" in answer["Content-Disposition"]  # 草稿
    assert any("收到申请1件。" in paragraph.text for paragraph in Document(BytesIO(answer.content)).paragraphs)


def test_the_spreadsheet_says_where_each_value_comes_from(desk, report):
    book = openpyxl.load_workbook(BytesIO(desk.get(url("report_file", report, "xlsx")).content))
    sources = {row[0]: row[4] for row in book["数据"].iter_rows(values_only=True)}
    assert sources["applications.new.total"] == "台账"
    assert sources["proactive.permit.rulings"] == "填报"


def test_the_json_is_the_contract(desk, report):
    data = json.loads(desk.get(url("report_file", report, "json")).content)
    assert (data["format"], data["form"], data["year"]) == ("ledger", "2019", 2020)
    assert data["cells"]["applications.new.total"] == 1


def test_a_kind_of_file_that_does_not_exist_is_not_found(desk, report):
    assert desk.get(url("report_file", report, "exe")).status_code == 404


# ---- who, and how many queries


PAGES = ["report", "report_checks"]


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_sent_to_sign_in(client, report, name):
    assert client.get(url(name, report)).status_code == 302


def test_the_administrator_is_refused(sign_in, report, administrator):
    assert sign_in(administrator).get(url("report", report)).status_code == 403


@pytest.fixture
def busy_year(report, bureau, town, government):
    many_applications(bureau, 400)
    return report


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("report", ()),
        ("report_section", (2,)),
        ("report_section", (3,)),
        ("report_section", (5,)),
        ("report_checks", ()),
        ("report_cell", (CELL,)),
        ("report_write", (1,)),
        ("report_write", (5,)),
        ("report_figure", ("applications.new.total",)),
        ("report_last_year", (1,)),
        ("report_propose", ()),
    ],
)
def test_a_page_of_a_live_report_needs_at_most_ten_queries(desk, busy_year, name, more, django_assert_max_num_queries):
    desk.get(url("report", busy_year))  # what is read once per process
    with django_assert_max_num_queries(10):
        desk.get(url(name, busy_year, *more))


def test_an_explanation_is_written_on_a_page_of_at_most_ten_queries(desk, busy_year, django_assert_max_num_queries):
    desk.get(url("report", busy_year))
    with django_assert_max_num_queries(10):
        answer = desk.get(url("report_explain", busy_year), {"finding": "empty:五"})
    assert "“五、存在的主要问题及改进情况”还没有写。" in text_of(answer)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("report", ()),
        ("report_section", (3,)),
        ("report_checks", ()),
        ("report_cell", (CELL,)),
        ("report_figure", ("applications.new.total",)),
        ("report_file", ("json",)),
    ],
)
def test_a_page_of_a_frozen_report_needs_at_most_ten_queries(
    desk, busy_year, office_clerk, approver, bureau, name, more, django_assert_max_num_queries
):
    actions.propose_freeze(busy_year, by=office_clerk)
    actions.confirm_freeze(busy_year, by=approver)
    journalled(an_application(bureau, date(2020, 11, 2)))
    desk.get(url("report", busy_year))
    with django_assert_max_num_queries(10):
        assert desk.get(url(name, busy_year, *more)).status_code == 200


def test_a_return_that_waits_is_shown_as_not_counted(desk, report, bureau, bureau_clerk):
    journalled(a_return(bureau, "open_data.permits.rulings", 5, bureau_clerk, None, first=date(2020, 1, 1)))
    assert "已填，没有第二个人确认，没有计入。" in text_of(desk.get(url("report", report)))


def test_the_topmost_government_is_offered_no_submission(desk, frozen_report):
    assert url("report_submit", frozen_report) not in desk.get(url("report", frozen_report)).content.decode()


def test_a_published_report_leads_to_its_page_on_the_portal(desk, frozen_report, portal_outlet):
    address = reverse("portal:report_version", args=(2020, frozen_report.agency.slug, 1))
    assert address not in desk.get(url("report", frozen_report)).content.decode()
    desk.post(url("report_publish", frozen_report), {"on": clock.localdate()})
    assert address in desk.get(url("report", frozen_report)).content.decode()
