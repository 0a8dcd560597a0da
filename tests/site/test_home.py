"""The first page of the portal, the site map, and what search engines are told."""

import xml.etree.ElementTree as ET
from datetime import date

import pytest
from django.test import Client

from gongkai.base import clock
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.normative import actions as normative
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.reporting.annual_reports import actions as annual_reports
from gongkai.site import sitemap
from gongkai.site.portal import promise
from tests.reporting.annual_reports.conftest import fill_returns

TODAY = date(2020, 11, 20)
NAMESPACE = {"s": sitemap.NAMESPACE}


@pytest.fixture(autouse=True)
def _frozen_clock():
    with clock.frozen(TODAY):
        yield


def home(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def published(agency, outlet, by, title, *, on=date(2020, 11, 5), **entry):
    record = records.register_record(
        RecordEntry(agency=agency, title=title, issued_on=entry.pop("issued_on", date(2020, 11, 2)), **entry), by=by
    )
    records.publish_record(record, outlet, on=on, by=by)
    return record


def test_an_empty_portal_says_what_will_stand_there(client, government):
    page = home(client)
    for said in ("现在还没有发布", "编制中", "尚未公布", "年度报告每年一季度公布"):
        assert said in page


def test_a_portal_without_any_agency_is_a_page_too(client, db):
    assert "查政府信息，从这里开始" in home(client)


def test_the_newest_record_comes_first(client, government, portal_outlet, office_clerk):
    published(government, portal_outlet, office_clerk, "先发布的通知", on=date(2020, 11, 5))
    published(government, portal_outlet, office_clerk, "后发布的通知", on=date(2020, 11, 6))
    page = home(client)
    assert page.index("后发布的通知") < page.index("先发布的通知")


def test_what_is_not_on_the_portal_is_not_counted(client, government, portal_outlet, wechat_outlet, office_clerk):
    published(government, portal_outlet, office_clerk, "门户上的通知")
    published(government, wechat_outlet, office_clerk, "只在微信上的通知")
    page = home(client)
    assert '<dd class="figure-value">1 <span class="small">条</span></dd>' in page
    assert "只在微信上的通知" not in page


def test_the_guide_says_when_it_was_renewed(client, government, portal_outlet, office_clerk):
    guide = records.create_category(government, code="disclosure_guide", name="公开指南", by=office_clerk)
    published(government, portal_outlet, office_clerk, "政府信息公开指南", category=guide, on=date(2020, 11, 9))
    assert "2020-11-09 更新" in home(client)


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2020, 11, 2), date(2020, 11, 30)),  # four plain weeks
        (date(2020, 9, 18), date(2020, 10, 22)),  # over National Day
        (date(2031, 5, 6), None),  # nobody knows the working days of that year
    ],
)
def test_the_promise_is_reckoned_from_today(db, today, due):
    assert promise(today).due == due


def test_without_a_calendar_the_page_promises_no_day(client, government):
    with clock.frozen(date(2031, 5, 6)):
        page = home(client)
    assert "20 个工作日内答复" in page
    assert "最迟" not in page


def test_before_2019_the_older_term_is_promised(client, government):
    with clock.frozen(date(2018, 3, 6)):
        assert "15 个工作日内答复" in home(client)


def test_a_repealed_document_is_shown_as_such(client, government, portal_outlet, office_clerk):
    document = normative.register_normative(
        RecordEntry(
            agency=government, title="用电补贴办法", issued_on=date(2018, 3, 1), document_number="示政规〔2018〕6号"
        ),
        kind="normative_document",
        in_force_on=date(2018, 4, 1),
        by=office_clerk,
    )
    records.publish_record(document.record, portal_outlet, on=date(2018, 3, 5), by=office_clerk)
    normative.repeal(document, on=date(2020, 11, 9), by_document="示政〔2020〕9号", by=office_clerk)
    assert "2020-11-09 废止" in home(client)


