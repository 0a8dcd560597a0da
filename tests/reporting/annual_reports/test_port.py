"""What the ledgers ask: facts of an indicator, whether rows exist, which cells take returns."""

from datetime import date

import pytest

from gongkai.base.figures import port
from gongkai.core.national_forms import FORMS
from gongkai.reporting.annual_reports.bindings import bindings_of
from gongkai.reporting.indicators import indicators
from gongkai.reporting.indicators.returnable import CELLS, IN_ADDITION
from tests.reporting.annual_reports.test_compile import a_record, an_application

FIRST, LAST = date(2020, 1, 1), date(2020, 12, 31)


def test_the_cells_that_take_returns_are_those_of_the_issue():
    patterns = {
        "2014": ("fees", "staffing.", "training.", "responses.", "complaints"),
        "2019": tuple(
            f"proactive.{row}."
            for row in (
                "permit",
                "other_service",
                "penalty",
                "compulsory_measure",
                "administrative_fee",
                "centralized_procurement",
            )
        ),
    }
    patterns["2021"] = patterns["2019"]
    for form, cells in FORMS.items():
        named = {code for code in cells.cells if code.startswith(patterns[form])}
        # 工作人员数 is the sum of 专职 and 兼职, which are returned.
        assert {code.partition(":")[2] for code in CELLS if code.startswith(f"{form}:")} == named - {"staffing.people"}


def test_every_other_cell_comes_from_rows():
    for form in FORMS:
        for code, binding in bindings_of(form).items():
            if f"{form}:{code}" not in CELLS and code != "staffing.people":
                assert binding.term is not None
                assert not binding.returns


@pytest.mark.parametrize("name", ["applications.new.total", "normative.issued", "remedies.reconsideration.total"])
def test_what_is_counted_from_rows_takes_no_return(name):
    facts = port().facts(name)
    assert not facts.returnable
    assert not facts.in_addition
    assert "不接受填报" in facts.not_returnable


def test_the_one_exception_stands_only_beside_rows():
    assert [name for name in indicators() if port().facts(name).in_addition] == list(IN_ADDITION)
    assert not port().facts("records.published.total").returnable


def test_units_and_signs_are_the_indicators():
    change, amount = port().facts("open_data.permits.change"), port().facts("open_data.centralized_procurement.amount")
    assert (change.signed, change.integral, change.unit) == (True, True, "项")
    assert (amount.signed, amount.integral, amount.unit) == (False, False, "元")


@pytest.mark.parametrize(
    "name", ["applications.nwe", "2019:applications.nwe.total", "2019:applications.new.total", "x:y"]
)
def test_there_are_no_facts_of_what_does_not_exist(name):
    assert port().facts(name) is None


def test_a_cell_of_an_outside_table_has_facts_in_yuan_and_whole_numbers():
    facts = port().facts("2021:applications.granted.natural_person")
    assert (facts.returnable, facts.integral, facts.unit) == (True, True, "件")


def test_rows_exist_for_the_agency_itself_in_the_period(bureau, government, portal_outlet):
    an_application(bureau, date(2020, 3, 2))
    a_record(bureau, portal_outlet, date(2020, 3, 2), 1)
    for name in ("applications.new.total", "records.published.total", "2019:applications.new.natural_person"):
        assert port().rows_exist(name, bureau.pk, FIRST, LAST)
        assert not port().rows_exist(name, government.pk, FIRST, LAST)
        assert not port().rows_exist(name, bureau.pk, date(2021, 1, 1), date(2021, 12, 31))
    assert not port().rows_exist("open_data.permits.rulings", bureau.pk, FIRST, LAST)


def test_every_returnable_indicator_is_listed_once():
    names = [facts.name for facts in port().returnable()]
    assert len(names) == len(set(names))
    assert {name for name, _ in CELLS.values()} <= set(names)
    assert "services.hall.visitors" in names
