"""Who may open which object: every address of the desk, for people of another bureau, without a role, or of the wrong one."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gongkai.base import clock, open_work
from gongkai.base.models import FileUse, JournalLine
from gongkai.base.permissions import ADMINISTRATOR, CLERK, REVIEWER
from gongkai.ledgers.agencies import actions as staff_actions
from gongkai.ledgers.agencies.models import Staff
from tests.district import PASSWORD, make_staff
from tests.security.conftest import DESK, MARKS, TODAY, body_of

OBJECTS = sorted(name for name, pattern in DESK.items() if "pk" in pattern.pattern.converters)
SHARED = {"agency", "staff"}
"""Whom and where: the tree and the people in it are the same for everybody on the desk."""


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_opens_an_object_of_another_bureau(world, stranger, method):
    client = signed_in(stranger)
    opened = []
    for name in OBJECTS:
        if name in SHARED:
            continue
        response = getattr(client, method)(world.address(name))
        own_list = name == "staff_open_work" and response.status_code == 302
        shared_topic = name == "category_rename" and _topic_untouched(response)
        if response.status_code not in (403, 404, 405) and not own_list and not shared_topic:
            opened.append((name, response.status_code))
    assert not opened


def _topic_untouched(response: Any) -> bool:
    """Topics are for the whole installation: the form opens to offices, the action asks for the right at its agency."""
    return response.status_code == 200


def test_nobody_renames_a_topic_of_another_bureau(world, stranger):
    page = signed_in(stranger).post(world.address("category_rename"), {"name": "改掉"})
    assert "您没有“管理主题分类”的权限" in page.content.decode()


def test_a_file_of_another_bureau_is_as_if_there_were_none(world, stranger):
    assert signed_in(stranger).get(world.address("file")).status_code == 404


def test_what_a_stranger_lists_downloads_or_looks_for_tells_nothing_of_the_bureau(world, stranger):
    client = signed_in(stranger)
    for name in ("applications", "remedies", "returns", "today", "indicators", "search", "journal"):
        for query in ("", "?format=csv&applicants=1&tab=all", "?format=json&tab=all", "?q=标记&tab=all"):
            text = body_of(client.get(reverse(f"desk:{name}") + query))
            text = text.replace("查找：标记", "").replace('value="标记"', "")
            assert not [mark for mark in MARKS[:-1] if mark in text], (name, query)


def test_no_form_takes_an_agency_at_which_its_sender_holds_nothing(world, stranger):
    client = signed_in(stranger)
    entry = {
        "agency": world.bureau.pk,
        "received_on": "2021-01-11",
        "channel": "online",
        "applicant_kind": "natural_person",
        "applicants": "某人",
        "description": "描述",
        "title": "标题",
        "issued_on": "2021-01-11",
        "kind": "reconsideration",
        "opened_on": "2021-01-11",
        "indicator": "open_data.permits.rulings",
        "period_from": "2018-01-01",
        "period_to": "2018-12-31",
        "value": "3",
        "evidence_note": "见台账",
        "disclosure_status": "proactive",
        "name": "某去处",
        "code": "mou",
        "year": "2019",
        "in_force_on": "2021-01-11",
    }
    before = JournalLine.objects.count()
    for name in ("application_new", "remedy_new", "record_new", "normative_new", "return_new", "outlet_new"):
        assert client.post(reverse(f"desk:{name}"), entry).status_code == 200, name
    assert client.post(reverse("desk:report_new"), entry).status_code in (200, 400)
    assert not JournalLine.objects.filter(number__gt=before).exclude(verb="action.refused").exists()


# ---- the administrator


@pytest.fixture
def admin(administrator: Staff) -> Client:
    return signed_in(administrator)


def test_an_administrator_sees_nothing_that_an_applicant_wrote(world, admin):
    for name in DESK:
        text = body_of(admin.get(world.address(name)))
        assert not [mark for mark in MARKS if mark in text], name
        text = body_of(admin.get(world.address(name) + "?format=csv&q=标"))
        assert not [mark for mark in MARKS if mark in text], name


def test_an_administrator_hands_work_over_by_its_numbers(world, admin):
    text = body_of(admin.get(world.address("staff_open_work")))
    assert world.application.number in text


def test_the_person_sees_what_his_open_work_is_about(world):
    assert MARKS[2] in body_of(signed_in(world.clerk).get(world.address("staff_open_work")))
    assert MARKS[2] in body_of(signed_in(world.clerk).get(world.address("staff_open_work") + "?format=csv"))


def test_who_holds_no_role_any_more_has_numbers_only(world, administrator):
    for post in world.clerk.posts.all():
        staff_actions.end_post(post, by=administrator, last_day=None)
    text = body_of(signed_in(world.clerk).get(world.address("staff_open_work")))
    assert world.application.number in text
    assert not [mark for mark in MARKS if mark in text]


def test_an_open_item_tells_nothing_of_the_ledger_in_its_title(world):
    for item in open_work.items_of(world.clerk):
        assert not [mark for mark in MARKS if mark in item.title]


# ---- the reviewer


def test_a_reviewer_never_sees_an_applicant(world):
    client = signed_in(make_staff("xu2", "许审查", world.bureau, REVIEWER))
    for name in DESK:
        for query in ("", "?format=csv&applicants=1&tab=all", "?format=json&applicants=1&tab=all"):
            text = body_of(client.get(world.address(name) + query))
            assert not [mark for mark in MARKS[:2] if mark in text], (name, query)


def test_a_clerk_of_the_bureau_does_see_the_applicant(world):
    assert MARKS[0] in body_of(signed_in(world.clerk).get(world.address("application")))


# ---- roles and accounts that ended


def test_a_closed_account_is_refused_at_its_next_request(world, administrator):
    client = signed_in(world.clerk)
    assert client.get(world.address("application")).status_code == 200
    successor = make_staff("ding", "丁科员", world.bureau, CLERK)
    staff_actions.close_account(world.clerk, by=administrator, successor=successor, reason="离职")
    response = client.get(world.address("application"))
    assert response.status_code == 302
    assert response["Location"].startswith("/desk/sign-in/")


def test_a_post_that_was_ended_opens_nothing_from_that_moment(world, administrator):
    client = signed_in(world.clerk)
    assert client.get(world.address("application")).status_code == 200
    for post in world.clerk.posts.all():
        staff_actions.end_post(post, by=administrator, last_day=None)
    assert client.get(world.address("application")).status_code == 403
    assert client.post(world.address("application_close")).status_code == 403


def test_a_post_opens_nothing_on_the_day_after_its_last(world):
    deputy = make_staff("dai", "代科员", world.bureau)
    deputy.posts.create(agency=world.bureau, role=CLERK, valid_from=date(2021, 1, 1), valid_to=TODAY)
    client = signed_in(deputy)
    assert client.get(world.address("application")).status_code == 200
    with clock.frozen(date(2021, 1, 21)):
        client = signed_in(deputy)
        assert client.get(world.address("application")).status_code == 403


@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_opens_before_the_first_password_is_changed(world, method):
    Staff.objects.filter(pk=world.clerk.pk).update(must_change_password=True)
    client = signed_in(world.clerk)
    before = JournalLine.objects.count()
    for name in sorted(set(DESK) - {"password", "sign_in", "sign_out"}):
        response = getattr(client, method)(world.address(name))
        assert response.status_code in (302, 405), name
        assert response.status_code == 405 or response["Location"] == "/desk/password/", name
    assert JournalLine.objects.count() == before


def test_a_reset_password_ends_the_sessions_of_the_account(world, administrator):
    client = signed_in(world.clerk)
    staff_actions.reset_password(world.clerk, by=administrator)
    assert client.get("/desk/").status_code == 302


# ---- what changes anything


def test_no_page_changes_anything_when_it_is_only_looked_at(world, government):
    everybody = make_staff(
        "quan", "全能", government, "clerk", "reviewer", "approver", "disclosure_office", ADMINISTRATOR
    )
    client = signed_in(everybody)
    before = JournalLine.objects.count()
    for name in sorted(set(DESK)):
        body_of(client.get(world.address(name)))
    made = JournalLine.objects.filter(number__gt=before).values_list("verb", "reason")
    assert not list(made)


def test_no_form_of_the_desk_is_taken_without_its_token(world):
    client = Client(enforce_csrf_checks=True)
    assert client.post("/desk/sign-in/", {"username": "lin", "password": PASSWORD}).status_code == 403
    client.force_login(world.clerk)
    for name in sorted(DESK):
        assert client.post(world.address(name)).status_code in (403, 405), name


def test_an_applicants_page_is_never_public_by_a_field_in_a_form(world):
    client = signed_in(world.clerk)
    filing = {
        "agency": world.bureau.pk,
        "indicator": "open_data.permits.rulings",
        "period_from": "2018-01-01",
        "period_to": "2018-12-31",
        "value": "3",
        "visibility": "public",
        "made_here": "1",
    }
    filing["evidence_file"] = SimpleUploadedFile("申请书.pdf", b"%PDF-1.7 y")
    assert client.post(reverse("desk:return_new"), filing).status_code == 302
    use = FileUse.objects.get(name="申请书.pdf")
    assert (use.visibility, use.made_here) == ("desk", False)
    assert Client().get(f"/files/{use.public_id}/").status_code == 404
