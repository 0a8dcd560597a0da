"""A district of any size, made by SQL from one template row of each ledger: for measuring, not for looking at."""

import time
from collections.abc import Callable, Collection
from datetime import date

from django.db import connection, models

from gongkai.core.law.applicants import APPLICANT_KINDS
from gongkai.core.law.channels import RECEIPT_CHANNELS
from gongkai.core.law.outcomes import OUTCOMES
from gongkai.ledgers.agencies.models import Agency, AgencyTerm
from gongkai.ledgers.applications.models import Application
from gongkai.ledgers.records.models import Outlet, Publication, Record

YEAR = 2020
RUNS = 5


def empty(*tables: type[models.Model]) -> None:
    """Throw the rows of the tables away, and of all that hangs on them."""
    names = ", ".join(connection.ops.quote_name(table._meta.db_table) for table in tables)
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} CASCADE")


def multiply(template: models.Model, copies: int, **columns: str) -> None:
    """Insert so many copies of a row. `columns` are SQL expressions by field, in which `n` counts from 1."""
    table = connection.ops.quote_name(template._meta.db_table)
    fields = [field for field in template._meta.concrete_fields if not field.primary_key]
    names = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    values = ", ".join(columns.get(field.name, f"t.{connection.ops.quote_name(str(field.column))}") for field in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t "
            f"CROSS JOIN generate_series(1, {copies}) AS s(n) WHERE t.id = {int(template.pk)}"
        )
        cursor.execute(f"ANALYZE {table}")


def make_agencies(number: int) -> Agency:
    """A government with so many departments below it. Returns the government."""
    empty(Agency)
    government = Agency.objects.create(slug="shifan", code="SF000", document_prefix="示府")
    AgencyTerm.objects.create(
        agency=government,
        name="示范区人民政府",
        short_name="区政府",
        kind="government",
        valid_from=date(2008, 5, 1),
    )
    bureaus = Agency.objects.bulk_create(
        Agency(slug=f"jg{at}", code=f"SF{at:03}", document_prefix="示") for at in range(1, number)
    )
    AgencyTerm.objects.bulk_create(
        AgencyTerm(
            agency=bureau,
            parent=government,
            name=f"示范区第{at}局",
            short_name=f"第{at}局",
            kind="department",
            valid_from=date(2008, 5, 1),
        )
        for at, bureau in enumerate(bureaus, start=1)
    )
    return government


def _one_of(texts: Collection[str], every: int) -> str:
    listed = ", ".join(f"'{text}'" for text in texts)
    return f"(ARRAY[{listed}])[1 + (n / {every}) % {len(texts)}]"


def make_applications(government: Agency, agencies: int, number: int, years: int) -> None:
    """So many applications, spread over the agencies, kinds, outcomes and the years up to and with `YEAR`.

    One in forty is never closed, and one in twelve of the last year is open at its end.
    """
    empty(Application)
    template = Application.objects.create(
        agency=government,
        number="M0",
        received_on=date(2008, 5, 1),
        channel="online",
        applicant_kind="natural_person",
        description="某项目的批准文件",
        due_on=date(2008, 5, 30),
        closed_on=date(2008, 5, 20),
        outcome="granted",
    )
    first = f"DATE '{YEAR - years + 1}-01-01'"
    received = f"{first} + (n::bigint * 7919 % {years * 365})::int"
    still_open = "n % 40 = 0"
    multiply(
        template,
        number - 1,
        agency=f"t.agency_id + n % {agencies}",
        number="'M' || n",
        public_id="'M' || n",
        received_on=received,
        channel=_one_of(RECEIPT_CHANNELS, 3),
        applicant_kind=_one_of(APPLICANT_KINDS, 5),
        due_on=f"{received} + 30",
        closed_on=f"CASE WHEN {still_open} THEN NULL ELSE {received} + (n * 31 % 60) END",
        outcome=f"CASE WHEN {still_open} THEN '' ELSE {_one_of(OUTCOMES, 11)} END",
    )


def make_records(government: Agency, agencies: int, number: int, years: int) -> None:
    """So many records, each published at the website, every second on WeChat too."""
    empty(Record, Outlet)
    website = Outlet.objects.create(agency=government, name="门户网站", channel="website", is_portal=True)
    wechat = Outlet.objects.create(agency=government, name="微信", channel="wechat")
    template = Record.objects.create(
        agency=government, index_number="X0", title="关于某事项的通知", issued_on=date(2008, 5, 1)
    )
    first = f"DATE '{YEAR - years + 1}-01-01'"
    multiply(
        template,
        number - 1,
        agency=f"t.agency_id + n % {agencies}",
        index_number="'X' || n",
        issued_on=f"{first} + (n::bigint * 7919 % {years * 365})::int",
    )
    table, records = Publication._meta.db_table, Record._meta.db_table
    one = Publication.objects.create(record=template, outlet=website, published_on=template.issued_on)
    fields = [field for field in Publication._meta.concrete_fields if not field.primary_key]
    names = ", ".join(str(field.column) for field in fields)
    with connection.cursor() as cursor:
        for outlet, delay, where in ((website, 3, "TRUE"), (wechat, 5, "r.id % 2 = 0")):
            changed = {"record": "r.id", "outlet": str(outlet.pk), "published_on": f"r.issued_on + {delay}"}
            values = ", ".join(changed.get(field.name, f"t.{field.column}") for field in fields)
            cursor.execute(
                f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t CROSS JOIN {records} r "
                f"WHERE t.id = {one.pk} AND r.id <> {template.pk} AND {where}"
            )
        cursor.execute(f"ANALYZE {table}")


def best_of(*calls: Callable[[], object], runs: int = RUNS) -> list[float]:
    """The best time of each call in seconds, the calls taking turns so that all meet the same weather."""
    times = [float("inf")] * len(calls)
    for _ in range(runs):
        for at, call in enumerate(calls):
            begun = time.perf_counter()
            call()
            times[at] = min(times[at], time.perf_counter() - begun)
    return times
