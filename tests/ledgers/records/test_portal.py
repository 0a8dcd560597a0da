"""The portal pages of records."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse

from gongkai.ledgers.normative import actions as normative
from gongkai.ledgers.records import actions

pytestmark = pytest.mark.django_db
MOST_QUERIES = 10


@pytest.fixture
def publish(entry, portal_outlet, bureau_clerk):
    """Register a document like the usual one and publish it on the portal on 2020-11-10."""

    def make(**change):
        record = actions.register_record(replace(entry, **change), by=bureau_clerk)
        actions.publish_record(record, portal_outlet, on=date(2020, 11, 10), by=bureau_clerk)
        return record

    return make


def text(answer, status: int = 200) -> str:
    assert answer.status_code == status
    return answer.content.decode()


def address(record) -> str:
    return reverse("portal:record", args=[record.index_number])


def test_the_empty_column_says_what_belongs_here(client, db):
    assert "依法应当主动公开" in text(client.get(reverse("portal:records")))


def test_the_column_lists_what_the_portal_publishes(client, publish, record):
    shown = publish(title="关于学区划分的通知")
    page = text(client.get(reverse("portal:records")))
    assert shown.title in page
    assert record.title not in page  # registered, not published


@pytest.mark.parametrize("count", [2, 45])
def test_the_column_needs_few_queries_whatever_its_size(client, publish, django_assert_max_num_queries, count):
    for number in range(count):
        publish(title=f"关于第{number}件事项的通知")
    with django_assert_max_num_queries(MOST_QUERIES):
        text(client.get(reverse("portal:records"), {"q": "事项", "year": "2020", "agency": "jiaoyu"}))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "学区"}, True),
        ({"q": "征收"}, False),
        ({"year": "2020"}, True),
        ({"year": "2019"}, False),
        ({"agency": "jiaoyu"}, True),
        ({"category": "budgets"}, True),
        ({"category": "statistics"}, False),
    ],
)
def test_the_column_is_narrowed_by_words_year_agency_and_topic(client, publish, category, query, found):
    shown = publish(title="关于学区划分的通知", category=category)
    assert (address(shown) in text(client.get(reverse("portal:records"), query))) is found


@pytest.mark.parametrize("query", [{"year": "二〇二〇"}, {"year": "99999"}, {"agency": "nowhere"}, {"page": "-1"}])
def test_nonsense_in_the_address_breaks_nothing(client, publish, query):
    publish()
    text(client.get(reverse("portal:records"), query))


def test_the_choices_beside_the_column_say_how_many_there_are(client, publish, category):
    for name in ("甲", "乙", "丙"):
        publish(title=name, category=category)
    facets = client.get(reverse("portal:records")).context["facets"]
    counts = {facet["title"]: [(c["title"], c["count"]) for c in facet["choices"]] for facet in facets}
    assert counts["主题分类"] == [("全部", None), ("财政预决算", 3)]
    assert counts["公开主体"] == [("全部", None), ("示范区教育局", 3)]


def test_of_many_choices_ten_are_in_sight_and_the_chosen_one_too(client, publish):
    for year in range(2001, 2015):
        publish(title=f"{year}年的通知", issued_on=date(year, 3, 2))
    facet = client.get(reverse("portal:records"), {"year": "2001"}).context["facets"][0]
    assert [choice["title"] for choice in facet["choices"]] == [
        "全部",
        *(str(year) for year in range(2014, 2004, -1)),
        "2001",
    ]
    assert [choice["title"] for choice in facet["more"]] == ["2004", "2003", "2002"]


def test_the_counts_follow_every_change(client, publish, bureau_clerk):
    def total() -> int:
        return client.get(reverse("portal:records")).context["facets"][0]["choices"][1]["count"]

    record, counts = publish(), []
    counts.append(total())
    publish()
    counts.append(total())
    actions.withdraw_publication(record.publications.get(), reason="附件有误", by=bureau_clerk)
    counts.append(total())
    assert counts == [1, 2, 1]


def test_a_hit_in_the_title_stands_before_one_in_the_text(client, publish):
    publish(title="其他事项", body="附带提到学区划分。", issued_on=date(2020, 11, 9))
    publish(title="关于学区划分的通知", issued_on=date(2020, 11, 3))
    lines = client.get(reverse("portal:records"), {"q": "学区划分"}).context["lines"]
    assert [line["row"].title for line in lines] == ["关于学区划分的通知", "其他事项"]


def test_the_column_is_a_file_too_without_anything_of_the_desk(client, publish):
    publish()
    [row] = json.loads(b"".join(client.get(reverse("portal:records"), {"format": "json"}).streaming_content))
    assert set(row) == {
        "index_number",
        "title",
        "document_number",
        "agency",
        "category",
        "issued_on",
        "published_on",
    }


def test_the_page_shows_the_fields_of_an_item_page_and_the_text_by_paragraphs(client, publish):
    page = text(client.get(address(publish())))
    for name in ("索引号", "主题分类", "公开主体", "成文日期", "发布日期", "名称", "文号", "有效性", "公开方式"):
        assert f'<th scope="row">{name}</th>' in page
    assert "<p>各学校：</p><p>招生工作按照公告进行。</p>" in page


def test_text_is_shown_as_text(client, publish):
    page = text(client.get(address(publish(body="<script>alert(1)</script>"))))
    assert "&lt;script&gt;" in page


def test_a_number_with_a_stroke_has_its_page(client, publish):
    text(client.get(address(publish(index_number="003456789/2020-00012"))))


@pytest.mark.parametrize("number", ["SF020-0000-2020-00001", "没有这个号"])
def test_what_was_never_on_the_portal_is_not_there(client, record, number):
    assert client.get(reverse("portal:record", args=[number])).status_code == 404


def test_what_was_taken_down_says_so_and_nothing_else(client, publish, bureau_clerk):
    record = publish(title="含有个人信息的名单")
    actions.withdraw_publication(record.publications.get(), reason="含个人信息", by=bureau_clerk)
    page = text(client.get(address(record)), 410)
    assert "已于 2020-11-20 撤下" in page
    assert record.title not in page
    assert "含个人信息" not in page


def test_what_was_made_exempt_after_it_was_taken_down_stays_gone(client, publish, bureau_clerk):
    record = publish()
    actions.withdraw_publication(record.publications.get(), reason="含个人信息", by=bureau_clerk)
    actions.change_status(record, status="exempt", by=bureau_clerk, reason="条例第十五条")
    assert client.get(address(record)).status_code == 410


def test_a_repealed_document_is_marked_on_its_page_and_in_the_column(client, publish, bureau_clerk):
    record = publish(title="示范区学区管理办法", issued_on=date(2020, 3, 2))
    document = normative.register_normative(
        record, kind="normative_document", in_force_on=date(2020, 4, 1), by=bureau_clerk
    )
    assert "现行有效" in text(client.get(address(record)))
    normative.repeal(document, on=date(2020, 11, 1), by_document="示教〔2020〕17号", by=bureau_clerk)
    page = text(client.get(address(record)))
    for shown in ("废止", "2020-11-01", "示教〔2020〕17号"):
        assert shown in page
    column = text(client.get(reverse("portal:records")))
    assert "2020-11-01 废止，依据：示教〔2020〕17号" in column


@pytest.mark.parametrize(
    ("name", "code", "nothing"),
    [("guide", "disclosure_guide", "公开指南说明"), ("rules", "disclosure_rules", "公布政府信息公开的法规")],
)
def test_guide_and_rules_show_the_records_of_their_category(
    client, publish, government, office_clerk, name, code, nothing
):
    assert nothing in text(client.get(reverse(f"portal:{name}")))
    special = actions.create_category(government, code=code, name="专门分类", by=office_clerk)
    publish(title="示范区政府信息公开文件", category=special, body="一、怎样查找")
    page = text(client.get(reverse(f"portal:{name}")))
    assert "示范区政府信息公开文件" in page
    assert "<p>一、怎样查找</p>" in page
    assert "示范区政府信息公开文件" not in text(client.get(reverse("portal:records")))  # it has an entry of its own


@pytest.mark.parametrize("name", ["records", "guide", "rules", "normative"])
def test_pages_of_the_portal_set_no_cookie_and_ask_for_no_session(client, publish, name):
    publish()
    answer = client.get(reverse(f"portal:{name}"))
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")


def test_pages_of_the_portal_change_nothing(client, publish):
    publish()
    assert client.post(reverse("portal:records")).status_code == 405
