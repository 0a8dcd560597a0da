"""Writing the sheets: the empty template, and the returned copy that says beside each row what is wrong with it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from gongkai.site.imports.columns import Column

MARK: Final = "标记"
"""Heading of the column in which 示例 stands; rows so marked are not read."""
EXAMPLE: Final = "示例"
RESULT: Final = "检查结果"
ERROR: Final = "错误"
OURS: Final = (MARK, RESULT, ERROR)
"""Headings that the program writes and never reads as content."""
SHEET, NOTES, CHOICES = "填写", "说明", "选项"
LONGEST: Final = 32_767  # characters that a cell can hold
FILLED_IN_ADVANCE = 2000  # rows for which the template prepares formats and lists


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check says of one row: a word (可以导入, 已有, 有错), and the sentences of a bad one."""

    word: str
    sentences: tuple[str, ...] = ()
    bad_headings: frozenset[str] = frozenset()


class _Book:
    """An .xlsx in memory, with the few formats that both sheets use."""

    def __init__(self) -> None:
        self.buffer = BytesIO()
        options = {"in_memory": True, "nan_inf_to_errors": True, "strings_to_formulas": False, "strings_to_urls": False}
        self.book: Any = xlsxwriter.Workbook(self.buffer, options)
        self.made: dict[str, Any] = {}

    def format(self, **properties: Any) -> Any:
        key = repr(sorted(properties.items()))
        if key not in self.made:
            self.made[key] = self.book.add_format({"valign": "top", **properties})
        return self.made[key]

    def bytes(self) -> bytes:
        self.book.close()
        return self.buffer.getvalue()


def template(title: str, columns: Sequence[Column], offered: Mapping[str, Sequence[str]]) -> bytes:
    """The empty template of a ledger. `offered` are further words to choose from by key of the column (agencies …)."""
    made = _Book()
    sheet = made.book.add_worksheet(SHEET)
    _head(made, sheet, 0, columns)
    grey = {"font_color": "#777777", "italic": True}
    sheet.write_string(1, 0, EXAMPLE, made.format(**grey))
    for place, column in enumerate(columns, 1):
        sheet.write_string(1, place, column.example, made.format(num_format="@", **grey))
    lists = {column.key: list(offered.get(column.key) or column.choices.values()) for column in columns}
    _validations(made, sheet, columns, lists, first=1, last=FILLED_IN_ADVANCE)
    _notes(made, title, columns, lists)
    return made.bytes()


def returned(
    columns: Sequence[Column],
    rows: Sequence[Sequence[object]],
    header: int,
    verdicts: Mapping[int, Verdict],
) -> bytes:
    """A copy of the sheet as it was read (`rows` from 0, `header` among them) with a verdict beside each row.

    Bad rows are marked in words, and their bad cells coloured. Text is written as text: nothing in it can become a formula.
    """
    made = _Book()
    sheet = made.book.add_worksheet(SHEET)
    headings = [str(value).strip() for value in rows[header]]
    kept = [place for place, heading in enumerate(headings) if heading not in (RESULT, ERROR)]
    width = max((len(row) for row in rows), default=0)
    kept += range(len(headings), width)
    result_place = len(kept)
    by_heading = {column.heading: column for column in columns}
    for number, row in enumerate(rows):
        verdict = verdicts.get(number)
        for target, place in enumerate(kept):
            if place >= len(row):
                continue
            heading = headings[place].rstrip("*") if place < len(headings) else ""
            bad = verdict is not None and bool(verdict.sentences) and heading in verdict.bad_headings
            column = by_heading.get(heading)
            _write(made, sheet, number, target, row[place], head=number == header, bad=bad, column=column)
        if number == header:
            bold = made.format(bold=True, bg_color="#F3E3E0", border=1, border_color="#CCCCCC")
            sheet.write_string(number, result_place, RESULT, bold)
            sheet.write_string(number, result_place + 1, ERROR, bold)
        elif verdict is not None:
            tone = {"bg_color": "#FBE5E1", "font_color": "#8A1C12", "bold": True} if verdict.sentences else {}
            sheet.write_string(number, result_place, verdict.word, made.format(**tone))
            text = "；".join(verdict.sentences)
            sheet.write_string(number, result_place + 1, text[:LONGEST], made.format(text_wrap=True, **tone))
    for target, place in enumerate(kept):
        column = by_heading.get(headings[place].rstrip("*")) if place < len(headings) else None
        sheet.set_column(target, target, column.width if column else 12)
    sheet.set_column(result_place, result_place, 12)
    sheet.set_column(result_place + 1, result_place + 1, 60)
    sheet.freeze_panes(header + 1, 0)
    return made.bytes()


