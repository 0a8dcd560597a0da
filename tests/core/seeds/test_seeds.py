"""The measure of the program is complete and names only cells that exist."""

from decimal import Decimal

from gongkai.core.national_forms import FORMS
from gongkai.core.seeds import capabilities, figures


def test_there_are_270_figures_with_ids_of_their_own():
    assert len({figure["id"] for figure in figures()}) == 270


def test_there_are_180_capabilities():
    assert len(capabilities()) == 180


def test_a_value_is_exact():
    assert {type(figure["value"]) for figure in figures()} <= {int, Decimal, type(None)}


def test_a_figure_names_a_cell_of_its_form():
    named = [
        (figure["cell_form"], cell)
        for figure in figures()
        if "cell_form" in figure
        for cell in [*figure.get("cells", ()), *([figure["cell"]] if figure.get("cell") else ())]
    ]
    assert len(named) >= 60
    assert [(form, cell) for form, cell in named if cell not in FORMS[form].cells] == []


def test_a_capability_names_only_figures_that_exist():
    ids = {figure["id"] for figure in figures()}
    assert [name for capability in capabilities() for name in capability["figures"] if name not in ids] == []
