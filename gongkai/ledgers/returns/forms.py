"""What a clerk types to file, correct or withdraw a return."""

from typing import Any

from django import forms

from gongkai.base.figures import port
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.queries import agency_choices

STATES = (
    ("", "全部"),
    ("waiting", "待确认"),
    ("yours", "等我确认"),
    ("in_force", "已确认"),
    ("past", "已更正、已撤回"),
)


def _indicator_choices() -> list[tuple[str, str]]:
    return [(facts.name, f"{facts.title}（{facts.unit}）") for facts in port().returnable()]


class FilingForm(forms.Form):
    """One figure of one agency for one period."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="单位", help_text="只填本单位自己的数，不含下级单位。")
    indicator = forms.ChoiceField(label="指标")
    period_from = forms.DateField(label="统计期起")
    period_to = forms.DateField(label="统计期止")
    value = forms.DecimalField(
        label="数值", max_digits=20, decimal_places=4, help_text="按指标后面的单位填。没有发生填 0；不清楚就先不填。"
    )
    evidence_file = forms.FileField(label="依据文件", required=False, help_text="导出的统计表、盖章的报表等。")
    evidence_note = forms.CharField(
        label="依据说明", max_length=300, required=False, help_text="没有文件时写明数字从哪里来。"
    )
    in_addition = forms.BooleanField(
        label="在台账之外另加", required=False, help_text="台账已有逐条记录时才用；理由会印在年报里。"
    )
    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 2}), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = agency_choices(user, "returns.file")
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ModelChoiceField)
        agency.queryset = Agency.objects.filter(pk__in=[pk for pk, _ in choices])
        agency.widget.choices = [("", "请选择"), *choices]
        if len(choices) == 1:
            agency.initial = choices[0][0]
        indicator = self.fields["indicator"]
        assert isinstance(indicator, forms.ChoiceField)
        indicator.choices = [("", "请选择"), *_indicator_choices()]


class CorrectionForm(forms.Form):
    """The right figure and why the old one was wrong."""

    value = forms.DecimalField(label="更正为", max_digits=20, decimal_places=4)
    reason = forms.CharField(label="更正的理由", widget=forms.Textarea(attrs={"rows": 2}))
    evidence_file = forms.FileField(label="新的依据文件", required=False)
    evidence_note = forms.CharField(label="依据说明", max_length=300, required=False)


class ReasonForm(forms.Form):
    """Why a return is withdrawn, or counts in a year that is frozen."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 2}))


class ReturnFilter(forms.Form):
    """The fields by which the list is narrowed."""

    q = forms.CharField(label="指标", required=False)
    agency = forms.ChoiceField(label="单位", required=False)
    year = forms.IntegerField(label="年份", required=False, min_value=2000, max_value=2100)
    state = forms.ChoiceField(label="状态", choices=STATES, required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        _offer_agencies(self.fields["agency"], user)


class MissingFilter(forms.Form):
    """The year looked at, and one agency."""

    year = forms.IntegerField(label="年份", required=False, min_value=2008, max_value=2100)
    agency = forms.ChoiceField(label="单位", required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_agencies(self.fields["agency"], user)


def _offer_agencies(field: forms.Field, user: Any) -> None:
    assert isinstance(field, forms.ChoiceField)
    field.choices = [("", "全部"), *agency_choices(user, "returns.view")]
