"""What is chosen on the pages of indicators."""

from collections.abc import Sequence
from typing import Any

from django import forms

from gongkai.reporting.indicators import LEDGERS, Ledger
from gongkai.reporting.indicators.scopes import REACHES

ANY = ("", "全部")


class IndicatorFilter(forms.Form):
    """Find an indicator by words, and by ledger."""

    q = forms.CharField(label="名称、说明", required=False, max_length=60)
    ledger = forms.ChoiceField(label="台账", choices=[ANY, *LEDGERS.items()], required=False)
    kind = forms.ChoiceField(
        label="数从哪里来",
        choices=[ANY, ("rows", "台账"), ("returns", "填报"), ("ratio", "由其他指标算出"), ("setting", "规定")],
        required=False,
    )


class ScopeForm(forms.Form):
    """For whom and which year."""

    agency = forms.ChoiceField(label="单位", required=False)
    reach = forms.ChoiceField(label="统计范围", choices=[("", "按单位类别"), *REACHES.items()], required=False)
    year = forms.IntegerField(label="年度", required=False, min_value=2008, max_value=2100)

    def __init__(self, *args: Any, agencies: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"] = forms.ChoiceField(label="单位", choices=agencies, required=False)
        self.order_fields(["agency", "reach", "year"])


class RowsForm(ScopeForm):
    """The same, and one field for each dimension of the ledger; of several members of one all are kept."""

    def __init__(self, *args: Any, ledger: Ledger, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for dimension in ledger.dimensions.values():
            self.fields[dimension.name] = (
                forms.CharField(label=dimension.title, required=False, max_length=80)
                if dimension.labels is None
                else forms.ChoiceField(label=dimension.title, choices=[ANY, *dimension.labels.items()], required=False)
            )
