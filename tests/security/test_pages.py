"""What somebody typed is shown as he typed it, never as a part of the page; nobody is led elsewhere by an address."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from gongkai.base import clock, journal
from gongkai.ledgers.agencies import actions as agencies
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.remedies import actions as remedies
from gongkai.reporting.annual_reports import actions as annual_reports
from tests.security.conftest import DESK, TODAY, World, body_of

HTML = "<b id=zz>\"'&</b>"


def test_no_text_that_somebody_typed_becomes_a_part_of_a_page(world: World, portal_outlet: Any, administrator: Any):
    clerk, bureau = world.clerk, world.bureau
    application = applications.register_application(
        bureau,
        by=clerk,
        received_on=date(2021, 1, 11),
        channel="online",
        applicant_kind="natural_person",
        applicants=[HTML],
        description=HTML,
        subject=HTML,
        handler=clerk,
    )
    remedy = remedies.open_remedy(
        bureau, by=clerk, kind="reconsideration", opened_on=TODAY, application=application, note=HTML, organ=HTML
    )
    record = records.register_record(
        RecordEntry(agency=bureau, title=HTML, issued_on=TODAY, document_number=HTML, body=HTML), by=clerk
    )
    records.publish_record(record, portal_outlet, on=TODAY, by=clerk)
    records.open_outlet(bureau, name=HTML, channel="weibo", by=clerk)
    agencies.rename_staff(clerk, name=HTML, by=administrator)
    with clock.frozen(date(2022, 1, 20)):
        report = annual_reports.open_report(bureau, year=2021, by=clerk)
        annual_reports.write_section(report, key="一", text=HTML, by=clerk)
    client = Client()
    client.force_login(clerk)
    keys = world.keys | {
        "application": {"pk": application.pk},
        "remedy": {"pk": remedy.pk},
        "record": {"pk": record.pk},
        "report": {"pk": report.pk},
        "report_section": {"pk": report.pk, "place": 1},
    }
    pages = [reverse(f"desk:{name}", kwargs=keys[name]) for name in DESK]
    pages += [reverse("portal:record", args=[record.index_number]), *world.portal.values()]
    shown = 0
    for page in pages:
        for query in ("", "?q=zz", "?tab=all", f"?q={HTML}"):
            text = body_of(client.get(page + query))
            assert "<b id=zz" not in text or "application/json" in text or "text/csv" in text, page + query
            shown += "&lt;b id=zz" in text
    assert shown > 20


@pytest.mark.parametrize(
    "address", ["//elsewhere.example/desk", "/elder//elsewhere.example", "/elder/desk//elsewhere.example", "/elder?//a"]
)
def test_no_address_leads_to_another_host(client: Client, db: None, address: str):
    response = client.get(address)
    if response.status_code in (301, 302):
        assert response["Location"].startswith("/")
        assert not response["Location"].startswith(("//", "/\\"))


def test_a_form_without_its_token_is_refused_in_words_and_with_our_style(world: World):
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.clerk)
    response = client.post(world.address("application_close"))
    page = response.content.decode()
    assert response.status_code == 403
    assert "刷新" in page
    assert "gongkai.css" in page
    assert "CSRF" not in page


def test_a_figure_of_a_frozen_report_still_opens_when_its_rows_were_blanked(world: World):
    for application in Application.objects.all():
        journal.blank_versions(application, by=world.clerk, reason="保管期满")
    client = Client()
    client.force_login(world.clerk)
    for name in ("report", "report_cell", "report_figure", "applications", "application"):
        assert client.get(world.address(name)).status_code in (200, 404), name
    assert client.get(world.address("report_cell")).status_code == 200
    assert client.get(world.address("report_cell") + "?format=csv").status_code == 200
