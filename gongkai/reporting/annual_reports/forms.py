"""What is typed on the desk pages of the annual report."""

from typing import Any

from django import forms

from gongkai.base import clock
from gongkai.core.national_forms import NationalForm
from gongkai.core.writing.report_tables import readable
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.queries import agency_choices
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.indicators.scopes import REACHES

FIRST_YEAR = 2014
"""The first year with a national form."""
STATES = (
    ("", "全部状态"),
    ("draft", "编制中"),
    ("proposed", "待批准定稿"),
    ("frozen", "已定稿"),
    ("published", "已公布"),
)


class ReportFilter(forms.Form):
    """Narrows the list of reports."""

    q = forms.CharField(label="单位", required=False)
    year = forms.IntegerField(label="年度", required=False, min_value=FIRST_YEAR, max_value=9999)
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class OpenForm(forms.Form):
    """Begins the report of an agency and a year."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label="单位")
    year = forms.IntegerField(
        label="年度",
        min_value=FIRST_YEAR,
        max_value=9999,
        help_text="报告写的是哪一年。当年的也可以建，数字随台账变化。",
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = agency_choices(user, "reports.write")
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ModelChoiceField)
        agency.queryset = Agency.objects.filter(pk__in=[pk for pk, _ in choices])
        agency.widget.choices = [("", "请选择"), *choices]
        if len(choices) == 1:
            agency.initial = choices[0][0]
        today = clock.localdate()
        self.fields["year"].initial = today.year if today.month > 3 else today.year - 1


class SectionForm(forms.Form):
    """The text of one section."""

    text = forms.CharField(
        label="正文",
        required=False,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="一行一段；以（一）开头的第一句印成小标题。数字写成 {{指标代号}}。",
    )


class HandForm(forms.Form):
    """A cell typed by hand."""

    value = forms.DecimalField(label="数值", max_digits=20, decimal_places=8)
    reason = forms.CharField(
        label="理由", widget=forms.Textarea(attrs={"rows": 3}), help_text="为什么不用台账和填报的数；理由会印在报告里。"
    )

    def __init__(self, *args: Any, unit: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"].help_text = f"单位：{unit}。不清楚就不要填，空着不算 0。"


class ExplanationForm(forms.Form):
    """Why a finding stands."""

    finding = forms.CharField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="说明", widget=forms.Textarea(attrs={"rows": 4}), help_text="写明情况和原因；说明随报告定稿、公布。"
    )


class ScopeForm(forms.Form):
    """What the report counts."""

    reach = forms.ChoiceField(label="统计范围", choices=tuple(REACHES.items()), widget=forms.RadioSelect)
    reason = forms.CharField(label="理由", required=False, max_length=300)


class ReasonForm(forms.Form):
    """Why something is taken back."""

    reason = forms.CharField(label="理由", widget=forms.Textarea(attrs={"rows": 3}))


class CorrectionForm(forms.Form):
    """What a corrected version changes."""

    note = forms.CharField(
        label="更正说明",
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="更正什么、为什么；会和更正后的报告一起公布。原来的版本保留。",
    )


class PublishForm(forms.Form):
    """When a frozen report is published."""

    on = forms.DateField(label="公布日期")


class PointForm(forms.Form):
    """A work point and what became of it."""

    number = forms.IntegerField(label="序号", min_value=1, max_value=999)
    text = forms.CharField(label="工作要点", widget=forms.Textarea(attrs={"rows": 2}))
    answer = forms.CharField(label="落实情况", widget=forms.Textarea(attrs={"rows": 3}), required=False)


class RoundFilter(forms.Form):
    """Which year's round, of which lead office, and which bodies."""

    lead = forms.ChoiceField(label="主管部门", required=False)
    year = forms.IntegerField(label="年度", required=False, min_value=FIRST_YEAR, max_value=9999)
    state = forms.ChoiceField(label="进度", required=False)

    def __init__(self, *args: Any, leads: list[tuple[str, str]], states: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("lead", leads), ("state", [("", "全部"), *states])):
            chosen = self.fields[name]
            assert isinstance(chosen, forms.ChoiceField)
            chosen.choices = choices
        if len(leads) < 2:
            del self.fields["lead"]


class RemarksForm(forms.Form):
    """Remarks by cell with which a submission is returned: one about the whole, and up to five about cells."""

    CELLS = 5
    whole = forms.CharField(label="总的意见", required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, national_form: NationalForm, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            ("", "（不选）"),
            *((code, readable(national_form, cell)) for code, cell in national_form.cells.items()),
        ]
        for place in range(1, self.CELLS + 1):
            self.fields[f"code_{place}"] = forms.ChoiceField(label=f"数据格 {place}", choices=choices, required=False)
            self.fields[f"text_{place}"] = forms.CharField(
                label=f"对数据格 {place} 的意见", required=False, max_length=500
            )

    @property
    def remarks(self) -> list[tuple[str, str]]:
        """Pairs of cell (empty: the whole report) and text, as `actions.return_submission` takes them."""
        given = self.cleaned_data
        pairs = [("", given["whole"])]
        pairs += [(given[f"code_{place}"], given[f"text_{place}"]) for place in range(1, self.CELLS + 1)]
        return [(code, text) for code, text in pairs if text.strip()]

    def clean(self) -> dict[str, Any]:
        """A cell that was chosen needs its text."""
        given = super().clean() or self.cleaned_data
        for place in range(1, self.CELLS + 1):
            if given.get(f"code_{place}") and not (given.get(f"text_{place}") or "").strip():
                self.add_error(f"text_{place}", "选了数据格，请写意见。")
        return given


def title_of(report: AnnualReport, name: str) -> str:
    """示范区教育局 2020 年度报告."""
    return f"{name} {report.year} 年度报告"
