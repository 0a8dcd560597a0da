"""The portal pages of the annual reports: only what is published, as it was frozen, without a session."""

import json
from datetime import date
from decimal import Decimal
from io import BytesIO

import lxml.html
import pytest
from django.urls import reverse
from docx import Document

from gongkai.base import clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.records.models import Publication, Record
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.site.reports import publish_report
from tests.reporting.annual_reports.conftest import journalled
from tests.reporting.annual_reports.test_compile import a_record, an_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(report, government, portal_outlet, office_clerk, approver):
    """The government's report of 2020, with a record in its text, on the portal."""
    record = a_record(government, portal_outlet, date(2020, 6, 1), 1)
    journal.record("test.made", record, by=None)
    actions.write_section(
        report, key="一", text="公开{{records.published.total}}条，收到{{applications.new.total}}件。", by=office_clerk
    )
    return publish(report, office_clerk, approver)


def publish(report, office_clerk, approver):
    actions.propose_freeze(report, by=office_clerk)
    actions.confirm_freeze(report, by=approver)
    report.refresh_from_db()
    publish_report(report, by=office_clerk)
    report.refresh_from_db()
    return report


def explain(report, by, text):
    """Explain every error that would keep the report from being frozen."""
    for finding in compile_report(report.agency_id, report.year, report=report).blocking:
        actions.explain_finding(report, finding=finding.id, text=text, by=by)


def url(name, *more):
    return reverse(f"portal:{name}", args=(2020, "shifan", *more))


def text_of(response):
    assert response.status_code == 200
    return " ".join(lxml.html.fromstring(response.content.decode()).text_content().split())


def page(response):
    return lxml.html.fromstring(response.content.decode())


def test_a_report_that_is_only_frozen_is_not_on_the_portal(client, frozen_report):
    assert client.get(url("report")).status_code == 404
    assert "还没有公布的年度报告" in text_of(client.get(reverse("portal:reports")))


def test_published_reports_are_listed_by_year(client, published):
    root = page(client.get(reverse("portal:reports")))
    [section] = root.xpath("//section[@id='y2020']")
    assert "示范区人民政府2020年政府信息公开工作年度报告" in section.text_content()


def test_the_report_opens_with_basis_parts_and_period(client, published):
    text = text_of(client.get(url("report")))
    assert "本报告依据《中华人民共和国政府信息公开条例》（国务院令第711号）" in text
    assert "六个部分组成" in text
    assert "统计期限自2020年1月1日起，至2020年12月31日止" in text


def test_its_sections_have_the_printed_headings_and_its_tables_their_captions(client, published):
    root = page(client.get(url("report")))
    headings = [heading.text_content() for heading in root.xpath("//h2[@class='h2']")]
    assert "四、政府信息公开行政复议、行政诉讼情况" in headings
    captions = [caption.text_content() for caption in root.iter("caption")]
    assert "表三　收到和处理政府信息公开申请情况（件）" in captions


def test_every_head_of_its_tables_has_a_scope(client, published):
    assert all(head.get("scope") for head in page(client.get(url("report"))).iter("th"))


def test_table_four_is_also_there_in_the_shape_for_a_phone(client, published):
    root = page(client.get(url("report")))
    [narrow] = root.find_class("only-narrow")
    assert [row.text_content() for row in narrow.xpath(".//tbody//th")] == [
        "行政复议",
        "未经复议直接起诉",
        "复议后起诉",
    ]


def test_a_figure_of_the_text_opens_its_definition_and_public_rows(client, published):
    [link] = page(client.get(url("report"))).xpath("//a[contains(@href, 'records.published.total')]")
    assert link.text_content() == "1"
    text = text_of(client.get(link.get("href")))
    assert "同一信息" in text
    assert "公告" in text
    assert reverse("portal:record", args=("X1",)) in client.get(link.get("href")).content.decode()


def test_a_record_that_is_no_longer_public_is_only_counted(client, published):
    Publication.objects.filter(record__index_number="X1").update(
        withdrawn_on=date(2021, 1, 15), withdrawn_reason="有误"
    )
    text = text_of(client.get(url("report_figure", 1, "records.published.total")))
    assert "另有 1 条已不在公开范围" in text
    assert "公告" not in text


def test_a_cell_of_applications_opens_its_definition_and_no_rows(client, published, application):
    answer = client.get(url("report_cell", 1, "applications.new.total"))
    text = text_of(answer)
    assert "统计期内收到的申请" in text
    assert "为保护申请人，逐件的内容不公开" in text
    assert application.number not in answer.content.decode()


def test_a_cell_of_returns_says_that_it_arrives_as_a_total(client, published):
    assert "由各单位按总数填报，并经第二人确认" in text_of(
        client.get(url("report_cell", 1, "proactive.permit.rulings"))
    )


def test_a_cell_that_the_form_does_not_have_is_not_found(client, published):
    assert client.get(url("report_cell", 1, "applications.foo")).status_code == 404


def test_the_figures_stay_as_they_were_frozen(client, published, bureau):
    journalled(an_application(bureau, date(2020, 11, 2)))
    assert "收到1件。" in text_of(client.get(url("report")))


def test_no_page_of_the_portal_touches_a_session(client, published):
    answer = client.get(url("report"))
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


