"""Search on the portal and on the desk: what is found, in which order, and what nobody may find."""

import json
from datetime import date

import pytest
from django.http import QueryDict
from django.test import Client

from gongkai.base import clock
from gongkai.ledgers.applications import actions as applications
from gongkai.ledgers.normative import actions as normative
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.site.desk_search import SHOWN, words_of
from gongkai.site.search import Piece, asked_in, excerpt, pieces
from tests.district import make_staff

TODAY = date(2020, 11, 20)


@pytest.fixture(autouse=True)
def _frozen_clock():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def publish(government, portal_outlet, office_clerk):
    """Publish a record of the government on the portal."""

    def publish(title, *, on=date(2020, 11, 5), issued_on=date(2020, 11, 2), **entry):
        record = records.register_record(
            RecordEntry(agency=government, title=title, issued_on=issued_on, **entry), by=office_clerk
        )
        records.publish_record(record, portal_outlet, on=on, by=office_clerk)
        return record

    return publish


def page(client: Client, query: str) -> str:
    response = client.get(f"/search/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def found(client: Client, query: str) -> list[str]:
    """Titles of what was found, in their order."""
    response = client.get(f"/search/?{query}&format=json")
    return [row["title"] for row in json.loads(b"".join(response.streaming_content))]


# ---- marking


@pytest.mark.parametrize(
    ("text", "words", "cut"),
    [
        ("政务公开", [], [Piece("政务公开")]),  # no question, nothing to mark
        ("政务公开标准", ["公开"], [Piece("政务"), Piece("公开", hit=True), Piece("标准")]),
        ("公开", ["公开"], [Piece("公开", hit=True)]),
        ("PDF和pdf", ["pdf"], [Piece("PDF", hit=True), Piece("和"), Piece("pdf", hit=True)]),  # whichever case
        ("信息公开指南", ["公开", "信息公开"], [Piece("信息公开", hit=True), Piece("指南")]),  # the longer one wins
        ("a.b", ["."], [Piece("a"), Piece(".", hit=True), Piece("b")]),  # no pattern, a full stop
    ],
)
def test_a_text_is_cut_at_the_words(text, words, cut):
    assert list(pieces(text, words)) == cut


def test_an_excerpt_stands_around_the_first_hit():
    text = excerpt("一" * 300 + "公开" + "二" * 300, ["公开"])
    assert text.startswith("……")
    assert text.endswith("……")
    assert "公开" in text
    assert len(text) < 120


def test_an_excerpt_without_a_hit_is_the_beginning():
    assert excerpt("各学校：\n招生工作。", ["预算"]) == "各学校： 招生工作。"


def test_nothing_of_the_text_becomes_markup(client, publish):
    publish("<b>公开</b>的通知", body="<script>公开</script>")
    text = page(client, "q=公开")
    assert "&lt;b&gt;" in text
    assert "<b>公开" not in text
    assert "<script>" not in text


# ---- the portal


def test_a_hit_in_the_title_stands_before_one_in_the_text(client, publish):
    publish("年度工作要点", on=date(2020, 11, 9), body="做好征收补偿公开。")
    publish("征收补偿方案", on=date(2020, 11, 4))
    assert found(client, "q=征收补偿") == ["征收补偿方案", "年度工作要点"]


def test_by_date_the_newest_comes_first(client, publish):
    publish("年度工作要点", on=date(2020, 11, 9), body="做好征收补偿公开。")
    publish("征收补偿方案", on=date(2020, 11, 4))
    assert found(client, "q=征收补偿&sort=date") == ["年度工作要点", "征收补偿方案"]


def test_all_words_must_be_there(client, publish):
    publish("征收补偿方案")
    publish("征收公告")
    assert found(client, "q=征收+方案") == ["征收补偿方案"]


def test_a_document_number_is_found(client, publish):
    publish("招生通知", document_number="示教〔2020〕18号")
    assert found(client, "q=示教〔2020〕18号") == ["招生通知"]


def test_agency_category_and_year_narrow(client, publish, government, office_clerk):
    budgets = records.create_category(government, code="budgets", name="财政预决算", by=office_clerk)
    publish("今年的预算", category=budgets)
    publish("去年的预算", issued_on=date(2019, 11, 1), on=date(2019, 11, 4))
    assert found(client, "q=预算&category=budgets") == ["今年的预算"]
    assert found(client, "q=预算&year=2019") == ["去年的预算"]
    assert len(found(client, "q=预算&agency=shifan")) == 2
    assert len(found(client, "q=预算&agency=nobody&year=abc&status=x")) == 2  # what is not known narrows nothing


def test_validity_narrows_to_documents_in_force_or_ended(client, publish, government, portal_outlet, office_clerk):
    publish("补贴工作通知")
    for title, until in (("现行补贴办法", None), ("过期补贴办法", date(2020, 3, 31))):
        document = normative.register_normative(
            RecordEntry(agency=government, title=title, issued_on=date(2018, 3, 1)),
            kind="normative_document",
            in_force_on=date(2018, 4, 1),
            valid_until=until,
            by=office_clerk,
        )
        records.publish_record(document.record, portal_outlet, on=date(2018, 3, 5), by=office_clerk)
    assert found(client, "q=补贴&status=in_force") == ["现行补贴办法"]
    assert found(client, "q=补贴&status=ended") == ["过期补贴办法"]


def test_the_choices_count_what_holds_the_words(client, publish):
    publish("今年的预算")
    publish("去年的预算", issued_on=date(2019, 11, 1), on=date(2019, 11, 4))
    publish("招生通知")
    text = page(client, "q=预算")
    assert '<span>2020</span><span class="quiet">1</span>' in text
    assert '<span>2019</span><span class="quiet">1</span>' in text


def test_what_is_withdrawn_is_found_no_more(client, publish, office_clerk):
    record = publish("要撤下的通知")
    assert found(client, "q=撤下") == ["要撤下的通知"]
    records.withdraw_publication(record.publications.get(), reason="内容有误", by=office_clerk)
    assert found(client, "q=撤下") == []


def test_what_is_not_public_is_not_found(client, government, office_clerk):
    records.register_record(
        RecordEntry(
            agency=government,
            title="内部请示",
            issued_on=date(2020, 11, 2),
            disclosure_status="exempt",
            status_reason="内部事务信息",
        ),
        by=office_clerk,
    )
    assert found(client, "q=请示") == []


def test_an_empty_result_says_what_to_try_and_offers_to_apply(client, publish):
    publish("招生通知")
    text = page(client, "q=滨水+红线图&year=2019")
    assert "没有找到“滨水 红线图”" in text
    assert 'href="/search/?q=%E6%BB%A8%E6%B0%B4"' in text  # one word of the two
    assert "去掉筛选条件再查" in text
    assert 'href="/apply/">申请公开这项信息' in text


def test_no_question_is_answered_with_how_to_ask(client, publish):
    publish("招生通知")
    assert "可以查 1 条公开信息" in page(client, "")


def test_pages_follow_each_other(client, publish):
    for number in range(21):
        publish(f"第{number}号公告")
    assert '共 <span class="strong">21</span> 条，第 21–21 条' in page(client, "q=公告&page=2")


def test_the_list_is_a_csv_file_too(client, publish):
    publish("招生通知", document_number="示教〔2020〕18号")
    text = b"".join(client.get("/search/?q=招生&format=csv").streaming_content).decode()
    assert text.startswith("\ufeff索引号,名称,文号")
    assert "招生通知,示教〔2020〕18号" in text


def test_a_question_is_cut_to_what_can_be_answered():
    asked = asked_in(QueryDict(f"q={'长' * 500}&sort=x&year=20200"))
    assert len(asked.q) == 100
    assert (asked.sort, asked.year) == ("", "")


def test_the_page_costs_few_queries(client, publish, django_assert_max_num_queries):
    for number in range(15):
        publish(f"第{number}号公告")
    page(client, "q=公告")
    with django_assert_max_num_queries(9):
        page(client, "q=公告")


# ---- the desk


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ("", []),
        (" 征 ", []),  # one character is in almost everything
        ("征收", ["征收"]),
        (" 征收  方案 ", ["征收", "方案"]),
        ("征 收", ["征", "收"]),  # two characters, though apart
    ],
)
def test_a_question_of_the_desk_is_read(asked, words):
    assert words_of(asked) == words


