"""Which rule of the office holds for an agency on a day: its own, else the nearest above it, else the default (design 4a)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from gongkai.base import clock
from gongkai.base.office_settings import OfficeSetting, all_settings
from gongkai.ledgers.agencies.models import OfficeSettingValue
from gongkai.ledgers.agencies.tree import Tree, tree_on


@dataclass(frozen=True, slots=True)
class InForce:
    """A setting with the value in force, where it comes from (None: the default of the program) and since when."""

    setting: OfficeSetting
    value: Any
    agency_id: int | None
    since: date | None


def setting_value(key: str, agency_id: int, on: date | None = None) -> Any:
    """The value in force for an agency on a day (today), in the type of the setting's default. An unknown key raises."""
    return setting_values(key, [agency_id], on)[agency_id]


def setting_values(key: str, agency_ids: Iterable[int], on: date | None = None) -> dict[int, Any]:
    """The value of one setting for many agencies on a day (today), in two queries."""
    return values_of([key], agency_ids, tree_on(on or clock.localdate()))[key]


def values_of(keys: Iterable[str], agency_ids: Iterable[int], tree: Tree) -> dict[str, dict[int, Any]]:
    """The values of some settings for many agencies on the day of the tree, by key and agency: one query."""
    named = {key: all_settings()[key] for key in keys}
    lines = {pk: tree.ancestors(pk) or [pk] for pk in agency_ids}
    rows = _rows(tree.on, key__in=list(named))
    return {
        key: {pk: _resolve(setting, line, rows).value for pk, line in lines.items()} for key, setting in named.items()
    }


def settings_in_force(agency_id: int, on: date | None = None, *, tree: Tree | None = None) -> dict[str, InForce]:
    """All settings for one agency on a day (today), in two queries."""
    day = on or clock.localdate()
    line = (tree or tree_on(day)).ancestors(agency_id) or [agency_id]
    rows = _rows(day, agency__in=line)
    return {key: _resolve(setting, line, rows) for key, setting in all_settings().items()}


def read(setting: OfficeSetting, stored: Any) -> Any:
    """A stored value in the type of the default: decimals are stored as text."""
    return Decimal(stored) if isinstance(setting.default, Decimal) else stored


def _rows(day: date, **which: Any) -> dict[tuple[int, str], OfficeSettingValue]:
    rows = OfficeSettingValue.objects.filter(valid_from__lte=day, **which).order_by("valid_from")
    return {(row.agency_id, row.key): row for row in rows}


def _resolve(setting: OfficeSetting, line: Iterable[int], rows: dict[tuple[int, str], OfficeSettingValue]) -> InForce:
    for agency_id in line:
        if row := rows.get((agency_id, setting.key)):
            return InForce(setting, read(setting, row.value), agency_id, row.valid_from)
    return InForce(setting, setting.default, None, None)
