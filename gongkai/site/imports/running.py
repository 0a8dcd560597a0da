"""Checking a file and importing it: every row first, then all of them in one transaction or none (all or nothing)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from gongkai.base import figures, journal
from gongkai.base.errors import NotAllowed, RuleBroken
from gongkai.base.progress import progress
from gongkai.site.imports import layout
from gongkai.site.imports.columns import Column, Unreadable, is_blank, plain
from gongkai.site.imports.ledger import Desk, Fault, Ledger, Row, Warn, placed
from gongkai.site.imports.sheets import Sheet, read_sheet

HEADER_WITHIN = 10  # lines above the table: a title, a note


@dataclass(slots=True)
class Checked:
    """A file that was checked: its rows and what can be said of them."""

    ledger: Ledger
    sheet: Sheet
    header: int
    columns: list[Column | None]
    """The column at each place of the header; None where the program reads nothing."""
    rows: list[Row]
    sha256: str
    desk: Desk
    warnings: list[Warn] = field(default_factory=list)
    frozen: list[str] = field(default_factory=list)
    """Titles of frozen reports whose year the new rows touch: a reason is needed."""

    @property
    def bad(self) -> list[Row]:
        """Rows that cannot be imported."""
        return [row for row in self.rows if row.faults]

    @property
    def existing(self) -> int:
        """How many rows are in the ledger already, the same in every column."""
        return sum(1 for row in self.rows if row.exists and not row.faults)

    @property
    def new(self) -> list[Row]:
        """Rows that will be imported."""
        return [row for row in self.rows if row.is_new]

    def faults(self) -> Iterator[tuple[int, Fault]]:
        """Every fault with the number of its row."""
        for row in self.rows:
            for fault in row.faults:
                yield row.number, fault

    def returned(self) -> bytes:
        """A copy of the file in which each row has its verdict beside it."""
        verdicts = {row.number - 1: _verdict(row) for row in self.rows}
        known = [column for column in self.columns if column is not None]
        return layout.returned(known, self.sheet.rows, self.header, verdicts)


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did. `once` is shown once and stored nowhere (passwords of new accounts)."""

    new: int
    existing: int
    once: Sequence[tuple[str, ...]] = ()


def check_file(ledger: Ledger, content: bytes, user: Any, *, most_rows: int = 0) -> Checked:
    """Read and check everything; nothing is changed. Raises RuleBroken where the file as a whole cannot be used.

    `most_rows`: refuse a longer one (the desk must answer within a minute).
    """
    digest = hashlib.sha256(content).hexdigest()
    return check_sheet(ledger, read_sheet(content), user, sha256=digest, most_rows=most_rows)


def check_sheet(ledger: Ledger, sheet: Sheet, user: Any, *, sha256: str, most_rows: int = 0) -> Checked:
    """The same for what was read already."""
    header, columns = _header(ledger, sheet)
    wanted = list(_content_rows(sheet, header))
    if not wanted:
        raise RuleBroken("表里没有可以导入的行：请在表头下面一行写一条（标记为“示例”的行不算）。", field="file")
    if most_rows and len(wanted) > most_rows:
        raise RuleBroken(
            f"表里有 {len(wanted):,} 行，网页上一次最多导入 {most_rows:,} 行；请拆成几个文件，"
            f"或者请系统管理员在服务器上用命令 gongkai import {ledger.code} 导入。",
            field="file",
        )
    rows = [_row(number, columns, sheet) for number in progress(wanted, len(wanted), f"读{ledger.title}")]
    checked = Checked(ledger, sheet, header, columns, rows, sha256, Desk(user))
    ledger.once(rows)
    ledger.check(rows, checked.desk)
    checked.warnings = ledger.warnings(checked.new, checked.desk)
    checked.frozen = _frozen(ledger, checked.new)
    return checked


