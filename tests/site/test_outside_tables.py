"""An agency outside the system uploads its table: cells become returns, and after confirmation stand in the report."""

from datetime import date
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.core.national_forms import form_named
from gongkai.ledgers.returns.actions import confirm_return
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.site.outside_tables import read_table, template_of, upload_table
from tests.district import make_agency

FORM = form_named("2019")


@pytest.fixture(autouse=True)
def _january(settings, tmp_path):
    settings.FILES = tmp_path
    with clock.frozen(date(2021, 1, 15)):
        yield


@pytest.fixture
def outside(government):
    return make_agency("shui", "SF040", "示范区供水公司", "institution", government, works_outside=True)


def filled(**values):
    """The template with 0 in every line but those given."""
    book = openpyxl.load_workbook(BytesIO(template_of(FORM)))
    sheet = book.active
    for row in range(2, sheet.max_row + 1):
        sheet.cell(row, 4, values.get(sheet.cell(row, 1).value.replace(".", "_"), 0))
    content = BytesIO()
    book.save(content)
    return content.getvalue()


BALANCED = {"applications_new_natural_person": 4, "applications_granted_natural_person": 4}


def test_the_template_asks_for_every_cell_but_totals():
    codes = list(read_table(template_of(FORM), FORM))
    assert "applications.new.natural_person" in codes
    assert "applications.new.total" not in codes


def test_a_table_becomes_returns_with_the_file_as_evidence_and_counts_once_confirmed(
    outside, government, office_clerk, approver
):
    number = upload_table(outside, year=2020, content=filled(**BALANCED), name="统计表.xlsx", by=office_clerk)
    rows = Return.objects.filter(agency=outside)
    assert (rows.count(), {row.evidence.name for row in rows}) == (number, {"统计表.xlsx"})
    assert compile_report(government, 2020).values["applications.new.total"] == 0
    for row in rows:
        confirm_return(row, by=approver)
    assert compile_report(government, 2020).values["applications.new.total"] == 4


def test_a_table_that_does_not_balance_is_refused_and_files_nothing(outside, office_clerk):
    content = filled(applications_new_natural_person=4)
    with pytest.raises(RuleBroken, match="不平"):
        upload_table(outside, year=2020, content=content, name="统计表.xlsx", by=office_clerk)
    assert not Return.objects.exists()
    upload_table(outside, year=2020, content=content, name="统计表.xlsx", by=office_clerk, despite=True)


def test_an_agency_of_the_system_uploads_no_table(bureau, office_clerk):
    with pytest.raises(RuleBroken, match="不在本系统办理"):
        upload_table(bureau, year=2020, content=filled(**BALANCED), name="统计表.xlsx", by=office_clerk)
    assert not Return.objects.exists()


@pytest.mark.parametrize(("value", "sentence"), [("约三件", "不是数字"), (1.5, "要填整数"), (-1, "不能是负数")])
def test_what_is_no_fitting_number_is_refused_with_a_sentence(outside, office_clerk, value, sentence):
    content = filled(applications_new_natural_person=value)
    with pytest.raises(RuleBroken, match=sentence):
        upload_table(outside, year=2020, content=content, name="统计表.xlsx", by=office_clerk)


def test_the_page_offers_template_and_upload(client, outside, office_clerk):
    client.force_login(office_clerk)
    assert outside.terms.get().name in client.get(reverse("desk:outside_table")).content.decode()
    assert client.get(reverse("desk:outside_template", args=(2020,))).content[:2] == b"PK"
    assert client.get(reverse("desk:outside_template", args=(2013,))).status_code == 404
    file = SimpleUploadedFile("统计表.xlsx", filled(**BALANCED))
    sent = client.post(reverse("desk:outside_table"), {"agency": outside.pk, "year": 2020, "file": file})
    assert sent.status_code == 302, sent.content.decode()
    assert Return.objects.filter(agency=outside).exists()


def test_a_refused_table_is_said_beside_the_file(client, outside, office_clerk):
    client.force_login(office_clerk)
    file = SimpleUploadedFile("统计表.xlsx", b"no workbook")
    page = client.post(reverse("desk:outside_table"), {"agency": outside.pk, "year": 2020, "file": file})
    assert "不是 .xlsx 表格" in page.content.decode()
    assert not Return.objects.exists()
