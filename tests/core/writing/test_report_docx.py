"""The .docx, read back: every cell where it belongs, labels as printed, unknown cells empty."""

from io import BytesIO

import pytest
from docx import Document
from docx.oxml.ns import qn

from gongkai.core.writing.report_docx import report_docx
from gongkai.core.writing.report_tables import OFFICIAL, printed_value


def read(document):
    return Document(BytesIO(report_docx(document)))


def test_every_cell_of_the_form_stands_in_its_place(document):
    tables = read(document).tables
    layouts = OFFICIAL[document.form.code]
    assert len(tables) == len(layouts)
    for table, layout in zip(tables, layouts, strict=True):
        rows = [row.cells for row in table.rows]
        for box in layout.boxes:
            cells = {
                id(rows[box.top + down][box.left + right]._tc)
                for down in range(box.height)
                for right in range(box.width)
            }
            text = rows[box.top][box.left].text
            assert len(cells) == 1, f"{layout.caption}: {box.text} is not merged"
            if box.kind == "value":
                assert text == printed_value(document.form.cells[box.code], document.report.cells[box.code])
            else:
                assert text == box.text


def test_the_headings_are_those_of_the_form(licheng):
    headings = [paragraph.text for paragraph in read(licheng).paragraphs if paragraph.style.name == "Heading 1"]
    assert tuple(headings) == licheng.form.sections


def test_title_and_opening_stand_before_section_one(licheng):
    first, second = read(licheng).paragraphs[:2]
    assert (first.style.name, first.text) == ("Title", licheng.title)
    assert second.text == licheng.opening


def test_a_table_follows_the_text_of_its_section(licheng):
    kinds = []
    for element in read(licheng).element.body:
        text = "".join(node.text or "" for node in element.iter(qn("w:t")))
        if element.tag == qn("w:tbl"):
            kinds.append("table")
        elif text.startswith(("二、", "三、")):
            kinds.append(text[0])
    assert kinds == ["二", "二", "table", "三", "三", "table", "table"]  # heading, text that repeats it, table


def test_an_unknown_cell_is_empty_and_named_in_a_note(with_an_unknown_cell):
    word = read(with_an_unknown_cell)
    [layout] = [one for one in OFFICIAL["2019"] if one.number == "表二"]
    [box] = [box for box in layout.boxes if box.code == "proactive.permit.rulings"]
    assert word.tables[0].rows[box.top].cells[box.left].text == ""
    assert any("未填的数据格留空，不作零计：表二" in paragraph.text for paragraph in word.paragraphs)


def test_notes_and_signature_stand_at_the_end(licheng):
    lines = [paragraph.text for paragraph in read(licheng).paragraphs if paragraph.text]
    assert lines[-3:] == [f"注1：{licheng.notes[0]}", "示范区人民政府", "2021年1月28日"]


def test_the_table_of_2014_has_its_title_and_the_labels_under_it(shengsi):
    lines = [paragraph.text for paragraph in read(shengsi).paragraphs]
    assert "示范区2017年度政府信息公开情况统计表" in lines
    assert "单位负责人：　　审核人：　　填报人：沈科员　　联系电话：　　填报日期：" in lines


def test_the_heads_of_a_table_are_repeated_on_each_page(licheng):
    table = read(licheng).tables[1]
    repeated = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in table.rows]
    assert repeated[:4] == [True, True, True, False]


def test_pages_are_numbered(licheng):
    footer = read(licheng).sections[0].footer
    assert footer.paragraphs[0].text == "—  —"
    assert "PAGE" in footer._element.xml


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [("Normal", "仿宋_GB2312", 16), ("Title", "方正小标宋简体", 22), ("Heading 1", "黑体", 16)],
)
def test_the_type_is_that_of_official_documents(licheng, style, font, size):
    found = read(licheng).styles[style]
    assert found.element.rPr.rFonts.get(qn("w:eastAsia")) == font
    assert found.font.size.pt == size


def test_each_font_names_another_for_machines_that_lack_it(licheng):
    [part] = [part for part in read(licheng).part.package.iter_parts() if "fontTable" in part.partname]
    assert 'w:name="方正小标宋简体"><w:altName w:val="宋体"/>' in part.blob.decode()


def test_the_same_report_in_xml_signs_is_not_taken_for_markup(licheng):
    object.__setattr__(licheng, "opening", "甲<乙>&丙")
    assert read(licheng).paragraphs[1].text == "甲<乙>&丙"
