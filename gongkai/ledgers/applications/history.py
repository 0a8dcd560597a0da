"""What happened to a row, from its versions: who, when, what was before and after. Also used by the ledger of remedies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Field

from gongkai.base import journal
from gongkai.base.ledger import LedgerRow
from gongkai.base.models import RowVersion
from gongkai.ledgers.agencies.models import Staff

WORDS = {
    "application.registered": "登记申请",
    "application.registered_many": "成批登记",
    "application.extended": "延长答复期限",
    "application.assigned": "指定承办人",
    "application.handed_over": "移交在办申请",
    "application.closed": "办结",
    "application.closed_many": "成批办结",
    "application.changed": "更正登记",
    "application.closing_corrected": "更正办结",
    "application.reopened": "撤销办结登记",
    "application.due_recomputed": "工作日历变动，重算期限",
    "remedy.opened": "登记案件",
    "remedy.opened_many": "成批登记",
    "remedy.decided": "登记结果",
    "remedy.decided_many": "成批登记结果",
    "remedy.changed": "更正登记",
    "remedy.assigned": "指定承办人",
    "remedy.handed_over": "移交未审结案件",
}
FIRST = frozenset({"application.registered", "application.registered_many", "remedy.opened", "remedy.opened_many"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal about a row."""

    number: int
    at: datetime
    by: str
    title: str
    reason: str
    version: int
    changes: tuple[Change, ...]
    digest: str


def history_of(row: LedgerRow) -> list[Event]:
    """The versions of a row, newest first, each with what it changed: three queries whatever their number."""
    versions = list(
        RowVersion.objects.filter(subject=journal.subject_of(row), subject_pk=row.pk)
        .select_related("line")
        .order_by("version")
    )
    fields = {field.attname: field for field in row._meta.concrete_fields}
    staff = _staff_named(versions)
    events, before = [], None
    for version in versions:
        line = version.line
        changes = () if line.verb in FIRST else _changes(fields, before, version.content, staff)
        events.append(
            Event(
                number=line.number,
                at=line.at,
                by=line.by_name or "系统",
                title=WORDS.get(line.verb, line.verb),
                reason=line.reason,
                version=version.version,
                changes=changes,
                digest=line.digest,
            )
        )
        before = version.content
    return events[::-1]


def _staff_named(versions: list[RowVersion]) -> dict[Any, str]:
    wanted = {version.content.get("handler_id") for version in versions if version.content}
    return dict(Staff.objects.filter(pk__in=wanted - {None}).values_list("pk", "name"))


def _changes(
    fields: dict[str, "Field[Any, Any]"],
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    staff: dict[Any, str],
) -> tuple[Change, ...]:
    if not before or not after:
        return ()
    changes = []
    for name, field in fields.items():
        if name in after and before.get(name) != after[name]:
            old, new = (_said(name, field, value, staff) for value in (before.get(name), after[name]))
            changes.append(Change(str(field.verbose_name), old, new))
    return tuple(changes)


def _said(name: str, field: "Field[Any, Any]", value: Any, staff: dict[Any, str]) -> str:
    if value in (None, ""):
        return "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "handler_id":
        return staff.get(value, str(value))
    choices = dict(field.flatchoices) if field.choices else {}
    return str(choices.get(value, value))
