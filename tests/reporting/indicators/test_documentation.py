"""The generated page names every indicator and every cell that takes returns."""

from gongkai.reporting.indicators import indicators
from gongkai.reporting.indicators.documentation import indicators_markdown
from gongkai.reporting.indicators.returnable import CELLS


def test_the_page_names_every_indicator_and_every_returnable_cell():
    page = indicators_markdown()
    for name in indicators():
        assert f"`{name}`" in page
    for cell, (_, why) in CELLS.items():
        assert f"`{cell}`" in page
        assert why in page


def test_every_indicator_says_what_it_counts():
    assert not [one.name for one in indicators().values() if not one.counts or not one.unit or not one.title]
