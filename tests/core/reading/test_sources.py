"""Files that are no report, or hostile: one sentence each, in time, and nothing read into them."""

import io
import zipfile
from decimal import Decimal

import pytest

from gongkai.core.reading.reader import read_report
from gongkai.core.reading.sources import Unreadable
from gongkai.core.reading.sources.html import read_html
from gongkai.core.reading.tables.grids import printed_rows
from tests.core.reading.corpus import CORPUS


def archive(**files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as written:
        for name, data in files.items():
            written.writestr(name.replace("__", "/") + ".xml", data)
    return file.getvalue()


BAD = {
    "empty.txt": (b"", "空文件"),
    "blanks.html": (b" \r\n\t", "空文件"),
    "picture.pdf": (b"\x89PNG\r\n\x1a\n" + bytes(200), "图片"),
    "photo.jpg": (b"\xff\xd8\xff\xe0" + bytes(200), "图片"),
    "old.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧格式"),
    "broken.pdf": (b"%PDF-1.7\n1 0 obj\n<<", "不是完整的 PDF"),
    "broken.docx": (b"PK\x03\x04" + bytes(40), "损坏"),
    "sheet.docx": (archive(xl__workbook="<a/>"), "不是 Word 文档"),
    "bomb.docx": (archive(word__document=b" " * (70 * 1024 * 1024)), "太大"),
    "news.html": ("<html><body><p>今天天气很好。</p></body></html>".encode(), "不像政府信息公开年度报告"),
    "noise.bin": (bytes(range(256)) * 40, "读不了"),
    "nested.html": (b"<html>" + b"<div>" * 400_000, "不像|没有"),
    "tables.html": (b"<html>" + b"<table><tr><td>" * 50_000, "不像|没有"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_read_is_said_in_one_sentence(name, tmp_path):
    data, sentence = BAD[name]
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=sentence) as refused:
        read_report(path)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(Unreadable, match=r"没有 .*gone\.pdf 这个文件"):
        read_report(tmp_path / "gone.pdf")


def test_a_folder_is_no_report(tmp_path):
    with pytest.raises(Unreadable, match="是文件夹"):
        read_report(tmp_path)


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(65 * 1024 * 1024)
    with pytest.raises(Unreadable, match="超过 64 MB"):
        read_report(path)


def test_a_pdf_of_pictures_has_no_text_layer_and_no_zeros(tmp_path):
    import pypdfium2

    pdf = pypdfium2.PdfDocument.new()
    pdf.new_page(595, 842)
    path = tmp_path / "scanned.pdf"
    pdf.save(path)
    report = read_report(path)
    assert (report.form, dict(report.cells)) == (None, {})
    assert [unread.why for unread in report.unread] == ["no_text_layer"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", ["011-shuyang-fgj-2023.html", "002-huaian-2024.txt", "002-huaian-2024.pdf"])
def test_half_a_file_gives_true_values_or_a_sentence(name, share, tmp_path):
    data = (CORPUS / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(data[: int(len(data) * share)])
    whole = read_report(CORPUS / name)
    try:
        report = read_report(path)
    except Unreadable:
        return
    assert [code for code, value in report.cells.items() if value is not None and value != whole.cells[code]] == []


def test_the_cells_of_a_table_are_laid_out_by_their_spans():
    table = "<table><tr><td rowspan=2>规章</td><td>1</td></tr><tr><td colspan='9999999999'>2</td></tr></table>"
    (grid,) = read_html(f"<html>{table}</html>").grids
    assert [(cell.row, cell.left, cell.height) for cell in grid.cells] == [(0, 0, 2), (0, 1, 1), (1, 1, 1)]


def test_what_a_page_hides_is_not_read():
    page = read_html(
        "<html><body><style>p {width: 12px}</style><p>正<b>文</b></p><script>var a = 7;</script></body></html>"
    )
    assert page.text == "正文"


def test_rows_that_stand_side_by_side_are_two():
    cells = "<td>{}</td><td>条</td><td>{}</td>"
    first, second = cells.format("1.当面申请数", 3), cells.format("2.传真申请数", 4)
    rows = printed_rows(read_html(f"<table><tr>{first}{second}</tr></table>").grids)
    assert [row.pieces[-1].text for row in rows] == ["3", "4"]


def test_decimals_stay_decimal():
    report = read_report(CORPUS / "005-suqian-2023.txt")
    assert report.cells["proactive.administrative_fee.amount"] == Decimal("59237.2449")
