"""Numbers, money and dates as official documents print them, and money between 元 of the ledgers and 万元 of the forms.

Nothing is rounded: converting back gives the same number of yuan, digit by digit.
"""

from datetime import date
from decimal import Decimal

from gongkai.core.law.articles import DIGITS, chinese_number
from gongkai.core.national_forms.cells import Cell, CellValue

__all__ = [
    "chinese_date",
    "chinese_digits",
    "chinese_number",
    "date_text",
    "grouped",
    "money_in_form_unit",
    "plain",
    "wan_from_yuan",
    "yuan_from_form_unit",
    "yuan_from_wan",
]

WAN = 4  # 1 万元 = 10^4 元


def chinese_digits(number: int) -> str:
    """Digit by digit, as years are written: 2024 is 二〇二四."""
    return "".join(DIGITS[int(digit)] for digit in str(number)).replace("零", "〇")


def chinese_date(day: date) -> str:
    """A date in Chinese numerals: 二〇二五年一月十五日."""
    return f"{chinese_digits(day.year)}年{chinese_number(day.month)}月{chinese_number(day.day)}日"


def date_text(day: date) -> str:
    """A date in Arabic numerals, as official documents have been dated since 2012: 2025年1月15日."""
    return f"{day.year}年{day.month}月{day.day}日"


def plain(value: CellValue) -> str:
    """A number without separators and without needless zeros: 35692694.56, 7545; an unknown one is empty, never 0."""
    if value is None:
        return ""
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def grouped(value: CellValue) -> str:
    """A number with thousands separators: 35,692,694.56; an unknown one is empty, never 0."""
    return "" if value is None else f"{Decimal(plain(value)):,f}"


def wan_from_yuan(yuan: Decimal) -> Decimal:
    """元 as 万元, exactly."""
    return _shifted(yuan, -WAN)


def yuan_from_wan(wan: Decimal) -> Decimal:
    """万元 as 元, exactly."""
    return _shifted(wan, WAN)


def money_in_form_unit(yuan: Decimal, cell: Cell) -> Decimal:
    """An amount of the ledgers in the unit of the cell. Raises ValueError for a cell that holds no money."""
    return wan_from_yuan(yuan) if _is_in_wan(cell) else yuan


def yuan_from_form_unit(value: Decimal, cell: Cell) -> Decimal:
    """The value of a cell in 元. Raises ValueError for a cell that holds no money."""
    return yuan_from_wan(value) if _is_in_wan(cell) else value


def _is_in_wan(cell: Cell) -> bool:
    if cell.unit not in ("元", "万元"):
        raise ValueError(f"“{cell.label}”不是金额，单位为{cell.unit}。")
    return cell.unit == "万元"


def _shifted(amount: Decimal, places: int) -> Decimal:
    """The decimal point moved, untouched by the precision of the current context."""
    if not amount.is_finite():
        raise ValueError(f"不是金额：{amount}。")
    sign, digits, exponent = amount.as_tuple()
    exponent = int(exponent) + places
    moved = Decimal((sign, digits, exponent))
    # Python prints a positive exponent as 3.5E+5; an amount has none.
    return moved if exponent <= 0 else Decimal(format(moved, "f"))
