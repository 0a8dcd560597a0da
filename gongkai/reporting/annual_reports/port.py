"""What the ledgers below ask of indicators and reports (`base.figures`), answered here."""

from collections.abc import Iterable
from datetime import date

from gongkai.base.figures import IndicatorFacts
from gongkai.core.national_forms import FORMS
from gongkai.reporting.annual_reports.bindings import Binding, binding_named, is_outside_cell
from gongkai.reporting.annual_reports.models import AnnualReport
from gongkai.reporting.indicators import Indicator, Scope, Term, find, indicators
from gongkai.reporting.indicators.evaluation import rows
from gongkai.reporting.indicators.returnable import CELLS, why_in_addition


class ReportingPort:
    """Fills `base.figures`."""

    def facts(self, indicator: str) -> IndicatorFacts | None:
        """The facts of an indicator, or of a cell `FORM:code` of a table of an agency outside the system."""
        if ":" in indicator:
            binding = binding_named(indicator)
            return _facts_of_cell(binding) if binding is not None and is_outside_cell(binding) else None
        known = find(indicator)
        return None if known is None else _facts(known)

    def returnable(self) -> list[IndicatorFacts]:
        """Cells of the forms first, newest form first, then the figures that are no cell, then the one exception."""
        order = [
            name
            for form in sorted(FORMS, reverse=True)
            for cell, (name, _) in CELLS.items()
            if cell.startswith(f"{form}:")
        ]
        known = indicators()
        order += [name for name, one in known.items() if one.kind == "returns" or why_in_addition(name)]
        return [_facts(known[name]) for name in dict.fromkeys(order)]

    def rows_exist(self, indicator: str, agency_id: int, first: date, last: date) -> bool:
        """Whether a row of the agency itself counts towards the indicator (or the cell `FORM:code`) in the period."""
        one = _term(indicator)
        return one is not None and rows(one, Scope((agency_id,), first, last)).exists()

    def frozen_reports(self, agency_id: int, years: Iterable[int]) -> list[str]:
        """Titles of frozen reports about one of the years that count the agency."""
        frozen = AnnualReport.objects.filter(year__in=set(years), frozen_at__isnull=False).order_by("year", "number")
        counted = frozen.values_list("year", "agency__terms__name", "agencies").filter(agency__terms__valid_to=None)
        return list(dict.fromkeys(f"{name}{year}年度报告" for year, name, agencies in counted if agency_id in agencies))


def _term(indicator: str) -> Term | None:
    if ":" in indicator:
        binding = binding_named(indicator)
        return None if binding is None else binding.term
    known = find(indicator)
    return None if known is None else known.term


def _facts(indicator: Indicator) -> IndicatorFacts:
    returnable = indicator.kind == "returns"
    return IndicatorFacts(
        name=indicator.name,
        title=indicator.title,
        unit=indicator.unit,
        signed=indicator.signed,
        integral=indicator.integral,
        returnable=returnable,
        not_returnable="" if returnable else f"“{indicator.title}”由台账逐条算出，不接受填报；请在台账里登记。",
        in_addition=bool(why_in_addition(indicator.name)),
    )


def _facts_of_cell(binding: Binding) -> IndicatorFacts:
    return IndicatorFacts(
        name=binding.outside_name,
        title=binding.cell.label,
        unit="元" if binding.is_money else binding.cell.unit,
        signed=binding.cell.may_be_negative,
        integral=binding.cell.is_whole and not binding.is_money,
        returnable=True,
    )
