"""The desk pages of records."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from gongkai.base.models import JournalLine
from gongkai.base.permissions import CLERK
from gongkai.ledgers.records import actions
from gongkai.ledgers.records.models import Category, Outlet, Record
from tests.district import make_staff

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10


@pytest.fixture
def desk(client, bureau_clerk):
    """The browser of the clerk of the bureau."""
    client.force_login(bureau_clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def office(client, office_clerk):
    """The browser of the disclosure office."""
    client.force_login(office_clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_empty_list_says_what_belongs_here(desk):
    assert "登记第一条信息" in text(desk.get(reverse("desk:records")))


def test_the_list_shows_state_and_agency(desk, record):
    page = text(desk.get(reverse("desk:records")))
    assert record.title in page
    assert "示范区教育局" in page
    assert "待发布" in page


@pytest.mark.parametrize("count", [3, 120])
def test_the_list_needs_few_queries_whatever_its_size(desk, entry, bureau_clerk, django_assert_max_num_queries, count):
    actions.register_records([entry] * count, by=bureau_clerk)
    desk.get(reverse("desk:records"))  # the first page of a session notes that it began
    with django_assert_max_num_queries(MOST_QUERIES):
        text(desk.get(reverse("desk:records"), {"q": "招生", "year": "2020"}))


def test_a_search_without_a_hit_says_how_to_go_on(desk, record):
    assert "没有符合条件的信息" in text(desk.get(reverse("desk:records"), {"q": "征收"}))


def test_nonsense_in_the_address_narrows_nothing_and_breaks_nothing(desk, record):
    page = text(desk.get(reverse("desk:records"), {"year": "abc", "agency": "x", "page": "99999", "state": "?"}))
    assert record.title in page


def test_the_list_is_a_csv_file_too(desk, record):
    answer = desk.get(reverse("desk:records"), {"format": "csv"})
    head, line = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert head.startswith("索引号,标题,发文字号,公开主体")
    assert line.startswith("SF020-0000-2020-00001,关于做好2021年春季招生工作的通知,示教〔2020〕18号,示范区教育局")


def test_the_list_is_json_too(desk, record):
    [row] = json.loads(b"".join(desk.get(reverse("desk:records"), {"format": "json"}).streaming_content))
    assert (row["index_number"], row["issued_on"], row["late"]) == ("SF020-0000-2020-00001", "2020-11-02", "否")


def test_a_record_of_another_agency_is_not_there(client, record, town):
    client.force_login(make_staff("he", "何科员", town, CLERK), backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("desk:record", args=[record.pk])).status_code == 404


def test_an_administrator_is_refused_and_told_which_role_it_takes(client, administrator):
    client.force_login(administrator, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(reverse("desk:records"))
    assert answer.status_code == 403
    assert JournalLine.objects.filter(verb="page.refused", by=administrator).exists()


def test_the_page_of_a_record_shows_publications_and_history(desk, record, portal_outlet, bureau_clerk):
    actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    actions.change_record(record, by=bureau_clerk, title="新的标题", reason="标题有误")
    page = text(desk.get(reverse("desk:record", args=[record.pk])))
    for shown in ("区政府门户网站", "2020-11-10", "在发布", "标题有误", "关于做好2021年春季招生工作的通知", "日志第"):
        assert shown in page
    assert reverse("portal:record", args=[record.index_number]) in page


def test_a_closed_door_says_why(desk, entry, bureau_clerk):
    row = replace(entry, disclosure_status="exempt", status_reason="条例第十六条")
    record = actions.register_record(row, by=bureau_clerk)
    assert "先改公开属性" in text(desk.get(reverse("desk:record", args=[record.pk])))


NEW = {
    "title": "关于秋季学区划分的通知",
    "document_number": "示教〔2020〕20号",
    "issued_on": "2020-11-16",
    "disclosure_status": "proactive",
    "body": "第一段\r\n第二段",
    "has_full_text": "on",
    "is_government_information": "on",
}


def test_a_clerk_registers_publishes_and_sees_it_on_the_portal(desk, bureau, portal_outlet):
    answer = desk.post(reverse("desk:record_new"), {**NEW, "agency": bureau.pk})
    record = Record.objects.get()
    assert answer.url == reverse("desk:record", args=[record.pk])
    assert record.body == "第一段\n第二段"
    assert "区政府门户网站" in text(desk.get(reverse("desk:record_publish", args=[record.pk])))
    desk.post(reverse("desk:record_publish", args=[record.pk]), {"outlets": [portal_outlet.pk], "on": "2020-11-17"})
    assert "第二段" in text(desk.get(reverse("portal:record", args=[record.index_number])))


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(desk, bureau):
    page = text(desk.post(reverse("desk:record_new"), {**NEW, "agency": bureau.pk, "issued_on": "2020-12-01"}))
    assert "成文日期 2020-12-01 还没有到" in page
    assert NEW["title"] in page
    assert not Record.objects.exists()


def test_an_agency_of_others_cannot_be_chosen(desk, government):
    text(desk.post(reverse("desk:record_new"), {**NEW, "agency": government.pk}))
    assert not Record.objects.exists()


def changed(record: Record, **fields: object) -> dict[str, object]:
    shown = {
        "title": record.title,
        "document_number": record.document_number,
        "issued_on": record.issued_on,
        "body": record.body.replace("\n", "\r\n"),
        "has_full_text": "on",
        "is_government_information": "on",
        "seen": record.version,
    }
    return shown | fields


def test_an_edit_changes_only_what_was_edited(desk, record):
    desk.post(reverse("desk:record_edit", args=[record.pk]), changed(record, title="新的标题"))
    assert JournalLine.objects.get(verb="record.changed").changed == ["title"]


def test_of_two_edits_of_the_same_page_the_second_is_refused(desk, record):
    address, second = reverse("desk:record_edit", args=[record.pk]), changed(record, title="第二人的标题")
    desk.post(address, changed(record, title="第一人的标题"))
    assert "刚刚被别人改过" in text(desk.post(address, second))


def test_status_is_changed_with_its_reason(desk, record):
    address = reverse("desk:record_status", args=[record.pk])
    assert "要写明不主动公开的理由" in text(desk.post(address, {"disclosure_status": "exempt", "reason": ""}))
    desk.post(address, {"disclosure_status": "exempt", "reason": "条例第十六条"})
    record.refresh_from_db()
    assert record.disclosure_status == "exempt"


def test_one_entry_goes_to_several_outlets_in_one_step(desk, record, portal_outlet, wechat_outlet):
    data = {"outlets": [portal_outlet.pk, wechat_outlet.pk], "on": "2020-11-18"}
    desk.post(reverse("desk:record_publish", args=[record.pk]), data)
    assert record.publications.count() == 2


def test_a_refused_outlet_leaves_none_published(desk, record, portal_outlet, wechat_outlet):
    data = {"outlets": [portal_outlet.pk, wechat_outlet.pk], "on": "2020-11-01"}
    assert "早于成文日期" in text(desk.post(reverse("desk:record_publish", args=[record.pk]), data))
    assert not record.publications.exists()


def test_where_it_stands_is_offered_no_more(desk, record, portal_outlet, bureau_clerk):
    actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    assert "没有可以再发布的去处" in text(desk.get(reverse("desk:record_publish", args=[record.pk])))


def test_a_publication_is_withdrawn_with_its_reason(desk, record, portal_outlet, bureau_clerk):
    page = actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    address = reverse("desk:publication_withdraw", args=[page.pk])
    assert "必填" in text(desk.get(address))
    desk.post(address, {"on": "2020-11-19", "reason": "含个人信息"})
    page.refresh_from_db()
    assert (page.withdrawn_on, page.withdrawn_reason) == (date(2020, 11, 19), "含个人信息")


# ---- outlets and topics


def test_the_office_opens_and_closes_an_outlet(office, government):
    office.post(reverse("desk:outlet_new"), {"agency": government.pk, "name": "示范区政务微博", "channel": "weibo"})
    outlet = Outlet.objects.get()
    assert "示范区政务微博" in text(office.get(reverse("desk:outlets")))
    office.post(reverse("desk:outlet_close", args=[outlet.pk]), {"on": "2020-11-20", "reason": "账号合并"})
    assert "已停用" in text(office.get(reverse("desk:outlets")))


def test_a_bureau_clerk_opens_no_outlet(desk):
    assert desk.get(reverse("desk:outlet_new")).status_code == 403


def test_the_office_adds_and_renames_a_topic(office, government):
    office.post(
        reverse("desk:category_new"), {"agency": government.pk, "name": "预决算", "code": "budgets", "index_code": ""}
    )
    topic = Category.objects.get()
    office.post(reverse("desk:category_rename", args=[topic.pk]), {"name": "财政预算、决算"})
    page = text(office.get(reverse("desk:categories")))
    assert "财政预算、决算" in page
    assert "0100" in page


@pytest.mark.parametrize("name", ["outlets", "categories"])
def test_the_lists_of_outlets_and_topics_need_few_queries(
    office, portal_outlet, wechat_outlet, category, django_assert_max_num_queries, name
):
    office.get(reverse(f"desk:{name}"))  # the first page of a session notes that it began
    with django_assert_max_num_queries(MOST_QUERIES):
        text(office.get(reverse(f"desk:{name}")))


@pytest.mark.parametrize("name", ["outlets", "categories"])
def test_outlets_and_topics_are_files_too(office, portal_outlet, category, name):
    answer = office.get(reverse(f"desk:{name}"), {"format": "json"})
    assert len(json.loads(b"".join(answer.streaming_content))) == 1


def test_the_counts_of_the_lists_are_right(office, record, portal_outlet, wechat_outlet, bureau_clerk):
    actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
    answer = office.get(reverse("desk:outlets"), {"format": "json"})
    rows = json.loads(b"".join(answer.streaming_content))
    assert {row["name"]: row["standing"] for row in rows} == {"区政府门户网站": 1, "示范区发布": 0}
