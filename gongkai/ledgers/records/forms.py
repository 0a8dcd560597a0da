"""What a clerk types on the desk about records, outlets and categories."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator

from gongkai.base import clock
from gongkai.base.permissions import agencies_for
from gongkai.core.law.channels import PUBLICATION_CHANNELS
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.queries import agency_choices
from gongkai.ledgers.agencies.tree import tree_today
from gongkai.ledgers.records import queries
from gongkai.ledgers.records.models import Category, Outlet, Record

LONGEST_KEY = 18  # digits; the largest key has nineteen
LAST_DAY = date(2999, 12, 31)
REASON_HELP = "所涉年度的年报已经定稿时必填。"


class AgencyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the agencies at which the user holds a verb; their names come from the tree."""

    def __init__(self, user: Any, verb: str, label: str, **kwargs: Any) -> None:
        choices = agency_choices(user, verb)
        super().__init__(Agency.objects.filter(pk__in=[pk for pk, _ in choices]), label=label, **kwargs)
        self.widget.choices = choices if len(choices) == 1 else [("", "请选择"), *choices]


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of the topics, or none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queries.categories(), label="主题分类", required=False, empty_label="未分类", **kwargs)


def day_field(label: str, **kwargs: Any) -> forms.DateField:
    """A day, picked or typed as 2021-03-18. One so far off that there is hardly a day after it is a slip of the hand."""
    return forms.DateField(label=label, validators=[MaxValueValidator(LAST_DAY, "日期太远，请核对年份。")], **kwargs)


def reason_field(label: str = "改动理由", *, required: bool = False, help_text: str = REASON_HELP) -> forms.CharField:
    """Why: a sentence or two."""
    return forms.CharField(
        label=label, required=required, widget=forms.Textarea(attrs={"rows": 2}), help_text=help_text
    )


class ContentForm(forms.Form):
    """What a record says; with `user` also whose it is, its number and its disclosure status, given once."""

    title = forms.CharField(label="标题", max_length=300)
    document_number = forms.CharField(
        label="发文字号", max_length=80, required=False, help_text="如：示政〔2020〕7号；没有就空着。"
    )
    issued_on = day_field("成文日期")
    category = CategoryField()
    body = forms.CharField(
        label="正文", required=False, widget=forms.Textarea(attrs={"rows": 14}), help_text="纯文字，一行一段。"
    )
    has_full_text = forms.BooleanField(label="全文电子化", required=False, initial=True)
    is_government_information = forms.BooleanField(
        label="属于政府信息",
        required=False,
        initial=True,
        help_text="网站动态等其他内容不勾，不计入主动公开政府信息数，也不进法定主动公开内容。",
    )


class RecordForm(ContentForm):
    """A new record."""

    index_number = forms.CharField(
        label="索引号", max_length=60, required=False, help_text="空着就按规则编号：机构编码、分类号、年份、流水号。"
    )
    disclosure_status = forms.ChoiceField(label="公开属性", choices=Record.STATUSES, initial="proactive")
    status_reason = forms.CharField(
        label="不主动公开的理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="公开属性不是“主动公开”的必填，写明依据的条款。",
    )
    reason = reason_field("登记理由")

    field_order = ("agency", "title", "document_number", "issued_on", "category", "index_number")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = AgencyField(user, "records.register", "公开主体")
        self.order_fields(self.field_order)


class ChangeForm(ContentForm):
    """The record put right; it carries the version the clerk looked at."""

    reason = reason_field()
    seen = forms.IntegerField(widget=forms.HiddenInput)


class StatusForm(forms.Form):
    """Another disclosure status."""

    disclosure_status = forms.ChoiceField(label="公开属性", choices=Record.STATUSES, widget=forms.RadioSelect)
    reason = reason_field("理由", help_text="改成“依申请公开”“不予公开”的必填，写明依据的条款。")


class OutletsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """Some of the outlets."""

    def clean(self, value: Any) -> Any:
        """A key longer than any key is none of them; Django would hand it to the database, which cannot read it."""
        for key in value or ():
            if len(str(key)) > LONGEST_KEY:
                raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": str(key)[:20]})
        return super().clean(value)


