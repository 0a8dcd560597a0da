"""What may be entered of an application: refusals in one sentence, in memory, for single rows and for thousands alike.

Only what cannot have happened is refused; what was late is recorded and flagged (design, idea 4). Nothing here asks the
database, so that the bulk actions run the same rules.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from gongkai.base.errors import RuleBroken
from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.channels import RECEIPT_CHANNELS
from gongkai.core.law.deadlines import LAW_2007, LAW_2019
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.applications.models import Application

NUMBER_LENGTH = 40
NAME_LENGTH = 120
SUBJECT_LENGTH = 60
REPLY_NUMBER_LENGTH = 80
MOST_APPLICANTS = 200

# Outcomes that only a later text knows. All others were given under the 2007 text too, whatever the form counted.
PROCESSING_FEES_SINCE = date(2021, 1, 1)  # 国办函〔2020〕109号
_OUTCOME_SINCE = {
    "not_processed.excessive": (LAW_2019.since, "现行条例第三十五条"),
    "otherwise_closed.clarification_lapsed": (LAW_2019.since, "现行条例第三十条"),
    "otherwise_closed.fee_unpaid": (PROCESSING_FEES_SINCE, "信息处理费管理办法（国办函〔2020〕109号）"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApplication:
    """What a clerk enters of an application. The first of `applicants` is the representative, whose kind counts."""

    agency: Agency
    received_on: date
    channel: str
    applicant_kind: str
    applicants: Sequence[str]
    description: str
    subject: str = ""
    handler: Staff | None = None
    number: str = ""
    """Given where a number was given already, outside (import); empty: the next one by rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """How an application ended."""

    application: Application
    on: date | None
    outcome: str
    reply_number: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A refusal: the sentence and the field at fault."""

    sentence: str
    field: str = ""

    def refusal(self, row: int = 0) -> RuleBroken:
        """As an exception; `row` (from 1) names the row of a bulk form."""
        return RuleBroken(f"第 {row} 行：{self.sentence}" if row else self.sentence, field=self.field)


@dataclass(slots=True)
class Existence:
    """When the agencies of a bulk existed: read once, asked in memory."""

    terms: dict[int, list[tuple[date, date | None]]] = field(default_factory=dict)

    def existed(self, agency_id: int, day: date) -> bool:
        """Whether the agency had a term on the day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.terms.get(agency_id, ()))


def names_of(applicants: Sequence[str]) -> list[str]:
    """The names as stored: trimmed, empty ones left out."""
    return [name.strip() for name in applicants if name.strip()]


def refuse_names(reason: str, names: Iterable[str]) -> None:
    """Refuse a reason that names an applicant: it becomes a line of the journal, which others read and nothing blanks."""
    if reason and any(len(name) > 1 and name in reason for name in names):
        raise RuleBroken("理由会写进操作日志，长期保存，请不要写申请人的姓名或者名称，写“申请人”。", field="reason")


def refuse_applicants_in(reason: str, application: Application) -> None:
    """The same for the applicants of an application; no query where there is no reason."""
    if reason:
        refuse_names(reason, application.applicants.values_list("name", flat=True))


def refusals_of_new(new: NewApplication, *, today: date, existence: Existence) -> Iterator[Broken]:
    """Why the application cannot be registered so."""
    yield from refusals_of_receipt(new.received_on, today=today)
    if not existence.existed(new.agency.pk, new.received_on):
        yield Broken(f"{new.received_on} 这一天受理机关尚未设立或者已经撤销，请选择当时的机关。", "agency")
    yield from refusals_of_kinds(new.channel, new.applicant_kind)
    yield from refusals_of_content(new.applicants, new.description, new.subject)
    if len(new.number) > NUMBER_LENGTH:
        yield Broken(f"申请编号最多 {NUMBER_LENGTH} 个字。", "number")
    if new.handler is not None and (sentence := why_not_handle(new.handler, new.agency.pk)):
        yield Broken(sentence, "handler")


def refusals_of_receipt(received_on: date, *, today: date) -> Iterator[Broken]:
    """Why an application cannot have been received on the day."""
    if received_on > today:
        yield Broken(f"收到日期 {received_on} 还没有到，今天是 {today}。", "received_on")
    if received_on < LAW_2007.since:
        yield Broken(f"条例自 {LAW_2007.since} 起施行，收到日期不能早于这一天。", "received_on")