@pytest.mark.parametrize("kind", ["docx", "xlsx", "pdf", "json"])
def test_every_kind_of_file_opens(client, published, kind):
    answer = client.get(url("report_file", 1, kind))
    assert answer.status_code == 200
    starts = {"docx": b"PK", "xlsx": b"PK", "pdf": b"%PDF", "json": b"{"}
    assert answer.content.startswith(starts[kind])
    assert "%E8%8D%89%E7%A8%BF" not in answer["Content-Disposition"]  # 草稿


def test_the_word_document_is_signed_and_dated(client, published):
    lines = [
        paragraph.text for paragraph in Document(BytesIO(client.get(url("report_file", 1, "docx")).content)).paragraphs
    ]
    assert lines[-2:] == ["示范区人民政府", "2021年1月15日"]


def test_the_json_holds_the_frozen_values(client, published):
    data = json.loads(client.get(url("report_file", 1, "json")).content)
    assert data["cells"]["applications.new.total"] == 1
    assert data["issuer"] == "示范区人民政府"


def test_a_corrected_version_says_what_changed_and_the_elder_one_points_to_it(
    client, published, office_clerk, approver
):
    version = actions.correct_report(published, note="漏计一件申请。", by=office_clerk)
    publish(version, office_clerk, approver)
    text = text_of(client.get(url("report")))
    assert "更正说明（第 2 版）：漏计一件申请。" in text
    assert "这是更正以前的版本。" in text_of(client.get(url("report_version", 1)))


def test_a_correction_that_is_not_published_does_not_show(client, published, office_clerk):
    actions.correct_report(published, note="漏计一件申请。", by=office_clerk)
    assert "更正" not in text_of(client.get(url("report")))
    assert client.get(url("report_version", 2)).status_code == 404


def test_notes_tell_what_was_typed_by_hand(client, report, office_clerk, approver, portal_outlet):
    for column in ("natural_person", "total"):
        actions.type_by_hand(
            report, code=f"applications.carried_in.{column}", value=Decimal(2), reason="旧系统未移交", by=office_clerk
        )
    explain(report, office_clerk, "旧系统的两件已移交法院。")
    publish(report, office_clerk, approver)
    text = text_of(client.get(url("report")))
    assert "的2由人工填写，理由：旧系统未移交" in text
    assert "旧系统的两件已移交法院。" in text
    assert "沈科员" not in text


def test_the_years_are_drawn_side_by_side_with_a_line_where_the_form_changed(
    client, published, government, office_clerk, approver
):
    with clock.frozen(date(2022, 1, 12)):
        later = actions.open_report(government, year=2021, by=office_clerk)
        explain(later, office_clerk, "属实。")
        publish(later, office_clerk, approver)
        text = text_of(client.get(reverse("portal:report", args=(2021, "shifan"))))
    assert "历年变化" in text
    assert "虚线处国家统一格式改换（2021 年起为新格式）" in text


def test_the_page_of_a_report_needs_at_most_ten_queries(client, published, django_assert_max_num_queries):
    client.get(url("report"))
    for address in (
        url("report"),
        url("report_cell", 1, "applications.new.total"),
        url("report_file", 1, "docx"),
        reverse("portal:reports"),
    ):
        with django_assert_max_num_queries(10):
            assert client.get(address).status_code == 200


# ---- publication


def test_a_published_report_is_a_record_with_its_text(published):
    record = Record.objects.get(pk=published.record_id)
    assert record.title == "示范区人民政府2020年政府信息公开工作年度报告"
    assert "收到1件。" in record.body
    assert record.publications.get().outlet.is_portal


def test_a_report_without_a_portal_cannot_be_published_and_the_page_says_why(client, frozen_report, office_clerk):
    client.force_login(office_clerk, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("desk:report_publish", args=(frozen_report.pk,))
    assert "都没有在用的门户发布去处" in text_of(client.get(address))
    client.post(address, {"on": "2021-01-15"})
    frozen_report.refresh_from_db()
    assert frozen_report.published_on is None
    assert not Record.objects.exists()


def test_a_report_is_not_published_before_it_was_frozen(client, frozen_report, portal_outlet, office_clerk):
    client.force_login(office_clerk, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(reverse("desk:report_publish", args=(frozen_report.pk,)), {"on": "2021-01-10"})
    assert "公布日期不能早于定稿日期" in text_of(answer)
    assert not Record.objects.exists()


def test_a_report_is_published_once(published, office_clerk):
    with pytest.raises(RuleBroken, match="这一版已经公布"):
        publish_report(published, by=office_clerk)
    assert Record.objects.filter(title__contains="年度报告").count() == 1


def test_a_draft_cannot_be_published(report, portal_outlet, office_clerk):
    with pytest.raises(RuleBroken, match="先定稿，再公布"):
        publish_report(report, by=office_clerk)
    assert AnnualReport.objects.get().published_on is None


def test_a_share_is_shown_with_two_decimals(client, report, bureau, office_clerk, approver, portal_outlet):
    journalled(an_application(bureau, date(2020, 4, 1), date(2020, 6, 30)))
    journalled(an_application(bureau, date(2020, 4, 2), date(2020, 4, 9)))
    actions.write_section(report, key="三", text="按期办结率{{applications.on_time_share}}%。", by=office_clerk)
    publish(report, office_clerk, approver)
    assert "按期办结率66.67%。" in text_of(client.get(url("report")))
    assert "66.67 %" in text_of(client.get(url("report_figure", 1, "applications.on_time_share")))
