"""Importing on the desk with a plain client, scripts off: upload, look at what is wrong, correct, import, again."""

from io import BytesIO
from urllib.parse import unquote

import lxml.html
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.base.models import FileUse, JournalLine
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.applications.models import Application
from gongkai.site.imports import LEDGERS
from gongkai.site.imports.sheets import read_sheet
from tests.site.imports.conftest import APPLICATION, RECORD, STAFF, table

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def clerk(bureau_clerk):
    """The clerk of the bureau, signed in."""
    return signed_in(bureau_clerk)


def upload(client, code, data, name="台账.xlsx"):
    sent = SimpleUploadedFile(name, data)
    return client.post(reverse("desk:import", args=[code]), {"file": sent}, follow=True)


def text_of(response):
    return " ".join(lxml.html.fromstring(response.content.decode()).text_content().split())


def press(client, response, words):
    """Send the form with that button, as a browser without scripts does."""
    page = lxml.html.fromstring(response.content.decode())
    [form] = [form for form in page.forms if words in form.xpath("string(.//button)")]
    return client.post(form.action, dict(form.form_values()), follow=True)


def test_a_file_with_a_bad_row_is_corrected_imported_and_then_all_there(clerk, bureau):
    # upload with one bad row: nothing has changed, the page names row and column
    response = upload(
        clerk, "applications", table("applications", APPLICATION, APPLICATION | {"number": "2号", "channel": "电报"})
    )
    assert response.status_code == 200
    assert "没有“电报”这一项" in text_of(response)
    assert "第 3 行" in text_of(response)
    assert not Application.objects.exists()

    # the returned copy tells the row; it is corrected in place
    page = lxml.html.fromstring(response.content.decode())
    [address, *_] = [a.get("href") for a in page.xpath("//a[contains(., '下载检查结果')]")]
    copy = clerk.get(address)
    assert "台账-检查结果.xlsx" in unquote(copy["Content-Disposition"])
    book = openpyxl.load_workbook(BytesIO(copy.content))
    headings = [cell.value for cell in book.active[1]]
    assert book.active.cell(3, headings.index("错误") + 1).value.startswith("收到渠道：没有“电报”")
    book.active.cell(3, headings.index("收到渠道") + 1, "信函")
    corrected = BytesIO()
    book.save(corrected)

    # the corrected file is checked, confirmed, imported
    response = upload(clerk, "applications", corrected.getvalue())
    assert "可以导入2 行" in text_of(response)
    assert not Application.objects.exists()
    response = press(clerk, response, "导入")
    assert "新增 2 行，已有 0 行" in text_of(response)
    assert reverse("desk:applications") in response.content.decode()
    assert Application.objects.count() == 2

    # the same file again: all there
    response = upload(clerk, "applications", corrected.getvalue())
    assert "都已有" in text_of(response)
    assert Application.objects.count() == 2


def test_pressing_import_twice_imports_once(clerk, bureau):
    response = upload(clerk, "applications", table("applications", APPLICATION))
    press(clerk, response, "导入")
    again = press(clerk, response, "导入")
    assert "新增 0 行，已有 1 行" in text_of(again)
    assert Application.objects.count() == 1


def test_what_is_imported_is_the_checked_file_by_its_digest(clerk, bureau):
    response = upload(clerk, "applications", table("applications", APPLICATION))
    use = FileUse.objects.get()
    assert use.file.sha256 in text_of(response)
    press(clerk, response, "导入")
    assert use.file.sha256 in JournalLine.objects.get(verb="file.imported").reason


def test_a_frozen_year_asks_for_the_reason_on_the_page(clerk, bureau, port):
    port.frozen.add(2020)
    response = upload(clerk, "applications", table("applications", APPLICATION))
    assert "2020年年度报告已经定稿" in text_of(response)
    refused = press(clerk, response, "导入")
    assert "理由" in text_of(refused)
    assert not Application.objects.exists()
    clerk.post(reverse("desk:import_run", args=["applications", FileUse.objects.get().public_id]), {"reason": "补录"})
    assert Application.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("台账.xlsx", b"PK\x03\x04" + b"\0" * 100, "已经损坏"),
        ("台账.csv", b"number\n1\n", "只收 .xlsx 表格"),
        ("台账.xlsx", b"number,title\n", "不是 .xlsx 表格"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field_and_not_kept(name, data, sentence, clerk, bureau):
    response = upload(clerk, "applications", data, name)
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert not FileUse.objects.exists()


def test_a_file_above_the_limit_is_refused_before_it_is_read(clerk, bureau, settings):
    settings.UPLOAD_LIMIT = 1 << 20
    response = upload(clerk, "applications", b"PK\x03\x04" + b"\0" * (1 << 20))
    assert "文件超过 1 MB" in text_of(response)
    assert not FileUse.objects.exists()


def test_the_page_lists_what_the_user_may_import(clerk, administrator):
    assert "导入依申请公开" in text_of(clerk.get(reverse("desk:imports")))
    assert "导入人员" not in text_of(clerk.get(reverse("desk:imports")))
    office = text_of(signed_in(administrator).get(reverse("desk:imports")))
    assert "导入人员" in office
    assert "导入依申请公开" not in office


@pytest.mark.parametrize("code", ["staff", "weather"])
def test_a_ledger_that_the_user_may_not_enter_is_not_found(code, clerk):
    assert clerk.get(reverse("desk:import", args=[code])).status_code == 404
    assert clerk.get(reverse("desk:import_template", args=[code])).status_code == 404


def test_who_may_import_nothing_is_refused_the_page(approver):
    assert signed_in(approver).get(reverse("desk:imports")).status_code == 403


def test_an_upload_is_seen_by_nobody_but_who_uploaded_it(clerk, bureau, office_clerk):
    upload(clerk, "applications", table("applications", APPLICATION))
    public_id = FileUse.objects.get().public_id
    other = signed_in(office_clerk)
    for name in ("import_check", "import_returned"):
        assert other.get(reverse(f"desk:{name}", args=["applications", public_id])).status_code == 404
    assert other.post(reverse("desk:import_run", args=["applications", public_id])).status_code == 404
    assert not Application.objects.exists()


@pytest.mark.parametrize("code", ["records", "applications", "remedies", "returns"])
def test_the_template_is_downloaded(code, clerk):
    response = clerk.get(reverse("desk:import_template", args=[code]))
    assert read_sheet(response.content).rows[1][0] == "示例"
    assert f"{LEDGERS[code].title}-导入模板.xlsx" in unquote(response["Content-Disposition"])


def test_passwords_of_new_accounts_are_shown_once_and_not_cached(administrator, bureau):
    client = signed_in(administrator)
    response = press(client, upload(client, "staff", table("staff", STAFF)), "导入")
    password = lxml.html.fromstring(response.content.decode()).xpath("//td[@class='digest']")[-1].text_content()
    assert Staff.objects.get(username="zhou").check_password(password)
    assert "no-store" in response["Cache-Control"]


def test_publications_are_imported_with_their_records(clerk, bureau, outlets):
    response = press(clerk, upload(clerk, "records", table("records", RECORD)), "导入")
    assert "新增 1 行" in text_of(response)


def test_the_first_faults_are_shown_and_the_rest_counted(clerk, bureau):
    rows = [APPLICATION | {"number": f"{n}号", "channel": "电报"} for n in range(60)]
    response = upload(clerk, "applications", table("applications", *rows))
    assert "还有 10 处，都写在检查结果里" in text_of(response)
