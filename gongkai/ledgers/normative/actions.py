"""What can be done with normative documents: register, change, repeal, let lapse, extend (国办发〔2018〕37号).

Each is one-to-one with its record, whose title, number and issue date are its own. `issued_on` is kept here a second
time so that the database can hold the order of dates: a change of one changes the other, in one transaction. A change
made to the record arrives by `follow_issue_date`, one made here goes through `records.actions.change_record`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction

from gongkai.base import clock, journal, office_settings
from gongkai.base.errors import RuleBroken
from gongkai.base.figures import require_reason_if_frozen
from gongkai.base.permissions import APPROVER, CLERK, DISCLOSURE_OFFICE, REVIEWER, agencies_for, declare, require
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.normative.states import EXPIRED, ONE_DAY
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry, one_line, row_named
from gongkai.ledgers.records.models import Record

declare("normative.view", "查看规范性文件", (CLERK, REVIEWER, APPROVER, DISCLOSURE_OFFICE))
declare("normative.register", "登记规范性文件", (CLERK, DISCLOSURE_OFFICE))
declare("normative.change", "修改规范性文件", (CLERK, DISCLOSURE_OFFICE))
declare("normative.end", "登记废止、失效", (CLERK, DISCLOSURE_OFFICE))
declare("normative.extend", "延长有效期", (CLERK, DISCLOSURE_OFFICE))

EXPIRY_NOTICE_DAYS = office_settings.declare(
    "normative.expiry_notice_days",
    name="规范性文件届满提前提醒",
    default=60,
    unit="日",
    meaning="有效期届满前多少日起列为“即将届满”，提醒起草单位评估、重新公布或者任其失效。",
    source="鲤城区2020年年报：有效期满前60日内重新公布 [R]",
)
IN_FORCE_LIST_CYCLE = office_settings.declare(
    "normative.in_force_list.cycle",
    name="现行有效规范性文件清单公布周期",
    default=1,
    unit="年",
    meaning="每隔多少年在1月公布一次现行有效的规范性文件清单；1月过后没有公布的，在规范性文件页提示。",
    source="鲤城区2020年年报：每年1月份公布当年度现行有效规范性文件 [R]",
)

KINDS = dict(NormativeDocument.KINDS)
BATCH = 500
LAST_YEAR = 2999
"""Of a day of validity; one so far off means that there is none."""


@dataclass(frozen=True, slots=True)
class NormativeEntry:
    """One document to be registered, with a record that is there already or is made with it."""

    record: Record | RecordEntry
    kind: str
    in_force_on: date
    valid_until: date | None = None


@transaction.atomic
def register_normative(
    record: Record | RecordEntry,
    *,
    kind: str,
    in_force_on: date,
    valid_until: date | None = None,
    by: Any,
    reason: str = "",
) -> NormativeDocument:
    """Enter one document: for a record of the ledger, or together with a new one. `reason` for a frozen year."""
    if isinstance(record, RecordEntry):
        record = records.register_record(record, by=by, reason=reason)
    [document] = _prepare([NormativeEntry(record, kind, in_force_on, valid_until)], [record], by=by, reason=reason)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken(f"《{record.title}》已经登记为规范性文件。") from None
    journal.record("normative.registered", document, by=by, reason=reason)
    return document


@transaction.atomic
def register_many(rows: Sequence[NormativeEntry], *, by: Any, reason: str = "") -> list[NormativeDocument]:
    """Enter many by the same rules, all or none: one journal line, and one for the records that are made with them."""
    new = [row.record for row in rows if isinstance(row.record, RecordEntry)]
    made = iter(records.register_records(new, by=by, reason=reason) if new else ())
    theirs = [next(made) if isinstance(row.record, RecordEntry) else row.record for row in rows]
    documents = _prepare(rows, theirs, by=by, reason=reason)
    try:
        with transaction.atomic():
            NormativeDocument.objects.bulk_create(documents, batch_size=BATCH)
    except IntegrityError:
        raise RuleBroken("有的信息已经登记为规范性文件，请核对。") from None
    agencies = {document.agency_id for document in documents}
    agency_id = agencies.pop() if len(agencies) == 1 else None
    journal.record_bulk("normative.registered", documents, by=by, reason=reason, agency_id=agency_id)
    return documents


def _prepare(
    rows: Sequence[NormativeEntry], theirs: Sequence[Record], *, by: Any, reason: str
) -> list[NormativeDocument]:
    allowed = agencies_for(by, "normative.register")
    days = defaultdict[int, set[date | None]](set)
    documents = []
    for number, (row, record) in enumerate(zip(rows, theirs, strict=True), 1):
        with row_named(number, len(rows)):
            if record.agency_id not in allowed:
                require(by, "normative.register", record)
            _check_kind(row.kind)
            _check_dates(record.issued_on, row.in_force_on, row.valid_until)
        days[record.agency_id] |= _standing_days(row.in_force_on, record.issued_on, row.valid_until)
        documents.append(
            NormativeDocument(
                record=record,
                agency_id=record.agency_id,
                kind=row.kind,
                issued_on=record.issued_on,
                in_force_on=row.in_force_on,
                valid_until=row.valid_until,
            )
        )
    for agency_id, touched in days.items():
        require_reason_if_frozen(agency_id, touched, reason)
    return documents


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise RuleBroken(f"没有“{kind}”这种类别，只有{'、'.join(KINDS.values())}。", field="kind")


def _check_dates(issued_on: date, in_force_on: date, valid_until: date | None) -> None:
    if in_force_on < issued_on:
        raise RuleBroken(f"施行日期 {in_force_on} 早于成文日期 {issued_on}，请核对。", field="in_force_on")
    if valid_until is not None and valid_until < in_force_on:
        raise RuleBroken(f"有效期至 {valid_until}，早于施行日期 {in_force_on}，请核对。", field="valid_until")
    if valid_until is not None and valid_until.year > LAST_YEAR:
        raise RuleBroken("没有规定有效期的，有效期至空着，不要写很远的日期。", field="valid_until")


def _standing_days(since: date, *others: date | None) -> set[date | None]:
    """Days on which the figures of documents in force change when a document begins or ends on `since`."""
    today = clock.localdate()
    return {*others, *(records.year_ends(since, today) if since <= today else {since})}


# ---- changing


class NormativeChanges(TypedDict, total=False):
    """What can be put right. `issued_on` changes the record too."""

    kind: str
    issued_on: date
    in_force_on: date
    valid_until: date | None


@transaction.atomic
def change_normative(
    document: NormativeDocument, *, by: Any, reason: str = "", **changes: Unpack[NormativeChanges]
) -> None:
    """Put right what was entered wrongly. An extension of validity is no correction: it has an action of its own."""
    require(by, "normative.change", document)
    fresh = NormativeDocument.objects.select_for_update().select_related("record").get(pk=document.pk)
    new: dict[str, Any] = {field: value for field, value in changes.items() if getattr(fresh, field) != value}
    if not new:
        raise RuleBroken("没有改动任何内容。")
    _check_kind(new.get("kind", fresh.kind))
    in_force_on, valid_until = new.get("in_force_on", fresh.in_force_on), new.get("valid_until", fresh.valid_until)
    issued_on = new.pop("issued_on", None)
    _check_dates(issued_on or fresh.issued_on, in_force_on, valid_until)
    _check_ends(issued_on or fresh.issued_on, fresh)
    days = _standing_days(min(fresh.in_force_on, in_force_on), fresh.issued_on, fresh.valid_until, valid_until)
    require_reason_if_frozen(fresh.agency_id, days, reason)
    if new:
        # Written before the issue date moves with the record, so that no order of dates is broken in between.
        before_both = {**new, "issued_on": min(fresh.issued_on, issued_on or fresh.issued_on)}
        NormativeDocument.objects.filter(pk=fresh.pk).update(**before_both)
        journal.record("normative.changed", document, by=by, reason=reason)
    if issued_on is not None:
        records.change_record(fresh.record, by=by, reason=reason, issued_on=issued_on)
        document.refresh_from_db()


def _check_ends(issued_on: date, document: NormativeDocument) -> None:
    ended = document.repealed_on or document.lapsed_on
    if ended is not None and ended < issued_on:
        raise RuleBroken(f"已登记 {ended} 废止或者失效，成文日期不能晚于这一天。", field="issued_on")


def _follow_issue_date(record: Record, *, by: Any, reason: str) -> None:
    """Move the issue date with the record's, in the transaction that changed the record."""
    document = NormativeDocument.objects.select_for_update().filter(record=record).first()
    if document is None or document.issued_on == record.issued_on:
        return
    _check_dates(record.issued_on, document.in_force_on, document.valid_until)
    _check_ends(record.issued_on, document)
    NormativeDocument.objects.filter(pk=document.pk).update(issued_on=record.issued_on)
    journal.record("normative.changed", document, by=by, reason=reason)


