"""Desk pages of the plumbing: 工作日历 and 操作日志."""

from calendar import Calendar
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gongkai.base import agency_port, calendar_actions, calendars, clock, journal, journal_words, queries
from gongkai.base.exports import Column, answer
from gongkai.base.forms import DaysForm, JournalFilter, NoticeForm
from gongkai.base.http import StaffRequest, attempt, desk_action, desk_page
from gongkai.base.models import CalendarNotice, JournalLine
from gongkai.base.permissions import ADMINISTRATOR, DISCLOSURE_OFFICE, agencies_for, declare, may_somewhere, require
from gongkai.core.calendars import WorkCalendar, built_in_years, is_weekend

# Of the three administrators of level 3 (三员), who manages accounts reads the journal; business offices read their own.
declare("journal.view", "查看操作日志", {ADMINISTRATOR, DISCLOSURE_OFFICE})
declare("journal.verify", "核对操作日志", {ADMINISTRATOR})

PAGE = 50
VERIFIED_IN_A_PAGE = 100_000
"""Row versions up to which a page may verify the journal (about five seconds); above, the command does."""
MOVED_SHOWN = 500
FIRST_YEAR = 2008
YEARS_AHEAD = 10
MOVED = "calendar_moved"


# ---- 工作日历


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day on the page: how it looks and what is read out."""

    day: date
    css: str
    word: str
    spoken: str
    today: bool


@dataclass(frozen=True, slots=True)
class Month:
    """A month as weeks from Monday to Sunday; a day of another month is None."""

    number: int
    weeks: list[list[DayCell | None]]


@desk_page()
@require_safe
def calendar(request: StaffRequest) -> HttpResponse | StreamingHttpResponse:
    """A year as twelve months, where its days come from, and which years are known."""
    today = clock.localdate()
    year = _year(request.GET.get("year", ""), today)
    lineage = agency_port.port().lineages([request.user.agency_id])[request.user.agency_id]
    working = calendars.work_calendar(lineage)
    moved_days = [day for day in _days_of(year) if _departs(working, day)]
    if download := answer(request, moved_days, _day_columns(working), name=f"{year}年放假调休"):
        return download
    notices = list(queries.notices_of(year))
    return render(
        request,
        "base/desk/calendar.html",
        {
            "year": year,
            "known": year in working.years,
            "previous": year - 1 if year > FIRST_YEAR else None,
            "following": year + 1 if year < today.year + YEARS_AHEAD else None,
            "months": [Month(number, _weeks(working, year, number, today)) for number in range(1, 13)],
            "built_in": next((file for file in built_in_years() if file.year == year), None),
            "notices": notices,
            "changeable": _changeable(request, notices),
            "local": queries.local_days(year, lineage).exclude(agency_id=None),
            "working_days": _count(working, year),
            "years": [
                {"year": y, "known": y in working.years, "current": y == year}
                for y in range(max(working.years, default=today.year) + 1, FIRST_YEAR - 1, -1)
            ],
            "hint": next_year_hint(working),
            "may_enter": may_somewhere(request.user, "calendar.enter"),
            "moved": request.session.pop(MOVED, None),
        },
    )


def _changeable(request: StaffRequest, notices: Iterable[CalendarNotice]) -> set[int]:
    """Keys of the notices whose days the user may correct: those of places where the user enters days."""
    places = agencies_for(request.user, "calendar.enter")
    everywhere = bool(places) and calendar_actions.may_enter(request.user, None)
    owners = {notice.pk: next((day.agency_id for day in notice.days.all()), None) for notice in notices}
    return {pk for pk, owner in owners.items() if (everywhere if owner is None else owner in places)}


def next_year_hint(working: WorkCalendar) -> str:
    """From November on, a sentence when the days of next year are not known: the notice comes out about then."""
    today = clock.localdate()
    following = today.year + 1
    if today.month < 11 or following in working.years:
        return ""
    return f"{following} 年的放假安排还没有录入。国务院办公厅的通知一般在 11 月前后印发；录入之前，跨到 {following} 年的期限都是暂定。"


@desk_action("calendar.enter")
@require_http_methods(["GET", "POST"])
def calendar_enter(request: StaffRequest) -> HttpResponse:
    """Enter a notice with its days."""
    form = NoticeForm(request.POST or None, request.FILES or None, user=request.user)

    def act() -> None:
        given = form.cleaned_data
        _, moved = calendar_actions.enter_notice(
            by=request.user,
            year=given["year"],
            number=given["number"],
            title=given["title"],
            issued_on=given["issued_on"],
            whole_year=given["whole_year"],
            agency_id=given["agency"],
            days=form.entries(given["year"]),
        )
        _remember(request, moved)

    if form.is_valid() and attempt(request, act, form=form):
        messages.success(request, f"已录入 {form.cleaned_data['year']} 年的安排。")
        return _to_year(form.cleaned_data["year"])
    return render(request, "base/desk/calendar_enter.html", {"form": form})


@desk_action("calendar.enter")
@require_http_methods(["GET", "POST"])
def calendar_change(request: StaffRequest, pk: int) -> HttpResponse:
    """Correct days of a notice."""
    notice = get_object_or_404(CalendarNotice, pk=pk)
    owner = notice.days.values_list("agency_id", flat=True).first()
    if not calendar_actions.may_enter(request.user, owner):
        raise Http404
    form = DaysForm(request.POST or None, request.FILES or None)

    def act() -> None:
        moved = calendar_actions.change_days(
            notice,
            by=request.user,
            days=form.entries(notice.year),
            reason=form.cleaned_data["reason"],
            agency_id=owner,
        )
        _remember(request, moved)

    if form.is_valid() and attempt(request, act, form=form):
        messages.success(request, "已改动。")
        return _to_year(notice.year)
    return render(request, "base/desk/calendar_change.html", {"form": form, "notice": notice})


def _remember(request: StaffRequest, moved: Iterable[calendars.Moved]) -> None:
    """The cases that moved are shown once, on the page that follows."""
    cases = [asdict(case) for case in moved]
    request.session[MOVED] = {"count": len(cases), "cases": cases[:MOVED_SHOWN]}


def _to_year(year: int) -> HttpResponse:
    response = redirect("desk:calendar")
    response["Location"] += f"?year={year}"
    return response


def _year(text: str, today: date) -> int:
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year
    return year if FIRST_YEAR <= year <= today.year + YEARS_AHEAD else today.year


def _days_of(year: int) -> Iterable[date]:
    return (date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days))


def _departs(working: WorkCalendar, day: date) -> bool:
    """Whether the day departs from the Monday-to-Friday week."""
    return day in working.work_weekends if is_weekend(day) else day in working.rest_weekdays


def _count(working: WorkCalendar, year: int) -> int | None:
    if year not in working.years:
        return None
    return sum(working.is_working_day(day) for day in _days_of(year))


def _weeks(working: WorkCalendar, year: int, month: int, today: date) -> list[list[DayCell | None]]:
    return [
        [_cell(working, day, today) if day.month == month else None for day in week]
        for week in Calendar().monthdatescalendar(year, month)
    ]


def _cell(working: WorkCalendar, day: date, today: date) -> DayCell:
    if is_weekend(day):
        css, word, spoken = ("day-ahead", "班", "") if _departs(working, day) else ("day-off", "", "周末休息")
    else:
        css, word, spoken = ("day-paused", "休", "") if _departs(working, day) else ("", "", "")
    return DayCell(day, css, word, spoken, day == today)


def _day_columns(working: WorkCalendar) -> tuple[Column, ...]:
    return (
        Column("day", "日期", lambda day: day),
        Column("weekday", "星期", lambda day: "一二三四五六日"[day.weekday()]),
        Column("kind", "安排", lambda day: "上班" if day in working.work_weekends else "休息"),
    )


# ---- 操作日志


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it reads."""

    row: JournalLine
    title: str
    agency: str
    fields: str


