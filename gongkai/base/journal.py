"""The journal: append-only, hash-chained, one line for each change or refusal (design, idea 3).

A line names the row, its version and the fields that changed, and carries digests; the content of each version stands in
`RowVersion`, salted, and can be blanked at the end of its retention without breaking the chain. Lines are serialised
canonically (UTF-8, sorted keys, ISO dates), independent of the database engine.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import F

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.base.ledger import LedgerRow
from gongkai.base.models import JournalHead, JournalLine, RowVersion

GENESIS = hashlib.sha256("公开 gongkai journal".encode()).hexdigest()
CHUNK = 500


def canonical(value: object) -> bytes:
    """The one serialisation that digests are taken of."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: object) -> object:
    """A field value as JSON, the same on every database engine."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value


def content_of(row: LedgerRow) -> dict[str, object]:
    """The fields of a row as JSON: what a version holds. `version` itself is not part of it."""
    return {
        field.attname: _plain(field.value_from_object(row))
        for field in row._meta.concrete_fields
        if field.name != "version" and field.name not in row.journal_excludes
    }


def subject_of(row: models.Model | type[models.Model]) -> str:
    """How the journal names a ledger: the model's label."""
    return row._meta.label_lower


def _version(row: LedgerRow, line: JournalLine) -> RowVersion:
    content = content_of(row)
    salt = secrets.token_hex(8)
    digest = hashlib.sha256(salt.encode() + canonical(content)).hexdigest()
    return RowVersion(
        subject=subject_of(row),
        subject_pk=row.pk,
        version=row.version,
        line=line,
        content=content,
        salt=salt,
        digest=digest,
    )


def _rows_digest(versions: Iterable[tuple[str, int, int, str]]) -> str:
    """Digest over (subject, row, version, digest) of all versions a line made, in that order."""
    total = hashlib.sha256()
    for version in sorted(versions):
        total.update(canonical(version))
    return total.hexdigest()


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
        line.rows_digest = _rows_digest((v.subject, v.subject_pk, v.version, v.digest) for v in versions)
    head = JournalHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        head, _ = JournalHead.objects.get_or_create(pk=1, defaults={"number": 0, "digest": GENESIS})
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
    version = _version(row, line)
    now = version.content or {}
    line.changed = sorted(name for name in now if before is None or before.get(name) != now[name])
    return _append(line, [version])


@transaction.atomic
def record_bulk(verb: str, rows: Sequence[LedgerRow], *, by: Any, reason: str = "", agency_id: int | None = None) -> JournalLine:
    """Write the change of many rows (of any ledgers) as one line with a digest over them.

    The rows are those just made by `bulk_create` (version 0) or changed and saved by the caller; they must hold the values
    now in the database. Their `version` is raised here.
    """
    if not rows:
        raise RuleBroken("没有可以登记的行。")
    by_model: dict[type[LedgerRow], list[LedgerRow]] = {}
    for row in rows:
        row.version += 1
        by_model.setdefault(type(row), []).append(row)
    for model, group in by_model.items():
        keys = [row.pk for row in group]
        for start in range(0, len(keys), CHUNK):
            model._base_manager.filter(pk__in=keys[start : start + CHUNK]).update(version=F("version") + 1)
    line = _new_line(verb, by=by, agency_id=agency_id, reason=reason)
    line.subject = subject_of(rows[0]) if len(by_model) == 1 else ""
    return _append(line, [_version(row, line) for row in rows])


@transaction.atomic
def record_event(verb: str, *, by: Any, agency_id: int | None = None, reason: str = "") -> JournalLine:
    """Write something that changed no ledger row: a sign-in, a refusal, a backup."""
    return _append(_new_line(verb, by=by, agency_id=agency_id, reason=reason), [])


@dataclass(frozen=True, slots=True)
class Broken:
    """The first place where the journal does not prove what it says."""

    number: int
    sentence: str


