"""What changes the working days: entering a notice with its days, and correcting single days.

Source of the rules: 全国年节及纪念日放假办法 (one notice a year of 国务院办公厅; regions of national minorities may add
holidays of their own, Art. 4). No day is ever deleted: a day that was wrong becomes a day of the other kind.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from gongkai.base import agency_port, calendars, clock, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.models import CalendarDay, CalendarNotice
from gongkai.base.permissions import DISCLOSURE_OFFICE, agencies_for, declare, may_somewhere
from gongkai.core.calendars import built_in_years, is_weekend

declare("calendar.enter", "录入放假安排", {DISCLOSURE_OFFICE})

LONGEST = 31
"""Days in one pasted range: longer than any holiday, so that a slip of the pen is found."""


@dataclass(frozen=True, slots=True)
class DayEntry:
    """A day and what becomes of it: `kind` is "rest" or "work"."""

    day: date
    kind: str


@transaction.atomic
def enter_notice(
    *,
    by: Any,
    year: int,
    number: str,
    title: str,
    issued_on: date,
    days: Sequence[DayEntry],
    whole_year: bool,
    agency_id: int | None = None,
) -> tuple[CalendarNotice, list[calendars.Moved]]:
    """Enter a notice with its days; returns it and the open cases whose limits moved.

    `whole_year`: from now on the arrangement of the year is known; only for everybody, and once. Otherwise the notice
    changes single days (the Spring Festival of 2020) or sets a local holiday of `agency_id` and all below it.
    """
    _require(by, agency_id)
    if not number.strip() or not title.strip():
        raise RuleBroken("请填写通知的文号和标题。", field="number" if not number.strip() else "title")
    if issued_on > clock.localdate():
        raise RuleBroken("印发日期不能晚于今天。", field="issued_on")
    if whole_year:
        _refuse_second_year(year, agency_id)
    _check_days(days, year)
    notice = CalendarNotice(
        year=year,
        number=number.strip(),
        title=title.strip(),
        issued_on=issued_on,
        whole_year=whole_year,
        entered_by=by,
        entered_at=clock.now(),
    )
    try:
        with transaction.atomic():
            notice.save()
            rows: list[CalendarNotice | CalendarDay] = [notice, *_set_days(notice, days, agency_id)]
    except IntegrityError:
        raise RuleBroken("刚才另一位同事录入了同样的安排，请刷新页面后再看。") from None
    reason = f"{notice.title}（{notice.number}）"
    journal.record_bulk(calendars.ENTERED, rows, by=by, agency_id=agency_id, reason=reason)
    return notice, calendars.changed({year}, by=by, reason=reason)


@transaction.atomic
def change_days(
    notice: CalendarNotice, *, by: Any, days: Sequence[DayEntry], reason: str, agency_id: int | None = None
) -> list[calendars.Moved]:
    """Correct or add days of a notice already entered; returns the open cases whose limits moved."""
    _require(by, agency_id)
    if not reason.strip():
        raise RuleBroken("请写明为什么改动这些日子。", field="reason")
    _check_days(days, notice.year)
    try:
        with transaction.atomic():
            rows = _set_days(notice, days, agency_id)
    except IntegrityError:
        raise RuleBroken("刚才另一位同事改动了同样的日子，请刷新页面后再看。") from None
    if not rows:
        raise RuleBroken("这些日子已经是这样安排的，没有改动。", field="days")
    journal.record_bulk(
        calendars.CHANGED, rows, by=by, agency_id=agency_id, reason=reason, changed=("kind", "notice_id")
    )
    return calendars.changed({notice.year}, by=by, reason=reason)


def may_enter(by: Any, agency_id: int | None) -> bool:
    """Days for everybody are entered by the office at the top of the tree, local ones by an office at or above the place."""
    places = agencies_for(by, "calendar.enter")
    if agency_id is not None:
        return agency_id in places
    roots = agency_port.port().roots()
    return bool(roots & places) if roots else may_somewhere(by, "calendar.enter")


def _require(by: Any, agency_id: int | None) -> None:
    if not may_enter(by, agency_id):
        raise NotAllowed(
            "您没有“录入放假安排”的权限，需要“公开工作机构”角色；全区适用的安排由区政府的公开工作机构录入。"
        )


def _refuse_second_year(year: int, agency_id: int | None) -> None:
    if agency_id is not None:
        raise RuleBroken("全年安排只能适用全部单位；地方放假请只录入那几天。", field="whole_year")
    known = CalendarNotice.objects.filter(year=year, whole_year=True).values_list("title", flat=True).first()
    known = known or next((file.notice for file in built_in_years() if file.year == year), None)
    if known:
        raise RuleBroken(f"{year} 年的安排已经有了（{known}），只能改动个别日子。", field="year")


def _check_days(days: Sequence[DayEntry], year: int) -> None:
    if not days:
        raise RuleBroken("请列出放假和调休上班的日子。", field="days")
    kinds: dict[date, str] = {}
    for entry in days:
        if entry.day.year != year:
            raise RuleBroken(f"{entry.day:%Y-%m-%d} 不在 {year} 年，请分年录入。", field="days")
        if kinds.setdefault(entry.day, entry.kind) != entry.kind:
            raise RuleBroken(f"{entry.day:%Y-%m-%d} 既写了休息又写了上班，请改正。", field="days")


def _set_days(notice: CalendarNotice, days: Iterable[DayEntry], agency_id: int | None) -> list[CalendarDay]:
    """The rows made or changed: a day has one row for an agency, which follows the last notice that speaks of it."""
    wanted = {entry.day: entry.kind for entry in days}
    known = {row.day: row for row in CalendarDay.objects.filter(day__in=wanted, agency_id=agency_id)}
    moved = [row for day, row in known.items() if row.kind != wanted[day]]
    for row in moved:
        row.kind, row.notice = wanted[row.day], notice
    CalendarDay.objects.bulk_update(moved, ("kind", "notice"))
    made = [
        CalendarDay(day=day, kind=kind, agency_id=agency_id, notice=notice)
        for day, kind in sorted(wanted.items())
        if day not in known
    ]
    return [*moved, *CalendarDay.objects.bulk_create(made)]


# ---- a pasted list

_DAY = r"(?:(\d{4})\s*[-年./])?\s*(\d{1,2})\s*[-月./]\s*(\d{1,2})\s*日?"
_LINE = re.compile(
    rf"^{_DAY}(?:\s*(?:至|到|[-~～—–]+)\s*(?:{_DAY}|(\d{{1,2}})\s*日?))?\s*(?:[（(][^）)]*[）)])?\s*[:：,，\t ]*\s*(\S+?)\s*$"
)
LONGEST_LINE = 120
_WORDS = {"休": "rest", "休息": "rest", "放假": "rest", "上班": "work", "班": "work", "调休上班": "work"}


def read_days(text: str, year: int) -> list[DayEntry]:
    """Days from a pasted list, one day or range a line: `2027-01-01 至 2027-01-03 休`, `1月4日 上班`.

    A range is of days of rest only. Days of rest on a weekend, and working days that are weekdays, change nothing and
    are kept as written. Raises RuleBroken with the number of the first line that cannot be read.
    """
    entries: list[DayEntry] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            entries += _read_line(line.strip(), year)
        except ValueError as wrong:
            detail = str(wrong)
            raise RuleBroken(
                f"第 {number} 行“{line.strip()[:40]}”读不懂{detail}。写法：2027-01-01 至 2027-01-03 休，或者 2027-01-04 上班。",
                field="days",
            ) from None
    return entries


def _read_line(line: str, year: int) -> list[DayEntry]:
    # White space in runs is what makes the pattern slow; no line that says a day is long.
    found = _LINE.match(" ".join(line.split())) if len(line) <= LONGEST_LINE else None
    if found is None:
        raise ValueError("")
    first_year, month, day, last_year, last_month, last_day, same_month_day, word = found.groups()
    kind = _WORDS.get(word)
    if kind is None:
        raise ValueError("（要写“休”或者“上班”）")
    first = _day(first_year or year, month, day)
    last = first
    if last_day:
        last = _day(last_year or first_year or year, last_month, last_day)
    elif same_month_day:
        last = _day(first.year, first.month, same_month_day)
    length = (last - first).days
    if not 0 <= length < LONGEST:
        raise ValueError("（起止日期颠倒，或者超过一个月）")
    if length and kind == "work":
        raise ValueError("（上班的日子请一天写一行）")
    return [DayEntry(first + timedelta(days=n), kind) for n in range(length + 1)]


def _day(year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise ValueError("（没有这一天）") from None


def changes_the_week(entry: DayEntry) -> bool:
    """Whether the day departs from the Monday-to-Friday week."""
    return is_weekend(entry.day) == (entry.kind == "work")
