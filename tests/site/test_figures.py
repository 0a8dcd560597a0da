"""When a figure of a published report agrees with the ledgers (design section 6)."""

from decimal import Decimal

import pytest

from gongkai.core import seeds
from gongkai.reporting.indicators import find
from gongkai.site.figure_list import CANNOT_AGREE, FIGURES
from gongkai.site.figures import agrees, unit_of_last_digit


@pytest.mark.parametrize(
    ("stated", "computed", "unit", "bound", "equal"),
    [
        ("639", "639", "条", None, True),  # exact
        ("639", "640", "条", None, False),
        ("10000", "10280", "条", "at_least", True),  # 1万余
        ("10000", "9999", "条", "at_least", False),  # less than stated
        ("10000", "20000", "条", "at_least", False),  # that would be 2万余
        ("73000", "73999", "人", "at_least", True),  # 7.3万余
        ("73000", "74000", "人", "at_least", False),
        ("20", "17", "个", "about", True),  # 近二十: within half of ten
        ("20", "14", "个", "about", False),
        ("95.69", "95.686", "%", None, True),  # 488 of 510, rounded as printed
        ("95.69", "95.68", "%", None, False),
        ("100", "99.6", "%", None, True),
        ("0", "0", "件", None, True),
    ],
)
def test_a_figure_agrees_as_it_was_stated(stated, computed, unit, bound, equal):
    assert agrees(Decimal(stated), Decimal(computed), unit=unit, bound=bound) is equal


@pytest.mark.parametrize(
    ("value", "unit"), [("10000", "10000"), ("73000", "1000"), ("24", "1"), ("0", "1"), ("95.69", "0.01")]
)
def test_the_last_stated_digit_has_a_unit(value, unit):
    assert unit_of_last_digit(Decimal(value)) == Decimal(unit)


def test_every_listed_figure_exists_and_names_an_indicator():
    stated = {figure["id"] for figure in seeds.figures()}
    assert set(FIGURES) | set(CANNOT_AGREE) <= stated
    assert [name for name in FIGURES.values() if find(name) is None] == []


def test_figures_that_contradict_themselves_are_listed_as_impossible():
    contradictory = {f["id"] for f in seeds.figures() if f.get("holds") is False or f.get("agrees") is False}
    assert contradictory <= set(CANNOT_AGREE)
