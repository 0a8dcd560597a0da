"""Receiving an application: one by one, or many at once with the same rules."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from django.db import transaction

from gongkai.base import calendars, clock, figures, journal, numbers
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import require
from gongkai.ledgers.agencies.models import Agency, AgencyTerm, Staff
from gongkai.ledgers.applications import rules
from gongkai.ledgers.applications.deadlines import deadline_of
from gongkai.ledgers.applications.models import Applicant, Application
from gongkai.ledgers.applications.rules import Broken, Existence, NewApplication

BATCH = 500


@transaction.atomic
def register_application(
    agency: Agency,
    *,
    by: Staff,
    received_on: date,
    channel: str,
    applicant_kind: str,
    applicants: Sequence[str],
    description: str,
    subject: str = "",
    handler: Staff | None = None,
    number: str = "",
    reason: str = "",
) -> Application:
    """Register an application that was received, with the limit of its reply; the first applicant represents the rest.

    `reason` is asked for where a year that the entry touches is frozen.
    """
    new = NewApplication(
        agency=agency,
        received_on=received_on,
        channel=channel,
        applicant_kind=applicant_kind,
        applicants=applicants,
        description=description,
        subject=subject,
        handler=handler,
        number=number,
    )
    require(by, "applications.register", agency)
    rules.refuse_names(reason, rules.names_of(applicants))
    for _, broken in row_refusals([new]):
        raise broken.refusal()
    (application,), parties = _insert([new], reason)
    journal.record_bulk("application.applicants_named", parties, by=by, reason=reason, agency_id=agency.pk)
    journal.record("application.registered", application, by=by, reason=reason)
    return application


@transaction.atomic
def register_many(news: Sequence[NewApplication], *, by: Staff, reason: str = "") -> list[Application]:
    """Register many applications, all or nothing; a refusal names the row (from 1). One line in the journal."""
    for agency in {new.agency.pk: new.agency for new in news}.values():
        require(by, "applications.register", agency)
    if reason:
        rules.refuse_names(reason, {name for new in news for name in rules.names_of(new.applicants)})
    for row, broken in row_refusals(news):
        raise broken.refusal(row)
    applications, parties = _insert(news, reason)
    journal.record_bulk(
        "application.registered_many", [*applications, *parties], by=by, reason=reason, agency_id=_one_agency(news)
    )
    return applications


def row_refusals(news: Sequence[NewApplication]) -> list[tuple[int, Broken]]:
    """Every refusal with its row (from 1), in order; empty when all can be registered. Changes nothing."""
    today, existence = clock.localdate(), Existence(_terms(news))
    found = [(row, broken) for row, new in enumerate(news, 1) for broken in _refusals(new, today, existence)]
    given = [new.number.strip() for new in news if new.number.strip()]
    taken = set(Application.objects.filter(number__in=given).values_list("number", flat=True)) if given else set()
    for row, new in enumerate(news, 1):
        number = new.number.strip()
        if number and number in taken:
            found.append((row, Broken(f"申请编号“{number}”已经用过，编号不能重复。", "number")))
        taken.add(number)
    return sorted(found, key=lambda item: item[0])


def _refusals(new: NewApplication, today: date, existence: Existence) -> list[Broken]:
    return list(rules.refusals_of_new(new, today=today, existence=existence))


def _terms(news: Sequence[NewApplication]) -> dict[int, list[tuple[date, date | None]]]:
    terms: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    wanted = {new.agency.pk for new in news}
    for pk, first, last in AgencyTerm.objects.filter(agency__in=wanted).values_list(
        "agency_id", "valid_from", "valid_to"
    ):
        terms[pk].append((first, last))
    return terms


def _insert(news: Sequence[NewApplication], reason: str) -> tuple[list[Application], list[Applicant]]:
    """The rows themselves, not yet journalled."""
    if not news:
        raise RuleBroken("没有可以登记的申请。")
    today = clock.localdate()
    days: dict[int, list[date]] = defaultdict(list)
    for new in news:
        # An open application also stands in the carried-over figures of every year since.
        days[new.agency.pk] += rules.years_between(new.received_on, today)
    for agency_id, touched in days.items():
        figures.require_reason_if_frozen(agency_id, touched, reason)
    days_of = calendars.calendars_of(days)
    given = _numbers(news)
    applications = []
    for new, number in zip(news, given, strict=True):
        deadline = deadline_of(new.received_on, days_of[new.agency.pk])
        applications.append(
            Application(
                agency=new.agency,
                number=number,
                received_on=new.received_on,
                channel=new.channel,
                applicant_kind=new.applicant_kind,
                subject=new.subject.strip(),
                description=new.description.strip(),
                handler=new.handler,
                due_on=deadline.on,
                due_is_provisional=deadline.provisional,
            )
        )
    applications = Application.objects.bulk_create(applications, batch_size=BATCH)
    parties = [
        Applicant(application=application, name=name, is_representative=place == 0)
        for application, new in zip(applications, news, strict=True)
        for place, name in enumerate(rules.names_of(new.applicants))
    ]
    return applications, Applicant.objects.bulk_create(parties, batch_size=BATCH)


def series_of(agency: Agency, year: int) -> str:
    """The beginning of the numbers of an agency and a year, 示公开申〔2020〕; agencies of one prefix share the series."""
    return f"{agency.document_prefix or agency.code}公开申〔{year}〕"


def _numbers(news: Sequence[NewApplication]) -> list[str]:
    return numbers.assign(
        [new.number.strip() for new in news],
        [series_of(new.agency, new.received_on.year) for new in news],
        ledger="applications",
        taken=lambda some: set(Application.objects.filter(number__in=some).values_list("number", flat=True)),
    )


def _one_agency(news: Sequence[NewApplication]) -> int | None:
    agencies = {new.agency.pk for new in news}
    return agencies.pop() if len(agencies) == 1 else None