def refusals_of_kinds(channel: str, applicant_kind: str) -> Iterator[Broken]:
    """Why channel and kind of applicant are not those of the national forms."""
    if channel not in RECEIPT_CHANNELS:
        yield Broken(f"没有“{channel}”这种收到渠道，可选：{'、'.join(RECEIPT_CHANNELS.values())}。", "channel")
    if applicant_kind not in APPLICANT_KINDS:
        names = "、".join(APPLICANT_KINDS.values())
        yield Broken(f"没有“{applicant_kind}”这类申请人，可选：{names}。", "applicant_kind")


def refusals_of_content(applicants: Sequence[str], description: str, subject: str) -> Iterator[Broken]:
    """Art. 29: a name, and what is wanted."""
    names = names_of(applicants)
    if not names:
        yield Broken("要写明申请人的姓名或者名称（条例第二十九条）。", "applicants")
    if len(names) > MOST_APPLICANTS:
        yield Broken(f"一件申请最多登记 {MOST_APPLICANTS} 名申请人，其余的可在描述里写明。", "applicants")
    if any(len(name) > NAME_LENGTH for name in names):
        yield Broken(f"每名申请人的姓名或者名称最多 {NAME_LENGTH} 个字，一行写一名。", "applicants")
    if not description.strip():
        yield Broken("要写明所需信息的名称、文号或者特征（条例第二十九条）。", "description")
    if len(subject.strip()) > SUBJECT_LENGTH:
        yield Broken(f"内容主题最多 {SUBJECT_LENGTH} 个字。", "subject")


def why_not_handle(handler: Staff, agency_id: int) -> str:
    """Why somebody cannot handle applications of the agency; empty when they can."""
    if not handler.is_active:
        return f"{handler} 的账号已停用，请另选承办人。"
    if not handler.roles_at(agency_id) & HANDLER_ROLES:
        return f"{handler} 在受理机关没有业务角色，请选本单位或上级单位的经办人员。"
    return ""


HANDLER_ROLES = frozenset({"clerk", "reviewer", "approver", "disclosure_office"})


def refusals_of_closing(closing: Closing, *, today: date) -> Iterator[Broken]:
    """Why the application cannot be closed so. The application is read as it is passed."""
    application = closing.application
    if application.closed_on is not None:
        yield Broken(
            f"该申请已于 {application.closed_on} 办结（{application.get_outcome_display()}），不能再次办结；"
            "登记有误的，请用“更正办结”。"
        )
        return
    yield from refusals_of_outcome(
        closing.on,
        closing.outcome,
        received_on=application.received_on,
        extended_on=application.extended_on,
        today=today,
    )
    if len(closing.reply_number) > REPLY_NUMBER_LENGTH:
        yield Broken(f"答复书文号最多 {REPLY_NUMBER_LENGTH} 个字。", "reply_number")


def refusals_of_outcome(
    on: date | None, outcome: str, *, received_on: date, extended_on: date | None, today: date
) -> Iterator[Broken]:
    """Why an application cannot have ended so on that day."""
    if on is None:
        yield Broken("写明办理结果时，要同时写明办结日期。", "on")
        return
    if on < received_on:
        yield Broken(f"办结日期 {on} 早于收到日期 {received_on}。", "on")
    if extended_on is not None and on < extended_on:
        yield Broken(f"办结日期 {on} 早于延期日期 {extended_on}：办结以后不会再延期。", "on")
    if on > today:
        yield Broken(f"办结日期 {on} 还没有到，今天是 {today}。", "on")
    if not outcome:
        yield Broken("要选定办理结果。", "outcome")
    elif outcome not in OUTCOMES:
        yield Broken(f"没有“{outcome}”这种办理结果。", "outcome")
    elif sentence := why_not_outcome(outcome, on):
        yield Broken(sentence, "outcome")


def why_not_outcome(outcome: str, on: date) -> str:
    """Why the law in force on the day does not know the outcome; empty when it does."""
    since, source = _OUTCOME_SINCE.get(outcome, (LAW_2007.since, ""))
    if on >= since:
        return ""
    return f"“{OUTCOMES[outcome].label}”出自{source}，{since} 起施行，{on} 办结的申请不能用这种结果。"


def years_between(first: date, last: date) -> list[date]:
    """One day of every year from the first to the last day, itself and in between: what a change of stock touches."""
    first, last = min(first, last), max(first, last)
    return [first, *(date(year, 1, 1) for year in range(first.year + 1, last.year)), last]
