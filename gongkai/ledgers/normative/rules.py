"""The two rules of the office that this ledger keeps, for many agencies at once and in two queries.

`agencies.settings` answers for one key; a list page asks for both keys, the names and the lines of parents together.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from gongkai.base.office_settings import OfficeSetting
from gongkai.ledgers.agencies.models import AgencyTerm, OfficeSettingValue
from gongkai.ledgers.normative.actions import EXPIRY_NOTICE_DAYS, IN_FORCE_LIST_CYCLE


@dataclass(frozen=True, slots=True)
class Rules:
    """Names of all agencies in the order of their codes, and the rules by agency."""

    names: Mapping[int, str]
    notice_days: Mapping[int, int]
    list_cycle: Mapping[int, int]


def rules_on(day: date, agency_ids: Collection[int]) -> Rules:
    """The rules in force for those agencies on a day: their own, else the nearest above, else the default."""
    names: dict[int, str] = {}
    parents: dict[int, int | None] = {}
    terms = AgencyTerm.objects.order_by("agency__code", "valid_from")
    for pk, name, parent, since in terms.values_list("agency_id", "name", "parent_id", "valid_from"):
        if since <= day or pk not in names:
            names[pk], parents[pk] = name, parent
    keys = (EXPIRY_NOTICE_DAYS.key, IN_FORCE_LIST_CYCLE.key)
    rows = OfficeSettingValue.objects.filter(key__in=keys, valid_from__lte=day).order_by("valid_from")
    values = {(key, pk): value for key, pk, value in rows.values_list("key", "agency_id", "value")}

    def resolve(setting: OfficeSetting, agency_id: int) -> int:
        seen: set[int] = set()
        here: int | None = agency_id
        while here is not None and here not in seen:
            if (setting.key, here) in values:
                return int(values[setting.key, here])
            seen.add(here)
            here = parents.get(here)
        return int(setting.default)

    return Rules(
        names=names,
        notice_days={pk: resolve(EXPIRY_NOTICE_DAYS, pk) for pk in agency_ids},
        list_cycle={pk: resolve(IN_FORCE_LIST_CYCLE, pk) for pk in agency_ids},
    )
