"""The January round on the desk: one page with every body, remarks by cell, acceptance, comparison with the ledgers."""

from datetime import date

import lxml.html
import pytest
from django.urls import reverse

from gongkai.base import clock
from gongkai.reporting.annual_reports import actions
from gongkai.reporting.annual_reports.models import Submission
from tests.reporting.annual_reports.conftest import journalled
from tests.reporting.annual_reports.test_compile import an_application

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_in(client):
    def signing_in(staff):
        client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signing_in


@pytest.fixture
def submission(bureau_report, bureau_office):
    return actions.submit_report(bureau_report, by=bureau_office)


def told(element):
    """The text of an element, a space between its parts."""
    return " ".join(" ".join(element.itertext()).split())


def text_of(response):
    assert response.status_code == 200
    return told(lxml.html.fromstring(response.content.decode()))


def lines_of(response):
    root = lxml.html.fromstring(response.content.decode())
    return [told(row) for row in root.xpath("//table//tbody/tr")]


def test_every_body_stands_on_one_page_with_its_state(sign_in, submission, town, office_clerk):
    lines = lines_of(sign_in(office_clerk).get(reverse("desk:round"), {"year": 2020}))
    assert any(line.startswith("示范区教育局 已报送") for line in lines)
    assert any(line.startswith("临河街道办事处 未开始") for line in lines)


def test_the_states_are_counted(sign_in, submission, town, office_clerk):
    text = text_of(sign_in(office_clerk).get(reverse("desk:round"), {"year": 2020}))
    assert "未开始 1 编制中 0 已定稿 0 已报送 1" in text


def test_who_is_late_is_marked_and_can_be_chosen(sign_in, submission, town, office_clerk):
    client = sign_in(office_clerk)
    with clock.frozen(date(2021, 2, 3)):
        lines = lines_of(client.get(reverse("desk:round"), {"year": 2020, "state": "late"}))
    assert len(lines) == 1
    assert lines[0].startswith("临河街道办事处 未开始 逾期")


def test_a_body_sees_only_itself(sign_in, submission, town, bureau_office):
    lines = lines_of(sign_in(bureau_office).get(reverse("desk:round"), {"year": 2020}))
    assert [line.split()[0] for line in lines] == ["示范区教育局"]


def test_the_round_is_also_csv(sign_in, submission, town, office_clerk):
    answer = sign_in(office_clerk).get(reverse("desk:round"), {"year": 2020, "format": "csv"})
    assert "示范区教育局,已报送,2021-01-31,,2021-01-15" in b"".join(answer.streaming_content).decode()


def test_the_lead_office_accepts(sign_in, submission, office_clerk):
    client = sign_in(office_clerk)
    client.post(reverse("desk:round_accept", args=(submission.pk,)))
    assert "已接收" in text_of(client.get(reverse("desk:round_submission", args=(submission.pk,))))


def test_the_lead_office_returns_with_remarks_by_cell_that_the_body_sees(
    sign_in, submission, office_clerk, bureau_office
):
    remarks = {"whole": "请补充第五部分。", "code_1": "applications.new.total", "text_1": "与台账不符"}
    sign_in(office_clerk).post(reverse("desk:round_return", args=(submission.pk,)), remarks)
    text = text_of(sign_in(bureau_office).get(reverse("desk:round_submission", args=(submission.pk,))))
    assert "已退回" in text
    assert "表三 一、本年新收政府信息公开申请数量 · 总计 与台账不符" in text
    assert "全文 请补充第五部分。" in text


def test_a_return_without_remarks_is_refused(sign_in, submission, office_clerk):
    answer = sign_in(office_clerk).post(reverse("desk:round_return", args=(submission.pk,)), {"whole": ""})
    assert "退回要写明意见" in text_of(answer)
    assert Submission.objects.get().state == "submitted"


def test_a_chosen_cell_needs_its_remark(sign_in, submission, office_clerk):
    data = {"whole": "请看", "code_1": "applications.new.total", "text_1": ""}
    answer = sign_in(office_clerk).post(reverse("desk:round_return", args=(submission.pk,)), data)
    assert "选了数据格，请写意见。" in text_of(answer)


def test_the_body_itself_cannot_accept(sign_in, submission, bureau_office):
    sign_in(bureau_office).post(reverse("desk:round_accept", args=(submission.pk,)))
    assert Submission.objects.get().state == "submitted"


def test_accepted_reports_are_compared_with_the_ledgers_cell_by_cell(sign_in, submission, bureau, office_clerk):
    actions.accept_submission(submission, by=office_clerk)
    client = sign_in(office_clerk)
    assert "每一格的合计都与台账相同" in text_of(client.get(reverse("desk:round_roll_up"), {"year": 2020}))
    journalled(an_application(bureau, date(2020, 11, 2)))
    differing = lines_of(client.get(reverse("desk:round_roll_up"), {"year": 2020, "state": "differs"}))
    assert "表三 一、本年新收政府信息公开申请数量 · 总计 1 2 不一致" in differing


def test_before_anything_is_accepted_the_comparison_says_what_it_will_show(sign_in, submission, office_clerk):
    text = text_of(sign_in(office_clerk).get(reverse("desk:round_roll_up"), {"year": 2020}))
    assert "还没有接收任何报告" in text


def test_the_round_needs_at_most_ten_queries(sign_in, submission, town, office_clerk, django_assert_max_num_queries):
    client = sign_in(office_clerk)
    client.get(reverse("desk:round"), {"year": 2020})
    with django_assert_max_num_queries(10):
        client.get(reverse("desk:round"), {"year": 2020})
    with django_assert_max_num_queries(10):
        client.get(reverse("desk:round_submission", args=(submission.pk,)))
    with django_assert_max_num_queries(10):
        client.get(reverse("desk:round_roll_up"), {"year": 2020})


def test_a_submission_is_made_from_the_page_of_the_report(sign_in, bureau_report, bureau_office):
    client = sign_in(bureau_office)
    assert "报送主管部门？" in text_of(client.get(reverse("desk:report_submit", args=(bureau_report.pk,))))
    client.post(reverse("desk:report_submit", args=(bureau_report.pk,)))
    assert Submission.objects.get().report == bureau_report


def test_who_got_the_report_back_is_told_what_to_do(sign_in, submission, office_clerk, bureau_office):
    sign_in(office_clerk).post(reverse("desk:round_return", args=(submission.pk,)), {"whole": "请补充第五部分。"})
    page_of_submission = reverse("desk:round_submission", args=(submission.pk,))
    assert "重新报送" in text_of(sign_in(bureau_office).get(page_of_submission))
    assert "重新报送" not in text_of(sign_in(office_clerk).get(reverse("desk:round")))


@pytest.mark.parametrize("verb", ["accept", "return"])
def test_the_address_of_a_button_reloaded_leads_back_and_decides_nothing(sign_in, submission, office_clerk, verb):
    answer = sign_in(office_clerk).get(reverse(f"desk:round_{verb}", args=(submission.pk,)))
    assert answer["Location"] == reverse("desk:round_submission", args=(submission.pk,))
    assert Submission.objects.get().state == "submitted"