@transaction.atomic
def import_checked(checked: Checked, *, reason: str = "", name: str = "") -> Imported:
    """Import what was checked, all or nothing, and say so in the journal. `name`: of the file.

    Raises RuleBroken with one sentence when a row is bad, when a frozen year is touched without a reason, or when what
    the ledger holds has changed since the check.
    """
    ledger, user = checked.ledger, checked.desk.user
    if bad := checked.bad:
        first = bad[0]
        kind = NotAllowed if all(checked.desk.only_rights(row) for row in bad) else RuleBroken
        raise kind(
            f"有 {len(bad)} 行有错，一行也没有导入。第一处：第 {first.number} 行，{first.faults[0]}。", field="file"
        )
    if checked.frozen and not reason.strip():
        raise RuleBroken(f"{checked.frozen[0]}已经定稿，导入这一年的内容要写明理由。", field="reason")
    rows = checked.new
    if not rows:
        return Imported(0, checked.existing)
    try:
        with transaction.atomic(), placed([row.number - 1 for row in rows]):
            once = ledger.write(rows, checked.desk, reason.strip())
    except IntegrityError:  # somebody took one of the numbers between the look of the action and its insert
        raise RuleBroken("有的编号刚刚被别人登记了，一行也没有导入；请重新检查这个文件。", field="file") from None
    journal.record_event(
        "file.imported",
        by=user,
        agency_id=user.agency_id,
        reason=f"{ledger.title}：新增 {len(rows)} 行，已有 {checked.existing} 行；文件 {name}，SHA-256 {checked.sha256}"
        + (f"；理由：{reason.strip()}" if reason.strip() else ""),
    )
    return Imported(len(rows), checked.existing, once)


def _header(ledger: Ledger, sheet: Sheet) -> tuple[int, list[Column | None]]:
    """The line of the headings and the column at each place. Refuses what is missing, unknown or written twice."""
    known = {plain(column.heading): column for column in ledger.columns}
    ours = {plain(heading) for heading in layout.OURS}
    best, most = -1, 0
    for number, line in enumerate(sheet.rows[:HEADER_WITHIN]):
        found = sum(1 for value in line if isinstance(value, str) and plain(value) in known)
        if found > most:
            best, most = number, found
    if best < 0:
        raise RuleBroken(
            f"没有找到表头：第一行应是{'、'.join(column.heading for column in ledger.columns[:3])}等列名，请用下载的模板填写。",
            field="file",
        )
    columns: list[Column | None] = []
    for value in sheet.rows[best]:
        heading = plain(str(value))
        column = known.get(heading)
        if column is None and heading and heading not in ours:
            raise RuleBroken(f"不认识“{str(value).strip()}”这一列：请改成模板里的列名，或者删去这一列。", field="file")
        if column is not None and column in columns:
            raise RuleBroken(f"“{column.heading}”这一列写了两遍，请删去一列。", field="file")
        columns.append(column)
    if missing := [column.heading for column in ledger.columns if column.required and column not in columns]:
        raise RuleBroken(f"缺少必填的列：{'、'.join(missing)}。请用下载的模板填写。", field="file")
    return best, columns


def _content_rows(sheet: Sheet, header: int) -> Iterator[int]:
    """Rows (from 0) below the header that hold something and are not marked as the example."""
    formulas = {row for row, _ in sheet.uncomputed}
    for number in range(header + 1, len(sheet.rows)):
        filled = [value for value in sheet.rows[number] if not is_blank(value)]
        is_example = bool(filled) and isinstance(filled[0], str) and plain(filled[0]) == layout.EXAMPLE
        if (filled or number in formulas) and not is_example:
            yield number


def _row(number: int, columns: Sequence[Column | None], sheet: Sheet) -> Row:
    row = Row(number + 1, {})
    line = sheet.rows[number]
    if number in sheet.merged:
        row.faults.append(Fault("这一行有合并的单元格，请取消合并，逐行填写"))
    for place, column in enumerate(columns):
        if column is None:
            continue
        value = line[place] if place < len(line) else ""
        try:
            if is_blank(value) and (number, place) in sheet.uncomputed:
                raise Unreadable("是没有算出结果的公式，请改成数值（选择性粘贴）")
            row.values[column.key] = column.read(value)
        except Unreadable as unreadable:
            row.values[column.key] = column.blank
            row.faults.append(Fault(str(unreadable), column.heading))
            row.unreadable.add(column.key)
    return row


def _verdict(row: Row) -> layout.Verdict:
    if row.faults:
        headings = frozenset(fault.heading for fault in row.faults if fault.heading)
        return layout.Verdict("有错", tuple(str(fault) for fault in row.faults), headings)
    return layout.Verdict("已有" if row.exists else "可以导入")


def _frozen(ledger: Ledger, rows: Sequence[Row]) -> list[str]:
    years: dict[int, set[int]] = defaultdict(set)
    for row in rows:
        if row.agency is not None:
            years[row.agency.pk].update(day.year for day in ledger.days(row))
    titles = [title for pk, touched in years.items() for title in figures.port().frozen_reports(pk, touched)]
    return sorted(set(titles))
