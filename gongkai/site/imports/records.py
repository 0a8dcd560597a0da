"""Import of records with their publications: outlets and days side by side, separated by 、."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import agencies_for
from gongkai.ledgers.agencies.tree import tree_today
from gongkai.ledgers.records.actions import publish_many, register_records
from gongkai.ledgers.records.entries import (
    PROACTIVE,
    STATUSES,
    PublicationEntry,
    RecordEntry,
    check_entry,
    tidy,
)
from gongkai.ledgers.records.models import Category, Outlet, Publication, Record
from gongkai.site.imports.columns import Column, Unreadable, of, read_date
from gongkai.site.imports.ledger import Desk, Ledger, Row, Warn, in_chunks, placed
from gongkai.site.imports.standing import warnings_of

Places = tuple[tuple[Outlet, date], ...]


class RecordLedger(Ledger):
    """政府信息: registered, and published where the row says so."""

    code = "records"
    title = "政府信息"
    holds = "一行一条信息：索引号、标题、成文日期、公开属性，以及发布到哪里、哪一天"
    verb = "records.register"
    view = "records.view"
    url_name = "desk:records"
    key = ("index_number",)
    columns = (
        Column("agency", "公开主体", required=True, example="示范区教育局", note="写全称或者代号", width=26),
        of(
            Record,
            "index_number",
            required=True,
            example="SF020-0100-2020-00001",
            note="再次导入时凭它认出这一条",
            width=26,
        ),
        of(Record, "title", required=True, example="关于做好2020年义务教育招生工作的通知", width=46),
        of(Record, "document_number", example="示教〔2020〕1号", width=20),
        of(Record, "issued_on", required=True, example="2020-01-31"),
        of(Record, "disclosure_status", example="主动公开", note="不填算主动公开", blank=PROACTIVE),
        of(Record, "status_reason", example="", note="不是主动公开的必填", width=20),
        Column("category", "主题分类", example="", note="写分类的名称或者代号", width=16),
        of(Record, "body", note="纯文字；附件请在系统里添加", width=20),
        of(Record, "has_full_text", example="是"),
        of(Record, "is_government_information", example="是"),
        Column(
            "outlets",
            "发布去处",
            kind="names",
            blank=(),
            example="示范区政府门户网站、示范区发布",
            note="去处的名称；还没有发布的不填",
            width=30,
        ),
        Column(
            "published_on",
            "发布日期",
            kind="names",
            blank=(),
            example="2020-02-03、2020-02-04",
            note="与发布去处一一对应；只写一个日期，就是各去处同一天",
            width=24,
        ),
    )

    def offered(self, desk: Desk) -> dict[str, list[str]]:
        """Agencies and categories."""
        return {"agency": desk.held(self.verb), "category": list(Category.objects.values_list("name", flat=True))}

    def check(self, rows: Sequence[Row], desk: Desk) -> None:
        """The entry by the rules of the ledger, the publications, then what is there."""
        self.find_agencies(rows, desk)
        book = _OutletBook(desk)
        categories = list(Category.objects.all())
        by_name = {category.name: category for category in categories} | {c.code: c for c in categories}
        for row in rows:
            self._check_row(row, desk, book, by_name)
        self._find_existing(rows, desk)

    def _check_row(self, row: Row, desk: Desk, book: "_OutletBook", categories: dict[str, Category]) -> None:
        category = categories.get(row.values.get("category", ""))
        if row.values.get("category") and category is None:
            self.fault(row, f"没有叫“{row['category']}”的主题分类，请先在目录里添加，或者改成已有的", "category")
        places = self._places(row, book)
        if row.agency is None or row.unreadable:
            return
        entry = tidy(
            RecordEntry(
                agency=row.agency,
                title=row["title"],
                issued_on=row["issued_on"],
                index_number=row["index_number"],
                document_number=row.values.get("document_number", ""),
                category=category,
                disclosure_status=row.values.get("disclosure_status", PROACTIVE),
                status_reason=row.values.get("status_reason", ""),
                body=row.values.get("body", ""),
                has_full_text=row.values.get("has_full_text", True),
                is_government_information=row.values.get("is_government_information", True),
            )
        )
        try:
            check_entry(entry, desk.today)
        except RuleBroken as broken:
            self.fault(row, str(broken), broken.field)
        for outlet, on in places:
            self._check_place(row, entry, outlet, on, book)
        row.entry = entry, places

    def _places(self, row: Row, book: "_OutletBook") -> Places:
        """Outlets and days of the row, paired."""
        names, days = row.values.get("outlets", ()), []
        for text in row.values.get("published_on", ()):
            try:
                days.append(read_date(text))
            except Unreadable as unreadable:
                self.fault(row, str(unreadable), "published_on")
        if len(days) < len(row.values.get("published_on", ())):
            return ()
        if len(days) == 1:
            days *= max(len(names), 1)
        if len(days) != len(names):
            self.fault(row, f"有 {len(names)} 个发布去处，却有 {len(days)} 个发布日期，要一一对应", "published_on")
            return ()
        places: list[tuple[Outlet, date]] = []
        for name, on in zip(names, days, strict=True):
            try:
                outlet = book.find(name, row.agency.pk if row.agency else None)
            except RuleBroken as broken:
                self.fault(row, str(broken), "outlets")
                continue
            if any(outlet.pk == other.pk for other, _ in places):
                self.fault(row, f"“{name}”写了两遍", "outlets")
                continue
            places.append((outlet, on))
        return tuple(places)

    def _check_place(self, row: Row, entry: RecordEntry, outlet: Outlet, on: date, book: "_OutletBook") -> None:
        """The rules of `publish_many`, for rows that are not there yet; the action judges again."""
        if row.agency is not None and row.agency.pk not in book.may_publish:
            self.fault(row, book.desk.refusal("records.publish", row.agency), "outlets")
        if entry.disclosure_status != PROACTIVE:
            self.fault(row, f"公开属性是“{STATUSES[entry.disclosure_status]}”的不能发布", "outlets")
        if on < entry.issued_on:
            self.fault(row, f"发布日期 {on} 早于成文日期 {entry.issued_on}", "published_on")
        if on > book.desk.today:
            self.fault(row, f"发布日期 {on} 还没有到", "published_on")
        if outlet.closed_on is not None and on >= outlet.closed_on:
            self.fault(row, f"“{outlet}”已于 {outlet.closed_on} 停用", "outlets")

    def _find_existing(self, rows: Sequence[Row], desk: Desk) -> None:
        numbers = [row["index_number"].strip() for row in rows if row["index_number"]]
        there: dict[str, Record] = {
            record.index_number: record
            for record in in_chunks(
                numbers, lambda some: Record.objects.filter(index_number__in=some).select_related("category")
            )
        }
        standing: dict[int, list[tuple[str, date]]] = defaultdict(list)
        for publication in in_chunks(
            [record.pk for record in there.values()],
            lambda some: Publication.objects.filter(record_id__in=some).select_related("outlet"),
        ):
            standing[publication.record_id].append((publication.outlet.name, publication.published_on))
        for row in rows:
            record = there.get(row["index_number"].strip())
            if record is not None and row.entry is not None and not self.is_hidden(row, record.agency_id, desk):
                self._compare(row, record, standing[record.pk], desk)

    def _compare(self, row: Row, record: Record, published: list[tuple[str, date]], desk: Desk) -> None:
        entry, places = row.entry
        given = _shown(entry, entry.agency.pk, desk) | _places_shown([(outlet.name, on) for outlet, on in places])
        held = _shown(record, record.agency_id, desk) | _places_shown(published)
        self.compare(row, given, held, advice="导入不改已有的信息，要改请在目录里打开它")

    def days(self, row: Row) -> list[date]:
        """The day of issue and those of publication."""
        entry, places = row.entry
        return [entry.issued_on, *(on for _, on in places)]

    def warnings(self, rows: Sequence[Row], desk: Desk) -> list[Warn]:
        """Confirmed returns that state what these rows also count."""
        return warnings_of(rows, desk, ledger="records", cells=("proactive.total", "proactive.channel"), days=self.days)

    def write(self, rows: Sequence[Row], desk: Desk, reason: str) -> Sequence[tuple[str, ...]]:
        """The records, then what was published of them."""
        records = register_records([row.entry[0] for row in rows], by=desk.user, reason=reason)
        publications = [
            (place, PublicationEntry(record, outlet, on))
            for place, (row, record) in enumerate(zip(rows, records, strict=True))
            for outlet, on in row.entry[1]
        ]
        if publications:
            with placed([place for place, _ in publications]):
                publish_many([publication for _, publication in publications], by=desk.user, reason=reason)
        return ()


class _OutletBook:
    """Outlets by name, those of the agency and of those above it first. Read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.may_publish = agencies_for(desk.user, "records.publish")
        self.tree = tree_today()
        self.by_name: dict[str, list[Outlet]] = defaultdict(list)
        for outlet in Outlet.objects.all():
            self.by_name[outlet.name].append(outlet)

    def find(self, name: str, agency: int | None) -> Outlet:
        """The outlet of that name at which the agency may publish."""
        named = self.by_name.get(name, [])
        if not named:
            raise RuleBroken(f"没有叫“{name}”的发布去处，请先添加，或者改成已有的")
        line = self.tree.ancestors(agency) if agency is not None else []
        line = line or ([agency] if agency is not None else [])
        near = sorted((line.index(o.agency_id), o.pk, o) for o in named if o.agency_id in line)
        if near:
            return near[0][2]
        allowed = [outlet for outlet in named if outlet.agency_id in self.may_publish]
        if len(allowed) != 1:
            raise RuleBroken(f"“{name}”不是本单位或者上级单位的发布去处")
        return allowed[0]


def _shown(entry: RecordEntry | Record, agency: int, desk: Desk) -> dict[str, Any]:
    """What the columns hold, for comparing."""
    is_proactive = entry.disclosure_status == PROACTIVE
    return {
        "agency": desk.agencies.names.get(agency, ""),
        "title": entry.title,
        "document_number": entry.document_number,
        "issued_on": entry.issued_on,
        "disclosure_status": entry.disclosure_status,
        "status_reason": "" if is_proactive else entry.status_reason,
        "category": entry.category.name if entry.category else "",
        "body": entry.body,
        "has_full_text": entry.has_full_text,
        "is_government_information": entry.is_government_information,
    }


def _places_shown(published: list[tuple[str, date]]) -> dict[str, Any]:
    """Outlets and days in one order, so that the order of the file does not matter."""
    in_order = sorted(published)
    return {
        "outlets": tuple(name for name, _ in in_order),
        "published_on": tuple(f"{on}" for _, on in in_order),
    }
