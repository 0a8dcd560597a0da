"""Desk and portal pages of normative documents."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from gongkai.ledgers.agencies.actions import set_office_setting
from gongkai.ledgers.normative import actions
from gongkai.ledgers.normative.actions import NormativeEntry
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.records import actions as records

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10


@pytest.fixture
def desk(client, bureau_clerk):
    """The browser of the clerk of the bureau."""
    client.force_login(bureau_clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def published(document, portal_outlet, bureau_clerk):
    """The document on the portal."""
    records.publish_record(document.record, portal_outlet, on=date(2018, 11, 8), by=bureau_clerk)
    return document


def text(answer) -> str:
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_empty_list_says_what_belongs_here(desk):
    assert "还没有登记规范性文件" in text(desk.get(reverse("desk:normative")))


def tab_counts(answer) -> dict[str, int]:
    return {tab["title"]: tab["count"] for tab in answer.context["tabs"]}


def test_the_tabs_count_the_states_of_a_day(desk, entry, document, bureau_clerk):
    gone = actions.register_normative(
        replace(entry, title="旧办法"), kind="normative_document", in_force_on=date(2018, 12, 1), by=bureau_clerk
    )
    actions.repeal(gone, on=date(2020, 3, 1), by_document="示教规〔2020〕1号", by=bureau_clerk)
    address = reverse("desk:normative")
    assert tab_counts(desk.get(address)) == {
        "全部": 2,
        "现行有效": 1,
        "即将届满": 0,
        "尚未施行": 0,
        "废止": 1,
        "失效": 0,
    }
    assert tab_counts(desk.get(address, {"on": "2020-02-29"}))["现行有效"] == 2
    assert tab_counts(desk.get(address, {"on": "2021-10-01"}))["即将届满"] == 1
    assert tab_counts(desk.get(address, {"on": "2021-12-01"}))["失效"] == 1


def test_an_office_may_call_earlier_by_setting(desk, document, bureau, office_clerk):
    address, query = reverse("desk:normative"), {"on": "2021-09-01", "state": "expiring"}
    assert not desk.get(address, query).context["lines"]
    set_office_setting(
        bureau,
        key="normative.expiry_notice_days",
        value=90,
        valid_from=date(2020, 1, 1),
        by=office_clerk,
        reason="示教〔2020〕1号",
    )
    assert len(desk.get(address, query).context["lines"]) == 1


@pytest.mark.parametrize("count", [3, 120])
def test_the_list_needs_few_queries_whatever_its_size(desk, entry, bureau_clerk, django_assert_max_num_queries, count):
    rows = [NormativeEntry(entry, "normative_document", date(2018, 12, 1))] * count
    actions.register_many(rows, by=bureau_clerk)
    desk.get(reverse("desk:normative"))  # the first page of a session notes that it began
    with django_assert_max_num_queries(MOST_QUERIES):
        text(desk.get(reverse("desk:normative"), {"q": "学区"}))


def test_the_list_is_a_file_too(desk, document):
    answer = desk.get(reverse("desk:normative"), {"format": "json"})
    [row] = json.loads(b"".join(answer.streaming_content))
    assert (row["document_number"], row["state"], row["valid_until"]) == ("示教规〔2018〕2号", "现行有效", "2021-11-30")


def test_a_document_is_entered_and_repealed_on_the_desk(desk, bureau):
    desk.post(
        reverse("desk:normative_new"),
        {
            "agency": bureau.pk,
            "title": "示范区校车管理办法",
            "document_number": "示教规〔2020〕3号",
            "issued_on": "2020-05-06",
            "kind": "normative_document",
            "in_force_on": "2020-06-01",
            "valid_until": "2025-05-31",
            "body": "第一条",
        },
    )
    document = NormativeDocument.objects.get()
    page = text(desk.get(reverse("desk:normative_document", args=[document.pk])))
    assert "示范区校车管理办法" in page
    assert "现行有效" in page
    desk.post(
        reverse("desk:normative_repeal", args=[document.pk]), {"on": "2020-11-01", "by_document": "示教规〔2020〕9号"}
    )
    page = text(desk.get(reverse("desk:normative_document", args=[document.pk])))
    assert "示教规〔2020〕9号" in page
    assert "不能延长有效期" in page  # the closed door says why


def test_a_refusal_leaves_neither_document_nor_record(desk, bureau):
    page = text(
        desk.post(
            reverse("desk:normative_new"),
            {
                "agency": bureau.pk,
                "title": "示范区校车管理办法",
                "issued_on": "2020-05-06",
                "kind": "normative_document",
                "in_force_on": "2020-05-01",
            },
        )
    )
    assert "早于成文日期" in page
    assert not NormativeDocument.objects.exists()


def test_a_record_becomes_a_document_from_its_own_page(desk, entry, bureau_clerk):
    record = records.register_record(entry, by=bureau_clerk)
    address = f"{reverse('desk:normative_new')}?record={record.pk}"
    assert address in text(desk.get(reverse("desk:record", args=[record.pk])))
    desk.post(address, {"kind": "normative_document", "in_force_on": "2018-12-01"})
    assert record.normative.in_force_on == date(2018, 12, 1)


@pytest.mark.parametrize("of", ["", "0", "x", "999999"])
def test_a_record_that_is_not_there_is_refused(desk, of):
    answer = desk.get(reverse("desk:normative_new"), {"record": of})
    assert answer.status_code == (404 if of else 200)


def test_lapse_extension_and_change_have_their_pages(desk, document):
    address = {name: reverse(f"desk:normative_{name}", args=[document.pk]) for name in ("lapse", "extend", "edit")}
    desk.post(address["extend"], {"until": "2023-11-30", "on": "2020-11-20", "basis": "示教规〔2020〕8号"})
    shown = {"kind": "government_rule", "issued_on": "2018-11-05", "in_force_on": "2018-12-01"}
    desk.post(address["edit"], {**shown, "valid_until": "2023-11-30"})
    desk.post(address["lapse"], {"on": "2020-11-20", "basis": "目的已经达到"})
    document.refresh_from_db()
    assert (document.valid_until, document.kind, document.lapsed_on) == (
        date(2023, 11, 30),
        "government_rule",
        date(2020, 11, 20),
    )


def test_the_page_says_which_list_is_owed(client, document, office_clerk):
    client.force_login(office_clerk, backend="django.contrib.auth.backends.ModelBackend")
    assert "2020 年 1 月应当公布现行有效的规范性文件清单" in text(client.get(reverse("desk:normative")))


# ---- the portal


def test_the_portal_lists_what_is_in_force_and_what_is_not(client, published, bureau_clerk):
    title, address = published.record.title, reverse("portal:normative")
    assert title in text(client.get(address))
    actions.repeal(published, on=date(2020, 11, 1), by_document="示教规〔2020〕5号", by=bureau_clerk)
    assert title not in text(client.get(address))
    page = text(client.get(address, {"list": "ended"}))
    for shown in (title, "废止", "2020-11-01", "示教规〔2020〕5号"):
        assert shown in page


def test_the_portal_lists_nothing_that_it_does_not_publish(client, document):
    assert document.record.title not in text(client.get(reverse("portal:normative")))


@pytest.mark.parametrize("count", [2, 40])
def test_the_portal_needs_few_queries_whatever_the_size(
    client, entry, portal_outlet, bureau_clerk, django_assert_max_num_queries, count
):
    for made in actions.register_many(
        [NormativeEntry(entry, "normative_document", date(2018, 12, 1))] * count, by=bureau_clerk
    ):
        records.publish_record(made.record, portal_outlet, on=date(2018, 12, 3), by=bureau_clerk)
    with django_assert_max_num_queries(MOST_QUERIES):
        text(client.get(reverse("portal:normative"), {"q": "学区"}))


def test_the_list_of_the_portal_is_a_file_too(client, published):
    [row] = json.loads(b"".join(client.get(reverse("portal:normative"), {"format": "json"}).streaming_content))
    assert (row["state"], row["agency"]) == ("现行有效", "示范区教育局")
