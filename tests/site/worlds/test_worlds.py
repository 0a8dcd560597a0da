"""The demo worlds add up, cell by cell, to the tables that real governments published."""

from decimal import Decimal

import pytest
from django.db import transaction

from gongkai.base import journal
from gongkai.base.models import JournalLine
from gongkai.core.national_forms.samples import sample
from gongkai.ledgers.agencies.queries import root_agency
from gongkai.ledgers.applications.models import Applicant, Application
from gongkai.ledgers.returns.models import Return
from gongkai.reporting.annual_reports.compile import compile_report
from gongkai.reporting.indicators.returnable import CELLS, IN_ADDITION
from gongkai.site import figures
from gongkai.site.worlds import WORLDS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # each test in a savepoint inside the world's transaction

SAMPLED = [world.name for world in WORLDS.values() if world.sample]
STATED = [name for name in WORLDS if name not in ("today", "hongze-2024")]

of_every_sample = pytest.mark.parametrize("world", SAMPLED, indirect=True)


def compiled(world):
    root = root_agency()
    assert root is not None
    return compile_report(root, world.year)


@of_every_sample
def test_every_printed_cell_is_computed_from_the_ledgers(world):
    values, printed = compiled(world).values, sample(world.sample).cells
    different = {
        code: (values[code], stated)
        for code, stated in printed.items()
        if stated is not None and values[code] != stated
    }
    assert different == {}


@of_every_sample
def test_figures_of_rows_come_from_rows_and_the_listed_ones_from_returns(world):
    listed = {name.partition(":")[2] for name in CELLS if name.startswith(compiled(world).form.code + ":")}
    totals_of_returns = {"staffing.people"}
    from_returns = {code for code, cell in compiled(world).cells.items() if "returns" in cell.source}
    added = {"proactive.total"} if world.name == "shengsi-2017" else set()
    assert from_returns - added - totals_of_returns <= listed


@of_every_sample
def test_the_journal_of_the_world_proves_its_ledgers(world):
    count, broken = journal.verify()
    assert broken is None
    assert count > 50


@of_every_sample
def test_the_work_was_done_by_several_people_over_the_year(world):
    lines = JournalLine.objects.filter(at__year=world.year).exclude(by=None)
    assert lines.values("by").distinct().count() >= 2
    assert lines.dates("at", "month").count() >= 4


@of_every_sample
def test_only_listed_indicators_were_returned(world):
    allowed = {indicator for indicator, _ in CELLS.values()} | set(IN_ADDITION)
    narrative = set(figures.FIGURES.values())
    assert set(Return.objects.values_list("indicator", flat=True)) <= allowed | narrative


@pytest.mark.parametrize("world", ["licheng-2020", "wuding-2020", "hongze-2024"], indirect=True)
def test_the_relations_of_the_form_hold(world):
    result = compiled(world).relations
    assert [broken.relation.id for broken in result.broken] == []


@pytest.mark.parametrize("world", ["shengsi-2017"], indirect=True)
def test_the_published_inconsistency_is_found_and_the_return_is_named(world):
    report = compiled(world)
    [finding] = [finding for finding in report.findings if finding.relation == "proactive_le_channels"]
    [addition] = Return.objects.filter(in_addition=True)
    assert (finding.severity, finding.returns) == ("error", (addition.pk,))
    assert addition.reason in finding.message
    assert report.values["proactive.total"] == 8295


@pytest.mark.parametrize("world", ["hongze-2024"], indirect=True)
def test_the_row_printed_in_the_shape_of_2019_is_the_sum_of_the_three_rows_of_2021(world):
    values = compiled(world).values
    extra = sample(world.sample).extra_cells
    assert len(extra) == 7
    for code, printed in extra.items():
        column = code.rpartition(".")[2]
        rows = ("clarification_lapsed", "fee_unpaid", "other")
        assert sum(values[f"applications.otherwise_closed.{row}.{column}"] or 0 for row in rows) == printed


@pytest.mark.parametrize("world", STATED, indirect=True)
def test_no_figure_of_the_text_disagrees(world):
    assert [result.id for result in figures.evaluate_world() if result.equal is False] == []


@pytest.mark.parametrize("world", ["licheng-2020"], indirect=True)
def test_deleting_one_row_changes_exactly_its_cells_its_totals_and_its_sentences(world):
    before = compiled(world)
    row = Application.objects.filter(
        closed_on__isnull=False, outcome="granted", applicant_kind="natural_person"
    ).first()
    with transaction.atomic():
        Applicant.objects.filter(application=row).delete()
        Application.objects.filter(pk=row.pk).delete()
        after = compiled(world)
        transaction.set_rollback(True)
    changed = {code for code in before.values if before.values[code] != after.values[code]}
    assert changed == {
        f"applications.{line}.{column}"
        for line in ("new", "granted", "closed_total")
        for column in ("natural_person", "total")
    }
    assert all(before.values[code] - after.values[code] == Decimal(1) for code in changed)
    sentences = {
        (section.outline.key, old.text, new.text)
        for section, other in zip(before.sections, after.sections, strict=True)
        for old, new in zip(section.segments, other.segments, strict=True)
        if old.text != new.text
    }
    way = {"in_person": ("3", "2"), "online": ("8", "7"), "letter": ("5", "4")}[row.channel]
    # new, closed, granted in the text, and the way in which this one came
    assert sentences == {("一", "16", "15"), ("一", "15", "14"), ("一", "7", "6"), ("一", *way)}