class PublishForm(forms.Form):
    """One or more outlets at once: one entry, many outlets."""

    outlets = OutletsField(Outlet.objects.none(), label="发布去处", widget=forms.CheckboxSelectMultiple)
    on = day_field("发布日期", help_text="实际发布的那一天，不能早于成文日期，不能晚于今天。")
    reason = reason_field("补登理由")

    def __init__(self, *args: Any, record: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above = {record.agency_id, *tree_today().ancestors(record.agency_id)}
        field = self.fields["outlets"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.queryset = queries.outlets_for(record, above)
        self.fields["on"].initial = clock.localdate()


class WithdrawForm(forms.Form):
    """Why and since when."""

    on = day_field("撤下日期")
    reason = reason_field("撤下理由", required=True, help_text="留在台账里，不在门户上显示。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.localdate()


class OutletForm(forms.Form):
    """A place of publication."""

    name = forms.CharField(label="名称", max_length=80, help_text="如：区政府门户网站、“示范区发布”公众号。")
    channel = forms.ChoiceField(label="渠道", choices=tuple(PUBLICATION_CHANNELS.items()))
    is_portal = forms.BooleanField(
        label="就是本系统的门户", required=False, help_text="发布到这里的信息，公众马上能在门户上看到。"
    )

    field_order = ("agency",)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = AgencyField(user, "records.manage_outlets", "单位")
        self.order_fields(self.field_order)


class CloseForm(forms.Form):
    """Since when an outlet takes nothing."""

    on = day_field("停用日期", help_text="从这一天起不再发布。")
    reason = reason_field("理由", help_text="如：账号合并到“示范区发布”。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.localdate()


class CategoryForm(forms.Form):
    """A topic."""

    name = forms.CharField(label="名称", max_length=60)
    code = forms.CharField(
        label="代号", max_length=60, help_text="英文字母、数字、下划线，如 budgets；指标按它计数，定了不再改。"
    )
    index_code = forms.CharField(
        label="分类号", max_length=8, required=False, help_text="索引号的一段，如 0200；空着就取下一个。"
    )

    field_order = ("agency",)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = AgencyField(user, "records.manage_categories", "管理单位")
        self.order_fields(self.field_order)


class RenameForm(forms.Form):
    """Another name."""

    name = forms.CharField(label="名称", max_length=60)


YEAR_ERRORS = {"invalid": "年份写四位数字。"}


class ListFilter(forms.Form):
    """What the desk narrows its list by."""

    q = forms.CharField(label="查找", required=False, max_length=100)
    agency = forms.TypedChoiceField(label="公开主体", required=False, coerce=int, empty_value=None)
    status = forms.ChoiceField(label="公开属性", required=False, choices=(("", "全部"), *Record.STATUSES))
    category = forms.TypedChoiceField(label="主题分类", required=False, coerce=int, empty_value=None)
    year = forms.IntegerField(
        label="成文年份", required=False, min_value=1949, max_value=9999, error_messages=YEAR_ERRORS
    )
    state = forms.ChoiceField(
        label="发布情况",
        required=False,
        choices=(("", "全部"), *((key, title) for key, (title, _) in queries.STATES.items())),
    )

    def __init__(
        self, *args: Any, user: Any, names: Mapping[int, str], categories: Sequence[Category], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        allowed = agencies_for(user, "records.view")
        choices: dict[str, list[tuple[object, str]]] = {
            "agency": [("", "全部"), *((pk, name) for pk, name in names.items() if pk in allowed)],
            "category": [("", "全部"), *((category.pk, category.name) for category in categories)],
        }
        for name, listed in choices.items():
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = listed

    def narrowing(self) -> queries.Narrowing:
        """What was asked for, as far as it can be understood."""
        self.is_valid()
        asked = getattr(self, "cleaned_data", {})
        agency = asked.get("agency")
        return queries.Narrowing(
            q=asked.get("q", ""),
            agencies=frozenset() if agency is None else frozenset({agency}),
            category=asked.get("category"),
            year=asked.get("year"),
            status=asked.get("status", ""),
            state=asked.get("state", ""),
        )


def whole_year(text: str) -> int | None:
    """A year of an address of the portal, None for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and date.min.year < int(text) <= 9999 else None
