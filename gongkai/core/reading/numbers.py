"""What is printed in one cell: a number, or why it is none. The unknown never becomes zero."""

import re
from dataclasses import dataclass
from decimal import Decimal

from gongkai.core.national_forms.cells import CellValue
from gongkai.core.reading.report import Why

UNITS = ("万元", "亿元", "元", "人次", "件", "条", "项", "个", "人", "次", "篇", "份", "宗", "起")
MONEY = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
LONGEST = 18
"""Digits: what is longer is no count of anything."""

NUMBER = re.compile(
    rf"(?P<sign>[+-]|增加?|减少?)? ?(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d+)(?P<decimals>\.\d+)? ?(?P<unit>{'|'.join(UNITS)})?"
)
SLASH = re.compile(r"[/\\]+|[-—–―－_]+|[Nn]/[Aa]")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says: a value and the unit printed with it, or why there is none."""

    value: Decimal | None
    unit: str = ""
    why: Why | None = None


def read_cell(text: str) -> Reading:
    """Read the normalised text of one cell.

    Thousands separators, a sign, 增 or 减 and a unit may be there. Two numbers are ambiguous, a leading zero (00, 07) is
    the trace of touching cells and illegible, a word (无) is illegible.
    """
    bare = text.strip(" \t\r\n|.。")
    if not bare:
        return Reading(None, why="blank")
    if SLASH.fullmatch(bare):
        return Reading(None, why="slash")
    match = NUMBER.fullmatch(bare)
    if match is None:
        numbers = re.findall(r"\d+", bare)
        return Reading(None, why="ambiguous" if len(numbers) > 1 else "illegible")
    digits = match["digits"].replace(",", "")
    if (len(digits) > 1 and digits[0] == "0") or len(digits) > LONGEST:
        return Reading(None, why="illegible")
    negative = (match["sign"] or "")[:1] in ("-", "减")
    value = Decimal(digits + (match["decimals"] or ""))
    return Reading(-value if negative else value, match["unit"] or "")


def in_unit(reading: Reading, *, printed_unit: str, form_unit: str) -> CellValue:
    """The value in the unit of the form. The unit beside the number counts before the one in the head of the column."""
    if reading.value is None:
        return None
    unit = reading.unit if reading.unit in MONEY else printed_unit
    value = reading.value
    if unit in MONEY and form_unit in MONEY and unit != form_unit:
        value = value * MONEY[unit] / MONEY[form_unit]
    return int(value) if value == value.to_integral_value() else value
