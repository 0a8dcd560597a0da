"""Rows warn where a confirmed return exists: the figure of that day would come from both (design, idea 2)."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from gongkai.base import figures
from gongkai.ledgers.returns.models import Return
from gongkai.ledgers.returns.queries import standing_returns
from gongkai.reporting.indicators import find
from gongkai.site.imports.ledger import Desk, Row, Warn


def warnings_of(
    rows: Sequence[Row],
    desk: Desk,
    *,
    ledger: str,
    cells: tuple[str, ...],
    days: Callable[[Row], list[date]],
) -> list[Warn]:
    """One warning for each confirmed return of an agency that states what rows of `ledger` also count.

    Those are returns of an indicator counted from the rows of that ledger, and cells of a whole table (`FORM:cell`)
    whose name begins with one of `cells`.
    """
    by_agency: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        if row.agency is not None:
            by_agency[row.agency.pk].append(row)
    told: dict[tuple[int, date, date, str, bool], set[int]] = defaultdict(set)
    for standing in standing_returns(by_agency):
        title = _what(standing, ledger, cells)
        if not title:
            continue
        touched = {
            row.number
            for row in by_agency[standing.agency_id]
            if any(standing.period_from <= day <= standing.period_to for day in days(row))
        }
        if touched:
            key = standing.agency_id, standing.period_from, standing.period_to, title, standing.in_addition
            told[key] |= touched
    return [
        Warn(_sentence(desk, *key, count=len(numbers)), tuple(sorted(numbers))) for key, numbers in sorted(told.items())
    ]


def _what(standing: Return, ledger: str, cells: tuple[str, ...]) -> str:
    """What the return states, when rows of the ledger count towards it as well; else an empty text."""
    _, colon, cell = standing.indicator.partition(":")
    if colon:
        return "统计表" if cell.startswith(cells) else ""
    indicator = find(standing.indicator)
    if indicator is None or indicator.ledger != ledger or indicator.kind == "returns":
        return ""
    facts = figures.port().facts(standing.indicator)
    return f"“{facts.title if facts else indicator.title}”"


def _sentence(desk: Desk, agency: int, first: date, last: date, what: str, in_addition: bool, *, count: int) -> str:  # noqa: FBT001
    name = desk.agencies.names.get(agency, "")
    if in_addition:
        return f"{name}在台账之外另加填报了{what}（{first} 至 {last}），请核对这 {count} 行是不是已经含在另加的数里"
    return f"{name}已确认填报{what}（{first} 至 {last}），再导入这 {count} 行，同一天的数会有两个来源；请先撤回那条填报，或者不导入这些行"
