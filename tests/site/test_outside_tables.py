"""The table of an agency that works outside the system: template, upload, preview, returns, a second person, the report."""

from datetime import date
from io import BytesIO

import lxml.html
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.base import clock, files
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import APPROVER, CLERK
from gongkai.core.national_forms import form_named
from gongkai.core.writing.report_tables import OFFICIAL
from gongkai.core.writing.report_xlsx import sheet_name
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.site.outside_tables import file_table, read_table
from tests.district import make_agency, make_staff
from tests.reporting.annual_reports.conftest import journalled
from tests.reporting.annual_reports.test_compile import an_application

pytestmark = pytest.mark.django_db
FORM = form_named("2019")
STATED = {
    "applications.new.natural_person": 7,
    "applications.granted.natural_person": 6,
    "applications.carried_over.natural_person": 1,
    "proactive.permit.rulings": 300,
}


@pytest.fixture(autouse=True)
def january():
    with clock.frozen(date(2021, 1, 15)):
        yield


@pytest.fixture
def outsider(government):
    """A bureau that keeps its cases in a system of its own."""
    return make_agency("shuiwu", "SF030", "示范区税务局", "department", government, works_outside=True)


@pytest.fixture
def clerk(outsider):
    return make_staff("shui", "税科员", outsider, CLERK)


@pytest.fixture
def leader(outsider):
    return make_staff("ju", "居局长", outsider, APPROVER)


@pytest.fixture
def sign_in(client):
    def signing_in(staff):
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signing_in


def text_of(response):
    assert response.status_code == 200
    root = lxml.html.fromstring(response.content.decode())
    return " ".join(" ".join(root.itertext()).split())


def filled(client, values):
    """The template as the clerk downloads it, with these cells filled in."""
    content = client.get(reverse("desk:outside_template", args=(2020,))).content
    book = openpyxl.load_workbook(BytesIO(content))
    for layout in OFFICIAL["2019"]:
        for box in layout.boxes:
            if box.code in values:
                book[sheet_name(layout)].cell(2 + box.top, 1 + box.left).value = values[box.code]
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def upload(client, agency, values):
    file = SimpleUploadedFile("税务局统计表.xlsx", filled(client, values))
    return client.post(reverse("desk:outside_tables"), {"agency": agency.pk, "year": 2020, "file": file}, follow=True)


def address_of(response):
    return response.redirect_chain[-1][0]


def test_a_table_goes_from_template_to_the_report(sign_in, outsider, government, clerk, leader):
    client = sign_in(clerk)
    seen = upload(client, outsider, STATED)
    table = address_of(seen)
    assert "4 个数" in text_of(seen)
    assert not Return.objects.exists()

    assert "已填报 4 个数" in text_of(client.post(f"{table}file/", follow=True))
    assert compile_report(government, 2020).cells["applications.new.total"].value == 0  # nobody has confirmed it

    assert "已确认 4 个数" in text_of(sign_in(leader).post(f"{table}confirm/", follow=True))
    cells = compile_report(government, 2020).cells
    assert cells["applications.new.natural_person"].value == 7
    assert cells["applications.new.total"].value == 7
    assert cells["proactive.permit.rulings"].value == 300
    assert set(Return.objects.values_list("evidence__name", flat=True)) == {"税务局统计表.xlsx"}


def test_who_filed_it_cannot_confirm_it(sign_in, outsider, clerk, government):
    both = make_staff("liang", "梁局长", outsider, CLERK, APPROVER)
    client = sign_in(both)
    table = address_of(upload(client, outsider, STATED))
    client.post(f"{table}file/")
    assert "填报人不能确认自己填的表" in text_of(client.get(table))
    client.post(f"{table}confirm/")
    assert not Return.objects.filter(confirmed_at__isnull=False).exists()


def test_filing_twice_leaves_one_table_and_one_refusal(sign_in, outsider, clerk):
    client = sign_in(clerk)
    table = address_of(upload(client, outsider, STATED))
    client.post(f"{table}file/")
    assert "统计期不能重叠" in text_of(client.post(f"{table}file/", follow=True))
    assert Return.objects.count() == 4


def test_what_does_not_add_up_is_shown_and_filed_only_when_it_is_meant(sign_in, outsider, clerk):
    broken = {**dict.fromkeys(column_of("natural_person"), 0), **STATED, "applications.carried_over.natural_person": 3}
    client = sign_in(clerk)
    seen = upload(client, outsider, broken)
    assert "表里对不上的地方" in text_of(seen)
    table = address_of(seen)
    assert "核对过仍然这样报的，请勾选" in text_of(client.post(f"{table}file/"))
    assert not Return.objects.exists()
    client.post(f"{table}file/", {"despite": "on"})
    assert Return.objects.exists()


