"""What a clerk types on the desk about normative documents."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from gongkai.base import clock
from gongkai.base.permissions import agencies_for
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.records.forms import YEAR_ERRORS, AgencyField, CategoryField, day_field, reason_field


class TermsForm(forms.Form):
    """Kind, and the days between which the document is in force."""

    kind = forms.ChoiceField(label="类别", choices=NormativeDocument.KINDS)
    in_force_on = day_field("施行日期", help_text="不能早于成文日期。")
    valid_until = day_field("有效期至", required=False, help_text="最后一天；没有规定有效期的空着。")
    reason = reason_field("理由")


class NewForm(TermsForm):
    """A new document together with its record."""

    title = forms.CharField(label="标题", max_length=300)
    document_number = forms.CharField(label="发文字号", max_length=80, required=False)
    issued_on = day_field("成文日期")
    category = CategoryField()
    body = forms.CharField(
        label="正文", required=False, widget=forms.Textarea(attrs={"rows": 14}), help_text="纯文字，一行一段。"
    )

    field_order = (
        "agency",
        "title",
        "document_number",
        "issued_on",
        "kind",
        "in_force_on",
        "valid_until",
        "category",
        "body",
        "reason",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = AgencyField(user, "normative.register", "制定机关")
        self.order_fields(self.field_order)


class ChangeForm(TermsForm):
    """What was entered wrongly put right; the issue date is the record's and changes with it."""

    issued_on = day_field("成文日期", help_text="同时改动这条政府信息的成文日期。")

    field_order = ("kind", "issued_on", "in_force_on", "valid_until", "reason")


class RepealForm(forms.Form):
    """From when, by which document."""

    on = day_field("废止日期", help_text="从这一天起不再有效。")
    by_document = forms.CharField(
        label="依据的文件", max_length=300, help_text="如：示政〔2021〕9号；显示在门户上该文件的页面。"
    )
    reason = reason_field("理由")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.localdate()


class LapseForm(forms.Form):
    """From when, and why."""

    on = day_field("失效日期", help_text="从这一天起不再有效；有效期届满的是次日。")
    basis = forms.CharField(
        label="依据", max_length=300, required=False, help_text="有效期届满的可以空着；其他情形写明依据。"
    )
    reason = reason_field("理由")


class ExtendForm(forms.Form):
    """Until when, by which decision."""

    until = day_field("新的有效期至")
    on = day_field("决定日期", help_text="要在原有效期届满以前。")
    basis = forms.CharField(label="依据的文件", max_length=250)
    reason = reason_field("理由")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.localdate()


class ListFilter(forms.Form):
    """What the desk narrows its list by; `on` is the day on which states are told."""

    q = forms.CharField(label="查找", required=False, max_length=100)
    agency = forms.TypedChoiceField(label="制定机关", required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(label="类别", required=False, choices=(("", "全部"), *NormativeDocument.KINDS))
    year = forms.IntegerField(
        label="制发年份", required=False, min_value=1949, max_value=9999, error_messages=YEAR_ERRORS
    )
    on = day_field("看哪一天的状态", required=False, help_text="空着就是今天。")
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, user: Any, names: Mapping[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = agencies_for(user, "normative.view")
        field = self.fields["agency"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "全部"), *((pk, name) for pk, name in names.items() if pk in allowed)]

    def asked(self) -> dict[str, Any]:
        """What was asked for, as far as it can be understood."""
        self.is_valid()
        return getattr(self, "cleaned_data", {})

    def day(self) -> date:
        """The day on which states are told."""
        return self.asked().get("on") or clock.localdate()
