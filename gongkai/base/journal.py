"""The journal: append-only, hash-chained, one line for each change or refusal (design, idea 3).

A line names the row, its version and the fields that changed, and carries digests; the content of each version stands in
`RowVersion`, salted, and can be blanked at the end of its retention without breaking the chain. Lines are serialised
canonically (UTF-8, sorted keys, ISO dates), independent of the database engine.

Locking: the head of the chain is locked from the first line of a transaction to its end. Change rows and take numbers
first, write the journal last.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import Exists, F, Max, OuterRef

from gongkai.base import clock
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.ledger import LedgerRow
from gongkai.base.models import JournalHead, JournalLine, RowVersion
from gongkai.base.permissions import DISCLOSURE_OFFICE, agencies_for, declare
from gongkai.base.progress import progress
from gongkai.base.snapshot import snapshot

GENESIS = hashlib.sha256("公开 gongkai journal".encode()).hexdigest()
CHUNK = 500
BLANKED = "journal.versions_blanked"
# What is blanked was business: it is for the office that holds the ledgers to say that its time is over.
declare("journal.blank", "清除保管期满的历史内容", {DISCLOSURE_OFFICE})
VERIFIED = "journal.verified"
VERIFICATION_FAILED = "journal.verification_failed"

VersionKey = tuple[int, int, str, str]
"""Row, version, ledger, digest: what a line proves of each version, in the order in which it is digested."""


def canonical(value: object) -> bytes:
    """The one serialisation that digests are taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def _plain(value: object) -> object:
    """A field value as JSON, the same whichever database engine it was read from."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case date() | time():
            return value.isoformat()
        case Decimal():
            return _digits(value)
        case float():
            # jsonb keeps digits, not floats: 1e22 comes back as an integer.
            return int(value) if value.is_integer() else _digits(Decimal(repr(value)))
        case bytes() | memoryview():
            return bytes(value).hex()
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
    raise TypeError(f"a {type(value).__name__} has no canonical form in the journal")


def _digits(value: Decimal) -> str:
    """A decimal without exponent and without zeros at its end; nothing is rounded, and there is one zero."""
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _fields(model: type[LedgerRow]) -> tuple[str, ...]:
    """Names of the fields that a version holds. `version` itself is not part of it."""
    return tuple(
        field.attname
        for field in model._meta.concrete_fields
        if field.name != "version" and field.name not in model.journal_excludes
    )


def content_of(row: LedgerRow) -> dict[str, object]:
    """The fields of a row, as read from the database, as JSON: what a version holds."""
    return {name: _plain(getattr(row, name)) for name in _fields(type(row))}


def subject_of(row: models.Model | type[models.Model]) -> str:
    """How the journal names a ledger: the model's label."""
    return row._meta.label_lower


def _version(subject: str, pk: int, version: int, content: dict[str, object], line: JournalLine) -> RowVersion:
    salt = secrets.token_hex(8)
    return RowVersion(
        subject=subject,
        subject_pk=pk,
        version=version,
        line=line,
        content=content,
        salt=salt,
        digest=_content_digest(salt, content),
    )


def _content_digest(salt: str, content: dict[str, object]) -> str:
    return hashlib.sha256(salt.encode() + canonical(content)).hexdigest()


def _key(version: RowVersion) -> VersionKey:
    return version.subject_pk, version.version, version.subject, version.digest


def _line_content(line: JournalLine) -> dict[str, object]:
    return {
        "number": line.number,
        "at": _plain(line.at),
        "by": line.by_id,
        "by_name": line.by_name,
        "agency": line.agency_id,
        "verb": line.verb,
        "subject": line.subject,
        "subject_pk": line.subject_pk,
        "subject_version": line.subject_version,
        "changed": line.changed,
        "reason": line.reason,
        "rows": line.rows,
        "rows_digest": line.rows_digest,
        "previous": line.previous,
    }


