"""Closing an application, and putting right what was entered wrongly about its end."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from gongkai.base import clock, figures, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import require
from gongkai.ledgers.agencies.models import Staff
from gongkai.ledgers.applications import rules
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.applications.rules import Closing

BATCH = 500
CHANGED_MEANWHILE = "这件申请刚被别人改动过，请刷新页面，看清现状以后再做。"


@transaction.atomic
def close_application(
    application: Application,
    *,
    by: Staff,
    on: date | None,
    outcome: str,
    reply_number: str = "",
    reason: str = "",
) -> None:
    """Record the end of an application. A late reply (超期) is recorded and flagged, never refused."""
    require(by, "applications.close", application)
    rules.refuse_applicants_in(reason, application)
    reply_number = reply_number.strip()
    closing = Closing(application=application, on=on, outcome=outcome, reply_number=reply_number)
    for broken in rules.refusals_of_closing(closing, today=clock.localdate()):
        raise broken.refusal()
    figures.require_reason_if_frozen(application.agency_id, _touched(on), reason)
    # The filter is the lock: of two clerks pressing the button at once, one changes no row.
    still_open = Application.objects.filter(
        pk=application.pk, closed_on=None, received_on=application.received_on, extended_on=application.extended_on
    )
    if not still_open.update(closed_on=on, outcome=outcome, reply_number=reply_number):
        raise RuleBroken("这件申请刚被别人办结或者改动过，请刷新页面，看清现状以后再做。")
    journal.record("application.closed", application, by=by, reason=reason)


@transaction.atomic
def close_many(closings: Sequence[Closing], *, by: Staff, reason: str = "") -> list[Application]:
    """Close many applications, all or nothing; a refusal names the row (from 1). One line in the journal."""
    if not closings:
        raise RuleBroken("没有可以办结的申请。")
    pks = [closing.application.pk for closing in closings]
    current = Application.objects.select_for_update().in_bulk(pks)
    today, days, seen = clock.localdate(), defaultdict[int, list[date]](list), set[int]()
    for row, closing in enumerate(closings, 1):
        application = current[closing.application.pk]
        if application.pk in seen:
            raise RuleBroken(f"第 {row} 行：{application} 在同一批里出现了两次。")
        seen.add(application.pk)
        now = Closing(
            application=application,
            on=closing.on,
            outcome=closing.outcome,
            reply_number=closing.reply_number.strip(),
        )
        for broken in rules.refusals_of_closing(now, today=today):
            raise broken.refusal(row)
        days[application.agency_id] += _touched(closing.on)
        application.closed_on, application.outcome = now.on, now.outcome
        application.reply_number = now.reply_number
    rows = [current[pk] for pk in pks]
    for agency_id, touched in days.items():
        require(by, "applications.close", next(row for row in rows if row.agency_id == agency_id))
        figures.require_reason_if_frozen(agency_id, touched, reason)
    Application.objects.bulk_update(rows, ("closed_on", "outcome", "reply_number"), batch_size=BATCH)
    one_agency = next(iter(days)) if len(days) == 1 else None
    journal.record_bulk("application.closed_many", rows, by=by, reason=reason, agency_id=one_agency)
    return rows


@transaction.atomic
def correct_closing(
    application: Application,
    *,
    by: Staff,
    reason: str,
    on: date | None,
    outcome: str,
    reply_number: str = "",
) -> None:
    """Put right the day, the outcome or the number of the reply of a closed application."""
    require(by, "applications.change", application)
    if application.closed_on is None:
        raise RuleBroken("这件申请还没有办结，没有可以更正的办结登记。")
    if not reason.strip():
        raise RuleBroken("更正办结登记要写明理由。", field="reason")
    rules.refuse_applicants_in(reason, application)
    for broken in rules.refusals_of_outcome(
        on,
        outcome,
        received_on=application.received_on,
        extended_on=application.extended_on,
        today=clock.localdate(),
    ):
        raise broken.refusal()
    reply_number = reply_number.strip()
    if (on, outcome, reply_number) == (application.closed_on, application.outcome, application.reply_number):
        raise RuleBroken("没有改动任何内容。")
    same = Application.objects.filter(pk=application.pk, version=application.version)
    if not same.update(closed_on=on, outcome=outcome, reply_number=reply_number):
        raise RuleBroken(CHANGED_MEANWHILE)
    journal.record("application.closing_corrected", application, by=by, reason=reason)


@transaction.atomic
def reopen_application(application: Application, *, by: Staff, reason: str) -> None:
    """Take back a closing that was entered by mistake; the application is open again with the limit it had."""
    require(by, "applications.change", application)
    if sentences := why_not_reopen(application):
        raise RuleBroken(sentences[0])
    if not reason.strip():
        raise RuleBroken("撤销办结登记要写明理由。", field="reason")
    rules.refuse_applicants_in(reason, application)
    same = Application.objects.filter(pk=application.pk, version=application.version, closed_on__isnull=False)
    if not same.update(closed_on=None, outcome="", reply_number=""):
        raise RuleBroken(CHANGED_MEANWHILE)
    journal.record("application.reopened", application, by=by, reason=reason)


def why_not_close(application: Application) -> list[str]:
    """Sentences that explain the closed door; empty when it can be closed."""
    if application.closed_on is None:
        return []
    return [f"已于 {application.closed_on} 办结；登记有误的，请用“更正办结”。"]


def why_not_reopen(application: Application) -> list[str]:
    """Sentences that explain the closed door; empty when the closing can be taken back."""
    return ["这件申请还没有办结。"] if application.closed_on is None else []


def _touched(on: date | None) -> list[date]:
    """The years whose figures the closing moves: that of the day, and the stock carried over at each year's end since."""
    return [] if on is None else rules.years_between(on, clock.localdate())
