"""Which records there are for whom, and the conditions by which indicators count them.

A record counts once, on the day it was first published anywhere; that it was withdrawn later does not unmake it.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)

from gongkai.base.models import JournalHead
from gongkai.base.permissions import agencies_for
from gongkai.ledgers.agencies.models import AgencyTerm
from gongkai.ledgers.records.models import Category, Outlet, Publication, Record

GUIDE = "disclosure_guide"
RULES = "disclosure_rules"
SPECIAL_CATEGORIES = {GUIDE: "政府信息公开指南", RULES: "政府信息公开制度"}
"""Codes of the categories whose records the portal shows under entries of their own (国办公开办函〔2019〕61号)."""


# ---- for whom


def visible_to(user: Any) -> QuerySet[Record]:
    """Records of the agencies at which, or above which, the user may see them."""
    return Record.objects.filter(agency_id__in=agencies_for(user, "records.view"))


def outlets_visible_to(user: Any) -> QuerySet[Outlet]:
    """Outlets of those agencies."""
    return Outlet.objects.filter(agency_id__in=agencies_for(user, "records.view"))


def publications_visible_to(user: Any) -> QuerySet[Publication]:
    """Publications of the records the user may see."""
    return Publication.objects.filter(record__agency_id__in=agencies_for(user, "records.view"))


def outlets_for(record: Record, above: Iterable[int]) -> QuerySet[Outlet]:
    """Open outlets at which the record does not stand; `above` are its agency and those over it."""
    taken = record.publications.filter(withdrawn_on=None).values("outlet_id")
    return Outlet.objects.filter(agency_id__in=above, closed_on=None).exclude(pk__in=taken)


def categories() -> QuerySet[Category]:
    """All topics: they are common to the installation."""
    return Category.objects.all()


# ---- publication in time


def _publications(**those: Any) -> QuerySet[Publication]:
    return Publication.objects.filter(record=OuterRef("pk"), **those)


def with_first_publication(records: QuerySet[Record], name: str = "first_published_on") -> QuerySet[Record]:
    """The records with the day of their first publication at any outlet, None where there was none.

    A subquery, not a join: other conditions over publications do not multiply the rows.
    """
    first = _publications().order_by().values("record").annotate(day=Min("published_on")).values("day")
    return records.annotate(**{name: Subquery(first, output_field=DateField())})


def issued_in(first: date, last: date) -> Q:
    """Made (成文) in the period."""
    return Q(issued_on__range=(first, last))


def first_published_in(first: date, last: date, *, channel: str = "") -> Q:
    """First published in the period: at any outlet, or at any outlet of one channel of the 2014 form."""
    where = {"outlet__channel": channel} if channel else {}
    inside = Exists(_publications(published_on__range=(first, last), **where))
    return Q(inside) & ~Q(Exists(_publications(published_on__lt=first, **where)))


def published_by(day: date, *, channel: str = "") -> Q:
    """Published at least once up to and with the day: what is counted as 累计."""
    where = {"outlet__channel": channel} if channel else {}
    return Q(Exists(_publications(published_on__lte=day, **where)))


def standing_on(day: date) -> Q:
    """Published and not withdrawn at the end of the day, at one outlet or more."""
    return Q(Exists(Publication.objects.filter(_in_force(day), record=OuterRef("pk"))))


def _in_force(day: date) -> Q:
    return Q(published_on__lte=day) & (Q(withdrawn_on=None) | Q(withdrawn_on__gt=day))


def published_late() -> Q:
    """First published after the 20 working days of art. 26. Needs `with_first_publication`."""
    return Q(disclosure_status="proactive", due_on__isnull=False, first_published_on__gt=F("due_on"))


def overdue_on(day: date) -> Q:
    """Proactive, its term passed, and published nowhere by the end of the day. A provisional term passes nothing."""
    waiting = Q(disclosure_status="proactive", due_is_provisional=False, due_on__lt=day)
    return waiting & ~Q(Exists(_publications(published_on__lte=day)))


# ---- the portal


def public(day: date) -> QuerySet[Record]:
    """Records that the portal shows: proactive, and standing at an open outlet that is a portal."""
    at_portal = Publication.objects.filter(
        _in_force(day), record=OuterRef("pk"), outlet__is_portal=True, outlet__closed_on=None
    )
    return Record.objects.filter(Exists(at_portal), disclosure_status="proactive")


def statutory_content(day: date) -> QuerySet[Record]:
    """法定主动公开内容: what the column shows.

    It is for statutory content only, so other items of the site are left out, and so are guide and rules, which have
    entries of their own.
    """
    own_entries = Q(category__code__in=SPECIAL_CATEGORIES)
    return public(day).filter(is_government_information=True).exclude(own_entries)


def with_portal_publication(records: QuerySet[Record]) -> QuerySet[Record]:
    """The records with `published_on`, the day on which the portal's page of each appeared; the newest first."""
    first = (
        _publications(outlet__is_portal=True, withdrawn_on=None)
        .order_by()
        .values("record")
        .annotate(day=Min("published_on"))
        .values("day")
    )
    dated = records.annotate(published_on=Subquery(first, output_field=DateField()))
    return dated.order_by("-published_on", "-pk")


def withdrawn_from_portal(index_number: str) -> date | None:
    """The day on which a record that the portal once showed was taken down, None where it never was shown."""
    taken_down = Publication.objects.filter(
        record__index_number=index_number, outlet__is_portal=True, withdrawn_on__isnull=False
    )
    return taken_down.order_by("-withdrawn_on").values_list("withdrawn_on", flat=True).first()


