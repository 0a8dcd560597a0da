"""By when an annual report is published: regulations art. 49; before 2019 art. 31 of the 2007 text.

Article 49 names departments and governments. For towns (乡镇、街道) it names nobody, and the date before 2019 is from
memory: all dates are parameters with these defaults.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

FIRST_YEAR_OF_ARTICLE_49 = 2019
JANUARY_END = (1, 31)
MARCH_END = (3, 31)
DEFAULT_DAYS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"government": MARCH_END, "department": JANUARY_END, "town": JANUARY_END}
)


@dataclass(frozen=True, slots=True)
class ReportDeadlines:
    """Month and day of the year after the report year, by kind of agency, and before the report of 2019 for all."""

    days: Mapping[str, tuple[int, int]] = field(default_factory=lambda: DEFAULT_DAYS)
    before_2019: tuple[int, int] = MARCH_END


def report_due_on(report_year: int, agency_kind: str, deadlines: ReportDeadlines | None = None) -> date:
    """The last day for publishing the report about `report_year`.

    Kinds of agency by default: "government", "department", "town". Raises ValueError for a kind without a date.
    """
    deadlines = deadlines or ReportDeadlines()
    if agency_kind not in deadlines.days:
        raise ValueError(f"没有为“{agency_kind}”类机关设置年度报告公布期限。")
    month, day = deadlines.days[agency_kind] if report_year >= FIRST_YEAR_OF_ARTICLE_49 else deadlines.before_2019
    return date(report_year + 1, month, day)