@desk_page("journal.view")
@require_safe
def journal_page(request: StaffRequest) -> HttpResponse | StreamingHttpResponse:
    """The lines the user may read, newest first, by number: never counted, never paged by offset."""
    names = agency_port.port().names()
    form = JournalFilter(request.GET or None, user=request.user, names=names)
    lines = queries.journal_visible_to(request.user)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    lines = queries.narrow_journal(
        lines,
        agency_id=given.get("agency"),
        person=given.get("person", ""),
        verb=given.get("verb", ""),
        first=given.get("first"),
        last=given.get("last"),
    )
    if download := answer(request, lines.order_by("-number"), _journal_columns(names), name="操作日志"):
        return download
    shown, older, newer = _page(request, lines)
    may_verify = may_somewhere(request.user, "journal.verify")
    return render(
        request,
        "base/desk/journal.html",
        {
            "form": form,
            "lines": [_line(row, names) for row in shown],
            "older": older,
            "newer": newer,
            "narrowed": any(given.values()),
            "last": journal.last_verification(),
            "failed": journal.VERIFICATION_FAILED,
            "may_verify": may_verify,
            "too_long": may_verify and queries.versions_at_most() > VERIFIED_IN_A_PAGE,
        },
    )


@desk_action("journal.verify")
@require_POST
def journal_verify(request: StaffRequest) -> HttpResponse:
    """Prove the journal now, where it is short enough for a page."""

    def act() -> None:
        require(request.user, "journal.verify", request.user)
        if queries.versions_at_most() > VERIFIED_IN_A_PAGE:
            messages.warning(request, "操作日志很长，请在服务器上运行 gongkai journal verify。")
            return
        count, broken = journal.verify_and_record(by=request.user)
        if broken is None:
            messages.success(request, f"核对了 {count} 行，全部相符。")
        else:
            messages.error(request, broken.sentence)

    attempt(request, act)
    return redirect("desk:journal")


