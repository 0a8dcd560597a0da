"""What can be done with records: register, change, publish at an outlet, withdraw; and with outlets and categories.

条例711 Art. 10-26. Facts that came late are recorded and flagged; only what cannot have happened is refused: a
publication before the information was made or after today, of what is not disclosed proactively, at an outlet that is
closed, or twice.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, TypedDict, Unpack

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from gongkai.base import clock, journal, numbers
from gongkai.base.calendars import Moved, on_change
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.figures import require_reason_if_frozen
from gongkai.base.permissions import APPROVER, CLERK, DISCLOSURE_OFFICE, REVIEWER, agencies_for, declare, require
from gongkai.core.law.channels import PUBLICATION_CHANNELS
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import Tree, tree_today
from gongkai.ledgers.records.deadlines import set_due
from gongkai.ledgers.records.entries import (
    PROACTIVE,
    STATUSES,
    PublicationEntry,
    RecordEntry,
    check_entry,
    check_issue_date,
    check_status,
    check_texts,
    one_line,
    plain_lines,
    row_named,
    tidy,
)
from gongkai.ledgers.records.models import Category, Outlet, Publication, Record
from gongkai.ledgers.records.numbering import number_entries

declare("records.view", "查看政府信息", (CLERK, REVIEWER, APPROVER, DISCLOSURE_OFFICE))
declare("records.register", "登记政府信息", (CLERK, DISCLOSURE_OFFICE))
declare("records.change", "修改政府信息", (CLERK, DISCLOSURE_OFFICE))
declare("records.change_status", "改公开属性", (CLERK, REVIEWER, DISCLOSURE_OFFICE))
declare("records.publish", "发布政府信息", (CLERK, DISCLOSURE_OFFICE))
declare("records.withdraw", "撤下政府信息", (CLERK, APPROVER, DISCLOSURE_OFFICE))
declare("records.manage_outlets", "管理发布去处", (DISCLOSURE_OFFICE,))
declare("records.manage_categories", "管理主题分类", (DISCLOSURE_OFFICE,))

BATCH = 500
PORTAL_CHANNEL = "website"


# ---- registering


@transaction.atomic
def register_record(entry: RecordEntry, *, by: Any, reason: str = "") -> Record:
    """Enter one record; without an index number it gets the next of its series. `reason` for a frozen year."""
    [record] = _prepare([entry], by=by, reason=reason)
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        raise _number_used(record) from None  # another writer typed the same number between our look and our insert
    journal.record("record.registered", record, by=by, reason=reason)
    return record


@transaction.atomic
def register_records(rows: Sequence[RecordEntry], *, by: Any, reason: str = "") -> list[Record]:
    """Enter many records by the same rules, all or none, with one journal line; a refusal names the row (from 1)."""
    records = _prepare(rows, by=by, reason=reason)
    try:
        with transaction.atomic():
            Record.objects.bulk_create(records, batch_size=BATCH)
    except IntegrityError:
        raise RuleBroken("有的索引号刚刚被别人用了，请再试一次。", field="index_number") from None
    journal.record_bulk("record.registered", records, by=by, reason=reason, agency_id=_one_agency(records))
    return records


def _prepare(rows: Sequence[RecordEntry], *, by: Any, reason: str) -> list[Record]:
    """The rows as records, all rules kept, numbered, not yet saved."""
    today = clock.localdate()
    allowed = agencies_for(by, "records.register")
    entries, days = [tidy(row) for row in rows], defaultdict[int, set[date | None]](set)
    for number, entry in enumerate(entries, 1):
        with row_named(number, len(entries)):
            if entry.agency.pk not in allowed:
                require(by, "records.register", entry.agency)
            check_entry(entry, today)
        days[entry.agency.pk].add(entry.issued_on)
    _reasons(days, reason)
    records = [_made(entry, number) for entry, number in zip(entries, number_entries(entries), strict=True)]
    set_due(records)
    return records


def _made(entry: RecordEntry, index_number: str) -> Record:
    return Record(
        agency=entry.agency,
        index_number=index_number,
        title=entry.title,
        document_number=entry.document_number,
        issued_on=entry.issued_on,
        disclosure_status=entry.disclosure_status,
        status_reason="" if entry.disclosure_status == PROACTIVE else entry.status_reason,
        category=entry.category,
        body=entry.body,
        has_full_text=entry.has_full_text,
        is_government_information=entry.is_government_information,
        due_counts_from=entry.issued_on,
    )


def _number_used(record: Record) -> RuleBroken:
    return RuleBroken(f"索引号“{record.index_number}”已经用过，号码不能重复使用。", field="index_number")


def _one_agency(records: Iterable[Record]) -> int | None:
    """The agency of the line when all rows are of one."""
    agencies = {record.agency_id for record in records}
    return agencies.pop() if len(agencies) == 1 else None


def _reasons(days: dict[int, set[date | None]], reason: str) -> None:
    for agency_id, touched in days.items():
        require_reason_if_frozen(agency_id, touched, reason)


def year_ends(since: date, until: date) -> set[date]:
    """The day itself and the last day of each year from it to the other: where what stands on a day changes."""
    return {since, *(date(year, 12, 31) for year in range(since.year, until.year + 1))}


# ---- changing


class RecordChanges(TypedDict, total=False):
    """What can be changed of a record. Agency and index number never change; the status has an action of its own."""

    title: str
    document_number: str
    issued_on: date
    category: Category | None
    body: str
    has_full_text: bool
    is_government_information: bool


_followers: list[Callable[..., None]] = []


def follow_issue_date(follower: Callable[..., None]) -> None:
    """Name what must change in the same transaction when `change_record` moves an issue date.

    Called once by a higher ledger at start-up, since this one imports nothing upwards: follower(record, by=, reason=).
    """
    if follower not in _followers:
        _followers.append(follower)


@transaction.atomic
def change_record(
    record: Record, *, by: Any, reason: str = "", seen: int | None = None, **changes: Unpack[RecordChanges]
) -> None:
    """Put right what a record says. `seen` is the version that the clerk looked at, when it is not that of `record`.

    A normative document keeps the issue date of its record: a change here changes it there.
    """
    require(by, "records.change", record)
    fresh = _locked(record)
    if fresh.version != (record.version if seen is None else seen):
        raise RuleBroken("这条信息刚刚被别人改过，请重新打开再改。")
    new = _changed(fresh, changes)
    if not new:
        raise RuleBroken("没有改动任何内容。")
    days = set(fresh.publications.values_list("published_on", "withdrawn_on"))
    touched = {fresh.issued_on, new.get("issued_on"), *(day for pair in days for day in pair)}
    if "issued_on" in new:
        _check_moved_issue_date(new["issued_on"], [published for published, _ in days])
        new |= _moved_due(fresh, new["issued_on"])
    require_reason_if_frozen(fresh.agency_id, touched, reason)
    Record.objects.filter(pk=fresh.pk).update(**new)
    journal.record("record.changed", record, by=by, reason=reason)
    if "issued_on" in new:
        for follower in _followers:
            follower(record, by=by, reason=reason)


def _locked(record: Record) -> Record:
    """The record as it is now, locked until the end of the transaction (SQLite has one writer anyway)."""
    return Record.objects.select_for_update().get(pk=record.pk)


def _changed(record: Record, changes: RecordChanges) -> dict[str, Any]:
    """Those of the changes that differ, tidied and checked."""
    new: dict[str, Any] = dict(changes)
    for field in ("title", "document_number"):
        if field in new:
            new[field] = one_line(new[field])
    if "body" in new:
        new["body"] = plain_lines(new["body"])
    new = {field: value for field, value in new.items() if getattr(record, field) != value}
    check_texts(
        new.get("title", record.title),
        new.get("document_number", record.document_number),
        new.get("body", record.body),
    )
    if "issued_on" in new:
        check_issue_date(new["issued_on"], clock.localdate())
    return new


def _check_moved_issue_date(issued_on: date, published: Sequence[date]) -> None:
    if published and issued_on > min(published):
        raise RuleBroken(f"已经在 {min(published)} 发布过，成文日期不能晚于这一天。", field="issued_on")


def _moved_due(record: Record, issued_on: date) -> dict[str, Any]:
    if record.due_counts_from != record.issued_on:  # it became proactive later, and is counted from that day
        return {}
    moved = Record(agency_id=record.agency_id, due_counts_from=issued_on)
    set_due([moved])
    return {
        "due_counts_from": moved.due_counts_from,
        "due_on": moved.due_on,
        "due_is_provisional": moved.due_is_provisional,
    }


@transaction.atomic
def change_status(record: Record, *, status: str, by: Any, reason: str = "") -> None:
    """Set the disclosure status (公开属性). Anything but proactive needs the reason, which stays with the record.

    What stands at an outlet is withdrawn first. What becomes proactive has its 20 working days from today.
    """
    require(by, "records.change_status", record)
    fresh, reason = _locked(record), reason.strip()
    check_status(status, reason)
    if status == fresh.disclosure_status and (status == PROACTIVE or reason == fresh.status_reason):
        raise RuleBroken(f"公开属性已经是“{STATUSES[status]}”，没有改动。", field="disclosure_status")
    standing = fresh.publications.filter(withdrawn_on=None).select_related("outlet")
    if status != PROACTIVE and (names := "、".join(str(publication.outlet) for publication in standing)):
        raise RuleBroken(f"这条信息正在{names}发布，先撤下，再改公开属性。", field="disclosure_status")
    days = {day for pair in fresh.publications.values_list("published_on", "withdrawn_on") for day in pair}
    require_reason_if_frozen(fresh.agency_id, {fresh.issued_on, *days}, reason)
    new: dict[str, Any] = {"disclosure_status": status, "status_reason": "" if status == PROACTIVE else reason}
    if status == PROACTIVE and not days:
        fresh.due_counts_from = clock.localdate()
        set_due([fresh])
        new |= {f: getattr(fresh, f) for f in ("due_counts_from", "due_on", "due_is_provisional")}
    Record.objects.filter(pk=fresh.pk).update(**new)
    journal.record("record.status_changed", record, by=by, reason=reason)


@on_change
def reckon_due_again(years: frozenset[int], *, by: Any, reason: str) -> list[Moved]:
    """Reckon anew the terms that touch those years, after a notice of days off was entered or changed.

    Called inside the transaction that entered it. Tells of the records that still wait to be published.
    """
    touched = Q()
    for year in years:
        # A term of 20 working days ends at most some nine weeks later, also across Spring Festival.
        touched |= Q(due_counts_from__range=(date(year - 1, 10, 1), date(year, 12, 31)))
    if not years:
        return []
    records = list(Record.objects.select_for_update(of=("self",)).filter(touched).defer("body"))
    before = [(record.due_on, record.due_is_provisional) for record in records]
    set_due(records)
    moved = [
        (record, was)
        for record, (was, was_provisional) in zip(records, before, strict=True)
        if (record.due_on, record.due_is_provisional) != (was, was_provisional)
    ]
    if not moved:
        return []
    rows = [record for record, _ in moved]
    Record.objects.bulk_update(rows, ("due_on", "due_is_provisional"), batch_size=BATCH)
    journal.record_bulk("record.due_reckoned", rows, by=by, reason=reason, agency_id=_one_agency(rows))
    published = set(Publication.objects.filter(record__in=[r.pk for r in rows]).values_list("record_id", flat=True))
    return [
        Moved(record.index_number, reverse("desk:record", args=[record.pk]), f"{was}", f"{record.due_on}")
        for record, was in moved
        if record.pk not in published and record.disclosure_status == PROACTIVE and was != record.due_on
    ]


# ---- publishing


@transaction.atomic
def publish_record(record: Record, outlet: Outlet, *, on: date, by: Any, reason: str = "") -> Publication:
    """Publish a record at one outlet from a day on. `reason` for a frozen year."""
    [publication] = _prepare_publications([PublicationEntry(record, outlet, on)], by=by, reason=reason)
    try:
        with transaction.atomic():
            publication.save(force_insert=True)
    except IntegrityError:
        raise _already_there(outlet) from None  # of two clerks pressing the button at once, one is refused here
    journal.record("publication.published", publication, by=by, reason=reason)
    return publication


@transaction.atomic
def publish_many(rows: Sequence[PublicationEntry], *, by: Any, reason: str = "") -> list[Publication]:
    """Publish many by the same rules, all or none, with one journal line; a refusal names the row (from 1)."""
    publications = _prepare_publications(rows, by=by, reason=reason)
    try:
        with transaction.atomic():
            Publication.objects.bulk_create(publications, batch_size=BATCH)
    except IntegrityError:
        raise RuleBroken("有的信息刚刚被别人发布到同一去处，请刷新后再试。") from None
    agency_id = _one_agency(row.record for row in rows)
    journal.record_bulk("publication.published", publications, by=by, reason=reason, agency_id=agency_id)
    return publications


def _prepare_publications(rows: Sequence[PublicationEntry], *, by: Any, reason: str) -> list[Publication]:
    """The rows as publications, all rules kept, not yet saved. Records and outlets are read anew and locked."""
    desk = _PublicationDesk(by, rows)
    days = defaultdict[int, set[date | None]](set)
    for number, row in enumerate(rows, 1):
        with row_named(number, len(rows)):
            record = desk.check(row)
        days[record.agency_id] |= {row.on, desk.first.get(record.pk)}
    _reasons(days, reason)
    return [Publication(record=row.record, outlet=row.outlet, published_on=row.on) for row in rows]


class _PublicationDesk:
    """What is needed to judge publications in memory, read in few queries."""

    def __init__(self, by: Any, rows: Sequence[PublicationEntry]) -> None:
        self.by = by
        self.today = clock.localdate()
        self.allowed = agencies_for(by, "records.publish")
        self.tree: Tree = tree_today()
        self.records: dict[int, Record] = {}
        self.first: dict[int, date] = {}
        self.standing: set[tuple[int, int]] = set()
        keys = sorted({row.record.pk for row in rows})
        for start in range(0, len(keys), BATCH):
            self._read(keys[start : start + BATCH])
        wanted = sorted({row.outlet.pk for row in rows})
        self.outlets = {o.pk: o for o in Outlet.objects.select_for_update().filter(pk__in=wanted).order_by("pk")}

    def _read(self, keys: Sequence[int]) -> None:
        locked = Record.objects.select_for_update().filter(pk__in=keys).order_by("pk")
        fields = ("pk", "agency_id", "issued_on", "disclosure_status")
        self.records.update((record.pk, record) for record in locked.only(*fields))
        there = Publication.objects.filter(record_id__in=keys).order_by("-published_on")
        for record_id, outlet_id, on, withdrawn_on in there.values_list(
            "record_id", "outlet_id", "published_on", "withdrawn_on"
        ):
            self.first[record_id] = on
            if withdrawn_on is None:
                self.standing.add((record_id, outlet_id))

    def check(self, row: PublicationEntry) -> Record:
        """Refuse what cannot have happened; remember the place as taken."""
        record, outlet = self.records[row.record.pk], self.outlets[row.outlet.pk]
        if record.agency_id not in self.allowed:
            require(self.by, "records.publish", record)
        self._check_outlet(record, outlet, row.on)
        if why := why_not_publish(record):
            raise RuleBroken(why)
        if row.on < record.issued_on:
            raise RuleBroken(f"发布日期 {row.on} 早于成文日期 {record.issued_on}，请核对。", field="on")
        if row.on > self.today:
            raise RuleBroken(f"发布日期 {row.on} 还没有到；本版不支持定时发布，请到当天再发布。", field="on")
        if (record.pk, outlet.pk) in self.standing:
            raise _already_there(outlet)
        self.standing.add((record.pk, outlet.pk))
        return record

    def _check_outlet(self, record: Record, outlet: Outlet, on: date) -> None:
        """An agency publishes at its own outlets and at those above it; at others, who may publish for them."""
        above = {record.agency_id, *self.tree.ancestors(record.agency_id)}
        if outlet.agency_id not in above and outlet.agency_id not in self.allowed:
            raise NotAllowed(f"“{outlet}”不是本单位或者上级单位的发布去处，请换一个。")
        if outlet.closed_on is not None and on >= outlet.closed_on:
            raise RuleBroken(f"“{outlet}”已于 {outlet.closed_on} 停用，不能再发布，请换一个发布去处。", field="outlets")


def why_not_publish(record: Record) -> str:
    """The sentence that says why a record cannot be published at all, or an empty text."""
    if record.disclosure_status == PROACTIVE:
        return ""
    return (
        f"这条信息的公开属性是“{record.get_disclosure_status_display()}”，不能发布；"
        "确需公开的，先改公开属性，改成“主动公开”后再发布。"
    )


def _already_there(outlet: Outlet) -> RuleBroken:
    return RuleBroken(f"这条信息已经在“{outlet}”发布，不用再发；要更新日期的，先撤下再发布。", field="outlets")


@transaction.atomic
def withdraw_publication(publication: Publication, *, reason: str, by: Any, on: date | None = None) -> None:
    """Take a record down at one outlet from a day on (default today). That it was published stays on record."""
    require(by, "records.withdraw", publication)
    on = clock.localdate() if on is None else on
    reason = reason.strip()
    if not reason:
        raise RuleBroken("要写明撤下的理由。", field="reason")
    if on > clock.localdate():
        raise RuleBroken(f"撤下日期 {on} 还没有到，请核对。", field="on")
    if on < publication.published_on:
        raise RuleBroken(f"撤下日期 {on} 早于发布日期 {publication.published_on}，请核对。", field="on")
    require_reason_if_frozen(publication.agency_id, year_ends(on, clock.localdate()), reason)
    standing = Publication.objects.filter(pk=publication.pk, withdrawn_on=None)
    if not standing.update(withdrawn_on=on, withdrawn_reason=reason):
        raise RuleBroken("这条信息已经从该去处撤下，不用再撤。")
    journal.record("publication.withdrawn", publication, by=by, reason=reason)


# ---- outlets and categories


@transaction.atomic
def open_outlet(agency: Agency, *, name: str, channel: str, by: Any, is_portal: bool = False) -> Outlet:
    """Open a place of publication. The pages of this portal are an outlet too, of the channel of websites."""
    require(by, "records.manage_outlets", agency)
    name = one_line(name)
    if not name or len(name) > 80:
        raise RuleBroken("去处要有名称，最多 80 字。", field="name")
    if channel not in PUBLICATION_CHANNELS:
        raise RuleBroken(f"没有“{channel}”这种渠道，只有{'、'.join(PUBLICATION_CHANNELS.values())}。", field="channel")
    if is_portal and channel != PORTAL_CHANNEL:
        raise RuleBroken(f"本系统门户的渠道只能是“{PUBLICATION_CHANNELS[PORTAL_CHANNEL]}”。", field="channel")
    outlet = Outlet(agency=agency, name=name, channel=channel, is_portal=is_portal)
    try:
        with transaction.atomic():
            outlet.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken(f"本单位已经有叫“{name}”的发布去处。", field="name") from None
    journal.record("outlet.opened", outlet, by=by)
    return outlet


@transaction.atomic
def close_outlet(outlet: Outlet, *, on: date, by: Any, reason: str = "") -> None:
    """Close an outlet; from that day on it takes nothing. What was published there stays in the ledger as it is.

    Pages of this portal would vanish with it, so those still standing are withdrawn first.
    """
    require(by, "records.manage_outlets", outlet)
    if on > clock.localdate():
        raise RuleBroken(f"停用日期 {on} 还没有到，请到当天再办。", field="on")
    fresh = Outlet.objects.select_for_update().get(pk=outlet.pk)
    later = fresh.publications.filter(published_on__gte=on).order_by("-published_on").first()
    if later is not None:
        raise RuleBroken(f"“{outlet}”在 {later.published_on} 还有发布，停用日期要晚于这一天。", field="on")
    if fresh.is_portal and (count := fresh.publications.filter(withdrawn_on=None).count()):
        raise RuleBroken(f"“{outlet}”上还有 {count} 条信息，停用后公众就看不到了；先撤下，再停用。")
    if not Outlet.objects.filter(pk=outlet.pk, closed_on=None).update(closed_on=on):
        raise RuleBroken(f"“{outlet}”已经停用。")
    journal.record("outlet.closed", outlet, by=by, reason=reason)


@transaction.atomic
def create_category(agency: Agency, *, code: str, name: str, by: Any, index_code: str = "") -> Category:
    """Add a topic by which records are sorted. Without `index_code` it gets the next free number (0100, 0200 …)."""
    require(by, "records.manage_categories", agency)
    code, name, index_code = code.strip(), one_line(name), index_code.strip()
    _check_category(code, name, index_code)
    if Category.objects.filter(Q(code=code) | (Q(index_code=index_code) & ~Q(index_code=""))).exists():
        raise RuleBroken(f"代号“{code}”或者分类号“{index_code}”已经用过。", field="code")
    category = Category(agency=agency, code=code, name=name, index_code=index_code or _next_index_code())
    try:
        with transaction.atomic():
            category.save(force_insert=True)
    except IntegrityError:
        raise RuleBroken(f"代号“{code}”或者分类号“{category.index_code}”已经用过。", field="code") from None
    journal.record("category.created", category, by=by)
    return category


def _check_category(code: str, name: str, index_code: str) -> None:
    try:
        validate_slug(code)
    except ValidationError:
        raise RuleBroken("代号只能用英文字母、数字、下划线和连字符。", field="code") from None
    if len(code) > 60:
        raise RuleBroken("代号最多 60 字。", field="code")
    if not name or len(name) > 60:
        raise RuleBroken("分类要有名称，最多 60 字。", field="name")
    if index_code and not (index_code.isascii() and index_code.isalnum() and len(index_code) <= 8):
        raise RuleBroken("分类号只能用英文字母和数字，最多 8 位。", field="index_code")


def _next_index_code() -> str:
    used = set(Category.objects.values_list("index_code", flat=True))
    while (code := f"{numbers.take('record-category') * 100:04d}") in used:
        pass
    return code


@transaction.atomic
def rename_category(category: Category, *, name: str, by: Any, reason: str = "") -> None:
    """Give a topic another name; its code and number stay, since numbers and indicators name them."""
    require(by, "records.manage_categories", category)
    name = one_line(name)
    if not name or len(name) > 60:
        raise RuleBroken("分类要有名称，最多 60 字。", field="name")
    if not Category.objects.filter(pk=category.pk).exclude(name=name).update(name=name):
        raise RuleBroken("名称没有改动。", field="name")
    journal.record("category.renamed", category, by=by, reason=reason)
