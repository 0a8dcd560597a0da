"""Every cell of tables two, three and four equals the number of rows that it opens into, and the relations hold."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis.extra.django import TestCase

from gongkai.core.national_forms import FORMS
from gongkai.core.national_forms.relations import check_relations
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.records.models import Publication, Record
from gongkai.reporting.annual_reports.bindings import bindings_of
from gongkai.reporting.indicators import families, term, year_scope
from gongkai.reporting.indicators.evaluation import count, count_by_agency, rows
from gongkai.reporting.indicators.scopes import whole
from tests.district import make_agency
from tests.reporting.indicators import ledgers as random

EXAMPLES = settings(max_examples=settings.default.max_examples // 8)


def _terms(form: str):
    return {code: binding.term for code, binding in bindings_of(form).items() if binding.term is not None}


class Cells(TestCase):
    """On a database, each example rolled back."""

    def setup_example(self):
        super().setup_example()
        government = make_agency("shifan", "SF001", "示范区人民政府", "government")
        bureau = make_agency("jiaoyu", "SF020", "示范区教育局", "department", government)
        town = make_agency("linhe", "SF101", "临河街道办事处", "town", government)
        self.agencies = [government, bureau, town]

    def _agree(self, form: str, scope):
        terms = _terms(form)
        counted = count(terms.values(), scope)
        for code, one in terms.items():
            assert counted[one] == rows(one, scope).count(), code
        return {code: counted[one] for code, one in terms.items()}

    @EXAMPLES
    @given(random.applications)
    def test_every_cell_of_table_three_is_the_number_of_its_rows(self, made):
        random.make_applications(self.agencies, made)
        for form in FORMS:
            scope = year_scope([agency.pk for agency in self.agencies[:2]], random.YEAR)
            self._agree(form, scope)

    @EXAMPLES
    @given(random.applications)
    def test_table_three_balances_in_every_column_whatever_the_rows(self, made):
        random.make_applications(self.agencies, made)
        for form in ("2019", "2021"):
            cells = self._agree(form, year_scope(None, random.YEAR))
            assert not check_relations(FORMS[form], cells).broken

    @EXAMPLES
    @given(random.remedies)
    def test_every_cell_of_table_four_is_the_number_of_its_rows(self, made):
        random.make_remedies(self.agencies, made)
        for form in FORMS:
            cells = self._agree(form, year_scope(None, random.YEAR))
            assert not check_relations(FORMS[form], cells).broken

    @EXAMPLES
    @given(random.documents)
    def test_every_cell_of_documents_in_table_two_is_the_number_of_its_rows(self, made):
        random.make_documents(self.agencies, made)
        for form in FORMS:
            self._agree(form, year_scope(None, random.YEAR))

    @EXAMPLES
    @given(random.documents)
    def test_in_force_is_last_years_plus_issued_less_ended(self, made):
        random.make_documents(self.agencies, made)

        def figure(name, year):
            one = term(f"normative.{name}")
            return count([one], year_scope(None, year))[one]

        issued, ended = figure("issued", random.YEAR), figure("repealed", random.YEAR)
        assert figure("in_force", random.YEAR) == figure("in_force", random.YEAR - 1) + issued - ended

    @EXAMPLES
    @given(random.records)
    def test_a_record_counts_once_in_the_year_of_its_first_publication(self, made):
        random.make_records(self.agencies, made)
        for year in (random.YEAR - 1, random.YEAR, random.YEAR + 1):
            expected = sum(
                1
                for _, _, information, _, published in made
                if information and published and min(day for _, day, _ in published).year == year
            )
            one = term("records.published")
            assert count([one], year_scope(None, year))[one] == expected
            assert rows(one, year_scope(None, year)).count() == expected

    @EXAMPLES
    @given(random.records)
    def test_a_channel_counts_a_record_once_in_the_year_of_its_first_publication_there(self, made):
        random.make_records(self.agencies, made)
        self._agree("2014", year_scope(None, random.YEAR))
        for channel in ("website", "wechat"):
            expected = 0
            for _, _, information, _, published in made:
                there = [day for at, day, _ in published if at == channel]
                expected += bool(information and there and min(there).year == random.YEAR)
            one = term(f"records.published.{channel}")
            assert count([one], year_scope(None, random.YEAR))[one] == expected

    @EXAMPLES
    @given(random.applications, random.remedies, random.records)
    def test_the_agencies_add_up_to_the_whole(self, applications, remedies, records):
        random.make_applications(self.agencies, applications)
        random.make_remedies(self.agencies, remedies)
        random.make_records(self.agencies, records)
        scope = whole(random.YEAR)
        terms = [term(name) for name in families()]
        together, apart = count(terms, scope), count_by_agency(terms, scope)
        for one in terms:
            assert together[one] == sum((value for (of, _), value in apart.items() if of == one), Decimal(0)), one
            for agency in self.agencies:
                own = rows(one, scope.within([agency.pk])).count()
                assert apart.get((one, agency.pk), 0) == own, one


def _application(agency, received, closed=None, **values):
    return Application.objects.create(
        agency=agency,
        number=f"{agency.pk}-{Application.objects.count()}",
        received_on=received,
        channel="online",
        applicant_kind="natural_person",
        description="材料",
        due_on=received + timedelta(30),
        closed_on=closed,
        outcome="granted" if closed else "",
        **values,
    )


@pytest.mark.parametrize(
    ("received", "closed", "new", "carried_in", "closed_total", "carried_over"),
    [
        (date(2020, 12, 31), None, 1, 0, 0, 1),  # received on the last day belongs to the year
        (date(2020, 1, 1), date(2020, 1, 1), 1, 0, 1, 0),  # received and closed on the first day
        (date(2019, 12, 31), date(2020, 1, 1), 0, 1, 1, 0),  # open at the turn of the year, closed on its first day
        (date(2019, 12, 31), date(2019, 12, 31), 0, 0, 0, 0),  # all over before
        (date(2020, 12, 31), date(2020, 12, 31), 1, 0, 1, 0),  # closed on the last day is not carried over
        (date(2020, 12, 1), date(2021, 1, 1), 1, 0, 0, 1),  # closed on the next first day is
        (date(2021, 1, 1), None, 0, 0, 0, 0),  # next year's
    ],
)
def test_an_application_at_the_turn_of_the_year(bureau, received, closed, new, carried_in, closed_total, carried_over):
    _application(bureau, received, closed)
    terms = [term(f"applications.{name}") for name in ("new", "carried_in", "closed_total", "carried_over")]
    assert list(count(terms, year_scope(None, 2020)).values()) == [new, carried_in, closed_total, carried_over]


def test_all_ledgers_are_evaluated_in_one_query(government, django_assert_num_queries):
    scope = whole(2020)
    with django_assert_num_queries(1):
        count([one for form in FORMS for one in _terms(form).values()], scope)


def test_a_figure_cut_by_kind_of_agency_counts_only_those(government, bureau, town):
    _application(bureau, date(2020, 5, 1))
    _application(town, date(2020, 5, 1))
    _application(town, date(2020, 6, 1))
    scope = whole(2020)
    towns = term("applications.new", level="town")
    assert count([towns], scope)[towns] == 2
    assert rows(towns, scope).count() == 2


def test_a_cumulative_figure_counts_from_the_first_record(government, portal_outlet):
    for number, day in enumerate((date(2008, 5, 1), date(2019, 3, 1), date(2020, 3, 1), date(2021, 3, 1))):
        record = Record.objects.create(agency=government, index_number=f"I{number}", title="公告", issued_on=day)
        Publication.objects.create(record=record, outlet=portal_outlet, published_on=day)
    scope = whole(2020)
    year, all_years = term("records.published"), term("records.published", cumulative=True)
    assert count([year, all_years], scope) == {year: 1, all_years: 3}
    assert rows(all_years, scope).count() == 3
