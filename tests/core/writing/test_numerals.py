"""Numbers, dates and money as documents print them; between 元 and 万元 nothing is lost."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.core.national_forms import FORMS
from gongkai.core.writing.numerals import (
    chinese_date,
    chinese_digits,
    chinese_number,
    date_text,
    grouped,
    money_in_form_unit,
    plain,
    wan_from_yuan,
    yuan_from_form_unit,
    yuan_from_wan,
)

PROCUREMENT_2019 = FORMS["2019"].cells["proactive.centralized_procurement.amount"]  # 元
FEE_2021 = FORMS["2021"].cells["proactive.administrative_fee.amount"]  # 万元


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "零"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (2024, "二千零二十四"),
        (10001, "一万零一"),
        (100010, "十万零一十"),
        (200300, "二十万零三百"),
        (123456789, "一亿二千三百四十五万六千七百八十九"),
    ],
)
def test_numbers_in_chinese(number, text):
    assert chinese_number(number) == text


def test_there_are_no_negative_chinese_numbers():
    with pytest.raises(ValueError, match="负数"):
        chinese_number(-1)


@given(st.integers(0, 10**16 - 1))
def test_a_number_in_chinese_can_be_read_back(number):
    assert value_of(chinese_number(number)) == number


def value_of(text):
    """Reads Chinese numerals by another rule than they are written by: largest unit first."""
    for name, size in (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10)):
        before, unit, after = text.rpartition(name)
        if unit:
            return (value_of(before) if before else 1) * size + (value_of(after) if after else 0)
    return int("".join(str("零一二三四五六七八九".index(digit)) for digit in text))


def test_a_year_is_written_digit_by_digit():
    assert chinese_digits(2024) == "二〇二四"


def test_dates():
    day = date(2025, 1, 15)
    assert (chinese_date(day), date_text(day)) == ("二〇二五年一月十五日", "2025年1月15日")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (None, ""),  # unknown is not zero
        (491139, "491,139"),
        (-1090, "-1,090"),
        (Decimal("35692694.56"), "35,692,694.56"),
        (Decimal("-0.50"), "-0.5"),
        (Decimal("1E+3"), "1,000"),
    ],
)
def test_a_number_with_separators(value, text):
    assert grouped(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(Decimal("7545.00"), "7545"), (Decimal("96171.60"), "96171.6"), (None, "")]
)
def test_a_number_without_separators(value, text):
    assert plain(value) == text


@pytest.mark.parametrize(
    ("yuan", "wan"),
    [("25061800", "2506.18"), ("961716000", "96171.6"), ("0.01", "0.000001"), ("0", "0"), ("-5", "-0.0005")],
)
def test_yuan_and_wan(yuan, wan):
    assert wan_from_yuan(Decimal(yuan)) == Decimal(wan)
    assert yuan_from_wan(Decimal(wan)) == Decimal(yuan)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**30), max_value=10**30))
def test_money_goes_through_the_form_and_back_without_loss(yuan):
    for cell in (PROCUREMENT_2019, FEE_2021):
        assert yuan_from_form_unit(money_in_form_unit(yuan, cell), cell) == yuan


def test_the_form_of_2019_has_yuan_and_that_of_2021_wan():
    amount = Decimal(75450000)
    assert money_in_form_unit(amount, PROCUREMENT_2019) == amount
    assert money_in_form_unit(amount, FEE_2021) == 7545


def test_a_cell_that_counts_things_holds_no_money():
    with pytest.raises(ValueError, match="不是金额"):
        money_in_form_unit(Decimal(1), FORMS["2021"].cells["applications.new.total"])
