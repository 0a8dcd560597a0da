"""What the worlds made from a published table have in common: its cells become single rows, and returns where rows cannot be."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from gongkai.core.national_forms.samples import sample
from gongkai.core.writing.numerals import yuan_from_form_unit
from gongkai.reporting.annual_reports.bindings import bindings_of
from gongkai.site.worlds.building import Builder
from gongkai.site.worlds.planning import (
    PlannedRecord,
    plan_applications,
    plan_records,
    plan_remedies,
    remedies_of_form_2019,
    spread,
    working_days,
)


def whole_cells(name: str) -> dict[str, int]:
    """The cells of a sample that count things, unknown ones left out."""
    table = sample(name)
    cells = {**table.cells, **table.extra_cells}
    return {code: int(value) for code, value in cells.items() if value is not None and value == int(value)}


def returned_figures(name: str) -> dict[str, Decimal]:
    """The cells of a sample that only arrive as totals, as indicator and value in the unit of the indicator (money in 元)."""
    table = sample(name)
    figures = {}
    for code, value in table.cells.items():
        binding = bindings_of(table.form.code)[code]
        if binding.returns and value is not None:
            whole = Decimal(value)
            figures[binding.returns] = yuan_from_form_unit(whole, binding.cell) if binding.is_money else whole
    return figures


def applications_and_remedies(
    builder: Builder,
    slugs: list[str],
    *,
    outcomes: Mapping[str, Mapping[str, int]],
    channels: Mapping[str, int],
    cells: Mapping[str, int],
    form_code: str,
) -> None:
    """Tables three and four, row by row."""
    planned = plan_applications(
        cells, form_code=form_code, year=builder.year, outcomes=outcomes, channels=channels, random=builder.random
    )
    builder.receive_and_close(slugs, planned)
    builder.cases(slugs, plan_remedies(remedies_of_form_2019(cells), year=builder.year, random=builder.random))


def normative_stock(builder: Builder, slugs: list[str], *, issued: int, earlier: int) -> None:
    """Documents issued and published this year, and earlier ones still standing, all valid beyond the year."""
    year, random = builder.year, builder.random
    this_year = plan_records(
        issued,
        first=date(year, 1, 10),
        last=date(year, 12, 20),
        channels=("website",),
        random=random,
        issued_within=True,
    )
    days = working_days(date(year - 4, 1, 10), date(year - 1, 11, 20))
    before = [PlannedRecord(day, day, ("website",)) for day in spread(random, days, earlier)]
    builder.normative_documents(slugs, [*before, *this_year], validity=6)
