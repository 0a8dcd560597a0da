"""What is entered in the ledger of records, and the rules that one entry must keep by itself."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from gongkai.base.errors import RuleBroken
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.records.models import Category, Outlet, Record

PROACTIVE: Final = "proactive"
STATUSES: Final = dict(Record.STATUSES)
FIRST_DAY: Final = date(1949, 10, 1)
INDEX_NUMBER: Final = re.compile(r"[\w〔〕()（）—.-]+(?:/[\w〔〕()（）—.-]+)*")


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One record to be registered. Without an index number one is made by rule (`numbering`)."""

    agency: Agency
    title: str
    issued_on: date
    index_number: str = ""
    document_number: str = ""
    category: Category | None = None
    disclosure_status: str = PROACTIVE
    status_reason: str = ""
    body: str = ""
    has_full_text: bool = True
    is_government_information: bool = True


@dataclass(frozen=True, slots=True)
class PublicationEntry:
    """One record at one outlet from a day on."""

    record: Record
    outlet: Outlet
    on: date


@contextmanager
def row_named(number: int, of: int) -> Iterator[None]:
    """Say in which row a rule was broken, where there are several."""
    try:
        yield
    except RuleBroken as broken:
        if of == 1:
            raise
        raise type(broken)(f"第 {number} 行：{broken}", field=broken.field) from None


def tidy(entry: RecordEntry) -> RecordEntry:
    """The entry with white space around and inside its short texts put right."""
    return replace(
        entry,
        title=one_line(entry.title),
        document_number=one_line(entry.document_number),
        index_number=entry.index_number.strip(),
        status_reason=entry.status_reason.strip(),
        body=plain_lines(entry.body),
    )


def one_line(text: str) -> str:
    """A short text without line breaks or white space at its ends."""
    return " ".join(text.split())


def plain_lines(text: str) -> str:
    """A long text with LF at the ends of its lines; a browser sends CR LF, which would look like a change."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def check_entry(entry: RecordEntry, today: date) -> None:
    """Refuse what cannot be: a day that has not come, a status without its reason, a text that does not fit."""
    check_texts(entry.title, entry.document_number, entry.body)
    check_issue_date(entry.issued_on, today)
    check_status(entry.disclosure_status, entry.status_reason)
    if entry.index_number:
        _check_index_number(entry.index_number)


def check_texts(title: str, document_number: str, body: str) -> None:
    """Refuse an empty title, a text longer than its column, and signs that no database keeps."""
    if not title:
        raise RuleBroken("要写标题。", field="title")
    for field, name, most, text in (
        ("title", "标题", 300, title),
        ("document_number", "发文字号", 80, document_number),
    ):
        if len(text) > most:
            raise RuleBroken(f"{name}最多 {most} 字，现在 {len(text)} 字。", field=field)
    if "\x00" in title + document_number + body:
        raise RuleBroken("文字里有不能保存的控制字符，请删去后再存。", field="body")


def check_issue_date(issued_on: date, today: date) -> None:
    """Information of a day that has not come cannot be."""
    if issued_on > today:
        raise RuleBroken(f"成文日期 {issued_on} 还没有到，请核对。", field="issued_on")
    if issued_on < FIRST_DAY:
        raise RuleBroken(f"成文日期 {issued_on} 早于 {FIRST_DAY}，请核对年份。", field="issued_on")


def check_status(status: str, reason: str) -> None:
    """What is not disclosed proactively needs its reason (art. 13 to 16)."""
    if status not in STATUSES:
        raise RuleBroken(f"没有“{status}”这种公开属性，只有{'、'.join(STATUSES.values())}。", field="disclosure_status")
    if status != PROACTIVE and not reason:
        raise RuleBroken(f"公开属性是“{STATUSES[status]}”的，要写明不主动公开的理由。", field="status_reason")


def _check_index_number(number: str) -> None:
    if len(number) > 60:
        raise RuleBroken("索引号最多 60 字。", field="index_number")
    if not INDEX_NUMBER.fullmatch(number) or not all(part.strip(".") for part in number.split("/")):
        raise RuleBroken(f"索引号“{number}”只能用文字、数字、连接号、括号和中间的斜线。", field="index_number")
