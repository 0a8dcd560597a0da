"""What a clerk types about an application. Rules are those of the actions; the forms only read and explain."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from gongkai.base import agency_port, clock
from gongkai.base.permissions import agencies_for
from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.channels import RECEIPT_CHANNELS
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.core.national_forms import form_for_year
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.agencies.queries import staff_choices
from gongkai.ledgers.applications import rules
from gongkai.ledgers.applications.deadlines import longest_extension
from gongkai.ledgers.applications.models import Application

ANY = ("", "全部")
CHOOSE = ("", "请选择")
AREA = {"rows": 3}


def outcome_choices(day: date | None = None) -> list[Any]:
    """The outcomes that the law of the day knows, grouped by the printed rows of table three."""
    day = day or clock.localdate()
    rows = {row.code: row.label for row in form_for_year(max(day.year, 2019)).table("applications").rows}
    groups: dict[str, list[tuple[str, str]]] = {}
    for code, outcome in OUTCOMES.items():
        if not rules.why_not_outcome(code, day):
            head = outcome.row_2021.removeprefix("applications.").split(".")[0]
            groups.setdefault(rows[head], []).append((code, outcome.label))
    return [CHOOSE, *groups.items()]


def handler_choices(agency_ids: Iterable[int]) -> list[tuple[int | str, str]]:
    """Those who work at the agencies or above them."""
    lines = agency_port.port().lineages(agency_ids).values()
    return [("", "暂不指定"), *staff_choices(business_only=True, agencies={pk for line in lines for pk in line})]


class ReasonFields(forms.Form):
    """A form about a year that may be frozen: then it asks for the reason, else it does not mention it."""

    reason = forms.CharField(label="理由", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, frozen: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reason = self.fields["reason"]
        if frozen:
            reason.required = True
            reason.help_text = f"{'、'.join(frozen)}已经定稿：改动不影响已定稿的数，会列入“冻结后变动”。"
        elif not self.always_asks:
            del self.fields["reason"]

    always_asks = False


class ApplicationFilter(forms.Form):
    """The fields by which the list is narrowed; the tab is kept."""

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="编号、主题、描述", required=False, max_length=100)
    agency = forms.ChoiceField(label="受理机关", required=False)
    applicant_kind = forms.ChoiceField(label="申请人类别", choices=[ANY, *APPLICANT_KINDS.items()], required=False)
    channel = forms.ChoiceField(label="收到渠道", choices=[ANY, *RECEIPT_CHANNELS.items()], required=False)
    outcome = forms.ChoiceField(label="办理结果", required=False)
    year = forms.IntegerField(label="收到年份", required=False, min_value=2008, max_value=2100)

    def __init__(self, *args: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = forms.ChoiceField(label="受理机关", choices=[ANY, *agencies], required=False)
        choices = [ANY, *((code, outcome.label) for code, outcome in OUTCOMES.items())]
        self.fields["outcome"] = forms.ChoiceField(label="办理结果", choices=choices, required=False)
        self.order_fields(["tab", "q", "agency", "applicant_kind", "channel", "outcome", "year"])


class ApplicantsField(forms.CharField):
    """Names, one a line; the first represents."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="申请人",
            help_text="姓名或者名称，一行一名；几名共同申请的，第一行写代表人。",
            widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
            **kwargs,
        )

    def clean(self, value: Any) -> list[str]:
        """The names, empty lines left out."""
        return rules.names_of((super().clean(value) or "").splitlines())


