"""Which normative documents there are for whom, and the conditions by which indicators count them."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from gongkai.base.permissions import agencies_for
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.normative.states import End, State, end_of, in_state, state_on
from gongkai.ledgers.records import queries as records
from gongkai.ledgers.records import validity
from gongkai.ledgers.records.models import Publication, Record

ONE_DAY = timedelta(days=1)
IN_FORCE_LIST = "normative_in_force_list"
"""Code of the category whose records are the yearly lists of documents in force."""


def visible_to(user: Any) -> QuerySet[NormativeDocument]:
    """Documents of the agencies at which, or above which, the user may see them."""
    return NormativeDocument.objects.filter(agency_id__in=agencies_for(user, "normative.view"))


def public(day: date) -> QuerySet[NormativeDocument]:
    """Documents whose record the portal shows."""
    return NormativeDocument.objects.filter(record__in=records.public(day).order_by().values("pk"))


# ---- conditions for indicators


def issued_in(first: date, last: date) -> Q:
    """Made (制发) in the period."""
    return Q(issued_on__range=(first, last))


def first_published_in(first: date, last: date) -> Q:
    """Newly published (新公开) in the period: first published at any outlet, whenever it was made."""
    theirs = Publication.objects.filter(record=OuterRef("record_id"))
    return Q(Exists(theirs.filter(published_on__range=(first, last)))) & ~Q(
        Exists(theirs.filter(published_on__lt=first))
    )


def published_standing_on(day: date) -> Q:
    """Published and not withdrawn at the end of the day (对外公开总数量)."""
    there = Publication.objects.filter(
        Q(withdrawn_on=None) | Q(withdrawn_on__gt=day), record=OuterRef("record_id"), published_on__lte=day
    )
    return Q(Exists(there))


def repealed_in(first: date, last: date) -> Q:
    """Repealed (废止) in the period by another document."""
    return Q(repealed_on__range=(first, last))


def lapsed_in(first: date, last: date) -> Q:
    """Lapsed (失效) in the period: so entered, or run out on the day after its last day of validity."""
    ran_out = Q(valid_until__range=(first - ONE_DAY, last - ONE_DAY), lapsed_on=None)
    still_there = Q(repealed_on=None) | Q(repealed_on__gt=F("valid_until"))
    return Q(lapsed_on__range=(first, last)) | (ran_out & still_there)


def in_force_on(day: date) -> Q:
    """In force (现行有效) at the end of the day: begun, neither repealed nor lapsed nor run out."""
    ended = Q(repealed_on__lte=day) | Q(lapsed_on__lte=day) | Q(valid_until__lt=day)
    return Q(in_force_on__lte=day) & ~ended


# ---- states and their marks


def in_state_by_agency(state: State, day: date, notice_days: Mapping[int, int]) -> Q:
    """Documents in a state, where each agency may have its own days of notice before the end of validity."""
    groups = defaultdict[int, list[int]](list)
    for agency_id, days in notice_days.items():
        groups[days].append(agency_id)
    condition = Q(pk__in=())
    for days, agency_ids in groups.items():
        condition |= Q(agency_id__in=agency_ids) & in_state(state, day, days)
    return condition


def marks(record_pks: Collection[int], day: date) -> dict[int, validity.Mark]:
    """What the pages of those records say of their validity: fills `records.validity`.

    即将届满 is a matter of the desk; the public reads 现行有效 with the last day of validity.
    """
    documents = NormativeDocument.objects.filter(record_id__in=record_pks)
    return {document.record_id: _mark(document, day) for document in documents}


def _mark(document: NormativeDocument, day: date) -> validity.Mark:
    state = state_on(document, day, notice_days=-1)
    end: End | None = end_of(document, day)
    return validity.Mark(
        document=document.pk,
        word=state.word,
        tone=state.tone,
        kind=document.get_kind_display(),
        in_force_on=document.in_force_on,
        valid_until=document.valid_until,
        ended_on=end.on if end else None,
        ended_by=end.by if end else "",
    )


validity.fill(marks)


# ---- the yearly list of documents in force


def in_force_list_overdue(agency_id: int, cycle: int, today: date) -> int | None:
    """The year whose list should have been published in January and was not, or None.

    A list is a record of the category `normative_in_force_list`; `cycle` is the setting normative.in_force_list.cycle.
    """
    year = today.year if today.month > 1 else today.year - 1
    since = date(max(1949, year - cycle + 1), 1, 1)
    lists = Record.objects.filter(agency_id=agency_id, category__code=IN_FORCE_LIST)
    published = Publication.objects.filter(record__in=lists, published_on__range=(since, today)).exists()
    return None if published else year


# ---- narrowing a list


def narrow(
    documents: QuerySet[NormativeDocument],
    *,
    q: str = "",
    agency: int | None = None,
    kind: str = "",
    year: int | None = None,
) -> QuerySet[NormativeDocument]:
    """The documents that fit; words are searched in title, document number and index number. Empty values narrow nothing."""
    for word in q.split()[:8]:
        documents = documents.filter(
            Q(record__title__icontains=word)
            | Q(record__document_number__icontains=word)
            | Q(record__index_number__icontains=word)
        )
    if agency is not None:
        documents = documents.filter(agency_id=agency)
    if kind:
        documents = documents.filter(kind=kind)
    if year is not None:
        documents = documents.filter(issued_in(date(year, 1, 1), date(year, 12, 31)))
    return documents


def counts_by_state(
    documents: QuerySet[NormativeDocument], day: date, notice_days: Mapping[int, int]
) -> dict[State, int]:
    """How many documents are in each state on a day: one query."""
    each = {state.value: Count("pk", filter=in_state_by_agency(state, day, notice_days)) for state in State}
    found = documents.order_by().aggregate(**each)
    return {state: found[state.value] for state in State}


def ended_or_in_force(documents: QuerySet[NormativeDocument], day: date, *, ended: bool) -> QuerySet[NormativeDocument]:
    """The two lists of the portal: in force (尚未施行 included), and repealed or lapsed."""
    over = Q(repealed_on__lte=day) | Q(lapsed_on__lte=day) | Q(valid_until__lt=day)
    return documents.filter(over) if ended else documents.exclude(over)
