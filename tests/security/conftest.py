"""One of everything, in two bureaus, with marked words in every field that an applicant could have filled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, reverse
from django.urls.converters import IntConverter

from gongkai.base import calendar_actions, clock, files
from gongkai.base.calendar_actions import DayEntry
from gongkai.base.permissions import APPROVER, CLERK, DISCLOSURE_OFFICE
from gongkai.ledgers.agencies.models import Agency, Post, Staff
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.normative import actions as normative
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.remedies import actions as remedies
from gongkai.ledgers.returns import actions as returns
from gongkai.reporting.annual_reports import actions as annual_reports
from gongkai.site.urls import desk_urlpatterns, portal_urlpatterns
from tests.district import make_agency, make_staff
from tests.reporting.annual_reports.conftest import fill_returns

TODAY = date(2021, 1, 20)
PERSON, COMPANION = "印某标记甲", "印某标记乙"
DESCRIPTION = "标记描述：宅基地确权登记的会议纪要"
SUBJECT = "标记主题宅基地"
REPLY_NUMBER = "标记复〔2020〕7号"
NOTE = "标记备注：代理人电话"
MARKS = (PERSON, COMPANION, DESCRIPTION, SUBJECT, REPLY_NUMBER, NOTE, "标记")


def patterns(listed: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for pattern in listed:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern.url_patterns)
        else:
            yield pattern


def named(listed: list[URLPattern | URLResolver]) -> dict[str, URLPattern]:
    return {str(pattern.name): pattern for pattern in patterns(listed)}


DESK, PORTAL = named(desk_urlpatterns), named(portal_urlpatterns)


@dataclass
class World:
    """What there is, by the word with which the names of its pages begin."""

    bureau: Agency
    clerk: Staff
    application: Application
    keys: dict[str, dict[str, Any]]
    """Name of a desk page to the arguments that lead to an object of the bureau."""
    portal: dict[str, str]
    """Name of a portal page to the address of something that is there."""

    def address(self, name: str) -> str:
        return reverse(f"desk:{name}", kwargs=self.keys[name])


def arguments(pattern: URLPattern, objects: dict[str, Any]) -> dict[str, Any]:
    """Arguments for one page of the desk: the object that its name speaks of, and words that exist."""
    name = str(pattern.name)
    words = {"place": 1, "code": "applications.new.total", "kind": "xlsx", "token": "applications.new.total"}
    words |= {"name": "applications.received", "key": "office.phone", "public_id": "x"}
    found: dict[str, Any] = {}
    for argument, converter in pattern.pattern.converters.items():
        if argument == "pk":
            found["pk"] = next(row.pk for start, row in objects.items() if name.startswith(start))
        elif argument == "post":
            found["post"] = objects["post"].pk
        elif name.startswith("import") and argument == "code":
            found[argument] = "applications"
        else:
            found[argument] = 1 if isinstance(converter, IntConverter) and argument not in words else words[argument]
    return found


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def other_bureau(government: Agency) -> Agency:
    """A bureau beside that of `world`."""
    return make_agency("jiaotong", "SF030", "示范区交通局", "department", government)


@pytest.fixture
def stranger(other_bureau: Agency) -> Staff:
    """Holds every business role at the other bureau, so that nothing but the object can be the reason of a refusal."""
    return make_staff("mo", "莫科员", other_bureau, CLERK, APPROVER, DISCLOSURE_OFFICE, "reviewer")


@pytest.fixture
def world(government: Agency, bureau: Agency, other_bureau: Agency, portal_outlet: Any, office_clerk: Staff) -> World:
    """One of everything in the bureau; its report of 2020 is frozen and submitted."""
    clerk = make_staff("lin", "林科员", bureau, CLERK, DISCLOSURE_OFFICE)
    leader = make_staff("bai", "白局长", bureau, APPROVER)
    with clock.frozen(date(2020, 11, 20)):
        application = applications.register_application(
            bureau,
            by=clerk,
            received_on=date(2020, 10, 9),
            channel="online",
            applicant_kind="natural_person",
            applicants=[PERSON, COMPANION],
            description=DESCRIPTION,
            subject=SUBJECT,
            handler=clerk,
        )
        applications.close_application(
            application, by=clerk, on=date(2020, 10, 20), outcome="granted", reply_number=REPLY_NUMBER
        )
        open_one = applications.register_application(
            bureau,
            by=clerk,
            received_on=date(2020, 11, 9),
            channel="online",
            applicant_kind="natural_person",
            applicants=[PERSON],
            description=DESCRIPTION,
            subject=SUBJECT,
            handler=clerk,
        )
        remedy = remedies.open_remedy(
            bureau,
            by=clerk,
            kind="reconsideration",
            opened_on=date(2020, 11, 2),
            application=application,
            note=NOTE,
        )
        record = records.register_record(
            RecordEntry(agency=bureau, title="公开的通知", issued_on=date(2020, 11, 2)), by=clerk
        )
        publication = records.publish_record(record, portal_outlet, on=date(2020, 11, 5), by=clerk)
        outlet = records.open_outlet(bureau, name="教育局微信", channel="wechat", by=clerk)
        category = records.create_category(bureau, code="jiaoyu", name="教育", by=clerk)
        document_record = records.register_record(
            RecordEntry(agency=bureau, title="学区管理办法", issued_on=date(2020, 11, 2)), by=clerk
        )
        document = normative.register_normative(
            document_record,
            by=clerk,
            kind="normative_document",
            in_force_on=date(2020, 12, 1),
        )
        notice, _ = calendar_actions.enter_notice(
            by=clerk,
            year=2021,
            number="示教〔2020〕3号",
            title="局庆放假",
            issued_on=date(2020, 11, 1),
            whole_year=False,
            agency_id=bureau.pk,
            days=[DayEntry(date(2021, 6, 16), "rest")],
        )
    fill_returns(bureau, 2020, clerk, leader)
    evidence = files.store(b"%PDF-1.7 x", "依据.pdf", agency_id=bureau.pk, by=clerk)
    filed = returns.file_return(
        returns.Filing(
            agency=bureau,
            indicator="open_data.permits.rulings",
            period_from=date(2019, 1, 1),
            period_to=date(2019, 12, 31),
            value=Decimal(3),
            evidence=evidence,
        ),
        by=clerk,
    )
    report = annual_reports.open_report(bureau, year=2020, by=clerk)
    annual_reports.propose_freeze(report, by=clerk)
    annual_reports.confirm_freeze(report, by=leader)
    report.refresh_from_db()
    submission = annual_reports.submit_report(report, by=clerk)
    objects = {
        "application": application,
        "remedy": remedy,
        "record": record,
        "publication": publication,
        "outlet": outlet,
        "category": category,
        "normative": document,
        "returns": filed,
        "return": filed,
        "report": report,
        "round": submission,
        "agency": bureau,
        "agencies": bureau,
        "post": Post.objects.filter(staff=clerk).first(),
        "staff": clerk,
        "calendar": notice,
    }
    keys = {name: arguments(pattern, objects) for name, pattern in DESK.items()}
    keys["file"] = {"public_id": evidence.public_id}
    return World(bureau, clerk, open_one, keys, public_addresses(record, report, clerk))


def public_addresses(record: Any, report: Any, clerk: Staff) -> dict[str, str]:
    """The pages of the portal with the record and the report, which is published for it."""
    published = records.register_record(RecordEntry(agency=report.agency, title="年度报告", issued_on=TODAY), by=clerk)
    records.publish_record(published, record.publications.get().outlet, on=TODAY, by=clerk)
    annual_reports.mark_published(report, record=published, on=TODAY, by=clerk)
    use = files.store(b"%PDF-1.7 z", "附件.pdf", agency_id=report.agency_id, by=clerk, visibility="public")
    words = {
        "index_number": record.index_number,
        "public_id": use.public_id,
        "slug": report.agency.slug,
        "year": report.year,
        "number": 1,
        "kind": "xlsx",
        "code": "applications.new.total",
        "token": "applications.received",
        "name": "applications.received",
    }
    found = {}
    for name, pattern in PORTAL.items():
        wanted = {argument: words[argument] for argument in pattern.pattern.converters}
        if name == "sitemap_file":
            wanted = {"name": "records"}
        found[name] = reverse(f"portal:{name}", kwargs=wanted)
    return found


def body_of(response: Any) -> str:
    """All that a response says, headers included."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return f"{response.headers}\n{response.cookies}\n{content.decode('utf-8', 'replace')}"