def _append(line: JournalLine, versions: Sequence[RowVersion]) -> JournalLine:
    """Chain the line to the head and insert it with its versions. Called last in an action: the head stays locked."""
    line.rows = len(versions)
    if versions:
        total = hashlib.sha256()
        for key in sorted(map(_key, versions)):
            total.update(canonical(key))
        line.rows_digest = total.hexdigest()
    head = JournalHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        JournalHead.objects.get_or_create(pk=1, defaults={"number": 0, "digest": GENESIS})
        head = JournalHead.objects.select_for_update().get(pk=1)
    line.number, line.previous = head.number + 1, head.digest
    line.digest = hashlib.sha256(canonical(_line_content(line))).hexdigest()
    line.save(force_insert=True)
    RowVersion.objects.bulk_create(versions, batch_size=CHUNK)
    head.number, head.digest = line.number, line.digest
    head.save()
    return line


def _new_line(verb: str, *, by: Any, agency_id: int | None, reason: str) -> JournalLine:
    name = "" if by is None else str(by)
    return JournalLine(at=clock.now(), by=by, by_name=name, agency_id=agency_id, verb=verb, reason=reason)


def _agency_of(row: models.Model) -> int | None:
    if row._meta.label_lower == "agencies.agency":
        return int(row.pk)
    return getattr(row, "agency_id", None)


@transaction.atomic
def record(verb: str, row: LedgerRow, *, by: Any, reason: str = "") -> JournalLine:
    """Write the change of one row: a new version of it and a line that names the fields that changed.

    Call it last, after the row was saved or updated; the row is read anew, so a guarded `update()` is seen. `by` is the
    member of staff, or None for what the program itself or an anonymous applicant did.
    """
    type(row)._base_manager.filter(pk=row.pk).update(version=F("version") + 1)
    row.refresh_from_db()
    before = (
        RowVersion.objects.filter(subject=subject_of(row), subject_pk=row.pk, version=row.version - 1)
        .values_list("content", flat=True)
        .first()
    )
    line = _new_line(verb, by=by, agency_id=_agency_of(row), reason=reason)
    line.subject, line.subject_pk, line.subject_version = subject_of(row), row.pk, row.version
    now = content_of(row)
    line.changed = sorted(name for name in now if before is None or before.get(name) != now[name])
    return _append(line, [_version(subject_of(row), row.pk, row.version, now, line)])


@transaction.atomic
def record_bulk(
    verb: str,
    rows: Sequence[LedgerRow],
    *,
    by: Any,
    reason: str = "",
    agency_id: int | None = None,
    changed: Iterable[str] = (),
) -> JournalLine:
    """Write the change of many rows (of any ledgers) as one line with a digest over them.

    The rows were just made by `bulk_create` or changed by `bulk_update` or `update()`; what the database holds is what is
    written down, and their `version` is raised. `changed` names the fields that an update changed. Where all rows are of
    one agency the line is its line, unless `agency_id` says otherwise.
    """
    if not rows:
        raise RuleBroken("没有可以登记的行。")
    by_model: dict[type[LedgerRow], dict[int, LedgerRow]] = {}
    for row in rows:
        by_model.setdefault(type(row), {})[row.pk] = row
    if agency_id is None:
        owners = {_agency_of(row) for row in rows}
        agency_id = owners.pop() if len(owners) == 1 else None
    line = _new_line(verb, by=by, agency_id=agency_id, reason=reason)
    line.subject = subject_of(rows[0]) if len(by_model) == 1 else ""
    line.changed = sorted(changed)
    versions = [version for model, group in by_model.items() for version in _next_versions(model, group, line)]
    if len(versions) != len(rows):
        raise ValueError("record_bulk was given a row twice, or one that is not in the database")
    return _append(line, versions)


def _next_versions(model: type[LedgerRow], rows: dict[int, LedgerRow], line: JournalLine) -> Iterator[RowVersion]:
    """Raise the versions of the rows of one ledger and read what the database now holds of them."""
    subject, names = subject_of(model), _fields(model)
    key = model._meta.pk.attname
    keys = list(rows)
    for start in range(0, len(keys), CHUNK):
        some = model._base_manager.filter(pk__in=keys[start : start + CHUNK])
        some.update(version=F("version") + 1)
        for number, *values in some.values_list("version", *names):
            content = {name: _plain(value) for name, value in zip(names, values, strict=True)}
            pk = values[names.index(key)]
            rows[pk].version = number
            yield _version(subject, pk, number, content, line)


@transaction.atomic
def record_event(verb: str, *, by: Any, agency_id: int | None = None, reason: str = "") -> JournalLine:
    """Write something that changed no ledger row: a sign-in, a refusal, a backup."""
    return _append(_new_line(verb, by=by, agency_id=agency_id, reason=reason), [])


