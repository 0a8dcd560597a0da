"""The national forms of the annual report: rows, columns, printed labels, cells, relations; which year uses which."""

from collections.abc import Mapping
from types import MappingProxyType

from gongkai.core.national_forms.cells import (
    Block,
    Cell,
    CellKind,
    CellValue,
    Column,
    NationalForm,
    Relation,
    Row,
    Table,
)
from gongkai.core.national_forms.loading import load_form

__all__ = [
    "FORMS",
    "Block",
    "Cell",
    "CellKind",
    "CellValue",
    "Column",
    "NationalForm",
    "Relation",
    "Row",
    "Table",
    "form_for_year",
    "form_named",
]

FORMS: Mapping[str, NationalForm] = MappingProxyType({code: load_form(code) for code in ("2014", "2019", "2021")})
"""The national forms by code, oldest first."""

FIRST_YEAR = FORMS["2014"].years[0]


def form_for_year(year: int) -> NationalForm:
    """The form on which a report about that year is made. Raises ValueError before 2014: there was none."""
    for form in FORMS.values():
        first, last = form.years
        if first <= year and (last is None or year <= last):
            return form
    raise ValueError(f"{year}年没有国家统一格式：国家统一格式自{FIRST_YEAR}年度报告起使用。")


def form_named(code: str) -> NationalForm:
    """The form of that code. Raises ValueError with the codes there are."""
    if code not in FORMS:
        raise ValueError(f"没有“{code}”格式，可用的格式为：{'、'.join(FORMS)}。")
    return FORMS[code]
