"""Pages of indicators: every cell opens into as many rows as it counts; nobody sees what is not theirs to see."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from gongkai.base import clock
from gongkai.ledgers.applications.models import Applicant
from gongkai.ledgers.records.models import Category, Publication, Record
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.indicators import families, indicators, named, year_scope
from gongkai.reporting.indicators.desk import rows_address
from gongkai.reporting.indicators.matrices import by_agency_and_month
from gongkai.reporting.indicators.scopes import whole
from tests.district import make_agency, make_staff
from tests.reporting.annual_reports.test_compile import a_record, a_return, an_application

TODAY = date(2021, 1, 15)


@pytest.fixture(autouse=True)
def _january():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def desk(client, office_clerk):
    client.force_login(office_clerk)
    return client


@pytest.fixture
def rows_of_2020(bureau, town):
    an_application(bureau, date(2020, 3, 2), date(2020, 3, 20))
    an_application(town, date(2020, 3, 9), date(2020, 4, 20), "partly_granted", applicant_kind="commercial_enterprise")
    an_application(town, date(2019, 12, 9), date(2020, 1, 20), "unavailable.nonexistent")
    an_application(bureau, date(2020, 12, 30))


def download(client, url):
    response = client.get(f"{url}{'&' if '?' in url else '?'}format=json")
    assert response.status_code == 200
    return json.loads(b"".join(response.streaming_content))


def test_every_cell_of_table_three_opens_into_as_many_rows_as_it_counts(desk, government, rows_of_2020):
    compiled = compile_report(government, 2020)
    chosen = {"agency": str(government.pk), "year": "2020", "reach": "own_level"}
    for cell in compiled.table("applications"):
        if cell.value:
            assert len(download(desk, rows_address(cell.term, chosen))) == cell.value, cell.cell.code


def test_the_dimensions_stand_in_the_address_as_in_the_cell(government):
    cell = compile_report(government, 2020).cells["applications.granted.natural_person"]
    address = rows_address(cell.term, {"year": "2020"})
    assert "outcome=granted&outcome=granted.already_public" in address
    assert "applicant_kind=natural_person" in address


def test_every_family_has_an_indicator_that_counts_it_whole():
    whole_families = {one.term.family for one in indicators().values() if one.term is not None and not one.term.where}
    assert whole_families == set(families())


# One of each ledger and kind; all of them take most of a minute and show nothing more.
@pytest.mark.parametrize("name", sorted({(one.ledger, one.kind): one.name for one in indicators().values()}.values()))
def test_the_page_of_an_indicator_opens(desk, rows_of_2020, name):
    response = desk.get(reverse("desk:indicator", args=(name,)), {"year": "2020"})
    assert response.status_code == 200
    assert named(name).title in response.content.decode()


def test_the_list_is_found_by_words_and_ledger(desk):
    found = download(desk, reverse("desk:indicators") + "?q=结转&ledger=applications")
    assert {line["name"] for line in found} == {"applications.carried_in.total", "applications.carried_over.total"}


def test_each_topic_of_records_is_an_indicator(desk, government):
    Category.objects.create(agency=government, code="epidemic", name="疫情防控")
    assert "records.topic.epidemic" in {line["name"] for line in download(desk, reverse("desk:indicators"))}


def test_a_topic_is_called_by_its_name_not_by_its_code(desk, government):
    Category.objects.create(agency=government, code="epidemic", name="疫情防控")
    listed = {line["name"]: line["title"] for line in download(desk, reverse("desk:indicators"))}
    assert listed["records.topic.epidemic"] == "主题分类“疫情防控”的政府信息"
    for face in ("desk", "portal"):
        answer = desk.get(reverse(f"{face}:indicator", args=["records.topic.epidemic"]))
        assert "主题分类“疫情防控”的政府信息" in answer.content.decode()


def test_the_value_stands_by_agency_and_month(rows_of_2020, bureau, town):
    matrix = by_agency_and_month(named("applications.new.total"), whole(2020), TODAY)
    months = {line.agency.slug: line.months for line in matrix.lines}
    assert (months["jiaoyu"][2], months["jiaoyu"][11], months["linhe"][2]) == (1, 1, 1)
    assert (matrix.together.months[2], matrix.together.year.value) == (2, 3)


def test_a_state_stands_at_the_end_of_each_month(rows_of_2020):
    matrix = by_agency_and_month(named("applications.carried_over.total"), whole(2020), TODAY)
    assert matrix.together.months[2:5] == (1, 0, 0)
    assert matrix.together.months[11] == matrix.together.year.value == 1


def test_months_to_come_are_unknown_not_zero(rows_of_2020):
    matrix = by_agency_and_month(named("applications.new.total"), whole(2020), date(2020, 4, 2))
    assert matrix.together.months[3] == 0
    assert matrix.together.months[4] is None


def test_the_months_of_a_flow_add_up_to_its_year(rows_of_2020, town, portal_outlet):
    a_record(town, portal_outlet, date(2020, 2, 3), 1)
    scope = whole(2020)
    flows = [one for one in indicators().values() if one.term is not None and families()[one.term.family].day]
    for one in flows:
        matrix = by_agency_and_month(one, scope, TODAY)
        assert sum(matrix.together.months) == matrix.together.year.value, one.name


def test_a_share_of_a_month_is_that_of_its_rows(rows_of_2020):
    matrix = by_agency_and_month(named("applications.on_time_share"), whole(2020), TODAY)
    assert matrix.together.months[2] == 100
    assert matrix.together.months[3] == 0
    assert matrix.together.months[5] is None


def test_a_return_of_one_month_stands_in_it_and_a_longer_one_in_the_year(government, office_clerk, approver):
    a_return(
        government,
        "open_data.permits.rulings",
        5,
        office_clerk,
        approver,
        first=date(2020, 2, 1),
        last=date(2020, 2, 29),
    )
    a_return(
        government,
        "open_data.permits.rulings",
        7,
        office_clerk,
        approver,
        first=date(2020, 4, 1),
        last=date(2020, 6, 30),
    )
    matrix = by_agency_and_month(named("open_data.permits.rulings"), whole(2020), TODAY)
    assert matrix.together.months[1] == 5
    assert matrix.together.months[3] is None
    assert matrix.together.year.value == 12


def test_rows_of_other_agencies_are_not_listed(client, rows_of_2020, bureau, bureau_clerk, government):
    client.force_login(bureau_clerk)
    url = reverse("desk:indicator_rows", args=("applications.new.total",))
    assert {line["agency"] for line in download(client, f"{url}?year=2020&agency={government.pk}")} == {"示范区教育局"}


def test_an_administrator_sees_no_figure(client, rows_of_2020, administrator):
    client.force_login(administrator)
    for url in (
        reverse("desk:indicators"),
        reverse("desk:indicator", args=("applications.new.total",)),
        reverse("desk:indicator_rows", args=("applications.new.total",)),
    ):
        assert client.get(url).status_code == 403


def test_a_cut_that_does_not_exist_is_said_and_lists_nothing(desk, rows_of_2020):
    url = reverse("desk:indicator_rows", args=("applications.new.total",))
    response = desk.get(f"{url}?year=2020&outcome=nonsense")
    assert "里没有“nonsense”" in response.content.decode()
    assert download(desk, f"{url}?year=2020&outcome=nonsense") == []


@pytest.mark.parametrize(
    "name", ["applications.on_time_share", "open_data.permits.rulings", "no.such", "annual_report.sections"]
)
def test_what_has_no_rows_has_no_page_of_rows(desk, name):
    assert desk.get(reverse("desk:indicator_rows", args=(name,))).status_code == 404


def test_a_page_needs_few_queries_whatever_the_number_of_agencies(
    desk, rows_of_2020, government, django_assert_max_num_queries
):
    for number in range(20):
        bureau = make_agency(f"ju{number}", f"SF3{number:02}", f"示范区第{number}局", "department", government)
        an_application(bureau, date(2020, 5, 6))
    # What the frame keeps from page to page (the counts beside its entries) is read.
    desk.get(reverse("desk:indicators"))
    for name in ("applications.new.total", "records.published.total", "applications.on_time_share"):
        with django_assert_max_num_queries(10):
            desk.get(reverse("desk:indicator", args=(name,)), {"year": "2020"})
    with django_assert_max_num_queries(10):
        desk.get(reverse("desk:indicator_rows", args=("applications.new.total",)), {"year": "2020"})


# The portal


def test_the_portal_lists_public_records_only(client, government, portal_outlet, wechat_outlet):
    a_record(government, portal_outlet, date(2021, 1, 5), 1)
    hidden = Record.objects.create(agency=government, index_number="X2", title="只在微信", issued_on=date(2021, 1, 5))
    Publication.objects.create(record=hidden, outlet=wechat_outlet, published_on=date(2021, 1, 5))
    page = client.get(reverse("portal:indicator", args=("records.published.total",)), {"year": 2021}).content.decode()
    assert "公告" in page
    assert "只在微信" not in page


def test_the_portal_shows_no_application_and_no_applicant(client, government, rows_of_2020, bureau):
    row = an_application(bureau, date(2020, 3, 2))
    Applicant.objects.create(application=row, name="王某某")
    record = Record.objects.create(agency=government, index_number="X9", title="年报", issued_on=date(2021, 1, 10))
    AnnualReport.objects.create(
        agency=government,
        year=2020,
        scope="own_level",
        opened_on=date(2021, 1, 2),
        proposed_on=date(2021, 1, 8),
        proposed_by=make_staff("a", "甲", government),
        frozen_at=clock.now(),
        frozen_by=make_staff("b", "乙", government),
        digest="0" * 64,
        published_on=date(2021, 1, 10),
        record=record,
    )
    page = client.get(reverse("portal:indicator", args=("applications.new.total",))).content.decode()
    assert "示范区教育局" in page
    assert row.number not in page
    assert "王某某" not in page


def test_the_portal_shows_figures_of_applications_only_once_the_report_is_published(client, rows_of_2020):
    page = client.get(reverse("portal:indicator", args=("applications.new.total",))).content.decode()
    assert "年度报告公布以后显示" in page


def test_amounts_keep_their_digits(desk, government, office_clerk, approver):
    name = "open_data.centralized_procurement.amount"
    a_return(government, name, Decimal("35692694.56"), office_clerk, approver)
    page = desk.get(reverse("desk:indicator", args=(name,)), {"year": "2020"}).content.decode()
    assert "35,692,694.56" in page


def test_the_definition_names_what_is_counted_and_on_what_basis(desk):
    page = desk.get(reverse("desk:indicator", args=("applications.carried_over.total",))).content.decode()
    assert named("applications.carried_over.total").counts in page
    assert "国办公开办函〔2019〕60号" in page


def test_a_scope_of_one_year_is_from_january_to_december():
    assert year_scope(None, 2020).period == (date(2020, 1, 1), date(2020, 12, 31))
