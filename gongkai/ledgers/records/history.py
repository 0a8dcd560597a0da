"""What happened to a record and its publications, from the versions and lines of the journal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from gongkai.base.journal import subject_of
from gongkai.base.ledger import LedgerRow
from gongkai.base.models import RowVersion

VERBS: Mapping[str, str] = {
    "record.registered": "登记",
    "record.changed": "修改",
    "record.status_changed": "改公开属性",
    "record.due_reckoned": "重算公开期限",
    "publication.published": "发布",
    "publication.withdrawn": "撤下",
    "normative.registered": "登记为规范性文件",
    "normative.changed": "修改规范性文件",
    "normative.repealed": "登记废止",
    "normative.lapsed": "登记失效",
    "normative.extended": "延长有效期",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after, as people read it. Long texts are not repeated."""

    name: str
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Event:
    """One version of one row with the line that made it."""

    title: str
    what: str
    at: datetime
    by: str
    reason: str
    version: int
    line: int
    digest: str
    changes: tuple[Change, ...]


Names = Mapping[str, Mapping[int, str]]


def history_of(rows: Iterable[LedgerRow], names: Names | None = None) -> list[Event]:
    """Every version of these rows, the newest first: one query for each ledger. What was blanked shows its digest.

    `names` tells, for a foreign key such as `category_id`, how the rows it points at are called.
    """
    events = [event for rows_of_one in _by_ledger(rows).values() for event in _events(rows_of_one, names or {})]
    return sorted(events, key=lambda event: (event.line, event.version), reverse=True)


def _by_ledger(rows: Iterable[LedgerRow]) -> dict[str, dict[int, LedgerRow]]:
    ledgers: dict[str, dict[int, LedgerRow]] = {}
    for row in rows:
        ledgers.setdefault(subject_of(row), {})[row.pk] = row
    return ledgers


def _events(rows: Mapping[int, LedgerRow], names: Names) -> Iterable[Event]:
    subject = subject_of(next(iter(rows.values())))
    versions = RowVersion.objects.filter(subject=subject, subject_pk__in=rows).select_related("line")
    before: dict[int, dict[str, Any]] = {}
    for version in versions.order_by("version"):
        row, content = rows[version.subject_pk], version.content or {}
        changes = _changes(row, before[row.pk], content, names) if row.pk in before and version.content else ()
        before[row.pk] = content
        yield Event(
            title=VERBS.get(version.line.verb, version.line.verb),
            what=str(getattr(row, "outlet", "")),
            at=version.line.at,
            by=version.line.by_name or "系统",
            reason=version.line.reason,
            version=version.version,
            line=version.line_id,
            digest=version.digest,
            changes=changes,
        )


def _changes(row: LedgerRow, was: Mapping[str, Any], now: Mapping[str, Any], names: Names) -> tuple[Change, ...]:
    fields = {field.attname: field for field in row._meta.concrete_fields}

    def shown(name: str, value: Any) -> str:
        return _shown(fields[name], names.get(name, {}).get(value, value))

    return tuple(
        Change(str(fields[name].verbose_name), shown(name, was.get(name)), shown(name, now[name]))
        for name in fields  # in the order of the form; PostgreSQL keeps no order of keys
        if name in now and was.get(name) != now[name]
    )


def _shown(field: "models.Field[Any, Any]", value: Any) -> str:
    """A stored value as people read it: choices by their label, yes and no, nothing as 未填, long texts by length."""
    if value is None or value == "":
        return "未填"
    if isinstance(value, bool):
        return "是" if value else "否"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    text = str(value)
    return f"{len(text)} 字" if isinstance(field, models.TextField) and len(text) > 60 else text