@transaction.atomic
def blank_versions(row: LedgerRow, *, by: Any, reason: str, agency_id: int | None = None) -> int:
    """Blank the content of all versions of a row at the end of its retention; the chain still verifies.

    Returns how many were blanked. A version that is blank without a later line that says so is found by `verify`.
    `agency_id`: whose row it is, where the row itself does not say (an applicant's: that of the application). `by` None:
    the program itself. Refuses without the verb `journal.blank` there, and without a reason.
    """
    agency = _agency_of(row) if agency_id is None else agency_id
    if by is not None and agency not in agencies_for(by, "journal.blank"):
        raise NotAllowed("您没有“清除保管期满的历史内容”的权限，需要本单位或上级单位的“公开工作机构”角色。")
    if not reason.strip():
        raise RuleBroken("清除历史内容要写明理由。", field="reason")
    versions = RowVersion.objects.filter(subject=subject_of(row), subject_pk=row.pk, content__isnull=False)
    blanked = versions.update(content=None, blanked_at=clock.now())
    line = _new_line(BLANKED, by=by, agency_id=agency, reason=reason)
    line.subject, line.subject_pk = subject_of(row), row.pk
    _append(line, [])
    return blanked


# ---- proof


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the journal does not prove what it says. `number` is 0 where no line speaks of it."""

    number: int
    sentence: str


def verify(*, rows: bool = True) -> tuple[int, Broken | None]:
    """Prove the chain, the versions and (with `rows`) that the ledgers are what their last versions say.

    Returns the number of lines that are proved and the first broken one, or None. Everything is read as it stood at one
    instant, in order and in chunks: the memory needed does not grow with the journal.
    """
    with snapshot():
        count, broken = _prove_chain()
        if broken is None:
            broken = _unexplained_blank() or (_broken_rows() if rows else None)
    return count, broken


def verify_and_record(*, by: Any, rows: bool = True) -> tuple[int, Broken | None]:
    """`verify`, and a line about its result, which the journal page shows as the last verification."""
    count, broken = verify(rows=rows)
    verb = VERIFIED if broken is None else VERIFICATION_FAILED
    record_event(verb, by=by, reason=f"核对 {count} 行，全部相符。" if broken is None else broken.sentence)
    return count, broken


def last_verification() -> JournalLine | None:
    """The line about the last verification, good or bad."""
    return JournalLine.objects.filter(verb__in=(VERIFIED, VERIFICATION_FAILED)).order_by("-number").first()


def _prove_chain() -> tuple[int, Broken | None]:
    """Lines and versions side by side, both ordered by line: each line is proved together with its versions."""
    head = JournalHead.objects.filter(pk=1).first()
    head_number = head.number if head else 0
    previous, count = GENESIS, 0
    groups = groupby(_versions_by_line(), key=attrgetter("line_id"))
    number, group = next(groups, (0, iter(())))
    lines = JournalLine.objects.order_by("number").iterator(chunk_size=2000)
    for line in progress(lines, head_number, "核对日志"):
        if broken := _broken_line(line, count + 1, previous):
            return count, broken
        own: Iterator[RowVersion] = iter(())
        if number == line.number:
            own = group
        elif number and number < line.number:
            return count, Broken(number, f"第 {number} 行缺失，它登记的行版本还在。")
        if broken := _broken_versions(line, own):
            return count, broken
        if number == line.number:
            number, group = next(groups, (0, iter(())))
        previous, count = line.digest, count + 1
    if head_number != count or (head is not None and head.digest != previous):
        return count, Broken(count + 1, f"日志应到第 {head_number} 行，实有 {count} 行：末尾被删去或改动。")
    if number:
        return count, Broken(number, f"第 {number} 行缺失，它登记的行版本还在。")
    return count, None


def _broken_line(line: JournalLine, expected: int, previous: str) -> Broken | None:
    if line.number != expected:
        return Broken(expected, f"第 {expected} 行缺失。")
    if line.previous != previous:
        return Broken(line.number, f"第 {line.number} 行与上一行接不上。")
    if hashlib.sha256(canonical(_line_content(line))).hexdigest() != line.digest:
        return Broken(line.number, f"第 {line.number} 行（{line.verb}）的内容被改动。")
    return None


def _versions_by_line() -> Iterator[RowVersion]:
    """All versions by line, then row, version and ledger. Where the database decides how text sorts, we do not ask it."""
    ordered = RowVersion.objects.order_by("line_id", "subject_pk", "version").iterator(chunk_size=1000)
    for _, same in groupby(ordered, key=attrgetter("line_id", "subject_pk", "version")):
        yield from sorted(same, key=attrgetter("subject"))


def _broken_versions(line: JournalLine, versions: Iterable[RowVersion]) -> Broken | None:
    """The line's versions are all there and each holds what its digest says."""
    total, count = hashlib.sha256(), 0
    for version in versions:
        if version.content is not None and _content_digest(version.salt, version.content) != version.digest:
            return Broken(line.number, f"第 {line.number} 行登记的 {version} 的内容被改动。")
        total.update(canonical(_key(version)))
        count += 1
    if count != line.rows or (count and total.hexdigest() != line.rows_digest):
        return Broken(line.number, f"第 {line.number} 行登记的行版本不全或者被改动。")
    return None


