"""What forms and pages ask of the tree."""

from datetime import date

import pytest

from gongkai.ledgers.agencies import actions, queries
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.tree import tree_on
from tests.district import make_agency, make_staff
from tests.ledgers.agencies.conftest import TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(government) -> Agency:
    """Does not report for itself."""
    return make_agency("zhengban", "SF002", "示范区政府办公室", "internal_office", government, reports_for_itself=False)


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
