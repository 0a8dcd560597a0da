"""The clock of a reply: the one extension, and computing all open limits anew when the calendar changes (Art. 33)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.urls import reverse

from gongkai.base import calendars, clock, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import require
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.applications import rules
from gongkai.ledgers.applications.deadlines import deadline_of, longest_extension
from gongkai.ledgers.applications.models import Application

BATCH = 500


@transaction.atomic
def extend_reply(application: Application, *, by: Staff, on: date, reason: str, days: int | None = None) -> None:
    """Grant the one extension the law allows (art. 33). Granted too late it is recorded, flagged, and moves nothing.

    `days` are working days, at least 1, default and at most what the law of the case allows.
    """
    require(by, "applications.extend", application)
    if sentences := why_not_extend(application):
        raise RuleBroken(sentences[0])
    most = longest_extension(application.received_on)
    days = most if days is None else days
    if not 1 <= days <= most:
        raise RuleBroken(f"延长期限为 1 至 {most} 个工作日。", field="days")
    if on < application.received_on:
        raise RuleBroken(f"延期日期 {on} 早于收到日期 {application.received_on}。", field="on")
    if on > clock.localdate():
        raise RuleBroken(f"延期日期 {on} 还没有到，今天是 {clock.localdate()}。", field="on")
    if not reason.strip():
        raise RuleBroken("延长答复期限要写明理由，并告知申请人（条例第三十三条）。", field="reason")
    rules.refuse_applicants_in(reason, application)
    calendar = calendars.calendar_of(application.agency_id)
    deadline = deadline_of(application.received_on, calendar, extended_on=on, extension_days=days)
    # The filter is the lock: of two people pressing the button at once, one changes no row.
    still_open = Application.objects.filter(
        pk=application.pk, extended_on=None, closed_on=None, received_on=application.received_on
    )
    if not still_open.update(
        extended_on=on, extension_days=days, due_on=deadline.on, due_is_provisional=deadline.provisional
    ):
        raise RuleBroken("这件申请刚被别人办结、延长或者改动过，请刷新页面，看清现状以后再做。")
    journal.record("application.extended", application, by=by, reason=reason)


def why_not_extend(application: Application) -> list[str]:
    """Sentences that explain the closed door; empty when the reply can be extended."""
    if application.closed_on is not None:
        return [f"已于 {application.closed_on} 办结，不能再延长答复期限。"]
    if application.extended_on is not None:
        return [f"已于 {application.extended_on} 延长过一次，法律只允许延长一次（条例第三十三条）。"]
    return []


@dataclass(frozen=True, slots=True)
class Moved:
    """An open application whose limit moved, or became firm or provisional, with the limit it had before."""

    application: Application
    before: date
    was_provisional: bool


@transaction.atomic
def recompute_due_dates(by: Any = None, reason: str = "") -> list[Moved]:
    """Compute the limits of all open applications anew and list those that moved: called when a calendar changes."""
    rows = list(Application.objects.select_for_update().filter(closed_on=None).order_by("due_on", "pk"))
    days_of = calendars.calendars_of({row.agency_id for row in rows})
    moved = []
    for row in rows:
        deadline = deadline_of(
            row.received_on,
            days_of[row.agency_id],
            extended_on=row.extended_on,
            extension_days=row.extension_days,
        )
        if (deadline.on, deadline.provisional) != (row.due_on, row.due_is_provisional):
            moved.append(Moved(row, row.due_on, row.due_is_provisional))
            row.due_on, row.due_is_provisional = deadline.on, deadline.provisional
    if moved:
        changed = [move.application for move in moved]
        Application.objects.bulk_update(changed, ("due_on", "due_is_provisional"), batch_size=BATCH)
        journal.record_bulk(
            "application.due_recomputed", changed, by=by, reason=reason or "工作日历有变动，重新计算答复期限"
        )
    return moved


def reckon_anew(years: frozenset[int], *, by: object, reason: str) -> list[calendars.Moved]:  # noqa: ARG001 - the port names it
    """What `base.calendars` calls when working days change: which limits moved, as the calendar's page lists them.

    All open applications are reckoned anew, whatever the years: those that no change touches do not move.
    """
    moved = recompute_due_dates(by=by, reason=reason)
    return [
        calendars.Moved(
            title=move.application.number,
            url=reverse("desk:application", args=[move.application.pk]),
            before=day_text(move.before, provisional=move.was_provisional),
            after=day_text(move.application.due_on, provisional=move.application.due_is_provisional),
        )
        for move in moved
    ]


def day_text(day: date, *, provisional: bool) -> str:
    """A limit as it is shown: a provisional one says so."""
    return f"{day}（暂定）" if provisional else f"{day}"
