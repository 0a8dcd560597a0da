"""The table of an agency that works outside the system (不在本系统办理): which cells it states, and as which returns.

Its cells of rows become returns named `FORM:cell`, its cells of returns become returns of their indicator; totals are not
asked for, they are added up. Filing them is `site`'s, because reporting calls no action of a ledger.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gongkai.base.errors import RuleBroken
from gongkai.core.national_forms import Cell, form_named
from gongkai.core.national_forms.cells import CellValue
from gongkai.core.national_forms.relations import check_relations
from gongkai.core.writing.numerals import plain, yuan_from_form_unit
from gongkai.reporting.annual_reports.bindings import Binding, addends, bindings_of, is_outside_cell

PLACES = Decimal("0.0001")
"""Returns hold four decimals: amounts to a hundredth of a fen."""


@dataclass(frozen=True, slots=True)
class OutsideFigure:
    """One cell as a return: `value` is in the unit of the indicator (money in 元)."""

    code: str
    indicator: str
    value: Decimal


def asked_cells(form_code: str) -> tuple[Cell, ...]:
    """The cells that an agency outside the system fills in, in printed order: all but totals and `proactive.total`'s kin.

    What records count (the channels of the form of 2014) is stated too: such an agency has no records here.
    """
    return tuple(binding.cell for binding in bindings_of(form_code).values() if _name(binding))


def _name(binding: Binding) -> str:
    """Under which name the cell is returned; empty for totals."""
    if binding.returns:
        return binding.returns
    return binding.outside_name if is_outside_cell(binding) else ""


def figures_of(form_code: str, cells: Mapping[str, CellValue]) -> list[OutsideFigure]:
    """The cells of a table as returns. Blanks are left out: they stay unknown. A value that does not fit is refused.

    Totals in the table are compared with what they are made of and not returned.
    """
    form = form_named(form_code)
    if foreign := [code for code in cells if code not in form.cells]:
        raise RuleBroken(f"{form_code}年格式没有数据格“{foreign[0]}”。", field="file")
    found = []
    for code, binding in bindings_of(form_code).items():
        value, name = cells.get(code), _name(binding)
        if value is None or not name:
            continue
        found.append(OutsideFigure(code, name, _fitting(binding, Decimal(value))))
    if not found:
        raise RuleBroken("表里一个数也没有。", field="file")
    return found


def _fitting(binding: Binding, value: Decimal) -> Decimal:
    cell = binding.cell
    if cell.is_whole and value != value.to_integral_value():
        raise RuleBroken(f"“{cell.label}”要填整数，表里是{plain(value)}。", field="file")
    if value < 0 and not cell.may_be_negative:
        raise RuleBroken(f"“{cell.label}”不能是负数，表里是{plain(value)}。", field="file")
    if binding.is_money:
        value = yuan_from_form_unit(value, cell)
    if value != value.quantize(PLACES):
        raise RuleBroken(f"“{cell.label}”的小数太多，最多到分。", field="file")
    return value


def faults_of(form_code: str, cells: Mapping[str, CellValue]) -> list[str]:
    """What does not add up in the table, as sentences: shown before it is filed. Totals left blank are not missed."""
    form = form_named(form_code)
    filled = {code: cells.get(code) for code in form.cells}
    for code, parts in addends(form_code).items():
        if filled[code] is None:
            values = [filled[part] for part in parts]
            if all(value is not None for value in values):
                filled[code] = sum((Decimal(value) for value in values if value is not None), Decimal(0))
    return [broken.explanation for broken in check_relations(form, filled).broken]
