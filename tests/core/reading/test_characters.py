"""Normal text and the way back to the print."""

import pytest

from gongkai.core.reading.characters import normalise, script_of


@pytest.mark.parametrize(
    ("printed", "text"),
    [
        ("１２３，４５６件", "123,456件"),
        ("（一）收到申請數", "(一)收到申请数"),
        ("數(shù)據(jù)", "数据"),
        ("發(fā)布", "发布"),
        ("条例(tiaoli)", "条例(tiaoli)"),  # two characters, so no reading of the one before
        ("網(abc)", "网(abc)"),
        ("①", "①"),
        ("−3", "-3"),
    ],
)
def test_width_script_and_damage_are_evened_out(printed, text):
    assert normalise(printed).text == text


def test_a_quote_is_what_is_printed():
    normal = normalise("共收到數(shù)據(jù)１２條。")
    start = normal.text.index("12")
    assert normal.quote(start, start + 3) == "１２條"


def test_a_quote_over_a_removed_reading_keeps_it():
    assert normalise("數(shù)據(jù)").quote(0, 2) == "數(shù)據"


@pytest.mark.parametrize(
    ("printed", "script"),
    [
        ("政府信息公开条例", "hans"),
        ("政府信息公開條例", "hant"),
        ("政府信息公开条例的规定與實施", "mixed"),
        ("2024", "hans"),
    ],
)
def test_the_script_is_that_of_the_characters_with_two_forms(printed, script):
    assert script_of(printed) == script
