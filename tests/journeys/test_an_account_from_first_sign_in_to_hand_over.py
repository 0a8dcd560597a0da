"""An account's life with the plain test client: made by the administrator, first sign-in, lockout, idle, handed over."""

import re
from datetime import datetime, timedelta

import pytest
from django.conf import settings
from django.test import Client

from gongkai.base import clock, journal
from gongkai.base.clock import BEIJING
from gongkai.ledgers.agencies.models import Staff
from tests.district import PASSWORD

pytestmark = pytest.mark.django_db
MORNING = datetime(2020, 11, 2, 9, 0, tzinfo=BEIJING)
NEW = "qing-chun-2020-abc"


def signed_in(username: str, password: str = PASSWORD) -> Client:
    client = Client()
    answer = client.post("/desk/sign-in/", {"username": username, "password": password})
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_an_account_is_made_signs_in_first_works_and_is_handed_over(government, bureau, bureau_clerk, administrator):
    with clock.frozen(MORNING):
        admin = signed_in("guanli")
        made = admin.post(
            "/desk/agencies/staff/new/",
            {"name": "钱科员", "username": "qian", "agency": bureau.pk, "roles": ["clerk"]},
        )
        page = made.content.decode()
        password = re.search(r'<span class="h2">([a-z0-9-]+)</span>', page).group(1)
        assert "只在本页显示一次" in page

        clerk = Client()
        first = clerk.post("/desk/sign-in/", {"username": "qian", "password": password, "next": "/desk/agencies/"})
        assert first["Location"] == "/desk/password/"
        assert clerk.get("/desk/agencies/")["Location"] == "/desk/password/"  # nothing else opens before
        refused = clerk.post("/desk/password/", {"old_password": password, "new_password": NEW, "again": "x"})
        assert "两遍新密码不一样" in refused.content.decode()
        clerk.post("/desk/password/", {"old_password": password, "new_password": NEW, "again": NEW})
        assert clerk.get("/desk/agencies/").status_code == 200

        person = Staff.objects.get(username="qian")
        address = f"/desk/agencies/staff/{person.pk}/close/"
        closed = admin.post(address, {"successor": bureau_clerk.pk, "reason": "示人〔2020〕5号"})
        assert closed["Location"] == f"/desk/agencies/staff/{person.pk}/"
        assert clerk.get("/desk/agencies/")["Location"].startswith("/desk/sign-in/")  # at once, not at the next sign-in
        assert journal.verify()[1] is None


def test_after_too_many_failures_the_page_says_until_when(bureau_clerk, administrator):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT):
        page = client.post("/desk/sign-in/", {"username": "lin", "password": "wrong"}).content.decode()
    assert re.search(r"已锁定到 \d\d:\d\d，请到时再试", page)
    admin = signed_in("guanli")
    assert "已锁定" in admin.get(f"/desk/agencies/staff/{bureau_clerk.pk}/").content.decode()
    admin.post(f"/desk/agencies/staff/{bureau_clerk.pk}/unlock/")
    signed_in("lin")


def test_who_does_nothing_for_too_long_is_signed_off_and_comes_back_to_his_page(bureau_clerk):
    with clock.frozen(MORNING):
        client = signed_in("lin")
    within = timedelta(minutes=settings.IDLE_MINUTES - 1)
    with clock.frozen(MORNING + within):
        assert client.get("/desk/agencies/").status_code == 200
    late = MORNING + within + timedelta(minutes=settings.IDLE_MINUTES + 1)
    with clock.frozen(late):
        away = client.get("/desk/agencies/?kind=town")
        assert away["Location"] == "/desk/sign-in/?idle=1&next=%2Fdesk%2Fagencies%2F%3Fkind%3Dtown"
        page = client.get(away["Location"]).content.decode()
        assert "已自动退出" in page
        assert 'value="/desk/agencies/?kind=town"' in page
        back = client.post(
            "/desk/sign-in/", {"username": "lin", "password": PASSWORD, "next": "/desk/agencies/?kind=town"}
        )
        assert back["Location"] == "/desk/agencies/?kind=town"


def test_a_fragment_asked_for_after_too_long_leads_the_whole_page_to_sign_in(bureau_clerk):
    with clock.frozen(MORNING):
        client = signed_in("lin")
    with clock.frozen(MORNING + timedelta(hours=2)):
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/desk/agencies/?kind=town"}
        answer = client.get("/desk/agencies/?kind=town&q=x", headers=headers)
    assert "idle=1" in answer["HX-Redirect"]
    assert "kind%3Dtown" in answer["HX-Redirect"]


def test_other_windows_are_signed_off_when_the_password_changes(bureau_clerk):
    one, other = signed_in("lin"), signed_in("lin")
    one.post("/desk/password/", {"old_password": PASSWORD, "new_password": NEW, "again": NEW})
    assert one.get("/desk/password/").status_code == 200
    assert other.get("/desk/password/")["Location"].startswith("/desk/sign-in/")


def test_the_disclosure_office_changes_a_rule_and_sees_who_did(government, office_clerk):
    with clock.frozen(MORNING):
        client = signed_in("shen")
        key = "normative.expiry_notice_days"
        form = {"agency": government.pk, "value": "30", "valid_from": "2020-11-02", "reason": "示办〔2020〕1号"}
        assert client.post(f"/desk/settings/{key}/change/", form)["Location"] == f"/desk/settings/{key}/"
        page = client.get(f"/desk/settings/{key}/").content.decode()
    assert "示办〔2020〕1号" in page
    assert "沈科员" in page