records.follow_issue_date(_follow_issue_date)


# ---- the end of a document, and its putting off


@transaction.atomic
def repeal(document: NormativeDocument, *, on: date, by_document: str, by: Any, reason: str = "") -> None:
    """Record that the document is repealed (废止) from a day on, by which document. The day may lie ahead."""
    require(by, "normative.end", document)
    by_document = _basis(by_document, "by_document", "要写明依据哪份文件废止。")
    _end(document, on=on, basis=by_document, field="repealed_on", word="废止", reason=reason)
    journal.record("normative.repealed", document, by=by, reason=reason)


@transaction.atomic
def lapse(document: NormativeDocument, *, on: date, by: Any, basis: str = "", reason: str = "") -> None:
    """Record that the document has lapsed (失效) from a day on; past its validity no other basis is needed."""
    require(by, "normative.end", document)
    if not basis.strip() and document.valid_until is not None and on > document.valid_until:
        basis = EXPIRED
    if document.valid_until is not None and on > document.valid_until + ONE_DAY:
        raise RuleBroken(f"有效期至 {document.valid_until}，失效日期最晚是次日，请核对。", field="on")
    basis = _basis(basis, "basis", "有效期没有届满，要写明失效的依据。")
    _end(document, on=on, basis=basis, field="lapsed_on", word="失效", reason=reason)
    journal.record("normative.lapsed", document, by=by, reason=reason)


