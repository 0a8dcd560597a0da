"""A port: what ledgers must ask of the indicators and reports above them, filled by `gongkai.reporting` at start-up.

Ledgers import nothing upwards (style section 3); they ask here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from gongkai.base.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class IndicatorFacts:
    """What a ledger needs to know of an indicator."""

    name: str
    title: str
    unit: str
    signed: bool
    integral: bool
    returnable: bool
    """Whether figures of it may arrive as returns (填报): the list with its reasons is in reporting."""
    not_returnable: str = ""
    """The sentence shown when it may not."""
    in_addition: bool = False
    """Whether a return beside rows is possible when it says so and why."""


class Port(Protocol):
    """Filled by reporting."""

    def facts(self, indicator: str) -> IndicatorFacts | None:
        """The facts of a named indicator, or None when there is none of that name."""

    def returnable(self) -> list[IndicatorFacts]:
        """Every indicator whose figures may arrive as returns, in the order of the forms."""

    def rows_exist(self, indicator: str, agency_id: int, first: date, last: date) -> bool:
        """Whether rows of the agency itself count towards the indicator in the period."""

    def frozen_reports(self, agency_id: int, years: Iterable[int]) -> list[str]:
        """Titles of frozen annual reports whose scope holds the agency in one of the years."""


_port: Port | None = None


def fill(port: Port) -> None:
    """Called once by reporting at start-up."""
    global _port  # noqa: PLW0603 - one per process
    _port = port


def port() -> Port:
    """The filled port."""
    if _port is None:
        raise RuntimeError("gongkai.reporting has not filled base.figures")
    return _port


def require_reason_if_frozen(agency_id: int, days: Iterable[date | None], reason: str) -> None:
    """A change that touches a frozen year is possible, but asks for a reason (design, idea 6).

    `days` are the legal dates that the change touches, before and after it.
    """
    years = {day.year for day in days if day is not None}
    if not reason.strip() and (titles := port().frozen_reports(agency_id, years)):
        raise RuleBroken(f"{titles[0]}已经定稿，改动这一年的台账要写明理由。", field="reason")
