"""Agencies come, change and end; what they were on any day stays (design 4a, "The tree has dates")."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction

from gongkai.base import clock, figures, journal
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import require
from gongkai.ledgers.agencies.actions.relocation import leave_ended_agency
from gongkai.ledgers.agencies.histories import ONE_DAY, Span, require_sound
from gongkai.ledgers.agencies.models import Agency, AgencyTerm
from gongkai.ledgers.agencies.tree import tree_on

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
CODE = re.compile(r"[A-Z0-9-]{1,20}")
KINDS = dict(AgencyTerm.KINDS)
KEEP: Any = object()
"""Stands for "as it was" in `set_term`, where None would be a value."""


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency to be created, as a line of a list names it. The parent is a slug, known already or of the same list."""

    slug: str
    code: str
    name: str
    kind: str
    valid_from: date
    parent: str | None
    short_name: str = ""
    document_prefix: str = ""
    reports_for_itself: bool = True
    works_outside: bool = False


def create_agency(
    *,
    slug: str,
    code: str,
    name: str,
    kind: str,
    parent: Agency,
    valid_from: date,
    by: Any,
    short_name: str = "",
    document_prefix: str = "",
    reports_for_itself: bool = True,
    works_outside: bool = False,
) -> Agency:
    """Create an agency under a parent from a day on. The root comes from `found_installation`."""
    row = AgencyRow(
        slug=slug,
        code=code,
        name=name,
        kind=kind,
        valid_from=valid_from,
        parent=parent.slug,
        short_name=short_name,
        document_prefix=document_prefix,
        reports_for_itself=reports_for_itself,
        works_outside=works_outside,
    )
    with transaction.atomic():
        require_manager(by, [parent])
        return _create([row], by=by, numbered=False)[0]


@transaction.atomic
def create_agencies(rows: Sequence[AgencyRow], *, by: Any = None) -> list[Agency]:
    """Create many agencies, all or none, in few queries and one journal line.

    A refusal names the number of the row (the first is 1). Rows may name parents of the same list, in any order.
    """
    if not rows:
        raise RuleBroken("没有要新建的单位。")
    if by is not None:
        new = {row.slug for row in rows}
        parents = Agency.objects.filter(slug__in={row.parent for row in rows} - new)
        require_manager(by, parents)
    return _create(rows, by=by, numbered=True)


@transaction.atomic
def set_term(
    agency: Agency,
    *,
    valid_from: date,
    by: Any,
    reason: str = "",
    name: str = KEEP,
    short_name: str = KEEP,
    kind: str = KEEP,
    parent: Agency = KEEP,
    reports_for_itself: bool = KEEP,
    works_outside: bool = KEEP,
) -> AgencyTerm:
    """From a day on the agency is called, placed, or counted otherwise; what it was before stays.

    The change holds until the end of the term that it falls into. On the first day of a term it corrects that term, which
    needs a reason; so does a change that touches a year whose report is frozen.
    """
    require_manager(by, [agency] if parent in (KEEP, None) else [agency, parent])
    changes: dict[str, Any] = {
        "name": name if name is KEEP else name.strip(),
        "short_name": short_name if short_name is KEEP else short_name.strip(),
        "kind": kind,
        "parent": parent,
        "reports_for_itself": reports_for_itself,
        "works_outside": works_outside,
    }
    changes = {field: value for field, value in changes.items() if value is not KEEP}
    terms = locked_terms()
    old = _term_on(terms, agency, valid_from)
    if all(getattr(old, field) == value for field, value in changes.items()):
        raise RuleBroken("没有任何改动。")
    _require_words(changes.get("name", old.name), changes.get("kind", old.kind))
    if old.valid_from == valid_from and not reason.strip():
        raise RuleBroken(f"{valid_from} 已有一条沿革，更正它要写明理由。", field="reason")
    figures.require_reason_if_frozen(agency.pk, _report_days(valid_from, old.valid_to), reason)
    term = _cut(old, valid_from)
    for field, value in changes.items():
        setattr(term, field, value)
    if term is not old:
        terms.append(term)
    require_sound(map(span_of, terms))
    _write("agency.term_set", [old] if term is old else [old, term], agency, by=by, reason=reason)
    return term


@transaction.atomic
def end_agency(agency: Agency, *, last_day: date, by: Any, reason: str, successor: Agency | None = None) -> None:
    """End an agency (撤销). The successor takes over its subordinate bodies, staff, posts and open work.

    The rows of the old agency stay its own; the people of the successor see and finish them, and reports count them to the
    successor. Without a successor nothing may be left to take over.
    """
    require_manager(by, [agency] if successor is None else [agency, successor])
    _end([agency], last_day=last_day, successor=successor, verb="agency.ended", by=by, reason=reason)


@transaction.atomic
def merge_agencies(agencies: Sequence[Agency], *, into: Agency, last_day: date, by: Any, reason: str) -> None:
    """Merge agencies into one that goes on (合并): each ends on the same day with it as the successor."""
    if not agencies:
        raise RuleBroken("请选择要并入的单位。", field="agencies")
    require_manager(by, [*agencies, into])
    _end(agencies, last_day=last_day, successor=into, verb="agency.merged", by=by, reason=reason)