def test_a_frozen_year_asks_for_the_reason(sign_in, outsider, clerk, frozen_government):
    client = sign_in(clerk)
    table = address_of(upload(client, outsider, STATED))
    assert "改动这一年的台账要写明理由" in text_of(client.post(f"{table}file/"))
    assert not Return.objects.exists()
    client.post(f"{table}file/", {"reason": "补报"})
    assert Return.objects.count() == 4


@pytest.fixture
def frozen_government(government, outsider, office_clerk, approver):
    """The government's report of 2020, frozen before the table came."""
    report = actions.open_report(government, year=2020, by=office_clerk)
    for finding in compile_report(government, 2020, report=report).blocking:
        actions.explain_finding(report, finding=finding.id, text="等税务局的表。", by=office_clerk)
    actions.propose_freeze(report, by=office_clerk)
    actions.confirm_freeze(report, by=approver)


def test_the_template_asks_for_every_cell_but_totals(sign_in, outsider, clerk):
    content = sign_in(clerk).get(reverse("desk:outside_template", args=(2020,))).content
    sheet = openpyxl.load_workbook(BytesIO(content))["表三"]
    [layout] = [one for one in OFFICIAL["2019"] if one.number == "表三"]
    colors = {
        box.code: sheet.cell(2 + box.top, 1 + box.left).fill.fgColor.rgb for box in layout.boxes if box.kind == "value"
    }
    assert colors["applications.new.natural_person"] != colors["applications.new.total"]


def test_a_year_without_a_form_has_no_template(sign_in, outsider, clerk):
    assert sign_in(clerk).get(reverse("desk:outside_template", args=(2013,))).status_code == 404


def test_an_agency_of_the_system_uploads_no_table(bureau, office_clerk, sign_in, outsider):
    content = filled(sign_in(office_clerk), STATED)
    use = files.store(content, "统计表.xlsx", agency_id=bureau.pk, by=office_clerk)
    with pytest.raises(RuleBroken, match="不在本系统办理"):
        file_table(read_table(content, bureau, 2020), use, by=office_clerk)
    assert not Return.objects.exists()


def column_of(column):
    return [
        code
        for code, cell in FORM.cells.items()
        if cell.table == "applications" and cell.column == column and not cell.computed
    ]


def test_a_value_that_is_no_number_is_refused_and_nothing_is_stored(sign_in, outsider, clerk):
    answer = upload(sign_in(clerk), outsider, {"proactive.permit.rulings": "约三百"})
    assert "里的“约三百”不是数" in text_of(answer)
    assert not Return.objects.exists()


def test_an_empty_table_is_refused(sign_in, outsider, clerk):
    assert "表里一个数也没有" in text_of(upload(sign_in(clerk), outsider, {}))


def test_rows_in_the_ledger_keep_the_table_out_and_the_page_says_which(sign_in, outsider, clerk):
    journalled(an_application(outsider, date(2020, 5, 6)))
    seen = upload(sign_in(clerk), outsider, STATED)
    assert "现在不能填报" in text_of(seen)
    client = sign_in(clerk)
    client.post(f"{address_of(seen)}file/")
    assert not Return.objects.exists()


def test_only_agencies_outside_the_system_are_offered(sign_in, outsider, bureau, office_clerk):
    root = lxml.html.fromstring(sign_in(office_clerk).get(reverse("desk:outside_tables")).content.decode())
    assert [option.text_content() for option in root.xpath("//select[@name='agency']/option")] == ["示范区税务局"]


def test_who_has_no_such_agency_is_told_so(sign_in, bureau, bureau_clerk):
    assert "不用上传统计表" in text_of(sign_in(bureau_clerk).get(reverse("desk:outside_tables")))


def test_a_table_that_waits_is_listed_for_the_second_person(sign_in, outsider, clerk, leader):
    client = sign_in(clerk)
    client.post(f"{address_of(upload(client, outsider, STATED))}file/")
    text = text_of(client.get(reverse("desk:outside_tables")))
    assert "等第二个人确认" in text
    assert "示范区税务局 2020 年度" in text


def test_another_bureau_does_not_see_the_table(sign_in, outsider, clerk, bureau_clerk):
    table = address_of(upload(sign_in(clerk), outsider, STATED))
    assert sign_in(bureau_clerk).get(table).status_code == 404


def test_the_lead_office_finds_the_upload_from_the_round(sign_in, outsider, office_clerk):
    page = sign_in(office_clerk).get(reverse("desk:round"), {"year": 2020})
    assert reverse("desk:outside_tables") in page.content.decode()
