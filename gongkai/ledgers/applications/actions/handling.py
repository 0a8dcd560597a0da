"""Who handles an application, and putting right what was registered wrongly."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from gongkai.base import calendars, clock, figures, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import require
from gongkai.ledgers.agencies.models import AgencyTerm, Staff
from gongkai.ledgers.applications import rules
from gongkai.ledgers.applications.actions.closing import CHANGED_MEANWHILE
from gongkai.ledgers.applications.deadlines import deadline_of, longest_extension
from gongkai.ledgers.applications.models import Applicant, Application


@transaction.atomic
def assign_handler(application: Application, *, by: Staff, handler: Staff, reason: str = "") -> None:
    """Name who handles an open application: a member of staff with a business role at its agency or above."""
    require(by, "applications.change", application)
    if application.closed_on is not None:
        raise RuleBroken(f"该申请已于 {application.closed_on} 办结，不再指定承办人。")
    rules.refuse_applicants_in(reason, application)
    if sentence := rules.why_not_handle(handler, application.agency_id):
        raise RuleBroken(sentence, field="handler")
    if application.handler_id == handler.pk:
        raise RuleBroken(f"承办人已经是 {handler}。", field="handler")
    same = Application.objects.filter(pk=application.pk, version=application.version, closed_on=None)
    if not same.update(handler=handler):
        raise RuleBroken(CHANGED_MEANWHILE)
    journal.record("application.assigned", application, by=by, reason=reason)


@transaction.atomic
def hand_over(staff: Staff, successor: Staff, *, by: Staff, reason: str) -> int:
    """Hand all open applications of a member of staff to the successor; one line in the journal.

    The right to move staff is checked by `agencies.actions`, which calls this when staff change.
    """
    rows = list(Application.objects.select_for_update().filter(handler=staff, closed_on=None).order_by("pk"))
    for agency_id in sorted({row.agency_id for row in rows}):
        if sentence := rules.why_not_handle(successor, agency_id):
            raise RuleBroken(f"{staff} 名下有 {len(rows)} 件在办申请，不能移交：{sentence}")
    if not rows:
        return 0
    for row in rows:
        row.handler = successor
    Application.objects.bulk_update(rows, ("handler",), batch_size=500)
    journal.record_bulk("application.handed_over", rows, by=by, reason=reason, agency_id=staff.agency_id)
    return len(rows)


@transaction.atomic
def change_application(
    application: Application,
    *,
    by: Staff,
    reason: str,
    received_on: date | None = None,
    channel: str | None = None,
    applicant_kind: str | None = None,
    applicants: Sequence[str] | None = None,
    description: str | None = None,
    subject: str | None = None,
) -> None:
    """Put right what was registered wrongly; what is None stays. Another day of receipt computes the clock anew.

    The number stays what it is, also when the year of receipt changes: it was given to the applicant.
    """
    require(by, "applications.change", application)
    if not reason.strip():
        raise RuleBroken("更正登记要写明理由。", field="reason")
    day = application.received_on if received_on is None else received_on
    values: dict[str, object] = {
        "received_on": day,
        "channel": application.channel if channel is None else channel,
        "applicant_kind": application.applicant_kind if applicant_kind is None else applicant_kind,
        "description": application.description if description is None else description.strip(),
        "subject": application.subject if subject is None else subject.strip(),
    }
    parties = list(application.applicants.order_by("-is_representative", "pk"))
    before = [party.name for party in parties]
    names = before if applicants is None else rules.names_of(applicants)
    rules.refuse_names(reason, {*before, *names})
    _refuse_change(application, values, names)
    changed = {name for name, value in values.items() if getattr(application, name) != value}
    if not changed and names == before:
        raise RuleBroken("没有改动任何内容。")
    _ask_reason_of_frozen_years(application, day, changed, reason)
    same = Application.objects.filter(pk=application.pk, version=application.version)
    if not same.update(**values, **_clock_values(application, day)):
        raise RuleBroken(CHANGED_MEANWHILE)
    if names != before:
        _rename(application, parties, names, by=by, reason=reason)
    journal.record("application.changed", application, by=by, reason=reason)


def _refuse_change(application: Application, values: dict[str, object], names: Sequence[str]) -> None:
    day, today = values["received_on"], clock.localdate()
    assert isinstance(day, date)
    broken = [
        *rules.refusals_of_receipt(day, today=today),
        *rules.refusals_of_kinds(str(values["channel"]), str(values["applicant_kind"])),
        *rules.refusals_of_content(names, str(values["description"]), str(values["subject"])),
    ]
    if day != application.received_on:
        terms = AgencyTerm.objects.filter(agency=application.agency_id).values_list("valid_from", "valid_to")
        existence = rules.Existence({application.agency_id: list(terms)})
        if not existence.existed(application.agency_id, day):
            broken.append(rules.Broken(f"{day} 这一天受理机关尚未设立或者已经撤销。", "received_on"))
        for later, name in ((application.extended_on, "延期日期"), (application.closed_on, "办结日期")):
            if later is not None and later < day:
                broken.append(rules.Broken(f"收到日期 {day} 晚于{name} {later}。", "received_on"))
    if broken:
        raise broken[0].refusal()


def _ask_reason_of_frozen_years(application: Application, day: date, changed: set[str], reason: str) -> None:
    """The day moves figures between the two days; kind and channel move those of every year it was counted in."""
    end = application.closed_on or clock.localdate()
    days = rules.years_between(day, application.received_on) if "received_on" in changed else []
    if changed & {"applicant_kind", "channel"}:
        days += rules.years_between(application.received_on, end)
    figures.require_reason_if_frozen(application.agency_id, days, reason)


def _clock_values(application: Application, received_on: date) -> dict[str, object]:
    """The clock of the new day; an extension keeps its days as far as the law of that day allows them."""
    if received_on == application.received_on:
        return {}
    calendar = calendars.calendar_of(application.agency_id)
    days = min(application.extension_days, longest_extension(received_on))
    deadline = deadline_of(received_on, calendar, extended_on=application.extended_on, extension_days=days)
    return {"extension_days": days, "due_on": deadline.on, "due_is_provisional": deadline.provisional}


def _rename(
    application: Application, parties: list[Applicant], names: Sequence[str], *, by: Staff, reason: str
) -> None:
    """Applicants by place: the first represents. Rows are never deleted, so a name that is left out is refused."""
    if len(names) < len(parties):
        raise RuleBroken(
            f"已登记 {len(parties)} 名申请人，不能减少；退出的申请人请保留姓名，在理由中说明。", field="applicants"
        )
    renamed = []
    for party, name in zip(parties, names, strict=False):
        if party.name != name:
            party.name = name
            renamed.append(party)
    Applicant.objects.bulk_update(renamed, ("name",))
    added = Applicant.objects.bulk_create(
        [Applicant(application=application, name=name, is_representative=False) for name in names[len(parties) :]]
    )
    journal.record_bulk(
        "application.applicants_changed", [*renamed, *added], by=by, reason=reason, agency_id=application.agency_id
    )
