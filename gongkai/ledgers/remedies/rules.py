"""What may be entered of a remedy: refusals in one sentence, in memory (law/requests section 6; 201号).

Nothing here asks the database, so that the bulk actions run the same rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gongkai.core.law.deadlines import LAW_2007
from gongkai.core.law.remedies import REMEDY_DECISIONS, REMEDY_KINDS, REMEDY_RESULTS, decisions_of, result_of
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.applications.rules import Broken, Existence, why_not_handle
from gongkai.ledgers.remedies.models import Remedy

NUMBER_LENGTH = 60
ORGAN_LENGTH = 100
AFTER_RECONSIDERATION = "suit_after_reconsideration"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRemedy:
    """What a clerk enters of a case."""

    agency: Agency
    kind: str
    opened_on: date
    number: str = ""
    """As the deciding organ gave it; empty: the next one of the agency's own series."""
    organ: str = ""
    application: Application | None = None
    reconsideration: Remedy | None = None
    standing: str = "respondent"
    handler: Staff | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """How a case ended. The result follows from `decision`; where only the result is known it is given alone."""

    remedy: Remedy
    on: date | None
    result: str = ""
    decision: str = ""

    @property
    def counted_as(self) -> str:
        """The result that is stored."""
        return self.result or (result_of(self.decision) if self.decision in REMEDY_DECISIONS else "")


def refusals_of_new(new: NewRemedy, *, today: date, existence: Existence) -> Iterator[Broken]:
    """Why the case cannot be registered so."""
    if new.opened_on > today:
        yield Broken(f"受理日期 {new.opened_on} 还没有到，今天是 {today}。", "opened_on")
    if new.opened_on < LAW_2007.since:
        yield Broken(f"条例自 {LAW_2007.since} 起施行，受理日期不能早于这一天。", "opened_on")
    elif not existence.existed(new.agency.pk, new.opened_on):
        yield Broken(f"{new.opened_on} 这一天该单位尚未设立或者已经撤销，请选择当时的单位。", "agency")
    if new.kind not in REMEDY_KINDS:
        yield Broken(f"没有“{new.kind}”这类案件，可选：{'、'.join(REMEDY_KINDS.values())}。", "kind")
    if new.standing not in dict(Remedy.STANDINGS):
        yield Broken(f"没有“{new.standing}”这种地位。", "standing")
    if len(new.number.strip()) > NUMBER_LENGTH:
        yield Broken(f"案件编号最多 {NUMBER_LENGTH} 个字。", "number")
    if len(new.organ.strip()) > ORGAN_LENGTH:
        yield Broken(f"审理机关最多 {ORGAN_LENGTH} 个字。", "organ")
    if new.standing == "co_defendant" and new.kind != AFTER_RECONSIDERATION:
        yield Broken("只有复议后起诉的案件，复议机关才作共同被告。", "standing")
    yield from _refusals_of_links(new)
    if new.handler is not None and (sentence := why_not_handle(new.handler, new.agency.pk)):
        yield Broken(sentence, "handler")


def _refusals_of_links(new: NewRemedy) -> Iterator[Broken]:
    application, earlier = new.application, new.reconsideration
    alone = new.standing != "co_defendant"  # the original organ's application and case, where the organ is only joined
    if application is not None:
        if alone and application.agency_id != new.agency.pk:
            yield Broken(f"申请 {application} 不是这个单位受理的。", "application")
        if new.opened_on < application.received_on:
            yield Broken(f"受理日期 {new.opened_on} 早于所涉申请的收到日期 {application.received_on}。", "opened_on")
    if new.kind == AFTER_RECONSIDERATION:
        if earlier is None and not new.note.strip():
            yield Broken("复议后起诉的，要关联此前的复议；复议不在本系统登记的，请在说明里写明。", "reconsideration")
    elif earlier is not None:
        yield Broken("只有复议后起诉的案件才关联此前的复议。", "reconsideration")
    if earlier is not None:
        yield from _refusals_of_earlier(new, earlier, alone=alone)


def _refusals_of_earlier(new: NewRemedy, earlier: Remedy, *, alone: bool) -> Iterator[Broken]:
    if earlier.kind != "reconsideration":
        yield Broken(f"{earlier} 不是行政复议案件。", "reconsideration")
    if alone and earlier.agency_id != new.agency.pk:
        yield Broken(f"复议 {earlier} 不是这个单位的案件。", "reconsideration")
    if new.opened_on < earlier.opened_on:
        yield Broken(f"起诉的受理日期 {new.opened_on} 早于此前复议的受理日期 {earlier.opened_on}。", "opened_on")
    if new.application is not None and earlier.application_id not in (None, new.application.pk):
        yield Broken(f"复议 {earlier} 所涉的是另一件申请。", "reconsideration")


def refusals_of_decision(decision: Decision, *, today: date, reason: str) -> Iterator[Broken]:
    """Why the case cannot be decided so. The case is read as it is passed."""
    remedy = decision.remedy
    if remedy.decided_on is not None:
        yield Broken(
            f"该案已于 {remedy.decided_on} 审结（{remedy.get_result_display()}），不能再次登记；"
            "登记有误或者二审、再审改判的，请用“更正”。"
        )
        return
    yield from refusals_of_result(decision, kind=remedy.kind, opened_on=remedy.opened_on, today=today, reason=reason)


def refusals_of_result(decision: Decision, *, kind: str, opened_on: date, today: date, reason: str) -> Iterator[Broken]:
    """Why a case of the kind cannot have ended so on that day. Which decision counts as what is a reading: it may be
    departed from with a reason."""
    if decision.on is None:
        yield Broken("写明结果时，要同时写明审结日期。", "on")
        return
    if decision.on < opened_on:
        yield Broken(f"审结日期 {decision.on} 早于受理日期 {opened_on}。", "on")
    if decision.on > today:
        yield Broken(f"审结日期 {decision.on} 还没有到，今天是 {today}。", "on")
    if decision.decision and decision.decision not in REMEDY_DECISIONS:
        yield Broken(f"没有“{decision.decision}”这种裁决。", "decision")
        return
    if not decision.counted_as:
        yield Broken("要选定裁决种类，或者直接选定结果。", "decision")
    elif decision.counted_as not in REMEDY_RESULTS:
        yield Broken(f"没有“{decision.result}”这种结果，可选：{'、'.join(REMEDY_RESULTS.values())}。", "result")
    elif decision.decision:
        yield from _refusals_of_mapping(decision, kind=kind, reason=reason)


def _refusals_of_mapping(decision: Decision, *, kind: str, reason: str) -> Iterator[Broken]:
    label = REMEDY_DECISIONS[decision.decision].label
    if REMEDY_DECISIONS[decision.decision] not in decisions_of(kind):
        yield Broken(f"{REMEDY_KINDS[kind]}案件没有“{label}”这种裁决。", "decision")
    usual = result_of(decision.decision)
    if decision.counted_as != usual and not reason.strip():
        yield Broken(
            f"“{label}”通常计入“{REMEDY_RESULTS[usual]}”；要计入“{REMEDY_RESULTS[decision.counted_as]}”的，请写明理由。",
            "reason",
        )
