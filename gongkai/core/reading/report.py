"""A published annual report as data: the object that `gongkai read --json` and `report compile --json` print."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from gongkai.core.national_forms.cells import CellValue

Format = Literal["html", "docx", "pdf", "text", "ledger"]
Script = Literal["hans", "hant", "mixed"]
Why = Literal["blank", "slash", "illegible", "missing_row", "missing_table", "no_text_layer", "ambiguous"]
Bound = Literal["at_least", "about"]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the narrative: heading and text as printed."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class NarrativeFigure:
    """A number stated in the narrative. `value` is in `unit`; `offset` counts characters from the start.

    `approximate` with `bound`: at_least (余, 多) or about (近). `code` names the indicator that counts the same
    thing, `cell` the cell of this form that the number states; `None` where there is none.
    """

    quote: str
    offset: int
    value: CellValue
    unit: str
    approximate: bool
    bound: Bound | None
    subject: str
    code: str | None
    cell: str | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell whose value is unknown, and why."""

    code: str
    why: Why


@dataclass(frozen=True, slots=True, eq=False)
class PublishedReport:
    """What an annual report says. `form` is `None` when no national form was recognized; `year` is the report year.

    `cells` holds every code of the form, `None` where not printed or not legible (`unread` says why), in the unit of
    the form; `extra_cells` what was printed under a code of another form; `printed` the text as printed. `issuer` is as
    in the title, without 年度…报告. A report compiled from the ledgers has no `file` and the format "ledger".
    """

    file: str | None
    format: Format
    script: Script
    form: str | None
    year: int | None
    issuer: str | None
    cells: Mapping[str, CellValue]
    extra_cells: Mapping[str, CellValue] = field(default_factory=lambda: MappingProxyType({}))
    printed: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    unread: tuple[Unread, ...] = ()
    sections: tuple[Section, ...] = ()
    figures: tuple[NarrativeFigure, ...] = ()

    def to_json_object(self) -> dict[str, object]:
        """The object as printed, keys in the order of the contract. Write it with `dumps`, which loses no digit."""
        return {
            "file": self.file,
            "format": self.format,
            "script": self.script,
            "form": self.form,
            "year": self.year,
            "issuer": self.issuer,
            "cells": _numbers(self.cells),
            "extra_cells": _numbers(self.extra_cells),
            "printed": dict(self.printed),
            "unread": [{"code": cell.code, "why": cell.why} for cell in self.unread],
            "sections": [{"heading": section.heading, "text": section.text} for section in self.sections],
            "figures": [_figure(figure) for figure in self.figures],
        }


def _numbers(cells: Mapping[str, CellValue]) -> dict[str, CellValue]:
    return {code: json_number(value) for code, value in cells.items()}


def _figure(figure: NarrativeFigure) -> dict[str, object]:
    return {
        "quote": figure.quote,
        "offset": figure.offset,
        "value": json_number(figure.value),
        "unit": figure.unit,
        "approximate": figure.approximate,
        "bound": figure.bound,
        "subject": figure.subject,
        "code": figure.code,
        "cell": figure.cell,
    }


def json_number(value: CellValue) -> CellValue:
    """An int where the value is whole, else the Decimal; `None` stays. Raises ValueError for NaN and infinity."""
    if not isinstance(value, Decimal):
        return value
    if not value.is_finite():
        raise ValueError(f"不是数值：{value}。")
    return int(value) if value == value.to_integral_value() else value


def dumps(value: object, *, indent: int | None = None) -> str:
    """JSON in UTF-8 without escapes, in which a Decimal is a number that keeps its digits.

    A float is refused with TypeError, since it may already have lost some; so is what JSON cannot hold.
    """
    return "".join(_written(value, indent, "\n" if indent else ""))


def _written(value: object, indent: int | None, line: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        inner = line + " " * (indent or 0)
        items = ((f"{_text(key)}: ", item) for key, item in value.items())
        yield from _listed("{", "}", items, indent, inner, line)
    elif isinstance(value, list | tuple):
        inner = line + " " * (indent or 0)
        yield from _listed("[", "]", (("", item) for item in value), indent, inner, line)
    elif isinstance(value, Decimal):
        yield _digits(value)
    elif isinstance(value, float):
        raise TypeError(f"金额和数据格不得使用浮点数：{value}。")
    else:
        yield json.dumps(value, ensure_ascii=False)


def _listed(
    opening: str, closing: str, items: Iterator[tuple[str, object]], indent: int | None, inner: str, line: str
) -> Iterator[str]:
    yield opening
    empty = True
    for key, item in items:
        yield inner if empty else "," + (inner or " ")
        yield key
        yield from _written(item, indent, inner)
        empty = False
    yield closing if empty else line + closing


def _text(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"JSON对象的键须为文本：{key!r}。")
    return json.dumps(key, ensure_ascii=False)


def _digits(value: Decimal) -> str:
    number = json_number(value)
    if isinstance(number, int):
        return str(number)
    return format(value, "f").rstrip("0")
