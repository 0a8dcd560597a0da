"""Checks the relations (勾稽关系) of a national form over cells of which any may be unknown.

A blank is unknown, never zero (`conventions.blank` of the forms). A relation with an unknown cell is not tested, with
one exception: when no value of the unknown cells could make it hold, because what is known already exceeds the other
side, it is broken.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from gongkai.core.national_forms import FORMS, form_named
from gongkai.core.national_forms.cells import CellValue, NationalForm, Relation
from gongkai.core.national_forms.crosswalk import exact_cells

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True, eq=False)
class PreviousReport:
    """Last year's report: the form it was made on and its cells, in the codes of that form."""

    form_code: str
    cells: Mapping[str, CellValue]


@dataclass(frozen=True, slots=True)
class Broken:
    """A relation that does not hold. `actual` is what the report states, `expected` what the relation asks for.

    Of a sum or a carry `actual` is the target; of an equal the right side; of a le the left side, `expected` being the
    most it may be. `gap` = actual - expected. Where cells are unknown, the sides hold what is known. `cells` are those
    of this year's report, the target first. `explanation` is a sentence for the clerk.
    """

    relation: Relation
    expected: Decimal
    actual: Decimal
    gap: Decimal
    cells: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class NotTestable:
    """A relation that cannot be tested: `unknown_cells` of this year's report, `unknown_previous` of last year's.

    Cells of last year are named in the codes of this year's form. `holds_if_blanks_are_zero`: the known terms alone
    make it hold. `why` is a sentence for the clerk.
    """

    relation: Relation
    unknown_cells: tuple[str, ...]
    holds_if_blanks_are_zero: bool
    unknown_previous: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class RelationResult:
    """Every relation of the form once: holding, broken or not testable, each in the order of the form."""

    holding: tuple[Relation, ...]
    broken: tuple[Broken, ...]
    not_testable: tuple[NotTestable, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """A cell on one side of a relation. `code` is a code of this year's form, also where the value is last year's."""

    code: str
    value: Decimal | None
    may_be_negative: bool
    is_previous: bool = False


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of a relation: terms that are added up."""

    terms: tuple[_Term, ...]

    @property
    def known(self) -> Decimal:
        return sum((term.value for term in self.terms if term.value is not None), ZERO)

    @property
    def unknown(self) -> tuple[_Term, ...]:
        return tuple(term for term in self.terms if term.value is None)

    @property
    def least(self) -> Decimal | None:
        """The smallest sum that the unknown values allow; `None` where there is no bound."""
        return None if any(term.may_be_negative for term in self.unknown) else self.known

    @property
    def most(self) -> Decimal | None:
        """The largest sum that the unknown values allow; `None` where there is no bound."""
        return None if self.unknown else self.known

    def written_out(self) -> str:
        """The sum as a clerk would write it: 0 + 6563 + 390 = 6953."""
        parts = [_figure(term) for term in self.terms]
        text = " + ".join(parts) or "0"
        return text if len(parts) < 2 or self.unknown else f"{text} = {_plain(self.known)}"


def check_relations(
    form: NationalForm, cells: Mapping[str, CellValue], previous: PreviousReport | None = None
) -> RelationResult:
    """Test every relation of the form.

    Cells that `cells` does not hold are unknown. Relations across years need last year's report; where that is of an
    older form they are tested only over cells which the crosswalk calls exact. Raises ValueError for codes that the
    form (or last year's form) does not have and TypeError for a float: neither may pass for a blank.
    """
    _refuse_foreign(form, cells)
    if previous is not None:
        _refuse_foreign(form_named(previous.form_code), previous.cells)
    holding: list[Relation] = []
    broken: list[Broken] = []
    not_testable: list[NotTestable] = []
    for relation in form.relations:
        left, right = _sides(form, relation, cells, previous)
        if _cannot_hold(relation, left, right) and not (relation.crosses_years and previous is None):
            broken.append(_broken(form, relation, left, right))
        elif left.unknown or right.unknown:
            not_testable.append(_not_testable(form, relation, left, right, previous))
        else:
            holding.append(relation)
    return RelationResult(tuple(holding), tuple(broken), tuple(not_testable))


def cells_equal_to_gap(broken: Broken, cells: Mapping[str, CellValue]) -> tuple[str, ...]:
    """The cells whose value is exactly the gap, whatever its sign: what was probably left out or counted twice."""
    size = abs(broken.gap)
    return tuple(code for code, value in cells.items() if size and value is not None and value == size)


def _sides(
    form: NationalForm, relation: Relation, cells: Mapping[str, CellValue], previous: PreviousReport | None
) -> tuple[_Side, _Side]:
    """The relation as two sides that are added up: what is asked about on the left, its measure on the right."""

    def side(codes: tuple[str, ...]) -> tuple[_Term, ...]:
        return tuple(_Term(code, _exact(cells.get(code)), form.cells[code].may_be_negative) for code in codes)

    target = (relation.target,) if relation.target else ()
    if relation.kind == "sum":
        return _Side(side(target)), _Side(side(relation.terms))
    if relation.kind in ("equal", "le"):
        return _Side(side(relation.left)), _Side(side(relation.right))
    past = tuple(_previous_term(form, code, previous) for code in relation.prev)
    return _Side(side((*target, *relation.minus))), _Side((*past, *side(relation.plus)))


def _previous_term(form: NationalForm, code: str, previous: PreviousReport | None) -> _Term:
    """Last year's value of a cell of this year's form; unknown without a report, or where nothing counts exactly it."""
    unknown = _Term(code, None, form.cells[code].may_be_negative, is_previous=True)
    if previous is None:
        return unknown
    sources = exact_cells(previous.form_code, form.code).get(code)
    if sources is None:
        # Not comparable is more than unknown: nothing may be concluded from it, so that no bound holds either.
        return _Term(code, None, may_be_negative=True, is_previous=True)
    values = [_exact(previous.cells.get(source)) for source in sources]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return unknown
    return _Term(code, sum(known, ZERO), form.cells[code].may_be_negative, is_previous=True)


def _cannot_hold(relation: Relation, left: _Side, right: _Side) -> bool:
    """Whether the relation fails whatever the unknown values are; with nothing unknown: whether it fails."""
    too_large = left.least is not None and right.most is not None and left.least > right.most
    if relation.kind in ("le", "carry_le"):
        return too_large
    too_small = right.least is not None and left.most is not None and right.least > left.most
    return too_large or too_small


def _broken(form: NationalForm, relation: Relation, left: _Side, right: _Side) -> Broken:
    if relation.kind == "carry":
        minus = _Side(left.terms[1:]).known
        actual, expected = left.known - minus, right.known - minus
    elif relation.kind == "equal":
        actual, expected = right.known, left.known
    else:
        actual, expected = left.known, right.known
    explanation = _named(form, relation) + _explanation(relation, left, right, expected)
    return Broken(relation, expected, actual, actual - expected, relation.cells, explanation)


def _named(form: NationalForm, relation: Relation) -> str:
    """The relation in words; where the form has several of the same words, with the cell that tells which is meant."""
    if sum(other.zh == relation.zh for other in form.relations) == 1:
        return f"{relation.zh}："
    return f"{relation.zh}（{form.cells[relation.cells[0]].label}）："


def _explanation(relation: Relation, left: _Side, right: _Side, expected: Decimal) -> str:
    """Both sides with their numbers, and the gap: 8295 > 0 + 6563 + 0 + 390 + 1325 = 8278，相差17。"""
    is_partial = bool(left.unknown or right.unknown)
    if relation.kind in ("le", "carry_le") or (is_partial and left.known > right.known):
        sign = ">"
    else:
        sign = "<" if is_partial else "≠"
    stated, measure = left.written_out(), right.written_out()
    if relation.kind == "carry":
        stated = _figure(left.terms[0])
        minus = "".join(f" － {_figure(term)}" for term in left.terms[1:])
        summed = " + ".join(_figure(term) for term in right.terms)
        is_sum = len(right.terms) + len(left.terms) > 2 and not is_partial
        measure = f"{summed}{minus}" + (f" = {_plain(expected)}" if is_sum else "")
    gap = _plain(abs(left.known - right.known))
    return f"{stated} {sign} {measure}，{'至少' if is_partial else ''}相差{gap}。"


def _not_testable(
    form: NationalForm, relation: Relation, left: _Side, right: _Side, previous: PreviousReport | None
) -> NotTestable:
    unknown = (*left.unknown, *right.unknown)
    here = tuple(dict.fromkeys(term.code for term in unknown if not term.is_previous))
    past = tuple(dict.fromkeys(term.code for term in unknown if term.is_previous))
    holds = left.known <= right.known if relation.kind in ("le", "carry_le") else left.known == right.known
    reasons = []
    if here:
        reasons.append(f"本年有{len(here)}个数据格为空白或无法辨认")
    if past and previous is None:
        reasons.append("没有上年报告")
    elif past and any(code not in exact_cells(_code(previous), form.code) for code in past):
        reasons.append("上年报告采用的格式与本年不可比")
    elif past:
        reasons.append(f"上年有{len(past)}个数据格为空白或无法辨认")
    return NotTestable(relation, here, holds, past, "；".join(reasons) + "，未作检验。")


def _code(previous: PreviousReport | None) -> str:
    return previous.form_code if previous else next(iter(FORMS))


def _refuse_foreign(form: NationalForm, cells: Mapping[str, CellValue]) -> None:
    if foreign := [code for code in cells if code not in form.cells]:
        raise ValueError(f"{form.code}年格式没有这些数据格：{'、'.join(foreign)}。")


def _exact(value: CellValue) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, float | bool):
        raise TypeError(f"数据格的值须为整数或十进制小数，不能是{type(value).__name__}：{value}。")
    return Decimal(value)


def _figure(term: _Term) -> str:
    if term.value is None:
        return "空白"
    return f"（{_plain(term.value)}）" if term.value < 0 else _plain(term.value)


def _plain(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