class NewApplicationForm(forms.Form):
    """Everything about an application that was received, on one screen."""

    template_name = "applications/desk/_new_form.html"

    agency = forms.ModelChoiceField(
        Agency.objects.none(), label="受理机关", help_text="以谁的名义答复，就登记在谁名下。"
    )
    received_on = forms.DateField(
        label="收到日期",
        help_text="条例第三十一条：当面为提交之日，邮寄为签收之日，平常信函、网络和传真为与申请人确认之日。",
    )
    channel = forms.ChoiceField(label="收到渠道", choices=[CHOOSE, *RECEIPT_CHANNELS.items()])
    applicant_kind = forms.ChoiceField(label="申请人类别", choices=[CHOOSE, *APPLICANT_KINDS.items()])
    applicants = ApplicantsField()
    description = forms.CharField(
        label="所需信息的描述", help_text="名称、文号，或者便于查询的特征。", widget=forms.Textarea(attrs=AREA)
    )
    subject = forms.CharField(
        label="内容主题", required=False, max_length=rules.SUBJECT_LENGTH, help_text="如房屋征收补偿；年报归纳用。"
    )
    handler = forms.ModelChoiceField(Staff.objects.none(), label="承办人", required=False)
    reason = forms.CharField(
        label="理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="补登已定稿年度的申请时写明；平时不填。",
    )

    def __init__(self, *args: Any, user: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "agency", Agency.objects.filter(pk__in=[pk for pk, _ in agencies]), [CHOOSE, *agencies])
        staff = handler_choices(agencies_for(user, "applications.register"))
        choose(self, "handler", Staff.objects.filter(closed_on=None), staff)
        if len(agencies) == 1:
            self.initial.setdefault("agency", agencies[0][0])


def choose(form: forms.Form, name: str, queryset: Any, choices: Sequence[tuple[Any, str]]) -> None:
    """Fill a choice of rows, shown by names that stand elsewhere (an agency's name has dates)."""
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = queryset
    field.widget.choices = choices


class ClosingForm(ReasonFields):
    """How an application ended."""

    on = forms.DateField(
        label="办结日期", help_text="直接送达为签收之日，邮寄为交邮之日（国办公开办函〔2015〕235号）。"
    )
    outcome = forms.ChoiceField(label="办理结果")
    reply_number = forms.CharField(label="答复书文号", required=False, max_length=rules.REPLY_NUMBER_LENGTH)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"] = forms.ChoiceField(label="办理结果", choices=outcome_choices())
        self.order_fields(["on", "outcome", "reply_number", "reason"])


class CorrectClosingForm(ClosingForm):
    """The right day, outcome and number, and why the old ones were wrong."""

    always_asks = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class ReasonForm(ReasonFields):
    """Why."""

    always_asks = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = True


class ExtensionForm(forms.Form):
    """The one extension."""

    on = forms.DateField(label="延期日期", help_text="同意延期的日期；过了原期限才延长的照记，但期限不动。")
    days = forms.IntegerField(label="延长的工作日数", min_value=1)
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs=AREA), help_text="会写进延期答复告知书。")

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = longest_extension(application.received_on)
        days = self.fields["days"]
        days.help_text, days.initial = f"最多 {most} 个工作日。", most


class ChangeForm(ReasonFields):
    """What was registered, to be put right."""

    always_asks = True

    received_on = forms.DateField(label="收到日期", help_text="改动后，答复期限重新计算。")
    channel = forms.ChoiceField(label="收到渠道", choices=tuple(RECEIPT_CHANNELS.items()))
    applicant_kind = forms.ChoiceField(label="申请人类别", choices=tuple(APPLICANT_KINDS.items()))
    applicants = ApplicantsField()
    description = forms.CharField(label="所需信息的描述", widget=forms.Textarea(attrs=AREA))
    subject = forms.CharField(label="内容主题", required=False, max_length=rules.SUBJECT_LENGTH)

    def __init__(self, *args: Any, sees_applicants: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not sees_applicants:
            del self.fields["applicants"]
        self.fields["reason"].required = True
        self.order_fields(
            ["received_on", "channel", "applicant_kind", "applicants", "description", "subject", "reason"]
        )


class AssignForm(forms.Form):
    """Who handles it."""

    handler = forms.ModelChoiceField(Staff.objects.none(), label="承办人", empty_label=None)

    def __init__(self, *args: Any, agency_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in handler_choices([agency_id]) if choice[0]]
        choose(self, "handler", Staff.objects.filter(closed_on=None), choices)
