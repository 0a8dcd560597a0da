"""Each list also as CSV and JSON: the same rows, the same columns, streamed."""

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, StreamingHttpResponse

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""Signs with which a spreadsheet begins a formula; a Chinese one also takes the wide forms."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: key in JSON, Chinese heading in CSV, and how to read it from a row."""

    key: str
    heading: str
    read: Callable[[Any], object]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value


def _cell(value: object) -> object:
    """A CSV cell that no spreadsheet takes for a formula; unknown stays empty, a number stays a number."""
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    value = _plain(value)
    return "" if value is None else value


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    yield writer.writerow([column.heading for column in columns])
    for row in rows:
        yield writer.writerow([_cell(column.read(row)) for column in columns])


def _json(rows: Iterable[Any], columns: Sequence[Column]) -> Iterator[str]:
    start = "["
    for row in rows:
        item = {column.key: _plain(column.read(row)) for column in columns}
        yield start + "\n" + json.dumps(item, ensure_ascii=False)
        start = ","
    yield "[]" if start == "[" else "\n]"


def answer(
    request: HttpRequest, rows: Iterable[Any], columns: Sequence[Column], *, name: str
) -> StreamingHttpResponse | None:
    """The list as a download when the address asks `?format=csv` or `?format=json`; None when it asks for the page.

    `rows` may be a queryset; it is read in chunks. `name` is the file name without extension (no personal data in it).
    """
    kind = request.GET.get("format", "")
    if kind not in ("csv", "json"):
        return None
    source = rows.iterator(chunk_size=2000) if hasattr(rows, "iterator") else rows
    lines, media = (
        (_csv(source, columns), "text/csv") if kind == "csv" else (_json(source, columns), "application/json")
    )
    response = StreamingHttpResponse(lines, content_type=f"{media}; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{kind}"
    return response
