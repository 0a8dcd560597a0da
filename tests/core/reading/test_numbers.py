"""One printed cell: its value, or why it has none."""

from decimal import Decimal

import pytest

from gongkai.core.reading.numbers import in_unit, read_cell


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        (" 12 ", 12),
        ("1,234,567", 1234567),
        ("+87", 87),
        ("-18", -18),
        ("减2", -2),
        ("增加15", 15),
        ("96171.6", Decimal("96171.6")),
        ("12件", 12),
        ("35692694.56元", Decimal("35692694.56")),
    ],
)
def test_a_number_is_read(text, value):
    assert read_cell(text).value == value


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "blank"),
        ("  \n", "blank"),
        ("/", "slash"),
        ("——", "slash"),
        ("-", "slash"),
        ("N/A", "slash"),
        ("无", "illegible"),
        ("007", "illegible"),
        ("00", "illegible"),
        ("O", "illegible"),
        ("12 34", "ambiguous"),
        ("1,23", "ambiguous"),
        ("12(其中3)", "ambiguous"),
        ("9" * 30, "illegible"),
    ],
)
def test_what_is_no_number_is_unread_and_never_zero(text, why):
    reading = read_cell(text)
    assert (reading.value, reading.why) == (None, why)


@pytest.mark.parametrize(
    ("text", "head", "form", "value"),
    [
        ("2506.18万元", "", "元", 25061800),
        ("7730.28", "万元", "万元", Decimal("7730.28")),
        ("77302800", "元", "万元", Decimal("7730.28")),
        ("7730.28万元", "元", "万元", Decimal("7730.28")),  # beside the number counts before the head
        ("15", "", "万元", 15),
        ("12件", "", "件", 12),
    ],
)
def test_money_is_in_the_unit_of_the_form_to_the_last_digit(text, head, form, value):
    assert in_unit(read_cell(text), printed_unit=head, form_unit=form) == value