# ---- narrowing a list


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed by; empty values narrow nothing."""

    q: str = ""
    agencies: frozenset[int] = frozenset()
    category: int | None = None
    category_code: str = ""
    year: int | None = None
    status: str = ""
    state: str = ""


def narrow(records: QuerySet[Record], by: Narrowing, today: date) -> QuerySet[Record]:
    """The records that fit. Words are searched one by one in title, document number, index number and body."""
    for word in by.q.split()[:8]:
        records = records.filter(
            Q(title__icontains=word)
            | Q(document_number__icontains=word)
            | Q(index_number__icontains=word)
            | Q(body__icontains=word)
        )
    if by.agencies:
        records = records.filter(agency_id__in=by.agencies)
    if by.category is not None:
        records = records.filter(category_id=by.category)
    if by.category_code:
        records = records.filter(category__code=by.category_code)
    if by.year is not None:
        records = records.filter(issued_on__range=(date(by.year, 1, 1), date(by.year, 12, 31)))
    if by.status:
        records = records.filter(disclosure_status=by.status)
    return records.filter(STATES[by.state][1](today)) if by.state else records


STATES = {
    "standing": ("已发布", standing_on),
    "unpublished": ("主动公开、未发布", lambda day: Q(disclosure_status="proactive") & ~published_by(day)),
    "overdue": ("超过20个工作日未发布", overdue_on),
    "withdrawn": ("已全部撤下", lambda day: published_by(day) & ~standing_on(day)),
}
"""States of publication by which the desk narrows its list: title and condition on a day."""


def with_title_first(records: QuerySet[Record], q: str) -> QuerySet[Record]:
    """What holds all words in its title stands before what holds them elsewhere; then the newest."""
    in_title = Q()
    for word in q.split()[:8]:
        in_title &= Q(title__icontains=word)
    if not in_title:
        return records
    hit = Case(When(in_title, then=Value(0)), default=Value(1))
    return records.annotate(elsewhere=hit).order_by("elsewhere", "-issued_on", "-pk")


# ---- names


def agency_names() -> dict[int, str]:
    """The last name of every agency, also of those that are no more, in the order of their codes: one query."""
    return {pk: name for pk, (_, name) in agencies_by_code().items()}


def agencies_by_code() -> dict[int, tuple[str, str]]:
    """The slug, which stands in public addresses, and the last name of every agency, in the order of their codes."""
    terms = AgencyTerm.objects.order_by("agency__code", "valid_from").values_list("agency_id", "agency__slug", "name")
    return {pk: (slug, name) for pk, slug, name in terms}


def agency_name_on(agency_id: int, day: date) -> str:
    """The name an agency bore on a day; its nearest name where it did not exist then."""
    terms = list(AgencyTerm.objects.filter(agency_id=agency_id).order_by("valid_from"))
    past = [term for term in terms if term.valid_from <= day]
    return (past[-1] if past else terms[0]).name if terms else ""


# ---- counts for the lists of outlets and topics


def with_counts(outlets: QuerySet[Outlet], day: date) -> QuerySet[Outlet]:
    """The outlets with `standing`, how many records stand there on the day."""
    there = Q(publications__published_on__lte=day) & (
        Q(publications__withdrawn_on=None) | Q(publications__withdrawn_on__gt=day)
    )
    return outlets.annotate(standing=Count("publications", filter=there)).order_by("agency__code", "name")


def with_record_counts(categories: QuerySet[Category]) -> QuerySet[Category]:
    """The topics with `record_count`."""
    return categories.annotate(record_count=Count("records")).order_by("index_code", "code")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many records there are by topic (code, name, count), by year of issue and by agency (primary key)."""

    categories: list[tuple[str, str, int]]
    years: list[tuple[int, int]]
    agencies: list[tuple[int, int]]


def counts_by(records: QuerySet[Record]) -> Counts:
    """Three counts of the same records in one query, for the choices beside a list."""
    groups = (
        records.order_by()
        .values_list(
            "category__index_code", "category__code", "category__name", "issued_on__year", "agency__code", "agency_id"
        )
        .annotate(n=Count("pk"))
    )
    categories, years, agencies = Counter[tuple[str, str, str]](), Counter[int](), Counter[tuple[str, int]]()
    for index_code, code, name, year, agency_code, agency_id, n in groups:
        years[year] += n
        agencies[agency_code, agency_id] += n
        if code is not None:
            categories[index_code, code, name] += n
    return Counts(
        categories=[(code, name, n) for (_, code, name), n in sorted(categories.items())],
        years=sorted(years.items(), reverse=True),
        agencies=[(pk, n) for (_, pk), n in sorted(agencies.items())],
    )


_column_counts: dict[tuple[str, date], Counts] = {}


def column_counts(day: date) -> Counts:
    """`counts_by` of 法定主动公开内容, kept as long as the journal has no new line: usually one small query.

    Every change of a ledger writes a line, so nothing shown here is old; the head is read before the rows are counted.
    """
    head = JournalHead.objects.filter(pk=1).values_list("digest", flat=True).first()
    if head is None:
        return counts_by(statutory_content(day))
    known = _column_counts.get((head, day))
    if known is None:
        known = counts_by(statutory_content(day))
        _column_counts.clear()
        _column_counts[head, day] = known
    return known