@transaction.atomic
def split_agency(
    agency: Agency, *, parts: Sequence[AgencyRow], successor: str, last_day: date, by: Any, reason: str
) -> list[Agency]:
    """Split an agency (分设): it ends, the parts begin the day after under its parent; one part, named by its slug, succeeds it."""
    require_manager(by, [agency])
    if len(parts) < 2:
        raise RuleBroken("分设至少要有两个新单位。", field="parts")
    if successor not in {part.slug for part in parts}:
        raise RuleBroken("承接单位要从分设出的单位里选。", field="successor")
    parent = _term_on(list(agency.terms.select_related("agency", "parent")), agency, last_day).parent
    if parent is None:
        raise RuleBroken("根单位不能撤销或者分设。")
    _require_past(last_day)
    begin = last_day + ONE_DAY
    made = _create([replace(part, parent=parent.slug, valid_from=begin) for part in parts], by=by, numbered=True)
    heir = next(part for part in made if part.slug == successor)
    _end([agency], last_day=last_day, successor=heir, verb="agency.split", by=by, reason=reason)
    return made


def require_manager(by: Any, agencies: Iterable[Agency]) -> None:
    """The administrator of each agency (there or above); the program itself needs no role."""
    if by is not None:
        for agency in agencies:
            require(by, "agencies.manage", agency)


def locked_terms() -> list[AgencyTerm]:
    """All terms, read while nobody else can change the tree: two sound changes may be unsound together."""
    list(Agency.objects.select_for_update().order_by("pk")[:1])
    return list(AgencyTerm.objects.select_related("agency", "parent").order_by("agency_id", "valid_from"))


def span_of(term: AgencyTerm) -> Span:
    """The term as the rules of histories read it."""
    parent = term.parent.slug if term.parent else None
    return Span(term.agency.slug, parent, term.name, term.valid_from, term.valid_to)


def _create(rows: Sequence[AgencyRow], *, by: Any, numbered: bool) -> list[Agency]:
    terms = locked_terms()
    rows = [_cleaned(row, number if numbered else None) for number, row in enumerate(rows, 1)]
    _require_new(rows, numbered=numbered)
    known = Agency.objects.in_bulk(
        {row.parent for row in rows if row.parent} - {row.slug for row in rows}, field_name="slug"
    )
    made = {row.slug: Agency(slug=row.slug, code=row.code, document_prefix=row.document_prefix) for row in rows}
    spans = [Span(row.slug, row.parent, row.name, row.valid_from, None) for row in rows]
    require_sound([*map(span_of, terms), *spans])
    agencies = Agency.objects.bulk_create(made.values(), batch_size=500)
    by_slug = {**known, **{agency.slug: agency for agency in agencies}}
    new_terms = AgencyTerm.objects.bulk_create(
        [
            AgencyTerm(
                agency=by_slug[row.slug],
                parent=by_slug[row.parent] if row.parent else None,
                name=row.name,
                short_name=row.short_name,
                kind=row.kind,
                reports_for_itself=row.reports_for_itself,
                works_outside=row.works_outside,
                valid_from=row.valid_from,
            )
            for row in rows
        ],
        batch_size=500,
    )
    if len(agencies) == 1:
        journal.record("agency.created", agencies[0], by=by)
        journal.record("agency.term_set", new_terms[0], by=by)
    else:
        journal.record_bulk("agency.created_in_bulk", [*agencies, *new_terms], by=by)
    return agencies


def _cleaned(row: AgencyRow, number: int | None) -> AgencyRow:
    at = "" if number is None else f"第 {number} 行："
    name = row.name.strip()
    if not SLUG.fullmatch(row.slug):
        raise RuleBroken(f"{at}代号“{row.slug}”不合要求：小写字母、数字和连字符，最长 40 个字符。", field="slug")
    if not CODE.fullmatch(row.code):
        raise RuleBroken(f"{at}机构编码“{row.code}”不合要求：大写字母、数字和连字符，最长 20 个字符。", field="code")
    try:
        _require_words(name, row.kind)
    except RuleBroken as broken:
        raise RuleBroken(f"{at}{broken}", field=broken.field) from None
    return replace(row, name=name, short_name=row.short_name.strip() or name)


def _require_words(name: str, kind: str) -> None:
    if not name:
        raise RuleBroken("请填写单位名称。", field="name")
    if kind not in KINDS:
        raise RuleBroken(f"没有“{kind}”这种单位类别。", field="kind")


def _require_new(rows: Sequence[AgencyRow], *, numbered: bool) -> None:
    slugs = {row.slug for row in rows}
    taken_slugs = set(Agency.objects.filter(slug__in=slugs).values_list("slug", flat=True))
    taken_codes = set(Agency.objects.filter(code__in={row.code for row in rows}).values_list("code", flat=True))
    for number, row in enumerate(rows, 1):
        at = f"第 {number} 行：" if numbered else ""
        if row.slug in taken_slugs:
            raise RuleBroken(f"{at}代号“{row.slug}”已经有单位使用。", field="slug")
        if row.code in taken_codes:
            raise RuleBroken(f"{at}机构编码“{row.code}”已经有单位使用。", field="code")
        taken_slugs.add(row.slug)
        taken_codes.add(row.code)


