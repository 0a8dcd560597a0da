"""An indicator by agency and month: for each of its terms one query, and one for the returns."""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, IntegerField, Sum, Value
from django.db.models.functions import ExtractMonth

from gongkai.ledgers.agencies.tree import Node
from gongkai.reporting.indicators import Indicator, Scope, Term, family, named
from gongkai.reporting.indicators.evaluation import (
    STATED_BY_TABLES,
    Evaluation,
    Figure,
    ask,
    evaluate_with_agencies,
    rows,
)

MONTHS = range(1, 13)
Monthly = dict[tuple[int, int], Decimal]
"""Value by agency and month; what is missing is 0 for rows, unknown for returns."""


@dataclass(frozen=True, slots=True)
class Line:
    """One agency (None: all together): its months (None: unknown, or not yet come) and its year."""

    agency: Node | None
    months: tuple[Decimal | None, ...]
    year: Figure


@dataclass(frozen=True, slots=True)
class Matrix:
    """All together first, then each agency that has anything; `others` have nothing."""

    together: Line
    lines: tuple[Line, ...]
    others: int


def by_agency_and_month(indicator: Indicator, scope: Scope, today: date) -> Matrix:
    """The value of each agency of the scope by month and for the year. Months after `today` are unknown."""
    one = ask(indicator)
    evaluation, years = evaluate_with_agencies([one], scope)
    monthly = _months_of(indicator, scope, evaluation, {})
    last = 12 if scope.last <= today else today.month if scope.first.year == today.year else 0

    def months(agencies: Iterable[int]) -> tuple[Decimal | None, ...]:
        held = list(agencies)
        return tuple(monthly(held, month) if month <= last else None for month in MONTHS)

    nodes = scope.tree.nodes if scope.tree is not None else {}
    lines = [
        Line(nodes[agency], months([agency]), figures[one])
        for agency, figures in years.items()
        if agency in nodes and (figures[one].value or any(months([agency])))
    ]
    return Matrix(Line(None, months(years), evaluation.figures[one]), tuple(lines), len(years) - len(lines))


def _months_of(
    indicator: Indicator, scope: Scope, evaluation: Evaluation, read: dict[Term, Monthly]
) -> Callable[[Iterable[int], int], Decimal | None]:
    """A function that gives the value of some agencies together in a month. `read`: terms that have been counted."""
    if indicator.kind == "rows":
        assert indicator.term is not None
        of = indicator.term
        counted = read.get(of)
        if counted is None:
            counted = read[of] = _of_rows(of, _without_tables(of, scope, evaluation))
        return lambda agencies, month: sum(
            (counted.get((agency, month), Decimal(0)) for agency in agencies), Decimal(0)
        )
    if indicator.kind == "returns":
        stated = _of_returns(indicator, scope, evaluation)

        def returned(agencies: Iterable[int], month: int) -> Decimal | None:
            known = [stated[agency, month] for agency in agencies if (agency, month) in stated]
            return sum(known, Decimal(0)) if known else None

        return returned
    parts = [_months_of(named(name), scope, evaluation, read) for name in indicator.parts]
    over = [_months_of(named(name), scope, evaluation, read) for name in indicator.over]

    def made(agencies: Iterable[int], month: int) -> Decimal | None:
        held = list(agencies)
        top = [part(held, month) for part in parts]
        if not top or None in top:
            return None
        value = sum((part for part in top if part is not None), Decimal(0))
        if not over:
            return value
        whole = sum((part(held, month) or Decimal(0) for part in over), Decimal(0))
        return value * 100 / whole if whole else None

    return made


def _without_tables(one: Term, scope: Scope, evaluation: Evaluation) -> Scope:
    if not evaluation.outside_with_table or family(one.family).ledger.name not in STATED_BY_TABLES:
        return scope
    held = scope.agencies if scope.agencies is not None else tuple(scope.tree.nodes if scope.tree is not None else ())
    return scope.within(set(held) - evaluation.outside_with_table)


def _of_rows(one: Term, scope: Scope) -> Monthly:
    """By the day on which a row counts; of a state, the state in (and at the end of) each month."""
    of = family(one.family)
    measure: Any = Sum(of.summed) if of.summed else Count("pk")
    if of.day is not None:
        day: Any = of.day if isinstance(of.day, str) else of.day()
        found = rows(one, scope).order_by().annotate(on_month=ExtractMonth(day)).values_list("agency_id", "on_month")
        return {(agency, month): Decimal(value or 0) for agency, month, value in found.annotate(value=measure)}
    queries = [
        rows(one, month_scope(scope, month))
        .order_by()
        .annotate(on_month=Value(month, IntegerField()))
        .values_list("agency_id", "on_month")
        .annotate(value=measure)
        for month in MONTHS
    ]
    together = queries[0].union(*queries[1:], all=True)
    return {(agency, month): Decimal(value or 0) for agency, month, value in together}


def month_scope(scope: Scope, month: int) -> Scope:
    """One month of the scope's year."""
    year = scope.first.year
    return replace(scope, first=date(year, month, 1), last=date(year, month, monthrange(year, month)[1]))


def _of_returns(indicator: Indicator, scope: Scope, evaluation: Evaluation) -> Monthly:
    """Returns that lie in one month; a return of a longer period stands in the year only."""
    found: Monthly = defaultdict(Decimal)
    for stated in evaluation.returns:
        one_month = (stated.first.year, stated.first.month) == (stated.last.year, stated.last.month)
        in_year = scope.first <= stated.first and stated.last <= scope.last
        if stated.indicator == indicator.name and stated.confirmed and one_month and in_year:
            found[stated.agency, stated.first.month] += stated.value
    return dict(found)
