"""What the disclosure office types to change a rule of the office."""

from decimal import Decimal
from typing import Any

from django import forms

from gongkai.base import clock
from gongkai.base.office_settings import OfficeSetting
from gongkai.ledgers.agencies.forms.agencies import AgencyChoiceField
from gongkai.ledgers.agencies.queries import agency_choices


class SettingForm(forms.Form):
    """A value from a day on."""

    agency = AgencyChoiceField(label="单位", help_text="对这个单位和没有另行规定的下级单位有效")
    value = forms.CharField(label="值", max_length=200)
    valid_from = forms.DateField(label="起始日", help_text="从这一天起；以前办的事仍按以前的规定")
    reason = forms.CharField(label="依据", max_length=200, help_text="文件名称和文号")

    def __init__(self, *args: Any, user: Any, setting: OfficeSetting, value: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"valid_from": clock.localdate(), "value": _typed(value)}
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = agency_choices(user, "settings.change")  # type: ignore[attr-defined]
        unit = f"（{setting.unit}）" if setting.unit else ""
        if isinstance(setting.default, bool):
            self.fields["value"] = forms.ChoiceField(label=setting.name, choices=(("是", "是"), ("否", "否")))
        elif isinstance(setting.default, (int, Decimal)):
            self.fields["value"] = forms.DecimalField(label=f"{setting.name}{unit}")
        else:
            self.fields["value"].label = f"{setting.name}{unit}"


class SettingsFilter(forms.Form):
    """For which agency, on which day."""

    agency = forms.TypedChoiceField(label="单位", required=False, coerce=int, empty_value=None)
    on = forms.DateField(label="哪一天", required=False)
    q = forms.CharField(label="查找", required=False, max_length=40)


def _typed(value: Any) -> Any:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else value