def verify(*, rows: bool = True) -> tuple[int, Broken | None]:
    """Prove the chain, the versions and (with `rows`) that the ledgers are what their last versions say.

    Returns the number of lines read and the first broken one, or None.
    """
    previous, expected, count = GENESIS, 1, 0
    for line in JournalLine.objects.order_by("number").iterator(chunk_size=2000):
        if broken := _broken_line(line, expected, previous):
            return count, broken
        previous, expected, count = line.digest, expected + 1, count + 1
    head = JournalHead.objects.filter(pk=1).first()
    if (0 if head is None else head.number) != count or (head is not None and head.digest != previous):
        return count, Broken(count + 1, f"日志应到第 {head.number if head else 0} 行，实有 {count} 行：末尾被删去或改动。")
    broken = _broken_versions() or (_broken_rows() if rows else None)
    return count, broken


def _broken_line(line: JournalLine, expected: int, previous: str) -> Broken | None:
    if line.number != expected:
        return Broken(expected, f"第 {expected} 行缺失。")
    if line.previous != previous:
        return Broken(line.number, f"第 {line.number} 行与上一行接不上。")
    if hashlib.sha256(canonical(_line_content(line))).hexdigest() != line.digest:
        return Broken(line.number, f"第 {line.number} 行（{line.verb}）的内容被改动。")
    return None


def _broken_versions() -> Broken | None:
    """Every line's versions are all there and each holds what its digest says."""
    wanted = {
        number: (rows, digest)
        for number, rows, digest in JournalLine.objects.filter(rows__gt=0).values_list("number", "rows", "rows_digest")
    }
    for number, group in _grouped_versions():
        rows, digest = wanted.pop(number, (0, ""))
        for version in group:
            if version.content is not None and (
                hashlib.sha256(version.salt.encode() + canonical(version.content)).hexdigest() != version.digest
            ):
                return Broken(number, f"第 {number} 行登记的 {version} 的内容被改动。")
        if len(group) != rows or _rows_digest((v.subject, v.subject_pk, v.version, v.digest) for v in group) != digest:
            return Broken(number, f"第 {number} 行登记的行版本不全或者被改动。")
    if wanted:
        number = min(wanted)
        return Broken(number, f"第 {number} 行登记的行版本缺失。")
    return None


def _grouped_versions() -> Iterator[tuple[int, list[RowVersion]]]:
    number, group = 0, []
    for version in RowVersion.objects.order_by("line_id", "pk").iterator(chunk_size=2000):
        if version.line_id != number and group:
            yield number, group
            group = []
        number = version.line_id
        group.append(version)
    if group:
        yield number, group


def _broken_rows() -> Broken | None:
    """Each ledger row is what its last version says: a row changed past the actions is found here."""
    for model in ledger_models():
        latest = {
            pk: (version, line, content)
            for pk, version, line, content in RowVersion.objects.filter(subject=subject_of(model))
            .order_by("version")
            .values_list("subject_pk", "version", "line_id", "content")
            .iterator(chunk_size=2000)
        }
        for row in model._base_manager.order_by("pk").iterator(chunk_size=2000):
            version, line, content = latest.pop(row.pk, (0, 0, None))
            if version != row.version or (content is not None and content != content_of(row)):
                name = f"{model._meta.verbose_name} {row.pk}"
                return Broken(line, f"{name} 与第 {line} 行日志登记的第 {version} 版不一致：绕过日志改动过。")
        if latest:
            pk, (_, line, _) = min(latest.items(), key=lambda item: item[1][1])
            return Broken(line, f"{model._meta.verbose_name} {pk} 被删去：第 {line} 行日志登记过它。")
    return None


def ledger_models() -> list[type[LedgerRow]]:
    """All models whose rows are journalled."""
    return [model for model in apps.get_models() if issubclass(model, LedgerRow)]


def blank_versions(row: LedgerRow, *, by: Any, reason: str) -> int:
    """Blank the content of all versions of a row at the end of its retention; the chain still verifies."""
    changed = RowVersion.objects.filter(subject=subject_of(row), subject_pk=row.pk, content__isnull=False).update(
        content=None, blanked_at=clock.now()
    )
    record_event("journal.versions_blanked", by=by, agency_id=_agency_of(row), reason=f"{subject_of(row)} {row.pk}：{reason}")
    return changed
