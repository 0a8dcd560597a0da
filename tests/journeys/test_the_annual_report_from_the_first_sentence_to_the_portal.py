"""The annual report of 2020: written, refused with an error, explained, frozen by two people, published, downloaded, corrected.

With the plain test client: every step works without scripts.
"""

import re
from datetime import date
from io import BytesIO

import lxml.html
import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from gongkai.base import clock
from gongkai.reporting.annual_reports.models import AnnualReport
from tests.reporting.annual_reports.conftest import fill_returns, journalled
from tests.reporting.annual_reports.test_compile import an_application

pytestmark = pytest.mark.django_db
NEW = "applications.new.natural_person"


class Desk:
    """The desk as one person sees it, page by page."""

    def __init__(self, client, staff):
        self.client = client
        self.staff = staff

    def sit_down(self):
        self.client.force_login(self.staff, backend="django.contrib.auth.backends.ModelBackend")

    def read(self, address):
        self.sit_down()
        answer = self.client.get(address)
        assert answer.status_code == 200, address
        return told(answer)

    def send(self, address, **data):
        self.sit_down()
        answer = self.client.post(address, data, follow=True)
        assert answer.status_code == 200, address
        return told(answer)

    def link(self, address, words):
        """Where a link with these words leads, as a person would find it on the page."""
        self.sit_down()
        root = lxml.html.fromstring(self.client.get(address).content.decode())
        [found] = {link.get("href") for link in root.iter("a") if link.text_content().strip() == words}
        return found


def told(answer):
    return " ".join(lxml.html.fromstring(answer.content.decode()).text_content().split())


@pytest.fixture
def clerk(client, office_clerk):
    return Desk(client, office_clerk)


@pytest.fixture
def leader(client, approver):
    return Desk(client, approver)


def test_from_the_first_sentence_to_the_portal(
    client, government, bureau, portal_outlet, office_clerk, approver, clerk, leader
):
    # A year of work: one application answered, one still open on 31 December, and the returns.
    journalled(an_application(bureau, date(2020, 3, 2), date(2020, 3, 20)))
    journalled(an_application(bureau, date(2020, 12, 21)))
    fill_returns(government, 2020, office_clerk, approver)

    with clock.frozen(date(2021, 1, 15)):
        # The clerk begins the report and finds the figures there already.
        clerk.send(clerk.link(reverse("desk:reports"), "开始编制"), agency=government.pk, year=2020)
        report = AnnualReport.objects.get()
        page = reverse("desk:report", args=(report.pk,))
        assert "编制中" in clerk.read(page)

        # A section is written; the figure is looked up by name, inserted by its token, and shows its value.
        editor = clerk.link(page, "编写")
        search = clerk.read(f"{editor}?figure=收到的政府信息公开申请")
        [token] = {found for found in re.findall(r"\{\{[a-z._]+\}\}", search) if "applications.new.total" in found}
        clerk.send(editor, do="save", text=f"全年收到政府信息公开申请{token}件。")
        assert "全年收到政府信息公开申请2件。" in clerk.read(page)

        # The figure opens into its two applications.
        rows = clerk.read(reverse("desk:report_cell", args=(report.pk, NEW)))
        assert "SF020-0001" in rows
        assert "SF020-0002" in rows

        # A figure typed by hand contradicts the table: the report cannot be frozen, and the page says why.
        clerk.send(reverse("desk:report_hand", args=(report.pk, NEW)), value="5", reason="抄自旧台账")
        assert "现在不能提请定稿" in clerk.read(page)
        refused = clerk.send(reverse("desk:report_propose", args=(report.pk,)))
        assert "没有改正或者说明，不能定稿" in refused
        report.refresh_from_db()
        assert report.state == "draft"

        # The check names both sides and the gap; each error is explained.
        checks = reverse("desk:report_checks", args=(report.pk,))
        assert "差 3" in clerk.read(checks)
        clerk.sit_down()
        root = lxml.html.fromstring(client.get(checks).content.decode())
        for address in root.xpath("//li[.//*[contains(@class, 'status-bad')]]//a[contains(@href, 'explain')]/@href"):
            finding = address.partition("finding=")[2]
            clerk.send(address, finding=finding, text="旧台账多记三件，以信访件计。")
        assert "错误，已说明" in clerk.read(checks)

        # The clerk of the disclosure office proposes; the leader confirms.
        assert "已提请定稿" in clerk.send(reverse("desk:report_propose", args=(report.pk,)))
        assert "现在不能" not in leader.read(page)
        assert "已定稿" in leader.send(leader.link(page, "批准定稿"))

        # What happens now changes nothing in it, and is shown.
        journalled(an_application(bureau, date(2020, 12, 30)))
        assert "冻结后变动" in clerk.read(page)
        assert "全年收到政府信息公开申请2件。" in clerk.read(page)

        # It is published, and a citizen reads it.
        clerk.send(clerk.link(page, "公布"), on="2021-01-15")

    client.logout()
    listed = client.get(reverse("portal:reports"))
    assert "示范区人民政府2020年政府信息公开工作年度报告" in told(listed)
    citizen = client.get(reverse("portal:report", args=(2020, "shifan")))
    assert "全年收到政府信息公开申请2件。" in told(citizen)
    assert "由人工填写，理由：抄自旧台账" in told(citizen)
    assert "旧台账多记三件，以信访件计。" in told(citizen)
    assert "SF020-0001" not in told(citizen)

    # The files open.
    root = lxml.html.fromstring(citizen.content.decode())
    files = {link.text_content(): link.get("href") for link in root.xpath("//a[contains(@href, '/file/')]")}
    assert set(files) == {"PDF", "Word", "表格 XLSX", "JSON"}
    word = Document(BytesIO(client.get(files["Word"]).content))
    assert any("全年收到政府信息公开申请2件。" in paragraph.text for paragraph in word.paragraphs)
    book = openpyxl.load_workbook(BytesIO(client.get(files["表格 XLSX"]).content))
    values = {row[0]: row[2] for row in book["数据"].iter_rows(values_only=True)}
    assert values[NEW] == 5
    assert client.get(files["PDF"]).content.startswith(b"%PDF")
    assert client.get(files["JSON"]).json()["cells"][NEW] == 5

    # A correction is a new version that says what changed; the elder one stays and points to it.
    with clock.frozen(date(2021, 2, 3)):
        clerk.send(clerk.link(page, "更正"), note="删去手工填写的数，按台账。")
        version = AnnualReport.objects.get(number=2)
        address = reverse("desk:report", args=(version.pk,))
        clerk.send(reverse("desk:report_hand_remove", args=(version.pk, NEW)))
        clerk.send(reverse("desk:report_propose", args=(version.pk,)))
        leader.send(reverse("desk:report_freeze", args=(version.pk,)))
        clerk.send(clerk.link(address, "公布"), on="2021-02-03")
    client.logout()
    corrected = told(client.get(reverse("portal:report", args=(2020, "shifan"))))
    assert "更正说明（第 2 版）：删去手工填写的数，按台账。" in corrected
    assert "全年收到政府信息公开申请3件。" in corrected
    elder = told(client.get(reverse("portal:report_version", args=(2020, "shifan", 1))))
    assert "这是更正以前的版本" in elder
    assert "全年收到政府信息公开申请2件。" in elder
