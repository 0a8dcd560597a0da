"""Who counts whom in a report: the tree of 31 December, and bodies that ended, by their successor, once."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.agencies import actions
from gongkai.ledgers.agencies.actions import AgencyRow
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import tree_on
from gongkai.reporting.indicators.scopes import Reach, scope_of
from tests.district import make_agency

pytestmark = pytest.mark.django_db
TODAY = date(2020, 11, 2)


@pytest.fixture(autouse=True)
def _today():
    with clock.frozen(TODAY):
        yield


@pytest.fixture
def office(government) -> Agency:
    """Does not report for itself."""
    return make_agency("zhengban", "SF002", "示范区政府办公室", "internal_office", government, reports_for_itself=False)


def counted_by(agency_id: int, year: int, reach: Reach) -> tuple[int, ...]:
    """The agencies whose rows a report counts."""
    return scope_of(agency_id, year, reach).agencies or ()


def test_a_report_of_the_own_level_leaves_other_governments_to_their_own(government, bureau):
    county = make_agency("xian", "XS001", "示范县人民政府", "government", government)
    school = make_agency("xuexiao", "XS002", "示范县教育局", "department", county)
    found = counted_by(government.pk, 2020, "own_level")
    assert bureau.pk in found
    assert not {county.pk, school.pk} & set(found)


def test_its_own_report_counts_the_bodies_that_do_not_report_for_themselves(government, bureau, office):
    assert counted_by(government.pk, 2020, "own") == tuple(sorted((government.pk, office.pk)))


def test_the_report_of_the_own_level_counts_everything_below(government, bureau, town, office):
    everything = tuple(sorted((government.pk, bureau.pk, town.pk, office.pk)))
    assert counted_by(government.pk, 2020, "own_level") == everything


def test_a_body_below_one_that_reports_is_not_counted_above_it(government, bureau, office):
    team = make_agency("zhidui", "SF021", "示范区教育督导队", "institution", bureau, reports_for_itself=False)
    assert team.pk in counted_by(bureau.pk, 2020, "own")
    assert team.pk not in counted_by(government.pk, 2020, "own")


def test_a_report_uses_the_tree_of_31_december(government, bureau, town, administrator):
    team = make_agency("zhidui", "SF021", "示范区督导队", "institution", bureau, reports_for_itself=False)
    with clock.frozen(date(2021, 3, 1)):
        actions.set_term(team, valid_from=date(2021, 1, 1), parent=town, by=administrator, reason="划转")
    assert team.pk in counted_by(bureau.pk, 2020, "own")
    assert team.pk in counted_by(town.pk, 2021, "own")
    assert team.pk not in counted_by(bureau.pk, 2021, "own")


def test_a_body_that_ended_is_counted_by_the_successor_of_its_successor(
    government, bureau, town, office, administrator
):
    actions.end_agency(bureau, last_day=date(2020, 3, 31), successor=town, by=administrator, reason="改革")
    actions.end_agency(town, last_day=date(2020, 6, 30), successor=office, by=administrator, reason="改革")
    assert counted_by(government.pk, 2020, "own") == tuple(sorted((government.pk, office.pk, bureau.pk, town.pk)))


def test_a_body_that_ended_without_a_successor_is_counted_above(government, bureau, administrator):
    actions.end_agency(bureau, last_day=date(2020, 3, 31), by=administrator, reason="改革")
    assert counted_by(government.pk, 2020, "own") == tuple(sorted((government.pk, bureau.pk)))


def test_a_body_that_ended_earlier_is_still_counted_for_what_it_left_open(government, bureau, town, administrator):
    actions.end_agency(bureau, last_day=date(2019, 3, 31), successor=town, by=administrator, reason="改革")
    assert bureau.pk in counted_by(town.pk, 2020, "own")


def test_a_body_that_ended_on_31_december_still_reports_that_year(government, bureau, town, administrator):
    with clock.frozen(date(2021, 1, 4)):
        actions.end_agency(bureau, last_day=date(2020, 12, 31), successor=town, by=administrator, reason="改革")
    assert counted_by(bureau.pk, 2020, "own") == (bureau.pk,)
    assert bureau.pk in counted_by(town.pk, 2021, "own")


class EveryBodyIsCountedOnce(TestCase):
    """Whatever changed over two years, the reports of a year part the whole tree among them."""

    @given(data=st.data())
    def test_own_reports_are_disjoint_and_together_hold_everybody(self, data: st.DataObject) -> None:
        with clock.frozen(date(2020, 12, 31)):
            agencies = self.make_tree(data)
            for _ in range(data.draw(st.integers(0, 6), label="changes")):
                self.change_something(data, agencies)
            year = data.draw(st.sampled_from((2018, 2019, 2020)), label="year")
            nodes = tree_on(date(year, 12, 31)).nodes.values()
            bodies = [node.pk for node in nodes if node.reports_for_itself or node.parent is None]
        counted = [pk for body in bodies for pk in counted_by(body, year, "own")]
        assert len(counted) == len(set(counted))
        assert set(counted) == set(counted_by(agencies[0].pk, year, "own_level"))
        begun = {agency.pk for agency in agencies if agency.terms.filter(valid_from__year__lte=year).exists()}
        assert set(counted) == begun

    def make_tree(self, data: st.DataObject) -> list[Agency]:
        size = data.draw(st.integers(2, 9), label="size")
        rows = [AgencyRow("a0", "A0", "根", "government", date(2010, 1, 1), None)]
        for place in range(1, size):
            parent = data.draw(st.integers(0, place - 1), label="parent")
            reports = data.draw(st.booleans(), label="reports")
            begin = data.draw(st.sampled_from((date(2018, 1, 1), date(2019, 5, 1))), label="begin")
            begin = max(begin, rows[parent].valid_from)
            rows.append(
                AgencyRow(
                    f"a{place}",
                    f"A{place}",
                    f"单位{place}",
                    "department",
                    begin,
                    f"a{parent}",
                    reports_for_itself=reports,
                )
            )
        return actions.create_agencies(rows)

    def change_something(self, data: st.DataObject, agencies: list[Agency]) -> None:
        subject = data.draw(st.sampled_from(agencies[1:]), label="subject")
        other = data.draw(st.sampled_from(agencies), label="other")
        day = data.draw(st.dates(date(2019, 1, 1), date(2020, 12, 31)), label="day")
        kind = data.draw(st.sampled_from(("parent", "reports", "end", "end without")), label="kind")
        try:
            if kind == "parent":
                actions.set_term(subject, valid_from=day, parent=other, by=None, reason="划转")
            elif kind == "reports":
                reports = data.draw(st.booleans(), label="reports now")
                actions.set_term(subject, valid_from=day, reports_for_itself=reports, by=None, reason="调整")
            else:
                heir = other if kind == "end" else None
                actions.end_agency(subject, last_day=day, successor=heir, by=None, reason="改革")
        except RuleBroken:
            pass  # a change that cannot be changes nothing, which is proved here too
