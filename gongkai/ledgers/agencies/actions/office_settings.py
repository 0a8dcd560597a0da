"""Office settings: rules of law that leave room are settings with a default; each change has a day (design 4a)."""

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from gongkai.base import journal
from gongkai.base.errors import RuleBroken
from gongkai.base.office_settings import OfficeSetting, all_settings
from gongkai.base.permissions import require
from gongkai.ledgers.agencies.models import Agency, OfficeSettingValue

YES = frozenset({"是", "1", "true", "yes"})
NO = frozenset({"否", "0", "false", "no"})
# Days, years, shares: a day that many days off must still be a day of the calendar.
MOST_DIGITS = 5
LONGEST_NUMBER = 20
LONGEST_TEXT = 500
MONTH_AND_DAY = "月-日"


@transaction.atomic
def set_office_setting(
    agency: Agency, *, key: str, value: object, valid_from: date, by: Any, reason: str
) -> OfficeSettingValue:
    """Set a rule of the office for an agency and all below it that set none, from a day on.

    A value of that same day is corrected; older ones stay, because old decisions keep old rules. The value has the type of
    the setting's default; the reason names what the rule rests on.
    """
    if by is not None:
        require(by, "settings.change", agency)
    setting = all_settings().get(key)
    if setting is None:
        raise RuleBroken(f"没有“{key}”这个设置。", field="key")
    if not reason.strip():
        raise RuleBroken("请写明依据，例如文件名称和文号。", field="reason")
    stored = read_value(setting, value)
    row, made = OfficeSettingValue.objects.select_for_update().get_or_create(
        agency=agency, key=key, valid_from=valid_from, defaults={"value": stored}
    )
    if not made:
        if row.value == stored:
            raise RuleBroken("没有任何改动。", field="value")
        row.value = stored
        row.save()
    journal.record("setting.changed", row, by=by, reason=reason)
    return row


def read_value(setting: OfficeSetting, value: object) -> Any:
    """The value as it is stored (JSON), in the type of the default; decimals are stored as text, digit by digit."""
    text = str(value).strip()
    if isinstance(setting.default, bool):
        if text.lower() not in YES | NO:
            raise RuleBroken(f"“{setting.name}”只能填“是”或者“否”。", field="value")
        return text.lower() in YES
    if isinstance(setting.default, int):
        if not text.isdecimal() or len(text) > MOST_DIGITS:
            raise RuleBroken(f"“{setting.name}”要填整数，最多 {MOST_DIGITS} 位。", field="value")
        return int(text)
    if isinstance(setting.default, Decimal):
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise RuleBroken(f"“{setting.name}”要填数。", field="value") from None
        if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS or len(text) > LONGEST_NUMBER:
            raise RuleBroken(f"“{setting.name}”的数太大或者太长，请核对。", field="value")
        return str(number)
    if not text:
        raise RuleBroken(f"请填写“{setting.name}”。", field="value")
    if len(text) > LONGEST_TEXT:
        raise RuleBroken(f"“{setting.name}”最多 {LONGEST_TEXT} 字，现在 {len(text)} 字。", field="value")
    if setting.unit == MONTH_AND_DAY and not _is_month_and_day(text):
        raise RuleBroken(f"“{setting.name}”要写成两位的月和日，例如 03-31。", field="value")
    return text


def _is_month_and_day(text: str) -> bool:
    """A day that every year has, 03-31."""
    try:
        date.fromisoformat(f"2023-{text}")
    except ValueError:
        return False
    return True
