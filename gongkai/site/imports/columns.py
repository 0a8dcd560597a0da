"""The columns of a sheet: one description that the template, the reading, the error sentences and the docs share."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, assert_never

from django.db.models import Model

Kind = Literal["text", "date", "number", "yes_no", "choice", "names"]

EXACT = 10**15
"""From here on a spreadsheet keeps only the first digits of a number: one typed as a number is damaged."""
SEPARATORS = re.compile(r"[、;；\n]+")
DATE = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
YES = {"是": True, "1": True, "true": True, "yes": True, "√": True}
NO = {"否": False, "0": False, "false": False, "no": False, "×": False}
EMPTY = object()


class Unreadable(Exception):
    """A cell that cannot be what its column holds; `str()` is the sentence."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is the name of the value in the program, `heading` what the sheet prints.

    text: as it is, numbers without a decimal point; names: several texts in one cell, separated by 、; date, number
    (Decimal), yes_no, choice (label or code, read as the code). `blank` is what an empty cell means.
    """

    key: str
    heading: str
    kind: Kind = "text"
    required: bool = False
    note: str = ""
    example: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Code and label of what may be chosen; for a text the labels are only offered."""
    blank: Any = ""
    limit: int = 0
    width: int = 14

    def read(self, value: object) -> Any:
        """The value of a cell. Raises Unreadable with a sentence that names neither row nor column."""
        if is_blank(value):
            if self.required:
                raise Unreadable("没有填写")
            return self.blank
        return self._read(value)

    def _read(self, value: object) -> Any:
        match self.kind:
            case "text":
                return self._text(value)
            case "names":
                return tuple(part.strip() for part in SEPARATORS.split(self._text(value)) if part.strip())
            case "date":
                return read_date(value)
            case "number":
                return read_number(value)
            case "yes_no":
                return _yes_no(value)
            case "choice":
                return self._choice(value)
        assert_never(self.kind)

    def _text(self, value: object) -> str:
        text = read_text(value)
        if self.limit and len(text) > self.limit:
            raise Unreadable(f"最多 {self.limit} 字，现在 {len(text)} 字")
        return text

    def _choice(self, value: object) -> str:
        text = plain(read_text(value))
        for code, label in self.choices.items():
            if text in (code.lower(), plain(label)):
                return code
        raise Unreadable(f"没有“{read_text(value)}”这一项，可填：{'、'.join(self.choices.values())}")

    def shown(self, value: Any) -> str:
        """A value in the words of the sheet, for sentences that compare."""
        if value in ("", None, ()):
            return "空"
        match value:
            case bool():
                return "是" if value else "否"
            case tuple() | list():
                return "、".join(value)
            case Decimal():
                return f"{value.normalize():f}"
        text = self.choices.get(value, str(value)) if self.kind == "choice" else str(value)
        return text if len(text) <= 40 else f"{text[:40]}…"


def of(model: type[Model], name: str, **differing: Any) -> Column:
    """The column of a model's field: its Chinese name, its kind, its choices, its limit; the rest is said here."""
    model_field: Any = model._meta.get_field(name)
    kinds: dict[str, Kind] = {"DateField": "date", "BooleanField": "yes_no", "DecimalField": "number"}
    kind = kinds.get(model_field.get_internal_type(), "text")
    column = Column(
        key=name,
        heading=str(model_field.verbose_name),
        kind="choice" if model_field.choices else kind,
        note=str(model_field.help_text),
        choices=dict(model_field.choices or ()),
        blank={"date": None, "number": None, "yes_no": model_field.default}.get(kind, ""),
        limit=(model_field.max_length or 0) if kind == "text" and not model_field.choices else 0,
        width=12 if kind in ("date", "yes_no") else 18,
    )
    return replace(column, **differing)


def is_blank(value: object) -> bool:
    """Whether nothing is in the cell."""
    return value is None or (isinstance(value, str) and not value.strip())


def plain(text: str) -> str:
    """For comparing words: one width, one case, no white space, no mark of a required column."""
    text = unicodedata.normalize("NFKC", text)
    return re.sub(r"\s|\*|\(必填\)", "", text).lower()


def read_text(value: object) -> str:
    """A cell as text. What a spreadsheet turned into something else is refused, not guessed back."""
    match value:
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value)
        case float():
            if not math.isfinite(value):
                raise Unreadable("单元格里是错误值，请改正后再导入")
            if abs(value) >= EXACT:
                raise Unreadable("位数太多，表格软件已经改动了末尾的数字；请把这一列设为“文本”后重新填写")
            return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
        case date() | time() | timedelta():
            raise Unreadable("被表格软件改成了日期；请把单元格设为“文本”后重新填写")
    text = str(value).strip()
    if any(unicodedata.category(c) == "Cc" and c not in "\n\r\t" for c in text):
        raise Unreadable("文字里有不能保存的控制字符，请删去")
    if text.startswith("#") and text.rstrip("!?").isupper():
        raise Unreadable(f"单元格里是错误值 {text}，请改正后再导入")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_date(value: object) -> date:
    """A date cell, 2020-01-31, 2020/1/31, 2020年1月31日, or the eight digits 20200131."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, float) and not 19000101 <= value <= 99991231:
        raise Unreadable(f"应是日期，现在是数字 {value:g}；请把单元格设为日期格式，或者写成 2020-01-31")
    text = unicodedata.normalize("NFKC", read_text(value)).replace(" ", "")
    found = DATE.fullmatch(text)
    if found is None:
        raise Unreadable(f"“{text}”不是日期，请写成 2020-01-31")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(f"没有 {text} 这一天") from None


def read_number(value: object) -> Decimal:
    """A number, thousands separated by commas or not. Words, slashes and percent signs are no number."""
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        raise Unreadable("应是数字")
    if isinstance(value, int | float):
        if abs(value) >= EXACT:
            raise Unreadable("数字太大，表格软件已经改动了末尾的数字；请设为“文本”后重新填写，并核对单位")
        return Decimal(repr(value))
    text = unicodedata.normalize("NFKC", read_text(value)).replace(",", "").replace(" ", "")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unreadable(f"“{text}”不是数字") from None
    if not number.is_finite():
        raise Unreadable(f"“{text}”不是数字")
    return number


def _yes_no(value: object) -> bool:
    text = plain(read_text(value))
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable(f"“{text}”要写“是”或者“否”")