def _head(made: _Book, sheet: Any, row: int, columns: Sequence[Column]) -> None:
    plain = made.format(bold=True, bg_color="#EFEFEF", border=1, border_color="#CCCCCC", text_wrap=True)
    needed = made.format(
        bold=True, bg_color="#F3E3E0", border=1, border_color="#CCCCCC", text_wrap=True, font_color="#8A1C12"
    )
    sheet.write_string(row, 0, MARK, plain)
    sheet.write_comment(row, 0, f"写“{EXAMPLE}”的行不导入。", {"x_scale": 1.5})
    sheet.set_column(0, 0, 6)
    for place, column in enumerate(columns, 1):
        sheet.write_string(
            row,
            place,
            f"{column.heading}*" if column.required else column.heading,
            needed if column.required else plain,
        )
        if text := _note(column):
            sheet.write_comment(row, place, text, {"x_scale": 2, "y_scale": 1 + len(text) / 80})
        # Text stays as it is typed: a code keeps its leading zeros, a document number does not become a day.
        looks = {"date": "yyyy-mm-dd", "number": "#,##0.####"}.get(column.kind, "@")
        sheet.set_column(place, place, column.width, made.format(num_format=looks))
    sheet.freeze_panes(row + 1, 2)


def _note(column: Column) -> str:
    kinds = {
        "date": "日期，如 2020-01-31、2020/1/31、2020年1月31日。",
        "number": "数字。没有发生填 0，不清楚就不要填这一行。",
        "yes_no": f"填“是”或者“否”，不填算“{'是' if column.blank else '否'}”。",
        "names": "几个之间用“、”隔开。",
    }
    parts = ["必填。" if column.required else "", kinds.get(column.kind, ""), column.note]
    return "".join(part if part.endswith("。") else f"{part}。" for part in parts if part)


def _validations(
    made: _Book, sheet: Any, columns: Sequence[Column], lists: Mapping[str, list[str]], *, first: int, last: int
) -> None:
    choices = made.book.add_worksheet(CHOICES)
    choices.hide()
    for place, column in enumerate(columns, 1):
        words = ["是", "否"] if column.kind == "yes_no" else lists[column.key]
        if not words or column.kind == "names":
            continue
        choices.write_string(0, place, column.heading)
        for line, word in enumerate(words, 1):
            choices.write_string(line, place, word)
        letters = xlsxwriter.utility.xl_col_to_name(place)
        sheet.data_validation(
            first,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": f"={CHOICES}!${letters}$2:${letters}${len(words) + 1}",
                # A code is accepted too, so a word that is not in the list is a warning, not a stop.
                "error_type": "warning",
                "error_title": "不在清单里",
                "error_message": f"“{column.heading}”请从清单里选。",
            },
        )


def _notes(made: _Book, title: str, columns: Sequence[Column], lists: Mapping[str, list[str]]) -> None:
    sheet = made.book.add_worksheet(NOTES)
    bold, wrap = made.format(bold=True, bg_color="#EFEFEF"), made.format(text_wrap=True)
    sheet.write_string(
        0, 0, f"导入{title}：在“{SHEET}”表里一行写一条，标记为“{EXAMPLE}”的行不导入。", made.format(bold=True)
    )
    for place, heading in enumerate(("列", "必填", "说明", "可填的词（代码）")):
        sheet.write_string(2, place, heading, bold)
    for line, column in enumerate(columns, 3):
        sheet.write_string(line, 0, column.heading, wrap)
        sheet.write_string(line, 1, "是" if column.required else "", wrap)
        sheet.write_string(line, 2, _note(column).removeprefix("必填。"), wrap)
        words = [f"{label}（{code}）" for code, label in column.choices.items()] or lists[column.key]
        sheet.write_string(line, 3, "、".join(words)[:30000], wrap)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 6)
    sheet.set_column(2, 3, 60)


def _write(
    made: _Book, sheet: Any, row: int, place: int, value: object, *, head: bool, bad: bool, column: Column | None
) -> None:
    looks: dict[str, Any] = {"bg_color": "#FBE5E1"} if bad else {}
    if head:
        sheet.write_string(row, place, str(value), made.format(bold=True, bg_color="#EFEFEF"))
    elif isinstance(value, date) and value.year >= 1900:  # earlier ones a spreadsheet does not know
        day = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        sheet.write_datetime(row, place, day, made.format(num_format="yyyy-mm-dd", **looks))
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value, made.format(**looks))
    elif isinstance(value, int | float):
        sheet.write_number(row, place, value, made.format(**looks))
    elif value == "" and not bad:
        return
    else:
        as_text = "@" if column is None or column.kind not in ("date", "number") else "General"
        sheet.write_string(row, place, str(value)[:LONGEST], made.format(num_format=as_text, **looks))


def headings(columns: Iterable[Column]) -> str:
    """The headings in one sentence."""
    return "、".join(column.heading for column in columns)
