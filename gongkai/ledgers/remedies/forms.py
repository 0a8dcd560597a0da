"""What a clerk types about a remedy. Rules are those of the actions; the forms only read and explain."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import QuerySet

from gongkai.base.permissions import agencies_for
from gongkai.core.law.remedies import REMEDY_DECISIONS, REMEDY_KINDS, REMEDY_RESULTS, decisions_of
from gongkai.ledgers.agencies.models import Agency, Staff
from gongkai.ledgers.applications import queries as applications
from gongkai.ledgers.applications.forms import ANY, CHOOSE, ReasonFields, choose, handler_choices
from gongkai.ledgers.remedies import queries, rules
from gongkai.ledgers.remedies.models import Remedy

AREA = {"rows": 3}
NO_RESULT = ("", "由裁决种类决定")


def decision_choices(kind: str = "") -> list[Any]:
    """The decisions that end a remedy of the kind (of any kind), grouped by the result as which they count."""
    known = decisions_of(kind) if kind else tuple(REMEDY_DECISIONS.values())
    groups = [
        (label, [(made.code, made.label) for made in known if made.result == result])
        for result, label in REMEDY_RESULTS.items()
    ]
    return [("", "不详，只知道结果"), *groups]


class NumberOf(forms.CharField):
    """A row named by its number, found among those the user may see; empty is none."""

    def __init__(self, queryset: QuerySet[Any], *, missing: str, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=60, **kwargs)
        self.queryset, self.missing = queryset, missing

    def clean(self, value: Any) -> Any:
        """The row, or a refusal that says there is none of the number."""
        number = super().clean(value)
        if not number:
            return None
        row = self.queryset.filter(number=number).first()
        if row is None:
            raise forms.ValidationError(self.missing.format(number))
        return row


class RemedyFields(forms.Form):
    """What a case says of itself, without its end."""

    kind = forms.ChoiceField(label="类别", choices=[CHOOSE, *REMEDY_KINDS.items()])
    opened_on = forms.DateField(label="受理日期", help_text="复议机关受理、法院立案的日期。")
    number = forms.CharField(
        label="案件编号",
        required=False,
        max_length=rules.NUMBER_LENGTH,
        help_text="复议机关、法院给的编号；没有的空着，由系统编号。",
    )
    organ = forms.CharField(label="审理机关", required=False, max_length=rules.ORGAN_LENGTH)
    standing = forms.ChoiceField(
        label="地位",
        choices=Remedy.STANDINGS,
        initial="respondent",
        help_text="复议机关作共同被告的，由原机关统计，本机关不计（国办公开办函〔2016〕201号）。",
    )
    note = forms.CharField(label="说明", required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["application"] = NumberOf(
            applications.visible_to(user),
            label="所涉申请",
            missing="没有编号为“{}”的申请，或者您不能查看它。",
            help_text="填申请编号，如 示公开申〔2020〕1号；不清楚的空着。",
        )
        self.fields["reconsideration"] = NumberOf(
            queries.visible_to(user),
            label="此前的复议",
            missing="没有编号为“{}”的案件，或者您不能查看它。",
            help_text="只有复议后起诉的填；复议不在本系统登记的空着，在说明里写明。",
        )


class NewRemedyForm(RemedyFields):
    """A case that was opened."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="单位", help_text="作被申请人、被告的单位。")
    handler = forms.ModelChoiceField(Staff.objects.none(), label="承办人", required=False)
    reason = forms.CharField(
        label="理由",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="补登已定稿年度的案件时写明；平时不填。",
    )

    def __init__(self, *args: Any, user: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        choose(self, "agency", Agency.objects.filter(pk__in=[pk for pk, _ in agencies]), [CHOOSE, *agencies])
        staff = handler_choices(agencies_for(user, "remedies.open"))
        choose(self, "handler", Staff.objects.filter(closed_on=None), staff)
        if len(agencies) == 1:
            self.initial.setdefault("agency", agencies[0][0])
        names = "agency kind opened_on number organ application reconsideration standing handler note reason"
        self.order_fields(names.split())


class DecisionForm(ReasonFields):
    """How a case ended."""

    always_asks = True

    on = forms.DateField(label="审结日期")
    decision = forms.ChoiceField(label="裁决种类", required=False)
    result = forms.ChoiceField(
        label="计入",
        required=False,
        choices=[NO_RESULT, *REMEDY_RESULTS.items()],
        help_text="平时不选；与通常口径不同的，选定并写明理由。",
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["decision"] = forms.ChoiceField(label="裁决种类", required=False, choices=decision_choices(kind))
        self.order_fields(["on", "decision", "result", "reason"])


class ChangeForm(RemedyFields, ReasonFields):
    """All that the case says, to be put right."""

    always_asks = True

    decided_on = forms.DateField(label="审结日期", required=False, help_text="空着表示尚未审结。")
    decision = forms.ChoiceField(label="裁决种类", required=False)
    result = forms.ChoiceField(label="计入", required=False, choices=[NO_RESULT, *REMEDY_RESULTS.items()])

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.fields["decision"] = forms.ChoiceField(label="裁决种类", required=False, choices=decision_choices())
        self.fields["number"].required = True
        self.fields["reason"].required = True
        names = "kind opened_on number organ application reconsideration standing note decided_on decision result"
        self.order_fields([*names.split(), "reason"])


class AssignForm(forms.Form):
    """Who handles it."""

    handler = forms.ModelChoiceField(Staff.objects.none(), label="承办人", empty_label=None)

    def __init__(self, *args: Any, agency_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [choice for choice in handler_choices([agency_id]) if choice[0]]
        choose(self, "handler", Staff.objects.filter(closed_on=None), choices)


class RemedyFilter(forms.Form):
    """The fields by which the list is narrowed; the tab is kept."""

    tab = forms.CharField(required=False, widget=forms.HiddenInput)
    q = forms.CharField(label="编号、审理机关、申请编号", required=False, max_length=100)
    agency = forms.ChoiceField(label="单位", required=False)
    kind = forms.ChoiceField(label="类别", choices=[ANY, *REMEDY_KINDS.items()], required=False)
    result = forms.ChoiceField(label="结果", choices=[ANY, *REMEDY_RESULTS.items()], required=False)
    year = forms.IntegerField(label="受理年份", required=False, min_value=2008, max_value=2100)

    def __init__(self, *args: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = forms.ChoiceField(label="单位", choices=[ANY, *agencies], required=False)
        self.order_fields(["tab", "q", "agency", "kind", "result", "year"])
