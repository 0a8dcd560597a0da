"""Kinds of applicants, channels, remedies and exemptions against the forms that count them."""

import pytest

from gongkai.core.law.applicants import APPLICANT_KINDS, is_organization
from gongkai.core.law.articles import cite
from gongkai.core.law.channels import PUBLICATION_CHANNELS, RECEIPT_CHANNELS
from gongkai.core.law.exemptions import EXEMPTIONS
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.core.law.remedies import PENDING, REMEDY_DECISIONS, REMEDY_KINDS, REMEDY_RESULTS, decisions_of, result_of
from gongkai.core.national_forms import FORMS


@pytest.mark.parametrize("form_code", ["2019", "2021"])
def test_the_kinds_of_applicant_are_the_columns_of_table_three(form_code):
    columns = [column.code for column in FORMS[form_code].table("applications").columns]
    assert [*APPLICANT_KINDS, "total"] == columns


@pytest.mark.parametrize("form_code", ["2019", "2021"])
def test_all_kinds_but_natural_persons_stand_under_the_head_of_organizations(form_code):
    grouped = [column.code for column in FORMS[form_code].table("applications").columns if column.group]
    assert [kind for kind in APPLICANT_KINDS if is_organization(kind)] == grouped


def test_the_ways_of_receipt_are_rows_of_2014():
    cells = [code for code in FORMS["2014"].cells if code.startswith("applications.received.")]
    assert [f"applications.received.{channel}" for channel in RECEIPT_CHANNELS] == cells


def test_the_channels_of_publication_are_rows_of_2014():
    cells = [code for code in FORMS["2014"].cells if code.startswith("proactive.channel.")]
    assert [f"proactive.channel.{channel}" for channel in PUBLICATION_CHANNELS] == cells


@pytest.mark.parametrize("form_code", ["2019", "2021"])
def test_kinds_and_results_of_remedies_are_the_columns_of_table_four(form_code):
    columns = [column.code for column in FORMS[form_code].table("remedies").columns]
    assert [f"{kind}.{result}" for kind in REMEDY_KINDS for result in (*REMEDY_RESULTS, PENDING, "total")] == columns


@pytest.mark.parametrize(
    ("decision", "result"),
    [
        ("request_dismissed", "upheld"),
        ("claims_dismissed", "upheld"),
        ("revoked", "corrected"),
        ("ordered_to_perform", "corrected"),
        ("suit_dismissed", "other_result"),  # 驳回起诉 is not 驳回诉讼请求
        ("application_dismissed", "other_result"),  # 驳回行政复议申请 is not 驳回行政复议请求
        ("withdrawn", "other_result"),
    ],
)
def test_a_decision_is_counted_by_its_result(decision, result):
    assert result_of(decision) == result


def test_every_result_is_one_of_table_four():
    assert {decision.result for decision in REMEDY_DECISIONS.values()} == set(REMEDY_RESULTS)


def test_a_court_does_not_dismiss_a_reconsideration_request():
    assert "request_dismissed" not in [decision.code for decision in decisions_of("direct_suit")]


def test_each_exemption_leads_to_an_outcome():
    assert [ground.outcome for ground in EXEMPTIONS.values() if ground.outcome not in OUTCOMES] == []


def test_an_exemption_and_its_outcome_name_the_same_article():
    different = [
        ground.code
        for ground in EXEMPTIONS.values()
        if ground.article != OUTCOMES[ground.outcome].article.split(",")[0]
    ]
    assert different == []


REGULATIONS = "《中华人民共和国政府信息公开条例》"


@pytest.mark.parametrize(
    ("article", "text"),
    [
        ("14", f"{REGULATIONS}第十四条"),
        ("16(2)", f"{REGULATIONS}第十六条第二款"),  # a paragraph
        ("36(1)", f"{REGULATIONS}第三十六条第（一）项"),  # an item
        ("15, 32", f"{REGULATIONS}第十五条、第三十二条"),
        ("42; 国办函〔2020〕109号", f"{REGULATIONS}第四十二条；国办函〔2020〕109号"),
        ("", ""),  # some outcomes are named only by the form
    ],
)
def test_an_article_is_cited_as_documents_print_it(article, text):
    assert cite(article) == text


def test_the_name_of_the_regulations_can_be_shortened():
    assert cite("20(5)", name="《条例》") == "《条例》第二十条第（五）项"


def test_there_is_no_article_zero():
    with pytest.raises(ValueError, match="第零条"):
        cite("0")
