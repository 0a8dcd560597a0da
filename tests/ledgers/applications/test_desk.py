"""The desk pages, through the plain test client: every link and form works with scripts off."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gongkai.base import clock
from gongkai.base.models import JournalLine
from gongkai.ledgers.applications import actions
from gongkai.ledgers.applications.models import Application
from tests.ledgers.applications.conftest import frozen_years

pytestmark = pytest.mark.django_db
NAMES = (
    "application",
    "application_close",
    "application_extend",
    "application_assign",
    "application_change",
    "application_correct_closing",
    "application_reopen",
)


@pytest.fixture
def clerk(client, bureau_clerk):
    client.force_login(bureau_clerk, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def signed_in(client):
    def sign_in(staff):
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


def body(response):
    """The text of a page or of a download."""
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


# ---- who sees what


@pytest.mark.parametrize("name", NAMES)
def test_a_stranger_is_sent_to_sign_in(client, application, name):
    response = client.get(reverse(f"desk:{name}", args=[application.pk]))
    assert response.status_code == 302
    assert "sign" in response["Location"]


@pytest.mark.parametrize("name", NAMES)
def test_an_administrator_sees_nothing_of_it(signed_in, administrator, application, name):
    response = signed_in(administrator).get(reverse(f"desk:{name}", args=[application.pk]))
    assert response.status_code == 403
    assert "申请人甲" not in body(response)


def test_an_administrator_sees_no_list(signed_in, administrator, application):
    client = signed_in(administrator)
    assert client.get(reverse("desk:applications")).status_code == 403
    assert client.get(reverse("desk:applications"), {"format": "json"}).status_code == 403


def test_a_clerk_of_another_agency_sees_nothing_of_it(signed_in, town, application):
    from gongkai.base.permissions import CLERK
    from tests.district import make_staff

    client = signed_in(make_staff("wu", "吴科员", town, CLERK))
    assert client.get(reverse("desk:application", args=[application.pk])).status_code == 404
    assert application.number not in body(client.get(reverse("desk:applications")))


def test_the_office_above_sees_it(signed_in, office_clerk, application):
    client = signed_in(office_clerk)
    assert application.number in body(client.get(reverse("desk:applications")))


def test_the_applicant_is_shown_to_who_may_see_it(clerk, application):
    assert "申请人甲" in body(clerk.get(reverse("desk:application", args=[application.pk])))


def test_a_reviewer_sees_the_application_without_its_applicant(signed_in, reviewer, application):
    page = body(signed_in(reviewer).get(reverse("desk:application", args=[application.pk])))
    assert "申请人甲" not in page
    assert "您的角色不能查看申请人" in page


# ---- the list


def test_the_list_shows_what_is_due_first(clerk, bureau, bureau_clerk, entry, application):
    late = actions.register_application(bureau, by=bureau_clerk, **{**entry, "received_on": date(2020, 9, 18)})
    page = body(clerk.get(reverse("desk:applications")))
    assert page.index(late.number) < page.index(application.number)
    assert "逾期 21 天" in page
    assert "还有 6 天" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, {"open", "late"}),
        ({"tab": "overdue"}, {"late"}),
        ({"tab": "soon"}, set()),
        ({"tab": "closed"}, {"closed"}),
        ({"tab": "all"}, {"open", "late", "closed"}),
        ({"tab": "all", "q": "滨水"}, {"open", "late"}),
        ({"q": "学区"}, {"closed"}),  # a search looks through all states
        ({"tab": "all", "channel": "letter"}, {"closed"}),
        ({"tab": "all", "applicant_kind": "commercial_enterprise"}, {"late"}),
        ({"tab": "all", "outcome": "granted"}, {"closed"}),
        ({"tab": "all", "year": "2019"}, set()),
        ({"tab": "all", "year": "nonsense"}, {"open", "late", "closed"}),
        ({"tab": "nonsense"}, {"open", "late"}),
    ],
)
def test_the_list_is_narrowed(clerk, bureau, bureau_clerk, entry, application, query, found):
    enterprise = {**entry, "received_on": date(2020, 9, 18), "applicant_kind": "commercial_enterprise"}
    rows = {"open": application, "late": actions.register_application(bureau, by=bureau_clerk, **enterprise)}
    other = {**entry, "channel": "letter", "subject": "", "description": "学区划分依据"}
    rows["closed"] = actions.register_application(bureau, by=bureau_clerk, **other)
    actions.close_application(rows["closed"], by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    page = body(clerk.get(reverse("desk:applications"), query))
    assert {name for name, row in rows.items() if f"/desk/applications/{row.pk}/" in page} == found


def test_the_list_is_narrowed_by_agency(signed_in, office_clerk, town, application, entry):
    other = actions.register_application(town, by=office_clerk, **entry)
    page = body(signed_in(office_clerk).get(reverse("desk:applications"), {"agency": town.pk}))
    assert other.number in page
    assert application.number not in page


def test_a_search_for_a_number_finds_it(clerk, application):
    assert application.number in body(clerk.get(reverse("desk:applications"), {"q": application.number}))


def test_an_empty_list_says_what_it_is_for(clerk):
    page = body(clerk.get(reverse("desk:applications")))
    assert "这里按答复期限列出申请；现在没有。" in page
    assert reverse("desk:application_new") in page


def test_the_list_alone_answers_htmx(clerk, application):
    page = body(clerk.get(reverse("desk:applications"), headers={"HX-Request": "true"}))
    assert page.lstrip().startswith('<div class="stack" id="application-list">')
    assert application.number in page


def test_going_back_in_the_browser_asks_for_the_whole_page(clerk, application):
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    response = clerk.get(reverse("desk:applications"), headers=headers)
    assert "<html" in body(response)
    assert "HX-Request" in response["Vary"]


def test_tabs_and_downloads_keep_the_filter(clerk, application):
    page = body(clerk.get(reverse("desk:applications"), {"channel": "online"}, headers={"HX-Request": "true"}))
    assert "?channel=online&amp;tab=closed" in page
    assert "?channel=online&amp;format=csv" in page


def queries_of(clerk, **query):
    """The statements of a list page, warm: the first request of a session also writes that it is alive."""
    clerk.get(reverse("desk:applications"), query)
    with CaptureQueriesContext(connection) as captured:
        clerk.get(reverse("desk:applications"), query)
    return [statement["sql"] for statement in captured.captured_queries]


def test_a_list_page_asks_the_same_whatever_its_size(clerk, bureau, bureau_clerk, town, office_clerk, entry):
    actions.register_application(bureau, by=bureau_clerk, **entry)
    few = queries_of(clerk)
    rows = [
        actions.NewApplication(agency=agency, **{**entry, "received_on": date(2020, 9, 1) + timedelta(days=n)})
        for n in range(60)
        for agency in (bureau, town)
    ]
    actions.register_many(rows, by=office_clerk)
    many = queries_of(clerk, page="2")
    assert len(many) == len(few)


def test_a_list_page_needs_at_most_ten_statements(clerk, application):
    assert len(queries_of(clerk)) <= 10


def test_a_list_page_asks_the_ledger_at_most_three_times(clerk, application):
    ledger = [sql for sql in queries_of(clerk, q="征收") if 'FROM "applications_' in sql]
    assert len(ledger) == 3, "rows, their capped number, and what waits"


def test_a_very_long_list_is_not_counted_to_the_end(clerk, bureau, bureau_clerk, entry, monkeypatch):
    monkeypatch.setattr("gongkai.ledgers.applications.paging.CAP", 60)
    actions.register_many([actions.NewApplication(agency=bureau, **entry)] * 70, by=bureau_clerk)
    page = body(clerk.get(reverse("desk:applications")))
    assert "共 60 条" in page
    assert "请用筛选缩小范围" in page


def test_downloads_hold_no_applicant(clerk, application):
    text = body(clerk.get(reverse("desk:applications"), {"format": "csv"}))
    (row,) = csv.DictReader(io.StringIO(text.lstrip("\ufeff")))
    assert (row["申请编号"], row["答复期限"], row["收到渠道"]) == (application.number, "2020-11-30", "网络")
    assert "申请人甲" not in text
    (row,) = json.loads(body(clerk.get(reverse("desk:applications"), {"format": "json"})))
    assert row["number"] == application.number
    assert "申请人甲" not in json.dumps(row, ensure_ascii=False)


def test_a_download_with_applicants_is_journalled(clerk, bureau_clerk, application):
    text = body(clerk.get(reverse("desk:applications"), {"format": "json", "applicants": "1"}))
    assert json.loads(text)[0]["applicants"] == "申请人甲"
    assert JournalLine.objects.get(verb="application.applicants_exported").by == bureau_clerk


def test_who_may_not_see_applicants_downloads_none(signed_in, reviewer, application):
    client = signed_in(reviewer)
    assert "申请人甲" not in body(client.get(reverse("desk:applications"), {"format": "json", "applicants": "1"}))


# ---- one application


def test_the_page_shows_the_clock_day_by_day(clerk, application):
    page = body(clerk.get(reverse("desk:application", args=[application.pk])))
    assert "11月2日 收到申请，不计入" in page
    assert "11月20日 第14个工作日，今天" in page
    assert "11月30日 第20个工作日，答复期限" in page
    assert "11月7日 周末" in page


@pytest.mark.parametrize(
    ("today", "word"),
    [
        (date(2020, 11, 24), "还有 4 天"),
        (date(2020, 11, 30), "今天到期"),
        (date(2020, 12, 1), "逾期 1 天"),
        (date(2020, 12, 5), "逾期 4 天"),  # a Saturday: working days are counted
    ],
)
def test_the_state_is_said_in_working_days(clerk, application, today, word):
    with clock.frozen(today):
        assert f"{word}</span>" in body(clerk.get(reverse("desk:application", args=[application.pk])))


def test_on_the_weekend_after_the_limit_it_is_overdue(clerk, bureau, bureau_clerk, entry):
    row = actions.register_application(bureau, by=bureau_clerk, **{**entry, "received_on": date(2020, 10, 23)})
    assert row.due_on == date(2020, 11, 20)
    with clock.frozen(date(2020, 11, 21)):
        assert "逾期</span>" in body(clerk.get(reverse("desk:application", args=[row.pk])))
        actions.close_application(row, by=bureau_clerk, on=date(2020, 11, 21), outcome="granted")
        assert "超期办结</span>" in body(clerk.get(reverse("desk:application", args=[row.pk])))


def test_a_provisional_limit_says_so(clerk, application, bureau, bureau_clerk, entry):
    with clock.frozen(date(2026, 12, 31)):
        row = actions.register_application(bureau, by=bureau_clerk, **{**entry, "received_on": date(2026, 12, 31)})
        page = body(clerk.get(reverse("desk:application", args=[row.pk])))
    assert "暂定" in page
    assert "录入后自动重算" in page


def test_a_late_extension_is_flagged(clerk, application, bureau_approver):
    with clock.frozen(date(2020, 12, 1)):
        actions.extend_reply(application, by=bureau_approver, on=date(2020, 12, 1), reason="需检索纸质档案")
        page = body(clerk.get(reverse("desk:application", args=[application.pk])))
    assert "晚于原期限 2020-11-30，不改变期限" in page


def test_the_page_says_where_the_closed_application_counts(clerk, application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="partly_granted")
    page = body(clerk.get(reverse("desk:application", args=[application.pk])))
    assert "计入 2020 年度报告：（二）部分公开" in page


def test_the_history_says_what_was_before(clerk, application, bureau_clerk):
    actions.change_application(application, by=bureau_clerk, reason="邮戳日期看错", received_on=date(2020, 11, 3))
    page = body(clerk.get(reverse("desk:application", args=[application.pk])))
    assert "更正登记：邮戳日期看错" in page
    assert "收到日期：2020-11-02 → 2020-11-03" in page


def test_a_closed_door_says_why(signed_in, office_clerk, application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    page = body(signed_in(office_clerk).get(reverse("desk:application", args=[application.pk])))
    assert "已于 2020-11-18 办结，不能再延长答复期限。" in page


def test_a_frozen_year_is_announced_and_the_form_asks_why(clerk, application):
    with frozen_years(2020), clock.frozen(date(2021, 2, 1)):
        assert "冻结后变动" in body(clerk.get(reverse("desk:application", args=[application.pk])))
        address = reverse("desk:application_close", args=[application.pk])
        assert 'name="reason"' in body(clerk.get(address))
        page = body(clerk.post(address, {"on": "2020-11-30", "outcome": "granted"}))
        assert "没有保存，请先改正" in page
    assert Application.objects.get().closed_on is None


def test_outside_frozen_years_closing_asks_for_no_reason(clerk, application):
    assert 'name="reason"' not in body(clerk.get(reverse("desk:application_close", args=[application.pk])))


# ---- verbs


def entered(**change):
    """What the form of registration sends."""
    return {
        "received_on": "2020-11-02",
        "channel": "letter",
        "applicant_kind": "natural_person",
        "applicants": "申请人甲\n申请人乙",
        "description": "临河街道滨水片区房屋征收补偿方案",
        "subject": "房屋征收补偿",
        **change,
    }


def test_a_clerk_registers_an_application_on_one_screen(clerk, bureau):
    response = clerk.post(reverse("desk:application_new"), entered(agency=bureau.pk), follow=True)
    application = Application.objects.get()
    assert response.redirect_chain[-1][0] == reverse("desk:application", args=[application.pk])
    assert "已登记，编号 示教公开申〔2020〕1号，答复期限 2020-11-30。" in body(response)
    assert application.applicants.count() == 2


def test_a_refusal_stands_beside_its_field(clerk, bureau):
    response = clerk.post(reverse("desk:application_new"), entered(agency=bureau.pk, received_on="2020-11-21"))
    assert response.context["form"].errors["received_on"] == ["收到日期 2020-11-21 还没有到，今天是 2020-11-20。"]
    assert not Application.objects.exists()


def test_a_clerk_registers_for_no_other_agency(clerk, bureau, town):
    response = clerk.post(reverse("desk:application_new"), entered(agency=town.pk))
    assert "agency" in response.context["form"].errors


def test_a_clerk_closes_an_application(clerk, application):
    address = reverse("desk:application_close", args=[application.pk])
    response = clerk.post(address, {"on": "2020-11-18", "outcome": "granted", "reply_number": "1号"}, follow=True)
    assert "已办结。" in body(response)
    assert Application.objects.get().outcome == "granted"


def test_closing_before_receipt_gets_one_sentence(clerk, application):
    address = reverse("desk:application_close", args=[application.pk])
    response = clerk.post(address, {"on": "2020-11-01", "outcome": "granted"})
    assert response.context["form"].errors == {"on": ["办结日期 2020-11-01 早于收到日期 2020-11-02。"]}


def test_the_form_offers_no_outcome_that_the_law_does_not_know_yet(clerk, application):
    page = body(clerk.get(reverse("desk:application_close", args=[application.pk])))
    assert "otherwise_closed.fee_unpaid" not in page
    assert "otherwise_closed.withdrawn" in page


def test_closing_what_is_closed_leads_back_with_the_reason(clerk, application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    response = clerk.get(reverse("desk:application_close", args=[application.pk]), follow=True)
    assert "已于 2020-11-18 办结" in body(response)


def test_a_clerk_is_told_who_extends(clerk, application):
    response = clerk.get(reverse("desk:application_extend", args=[application.pk]))
    assert response.status_code == 403
    assert "审批" in body(response)


def test_the_leader_extends(signed_in, bureau_approver, application):
    address = reverse("desk:application_extend", args=[application.pk])
    given = {"on": "2020-11-20", "days": "20", "reason": "需检索纸质档案"}
    response = signed_in(bureau_approver).post(address, given, follow=True)
    assert "已延长至 2020-12-28，请及时告知申请人。" in body(response)


def test_a_clerk_names_the_handler(clerk, application, bureau_clerk):
    response = clerk.post(
        reverse("desk:application_assign", args=[application.pk]), {"handler": bureau_clerk.pk}, follow=True
    )
    assert "承办人：林科员。" in body(response)


def test_a_clerk_puts_a_registration_right(clerk, application):
    address = reverse("desk:application_change", args=[application.pk])
    assert "申请人甲" in body(clerk.get(address))
    response = clerk.post(
        address, entered(received_on="2020-11-03", reason="邮戳日期看错", applicants="申请人甲"), follow=True
    )
    assert "已更正；答复期限 2020-12-01。" in body(response)


def test_a_clerk_corrects_and_takes_back_a_closing(clerk, application, bureau_clerk):
    actions.close_application(application, by=bureau_clerk, on=date(2020, 11, 18), outcome="granted")
    address = reverse("desk:application_correct_closing", args=[application.pk])
    clerk.post(address, {"on": "2020-11-17", "outcome": "partly_granted", "reason": "录入时选错"})
    assert Application.objects.get().outcome == "partly_granted"
    clerk.post(reverse("desk:application_reopen", args=[application.pk]), {"reason": "误录"})
    assert Application.objects.get().closed_on is None