def _page(request: StaffRequest, lines: Any) -> tuple[list[JournalLine], int | None, int | None]:
    """One page before or after a number, with the numbers at which the older and the newer page start."""
    before, after = _number(request.GET.get("before")), _number(request.GET.get("after"))
    if after is not None:
        rows = list(lines.filter(number__gt=after).order_by("number")[: PAGE + 1])
        more_new, rows = len(rows) > PAGE, rows[:PAGE][::-1]
        more_old = True
    else:
        narrowed = lines if before is None else lines.filter(number__lt=before)
        rows = list(narrowed.order_by("-number")[: PAGE + 1])
        more_old, rows = len(rows) > PAGE, rows[:PAGE]
        more_new = before is not None
    older = rows[-1].number if rows and more_old else None
    newer = rows[0].number if rows and more_new else None
    return rows, older, newer


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _line(row: JournalLine, names: dict[int, str]) -> Line:
    fields = "、".join(journal_words.changed_fields(row))
    return Line(row, journal_words.title_of(row), names.get(row.agency_id or 0, ""), fields)


def _journal_columns(names: dict[int, str]) -> tuple[Column, ...]:
    return (
        Column("number", "行号", lambda row: row.number),
        Column("at", "时间", lambda row: row.at.astimezone(clock.BEIJING)),
        Column("agency", "单位", lambda row: names.get(row.agency_id or 0, "")),
        Column("by", "人员", lambda row: row.by_name),
        Column("verb", "动作代码", lambda row: row.verb),
        Column("title", "动作", journal_words.title_of),
        Column("subject", "台账", lambda row: row.subject),
        Column("subject_pk", "行", lambda row: row.subject_pk),
        Column("subject_version", "版本", lambda row: row.subject_version),
        Column("changed", "改动的字段", lambda row: "、".join(journal_words.changed_fields(row))),
        Column("reason", "理由", lambda row: row.reason),
        Column("digest", "摘要", lambda row: row.digest),
    )
