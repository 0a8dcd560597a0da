"""The table of an agency outside the system: what it must fill in, and as which returns it counts."""

from decimal import Decimal

import pytest

from gongkai.base.errors import RuleBroken
from gongkai.base.figures import port
from gongkai.core.national_forms import FORMS
from gongkai.core.national_forms.samples import SAMPLES, sample
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.annual_reports.outside import asked_cells, faults_of, figures_of
from tests.district import make_agency
from tests.reporting.annual_reports.test_compile import a_return


@pytest.mark.parametrize("name", SAMPLES)
def test_a_published_table_returned_cell_by_cell_compiles_to_itself(government, office_clerk, approver, name):
    published = sample(name)
    outside = make_agency("wai", "SF040", "示范区外办单位", "institution", government, works_outside=True)
    for figure in figures_of(published.form.code, published.cells):
        a_return(outside, figure.indicator, figure.value, office_clerk, approver, year=published.year)
    values = compile_report(outside, published.year).values
    printed = {code: value for code, value in published.cells.items() if value is not None}
    # The one row that the report printed in the shape of another form has no cell here.
    assert {code: values[code] for code in printed} == printed


@pytest.mark.parametrize("form", FORMS)
def test_every_asked_cell_is_returned_under_a_name_that_has_facts(form):
    figures = figures_of(form, dict.fromkeys((cell.code for cell in asked_cells(form)), 0))
    assert [figure.code for figure in figures] == [cell.code for cell in asked_cells(form)]
    assert all(port().facts(figure.indicator).returnable for figure in figures)


def test_totals_are_not_asked_for():
    codes = {cell.code for cell in asked_cells("2021")}
    assert "applications.new.natural_person" in codes
    assert not [code for code in codes if FORMS["2021"].cells[code].computed]


def test_blanks_stay_unknown_and_are_not_returned():
    figures = figures_of("2021", {"applications.new.natural_person": 3, "applications.carried_in.natural_person": None})
    assert [figure.code for figure in figures] == ["applications.new.natural_person"]


def test_money_is_returned_in_yuan():
    [figure] = figures_of("2021", {"proactive.administrative_fee.amount": Decimal("96171.6")})
    assert (figure.indicator, figure.value) == ("open_data.administrative_fees.amount", Decimal(961716000))


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"applications.new.natural_person": Decimal("1.5")}, "要填整数"),
        ({"applications.new.natural_person": -1}, "不能是负数"),
        ({"proactive.total": 1}, "没有数据格"),
        ({"applications.new.natural_person": None}, "一个数也没有"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(cells, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        figures_of("2021", cells)


def test_a_table_that_does_not_balance_is_said_before_it_is_filed():
    cells = dict.fromkeys((cell.code for cell in asked_cells("2021")), 0)
    assert faults_of("2021", cells) == []
    [fault, *_] = faults_of("2021", {**cells, "applications.new.natural_person": 4})
    assert "4" in fault
