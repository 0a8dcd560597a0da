"""What may be done to a remedy: open, decide, put right (条例711 Art. 51; law/requests section 6).

The bulk siblings (`open_many`, `decide_many`) run the same rules in memory, all or nothing, and write one line.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import transaction

from gongkai.base import clock, figures, journal, numbers
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import BUSINESS_ROLES, CLERK, DISCLOSURE_OFFICE, declare, require
from gongkai.ledgers.agencies.models import Agency, AgencyTerm, Staff
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.applications.rules import Broken, Existence, refuse_applicants_in, why_not_handle, years_between
from gongkai.ledgers.remedies import rules
from gongkai.ledgers.remedies.models import Remedy
from gongkai.ledgers.remedies.rules import Decision, NewRemedy

declare("remedies.view", "查看复议诉讼", BUSINESS_ROLES)
declare("remedies.open", "登记复议诉讼案件", (CLERK, DISCLOSURE_OFFICE))
declare("remedies.decide", "登记复议诉讼结果", (CLERK, DISCLOSURE_OFFICE))
declare("remedies.change", "更正复议诉讼登记", (CLERK, DISCLOSURE_OFFICE))

BATCH = 500
CHANGED_MEANWHILE = "这个案件刚被别人改动过，请刷新页面，看清现状以后再做。"
_LETTERS = {"reconsideration": "复"}


@transaction.atomic
def open_remedy(
    agency: Agency,
    *,
    by: Staff,
    kind: str,
    opened_on: date,
    number: str = "",
    organ: str = "",
    application: Application | None = None,
    reconsideration: Remedy | None = None,
    standing: str = "respondent",
    handler: Staff | None = None,
    note: str = "",
    reason: str = "",
) -> Remedy:
    """Register a case that was opened against the agency. `reason` is asked for where a touched year is frozen."""
    new = NewRemedy(
        agency=agency,
        kind=kind,
        opened_on=opened_on,
        number=number,
        organ=organ,
        application=application,
        reconsideration=reconsideration,
        standing=standing,
        handler=handler,
        note=note,
    )
    require(by, "remedies.open", agency)
    for _, broken in row_refusals([new]):
        raise broken.refusal()
    _refuse_applicants(reason, application)
    (remedy,) = _insert([new], reason)
    journal.record("remedy.opened", remedy, by=by, reason=reason)
    return remedy


@transaction.atomic
def open_many(news: Sequence[NewRemedy], *, by: Staff, reason: str = "") -> list[Remedy]:
    """Register many cases, all or nothing; a refusal names the row (from 1). One line in the journal."""
    for agency in {new.agency.pk: new.agency for new in news}.values():
        require(by, "remedies.open", agency)
    for row, broken in row_refusals(news):
        raise broken.refusal(row)
    remedies = _insert(news, reason)
    journal.record_bulk("remedy.opened_many", remedies, by=by, reason=reason, agency_id=_one(remedies))
    return remedies


def row_refusals(news: Sequence[NewRemedy]) -> list[tuple[int, Broken]]:
    """Every refusal with its row (from 1), in order; empty when all can be registered. Changes nothing."""
    today, existence = clock.localdate(), Existence(_terms(new.agency.pk for new in news))
    found = [
        (row, broken)
        for row, new in enumerate(news, 1)
        for broken in rules.refusals_of_new(new, today=today, existence=existence)
    ]
    given = [new.number.strip() for new in news if new.number.strip()]
    taken = set(Remedy.objects.filter(number__in=given).values_list("number", flat=True)) if given else set()
    for row, new in enumerate(news, 1):
        number = new.number.strip()
        if number and number in taken:
            found.append((row, Broken(f"案件编号“{number}”已经登记过。", "number")))
        taken.add(number)
    return sorted(found, key=lambda item: item[0])


@transaction.atomic
def decide_remedy(
    remedy: Remedy, *, by: Staff, on: date | None, result: str = "", decision: str = "", reason: str = ""
) -> None:
    """Record how a case ended. The result follows from the decision; a departure from that needs a reason."""
    require(by, "remedies.decide", remedy)
    _refuse_applicants(reason, remedy.application)
    made = Decision(remedy=remedy, on=on, result=result, decision=decision)
    for broken in rules.refusals_of_decision(made, today=clock.localdate(), reason=reason):
        raise broken.refusal()
    assert on is not None
    figures.require_reason_if_frozen(remedy.agency_id, years_between(on, clock.localdate()), reason)
    # The filter is the lock: of two clerks pressing the button at once, one changes no row.
    pending = Remedy.objects.filter(pk=remedy.pk, decided_on=None, opened_on=remedy.opened_on, kind=remedy.kind)
    if not pending.update(decided_on=on, result=made.counted_as, decision=decision):
        raise RuleBroken("这个案件刚被别人审结或者改动过，请刷新页面，看清现状以后再做。")
    journal.record("remedy.decided", remedy, by=by, reason=reason)


@transaction.atomic
def decide_many(decisions: Sequence[Decision], *, by: Staff, reason: str = "") -> list[Remedy]:
    """Record how many cases ended, all or nothing; a refusal names the row (from 1). One line in the journal."""
    if not decisions:
        raise RuleBroken("没有可以登记的结果。")
    pks = [decision.remedy.pk for decision in decisions]
    current = Remedy.objects.select_for_update().in_bulk(pks)
    today, days, seen = clock.localdate(), defaultdict[int, list[date]](list), set[int]()
    for row, given in enumerate(decisions, 1):
        remedy = current[given.remedy.pk]
        if remedy.pk in seen:
            raise RuleBroken(f"第 {row} 行：{remedy} 在同一批里出现了两次。")
        seen.add(remedy.pk)
        made = Decision(remedy=remedy, on=given.on, result=given.result, decision=given.decision)
        for broken in rules.refusals_of_decision(made, today=today, reason=reason):
            raise broken.refusal(row)
        assert made.on is not None
        days[remedy.agency_id] += years_between(made.on, today)
        remedy.decided_on, remedy.result, remedy.decision = made.on, made.counted_as, made.decision
    rows = [current[pk] for pk in pks]
    for agency_id, touched in days.items():
        require(by, "remedies.decide", next(row for row in rows if row.agency_id == agency_id))
        figures.require_reason_if_frozen(agency_id, touched, reason)
    Remedy.objects.bulk_update(rows, ("decided_on", "result", "decision"), batch_size=BATCH)
    journal.record_bulk("remedy.decided_many", rows, by=by, reason=reason, agency_id=_one(rows))
    return rows


@transaction.atomic
def change_remedy(
    remedy: Remedy,
    *,
    by: Staff,
    reason: str,
    kind: str,
    opened_on: date,
    number: str,
    organ: str,
    application: Application | None,
    reconsideration: Remedy | None,
    standing: str,
    note: str,
    decided_on: date | None,
    result: str,
    decision: str,
) -> None:
    """Put right what the case says, its result included: a later instance replaces the result. All fields are given.

    Without a day of decision the case is pending again.
    """
    require(by, "remedies.change", remedy)
    if not reason.strip():
        raise RuleBroken("更正案件登记要写明理由。", field="reason")
    _refuse_applicants(reason, remedy.application)
    new = NewRemedy(
        agency=remedy.agency,
        kind=kind,
        opened_on=opened_on,
        number=number,
        organ=organ,
        application=application,
        reconsideration=reconsideration,
        standing=standing,
        note=note,
    )
    made = Decision(remedy=remedy, on=decided_on, result=result, decision=decision)
    _refuse_change(remedy, new, made, reason)
    values = {
        "kind": kind,
        "opened_on": opened_on,
        "number": number.strip(),
        "organ": organ.strip(),
        "application": application,
        "reconsideration": reconsideration,
        "standing": standing,
        "note": note.strip(),
        "decided_on": decided_on,
        "result": made.counted_as if decided_on else "",
        "decision": decision,
    }
    if all(getattr(remedy, name) == value for name, value in values.items()):
        raise RuleBroken("没有改动任何内容。")
    first, today = min(opened_on, remedy.opened_on), clock.localdate()
    figures.require_reason_if_frozen(remedy.agency_id, years_between(first, today), reason)
    same = Remedy.objects.filter(pk=remedy.pk, version=remedy.version)
    if not same.update(**values):
        raise RuleBroken(CHANGED_MEANWHILE)
    journal.record("remedy.changed", remedy, by=by, reason=reason)


def _refuse_change(remedy: Remedy, new: NewRemedy, made: Decision, reason: str) -> None:
    today = clock.localdate()
    broken = list(rules.refusals_of_new(new, today=today, existence=Existence(_terms([remedy.agency_id]))))
    if new.reconsideration is not None and new.reconsideration.pk == remedy.pk:
        broken.append(Broken("案件不能关联它自己。", "reconsideration"))
    if made.on is not None:
        broken += rules.refusals_of_result(made, kind=new.kind, opened_on=new.opened_on, today=today, reason=reason)
    elif made.result or made.decision:
        broken.append(Broken("写明结果时，要同时写明审结日期。", "decided_on"))
    number = new.number.strip()
    if not number:
        broken.append(Broken("要写明案件编号。", "number"))
    elif number != remedy.number and Remedy.objects.filter(number=number).exists():
        broken.append(Broken(f"案件编号“{number}”已经登记过。", "number"))
    if new.kind != "reconsideration" and remedy.suits.exists():
        broken.append(Broken("有起诉案件关联着这件复议，不能改成诉讼。", "kind"))
    if broken:
        raise broken[0].refusal()


@transaction.atomic
def assign_handler(remedy: Remedy, *, by: Staff, handler: Staff, reason: str = "") -> None:
    """Name who handles a pending case."""
    require(by, "remedies.change", remedy)
    _refuse_applicants(reason, remedy.application)
    if remedy.decided_on is not None:
        raise RuleBroken(f"该案已于 {remedy.decided_on} 审结，不再指定承办人。")
    if sentence := why_not_handle(handler, remedy.agency_id):
        raise RuleBroken(sentence, field="handler")
    if remedy.handler_id == handler.pk:
        raise RuleBroken(f"承办人已经是 {handler}。", field="handler")
    same = Remedy.objects.filter(pk=remedy.pk, version=remedy.version, decided_on=None)
    if not same.update(handler=handler):
        raise RuleBroken(CHANGED_MEANWHILE)
    journal.record("remedy.assigned", remedy, by=by, reason=reason)


@transaction.atomic
def hand_over(staff: Staff, successor: Staff, *, by: Staff, reason: str) -> int:
    """Hand all pending cases of a member of staff to the successor; one line in the journal.

    The right to move staff is checked by `agencies.actions`, which calls this when staff change.
    """
    rows = list(Remedy.objects.select_for_update().filter(handler=staff, decided_on=None).order_by("pk"))
    for agency_id in sorted({row.agency_id for row in rows}):
        if sentence := why_not_handle(successor, agency_id):
            raise RuleBroken(f"{staff} 名下有 {len(rows)} 件未审结案件，不能移交：{sentence}")
    if not rows:
        return 0
    for row in rows:
        row.handler = successor
    Remedy.objects.bulk_update(rows, ("handler",), batch_size=BATCH)
    journal.record_bulk("remedy.handed_over", rows, by=by, reason=reason, agency_id=staff.agency_id)
    return len(rows)


def why_not_decide(remedy: Remedy) -> list[str]:
    """Sentences that explain the closed door; empty when the case can be decided."""
    if remedy.decided_on is None:
        return []
    return [f"已于 {remedy.decided_on} 审结；登记有误或者二审、再审改判的，请用“更正”。"]


def _terms(agency_ids: Iterable[int]) -> dict[int, list[tuple[date, date | None]]]:
    terms: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for pk, first, last in AgencyTerm.objects.filter(agency__in=set(agency_ids)).values_list(
        "agency_id", "valid_from", "valid_to"
    ):
        terms[pk].append((first, last))
    return terms


def _insert(news: Sequence[NewRemedy], reason: str) -> list[Remedy]:
    """The rows themselves, not yet journalled."""
    if not news:
        raise RuleBroken("没有可以登记的案件。")
    today = clock.localdate()
    days: dict[int, list[date]] = defaultdict(list)
    for new in news:
        # A pending case also stands in the figures of every year's end since.
        days[new.agency.pk] += years_between(new.opened_on, today)
    for agency_id, touched in days.items():
        figures.require_reason_if_frozen(agency_id, touched, reason)
    remedies = [
        Remedy(
            agency=new.agency,
            number=number,
            kind=new.kind,
            application=new.application,
            reconsideration=new.reconsideration,
            standing=new.standing,
            organ=new.organ.strip(),
            handler=new.handler,
            opened_on=new.opened_on,
            note=new.note.strip(),
        )
        for new, number in zip(news, _numbers(news), strict=True)
    ]
    return Remedy.objects.bulk_create(remedies, batch_size=BATCH)


def _refuse_applicants(reason: str, application: Application | None) -> None:
    """A reason stands in the journal, which holds no personal values."""
    if application is not None:
        refuse_applicants_in(reason, application)


def _numbers(news: Sequence[NewRemedy]) -> list[str]:
    """The number of each: the one given, or the next of the agency's own series (示公开复〔2020〕1号), in order."""
    return numbers.assign(
        [new.number.strip() for new in news],
        [
            f"{new.agency.document_prefix or new.agency.code}公开{_LETTERS.get(new.kind, '诉')}〔{new.opened_on.year}〕"
            for new in news
        ],
        ledger="remedies",
        taken=lambda some: set(Remedy.objects.filter(number__in=some).values_list("number", flat=True)),
    )


def _one(rows: Sequence[Remedy]) -> int | None:
    agencies = {row.agency_id for row in rows}
    return agencies.pop() if len(agencies) == 1 else None
