"""The working days of an agency: the year files of the program joined with the notices and days entered here.

Design 4a, Working days. A notice for a whole year that was entered here replaces the program's file of that year; single
days replace single days; a local holiday holds for its agency and for all below it, the nearest one last.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from gongkai.base import agency_port
from gongkai.base.models import CalendarDay, CalendarNotice, JournalLine
from gongkai.core.calendars import WorkCalendar

ENTERED = "calendar.notice_entered"
CHANGED = "calendar.days_changed"
VERBS = (ENTERED, CHANGED)


@dataclass(frozen=True, slots=True)
class Entered:
    """All that was entered here: days by agency (None: everybody), and the years whose whole arrangement was."""

    rest: Mapping[int | None, frozenset[date]]
    work: Mapping[int | None, frozenset[date]]
    years: frozenset[int]


@dataclass(slots=True)
class _Cache:
    stamp: str | None
    entered: Entered
    joined: dict[tuple[int, ...], WorkCalendar]


_cache: _Cache | None = None


def work_calendar(lineage: Sequence[int] = ()) -> WorkCalendar:
    """The calendar of an agency, given as the keys of itself and all above it, nearest first; of nobody in particular: ().

    Joined once per process and change: a question costs one small query.
    """
    return _joined(_current(), lineage)


def calendar_of(agency_id: int) -> WorkCalendar:
    """The calendar of an agency as the tree stands today, local holidays of those above it included."""
    return work_calendar(agency_port.port().lineages([agency_id])[agency_id])


def calendars_of(agency_ids: Iterable[int]) -> dict[int, WorkCalendar]:
    """`calendar_of` for many agencies at once."""
    return calendars_along(agency_port.port().lineages(set(agency_ids)))


def calendars_along(lineages: Mapping[int, Sequence[int]]) -> dict[int, WorkCalendar]:
    """The same where the tree has been read already: for each agency the keys of itself and of all above it."""
    cache = _current()
    return {pk: _joined(cache, lineage) for pk, lineage in lineages.items()}


def _current() -> _Cache:
    """What was entered, read anew when it changed."""
    global _cache  # noqa: PLW0603 - one per process
    stamp = _stamp()
    if _cache is None or _cache.stamp != stamp:
        _cache = _Cache(stamp, _read(), {})
    return _cache


def _joined(cache: _Cache, lineage: Sequence[int]) -> WorkCalendar:
    local = tuple(pk for pk in lineage if pk in cache.entered.rest or pk in cache.entered.work)
    if local not in cache.joined:
        cache.joined[local] = _join(cache.entered, local)
    return cache.joined[local]


def _stamp() -> str | None:
    """What says whether days were entered or changed: the digest of the last such line. It never comes a second time,
    also not after a transaction that was rolled back."""
    lines = JournalLine.objects.filter(verb__in=VERBS).order_by("-number")
    return lines.values_list("digest", flat=True).first()


def _read() -> Entered:
    days: dict[str, dict[int | None, set[date]]] = {"rest": {}, "work": {}}
    for day, kind, agency_id in CalendarDay.objects.values_list("day", "kind", "agency_id"):
        days[kind].setdefault(agency_id, set()).add(day)
    years = CalendarNotice.objects.filter(whole_year=True).values_list("year", flat=True)
    frozen = {kind: {pk: frozenset(of) for pk, of in by.items()} for kind, by in days.items()}
    return Entered(rest=frozen["rest"], work=frozen["work"], years=frozenset(years))


def _join(entered: Entered, local: Sequence[int]) -> WorkCalendar:
    built_in = WorkCalendar.built_in()
    calendar = WorkCalendar(
        years=built_in.years,
        rest_weekdays=frozenset(day for day in built_in.rest_weekdays if day.year not in entered.years),
        work_weekends=frozenset(day for day in built_in.work_weekends if day.year not in entered.years),
    )
    for pk in (None, *reversed(local)):
        calendar = calendar.with_days(
            rest=entered.rest.get(pk, ()), work=entered.work.get(pk, ()), years=entered.years if pk is None else ()
        )
    return calendar


# ---- a port: who must reckon anew when working days change


@dataclass(frozen=True, slots=True)
class Moved:
    """A case whose limit moved. `title` names it as on the desk (a number, no personal data)."""

    title: str
    url: str
    before: str
    after: str


class OnChange(Protocol):
    """Reckons the open limits of one ledger anew, journals each change, and says what moved."""

    def __call__(self, years: frozenset[int], *, by: object, reason: str) -> Sequence[Moved]: ...


_callbacks: list[OnChange] = []


def on_change(callback: OnChange) -> OnChange:
    """Register at start-up. Called inside the transaction that enters or changes days, after it was written; `years` are
    the years whose working days changed. Can stand as a decorator."""
    if callback not in _callbacks:
        _callbacks.append(callback)
    return callback


def changed(years: Iterable[int], *, by: object, reason: str) -> list[Moved]:
    """Let every registered ledger reckon anew; returns all that moved."""
    affected = frozenset(years)
    return [moved for callback in _callbacks for moved in callback(affected, by=by, reason=reason)]
