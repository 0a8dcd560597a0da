"""Who may open what: every address of the desk as a stranger and as an administrator, every one of the portal without cookies."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.urls.converters import IntConverter

from gongkai.base import clock
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.remedies import actions as remedies
from gongkai.reporting.annual_reports import actions as annual_reports
from gongkai.site.urls import desk_urlpatterns, portal_urlpatterns
from tests.reporting.annual_reports.conftest import fill_returns

TODAY = date(2020, 11, 20)
OPEN_TO_STRANGERS = {"sign_in"}
BUSINESS = ("applications/", "remedies/", "records/", "normative/", "returns/", "reports/", "round/", "indicators/")
"""Addresses of the desk behind which there is business: no administrator opens one."""
NAME, SUBJECT, DESCRIPTION = "钱某某", "小区配套幼儿园的事", "移交协议第七条全文"


@pytest.fixture(autouse=True)
def _frozen_clock():
    with clock.frozen(TODAY):
        yield


def patterns(listed: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in listed:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns)
        else:
            yield pattern


def address(face: str, pattern: URLPattern) -> str:
    """The address with 1 for every number and x for every word."""
    converters = pattern.pattern.converters
    values = {name: 1 if isinstance(one, IntConverter) else "x" for name, one in converters.items()}
    return reverse(f"{face}:{pattern.name}", kwargs=values)


DESK = {pattern.name: address("desk", pattern) for pattern in patterns(desk_urlpatterns)}
PORTAL = {pattern.name: address("portal", pattern) for pattern in patterns(portal_urlpatterns)}


def test_every_address_has_a_name_of_its_own():
    assert None not in DESK
    assert len(DESK) == len(list(patterns(desk_urlpatterns)))
    assert len(PORTAL) == len(list(patterns(portal_urlpatterns)))


@pytest.mark.parametrize("name", sorted(set(DESK) - OPEN_TO_STRANGERS))
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_sign_in(client: Client, db, name, method):
    response = getattr(client, method)(DESK[name])
    if response.status_code == 405:  # the method is none of the page's, whoever asks
        return
    assert response.status_code == 302
    assert response["Location"].startswith("/desk/sign-in/")


@pytest.mark.parametrize(
    "name", sorted(name for name, url in DESK.items() if url.startswith(tuple(f"/desk/{part}" for part in BUSINESS)))
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_administrator_opens_no_page_of_business(client: Client, administrator, name, method):
    client.force_login(administrator)
    response = getattr(client, method)(DESK[name])
    assert response.status_code in (403, 405)


def test_there_are_pages_of_business_behind_each_of_these_addresses():
    for part in BUSINESS:
        assert any(url.startswith(f"/desk/{part}") for url in DESK.values()), part


# ---- the portal


@pytest.fixture
def case(government, portal_outlet, office_clerk):
    """An application, a case about it, and a public record beside them."""
    application = applications.register_application(
        government,
        by=office_clerk,
        received_on=date(2020, 10, 9),
        channel="online",
        applicant_kind="natural_person",
        applicants=[NAME],
        description=DESCRIPTION,
        subject=SUBJECT,
    )
    applications.close_application(application, by=office_clerk, on=date(2020, 10, 20), outcome="refused.state_secret")
    remedies.open_remedy(
        government,
        by=office_clerk,
        kind="reconsideration",
        opened_on=date(2020, 11, 2),
        application=application,
        note=DESCRIPTION,
    )
    record = records.register_record(
        RecordEntry(agency=government, title="公开的通知", issued_on=date(2020, 11, 2)), by=office_clerk
    )
    records.publish_record(record, portal_outlet, on=date(2020, 11, 5), by=office_clerk)
    return application


def content_of(response) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return body.decode("utf-8", "replace")


@pytest.mark.parametrize("prefix", ["", "/elder"])
@pytest.mark.parametrize("name", sorted(PORTAL))
def test_a_page_of_the_portal_sets_no_cookie(client: Client, case, name, prefix):
    response = client.get(prefix + PORTAL[name])
    assert response.status_code in (200, 404)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


SECRETS = (NAME, SUBJECT, DESCRIPTION)
QUERIES = ("", "?q=幼儿园", "?format=json", "?q=移交&format=csv", "?year=2020", "?page=2")


@pytest.mark.parametrize("name", sorted(PORTAL))
def test_the_portal_tells_nothing_of_an_application(client: Client, case, name):
    for query in QUERIES:
        text = content_of(client.get(PORTAL[name] + query))
        for secret in (*SECRETS, case.number, case.public_id):
            assert secret not in text, query


def test_a_published_report_and_its_cells_tell_nothing_of_an_application(
    client: Client, case, government, portal_outlet, office_clerk, approver
):
    fill_returns(government, 2020, office_clerk, approver)
    with clock.frozen(date(2021, 1, 15)):
        report = annual_reports.open_report(government, year=2020, by=office_clerk)
        annual_reports.propose_freeze(report, by=office_clerk)
        annual_reports.confirm_freeze(report, by=approver)
        record = records.register_record(
            RecordEntry(agency=government, title="年度报告", issued_on=date(2021, 1, 15)), by=office_clerk
        )
        records.publish_record(record, portal_outlet, on=date(2021, 1, 15), by=office_clerk)
        annual_reports.mark_published(report, record=record, on=date(2021, 1, 15), by=office_clerk)
        for place in ("", "1/cells/applications.new.total/", "1/cells/applications.refused.state_secret.total/"):
            response = client.get(f"/reports/2020/shifan/{place}")
            assert response.status_code == 200
            assert not response.cookies
            for secret in (*SECRETS, case.number, case.public_id):
                assert secret not in content_of(response), place


def test_an_address_that_is_none_is_not_found_without_a_cookie(client: Client, case):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert not response.cookies
