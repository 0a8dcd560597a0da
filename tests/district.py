"""Few and lifelike: one district government, its office, a bureau, a town, and the people in them."""

from datetime import date

import pytest

from gongkai.base import clock, journal
from gongkai.base.permissions import ADMINISTRATOR, APPROVER, CLERK, DISCLOSURE_OFFICE, REVIEWER
from gongkai.ledgers.agencies.models import Agency, AgencyTerm, Post, Staff
from gongkai.ledgers.records.models import Outlet

SINCE = date(2010, 1, 1)
PASSWORD = "correct-horse-battery"


@pytest.fixture(autouse=True)
def _forget_demo_date():
    clock.forget_demo_date()
    yield
    clock.forget_demo_date()


def make_agency(slug: str, code: str, name: str, kind: str, parent: Agency | None = None, **term: object) -> Agency:
    """An agency with one open term, journalled like any other."""
    agency = Agency.objects.create(slug=slug, code=code, document_prefix=f"示{name[-3:-2]}")
    journal.record("agency.created", agency, by=None)
    fields = {"valid_from": SINCE, "short_name": name.removeprefix("示范区"), **term}
    row = AgencyTerm.objects.create(agency=agency, parent=parent, name=name, kind=kind, **fields)
    journal.record("agency.term_set", row, by=None)
    return agency


def make_staff(username: str, name: str, agency: Agency, *roles: str) -> Staff:
    """A member of staff with a known password and open posts at the agency."""
    staff = Staff(username=username, name=name, agency=agency, must_change_password=False)
    staff.set_password(PASSWORD)
    staff.save()
    journal.record("staff.created", staff, by=None)
    for role in roles:
        post = Post.objects.create(staff=staff, agency=agency, role=role, valid_from=SINCE)
        journal.record("staff.posted", post, by=None)
    return staff


@pytest.fixture
def government(db) -> Agency:
    """示范区人民政府, the root."""
    return make_agency("shifan", "SF001", "示范区人民政府", "government")


@pytest.fixture
def bureau(government: Agency) -> Agency:
    """A department that reports for itself."""
    return make_agency("jiaoyu", "SF020", "示范区教育局", "department", government)


@pytest.fixture
def town(government: Agency) -> Agency:
    """A town."""
    return make_agency("linhe", "SF101", "临河街道办事处", "town", government)


@pytest.fixture
def office_clerk(government: Agency) -> Staff:
    """A clerk of the disclosure office of the government."""
    return make_staff("shen", "沈科员", government, CLERK, DISCLOSURE_OFFICE)


@pytest.fixture
def approver(government: Agency) -> Staff:
    """The leader who signs."""
    return make_staff("gu", "顾主任", government, APPROVER)


@pytest.fixture
def reviewer(government: Agency) -> Staff:
    """The reviewer of the government's office."""
    return make_staff("xu", "许审查", government, REVIEWER)


@pytest.fixture
def bureau_clerk(bureau: Agency) -> Staff:
    """A clerk of the bureau."""
    return make_staff("lin", "林科员", bureau, CLERK)


@pytest.fixture
def bureau_approver(bureau: Agency) -> Staff:
    """The leader of the bureau who signs and confirms."""
    return make_staff("bai", "白局长", bureau, APPROVER)


@pytest.fixture
def administrator(government: Agency) -> Staff:
    """The system administrator: accounts, no business."""
    return make_staff("guanli", "关管理", government, ADMINISTRATOR)


@pytest.fixture
def portal_outlet(government: Agency) -> Outlet:
    """The government's page on this portal."""
    outlet = Outlet.objects.create(agency=government, name="区政府门户网站", channel="website", is_portal=True)
    journal.record("outlet.opened", outlet, by=None)
    return outlet


@pytest.fixture
def wechat_outlet(government: Agency) -> Outlet:
    """The government's WeChat account."""
    outlet = Outlet.objects.create(agency=government, name="示范区发布", channel="wechat")
    journal.record("outlet.opened", outlet, by=None)
    return outlet
