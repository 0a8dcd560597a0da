"""What stands on 今天: all that is due, by clock, in a fixed number of queries whatever the size of the ledgers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, F, Q, Window
from django.db.models.expressions import Combinable
from django.urls import reverse

from gongkai.base import calendars, clock
from gongkai.base.figures import port
from gongkai.base.models import JournalLine
from gongkai.base.permissions import agencies_for, may, may_somewhere
from gongkai.core.calendars import CalendarMissing, WorkCalendar, working_days_between
from gongkai.ledgers.agencies.queries import agency_short_names
from gongkai.ledgers.agencies.settings import values_of
from gongkai.ledgers.agencies.tree import Node, Tree, tree_today
from gongkai.ledgers.applications import queries as applications
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.applications.progress import Progress, progress_of
from gongkai.ledgers.normative import queries as normative
from gongkai.ledgers.normative.actions import EXPIRY_NOTICE_DAYS
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.normative.states import State
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.annual_reports.queries import DUE
from gongkai.site.report_check import Report, reporting_agency, reports_of
from gongkai.site.waiting import Waiting, to_confirm

SHOWN: Final = 8
"""So many rows of each list; the rest stands behind a link."""
NEWS_DAYS: Final = 30
NEWS_SHOWN: Final = 5
NOTICE_EXPECTED: Final = (11, 1)
"""Month and day from which next year's notice is looked for: it comes between the end of October and the end of November."""
WEEKDAYS: Final = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class DayLine:
    """The date line: the day, its weekday, which working day of the year it is."""

    on: date
    working_day: str

    @property
    def weekday(self) -> str:
        """周三."""
        return f"周{WEEKDAYS[self.on.weekday()]}"


@dataclass(frozen=True, slots=True)
class Case:
    """An open application: where its clock stands and what to do next."""

    row: Application
    agency: str
    progress: Progress
    step: str
    step_url: str


@dataclass(frozen=True, slots=True)
class Filed:
    """A return that waits for the user's confirmation."""

    row: Return
    title: str
    unit: str
    agency: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """A normative document whose validity ends soon."""

    row: NormativeDocument
    agency: str
    left: int


@dataclass(frozen=True, slots=True)
class News:
    """One notice: a title, what it says, where it leads."""

    title: str
    text: str
    url: str = ""


@dataclass(slots=True)
class Today:
    """Everything of the page but the check of the report, which is asked for by itself."""

    day: DayLine
    waiting: Waiting
    open: int = 0
    cases: list[Case] = field(default_factory=list)
    filed: list[Filed] = field(default_factory=list)
    expiring_count: int = 0
    expiring: list[Expiring] = field(default_factory=list)
    notice_days: int = 0
    issuer: Node | None = None
    reports: list[Report] = field(default_factory=list)
    news: list[News] = field(default_factory=list)


def day_line(calendar: WorkCalendar, today: date) -> DayLine:
    """Which working day of the year it is. A year without a notice has none that anybody can count."""
    try:
        number = working_days_between(calendar, date(today.year, 1, 1) - timedelta(days=1), today)
        works = calendar.is_working_day(today)
    except CalendarMissing:
        return DayLine(today, f"{today.year} 年的放假安排还没有录入，工作日暂不能数")
    return DayLine(today, f"本年第 {number} 个工作日" if works else f"今天休息，本年已有 {number} 个工作日")


def today_of(user: Any) -> Today:
    """The page of a member of staff with business roles."""
    day, tree = clock.localdate(), tree_today()
    lines = {pk: tree.ancestors(pk) or [pk] for pk in agencies_for(user, "applications.view")}
    by_agency = calendars.calendars_along({0: (), user.agency_id: tree.ancestors(user.agency_id), **lines})
    names = _Names(tree)
    page = Today(day_line(by_agency[user.agency_id], day), Waiting(names[user.agency_id]))
    _applications(page, user, day, by_agency, names)
    _returns(page, user, names)
    keys = [EXPIRY_NOTICE_DAYS.key, *(setting.key for setting in DUE.values())]
    issuer = reporting_agency(user.agency_id, tree)
    held = agencies_for(user, "normative.view")
    settings = values_of(keys, {*held, user.agency_id, *([issuer.pk] if issuer else [])}, tree)
    notice = {pk: settings[EXPIRY_NOTICE_DAYS.key][pk] for pk in held}
    page.notice_days = settings[EXPIRY_NOTICE_DAYS.key][user.agency_id]
    _normative(page, user, day, notice, names)
    if issuer is not None and issuer.pk in agencies_for(user, "reports.view"):
        page.issuer = issuer
        page.reports = reports_of(issuer, day, settings[DUE[issuer.kind].key][issuer.pk])
    page.news = _news(user, day, by_agency[0], names)
    return page


class _Names(dict[int, str]):
    """Short names of agencies; those that are no more are read only when one of them is asked for."""

    def __init__(self, tree: Tree) -> None:
        super().__init__({node.pk: node.short_name for node in tree.nodes.values()})

    def __missing__(self, pk: int) -> str:
        self.update({key: name for key, name in agency_short_names().items() if key not in self})
        return self.setdefault(pk, "")


