"""The parts of a report and its opening paragraph."""

import pytest

from gongkai.core.national_forms import FORMS, form_named
from gongkai.core.reading.report import PublishedReport, Section
from gongkai.core.writing.report_document import (
    Contact,
    ReportDocument,
    opening_paragraph,
    paragraphs,
    section_number,
    split_subheading,
)


def test_the_opening_names_basis_parts_and_period():
    assert opening_paragraph(form_named("2021"), 2024) == (
        "本报告依据《中华人民共和国政府信息公开条例》（国务院令第711号）和"
        "《国务院办公厅政府信息与政务公开办公室关于印发〈中华人民共和国政府信息公开工作年度报告格式〉的通知》"
        "（国办公开办函〔2021〕30号）编制。报告由“总体情况”“主动公开政府信息情况”"
        "“收到和处理政府信息公开申请情况”“政府信息公开行政复议、行政诉讼情况”“存在的主要问题及改进情况”"
        "“其他需要报告的事项”六个部分组成。"
        "报告中所列数据的统计期限自2024年1月1日起，至2024年12月31日止。"
    )


@pytest.mark.parametrize(
    ("form", "year", "number"),
    [
        ("2014", 2017, "国务院令第492号"),  # the text of 2007
        ("2014", 2018, "国务院令第492号"),  # made before 15 May 2019
        ("2019", 2019, "国务院令第711号"),
    ],
)
def test_the_opening_names_the_regulations_in_force_when_the_report_was_made(form, year, number):
    assert number in opening_paragraph(form_named(form), year)


@pytest.mark.parametrize("code", FORMS)
def test_the_opening_names_the_number_of_the_notice_of_its_form(code):
    form = form_named(code)
    [number] = {part for part in form.basis.replace("（", " ").replace("）", " ").split() if part.endswith("号")}
    assert f"（{number}）" in opening_paragraph(form, form.years[0])


def test_the_opening_ends_with_where_to_download_and_whom_to_ask():
    text = opening_paragraph(
        form_named("2019"),
        2020,
        download="“示范区人民政府”门户网站（网址：www.shifan.example）",
        contact=Contact("示范区政务公开办公室", phone="0000-0000000", postcode="000000"),
    )
    assert text.endswith(
        "本报告的电子版可在“示范区人民政府”门户网站（网址：www.shifan.example）下载。"
        "如对本报告有疑问，请与示范区政务公开办公室联系（电话：0000-0000000；邮编：000000）。"
    )


def test_the_free_text_of_2014_is_named_by_its_own_headings():
    text = opening_paragraph(form_named("2014"), 2017, headings=("一、主动公开情况", "二、依申请公开情况"))
    assert "报告由“主动公开情况”“依申请公开情况”两个部分组成。" in text


def test_a_contact_without_an_office_says_nothing():
    assert Contact(phone="0000-0000000").sentence() == ""


def test_a_table_stands_in_its_section(licheng):
    places = {section.heading: [layout.number for layout in layouts] for section, layouts in licheng.parts()}
    assert places == {
        "一、总体情况": [],
        "二、主动公开政府信息情况": ["表二"],
        "三、收到和处理政府信息公开申请情况": ["表三"],
        "四、政府信息公开行政复议、行政诉讼情况": ["表四"],
        "五、存在的主要问题及改进情况": [],
        "六、其他需要报告的事项": [],
    }


def test_the_table_of_2014_stands_after_the_free_text(shengsi):
    parts = list(shengsi.parts())
    assert [section.heading for section, _ in parts] == ["一、主动公开政府信息情况", ""]
    assert [layout.code for layout in parts[-1][1]] == ["statistics"]


def test_the_annex_of_2014_has_the_title_of_its_form(shengsi):
    assert shengsi.annex_title == "示范区2017年度政府信息公开情况统计表"


def test_a_report_on_no_form_is_refused():
    report = PublishedReport(None, "text", "hans", None, 2012, "示范区", {})
    with pytest.raises(ValueError, match="不是按国家统一格式编制"):
        _ = ReportDocument(report, "示范区2012年报告").form


def test_a_heading_is_known_by_its_number():
    assert section_number("五、存在的主要问题及改进情况") == "五"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("（一）主动公开", ("（一）主动公开", "")),  # a heading alone
        ("（一）主动公开。全年公开639条。", ("（一）主动公开。", "全年公开639条。")),  # a heading that runs on
        ("全年公开639条。", ("", "全年公开639条。")),  # plain text
        ("（一）" + "长" * 50 + "。其余", ("", "（一）" + "长" * 50 + "。其余")),  # too long to be a heading
    ],
)
def test_the_first_sentence_behind_a_bracketed_number_is_its_heading(line, parts):
    assert split_subheading(line) == parts


def test_each_line_of_a_narrative_is_a_paragraph_without_its_indent():
    assert list(paragraphs("　　第一段。\r\n\n  第二段。")) == ["第一段。", "第二段。"]


def test_of_a_free_text_only_what_was_written_comes(shengsi):
    sections = (*shengsi.report.sections, Section("二、依申请公开情况", " "))
    object.__setattr__(shengsi.report, "sections", sections)
    assert [section.heading for section, _ in shengsi.parts()] == ["一、主动公开政府信息情况", ""]
