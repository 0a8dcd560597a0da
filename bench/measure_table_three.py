"""The whole of table three against the three hand-written statements that give the same table, and how its cost grows."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection

from bench.district import YEAR, best_of, make_agencies, make_applications
from bench.ratios import Ratio
from gongkai.ledgers.applications.models import Application
from gongkai.reporting.annual_reports.bindings import bindings_of
from gongkai.reporting.indicators import Term
from gongkai.reporting.indicators.evaluation import count
from gongkai.reporting.indicators.scopes import scope_of

AGENCIES = 200
SIZES = (250_000, 1_000_000)

TABLE = Application._meta.db_table
FROM = "FROM {table} WHERE agency_id IN ({agencies}) AND"
RECEIVED = "received_on BETWEEN '{year}-01-01' AND '{year}-12-31'"
OPEN = "received_on < '{year}-01-01' AND (closed_on IS NULL OR closed_on >= '{year}-01-01')"
CLOSED = "closed_on BETWEEN '{year}-01-01' AND '{year}-12-31'"
STATEMENTS = (
    f"SELECT applicant_kind, COUNT(*) {FROM} {RECEIVED} GROUP BY applicant_kind",
    f"SELECT applicant_kind, COUNT(*) {FROM} {OPEN} GROUP BY applicant_kind",
    f"SELECT outcome, applicant_kind, COUNT(*) {FROM} {CLOSED} GROUP BY outcome, applicant_kind",
)


def measure() -> Iterator[Ratio]:
    """Twice: all applications in one year, the largest table three there can be, and spread over ten years."""
    government = make_agencies(AGENCIES)
    scope = scope_of(government.pk, YEAR)
    terms = _terms()
    listed = ", ".join(str(agency) for agency in scope.agencies or ())

    def by_hand() -> list[list[Any]]:
        with connection.cursor() as cursor:
            read = []
            for statement in STATEMENTS:
                cursor.execute(statement.format(table=TABLE, agencies=listed, year=YEAR))
                read.append(cursor.fetchall())
            return read

    def whole_table() -> dict[Term, Decimal]:
        return count(terms.values(), scope)

    grown = []
    for size in SIZES:
        make_applications(government, AGENCIES, size, years=1)
        ours, theirs = best_of(whole_table, by_hand)
        _must_agree(terms, by_hand(), whole_table())
        grown.append(ours)
    how = f"{SIZES[-1]:,} applications of one year, {AGENCIES} agencies: {ours:.3f} s against {theirs:.3f} s"
    yield Ratio("table three, against three GROUP BY statements", ours / theirs, 1.5, "×", how)
    (small, large), (before, after) = SIZES, grown
    yield Ratio(
        f"table three, {large:,} against {small:,} applications",
        after / before,
        large / small * 1.25,
        "×",
        f"{after:.3f} s against {before:.3f} s; linear would be {large / small:g} ×",
    )
    make_applications(government, AGENCIES, SIZES[-1], years=10)
    ours, theirs = best_of(whole_table, by_hand)
    _must_agree(terms, by_hand(), whole_table())
    how = f"{SIZES[-1]:,} applications over ten years, {AGENCIES} agencies: {ours:.3f} s against {theirs:.3f} s"
    yield Ratio("table three of one year in ten, against three GROUP BY statements", ours / theirs, 1.5, "×", how)


def _terms() -> dict[str, Term]:
    cells = bindings_of("2019").items()
    return {code: bound.term for code, bound in cells if bound.cell.table == "applications" and bound.term is not None}


def _must_agree(terms: dict[str, Term], by_hand: list[list[Any]], ours: Mapping[Term, Decimal]) -> None:
    """A fast answer that is wrong would be no measurement."""
    wanted = [sum(line[-1] for line in lines) for lines in by_hand]
    got = [ours[terms[f"applications.{row}.total"]] for row in ("new", "carried_in", "closed_total")]
    if got != wanted:
        raise AssertionError(f"table three disagrees with the statements: {got}, {wanted}")
