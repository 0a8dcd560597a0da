"""The report as JSON: the keys of the contract, no digit lost, unknown as null."""

import json
from decimal import Decimal

import pytest

from gongkai.core.national_forms.samples import sample
from gongkai.core.reading.report import NarrativeFigure, PublishedReport, Section, Unread, dumps


def report(**changes):
    found = sample("licheng-2020")
    values = {
        "file": None,
        "format": "ledger",
        "script": "hans",
        "form": "2019",
        "year": 2020,
        "issuer": "示范区人民政府",
        "cells": found.cells,
    }
    return PublishedReport(**(values | changes))


def test_the_keys_are_those_of_the_contract_in_their_order():
    assert list(report().to_json_object()) == [
        *("file", "format", "script", "form", "year", "issuer", "cells", "extra_cells", "printed", "unread"),
        *("sections", "figures"),
    ]


def test_a_figure_has_the_keys_of_the_contract():
    figure = NarrativeFigure("1万余条", 12, 10000, "条", True, "at_least", "主动公开", "records.published.total", None)
    (written,) = report(figures=(figure,)).to_json_object()["figures"]
    assert list(written) == [
        *("quote", "offset", "value", "unit", "approximate", "bound", "subject", "code", "cell"),
    ]


def test_money_keeps_its_digits():
    assert '"proactive.centralized_procurement.amount": 35692694.56' in dumps(report().to_json_object())


def test_a_whole_amount_is_an_integer():
    written = dumps(report(cells={"fees": Decimal("7545.00")}).to_json_object())
    assert json.loads(written)["cells"] == {"fees": 7545}
    assert '"fees": 7545}' in written


def test_unknown_is_null_and_not_zero():
    changed = report(cells={"fees": None}, unread=(Unread("fees", "slash"),)).to_json_object()
    written = json.loads(dumps(changed))
    assert written["cells"] == {"fees": None}
    assert written["unread"] == [{"code": "fees", "why": "slash"}]


def test_chinese_is_not_escaped():
    assert "一、总体情况" in dumps(report(sections=(Section("一、总体情况", "……"),)).to_json_object())


@pytest.mark.parametrize("indent", [None, 2])
def test_what_is_written_can_be_read_as_it_was(indent):
    value = {"甲": [1, Decimal("0.10"), None, True, '引号"和\n换行'], "空": {}, "列": [], "深": [{"层": [{}]}]}
    assert json.loads(dumps(value, indent=indent), parse_float=Decimal) == value


def test_without_indent_it_is_one_line_as_json_itself_writes_it():
    value = {"a": [1, 2, {"b": None}], "c": {}}
    assert dumps(value) == json.dumps(value)


def test_with_indent_it_is_what_json_itself_writes():
    value = {"a": [1, 2, {"b": None}], "c": {}, "d": []}
    assert dumps(value, indent=2) == json.dumps(value, indent=2)


def test_more_digits_than_a_float_holds_are_kept():
    assert dumps(Decimal("12345678901234567890.123456789012345678901")) == "12345678901234567890.123456789012345678901"


@pytest.mark.parametrize("value", [0.5, {"a": [0.5]}])
def test_a_float_is_refused(value):
    with pytest.raises(TypeError, match="浮点数"):
        dumps(value)


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="NaN"):
        dumps(Decimal("NaN"))


def test_a_key_is_text():
    with pytest.raises(TypeError, match="键"):
        dumps({1: 2})
