"""The state of a document on a day, told by Python and by the database alike, and how documents are counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from gongkai.base import clock
from gongkai.ledgers.agencies.models import Agency
from gongkai.ledgers.agencies.settings import setting_value
from gongkai.ledgers.normative import actions, queries
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.normative.states import State, end_of, in_state, state_on
from gongkai.ledgers.records import actions as records
from gongkai.ledgers.records.entries import RecordEntry
from gongkai.ledgers.records.models import Record

DAY = date(2020, 6, 1)


def doc(**fields) -> NormativeDocument:
    return NormativeDocument(**{"issued_on": date(2018, 1, 2), "in_force_on": date(2018, 2, 1), **fields})


@pytest.mark.parametrize(
    ("fields", "state"),
    [
        ({}, State.IN_FORCE),  # no term
        ({"in_force_on": date(2020, 6, 2)}, State.NOT_YET),
        ({"in_force_on": DAY}, State.IN_FORCE),  # from the day itself
        ({"valid_until": date(2020, 8, 1)}, State.IN_FORCE),  # 61 days left
        ({"valid_until": date(2020, 7, 31)}, State.EXPIRING),  # 60 days left
        ({"valid_until": DAY}, State.EXPIRING),  # the last day
        ({"valid_until": date(2020, 5, 31)}, State.LAPSED),  # ran out yesterday, entered by nobody
        ({"repealed_on": DAY}, State.REPEALED),  # from the day itself
        ({"repealed_on": date(2020, 6, 2)}, State.IN_FORCE),
        ({"lapsed_on": DAY}, State.LAPSED),
        ({"valid_until": date(2019, 12, 31), "repealed_on": date(2020, 3, 1)}, State.REPEALED),  # by a stocktake
        ({"valid_until": date(2019, 12, 31), "repealed_on": date(2020, 7, 1)}, State.LAPSED),  # not yet repealed
    ],
)
def test_the_state_on_a_day(fields, state):
    assert state_on(doc(**fields), DAY, notice_days=60) == state


def test_what_ran_out_ended_on_the_day_after():
    end = end_of(doc(valid_until=date(2020, 5, 31)), DAY)
    assert (end.on, end.by) == (DAY, "有效期届满")


DAYS = st.dates(date(2018, 1, 2), date(2018, 1, 12))
MAYBE = st.none() | DAYS


class StatesOfTheDatabase(TestCase):
    """Every document is in exactly the state that Python tells, and is in force or not accordingly."""

    def setUp(self) -> None:
        self.agency = Agency.objects.create(slug="jiaoyu", code="SF020")

    @given(begun=DAYS, until=MAYBE, repealed=MAYBE, lapsed=MAYBE, day=DAYS, notice=st.integers(0, 4))
    def test_query_and_function_agree(self, begun, until, repealed, lapsed, day, notice) -> None:
        record = Record.objects.create(agency=self.agency, index_number="甲", title="甲", issued_on=date(2018, 1, 2))
        NormativeDocument.objects.create(
            record=record,
            agency=self.agency,
            issued_on=date(2018, 1, 2),
            in_force_on=begun,
            valid_until=None if until is None else max(until, begun),
            repealed_on=repealed,
            lapsed_on=None if repealed else lapsed,
        )
        document = NormativeDocument.objects.get()
        state = state_on(document, day, notice)
        found = {s for s in State if NormativeDocument.objects.filter(in_state(s, day, notice)).exists()}
        assert found == {state}
        in_force = NormativeDocument.objects.filter(queries.in_force_on(day)).exists()
        assert in_force == (state in (State.IN_FORCE, State.EXPIRING))


# ---- counting


def hits(condition) -> int:
    return NormativeDocument.objects.filter(condition).count()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("year", "counted"),
    [(2018, False), (2019, True), (2020, False)],  # issued in 2018, first published in 2019, again in 2020
)
def test_newly_published_counts_the_first_publication(
    document, portal_outlet, wechat_outlet, bureau_clerk, year, counted
):
    records.publish_record(document.record, wechat_outlet, on=date(2019, 3, 1), by=bureau_clerk)
    records.publish_record(document.record, portal_outlet, on=date(2020, 3, 1), by=bureau_clerk)
    assert hits(queries.first_published_in(date(year, 1, 1), date(year, 12, 31))) == counted


@pytest.mark.django_db
def test_published_standing_leaves_out_what_was_taken_down(document, portal_outlet, bureau_clerk):
    page = records.publish_record(document.record, portal_outlet, on=date(2019, 3, 1), by=bureau_clerk)
    records.withdraw_publication(page, reason="附件有误", by=bureau_clerk, on=date(2019, 6, 1))
    counts = [hits(queries.published_standing_on(day)) for day in (date(2019, 5, 31), date(2019, 6, 1))]
    assert counts == [1, 0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("end", "lapsed_2021", "repealed_2020"),
    [
        (None, 1, 0),  # ran out on 2021-11-30
        ("repealed", 0, 1),  # before it could run out
    ],
)
def test_what_ran_out_has_lapsed_in_that_year_unless_it_was_repealed_before(
    document, bureau_clerk, end, lapsed_2021, repealed_2020
):
    if end:
        actions.repeal(document, on=date(2020, 11, 1), by_document="示教规〔2020〕5号", by=bureau_clerk)
    assert hits(queries.lapsed_in(date(2021, 1, 1), date(2021, 12, 31))) == lapsed_2021
    assert hits(queries.repealed_in(date(2020, 1, 1), date(2020, 12, 31))) == repealed_2020


@pytest.mark.django_db
def test_validity_to_the_last_day_of_a_year_lapses_in_the_next(entry, bureau_clerk):
    actions.register_normative(
        entry,
        kind="normative_document",
        in_force_on=date(2018, 12, 1),
        valid_until=date(2020, 12, 31),
        by=bureau_clerk,
    )
    counts = [hits(queries.lapsed_in(date(year, 1, 1), date(year, 12, 31))) for year in (2020, 2021)]
    assert (counts, hits(queries.in_force_on(date(2020, 12, 31)))) == ([0, 1], 1)


@pytest.mark.django_db
def test_issued_in_the_year_of_issue(document):
    assert [hits(queries.issued_in(date(y, 1, 1), date(y, 12, 31))) for y in (2018, 2019)] == [1, 0]


# ---- rules of the office that reports state


@pytest.mark.django_db
def test_the_settings_have_the_values_that_the_report_of_2020_states(bureau):
    assert setting_value("normative.expiry_notice_days", bureau.pk) == 60
    assert setting_value("normative.in_force_list.cycle", bureau.pk) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("today", "warned"), [(date(2021, 9, 30), False), (date(2021, 10, 1), True)])
def test_a_document_is_called_for_sixty_days_before_its_end(document, bureau, today, warned):
    notice = setting_value("normative.expiry_notice_days", bureau.pk)
    assert (document.valid_until - today <= timedelta(days=60)) is warned
    assert (state_on(document, today, notice) is State.EXPIRING) is warned


@pytest.fixture
def yearly_list(government, portal_outlet, office_clerk):
    """The list of documents in force, published by the government on a day."""
    category = records.create_category(
        government, code=queries.IN_FORCE_LIST, name="现行有效规范性文件清单", by=office_clerk
    )

    def publish(on: date) -> None:
        with clock.frozen(on):
            entry = RecordEntry(agency=government, title=f"{on.year}年清单", issued_on=on, category=category)
            record = records.register_record(entry, by=office_clerk)
            records.publish_record(record, portal_outlet, on=on, by=office_clerk)

    return publish


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("today", "owed"),
    [
        (date(2020, 12, 31), None),  # the list of 2020 is there
        (date(2021, 1, 31), None),  # January is the month for the next
        (date(2021, 2, 1), 2021),  # January is over
    ],
)
def test_the_list_of_documents_in_force_is_owed_after_january(government, yearly_list, today, owed):
    yearly_list(date(2020, 1, 15))
    assert queries.in_force_list_overdue(government.pk, 1, today) == owed


@pytest.mark.django_db
def test_with_a_cycle_of_two_years_the_list_of_last_year_is_enough(government, yearly_list):
    yearly_list(date(2020, 1, 15))
    assert queries.in_force_list_overdue(government.pk, 2, date(2021, 3, 1)) is None
