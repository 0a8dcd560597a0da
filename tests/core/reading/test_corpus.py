"""Real reports: no wrong value, and no cell left unread that a reader can read."""

import pytest

from gongkai.core.reading.reader import read_report
from tests.core.reading.corpus import CORPUS, known_files, score

FILES = list(known_files())
TOUCHING = {"023-pingtan-2020.txt": 17, "024-pingtan-2021.txt": 3}
"""Cells of table two whose digits touch and which no relation settles."""


@pytest.fixture(scope="module")
def reports():
    return {known.path.name: read_report(known.path) for known in FILES}


@pytest.mark.parametrize("known", FILES, ids=lambda known: known.path.name)
def test_no_value_is_wrong_and_none_is_invented(known, reports):
    scored = score(known, reports[known.path.name])
    assert (scored.wrong, scored.invented) == (0, 0)


@pytest.mark.parametrize("known", FILES, ids=lambda known: known.path.name)
def test_only_cells_whose_digits_touch_stay_unread(known, reports):
    assert score(known, reports[known.path.name]).unread == TOUCHING.get(known.path.name, 0)


@pytest.mark.parametrize("known", FILES, ids=lambda known: known.path.name)
def test_the_form_is_told_by_what_is_printed(known, reports):
    assert reports[known.path.name].form == known.form


@pytest.mark.parametrize(
    ("name", "issuer", "year"),
    [
        ("002-huaian-2024.pdf", "淮安市人民政府", 2024),
        ("003-hongze-2023.txt", "洪泽区人民政府", 2023),
        ("011-shuyang-fgj-2023.html", "沭阳县发展和改革局", 2023),
        ("020-pingtan-2017.txt", "平潭综合实验区", 2017),
        ("seed-shengsi-2017.txt", "中共嵊泗县委嵊泗县人民政府办公室", 2017),
        ("seed-licheng-2020.txt", None, 2020),  # no title is printed; the year is that of the period
    ],
)
def test_issuer_and_year_are_those_of_the_title(name, issuer, year, reports):
    assert (reports[name].issuer, reports[name].year) == (issuer, year)


@pytest.mark.parametrize(
    ("name", "script"),
    [("seed-licheng-2020.txt", "hans"), ("seed-wuding-2020.txt", "hant"), ("002-huaian-2024.pdf", "hans")],
)
def test_the_script_is_told(name, script, reports):
    assert reports[name].script == script


@pytest.mark.parametrize("name", [known.path.name for known in FILES if known.form in ("2019", "2021")])
def test_the_six_sections_are_found(name, reports):
    assert [section.heading[:2] for section in reports[name].sections] == [
        "一、",
        "二、",
        "三、",
        "四、",
        "五、",
        "六、",
    ]


def test_a_row_in_the_shape_of_another_form_stands_apart(reports):
    report = reports["003-hongze-2023.pdf"]
    assert report.extra_cells["applications.otherwise_closed.total"] == 0
    assert report.cells["applications.otherwise_closed.other.total"] is None


def test_lost_tables_are_missing_and_not_zero(reports):
    report = reports["seed-daishan-2020.txt"]
    assert set(report.cells.values()) == {None}
    assert {unread.why for unread in report.unread} == {"missing_table"}


def test_blank_columns_are_blank(reports):
    report = reports["011-shuyang-fgj-2023.html"]
    why = {unread.code: unread.why for unread in report.unread}
    assert why["applications.new.commercial_enterprise"] == "blank"


def test_every_cell_without_value_says_why(reports):
    for report in reports.values():
        unknown = {code for code, value in report.cells.items() if value is None}
        assert {unread.code for unread in report.unread} == unknown


def test_what_was_printed_stands_in_the_file(reports):
    """Damaged and traditional characters are kept: a quote leads back to the print."""
    printed = (CORPUS / "seed-wuding-2020.txt").read_text(encoding="utf-8")
    report = reports["seed-wuding-2020.txt"]
    assert report.printed["proactive.centralized_procurement.amount"] == "2506.18萬元"
    assert all(section.text[:40] in printed for section in report.sections)
