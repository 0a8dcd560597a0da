"""Pure planning of a synthetic year: from the figures a report states to single rows that add up to them.

Nothing here touches the database. A plan is seeded, so the same world has the same rows every time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from gongkai.core.calendars import WorkCalendar, due_after
from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.outcomes import outcomes_of_row
from gongkai.core.national_forms import form_named

CALENDAR = WorkCalendar.built_in()


@dataclass(frozen=True, slots=True)
class PlannedApplication:
    """One application of the plan."""

    received_on: date
    applicant_kind: str
    channel: str
    closed_on: date | None
    outcome: str


def working_days(first: date, last: date) -> list[date]:
    """All working days of a period."""
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if CALENDAR.is_working_day(day)]


def spread(random: Random, days: Sequence[date], count: int) -> list[date]:
    """`count` days spread over a period, with the unevenness of real work, in order."""
    if count == 0:
        return []
    step = len(days) / count
    return [days[min(int(index * step + random.random() * step), len(days) - 1)] for index in range(count)]


def shared(total: int, parts: int, random: Random) -> list[int]:
    """A total cut into uneven parts, each at least 0, that add up to it."""
    if parts == 1:
        return [total]
    weights = [random.uniform(0.5, 1.5) for _ in range(parts)]
    shares = [int(total * weight / sum(weights)) for weight in weights]
    for index in range(total - sum(shares)):
        shares[index % parts] += 1
    return shares


def result_rows(form_code: str) -> list[str]:
    """Codes of the rows of table three that are results of handling (below 三, without its total)."""
    rows = {
        code.split(".", 1)[1].rsplit(".", 1)[0]
        for code in form_named(form_code).cells
        if code.startswith("applications.")
    }
    return sorted(rows - {"new", "carried_in", "carried_over", "closed_total"})


def plan_applications(
    cells: Mapping[str, int],
    *,
    form_code: str,
    year: int,
    outcomes: Mapping[str, Mapping[str, int]],
    channels: Mapping[str, int],
    random: Random,
) -> list[PlannedApplication]:
    """Applications that add up to table three.

    `outcomes` says for a row how many of which outcome code (the rest take the first code of the row); `channels` how many
    applications of the year came which way (the rest online).
    """
    left_of_outcome = {row: dict(split) for row, split in outcomes.items()}
    left_of_channel = dict(channels)
    planned = []
    for kind in APPLICANT_KINDS:
        closed = [
            _next_outcome(form_code, row, left_of_outcome)
            for row in result_rows(form_code)
            for _ in range(cells.get(f"applications.{row}.{kind}", 0))
        ]
        random.shuffle(closed)
        carried_in, new = cells[f"applications.carried_in.{kind}"], cells[f"applications.new.{kind}"]
        received = _received_days(year, carried_in, new, random)
        planned += _dated(received, closed, kind, year, left_of_channel, random)
    return sorted(planned, key=lambda application: application.received_on)


def _next_outcome(form_code: str, row: str, left: Mapping[str, dict[str, int]]) -> str:
    for code, count in left.get(row, {}).items():
        if count:
            left[row][code] = count - 1
            return code
    return outcomes_of_row(form_code, f"applications.{row}")[0]


def _received_days(year: int, carried_in: int, new: int, random: Random) -> list[date]:
    december = working_days(date(year - 1, 12, 10), date(year - 1, 12, 31))
    this_year = working_days(date(year, 1, 4), date(year, 12, 25))
    return sorted(spread(random, december, carried_in)) + sorted(spread(random, this_year, new))


def _dated(
    received: Sequence[date],
    closed: Sequence[str],
    kind: str,
    year: int,
    channels: dict[str, int],
    random: Random,
) -> list[PlannedApplication]:
    """The earliest received are closed, within the limit and within the year; the last stay open."""
    planned = []
    open_from = len(closed)
    last_days = working_days(date(year, 12, 14), date(year, 12, 31))
    for index, planned_day in enumerate(received):
        outcome = closed[index] if index < open_from else ""
        day = random.choice(last_days) if not outcome and planned_day.year == year else planned_day
        channel = _next_channel(channels, random) if day.year == year else "online"
        planned.append(
            PlannedApplication(day, kind, channel, _closing_day(day, year, random) if outcome else None, outcome)
        )
    return planned


def _closing_day(received: date, year: int, random: Random) -> date:
    first = max(received, date(year, 1, 2))
    days = working_days(first, min(received + timedelta(days=60), date(year, 12, 31)))
    limit = due_after(CALENDAR, received, 15).on  # in time under the text of 2007 too
    in_time = [day for day in days if day <= limit]
    return random.choice(in_time[3:] or in_time or days)


def _next_channel(left: dict[str, int], random: Random) -> str:
    choices = [channel for channel, count in left.items() if count > 0]
    if not choices:
        return "online"
    channel = random.choice(choices)
    left[channel] -= 1
    return channel


@dataclass(frozen=True, slots=True)
class PlannedRemedy:
    """One case of the plan."""

    kind: str
    opened_on: date
    decided_on: date | None
    result: str


def plan_remedies(counts: Mapping[tuple[str, str], int], *, year: int, random: Random) -> list[PlannedRemedy]:
    """Cases by (kind, result or `pending`), decided within the year or open at its end."""
    planned = []
    for (kind, result), count in counts.items():
        for _ in range(count):
            opened = random.choice(working_days(date(year, 1, 10), date(year, 9, 30)))
            if result == "pending":
                planned.append(PlannedRemedy(kind, opened, None, ""))
            else:
                decided = random.choice(
                    working_days(opened + timedelta(days=30), min(opened + timedelta(days=85), date(year, 12, 30)))
                )
                planned.append(PlannedRemedy(kind, opened, decided, result))
    return sorted(planned, key=lambda remedy: remedy.opened_on)


def remedies_of_form_2019(cells: Mapping[str, int]) -> dict[tuple[str, str], int]:
    """Table four as counts by (kind, result)."""
    return {
        (kind, result): cells[f"remedies.{kind}.{result}"]
        for kind in ("reconsideration", "direct_suit", "suit_after_reconsideration")
        for result in ("upheld", "corrected", "other_result", "pending")
    }


@dataclass(frozen=True, slots=True)
class PlannedRecord:
    """One record of the plan: where it was published, and of what topic."""

    issued_on: date
    published_on: date
    channels: tuple[str, ...]
    topic: str = ""
    normative: str = ""
    government_information: bool = True


def plan_records(
    count: int,
    *,
    first: date,
    last: date,
    channels: tuple[str, ...],
    random: Random,
    topic: str = "",
    government_information: bool = True,
    issued_within: bool = False,
) -> list[PlannedRecord]:
    """Records published over a period, each within the 20 working days of Art. 26, on working days.

    `issued_within`: issued in the same period too (else some were issued shortly before it began).
    """
    days = working_days(first, last)
    planned = []
    for day in spread(random, days, count):
        issued = day - timedelta(days=random.randrange(0, 9))
        if issued_within:
            issued = max(issued, first)
        planned.append(PlannedRecord(issued, day, channels, topic, "", government_information))
    return planned
