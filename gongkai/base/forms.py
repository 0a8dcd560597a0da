"""What is typed on the desk pages of the plumbing."""

from collections.abc import Mapping
from datetime import date
from typing import Any, cast

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from gongkai.base import agency_port, clock
from gongkai.base.calendar_actions import DayEntry, read_days
from gongkai.base.errors import RuleBroken
from gongkai.base.permissions import agencies_for

LONGEST_FILE = 200_000
"""Bytes of a file with the days of a year."""
DAYS_HINT = (
    "一行写一天或者一段，例如“1月1日至3日 休”“2月14日 上班”。周末本来就休息，写不写都可以；调休上班的日子一天写一行。"
)


class _DaysForm(forms.Form):
    """A list of days, pasted or as a text file; `days()` after validation."""

    days = forms.CharField(
        label="放假和调休上班的日子",
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
        max_length=20_000,
        help_text=DAYS_HINT,
    )
    days_file = forms.FileField(label="或者上传文本文件", required=False, help_text=".txt 或 .csv，写法相同。")

    def entries(self, year: int) -> list[DayEntry]:
        """The days typed and uploaded. Raises RuleBroken with the line that cannot be read."""
        text = self.cleaned_data["days"]
        upload = self.cleaned_data["days_file"]
        if upload is not None:
            if upload.size > LONGEST_FILE:
                raise RuleBroken("这个文件太长，一年的放假安排用不了这么多行：请检查后重新选择。", field="days_file")
            text += "\n" + _decoded(upload.read())
        return read_days(text, year)


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RuleBroken("读不懂这个文件，请另存为 UTF-8 或者 GB18030 编码的文本文件。", field="days_file")


class NoticeForm(_DaysForm):
    """A notice about the days off of a year."""

    field_order = ("agency", "year", "title", "number", "issued_on", "whole_year", "days", "days_file")

    agency = forms.TypedChoiceField(label="适用单位", coerce=int, empty_value=None, required=False)
    year = forms.IntegerField(label="年份", min_value=2008, max_value=2200)
    title = forms.CharField(label="通知标题", max_length=200)
    number = forms.CharField(label="文号", max_length=80)
    issued_on = forms.DateField(label="印发日期")
    whole_year = forms.BooleanField(
        label="公布全年安排", required=False, help_text="勾选后这一年的期限不再是暂定；只改动几天时不要勾选。"
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = agencies_for(user, "calendar.enter")
        names = agency_port.port().names()
        local = [(str(pk), names[pk]) for pk in sorted(places) if pk in names]
        everybody = [("", "全部单位")] if places & agency_port.port().roots() else []
        cast(forms.ChoiceField, self.fields["agency"]).choices = [*everybody, *local]
        year = clock.localdate().year + 1
        self.fields["year"].initial = year
        self.fields["title"].initial = f"国务院办公厅关于{year}年部分节假日安排的通知"
        self.fields["whole_year"].initial = bool(everybody)


class DaysForm(_DaysForm):
    """Correction of days of a notice already entered."""

    field_order = ("days", "days_file", "reason")

    reason = forms.CharField(label="理由", max_length=300)


# Lines have instants: a day at either end of the calendar has no midnight before or after it.
_WRITTEN = [
    MinValueValidator(date(2000, 1, 1), "日志里没有这么早的内容。"),
    MaxValueValidator(date(2999, 12, 31), "日志里没有这么晚的内容。"),
]


class JournalFilter(forms.Form):
    """How the journal is narrowed. `names`: of the agencies, by primary key."""

    agency = forms.TypedChoiceField(label="单位", coerce=int, empty_value=None, required=False)
    person = forms.CharField(label="人员姓名", max_length=60, required=False)
    verb = forms.CharField(label="动作代码", max_length=80, required=False)
    first = forms.DateField(label="起始日", required=False, validators=_WRITTEN)
    last = forms.DateField(label="截止日", required=False, validators=_WRITTEN)

    def __init__(self, *args: Any, user: Any, names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(pk), names[pk]) for pk in sorted(agencies_for(user, "journal.view")) if pk in names]
        cast(forms.ChoiceField, self.fields["agency"]).choices = [("", "全部"), *places]