def _unexplained_blank() -> Broken | None:
    # The line comes after the version: one that explains older versions explains no later one.
    explained = JournalLine.objects.filter(
        verb=BLANKED, subject=OuterRef("subject"), subject_pk=OuterRef("subject_pk"), number__gt=OuterRef("line_id")
    )
    blank = RowVersion.objects.filter(content__isnull=True).exclude(Exists(explained)).order_by("line_id").first()
    if blank is None:
        return None
    return Broken(blank.line_id, f"第 {blank.line_id} 行登记的 {blank} 的内容被清除，日志没有说明。")


def _broken_rows() -> Broken | None:
    """Each ledger row is what its last version says: a row changed past the actions is found here.

    Rows and versions are walked side by side, both in the order of the rows' keys. Of all faults the one on the earliest
    line is named.
    """
    models_ = ledger_models()
    total = RowVersion.objects.aggregate(last=Max("pk"))["last"] or 0
    first: Broken | None = None
    for broken in progress((b for model in models_ for b in _faults_of(model)), total, "核对台账"):
        if broken and (first is None or (broken.number or 1 << 62) < (first.number or 1 << 62)):
            first = broken
    return first


def _faults_of(model: type[LedgerRow]) -> Iterator[Broken | None]:
    """One item for each row of the ledger: its fault, or None."""
    title = str(model._meta.verbose_name)
    latest = _latest_versions(subject_of(model))
    known = next(latest, None)
    for row in model._base_manager.order_by("pk").iterator(chunk_size=1000):
        while known is not None and known.subject_pk < row.pk:
            yield _deleted(known, title)
            known = next(latest, None)
        if known is None or known.subject_pk != row.pk:
            yield Broken(0, f"{title} {row.pk} 从没有登记过：绕过日志添加。")
            continue
        intact = known.version == row.version and (known.content is None or _agrees(row, known.content))
        line = known.line_id
        yield (
            None
            if intact
            else Broken(line, f"{title} {row.pk} 与第 {line} 行日志登记的第 {known.version} 版不一致：绕过日志改动过。")
        )
        known = next(latest, None)
    while known is not None:
        yield _deleted(known, title)
        known = next(latest, None)


def _agrees(row: LedgerRow, content: dict[str, object]) -> bool:
    """Whether the row is what a version says of the fields that both have: a later release may have added or dropped one."""
    now = content_of(row)
    return all(now[name] == value for name, value in content.items() if name in now)


def _deleted(version: RowVersion, title: str) -> Broken:
    return Broken(version.line_id, f"{title} {version.subject_pk} 被删去：第 {version.line_id} 行日志登记过它。")


def _latest_versions(subject: str) -> Iterator[RowVersion]:
    """The last version of each row of a ledger, by the rows' keys; read along the unique index."""
    versions = RowVersion.objects.filter(subject=subject).order_by("subject_pk", "version").iterator(chunk_size=1000)
    for _, group in groupby(versions, key=attrgetter("subject_pk")):
        *_, last = group
        yield last


def ledger_models() -> list[type[LedgerRow]]:
    """All models whose rows are journalled."""
    return [model for model in apps.get_models() if issubclass(model, LedgerRow)]