def test_only_a_published_report_is_shown(client, government, portal_outlet, office_clerk, approver):
    applications.register_application(
        government,
        by=office_clerk,
        received_on=date(2020, 11, 2),
        channel="online",
        applicant_kind="natural_person",
        applicants=["申请人甲"],
        description="学区划分",
    )
    fill_returns(government, 2020, office_clerk, approver)
    with clock.frozen(date(2021, 1, 15)):
        report = annual_reports.open_report(government, year=2020, by=office_clerk)
        annual_reports.propose_freeze(report, by=office_clerk)
        annual_reports.confirm_freeze(report, by=approver)
        assert "2020 年度报告" not in home(client)
        record = published(
            government, portal_outlet, office_clerk, "2020年度报告", on=date(2021, 1, 15), issued_on=date(2021, 1, 15)
        )
        annual_reports.mark_published(report, record=record, on=date(2021, 1, 15), by=office_clerk)
        page = home(client)
    assert 'href="/reports/2020/shifan/">2020 年度报告' in page
    assert "收到申请 1 件，办结 0 件，结转 1 件" in page


def test_the_page_costs_the_same_whatever_the_size(
    client, government, portal_outlet, office_clerk, django_assert_max_num_queries
):
    for number in range(12):
        published(government, portal_outlet, office_clerk, f"第{number}号通知")
    home(client)
    with django_assert_max_num_queries(16):
        home(client)


# ---- kept pages


def test_a_page_may_be_kept_by_a_proxy_and_is_asked_for_again_by_a_browser(client, government):
    response = client.get("/")
    assert response["Cache-Control"] == "public, max-age=0, s-maxage=60, must-revalidate"
    again = client.get("/", headers={"If-None-Match": response["ETag"]})
    assert again.status_code == 304


def test_a_page_that_is_not_there_is_not_kept(client, government):
    assert not client.get("/records/none/").has_header("Cache-Control")


def test_a_page_of_the_desk_is_kept_by_nobody_else(client, office_clerk):
    client.force_login(office_clerk)
    assert "private" in client.get("/desk/")["Cache-Control"]


# ---- site map


def test_the_site_map_names_topics_agencies_and_years(client, government, portal_outlet, office_clerk):
    budgets = records.create_category(government, code="budgets", name="财政预决算", by=office_clerk)
    published(government, portal_outlet, office_clerk, "预算", category=budgets)
    page = client.get("/sitemap/").content.decode()
    for address in ("/records/?category=budgets", "/records/?agency=shifan", "/records/?year=2020", "/guide/"):
        assert f'href="{address}"' in page


def locations(response):
    assert response.status_code == 200
    root = ET.fromstring(response.content)
    return [place.text for place in root.iterfind(".//s:loc", NAMESPACE)]


def test_search_engines_find_every_public_record(client, government, portal_outlet, office_clerk):
    record = published(government, portal_outlet, office_clerk, "公开的通知")
    hidden = records.register_record(
        RecordEntry(agency=government, title="未发布", issued_on=date(2020, 11, 2)), by=office_clerk
    )
    files = locations(client.get("/sitemap.xml"))
    assert files == ["http://testserver/sitemap-pages.xml", "http://testserver/sitemap-records-1.xml"]
    found = locations(client.get("/sitemap-records-1.xml"))
    assert found == [f"http://testserver/records/{record.index_number}/"]
    assert hidden.index_number not in "".join(found)


def test_many_records_are_told_in_several_files(client, government, portal_outlet, office_clerk, monkeypatch):
    monkeypatch.setattr(sitemap, "IN_ONE_FILE", 2)
    for number in range(3):
        published(government, portal_outlet, office_clerk, f"第{number}号通知")
    assert len(locations(client.get("/sitemap.xml"))) == 3
    assert len(locations(client.get("/sitemap-records-1.xml"))) == 2
    assert len(locations(client.get("/sitemap-records-2.xml"))) == 1


@pytest.mark.parametrize("name", ["records-0", "records-9", "records-01", "records", "records-x", "staff-1"])
def test_a_file_that_there_is_not_is_not_found(client, government, name):
    assert client.get(f"/sitemap-{name}.xml").status_code == 404


def test_robots_are_kept_from_the_desk(client, db):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /desk/\n" in text
    assert "Sitemap: http://testserver/sitemap.xml\n" in text
