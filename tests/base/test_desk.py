"""工作日历 and 操作日志 on the desk."""

import json
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.base import calendars, clock, desk, journal
from gongkai.base.models import CalendarNotice, JournalLine
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.records.models import Outlet

TODAY = date(2026, 11, 24)
NOTICE = {
    "agency": "",
    "year": "2027",
    "title": "国务院办公厅关于2027年部分节假日安排的通知",
    "number": "国办发明电〔2026〕9号",
    "issued_on": "2026-11-04",
    "whole_year": "on",
    "days": "1月1日至3日 休\n1月30日 上班",
}


@pytest.fixture(autouse=True)
def _day(monkeypatch):
    monkeypatch.setattr(calendars, "_cache", None)
    monkeypatch.setattr(calendars, "_callbacks", [])
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def sign_in(client):
    def sign_in(user):
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def page(client, name, **query):
    response = client.get(reverse(f"desk:{name}"), query)
    assert response.status_code == 200
    return response.content.decode()


# ---- 工作日历


def test_everybody_on_the_desk_sees_the_calendar(sign_in, bureau_clerk):
    text = page(sign_in(bureau_clerk), "calendar", year="2026")
    assert "国务院办公厅关于2026年部分节假日安排的通知" in text
    assert "录入放假安排" not in text


def test_rest_and_work_are_told_by_word(sign_in, bureau_clerk):
    text = page(sign_in(bureau_clerk), "calendar", year="2026")
    assert text.count("<span>休</span>") == 19
    assert text.count("<span>班</span>") == 6


def test_the_page_counts_the_working_days_of_the_year(sign_in, bureau_clerk):
    assert "全年 248 个工作日" in page(sign_in(bureau_clerk), "calendar", year="2026")


def test_from_november_the_missing_year_is_asked_for(sign_in, office_clerk):
    assert "2027 年的放假安排还没有录入" in page(sign_in(office_clerk), "calendar")


def test_before_november_nothing_is_asked_for(sign_in, office_clerk):
    with clock.frozen(date(2026, 10, 31)):
        assert "还没有录入。" not in page(sign_in(office_clerk), "calendar")


def test_a_year_nobody_announced_is_shown_as_provisional(sign_in, office_clerk):
    assert "暂定" in page(sign_in(office_clerk), "calendar", year="2028")


@pytest.mark.parametrize("year", ["", "abcd", "0000", "9999", "２０２６"])
def test_a_year_that_is_none_shows_this_year(sign_in, bureau_clerk, year):
    assert "2026 年工作日历" in page(sign_in(bureau_clerk), "calendar", year=year)


def test_the_days_of_a_year_are_downloaded(sign_in, bureau_clerk):
    response = sign_in(bureau_clerk).get(reverse("desk:calendar"), {"year": "2026", "format": "json"})
    days = json.loads(b"".join(response.streaming_content))
    assert len(days) == 25
    assert days[0] == {"day": "2026-01-01", "weekday": "四", "kind": "休息"}


def test_a_notice_is_entered_and_the_moved_cases_are_shown_once(sign_in, office_clerk):
    calendars.on_change(lambda years, *, by, reason: [calendars.Moved("申请 SF001-7", "", "2027-01-04", "2027-01-05")])
    client = sign_in(office_clerk)
    response = client.post(reverse("desk:calendar_enter"), NOTICE, follow=True)
    text = response.content.decode()
    assert response.redirect_chain[0][0].endswith("?year=2027")
    assert "申请 SF001-7" in text
    assert "国办发明电〔2026〕9号" in text
    assert "申请 SF001-7" not in page(client, "calendar", year="2027")


def test_a_notice_that_moved_nothing_says_so(sign_in, office_clerk):
    response = sign_in(office_clerk).post(reverse("desk:calendar_enter"), NOTICE, follow=True)
    assert "没有未办结的事项因此改变期限" in response.content.decode()


def test_a_list_is_also_taken_from_a_file(sign_in, office_clerk):
    upload = SimpleUploadedFile("放假.txt", "1月1日至3日 休".encode("gb18030"))
    sign_in(office_clerk).post(reverse("desk:calendar_enter"), {**NOTICE, "days": "", "days_file": upload})
    assert CalendarNotice.objects.get().days.count() == 3


def test_a_line_that_cannot_be_read_is_shown_beside_the_field(sign_in, office_clerk):
    response = sign_in(office_clerk).post(reverse("desk:calendar_enter"), {**NOTICE, "days": "元旦放三天"})
    assert response.context["form"].errors["days"]
    assert not CalendarNotice.objects.exists()


def test_days_are_corrected_with_a_reason(sign_in, office_clerk):
    client = sign_in(office_clerk)
    client.post(reverse("desk:calendar_enter"), NOTICE)
    notice = CalendarNotice.objects.get()
    client.post(reverse("desk:calendar_change", args=[notice.pk]), {"days": "1月30日 休", "reason": "录入有误"})
    assert not calendars.work_calendar().is_working_day(date(2027, 1, 30))


def test_a_clerk_without_the_role_cannot_open_the_form(sign_in, bureau_clerk):
    assert sign_in(bureau_clerk).get(reverse("desk:calendar_enter")).status_code == 403