def _term_on(terms: Iterable[AgencyTerm], agency: Agency, day: date) -> AgencyTerm:
    for term in terms:
        if term.agency_id == agency.pk and term.valid_from <= day and (term.valid_to is None or day <= term.valid_to):
            return term
    raise RuleBroken(f"该单位在 {day} 不存在，不能从这一天起变更。", field="valid_from")


def _cut(term: AgencyTerm, day: date) -> AgencyTerm:
    """The part of a term from a day on, as a term of its own; the term itself when it begins that day."""
    if term.valid_from == day:
        return term
    rest = AgencyTerm(
        agency=term.agency,
        parent=term.parent,
        name=term.name,
        short_name=term.short_name,
        kind=term.kind,
        reports_for_itself=term.reports_for_itself,
        works_outside=term.works_outside,
        valid_from=day,
        valid_to=term.valid_to,
        successor_id=term.successor_id,
    )
    term.valid_to, term.successor = day - ONE_DAY, None
    return rest


def _report_days(first: date, last: date | None) -> list[date]:
    """The days whose tree a report uses, 31 December, from a day to a day, up to this year."""
    until = min(last or date.max, date(clock.localdate().year, 12, 31))
    ends = (date(year, 12, 31) for year in range(first.year, until.year + 1))
    return [day for day in ends if first <= day <= until]


def _require_past(last_day: date) -> None:
    if last_day > clock.localdate():
        raise RuleBroken("撤销日期还没有到，请到那一天再登记。", field="last_day")


def _end(
    agencies: Sequence[Agency], *, last_day: date, successor: Agency | None, verb: str, by: Any, reason: str
) -> None:
    _require_past(last_day)
    if not reason.strip():
        raise RuleBroken("请写明依据，例如机构改革文件的文号。", field="reason")
    terms = locked_terms()
    tree = tree_on(last_day)
    # The lowest first: a body and the one above it may end on the same day.
    for agency in sorted(agencies, key=lambda agency: len(tree.ancestors(agency.pk)), reverse=True):
        changed = _ended_terms(terms, agency, last_day, successor)
        require_sound(map(span_of, terms))
        _write(verb, changed, agency, by=by, reason=reason)
        leave_ended_agency(agency, successor, last_day=last_day, by=by, reason=reason)


def _ended_terms(terms: list[AgencyTerm], agency: Agency, last_day: date, successor: Agency | None) -> list[AgencyTerm]:
    """End the agency in memory and place its subordinate bodies under the successor; returns the terms to be written."""
    last = [term for term in terms if term.agency_id == agency.pk][-1]
    if last.valid_to is not None:
        raise RuleBroken(f"“{last.name}”已于 {last.valid_to} 撤销。")
    if last.parent is None:
        raise RuleBroken("根单位不能撤销或者分设。")
    if last_day < last.valid_from:
        raise RuleBroken(f"“{last.name}”在 {last.valid_from} 还有变更，撤销日期不能早于这一天。", field="last_day")
    below = [t for t in terms if t.parent_id == agency.pk and (t.valid_to is None or t.valid_to > last_day)]
    if successor is None:
        if below:
            raise RuleBroken(
                f"还有 {len({t.agency_id for t in below})} 个下级单位，请先指定承接单位。", field="successor"
            )
    else:
        _require_heir(terms, agency, successor, last_day)
    last.valid_to, last.successor = last_day, successor
    changed = [last]
    for term in below:
        rest = _cut(term, max(term.valid_from, last_day + ONE_DAY))
        # A body that takes over the one above it moves up to where that one was.
        rest.parent = last.parent if successor is not None and rest.agency_id == successor.pk else successor
        changed += [term] if rest is term else [term, rest]
        if rest is not term:
            terms.append(rest)
    return changed


def _require_heir(terms: Iterable[AgencyTerm], agency: Agency, successor: Agency, last_day: date) -> None:
    if successor.pk == agency.pk:
        raise RuleBroken("承接单位不能是它自己。", field="successor")
    day = last_day + ONE_DAY
    if not any(
        t.agency_id == successor.pk and t.valid_from <= day and (t.valid_to is None or t.valid_to >= day) for t in terms
    ):
        raise RuleBroken(f"承接单位在 {day} 不存在。", field="successor")


def _write(verb: str, terms: Sequence[AgencyTerm], agency: Agency, *, by: Any, reason: str) -> None:
    """Save in this order, the shortened term before the new one, and write one line."""
    for term in terms:
        term.save()
    if len(terms) == 1:
        journal.record(verb, terms[0], by=by, reason=reason)
    else:
        journal.record_bulk(verb, terms, by=by, reason=reason, agency_id=agency.pk)
