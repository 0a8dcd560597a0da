"""Random ledgers for property tests: rows made directly, as a year of work might have left them."""

from datetime import date, timedelta

from hypothesis import strategies as st

from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.channels import PUBLICATION_CHANNELS, RECEIPT_CHANNELS
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.core.law.remedies import REMEDY_KINDS, REMEDY_RESULTS
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.normative.models import NormativeDocument
from gongkai.ledgers.records.models import Category, Outlet, Publication, Record
from gongkai.ledgers.remedies.models import Remedy

YEAR = 2020
FIRST, LAST = date(YEAR, 1, 1), date(YEAR, 12, 31)
# The days around the turns of the year, where counting goes wrong, come often.
EDGES = [FIRST - timedelta(1), FIRST, FIRST + timedelta(1), LAST - timedelta(1), LAST, LAST + timedelta(1)]
days = st.one_of(st.sampled_from(EDGES), st.dates(date(YEAR - 1, 6, 1), date(YEAR + 1, 6, 30)))
spans = st.one_of(st.none(), st.integers(0, 400).map(timedelta))


def after(day: date, span: timedelta | None) -> date | None:
    """A later day, or none."""
    return None if span is None else day + span


applications = st.lists(
    st.tuples(
        st.integers(0, 2),
        days,
        spans,
        st.sampled_from(sorted(OUTCOMES)),
        st.sampled_from(sorted(APPLICANT_KINDS)),
        st.sampled_from(sorted(RECEIPT_CHANNELS)),
        st.booleans(),
        st.integers(-5, 60),
    ),
    max_size=25,
)
remedies = st.lists(
    st.tuples(
        st.integers(0, 2),
        days,
        spans,
        st.sampled_from(sorted(REMEDY_KINDS)),
        st.sampled_from(sorted(REMEDY_RESULTS)),
        st.sampled_from(["respondent", "respondent", "co_defendant"]),
    ),
    max_size=20,
)
publications = st.lists(st.tuples(st.sampled_from(sorted(PUBLICATION_CHANNELS)), days, spans), max_size=4)
records = st.lists(st.tuples(st.integers(0, 2), days, st.booleans(), st.booleans(), publications), max_size=15)
documents = st.lists(
    st.tuples(
        st.integers(0, 2),
        days,
        st.sampled_from(["normative_document", "government_rule"]),
        st.sampled_from(["", "repealed_on", "lapsed_on"]),
        spans,
        spans,
        publications,
    ),
    max_size=15,
)


def make_applications(agencies, rows):
    Application.objects.bulk_create(
        Application(
            agency=agencies[agency],
            number=f"A{number}",
            public_id=f"A{number}",
            received_on=received,
            channel=channel,
            applicant_kind=kind,
            description="材料",
            due_on=received + timedelta(30 + margin),
            extended_on=received if extended else None,
            extension_days=20 if extended else 0,
            closed_on=after(received, span),
            outcome="" if span is None else outcome,
        )
        for number, (agency, received, span, outcome, kind, channel, extended, margin) in enumerate(rows)
    )


def make_remedies(agencies, rows):
    Remedy.objects.bulk_create(
        Remedy(
            agency=agencies[agency],
            number=f"R{number}",
            kind=kind,
            standing=standing,
            opened_on=opened,
            decided_on=after(opened, span),
            result="" if span is None else result,
        )
        for number, (agency, opened, span, kind, result, standing) in enumerate(rows)
    )


def make_records(agencies, rows, start="I"):
    Outlet.objects.bulk_create(
        [
            Outlet(agency=agencies[0], name=f"{channel}{number}", channel=channel)
            for channel in PUBLICATION_CHANNELS
            for number in range(4)
        ],
        ignore_conflicts=True,
    )
    outlets = {outlet.name: outlet for outlet in Outlet.objects.all()}
    category, _ = Category.objects.get_or_create(agency=agencies[0], code="audit", defaults={"name": "审计"})
    made = Record.objects.bulk_create(
        Record(
            agency=agencies[agency],
            index_number=f"{start}{number}",
            title=f"信息{number}",
            issued_on=issued,
            is_government_information=information,
            has_full_text=full_text,
            category=category if number % 2 else None,
        )
        for number, (agency, issued, information, full_text, _) in enumerate(rows)
    )
    Publication.objects.bulk_create(
        Publication(
            record=record,
            outlet=outlets[f"{channel}{place}"],
            published_on=day,
            withdrawn_on=after(day, span),
            withdrawn_reason="" if span is None else "内容有误",
        )
        for record, (*_, published) in zip(made, rows, strict=True)
        for place, (channel, day, span) in enumerate(published)
    )
    return made


def make_documents(agencies, rows):
    bases = [(agency, issued, True, True, published) for agency, issued, *_, published in rows]
    NormativeDocument.objects.bulk_create(
        NormativeDocument(
            record=record,
            agency=record.agency,
            kind=kind,
            issued_on=issued,
            in_force_on=issued,
            valid_until=after(issued, validity),
            **({ending: after(issued, span)} if ending else {}),
        )
        for record, (_, issued, kind, ending, span, validity, _) in zip(
            make_records(agencies, bases, start="N"), rows, strict=True
        )
    )