# ---- 操作日志


@pytest.fixture
def lines(office_clerk, government, bureau):
    outlet = Outlet.objects.create(agency=bureau, name="保密的名字", channel="wechat")
    journal.record("outlet.opened", outlet, by=office_clerk)
    Outlet.objects.update(name="另一个名字")
    journal.record("outlet.renamed", outlet, by=office_clerk, reason="更名批复")
    return outlet


def test_an_administrator_reads_the_journal(sign_in, administrator, lines):
    text = page(sign_in(administrator), "journal")
    assert "发布去处 · 更名" in text
    assert "更名批复" in text


def test_the_journal_shows_names_of_fields_and_no_values(sign_in, administrator, lines):
    text = page(sign_in(administrator), "journal")
    assert "名称" in text
    assert "另一个名字" not in text
    assert "保密的名字" not in text


def test_an_office_reads_the_lines_of_its_own_agencies(sign_in, lines, town, bureau):
    from tests.district import make_staff

    journal.record("agency.renamed", town, by=None, reason="街道的事")
    journal.record_event("backup.made", by=None, reason="全局的事")
    text = page(sign_in(make_staff("ju", "局公开", bureau, "disclosure_office")), "journal")
    assert "更名批复" in text
    assert "街道的事" not in text
    assert "全局的事" not in text


def test_a_clerk_does_not_read_the_journal(sign_in, bureau_clerk):
    assert sign_in(bureau_clerk).get(reverse("desk:journal")).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"verb": "outlet."}, 2),
        ({"verb": "outlet.renamed"}, 1),
        ({"person": "沈科员"}, 2),
        ({"person": "沈"}, 0),
        ({"verb": "outlet.", "first": "2026-11-24", "last": "2026-11-24"}, 2),
        ({"verb": "outlet.", "first": "2026-11-25"}, 0),
        ({"verb": "outlet.", "last": "2026-11-23"}, 0),
    ],
)
def test_the_journal_is_narrowed(sign_in, administrator, lines, query, found):
    response = sign_in(administrator).get(reverse("desk:journal"), query)
    assert len([line for line in response.context["lines"] if line.row.verb.startswith("outlet")]) == found


def test_the_journal_is_narrowed_to_an_agency(sign_in, administrator, lines, bureau):
    response = sign_in(administrator).get(reverse("desk:journal"), {"agency": bureau.pk})
    assert {line.row.agency_id for line in response.context["lines"]} == {bureau.pk}


def test_pages_follow_the_numbers_both_ways(sign_in, administrator, monkeypatch):
    monkeypatch.setattr(desk, "PAGE", 5)
    for _ in range(12):
        journal.record_event("page.refused", by=None)
    client = sign_in(administrator)
    top = JournalLine.objects.first().number
    first = client.get(reverse("desk:journal"))
    assert [line.row.number for line in first.context["lines"]] == list(range(top, top - 5, -1))
    second = client.get(reverse("desk:journal"), {"before": first.context["older"]})
    assert [line.row.number for line in second.context["lines"]] == list(range(top - 5, top - 10, -1))
    back = client.get(reverse("desk:journal"), {"after": second.context["newer"]})
    assert [line.row.number for line in back.context["lines"]] == list(range(top, top - 5, -1))


def test_the_number_of_queries_does_not_grow_with_the_lines(sign_in, administrator, django_assert_num_queries):
    client = sign_in(administrator)
    page(client, "journal")
    with CaptureQueriesContext(connection) as captured:
        page(client, "journal")
    few = len(captured)
    for _ in range(60):
        journal.record_event("page.refused", by=administrator)
    page(client, "journal")  # the counts beside the navigation are read anew after a change
    with django_assert_num_queries(few):
        page(client, "journal")


def test_the_journal_is_downloaded_without_values(sign_in, administrator, lines):
    response = sign_in(administrator).get(reverse("desk:journal"), {"format": "json", "verb": "outlet.renamed"})
    [line] = json.loads(b"".join(response.streaming_content))
    assert (line["by"], line["changed"], line["reason"]) == ("沈科员", "名称", "更名批复")


def test_an_administrator_verifies_and_the_result_stays_on_the_page(sign_in, administrator, lines):
    client = sign_in(administrator)
    client.post(reverse("desk:journal_verify"))
    assert "全部相符" in page(client, "journal")


def test_a_failed_verification_names_the_line(sign_in, administrator, lines):
    Agency.objects.filter(slug="jiaoyu").update(document_prefix="偷")
    client = sign_in(administrator)
    client.post(reverse("desk:journal_verify"))
    assert "绕过日志改动过" in page(client, "journal")


def test_a_long_journal_is_verified_by_the_command(sign_in, administrator, lines, monkeypatch):
    monkeypatch.setattr(desk, "VERIFIED_IN_A_PAGE", 1)
    client = sign_in(administrator)
    client.post(reverse("desk:journal_verify"))
    assert journal.last_verification() is None
    assert "gongkai journal verify" in page(client, "journal")


def test_an_office_does_not_verify(sign_in, office_clerk):
    assert sign_in(office_clerk).post(reverse("desk:journal_verify")).status_code == 403