def _in_all(condition: Any = None) -> Combinable:
    """A count over all rows that fit, although only the first of them are read."""
    return Window(Count("pk", filter=condition))


def _applications(
    page: Today, user: Any, day: date, by_agency: Mapping[int, WorkCalendar], names: Mapping[int, str]
) -> None:
    rows = list(
        applications.visible_to(user)
        .filter(applications.open_now())
        .annotate(
            open_count=_in_all(),
            overdue_count=_in_all(applications.overdue_on(day)),
            soon_count=_in_all(applications.due_soon_on(day, by_agency[0])),
        )
        .order_by("due_on", "pk")[:SHOWN]
    )
    if not rows:
        return
    first: Any = rows[0]
    page.open = first.open_count
    page.waiting = Waiting(page.waiting.place, first.overdue_count, first.soon_count, page.waiting.to_confirm)
    for row in rows:
        progress = progress_of(row, by_agency[row.agency_id], day)
        step, url = _next_step(row, progress, user)
        page.cases.append(Case(row, names[row.agency_id], progress, step, url))


def _next_step(row: Application, progress: Progress, user: Any) -> tuple[str, str]:
    """What brings the case forward, as far as the user may do it; else the case itself."""
    if row.handler_id is None and may(user, "applications.change", row):
        return "指定承办人", reverse("desk:application_assign", args=[row.pk])
    if (
        progress.left >= 0
        and progress.tone == "warn"
        and row.extended_on is None
        and may(user, "applications.extend", row)
    ):
        return "答复或延期", reverse("desk:application", args=[row.pk])
    if may(user, "applications.close", row):
        return "办结", reverse("desk:application_close", args=[row.pk])
    return "查看", reverse("desk:application", args=[row.pk])


def _returns(page: Today, user: Any, names: Mapping[int, str]) -> None:
    rows = list(to_confirm(user).annotate(all_count=_in_all()).order_by("filled_at", "pk")[:SHOWN])
    if not rows:
        return
    first: Any = rows[0]
    page.waiting = Waiting(page.waiting.place, page.waiting.overdue, page.waiting.due_soon, first.all_count)
    for row in rows:
        facts = port().facts(row.indicator)
        title, unit = (facts.title, facts.unit) if facts is not None else (row.indicator, "")
        page.filed.append(Filed(row, title, unit, names[row.agency_id]))


def _normative(page: Today, user: Any, day: date, notice: Mapping[int, int], names: Mapping[int, str]) -> None:
    rows = list(
        normative.visible_to(user)
        .filter(normative.in_state_by_agency(State.EXPIRING, day, notice))
        .annotate(all_count=_in_all())
        .select_related("record")
        .defer("record__body")
        .order_by(F("valid_until").asc(), "pk")[:SHOWN]
    )
    if not rows:
        return
    first: Any = rows[0]
    page.expiring_count = first.all_count
    page.expiring = [
        Expiring(row, names[row.agency_id], (row.valid_until - day).days) for row in rows if row.valid_until is not None
    ]


# ---- notices


def _news(user: Any, day: date, calendar: WorkCalendar, names: Mapping[int, str]) -> list[News]:
    """What somebody should know: a missing notice, days entered, work handed over, reports on their way."""
    news = []
    if (day.month, day.day) >= NOTICE_EXPECTED and day.year + 1 not in calendar.years:
        may_enter = may_somewhere(user, "calendar.enter")
        news.append(
            News(
                f"{day.year + 1} 年的放假安排还没有录入",
                "跨年的答复期限暂定；通知印发后录入工作日历，期限会自动重算。"
                if may_enter
                else "跨年的答复期限暂定；请公开工作机构在通知印发后录入工作日历。",
                reverse("desk:calendar"),
            )
        )
    since = clock.now() - timedelta(days=NEWS_DAYS)
    mine = Q(agency_id=None) | Q(agency_id__in=agencies_for(user, "records.view"))
    lines = JournalLine.objects.filter(mine, verb__in=NEWS, at__gte=since).order_by("-number")
    return [*news, *(_news_of(line, names) for line in lines[:NEWS_SHOWN])]


NEWS: Final = {
    calendars.ENTERED: ("放假安排已录入工作日历", "desk:calendar"),
    calendars.CHANGED: ("工作日历有改动", "desk:calendar"),
    "application.handed_over": ("{place}：{rows} 件在办申请移交了承办人", "desk:applications"),
    "remedy.handed_over": ("{place}：{rows} 件复议诉讼案件移交了承办人", "desk:remedies"),
    "reports.submitted": ("{place}报送了年度报告", "desk:round"),
    "reports.returned": ("{place}的年度报告被退回，请看意见", "desk:round"),
    "reports.accepted": ("{place}的年度报告已接收", "desk:round"),
}
"""Which lines of the journal are news: title and where it leads."""


def _news_of(line: JournalLine, names: Mapping[int, str]) -> News:
    place = "" if line.agency_id is None else names[line.agency_id]
    title, url_name = NEWS[line.verb]
    day = f"{line.at.astimezone(clock.BEIJING):%m-%d}"
    return News(
        title.format(place=place or "几个单位", rows=line.rows),
        "　".join(filter(None, (day, line.reason))),
        reverse(url_name),
    )