@pytest.fixture
def application(bureau, bureau_clerk):
    return applications.register_application(
        bureau,
        by=bureau_clerk,
        received_on=date(2020, 11, 2),
        channel="online",
        applicant_kind="natural_person",
        applicants=["钱某某"],
        description="滨水片区房屋征收补偿方案",
        subject="房屋征收补偿",
    )


def desk_page(client, user, asked):
    client.force_login(user)
    response = client.get("/desk/search/", {"q": asked})
    assert response.status_code == 200
    return response.content.decode()


def test_one_question_finds_through_all_ledgers(client, application, publish, government, bureau, office_clerk):
    publish("滨水片区规划")
    normative.register_normative(
        RecordEntry(agency=government, title="滨水片区管理办法", issued_on=date(2018, 3, 1)),
        kind="normative_document",
        in_force_on=date(2018, 4, 1),
        by=office_clerk,
    )
    text = desk_page(client, office_clerk, "滨水片区")
    for title in ("依申请公开", "政府信息目录", "规范性文件"):
        assert f">{title} <span" in text
    assert f'href="/desk/applications/{application.pk}/"' in text
    assert 'href="/desk/applications/?q=%E6%BB%A8%E6%B0%B4%E7%89%87%E5%8C%BA&amp;tab=all"' in text


def test_a_number_finds_the_application(client, application, office_clerk):
    assert f'href="/desk/applications/{application.pk}/"' in desk_page(client, office_clerk, application.number)


def test_an_agency_is_found_by_its_name(client, bureau, office_clerk):
    assert f'href="/desk/agencies/{bureau.pk}/"' in desk_page(client, office_clerk, "教育局")


def test_an_applicant_is_not_found_by_name(client, application, office_clerk):
    assert "没有找到“钱某某”" in desk_page(client, office_clerk, "钱某某")


def test_nothing_of_another_agency_is_found(client, application, town):
    assert "没有找到" in desk_page(client, make_staff("zhen", "镇科员", town, "clerk"), "滨水片区")


def test_an_administrator_finds_agencies_only(client, application, publish, administrator):
    publish("教育局的滨水通知")
    text = desk_page(client, administrator, "滨水")
    assert "没有找到" in text
    assert "教育局" in desk_page(client, administrator, "教育局")


def test_one_character_is_answered_kindly(client, office_clerk):
    assert "请至少写两个字" in desk_page(client, office_clerk, "征")


def test_no_question_is_answered_with_what_can_be_asked(client, office_clerk):
    assert "一次查遍各台账" in desk_page(client, office_clerk, "")


def test_of_very_many_the_first_are_shown(client, publish, office_clerk):
    for number in range(SHOWN + 1):
        publish(f"第{number}号公告")
    text = desk_page(client, office_clerk, "号公告")
    assert f'<span class="count">{SHOWN}+</span>' in text
    assert "看全部" in text
