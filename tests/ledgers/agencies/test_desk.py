"""The desk pages of agencies, staff and settings."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.ledgers.agencies import actions
from gongkai.ledgers.agencies.models import Agency, Staff
from tests.district import make_agency, make_staff

pytestmark = pytest.mark.django_db


def as_user(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def admin(administrator) -> Client:
    return as_user(administrator)


@pytest.fixture
def clerk(bureau_clerk) -> Client:
    return as_user(bureau_clerk)


def text(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()
    return b"".join(answer.streaming_content).decode() if answer.streaming else answer.content.decode()


def pages(agency: Agency, person: Staff) -> list[str]:
    whom, where = {"pk": person.pk}, {"pk": agency.pk}
    return [
        reverse("desk:agency_new"),
        *(reverse(f"desk:agency_{verb}", kwargs=where) for verb in ("change", "end", "merge", "split")),
        reverse("desk:staff_new"),
        *(
            reverse(f"desk:staff_{verb}", kwargs=whom)
            for verb in ("rename", "post", "deputise", "move", "close", "reopen", "reset", "hand_over")
        ),
    ]


def test_everybody_on_the_desk_sees_tree_people_and_settings(clerk, bureau, administrator):
    addresses = [reverse(f"desk:{name}") for name in ("agencies", "staff_list", "settings")]
    addresses += [reverse("desk:agency", args=[bureau.pk]), reverse("desk:staff", args=[administrator.pk])]
    assert {clerk.get(address).status_code for address in addresses} == {200}


def test_who_does_not_administer_sees_no_button_to_change(clerk, bureau, bureau_clerk):
    page = text(clerk.get(reverse("desk:agency", args=[bureau.pk])))
    page += text(clerk.get(reverse("desk:staff", args=[bureau_clerk.pk])))
    page += text(clerk.get(reverse("desk:agencies")))
    assert not any(word in page for word in ("新建单位", ">变更<", ">撤销<", "授予角色", "停用<"))


def test_a_form_opens_for_the_administrator_only(clerk, admin, bureau, bureau_clerk):
    for address in pages(bureau, bureau_clerk):
        assert (admin.get(address).status_code, clerk.get(address).status_code) == (200, 403)


def test_a_stranger_is_sent_to_sign_in(db, bureau, bureau_clerk):
    for address in pages(bureau, bureau_clerk):
        assert Client().get(address)["Location"].startswith("/desk/sign-in/?next=")


def test_the_tree_is_shown_as_it_was_on_a_day(clerk, bureau, town, administrator):
    actions.end_agency(town, last_day=date(2020, 10, 31), by=administrator, reason="改革")
    assert "临河街道办事处" in text(clerk.get("/desk/agencies/?on=2020-10-31"))
    assert "临河街道办事处" not in text(clerk.get("/desk/agencies/"))


def test_the_tree_is_filtered_by_words_and_kind(clerk, bureau, town):
    page = text(clerk.get("/desk/agencies/?q=临河&kind=town"))
    assert "临河街道办事处" in page
    assert "示范区教育局</a>" not in page


def test_the_tree_can_be_downloaded(clerk, bureau, town):
    rows = json.loads(text(clerk.get("/desk/agencies/?format=json")))
    assert [row["name"] for row in rows] == ["示范区人民政府", "示范区教育局", "临河街道办事处"]
    assert text(clerk.get("/desk/agencies/?format=csv")).startswith("\ufeff机构编码,代号,名称")


def test_a_day_that_is_no_day_shows_an_error_and_today(clerk, bureau):
    answer = clerk.get("/desk/agencies/?on=yesterday")
    assert "示范区教育局" in text(answer)
    assert "输入一个有效的日期" in text(clerk.get("/desk/agencies/?on=yesterday"))


def queries_of(client: Client, address: str) -> int:
    client.get(address)  # what is read once per process, and the first write of the session, are none of the page's
    with CaptureQueriesContext(connection) as asked:
        text(client.get(address))
    return len(asked)


def test_pages_cost_the_same_queries_whatever_their_size(clerk, bureau, government):
    addresses = [
        "/desk/agencies/",
        "/desk/agencies/staff/",
        reverse("desk:agency", args=[bureau.pk]),
        "/desk/settings/",
    ]
    few = [queries_of(clerk, address) for address in addresses]
    for place in range(30):
        make_agency(f"a{place}", f"A{place}", f"示范区{place}局", "department", government)
        make_staff(f"ren{place}", "任科员", bureau, "clerk")
    assert [queries_of(clerk, address) for address in addresses] == few


def test_an_ended_agency_keeps_its_page_and_names_its_successor(clerk, bureau, town, administrator):
    actions.end_agency(town, last_day=date(2020, 10, 31), successor=bureau, by=administrator, reason="示编〔2020〕3号")
    page = text(clerk.get(reverse("desk:agency", args=[town.pk])))
    assert all(word in page for word in ("已撤销", "示范区教育局", "示编〔2020〕3号"))


def test_an_agency_is_made_on_the_page(admin, government):
    form = {
        "name": "示范区水务局",
        "kind": "department",
        "parent": government.pk,
        "valid_from": "2020-11-02",
        "slug": "shuiwu",
        "code": "SF030",
        "reports_for_itself": "on",
    }
    assert admin.post(reverse("desk:agency_new"), form)["Location"] == "/desk/agencies/"
    assert Agency.objects.get(slug="shuiwu").terms.get().reports_for_itself


def test_a_refusal_stands_beside_its_field(admin, government):
    form = {
        "name": "示范区水务局",
        "kind": "department",
        "parent": government.pk,
        "valid_from": "2020-11-02",
        "slug": "shifan",
        "code": "SF030",
    }
    answer = admin.post(reverse("desk:agency_new"), form)
    assert answer.status_code == 400
    assert answer.context["form"].errors["slug"] == ["代号“shifan”已经有单位使用。"]


def test_an_agency_is_changed_ended_and_merged_on_the_page(admin, bureau, town, government):
    change = {
        "valid_from": "2020-11-02",
        "name": "示范区教体局",
        "short_name": "教体局",
        "kind": "department",
        "parent": government.pk,
        "reports_for_itself": "on",
    }
    admin.post(reverse("desk:agency_change", args=[bureau.pk]), change)
    assert bureau.terms.get(valid_to=None).name == "示范区教体局"
    merge = {"agencies": [town.pk], "last_day": "2020-11-02", "reason": "改革"}
    assert admin.post(reverse("desk:agency_merge", args=[bureau.pk]), merge).status_code == 302
    assert town.terms.get().successor == bureau
    end = {"last_day": "2020-11-02", "successor": "", "reason": "改革"}
    assert admin.post(reverse("desk:agency_end", args=[bureau.pk]), end).status_code == 302


def test_an_agency_is_split_on_the_page(admin, bureau):
    form = {"last_day": "2020-11-01", "successor": "tiyu", "reason": "改革"}
    form |= {"parts-TOTAL_FORMS": "2", "parts-INITIAL_FORMS": "0"}
    for place, (slug, code, name) in enumerate((("jiaowei", "SF021", "示范区教委"), ("tiyu", "SF022", "示范区体育局"))):
        form |= {f"parts-{place}-slug": slug, f"parts-{place}-code": code, f"parts-{place}-name": name}
        form |= {f"parts-{place}-kind": "department"}
    assert admin.post(reverse("desk:agency_split", args=[bureau.pk]), form).status_code == 302
    assert bureau.terms.get().successor.slug == "tiyu"


def test_roles_and_deputies_are_given_and_ended_on_the_page(admin, bureau, bureau_clerk, bureau_approver):
    whom = [bureau_clerk.pk]
    role = {"agency": bureau.pk, "role": "reviewer", "valid_from": "2020-11-02"}
    assert admin.post(reverse("desk:staff_post", args=whom), role).status_code == 302
    post = bureau_approver.posts.get()
    deputy = {"post": post.pk, "valid_from": "2020-11-02", "valid_to": "2020-11-30"}
    assert admin.post(reverse("desk:staff_deputise", args=whom), deputy).status_code == 302
    page = text(admin.get(reverse("desk:staff", args=whom)))
    assert "代理白局长" in page
    ended = bureau_clerk.posts.get(role="reviewer")
    assert admin.post(reverse("desk:staff_post_end", args=[*whom, ended.pk]), {"last_day": ""}).status_code == 302
    ended.refresh_from_db()
    assert ended.revoked_at is not None


def test_closing_with_open_work_shows_the_list_and_the_sentence(admin, bureau_clerk, desk_of, item):
    desk_of[bureau_clerk.pk] = [item]
    address = reverse("desk:staff_close", args=[bureau_clerk.pk])
    assert item.title in text(admin.get(address))
    page = admin.post(address, {"successor": "", "reason": "调离"}).content.decode()
    assert "林科员还有 1 件在办事项，请选择承接人" in page
    assert reverse("desk:staff_open_work", args=[bureau_clerk.pk]) in page


def test_a_person_is_moved_on_the_page_with_his_work_handed_over(
    admin, town, bureau_clerk, bureau_approver, desk_of, item
):
    desk_of[bureau_clerk.pk] = [item]
    form = {"to": town.pk, "roles": ["clerk"], "successor": bureau_approver.pk, "reason": "调动"}
    assert admin.post(reverse("desk:staff_move", args=[bureau_clerk.pk]), form).status_code == 302
    assert desk_of == {bureau_approver.pk: [item]}


def test_the_hand_over_list_is_printed_and_downloaded(admin, clerk, bureau_clerk, desk_of, item):
    desk_of[bureau_clerk.pk] = [item]
    address = reverse("desk:staff_open_work", args=[bureau_clerk.pk])
    assert "监交人" in text(admin.get(address))
    assert item.url not in text(admin.get(address))  # the administrator opens no business page
    assert item.url in text(clerk.get(address))
    assert item.title in text(admin.get(address + "?format=csv"))


def test_the_hand_over_list_is_for_the_person_and_the_administrator(bureau_approver, bureau_clerk):
    address = reverse("desk:staff_open_work", args=[bureau_clerk.pk])
    assert as_user(bureau_approver).get(address).status_code == 302


def test_a_reset_password_is_shown_once(admin, bureau_clerk):
    address = reverse("desk:staff_reset", args=[bureau_clerk.pk])
    assert "重置密码？" in text(admin.get(address))
    assert "只在本页显示一次" in text(admin.post(address))


def test_a_closed_account_is_found_and_opened_again(admin, administrator, bureau_clerk):
    actions.close_account(bureau_clerk, by=administrator, reason="退休")
    assert "林科员" not in text(admin.get("/desk/agencies/staff/"))
    assert "林科员" in text(admin.get("/desk/agencies/staff/?state=closed"))
    answer = admin.post(reverse("desk:staff_reopen", args=[bureau_clerk.pk]), {"reason": "返聘"})
    assert "只在本页显示一次" in text(answer)


def test_settings_show_value_origin_and_source(clerk):
    page = text(clerk.get("/desk/settings/"))
    assert all(word in page for word in ("规范性文件届满提前提醒", "60 日", "默认值", "GONGKAI_IDLE_MINUTES"))


def test_an_unknown_setting_is_not_found(clerk):
    assert clerk.get("/desk/settings/nobody/").status_code == 404


def test_a_rule_is_changed_by_the_disclosure_office_only(clerk, office_clerk):
    address = reverse("desk:setting_change", args=["normative.expiry_notice_days"])
    assert (clerk.get(address).status_code, as_user(office_clerk).get(address).status_code) == (403, 200)


def test_a_day_of_the_year_is_shown_in_words(clerk):
    page = text(clerk.get(reverse("desk:settings")))
    assert "3月31日" in page
    assert "03-31" not in page


def test_who_is_not_signed_in_is_offered_no_search_of_the_ledgers(db, clerk, bureau):
    assert reverse("desk:search") not in text(Client().get(reverse("desk:sign_in")))
    assert reverse("desk:search") in text(clerk.get(reverse("desk:agencies")))