def _basis(text: str, field: str, sentence: str) -> str:
    text = one_line(text)
    if not text:
        raise RuleBroken(sentence, field=field)
    if len(text) > 300:
        raise RuleBroken(f"依据最多 300 字，现在 {len(text)} 字。", field=field)
    return text


def _end(document: NormativeDocument, *, on: date, basis: str, field: str, word: str, reason: str) -> None:
    if on < document.issued_on:
        raise RuleBroken(f"{word}日期 {on} 早于成文日期 {document.issued_on}，请核对。", field="on")
    require_reason_if_frozen(document.agency_id, _standing_days(on), reason)
    # The filter is the lock: of two clerks, one changes no row; an issue date moved in the meantime is seen.
    open_ones = NormativeDocument.objects.filter(pk=document.pk, repealed_on=None, lapsed_on=None, issued_on__lte=on)
    if not open_ones.update(**{field: on, "ended_by": basis}):
        document.refresh_from_db()
        raise RuleBroken(f"这份文件{_ended(document)}，不能再登记{word}。")


def _ended(document: NormativeDocument) -> str:
    if document.repealed_on is not None:
        return f"已经自 {document.repealed_on} 起废止"
    return f"已经自 {document.lapsed_on} 起失效"


@transaction.atomic
def extend_validity(
    document: NormativeDocument, *, until: date, basis: str, by: Any, on: date | None = None, reason: str = ""
) -> None:
    """Put off the last day of validity by a decision of the day `on` (default today), taken while still valid."""
    require(by, "normative.extend", document)
    on = clock.localdate() if on is None else on
    basis = _basis(basis, "basis", "要写明依据哪份文件延长。")
    fresh = NormativeDocument.objects.select_for_update().get(pk=document.pk)
    if why := why_not_extend(fresh, on):
        raise RuleBroken(why)
    if until.year > LAST_YEAR:
        raise RuleBroken("新的有效期太远，请核对年份。", field="until")
    if fresh.valid_until is not None and until <= fresh.valid_until:
        raise RuleBroken(f"新的有效期要晚于现在的 {fresh.valid_until}。", field="until")
    require_reason_if_frozen(fresh.agency_id, _standing_days(fresh.valid_until or on, until, on), reason)
    NormativeDocument.objects.filter(pk=fresh.pk).update(valid_until=until)
    told = f"{on} 依据{basis}延长"
    journal.record("normative.extended", document, by=by, reason=f"{told}；{reason}" if reason else told)


def why_not_extend(document: NormativeDocument, on: date) -> str:
    """The sentence that says why validity cannot be extended by a decision of that day, or an empty text."""
    if document.repealed_on is not None or document.lapsed_on is not None:
        return f"这份文件{_ended(document)}，不能延长有效期。"
    if document.valid_until is None:
        return "这份文件没有规定有效期，不需要延长。"
    if on > document.valid_until:
        return f"有效期已于 {document.valid_until} 届满，不能延长；需要继续执行的，重新制定、公布。"
    if on > clock.localdate():
        return f"延长的决定日期 {on} 还没有到，请核对。"
    return ""


def why_not_end(document: NormativeDocument) -> str:
    """The sentence that says why the document cannot be repealed or lapse, or an empty text."""
    if document.repealed_on is not None or document.lapsed_on is not None:
        return f"这份文件{_ended(document)}。"
    return ""
