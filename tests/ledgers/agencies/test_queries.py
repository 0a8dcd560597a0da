"""Who counts whom in a report, and what forms and pages ask."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongkai.base import clock
from gongkai.base.errors import RuleBroken
from gongkai.ledgers.agencies import actions, queries
from gongkai.ledgers.agencies.actions import AgencyRow
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import tree_on
from tests.district import make_agency, make_staff
from tests.ledgers.agencies.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(government) -> Agency:
    """Does not report for itself."""
    return make_agency("zhengban", "SF002", "示范区政府办公室", "internal_office", government, reports_for_itself=False)


def test_its_own_report_counts_the_bodies_that_do_not_report_for_themselves(government, bureau, office):
    assert queries.report_agencies(government.pk, 2020, "own") == tuple(sorted((government.pk, office.pk)))


def test_the_report_of_the_own_level_counts_everything_below(government, bureau, town, office):
    everything = tuple(sorted((government.pk, bureau.pk, town.pk, office.pk)))
    assert queries.report_agencies(government.pk, 2020, "own_level") == everything


def test_a_body_below_one_that_reports_is_not_counted_above_it(government, bureau, office):
    team = make_agency("zhidui", "SF021", "示范区教育督导队", "institution", bureau, reports_for_itself=False)
    assert team.pk in queries.report_agencies(bureau.pk, 2020, "own")
    assert team.pk not in queries.report_agencies(government.pk, 2020, "own")


def test_a_report_uses_the_tree_of_31_december(government, bureau, town, administrator):
    team = make_agency("zhidui", "SF021", "示范区督导队", "institution", bureau, reports_for_itself=False)
    with clock.frozen(date(2021, 3, 1)):
        actions.set_term(team, valid_from=date(2021, 1, 1), parent=town, by=administrator, reason="划转")
    assert team.pk in queries.report_agencies(bureau.pk, 2020, "own")
    assert team.pk in queries.report_agencies(town.pk, 2021, "own")
    assert team.pk not in queries.report_agencies(bureau.pk, 2021, "own")


def test_a_body_that_ended_is_counted_by_the_successor_of_its_successor(
    government, bureau, town, office, administrator
):
    actions.end_agency(bureau, last_day=date(2020, 3, 31), successor=town, by=administrator, reason="改革")
    actions.end_agency(town, last_day=date(2020, 6, 30), successor=office, by=administrator, reason="改革")
    assert queries.report_agencies(government.pk, 2020, "own") == tuple(
        sorted((government.pk, office.pk, bureau.pk, town.pk))
    )


def test_a_body_that_ended_without_a_successor_is_counted_above(government, bureau, administrator):
    actions.end_agency(bureau, last_day=date(2020, 3, 31), by=administrator, reason="改革")
    assert queries.report_agencies(government.pk, 2020, "own") == tuple(sorted((government.pk, bureau.pk)))


def test_a_body_that_ended_earlier_is_still_counted_for_what_it_left_open(government, bureau, town, administrator):
    actions.end_agency(bureau, last_day=date(2019, 3, 31), successor=town, by=administrator, reason="改革")
    assert bureau.pk in queries.report_agencies(town.pk, 2020, "own")


def test_a_body_that_ended_on_31_december_still_reports_that_year(government, bureau, town, administrator):
    with clock.frozen(date(2021, 1, 4)):
        actions.end_agency(bureau, last_day=date(2020, 12, 31), successor=town, by=administrator, reason="改革")
    assert queries.report_agencies(bureau.pk, 2020, "own") == (bureau.pk,)
    assert bureau.pk in queries.report_agencies(town.pk, 2021, "own")


def test_a_body_that_is_no_more_has_no_report(bureau, town, administrator):
    actions.end_agency(bureau, last_day=date(2020, 3, 31), successor=town, by=administrator, reason="改革")
    with pytest.raises(RuleBroken, match="该单位在 2020-12-31 不存在，这一年的年报由承接单位编制"):
        queries.report_agencies(bureau.pk, 2020)


def test_all_reports_of_a_year_are_asked_in_few_queries(government, bureau, town, django_assert_num_queries):
    with django_assert_num_queries(3):
        queries.report_agencies_of([government.pk, bureau.pk, town.pk], 2020, "own")


class EveryBodyIsCountedOnce(TestCase):
    """Whatever changed over two years, the reports of a year part the whole tree among them."""

    @given(data=st.data())
    def test_own_reports_are_disjoint_and_together_hold_everybody(self, data: st.DataObject) -> None:
        with clock.frozen(date(2020, 12, 31)):
            agencies = self.make_tree(data)
            for _ in range(data.draw(st.integers(0, 6), label="changes")):
                self.change_something(data, agencies)
            year = data.draw(st.sampled_from((2018, 2019, 2020)), label="year")
            bodies = queries.reporting_bodies(year)
            sets = queries.report_agencies_of(bodies, year, "own")
        counted = [pk for body in bodies for pk in sets[body]]
        assert len(counted) == len(set(counted))
        assert set(counted) == set(queries.report_agencies(agencies[0].pk, year, "own_level"))
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


def test_choices_of_a_form_follow_the_tree(government, bureau, town, office, office_clerk):
    choices = queries.agency_choices(office_clerk, "settings.change")
    assert choices == [
        (government.pk, "示范区人民政府"),
        (office.pk, "　示范区政府办公室"),
        (bureau.pk, "　示范区教育局"),
        (town.pk, "　临河街道办事处"),
    ]


def test_choices_hold_only_agencies_at_which_the_verb_is_held(government, bureau):
    of_bureau = make_staff("bumen", "卜管理", bureau, "administrator")
    assert [pk for pk, _ in queries.agency_choices(of_bureau, "staff.manage")] == [bureau.pk]


def test_an_ended_agency_keeps_its_last_name(bureau, administrator):
    actions.end_agency(bureau, last_day=date(2020, 10, 31), by=administrator, reason="改革")
    assert queries.agency_names(TODAY)[bureau.pk] == "示范区教育局"


def test_choices_of_successors_leave_out_administrators_and_closed_accounts(
    bureau_clerk, administrator, bureau_approver
):
    actions.close_account(bureau_approver, by=administrator, reason="退休")
    assert [pk for pk, _ in queries.staff_choices(business_only=True)] == [bureau_clerk.pk]


def test_roles_cost_two_queries_whatever_the_size(office_clerk, bureau, town, django_assert_num_queries):
    with django_assert_num_queries(2):
        assert office_clerk.roles_at(bureau.pk)
        assert office_clerk.roles_at(town.pk)


def test_the_tree_is_one_query(government, bureau, town, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert len(tree_on(TODAY).nodes) == 3
